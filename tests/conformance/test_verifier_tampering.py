"""What somebody may change in a published draw, and the verifier's answer: something is wrong, with the evidence.

Whoever tampers also writes SHA256SUMS anew, so that only the draw's own bonds can betray it.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.published import DRAND, SYMBOLS, Published, sums

from musterroll import canonical
from musterroll.draw import order, seed

LEAF = 34
NEGATIVE = {row["name"]: row for row in json.loads((DRAND / "negative.json").read_bytes())["entries"]}
QUICKNET = json.loads((DRAND / "quicknet.json").read_bytes())["rounds"]


def leaves(published: Published) -> list[bytes]:
    data = (published.bundle / "cohort.bin").read_bytes()
    return [data[i : i + LEAF] for i in range(0, len(data), LEAF)]


def write_leaves(published: Published, changed: list[bytes]) -> None:
    (published.bundle / "cohort.bin").write_bytes(b"".join(changed))


def swap(published: Published) -> None:
    rows = leaves(published)
    rows[3], rows[4] = rows[4], rows[3]
    write_leaves(published, rows)


def drop(published: Published) -> None:
    write_leaves(published, leaves(published)[:-1])


def duplicate(published: Published) -> None:
    rows = leaves(published)
    rows[7] = rows[6]
    write_leaves(published, rows)


def replace(published: Published) -> None:
    rows = leaves(published)
    rows[5] = rows[5][:-1] + bytes([rows[5][-1] ^ 1])
    write_leaves(published, sorted(rows))


def another_round(published: Published) -> None:
    row = QUICKNET[4]
    (published.bundle / "beacon.json").write_bytes(
        canonical.encode({name: row[name] for name in ("round", "signature", "randomness")})
    )


def another_value(published: Published) -> None:
    value = json.loads((published.bundle / "beacon.json").read_bytes())
    (published.bundle / "beacon.json").write_bytes(canonical.encode(value | {"randomness": "00" * 32}))


def torsion(published: Published) -> None:
    value = json.loads((published.bundle / "beacon.json").read_bytes())
    forged = NEGATIVE["torsion-1"]["signature"]
    value |= {"signature": forged, "randomness": canonical.sha256_hex(bytes.fromhex(forged))}
    (published.bundle / "beacon.json").write_bytes(canonical.encode(value))


def ceremony(published: Published) -> None:
    """Other symbols, and everything after them computed anew."""
    other = SYMBOLS[::-1]
    (published.bundle / "ceremony.txt").write_text(other)
    values = [seed.drand_value(bytes.fromhex(_signature(published))), other.encode()]
    result = order.result(published.manifest.encode(), published.cohort.data, values)
    (published.bundle / "order.bin").write_bytes(result.data)
    (published.bundle / "result.json").write_bytes(result.result())


def quota(published: Published) -> None:
    manifest = (published.bundle / "manifest.json").read_bytes()
    (published.bundle / "manifest.json").write_bytes(manifest.replace(b'"quota":3', b'"quota":4'))


def whitespace(published: Published) -> None:
    path = published.bundle / "manifest.json"
    path.write_bytes(path.read_bytes() + b"\n")


def order_changed(published: Published) -> None:
    path = published.bundle / "order.bin"
    data = path.read_bytes()
    path.write_bytes(data[32:64] + data[:32] + data[64:])


def _signature(published: Published) -> str:
    return str(json.loads((published.bundle / "beacon.json").read_bytes())["signature"])


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (swap, "not in strictly ascending order"),
        (drop, "cohort.bin has another length"),
        (duplicate, "not in strictly ascending order"),
        (replace, "the list is not the one that the manifest commits to"),
        (another_round, "this is another round than the one named"),
        (another_value, "the value is not the hash of the signature"),
        (torsion, "this is not the beacon's signature"),
        (ceremony, "the ledger holds another ceremony of this draw"),
        (quota, "the quotas do not follow from the sizes"),
        (whitespace, "the proof is of another entry"),
        (order_changed, "order.bin is another order"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_changed_draw_is_wrong(
    published: Published, look: Callable, tamper: Callable[[Published], None], says: str
) -> None:
    tamper(published)
    sums(published.bundle)
    shown = look(published.folder)
    assert shown.code == 1, shown.text
    assert says in shown.text
    assert "SOMETHING IS WRONG. Keep these files as they are" in shown.text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"salt": "00" * 32}, "your entry does not stand where the receipt says"),
        ({"index": 0}, "your entry does not stand where the receipt says"),
        ({"index": 10**6}, "your entry does not stand where the receipt says"),
        ({"place": 25}, "your place is another"),
        ({"place": True}, "a receipt.place is not what it should be"),
        ({"record": "{}"}, "your entry does not stand where the receipt says"),
        ({"record": 3}, "a receipt.record is not what it should be"),
        ({"record": "[]"}, "its record is no object"),
        ({"salt": "0"}, "a receipt.salt is not what it should be"),
        ({"other": 1}, "a receipt has members that it should not have"),
    ],
    ids=str,
)
def test_a_false_receipt_is_wrong(published: Published, look: Callable, tmp_path: Path, change, says: str) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(canonical.encode(json.loads(published.receipt(3)) | change))
    shown = look(published.folder, receipt=path)
    assert shown.code == 1, shown.text
    assert says in shown.text


def test_a_true_receipt_gives_index_draw_value_and_place(published: Published, look: Callable, tmp_path: Path) -> None:
    for person in range(0, 60, 7):
        path = tmp_path / "receipt.json"
        path.write_bytes(published.receipt(person))
        shown = look(published.folder, receipt=path)
        assert shown.code == 0, shown.text
        stratum, place = published.order.place_of(published.entrants[person].commitment)
        value = order.draw_value(published.order.seed, published.entrants[person].commitment)
        assert f"your draw value is {value}, your place {place} in {published.cohort.strata[stratum]}" in shown.text


@pytest.mark.parametrize("name", ["manifest.json", "cohort.bin", "beacon.json", "result.json", "SHA256SUMS"])
def test_a_missing_file_is_never_passed_over(published: Published, look: Callable, name: str) -> None:
    (published.bundle / name).unlink()
    assert look(published.folder).code in (1, 2)
    if name != "SHA256SUMS":
        sums(published.bundle)
        assert look(published.folder).code in (1, 2)


def test_a_file_of_the_bundle_that_the_sums_leave_out_is_wrong(published: Published, look: Callable) -> None:
    path = published.bundle / "SHA256SUMS"
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if "order.bin" not in line))
    shown = look(published.folder)
    assert shown.code == 1
    assert "SHA256SUMS leaves out a file of the bundle" in shown.text


def test_paths_in_the_sums_cannot_lead_out_of_the_folder(published: Published, look: Callable) -> None:
    path = published.bundle / "SHA256SUMS"
    path.write_text(path.read_text() + "00" * 32 + "  ../../../trust/policy.txt\n")
    shown = look(published.folder)
    assert shown.code == 1
    assert "a line of SHA256SUMS is not a digest" in shown.text


def test_a_file_that_somebody_added_is_named_and_changes_nothing(published: Published, look: Callable) -> None:
    (published.bundle / "note.txt").write_text("hello")
    (published.folder / "index.html").write_text("hello")
    shown = look(published.folder)
    assert shown.code == 0
    assert "note.txt is no file of the bundle" in shown.text
    assert "index.html is neither a ledger nor a draw" in shown.text


def test_the_verifier_itself_cannot_be_exchanged(published: Published, look: Callable) -> None:
    (published.bundle / "verify.py").write_text("print('all holds')")
    sums(published.bundle)
    shown = look(published.folder)
    assert shown.code == 1
    assert "verify.py is not the verifier that the manifest names" in shown.text


def test_other_entries_than_the_audits_round_picks_are_wrong(published: Published, look: Callable) -> None:
    path = published.bundle / "audit.json"
    value = json.loads(path.read_bytes())
    value["sample"][0][0] = (value["sample"][0][0] + 1) % 25
    path.write_bytes(canonical.encode(value))
    sums(published.bundle)
    shown = look(published.folder)
    assert shown.code == 1
    assert "these are not the entries that the audit's round picks" in shown.text
