"""Values of one width laid end to end, read like a list: what a file of commitments is, without an object a person."""

from collections.abc import Iterator, Sequence
from typing import overload

_AT_ONCE = 8_192


class Packed(Sequence[bytes]):
    """The values in `data`, `width` bytes each. Equal to any sequence of the same values."""

    __slots__ = ("data", "width")

    def __init__(self, data: bytes | memoryview, width: int) -> None:
        self.data, self.width = memoryview(data).cast("B"), width
        if len(self.data) % width:
            raise ValueError(f"{len(self.data)} bytes are no whole number of values of {width}")

    def __len__(self) -> int:
        return len(self.data) // self.width

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        start = index % len(self) * self.width
        return self.data[start : start + self.width].tobytes()

    def __iter__(self) -> Iterator[bytes]:
        step = self.width * _AT_ONCE
        for start in range(0, len(self.data), step):
            chunk = self.data[start : start + step].tobytes()
            yield from (chunk[i : i + self.width] for i in range(0, len(chunk), self.width))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Packed):
            return self.width == other.width and self.data == other.data
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # it equals lists, which have none
