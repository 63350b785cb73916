"""Whatever byte is changed, in the draw or in its ledger: never "all holds", never a traceback."""

import hashlib
import shutil
from collections.abc import Callable
from itertools import pairwise

import pytest
from tests.published import ROUND_TIME, Published, publish, sums

CHANGES = 2_000


def chosen(n: int, below: int) -> int:
    """A number below `below`, scattered and always the same."""
    return int.from_bytes(hashlib.sha256(n.to_bytes(4, "big")).digest()[:8], "big") % below


@pytest.mark.parametrize("anew", [False, True], ids=["sums as they were", "sums written anew"])
def test_no_single_changed_byte_passes(published: Published, look: Callable, anew: bool) -> None:
    """A signature line under a name that the policy does not know must be passed over by anybody who reads signed
    notes. So a byte changed in a witness's name or key id leaves too few witnesses: 3, time not shown, and no more.
    `fairness.json` carries no proof and is named as not checked; only the sums hold it.
    """
    assert look(published.folder).code == 0
    listed = (published.bundle / "SHA256SUMS").read_bytes()
    files = [path for path in sorted(published.folder.rglob("*")) if path.is_file()]
    if anew:
        files = [path for path in files if path.is_relative_to(published.bundle)]
        files = [path for path in files if path.name not in ("SHA256SUMS", "fairness.json")]
    for n in range(CHANGES // 2):
        path = files[n % len(files)]
        data = path.read_bytes()
        at = chosen(2 * n, len(data))
        byte = data[at] ^ (1 + chosen(2 * n + 1, 255))
        path.write_bytes(data[:at] + bytes([byte]) + data[at + 1 :])
        if anew:
            sums(published.bundle)
        shown = look(published.folder)
        change = f"{path.name}, byte {at}: {data[at]} became {byte}\n{shown.text}"
        assert shown.code in (1, 2, 3), change
        if shown.code == 3:
            assert path.name in ("checkpoint", "manifest.tlog-proof", "ceremony.tlog-proof"), change
            assert "\n\u2014 " in data[:at].decode(errors="ignore"), change
            assert "NOT SHOWN" in shown.text, change
        path.write_bytes(data)
        if anew:
            (published.bundle / "SHA256SUMS").write_bytes(listed)
    assert look(published.folder).code == 0


def test_every_file_cut_off_anywhere_is_noticed(published: Published, look: Callable) -> None:
    for path in [path for path in sorted(published.folder.rglob("*")) if path.is_file()]:
        data = path.read_bytes()
        for length in sorted({0, 1, len(data) // 2, len(data) - 1}):
            path.write_bytes(data[:length])
            assert look(published.folder).code in (1, 2), (path.name, length)
        path.write_bytes(data + b"\n")
        assert look(published.folder).code in (1, 2), path.name
        path.write_bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b"{}",
        b"null",
        b'{"v":1e5}',
        b'{"v":NaN}',
        b'{"v":1,"v":1}',
        b'{"v":' + b"9" * 5_000 + b"}",
        b"\xff\xfe",
        b'"\\ud800"',
        b" " * (1 << 20) + b"{}",
    ],
    ids=lambda data: repr(data[:12]),
)
@pytest.mark.parametrize("name", ["manifest.json", "beacon.json", "result.json", "audit.json", "ceremony.txt"])
def test_hostile_files_give_a_sentence(published: Published, look: Callable, name: str, data: bytes) -> None:
    (published.bundle / name).write_bytes(data)
    sums(published.bundle)
    shown = look(published.folder)
    assert shown.code in (1, 2)
    assert all(len(line) < 700 and line.isprintable() for line in shown.text.splitlines())


def test_adjacent_files_are_not_mixed_up(published: Published, look: Callable) -> None:
    files = [path for path in sorted(published.bundle.rglob("*")) if path.is_file() and path.name != "SHA256SUMS"]
    for one, other in pairwise(files):
        kept = one.read_bytes(), other.read_bytes()
        one.write_bytes(kept[1])
        other.write_bytes(kept[0])
        sums(published.bundle)
        assert look(published.folder).code in (1, 2), (one.name, other.name)
        one.write_bytes(kept[0])
        other.write_bytes(kept[1])


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"null",
        b"{}",
        b"\xff" * 2_000,
        b'{"k":"frobnicate","p":{},"t":"2026-01-01T00:00:00Z","v":1}',
        b'{"k":["act"],"p":{},"t":3,"v":1}',
        b'{"k":"pack","p":[],"t":"2026-01-01T00:00:00Z","v":1}',
        b'{"k":"pack","p":{},"t":"2026-02-30T00:00:00Z","v":1}',
        b'{"k":"pack", "p":{},"t":"2026-01-01T00:00:00Z","v":1}',
        b'{"k":"pack","p":{"a":"%s"},"t":"2026-01-01T00:00:00Z","v":1}' % (b"a" * 1_024),
        b'{"k":"pack","p":{"\xc3\xa9":1},"t":"2026-01-01T00:00:00Z","v":1}',
        b'{"k":"pack","p":{"a":"\\ud800"},"t":"2026-01-01T00:00:00Z","v":1}',
        b'{"k":"draw.manifest","p":{"draw":["xx"],"sha256":{}},"t":"2026-01-01T00:00:00Z","v":1}',
        b'{"k":"draw.manifest","p":{"draw":"xx-2027-a"},"t":"2026-01-01T00:00:00Z","v":1}',
        b'{"c":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB","k":"act","t":"2026-12-01T00Z","v":1}',
        b'{"c":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","k":"act","t":"2026-12-01T25Z","v":1}',
        b'{"c":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","k":"act","t":"2026-12-01T00:00:00Z","v":1}',
        b'{"c":"AAAA","k":"act","t":"2026-12-01T00Z","v":1}',
    ],
    ids=lambda entry: repr(entry[:48]),
)
def test_an_entry_of_no_such_ledger_is_wrong_even_under_true_signatures(tmp_path, look: Callable, entry: bytes) -> None:
    published = publish(tmp_path)
    published.ledger.entries.append(entry)
    shutil.rmtree(published.ledger.folder)
    published.ledger.write(ROUND_TIME + 86_400)
    shown = look(published.folder)
    assert shown.code == 1, shown.text
