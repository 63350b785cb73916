"""A CSV file as columns: fast where a block is plain, by the plain reader where it is not, the same rows either way.

1. Rows are as RFC 4180 has them, and as `extract.check` reads them one by one: cells are texts and nothing else, blank
   lines are none, a formula is a text.
2. A row with too few or too many cells is set aside with its number; the rows after it keep theirs.
3. Whatever the fast reader does not like is read again by the plain one: it decides what is refused, and where. So is
   a block with a cell longer than the plain one takes, also where nobody looks at that cell: it is cut, or its row is
   set aside.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as arrow_csv

from musterroll.engine.extract_blocks import Block
from musterroll.errors import MusterRollError
from musterroll.extract.apart import MOST, MOST_ASTRAY, MOST_LETTERS, Ragged, is_ragged
from musterroll.extract.lines import Counted, as_headed, not_csv, reader_of, skipped, truncated
from musterroll.extract.schema import Source

LONGEST_CELL = 131_072
"""What the csv module takes as one cell."""

ENCODED = pa.dictionary(pa.int32(), pa.utf8())


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file, in its order: a column a heading that was asked for, all text.

    `rows` are their places among the `seen` rows of this piece, from 1; `aside` the places and reasons of the others.
    `short`: the last row has too few cells (the file may have been cut there). `ragged` are rows
    of which something is left, by their places (`extract.apart`).
    """

    table: pa.Table
    rows: npt.NDArray[np.int32]
    seen: int
    aside: tuple[tuple[int, str], ...] = ()
    short: bool = False
    ragged: tuple[tuple[int, Ragged], ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which columns of a file are read: all of its `heading`, and those kept; `encoded` ones as dictionaries."""

    heading: tuple[str, ...]
    kept: tuple[str, ...]
    encoded: frozenset[str]

    def type_of(self, name: str) -> pa.DataType:
        """How a column is held."""
        return ENCODED if name in self.encoded else pa.utf8()


def heading(source: Source, block: Block) -> tuple[tuple[str, ...], Block]:
    """The file's first row, and the rest of its first block."""
    text = block.data.decode("utf-8")
    start = skipped(text, source.dialect.skip_rows)
    line = block.line + text.count("\n", 0, start)
    if not source.dialect.header:
        names = tuple(column.heading or column.name for column in source.delivered)
        return names, Block(text[start:].encode("utf-8"), line, block.last, block.quoted, block.plain)
    lines = Counted(text[start:], source.dialect.comment)
    reader = reader_of(source, lines)
    try:
        first: list[str] = next((row for row in reader if row), [])
    except csv.Error:
        raise _broken(source, block, lines, line + reader.line_num - 1) from None
    line += text.count("\n", start, start + lines.letters)
    rest = text[start + lines.letters :].encode("utf-8")
    return as_headed(source, first), Block(rest, line, block.last, block.quoted, block.plain)


def parse(source: Source, block: Block, wanted: Wanted) -> Batch:
    """The rows of a block. Raises MusterRollError `delivery.csv` or `delivery.truncated`."""
    comment = source.dialect.comment.encode()
    noted = bool(comment) and (block.data.startswith(comment) or b"\n" + comment in block.data)
    if block.plain and not noted and block.data.strip(b"\r\n"):
        found = _fast(source, block, wanted)
        if found is not None:
            return found
    return _plain(source, block, wanted)


def _fast(source: Source, block: Block, wanted: Wanted) -> Batch | None:
    aside: list[tuple[int, str]] = []
    width = len(wanted.heading)
    short: list[int] = []
    ragged: list[tuple[int, str]] = []
    longest = 0

    def other_width(row: arrow_csv.InvalidRow) -> str:
        nonlocal longest
        text = row.text or ""
        aside.append((row.number, "cells"))
        longest = max(longest, len(text))
        if row.actual_columns < width:
            short.append(row.number)
        if row.actual_columns - width <= MOST_ASTRAY and len(text) <= 4 * MOST_LETTERS and len(ragged) <= MOST:
            ragged.append((row.number, text))
        return "skip"

    if _has_long_line(block.data):
        return None
    try:
        table = _read(source, block, wanted, wanted.kept, other_width)
        seen = table.num_rows + len(aside)
        cut = [name for name in wanted.heading if name not in wanted.kept]
        if block.quoted and cut and block.data.count(b"\n") > seen:  # a cell may have lines of its own
            longest = max(longest, _longest(_read(source, block, wanted, cut, lambda _: "skip")))
        cells = [(number, tuple(next(reader_of(source, iter([text])), ()))) for number, text in ragged]
    except (pa.ArrowException, ValueError, csv.Error):
        return None
    if max(longest, _longest(table)) > LONGEST_CELL:
        return None
    rows = np.arange(1, seen + 1, dtype=np.int32)
    if aside:
        rows = np.delete(rows, np.array([row for row, _ in aside]) - 1)
    return Batch(table, rows, seen, tuple(aside), short=bool(short) and short[-1] == seen, ragged=tuple(cells))


def _read(
    source: Source,
    block: Block,
    wanted: Wanted,
    columns: Sequence[str],
    other_width: Callable[[arrow_csv.InvalidRow], str],
) -> pa.Table:
    quote = source.dialect.quote
    return arrow_csv.read_csv(
        pa.BufferReader(block.data),
        read_options=arrow_csv.ReadOptions(
            column_names=list(wanted.heading), use_threads=False, block_size=len(block.data) + 1
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=source.dialect.delimiter,
            quote_char=quote if quote else False,
            double_quote=bool(quote),
            escape_char=False,
            newlines_in_values=block.quoted,
            ignore_empty_lines=True,
            invalid_row_handler=other_width,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: wanted.type_of(name) for name in columns},
            include_columns=list(columns),
            strings_can_be_null=False,
            null_values=[],
            check_utf8=False,
        ),
    ).combine_chunks()


