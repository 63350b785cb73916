"""Picked part by part, then called in one line: the order that a chance order of all who were picked gives.

Regulation 409 of Latvia, point 32: each territory gives its numbers, then all that were picked are put in random order.
The line goes by the draw value that each person knows, so it needs nothing that is not published already.
"""

import hashlib
from dataclasses import replace

from tests.published import DRAW, DRAW_ROUND, LAST_ROUND, people, terms

from musterroll import dates
from musterroll.draw import call, order, strata, transcript
from musterroll.draw.call import Ground
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Candidate
from musterroll.draw.supplement import Part
from musterroll.draw.terms import CohortTerms
from musterroll.draw.transcript import Drand, Manifest

COHORT = Cohort.of(people(60))
MANIFEST = replace(terms(COHORT, software="22" * 32), randomness=(Drand.quicknet(DRAW_ROUND),))
MAIN = Part(MANIFEST, order.result(MANIFEST.encode(), COHORT.data, [bytes(32)]))
QUOTAS = {stratum.id: stratum.quota for stratum in MANIFEST.cohort.strata}
PICKED = sum(QUOTAS.values())


def values(dispositions: tuple[call.Disposition, ...]) -> list[str]:
    return [order.draw_value(MAIN.order.seed, one.commitment) for one in dispositions]


def test_each_part_gives_its_quota_and_all_stand_by_their_draw_value() -> None:
    line = call.order_by_value(MAIN, [], {}, PICKED)
    assert {one.stratum: sum(each.stratum == one.stratum for each in line) for one in line} == QUOTAS
    assert values(line) == sorted(values(line))
    assert len(QUOTAS) > 1
    assert [one.stratum for one in line] != sorted(one.stratum for one in line)  # the parts are mixed
    assert {one.commitment for one in line} == {one.commitment for one in call.order_of_call(MANIFEST, MAIN.order, {})}


def test_the_line_ends_when_as_many_are_called_as_are_wanted() -> None:
    whole = call.order_by_value(MAIN, [], {}, PICKED)
    assert call.order_by_value(MAIN, [], {}, 3) == whole[:3]
    assert call.order_by_value(MAIN, [], {}, 0) == ()


def test_whoever_is_passed_over_keeps_the_place_and_nobody_who_was_not_picked_comes_in() -> None:
    whole = call.order_by_value(MAIN, [], {}, PICKED)
    first = {whole[0].commitment: Ground.EXEMPT}
    line = call.order_by_value(MAIN, [], first, 3)
    assert [one.commitment for one in line] == [one.commitment for one in whole[:4]]
    assert [one.called for one in line] == [False, True, True, True]
    nobody = dict.fromkeys((one.commitment for one in whole), Ground.DEFERRED)
    assert {one.commitment for one in call.order_by_value(MAIN, [], nobody, 3)} == set(nobody)


def test_a_later_order_goes_at_least_as_far_as_the_one_before() -> None:
    whole = call.order_by_value(MAIN, [], {}, PICKED)
    reached = {one.commitment for one in whole[:5]}
    withdrawn = {whole[1].commitment: Ground.WITHDRAWN}
    assert call.order_by_value(MAIN, [], {}, 2, reached) == whole[:5]
    again = call.order_by_value(MAIN, [], withdrawn, 5, reached)
    assert [one.commitment for one in again] == [one.commitment for one in whole[:6]]


def test_somebody_found_missing_is_picked_where_their_value_lies_before_the_last_place_picked() -> None:
    late = Cohort.of(
        strata.by_birth_year(
            [
                Candidate(f"YY{i}", dates.parse_day("2000-08-01"), hashlib.sha256(bytes([i])).digest())
                for i in range(12)
            ],
            draw=DRAW,
            least=1,
        )
    )
    supplement = Manifest(
        draw=DRAW,
        register=MANIFEST.register,
        attempt=1,
        supersedes=None,
        cohort=CohortTerms.unquoted(late),
        randomness=(Drand.quicknet(LAST_ROUND),),
        kind=transcript.SUPPLEMENT,
        parent=MANIFEST.digest,
        number=1,
    )
    part = Part(supplement, order.result(supplement.encode(), late.data, [b"\x01" * 32]))
    line = call.order_by_value(MAIN, [part], {}, PICKED + 12)
    added = [one for one in line if one.folder]
    assert 0 < len(added) < 12
    assert all(one.place < QUOTAS[one.stratum] for one in added)
    assert {one.commitment for one in line if not one.folder} == {
        one.commitment for one in call.order_by_value(MAIN, [], {}, PICKED)
    }


def test_where_everybody_of_a_part_is_picked_all_of_them_stand_in_the_line() -> None:
    everybody = CohortTerms.of(COHORT, total=60, floor=1, partition=MANIFEST.cohort.partition)
    main = Part(replace(MANIFEST, cohort=everybody), MAIN.order)
    line = call.order_by_value(main, [], {}, 60)
    assert len(line) == 60
    assert values(line) == sorted(values(line))
