"""The fast list and ranking are those of the reference, ties and refusals included."""

import hashlib
import random
from collections.abc import Callable

import numpy as np
import pytest
from tests.published import people, terms

from musterroll.draw import order, table
from musterroll.draw.commitment import Cohort, commit
from musterroll.draw.entrant import Entrant
from musterroll.draw.table import Table
from musterroll.engine import draw_cohort, draw_numpy
from musterroll.engine.draw_cohort import LargeCohort
from musterroll.errors import MusterRollError


@pytest.fixture(autouse=True, params=[1 << 16, 8])
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few people are looked at in one go."""
    monkeypatch.setattr(draw_cohort, "_AT_ONCE", request.param)
    monkeypatch.setattr(draw_numpy, "_AT_ONCE", request.param)


def test_it_ranks_as_the_reference_does() -> None:
    for count in (1, 2, 60, 700):
        cohort = Cohort.of(people(count))
        seed = hashlib.sha256(bytes([count % 256])).digest()
        assert draw_numpy.rank(cohort, seed) == order.rank(cohort, seed)
        assert draw_numpy.rank(LargeCohort.read(cohort.data, cohort.strata), seed) == order.rank(cohort, seed)


def test_it_ranks_by_table_as_the_reference_does() -> None:
    """People of few dates: so the seed decides often."""
    numbers = list(range(1, 366))
    random.Random(9).shuffle(numbers)
    for count in (1, 60, 700):
        cohort = Cohort.of(people(count), dated=True)
        large = LargeCohort.read(cohort.data, cohort.strata, dated=True)
        seed = hashlib.sha256(bytes([count % 256])).digest()
        expected = order.rank_by_table(cohort, seed, Table(tuple(numbers)))
        assert draw_numpy.rank(large, seed, Table(tuple(numbers))) == expected
        assert draw_numpy.rank(cohort, seed, Table(tuple(numbers))) == expected


def test_a_date_that_the_table_does_not_have_is_refused() -> None:
    leap = Entrant(b'{"born":"2004-02-29"}', bytes(32), "a")
    cohort = Cohort.of([leap], dated=True)
    short = Table(tuple(range(1, 366)))
    for rank in (order.rank_by_table, draw_numpy.rank):
        with pytest.raises(MusterRollError, match=r"29 February.*\[cohort.undated\]"):
            rank(cohort, bytes(32), short)  # type: ignore[operator]
    assert table.days_of(365)[58:60] == (59, 61)


def test_equal_prefixes_are_compared_in_full() -> None:
    """Keys whose first eight bytes collide in runs, at both ends and in the middle; some collide altogether."""

    def key(commitment: bytes) -> bytes:
        digest = hashlib.sha256(commitment).digest()
        return bytes([0x7F + digest[0] % 3] * 8) + bytes([digest[1] % 4]) * 24

    commitments = [hashlib.sha256(i.to_bytes(2, "big")).digest() for i in range(300)]
    assert list(draw_numpy.sort(commitments, key)) == sorted(commitments, key=lambda c: (key(c), c))
    numbers = np.array([c[5] % 3 + 1 for c in commitments], dtype=np.uint16)
    expected = sorted(commitments, key=lambda c: (c[5] % 3 + 1, key(c)[:30], c))
    assert list(draw_numpy.sort(commitments, key, numbers)) == expected


def test_keys_are_compared_as_unsigned_bytes() -> None:
    commitments = [bytes([i]) * 32 for i in (0xFF, 0x80, 0x7F, 0x00)]
    assert list(draw_numpy.sort(commitments, lambda c: c)) == sorted(commitments)


@pytest.mark.parametrize("dated", [False, True])
def test_the_large_list_is_the_list(dated: bool) -> None:
    for count in (1, 3, 60, 700):
        entrants = list(people(count))
        random.Random(count).shuffle(entrants)
        cohort = Cohort.of(entrants, dated=dated)
        commitments = draw_cohort.commit_all([(one.salt, one.record) for one in entrants], count)
        assert commitments.tobytes() == b"".join(one.commitment for one in entrants)
        strata = np.array([cohort.strata.index(one.stratum) for one in entrants], dtype=np.uint16)
        days = np.array([table.day_number(one.born[5:]) for one in entrants], dtype=np.uint16) if dated else None
        large = LargeCohort.of(strata, commitments, cohort.strata, days)
        assert (large.data, large.size, large.sizes, large.root) == (
            cohort.data,
            cohort.size,
            cohort.sizes,
            cohort.root,
        )
        assert (large.leaves, large.small(), large.dated) == (cohort.leaves, cohort, dated)
        assert [large.index_of(one) for one in entrants] == [cohort.index_of(one) for one in entrants]
        assert [[row.tobytes() for row in rows] for rows in large.commitments()] == [
            list(rows) for rows in cohort.commitments()
        ]
        if dated:
            assert tuple(large.days.tolist()) == cohort.days


def test_entries_that_begin_alike_are_put_in_full_order() -> None:
    rows = [b"same head"[:8] + hashlib.sha256(bytes([i])).digest()[:24] for i in range(50)]
    commitments = np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(-1, 32)
    large = LargeCohort.of(np.zeros(50, dtype=np.uint16), commitments, ("a",))
    assert list(large.leaves) == sorted(b"\x00\x00" + row for row in rows)


def leaf(stratum: int, c: int, day: int | None = None) -> bytes:
    return bytes([0, stratum]) + (b"" if day is None else day.to_bytes(2, "big")) + bytes([c]) * 32


@pytest.mark.parametrize(
    ("data", "ids", "dated"),
    [
        (b"", ("a",), False),
        (leaf(0, 1)[:-1], ("a",), False),
        (leaf(0, 2) + leaf(0, 1), ("a",), False),
        (leaf(0, 1) + leaf(0, 1), ("a",), False),
        (leaf(0, 1) + leaf(2, 1), ("a", "b"), False),
        (leaf(0, 1) + leaf(2, 1), ("a", "b", "c"), False),
        (leaf(0, 1), ("a", "b"), False),
        (leaf(0, 1) + leaf(1, 1), ("a", "a"), False),
        (leaf(0, 1, 0), ("a",), True),
        (leaf(0, 1, 367), ("a",), True),
        (leaf(0, 1, 366) + leaf(0, 1, 5), ("a",), True),
    ],
)
def test_what_the_list_refuses_the_large_one_refuses(data: bytes, ids: tuple[str, ...], dated: bool) -> None:
    def code(read: Callable[[], object]) -> str:
        try:
            read()
        except MusterRollError as refused:
            return refused.code
        return "accepted"

    expected = code(lambda: Cohort(data, ids, dated))
    assert code(lambda: LargeCohort.read(data, ids, dated=dated)) == expected


def test_somebody_else_is_not_in_the_large_list() -> None:
    cohort = Cohort.of(people(60))
    large = LargeCohort.read(cohort.data, cohort.strata)
    for other in (Entrant(b"{}", bytes(32), "born-2000"), Entrant(b"{}", bytes(32), "elsewhere")):
        with pytest.raises(MusterRollError, match=r"\[cohort.absent\]"):
            large.index_of(other)
    assert commit(bytes(32), b"{}") not in large.leaves


def test_the_fast_result_is_that_of_the_reference_and_checks_the_list() -> None:
    cohort = Cohort.of(people(60))
    manifest = terms(cohort, software="22" * 32).encode()
    values = [bytes(32), b"3141592653589793238462643383279502884197"]
    assert draw_numpy.result(manifest, cohort.data, values) == order.result(manifest, cohort.data, values)
    with pytest.raises(MusterRollError, match=r"\[cohort.manifest\]"):
        draw_numpy.result(manifest, Cohort.of(people(61)).data, values)
    with pytest.raises(ValueError, match="names 2 sources"):
        draw_numpy.result(manifest, cohort.data, values[:1])
