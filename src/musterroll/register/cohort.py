"""Who is in a draw: everybody whom the law may call by the committed roll, and nobody's choice (charter S3).

1. In: whose class is one that the pack draws from, and who is undetermined with such a class among the possible ones.
   A disputed person stays in and is passed over when calling, with a ground; leaving them out would be a way to spare.
2. Read of a person: standing, birth date, legal sex and territory where the pack makes strata by them, and the personal
   number that they know from another document, without which an entry could be given to two people.
3. Strata are made as the pack says, by a rule that stands in the manifest; the registry chooses none of it.
4. Who is left out is left out on a ground: the class in which the law puts them. It is committed to before an auditor's
   sample is drawn (docs/spec/draw.md, 10).
5. Where the source handed in its list, each entry states the N that it gave the person (`source_lists`).
"""

from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Candidate, Entrant, salt
from musterroll.draw.partition import NOTHING, PRODUCT, Partition
from musterroll.draw.strata import BIRTH_YEAR, LEAST, SEX
from musterroll.engine.law_words import UNDETERMINED
from musterroll.engine.roll import archive
from musterroll.errors import MusterRollError
from musterroll.law.model import Question
from musterroll.law.pack import Pack
from musterroll.law.selection import BY_DATE, Selection
from musterroll.register import source_lists
from musterroll.register.models import PersonKey, SourceList
from musterroll.register.roll import Roll

NOT_ESTABLISHED = "not established"


