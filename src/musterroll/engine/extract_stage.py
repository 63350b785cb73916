"""The door for files of any size: read once, judged by columns, staged in parts, in bounded memory.

The order of refusals is that of `extract.check`, which is the same door Row by Row. Pieces of the file are parsed and
judged by two threads; what they found is put together in the order of the file, so that the result is always the same.

1. Nothing of a delivery is left where it is refused. A killed reader leaves a folder without a receipt, which is
   nothing; begun again, it ends in the same bytes.
2. Of rows whose key stands twice where it may stand once, none is kept.
3. Entries without a key have an ordinal among their equals, in the order of their texts, whatever order they came in.
"""

import hashlib
import os
import shutil
from collections import deque
from collections.abc import Callable, Container, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from musterroll import canonical
from musterroll.engine import delivery, extract_csv, extract_ndjson, extract_sandbox
from musterroll.engine.delivery import REFUSED, SET_ASIDE, Staged, part
from musterroll.engine.extract_blocks import Block, TextFile
from musterroll.engine.extract_columns import Judge, Judged, Tallies, add_tallies, take_tallies
from musterroll.engine.extract_csv import Batch, Wanted
from musterroll.engine.roll.content import content
from musterroll.errors import MusterRollError
from musterroll.extract import check
from musterroll.extract.lines import empty
from musterroll.extract.made import APART
from musterroll.extract.manifest import Manifest
from musterroll.extract.plausible import findings_of
from musterroll.extract.profile import Counts, Profile, counts_of, profile_of
from musterroll.extract.reply import Tally
from musterroll.extract.schema import Format, Source

WORKERS = 2
LARGEST_BATCH = 1 << 30
_BEGINS = {Format.PARQUET: b"PAR1", Format.XLSX: b"PK"}


def stage(
    source: Source,
    manifest: Manifest,
    file: Path,
    folder: Path,
    *,
    previous: Profile | None,
    today: int,
    taken: Container[str] = (),
) -> Staged:
    """Read one delivery into `folder`. `today` is the legal day, `taken` the digests of deliveries taken in before.

    Raises MusterRollError `delivery.*` when the delivery as a whole cannot be used; the folder is gone then.
    """
    check.addressed(source, manifest, today, taken)
    delivery.begin(folder)
    try:
        return _Door(source, manifest, file, folder).staged(previous)
    except MusterRollError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@dataclass(slots=True)
class _Found:
    """What was found so far, in the order of the file."""

    rows: int = 0
    kept: int = 0
    short: bool = False
    refused: list[pl.DataFrame] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    unread: Tallies = field(default_factory=dict)
    refusals: Tallies = field(default_factory=dict)
    hashes: list[npt.NDArray[np.uint64]] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    contents: dict[int, str] = field(default_factory=dict)
    occurred: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Written:
    judged: Judged
    kept: int
    hashes: npt.NDArray[np.uint64]
    content: str
    number: int


