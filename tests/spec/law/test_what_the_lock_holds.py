"""Chapter: pack.lock says which paragraph was compared with which rule, by whom, and when (law-engine 6.1).

What a lawyer has compared stays compared only as long as neither the text nor the rule changes.
"""

from pathlib import Path

import pytest
from tests.lawtext import BASE, QUESTION, RULES, day, small

from musterroll.errors import MusterRollError
from musterroll.law import lock
from musterroll.law.lock import Lock, Review
from musterroll.law.pack import Pack

COUNSEL = Review("A. Counsel", day("2026-11-22"))
LAW = BASE + RULES


def pack(text: str = LAW) -> Pack:
    return small(text, "")


def reviewed(text: str = LAW) -> Lock:
    return lock.locked(pack(text), None, COUNSEL)


def told(text: str, held: Lock) -> list[tuple[str, str]]:
    return [(one.code, one.what) for one in lock.findings(pack(text), held)]


def test_a_pair_is_a_paragraph_and_what_cites_it() -> None:
    pairs = {pair.key: pair for pair in lock.pairs(pack())}
    assert ("art. 1 (2)", "rule exempt") in pairs
    assert ("art. 1 (1)", "rule bound") in pairs
    assert ("art. 1 (1)", "question duty") in pairs
    assert ("art. 1 (1)", "calendar") in pairs
    assert pairs["art. 1 (3)", "nothing cites it"].where == "art. 1"
    assert pairs["art. 1 (2)", "rule exempt"].where.startswith("small.md:")
    assert not any("words" in what or "case" in what for _, what in pairs)


def test_nothing_changed_says_nothing() -> None:
    assert told(LAW, reviewed()) == []
    assert told(LAW.replace("serving\n```", "serving  \n```"), reviewed()) == []


@pytest.mark.parametrize(
    ("old", "new", "paragraph", "says"),
    [
        ("> (2) second", "> (2) another", "art. 1 (2)", "its text changed and rule exempt did not"),
        ("(2): serving", "(2): not serving", "art. 1 (2)", "rule exempt changed and its text did not"),
        ("# art. 1: The law", "# art. 1: The other law", "art. 1 (2)", "its text changed and rule exempt did not"),
        ("> (3) third", "> (3) other", "art. 1 (3)", "its text changed and nothing cites it did not"),
    ],
)
def test_a_paragraph_whose_text_or_rule_changed_needs_review_by_a_lawyer(
    old: str, new: str, paragraph: str, says: str
) -> None:
    assert ("needs-review", f"{paragraph} needs review by a lawyer: {says}.") in told(LAW.replace(old, new), reviewed())


def test_both_changed_a_new_pair_and_a_pair_that_is_gone_are_stale_too() -> None:
    both = told(LAW.replace("> (2) second", "> (2) x").replace("(2): serving", "(2): not serving"), reviewed())
    assert ("needs-review", "art. 1 (2) needs review by a lawyer: its text and rule exempt both changed.") in both
    new = told(LAW + RULES.replace("rule exempt", "rule more").replace("rule bound", "rule most"), reviewed())
    assert ("needs-review", "art. 1 (2) needs review by a lawyer: rule more is new beside it.") in new
    gone = told(LAW.replace("(2): serving", "(1): serving"), reviewed())
    assert (
        "needs-review",
        "art. 1 (2) needs review by a lawyer: rule exempt, which stood beside it, is gone.",
    ) in gone


def test_a_stale_lock_forbids_publication_and_an_unreviewed_one_is_told() -> None:
    with pytest.raises(MusterRollError) as refused:
        lock.refuse(pack(LAW.replace("> (2) second", "> (2) x")), reviewed())
    assert refused.value.code == "law.needs-review"
    assert "--reviewed-by NAME" in refused.value.remedy
    nobody = lock.locked(pack(), None, None)
    lock.refuse(pack(), nobody)
    (finding,) = lock.findings(pack(), nobody)
    assert (finding.code, finding.forbids) == ("unreviewed", False)
    assert finding.what == (
        f"{len(nobody.pairs)} of {len(nobody.pairs)} pairs of paragraph and rule have been reviewed by nobody."
    )
    (finding,) = lock.findings(pack(), None)
    assert (finding.code, finding.forbids) == ("no-lock", False)


def test_making_the_lock_anew_never_carries_a_review_over_to_other_words() -> None:
    changed = LAW.replace("> (2) second", "> (2) another")
    again = lock.locked(pack(changed), reviewed(), None)
    assert ("needs-review", "art. 1 (2) needs review by a lawyer: its text changed and rule exempt did not.") in told(
        changed, again
    )
    later = lock.locked(pack(changed), again, Review("B. Counsel", day("2026-12-01")), ("art. 1 (2)",))
    assert told(changed, later) == []
    by = {pair.review.by for pair in later.pairs if pair.review and pair.paragraph == "art. 1 (2)"}
    assert by == {"B. Counsel"}
    assert "A. Counsel" in {pair.review.by for pair in later.pairs if pair.review}


