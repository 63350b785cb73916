"""Newline-delimited JSON as columns: one object a line, its members the columns; a member that is not there is empty.

1. Texts are kept, numbers are the characters that were written, true and false are words, null is an empty cell.
2. A line that is not one object, names a member twice, or holds a list or an object is set aside; so a line nested a
   million deep is one row set aside. What stands in a member that is cut is not read.
3. A member that nobody declared refuses the delivery, as an undeclared column does.
4. Whatever the fast reader does not like is read again line by line.
"""

import json

import numpy as np
import pyarrow as pa
import pyarrow.json as arrow_json

from musterroll.engine.extract_blocks import Block
from musterroll.engine.extract_csv import Batch, Wanted, table_of
from musterroll.extract.apart import MOST, Ragged
from musterroll.extract.json_objects import read_object, still_said

_KINDS = {str: pa.utf8(), int: pa.int64()}


class Undeclared(Exception):
    """A member was found that is neither declared nor cut."""

    def __init__(self, names: set[str]) -> None:
        self.names = names
        super().__init__()


def parse(block: Block, wanted: Wanted) -> tuple[Batch, frozenset[str]]:
    """The rows of a block, and the members that occurred. Raises Undeclared."""
    found = _fast(block, wanted)
    return found if found is not None else _plain(block, wanted)


def _fast(block: Block, wanted: Wanted) -> tuple[Batch, frozenset[str]] | None:
    lines = block.data.count(b"\n") + (not block.data.endswith(b"\n"))
    first = block.data[: block.data.find(b"\n") + 1 or None]
    odd = b"[" in block.data or b":-0" in block.data or b": -0" in block.data or b"\r" in block.data
    if odd or block.data.count(b"{") != lines:
        return None
    try:
        kinds = {name: _KINDS[type(value)] for name, value in json.loads(first).items() if value is not None}
        schema = pa.schema([(name, kinds.get(name, pa.utf8())) for name in wanted.heading])
        table = arrow_json.read_json(
            pa.BufferReader(block.data),
            read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(block.data) + 1),
            parse_options=arrow_json.ParseOptions(
                explicit_schema=schema, newlines_in_values=False, unexpected_field_behavior="error"
            ),
        )
    except (pa.ArrowException, KeyError, ValueError, AttributeError, RecursionError):
        return None
    if table.num_rows != lines:
        return None
    occurred = frozenset(name for name in wanted.heading if json.dumps(name, ensure_ascii=False).encode() in block.data)
    columns = {name: _as_text(table.column(name).combine_chunks(), wanted.type_of(name)) for name in wanted.kept}
    return Batch(pa.table(columns), np.arange(1, lines + 1, dtype=np.int32), lines), occurred


def _as_text(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    texts = column.cast(pa.utf8()).fill_null("")
    return texts.dictionary_encode() if pa.types.is_dictionary(kind) else texts


def _plain(block: Block, wanted: Wanted) -> tuple[Batch, frozenset[str]]:
    known = set(wanted.heading)
    dropped = known - set(wanted.kept)
    cells: list[list[str]] = [[] for _ in wanted.kept]
    rows: list[int] = []
    aside: list[tuple[int, str]] = []
    ragged: list[tuple[int, Ragged]] = []
    occurred: set[str] = set()
    lines = [line for line in block.data.decode("utf-8").split("\n") if line.strip(" \t\r")]
    for number, line in enumerate(lines, start=1):
        row, reason = read_object(line, dropped)
        if extra := set(row) - known:
            raise Undeclared(extra)
        occurred.update(row)
        if reason:
            aside.append((number, reason))
            if len(ragged) <= MOST and (said := still_said(line, wanted.kept)):
                ragged.append((number, said))
            continue
        rows.append(number)
        for column, name in zip(cells, wanted.kept, strict=True):
            column.append(row.get(name, ""))
    cut = bool(lines) and not block.data.endswith(b"\n") and bool(aside) and aside[-1] == (len(lines), "json.format")
    table = table_of(wanted, cells)
    batch = Batch(
        table, np.array(rows, np.int32), len(lines), tuple(aside), short=block.last and cut, ragged=tuple(ragged)
    )
    return batch, frozenset(occurred)
