"""The fast ranking gives the order of the reference, ties included."""

import hashlib

from tests.published import people

from musterroll.draw import order
from musterroll.draw.commitment import Cohort
from musterroll.engine import draw_numpy


def test_it_ranks_as_the_reference_does() -> None:
    for count in (1, 2, 60, 700):
        cohort = Cohort.of(people(count))
        seed = hashlib.sha256(bytes([count % 256])).digest()
        assert draw_numpy.rank(cohort, seed) == order.rank(cohort, seed)


def test_equal_prefixes_are_compared_in_full() -> None:
    """Keys whose first eight bytes collide in runs, at both ends and in the middle; some collide altogether."""

    def key(commitment: bytes) -> bytes:
        digest = hashlib.sha256(commitment).digest()
        return bytes([0x7F + digest[0] % 3] * 8) + bytes([digest[1] % 4]) * 24

    commitments = [hashlib.sha256(i.to_bytes(2, "big")).digest() for i in range(300)]
    assert list(draw_numpy.sort(commitments, key)) == sorted(commitments, key=lambda c: (key(c), c))


def test_keys_are_compared_as_unsigned_bytes() -> None:
    commitments = [bytes([i]) * 32 for i in (0xFF, 0x80, 0x7F, 0x00)]
    assert list(draw_numpy.sort(commitments, lambda c: c)) == sorted(commitments)
