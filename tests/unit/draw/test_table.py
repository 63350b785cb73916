"""A draw by table: a permutation of dates, wrong cells are named, the drums are loaded in two chance orders."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.published import DRAW, people, terms

from musterroll import dates
from musterroll.draw import order, table, transcript
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Candidate
from musterroll.draw.supplement import Part
from musterroll.draw.table import Table, TableTerms
from musterroll.errors import MusterRollError

TABLES = Path(__file__).parents[2] / "conformance" / "us-lottery"
NUMBERS = Table(tuple(5 * day % 367 for day in range(1, 367)))


def as_published(name: str) -> dict[int, int | None]:
    rows = (TABLES / name).read_text().splitlines()[1:]
    cells = [row.split(",") for row in rows]
    return {table.day_number(f"{int(m):02}-{int(d):02}"): int(rank) if rank else None for m, d, _, rank in cells}


def test_dates_are_numbered_as_in_a_leap_year() -> None:
    for day, text in [(1, "01-01"), (59, "02-28"), (60, "02-29"), (61, "03-01"), (366, "12-31")]:
        assert (table.day_number(text), table.date_text(day)) == (day, text)
    assert len(table.days_of(365)) == 365
    assert 60 not in table.days_of(365)
    for text in ("00-01", "13-01", "02-30", "04-31", "01-00"):
        with pytest.raises(ValueError, match="is no date"):
            table.day_number(text)


def test_a_table_is_read_as_it_was_written() -> None:
    assert table.decode(NUMBERS.encode(), 366) == NUMBERS
    assert NUMBERS.encode().startswith(b"date,number\n01-01,5\n01-02,10\n")
    short = Table(tuple(range(1, 366)))
    assert table.decode(short.encode(), 365) == short
    assert short.number(61) == 60
    with pytest.raises(KeyError):
        short.number(60)


@pytest.mark.parametrize(
    ("name", "days"),
    [("lottery_1969_for_1970.csv", 366), ("lottery_1970_for_1971.csv", 365), ("lottery_1971_for_1972.csv", 366)],
)
def test_the_real_tables_are_permutations(name: str, days: int) -> None:
    assert table.of(as_published(name), days).numbers


def test_the_two_misprinted_tables_are_refused_with_their_cells() -> None:
    with pytest.raises(MusterRollError, match="01-01 has no number; no date has 133") as blank:
        table.of(as_published("as_published_1970_for_1971.csv"), 365)
    with pytest.raises(MusterRollError, match="168 stands at 02-04 and at 12-19; no date has 68") as twice:
        table.of(as_published("as_published_1972_for_1973.csv"), 365)
    assert blank.value.code == twice.value.code == "table.cells"


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        (lambda t: t.replace(b"date,number", b"day,number"), "table.malformed", "does not begin with"),
        (lambda t: t[:-1], "table.malformed", "last line does not end"),
        (lambda t: b"", "table.malformed", "does not begin"),
        (lambda t: t.replace(b"01-02,10", b"01-02,\xb2"), "table.malformed", "does not begin"),
        (lambda t: t.replace(b"01-02,10", b"01-02,010"), "table.malformed", "line 3 is not the next date"),
        (lambda t: t.replace(b"01-02,10", b"01-01,10"), "table.malformed", "line 3 is not the next date"),
        (lambda t: t.replace(b"01-02,10", b"01-32,10"), "table.malformed", "line 3 is not the next date"),
        (lambda t: t.replace(b"01-02,10", b"2 January,10"), "table.malformed", "line 3 is not the next date"),
        (lambda t: t.replace(b"01-02,10\n", b""), "table.cells", "01-02 has no number; no date has 10"),
        (lambda t: t.replace(b"01-02,10\n", b"01-02,\n"), "table.cells", "01-02 has no number; no date has 10"),
        (lambda t: t.replace(b"01-02,10\n", b"01-02,400\n"), "table.cells", "400 at 01-02 is not between 1 and 366"),
        (lambda t: t.replace(b"01-02,10\n", b"01-02,5\n"), "table.cells", "5 stands at 01-01 and at 01-02"),
    ],
)
def test_what_is_no_table_is_refused(change, code: str, says: str) -> None:
    with pytest.raises(MusterRollError, match=says) as refused:
        table.decode(change(NUMBERS.encode()), 366)
    assert (refused.value.code, refused.value.where) == (code, "table.csv")


def test_a_leap_day_is_no_date_of_a_short_table() -> None:
    with pytest.raises(MusterRollError, match="02-29 is no date of this table"):
        table.decode(NUMBERS.encode(), 365)


def test_many_missing_numbers_are_not_all_listed() -> None:
    with pytest.raises(MusterRollError, match="no date has 1, 2, 3, 4, 5 and others"):
        table.of({}, 366)


def test_a_table_checks_itself() -> None:
    for numbers in ((1, 2, 3), (1,) * 366):
        with pytest.raises(ValueError, match="another number from 1 on"):
            Table(numbers)
    with pytest.raises(ValueError, match="365 or 366 days"):
        TableTerms(364, "2027-03-02")


def test_the_drums_are_loaded_in_two_orders_that_differ() -> None:
    dates, numbers = table.loading(bytes(32), 365)
    assert sorted(dates) == list(table.days_of(365))
    assert sorted(numbers) == list(range(1, 366))
    assert [table.days_of(365).index(day) + 1 for day in dates] != list(numbers)
    assert table.loading(b"1" * 32, 365) != (dates, numbers)
    shown = json.loads(table.loading_json("00" * 32, bytes(32), 365))
    assert shown == {"v": 1, "manifest_sha256": "00" * 32, "dates": list(dates), "numbers": list(numbers)}


COHORT = Cohort.of(people(60), dated=True)
BY_TABLE = replace(
    terms(COHORT, software="22" * 32), algorithm=transcript.BY_TABLE, table=TableTerms(366, "2026-01-01")
)


def test_the_number_of_the_date_comes_first_and_the_seed_decides_among_people_of_one_date() -> None:
    values = [bytes(32), b"3141592653589793238462643383279502884197"]
    drawn = order.result_by_table(BY_TABLE.encode(), COHORT.data, values, NUMBERS)
    numbers = order.numbers_of(COHORT, NUMBERS)
    for stratum in drawn.strata:
        assert [numbers[c] for c in stratum] == sorted(numbers[c] for c in stratum)
        keys = [(numbers[c], order.key(drawn.seed, c)[:30]) for c in stratum]
        assert keys == sorted(keys)
    other = order.result_by_table(BY_TABLE.encode(), COHORT.data, [b"1" * 32, values[1]], NUMBERS)
    assert other.strata != drawn.strata


def test_a_supplement_of_a_draw_by_table_takes_the_parents_numbers() -> None:
    part = Part(BY_TABLE, order.Order("", bytes(32), ()), order.numbers_of(COHORT, NUMBERS))
    first = COHORT.commitments()[0][0]
    assert part.key(first) == table.key(bytes(32), first, NUMBERS.number(COHORT.days[0]))


def test_a_date_that_the_table_does_not_have_is_refused() -> None:
    leap = Candidate("XX1", dates.parse_day("2004-02-29"), bytes(32)).entrant(DRAW, "born-2004")
    with pytest.raises(MusterRollError, match=r"29 February needs a table of 366 days.*\[cohort.undated\]"):
        order.rank_by_table(Cohort.of([leap], dated=True), bytes(32), Table(tuple(range(1, 366))))


def test_a_manifest_by_table_is_read_again_and_freezes_the_day_before() -> None:
    assert transcript.decode(BY_TABLE.encode()) == BY_TABLE
    assert BY_TABLE.table is not None
    assert (BY_TABLE.table.frozen_on, BY_TABLE.missing) == ("2025-12-31", ())
    for change, says in [
        ({"table": TableTerms(366, "2026-01-02")}, "the day before"),
        ({"table": None}, "says when its table is drawn"),
        ({"algorithm": transcript.ALGORITHM}, "says when its table is drawn"),
    ]:
        with pytest.raises(ValueError, match=says):
            replace(BY_TABLE, **change)  # type: ignore[arg-type]


def test_nobody_of_unknown_birth_date_is_drawn_by_a_table() -> None:
    unknown = Candidate("XX1", None, bytes(32)).entrant(DRAW, "born-unknown")
    with pytest.raises(MusterRollError, match=r"not known, and a table draws by it.*\[cohort.undated\]"):
        Cohort.of([unknown], dated=True)
    for day in (0, 367):
        with pytest.raises(MusterRollError, match=r"no date of a year.*\[cohort.undated\]"):
            Cohort(b"\x00\x00" + day.to_bytes(2, "big") + bytes(32), ("a",), dated=True)
