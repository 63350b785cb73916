"""The verifier's own arithmetic and readers, against the register's, stored vectors, and malformed bytes."""

import hashlib
import io
import json
import math
import re
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from tests.bundles.files import time_of
from tests.bundles.yearlog import YearLog
from tests.published import POLICY, Published

from musterroll.draw import chance, fairness_table
from musterroll.entry.kind import Kind
from musterroll.ledger.note import ED25519, PrivateKey
from musterroll.ledger.rotation import rotate
from musterroll.verify import muster_verify as own

RFC3161 = Path(__file__).parent / "rfc3161"
CHECKPOINT = (RFC3161 / "checkpoint").read_bytes()
STAMP = (RFC3161 / "court-stamp.tsr").read_bytes()
LOTTERIES = Path(__file__).parent / "us-lottery"


def report() -> tuple[own.Report, list[str]]:
    lines: list[str] = []
    return own.Report(lines.append), lines


@pytest.mark.parametrize("name", ["court-stamp.tsr", "post-stamp.tsr"])
def test_a_true_stamp_is_of_the_checkpoint(name: str) -> None:
    imprint, at, policy = own.stamp_of((RFC3161 / name).read_bytes())
    assert imprint == hashlib.sha256(CHECKPOINT).digest()
    assert 1_500_000_000 < at < 4_000_000_000
    assert re.fullmatch("([0-9a-f]{2})+", policy)
    told, lines = report()
    own.check_stamp(told, str(RFC3161 / name), CHECKPOINT, at)
    own.check_stamp(told, str(RFC3161 / name), CHECKPOINT, at - 1)
    assert "NOT SHOWN" in lines[-1]


def test_a_stamp_of_other_bytes_is_wrong() -> None:
    with pytest.raises(own.Wrong, match="the time stamp is of other bytes"):
        own.check_stamp(report()[0], str(RFC3161 / "other-bytes.tsr"), CHECKPOINT, None)


def test_whatever_byte_of_a_stamp_s_beginning_is_changed_gives_a_sentence() -> None:
    """Up to the time every byte is read: another one is refused, or is imprint, policy, serial number or time."""
    end = STAMP.index(b"\x18\x0f") + 17
    sound = own.stamp_of(STAMP)
    refused = 0
    for at in range(end):
        for flip in (1, 0x80, 0xFF):
            data = STAMP[:at] + bytes([STAMP[at] ^ flip]) + STAMP[at + 1 :]
            try:
                own.stamp_of(data)
            except ValueError:
                refused += 1
    assert refused > end
    for cut in range(0, len(STAMP), 7):
        with pytest.raises(ValueError):
            own.stamp_of(STAMP[:cut])
    assert own.stamp_of(STAMP) == sound


@pytest.mark.parametrize(
    "data", [b"0", b"0\x80", b"0\x81", b"0\x85\x01\x01\x01\x01\x01", b"0\x02\x01", b"0\x00", b"1\x00"]
)
def test_lengths_that_do_not_fit_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        own.stamp_of(data)


@pytest.mark.parametrize("name", ["lottery_1969_for_1970", "lottery_1970_for_1971"])
def test_suite_a_is_the_one_of_the_page(name: str, monkeypatch) -> None:
    rows = (LOTTERIES / f"{name}.csv").read_text().splitlines()[1:]
    numbers = tuple(int(row.rpartition(",")[2]) for row in rows)
    assert len(numbers) == (366 if "1969" in name else 365)
    monkeypatch.setattr(own, "TABLES_OF_CHANCE", 60)
    found = own.suite_a(numbers, bytes(32))
    expected = fairness_table.examine(numbers, bytes(32), "0.001", 60)
    assert found == {outcome.name: outcome.p for outcome in expected.outcomes}
    tests, verdict = own.corrected(found, 0.001)
    assert json.loads(expected.encode())["tests"] == tests
    assert expected.verdict == verdict


def test_chi_square_is_that_of_the_register() -> None:
    for freedom in (1, 2, 3, 15, 40, 255, 4_000):
        for statistic in (0.0, 0.5, freedom / 2, float(freedom), 1.3 * freedom + 5):
            assert math.isclose(
                own.chi_square(statistic, freedom), chance.chi_square(statistic, freedom), rel_tol=1e-9, abs_tol=1e-9
            )


def test_equal_beginnings_of_keys_are_compared_in_full(published: Published, look, monkeypatch) -> None:
    """With one byte for eight, beginnings are equal all the time; the order must stay what it is."""
    kept = own.PREFIX
    monkeypatch.setattr(own, "PREFIX", 1)
    monkeypatch.setattr(own, "needs_fairness", lambda draw: False)
    assert kept == 8
    assert look(published.folder).code in (0, 2, 3)
    assert "WRONG" not in look(published.folder).text


def test_the_command_tells_time_memory_and_how_far_it_is(published: Published, monkeypatch) -> None:
    ticks = iter(range(0, 10**6, 6))
    monkeypatch.setattr(own.time, "monotonic", lambda: next(ticks))
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        assert own.main([str(published.folder)]) == 0
    assert re.search(r"Took \d+\.\d s of computing(, \d+ MiB of memory at most)?\.\n$", out.getvalue())
    assert "... cohort.bin: 0 of 60" in err.getvalue()
    monkeypatch.setattr("builtins.open", refuse)
    assert own.most_memory() == ""


