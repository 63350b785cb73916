"""When a draw may be made again: after a failed pot check, or when the beacon stays silent (docs/spec/draw.md, 7).

1. A redraw needs a later count of the same list that locks it, signed by the office whose key the manifest named before
   anybody knew the order. The count names that manifest, so it cannot be an older one that was kept back. The register
   alone cannot ask for a redraw, and there is one.
2. A fallback turns to the source of randomness that was named beforehand, with the same list, not before the declared
   silence. Whether the beacon was silent nobody can see from the files.
3. Both attempts stay visible. Nothing here looks at an order: how a draw came out is never a reason.
"""

from musterroll.draw import potcheck, transcript
from musterroll.draw.because import FALLBACK, MOST_ATTEMPTS, POTCHECK
from musterroll.draw.potcheck import Check
from musterroll.draw.randomness import Drand
from musterroll.draw.transcript import Manifest
from musterroll.errors import MusterRollError


def check_follows(again: Manifest, before: bytes) -> Manifest:
    """The manifest in the bytes `before`, if `again` is the next attempt of the same draw and says why.

    Raises MusterRollError `attempt.wrong`.
    """
    earlier = transcript.decode(before)
    if again.because is None or again.supersedes != earlier.digest:
        raise _wrong("it does not say why it replaces the manifest before it")
    if (again.draw, again.register, again.attempt) != (earlier.draw, earlier.register, earlier.attempt + 1):
        raise _wrong("it is not the next attempt of the same draw")
    grounds = [again.because.ground, *([earlier.because.ground] if earlier.because else [])]
    if again.attempt > MOST_ATTEMPTS or len(set(grounds)) < len(grounds):
        raise _wrong("a draw is made again once for each ground")
    if again.because.ground == FALLBACK:
        _check_fallback(again, earlier)
    return earlier


def check_redraw(again: Manifest, earlier: Manifest, check: bytes, count: bytes) -> Check:
    """The pot check in `check`, if it shows that the list of `earlier` was wrong, as `again` says.

    `earlier` is the manifest before, or of a stratum drawn anew the parent. The signature on `count` is the caller's to
    check, with the key in `earlier.potcheck`. Raises MusterRollError `attempt.wrong`.
    """
    failed = potcheck.decode(check, count)
    counted = potcheck.decode_count(count)
    if again.because is None or again.because.ground != POTCHECK or again.because.sha256 != failed.digest:
        raise _wrong("it does not name this pot check")
    named = earlier.potcheck
    if named is None or (named.office, named.per_mille) != (counted.office, failed.per_mille):
        raise _wrong("the count is not by the office, or not to the share, named before the draw")
    if (failed.draw, failed.root, failed.size) != (earlier.draw, earlier.cohort.root, earlier.cohort.size):
        raise _wrong("the pot check is of another list")
    if counted.manifest != earlier.digest:
        raise _wrong("the office did not count this list again after it was committed")
    if earlier.reference_day is not None and counted.reference_day != earlier.reference_day:
        raise _wrong("the office counted as of another day")
    if again.stratum is not None and ("stratum", again.stratum) not in failed.off:
        raise _wrong("the pot check finds nothing wrong with this stratum")
    if failed.verdict != potcheck.LOCKS:
        raise _wrong("the pot check finds nothing wrong")
    return failed


def check_committed(manifest: Manifest, check: bytes, count: bytes) -> Check:
    """The pot check that `manifest` names, if it is of its list and holds.

    Raises MusterRollError `potcheck.wrong` for another check, `draw.locked` for one that locks.
    """
    passed = potcheck.decode(check, count)
    counted = potcheck.decode_count(count)
    named = manifest.potcheck
    if named is None or named.sha256 != passed.digest:
        raise potcheck.wrong("the manifest names another one")
    if (named.office, named.per_mille) != (counted.office, passed.per_mille):
        raise potcheck.wrong("the manifest names another office or share")
    if (passed.draw, passed.root, passed.size) != (manifest.draw, manifest.cohort.root, manifest.cohort.size):
        raise potcheck.wrong("it is of another list")
    if manifest.reference_day is not None and counted.reference_day != manifest.reference_day:
        raise potcheck.wrong("the office counted as of another day")
    if not passed.adds_up({stratum.id: stratum.size for stratum in manifest.cohort.strata}):
        raise potcheck.wrong("its cells are not those of the list")
    if counted.manifest is not None:
        raise potcheck.wrong("it is made against a count of a list that was committed already")
    if passed.verdict == potcheck.LOCKS:
        off = ", ".join(f"{by} {value}" for by, value in passed.off)
        raise MusterRollError(
            "draw.locked",
            f"The list differs from the count of an outside office by more than the declared share: {off}.",
            where=manifest.draw,
            remedy="Find out who is missing or too many, mend the roll, and count again. Nothing is drawn before.",
        )
    return passed


def _check_fallback(again: Manifest, earlier: Manifest) -> None:
    if earlier.fallback is None:
        raise _wrong("the manifest before names no second source")
    second = earlier.fallback.second
    expected = tuple(second if isinstance(item, Drand) else item for item in earlier.randomness)
    if again.randomness != expected:
        raise _wrong("its randomness is not the one before with the second source in place of the beacon's round")
    if (again.cohort, again.algorithm) != (earlier.cohort, earlier.algorithm):
        raise _wrong("its list is not the one before")


def _wrong(why: str) -> MusterRollError:
    return MusterRollError(
        "attempt.wrong",
        f"This draw may not be made again so: {why}.",
        where="manifest.json",
        remedy="Compare with docs/spec/draw.md, 7. A draw is never repeated because of how it came out.",
    )
