"""What the bulk engine says of pairs and of whole populations is what the plain rules say, whatever the rows are."""

import os
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from musterroll.dates import day_of
from musterroll.engine import linkage_blocks
from musterroll.engine.linkage_delta import laid_over, link_delta
from musterroll.engine.linkage_frame import HUMAN, Population, lay, rows_of
from musterroll.engine.linkage_model import load
from musterroll.engine.linkage_night import link_all
from musterroll.engine.linkage_pairs import (
    against_of,
    agreed_of,
    compared_sql,
    contradiction_sql,
    exact_sql,
    objection_sql,
    verified_sql,
)
from musterroll.engine.linkage_splink import COMPARED
from musterroll.linkage.comparison import Compared, fold, parts_of, readings
from musterroll.linkage.judgement import Author, Verdict
from musterroll.linkage.script import keys
from musterroll.linkage.veto import contradiction, exact, objection, verified
from musterroll.linkage.whose import Known, Said, by_rules, settle

MODEL = load()
FORMS = {name: frozenset(groups) for name, groups in MODEL.form_groups.items()}

GIVEN = (
    "William", "Bill", "Derrick", "Derek", "Dereck", "Yuri", "Юрий", "Iurii", "Anna Maria", "Maria", "J", "محمد",
    "Mohamed", "unknown", "Ana", "王", "王芳", "สมชาย", "Somchai", "Castillo",
)  # fmt: skip
FAMILY = (
    "Castillo", "Castilo", "Garcia Lopez", "Garcia-Perez", "López", "Иванова", "Ivanov", "van den Berg", "Berg",
    "Derek", "王", "Al-Hassan", "Hassan", "Elhassan", "unknown",
)  # fmt: skip
AS_OF = day_of(date(2020, 2, 29))
DAYS = [day_of(date(*day)) for day in ((1980, 5, 6), (1980, 6, 5), (1980, 5, 7), (1990, 5, 6), (2004, 2, 29))]


@st.composite
def rows(draw, record, source):
    """A row that agrees with others in some columns and misses others."""

    def some(*values):
        return draw(st.sampled_from([None, *values]))

    first, last, age = some(*GIVEN), some(*FAMILY), some(16, 29, 30, 39, 40)
    return Compared(
        record,
        source,
        source != "pay",
        number=some("123456789", "123456780", "987654321"),
        given=fold(first),
        middle=some("w", "x", "wayne"),
        family=fold(last),
        born=some(*DAYS),
        sex=some(0, 1),
        age=age,
        as_of=None if age is None else AS_OF,
        house=some("1", "2"),
        street=some("elmst", "oakst"),
        unit=some("3"),
        po_box=some("77"),
        town=some("anytown", "เชียงใหม่"),
        postcode=some("00001", "00002"),
        born_until=some(DAYS[0], DAYS[3]),
        given_keys=None if first is None else keys(first),
        family_keys=None if last is None else keys(last),
    )


def frame(found):
    return pl.DataFrame(list(parts_of(found)), schema=COMPARED, orient="row")


def known(found, founding):
    told = {}
    for row in found:
        told.setdefault(row.record, []).extend(readings(row, MODEL.not_names))
    founders = frozenset(row.record for row in found if row.source in founding)
    return Known(told, founders, FORMS)


@settings(max_examples=60, deadline=None)
@given(st.lists(rows(1, "civil"), min_size=1, max_size=2), st.lists(rows(2, "dwelling"), min_size=1, max_size=2))
def test_two_records_are_compared_alike(left, right):
    connection = duckdb.connect()
    lay(connection, Population(frame([*left, *right]), frozenset({"civil"})), MODEL)
    rows_of(connection, "all_rows", "SELECT record FROM row")
    found = connection.sql(
        f"SELECT {agreed_of()}, {against_of()}, {contradiction_sql()}, {objection_sql()}, {verified_sql()}, "
        f"{exact_sql()} FROM ({compared_sql('(SELECT 1 AS a, 2 AS b)', 'all_rows', 'all_rows')})"
    ).fetchall()
    pair = known([*left, *right], {"civil"}).pair(1, 2)
    wanted = (pair.agreed, pair.against, contradiction(pair), objection(pair), verified(pair), exact(pair))
    assert found == [wanted]