def refuse(*_: object, **__: object) -> None:
    raise OSError


ORIGIN = "register.example/ledger/2026"
OLD = PrivateKey(ORIGIN, ED25519, b"o" * 32)
NEW = PrivateKey(ORIGIN, ED25519, b"n" * 32)


def ledger_with(said: dict[str, object], tmp_path: Path) -> own.Ledger:
    log = YearLog(tmp_path / "2026", ORIGIN, OLD)
    log.add(Kind.KEY, said, time_of(1))
    made = own.Ledger(str(tmp_path / "2026"), own.Checkpoint(log.signed(time_of(2)), None, "x"))
    made.kept = [(0, "key", said, "")]
    return made


@pytest.mark.parametrize(
    "change",
    [
        {"from": 2},
        {"old": NEW.public_key.vkey},
        {"new": "nonsense"},
        {"signature": "AAAA"},
        {"origin": "register.example/ledger/2025"},
        {"origin": "another.example/ledger/2027"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_false_entry_of_a_key_is_wrong(change: dict[str, object], tmp_path: Path) -> None:
    said = rotate(OLD, NEW.public_key, 1).fields
    own.check_keys(report()[0], ledger_with(said, tmp_path), None)
    with pytest.raises(own.Wrong, match="an entry names a"):
        own.check_keys(report()[0], ledger_with(said | change, tmp_path), None)


def year(folder: str, first: tuple[str, dict[str, object]], size: int = 3) -> own.Ledger:
    made = own.Ledger.__new__(own.Ledger)
    made.folder = folder
    made.checkpoint = own.Checkpoint.__new__(own.Checkpoint)
    made.checkpoint.origin, made.checkpoint.size, made.checkpoint.root = f"x/ledger/{folder}", size, bytes(32)
    made.tree, made.kept, made.first = own.Tree(""), [], first
    made.tree.size = size
    return made


def test_years_continue_one_another() -> None:
    before = year("2026", ("pack", {}))
    link = {"origin": "x/ledger/2026", "size": 3, "root": "00" * 32}
    told, lines = report()
    own.check_years(told, [before, year("2027", ("year", link))], ["2026", "2027"])
    assert lines == ["  holds        x/ledger/2027 continues x/ledger/2026"]
    own.check_years(told, [year("2027", ("year", link))], ["2027"])
    assert lines[-1].startswith("  NOT CHECKED  x/ledger/2027 continues x/ledger/2026, which is not here")
    own.check_years(told, [before, year("2027", ("", {}), 0)], ["2026", "2027"])
    for first in (("pack", {}), ("year", link | {"size": 2}), ("year", link | {"origin": "y/ledger/2026"})):
        with pytest.raises(own.Wrong, match="a year's ledger"):
            own.check_years(told, [before, year("2027", first)], ["2026", "2027"])
    with pytest.raises(own.CannotLook, match="is not here or not sound"):
        own.check_years(told, [year("2027", ("year", link))], ["2026", "2027"])
    before.kept = [(2, "year", link, "")]
    with pytest.raises(own.Wrong, match="stands only at the beginning"):
        own.check_years(told, [before], ["2026"])


@pytest.mark.parametrize(
    "line",
    [
        b"group g 1 court court\n",
        b"group g 9 court dpa\n",
        b"group g 1 court dpa\ngroup h 1 court dpa\n",
        b"group g x court dpa\n",
    ],
)
def test_a_policy_with_another_group_lets_nobody_look(line: bytes) -> None:
    with pytest.raises(own.CannotLook, match="cannot be used"):
        own.Policy(POLICY.encode().replace(b"group ", line + b"group ", 1), "policy")


@pytest.mark.parametrize(
    "data",
    [
        b"a\n1\nAAAA\n\nx\n",
        b"a\n1\n" + b"A" * 43 + b"=\nmore\n\n\xe2\x80\x94 a AAAAAAA=\n",
        b"a\n1\nAAAA\n\n\xe2\x80\x94 a AAAAAAA=\n",
        b"a\n1\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 a+b AAAAAAA=\n",
        b"a\n1\n" + b"A" * 43 + b"=\n\n" + b"\xe2\x80\x94 a AAAAAAA=\n" * 101,
    ],
    ids=["no note", "four lines", "a short root", "a name with a plus", "too many signatures"],
)
def test_what_is_no_signed_checkpoint_is_wrong(data: bytes) -> None:
    with pytest.raises(own.Wrong, match="not a signed checkpoint"):
        own.Checkpoint(data, None, "checkpoint")


def test_large_numbers_of_tiles_and_impossible_times_are_written_somehow() -> None:
    assert own.tile_number(1_234_067) == "x001/x234/067"
    assert own.utc(10**20) == f"second {10**20}"
    assert own.tree_root([]) == hashlib.sha256(b"").digest()
    with pytest.raises(ValueError, match="too long"):
        own.root_from_path(0, 1, bytes(32), [bytes(32)])
    with pytest.raises(ValueError, match="too short"):
        own.root_from_path(0, 2, bytes(32), [])
