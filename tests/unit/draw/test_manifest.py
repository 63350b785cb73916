"""The manifest: what it must say, and what is refused."""

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.published import DRAW_ROUND, LAST_ROUND, people, terms

from musterroll import canonical
from musterroll.draw import transcript
from musterroll.draw.commitment import Cohort
from musterroll.draw.terms import CohortTerms, Partition, QuotaRule, SourceCounts, Stratum
from musterroll.errors import MusterRollError

COHORT = Cohort.of(people(60))
WHOLE = terms(COHORT, software="22" * 32)


def changed(path: str, value: Any) -> bytes:
    """The manifest's bytes with one member set (or removed, for `...`)."""
    manifest = json.loads(WHOLE.encode())
    *parents, name = path.split(".")
    inner = manifest
    for parent in parents:
        inner = inner[int(parent) if parent.isdigit() else parent]
    if value is ...:
        del inner[name]
    else:
        inner[name] = value
    return canonical.encode(manifest)


def test_what_is_written_is_read_again() -> None:
    assert transcript.decode(WHOLE.encode()) == WHOLE
    assert WHOLE.missing == ()
    assert WHOLE.round == transcript.Drand.quicknet(DRAW_ROUND)
    WHOLE.cohort.check(COHORT)


@pytest.mark.parametrize(
    ("path", "name"),
    [(name, name) for name in ("min_lead", "reference_day", "source", "audit", "fairness", "fallback", "legal", "pack")]
    + [("cohort.quota", "cohort.quota"), ("cohort.partition", "cohort.partition")]
    + [(f"randomness.1.{name}", f"randomness[1].{name}") for name in ("procedure_sha256", "not_after")],
)
def test_a_member_that_is_left_out_is_named_as_missing(path: str, name: str) -> None:
    assert transcript.decode(changed(path, ...)).missing == (name,)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("draw", ..., "manifest.draw is missing"),
        ("draw", 3, "manifest.draw is a text"),
        ("colour", "red", "manifest.colour is not known to this version"),
        ("attempt", -1, "manifest.attempt is a whole number, not negative"),
        ("attempt", True, "manifest.attempt is a whole number, not negative"),
        ("attempt", 2, "names what it supersedes"),
        ("supersedes", "00" * 32, "names what it supersedes"),
        ("supersedes", "zz", "manifest.supersedes is 64 small hexadecimal digits"),
        ("cohort", [], "manifest.cohort is an object"),
        ("cohort.root", "AB" * 32, "manifest.cohort.root is 64 small hexadecimal digits"),
        ("cohort.strata", {}, "manifest.cohort.strata is a list"),
        ("cohort.strata", [], "the sizes of the strata add up"),
        ("cohort.strata.0.size", 26, "the sizes of the strata add up"),
        ("cohort.strata.0.id", "a b", "a stratum has an id"),
        ("cohort.strata.0.quota", 60, "no more than its size"),
        ("cohort.strata.0.quota", 0, r"the quotas that follow from the rule are \[3, 4\]"),
        ("cohort.strata.1.id", "born-2000", "no two strata have the same id"),
        ("cohort.quota.total", 1, "cannot be filled"),
        ("cohort.quota.rule", "by-hand", "quotas follow largest-remainder"),
        ("cohort.partition.least", 5, "at least 20"),
        ("cohort.partition.by", "surname", "is divided by birth-year"),
        ("cohort.partition.by", ["birth-year", 3], "manifest.cohort.partition.by is a text"),
        ("cohort.partition.least", 26, "a stratum has fewer than 26 people"),
        ("randomness", {}, "manifest.randomness is a list"),
        ("randomness", [], "exactly one round"),
        ("randomness.0.type", "vrf", r"manifest.randomness\[0\].type is `drand` or `ceremony`"),
        ("randomness.0.chain", "52", "named by 64 hexadecimal digits"),
        ("randomness.0.round", 0, "rounds count from 1"),
        ("randomness.1.alphabet", "01 ", "visible ASCII"),
        ("randomness.1.alphabet", "0011", "each symbol stands once"),
        ("randomness.1.length", 0, "each symbol stands once"),
        ("randomness.1.length", 20, "at least 128 bits"),
        ("randomness.1.not_after", "2030-01-01T00:00:00Z", "over before the beacon's round"),
        ("source.level", 1, "manifest.source.authority is missing"),
        ("source.rounded_to", 0, "rounded to at least 1"),
        ("source.excluded", 99, "considered less excluded"),
        ("audit.round", DRAW_ROUND, "later than the draw's"),
        ("audit.samples", [1], "one sample size a stratum"),
        ("audit.samples", 3, "manifest.audit.samples is a list"),
        ("audit.samples", [1, "x"], "manifest.audit.samples.1 is a whole number"),
        ("fairness.alpha", "1", "alpha is a decimal"),
    ],
)
def test_a_manifest_that_does_not_hold_together_is_refused(path: str, value: Any, says: str) -> None:
    with pytest.raises(MusterRollError, match=says) as refused:
        transcript.decode(changed(path, value))
    assert refused.value.code == "manifest.member"


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("randomness.1.not_after", "tomorrow", "time.malformed"),
        ("reference_day", "2025-02-30", "date.malformed"),
        ("draw", "X", "draw.id"),
        ("v", 2, "manifest.version"),
        ("algorithm", "shuffle", "manifest.version"),
        ("kind", "muster-roll/raffle", "manifest.version"),
    ],
)
def test_other_things_wrong_have_their_own_codes(path: str, value: Any, code: str) -> None:
    with pytest.raises(MusterRollError, match=rf"\[{code}\]"):
        transcript.decode(changed(path, value))


def test_a_manifest_is_an_object() -> None:
    with pytest.raises(MusterRollError, match="manifest is an object with members"):
        transcript.decode(b"[]")


def test_a_later_attempt_names_what_it_replaces() -> None:
    again = replace(WHOLE, attempt=2, supersedes=WHOLE.digest)
    assert transcript.decode(again.encode()).supersedes == WHOLE.digest


def test_the_fallback_may_be_another_round_of_a_beacon() -> None:
    second = transcript.Fallback(86_400, transcript.Drand.quicknet(LAST_ROUND))
    assert transcript.decode(replace(WHOLE, fallback=second).encode()).fallback == second


def test_rounded_counts_need_not_agree_to_the_person() -> None:
    assert SourceCounts(160, 95, 5).agrees_with(60)
    assert not SourceCounts(170, 95, 5).agrees_with(60)
    assert not SourceCounts(161, 100, 1).agrees_with(60)


def test_a_single_stratum_may_be_small() -> None:
    assert CohortTerms(3, "00" * 32, (Stratum("born-2000", 3, 1),), Partition(20), QuotaRule(1, 0)).size == 3


def test_another_list_than_the_committed_one_is_refused() -> None:
    with pytest.raises(MusterRollError, match=r"\[cohort.manifest\]"):
        WHOLE.cohort.check(Cohort.of(people(61)))
