"""Values of one width end to end are read like a list."""

import pytest

from musterroll.draw.packed import Packed

VALUES = [bytes([i]) * 3 for i in range(5)]
PACKED = Packed(b"".join(VALUES), 3)


def test_it_reads_like_the_list_of_its_values() -> None:
    assert list(PACKED) == VALUES
    assert (len(PACKED), PACKED[1], PACKED[-1], PACKED[1:3]) == (5, VALUES[1], VALUES[4], tuple(VALUES[1:3]))
    assert VALUES[2] in PACKED
    for index in (5, -6):
        with pytest.raises(IndexError):
            PACKED[index]


def test_it_equals_any_sequence_of_the_same_values() -> None:
    for same in (VALUES, tuple(VALUES), Packed(b"".join(VALUES), 3)):
        assert same == PACKED
    for other in (VALUES[:4], VALUES[::-1], Packed(b"".join(VALUES), 5), 3):
        assert other != PACKED


def test_bytes_that_are_no_whole_number_of_values_are_refused() -> None:
    with pytest.raises(ValueError, match="no whole number"):
        Packed(b"1234", 3)
