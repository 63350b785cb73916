"""What a reader refuses (docs/spec/draw.md, 14), one thing at a time: each row changes one file of a sound folder.

Whoever changes it writes SHA256SUMS anew. A row says what the verifier then has to name.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.bundles.files import DRAW, OFFICE, put_bundle, receipt_of
from tests.bundles.forged import ANEW, LISTED, REDRAWN, WHOLE, Forged

from musterroll import canonical
from musterroll.draw import potcheck, ticket

TABLE, FALLEN_BACK = 20, 37
NUMBERS = (LISTED, WHOLE, ANEW, REDRAWN, TABLE, FALLEN_BACK)
GONE = object()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Forged]:
    """The sound folders, made once; every test puts back what it changes."""
    folders = {}
    for number in NUMBERS:
        home = tmp_path_factory.mktemp(str(number))
        folders[number] = Forged(home, random.Random(f"bundle {number}"))
        folders[number].build()
        folders[number].write()
    return folders


@pytest.fixture
def change(made: dict[int, Forged], look: Callable) -> Iterator[Callable[..., Any]]:
    """Put other files into folder `number` (None takes one out) and look at it."""
    touched: list[tuple[Forged, dict[str, bytes]]] = []

    def run(number: int, files: dict[str, bytes | None], own: bytes | None = None) -> Any:
        forged = made[number]
        touched.append((forged, dict(forged.files)))
        for name, data in files.items():
            if data is None:
                forged.files.pop(name, None)
                (forged.bundle / name).unlink(missing_ok=True)
            else:
                forged.files[name] = data
        put_bundle(forged.bundle, forged.files)
        path = forged.home / "own.json"
        if own is not None:
            path.write_bytes(own)
        policy = forged.home / "trust" / "policy.txt"
        return look(forged.home / "published", policy=policy, receipt=None if own is None else path)

    yield run
    for forged, files in reversed(touched):
        for name in set(forged.files) - set(files):
            (forged.bundle / name).unlink()
        forged.files = files
        put_bundle(forged.bundle, files)


def edited(data: bytes, path: str, value: Any) -> bytes:
    """The JSON in `data` with another value at `path`, such as `cohort.strata.0.quota`."""
    whole = json.loads(data)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    where = whole
    for step in way:
        where = where[step]
    if value is GONE:
        del where[last]
    elif isinstance(where, list) and last == len(where):
        where.append(value)
    else:
        where[last] = value
    return canonical.encode(whole)


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_not_changed_is_not_refused(change: Callable, number: int) -> None:
    assert change(number, {}).code in (0, 3)


DRAND = {"type": "drand", "chain": "0" * 64, "group_key": "a", "scheme": "b", "genesis": 1, "period": 1, "round": 9}
CEREMONY = {"type": "ceremony", "alphabet": "0123456789", "length": 40}
OTHER = "00" * 32
MANIFEST_ROWS = [
    # the shape
    (WHOLE, "v", 2, "does not know manifests of kind"),
    (WHOLE, "kind", "muster-roll/other", "does not know manifests of kind"),
    (WHOLE, "kind", "muster-roll/supplement", "members that this version does not know"),
    (WHOLE, "another", 1, "members that this version does not know"),
    (WHOLE, "draw", GONE, "manifest.draw is missing"),
    (WHOLE, "cohort", 3, "manifest.cohort is not an object"),
    (WHOLE, "cohort.strata", 3, "manifest.cohort.strata is not a list"),
    (WHOLE, "cohort.size", "3", "manifest.cohort.size is not what it should be"),
    (WHOLE, "reference_day", "2023-02-30", "manifest.reference_day is not what it should be"),
    (WHOLE, "reference_day", GONE, "NOT STATED   `reference_day`"),
    (WHOLE, "because", {"ground": "potcheck", "sha256": OTHER}, "a first attempt has no `because`"),
    (REDRAWN, "because", {"ground": "another"}, "does not know manifest.because with ground another"),
    (REDRAWN, "because", GONE, "NOT STATED   `because`"),
    # randomness
    (WHOLE, "randomness", [], "exactly one round is named"),
    (WHOLE, "randomness.0", DRAND, "the beacon is not drand quicknet"),
    (WHOLE, "randomness.2", CEREMONY, "more than one ceremony"),
    (WHOLE, "randomness.1.alphabet", "00", "each symbol stands once"),
    (WHOLE, "randomness.1.length", 3, "at least 128 bits"),
    (WHOLE, "randomness.1.not_after", "2030-01-01T00:00:00Z", "a ceremony is over before the round"),
    (WHOLE, "audit.round", 5, "the audit's round is the later one"),
    (WHOLE, "audit.samples", [1], "the audit names one sample a stratum"),
    # strata and quotas
    (WHOLE, "cohort.quota.rule", "another/v1", "the rule of the quotas is not known"),
    (WHOLE, "cohort.quota.floor", 10**6, "the floors exceed the total or a stratum"),
    (WHOLE, "cohort.partition.merge", "another/v1", "the rule of the strata is not known"),
    (WHOLE, "cohort.partition.least", 19, "a stratum has at least 20 people"),
    (WHOLE, "cohort.partition.article", GONE, "an article is cited where"),
    (WHOLE, "cohort.partition.by", [], "where nothing is merged, something divides the list"),
    (WHOLE, "cohort.partition.by", ["sex", "sex"], "a list is divided by each attribute once"),
    (WHOLE, "cohort.partition.by", ["sex", "birth-year"], "has not one class for each attribute"),
    (WHOLE, "cohort.partition.by", ["birth-year"], "has not the form of the attribute birth-year"),
    (WHOLE, "cohort.strata.0.id", "male_unknown", "classes of strata overlap"),
    (WHOLE, "cohort.strata.0.id", "a_b", "strata are merged although an article forbids it"),
    (WHOLE, "cohort.strata.0.id", "b_a", "has not the form of the attribute sex"),
    (LISTED, "cohort.partition.least", 60, "a stratum is so small that it aims at few"),
    # the source
    (WHOLE, "source.considered", 1, "considered less excluded is not the size of the list"),
    (LISTED, "source", GONE, "source.bin belongs to a manifest whose source is of level 1"),
    (LISTED, "source.level", 2, "does not know manifest.source with level 2"),
    (LISTED, "source.key_holder", "register.example", "the register itself holds the key"),
    (LISTED, "source.key_holder", GONE, "nobody from outside is named who holds the key"),
    (LISTED, "source.excluded_sha256", GONE, "excluded.bin is not named in the manifest"),
    (LISTED, "source.excluded", 9, "the numbers of the source do not add up"),
    (LISTED, "source.root", OTHER, "source.bin is not the list that the manifest names"),
    (LISTED, "source.signature", "00" * 64, "the source did not sign this list"),
    (LISTED, "source.nullifiers", OTHER, "nullifiers.bin is not the file that the manifest names"),
    # what else is named
    (WHOLE, "fairness.suite", "muster-roll/fairness-a/v1", "does not know this suite"),
    (WHOLE, "potcheck.per_mille", 201, "at most 200 per mille"),
    (WHOLE, "potcheck.sha256", OTHER, "potcheck.json is another file than the one named"),
    (WHOLE, "potcheck", GONE, "NOT CHECKED  the list against an independent count"),
    (TABLE, "table.days", 364, "a table has 365 or 366 days"),
    (TABLE, "table.days", 365, "a table has the line date,number and 365 more"),
    (TABLE, "table.held_on", "2023-07-09", "on record the day before the drawing"),
    (TABLE, "table", GONE, "manifest.table is missing"),
    # another attempt
    (REDRAWN, "because.sha256", OTHER, "potcheck.json is another file than the one named"),
    (REDRAWN, "attempt", 3, "before/manifest.json is not the attempt before"),
    (REDRAWN, "supersedes", OTHER, "before/manifest.json is not the one that is superseded"),
    (FALLEN_BACK, "randomness.0.length", 41, "the randomness is not the one named for a fallback"),
    (FALLEN_BACK, "cohort.size", 1, "the sizes of the strata add up"),
]


@pytest.mark.parametrize(("number", "path", "value", "says"), MANIFEST_ROWS)
def test_a_manifest_that_says_otherwise(made, change: Callable, number: int, path: str, value: Any, says: str) -> None:
    data = edited(made[number].files["manifest.json"], path, value)
    shown = change(number, {"manifest.json": data})
    assert shown.code in (1, 2, 3)
    assert says in shown.text


FILE_ROWS: list[tuple[int, str, Callable[[bytes], bytes | None], str]] = [
    (LISTED, "source.bin", lambda d: d[:-32], "source.bin has another length"),
    (LISTED, "source.bin", lambda d: d[32:64] + d[:32] + d[64:], "not in strictly ascending order"),
    (LISTED, "source.bin", lambda d: None, "the file is missing"),
    (LISTED, "audit.json", lambda d: edited(d, "round", 3), "this is another round than the one named"),
    (LISTED, "audit.json", lambda d: None, "the audit's sample: its round"),
    (LISTED, "spared.bin", lambda d: d[:-32], "spared.bin has another length"),
    (LISTED, "spared.bin", lambda d: bytes(32) + d[32:], "spared.bin is not the list that the ledger names"),
    (LISTED, "spared.json", lambda d: edited(d, "sample", [0]), "not the spared that the round picks"),
    (LISTED, "spared.json", lambda d: None, "the sample of the spared: its round"),
    (LISTED, "spared.tlog-proof", lambda d: None, "no spared.tlog-proof"),
    (LISTED, "manifest.tlog-proof", lambda d: d.replace(b"\nindex ", b"\nindex x"), "its index is no number"),
    (LISTED, "manifest.tlog-proof", lambda d: b"x" + d, "does not begin with c2sp.org/tlog-proof@v1"),
    (LISTED, "manifest.tlog-proof", lambda d: d.replace(b"extra", b"other"), "it has no extra line"),
    (LISTED, "beacon.json", lambda d: edited(d, "another", 1), "members that this version does not know"),
    (LISTED, "beacon.json", lambda d: edited(d, "signature", GONE), "no round of the beacon as drand serves it"),
    (LISTED, "verify.py", lambda d: b"pass\n", "verify.py is not the verifier that the manifest names"),
    (LISTED, "manifest.court.tsr", lambda d: b"0\x03\x02\x01\x00", "this is no time stamp of RFC 3161"),
    (WHOLE, "ceremony.txt", lambda d: b"12", "the ceremony's symbols are not those of its terms"),
    (WHOLE, "count.json", lambda d: edited(d, "office", "another"), "the pot check is of another list or count"),
    (WHOLE, "count.sig", lambda d: b"00" * 64, "the office named beforehand did not sign the count"),
    (WHOLE, "count.json", lambda d: None, "the file is missing"),
    (WHOLE, "fairness.json", lambda d: edited(d, "tests.0.p", None), "the fairness figures are others"),
    (WHOLE, "fairness.json", lambda d: edited(d, "tests.0.p", "2"), "the fairness figures are others"),
    (WHOLE, "fairness.json", lambda d: edited(d, "tests.0.test", "B9"), "the fairness figures are others"),
    (WHOLE, "fairness.json", lambda d: edited(d, "tests.0", GONE), "the fairness figures are others"),
    (WHOLE, "fairness.json", lambda d: edited(d, "tests", None), "the fairness figures are others"),
    (WHOLE, "fairness.json", lambda d: b"[]", "the fairness figures are others"),
    (WHOLE, "fairness.json", lambda d: edited(d, "meaning", "none"), "the ledger holds other fairness figures"),
    (WHOLE, "fairness.json", lambda d: None, "the ledger names fairness figures that are not here"),
    (WHOLE, "supplement-01/manifest.json", lambda d: edited(d, "number", 7), "another number or kind"),
    (WHOLE, "supplement-01/manifest.json", lambda d: edited(d, "parent", OTHER), "this belongs to another draw"),
    (WHOLE, "supplement-01/manifest.json", lambda d: edited(d, "attempt", 2), "attempt 1 supersedes nothing"),
    (WHOLE, "supplement-01/manifest.json", lambda d: edited(d, "legal", GONE), "NOT STATED   `legal`"),
    (WHOLE, "supplement-01/manifest.json", lambda d: edited(d, "cohort.strata.0.id", "zz"), "strata of the draw"),
    (WHOLE, "supplement-01/manifest.json", lambda d: edited(d, "cohort.strata.0.quota", 1), "has no quota"),
    (WHOLE, "supplement-01/cohort.bin", lambda d: d[:-1] + bytes([d[-1] ^ 1]), "nobody knows who stands in two lists"),
    (WHOLE, "supplement-02/manifest.json", lambda d: None, "the file is missing"),
    (ANEW, "stratum-01/manifest.json", lambda d: edited(d, "stratum", "zz"), "its list has this one stratum"),
    (ANEW, "stratum-01/manifest.json", lambda d: edited(d, "because.ground", "fallback"), "does not know"),
    (ANEW, "stratum-01/before/potcheck.json", lambda d: None, "the file is missing"),
    (REDRAWN, "before/manifest.json", lambda d: edited(d, "legal", "x"), "is not the one that is superseded"),
    (REDRAWN, "before/manifest.json", lambda d: None, "the file is missing"),
    (TABLE, "table.csv", lambda d: d.replace(b"date,number", b"day,number"), "a table has the line date,number"),
    (TABLE, "table.csv", lambda d: d.replace(b"01-01,", b"01-01,0"), "the table is no permutation"),
    (TABLE, "table.csv", lambda d: d.replace(b"01-01,", b"01-02,", 1), "the table is no permutation"),
    (TABLE, "table.csv", lambda d: None, "the table is not drawn yet"),
    (TABLE, "table.tlog-proof", lambda d: None, "there is no table.tlog-proof"),
    (TABLE, "loading.json", lambda d: edited(d, "dates.0", 1), "not those that the seed gives"),
    (TABLE, "loading.json", lambda d: None, "there is no loading.json"),
    (TABLE, "supplement-01/result.json", lambda d: None, "the file is missing"),
]


@pytest.mark.parametrize(("number", "name", "how", "says"), FILE_ROWS)
def test_a_file_that_is_another_one(made, change: Callable, number: int, name: str, how: Callable, says: str) -> None:
    shown = change(number, {name: how(made[number].files.get(name, b""))})
    assert says in shown.text


def swapped(data: bytes) -> bytes:
    first, second = data.split(b"\n")[1:3]
    one, other = first.split(b",")[1], second.split(b",")[1]
    return data.replace(first, first.replace(one, other), 1)


def test_a_number_that_two_dates_have_is_named_with_both(made, change: Callable) -> None:
    shown = change(TABLE, {"table.csv": swapped(made[TABLE].files["table.csv"])})
    assert "again, first at 01-01" in shown.text


def recounted(forged: Forged, pot: dict[str, Any], count: dict[str, Any], folder: str = "") -> dict[str, bytes | None]:
    """Files of a pot check with other members, signed and named as they have to be."""
    counted = canonical.encode(json.loads(forged.files[f"{folder}count.json"]) | count)
    checked = json.loads(forged.files[f"{folder}potcheck.json"])
    checked = canonical.encode(checked | {"count": canonical.sha256_hex(counted)} | pot)
    manifest = edited(forged.files["manifest.json"], "potcheck.sha256", canonical.sha256_hex(checked))
    signature = OFFICE.sign(potcheck.signed_message(counted)).hex().encode()
    return {
        f"{folder}count.json": counted,
        f"{folder}potcheck.json": checked,
        f"{folder}count.sig": signature,
        "manifest.json": manifest,
    }


def cell(by: str, value: str, expected: int, found: int | None) -> dict[str, Any]:
    return {"by": by, "value": value, "expected": expected, "found": found}


def counted(by: str, value: str, count: int) -> dict[str, Any]:
    return {"by": by, "value": value, "count": count}


@pytest.mark.parametrize(
    ("pot", "count", "says"),
    [
        ({"root": OTHER}, {}, "the pot check is of another list or count"),
        ({"kind": "muster-roll/other"}, {}, "does not know files of kind"),
        ({}, {"office": "another"}, "the count is another office's"),
        ({}, {"manifest": OTHER}, "the count was not made after the manifest"),
        ({"cells": []}, {}, "does not have the cells of the count"),
        ({"cells": [cell("z", "z", 1, 1)]}, {"cells": [counted("z", "z", 1)]}, "does not know cells by z"),
        (
            {"cells": [cell("birth-year", "19", 1, 1)]},
            {"cells": [counted("birth-year", "19", 1)]},
            "a birth year has four digits",
        ),
        (
            {"cells": [cell("source", "b", 1, 1), cell("source", "a", 1, 1)]},
            {"cells": [counted("source", "b", 1), counted("source", "a", 1)]},
            "cells stand in ascending order",
        ),
        (
            {"cells": [cell("district", "a", 9, 9)]},
            {"cells": [counted("district", "a", 9)]},
            "numbers by district do not add up to the list",
        ),
        (
            {"cells": [cell("stratum", "male", 9, 9), cell("stratum", "z", 291, 291)]},
            {"cells": [counted("stratum", "male", 9), counted("stratum", "z", 291)]},
            "has another number for a stratum",
        ),
        (
            {"cells": [cell("source", "a", 9, None)]},
            {"cells": [counted("source", "a", 9)]},
            "is not what its cells give",
        ),
        (
            {"cells": [cell("source", "a", 90, None)], "verdict": "locks"},
            {"cells": [counted("source", "a", 90)]},
            "the pot check locks the draw",
        ),
        (
            {"cells": [cell("source", "a", 9, 9)]},
            {"cells": [counted("source", "a", 9)]},
            "the ledger does not hold the passed pot check",
        ),
    ],
)
def test_a_pot_check_that_is_not_what_it_says(made, change: Callable, pot: Any, count: Any, says: str) -> None:
    shown = change(WHOLE, recounted(made[WHOLE], pot, count))
    assert shown.code in (1, 2)
    assert says in shown.text


def test_a_source_s_list_that_does_not_fit_the_draw(made, change: Callable) -> None:
    forged = made[LISTED]

    def named(**files: bytes) -> dict[str, bytes | None]:
        manifest = forged.files["manifest.json"]
        for name, member in (("nullifiers", "source.nullifiers"), ("excluded", "source.excluded_sha256")):
            if name in files:
                manifest = edited(manifest, member, canonical.sha256_hex(files[name]))
        return {"manifest.json": manifest} | {f"{name}.bin": data for name, data in files.items()}

    inside, outside = forged.files["nullifiers.bin"], forged.files["excluded.bin"]
    assert "a nullifier is there twice" in change(LISTED, named(nullifiers=inside[:32] * 2 + inside[64:])).text
    strange = named(nullifiers=bytes(32) + inside[32:])
    assert "not together the source's list" in change(LISTED, strange).text
    turned = named(excluded=outside[32:64] + outside[:32] + outside[64:], nullifiers=inside)
    assert "excluded.bin is not in strictly ascending order" in change(LISTED, turned).text
    alone = named(nullifiers=bytes(32) + inside[32:])
    manifest = edited(edited(alone["manifest.json"] or b"", "source.key_holder", GONE), "source.excluded_sha256", GONE)
    shown = change(LISTED, alone | {"manifest.json": manifest, "excluded.bin": None})
    assert "somebody in the list is not in the source's list" in shown.text


def test_a_ticket_or_receipt_that_does_not_fit(made, change: Callable) -> None:
    forged, one = made[LISTED], made[LISTED].entrants[3]
    sound = ticket.inside(one, forged.manifest, forged.cohort).encode()
    assert change(LISTED, {}, sound).code == 0
    born = edited(json.loads(sound)["in"]["record"].encode(), "born", "1990-01-01").decode()
    rows = [
        ("v", 2, "does not know such a ticket"),
        ("draw", "xx-1", "of the receipt is not here"),
        ("manifest", OTHER, "your ticket is of another list"),
        ("in.folder", "supplement-09", "of the ticket is not here"),
        ("in.index", 10**6, "it is of a list of another size"),
        ("in.size", 7, "it is of a list of another size"),
        ("in.path.0", OTHER, "the ticket does not lead to the root"),
        ("in.path", [], "the path of the ticket does not fit"),
        (f"in.path.{len(json.loads(sound)['in']['path'])}", OTHER, "the path of the ticket does not fit"),
        ("in.place", 99, "your place is another"),
        ("in.label", "1+S1.1", "your place is another"),
        ("in.record", "[]", "its record is no object"),
        ("in.record", '{"draw":"other"}', "your record names another draw or stratum"),
        ("in.record", born, "the ticket does not lead to the root"),
        ("in.another", 1, "members that it should not have"),
    ]
    for path, value, says in rows:
        shown = change(LISTED, {}, edited(sound, path, value))
        assert shown.code in (1, 2), path
        assert says in shown.text, path
    assert "this is no receipt and no ticket" in change(LISTED, {}, b"[]").text
    out = ticket.outside(forged.left[0], forged.manifest, forged.spared_list).encode()
    assert "you are among the spared at index" in change(LISTED, {}, out).text
    assert "your ticket is of another draw's list" in change(LISTED, {}, edited(out, "manifest", OTHER)).text
    assert "not one of somebody spared" in change(LISTED, {}, edited(out, "out.record", "{}")).text
    without = dict.fromkeys(("spared.bin", "hand.bin", "spared.json", "spared.tlog-proof"))
    shown = change(LISTED, without, out)
    assert "the ledger names a list of the spared that is not here" in shown.text
    assert "who was spared in this draw could not be checked" in shown.text


def test_a_late_person_s_label_is_computed(made, change: Callable) -> None:
    forged = made[WHOLE]
    part, cohort, entrants = forged.parts[0]
    sound = ticket.inside(entrants[0], part.manifest, cohort, label=forged.label(part, entrants[0])).encode()
    shown = change(WHOLE, {}, sound)
    assert shown.code == 0
    assert "of the main list" in shown.text
    assert "your place is another" in change(WHOLE, {}, edited(sound, "in.label", "999+S1.1")).text
    shown = change(WHOLE, {"beacon.json": None}, sound)
    assert "there is no checked order of the main list yet" in shown.text
    assert "later than its parent's" not in shown.text


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (WHOLE, "draw.ceremony"),
        (WHOLE, "draw.result"),
        (WHOLE, "draw.fairness"),
        (WHOLE, "draw.spared"),
        (WHOLE, "supplement"),
        (ANEW, "draw.stratum"),
        (TABLE, "draw.table"),
    ],
)
def test_what_may_stand_once_stands_once(look: Callable, tmp_path: Path, number: int, kind: str) -> None:
    """Not even the same entry twice: nobody shall have to ask which of them counts."""
    forged = Forged(tmp_path, random.Random(f"bundle {number}"))
    forged.build()
    mark = f'"k":"{kind}"'.encode()
    forged.logs[-1].entries.append(next(e for log in forged.logs for e in log.entries if mark in e))
    forged.write()
    shown = look(tmp_path / "published", policy=tmp_path / "trust" / "policy.txt")
    assert shown.code == 1
    assert "a second entry where one may be" in shown.text or "or one twice" in shown.text


class Misrecorded(Forged):
    """The register commits to a record of one person that is not true of them."""

    said: dict[str, str]

    def enter(self):
        first, *others = super().enter()
        record = canonical.encode(json.loads(first.record) | self.said)
        return (replace(first, record=record), *others)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"born": "1950-01-01"}, "your birth date does not belong to that stratum"),
        ({"born": "unknown"}, "your birth date does not belong to that stratum"),
        ({"n": OTHER}, "your record has another nullifier than the list"),
        ({"draw": "xx-1999-a"}, "your record names another draw or stratum"),
    ],
)
def test_a_person_sees_what_is_false_in_their_own_record(look: Callable, tmp_path: Path, said: Any, says: str) -> None:
    forged = type("Told", (Misrecorded,), {"said": said})(tmp_path, random.Random(f"bundle {LISTED}"))
    forged.build()
    forged.write()
    one, path = forged.entrants[0], tmp_path / "own.json"
    policy = tmp_path / "trust" / "policy.txt"
    for data in (
        receipt_of(one, forged.cohort, forged.order),
        ticket.inside(one, forged.manifest, forged.cohort).encode(),
    ):
        path.write_bytes(edited(data, "draw", DRAW))
        shown = look(tmp_path / "published", policy=policy, receipt=path)
        assert shown.code == 1
        assert says in shown.text


def test_a_copy_of_the_policy_inside_is_compared_and_never_used(made, look: Callable, tmp_path: Path) -> None:
    forged = made[WHOLE]
    policy, copy = forged.home / "trust" / "policy.txt", forged.home / "published" / "policy.txt"
    copy.write_bytes(policy.read_bytes())
    assert "policy.txt in the folder itself is the same as your own policy" in look(copy.parent, policy=policy).text
    copy.write_bytes(b"quorum none\n")
    assert "policy.txt in the folder itself is not your own policy" in look(copy.parent, policy=policy).text
    copy.unlink()
