"""Chapter: a row set aside that says of whom it is. It is an entry of its own: it may protect, and never harms.

On a list of those concerned whoever has no row is not concerned. One row without a key may be of anybody; what it tells
of its person says of whom.
"""

import hashlib
from dataclasses import replace

import pytest

from musterroll.dates import parse_day
from musterroll.extract import apart
from musterroll.extract.check import receive
from musterroll.extract.declaration import load_source
from musterroll.extract.manifest import Manifest
from musterroll.extract.schema import Delta, FactMap, Format, RosterMap, Silence

LIST = load_source(
    """
source: leave
kind: list of office-holders
agency: Ministry
legal_basis: art. 1
purpose: administration
format: csv
encoding: utf-8
founds: nothing
rows_per_record: one
records_per_person: one
freshness_days: 30
silence: those concerned
schema:
  primaryKey: entry
  fields:
    - {name: entry, type: string, constraints: {required: yes}}
    - {name: number, type: string, role: number}
    - {name: given, type: string, role: given}
    - {name: family, type: string, role: family}
    - {name: born, type: date, format: YYYY-MM-DD, role: born}
    - {name: state, type: string, constraints: {required: yes, enum: [A, B]}}
facts:
  - {attribute: on_leave, value: yes, when: {state: A}}
limits: {rows: [0, 100], refused: 100}
"""
)
DAY = parse_day("2021-01-05")


def received(*lines, source=LIST, **told):
    file = "".join(f"{line}\n" for line in ("entry,number,given,family,born,state", *lines)).encode()
    manifest = Manifest("leave", DAY, len(lines), hashlib.sha256(file).hexdigest(), **told)
    return receive(source, manifest, file, previous=None, today=DAY)


GOOD = "1,100,Ann,Low,1990-01-01,A"


@pytest.mark.parametrize(
    ("lines", "places"),
    [
        ([",200,,,,A"], [2]),  # a number
        ([",,Ben,Low,,A"], [2]),  # two names
        ([",,Ben,,1991-02-02,A"], [2]),
        (["2,200,Ben,Low,,"], [2]),  # its state was left out
        (["2,200,Ben,Low,,A", "2,200,Ben,Low,,B"], [2, 3]),  # nobody can say which is right
        (["2,200,Ben,Low,,A", "2,200,Ben,Low,,A"], []),  # word for word: one is kept
        ([",,Ben,,,A"], []),  # one name is anybody's
        ([",,,Low,1991,A"], []),
        ([",,,,,A"], []),
        ([",200,Ben"], [2]),  # cut off, and its number was told before
        (["2,200"], []),  # cut off in the middle of its number
        (["2"], []),
        (["2,,Ben"], []),
    ],
)
def test_a_row_set_aside_that_tells_of_its_person_is_an_entry_of_its_own(lines, places):
    delivery = received(GOOD, *lines)
    assert [row.row for row in delivery.apart] == places
    assert {row.row for row in delivery.apart} <= {row.row for row in delivery.refused}  # told to the agency


def test_its_key_follows_from_what_it_says_and_its_place_among_equals():
    first = received(GOOD, ",200,Ben,Low,,A", ",200,Ben,Low,,A", ",300,Cyd,Low,,A").apart
    later = received(",300,Cyd,Low,,A", GOOD, ",200,Ben,Low,,A", ",200,Ben,Low,,A").apart
    keys = [row.key for row in first]
    assert len(set(keys)) == 3
    assert [row.key for row in later] == [keys[2], *keys[:2]]


@pytest.mark.parametrize(
    "source",
    [
        replace(LIST, silence=Silence.EVERYBODY),
        replace(LIST, silence=Silence.NOBODY),
        replace(LIST, founds=True),
        replace(LIST, rosters=(RosterMap("family", as_role="parent"),)),
        replace(LIST, facts=(FactMap("on_leave", value="yes", rank=2),)),
    ],
)
def test_only_of_a_list_whose_rows_speak_each_for_one_person(source):
    assert received(GOOD, ",200,Ben,Low,,A", source=source).apart == ()


EVENTS = replace(
    LIST,
    rows_per_record="many",
    facts=(
        FactMap("on_leave", value="yes", when={"state": ("A",)}, without={"state": ("B", "C")}),
        FactMap("on_leave", value="no", when={"state": ("B",)}),
        FactMap("on_leave", value="no", when={"state": ("C",)}),
    ),
)


def test_of_events_one_is_kept_apart_where_each_that_ends_another_says_itself_what_holds():
    assert [row.row for row in received(GOOD, ",200,Ben,Low,,A", ",300,Eva,Low,,B", source=EVENTS).apart] == [2, 3]