def test_a_reviewed_pair_that_is_gone_stays_told_until_the_whole_is_reviewed() -> None:
    changed = LAW.replace("(2): serving", "(1): serving")
    again = lock.locked(pack(changed), reviewed(), None)
    assert any("is gone" in what for _, what in told(changed, again))
    assert told(changed, lock.locked(pack(changed), again, COUNSEL)) == []


def test_what_nobody_has_reviewed_is_simply_refreshed() -> None:
    changed = LAW.replace("> (2) second", "> (2) another")
    before = lock.locked(pack(), None, None)
    assert told(changed, before)[0][1].endswith("its text changed and rule exempt did not.")
    assert lock.findings(pack(changed), before)[0].remedy.startswith("Compare them; then `muster pack lock FOLDER`")
    assert [code for code, _ in told(changed, lock.locked(pack(changed), before, None))] == ["unreviewed"]


def test_versions_readings_and_lists_are_pairs_of_their_own() -> None:
    dated = RULES.replace("gives: class bound\n", "gives: class bound\nin force: .. 2010-01-01\n") + (
        "\n```rule bound\ngives: class bound\nin force: 2010-01-01 ..\nwhen:\n  - any:\n      - (1): age(born) >= 19\n"
        "      - interpretation doubtful point: serving\n```\n"
        "\n```interpretation doubtful point\ndoubt: a | b\nchosen: c\nby: nobody\n```\n"
    )
    keys = [pair.key for pair in lock.pairs(pack(BASE + dated))]
    assert ("art. 1 (1)", "rule bound .. 2010-01-01") in keys
    assert ("art. 1 (1)", "rule bound 2010-01-01 ..") in keys
    assert ("interpretation doubtful point", "rule bound 2010-01-01 ..") in keys
    assert ("art. 1", "interpretation doubtful point") in keys
    again = LAW + "\n# art. 2: Silent\n\n> It is said without marks.\n> (a) x\n> (a) y\n"
    assert ("art. 2 (a) [2]", "nothing cites it") in {pair.key for pair in lock.pairs(pack(again))}
    silent = (
        "\n```procedure call\n- (3): {report: order.issued}\n- law silent: {grade: own word}\n```\n"
        "\n```procedure other\n- (3): {report: order.issued}\n```\n"
    )
    found = {pair.key for pair in lock.pairs(pack(LAW + silent))}
    assert ("art. 1 (3)", "procedure call") in found
    assert ("art. 1 (3)", "nothing cites it") not in found


def test_a_paragraph_that_is_not_there_cannot_be_reviewed() -> None:
    with pytest.raises(MusterRollError, match=r"No pair of small has the paragraph `art\. 9`"):
        lock.locked(pack(), None, COUNSEL, ("art. 9",))


@pytest.mark.parametrize("name", ["", " x", "a|b", "a\nb"])
def test_a_reviewer_has_a_name(name: str) -> None:
    with pytest.raises(MusterRollError, match="not a reviewer's name"):
        Review(name, 0)


def test_the_file_and_what_it_says_are_inverse_of_each_other(tmp_path: Path) -> None:
    half = lock.locked(pack(), None, COUNSEL, ("art. 1 (2)",))
    assert lock.decode(lock.encode(half), "small/pack.lock") == half
    assert lock.beside(tmp_path) is None
    (tmp_path / "pack.lock").mkdir()
    with pytest.raises(MusterRollError, match="it is not a plain file"):
        lock.beside(tmp_path)
    (tmp_path / "pack.lock").rmdir()
    (tmp_path / "pack.lock").write_bytes(lock.encode(half))
    assert lock.beside(tmp_path) == half


HASHES = "0" * 32 + " " + "1" * 32
HEAD = "muster-lock/1 p\n"
NOBODY = f"{HASHES} not reviewed | a | b\n"


@pytest.mark.parametrize(
    ("data", "says", "where"),
    [
        (b"\xff", "it is not UTF-8 text", "p/pack.lock"),
        (b"something else", "its first line is not `muster-lock/1 NAME`", "p/pack.lock:1"),
        (f"{HEAD}x\n".encode(), "this line is no pair", "p/pack.lock:2"),
        (f"{HEAD}# c\n{HASHES} soon | a | b\n".encode(), "this review has no day and name", "p/pack.lock:3"),
        (f"{HEAD}{NOBODY}{NOBODY}".encode(), "this pair stands twice", "p/pack.lock:3"),
        (f"{HEAD}{HASHES} 2026-02-30 X | a | b\n".encode(), "exists in the calendar", "p/pack.lock:2"),
    ],
)
def test_a_lock_that_cannot_be_read_is_refused_with_its_line(data: bytes, says: str, where: str) -> None:
    with pytest.raises(MusterRollError) as refused:
        lock.decode(data, "p/pack.lock")
    assert says in refused.value.what
    assert refused.value.where == where


def test_the_question_is_compared_with_every_paragraph_that_its_classes_cite() -> None:
    other = QUESTION.replace("callable: yes, label: Bound, basis: (1)", "callable: yes, label: Bound, basis: (3)")
    found = {pair.key for pair in lock.pairs(pack(LAW.replace(QUESTION, other)))}
    assert ("art. 1 (3)", "question duty") in found
