"""People found missing are placed among the first list; a stratum that was wrong is drawn anew."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.published import DRAW, DRAW_ROUND, people, terms

from musterroll import dates
from musterroll.draw import call, order, strata, supplement, transcript
from musterroll.draw.because import Because
from musterroll.draw.call import Ground
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Candidate, Entrant
from musterroll.draw.supplement import Label, Part
from musterroll.draw.terms import CohortTerms
from musterroll.draw.transcript import Drand, Manifest
from musterroll.errors import MusterRollError

COHORT = Cohort.of(people(60))
PARENT = replace(terms(COHORT, software="22" * 32), randomness=(Drand.quicknet(DRAW_ROUND - 5),))
GROUND = Because("potcheck", "33" * 32)


def late(count: int, salt: bytes, year: int = 2000) -> list[Entrant]:
    candidates = [
        Candidate(f"YY{salt.hex()}{i}", dates.parse_day(f"{year}-07-01"), hashlib.sha256(salt + bytes([i])).digest())
        for i in range(count)
    ]
    return list(strata.by_birth_year(candidates, draw=DRAW, least=1))


def part_of(
    cohort: Cohort,
    number: int,
    kind: str = transcript.SUPPLEMENT,
    quotas: dict[str, int] | None = None,
    stratum: str | None = None,
    because: Because | None = None,
) -> Manifest:
    return Manifest(
        draw=DRAW,
        register=PARENT.register,
        attempt=1,
        supersedes=None,
        cohort=CohortTerms.unquoted(cohort, quotas),
        randomness=(Drand.quicknet(DRAW_ROUND),),
        kind=kind,
        parent=PARENT.digest,
        number=number,
        stratum=stratum,
        because=because,
    )


def drawn(manifest: Manifest, cohort: Cohort) -> Part:
    return Part(manifest, order.result(manifest.encode(), cohort.data, [hashlib.sha256(cohort.data).digest()]))


MAIN = drawn(PARENT, COHORT)
FIRST, SECOND = Cohort.of(late(40, b"a")), Cohort.of(late(40, b"b"))
LATE = [drawn(part_of(FIRST, 1), FIRST), drawn(part_of(SECOND, 2), SECOND)]


def test_a_supplement_stands_where_its_keys_put_it() -> None:
    run = list(supplement.run(MAIN, LATE, "born-2000"))
    parts = {"": MAIN, "supplement-01": LATE[0], "supplement-02": LATE[1]}
    keys = [(parts[place.folder].key(place.commitment), place.commitment) for place in run]
    assert keys == sorted(keys)
    assert len(run) == len(set(keys)) == PARENT.cohort.strata[0].size + 80
    assert [str(p.label) for p in run if not p.folder] == [str(i) for i in range(1, PARENT.cohort.strata[0].size + 1)]


def test_labels_count_the_entries_of_one_supplement_in_a_gap() -> None:
    run = list(supplement.run(MAIN, LATE, "born-2000"))
    assert len({str(place.label) for place in run}) == len(run)
    place = 0
    counted: dict[tuple[int, int], int] = {}
    for each in run:
        if each.folder:
            gap = (place, each.label.supplement)
            counted[gap] = counted.get(gap, 0) + 1
            assert each.label == Label(place, int(each.folder[-2:]), counted[gap])
        else:
            place += 1
    assert (0, 1) in counted  # somebody comes before place 1
    assert any(place == PARENT.cohort.strata[0].size for place, _ in counted)  # and after the last


def test_a_stratum_nobody_is_added_to_is_as_it_was() -> None:
    last = PARENT.cohort.strata[-1]
    assert [p.commitment for p in supplement.run(MAIN, LATE, last.id)] == list(MAIN.ranked(last.id))


@pytest.mark.parametrize(
    ("text", "label"), [("17", Label(17)), ("1234+S1.1", Label(1234, 1, 1)), ("0+S2.3", Label(0, 2, 3))]
)
def test_a_label_is_read_as_it_is_written(text: str, label: Label) -> None:
    assert (Label.parse(text), str(label)) == (label, text)


@pytest.mark.parametrize("text", ["0", "017", "12+S", "12+S0.1", "12+S1.0", "S1.1", "12+S1"])
def test_other_texts_are_no_places(text: str) -> None:
    with pytest.raises(ValueError, match="is no place"):
        Label.parse(text)


def test_who_comes_before_the_last_place_reached_is_called_beside_the_others() -> None:
    before = call.order_over_all(MAIN, [], {})
    first = [d for d in before if d.stratum == "born-2000"]
    after = call.order_over_all(MAIN, LATE, {}, {"born-2000": first[-1].place})
    mine = [d for d in after if d.stratum == "born-2000"]
    assert {d.commitment for d in first} <= {d.commitment for d in mine}
    assert all(d.place < first[-1].place for d in mine if d.folder)
    assert any(d.folder for d in mine)


def test_without_an_earlier_order_the_quota_is_what_ends_it() -> None:
    spared = MAIN.ranked("born-2000")[0]
    dispositions = call.order_over_all(MAIN, LATE, {spared: Ground.EXEMPT})
    assert sum(d.called for d in dispositions if d.stratum == "born-2000") == PARENT.cohort.strata[0].quota
    assert [d.label for d in dispositions if d.ground is Ground.EXEMPT] == ["1"] or all(
        d.commitment != spared for d in dispositions
    )


def anew() -> tuple[Manifest, Cohort]:
    cohort = Cohort.of(late(30, b"c"))
    quotas = {stratum.id: stratum.quota for stratum in PARENT.cohort.strata}
    return part_of(cohort, 1, transcript.STRATUM, quotas, "born-2000", GROUND), cohort


def test_a_stratum_drawn_anew_takes_the_place_of_the_old_one() -> None:
    manifest, cohort = anew()
    supplement.check(manifest, PARENT)
    part = drawn(manifest, cohort)
    run = list(supplement.run(MAIN, [part], "born-2000"))
    assert [place.commitment for place in run] == list(part.ranked("born-2000"))
    assert {place.folder for place in run} == {"stratum-01"}
    assert supplement.quota(MAIN, [part], "born-2000") == PARENT.cohort.strata[0].quota
    other = PARENT.cohort.strata[1].id
    assert [p.commitment for p in supplement.run(MAIN, [part], other)] == list(MAIN.ranked(other))


def test_a_supplement_of_this_draw_is_accepted_and_read_again() -> None:
    for part in LATE:
        supplement.check(part.manifest, PARENT)
        assert transcript.decode(part.manifest.encode()) == part.manifest
    assert supplement.folder(LATE[1].manifest) == "supplement-02"
    assert LATE[0].manifest.missing == ("legal", "min_lead", "pack", "reference_day", "software")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda m: replace(m, parent="00" * 32), "names another draw"),
        (lambda m: replace(m, draw="xx-2027-b"), "another draw, register"),
        (lambda m: replace(m, randomness=(Drand.quicknet(DRAW_ROUND - 5),)), "not later"),
        (
            lambda m: replace(m, cohort=replace(m.cohort, strata=(replace(m.cohort.strata[0], id="a"),))),
            "strata are not",
        ),
    ],
)
def test_what_is_no_supplement_of_this_draw_is_refused(change: Callable[[Manifest], Manifest], says: str) -> None:
    with pytest.raises(MusterRollError, match=says):
        supplement.check(change(LATE[0].manifest), PARENT)


def test_the_quota_of_a_stratum_drawn_anew_stays() -> None:
    manifest, _ = anew()
    more = replace(manifest.cohort, strata=(replace(manifest.cohort.strata[0], quota=9),))
    with pytest.raises(MusterRollError, match="quota of a stratum stays"):
        supplement.check(replace(manifest, cohort=more), PARENT)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"parent": None}, "has a parent"),
        ({"number": 0}, "a number from 1"),
        ({"number": None}, "a number from 1"),
        ({"legal": "a", "fairness": transcript.Fairness("s", "0.001")}, "nothing that its parent has settled"),
        ({"cohort": PARENT.cohort}, "nothing that its parent has settled"),
        ({"because": GROUND}, "needs no ground"),
        ({"stratum": "born-2000"}, "needs no ground"),
        ({"kind": transcript.STRATUM}, "the one stratum that is named"),
        ({"kind": transcript.STRATUM, "stratum": "born-2000", "algorithm": transcript.BY_TABLE}, "the one stratum"),
        ({"kind": transcript.STRATUM, "stratum": "born-2000"}, "because of a failed pot check"),
        ({"kind": transcript.STRATUM, "stratum": "born-2000", "because": Because("fallback")}, "failed pot check"),
        ({"kind": transcript.KIND}, "only a supplement or a stratum"),
        ({"cohort": CohortTerms.unquoted(FIRST, {"born-2000": 3})}, "no quota of its own"),
    ],
)
def test_a_part_that_says_too_much_or_too_little_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        replace(LATE[0].manifest, **change)  # type: ignore[arg-type]


def test_nobody_stands_in_two_lists() -> None:
    supplement.check_apart([COHORT.commitments()[0], FIRST.commitments()[0], SECOND.commitments()[0]])
    with pytest.raises(MusterRollError, match=r"two lists of this draw.*\[supplement.twice\]"):
        supplement.check_apart([FIRST.commitments()[0], SECOND.commitments()[0], FIRST.commitments()[0][:1]])
