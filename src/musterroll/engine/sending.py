"""What an agency's manifest says of a file: how many rows, which digest, signed with the agency's key.

The file is read in pieces: memory stays small whatever its size. Rows are counted as the door counts them.
"""

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from python_calamine import CalamineError, CalamineWorkbook

from musterroll.errors import MusterRollError
from musterroll.extract.schema import Format, Source

_PIECE = 1 << 20


def digest_of(file: Path) -> str:
    """The SHA-256 of the file's bytes."""
    found = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


def rows_of(source: Source, file: Path) -> int:
    """How many data rows the file has. Raises MusterRollError `sending.unreadable`."""
    try:
        match source.format:
            case Format.PARQUET:
                return int(pq.ParquetFile(file).metadata.num_rows)
            case Format.XLSX:
                return max(0, len(_sheet(source, file)) - source.dialect.header)
            case Format.NDJSON:
                with file.open("rb") as opened:
                    return sum(1 for line in opened if line.strip())
            case _:
                return sum(1 for _ in csv_rows(source, file))
    except (OSError, ValueError, csv.Error, CalamineError) as problem:
        raise MusterRollError(
            "sending.unreadable",
            f"The file cannot be read as {source.format.value} in {source.encoding} ({type(problem).__name__}).",
            where=file.name,
            remedy="Compare it with the declaration: its format, encoding and dialect.",
        ) from None


def csv_rows(source: Source, file: Path, *, heading: bool = False) -> Iterator[list[str]]:
    """The rows of a table with separators; with `heading` the first one too."""
    dialect = source.dialect
    with file.open(encoding=source.encoding, newline="") as opened:
        lines = (
            line for n, line in enumerate(opened) if n >= dialect.skip_rows and not _comment(line, dialect.comment)
        )
        reader = csv.reader(
            lines,
            delimiter=dialect.delimiter,
            quotechar=dialect.quote or None,
            quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        )
        rows = (row for row in reader if row)
        if dialect.header and not heading:
            next(rows, None)
        yield from rows


def _comment(line: str, sign: str) -> bool:
    return bool(sign) and line.startswith(sign)


def _sheet(source: Source, file: Path) -> list[Any]:
    book = CalamineWorkbook.from_path(file)
    name = source.dialect.sheet or book.sheet_names[0]
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)[source.dialect.skip_rows :]
    return [row for row in rows if any(cell != "" for cell in row)]


def public_of(private: bytes) -> str:
    """The public half of an Ed25519 key, as a declaration has it: 64 hexadecimal digits."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw().hex()


def read_key(file: Path) -> bytes:
    """The private key in a file. Raises MusterRollError `sending.key`."""
    try:
        found = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        found = b""
    if len(found) != 32:
        raise MusterRollError(
            "sending.key",
            "This file holds no key: 64 hexadecimal digits.",
            where=file.name,
            remedy="Make one with `muster source key FILE`.",
        )
    return found


def sample_of(file: Path, rows: int, sheet: str = "") -> list[list[object]]:
    """The first lines of a workbook's sheet (the first one's), or the heading and first rows of a Parquet file.

    Raises MusterRollError `source.sheet`.
    """
    if file.suffix.lower() == ".xlsx":
        book = CalamineWorkbook.from_path(file)
        if sheet and sheet not in book.sheet_names:
            raise MusterRollError(
                "source.sheet",
                "The workbook has no such sheet.",
                where=file.name,
                remedy=f"It has: {', '.join(book.sheet_names)}.",
            )
        table = book.get_sheet_by_name(sheet or book.sheet_names[0])
        return [list(row) for row in table.to_python(skip_empty_area=False, nrows=rows + 1)]
    opened = pq.ParquetFile(file)
    batch = next(opened.iter_batches(batch_size=rows), None)
    heading: list[object] = list(opened.schema_arrow.names)
    return [heading, *([list(row.values()) for row in batch.to_pylist()] if batch else [])]
