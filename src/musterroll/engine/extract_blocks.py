"""A text file read once, in pieces of bounded size: its digest, its encoding, and pieces that end where a row ends.

1. A piece is UTF-8, whatever the declared encoding. A byte that cannot be read refuses the file, with its place.
2. Zero bytes and undeclared byte order marks refuse the file: it is not what was declared.
3. A piece ends at a line's end outside quotation marks, and is never longer than one chunk and one row: a row longer
   than `LONGEST_ROW` refuses the file, be it 10 GB long, before it is read.
4. The digest is of the bytes that were read, so that nobody can put another file in its place meanwhile.
"""

import codecs
import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from musterroll.errors import MusterRollError
from musterroll.extract.lines import MARKS, Counted, Utf8Seen, has_mark, lacks_mark, reader_of, refuse, unreadable_byte
from musterroll.extract.schema import Source

CHUNK = 16 << 20
LONGEST_ROW = 1 << 20

_KINDS = {
    b"PK\x03\x04": "a ZIP archive or a workbook",
    b"PAR1": "Parquet",
    b"\x1f\x8b": "compressed (gzip)",
    b"\x28\xb5\x2f\xfd": "compressed (zstd)",
    b"BZh": "compressed (bzip2)",
    b"\xfd7zXZ": "compressed (xz)",
    b"%PDF": "PDF",
}


@dataclass(frozen=True, slots=True)
class Block:
    """Whole rows as UTF-8. `line` is the number of the first line, from 1; `last`: the file ends here.

    `quoted`: quotation marks occur; `plain`: they stand only where RFC 4180 has them.
    """

    data: bytes
    line: int
    last: bool
    quoted: bool = False
    plain: bool = True


