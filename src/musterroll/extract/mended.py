"""A CSV file in which a quotation mark is out of place, line by line: the rows beside a broken one are read.

A row cut inside quotation marks opens a cell that the rows after it would close: read on, no row of the file is sure.
But an agency says how many rows it wrote. Where the lines are as many, no cell has lines of its own, and a line that
cannot be read by itself is a broken row and nothing else: its whole cells before the broken one are left, too few, so
that it is set aside like any row that was cut off (`extract.apart`).

It is asked only of a file that was refused for that, and is the one that its manifest names: nothing was lost on its
way.
"""

import csv
from collections.abc import Iterable, Iterator

from musterroll.errors import MusterRollError
from musterroll.extract.lines import reader_of
from musterroll.extract.schema import Format, Source

_MENDED = frozenset(["delivery.csv", "delivery.truncated", "delivery.rows", "delivery.row-too-long"])


def may_mend(source: Source, refused: MusterRollError) -> bool:
    """Whether the file was refused for what quotation marks out of place bring about."""
    return source.format is Format.CSV and bool(source.dialect.quote) and refused.code in _MENDED


def mended(source: Source, lines: Iterable[str]) -> Iterator[str]:
    """The lines of a file, with their ends, each of which can be read by itself. Notes and the heading stay."""
    quote, comment = source.dialect.quote, source.dialect.comment
    width = 0 if source.dialect.header else len(source.delivered)
    for number, line in enumerate(lines):
        if number < source.dialect.skip_rows or (comment and line.startswith(comment)) or not line.strip("\r\n"):
            yield line
        elif not width:
            width = len(_cells(source, line) or [""])
            yield line
        elif quote not in line or _cells(source, line) is not None:
            yield line
        else:
            yield _written(source, _whole(source, line, width) or [""] * (1 + (width == 1))) + "\n"


def _cells(source: Source, line: str) -> list[str] | None:
    """The cells of one line; None where it cannot be read by itself."""
    try:
        rows = list(reader_of(source, iter([line])))
    except csv.Error:
        return None
    return rows[0] if rows else []


def _whole(source: Source, line: str, width: int) -> list[str]:
    """The cells before the one that cannot be read; none where a whole row stands before it."""
    place = len(line)
    while (place := line.rfind(source.dialect.delimiter, 0, place)) > 0:
        cells = _cells(source, line[:place])
        if cells is not None:
            return cells if len(cells) < width else []
    return []


def _written(source: Source, cells: list[str]) -> str:
    quote = source.dialect.quote
    return source.dialect.delimiter.join(f"{quote}{cell.replace(quote, quote * 2)}{quote}" for cell in cells)
