"""Rows held after deliveries, bucket by bucket: a row set aside is no absence, equal rows stay where they were."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from musterroll import ids
from musterroll.dates import parse_day
from musterroll.engine import delivery, row_laid
from musterroll.engine.crew import Crew, crew
from musterroll.engine.delivery import Staged
from musterroll.engine.night_work import Work
from musterroll.engine.roll import SealKey, Snapshot, Store, archive
from musterroll.engine.roll.seal import keyset
from musterroll.engine.row_night import Rows, Tonight, take_in
from musterroll.engine.row_tables import relatives, table_for
from musterroll.errors import MusterRollError
from musterroll.extract.apart import Entry
from musterroll.extract.declaration import load_source
from musterroll.extract.manifest import Manifest
from musterroll.extract.schema import Column, ColumnType, RosterMap, Silence, Source

KEY = b"k" * 32
SEAL = SealKey(keyset(bytes(64)))
EXAMPLE = Path(__file__).parents[3] / "packs" / "example" / "sources"
ROLES = {"entry": "", "name": "given", "year": "", "spouse": "spouse.given"}
PAY = replace(
    load_source(EXAMPLE / "pay.yaml"),
    rows_per_record="many",
    columns={name: Column(name, ColumnType.TEXT, role=role) for name, role in ROLES.items()},
)
COLUMNS = tuple(PAY.columns)
ALL_IN_ONE = {"rows_per_record": "one", "records_per_person": "one", "silence": Silence.EVERYBODY, "rosters": ()}
FAMILIES = replace(PAY, **{**ALL_IN_ONE, "rosters": (RosterMap("family", "name", as_role="child"),)})


def staged(folder: Any, number: int, rows: list[tuple[str, ...]], refused: list[str], **told: Any) -> Staged:
    """A delivery of rows (entry, name, year, spouse[, drop]) and of keys of rows set aside, in parts of two rows."""
    place = folder / f"delivery-{number}"
    delivery.begin(place)
    lines = [(n, row[0], "drop" if len(row) > 4 else "put", *row[:4]) for n, row in enumerate(rows, start=1)]
    frame = pl.DataFrame(lines, schema=delivery.schema(COLUMNS), orient="row")
    for part, start in enumerate(range(0, len(rows), 2)):
        frame.slice(start, 2).write_parquet(place / delivery.part(part))
    aside = [(900 + n, "required", "year", key) for n, key in enumerate(refused)]
    pl.DataFrame(aside, schema=delivery.REFUSED, orient="row").write_parquet(place / delivery.SET_ASIDE)
    own = enumerate(told.pop("apart", []), start=900)
    entries = [Entry(n, n, row[0], dict(zip(COLUMNS, row, strict=True))) for n, row in own]
    delivery.put_apart(place, entries, COLUMNS)
    manifest = Manifest(source="pay", as_of=parse_day("2020-12-31") + number, rows=len(rows), sha256="a" * 64, **told)
    return Staged("pay", manifest, place, COLUMNS, len(rows), len(refused), (), None, (), "")


class Home:
    """A roll into which one delivery of the pay office after another is taken."""

    def __init__(self, folder: Any, buckets: int = 1, workers: Crew | None = None, source: Source = PAY) -> None:
        self.source = source
        self.folder, self.buckets, self.crew = folder, buckets, workers or Crew()
        self.store, self.parent = Store(folder / "roll", SEAL), None
        self.night = 0

    def take(self, rows: list[tuple[str, ...]], refused: list[str] = [], **told: Any) -> Rows:  # noqa: B006 - not kept
        self.night += 1
        corrects = told.pop("corrects", 0)
        one = Tonight(self.night, staged(self.folder, self.night, rows, refused, **told), corrects=corrects)
        return self.put(one)

    def put(self, *tonight: Tonight) -> Rows:
        work = Work(self.folder / f"work-{self.night}", self.buckets)
        taken = take_in(
            self.store, self.parent, tonight, {"pay": self.source},
            record_key=KEY, known=self.night * 10, buckets=self.buckets, work=work, crew=self.crew,
        )  # fmt: skip
        self.parent = replace(taken.roll, known_at=self.night * 10)
        return taken


def number(key: str) -> int:
    return ids.record_number(KEY, "pay", key)


def held(rows: Rows) -> pl.DataFrame:
    return pl.concat([rows.held("pay", bucket) for bucket in range(rows.roll.buckets)])


def kept(rows: Rows) -> list[tuple[str, int]]:
    return sorted(held(rows).select("entry", "delivery").rows())


def whole(rows: Rows) -> list[bool]:
    return rows.deliveries.sort("delivery")["full"].to_list()


FIRST = [("P1", "Ann", "2019", ""), ("P2", "Ben", "2020", "")]


@pytest.mark.parametrize(
    ("rows", "refused", "told", "after", "is_whole"),
    [
        (FIRST, [], {}, [("P1", 1), ("P2", 1)], True),
        (FIRST[1:], [], {}, [("P2", 1)], True),  # P1 left the list
        (FIRST[1:], ["P1"], {}, [("P1", 1), ("P2", 1)], True),  # P1's row was set aside: it stays
        (FIRST, ["P3"], {}, [("P1", 1), ("P2", 1)], False),  # whose row is P3's?
        (FIRST[1:], [""], {}, [("P1", 1), ("P2", 1)], False),  # nobody knows whose: nothing ends
        ([("P2", "Ben", "2021", "")], [], {"full": False}, [("P1", 1), ("P2", 2)], False),  # of what?
        ([("P2", "Ben", "2021", "")], [], {"full": False, "base": "a" * 64}, [("P1", 1), ("P2", 2)], True),
        ([("P2", "", "", "", "drop")], [], {"full": False, "base": "a" * 64}, [("P1", 1)], True),
        ([("P2", "Ben", "2020", "")], [], {"full": False, "base": "a" * 64}, [("P1", 1), ("P2", 1)], True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("buckets", [1, 3])
def test_a_row_set_aside_is_not_an_absence(tmp_path, buckets, rows, refused, told, after, is_whole):
    home = Home(tmp_path, buckets)
    home.take(FIRST)
    taken = home.take(rows, refused, **told)
    assert kept(taken) == after
    assert whole(taken) == [True, is_whole]


def test_the_silence_of_an_extract_with_a_row_set_aside_is_read_once_it_is_mended(tmp_path):
    again = Home(tmp_path / "again")
    assert whole(again.take(FIRST[1:], ["P1"])) == [False]
    assert whole(again.take(FIRST)) == [False, True]
    corrected = Home(tmp_path / "corrected")
    corrected.take(FIRST[1:], ["P1", ""])
    mended = Tonight(2, staged(tmp_path, 2, FIRST[:1], [], full=False, corrects="a" * 64), continues=True, corrects=1)
    corrected.night = 2
    rows = corrected.put(mended)
    assert whole(rows) == [False, True]
    assert archive.held(rows.store, rows.roll, "refused").is_empty()
    given = Home(tmp_path / "given")
    given.take(FIRST[1:], ["P1", ""])
    given.night = 2
    rows = given.put(replace(mended, staged=staged(tmp_path / "given", 2, FIRST[:1], [], full=False), corrects=0))
    assert whole(rows) == [False, False]  # P1 is mended; nobody knows whose the other row was
    assert archive.held(rows.store, rows.roll, "refused")["record"].to_list() == [None]


@pytest.mark.parametrize(
    ("declared", "refused", "is_whole"),
    [
        ({}, ["P3"], True),  # P1 and P2 have their rows; whoever P3 is has none, and is not spoken of
        ({}, [""], True),
        ({"rows_per_record": "many"}, ["P3"], False),  # a second row of P1, in which the key is wrong?
        ({"records_per_person": "many"}, ["P3"], False),  # a second entry of the person of P1?
        ({"silence": Silence.THOSE_CONCERNED}, ["P3"], False),  # of somebody who seems not to be on the list
        ({"rosters": (RosterMap("family", "entry", as_role="parent"),)}, ["P3"], False),  # a child of P1?
    ],
)
def test_where_one_row_says_all_of_a_person_another_row_set_aside_is_not_theirs(tmp_path, declared, refused, is_whole):
    home = Home(tmp_path, source=replace(PAY, **{**ALL_IN_ONE, **declared}))
    assert whole(home.take(FIRST, refused)) == [is_whole]


def test_among_changes_too_a_row_set_aside_of_a_record_that_is_held_is_nobody_else_s(tmp_path):
    home = Home(tmp_path)
    home.take(FIRST)
    taken = home.take([("P2", "Ben", "2021", "")], ["P1"], full=False, base="a" * 64)
    assert whole(taken)[-1] is True
    assert taken.unread.to_list() == [number("P1")]
    assert set(taken.changed(0)["record"]) == {number("P1"), number("P2")}
    assert kept(taken) == [("P1", 1), ("P2", 2)]


@pytest.mark.parametrize("buckets", [1, 3])
def test_a_later_row_without_a_key_may_be_of_anybody_whose_own_row_did_not_come(tmp_path, buckets):
    """It may say that the person of P2 died: whoever is not in this delivery keeps the row that was, and is asked."""
    home = Home(tmp_path, buckets, source=replace(PAY, **ALL_IN_ONE))
    three = [*FIRST, ("P3", "Cyd", "2020", "")]
    assert whole(home.take(three, [""])) == [True]
    taken = home.take(three[:1], ["", "P3"])
    assert whole(taken)[-1] is True
    assert kept(taken) == [("P1", 1), ("P2", 1), ("P3", 1)]
    assert set(taken.unread) == {number("P2"), number("P3")}
    stirred = pl.concat([taken.changed(bucket) for bucket in range(buckets)])
    assert set(stirred["record"]) == {number("P2"), number("P3")}
    # A delivery of changes makes good whom it gives, and the next full one everybody; P2 left the register.
    given = home.take(three[2:], full=False, base="a" * 64)
    assert whole(given)[-1] is True
    assert given.unread.to_list() == [number("P2")]
    mended = home.take([three[0], three[2]])
    assert [key for key, _ in kept(mended)] == ["P1", "P3"]
    assert mended.unread.is_empty()


def test_a_row_without_a_key_among_changes_may_be_of_anybody_whose_row_is_held(tmp_path):
    home = Home(tmp_path, source=replace(PAY, **ALL_IN_ONE))
    home.take(FIRST)
    taken = home.take(FIRST[:1], [""], full=False, base="a" * 64)
    assert whole(taken) == [True, False]
    assert taken.unread.is_empty()
    assert whole(home.take([], full=False, base="b" * 64))[-1] is False  # until it is mended
    assert whole(home.take(FIRST))[-1] is True


def test_a_row_that_came_twice_word_for_word_leaves_its_record_as_firm_as_it_was(tmp_path):
    home = Home(tmp_path)
    one = staged(tmp_path, 1, FIRST, ["P1"])
    pl.read_parquet(one.folder / delivery.SET_ASIDE).with_columns(reasons=pl.lit("row.twice")).write_parquet(
        one.folder / delivery.SET_ASIDE
    )
    home.night = 1
    rows = home.put(Tonight(1, one))
    assert whole(rows) == [True]
    assert rows.unread.is_empty()
    assert archive.held(rows.store, rows.roll, "refused") is None


BEN, CYD = ("␟ben", "Ben", "2020", ""), ("␟cyd", "Cyd", "2020", "")


def refused_lines(rows: Rows) -> list[tuple[int, str, int | None]]:
    found = archive.held(rows.store, rows.roll, "refused")
    return [] if found is None else sorted(found.select("delivery", "reasons", "record").rows(), key=str)


NAMED = replace(PAY, columns={**PAY.columns, "year": Column("year", ColumnType.TEXT, role="family")})
THREE = [("P1", "Ann", "Abend", ""), ("P2", "Ben", "Brandt", ""), ("P3", "Cyd", "Cramer", "")]


@pytest.mark.parametrize("buckets", [1, 3])
@pytest.mark.parametrize(
    ("lost", "stay"),
    [
        (("␟1", "Ann", "Abend", ""), ["P1", "P2"]),  # P1's own row, without its key; P3 left the list
        (("␟1", "Ann", "Abent", ""), ["P1", "P2"]),
        (("␟1", "Ann", "Xylander", ""), ["P1", "P2"]),  # one thing alone differs: she may have married
        (("␟1", "Ann", "", ""), ["P1", "P2", "P3"]),  # a given name tells nobody from anybody
        (("␟1", "Dan", "Dorn", ""), ["P2"]),  # nobody's who was on the list
    ],
)
def test_beside_a_row_without_a_key_only_what_may_be_its_person_s_stays(tmp_path, buckets, lost, stay):
    home = Home(tmp_path, buckets, source=NAMED)
    home.take(THREE)
    taken = home.take(THREE[1:2], [""], apart=[lost])
    assert kept(taken) == sorted([*((key, 1) for key in stay), ("␟1", 2)])
    assert set(taken.unread) == {number(key) for key in ("␟1", *stay) if key != "P2"}  # whose row did come
    mended = home.take(THREE[:2])
    assert [key for key, _ in kept(mended)] == ["P1", "P2"]


def test_in_a_register_that_founds_persons_nobody_goes_beside_a_row_without_a_key(tmp_path):
    home = Home(tmp_path, source=replace(NAMED, founds=True))
    home.take(THREE)
    taken = home.take(THREE[1:2], [""], apart=[("␟1", "Dan", "Dorn", "")])
    assert [key for key, _ in kept(taken)] == ["P1", "P2", "P3", "␟1"]


def test_where_too_many_would_be_held_against_each_other_all_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(row_laid, "MOST_COMPARED", 0)
    home = Home(tmp_path, source=NAMED)
    home.take(THREE)
    taken = home.take(THREE[1:2], [""], apart=[("␟1", "Dan", "Dorn", "")])
    assert [key for key, _ in kept(taken)] == ["P1", "P2", "P3", "␟1"]


def test_what_was_kept_apart_before_and_did_not_come_again_is_over_all_the_same(tmp_path):
    home = Home(tmp_path, source=NAMED)
    home.take(THREE, [""], apart=[("␟1", "Dan", "Dorn", "")])
    taken = home.take(THREE, [""], apart=[("␟2", "Dan", "Dorn", "")])
    assert [key for key, _ in kept(taken)] == ["P1", "P2", "P3", "␟2"]


def test_a_row_set_aside_that_says_of_whom_it_is_stops_nobody_s_silence_from_being_read(tmp_path):
    home = Home(tmp_path)
    rows = home.take(FIRST[:1], [""], apart=[BEN])
    assert whole(rows) == [True]
    assert kept(rows) == [("P1", 1), ("␟ben", 1)]
    assert rows.unread.to_list() == [number("␟ben")]  # what it says is possible for whomever it is linked to
    assert refused_lines(rows) == [(1, "required", None), (1, "row.apart", number("␟ben"))]
    again = home.take([], [""], apart=[BEN])
    assert kept(again) == [("P1", 1), ("␟ben", 1)]  # the row without a key may be that of P1
    other = home.take(FIRST[:1], ["", ""], apart=[CYD])
    assert kept(other) == [("P1", 1), ("␟cyd", 3)]
    assert whole(other) == [True, True, False]  # of the second row nobody can say whose it is
    mended = home.take(FIRST)
    assert kept(mended) == [("P1", 1), ("P2", 4)]
    assert refused_lines(mended) == []
    assert mended.unread.is_empty()


def test_on_every_night_a_row_set_aside_and_its_entries_stand_beside_each_other(tmp_path):
    home = Home(tmp_path)
    home.take(FIRST, [""], apart=[BEN])
    later = home.take(FIRST, ["", "P9"], apart=[CYD])
    nobodys = (2, "required", None)
    assert refused_lines(later) == [(2, "required", number("P9")), nobodys, (2, "row.apart", number("␟cyd"))]
    assert set(later.unread) == {number("P9"), number("␟cyd")}
    home.take(FIRST, ["", "P9"], apart=[CYD])
    mended = home.take([("P9", "Eve", "2020", "")], full=False, base="a" * 64)
    assert refused_lines(mended) == [(3, "required", None), (3, "row.apart", number("␟cyd"))]


def test_in_a_register_with_families_a_row_kept_apart_is_of_those_whom_it_names_as_parents(tmp_path):
    home = Home(tmp_path, source=FAMILIES)
    rows = home.take(FIRST, ["P3", "P3"], apart=[BEN, CYD])
    assert whole(rows) == [True]
    assert kept(rows) == [("P1", 1), ("P2", 1), ("␟ben", 1), ("␟cyd", 1)]
    assert whole(home.take(FIRST, ["P3", "P3"], apart=[BEN]))[-1] is False  # the other row may be of anybody's child
    later = home.take(FIRST[:1], [""], apart=[BEN])
    assert whole(later)[-1] is True
    assert set(later.unread) == {number("P2"), number("␟ben")}  # it may be what is new of P2
    assert whole(home.take(FIRST))[-1] is True


def test_among_changes_a_new_record_s_row_set_aside_is_of_those_whom_it_names_as_parents(tmp_path):
    home = Home(tmp_path, source=FAMILIES)
    home.take(FIRST)
    changes = {"full": False, "base": "a" * 64}
    born = home.take([], ["P3"], apart=[BEN], **changes)
    assert whole(born)[-1] is True
    assert kept(born) == [("P1", 1), ("P2", 1), ("␟ben", 2)]
    again = home.take([], ["P3"], apart=[BEN], **changes)  # sent again, and unreadable again
    assert whole(again)[-1] is True
    assert kept(again) == [("P1", 1), ("P2", 1), ("␟ben", 2)]
    mended = home.take([("P3", "Ben", "2020", "")], **changes)
    assert kept(mended) == [("P1", 1), ("P2", 1), ("P3", 4)]
    assert refused_lines(mended) == []
    nameless = home.take([], [""], apart=[CYD], **changes)
    assert whole(nameless)[-1] is True
    assert set(nameless.unread) == {
        number(key) for key in ("P1", "P2", "P3", "␟cyd")
    }  # a given name tells nobody apart


def families_by_name(tmp_path, **more):
    told = {**ALL_IN_ONE, "founds": True, "rosters": (RosterMap("family", "spouse", as_role="child"),)}
    return Home(tmp_path, source=replace(NAMED, **told), **more)


@pytest.mark.parametrize("told", [{"full": False, "base": "a" * 64}, {}], ids=["changes", "full"])
@pytest.mark.parametrize("buckets", [1, 3])
def test_a_row_without_a_key_that_says_of_whom_it_is_may_be_news_of_those_alone(tmp_path, buckets, told):
    home = families_by_name(tmp_path, buckets=buckets)
    home.take(THREE)
    taken = home.take([], [""], apart=[("␟1", "Ben", "Brand", "")], **told)
    assert whole(taken)[-1] is True
    assert [key for key, _ in kept(taken)] == ["P1", "P2", "P3", "␟1"]
    assert set(taken.unread) == {number("P2"), number("␟1")}
    stirred = pl.concat([taken.changed(bucket) for bucket in range(buckets)])
    assert set(stirred["record"]) == {number("P2"), number("␟1")}
    mended = home.take(THREE[1:2], full=False, base="b" * 64)
    assert mended.unread.to_list() == [number("␟1")]
    assert whole(mended)[-1] is True


def test_where_too_many_would_be_compared_a_row_without_a_key_among_changes_is_anybody_s(tmp_path, monkeypatch):
    monkeypatch.setattr(row_laid, "MOST_COMPARED", 2)
    home = families_by_name(tmp_path)
    home.take(THREE)
    taken = home.take([], [""], apart=[("␟1", "Ben", "Brand", "")], full=False, base="a" * 64)
    assert whole(taken)[-1] is False
    assert taken.unread.to_list() == [number("␟1")]
    later = home.take([], [""], apart=[("␟1", "Ben", "Brand", "")])
    assert whole(later)[-1] is True
    assert set(later.unread) == {number(key) for key in ("P1", "P2", "P3", "␟1")}  # of whom no row came


@pytest.mark.parametrize("told", [{"corrects": 1}, {}])
def test_the_entry_of_a_row_set_aside_goes_with_its_correction(tmp_path, told):
    """P2 stood in the list twice, with other content: both rows are entries until the agency sends the right one."""
    home = Home(tmp_path)
    assert whole(home.take(FIRST[:1], ["P2", "P2"], apart=[BEN, CYD])) == [True]
    untouched = home.take(FIRST[:1], full=False, base="a" * 64)
    assert kept(untouched) == [("P1", 1), ("␟ben", 1), ("␟cyd", 1)]
    mended = home.take(FIRST[1:], full=False, base="b" * 64, **told)
    assert kept(mended) == [("P1", 1), ("P2", 3)]
    assert refused_lines(mended) == []
    assert whole(mended)[-1] is True


def test_what_changed_is_named_record_by_record_and_relatives_with_them(tmp_path):
    home = Home(tmp_path, 2)
    first = [("P1", "Ann", "2019", "Bo"), ("P2", "Ben", "2020", "Cy"), ("P3", "Dan", "2020", "")]
    taken = home.take(first)
    changed = pl.concat([taken.changed(bucket) for bucket in range(2)])
    spouse = {each: number(f"{each}#spouse") for each in ("P1", "P2", "P3")}
    assert relatives(PAY) == ("spouse",)
    assert sorted(changed.rows()) == sorted(
        [*((number(each), "pay", False) for each in ("P1", "P2", "P3")),
         *((spouse[each], "pay#spouse", False) for each in ("P1", "P2"))]
    )  # fmt: skip
    second = home.take([("P1", "Ann", "2019", ""), ("P2", "Ben", "2021", "Cy"), ("P3", "Dan", "2020", "")])
    changed = pl.concat([second.changed(bucket) for bucket in range(2)])
    assert sorted(changed.rows()) == sorted(
        [(number("P1"), "pay", False), (number("P2"), "pay", False),
         (spouse["P1"], "pay#spouse", True), (spouse["P2"], "pay#spouse", False)]
    )  # fmt: skip
    ended = pl.concat([second.ended(bucket) for bucket in range(2)])
    day = parse_day("2021-01-02")
    assert sorted(ended.rows()) == sorted([(number("P1"), "pay", 1, 1, day), (number("P2"), "pay", 1, 2, day)])
    store, roll = second.store, second.roll
    assert set(store.get_table(roll, "seen").select("record", "source", "delivery").rows()) == {
        *((number(each), "pay", 1) for each in ("P1", "P2", "P3")), (spouse["P2"], "pay#spouse", 1)
    }  # fmt: skip
    assert store.get_table(roll, "relative").rows() == [(spouse["P2"], number("P2"))]
    assert set(store.get_table(roll, "by_key").rows()) == {("pay", each, number(each)) for each in ("P1", "P2", "P3")}
    third = home.take([("P1", "Ann", "2019", "")])
    assert store.get_table(third.roll, "by_key")["key"].to_list() == ["P1"]
    assert store.get_table(third.roll, "relative").is_empty()


def test_a_child_of_whom_a_fund_left_the_birth_date_out_is_a_relative_of_its_row(tmp_path):
    child = Column("spouse", ColumnType.DATE, role="dependant_1.born", forms=("YYYY-MM-DD",))
    maps = (
        RosterMap("family", group="name", as_role="parent"),
        RosterMap("family", group="name", as_role="child", part="dependant_1", born="spouse"),
    )
    fund = replace(PAY, columns={**PAY.columns, "spouse": child}, rosters=maps)
    taken = Home(tmp_path, source=fund).take([("P1", "Ann", "2019", "2010-05-01"), ("P2", "Ben", "2020", "")])
    named = {number("P1#dependant_1"), number("P2#dependant_1")}
    assert set(taken.store.get_table(taken.roll, "relative")["record"]) == named


@pytest.mark.parametrize("kind", ["full", "changes"])
def test_nothing_is_written_where_nothing_changed(tmp_path, kind):
    home = Home(tmp_path, 2)
    first = home.take(FIRST)
    again = home.take(FIRST, full=kind == "full", base="" if kind == "full" else "a" * 64)
    for name in ("row.pay", "seen", "by_key", "relative", "refused"):
        assert again.roll.refs(name) == first.roll.refs(name)
    assert again.changed(0).is_empty()
    assert again.changed(1).is_empty()


def test_a_night_without_deliveries_holds_what_was_held(tmp_path):
    home = Home(tmp_path)
    first = home.take(FIRST)
    home.night = 2
    rows = home.put()
    assert held(rows).equals(held(first))
    assert rows.objects == first.objects
    assert rows.changed(0).is_empty()
    assert rows.ended(0).is_empty()


def test_a_column_declared_since_is_blank_in_the_rows_held(tmp_path):
    home = Home(tmp_path)
    rows = home.take(FIRST)
    older = replace(PAY, columns={name: PAY.columns[name] for name in ("entry", "name", "year")})
    assert "#spouse" not in table_for(older).plain_schema
    stored = rows.held("pay", 0).drop("spouse", "#spouse")
    refs = archive.append(rows.store, (), "row.pay", archive.adds(table_for(older), stored, 5), 5)
    seen = Snapshot("", 1, rows.roll.through, (), 0, 10, {"row.pay": refs})
    found = archive.held_bucket(rows.store, seen, "row.pay", 0, table=table_for(PAY))
    assert found["spouse"].to_list() == found["#spouse"].to_list() == [None, None]
    named = archive.held_bucket(rows.store, seen, "row.pay", 0, table=table_for(PAY), columns=["digest", "#spouse"])
    assert named["#spouse"].null_count() == 2


def test_two_keys_with_one_number_stop_the_night(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "musterroll.engine.row_laid.record_numbers", lambda key, source, keys: pl.Series("record", [7] * len(keys))
    )
    with pytest.raises(MusterRollError) as refused:
        Home(tmp_path).take(FIRST)
    assert refused.value.code == "record.collision"


def test_a_night_killed_anywhere_and_several_workers_leave_the_same_objects(tmp_path):
    rows = [(f"P{n}", "Ann", "2020", "Bo" if n % 3 else "") for n in range(9)]
    one = Home(tmp_path / "one", 4)
    first = one.take(rows, ["P77"]).roll
    again = one.put(Tonight(1, staged(tmp_path / "one", 1, rows, ["P77"])))  # its work folder is full of marks
    assert archive.held(one.store, again.roll, "row.pay") is not None
    with crew(2) as two:
        many = Home(tmp_path / "two", 4, two).take(rows, ["P77"]).roll
    assert many.tables == first.tables


# Against plain Python

ROW = st.tuples(*(st.sampled_from(texts) for texts in (["A", "B", "C", "D"], ["Ann", "Bo"], ["2019"], ["", "Cy"])))
NIGHT = st.tuples(
    st.lists(ROW, max_size=6), st.lists(st.sampled_from(["A", "B", "E", ""]), max_size=2), st.booleans(),
    st.lists(st.sampled_from(["A", "C"]), max_size=1),
)  # fmt: skip


def plainly(nights: list[Any]) -> list[Counter[Any]]:
    """What is held after each night: rows with the delivery of first sight, counted, by the rules in plain words."""
    rows: list[tuple[tuple[str, ...], int]] = []
    after = []
    for number, (rows_given, refused, full, dropped) in enumerate(nights, start=1):
        sent = [row for row in rows_given if full or row[0] not in dropped]
        # Where nobody knows whose a refused row is, a full extract is read like one of changes.
        whole = full and "" not in refused
        named = {row[0] for row in sent} | (set() if full else set(dropped))
        new = Counter(sent)
        kept = []
        for row, since in sorted(rows, key=lambda one: one[1]):
            if new[row] > 0:
                new[row] -= 1
                kept.append((row, since))
            elif row[0] in refused or (not whole and row[0] not in named):
                kept.append((row, since))
        rows = kept + [(row, number) for row in new.elements()]
        after.append(Counter(rows))
    return after


@settings(max_examples=25, deadline=None)
@example(nights=[([("C", "Bo", "2019", "Cy")] * 2, [], True, []), ([("C", "Bo", "2019", "Cy")], [""], True, [])])
@given(nights=st.lists(NIGHT, min_size=1, max_size=4))
def test_any_nights_leave_what_the_rules_say_whatever_the_number_of_buckets(tmp_path_factory, nights):
    expected = plainly(nights)
    for buckets in (1, 3):
        home = Home(tmp_path_factory.mktemp("home"), buckets)
        for (rows_given, refused, full, dropped), after in zip(nights, expected, strict=True):
            rows = [row for row in rows_given if full or row[0] not in dropped]
            drops = [] if full else [(key, "", "", "", "drop") for key in dropped]
            found = home.take([*rows, *drops], refused, full=full)
            texts = held(found).select(*COLUMNS, "delivery").rows()
            assert Counter((row[:4], row[4]) for row in texts) == after
            digests = held(found).select("record", "entry").rows()
            assert all(record == number(entry) for record, entry in digests)


# Erasure


def test_rows_of_an_erased_record_are_never_written_and_a_relative_s_words_are_blank(tmp_path):
    fresh = Home(tmp_path, buckets=3)
    rows = [("P1", "Ann", "2019", ""), ("P2", "Ben", "2020", "Cleo"), ("P3", "Dan", "2020", "Eve")]
    gone = [number("P1"), number("P9"), ids.record_number(KEY, "pay", "P2#spouse")]
    work = Work(fresh.folder / "work", 3)
    taken = take_in(
        fresh.store, None, [Tonight(1, staged(fresh.folder, 1, rows, ["P9"]))], {"pay": PAY},
        record_key=KEY, known=10, buckets=3, work=work, crew=fresh.crew, erased=gone,
    )  # fmt: skip
    said = sorted(held(taken).select("entry", "name", "spouse", "#spouse").rows())
    eve = ids.record_number(KEY, "pay", "P3#spouse")
    assert said == [("P2", "Ben", "", None), ("P3", "Dan", "Eve", eve)]
    for name in ("row.pay", "by_key", "seen", "relative", "refused"):
        frames = [fresh.store.get(ref) for ref in taken.roll.refs(name)]
        numbers = {n for frame in frames for n in frame["record"].to_list()}
        assert numbers.isdisjoint(gone), name
