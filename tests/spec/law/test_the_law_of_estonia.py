"""What the Estonian pack promises beside its cases: what it does not hold, what it holds up, and in which words."""

import re
from pathlib import Path

import pytest

from musterroll.engine.letter_typst import compose
from musterroll.fact.attribute import Kind
from musterroll.law import pack as packs
from musterroll.law.lint import check
from musterroll.law.model import lines_of
from musterroll.law.wording import keys
from musterroll.notice import check_code, mail, template
from musterroll.notice.letter import Office, Reason

ROOT = Path(__file__).parents[3]
EE = packs.load(ROOT / "packs" / "ee")
PAGE = (ROOT / "docs" / "law" / "ee.md").read_text(encoding="utf-8")
LETTERS = ROOT / "packs" / "ee" / "letters"
SHEETS = ("call", "withdrawn", "worsening", "asked", "recalled")


def test_nobody_is_drawn() -> None:
    assert EE.selection is None
    assert any(remark.topic == "selection" for remark in EE.remarks)


@pytest.mark.parametrize(
    ("left_out", "paragraph"),
    [
        ("biometric database", "11-1"),
        ("suspension of licences", "33-1"),
        ("whereabouts from the police", "14 (3)"),
        ("penalties", "222"),
        ("documents deemed served", "15 (3)"),
        ("publication as service", "15 (5)"),
        ("earlier failure to appear", "37 (5) 2)"),
        ("inquiries about beliefs", "58 (3) 2)"),
        ("women who do not fulfil duties", "82 (6) 2)"),
        ("general administrative procedure", "KVTS 1 (2)"),
    ],
)
def test_what_the_charter_forbids_or_nobody_read_is_left_out_and_said_so(left_out: str, paragraph: str) -> None:
    assert paragraph in {one.name: one.why for one in EE.omitted}[left_out]


def test_not_appearing_and_not_answering_are_held_of_nobody() -> None:
    named = [*EE.attributes, *(event for one in EE.proceedings.values() for event in one.events)]
    assert not [name for name in named if re.search("appear(?!s_on)|absent|answer|evad|refus(?!ed)|ignor|wanted", name)]
    for one in EE.attributes.values():
        assert not re.search("diagnos|offence|crime|belief|convict|licen[cs]e|reliab", f"{one.name} {one.label}")


def test_no_time_runs_on_a_document_that_was_only_made_available() -> None:
    cited = {line.cite for period in EE.law.periods for rules in period.rules.values() for rule in rules if rule
             for line in lines_of(rule.when)}  # fmt: skip
    cited |= {
        part.cite for one in EE.proceedings.values() for part in (*one.moves, *one.limits.values(), *one.waits.values())
    }
    assert not {cite for cite in cited if cite.startswith("KVTS 15")}


def test_every_notice_before_entering_begins_when_the_person_was_told() -> None:
    for name in ("call", "conscience", "volunteer"):
        for wait in EE.proceedings[name].waits.values():
            assert all(point.name.endswith("_told") for point in wait.points), wait.name


def test_nobody_enters_while_anything_is_pending() -> None:
    holds = {(one.name, hold.target) for one in EE.proceedings.values() for hold in one.holds}
    for name in ("claim", "correction", "conscience", "assessment", "suspension"):
        assert (name, "call") in holds
    for move in (*EE.proceedings["call"].of("entered"), *EE.proceedings["conscience"].of("began")):
        assert move.binds


def test_a_refusal_counts_thirty_days_after_it_was_told_where_the_act_is_silent() -> None:
    refusals = [move for one in EE.proceedings.values() for move in one.moves if move.event in ("refused", "upheld")]
    for move in refusals:
        if "volunteer" not in move.where and "women" not in move.where:
            assert move.worsens is not None
            assert move.worsens.silent


def test_one_burden_and_it_is_the_acts_own() -> None:
    assert [(one.attribute, one.basis) for one in EE.burdens.values()] == [("secondary_completed_on", "KVTS 44 (4)")]


def test_findings_are_outcomes_and_days() -> None:
    findings = {one.name for one in EE.attributes.values() if one.kind is Kind.FINDING}
    assert findings == {"court_release_on", "health", "severe_finding_until", "proceedings_pending", "detained",
                        "treaty_exempts", "health_deferred_until"}  # fmt: skip


def test_the_law_is_quoted_in_estonian_and_told_in_both_languages() -> None:
    assert EE.language == "et"
    assert set(EE.words) == {"en", "et"}
    assert not [one for one in check(EE) if one.forbids]
    english, estonian = EE.words["en"], EE.words["et"]
    assert set(english) <= set(estonian)
    same = [key for key in keys(EE) if english[key] == estonian[key]]
    assert same == []
    for key in english:
        assert set(re.findall(r"\{\w+\}", english[key])) == set(re.findall(r"\{\w+\}", estonian[key])), key


def test_every_state_event_and_limit_has_its_words() -> None:
    for one in EE.proceedings.values():
        named = [*(("state", name) for name in one.states), *(("event", name) for name in one.events),
                 *(("limit", name) for name in one.limits)]  # fmt: skip
        for kind, name in named:
            assert f"proceeding.{one.name}.{kind}.{name}" in EE.words["et"]
        assert all(f"role.{role}" in EE.words["et"] for role in one.roles)


@pytest.mark.parametrize("language", ["en", "et"])
@pytest.mark.parametrize("sheet", SHEETS)
def test_each_letter_is_whole_and_becomes_a_sheet(sheet: str, language: str) -> None:
    words = template.parse_words((LETTERS / f"words.{language}.yaml").read_text("utf-8"), where="words")
    one = template.parse((LETTERS / f"{sheet}.{language}.yaml").read_text("utf-8"), where=sheet)
    day = words.written(20_729)
    letter = one.fill(
        dict.fromkeys(one.places, day),
        number="2026-000017",
        dated=day,
        office=Office("Kaitseressursside Amet", ("Näidise 1", "Tallinn")),
        recipient=("Mari Näidis", "Tartu"),
        reference="abcdefghijklmnop",
        reasons=[Reason("KVTS 37 (1)", "kutsealune", "on", f"rahvastikuregister, {day}")],
        check_code=check_code.make(b"k" * 32, "2026-000017"),
        policy="ab" * 32,
        fictional=True,
    )
    assert compose(letter, words, at=1_790_294_400).startswith(b"%PDF")
    assert mail.parse((LETTERS / f"mail.{language}.yaml").read_text("utf-8"), where="mail").language == language


def test_each_question_and_proceeding_stands_on_the_page_about_this_law() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert named == {*EE.questions, *EE.proceedings}