@dataclass(frozen=True)
class Frozen:
    """The cohort: entrants by person, how the list is divided, and who of those considered is left out, on what ground.

    `spared` are pairs of person and ground, in order of person; `by_table` where dates of birth get their numbers;
    `source` is the source's list, None where it handed in none.
    """

    entrants: tuple[tuple[int, Entrant], ...]
    partition: Partition
    spared: tuple[tuple[int, str], ...]
    by_table: bool = False
    source: SourceList | None = None

    @property
    def listed(self) -> Cohort:
        """The list over the entrants. Raises `cohort.undated` in a draw by table for an unknown birth date."""
        return Cohort.of([entrant for _, entrant in self.entrants], dated=self.by_table)

    @property
    def considered(self) -> int:
        """How many people the roll was searched for."""
        return len(self.entrants) + len(self.spared)

    @property
    def excluded(self) -> int:
        """People in the register who are rightly not in the draw."""
        return len(self.spared)

    @cached_property
    def people(self) -> tuple[int, ...]:
        """The numbers of those who are in."""
        return tuple(person for person, _ in self.entrants)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is read of whom: `rows` has person, birth date and what strata are made by, of those who are in."""

    selection: Selection
    rows: pl.DataFrame
    spared: tuple[tuple[int, str], ...]


def freeze(roll: Roll, draw: str) -> Frozen:
    """The cohort of `draw` from the committed roll; reads only.

    Raises MusterRollError `draw.no-selection`, `draw.no-number`, `source.missing`, or `draw.not-prepared` where
    somebody has no key yet.
    """
    drawn = of_roll(roll)
    named = candidates(roll, draw, drawn)
    taken = source_lists.newest(draw)
    if taken is not None:
        given = source_lists.nullifiers(taken, [person for person, _ in named])
        named = [(person, replace(one, nullifier=given[person])) for person, one in named]
    partition = partition_of(drawn.selection)
    entrants = partition.divide([one for _, one in named], draw=draw)
    people = (person for person, _ in named)
    return Frozen(tuple(zip(people, entrants, strict=True)), partition, drawn.spared, by_table(drawn.selection), taken)


def by_table(selection: Selection) -> bool:
    """Whether the law draws numbers for dates of birth."""
    return selection.order.startswith(BY_DATE)


def partition_of(selection: Selection) -> Partition:
    """How the law divides the list."""
    by = tuple(one for one, _ in selection.strata)
    if selection.unmerged_by:
        return Partition(LEAST, by, NOTHING, selection.unmerged_by)
    least = max(selection.merge_under, LEAST)
    return Partition(least) if by == (BIRTH_YEAR,) else Partition(least, by, PRODUCT)


def people(roll: Roll) -> list[int]:
    """Everybody who would be in a draw by the committed roll. For the making of their keys."""
    return of_roll(roll).rows["person"].to_list()


def of_roll(roll: Roll) -> Drawn:
    """Who is in by the committed roll."""
    standing = roll.store.get_table(roll.snapshot, "standing")
    flat = roll.store.get_table(roll.snapshot, "flat")
    assert standing is not None
    assert flat is not None
    return drawn(roll.pack, standing, flat)


def drawn(pack: Pack, standing: pl.DataFrame, flat: pl.DataFrame) -> Drawn:
    """Who is in by these standings. Raises MusterRollError `draw.no-selection`."""
    selection = pack.selection
    if selection is None:
        raise MusterRollError("draw.no-selection", "The law in force draws nobody.", where=pack.title)
    question = pack.questions[selection.question]
    classes = [number for number, each in enumerate(question.classes) if each.name in selection.classes]
    reach = sum(1 << number for number in classes)
    asked = standing.filter(pl.col("question") == question.number).sort("person")
    reached = pl.col("class").is_in(classes) | (
        (pl.col("class") == UNDETERMINED) & ((pl.col("possible") & pl.lit(reach, pl.Int64)) != 0)
    )
    read = [pl.col(f"{selection.birth}_{end}").alias(f"born_{end}") for end in ("lo", "hi")]
    for by, attribute in selection.strata:
        if by != BIRTH_YEAR:
            values = [value.replace("_", "-") for value in pack.attributes[attribute].values]
            codes = pl.col(attribute).replace_strict(dict(enumerate(values)), default=None, return_dtype=pl.String)
            read.append(codes.alias("sex" if by == SEX else "territory"))
    found = (
        asked.filter(reached).select("person").join(flat.select("person", *read), on="person", maintain_order="left")
    )
    out = asked.filter(~reached).select("person", "class")
    spared = tuple((person, _ground(question, cls)) for person, cls in out.iter_rows())
    return Drawn(selection, found, spared)


def candidates(roll: Roll, draw: str, drawn: Drawn) -> list[tuple[int, Candidate]]:
    """Those who are in, as the draw may know them, by person. Raises `draw.not-prepared`, `draw.no-number`."""
    rows = drawn.rows.sort("person")
    numbers = numbers_of(roll)
    keys = dict(PersonKey.objects.filter(person__in=rows["person"].to_list()).values_list("person", "kp"))
    if any(person not in keys for person in rows["person"]):
        raise MusterRollError(
            "draw.not-prepared",
            "Somebody in this draw has no key of their own yet.",
            where=draw,
            remedy="Prepare the draw first: that makes the keys.",
        )
    if any(person not in numbers for person in rows["person"]):
        raise MusterRollError(
            "draw.no-number",
            "Somebody who may be called has no personal number in the roll.",
            remedy="Ask the civil register for it; nobody is drawn under a number that they do not know.",
        )
    return [
        (
            row["person"],
            Candidate(
                numbers[row["person"]],
                row["born_lo"] if row["born_lo"] == row["born_hi"] else None,
                salt(bytes(keys[row["person"]]), draw),
                sex=row.get("sex"),
                territory=row.get("territory"),
            ),
        )
        for row in rows.iter_rows(named=True)
    ]


def numbers_of(roll: Roll) -> dict[int, str]:
    """The personal number of each person, from the record that founded them."""
    held = archive.held(roll.store, roll.snapshot, "particular")
    links = archive.held(roll.store, roll.snapshot, "link")
    assert held is not None
    assert links is not None
    founding = links.filter(pl.col("by") == "founding").select("person", "record")
    numbers = held.filter(pl.col("kind") == "number").join(founding, on=["person", "record"])
    return dict(numbers.sort("person", "delivery", "row").select("person", "text").iter_rows())


def _ground(question: Question, cls: int) -> str:
    """Why somebody is not in the list: what the law says of their class."""
    if cls >= len(question.classes):
        return NOT_ESTABLISHED
    return question.classes[cls].effect.value