CIVIL = range(1, 6)
OTHERS = range(11, 18)
SOURCE = {11: "dwelling", 12: "dwelling", 13: "dwelling", 14: "pay", 15: "pay", 16: "tax", 17: "tax"}


@st.composite
def populations(draw):
    """Five civil records and seven others, a few of them with two rows."""
    found = []
    for record in [*CIVIL, *OTHERS]:
        source = SOURCE.get(record, "civil")
        found += draw(st.lists(rows(record, source), min_size=1, max_size=draw(st.sampled_from([1, 1, 1, 2]))))
    return found


@st.composite
def judgements(draw):
    """What humans said of a few pairs."""
    pairs = draw(st.sets(st.tuples(st.sampled_from(CIVIL), st.sampled_from(OTHERS)), max_size=3))
    return [
        Said(
            founder,
            record,
            draw(st.sampled_from(list(Verdict))),
            draw(st.sampled_from([Author.OFFICER, Author.PERSON])),
            7,
        )
        for founder, record in sorted(pairs)
    ]


def plain(found, human, pairs, founding=frozenset({"civil"})):
    """The plain rules on the weights that the engine found."""
    people = known(found, founding)
    scores = {(left, right): weight for left, right, weight in pairs.iter_rows()}
    return settle(people, by_rules(people, human), scores, MODEL.coverage, MODEL.number)


def human_frame(human):
    lines = [(one.founder, one.record, int(one.verdict), str(one.by), one.basis) for one in human]
    return pl.DataFrame(lines, schema=HUMAN, orient="row")


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(populations(), judgements())
def test_a_population_is_linked_as_the_plain_rules_say(found, human):
    with TemporaryDirectory() as folder:
        population = Population(frame(found), frozenset({"civil"}), human=human_frame(human))
        linked = link_all(population, MODEL, Path(folder))
        links, pairs = linked.read("link"), linked.read("pair")
        wanted = plain(found, human, pairs)
        assert links.drop("source").rows() == [
            (one.founder, one.record, int(one.verdict), str(one.by), one.basis, one.weight, one.agreed, one.against)
            for one in wanted.links
        ]
        assert set(linked.read("unattached")["record"]) == wanted.unattached
        assert set(linked.read("refused").rows()) == {
            (one.left, one.right, one.weight, one.reason) for one in wanted.refused
        }


def of(record, source, number, given, family, born, sex=0):
    """A row of somebody of whom all of this is told."""
    return Compared(
        record, source, source != "pay", number=number, given=fold(given), family=fold(family), born=born, sex=sex,
        given_keys=keys(given), family_keys=keys(family),
    )  # fmt: skip


KIN = [
    of(1, "civil", "111111111", "Karl", "Adler", DAYS[0]),
    of(2, "civil", "222222222", "Karl", "Adler", DAYS[3]),  # his son of the same name
    of(3, "civil", "333333333", "Otto", "Berg", DAYS[4]),
    of(4, "civil", "444444444", "Max", "Berg", DAYS[4]),  # his twin
    of(5, "civil", "555555555", "Ida", "Falk", DAYS[2]),
    of(6, "civil", "666666666", "Ida", "Dorn", DAYS[2]),
]
LENT = [
    of(11, "pay", "111111111", "Karl", "Adler", DAYS[3]),  # the father's number, the son's birth date
    of(12, "tax", "333333333", "Max", "Berg", DAYS[4]),  # one twin's number, the other's name
    of(13, "pay", "444444444", "Max", "Berg", DAYS[4]),
    of(14, "pay", "111111111", "Karl", "Adler", DAYS[1]),  # nobody else was born that day
    of(15, "tax", "999999999", "Karl", "Adler", DAYS[3]),
    of(16, "tax", "555555555", "Ida", "Dorn", DAYS[2]),  # Ida Falk's number under her former name, which another has
]
WHOSE = {
    11: {(1, "number", 2), (2, "exact", 2)},
    12: {(3, "number", 2), (4, "exact", 2)},
    13: {(4, "number", 1)},
    14: {(1, "number", 1)},
    15: {(2, "exact", 1)},
    16: {(5, "number", 1)},
}


