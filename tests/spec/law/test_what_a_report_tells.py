"""Chapter: what `muster pack check` and `muster pack cases` tell of a folder, to a reader and to a program."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lawtext import BASE, RULES, rule

from musterroll.law import report
from musterroll.law.lint import Finding
from musterroll.law.pack import Pack

CASE = "\n```case bound at eighteen\ngiven: {born: 2000-05-05, serving: no}\non 2020-01-01: bound\n```\n"


def folder(tmp_path: Path, text: str) -> Path:
    made = tmp_path / "small"
    made.mkdir()
    (made / "pack.md").write_text(text, "utf-8")
    return made


def test_what_was_looked_at_is_counted_and_what_the_pack_leaves_out_is_said(tmp_path: Path) -> None:
    told = report.check(folder(tmp_path, BASE + RULES + CASE + "\n```omitted x\nwhy: y\n```\n"))
    assert told.exit_code == 1
    assert {"no-words", "unused-attribute", "no-lock"} <= {one.code for one in told.findings}
    assert [one.forbids for one in told.findings] == sorted((one.forbids for one in told.findings), reverse=True)
    assert report.figure(told).startswith("small: 1 articles, 5 attributes, 2 rules, 1 case lines, ")
    assert told.lines == ("not included  x: y", f"digest  {told.digest}")
    assert told.as_data()["not_included"] == [{"name": "x", "why": "y"}]
    assert told.as_data()["findings"][0]["forbids"] is True


def test_a_case_that_differs_forbids_publication_and_is_named_with_its_line(tmp_path: Path) -> None:
    small = folder(tmp_path, BASE + RULES + "\n```case x\ngiven: {born: 2000-05-05}\non 2020-01-01: bound\n```\n")
    differs = {one.code: one for one in report.check(small).findings}["case"]
    assert differs.what == "x: expected bound, found undetermined, needs serving."
    assert differs.where.startswith("small/pack.md:")
    told = report.case_lines(small)
    assert (told.exit_code, told.figures) == (1, (("lines", 1), ("differ", 1)))
    assert told.lines[0].startswith("DIFFERS  small/pack.md:")
    assert told.as_data()["cases"][0]["expected"] == "bound"


def test_what_the_proofs_find_is_told_with_the_rest(tmp_path: Path) -> None:
    def unproved(pack: Pack) -> Iterator[Finding]:
        yield Finding("not-proved", f"{pack.name} was not proved.", "here", "Prove it.", forbids=True, on=18_262)

    told = report.check(folder(tmp_path, BASE + RULES + CASE), unproved)
    assert "small was not proved." in {one.what for one in told.findings}
    found = {one["what"]: one["on"] for one in told.as_data()["findings"]}
    assert found["small was not proved."] == "2020-01-01"
    assert None in found.values()


@pytest.mark.parametrize("look", [report.check, report.case_lines])
def test_a_pack_that_does_not_load_is_one_finding(tmp_path: Path, look: object) -> None:
    assert callable(look)
    told = look(folder(tmp_path, BASE + rule("wealth > 5")))
    (finding,) = told.findings
    assert (finding.code, finding.where, told.exit_code) == ("law.expression", "small/pack.md:91, art. 1 (1)", 1)
    assert report.figure(told) == "small: 1 not loaded"
    assert look(tmp_path / "nowhere").exit_code == 2


def test_several_packs_are_added_up_and_the_worst_exit_code_counts(tmp_path: Path) -> None:
    good = report.case_lines(folder(tmp_path, BASE + RULES + CASE))
    none = report.case_lines(tmp_path / "nowhere")
    both = report.together("cases", (good, good))
    assert report.figure(both) == "2 packs: 2 lines, 0 differ"
    assert (both.exit_code, both.data["figures"]) == (0, {"lines": 2, "differ": 0})
    assert [one["pack"] for one in both.data["packs"]] == ["small", "small"]
    assert report.figure(report.together("cases", (good, none))) == "2 packs: 1 lines, 0 differ, 1 not loaded"
    assert report.together("cases", (good, none)).exit_code == 2
    assert report.figure(report.together("cases", (good,))) == "small: 1 lines, 0 differ"
