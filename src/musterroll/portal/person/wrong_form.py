"""The one question of "this is wrong": what is right, and from when.

1. The answer is one of the fact's own closed set, or a date; there is no free text (claim.filing, rule 3). A date that
   may also be missing (`never`) is asked with radio buttons, any other with its three boxes alone.
2. Each problem has its own sentence and names the field it belongs to.
3. `from when` is asked only where a value can begin (yes or no, a code), and may be left empty.
"""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from musterroll.portal.person.date_field import DateTyped
from musterroll.register.queries.record import Disputable

HAPPENED = "date"
"""The radio button of "it is another date"; the others are answers such as `never`."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stood in the form: `choice` of the radio buttons, the date that is right, the day it is right from."""

    choice: str
    right: DateTyped
    since: DateTyped

    @classmethod
    def of(cls, form: QueryDict) -> "Typed":
        """The form as the browser sent it."""
        return cls(form.get("right", "")[:40], DateTyped.of(form, "right"), DateTyped.of(form, "since"))

    @classmethod
    def kept(cls, answer: str, since: str, fact: Disputable) -> "Typed":
        """The form as it was answered before, so that nothing is typed twice."""
        choice = answer
        if fact.type == "date" and answer not in {"", *(one.value for one in fact.answers)}:
            choice = HAPPENED
        return cls(choice, DateTyped.written("right", answer), DateTyped.written("since", since))


def read(typed: Typed, fact: Disputable) -> tuple[str, str, dict[str, str]]:
    """The answer, the day it holds from or empty, the problems: field id -> sentence. With problems no answer."""
    problems: dict[str, str] = {}
    answer = _answer(typed, fact, problems)
    since = ""
    if asks_since(fact) and not typed.since.empty:
        where, problem = typed.since.problem()
        if problem:
            problems[where] = problem
        else:
            since = typed.since.text()
    return answer, since, problems


def asks_since(fact: Disputable) -> bool:
    """Whether the value of this fact can begin on a day."""
    return fact.type in {"bool", "enum"}


def _answer(typed: Typed, fact: Disputable, problems: dict[str, str]) -> str:
    if fact.type != "date":
        if typed.choice in {answer.value for answer in fact.answers}:
            return typed.choice
        problems["right"] = _("Choose what is right")
        return ""
    if typed.choice in {answer.value for answer in fact.answers}:
        return typed.choice
    if typed.choice != HAPPENED and fact.answers and typed.right.empty:
        problems["right"] = _("Choose what is right")
        return ""
    if typed.right.empty:
        problems["right-day"] = _("Enter the date that is right")
        return ""
    where, problem = typed.right.problem()
    if problem:
        problems[where] = problem
        return ""
    return typed.right.text()