class TextFile:
    """One text file being read. After the last block `digest` and `ended` (with a line's end) are known."""

    def __init__(self, source: Source, path: Path, *, quote: str, delimiter: str) -> None:
        self.source = source
        self.path = path
        self.quote = quote.encode()
        self.delimiter = delimiter.encode()
        self.digest = ""
        self.ended = False
        self.blank = True

    def blocks(self) -> Iterator[Block]:
        """The file's blocks in order. Raises MusterRollError `delivery.encoding`, `.format` or `.row-too-long`."""
        hashed = hashlib.sha256()
        line, carry = 1, b""
        with self.path.open("rb") as file:
            _reject_other_kinds(self.source, file)
            pieces = self._decoded(file, hashed)
            piece = next(pieces, b"")
            while True:
                following = next(pieces, None)
                data, last = carry + piece, following is None
                if data.strip(b" \t\r\n\x0b\x0c"):
                    self.blank = False
                block, carry = self._cut(data, line, last=last)
                if (before := _lines_before_a_long_one(block.data)) is not None:
                    raise too_long(self.source, line + before)
                if block.data or last:
                    self.ended = block.data[-1:] in (b"\n", b"\r")
                    self.digest = hashed.hexdigest()
                    yield block
                    line += block.data.count(b"\n")
                if following is None:
                    return
                if len(carry) > LONGEST_ROW:
                    raise too_long(self.source, line)
                piece = following

    def _decoded(self, file: BinaryIO, hashed: "hashlib._Hash") -> Iterator[bytes]:
        encoding = self.source.encoding
        if codecs.lookup(encoding).name == "utf-8":
            yield from self._utf8(file, hashed)
            return
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        place, line, first, seen = 0, 1, True, Utf8Seen(self.source)
        while chunk := file.read(CHUNK):
            hashed.update(chunk)
            pending = len(decoder.getstate()[0])
            if first and not has_mark(encoding):
                self._no_mark(chunk)
            if first and lacks_mark(encoding, chunk[:4]):
                raise unreadable_byte(self.source, 0, 1)
            first = False
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as problem:
                at = place - pending + problem.start
                raise unreadable_byte(self.source, at, line + problem.object[: problem.start].count(b"\n")) from None
            place += len(chunk)
            self._no_zero(text, place - len(chunk), line)
            line += text.count("\n")
            seen.see(chunk)
            yield text.encode("utf-8")
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as problem:
            raise unreadable_byte(self.source, place - len(problem.object) + problem.start, line) from None
        seen.see(b"", last=True)

    def _utf8(self, file: BinaryIO, hashed: "hashlib._Hash") -> Iterator[bytes]:
        place, line, pending = 0, 1, b""
        while chunk := file.read(CHUNK):
            hashed.update(chunk)
            if place == 0:
                self._no_mark(chunk)
            data = pending + chunk
            good, pending = data, b""
            if not data.isascii():
                try:
                    data.decode("utf-8")
                except UnicodeDecodeError as problem:
                    if problem.end != len(data) or problem.reason != "unexpected end of data":
                        at = line + data.count(b"\n", 0, problem.start)
                        raise unreadable_byte(self.source, place + problem.start, at) from None
                    good, pending = data[: problem.start], data[problem.start :]
            self._no_zero(good, place, line)
            place += len(good)
            line += good.count(b"\n")
            yield good
        if pending:
            raise unreadable_byte(self.source, place, line)

    def _no_mark(self, chunk: bytes) -> None:
        if chunk.startswith(MARKS):
            raise unreadable_byte(self.source, 0, 1, marked=chunk[:4])

    def _no_zero(self, data: str | bytes, place: int, line: int) -> None:
        zero, end = ("\0", "\n") if isinstance(data, str) else (b"\0", b"\n")
        at = data.find(zero)  # type: ignore[arg-type]  # both are of one kind
        if at >= 0:
            raise unreadable_byte(self.source, place + at, line + data.count(end, 0, at))  # type: ignore[arg-type]

    def _cut(self, data: bytes, line: int, *, last: bool) -> tuple[Block, bytes]:
        quoted = bool(self.quote) and self.quote in data
        if not quoted:
            end = len(data) if last else 1 + max(data.rfind(b"\n"), data.rfind(b"\r") if b"\n" not in data else -1)
            return Block(data[:end], line, last), data[end:]
        letters = np.frombuffer(data, np.uint8)
        marks = np.flatnonzero(letters == self.quote[0])
        end = len(data) if last else _outside(letters, marks)
        plain = self._is_plain(letters[:end], marks[marks < end])
        if not plain or len(data) - end > LONGEST_ROW:
            end = len(data) if last else self._row_end(data)
            plain = False
        return Block(data[:end], line, last, quoted=True, plain=plain), data[end:]

    def _row_end(self, data: bytes) -> int:
        """Where the last whole row ends, as the plain reader sees it. What it cannot read stays in the block."""
        text = data.decode("utf-8")
        lines = Counted(text, self.source.dialect.comment)
        end = 0
        try:
            for _ in reader_of(self.source, lines):
                lines.between = True
                if lines.whole:
                    end = lines.letters
        except csv.Error:
            if not lines.over:
                return len(data)
        return len(text[:end].encode("utf-8"))

    def _is_plain(self, letters: npt.NDArray[np.uint8], marks: npt.NDArray[np.int64]) -> bool:
        """Whether every quotation mark opens or closes a cell, or is one of two that stand for one."""
        if len(marks) % 2:
            return False
        opening, closing = marks[0::2], marks[1::2]
        around = np.zeros(256, np.bool_)
        around[[ord("\n"), ord("\r"), self.delimiter[0]]] = True
        before = np.where(opening > 0, around[letters[opening - 1]], True)
        before[1:] |= opening[1:] - 1 == closing[:-1]
        after = np.ones(len(closing), np.bool_)
        inner = closing < len(letters) - 1
        after[inner] = around[letters[closing[inner] + 1]]
        after[:-1] |= opening[1:] - 1 == closing[:-1]
        return bool(before.all() and after.all())


def _outside(letters: npt.NDArray[np.uint8], marks: npt.NDArray[np.int64]) -> int:
    """The end of the last line that ends outside quotation marks."""
    ends = np.flatnonzero(letters == ord("\n"))
    if not len(ends):
        ends = np.flatnonzero(letters == ord("\r"))
    outside = ends[np.searchsorted(marks, ends) % 2 == 0]
    return int(outside[-1]) + 1 if len(outside) else 0


def _lines_before_a_long_one(data: bytes) -> int | None:
    """How many lines stand before the first that is longer than a row may be; None where there is none."""
    if len(data) <= LONGEST_ROW:
        return None
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
    long = np.flatnonzero(np.diff(ends, prepend=-1, append=len(data)) > LONGEST_ROW + 1)
    return int(long[0]) if long.size else None


def too_long(source: Source, line: int) -> MusterRollError:
    """A row that no register writes: a lost line's end, or an attack."""
    return refuse(
        source,
        "row-too-long",
        f"A row is longer than {LONGEST_ROW} bytes.",
        "Ask the agency to write the file again: an end of line or a quotation mark is missing.",
        f"line {line}",
    )


def _reject_other_kinds(source: Source, file: BinaryIO) -> None:
    start = file.read(8)
    file.seek(0)
    for magic, kind in _KINDS.items():
        if start.startswith(magic):
            raise refuse(
                source,
                "format",
                f"The file is {kind}; declared is {source.format.value}.",
                f"Ask the agency to send the file as {source.format.value}, not packed.",
            )
