"""Chapter: what the agency itself counted is found again, and a delivery of changes is measured by its own size."""

from datetime import date

import pytest
from tests.spec.extract.test_plausibility import DECLARED as CIVIL

from musterroll.canonical import encode, sha256_hex
from musterroll.dates import day_of
from musterroll.extract.check import receive
from musterroll.extract.declaration import load_source
from musterroll.extract.manifest import Manifest
from musterroll.extract.profile import Counts, counts_of, decode

DECLARED = CIVIL.replace(
    "limits:\n  rows: [10, 100]",
    "delta: {column: op, put: [P], drop: [D]}\nlimits:\n  rows: [10, 1000]\n  districts: {column: town, change: 30}",
).replace("facts:", "    - {name: town, type: string, role: town}\nfacts:")
SOURCE = load_source(DECLARED)
TOWNS = ("Kent", "Šiauliai", "York", "Utena")
ON = day_of(date(2020, 12, 31))


def people(count=400, sex=lambda n: "MF"[n % 2], town=lambda n: TOWNS[n % 4]):
    return [f"E{n};{sex(n)};{1945 + n % 60}-03-{n % 28 + 1:02};{town(n)}" for n in range(count)]


def received(lines, previous=None, heading="entry;sex;born;town", as_of=ON, **told):
    file = "\n".join([heading, *lines, ""]).encode()
    about = Manifest(source="civil", as_of=as_of, rows=len(lines), sha256=sha256_hex(file), **told)
    return receive(SOURCE, about, file, previous=previous, today=ON)


def said(lines, **told):
    return [finding.what for finding in received(lines, **told).findings]


def changed(lines, previous=None, **told):
    return received(lines, previous, "op;entry;sex;born;town", full=False, base="ab" * 32, **told)


COUNTED = {
    "district": dict.fromkeys(TOWNS, 100),
    "sex": {"M": 200, "F": 200},
    "birth_year": {str(1945 + n): 7 if n < 40 else 6 for n in range(60)},
}


def test_a_register_that_holds_what_its_agency_counted_raises_no_question():
    assert said(people(), counts=COUNTED) == []


@pytest.mark.parametrize(
    ("counts", "what"),
    [
        (
            {"district": {"Šiauliai": 130}},
            "The agency counted 130 rows with `Šiauliai` as district. Their number is 100; expected is 129 to 130.",
        ),
        (
            {"district": {"Zarasai": 12}},
            "The agency counted 12 rows with `Zarasai` as district. Their number is 0; expected is 11 to 12.",
        ),
        (
            {"sex": {"M": 220, "F": 180}},
            "The agency counted 180 rows with `F` as sex. Their number is 200; expected is 178 to 181.",
        ),
        (
            {"birth_year": {"1945": 9}},
            "The agency counted 9 rows with `1945` as birth year. Their number is 7; expected is 8 to 9.",
        ),
    ],
)
def test_what_the_agency_counted_must_be_found_again(counts, what):
    assert said(people(), counts=counts)[0] == what


def test_rows_that_were_set_aside_or_cannot_be_read_need_not_be_found_again():
    lines = [*people(395), *["E999;M"] * 5]
    assert said(lines, counts=COUNTED) == []
    assert said(people(town=lambda n: TOWNS[n % 4] if n % 40 else ""), counts=COUNTED) == []


def test_a_count_of_what_the_source_does_not_tell_is_not_found():
    plain = load_source(
        CIVIL.replace("role: sex, ", "").replace("role: born, ", "").replace("  ages: {18-25: [5, 30]}\n", "")
    )
    file = ("entry;sex;born\n" + "".join(f"E{n};{'MF'[n % 2]};1990-03-01\n" for n in range(50))).encode()
    counts = {"sex": {"M": 25}, "birth_year": {"1990": 50}}
    about = Manifest(source="civil", as_of=ON, rows=50, sha256=sha256_hex(file), counts=counts)
    assert [finding.code for finding in receive(plain, about, file, previous=None, today=ON).findings] == [
        "counts",
        "counts",
    ]


# Changes


LAST = received(people()).profile


def some(count):
    return [f"P;{line}" for line in people(count)]


def test_a_few_changes_of_any_kind_raise_no_question():
    found = changed([f"P;E{n};F;1930-01-01;Kent" for n in range(20)], LAST)
    assert found.findings == ()


def test_more_changes_than_a_day_has_wait():
    found = changed(some(60), LAST)
    assert [finding.what for finding in found.findings] == [
        "The number of rows in a delivery of changes is 60; expected is 0 to 40."
    ]


def test_changes_that_drop_a_whole_register_wait():
    found = changed([f"D;E{n};;;" for n in range(400)], LAST)
    assert [one.code for one in found.findings] == ["rows-moved"]


def test_changes_before_any_whole_register_are_at_most_as_many_as_the_register():
    assert changed(some(60)).findings == ()
    assert [finding.what for finding in changed(some(1001)).findings] == [
        "The number of rows is 1001; expected is 0 to 1000."
    ]


def test_changes_older_than_the_register_they_change_wait():
    found = changed(some(5), LAST, as_of=ON - 1)
    assert [finding.what for finding in found.findings] == [
        "The register was copied on 2020-12-30, before the last one that was taken in (2020-12-31)."
    ]


def test_changes_of_which_most_cannot_be_placed_wait():
    found = changed([*some(10), *[f";{line}" for line in people(20)[10:]]], LAST)
    assert [finding.what for finding in found.findings] == [
        "The share of rows set aside is 50.00 %; expected is 0.00 % to 5.00 %."
    ]


# Counting by pieces


def test_a_piece_that_is_counted_and_taken_away_again_leaves_no_trace():
    lines = received(people(40, sex=lambda n: "MFX"[n % 3], town=lambda n: "7th" if n > 29 else "Kent")).rows
    one, other = counts_of(SOURCE, lines[:25]), counts_of(SOURCE, lines[25:])
    together = Counts()
    together.add(one)
    together.add(other)
    assert together == counts_of(SOURCE, lines)
    assert "7th" in together.values["town"]
    together.add(other, sign=-1)
    assert together == one
    assert "7th" not in together.values["town"]


# Profiles kept with earlier deliveries


def test_a_profile_kept_by_the_first_version_is_still_compared_with():
    now = received(people()).profile
    first = {
        "v": 1,
        "as_of": "2020-12-30",
        "rows": now.rows,
        "refused": 0,
        "codes": now.codes,
        "unread": now.unread,
        "ages": now.ages,
        "born": now.born,
        "one_day": now.one_day,
    }
    kept = decode(encode(first))
    assert (kept.codes, kept.born, kept.districts) == (now.codes, now.born, {})
    assert received(people(), kept).findings == ()
    assert [finding.code for finding in received(people(200), kept).findings] == ["rows-moved"]
