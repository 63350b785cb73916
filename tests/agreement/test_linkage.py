"""The linkage of a population does what the plain rules say, in any order of rows, every time."""

import json
from collections.abc import Iterable
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from musterroll.dates import date_of, day_of
from musterroll.engine.linkage_model import REVIEWS, decode, load, reviewed
from musterroll.engine.linkage_splink import COMPARED, HUMAN, LINKS, SCORES, link, score_pairs
from musterroll.engine.linkage_training import train
from musterroll.errors import MusterRollError
from musterroll.linkage.cluster import ONE_PER_SOURCE, TWO_FOUNDERS, Edge, Refused, Rules, cluster
from musterroll.linkage.comparison import Compared, parts_of
from musterroll.linkage.judgement import Author, Verdict
from musterroll.linkage.weight import CERTAIN, CONFIRMED, POSSIBLE

CENSUS_DAY = day_of(date(2020, 4, 1))
FIRST = ("der", "kay", "zeb", "xim", "orv", "luc", "mar", "wil", "tha", "pris", "hu")
SECOND = ("ick", "lee", "edee", "ena", "ille", "inda", "ek", "fred", "deus")
LAST = ("cast", "rodr", "schletz", "kofr", "theod", "laub", "wahl", "roehr", "bopp", "quig", "tim", "vei", "nim")
ENDING = ("illo", "iguez", "baum", "on", "opoulos", "ach", "berg", "ich", "ley", "pani", "lleux")