@pytest.mark.parametrize(
    "facts",
    [
        EVENTS.facts[:2],  # C only takes away
        (*EVENTS.facts[:2], replace(EVENTS.facts[2], attribute="student")),
        (*EVENTS.facts[:2], replace(EVENTS.facts[2], when={"number": ("200",)})),
        (*EVENTS.facts[:2], replace(EVENTS.facts[2], unless={"number": ("",)})),
        (*EVENTS.facts[:2], replace(EVENTS.facts[2], beside={"state": ("A",)})),
        (replace(EVENTS.facts[0], rank=2), *EVENTS.facts[1:]),
    ],
)
def test_of_other_events_none_is_kept_apart(facts):
    assert received(GOOD, ",200,Ben,Low,,A", source=replace(EVENTS, facts=facts)).apart == ()


FUND = replace(
    LIST,
    rosters=(
        RosterMap("family", group="number", as_role="parent"),
        RosterMap("family", group="number", as_role="child", part="dependant_1"),
    ),
)


DWELLING = replace(FUND, rosters=tuple(replace(each, group="state") for each in FUND.rosters))


def test_a_list_that_names_its_person_s_children_keeps_a_row_apart_that_says_whose_and_in_which_family():
    delivery = received(GOOD, ",200,Ben,Low,,A", ",,Ben,Low,1991-02-02,A", ",300,,,,A", ",,Ben,,,A", source=FUND)
    assert [row.row for row in delivery.apart] == [2, 3, 4]  # the third by its person's name, the last says too little
    assert [row.texts["entry"] for row in delivery.apart] == [row.key for row in delivery.apart]


@pytest.mark.parametrize(
    "rosters",
    [
        FUND.rosters[:1],  # the row's person alone: nobody knows as what
        (RosterMap("family", group="number", role="state"), FUND.rosters[1]),
        (RosterMap("family", group="number", as_role="parent", born="born"), FUND.rosters[1]),
        (RosterMap("family", as_role="parent"), FUND.rosters[1]),  # each row a family of its own
        (RosterMap("family", group="entry", as_role="parent"), FUND.rosters[1]),  # its key says more
    ],
)
def test_of_another_list_of_families_none_is_kept_apart(rosters):
    assert received(GOOD, ",200,Ben,Low,,A", source=replace(LIST, rosters=rosters)).apart == ()


def test_a_row_that_does_not_say_in_which_family_is_kept_apart_only_where_its_person_s_number_tells_it():
    delivery = received(GOOD, ",200,Ben,Low,,A", ",,Ben,Low,1991-02-02,", source=DWELLING)
    assert [row.row for row in delivery.apart] == [2]


REGISTER = replace(
    LIST, founds=True, silence=Silence.EVERYBODY, rosters=(RosterMap("family", group="number", as_role="child"),)
)


@pytest.mark.parametrize("silence", [Silence.EVERYBODY, Silence.NOBODY])
def test_a_register_that_places_people_in_families_keeps_every_row_apart_and_none_is_anybody_s_own(silence):
    told = replace(REGISTER, silence=silence)
    delivery = received(GOOD, "2,200,,,,A", "2,200,Ben,,,A", ",300,,,,A", "3,4", source=told)
    assert [row.row for row in delivery.apart] == [2, 3, 4]
    assert [row.texts["entry"] for row in delivery.apart] == [row.key for row in delivery.apart]
    assert [row.texts["number"] for row in delivery.apart] == ["200", "200", "300"]  # whose child it is said to be


@pytest.mark.parametrize(
    "told",
    [
        {"rows_per_record": "many"},
        {"records_per_person": "many"},
        {"silence": Silence.THOSE_CONCERNED},
        {"founds": False, "silence": Silence.NOBODY},
        {"founds": False},
        {"rosters": ()},
    ],
)
def test_not_where_a_row_does_not_say_all_of_a_person(told):
    assert received(GOOD, "2,200,,,,A", "2,200,Ben,,,A", source=replace(REGISTER, **told)).apart == ()


def test_not_of_very_many(monkeypatch):
    rows = [GOOD, ",200,Ben,Low,,A", ",300,Cyd,Low,,A"]
    monkeypatch.setattr(apart, "MOST", 1)
    assert received(*rows).apart == ()
    assert len(received(*rows[:2]).apart) == 1


CHANGES = replace(LIST, delta=Delta("change", frozenset("I"), frozenset("D")))


