"""What all rows give at once is what the rows of each record give, read one by one."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.fact.people import BORN, DIED, ON, SERVING, SEX, STUDENT, attribute

from musterroll import ids
from musterroll.dates import FIRST_DAY
from musterroll.engine.fact_rows import build, forwarding_token, registered
from musterroll.engine.roll.table import row_table
from musterroll.extract.declaration import load_source
from musterroll.extract.row import typed
from musterroll.extract.schema import Column, ColumnType, FactMap, ParticularMap, RosterMap, Source
from musterroll.fact import record
from musterroll.fact.attribute import Kind, ValueType
from musterroll.fact.timeline import Judgement

KEY = b"k" * 32
FOLDER = Path(__file__).parents[2] / "packs" / "example" / "sources"
HELD = (
    BORN,
    SEX,
    DIED,
    SERVING,
    STUDENT,
    attribute("enrolled", 4, ValueType.BOOL, of=Kind.REGISTRATION),
    attribute("lives_in_dwelling", 5, ValueType.BOOL, of=Kind.RESIDENCE_AREA),
    attribute("has_served", 7, ValueType.BOOL, neutral="no"),
    attribute("in_institution", 8, ValueType.BOOL, neutral="no", of=Kind.FINDING),
)
ATTRIBUTES = {one.name: one for one in HELD}
AS_OF = {1: ON - 90, 2: ON}
CELLS = {
    "date_of_birth": ("19900601", "06/01/1990", "06011990", "", "30.2.1990", "19910230", "02/29/2000", "12/31/2090"),
    "event_date": ("19900601", "20200501", "", "20201301"),
    "event_type": ("creation", "creation", "death", "", "birth"),
    "sex": ("Male", "Female", "", "M"),
    "age": ("30", "29", "6", "", "x"),
    "housing_type": ("Household", "Military", "College", "Carceral", ""),
    "household_id": ("H1", "H2", ""),
    "relationship_to_reference_person": ("Reference person", "Biological child", "Sibling", "", "cousin"),
    "child_born": ("06/01/1990", "", ""),
    "tax_year": ("2019", "2020", "2021"),
    "ssn": ("a1", "A1", "B2", ""),
}


def source_of(name: str) -> Source:
    declared = load_source(FOLDER / f"{'pay' if name in ('fund', 'parents') else name}.yaml")
    if name == "parents":  # families are told by a number
        return replace(declared, name=name, rosters=(RosterMap("family", group="ssn", as_role="parent"),))
    if name == "fund":  # a row for each child of a parent, which tells the child's birth date alone
        child = Column("child_born", ColumnType.DATE, "dependant_1.born", forms=("MM/DD/YYYY",))
        parent = "mailing_address_po_box"
        rosters = (
            RosterMap("family", group=parent, as_role="parent"),
            RosterMap("family", group=parent, as_role="child", part="dependant_1", born="child_born"),
        )
        columns = {**declared.columns, "child_born": child}
        return replace(declared, name="fund", columns=columns, rosters=rosters)
    if name == "civil":  # kinds of maps that the sample's sources do not use
        more = (
            FactMap("full_time_student", value="yes", rank=2, valid_from="event_date"),
            FactMap("born", "sex"),
            FactMap("has_served", value="yes", when={"event_type": ("death",)}),
            FactMap("has_served", value="no", when={"event_type": ("creation",)}),
        )
        return replace(declared, facts=(*declared.facts, *more))
    if name == "pay":  # a list of those concerned on which cells are left blank
        text, more = "mailing_address_state", FactMap("full_time_student", value="yes", when={"first_name": ("Ann",)})
        maps = (
            more,
            FactMap("full_time_student", value="no", when={"first_name": ("Low",), "last_name": ("Ann",)}),
            FactMap("in_institution", text, values={"Ann": "yes"}),
            FactMap("died_on", "tax_year"),
        )
        return replace(declared, facts=(*declared.facts, *maps))
    if name == "benefit":
        contact = ParticularMap("contact", ("first_name", "last_name"), protected_when={"sex": ("Female",)})
        return replace(declared, particulars=(contact,))
    return declared


@st.composite
def deliveries(draw: Any, name: str) -> list[tuple[str, int, int, dict[str, str]]]:
    """(key, delivery, row, texts) of up to 12 rows of up to 5 records."""
    declared, found = source_of(name), []
    for row in range(1, draw(st.integers(1, 12)) + 1):
        key = f"K{draw(st.integers(1, 5))}" if declared.rows_per_record == "many" else f"K{row}"
        texts = {
            column: draw(st.sampled_from(CELLS.get(column, ("", "Ann", " Low "))))
            for column in declared.columns
            if column != declared.key
        }
        found.append((key, draw(st.sampled_from((1, 2))), row, {declared.key: key, **texts}))
    return found


def number(name: str, key: str) -> int:
    return ids.record_number(KEY, name, key)


def frame(declared: Source, rows: list[tuple[str, int, int, dict[str, str]]]) -> pl.DataFrame:
    table = row_table(declared.name, list(declared.columns))
    lines = [
        {"record": number(declared.name, key), "delivery": at, "row": row, "digest": 0, **texts}
        for key, at, row, texts in rows
    ]
    return pl.DataFrame(lines, schema=table.plain_schema)


def built(declared: Source, rows: Any, links: pl.DataFrame) -> Any:
    taken = pl.DataFrame({"delivery": list(AS_OF), "as_of": list(AS_OF.values())})
    return build(
        {declared.name: frame(declared, rows)}, {declared.name: declared}, taken, links, ATTRIBUTES, record_key=KEY
    )


def links_of(declared: Source, rows: Any) -> pl.DataFrame:
    """Every record is confirmed for a person of its own, and possible for person 1000."""
    keys = sorted({key for key, *_ in rows})
    own = [(n, number(declared.name, key), 1) for n, key in enumerate(keys, start=1)]
    other = [(1000, number(declared.name, key), 2) for key in keys]
    refuted = [(2000, number(declared.name, key), 3) for key in keys]
    return pl.DataFrame(
        own + other + refuted, schema={"person": pl.Int64, "record": pl.Int64, "judgement": pl.UInt8}, orient="row"
    )


@pytest.mark.parametrize("name", ["civil", "dwelling", "pay", "tax", "benefit", "fund", "parents"])
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_all_rows_at_once_say_what_each_record_says(name, data):
    declared = source_of(name)
    rows = data.draw(deliveries(name))
    facts, places, parts = [], [], []
    for key in {key for key, *_ in rows}:
        own = [
            record.DeliveredRow(at, row, AS_OF[at], texts, typed(declared, texts, AS_OF[at]))
            for each, at, row, texts in rows
            if each == key
        ]
        facts += [
            (
                number(name, key),
                one.delivery,
                one.row,
                one.attribute,
                one.n,
                one.lo,
                one.hi,
                one.valid_from,
                one.valid_to,
            )
            for one in record.facts(declared, own, ATTRIBUTES)
        ]
        for one in record.places(declared, own):
            whose = number(name, f"{key}#{one.part}" if one.part else key)
            group = ids.record_number(KEY, f"{name}:{one.roster}", one.group)
            places.append((whose, one.delivery, one.row, one.n, group, one.role, one.born_lo, one.born_hi))
        for one in record.particulars(declared, own):
            text = forwarding_token(KEY, one.kind, one.text) if one.protected else one.text
            parts.append((number(name, key), one.delivery, one.row, one.n, one.kind, text, one.protected))
    found = built(declared, rows, links_of(declared, rows))
    confirmed = found.facts.filter(pl.col("link") == 1)
    columns = ["record", "delivery", "row", "attribute", "n", "lo", "hi", "valid_from", "valid_to"]
    assert sorted(confirmed.select(columns).rows()) == sorted(one for one in facts if one[4] < record.BLANK)
    assert sorted(found.facts.filter(person=1000).select(columns).rows()) == sorted(facts)
    assert found.facts.filter(person=2000).is_empty()
    member = ["record", "delivery", "row", "n", "group", "role"]
    assert sorted(set(found.members.select(member).rows()), key=str) == sorted((one[:6] for one in places), key=str)
    blank = found.members.filter(pl.col("link").is_null()).select(*member, "born_lo", "born_hi").rows()
    assert set(blank) <= set(places)
    particular = ["record", "delivery", "row", "n", "kind", "text", "protected"]
    assert sorted(found.particulars.select(particular).rows()) == sorted(parts)
    assert found.particulars.filter(person=1000).is_empty()  # a possible link shows nobody's address to anybody


def dwelling(*rows: dict[str, str]) -> tuple[Source, list[tuple[str, int, int, dict[str, str]]]]:
    declared = source_of("dwelling")
    blank = dict.fromkeys(declared.columns, "")
    lines = [(f"K{n}", 2, n, {**blank, "entry": f"K{n}", **texts}) for n, texts in enumerate(rows, start=1)]
    return declared, lines


CHILD = {"household_id": "H1", "relationship_to_reference_person": "Biological child"}


def test_a_child_of_the_register_is_born_when_all_its_confirmed_rows_say():
    declared, rows = dwelling({**CHILD, "date_of_birth": "06/01/1990"}, CHILD)
    links = links_of(declared, rows).filter(pl.col("judgement") == 1)
    found = built(declared, rows, links).members.sort("row")
    day = BORN.value_of("1990-06-01")
    assert found.select("born_lo", "born_hi").rows() == [(day, day), (FIRST_DAY, ON)]
    one = links.with_columns(pl.lit(1, pl.Int64).alias("person"))
    found = built(declared, rows, one).members.sort("row")
    assert found.select("born_lo", "born_hi").rows() == [(day, day), (day, day)]


def test_those_outside_the_law_keep_a_birth_date_and_no_number():
    declared, rows = dwelling({**CHILD, "date_of_birth": "06/01/1990"}, {**CHILD, "date_of_birth": "06/01/1992"})
    everybody = built(declared, rows, links_of(declared, rows))
    kept = registered(everybody, pl.DataFrame({"temporary": [2], "person": [77]}))
    members = kept.members.sort("row").select("row", "person", "link", "born_lo").rows()
    assert members == [
        (1, None, None, BORN.value_of("1990-06-01")),
        (2, 77, int(Judgement.CONFIRMED), BORN.value_of("1992-06-01")),
    ]
    assert kept.facts["person"].unique().to_list() == [77]
    assert kept.particulars["person"].to_list() == []


def test_somebody_outside_the_law_who_stands_in_a_household_twice_stands_in_it_once():
    declared, rows = dwelling({**CHILD, "date_of_birth": "06/01/1990"}, {**CHILD, "date_of_birth": "06/01/1990"})
    links = links_of(declared, rows).filter(pl.col("judgement") == 1).with_columns(pl.lit(-5, pl.Int64).alias("person"))
    kept = registered(built(declared, rows, links), pl.DataFrame({"temporary": [2], "person": [77]}))
    assert kept.members["row"].to_list() == [1]


POSTS = """
source: posts
kind: armed forces
agency: Posts Office
legal_basis: art. 1
purpose: administration
format: csv
founds: nothing
rows_per_record: one
records_per_person: many
freshness_days: 90
silence: those concerned
schema:
  primaryKey: entry
  fields:
    - {name: entry, type: string, constraints: {required: yes}}
    - {name: whose, type: string, role: number}
    - {name: since, type: date, format: [YYYY-MM-DD, YYYY]}
    - {name: until, type: date, format: [YYYY-MM-DD, YYYY], future: yes}
