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
from musterroll.engine.roll import Snapshot, Store, archive
from musterroll.engine.roll.table import TABLES
from musterroll.extract.schema import Source
from musterroll.law.pack import Pack

FOLLOWS = {0: " (binds to nothing now)", 1: " (liable now)", 2: " (may be called now)"}
"""What a class of the same name lets follow under the new law, where it let something else follow before."""


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
    tables = fact_tables(store, snapshot)
    before, after = (_answers(tables, pack, sources, on, snapshot.known_at) for pack in (now, amended))
    both = before.join(after, on=("person", "asked"), how="full", coalesce=True, suffix="_after")
    counted = both.group_by("asked", "named", "bound", "named_after", "bound_after").len()
    found: dict[Move, int] = {}
    for question, was, bound, becomes, bound_after, count in counted.sort(pl.all()).rows():
        follows = FOLLOWS[bound_after] if was == becomes and bound != bound_after else ""
        move = Move(question, was or "", f"{becomes or ''}{follows}")
        found[move] = found.get(move, 0) + count
    return found


def fact_tables(store: Store, snapshot: Snapshot) -> FactTables:
    """What standings are decided from, as the snapshot holds it."""
    held = {name: _held(store, snapshot, name) for name in ("fact", "spell", "member", "link", "delivery", "alias")}
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


def _held(store: Store, snapshot: Snapshot, name: str) -> pl.DataFrame:
    found = archive.held(store, snapshot, name)
    return TABLES[name].plain_schema.to_frame() if found is None else found.drop("known_from")


def _answers(tables: FactTables, pack: Pack, sources: Mapping[str, Source], on: int, known_at: int) -> pl.DataFrame:
    """`person`, and in the words of the law `asked`, `named` and `bound` (`standings.told`)."""
    flat = fact_polars.flatten(tables, pack, on, known_at, sources)
    found = standings.decide(pack, flat, on)
    law_guard.check(pack, flat, found, on, also=found["person"].clear())
    return standings.told(pack, found).drop("question")
