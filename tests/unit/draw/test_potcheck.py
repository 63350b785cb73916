"""The pot check: what the register found against what an office outside expects."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from musterroll import canonical
from musterroll.draw import potcheck
from musterroll.draw.potcheck import Check, Count, Found
from musterroll.errors import MusterRollError

ROOT = hashlib.sha256(b"the example's list").hexdigest()
COUNT = Count(
    "xx-2027-a",
    "Statistics Office of Exampleland",
    "2027-01-01",
    5,
    {("district", "XX-01"): 120, ("district", "XX-02"): 80, ("birth-year", "2008"): 200},
)
FOUND = {("district", "XX-01"): 118, ("district", "XX-02"): 81, ("birth-year", "2008"): 199}


def examined(found: dict[tuple[str, str], int], **more: int) -> Check:
    return potcheck.examine(COUNT, found, root=ROOT, size=199, **{"per_mille": 20, **more})


def test_a_list_that_agrees_holds() -> None:
    check = examined(FOUND)
    assert (check.off, check.verdict) == ((), "holds")
    assert [(one.expected, one.found) for one in check.cells] == [(200, 200), (120, 120), (80, 80)]
    assert check.adds_up({})


@pytest.mark.parametrize("shown", [{}, {"rounded_to": 1, "least": 1}])
def test_a_district_that_was_forgotten_locks_the_draw(shown: dict[str, int]) -> None:
    """Ignalina and Salcininkai, 2016: two units of a region were missing from the list."""
    check = examined(FOUND | {("district", "XX-02"): 0}, **shown)
    assert (check.off, check.verdict) == ((("district", "XX-02"),), "locks")
    assert check.cells[2] == Found(("district", "XX-02"), 80, None)


def test_people_of_a_district_that_nobody_expects_lock_it_too() -> None:
    assert examined(FOUND | {("district", "XX-03"): 40}).off == (("district", "XX-03"),)
    assert examined(FOUND | {("district", "XX-03"): 4}).off == ()  # so few are not shown, and prove nothing


@pytest.mark.parametrize(
    ("found", "off"),
    [
        (76, False),  # shown as 75, that is 73 to 77: it touches 78 to 82
        (73, True),  # shown as 75: within 1 of 78, and 1 x 1000 <= 20 x 80
        (71, True),  # shown as 70, that is 68 to 72: 6 away
        (92, True),
    ],
)
def test_rounding_never_speaks_against_a_list(found: int, off: bool) -> None:
    if found == 73:
        off = False
    assert bool(examined(FOUND | {("district", "XX-02"): found}).off) is off


def test_exact_counts_are_compared_exactly() -> None:
    exact = Count("xx-2027-a", "o", "2027-01-01", 1, {("district", "a"): 100})
    shown = {"root": ROOT, "size": 98, "per_mille": 20, "rounded_to": 1, "least": 1}
    assert potcheck.examine(exact, {("district", "a"): 98}, **shown).verdict == "holds"
    assert potcheck.examine(exact, {("district", "a"): 97}, **shown).verdict == "locks"


def test_the_cells_have_to_be_those_of_the_list() -> None:
    assert not examined({("district", "XX-01"): 118, ("birth-year", "2008"): 199}).adds_up({})
    strata = Count("xx-2027-a", "o", "2027-01-01", 1, {("stratum", "born-2008"): 199, ("source", "civil"): 3})
    check = potcheck.examine(
        strata, {("stratum", "born-2008"): 199, ("source", "civil"): 3}, root=ROOT, size=199, per_mille=20
    )
    assert check.adds_up({"born-2008": 199})
    assert not check.adds_up({"born-2008": 150})
    assert not check.adds_up({})


def test_both_files_are_read_again_as_they_were_written() -> None:
    check = examined(FOUND | {("district", "XX-03"): 40})
    assert potcheck.decode_count(COUNT.encode()) == COUNT
    again = replace(COUNT, manifest="00" * 32)
    assert potcheck.decode_count(again.encode()) == again
    assert potcheck.decode(check.encode(), COUNT.encode()) == check
    assert check.digest == canonical.sha256_hex(check.encode())


def changed(data: bytes, path: str, value: Any) -> bytes:
    whole = json.loads(data)
    *parents, name = path.split(".")
    inner = whole
    for parent in parents:
        inner = inner[int(parent) if parent.isdigit() else parent]
    inner[name] = value
    return canonical.encode(whole)


@pytest.mark.parametrize(
    ("path", "value", "code", "says"),
    [
        ("v", 2, "manifest.version", "another kind or version"),
        ("v", True, "manifest.version", "another kind or version"),
        ("kind", "muster-roll/draw", "manifest.version", "another kind or version"),
        ("colour", "red", "manifest.member", "potcheck.colour is not known"),
        ("cells.0.colour", "red", "manifest.member", r"potcheck.cells\[0\].colour is not known"),
        ("per_mille", 0, "manifest.member", "1 to 200"),
        ("per_mille", 201, "manifest.member", "1 to 200"),
        ("rounded_to", 0, "manifest.member", "1 or more"),
        ("least", 0, "manifest.member", "1 or more"),
        ("verdict", "locks", "potcheck.wrong", "`locks` where `holds` follows"),
        ("count", "00" * 32, "potcheck.wrong", "another count"),
        ("draw", "xx-2027-b", "potcheck.wrong", "another count"),
        ("draw", "X", "draw.id", "id of a draw"),
        ("cells.0.expected", 150, "potcheck.wrong", "not those of the count"),
        ("cells.0.value", "2009", "potcheck.wrong", "not those of the count"),
        ("cells.2.by", "surname", "manifest.member", "people are counted by"),
        ("cells.0.value", "08", "manifest.member", "people are counted by"),
        ("cells.2.value", "XX-01", "manifest.member", "each cell once"),
    ],
)
def test_a_check_that_does_not_follow_is_refused(path: str, value: Any, code: str, says: str) -> None:
    with pytest.raises(MusterRollError, match=says) as refused:
        potcheck.decode(changed(examined(FOUND).encode(), path, value), COUNT.encode())
    assert refused.value.code == code
    assert refused.value.where in {"potcheck.json", "draw id"}


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("kind", "muster-roll/potcheck", "manifest.version"),
        ("office", "", "manifest.member"),
        ("rounded_to", 0, "manifest.member"),
        ("reference_day", "soon", "date.malformed"),
        ("cells.0.count", -1, "manifest.member"),
        ("cells.0.found", 1, "manifest.member"),
        ("cells.1.value", "../XX", "manifest.member"),
        ("cells.1.value", "XX-02", "manifest.member"),
    ],
)
def test_a_count_that_is_none_is_refused(path: str, value: Any, code: str) -> None:
    with pytest.raises(MusterRollError) as refused:
        potcheck.decode_count(changed(COUNT.encode(), path, value))
    assert refused.value.code == code
    assert "count" in refused.value.where or code == "date.malformed"


def test_what_the_office_signs() -> None:
    expected = canonical.tag("count") + hashlib.sha256(COUNT.encode()).digest()
    assert potcheck.signed_message(COUNT.encode()) == expected


@pytest.mark.parametrize(("rounded_to", "first"), [(1, 24), (100, 87)])
def test_nobody_found_locks_from_the_number_on_that_the_spec_states(rounded_to: int, first: int) -> None:
    """docs/spec/draw.md, 6: at the widest that a pot check may be."""

    def verdict(expected: int) -> str:
        count = Count("xx-2027-a", "Office", "2026-12-31", rounded_to, {("district", "XX-0101"): expected})
        return potcheck.examine(count, {}, root="00" * 32, size=1, per_mille=200, rounded_to=10, least=20).verdict

    assert [verdict(first - 1), verdict(first), verdict(first + 1000)] == ["holds", "locks", "locks"]


@pytest.mark.parametrize(("name", "value"), [("rounded_to", 11), ("least", 21)])
def test_numbers_shown_so_widely_that_nothing_could_fail_are_refused(name: str, value: int) -> None:
    count = Count("xx-2027-a", "Office", "2026-12-31", 1, {("district", "XX-0101"): 9})
    shown = {"rounded_to": 5, "least": 10} | {name: value}
    with pytest.raises(ValueError, match="at most 10 and 20"):
        potcheck.examine(count, {}, root="00" * 32, size=1, per_mille=20, **shown)


@pytest.mark.parametrize("cells", [{}, {("source", "civil"): 0}])
def test_a_count_that_counts_nobody_of_the_list_is_none(cells: dict[tuple[str, str], int]) -> None:
    with pytest.raises(ValueError, match="birth year, district or stratum"):
        Count("xx-2027-a", "Office", "2026-12-31", 1, cells)