class _Door:
    """One file on its way in."""

    def __init__(self, source: Source, manifest: Manifest, file: Path, folder: Path) -> None:
        self.source = source
        self.manifest = manifest
        self.file = file
        self.folder = folder
        self.judge = Judge(source, manifest.as_of, full=manifest.full)
        self.one = source.rows_per_record == "one"
        self.found = _Found(counts=counts_of(source, ()))
        self.digest = ""
        self.ended = True
        self.cut: tuple[str, ...] = ()

    def staged(self, previous: Profile | None) -> Staged:
        with ThreadPoolExecutor(WORKERS) as pool:
            self._run(pool, self._pieces())
        found = self.found
        if self.source.format is Format.NDJSON:
            self._members()
        check.as_sent(
            self.source,
            self.manifest,
            digest=self.digest,
            rows=found.rows,
            cut=found.short and not self.ended,
        )
        if self.one:
            self._settle_keys()
        refused = pl.concat([pl.DataFrame(schema=REFUSED), *found.refused]).sort("row")
        refused.write_parquet(self.folder / SET_ASIDE)
        profile = profile_of(self.source, found.counts, refused.height, self.manifest.as_of)
        return delivery.finish(
            Staged(
                source=self.source.name,
                manifest=self.manifest,
                folder=self.folder,
                columns=tuple(self.source.columns),
                kept=found.kept,
                set_aside=refused.height,
                cut=self.cut,
                profile=profile,
                findings=findings_of(self.source, profile, previous, self.manifest),
                content=canonical.sha256_hex("".join(found.contents[n] for n in sorted(found.contents)).encode()),
                unread=_told(found.unread),
                refusals=_told(found.refusals),
            )
        )

    def _run(self, pool: ThreadPoolExecutor, pieces: Iterator[Callable[[], Batch]]) -> None:
        """Parse and judge piece after piece, a few at a time, and put together what they gave in their order."""
        parsing: deque[Future[Batch]] = deque()
        writing: deque[Future[_Written]] = deque()
        number = 0
        for piece in pieces:
            parsing.append(pool.submit(piece))
            while len(parsing) > WORKERS:
                number = self._judge(pool, parsing, writing, number)
        while parsing:
            number = self._judge(pool, parsing, writing, number)
        while writing:
            self._collect(writing.popleft().result())

    def _judge(
        self,
        pool: ThreadPoolExecutor,
        parsing: "deque[Future[Batch]]",
        writing: "deque[Future[_Written]]",
        number: int,
    ) -> int:
        batch = parsing.popleft().result()
        before = self.found.rows
        self.found.rows += batch.seen
        self.found.short = batch.short
        writing.append(pool.submit(self._write, batch, before, number))
        while len(writing) > WORKERS:
            self._collect(writing.popleft().result())
        return number + 1

    def _write(self, batch: Batch, before: int, number: int) -> _Written:
        judged = self.judge.judge(batch, before)
        hashes = np.zeros(0, np.uint64)
        kept = judged.kept
        if self.one and kept.num_rows:
            hashes = _hashes(kept.column("key"))
            if self.source.identity:
                kept = self._with_ordinals(kept, np.ones(kept.num_rows, np.int64))
        return _Written(
            Judged(kept.slice(0, 0), judged.refused, judged.counts, judged.unread, judged.refusals),
            kept.num_rows,
            hashes,
            self._put(kept, number),
            number,
        )

    def _put(self, kept: pa.Table, number: int) -> str:
        """Write one part; its content digest. A part without rows is not written."""
        path = self.folder / part(number)
        if not kept.num_rows:
            path.unlink(missing_ok=True)
            return ""
        aside = path.with_suffix(".tmp")
        encoded = [each.name for each in kept.schema if pa.types.is_dictionary(each.type)]
        pq.write_table(
            kept, aside, compression="lz4", store_schema=False, use_dictionary=encoded, write_statistics=False
        )
        os.replace(aside, path)
        frame = pl.from_arrow(
            kept.cast(
                pa.schema(
                    [(name, kept.schema.field(name).type if name == "row" else pa.utf8()) for name in kept.column_names]
                )
            )
        )
        assert isinstance(frame, pl.DataFrame)
        return content(frame)

    def _collect(self, written: _Written) -> None:
        found, judged = self.found, written.judged
        found.kept += written.kept
        found.refused.append(judged.refused)
        found.counts.add(judged.counts)
        add_tallies(found.unread, judged.unread)
        add_tallies(found.refusals, judged.refusals)
        found.contents[written.number] = written.content
        if self.one:
            found.hashes.append(written.hashes)
            found.parts.append(written.number)

    def _pieces(self) -> Iterator[Callable[[], Batch]]:
        match self.source.format:
            case Format.CSV:
                return self._csv()
            case Format.NDJSON:
                return self._ndjson()
            case _:
                return self._sandboxed()

    def _wanted(self, heading: tuple[str, ...]) -> Wanted:
        check.columns(self.source, list(heading), full=self.manifest.full)
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
        self.found.occurred |= occurred
        return batch

    def _members(self) -> None:
        occurred = self.found.occurred
        self.cut = tuple(name for name in self.source.cut if name in occurred)
        if not self.found.rows:
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
        with extract_sandbox.opened(self.file, source.format.value, source.dialect) as reader:
            wanted = self._wanted(tuple(reader.schema.names))
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
        """A blank file: no changes today, or a mistake."""
        if self.manifest.full or self.manifest.rows:
            raise empty(self.source)

    def _settle_keys(self) -> None:
        """Set aside rows whose key stands twice; number the entries that have none."""
        found = self.found
        every = np.concatenate([np.zeros(0, np.uint64), *found.hashes])
        ordered = np.sort(every)
        twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        if not len(twice):
            return
        candidates = [
            (number, np.flatnonzero(np.isin(hashes, twice)))
            for number, hashes in zip(found.parts, found.hashes, strict=True)
        ]
        candidates = [(number, rows) for number, rows in candidates if len(rows)]
        if self.source.identity:
            self._number(candidates)
        else:
            self._set_aside(candidates)

    def _set_aside(self, candidates: list[tuple[int, npt.NDArray[np.int64]]]) -> None:
        frames = [
            pl.DataFrame({"part": number, "at": rows, "key": self._read(number, ["key"])["key"].gather(rows)})
            for number, rows in candidates
        ]
        named = pl.concat([frame.cast({"part": pl.Int32, "at": pl.Int64}) for frame in frames])
        double = named.filter(pl.col("key").is_duplicated())
        for (number,), rows in double.group_by("part", maintain_order=True):
            table = pq.read_table(self.folder / part(int(number)))
            gone = np.zeros(table.num_rows, np.bool_)
            gone[rows["at"].to_numpy()] = True
            removed = table.filter(pa.array(gone))
            counts, tallies = self.judge.again(removed)
            self.found.counts.add(counts, sign=-1)
            take_tallies(self.found.unread, tallies)
            places = removed.column("row").to_pylist()
            key, reason = self.source.key, "key.twice"
            add_tallies(self.found.refusals, {(key, reason): (len(places), places)})
            self.found.refused.append(
                pl.DataFrame(
                    {"row": places, "reasons": reason, "columns": key, "key": removed.column("key").to_pylist()},
                    schema=REFUSED,
                )
            )
            self.found.contents[int(number)] = self._put(table.filter(pa.array(~gone)), int(number))
            self.found.kept -= len(places)

    def _number(self, candidates: list[tuple[int, npt.NDArray[np.int64]]]) -> None:
        names = list(self.source.columns)
        frames = []
        for number, at in candidates:
            found = self._read(number, ["row", *names]).select(pl.all().gather(at))
            frames.append(found.with_columns(pl.lit(number, pl.Int32).alias("part"), pl.Series("at", at, pl.Int64)))
        ordered = pl.concat(frames).sort(self.source.key, *[n for n in names if n != self.source.key], "row")
        numbered = ordered.with_columns(pl.int_range(1, pl.len() + 1).over(self.source.key).alias("n"))
        for (number,), few in numbered.filter(pl.col("n") > 1).group_by("part", maintain_order=True):
            table = pq.read_table(self.folder / part(int(number)))
            ordinals = np.ones(table.num_rows, np.int64)
            ordinals[few["at"].to_numpy()] = few["n"].to_numpy()
            bare = [text.rpartition(APART)[0] for text in table.column("key").to_pylist()]
            table = table.set_column(table.column_names.index("key"), "key", pa.array(bare, pa.utf8()))
            self.found.contents[int(number)] = self._put(self._with_ordinals(table, ordinals), int(number))

    def _with_ordinals(self, kept: pa.Table, ordinals: npt.NDArray[np.int64]) -> pa.Table:
        keys = kept.column("key").cast(pa.utf8())
        joined = pc.binary_join_element_wise(keys, pa.array(ordinals).cast(pa.utf8()), APART)
        for name in ("key", self.source.key):
            kept = kept.set_column(kept.column_names.index(name), name, joined)
        return kept

    def _read(self, number: int, columns: list[str]) -> pl.DataFrame:
        return pl.read_parquet(self.folder / part(number), columns=columns)


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


def _hashes(keys: pa.ChunkedArray) -> npt.NDArray[np.uint64]:
    series = pl.from_arrow(keys)
    assert isinstance(series, pl.Series)
    return series.cast(pl.String).hash(seed=0).to_numpy()


def _told(tallies: Tallies) -> tuple[Tally, ...]:
    return tuple(
        Tally(column, reason, count, tuple(rows)) for (column, reason), (count, rows) in sorted(tallies.items())
    )