facts:
  - {attribute: serving, value: yes, unless: {until: [""]}, valid_from: since, valid_to: through until}
  - {attribute: serving, value: yes, when: {until: ""}, valid_from: since}
  - {attribute: serving, value: no, unless: {until: [""]}, valid_from: through until}
limits: {rows: [0, 100]}
"""


@pytest.mark.parametrize(
    ("since", "until", "values"),
    [
        ("2001-02-03", "2089", [(0, 0), (0, 1)]),  # it ends some day of a year: till then, and from the next year on
        ("2001-02-03", "2089-05-01", [(0, 0), (1, 1)]),
        ("2001-02-03", "1999-05-01", [(0, 1)]),  # it ends before it begins: one of the two is wrong
        ("2001-02-03", "2001-02-02", [(0, 0)]),  # it never was
        ("2001-02-03", "2001-02-03", [(0, 0), (1, 1)]),
        ("2001-02-03", "1999", [(0, 1)]),
        ("", "1999-05-01", [(0, 0), (1, 1)]),
        ("2001", "2089-05-01", [(0, 0), (0, 1)]),
        ("2001", "2001-05-01", [(0, 0), (0, 1)]),
        ("2001", "2002", [(0, 0), (0, 1)]),
        ("2002", "2001-05-01", [(0, 1)]),
    ],
)
def test_a_term_whose_last_day_is_partly_known_or_too_early_is_not_said_to_be_over(since, until, values):
    declared = load_source(POSTS)
    texts = {"entry": "K1", "whose": "1", "since": since, "until": until}
    rows = [("K1", 2, 1, {**dict.fromkeys(declared.columns, ""), **texts})]
    own = record.DeliveredRow(2, 1, AS_OF[2], rows[0][3], typed(declared, rows[0][3], AS_OF[2]))
    plain = sorted((one.lo, one.hi, one.valid_from, one.valid_to) for one in record.facts(declared, [own], ATTRIBUTES))
    assert [one[:2] for one in plain] == values
    confirmed = built(declared, rows, links_of(declared, rows)).facts.filter(pl.col("link") == 1)
    assert sorted(confirmed.select("lo", "hi", "valid_from", "valid_to").rows()) == plain
