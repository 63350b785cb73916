"""Parquet files and workbooks, read in a process of their own: what makes a reader crash or swell ends there.

    python -m musterroll.engine.extract_sandbox        the request as JSON on standard input, Arrow on standard output

1. The process may use `MEMORY` bytes and `SECONDS` of processor time, and has no other file than the one named.
2. A Parquet file is read a group of rows at a time; what its footer says must not be larger than `EXPANDED` times the
   file; lists, structures and raw bytes are no cells: where such a column is cut it is not read, else the file is
   refused. A workbook is for small offices: at most `CELLS` cells, and archives that swell are refused before they are
   opened.
3. All cells become text: whole numbers in digits, days as ISO 8601 writes them, nothing for what is empty. A formula is
   what the workbook last showed for it, and never computed.
"""

import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import python_calamine

from musterroll.errors import MusterRollError
from musterroll.extract.schema import Dialect

MEMORY = 3 << 30
SECONDS = 1_800
EXPANDED = 1_000
LARGEST_GROUP = 1 << 30
CELLS = 2_000_000
LARGEST_SHEET = 512 << 20
ROWS = 1 << 18


@contextmanager
def opened(path: Path, form: str, dialect: Dialect, cut: Collection[str] = ()) -> Iterator[pa.RecordBatchReader]:
    """The rows of a file as record batches of text, and its heading as their schema.

    A column of the names in `cut` that holds no cells is empty.

    Raises MusterRollError `delivery.unreadable`, `.column-type`, `.too-large` or `.sheet`, on opening or while it is
    read.
    """
    request = {
        "path": str(path.resolve()),
        "format": form,
        "sheet": dialect.sheet,
        "skip": dialect.skip_rows,
        "cut": sorted(cut),
    }
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "musterroll.engine.extract_sandbox"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stderr is not None
    try:
        child.stdin.write(json.dumps(request).encode())
        child.stdin.close()
        try:
            yield pa.ipc.open_stream(child.stdout)
        except (pa.ArrowException, OSError, EOFError):
            raise _told(child) from None
        if child.wait() != 0:
            raise _told(child)
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
        child.stderr.close()


def _told(child: "subprocess.Popen[bytes]") -> MusterRollError:
    """What the process said before it ended, or that it was ended."""
    assert child.stderr is not None
    said = child.stderr.read(1 << 16)
    child.wait()
    try:
        told = json.loads(said.splitlines()[-1])
        return MusterRollError(told["code"], told["what"], where=told["where"], remedy=told["remedy"])
    except (ValueError, IndexError, KeyError, TypeError):
        return unreadable("it makes the reader fail")


def unreadable(why: str) -> MusterRollError:
    """The file is not what it says to be."""
    return MusterRollError(
        "delivery.unreadable",
        f"The file cannot be read: {why}.",
        where="delivery",
        remedy="Ask the agency to write the file again and to look whether it opens.",
    )


def too_large(what: str) -> MusterRollError:
    """The file would swell beyond what may be held."""
    return MusterRollError(
        "delivery.too-large",
        f"The file is larger inside than may be opened: {what}.",
        where="delivery",
        remedy="Ask the agency to send the register as CSV, NDJSON or Parquet with smaller groups of rows.",
    )


def main() -> int:
    """Answer one request."""
    _confine()
    request = json.loads(sys.stdin.buffer.read())
    path = Path(request["path"])
    try:
        if request["format"] == "parquet":
            _parquet(path, request["cut"], sys.stdout.buffer)
        else:
            _workbook(path, request["sheet"], request["skip"], sys.stdout.buffer)
    except MusterRollError as problem:
        told = {"code": problem.code, "what": problem.what, "where": problem.where, "remedy": problem.remedy}
    except BrokenPipeError:
        return 0
    except MemoryError:
        told = _members(too_large("it needs too much memory"))
    except Exception:  # whatever a hostile file does to a reader is one refusal
        told = _members(unreadable("it is damaged, or not what it says to be"))
    else:
        return 0
    sys.stderr.write(f"\n{json.dumps(told)}\n")
    return 1


def _members(problem: MusterRollError) -> dict[str, str]:
    return {"code": problem.code, "what": problem.what, "where": problem.where, "remedy": problem.remedy}


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    pa.set_cpu_count(1)


