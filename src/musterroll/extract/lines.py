"""The rows of a text file as an agency writes it, one by one: CSV (RFC 4180) and newline-delimited JSON.

1. A cell is text: nothing is computed, a formula is a text. Blank lines are none.
2. Of JSON a line is an object (`extract.json_objects`).
3. What cannot be read in the declared encoding, or is no CSV, refuses the file, with its place. UTF-16 and UTF-32
   begin with a byte order mark: without one, nobody knows in which order the bytes are.
4. What is UTF-8 to its last byte was written in UTF-8, though nearly every other encoding can read it as something.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from musterroll.errors import MusterRollError
from musterroll.extract.apart import MOST, Ragged
from musterroll.extract.json_objects import read_object, still_said
from musterroll.extract.row import seen, sole_spellings
from musterroll.extract.schema import Format, Source

MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
FURTHER = 3
"""Bytes beyond the first of a letter that a file has to hold before it is called UTF-8 against its declaration."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A file's heading and its rows: the cells by heading, or a code of `row.REASONS` why there are none.

    A JSON file is read up to the first line with a member that nobody declared.

    `cut`: the last row is not whole and no line's end follows it. `ragged` are rows of other forms (`apart.Ragged`).
    """

    heading: tuple[str, ...]
    rows: tuple[Mapping[str, str] | str, ...]
    cut: bool = False
    ragged: tuple[tuple[int, Ragged], ...] = ()


def lines_of(source: Source, file: bytes, seen: Callable[[tuple[str, ...]], None] = lambda _: None) -> Lines:
    """The rows of a file. Raises MusterRollError `delivery.empty`, `.encoding`, `.csv` or `.truncated`.

    `seen` is given the heading of a CSV file before its rows are read, so that a wrong one is told first.
    """
    text = decoded(source, file)
    return _json(source, text) if source.format is Format.NDJSON else _csv(source, text, seen)


def refuse(source: Source, code: str, what: str, remedy: str, place: str = "") -> MusterRollError:
    """The refusal of a whole delivery."""
    where = f"delivery of {source.name}, {place}" if place else f"delivery of {source.name}"
    return MusterRollError(f"delivery.{code}", what, where=where, remedy=remedy)


def empty(source: Source) -> MusterRollError:
    """Nothing is in the file."""
    return refuse(source, "empty", "The file is empty.", "Ask the agency to send the register again.")


def truncated(source: Source, sign: str) -> MusterRollError:
    """The file was cut short on its way."""
    return refuse(source, "truncated", f"The file ends early: {sign}.", "Ask the agency to send the whole file again.")


def unreadable_byte(source: Source, place: int, line: int, *, marked: bytes = b"") -> MusterRollError:
    """The file holds a byte that the declared encoding does not have, at a place counted from 0.

    `marked` is how it begins, where that is a byte order mark: the remedy names the encoding that has it.
    """
    mark = "" if has_mark(source.encoding) else ", without a byte order mark"
    if marked:
        mark += f", or declare `encoding: {'utf-8-sig' if marked.startswith(codecs.BOM_UTF8) else 'utf-16'}`"
    return refuse(
        source,
        "encoding",
        f"The file is not written in {source.encoding}: byte {place + 1} cannot be read.",
        f"Ask the agency to write the file in {source.encoding}{mark}.",
        f"line {line}",
    )


class Utf8Seen:
    """Whether a file that is declared to be in another encoding is UTF-8, seen piece by piece."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._further = 0
        self._possible = not source.encoding.startswith("utf")

    def see(self, piece: bytes, *, last: bool = False) -> None:
        """Look at the next piece. Raises MusterRollError `delivery.encoding` at the last one, where all was UTF-8."""
        if not self._possible:
            return
        try:
            self._further += len(piece) - len(self._decoder.decode(piece, last))
        except UnicodeDecodeError:
            self._possible = False
            return
        if last and self._further >= FURTHER:
            declared = self._source.encoding
            raise refuse(
                self._source,
                "encoding",
                f"The file is not written in {declared}: it is UTF-8 from the first byte to the last.",
                f"Ask the agency to write the file in {declared}, or declare `encoding: utf-8`.",
            )


def has_mark(encoding: str) -> bool:
    """Whether a file in this encoding may begin with a byte order mark."""
    return codecs.lookup(encoding).name in ("utf-8-sig", "utf-16", "utf-32")


