"""A draw is made again only after a pot check that fails, or when the beacon stays silent; once for each."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.published import DRAW, DRAW_ROUND, LAST_ROUND, people, terms

from musterroll.draw import attempt, potcheck, transcript
from musterroll.draw.because import Because, PotcheckTerms
from musterroll.draw.commitment import Cohort
from musterroll.draw.potcheck import Count
from musterroll.draw.terms import CohortTerms
from musterroll.draw.transcript import Ceremony, Drand, Manifest
from musterroll.errors import MusterRollError

COHORT = Cohort.of(people(60))
SIZES = dict(zip(COHORT.strata, COHORT.sizes, strict=True))
OFFICE = "Statistics Office"
CELLS = {("stratum", name): size for name, size in SIZES.items()}
COUNT = Count(DRAW, OFFICE, "2025-12-31", 1, CELLS)
SHOWN = {"root": COHORT.root.hex(), "size": 60, "per_mille": 20, "rounded_to": 1, "least": 1}
PASSED = potcheck.examine(COUNT, CELLS, **SHOWN)  # type: ignore[arg-type]
NAMED = PotcheckTerms(PASSED.digest, OFFICE, "44" * 32, 20)
FIRST = replace(terms(COHORT, software="22" * 32), potcheck=NAMED)

RECOUNT = Count(DRAW, OFFICE, "2025-12-31", 1, CELLS | {("stratum", "born-2000"): 90}, FIRST.digest)
FAILED = potcheck.examine(RECOUNT, CELLS, **SHOWN)  # type: ignore[arg-type]
OTHER = Cohort.of(people(75))
AGAIN = replace(
    terms(OTHER, software="22" * 32),
    attempt=2,
    supersedes=FIRST.digest,
    because=Because("potcheck", FAILED.digest),
    randomness=(Drand.quicknet(LAST_ROUND),),
    audit=None,
)


def fallen_back(second: transcript.Drand | Ceremony) -> tuple[Manifest, Manifest]:
    """A first attempt that names `second`, and the attempt that turns to it."""
    before = replace(FIRST, fallback=transcript.Fallback(3_600, second))
    ceremony = before.randomness[1]
    after = replace(
        before,
        attempt=2,
        supersedes=before.digest,
        because=Because("fallback"),
        randomness=(second, ceremony),
        audit=None,
        fallback=None,
    )
    return before, after


CEREMONY = Ceremony("0123456789abcdef", 64, "55" * 32, "2030-01-01T00:00:00Z")


def test_a_committed_list_that_agrees_with_the_count_is_accepted() -> None:
    assert attempt.check_committed(FIRST, PASSED.encode(), COUNT.encode()) == PASSED
    assert transcript.decode(FIRST.encode()) == FIRST


def test_a_list_that_does_not_locks_the_draw() -> None:
    count = replace(RECOUNT, manifest=None)
    check = potcheck.examine(count, CELLS, **SHOWN)  # type: ignore[arg-type]
    named = replace(FIRST, potcheck=replace(NAMED, sha256=check.digest))
    with pytest.raises(MusterRollError, match=r"stratum born-2000.*\[draw.locked\]"):
        attempt.check_committed(named, check.encode(), count.encode())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"potcheck": None}, "names another one"),
        ({"potcheck": replace(NAMED, sha256="00" * 32)}, "names another one"),
        ({"potcheck": replace(NAMED, office="Another Office")}, "another office or share"),
        ({"potcheck": replace(NAMED, per_mille=30)}, "another office or share"),
        ({"draw": "xx-2027-b"}, "of another list"),
        ({"reference_day": "2025-12-30"}, "another day"),
    ],
)
def test_a_pot_check_of_something_else_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(MusterRollError, match=says) as refused:
        attempt.check_committed(replace(FIRST, **change), PASSED.encode(), COUNT.encode())
    assert refused.value.code == "potcheck.wrong"


def test_cells_that_are_not_those_of_the_list_are_refused() -> None:
    count = Count(DRAW, OFFICE, "2025-12-31", 1, {("stratum", "born-2000"): 60})
    check = potcheck.examine(count, {("stratum", "born-2000"): 60}, **SHOWN)  # type: ignore[arg-type]
    named = replace(FIRST, potcheck=replace(NAMED, sha256=check.digest), reference_day=None)
    with pytest.raises(MusterRollError, match="its cells are not those of the list"):
        attempt.check_committed(named, check.encode(), count.encode())


def test_a_redraw_follows_a_failed_check_of_the_same_list() -> None:
    assert attempt.check_follows(AGAIN, FIRST.encode()) == FIRST
    assert attempt.check_redraw(AGAIN, FIRST, FAILED.encode(), RECOUNT.encode()) == FAILED
    assert transcript.decode(AGAIN.encode()) == AGAIN
    assert "because" in replace(AGAIN, because=None).missing
    assert "because" not in AGAIN.missing


def test_a_stratum_is_drawn_anew_only_if_the_check_fails_there() -> None:
    def anew(name: str) -> Manifest:
        only = Cohort.of([one for one in people(60) if one.stratum == name])
        return Manifest(
            draw=DRAW,
            register=FIRST.register,
            attempt=1,
            supersedes=None,
            cohort=CohortTerms.unquoted(only, {name: 3}),
            randomness=(Drand.quicknet(LAST_ROUND),),
            kind=transcript.STRATUM,
            parent=FIRST.digest,
            number=1,
            stratum=name,
            because=Because("potcheck", FAILED.digest),
        )

    names = list(SIZES)
    attempt.check_redraw(anew("born-2000"), FIRST, FAILED.encode(), RECOUNT.encode())
    with pytest.raises(MusterRollError, match="nothing wrong with this stratum"):
        attempt.check_redraw(anew(names[-1]), FIRST, FAILED.encode(), RECOUNT.encode())


@pytest.mark.parametrize(
    ("again", "earlier", "says"),
    [
        (replace(AGAIN, because=Because("potcheck", "00" * 32)), FIRST, "does not name this pot check"),
        (replace(AGAIN, because=Because("fallback")), FIRST, "does not name this pot check"),
        (replace(AGAIN, because=None), FIRST, "does not name this pot check"),
        (AGAIN, replace(FIRST, potcheck=None), "named before the draw"),
        (AGAIN, replace(FIRST, potcheck=replace(NAMED, office="Friends")), "named before the draw"),
        (AGAIN, replace(FIRST, potcheck=replace(NAMED, per_mille=5)), "named before the draw"),
        (AGAIN, replace(FIRST, cohort=replace(FIRST.cohort, root="00" * 32)), "of another list"),
    ],
)
def test_a_redraw_on_another_ground_is_refused(again: Manifest, earlier: Manifest, says: str) -> None:
    with pytest.raises(MusterRollError, match=says) as refused:
        attempt.check_redraw(again, earlier, FAILED.encode(), RECOUNT.encode())
    assert refused.value.code == "attempt.wrong"


def redrawn_by(count: Count) -> Callable[[], object]:
    check = potcheck.examine(count, CELLS, **SHOWN)  # type: ignore[arg-type]
    again = replace(AGAIN, because=Because("potcheck", check.digest))
    return lambda: attempt.check_redraw(again, FIRST, check.encode(), count.encode())


def test_a_check_that_finds_nothing_wrong_is_no_ground() -> None:
    with pytest.raises(MusterRollError, match="finds nothing wrong"):
        redrawn_by(replace(COUNT, manifest=FIRST.digest))()


def test_a_count_that_the_office_made_before_the_draw_is_no_ground() -> None:
    """Else the register could keep back a count that fails and bring it out when it does not like the order."""
    redrawn_by(RECOUNT)()
    for manifest in (None, "00" * 32):
        with pytest.raises(MusterRollError, match="did not count this list again"):
            redrawn_by(replace(RECOUNT, manifest=manifest))()
    with pytest.raises(MusterRollError, match="another day"):
        redrawn_by(replace(RECOUNT, reference_day="2026-12-31"))()


def test_a_count_of_a_committed_list_is_not_one_for_committing_it() -> None:
    count = replace(COUNT, manifest="00" * 32)
    check = potcheck.examine(count, CELLS, **SHOWN)  # type: ignore[arg-type]
    named = replace(FIRST, potcheck=replace(NAMED, sha256=check.digest))
    with pytest.raises(MusterRollError, match="committed already"):
        attempt.check_committed(named, check.encode(), count.encode())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda m: replace(m, because=None), "does not say why"),
        (lambda m: replace(m, supersedes="00" * 32), "does not say why"),
        (lambda m: replace(m, draw="xx-2027-b"), "not the next attempt"),
        (lambda m: replace(m, attempt=3), "not the next attempt"),
        (lambda m: replace(m, because=Because("fallback")), "not the one before with the second source"),
    ],
)
def test_what_does_not_follow_is_refused(change: Callable[[Manifest], Manifest], says: str) -> None:
    with pytest.raises(MusterRollError, match=says):
        attempt.check_follows(change(AGAIN), FIRST.encode())


def test_each_ground_serves_once() -> None:
    third = replace(AGAIN, attempt=3, supersedes=AGAIN.digest)
    with pytest.raises(MusterRollError, match="once for each ground"):
        attempt.check_follows(third, AGAIN.encode())
    before, after = fallen_back(CEREMONY)
    last = replace(AGAIN, attempt=3, supersedes=after.digest)
    attempt.check_follows(last, after.encode())
    fourth = replace(after, attempt=4, supersedes=last.digest)
    with pytest.raises(MusterRollError, match="once for each ground"):
        attempt.check_follows(fourth, last.encode())
    assert before.missing == ()


@pytest.mark.parametrize("second", [CEREMONY, Drand.quicknet(LAST_ROUND)])
def test_a_fallback_turns_to_the_source_named_beforehand(second: Any) -> None:
    before, after = fallen_back(second)
    assert attempt.check_follows(after, before.encode()) == before
    assert transcript.decode(after.encode()) == after


def test_after_a_fallback_to_a_ceremony_there_is_no_round_to_wait_for() -> None:
    _, after = fallen_back(CEREMONY)
    assert not after.has_round
    assert after.missing == ()
    with pytest.raises(MusterRollError, match=r"waits for no round.*\[manifest.no-round\]"):
        _ = after.round
    with pytest.raises(ValueError, match="later than the draw's"):
        replace(after, audit=transcript.Audit(LAST_ROUND, (3,) * len(SIZES)))


def test_a_fallback_changes_nothing_else() -> None:
    before, after = fallen_back(CEREMONY)
    with pytest.raises(MusterRollError, match="its list is not the one before"):
        attempt.check_follows(replace(after, cohort=terms(OTHER).cohort, source=None), before.encode())
    with pytest.raises(MusterRollError, match="not the one before with the second source"):
        attempt.check_follows(replace(after, randomness=(CEREMONY,)), before.encode())
    unnamed = replace(before, fallback=None)
    with pytest.raises(MusterRollError, match="names no second source"):
        attempt.check_follows(replace(after, supersedes=unnamed.digest), unnamed.encode())


def test_without_a_fallback_a_round_is_named() -> None:
    with pytest.raises(ValueError, match="exactly one round"):
        replace(FIRST, randomness=(CEREMONY,))
    with pytest.raises(ValueError, match="exactly one round"):
        replace(AGAIN, randomness=(CEREMONY,))
    with pytest.raises(ValueError, match="first attempt has no reason"):
        replace(FIRST, because=Because("fallback"))
    assert FIRST.round == Drand.quicknet(DRAW_ROUND)


def test_grounds_and_pot_checks_check_themselves() -> None:
    for ground, digest in [("because", None), ("potcheck", None), ("fallback", "00" * 32)]:
        with pytest.raises(ValueError, match="a draw is made again because"):
            Because(ground, digest)
    for change in ({"office": ""}, {"key": hashlib.sha256(b"").hexdigest()[:10]}, {"per_mille": 0}, {"per_mille": 201}):
        with pytest.raises(ValueError, match="names its office"):
            replace(NAMED, **change)  # type: ignore[arg-type]
