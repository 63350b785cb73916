"""Chapter: what `muster pack prove`, `coverage`, `mutate` and `diff` tell, to a reader and to a program."""

from pathlib import Path

import pytest

from musterroll.law import scaffold
from musterroll.law.prove import report


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("laws") / "nowhere"
    scaffold.write(folder)
    return folder


def changed(tmp_path: Path, *pairs: tuple[str, str]) -> Path:
    folder = tmp_path / "nowhere"
    scaffold.write(folder)
    text = (folder / "duty.md").read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    (folder / "duty.md").write_text(text, "utf-8")
    return folder


def test_a_new_law_is_proved_shown_and_noticed_whole(law: Path) -> None:
    assert report.check(law).exit_code == 0
    proved = report.proofs(law)
    assert (proved.exit_code, dict(proved.figures)["not proved"]) == (0, 0)
    assert all(line.startswith("proved  watch  ") for line in proved.lines)
    assert {"adverse-by-unknown", "burden"} <= {one["code"] for one in proved.data["proved"]}
    shown = report.coverage(law)
    assert shown.exit_code == 0
    assert report.share(shown).startswith("nowhere: coverage 100 %: ")
    assert [line for line in shown.lines if not line.startswith("cannot be shown  ")] == []
    assert shown.data["cannot_be_shown"][0]["why"].startswith("Nobody")
    noticed = report.mutants(law)
    assert (noticed.exit_code, noticed.lines) == (0, ())
    assert report.score(noticed).startswith("nowhere: mutation score 100 %: ")


def test_what_the_cases_do_not_show_is_told_with_the_missing_case(tmp_path: Path) -> None:
    silent = changed(tmp_path, ("on 2024-04-02: bound\n", ""))
    shown = report.coverage(silent)
    assert shown.exit_code == 1
    assert shown.lines[0].startswith("NOT SHOWN  nowhere/duty.md:")
    assert "missing case, beside nowhere/duty.md:" in "\n".join(shown.lines)
    assert shown.data["missing"][0]["cite"] == "sec. 4 (2)"
    assert shown.data["proposed"][0]["case"].startswith("```case ")


def test_an_error_that_no_case_notices_survives(tmp_path: Path) -> None:
    silent = changed(tmp_path, ("on 2019-12-31: not covered\n", ""))
    noticed = report.mutants(silent)
    assert noticed.exit_code == 1
    assert noticed.lines[0].startswith("SURVIVES  ")
    assert noticed.data["survivors"][0]["what"] == "the pack begins a day too early"
    assert report.score(noticed).startswith("nowhere: mutation score 9")


def test_an_accepted_finding_is_told_with_its_reason(tmp_path: Path) -> None:
    more = "```rule again\ngives: class exempt\nwhen:\n  - (1): fire_brigade\n```\n\n"
    reason = "```accepted {} fire_brigade again\nbasis: (1)\nbecause: said twice\nby: nobody\n```\n\n"
    found = report.proofs(changed(tmp_path, ("```rule leave", f"{more}```rule leave")))
    code = next(one.code for one in found.findings if "again" in one.rules)
    accepted = changed(tmp_path / "x", ("```rule leave", f"{more}{reason.format(code)}```rule leave"))
    proved = report.proofs(accepted)
    assert dict(proved.figures)["accepted with a reason"] == len(proved.data["accepted"]) > 0
    assert any(line.startswith(f"accepted  {code}") and "said twice (nobody)" in line for line in proved.lines)
    assert proved.data["accepted"][0]["because"] == "said twice"


def test_who_moves_when_the_law_changes_is_told(law: Path, tmp_path: Path) -> None:
    older = changed(tmp_path, ("age(born) >= 60", "age(born) >= 65"))
    moved = report.amendment(law, older)
    assert (moved.exit_code, dict(moved.figures)) == (1, {"moves": 3, "of them worse": 2})
    assert moved.data["moves"][0]["was"] == "free"
    same = report.amendment(law, law)
    assert (same.exit_code, same.lines) == (0, ())


def test_a_pack_that_is_not_there_has_no_share_and_no_score(tmp_path: Path) -> None:
    for look, last in ((report.coverage, report.share), (report.mutants, report.score)):
        told = look(tmp_path / "nothing")
        assert (told.exit_code, last(told)) == (2, "nothing: 1 not loaded")


@pytest.mark.parametrize(
    ("part", "whole", "says"),
    [(0, 0, "100 %"), (999, 1000, "99.9 %"), (9_999, 10_000, "99.9 %"), (1, 2, "50 %"), (7, 7, "100 %")],
)
def test_a_share_is_rounded_down(part: int, whole: int, says: str) -> None:
    assert report.percent(part, whole) == says