@pytest.mark.parametrize(
    "source", [CHANGES, replace(CHANGES, founds=True, silence=REGISTER.silence, rosters=REGISTER.rosters)]
)
def test_among_changes_only_what_is_put_and_nothing_that_is_dropped(source):
    def changed(*lines):
        file = "".join(f"{line}\n" for line in ("change,entry,number,given,family,born,state", *lines)).encode()
        told = Manifest("leave", DAY, len(lines), hashlib.sha256(file).hexdigest(), full=False, base="a" * 64)
        return [(row.of, row.texts["number"]) for row in receive(source, told, file, previous=None, today=DAY).apart]

    assert changed(f"I,{GOOD}", "I,2,200,Ben,Low,,", "I,,300,Cyd,Low,,A") == [(2, "200"), (3, "300")]
    assert changed("I,,200,Ben,Low,,A", "D,,200,Ben,Low,,A", "X,,300,Cyd,Low,,A") == [(1, "200")]
    assert changed("I,2,200,Ben,Low,,A", "D,2,200,Ben,Low,,A") == [(1, "200")]  # its key stands twice
    assert ("200" in {number for _, number in changed("I,2,200,Ben,Low,,,A")}) is True
    assert changed("D,2,200,Ben,Low,,,A") == []  # a cell too many, and in some way to read it something is dropped
    assert changed("I,2,200,Ben,Low,A") == []  # a cell too few: it may be the one that says so


WAYS = [
    ["2", "2", "00", "Ben", "Low", "1991-02-02", "A"],
    ["2", "200", "Ben", "Lo", "w", "1991-02-02", "A"],
    ["2", "200", "B", "e", "n", "Low", "1991-02-02", "A"],
    ["2", "20", "0", "Be", "n", "Low", "1991-02-02", "A"],
    ["2", "200", "Ben", "Low", "1991-02-02", "A", "", ""],
]


@pytest.mark.parametrize("cells", WAYS)
@pytest.mark.parametrize("source", [LIST, REGISTER])
def test_a_row_with_too_many_cells_is_read_in_every_way_it_may_have_been_meant(cells, source):
    delivery = received(GOOD, ",".join(cells), "3,300,Cyd,Low,,A", source=source)
    ways = [tuple(row.texts.values())[1:] for row in delivery.apart]
    assert ("200", "Ben", "Low", "1991-02-02", "A") in ways
    assert len(ways) == {7: 6, 8: 21}[len(cells)]
    assert [row.of for row in delivery.apart] == [2] * len(ways)
    assert [row.row for row in delivery.apart] == [*range(4, 4 + len(ways))]  # behind the file's three
    assert len({row.key for row in delivery.apart}) == len(ways)


SHORT = [
    ["2", "200Ben", "Low", "1991-02-02", "A"],
    ["2200", "Ben", "Low", "1991-02-02", "A"],
    ["2", "200", "Ben", "Low", "1991-02-02A"],
    ["2", "200", "Ben", "Low", "1991-02-02"],
    ["2", "200", "Ben", "Low", "1991"],
]


@pytest.mark.parametrize("cells", SHORT)
def test_a_row_with_too_few_cells_is_read_in_every_way_too_and_what_was_lost_is_unreadable(cells):
    delivery = received(GOOD, ",".join(cells), "3,300,Cyd,Low,,A")
    ways = [tuple(row.texts.values()) for row in delivery.apart]
    assert len(ways) == 5
    assert [way.count(apart.UNREAD) for way in ways] == [2] * 5
    right = ("2", "200", "Ben", "Low", "1991-02-02", "A")
    assert any(all(text in (told, apart.UNREAD) for text, told in zip(way, right, strict=True)) for way in ways)


MASKED = replace(LIST, columns={**LIST.columns, "number": replace(LIST.columns["number"], forms=("999",))})


@pytest.mark.parametrize(
    ("line", "source"),
    [
        (",,Ben,Low", LIST),  # one name, and what follows it was lost
        ("2,200,Ben,Low,1991-02-02,A,,,", LIST),  # three too many
        ("2,200,Ben,Low,1991-02-02,A," + "x" * 2_000, LIST),  # a very long one
        (GOOD + GOOD, LIST),  # two rows in one line
        (",,Ben,,,,", LIST),  # one name is anybody's, however it is read
        ("2,,Ben", LIST),  # cut off after one name
        ("200,Ben,Low", MASKED),  # its beginning was lost, and no number is written so
        ("2", REGISTER),  # cut off in its first cell
        ("2,200,Ben,Low,1991-02-02,,", DWELLING),  # in which family the child is was left out
    ],
)
def test_not_a_row_that_cannot_be_put_together_again(line, source):
    assert received(GOOD, line, source=source).apart == ()


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("2,200,Be,n,Low,1991-02-02,900,A", 7),
        ("2,200,Ben,Low,1991-02-02,900,0,A", 7),
        ("2,200,Be,n,Lo,w,1991-02-02,900,A", 28),
        ("2,200,Ben,Low,900,A", 0),  # his number and one name may be what was lost
    ],
)
def test_what_may_be_the_text_of_a_column_that_is_cut_is_not_read(line, kept):
    file = f"entry,number,given,family,born,wages,state\n1,100,Ann,Low,1990-01-01,800,A\n{line}\n".encode()
    told = Manifest("leave", DAY, 2, hashlib.sha256(file).hexdigest())
    found = receive(replace(LIST, cut=("wages",)), told, file, previous=None, today=DAY).apart
    assert len(found) == kept
    texts = [text for row in found for text in row.texts.values()]
    assert not any("900" in text for text in texts)
    assert "200" in texts or not kept


