"""In what order people are called where the law names categories, as a pack declares it in `procedure order_of_call`.

1. Each line is a category, in the order in which the law calls them: `- (d): {age 20: number, if: CONDITION}`. A person
   belongs to the first line whose condition surely holds of them; one that is not known to hold never brings anybody
   forward (charter S1).
2. Inside a category people stand by `number`, that of their date of birth in the draw, or by `earliest NAME`: the day
   that an attribute holds. The line `same number: seed` says what orders those who are still alike: the draw's key K,
   which anybody can compute.
3. Nothing here knows a country, an office or a person's name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Held, ValueType
from musterroll.law import evaluate
from musterroll.law.pack import Pack
from musterroll.law.truth import Truth

PROCEDURE = "order_of_call"
BY_NUMBER = "number"
EARLIEST = "earliest "
TIE, TIE_RULE = "same number", "seed"


@dataclass(frozen=True, slots=True)
class Category:
    """One category: the paragraph it rests on, its name, and the attribute people stand by in it (None: the number)."""

    cite: str
    name: str
    earliest: str | None


@dataclass(frozen=True, slots=True)
class Queued:
    """One person's turn: the place of the category, the day where the category goes by one, and the draw's key K."""

    category: int
    day: int
    key: bytes
    commitment: bytes


def categories(pack: Pack) -> tuple[Category, ...]:
    """The categories of a pack, in the order in which they are called; empty where its law names none.

    Raises MusterRollError `law.calling`.
    """
    if PROCEDURE not in pack.procedures:
        return ()
    lines = pack.procedures[PROCEDURE].terms
    found = []
    for term in lines[:-1]:
        earliest = term.value.removeprefix(EARLIEST) if term.value.startswith(EARLIEST) else None
        attribute = pack.attributes.get(earliest or "")
        dated = attribute is not None and attribute.type is ValueType.DATE
        if term.value != BY_NUMBER and not dated:
            raise _wrong(
                f"`{term.name}` stands by `{term.value}`", "Write `number`, or `earliest` and a date it holds."
            )
        found.append(Category(term.cite, term.name, earliest))
    if not found or (lines[-1].name, lines[-1].value) != (TIE, TIE_RULE):
        raise _wrong("nothing says what orders people who are alike", f"End with `law silent: {{{TIE}: {TIE_RULE}}}`.")
    return tuple(found)


def place_of(pack: Pack, held: Mapping[str, Held], on: int) -> tuple[int, int] | None:
    """The place of somebody's category and their day in it (0 where it goes by number); None for nobody's category.

    Where a category goes by a day that is not known exactly, the latest it can be counts: nobody is called the sooner
    for what is not known.
    """
    declared = categories(pack)
    for place, (_, truth) in enumerate(evaluate.lines_in_force(pack, PROCEDURE, held, on)[: len(declared)]):
        if truth is Truth.TRUE:
            earliest = declared[place].earliest
            if earliest is None:
                return place, 0
            day = held[earliest].hi if earliest in held else None
            return None if day is None else (place, day)
    return None


def in_turn(people: Iterable[Queued]) -> tuple[Queued, ...]:
    """The people in the order in which they are called."""
    return tuple(sorted(people, key=lambda one: (one.category, one.day, one.key, one.commitment)))


def _wrong(why: str, remedy: str) -> MusterRollError:
    return MusterRollError(
        "law.calling", f"The order of call cannot be read: {why}.", where=f"procedure {PROCEDURE}", remedy=remedy
    )
