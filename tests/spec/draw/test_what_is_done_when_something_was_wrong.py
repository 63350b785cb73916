"""What is done when something about a draw was wrong. Read from top to bottom."""

import hashlib
from dataclasses import replace

import pytest
from tests.published import DRAW, DRAW_ROUND, LAST_ROUND, people, terms

from musterroll import dates
from musterroll.draw import attempt, call, order, potcheck, spared, strata, supplement, transcript
from musterroll.draw.because import Because, PotcheckTerms
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Candidate
from musterroll.draw.potcheck import Count
from musterroll.draw.spared import SparedList
from musterroll.draw.supplement import Part
from musterroll.draw.terms import CohortTerms
from musterroll.draw.transcript import Drand, Manifest
from musterroll.errors import MusterRollError

COHORT = Cohort.of(people(60))
OFFICE, KEY = "Statistics Office", "44" * 32
REGIONS = {("district", "XX-01"): 35, ("district", "XX-02"): 25}


def counted(found: dict[tuple[str, str], int]) -> tuple[potcheck.Check, bytes]:
    """The register's list against the office's count of two districts, shown as published counts are."""
    count = Count(DRAW, OFFICE, "2025-12-31", 5, REGIONS)
    return potcheck.examine(count, found, root=COHORT.root.hex(), size=60, per_mille=20), count.encode()


# 1. Before anything is fixed, somebody else's count says whether everybody is in the pot.
def test_a_list_without_a_whole_district_cannot_be_drawn_from() -> None:
    """Lithuania, January 2016: the people of two units were missing, and it was seen after the draw."""
    check, count = counted({("district", "XX-01"): 60})
    assert check.verdict == "locks"
    named = PotcheckTerms(check.digest, OFFICE, KEY, 20)
    with pytest.raises(MusterRollError, match=r"district XX-02.*Nothing is drawn before.*\[draw.locked\]"):
        attempt.check_committed(replace(terms(COHORT, software="22" * 32), potcheck=named), check.encode(), count)


CHECK, COUNT = counted(REGIONS)
MANIFEST = replace(
    terms(COHORT, software="22" * 32),
    randomness=(Drand.quicknet(DRAW_ROUND),),
    potcheck=PotcheckTerms(CHECK.digest, OFFICE, KEY, 20),
)
MAIN = Part(MANIFEST, order.result(MANIFEST.encode(), COHORT.data, [bytes(32)]))


def test_a_list_that_agrees_is_drawn_from() -> None:
    assert attempt.check_committed(MANIFEST, CHECK.encode(), COUNT).verdict == "holds"


# 2. Somebody was missing all the same. They get a round of their own, that nobody knows yet, never the old seed.
LATE = Cohort.of(
    strata.by_birth_year(
        [Candidate(f"YY{i}", dates.parse_day("2000-08-01"), hashlib.sha256(bytes([i])).digest()) for i in range(12)],
        draw=DRAW,
        least=1,
    )
)
SUPPLEMENT = Manifest(
    draw=DRAW,
    register=MANIFEST.register,
    attempt=1,
    supersedes=None,
    cohort=CohortTerms.unquoted(LATE),
    randomness=(Drand.quicknet(LAST_ROUND),),
    kind=transcript.SUPPLEMENT,
    parent=MANIFEST.digest,
    number=1,
)


def test_a_supplement_names_a_later_round() -> None:
    supplement.check(SUPPLEMENT, MANIFEST)
    with pytest.raises(MusterRollError, match="its round is not later"):
        supplement.check(replace(SUPPLEMENT, randomness=MANIFEST.randomness), MANIFEST)


def test_the_late_stand_among_the_others_and_nobody_is_renumbered() -> None:
    late = Part(SUPPLEMENT, order.result(SUPPLEMENT.encode(), LATE.data, [b"\x01" * 32]))
    run = list(supplement.run(MAIN, [late], "born-2000"))
    assert [place.commitment for place in run if not place.folder] == list(MAIN.ranked("born-2000"))
    labels = [str(place.label) for place in run if place.folder]
    assert len(labels) == 12
    assert all("+S1." in label for label in labels)


def test_whoever_comes_before_the_last_place_called_is_called_next() -> None:
    before = call.order_of_call(MANIFEST, MAIN.order, {})
    reached = {stratum.id: stratum.quota for stratum in MANIFEST.cohort.strata}
    late = Part(SUPPLEMENT, order.result(SUPPLEMENT.encode(), LATE.data, [b"\x01" * 32]))
    after = call.order_over_all(MAIN, [late], {}, reached)
    assert {d.commitment for d in before} <= {d.commitment for d in after}
    added = [d for d in after if d.folder]
    assert added
    assert all(d.place < reached[d.stratum] for d in added)


# 3. The list was wrong as a whole. A second draw needs the outside office's word that it was, and there is one.
def test_the_register_alone_cannot_draw_again() -> None:
    again = replace(MANIFEST, attempt=2, supersedes=MANIFEST.digest, because=Because("potcheck", CHECK.digest))
    attempt.check_follows(again, MANIFEST.encode())
    with pytest.raises(MusterRollError, match="did not count this list again after it was committed"):
        attempt.check_redraw(again, MANIFEST, CHECK.encode(), COUNT)
    with pytest.raises(MusterRollError, match="does not say why"):
        attempt.check_follows(replace(again, because=None), MANIFEST.encode())


# 4. Whoever was left out stands in a list too, and chance picks whose papers an outside auditor looks at.
def test_whom_the_auditor_looks_at_is_nobodys_choice() -> None:
    left_out = SparedList.of(
        spared.excluded(draw=DRAW, person=f"ZZ{i}", ground="ended", kp=hashlib.sha256(f"ZZ{i}".encode()).digest())
        for i in range(1_000)
    )
    picked = spared.sample(MANIFEST.encode(), bytes(32), left_out)
    assert len(picked) == 299
    assert picked != spared.sample(MANIFEST.encode(), b"\x01" * 32, left_out)
