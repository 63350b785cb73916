"""BURDEN entries: where the law itself lets a protected fact weigh against somebody, in public (charter S2).

    ```burden component
    basis: 32 CFR 1630.40 (a)
    why: a member of a reserve is deferred after his service, not exempt
    allows: [class: 1-D-D instead of 4-A]
    ```

1. Each line of `allows` names a question, the class that the fact gives, and the class that its neutral value would
   give. Nothing else is allowed: any other worse class by the same fact forbids publication (`law.prove.burden`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from musterroll.law.article import Block
from musterroll.law.declare import Citations
from musterroll.law.model import Question

FORM = "Write `allows: [QUESTION: CLASS instead of CLASS]`."


@dataclass(frozen=True, slots=True)
class Allowed:
    """One worse class that a burden entry allows: of which question, which, and instead of which."""

    question: str
    given: str
    instead: str

    def __str__(self) -> str:
        return f"{self.question}: {self.given} instead of {self.instead}"


@dataclass(frozen=True, slots=True)
class Burden:
    """What the law lets one protected fact do, with its article."""

    attribute: str
    basis: str
    why: str
    allows: tuple[Allowed, ...]
    where: str = field(compare=False, default="")


def burden(
    block: Block, citations: Citations, attributes: Mapping[str, object], asked: Mapping[str, Question]
) -> Burden:
    """One entry. Raises `law.burden` where it names what there is not, and where it does not say what it allows."""
    content = block.fields(("basis", "why", "allows"))
    if block.name not in attributes:
        raise block.wrong("law.burden", "there is no such attribute.", "Name an attribute.")
    lines = content["allows"]
    if not isinstance(lines, list):
        raise block.wrong("law.burden", "`allows` is not a list.", FORM, "allows")
    found: list[Allowed] = []
    for place, line in enumerate(lines):
        ((question, classes),) = line.items() if isinstance(line, dict) and len(line) == 1 else (("", ""),)
        given, _, instead = classes.partition(" instead of ") if isinstance(classes, str) else ("", "", "")
        known = {one.name for one in asked[question].classes} if question in asked else set()
        one = Allowed(question, given.strip(), instead.strip())
        if not {one.given, one.instead} <= known:
            what = "this names no question and two of its classes."
            raise block.wrong("law.burden", what, FORM, "allows", place)
        if one in found:
            raise block.wrong("law.burden", f"`{one}` is allowed twice.", "Keep one of them.", "allows", place)
        found.append(one)
    return Burden(block.name, citations.basis(block), block.text("why"), tuple(found), block.where)
