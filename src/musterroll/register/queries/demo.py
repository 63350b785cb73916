"""Sign-ins of the demonstration's start page. A home that is not fictional has none."""

from collections.abc import Iterable
from dataclasses import dataclass

from musterroll.engine.roll import person as rolled
from musterroll.law.wording import Wording
from musterroll.register import home, roll
from musterroll.register.acts.writing import ref_of
from musterroll.register.models import Call, Filing
from musterroll.register.queries.calls import live
from musterroll.register.queries.person import names_of
from musterroll.register.roll import Roll

EACH = 3
"""How many invented people of each kind are offered."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One invented person to sign in as: their ref and, in a sentence, why they are worth a look."""

    ref: str
    name: str
    story: str


def sign_ins(at: int) -> tuple[SignIn, ...]:
    """Invented people to sign in as: some who are called, some whose call is over, some of each class of the law."""
    if not home.current().fictional:
        return ()
    current = roll.current()
    chosen: dict[int, str] = {}
    open_calls = {one.person for one in live()}
    for person in sorted(open_calls)[:EACH]:
        chosen[person] = "Called: a place in the draw, a notice, and the way to say that it is wrong."
    for person in Filing.objects.order_by("id").values_list("person", flat=True)[:EACH]:
        chosen[person] = "Said that something is wrong; it was decided on. What may be done now, and until when?"
    over = set(Call.objects.values_list("person", flat=True)) - open_calls
    for person in sorted(over)[:EACH]:
        chosen[person] = "Was called; the call has been withdrawn."
    for story, people in _by_class(current):
        for person in [one for one in people if one not in chosen][:EACH]:
            chosen[person] = story
    names = names_of(current, list(chosen), max(current.snapshot.on, home.current().legal_day(at)))
    return tuple(SignIn(ref_of(person), names[person], story) for person, story in chosen.items())


def _by_class(current: Roll) -> Iterable[tuple[str, list[int]]]:
    """People of each class of the question that the draw is about, by number."""
    selection = current.pack.selection
    question = current.pack.questions[selection.question] if selection else next(iter(current.pack.questions.values()))
    wording = Wording(current.pack)
    people: dict[int, list[int]] = {}
    for row in rolled.rows(current.store, current.snapshot, "standing", "", ()):
        if row["question"] == question.number:
            people.setdefault(row["class"], []).append(row["person"])
    for number in sorted(people):
        name = question.classes[number].name if number < len(question.classes) else None
        yield wording.headline(question.name, name), sorted(people[number])
