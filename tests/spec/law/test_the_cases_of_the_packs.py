"""Chapter: the worked cases of the packs that are shipped, each a test by itself.

A case is a situation that a lawyer can read and sign. It stands in the pack, under its article.
"""

from itertools import chain
from pathlib import Path

import pytest

from musterroll import canonical
from musterroll.claim import worked
from musterroll.dates import NEVER, parse_day
from musterroll.fact.attribute import Held, State
from musterroll.law import cases, report
from musterroll.law import pack as packs
from musterroll.law.cases import Outcome
from musterroll.law.evaluate import decide
from musterroll.law.model import lines_of
from musterroll.law.pack import Pack

FOLDER = Path(__file__).parents[3] / "packs"
PACKS = {name: packs.load(FOLDER / name) for name in ("example", "us", "ee", "lv")}
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
    assert {"automatic registration", "failure to report", "continuing duty to report", "who sat"} <= {
        one.name for one in pack.omitted
    }


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
        assert reckoned or not one.readings, name


def test_the_doubts_of_procedure_rest_on_lines_of_proceedings_and_both_readings_are_run() -> None:
    pack = PACKS["us"]
    cites = _cites(pack)
    run = {(place, chosen) for line in worked.lines(pack) for place, chosen in line.readings.items()}
    for name in ("AMB-5", "AMB-8", "AMB-9", "AMB-25", "AMB-26"):
        other = next(reading for reading in pack.readings[name].readings if reading != pack.readings[name].chosen)
        assert (name, other) in run, name
        with_other = pack.with_readings({name: other})
        assert with_other.digest != pack.digest
        assert any(cite.startswith(f"interpretation {name} ") for cite in cites | _cites(with_other)), name


def _cites(pack: Pack) -> set[str]:
    """The paragraphs of all lines of proceedings, those of their conditions too."""
    found = {
        line.cite
        for one in pack.proceedings.values()
        for line in (*one.moves, *one.limits.values(), *one.waits.values())
    }
    return found | {
        line.cite for period in pack.law.periods for guard in period.guards.values() for line in lines_of(guard)
    }


@pytest.mark.parametrize("on", ["2026-11-20", "2026-12-18", "2030-01-01"])
def test_while_no_act_authorizes_induction_no_fact_of_a_claim_is_needed_of_anybody(on: str) -> None:
    """32 CFR 1633.3: no file on a possible classification before an order. Nothing but the gate is asked of anybody."""
    pack = PACKS["us"]
    standby = {"induction_authority": Held(NEVER, NEVER, State.SINGLE)}
    found = decide(pack, "class", standby, parse_day(on))
    assert (found.cls, found.needs) == ("1-H", ())
    assert pack.procedures["us.privacy.no-claims-before-order"].terms[0].cite == "32 CFR 1633.3"
    assert decide(pack, "processing", standby, parse_day(on)).cls == "standby"
