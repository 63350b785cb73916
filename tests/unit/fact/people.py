"""Small pieces that the tests of facts are made of: a pack of a few attributes, sources, one person's rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from musterroll.dates import parse_day
from musterroll.extract.schema import Silence
from musterroll.fact.attribute import Attribute, Kind, ValueType
from musterroll.fact.coverage import Coverage, Delivery
from musterroll.fact.derivation import Derivation, parse
from musterroll.fact.timeline import Fact, Judgement, Linked, Member, Spell

YES, NO = 1, 0


def day(text: str) -> int:
    return parse_day(text)


ON = day("2020-12-31")


def attribute(
    name: str,
    number: int,
    kind: ValueType = ValueType.DATE,
    *,
    values: tuple[str, ...] = (),
    disagreement: str = "ask",
    neutral: str = "",
    of: Kind = Kind.SERVICE,
) -> Attribute:
    return Attribute(
        name=name,
        number=number,
        kind=of,
        type=kind,
        basis="art. 1",
        proof="agency",
        unknown="asks",
        answers=("person",),
        label=name,
        values=values,
        disagreement=disagreement,
        neutral=neutral,
    )


BORN = attribute("born", 1, of=Kind.BIRTH)
SEX = attribute("sex", 2, ValueType.ENUM, values=("male", "female"), of=Kind.LEGAL_SEX)
DIED = attribute("died_on", 3, neutral="never", of=Kind.REGISTRATION)
SERVING = attribute("serving", 6, ValueType.BOOL, disagreement="favour yes", neutral="no")
STUDENT = attribute("full_time_student", 13, ValueType.BOOL, neutral="no", of=Kind.EDUCATION)
POSTPONED = attribute("postponed_until", 14, neutral="none", of=Kind.FINDING)
THIRD = attribute("third_child_born", 9, neutral="none", of=Kind.CARE_DUTY)
SHARES = attribute("shares_care", 12, ValueType.BOOL, neutral="yes", of=Kind.CARE_DUTY)

THIRD_CHILD = parse(
    "third_child_born",
    {
        "gives": "date",
        "from": "household where role = child and mine.role in (head, spouse, partner)",
        "take": "3rd latest born",
        "fewer": "none",
        "basis": "art. 12 (2)",
    },
)
SHARED_CARE = parse(
    "shares_care",
    {
        "gives": "bool",
        "from": "household where role in (head, spouse, partner) and mine.role in (head, spouse, partner)",
        "take": "any",
        "fewer": "no",
        "basis": "art. 12 (3)",
    },
)


@dataclass(frozen=True)
class Pack:
    """As much of a law pack as facts need."""

    attributes: Mapping[str, Attribute]
    derivations: tuple[Derivation, ...] = ()


def pack(*attributes: Attribute, derivations: tuple[Derivation, ...] = ()) -> Pack:
    return Pack({one.name: one for one in attributes}, derivations)


def source(
    name: str,
    *gives: str,
    silence: Silence = Silence.NOBODY,
    rosters: tuple[str, ...] = (),
    as_of: str = "2020-12-31",
    fresh: int | None = 100,
    full: bool = True,
    delivery: int = 1,
) -> Coverage:
    last = Delivery(delivery, name, day(as_of), full) if as_of else None
    return Coverage(name, silence, frozenset(gives), frozenset(rosters), fresh, last)


def covered(*sources: Coverage) -> dict[str, Coverage]:
    return {one.source: one for one in sources}


def fact(
    attribute_: Attribute,
    lo: int,
    hi: int | None = None,
    *,
    delivery: int = 1,
    row: int = 1,
    link: Judgement = Judgement.CONFIRMED,
    **times: int,
) -> Fact:
    return Fact(attribute_.number, lo, lo if hi is None else hi, link, 100 * delivery + row, delivery, row, **times)


def linked(source_: str, judgement: Judgement = Judgement.CONFIRMED, record: int = 1) -> Linked:
    return Linked(record, source_, judgement)


def member(
    row: int,
    role: str | None,
    born: str = "",
    *,
    who: int | None = None,
    link: Judgement | None = None,
    group: int = 1,
    delivery: int = 1,
) -> Member:
    """A member born on a day, or on any day up to the delivery's when nothing is known."""
    lo = day(born) if born else day("0001-01-01")
    hi = day(born) if born else ON
    judged = link if link is not None or who is None else Judgement.CONFIRMED
    return Member(group, "household", role, lo, hi, delivery, row, 0, who, judged)


def spell(
    kind: str, first: str, after: str, *, row: int = 1, link: Judgement = Judgement.CONFIRMED, slack: int = 0
) -> Spell:
    """A spell from a day up to a day, each end `slack` days unsure."""
    start, end = day(first), day(after)
    return Spell("enrolment", kind, start, start + slack, end, end if after == "never" else end + slack, link, 1, row)