def person(number: int) -> dict[str, object]:
    """An invented person, no two alike."""
    born = day_of(date(1940 + number * 7 % 67, 1 + number % 12, 1 + number * 5 % 28))
    return {
        "number": f"{number * 7919 % 10**9:09d}",
        "given": FIRST[number % 11] + SECOND[number % 9],
        "middle": "abcdefghij"[number * 3 % 10],
        "family": LAST[number % 13] + ENDING[number // 2 % 11],
        "born": born,
        "sex": number % 2,
    }


def civil(number: int, **changed: object) -> Compared:
    return Compared(number, "civil", True, as_of=CENSUS_DAY, **person(number) | changed)


def dwelling(number: int, record: int, **changed: object) -> Compared:
    columns = person(number) | {"number": None, "house": str(number), "street": "elmst"} | changed
    return Compared(record, "dwelling", True, as_of=CENSUS_DAY, **columns)


def pay(number: int, record: int, **changed: object) -> Compared:
    columns = person(number) | {"born": None, "sex": None, "house": str(number), "street": "elmst"} | changed
    return Compared(record, "pay", False, as_of=CENSUS_DAY, **columns)


def near(day: object) -> int:
    """A day whose year is misread by ten."""
    assert isinstance(day, int)
    read = date_of(day)
    return day_of(read.replace(year=read.year - 10 if read.year % 100 >= 10 else read.year + 10))


PEOPLE = range(1, 241)
BORN_230 = date_of(int(str(person(230)["born"])))
ROWS = (
    *(civil(number) for number in PEOPLE),
    *(dwelling(number, 1000 + number) for number in range(1, 200)),
    # His number, his brother's name.
    pay(200, 2200, given="thomasin"),
    # His number and name, twice: two pay records of one person.
    pay(201, 2201),
    pay(201, 3201),
    # In no civil register.
    dwelling(300, 1300, given="anastasia", family="nobodyknown"),
    # A birth date misread, otherwise his.
    dwelling(210, 1210, born=near(person(210)["born"])),
    # A twin of 220, who is in no civil register.
    dwelling(220, 1220, given="wolfgang", middle="q"),
    # A given name and an age are not enough to be certain.
    dwelling(230, 1230, family=None, middle=None, born=None, age=2020 - BORN_230.year),
)
MODEL = load()


def frame(rows: Iterable[Compared]) -> pl.DataFrame:
    return pl.DataFrame(list(parts_of(rows)), schema=COMPARED, orient="row")


FOUNDERS = pl.DataFrame(
    {"record": list(PEOPLE), "person": list(PEOPLE)}, schema={"record": pl.Int64, "person": pl.Int64}
)
NOBODY_JUDGED = pl.DataFrame(schema=HUMAN)


@pytest.fixture(scope="module")
def linked():
    return link(frame(ROWS), FOUNDERS, NOBODY_JUDGED, MODEL)


def judgement(result, record):
    found = result.links.filter(pl.col("record") == record).select("person", "judgement", "by").rows()
    return sorted(found)


def test_everybody_founded_is_linked_to_the_record_that_founded_them(linked):
    founding = linked.links.filter(pl.col("by") == "founding")
    assert founding.select("person", "record").rows() == [(number, number) for number in PEOPLE]


def test_plain_cases_are_confirmed_each_by_its_rule(linked):
    assert judgement(linked, 1005) == [(5, 1, "exact")]
    assert judgement(linked, 2201) == [(201, 1, "number")]
    assert judgement(linked, 3201) == [(201, 1, "number")]


def test_a_number_in_another_persons_row_confirms_nothing(linked):
    assert all(verdict != Verdict.CONFIRMED for _, verdict, _ in judgement(linked, 2200))


def test_a_slip_in_the_birth_date_is_left_to_the_weight(linked):
    assert judgement(linked, 1210) == [(210, 1, "model")]


def test_a_twin_is_never_confirmed(linked):
    assert all(verdict != Verdict.CONFIRMED for _, verdict, _ in judgement(linked, 1220))


def test_a_person_in_no_civil_register_stays_unattached(linked):
    assert judgement(linked, 1300) == []
    assert 1300 in linked.unattached["record"].to_list()


def test_too_little_is_possible_and_weighs_less_than_ten_bits(linked):
    found = linked.links.filter((pl.col("record") == 1230) & (pl.col("person") == 230))
    assert found["judgement"].to_list() == [Verdict.POSSIBLE]
    assert POSSIBLE <= found["weight"][0] < CONFIRMED


def test_every_link_says_what_agreed(linked):
    row = linked.links.filter(pl.col("record") == 1005).row(0, named=True)
    assert (row["agreed"] & 0b111110, row["against"]) == (0b111110, 0)
    assert row["weight"] == CERTAIN


def test_rows_in_any_order_give_the_same_links(linked):
    again = link(frame(reversed(ROWS)), FOUNDERS.reverse(), NOBODY_JUDGED, MODEL)
    assert_frame_equal(again.links, linked.links)
    assert_frame_equal(again.refused_edges, linked.refused_edges)
    assert_frame_equal(again.unattached, linked.unattached)
    assert again.stats == linked.stats


def test_the_counts_of_a_run_add_up(linked):
    assert linked.stats["records"] == len({row.record for row in ROWS})
    assert linked.stats["confirmed_by_founding"] == len(PEOPLE)
    assert linked.stats["unattached"] == linked.unattached.height


def human(*rows):
    return pl.DataFrame(rows, schema=HUMAN, orient="row")


def test_no_run_undoes_a_humans_judgement():
    said = human(
        (1, 1001, int(Verdict.REFUTED), str(Author.PERSON), 77),
        (2, 1300, int(Verdict.CONFIRMED), str(Author.OFFICER), 78),
    )
    result = link(frame(ROWS), FOUNDERS, said, MODEL)
    assert judgement(result, 1001) == [(1, 3, "person")]
    assert judgement(result, 1300) == [(2, 1, "officer")]
    assert 1001 in result.unattached["record"].to_list()


def test_a_refused_judgement_is_not_brought_back_through_other_records():
    # The pay record agrees with the dwelling record on all it has, and with the civil record on the number.
    rows = (*ROWS, pay(1, 2001))
    result = link(frame(rows), FOUNDERS, human((1, 1001, int(Verdict.REFUTED), str(Author.OFFICER), 77)), MODEL)
    assert judgement(result, 1001) == [(1, 3, "officer")]
    assert judgement(result, 2001) == [(1, 1, "number")]
    assert "refuted_by_officer" in result.refused_edges["reason"].to_list()


def test_nothing_to_compare_gives_no_pairs():
    assert score_pairs(frame([civil(1)]), 1, MODEL).schema == SCORES
    empty = link(frame([]), FOUNDERS.clear(), NOBODY_JUDGED, MODEL)
    assert empty.links.schema == LINKS
    assert empty.links.height == 0


def test_a_model_file_reads_as_it_was_written():
    assert decode(MODEL.encode()) == MODEL


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "Expecting"),
        ('{"v": 2}', "another version"),
        ('{"v": 1}', "comparisons"),
        (MODEL.encode().replace('"slip"', '"slap"'), "slap"),
    ],
)
def test_a_damaged_model_is_refused(text, problem):
    with pytest.raises(MusterRollError, match="cannot be used") as caught:
        decode(text, where="model-1.json")
    assert caught.value.code == "model.malformed"
    assert problem in caught.value.what


