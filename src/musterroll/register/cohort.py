"""Who is in a draw: everybody whom the law may call by the committed roll, and nobody's choice (charter S3).

1. In: whose class is one that the pack draws from, and who is undetermined with such a class among the possible ones.
   A disputed person stays in and is passed over when calling, with a ground; leaving them out would be a way to spare.
2. Read of a person: standing, birth date, and the personal number that they know from another document, without which
   an entry could be given to two people.
"""

from dataclasses import dataclass

import polars as pl

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.draw import strata
from musterroll.draw.entrant import Candidate, Entrant, salt
from musterroll.engine.law_words import UNDETERMINED
from musterroll.engine.roll import archive
from musterroll.errors import MusterRollError
from musterroll.law.selection import Selection
from musterroll.register.models import PersonKey
from musterroll.register.roll import Roll


@dataclass(frozen=True, slots=True)
class Frozen:
    """The cohort: entrants by person, how many people the roll was searched for, and how many of them are left out."""

    entrants: tuple[tuple[int, Entrant], ...]
    considered: int

    @property
    def excluded(self) -> int:
        """People in the register who are rightly not in the draw."""
        return self.considered - len(self.entrants)


def freeze(roll: Roll, draw: str) -> Frozen:
    """The cohort of `draw` from the committed roll; reads only.

    Raises MusterRollError `draw.no-selection`, `draw.no-number`, or `draw.not-prepared` where somebody has no key yet.
    """
    selection, considered, drawn = _drawn(roll)
    numbers = _numbers(roll)
    rows = list(drawn.select("person", "born_lo", "born_hi").sort("person").iter_rows())
    keys = dict(PersonKey.objects.filter(person__in=[row[0] for row in rows]).values_list("person", "kp"))
    if any(person not in keys for person, _, _ in rows):
        raise MusterRollError(
            "draw.not-prepared",
            "Somebody in this draw has no key of their own yet.",
            where=draw,
            remedy="Prepare the draw first: that makes the keys.",
        )
    if any(person not in numbers for person, _, _ in rows):
        raise MusterRollError(
            "draw.no-number",
            "Somebody who may be called has no personal number in the roll.",
            remedy="Ask the civil register for it; nobody is drawn under a number that they do not know.",
        )
    candidates = [
        Candidate(numbers[person], lo if lo == hi else None, salt(bytes(keys[person]), draw)) for person, lo, hi in rows
    ]
    entrants = strata.by_birth_year(candidates, draw=draw, least=max(selection.merge_under, strata.LEAST))
    return Frozen(tuple(zip((person for person, _, _ in rows), entrants, strict=True)), considered)


def people(roll: Roll) -> list[int]:
    """Everybody who would be in a draw by the committed roll. For the making of their keys."""
    return _drawn(roll)[2]["person"].to_list()


def _drawn(roll: Roll) -> tuple[Selection, int, pl.DataFrame]:
    """The law's selection, how many people were considered, and who is in, with the hull of the birth date."""
    selection = roll.pack.selection
    if selection is None:
        raise MusterRollError("draw.no-selection", "The law in force draws nobody.", where=roll.pack.title)
    question = roll.pack.questions[selection.question]
    drawn = [number for number, each in enumerate(question.classes) if each.name in selection.classes]
    reach = sum(1 << number for number in drawn)
    standing = roll.store.get_table(roll.snapshot, "standing")
    flat = roll.store.get_table(roll.snapshot, "flat")
    assert standing is not None
    assert flat is not None
    asked = standing.filter(pl.col("question") == question.number)
    found = asked.filter(
        pl.col("class").is_in(drawn)
        | ((pl.col("class") == UNDETERMINED) & ((pl.col("possible") & pl.lit(reach, pl.Int64)) != 0))
    ).join(flat.select("person", "born_lo", "born_hi"), on="person")
    return selection, asked.height, found


def _numbers(roll: Roll) -> dict[int, str]:
    """The personal number of each person, from the record that founded them."""
    held = archive.held(roll.store, roll.snapshot, "particular")
    links = archive.held(roll.store, roll.snapshot, "link")
    assert held is not None
    assert links is not None
    founding = links.filter(pl.col("by") == "founding").select("person", "record")
    numbers = held.filter(pl.col("kind") == "number").join(founding, on=["person", "record"])
    return dict(numbers.sort("person", "delivery", "row").select("person", "text").iter_rows())
