"""An amendment tried on the whole roll: how many people it would move from which class to which (charter S7, S14).

1. Read are the archive tables that facts are made of, and nothing that names anybody; nothing is written, nobody is
   reached.
2. Both laws are asked on the same day, about the same facts as known at the same time, under the same declarations.
   What only one of them asks about is unknown unless an agency already gives it.
3. The answer is counts. Whoever shows them puts them through the disclosure function first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from musterroll.engine import fact_polars, law_guard, standings
from musterroll.engine.fact_polars import FactTables
from musterroll.engine.night_rows import Held
from musterroll.engine.roll import Snapshot, Store
from musterroll.engine.roll.table import TABLES
from musterroll.extract.schema import Source
from musterroll.law.pack import Pack


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """From one answer to another to one question; "" is undetermined, or a question that one of the laws lacks."""

    question: str
    was: str
    becomes: str


def rehearse(
    store: Store, snapshot: Snapshot, now: Pack, amended: Pack, sources: Mapping[str, Source], on: int
) -> dict[Move, int]:
    """People by move, those who stay where they are included, on the day `on` with the facts of the snapshot.

    Raises MusterRollError `law.coverage` where one of the laws does not hold on that day, `law.guard` where the bulk
    engine and the reference differ.
    """
    tables = _tables(store, snapshot)
    before, after = (_answers(tables, pack, sources, on, snapshot.known_at) for pack in (now, amended))
    both = before.join(after, on=("person", "question"), how="full", coalesce=True)
    counted = both.group_by("question", "class", "class_right").len()
    return {
        Move(question, was or "", becomes or ""): count
        for question, was, becomes, count in counted.sort(pl.all()).rows()
    }


def _tables(store: Store, snapshot: Snapshot) -> FactTables:
    held = {
        name: Held.read(store, snapshot, TABLES[name]).rows
        for name in ("fact", "spell", "member", "link", "delivery", "alias")
    }
    seen = store.get_table(snapshot, "seen")
    return FactTables(
        held["fact"],
        held["spell"],
        held["member"],
        held["link"],
        TABLES["seen"].schema.to_frame() if seen is None else seen,
        held["delivery"],
        held["alias"],
    )


def _answers(tables: FactTables, pack: Pack, sources: Mapping[str, Source], on: int, known_at: int) -> pl.DataFrame:
    """`person`, `question` and `class` by name; a class is null where it is undetermined."""
    flat = fact_polars.flatten(tables, pack, on, known_at, sources)
    law_guard.check(pack, flat.sure, on, also=flat.sure["person"].clear())
    found = standings.decide(pack, flat, on)
    names = {
        (asked.number, place): (name, one.name)
        for name, asked in pack.questions.items()
        for place, one in enumerate(asked.classes)
    }
    called = pl.DataFrame(
        [(number, place, name, cls) for (number, place), (name, cls) in names.items()],
        schema={"question": pl.UInt8, "class": pl.UInt8, "asked": pl.String, "named": pl.String},
        orient="row",
    )
    asked = called.select("question", "asked").unique()
    return (
        found.select("person", "question", "class")
        .join(called.drop("asked"), on=("question", "class"), how="left")
        .join(asked, on="question")
        .select("person", pl.col("asked").alias("question"), pl.col("named").alias("class"))
    )