def whose(linked):
    """Of each row of LENT: founder, who says so, judgement."""
    links = linked.read("link").select("record", "founder", "by", "judgement").rows()
    return {record: {tuple(rest) for of_record, *rest in links if of_record == record} for record in WHOSE}


def test_a_row_with_one_s_number_and_another_s_name_and_birth_date_is_possible_for_both(tmp_path):
    linked = link_all(Population(frame([*KIN, *LENT]), frozenset({"civil"})), MODEL, tmp_path)
    assert whose(linked) == WHOSE
    wanted = plain([*KIN, *LENT], [], linked.read("pair"))
    assert linked.read("link").select("founder", "record", "judgement", "by", "weight", "agreed", "against").rows() == [
        (one.founder, one.record, int(one.verdict), str(one.by), one.weight, one.agreed, one.against)
        for one in wanted.links
    ]
    assert set(linked.read("free")["record"]).isdisjoint({11, 12})


def test_a_number_is_contested_from_the_night_on_which_the_other_is_in_the_register_and_until_he_is_not(tmp_path):
    son = KIN[1]
    days = [[*KIN, *LENT], [KIN[0], *KIN[2:], *LENT], [*KIN, *LENT]]
    link_all(Population(frame(days[0]), frozenset({"civil"})), MODEL, tmp_path / "0")
    for day, (held, gone, fresh) in enumerate([(days[1], [son], []), (days[2], [], [son])], start=1):
        population = Population(frame(held), frozenset({"civil"}))
        delta = link_delta(
            tmp_path / str(day - 1), population, frame(gone), frame(fresh), MODEL, tmp_path / f"delta-{day}"
        )
        now = laid_over(tmp_path / str(day - 1), delta, tmp_path / str(day))
        whole = link_all(population, MODEL, tmp_path / f"whole-{day}", terms=tmp_path / "0" / "terms")
        for name in ("pair", "link", "free", "unattached"):
            assert now.read(name).rows() == whole.read(name).rows(), name
    assert whose(now) == WHOSE


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(populations())
def test_no_pair_that_matters_is_left_out_at_a_glance(found):
    with TemporaryDirectory() as folder:
        population = Population(frame(found), frozenset({"civil"}))
        glanced = link_all(population, MODEL, Path(folder) / "glanced").read("pair")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(linkage_blocks, "worth_sql", lambda *_: "TRUE")
            weighed = link_all(population, MODEL, Path(folder) / "weighed").read("pair")
        assert glanced.rows() == weighed.rows()


@settings(max_examples=int(os.environ.get("LINKAGE_DAYS", "2")), deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_a_series_of_days_leaves_what_one_run_over_everybody_finds(data):
    held = data.draw(populations())
    human = data.draw(judgements())
    with TemporaryDirectory() as place:
        work = Path(place)
        link_all(Population(frame(held), frozenset({"civil"}), human=human_frame(human)), MODEL, work / "0")
        for day in range(1, 4):
            records = data.draw(st.sets(st.sampled_from([*CIVIL, *OTHERS]), min_size=1, max_size=3))
            gone = [row for row in held if row.record in records]
            fresh = [
                row
                for record in sorted(records)
                for row in data.draw(st.lists(rows(record, SOURCE.get(record, "civil")), max_size=2))
            ]
            held = [row for row in held if row.record not in records] + fresh
            after = data.draw(st.sampled_from([human, human, data.draw(judgements())]))
            asked = {number for one in {*human} ^ {*after} for number in (one.founder, one.record)}
            human = [one for one in after if any(row.record == one.founder for row in held)]
            asked |= {number for one in {*human} ^ {*after} for number in (one.founder, one.record)}
            population = Population(frame(held), frozenset({"civil"}), human=human_frame(human))
            delta = link_delta(
                work / str(day - 1), population, frame(gone), frame(fresh), MODEL, work / f"delta-{day}",
                touched=frozenset(asked),
            )  # fmt: skip
            now = laid_over(work / str(day - 1), delta, work / str(day))
            whole = link_all(population, MODEL, work / f"whole-{day}", terms=work / "0" / "terms")
            for name in ("pair", "link", "free", "unattached"):
                assert now.read(name).rows() == whole.read(name).rows(), name