def test_a_short_row_of_a_register_of_families_is_read_in_every_way_and_what_was_lost_names_nobody():
    delivery = received(GOOD, "2,200,Ben,Low,1991-02-02", "3,300,Cyd,Low,,A", source=REGISTER)
    ways = [tuple(row.texts.values())[1:] for row in delivery.apart]
    assert ("200", "Ben", "Low", apart.UNREAD, apart.UNREAD) in ways
    assert [row.of for row in delivery.apart] == [2] * 5
    assert [way[0] for way in ways].count(apart.UNREAD) == 2  # its family, in two of the five


@pytest.mark.parametrize("source", [LIST, REGISTER, replace(LIST, cut=("state",), facts=())])
def test_a_row_that_was_cut_off_says_what_its_whole_cells_say(source):
    [row] = received(GOOD, "2,200,Be", "3,300,Cyd,Low,,A", source=source).apart
    assert (row.row, row.of) == (2, 2)
    assert row.texts["number"] == "200"
    assert {row.texts[name] for name in ("given", "family", "born")} == {apart.UNREAD}


@pytest.mark.parametrize(
    "line", ["F1,200,BenLow,1991-02-02,A", "F1,200,Ben,Low,1991-02-02", "F1,200Ben,Low,1991-02-02,A"]
)
def test_a_short_row_of_a_family_fund_is_kept_apart_where_its_person_is_told_however_it_is_read(line):
    assert {row.of for row in received(GOOD, line, source=FUND).apart} == {2}
    assert received(GOOD, "F1,200,,,A", source=FUND).apart == ()  # its number may be what was lost


BROKEN = replace(LIST, format=Format.NDJSON)


def lines_sent(*lines, source=BROKEN, **told):
    file = "".join(f"{line}\n" for line in (WHOLE, *lines)).encode()
    manifest = Manifest("leave", DAY, 1 + len(lines), hashlib.sha256(file).hexdigest(), **told)
    return receive(source, manifest, file, previous=None, today=DAY).apart


LOST = [apart.UNREAD] * 2
WHOLE = '{"change": "I", "entry": "1", "number": "100", "given": "Ann", "family": "Low", "born": "", "state": "A"}'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"change": "I", "entry": "2", "number": "200", "given": "Be', ("2", "200", *LOST, *LOST)),
        ('{"given": "Ben", "family": "Low", "state": "A" "entry": "2"}', None),
        ('{"given": "Ben", "family": "Low", "change": "I", "sta', (*LOST, "Ben", "Low", *LOST)),
        ('{"change": "D", "entry": "2", "number": "200", "given": "Be', None),
        ('{"change": "I", "entry": "2", "given": "Ben", "family": "Lo', None),  # one name is anybody's
    ],
)
def test_a_broken_line_of_json_is_kept_apart_by_what_is_whole_in_it(line, said):
    changes = replace(BROKEN, delta=CHANGES.delta)
    found = lines_sent(line, source=changes, full=False, base="a" * 64)
    assert [tuple(row.texts.values()) for row in found] == ([said] if said else [])
    assert [(row.row, row.of) for row in found] == ([(2, 2)] if said else [])


def test_a_broken_line_of_a_whole_register_need_not_say_that_nothing_is_dropped():
    line = '{"entry": "2", "number": "200", "given": "Be'
    changes = replace(BROKEN, delta=CHANGES.delta)
    assert [tuple(row.texts.values()) for row in lines_sent(line, source=changes)] == [("2", "200", *LOST, *LOST)]
    assert not lines_sent(line, source=changes, full=False, base="a" * 64)


def test_which_rows_are_read_in_several_ways():
    assert apart.is_ragged(6, ["x"] * 7)
    assert apart.is_ragged(6, ["x"] * 8)
    assert not apart.is_ragged(6, ["x"] * 9)
    assert not apart.is_ragged(3, ["x"] * 5)
    assert not apart.is_ragged(3, ["x"] * 6)
    assert not apart.is_ragged(6, ["x"] * 6)
    assert apart.is_ragged(6, ["x"] * 4)
    assert apart.is_ragged(6, ["x"] * 3)
    assert apart.is_ragged(6, ["x"] * 2)
    assert not apart.is_ragged(6, ["x"])
    assert apart.is_ragged(3, ["x"])
    assert not apart.is_ragged(6, ["x" * 1_000] * 3)
    assert apart.is_ragged(6, ["x"] * 5)
    assert apart.is_ragged(3, ["x"] * 4)