def _has_long_line(data: bytes) -> bool:
    """Whether some line is longer than a cell may be: it would cover a whole window of half that length."""
    half = LONGEST_CELL // 2
    return any(data.find(b"\n", start, start + half) < 0 for start in range(0, len(data) - half + 1, half))


def _longest(table: pa.Table) -> int:
    longest = 0
    for column in table.columns:
        for chunk in column.chunks:
            texts = chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk
            if len(texts):
                offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
                longest = max(longest, int(np.diff(offsets).max()))
    return longest


def _plain(source: Source, block: Block, wanted: Wanted) -> Batch:
    lines = Counted(block.data.decode("utf-8"), source.dialect.comment)
    reader = reader_of(source, lines)
    places = [wanted.heading.index(name) for name in wanted.kept]
    cells: list[list[str]] = [[] for _ in wanted.kept]
    rows: list[int] = []
    aside: list[tuple[int, str]] = []
    ragged: list[tuple[int, tuple[str, ...]]] = []
    width, seen, length = len(wanted.heading), 0, 0
    try:
        for row in reader:
            lines.between = True
            if not row:
                continue
            seen, length = seen + 1, len(row)
            if length != width:
                aside.append((seen, "cells"))
                if is_ragged(width, row) and len(ragged) <= MOST:
                    ragged.append((seen, tuple(row)))
                continue
            rows.append(seen)
            for column, place in zip(cells, places, strict=True):
                column.append(row[place])
    except csv.Error:
        raise _broken(source, block, lines, block.line + reader.line_num - 1) from None
    table = table_of(wanted, cells)
    return Batch(table, np.array(rows, np.int32), seen, tuple(aside), short=0 < length < width, ragged=tuple(ragged))


def table_of(wanted: Wanted, cells: Sequence[Sequence[str]]) -> pa.Table:
    """The columns that are kept, of their texts."""
    columns = [pa.array(column, pa.utf8()) for column in cells]
    return pa.table(
        {
            name: column.dictionary_encode() if name in wanted.encoded else column
            for name, column in zip(wanted.kept, columns, strict=True)
        }
    )


def _broken(source: Source, block: Block, lines: Counted, line: int) -> MusterRollError:
    if block.last and lines.over:
        return truncated(source, "a quotation mark is still open where it ends")
    return not_csv(source, line)