def _parquet(path: Path, cut: list[str], out: BinaryIO) -> None:
    size = path.stat().st_size
    file = pq.ParquetFile(path, memory_map=False)
    footer = file.metadata
    groups = [footer.row_group(number).total_byte_size for number in range(footer.num_row_groups)]
    if sum(groups) > size * EXPANDED or max(groups, default=0) > LARGEST_GROUP:
        raise too_large(f"{sum(groups)} bytes in a file of {size}")
    schema = file.schema_arrow
    no_cells = [field.name for field in schema if not _is_cell(field.type)]
    dropped = {name.strip().casefold() for name in cut}
    if wrong := [name for name in no_cells if name.strip().casefold() not in dropped]:
        raise MusterRollError(
            "delivery.column-type",
            f"These columns hold neither texts, numbers nor days: {', '.join(wrong)}.",
            where="delivery, heading",
            remedy="Ask the agency to write plain columns: texts, whole numbers, days, yes or no. What no article asks "
            "for is listed under `cut`.",
        )
    read = [name for name in schema.names if name not in no_cells] if no_cells else None
    encoded = [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)]
    file = pq.ParquetFile(path, memory_map=False, read_dictionary=encoded)
    texts = pa.schema([(name, pa.dictionary(pa.int32(), pa.utf8())) for name in schema.names])
    with pa.ipc.new_stream(out, texts, options=_OPTIONS) as writer:
        for run in _runs([footer.row_group(number).num_rows for number in range(footer.num_row_groups)]):
            for batch in file.iter_batches(batch_size=ROWS, row_groups=run, columns=read, use_threads=False):
                found, none = iter(batch), pa.nulls(batch.num_rows)
                columns = [_as_text(none if name in no_cells else next(found)) for name in schema.names]
                writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=texts))


def _runs(sizes: list[int]) -> Iterator[list[int]]:
    """Groups of rows that make one batch together. A reader keeps what it read: each run has a reader of its own."""
    run: list[int] = []
    for number, size in enumerate(sizes):
        if run and sum(sizes[each] for each in run) + size > ROWS:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


_OPTIONS = pa.ipc.IpcWriteOptions(unify_dictionaries=False)


def _is_cell(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_cell(kind.value_type)
    types = pa.types
    return bool(
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_integer(kind)
        or types.is_floating(kind)
        or types.is_decimal(kind)
        or types.is_boolean(kind)
        or types.is_date(kind)
        or types.is_timestamp(kind)
        or types.is_null(kind)
    )


def _as_text(column: pa.Array) -> pa.Array:
    """A dictionary of texts; each distinct value is written once."""
    if pa.types.is_null(column.type):
        column = column.cast(pa.utf8())
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    values = column.dictionary
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        values.validate(full=True)
        texts = values.cast(pa.utf8())
    else:
        texts = pa.array([_written(value) for value in _plain_values(values)], pa.utf8())
    places = column.indices.cast(pa.int32())
    if places.null_count or texts.null_count:
        texts = pa.concat_arrays([texts.fill_null(""), pa.array([""], pa.utf8())])
        places = places.fill_null(len(texts) - 1)
    return pa.DictionaryArray.from_arrays(places, texts)


def _plain_values(values: pa.Array) -> list[Any]:
    if pa.types.is_timestamp(values.type):
        return list(pc.floor_temporal(values, unit="second").cast(pa.timestamp("s", values.type.tz)).to_pylist())
    return list(values.to_pylist())


def _written(value: Any) -> str:
    """A cell that is not a text, as the agency would have written it as text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return "" if value != value else str(int(value)) if value.is_integer() else repr(value)
        case datetime() | date():
            return f"{value.year:04}-{value.month:02}-{value.day:02}"
        case time():
            return value.isoformat()
        case _:
            return str(value)


def _workbook(path: Path, sheet: str, skip: int, out: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            inside = sum(each.file_size for each in archive.infolist())
    except zipfile.BadZipFile:
        raise unreadable("it is not a workbook (.xlsx)") from None
    if inside > LARGEST_SHEET or inside > path.stat().st_size * EXPANDED:
        raise too_large(f"{inside} bytes in a file of {path.stat().st_size}")
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    if sheet and sheet not in book.sheet_names:
        raise MusterRollError(
            "delivery.sheet",
            "The workbook does not have the declared sheet.",
            where="delivery",
            remedy=f"Ask the agency to name the sheet `{sheet}`, or declare another.",
        )
    table = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
    if table.total_height * table.total_width > CELLS:
        raise too_large(f"{table.total_height} rows of {table.total_width} cells; a workbook has at most {CELLS} cells")
    lines = [[*row] for row in table.to_python(skip_empty_area=False)][skip:]
    names: list[str] = []
    rows: list[list[Any]] = []
    for line in lines:
        if not names:
            names = [_written(cell) for cell in line] if any(cell != "" for cell in line) else []
        elif any(cell != "" for cell in line):
            rows.append(line)
    while names and not names[-1] and all(row[len(names) - 1] == "" for row in rows):
        names.pop()
    columns = [
        pa.array([_written(row[place]) for row in rows], pa.utf8()).dictionary_encode() for place in range(len(names))
    ]
    texts = pa.schema([(name, pa.dictionary(pa.int32(), pa.utf8())) for name in names])
    with pa.ipc.new_stream(out, texts) as writer:
        batch = pa.RecordBatch.from_arrays(columns, schema=texts)
        for start in range(0, batch.num_rows, ROWS):
            writer.write_batch(batch.slice(start, ROWS))


if __name__ == "__main__":
    sys.exit(main())
