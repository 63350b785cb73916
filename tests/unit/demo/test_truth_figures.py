"""The truth report counts right: a hamlet of a dozen people, each with one reason, or none, against a call-up."""

import csv
import json
from types import SimpleNamespace

import polars as pl
import pytest

from musterroll import dates
from musterroll.demo import naive, truth_page, truth_report
from musterroll.demo.naive import Town, called_b, called_c, called_d
from musterroll.demo.registers import COLUMNS
from musterroll.demo.truth import REASONS, Configuration, Found, Truth, years_before
from musterroll.demo.truth_report import Measured

HERE = Configuration(2020, 1, 1, (18, 59))


def day(text):
    return dates.parse_day(text)


# simulant: (true facts that differ from a callable man of 30, dwelling row, pay row, tax row)
HOME = {"housing_type": "Household", "relationship_to_reference_person": "Reference person", "sex": "Male"}
PEOPLE = {
    "ann": ({"sex": 1}, {**HOME, "sex": "Female"}, None, None),
    "ben": ({}, HOME, None, None),
    "cal": ({"died_on": day("2020-06-01")}, HOME, None, None),
    "dan": ({"lives_in_dwelling": False}, None, None, None),
    "eli": ({"serving": True}, HOME, {"tax_year": "2020"}, None),
    "fox": ({"has_served": True}, HOME, None, None),  # his pay row was left out of the file
    "gus": ({"in_institution": True}, {**HOME, "housing_type": "Nursing home"}, None, None),
    "hal": ({"full_time_student": True}, {**HOME, "housing_type": "Household"}, None, None),  # the row is wrong
    "ian": ({"third_child_born": day("2015-01-01")}, {**HOME, "household_id": "many"}, None, None),
    "jim": ({"youngest_child_born": day("2015-01-01")}, {**HOME, "household_id": "one"}, None, None),
    "kit": (
        {"third_dependant_born": day("2015-01-01")},
        HOME,
        None,
        {f"dependent_{n}_ssn": f"kid-{n}" for n in (1, 2, 3)},
    ),
    "leo": ({"born": day("1950-01-01")}, HOME, None, None),  # 70 years old; every row of his says 30
    "max": ({}, None, None, None),  # callable, and nobody knows where he lives
}
CHILDREN = {**{f"child{n}": "many" for n in (1, 2, 3)}, "child4": "one"}
KIDS = ("kid-1", "kid-2", "kid-3")


