"""A file of each format in pieces that can be parsed on their own; and whether it has the declared columns.

What is only known at the end stands in the attributes then: the digest, whether a line ended it, heading, columns cut.
"""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from musterroll.engine import extract_csv, extract_ndjson, extract_sandbox
from musterroll.engine.extract_blocks import Block, TextFile
from musterroll.engine.extract_columns import Judge
from musterroll.engine.extract_csv import Batch, Wanted
from musterroll.extract import check
from musterroll.extract.lines import as_headed, empty
from musterroll.extract.manifest import Manifest
from musterroll.extract.schema import Format, Source

LARGEST_BATCH = 1 << 30
_BEGINS = {Format.PARQUET: b"PAR1", Format.XLSX: b"PK"}


class Pieces:
    """The pieces of one file. Afterwards `digest`, `ended` (with a line's end) and `cut` columns are known."""

    def __init__(self, source: Source, manifest: Manifest, file: Path, judge: Judge) -> None:
        self.source = source
        self.manifest = manifest
        self.file = file
        self.judge = judge
        self.digest = ""
        self.ended = True
        self.cut: tuple[str, ...] = ()
        self.heading: tuple[str, ...] = ()
        self.occurred: set[str] = set()

    def pieces(self) -> Iterator[Callable[[], Batch]]:
        """Piece after piece, each to be parsed by whoever has time. Raises MusterRollError `delivery.*`."""
        match self.source.format:
            case Format.CSV:
                return self._csv()
            case Format.NDJSON:
                return self._ndjson()
            case _:
                return self._sandboxed()

    def _wanted(self, heading: tuple[str, ...]) -> Wanted:
        check.columns(self.source, list(heading), full=self.manifest.full)
        self.heading = heading
        self.cut = tuple(name for name in self.source.cut if name in heading)
        kept = [column.heading or column.name for column in self.source.delivered]
        kept += [self.judge.change] if self.judge.change in heading and self.judge.change not in kept else []
        return Wanted(heading, tuple(kept), self.judge.encoded)

    def _csv(self) -> Iterator[Callable[[], Batch]]:
        dialect = self.source.dialect
        text = TextFile(self.source, self.file, quote=dialect.quote, delimiter=dialect.delimiter)
        wanted: Wanted | None = None
        for block in text.blocks():
            if text.blank and block.last:
                self._nothing()
                break
            if wanted is None:
                names, block = extract_csv.heading(self.source, block)
                wanted = self._wanted(names)
            yield _later(extract_csv.parse, self.source, block, wanted)
        self.digest, self.ended = text.digest, text.ended

    def _ndjson(self) -> Iterator[Callable[[], Batch]]:
        text = TextFile(self.source, self.file, quote="", delimiter="")
        change = [self.judge.change] if self.judge.change else []
        known = tuple(dict.fromkeys([*self.source.headings, *self.source.cut, *change]))
        wanted = Wanted(known, tuple(dict.fromkeys([*self.source.headings, *change])), self.judge.encoded)
        for block in text.blocks():
            if text.blank and block.last:
                self._nothing()
                break
            yield _later(self._ndjson_block, block, wanted)
        self.digest, self.ended = text.digest, text.ended

    def _ndjson_block(self, block: Block, wanted: Wanted) -> Batch:
        try:
            batch, occurred = extract_ndjson.parse(block, wanted)
        except extract_ndjson.Undeclared as undeclared:
            check.columns(self.source, [*wanted.heading, *sorted(undeclared.names)], full=False)
            raise AssertionError("an undeclared member is refused") from None
        self.occurred |= occurred
        return batch

    def members(self, rows: int) -> None:
        """Which of the declared members occurred in some line: the heading of a file that has none."""
        occurred = self.occurred
        self.cut = tuple(name for name in self.source.cut if name in occurred)
        if not rows:
            return
        named = [name for name in (*self.source.headings, self.judge.change) if name in occurred]
        if not self.manifest.full:
            named = [*dict.fromkeys([*self.source.headings, *named])]
        check.columns(self.source, named, full=self.manifest.full)

    def _sandboxed(self) -> Iterator[Callable[[], Batch]]:
        source = self.source
        if not self.file.stat().st_size:
            self.digest = hashlib.sha256(b"").hexdigest()
            self._nothing()
            return
        before = self.file.stat()
        with self.file.open("rb") as data:
            if not data.read(4).startswith(_BEGINS[source.format]):
                raise extract_sandbox.unreadable(f"it does not begin as {source.format.value} does")
            data.seek(0)
            self.digest = hashlib.file_digest(data, "sha256").hexdigest()
        with extract_sandbox.opened(self.file, source.format.value, source.dialect, source.cut) as reader:
            wanted = self._wanted(as_headed(source, reader.schema.names))
            places = [wanted.heading.index(name) for name in wanted.kept]
            yield _later(_empty, wanted)
            while True:
                try:
                    batch = reader.read_next_batch()
                except StopIteration:
                    break
                columns = [
                    _decoded(batch.column(place), wanted.type_of(name))
                    for place, name in zip(places, wanted.kept, strict=True)
                ]
                rows = np.arange(1, batch.num_rows + 1, dtype=np.int32)
                table = pa.Table.from_arrays(columns, names=list(wanted.kept))
                yield _later(Batch, table, rows, batch.num_rows)
        after = self.file.stat()
        if (before.st_size, before.st_mtime_ns, before.st_ino) != (after.st_size, after.st_mtime_ns, after.st_ino):
            raise extract_sandbox.unreadable("it was changed while it was read")

    def _nothing(self) -> None:
        """A blank file: no changes today, nobody on a list, or a mistake."""
        if not check.may_be_empty(self.source, self.manifest):
            raise empty(self.source)


def _later[**P, T](do: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Callable[[], T]:
    return lambda: do(*args, **kwargs)


def _empty(wanted: Wanted) -> Batch:
    columns = {name: pa.array([], wanted.type_of(name)) for name in wanted.kept}
    return Batch(pa.table(columns), np.zeros(0, np.int32), 0)


def _decoded(column: pa.DictionaryArray, kind: pa.DataType) -> pa.Array:
    """A column from the sandbox as it is judged. Raises MusterRollError `delivery.too-large` for a swelling one."""
    lengths = pc.binary_length(column.dictionary).to_numpy(zero_copy_only=False)
    if len(lengths) and int(lengths.max()) > extract_csv.LONGEST_CELL:
        raise extract_sandbox.too_large(f"a cell of {int(lengths.max())} bytes")
    if pa.types.is_dictionary(kind):
        return column
    if len(lengths) and int(lengths[column.indices.to_numpy()].sum()) > LARGEST_BATCH:
        raise extract_sandbox.too_large("texts that are longer together than memory")
    return column.cast(pa.utf8())
