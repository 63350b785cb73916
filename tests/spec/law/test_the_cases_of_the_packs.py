"""Chapter: the worked cases of the packs that are shipped, each a test by itself.

A case is a situation that a lawyer can read and sign. It stands in the pack, under its article.
"""

import re
from itertools import chain
from pathlib import Path

import pytest

from musterroll import canonical
from musterroll.dates import NEVER, parse_day
from musterroll.fact.attribute import Held, State
from musterroll.law import cases, report
from musterroll.law import pack as packs
from musterroll.law.cases import Outcome
from musterroll.law.evaluate import decide
from musterroll.law.model import lines_of

FOLDER = Path(__file__).parents[3] / "packs"
PACKS = {name: packs.load(FOLDER / name) for name in ("example", "us")}
OUTCOMES = [(name, one) for name, pack in PACKS.items() for one in cases.run(pack)]


@pytest.mark.parametrize(("name", "outcome"), OUTCOMES, ids=lambda one: getattr(one, "where", one))
def test_the_law_answers_as_the_case_says(name: str, outcome: Outcome) -> None:
    assert outcome.differs == "", f"{name}: {outcome.case}: {outcome.expected}"


@pytest.mark.parametrize("name", PACKS)
def test_the_pack_may_be_published_and_every_condition_is_shown_true_false_and_unknown(name: str) -> None:
    told = report.check(FOLDER / name)
    assert [one for one in told.findings if one.code not in {"unreviewed", "no-lock"}] == []
    assert told.exit_code == 0


@pytest.mark.parametrize("name", PACKS)
def test_the_published_form_gives_the_same_law(name: str) -> None:
    published = packs.from_canonical(PACKS[name].canonical())
    assert (published.digest, published.law) == (PACKS[name].digest, PACKS[name].law)


def test_no_number_is_used_twice_in_any_pack() -> None:
    known = canonical.decode((FOLDER / "attributes.json").read_bytes())["packs"].values()
    for kind in ("attributes", "questions", "rosters"):
        numbers = list(chain.from_iterable(pack[kind].values() for pack in known))
        assert len(numbers) == len(set(numbers))


def test_the_united_states_pack_names_two_classes_that_may_be_called_and_says_what_it_leaves_out() -> None:
    pack = PACKS["us"]
    callable_ones = {one.name for question in pack.questions.values() for one in question.classes if one.callable}
    assert callable_ones == {"1-A", "1-A-O"}  # 32 CFR 1624.4, 1624.9; nobody reaches them without an act of Congress
    assert {"automatic registration", "failure to report", "order of call"} <= {one.name for one in pack.omitted}


def test_whatever_follows_from_automatic_registration_is_marked_provisional_to_everybody() -> None:
    pack = PACKS["us"]
    classes = {one.name: one for question in pack.questions.values() for one in question.classes}
    rules = [rule for asked in pack.at(parse_day("2026-12-18")).rules.values() for rule in asked if rule]
    automatic = [rule for rule in rules if rule.name.startswith("us.autoreg.")]
    assert {rule.gives for rule in automatic} == {"auto_not", "auto_entered", "automatic"}
    for rule in automatic:
        assert classes[rule.gives].label.startswith("Provisional: ")
    for name in ("auto_not", "auto_entered"):
        assert pack.words["en"][f"class.registration.{name}"].startswith("Provisional: ")
    assert pack.words["en"]["class.window.automatic"].startswith("Provisional: ")
    for rule in automatic:
        assert "provisional" in pack.words["en"][f"rule.{rule.name}"].lower()
    old = [rule for asked in pack.at(parse_day("2026-12-17")).rules.values() for rule in asked if rule]
    assert not [rule.name for rule in old if rule.name.startswith("us.autoreg.")]


def test_none_of_the_twenty_six_doubtful_places_of_the_united_states_law_is_hidden() -> None:
    pack = PACKS["us"]
    places = {name: one for name, one in pack.readings.items() if name.startswith("AMB-")}
    assert set(places) == {f"AMB-{number}" for number in range(1, 27)}
    assert all(one.doubt and one.chosen and one.by for one in places.values())
    page = (FOLDER / "us" / "ambiguities.md").read_text()
    for name, one in places.items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| {name} |")]
        reckoned = row.rsplit("|", 2)[1].strip()
        assert bool(reckoned) == bool(one.readings), name
        assert ("below, procedure" in row) == ("Procedure, not held by this pack" in one.chosen), name


def test_no_rule_rests_on_a_doubt_of_procedure() -> None:
    pack = PACKS["us"]
    lines = {
        line.paragraph
        for period in pack.law.periods
        for rules in period.rules.values()
        for rule in rules
        if rule
        for line in lines_of(rule.when)
        if line.article == "interpretation"
    }
    procedure = {name for name, one in pack.readings.items() if "Procedure, not held by this pack" in one.chosen}
    assert len(procedure) == 6
    assert not {name.partition(" ")[0] for name in lines} & procedure


@pytest.mark.parametrize("on", ["2026-11-20", "2026-12-18", "2030-01-01"])
def test_while_no_act_authorizes_induction_no_fact_of_a_claim_is_needed_of_anybody(on: str) -> None:
    """32 CFR 1633.3: no file on a possible classification before an order. Nothing but the gate is asked of anybody."""
    pack = PACKS["us"]
    standby = {"induction_authority": Held(NEVER, NEVER, State.SINGLE)}
    found = decide(pack, "class", standby, parse_day(on))
    assert (found.cls, found.needs) == ("1-H", ())
    assert pack.procedures["us.privacy.no-claims-before-order"].terms[0].cite == "32 CFR 1633.3"
    assert decide(pack, "processing", standby, parse_day(on)).cls == "standby"


LISTED = {"A": 34, "B": 26, "C": 22, "D": 25, "E": 73, "F": 18}
"""The situations that were worked out from the text before the pack of the United States was written."""


def _rows() -> dict[str, str]:
    """The row of docs/law/us.md for each situation; `C1 to C4` and `C20, C21` stand for several."""
    found: dict[str, str] = {}
    for line in (FOLDER.parent / "docs" / "law" / "us.md").read_text("utf-8").splitlines():
        for part in re.findall(r"[A-F]\d+(?: to [A-F]\d+)?", line.split("|")[1]) if line.startswith("| ") else ():
            first, _, last = part.partition(" to ")
            for number in range(int(first[1:]), int((last or first)[1:]) + 1):
                assert f"{first[0]}{number}" not in found
                found[f"{first[0]}{number}"] = line
    return found


def test_every_situation_of_the_list_is_answered_by_a_case_or_the_page_says_why_not() -> None:
    rows = _rows()
    assert set(rows) == {f"{letter}{number}" for letter, most in LISTED.items() for number in range(1, most + 1)}
    shown: dict[str, set[str]] = {}
    for name, one in OUTCOMES:
        for situation in re.findall(r"\b[A-F]\d+\b", one.case.partition(":")[0]) if name == "us" else ():
            shown.setdefault(situation, set()).add(one.expected.partition(",")[0])
    for situation, row in rows.items():
        answered = "not answered" not in row and row.count("](") > 0 and situation not in ("D6", "D7")
        assert answered == (situation in shown), row
        if answered:
            said = {answer for part in row.split("|")[2].split("; ") for answer in part.partition(": ")[2].split(" → ")}
            assert {answer.strip() for answer in said} <= shown[situation], row
