"""How many people of a list are in each cell of a pot check: by birth year, stratum, district or source.

Counts of the whole list only; what is published of them is rounded, and few people are not shown (charter S14).
"""

from collections import Counter
from collections.abc import Sequence

import polars as pl

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import dates
from musterroll.draw.potcheck import Cell
from musterroll.draw.strata import UNKNOWN
from musterroll.engine.roll import archive
from musterroll.engine.roll.table import CONFIRMED
from musterroll.fact.attribute import Attribute, Kind, ValueType
from musterroll.register.roll import Roll


def found(roll: Roll, people: Sequence[int], strata: Sequence[str], by: frozenset[str]) -> dict[Cell, int]:
    """The people of a list (`strata` are theirs, in the same order) in each cell of the kinds `by`."""
    listed = pl.DataFrame({"person": pl.Series(list(people), dtype=pl.Int64)})
    counts: Counter[Cell] = Counter()
    if "stratum" in by:
        counts.update(("stratum", one) for one in strata)
    if by & {"birth-year", "district"}:
        flat = roll.store.get_table(roll.snapshot, "flat")
        assert flat is not None
        known = listed.join(flat, on="person", how="left")
        if "birth-year" in by:
            birth = roll.pack.selection.birth if roll.pack.selection else "born"
            ends = known.select(f"{birth}_lo", f"{birth}_hi").iter_rows()
            counts.update(("birth-year", _year(lo, hi)) for lo, hi in ends)
        area = _area(roll)
        if "district" in by and area is not None:
            counts.update(("district", _value(area, code)) for code in known[area.name])
    if "source" in by:
        links = archive.held(roll.store, roll.snapshot, "link")
        assert links is not None
        sure = links.filter(pl.col("judgement") == CONFIRMED).join(listed, on="person", how="semi")
        named = sure.select("person", pl.col("source").str.split("#").list.first().alias("source")).unique()
        counts.update(("source", one) for one in named["source"])
    return dict(counts)


def _area(roll: Roll) -> Attribute | None:
    """The territory that the law reads, by which its strata are made or else the first."""
    selection = roll.pack.selection
    areas = {
        one.name: one
        for one in roll.pack.attributes.values()
        if one.kind is Kind.RESIDENCE_AREA and one.type is ValueType.ENUM
    }
    divided = [attribute for _, attribute in selection.strata if attribute in areas] if selection else []
    return areas[divided[0]] if divided else next(iter(areas.values()), None)


def _year(lo: int | None, hi: int | None) -> str:
    return f"{dates.date_of(lo).year:04}" if lo is not None and lo == hi else UNKNOWN


def _value(area: Attribute, code: int | None) -> str:
    return UNKNOWN if code is None else area.values[code].replace("_", "-")