@pytest.fixture
def folder(tmp_path):
    deliveries = tmp_path / "deliveries" / "night-1"
    deliveries.mkdir(parents=True)
    whose = []
    files = {source: [] for source in ("civil", "dwelling", "pay", "tax")}

    def send(source, simulant, cells):
        files[source].append({**dict.fromkeys(COLUMNS[source], ""), **cells})
        key = cells["ssn" if source == "civil" else "entry"]
        whose.append(("night-1", source, len(files[source]), key, simulant))

    for number, (name, (_, dwelling, pay, tax)) in enumerate(PEOPLE.items()):
        first = {"first_name": name.title(), "last_name": "Hill"}
        sex = "Female" if name == "ann" else "Male"
        civil = {"ssn": name, **first, "date_of_birth": "19900101", "sex": sex, "event_type": "creation"}
        send("civil", name, {**civil, "event_date": "19900101"})
        if name == "cal":
            send("civil", name, {**civil, "event_type": "", "event_date": "20200601"})
        if dwelling:
            row = {"entry": f"D{number}", **first, "household_id": f"home {name}", "date_of_birth": "01/01/1990"}
            send("dwelling", name, {**row, "age": "30", **dwelling})
        if pay:
            send("pay", name, {"entry": f"P{number}", "ssn": name, **first, **pay})
        if tax:
            send("tax", name, {"entry": f"T{number}", "ssn": name, **first, **tax})
    for kid in KIDS:
        send("civil", kid, {"ssn": kid, "date_of_birth": "20150101", "event_type": "creation", "sex": "Female"})
    for child, home in CHILDREN.items():
        row = {"entry": child, "household_id": home, "age": "5", "date_of_birth": "", "housing_type": "Household"}
        send("dwelling", child, {**row, "relationship_to_reference_person": "Biological child"})
    for source, rows in files.items():
        with (deliveries / f"{source}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[source])
            writer.writeheader()
            writer.writerows(rows)
    facts = {
        "born": day("1990-01-01"),
        "sex": 0,
        "died_on": dates.NEVER,
        "lives_in_dwelling": True,
        "serving": False,
        "has_served": False,
        "in_institution": False,
        "full_time_student": False,
        "third_child_born": dates.NEVER,
        "third_dependant_born": dates.NEVER,
        "youngest_child_born": dates.NEVER,
        "shares_care": False,
    }
    people = [{"simulant": name, "number": name, **facts, **true} for name, (true, *_) in PEOPLE.items()]
    people += [{"simulant": kid, "number": kid, **facts, "sex": 1, "born": day("2015-01-01")} for kid in KIDS]
    (tmp_path / "truth").mkdir()
    pl.DataFrame(people).write_parquet(tmp_path / "truth" / "people.parquet")
    columns = ["night", "source", "row", "key", "simulant"]
    pl.DataFrame(whose, schema=columns, orient="row").write_parquet(tmp_path / "truth" / "rows.parquet")
    return tmp_path


@pytest.fixture
def truth(folder):
    return Truth(folder, HERE)


def test_only_those_with_no_reason_against_it_are_truly_callable(truth):
    assert [number for number, reasons in truth.why_not.items() if not reasons] == ["ben", "max"]
    assert {number: reasons for number, reasons in truth.why_not.items() if number in ("ann", "cal", "jim", "leo")} == {
        "ann": ("sex",),
        "cal": ("dead",),
        "jim": ("sole_guardian",),
        "leo": ("age",),
    }


def test_called_wrongful_asked_and_missed_are_counted_apart(truth):
    counts, wrongful = truth.counts({"ben", "cal", "fox"}, {"dan"})
    assert wrongful == ["cal", "fox"]
    assert (counts.called, counts.wrongful, counts.truly_callable) == (3, 2, 2)
    assert (counts.missed, counts.undetermined_callable) == (1, 0)  # Max was neither called nor asked
    assert counts.by_reason == {"dead": 1, "served": 1}
    asked, _ = truth.counts({"ben"}, {"max", "dan"})
    assert (asked.missed, asked.undetermined_callable) == (0, 1)


@pytest.mark.parametrize(
    ("who", "knowable"),
    [
        ("ann", True),
        ("cal", True),  # a second row of unknown kind is a death that could have been read
        ("dan", True),  # nobody's dwelling row may make him a resident
        ("eli", True),
        ("fox", False),
        ("gus", True),
        ("hal", False),
        ("ian", True),
        ("jim", True),
        ("kit", True),
        ("leo", False),
    ],
)
def test_it_is_said_whether_a_row_could_have_shown_it(truth, who, knowable):
    shown = truth.witness.could_show(who, truth.why_not[who])
    assert shown.knowable == knowable
    assert shown.why


def test_one_reason_that_a_row_shows_is_enough(truth):
    assert truth.witness.could_show("eli", ("served", "serving")).knowable


def test_an_unknown_reason_is_a_mistake_in_the_program(truth):
    with pytest.raises(ValueError, match="no such reason"):
        truth.witness.could_show("ben", ("taste",))


def rows_of(folder):
    out = {}
    for source in ("civil", "dwelling", "pay", "tax"):
        with (folder / "deliveries" / "night-1" / f"{source}.csv").open(encoding="utf-8") as file:
            out[source] = [(row["ssn" if source == "civil" else "entry"], row) for row in csv.DictReader(file)]
    return out


def test_exact_joins_call_whoever_has_no_row_that_says_no(folder, truth):
    town = Town(rows_of(folder), HERE.on, truth.born, truth.witness)
    # Cal's death row is of unknown kind, Dan's and Fox's rows are missing, Hal's and Leo's are wrong.
    assert called_b(town) == {"ben", "cal", "dan", "fox", "hal", "leo", "max"}


def test_connected_rows_are_one_person_in_way_c_and_one_row_a_source_in_way_d(folder, truth):
    rows = rows_of(folder)
    town = Town(rows, HERE.on, truth.born, truth.witness)
    named = [(source, key) for source, each in rows.items() for key, _ in each]
    number = {place: n for n, place in enumerate(dict.fromkeys(named), start=1)}
    records = pl.DataFrame(
        [(n, source, key) for (source, key), n in number.items()], schema=["record", "source", "key"], orient="row"
    )
    entry = {row["first_name"]: key for key, row in rows["dwelling"]}
    # Ben's civil record hangs together with his own row and, more weakly, with Gus's, who lives in a nursing home.
    pairs = pl.DataFrame(
        [
            (number["civil", "ben"], number["dwelling", entry["Ben"]], 9_000, 0.99),
            (number["dwelling", entry["Ben"]], number["dwelling", entry["Gus"]], 5_000, 0.95),
            (number["civil", "ben"], number["dwelling", entry["Ben"]], 8_000, 0.97),
            (number["civil", "dan"], number["dwelling", entry["Gus"]], 1_000, 0.5),
        ],
        schema=["left", "right", "weight", "probability"],
        orient="row",
    )
    places = [number["dwelling", entry[name]] for name in ("Ben", "Gus")]
    assert number["civil", "ben"] < min(places)
    assert "dan" in called_c(town, pairs, records)
    assert "ben" in called_d(town, pairs, records)
    reverse = pairs.with_columns(
        pl.when(pl.col("right") == places[1]).then(pl.lit(9_500)).otherwise("weight").alias("weight")
    )
    assert "ben" in called_d(town, reverse, records)


def test_links_are_right_wrong_or_missing(folder, truth):
    standings = pl.DataFrame(
        {"person": [1, 2], "number": ["ben", "eli"], "callable": [True, False], "determined": [True, True]}
    )
    records = pl.DataFrame(
        {
            "record": [10, 11, 12, 13],
            "source": ["civil", "dwelling", "dwelling", "pay"],
            "key": ["ben", "D1", "D4", "P4"],
        }
    )
    links = pl.DataFrame({"person": [1, 1, 1, 2], "record": [10, 11, 12, 13], "judgement": [1, 1, 1, 2]})
    counts, wrongs, found = truth.measured(Found(standings, links, records, str))
    assert (counts.called, wrongs) == (1, ())
    assert found.written() == {
        "confirmed": 2,
        "wrong": 1,  # Eli's dwelling row was taken for Ben's
        "precision_ppm": 500_000,
        "recall_ppm": 333_333,
        "recall_with_possible_ppm": 666_666,
        "rows_of_persons": 3,
    }


def test_a_birthday_on_the_leap_day_is_counted_from_the_day_before():
    assert years_before(day("2020-02-29"), 18) == day("2002-02-28")
    assert years_before(day("2020-12-31"), 18) == day("2002-12-31")


def results(truth, called):
    counts, wrongful = truth.counts(called, {"max"})
    found = Found(
        pl.DataFrame(
            {
                "person": list(range(len(called))),
                "number": sorted(called),
                "callable": [True] * len(called),
                "determined": [True] * len(called),
            }
        ),
        pl.DataFrame(schema={"person": pl.Int64, "record": pl.Int64, "judgement": pl.UInt8}),
        pl.DataFrame(schema={"record": pl.Int64, "source": pl.String, "key": pl.String}),
        lambda person: f"<ref{person}>",
    )
    listed, links = truth.measured(found)[1:]
    ways = dict.fromkeys(naive.WAYS, counts)
    assert len(listed) == len(wrongful)
    return [Measured(HERE, counts, listed, links, {"born": 1, "scope": 2}, ways, found).written()]


def test_the_same_answers_have_the_same_digest(truth):
    (one,), (same,), (other,) = (results(truth, called) for called in ({"ben", "fox"}, {"fox", "ben"}, {"ben"}))
    assert one["decisions_sha256"] == same["decisions_sha256"] != other["decisions_sha256"]


def test_the_file_has_the_agreed_members(truth):
    (written,) = results(truth, {"ben", "fox"})
    keys = ("called", "wrongful", "wrongful_knowable", "missed", "undetermined_callable", "truly_callable")
    assert {key: written[key] for key in keys} == {key: written["naive"][key] for key in keys}
    assert [written[key] for key in ("year", "seed", "noise", "ages")] == [2020, 1, 1, "18-59"]
    assert set(written["naive"]["ways"]) == {"B", "C", "D"}
    assert written["wrongful_each"] == [
        {"ref": "<ref1>", "reasons": ["served"], "knowable": False, "why": "the pay row is missing"}
    ]


def test_the_page_says_it_to_anybody_and_loads_nothing(truth):
    page = truth_page.page(results(truth, {"ben", "fox"}))
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert "DEMONSTRATION. Everybody on this page is invented." in page
    assert "<b>1 of 2</b>men aged 18 to 59 were found callable though the truth says otherwise (50.0 %)." in page
    assert "None of them could have been seen in any row that an agency sent." in page
    assert "&lt;ref1&gt;" in page
    assert REASONS["served"] in page
    for outside in ("http:", "https:", "<script", "<link", "<img", "url(", "@import"):
        assert outside not in page


def test_the_page_of_a_register_without_fault_says_so(truth):
    page = truth_page.page(results(truth, {"ben"}))
    assert "There is none among men aged 18 to 59." in page
    assert (
        truth_page.page([{**results(truth, {"ben"})[0], "undetermined_by_need": {}}]).count("What is asked first") == 0
    )


def test_what_a_row_could_have_shown_is_said_first(truth):
    assert "1 of them could have been seen in a row that an agency sent." in truth_page.page(results(truth, {"cal"}))


def test_the_terminal_shows_every_way_and_each_wrongful_call_up(truth):
    text = truth_page.lines(results(truth, {"ben", "fox"}))
    assert text.startswith("TRUTH REPORT (demonstration: the town is simulated, its truth is known)\n")
    assert "    Muster Roll                      2         1   50.0 %            0       1       0\n" in text
    assert "    naive D " in text
    assert "    wrongful <ref1>: the pay row is missing\n" in text
    assert max(map(len, text.splitlines())) <= 100


def test_a_report_is_measured_again_only_when_something_it_depends_on_has_changed(truth, folder, monkeypatch):
    measured = []

    def measure(home, **numbers):
        measured.append(numbers)
        counts, _ = truth.counts({"ben"}, set())
        found = Found(
            pl.DataFrame({"person": [1], "number": ["ben"], "callable": [True], "determined": [True]}),
            pl.DataFrame(schema={"person": pl.Int64, "record": pl.Int64, "judgement": pl.UInt8}),
            pl.DataFrame(schema={"record": pl.Int64, "source": pl.String, "key": pl.String}),
            str,
        )
        _, wrongs, links = truth.measured(found)
        return [Measured(HERE, counts, wrongs, links, {}, dict.fromkeys(naive.WAYS, counts), found)]

    def home(digest, unsettled=frozenset()):
        return truth_report.Home(
            folder=folder,
            store=None,
            snapshot=SimpleNamespace(digest=digest),
            pack=SimpleNamespace(digest="b" * 64),
            sources={},
            model=None,
            record_key=b"",
            ref=str,
            unsettled=unsettled,
        )

    monkeypatch.setattr(truth_report, "measure", measure)
    first = truth_report.report(home("a" * 64), seed=1)
    assert truth_report.report(home("a" * 64), seed=1) == first
    assert len(measured) == 1
    truth_report.report(home("c" * 64), seed=1)
    truth_report.report(home("c" * 64, frozenset({7})), seed=1)
    truth_report.report(home("c" * 64, frozenset({7})), seed=2)
    assert len(measured) == 4
    (written,) = json.loads((folder / "report" / "truth.json").read_text(encoding="utf-8"))
    assert written["called"] == 1
    assert (folder / "report" / "truth.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (folder / "report" / "truth.txt").read_text(encoding="utf-8") == first