def test_a_model_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MusterRollError, match=r"cannot be read.*model-9\.json") as caught:
        load(tmp_path / "model-9.json")
    assert caught.value.exit_code == 2


def test_a_model_that_nobody_reviewed_is_refused(tmp_path):
    altered = tmp_path / "model-1.json"
    altered.write_text(MODEL.encode().replace('"coverage": 0.9', '"coverage": 0.95'), encoding="utf-8")
    with pytest.raises(MusterRollError) as caught:
        load(altered)
    assert caught.value.code == "model.not-reviewed"
    assert caught.value.what == "No review by 0 or more people names model 1 with the figures in this file."


def test_a_model_of_invented_people_that_nobody_reviewed_is_for_invented_people_only():
    with pytest.raises(MusterRollError) as caught:
        load(reviewers=2)
    assert str(caught.value) == (
        "Model 1 was reviewed by 0 people; 2 are needed before it links real people. Where: linkage model 1. What to "
        "do: Nobody is linked until then. Have it reviewed, or train one of your own and have that reviewed "
        "(docs/flow/linkage.md, A new model). [model.not-reviewed]"
    )


def test_every_listed_model_says_what_it_was_trained_on_and_measured_at():
    lines = json.loads(REVIEWS.read_text(encoding="utf-8"))["reviews"]
    assert all(line["trained_on"] and line["figures"] for line in lines)
    assert reviewed() == {(MODEL.number, MODEL.digest): 0}


def test_training_on_the_same_rows_makes_the_same_model():
    rows = (*ROWS, *(pay(number, 4000 + number) for number in range(1, 150)))

    def trained():
        return train(
            frame(rows),
            number=9,
            trained_on="the rows of this test",
            coverage=0.9,
            forms=MODEL.forms,
            not_names=MODEL.not_names,
            seed=7,
            founders=len(PEOPLE),
        )

    model = trained()
    assert model == trained()
    assert model.figures["number", "differs"][0] == pytest.approx(0.03)
    m, u = model.figures["born", "same"]
    assert m > 100 * u


def walked(edges: list[Edge], rules: Rules) -> tuple[dict[int, int], list[Refused]]:
    """The slow reference: every edge of every component weighed against every rule."""
    group = {record: frozenset([record]) for edge in edges for record in (edge.left, edge.right)}
    refused = []
    for edge in sorted(set(edges), key=lambda one: (-one.weight, one.left, one.right)):
        a, b = group[edge.left], group[edge.right]
        if a == b:
            continue
        founders = (a | b) & rules.founders
        sources = [rules.single_source[record] for record in a | b if record in rules.single_source]
        reasons: list[str | None] = []
        if len(founders) > 1:
            reasons = [TWO_FOUNDERS]
        elif len(sources) > len(set(sources)):
            reasons = [ONE_PER_SOURCE]
        elif founders:
            (founder,) = founders
            reasons = [rules.contradiction(founder, record) for record in a ^ b if record != founder]
        if any(reasons):
            refused.append((edge.left, edge.right))
        else:
            for record in a | b:
                group[record] = a | b
    return {record: min(members) for record, members in group.items()}, refused


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 14), st.integers(1, 14), st.integers(1, 9)), max_size=25),
    st.sets(st.tuples(st.integers(1, 3), st.integers(4, 14)), max_size=8),
)
def test_taking_quiet_components_whole_gives_what_walking_every_edge_gives(pairs, against):
    edges = list(
        {(min(a, b), max(a, b)): Edge(min(a, b), max(a, b), weight) for a, b, weight in pairs if a != b}.values()
    )
    rules = Rules(
        frozenset({1, 2, 3}),
        {1: "civil", 2: "civil", 3: "civil", 4: "dwelling", 5: "dwelling", 6: "dwelling", 7: "tax", 8: "tax"},
        lambda founder, record: "differs" if (founder, record) in against else None,
    )
    found = cluster(edges, rules)
    of, refused = walked(edges, rules)
    assert dict(found.of) == of
    assert sorted((one.left, one.right) for one in found.refused) == sorted(refused)
