"""A pack that must not be published is refused by `muster pack check`, with the place and what to do.

Each row takes the example republic, changes one thing, and runs the command as a lawyer would.
"""

import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT, muster


def changed(tmp_path: Path, page: str, old: str, new: str) -> Path:
    folder = tmp_path / "example"
    shutil.copytree(ROOT / "packs" / "example", folder)
    text = (folder / page).read_text("utf-8")
    assert old in text
    (folder / page).write_text(text.replace(old, new, 1), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("page", "old", "new", "code", "where", "says"),
    [
        (  # a rule that cites nothing
            "liability.md",
            "  - (1): serving\n",
            "  - serving\n",
            "law.uncited",
            "example/liability.md:",
            "rule serving: a condition cites nothing.",
        ),
        (  # an attribute of no closed kind
            "pack.md",
            "kind: residence area",
            "kind: creditworthiness",
            "law.attribute-kind",
            "example/pack.md:",
            "`creditworthiness` is not one of the closed kinds of attributes",
        ),
        (  # an attribute without an article
            "pack.md",
            "basis: (8)",
            "basis: (99)",
            "law.uncited",
            "example/pack.md:",
            "`(99)` is no paragraph quoted in this pack",
        ),
        (  # somebody is worse off for having served
            "liability.md",
            "gives: class exempt\nwhen:\n  - (2): has_served",
            "gives: class deferred\nwhen:\n  - (2): has_served",
            "case",
            "example/liability.md:",
            "served before: expected exempt, found deferred",
        ),
        (  # a calendar that says nothing about 29 February
            "pack.md",
            "leap_day: {is: 1 March, basis: (2)}\n",
            "",
            "law.block",
            "example/pack.md:",
            "`leap_day` is missing",
        ),
        (  # a name that nobody declared
            "liability.md",
            "  - (1): enrolled",
            "  - (1): enrolled and wanted",
            "law.expression",
            "art. 4 (1)",
            "`wanted` is not declared.",
        ),
        (  # the person's words are missing
            "words.md",
            "rule.serving: You serve in the armed forces.\n",
            "",
            "words",
            "words en",
            "In `en` 1 sentences are missing: rule.serving",
        ),
        (  # people chosen by something else than the charter allows
            "selection.md",
            "{strata: year of born}",
            "{strata: serving}",
            "law.selection",
            "example/selection.md:",
            "strata may not be made by `serving` (charter S3)",
        ),
    ],
)
def test_one_thing_wrong_forbids_publication(
    tmp_path: Path, page: str, old: str, new: str, code: str, where: str, says: str
) -> None:
    done = muster("pack", "check", changed(tmp_path, page, old, new))
    assert done.returncode == 1
    refused = [line for line in done.stderr.split("FORBIDS PUBLICATION") if f"  {code}  " in line]
    assert refused, done.stderr
    assert where in refused[0]
    assert says in refused[0]
    assert "Traceback" not in done.stderr


def test_somebody_liable_when_every_fact_is_unknown_forbids_publication(tmp_path: Path) -> None:
    """Every rule but one is taken out, and that one rests on nothing but the day."""
    folder = changed(tmp_path, "liability.md", "  - (1): enrolled\n", "  - (1): on >= 2019-01-01\n")
    page = folder / "liability.md"
    kept, skipping = [], False
    for line in page.read_text("utf-8").splitlines():
        if line.startswith("```rule "):
            skipping = line != "```rule liable"
        if not skipping and line not in (
            "  - (2): sex == male",
            "  - (3): liable_from <= age(born) <= liable_to",
            "  - (4): lives_in_dwelling",
        ):
            kept.append(line)
        skipping = skipping and line != "```"
    page.write_text("\n".join(kept) + "\n", "utf-8")
    done = muster("pack", "check", folder)
    assert done.returncode == 1
    assert "FORBIDS PUBLICATION  liable-by-unknown  rule liable, art. 4" in done.stderr
    assert "Of whom nothing is known, service answers `liable` on 2019-01-01." in done.stderr
    assert "Let the rule rest on facts that must be known (charter S1)." in done.stderr


@pytest.mark.parametrize("name", ["example", "us", "lv"])
def test_the_packs_that_are_shipped_may_be_published_and_their_cases_agree(name: str) -> None:
    done = muster("pack", "check", ROOT / "packs" / name)
    assert (done.returncode, done.stderr) == (0, "")
    shown = muster("pack", "cases", ROOT / "packs" / name)
    assert (shown.returncode, shown.stdout.splitlines()[-1].endswith(" 0 differ")) == (0, True)


def test_a_folder_without_a_pack_cannot_be_looked_at(tmp_path: Path) -> None:
    done = muster("pack", "check", tmp_path)
    assert done.returncode == 2
    assert "it has no pack.md" in done.stderr
