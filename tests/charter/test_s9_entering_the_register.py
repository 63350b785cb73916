"""Charter S9 where there is no earlier standing: whom a changed row brings into the register waits as well."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.nights import FIRST, Hamlet, store, terms

from musterroll.engine import night

AGENCIES = ("civil", "dwelling")
SECOND = FIRST + timedelta(days=1)
AGENCIES = ("civil", "dwelling")
A_CHILD, SEVENTEEN, GROWN = date(2012, 3, 4), SECOND.replace(year=SECOND.year - 17), date(2001, 3, 4)


def entered(place: Path, *, buckets: int) -> dict[date, str]:
    """Why the two who enter on the second night do, by birth date: one is corrected, the other has his birthday.

    A change by a fact waits where it is a worsening (tests/unit/engine/test_standings_that_move.py).
    """
    hamlet, kept = Hamlet(3, place), store(place)
    corrected, older = [one for one in hamlet.people if one.sex == "Male" and one.role == "Biological child"][:2]
    corrected.born, older.born = A_CHILD, SEVENTEEN
    done = night.run(kept, None, hamlet.tonight(AGENCIES, 1), terms(FIRST, 0, buckets))
    hamlet.day, corrected.born = SECOND, GROWN
    again = night.run(kept, done.snapshot, hamlet.tonight(AGENCIES, 3), terms(SECOND, 1, buckets))
    changes = [kept.get(ref) for ref in again.snapshot.refs("standing_change") if ref.night == again.snapshot.known_at]
    held, flat = kept.get_table(done.snapshot, "standing"), kept.get_table(again.snapshot, "flat")
    assert held is not None
    assert flat is not None
    fresh = pl.concat(changes).filter(~pl.col("person").is_in(held["person"].implode()))
    told = fresh.join(flat.select("person", pl.col("born_lo").cast(pl.Date)), on="person")
    return dict(told.select("born_lo", "because").iter_rows())


@pytest.mark.parametrize("buckets", [1, 4])
def test_a_corrected_birth_date_is_no_way_round_the_notice_and_a_birthday_needs_none(tmp_path, buckets) -> None:
    assert entered(tmp_path, buckets=buckets) == {GROWN: "fact", SEVENTEEN: "entry"}