def lacks_mark(encoding: str, beginning: bytes) -> bool:
    """Whether a file in this encoding needs a byte order mark and does not begin with one."""
    needed = {"utf-16": MARKS[:2], "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)}
    return not beginning.startswith(needed.get(codecs.lookup(encoding).name, (b"",)))


def not_csv(source: Source, line: int) -> MusterRollError:
    """A quotation mark stands where none can."""
    return refuse(
        source,
        "csv",
        "The file is not written as comma-separated values are (RFC 4180): a quotation mark is out of place.",
        "Ask the agency to write the file again.",
        f"line {line}",
    )


def decoded(source: Source, file: bytes) -> str:
    """The file's text. A zero byte is none, nor is a byte order mark that was not declared."""
    if not file.strip():
        raise empty(source)
    if not has_mark(source.encoding) and file.startswith(MARKS):
        raise unreadable_byte(source, 0, 1, marked=file[:4])
    if lacks_mark(source.encoding, file[:4]):
        raise unreadable_byte(source, 0, 1)
    try:
        text = file.decode(source.encoding)
    except UnicodeDecodeError as problem:
        raise unreadable_byte(source, problem.start, file.count(b"\n", 0, problem.start) + 1) from None
    if "\0" in text:
        place = text.index("\0")
        raise unreadable_byte(source, len(text[:place].encode(source.encoding)), text.count("\n", 0, place) + 1)
    Utf8Seen(source).see(file, last=True)
    return text


def reader_of(source: Source, lines: Iterator[str]) -> Any:
    """The csv module's reader in the declared dialect."""
    quote = source.dialect.quote
    return csv.reader(
        lines,
        delimiter=source.dialect.delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        strict=True,
    )


class Counted:
    """Lines as the csv module takes them: lines between rows that begin with the comment's mark are passed over.

    `letters` were taken, `over` says whether all were, `whole` whether the last one had a line's end. Whoever takes a
    row sets `between`.
    """

    def __init__(self, text: str, comment: str = "") -> None:
        self.letters = 0
        self.over = False
        self.whole = True
        self.between = True
        self._comment = comment
        self._lines = io.StringIO(text, newline="")

    def __iter__(self) -> "Counted":
        return self

    def __next__(self) -> str:
        while line := self._lines.readline():
            self.letters += len(line)
            self.whole = line[-1] in "\r\n"
            if not (self.between and self._comment and line.startswith(self._comment)):
                self.between = False
                return line
        self.over = True
        raise StopIteration


def as_headed(source: Source, names: Sequence[str]) -> tuple[str, ...]:
    """A file's heading in the declared words: white space, signs that nobody sees, or other capitals change none."""
    change = source.delta.column if source.delta else ""
    declared = (change, *source.cut, *source.headings)
    known = {" ".join(seen(name).split()): name for name in declared}
    folded = sole_spellings(tuple(known))
    plain = list(names)
    for place, name in enumerate(names):
        if name not in declared:
            bare = " ".join(seen(name).split())
            plain[place] = known.get(folded.get(bare.casefold(), bare), name)
    # Two columns that only white space or capitals tell apart stay as they are written: neither is taken for the other.
    return tuple(new if new == old or plain.count(new) == 1 else old for new, old in zip(plain, names, strict=True))


def skipped(text: str, lines: int) -> int:
    """How many letters the first lines have that the dialect passes over."""
    place = 0
    for _ in range(lines):
        place = text.find("\n", place) + 1 or len(text)
    return place


def _csv(source: Source, text: str, seen: Callable[[tuple[str, ...]], None]) -> Lines:
    start = skipped(text, source.dialect.skip_rows)
    above = text.count("\n", 0, start)
    lines = Counted(text[start:], source.dialect.comment)
    reader = reader_of(source, lines)
    heading = [column.heading or column.name for column in source.delivered]
    found: list[list[str]] = []
    waits = source.dialect.header
    try:
        for row in reader:
            lines.between = True
            if row and waits:
                heading, waits = list(as_headed(source, row)), False
                seen(tuple(heading))
            elif row:
                found.append(row)
    except csv.Error:
        if lines.over:
            raise truncated(source, "a quotation mark is still open where it ends") from None
        raise not_csv(source, reader.line_num + above) from None
    if waits:
        heading = []
    cut = bool(found) and len(found[-1]) < len(heading) and not lines.whole
    rows = tuple(dict(zip(heading, row, strict=True)) if len(row) == len(heading) else "cells" for row in found)
    ragged = tuple((n, tuple(row)) for n, row in enumerate(found, start=1) if len(row) != len(heading))
    return Lines(tuple(heading), rows, cut, ragged)


def _json(source: Source, text: str) -> Lines:
    lines = [line for line in text.split("\n") if line.strip(" \t\r")]
    rows: list[Mapping[str, str] | str] = []
    named: dict[str, None] = {}
    ragged: list[tuple[int, Ragged]] = []
    known = (*source.headings, *((source.delta.column,) if source.delta else ()))
    for number, line in enumerate(lines, start=1):
        row, reason = read_object(line, source.cut)
        if extra := set(row) - {*known, *source.cut}:
            return Lines((*known, *sorted(extra)), ())
        named |= dict.fromkeys(row)
        rows.append(reason or row)
        if reason and len(ragged) <= MOST and (said := still_said(line, known)):
            ragged.append((number, said))
    cut = bool(rows) and rows[-1] == "json.format" and not text.endswith("\n")
    filled = [row if isinstance(row, str) else {**dict.fromkeys(known, ""), **row} for row in rows]
    return Lines(tuple(named), tuple(filled), cut, tuple(ragged))
