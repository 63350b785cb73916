"""Of whom a draw reads what: what the law divides by, and nothing else of anybody (charter S3)."""

import polars as pl
import pytest
from tests.lawtext import RULES, day, small

from musterroll.draw.partition import NOTHING, PRODUCT
from musterroll.register import settings

settings.prepare()

from musterroll.register import cohort  # noqa: E402 - the tables load once Django is prepared

SELECTION = """
```parameter intake
unit: number
basis: (1)
values: {{2000-01-01: 10}}
```

```selection draw
- (1): {{cohort: duty is bound}}
- (1): {{strata: {strata}}}
- (1): {{total: parameter intake}}
- (1): {{share: stratum size}}
- (1): {{rounding: largest remainder}}
- (1): {{least: 1}}
- (1): {{merge under: {merge}}}
- (1): {{order: {order}}}
```
"""
BOUND, FREE, EXEMPT, UNDETERMINED = 2, 1, 0, 255


def law(strata: str = "year of born", merge: str = "20", order: str = "place"):
    return small(RULES + SELECTION.format(strata=strata, merge=merge, order=order))


def standing(*rows: tuple[int, int, int]) -> pl.DataFrame:
    """Person, class, and the classes that are possible, a bit each."""
    schema = {"person": pl.Int64, "question": pl.UInt8, "class": pl.UInt8, "possible": pl.Int64}
    return pl.DataFrame([(person, 9, cls, possible) for person, cls, possible in rows], schema=schema, orient="row")


def flat(*rows: tuple[int, str, int | None]) -> pl.DataFrame:
    """Person, day of birth, district; and things that no draw reads."""
    return pl.DataFrame(
        [(person, day(born), day(born), district, 1, 30) for person, born, district in rows],
        schema={
            "person": pl.Int64,
            "born_lo": pl.Int32,
            "born_hi": pl.Int32,
            "district": pl.UInt8,
            "serving": pl.UInt8,
            "months_served_lo": pl.Int32,
        },
        orient="row",
    )


PEOPLE = flat((1, "2000-02-03", 0), (2, "2001-02-03", 2), (3, "2001-05-06", None), (4, "2002-01-01", 1))
STANDING = standing((1, BOUND, 4), (2, UNDETERMINED, 6), (3, UNDETERMINED, 3), (4, EXEMPT, 1))


def test_in_are_those_whom_the_law_draws_and_those_whom_it_may_reach_the_rest_is_out_with_a_ground():
    drawn = cohort.drawn(law(), STANDING, PEOPLE)
    assert drawn.rows["person"].to_list() == [1, 2]  # 2 may be bound; of 3 only free or exempt is possible
    assert drawn.spared == ((3, "not established"), (4, "exempt"))


@pytest.mark.parametrize(
    ("strata", "read"),
    [
        ("year of born", {"person", "born_lo", "born_hi"}),
        ("everybody together", {"person", "born_lo", "born_hi"}),
        ("first level of district and year of born", {"person", "born_lo", "born_hi", "territory"}),
    ],
)
def test_nothing_is_read_of_people_but_what_the_law_divides_by(strata, read):
    assert set(cohort.drawn(law(strata), STANDING, PEOPLE).rows.columns) == read


def test_a_territory_is_read_by_its_code_and_one_that_is_not_known_is_none():
    rows = cohort.drawn(law("district"), standing((1, BOUND, 4), (2, BOUND, 4), (3, BOUND, 4)), PEOPLE).rows
    assert dict(rows.select("person", "territory").iter_rows()) == {1: "north", 2: "east", 3: None}


@pytest.mark.parametrize(
    ("strata", "merge", "by", "rule", "least"),
    [
        ("year of born", "20", "birth-year", "neighbour/v1", 20),
        ("year of born", "5", "birth-year", "neighbour/v1", 20),  # the charter's twenty, whatever a law says
        ("district", "50", ("territory-1",), PRODUCT, 50),
        ("second level of district and year of born", "20", ("territory-2", "birth-year"), PRODUCT, 20),
        ("everybody together", "20", (), PRODUCT, 20),
        ("district", "never", ("territory-1",), NOTHING, 20),
    ],
)
def test_the_manifest_divides_as_the_law_says(strata, merge, by, rule, least):
    selection = law(strata, merge).selection
    made = cohort.partition_of(selection)
    assert (made.by, made.merge, made.least) == (by, rule, least)
    assert made.article == ("art. 1 (1)" if merge == "never" else None)


def test_a_law_with_drums_for_dates_draws_by_table():
    assert cohort.by_table(law(order="number of born").selection)
    assert not cohort.by_table(law().selection)
