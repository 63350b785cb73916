"""What the Latvian pack promises beside its cases.

The draw is as Regulation 409 has it, nothing runs out against anybody, and no more is held than a rule needs.
"""

import re
from pathlib import Path

import pytest
from tests.lawtext import day

from musterroll.draw import quota
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Kind
from musterroll.law import pack as packs

LV = packs.load(Path("packs/lv"))
PAGE = Path("docs/law/lv.md").read_text("utf-8")
ON = day("2026-09-01")


def test_each_municipality_is_drawn_apart_and_gives_at_least_one() -> None:
    selection = LV.selection
    assert selection is not None
    assert selection.strata == (("territory-1", "municipality"),)
    assert (selection.least, selection.unmerged_by) == (1, "MK 32")
    assert (selection.classes, selection.order) == (("liable",), "draw value")
    assert len(LV.attributes["municipality"].values) == 43


def test_volunteers_come_first_and_more_are_picked_than_needed() -> None:
    selection = LV.selection
    assert selection is not None
    assert selection.called is not None
    assert (selection.total.at(LV.parameters, ON), selection.called.at(LV.parameters, ON)) == (300, 150)
    assert selection.not_held_by == "VADL 4 (4)"


def test_fewer_missing_than_territories_is_no_draw() -> None:
    """MK 27: the Minister looks at the number again."""
    with pytest.raises(MusterRollError, match=r"\[quota.floor\]"):
        quota.apportion(42, [100] * 43, 1)
    assert quota.apportion(43, [100] * 43, 1) == (1,) * 43


def test_shares_are_proportional_with_one_of_the_smallest() -> None:
    sizes = [3300, 510, 130, 8]
    assert quota.apportion(60, sizes, 1) == (49, 8, 2, 1)


def test_nothing_runs_out_against_anybody() -> None:
    for proceeding in LV.proceedings.values():
        for move in proceeding.moves:
            assert "time" not in move.by, move.event
            assert not move.not_after, move.event


def test_no_conviction_no_accusation_no_opinion_and_no_diagnosis_is_held() -> None:
    findings = {one.name for one in LV.attributes.values() if one.kind is Kind.FINDING}
    assert findings == {"unfit", "court_bar", "health_deferred_until", "proceedings_until"}
    for one in LV.attributes.values():
        assert not re.search("reliab|opinion|diagnos|convict|offence|crime", one.name)


def test_every_doubtful_place_stands_on_the_page_about_this_law() -> None:
    declared = {block.name for block in LV.pages.blocks if block.kind == "interpretation"}
    table = PAGE.split("## Doubtful places")[1].split("## What is not held")[0]
    named = {
        name
        for row in re.findall(r"^\| ([a-z0-9-]+(?:, [a-z0-9-]+)*) \|", table, re.MULTILINE)
        for name in row.split(", ")
    }
    assert named - {"name"} == declared


def test_each_proceeding_stands_on_the_page_about_this_law() -> None:
    table = PAGE.split("## Proceedings")[1].split("## Doubtful")[0]
    assert set(re.findall(r"^\| ([a-z]+) \|", table, re.MULTILINE)) - {"proceeding"} == set(LV.proceedings)


def test_what_the_law_says_is_quoted_in_latvian_and_told_in_both_languages() -> None:
    assert LV.language == "lv"
    assert set(LV.words) == {"en", "lv"}
