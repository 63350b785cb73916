"""From people to the published list of commitments."""

import hashlib
from collections import Counter

import pytest

from musterroll import dates
from musterroll.draw import entrant, strata
from musterroll.draw.commitment import MOST_STRATA, Cohort
from musterroll.draw.entrant import Candidate, Entrant
from musterroll.errors import MusterRollError

SALT = bytes(32)


def candidates(*years: int | None) -> list[Candidate]:
    return [
        Candidate(
            f"XX{i}", None if year is None else dates.parse_day(f"{year}-05-01"), hashlib.sha256(bytes([i])).digest()
        )
        for i, year in enumerate(years)
    ]


def test_the_salt_is_another_for_each_person_and_draw_and_the_same_again() -> None:
    assert entrant.salt(SALT, "xx-2027-a").hex() == entrant.salt(SALT, "xx-2027-a").hex()
    assert (
        len({entrant.salt(SALT, "xx-2027-a"), entrant.salt(SALT, "xx-2027-b"), entrant.salt(b"1" * 32, "xx-2027-a")})
        == 3
    )
    with pytest.raises(ValueError, match="32 bytes"):
        entrant.salt(b"short", "xx-2027-a")


def test_a_birth_date_that_is_not_established_is_written_unknown() -> None:
    record = entrant.record(born=None, draw="xx-2027-a", person="XX1", stratum="born-unknown")
    assert record == b'{"born":"unknown","draw":"xx-2027-a","person":"XX1","stratum":"born-unknown"}'


@pytest.mark.parametrize("draw", ["xx", "XX-2027", "xx 2027", "x" * 65, "xx/2027"])
def test_the_id_of_a_draw_is_small_letters_digits_and_hyphens(draw: str) -> None:
    with pytest.raises(MusterRollError, match=r"\[draw.id\]"):
        entrant.record(born=None, draw=draw, person="XX1", stratum="s")


def test_candidates_and_entrants_check_themselves() -> None:
    with pytest.raises(ValueError, match="person number"):
        Candidate("", 0, SALT)
    with pytest.raises(ValueError, match="32 bytes"):
        Candidate("XX1", 0, b"")
    with pytest.raises(ValueError, match="32 bytes"):
        Entrant(b"{}", b"", "s")


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({2000: 20, 2001: 25}, {2000: "born-2000", 2001: "born-2001"}),
        # two small years make a stratum together
        ({2000: 12, 2001: 8, 2002: 20}, {2000: "born-2000-2001", 2001: "born-2000-2001", 2002: "born-2002"}),
        # what is left at the end joins the stratum before it
        ({2000: 20, 2001: 3}, {2000: "born-2000-2001", 2001: "born-2000-2001"}),
        # too few altogether: one stratum
        ({2000: 3, 2003: 4}, {2000: "born-2000-2003", 2003: "born-2000-2003"}),
        # enough people of unknown birth date are a stratum of their own, and the left-over year joins its neighbour
        ({2000: 20, 2001: 3, None: 20}, {2000: "born-2000-2001", 2001: "born-2000-2001", None: "born-unknown"}),
        # few of them join the last stratum
        ({2000: 20, None: 1}, {2000: "born-2000-or-unknown", None: "born-2000-or-unknown"}),
        # too few with a known date to stand alone
        ({2000: 3, None: 20}, {2000: "born-2000-or-unknown", None: "born-2000-or-unknown"}),
        ({None: 4}, {None: "born-unknown"}),
    ],
)
def test_small_birth_years_merge_by_the_declared_rule(sizes, expected) -> None:
    assert strata.merge(Counter(sizes), 20) == expected


@pytest.mark.parametrize(
    ("stratum", "inside", "outside"),
    [
        ("born-2000", [2000], [1999, 2001, None]),
        ("born-2000-2002", [2000, 2001, 2002], [1999, 2003, None]),
        ("born-2000-2002-or-unknown", [2001, None], [2003]),
        ("born-unknown", [None], [2000]),
    ],
)
def test_the_name_of_a_stratum_says_whom_it_covers(stratum: str, inside, outside) -> None:
    assert all(strata.covers(stratum, year) for year in inside)
    assert not any(strata.covers(stratum, year) for year in outside)


def test_entrants_keep_the_order_of_the_candidates() -> None:
    entrants = strata.by_birth_year(candidates(2001, 2000, None), draw="xx-2027-a", least=1)
    assert [one.stratum for one in entrants] == ["born-2001", "born-2000", "born-unknown"]
    assert b'"person":"XX0"' in entrants[0].record


def test_nobody_is_entered_twice_and_a_draw_of_nobody_is_refused() -> None:
    with pytest.raises(MusterRollError, match=r"\[draw.empty\]"):
        strata.by_birth_year([], draw="xx-2027-a")
    with pytest.raises(MusterRollError, match=r"\[draw.twice\]"):
        strata.by_birth_year(candidates(2000) * 2, draw="xx-2027-a")


def test_the_list_is_the_same_in_whatever_order_people_come() -> None:
    entrants = strata.by_birth_year(candidates(2001, 2000, 2000, 2001), draw="xx-2027-a", least=1)
    cohort = Cohort.of(entrants)
    assert Cohort.of(entrants[::-1]) == cohort
    assert (cohort.size, cohort.strata, cohort.sizes) == (4, ("born-2000", "born-2001"), (2, 2))
    assert [cohort.leaves[cohort.index_of(one)][2:] for one in entrants] == [one.commitment for one in entrants]
    assert sorted(c for stratum in cohort.commitments() for c in stratum) == sorted(one.commitment for one in entrants)


def test_somebody_else_is_not_in_the_list() -> None:
    cohort = Cohort.of(strata.by_birth_year(candidates(2000, 2001), draw="xx-2027-a", least=1))
    for other in (Entrant(b"{}", SALT, "born-2000"), Entrant(b"{}", SALT, "elsewhere")):
        with pytest.raises(MusterRollError, match=r"\[cohort.absent\]"):
            cohort.index_of(other)


def leaf(stratum: int, c: int) -> bytes:
    return bytes([0, stratum]) + bytes([c]) * 32


@pytest.mark.parametrize(
    ("data", "ids", "code"),
    [
        (leaf(0, 1)[:-1], ("a",), "cohort.length"),
        (leaf(0, 2) + leaf(0, 1), ("a",), "cohort.sorted"),
        (leaf(0, 1) + leaf(0, 1), ("a",), "cohort.sorted"),
        (leaf(0, 1) + leaf(2, 1), ("a", "b"), "cohort.strata"),
        (leaf(0, 1), ("a", "b"), "cohort.strata"),  # a stratum with nobody in it
        (leaf(0, 1) + leaf(1, 1), ("a", "a"), "cohort.strata"),
    ],
)
def test_bytes_that_are_no_list_are_refused(data: bytes, ids, code: str) -> None:
    with pytest.raises(MusterRollError, match=rf"\[{code}\]"):
        Cohort(data, ids)


def test_more_strata_than_can_be_numbered_are_refused() -> None:
    class Many:
        def __init__(self, i: int) -> None:
            self.stratum = f"s{i}"
            self.commitment = bytes(32)

    with pytest.raises(ValueError, match="65,535"):
        Cohort.of([Many(i) for i in range(MOST_STRATA + 1)])
