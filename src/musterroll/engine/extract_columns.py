"""The declaration over whole columns: which rows are kept, which are set aside and why, and what they look like.

The same rows, reasons and values as `extract.row` and `extract.check` find Row by Row (tests/agreement).

1. Delivered columns first, then those made of them, each distinct text or combination once.
2. A row is set aside where a required cell is empty or unreadable; of a row to be dropped only its key is read.
3. Reasons are counted by column; the first `TOLD` rows of each are named, so that an agency can look them up.
4. Counters here are of the rows kept, and are whole numbers: pieces of a file can be added up in any order.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from musterroll.engine import extract_cells
from musterroll.engine.delivery import REFUSED, SEPARATOR
from musterroll.engine.extract_cells import CODES, REASONS, Cells, Memory
from musterroll.engine.extract_csv import Batch
from musterroll.extract.apart import MOST
from musterroll.extract.made import Made
from musterroll.extract.profile import ASCII, DIGITS, TOLD, Counts, is_inverted
from musterroll.extract.row import DROP, PUT, seen
from musterroll.extract.schema import Column, ColumnType, Source

type Tallies = dict[tuple[str, str], tuple[int, list[int]]]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a piece of a file came to: rows kept (`row`, `key`, `op`, columns), rows set aside, counters and tallies.

    `lost` are the rows set aside that have all their cells, as rows kept.
    """

    kept: pa.Table
    refused: pl.DataFrame
    counts: Counts
    unread: Tallies
    refusals: Tallies
    lost: pa.Table


class Judge:
    """One declaration, ready for pieces of one file. Remembers what the plain reader said of the commonest texts."""

    def __init__(self, source: Source, as_of: int, *, full: bool) -> None:
        self.source = source
        self.as_of = as_of
        self.full = full
        self._said = {name: Memory(column, as_of) for name, column in source.columns.items()}

    @cached_property
    def change(self) -> str:
        """The heading of the column that says put or drop; empty where the source has none."""
        return self.source.delta.column if self.source.delta else ""

    @cached_property
    def encoded(self) -> frozenset[str]:
        """Headings of columns with few distinct texts: read as dictionaries."""
        few = (ColumnType.DATE, ColumnType.CODE, ColumnType.INT)
        made_of = {name for column in self.source.made if column.made for name in column.made.of}
        names = {
            column.heading or column.name
            for column in self.source.delivered
            if column.type in few or column.name == self.source.limits.district or column.name in made_of
        }
        return frozenset(names | {self.change} - {""})

    def judge(self, batch: Batch, before: int) -> Judged:
        """The piece's rows. `before` rows of the file came before it."""
        rows = batch.rows + np.int32(before)
        cells = self._cells(batch.table)
        put, op, wrong = self._operations(batch.table)
        codes = {name: np.where(put | (name == self.source.key), each.codes, 0) for name, each in cells.items()}
        fatal = wrong.copy()
        for name, column in self.source.columns.items():
            if column.required:
                each = cells[name]
                lost = each.none & ((each.codes > 0) | each.empty) & (put | (name == self.source.key))
                codes[name] = np.where(lost & (each.codes == 0), CODES["required"], codes[name])
                fatal |= lost
        found = [*codes.items()]
        if wrong.any():
            found.append((self.change, np.where(wrong, CODES["change.unknown"], 0)))
        kept = ~fatal
        keys = cells[self.source.key].texts.cast(pa.utf8())
        refused = self._refused(rows, found, keys, fatal, batch, before)
        table = self._table(rows, keys, op, cells, kept)
        counts = self._counts(cells, kept & put)
        unread = self._tallies(rows, found, kept)
        refusals = self._tallies(rows, found, fatal)
        for row, reason in batch.aside:
            count, places = refusals.get(("", reason), (0, []))
            refusals["", reason] = (count + 1, [*places, row + before][:TOLD])
        lost = self._table(rows, keys, op, cells, fatal & ~wrong & put).slice(0, MOST + 1)
        return Judged(table, refused, counts, unread, refusals, lost)

    def again(self, kept: pa.Table) -> tuple[Counts, Tallies]:
        """What rows that were kept, and are set aside after all, had added to the counters and tallies."""
        cells = {name: extract_cells.read(self._said[name], _one(kept.column(name))) for name in self.source.columns}
        op = _one(kept.column("op").cast(pa.utf8()))
        put = np.array([word != DROP for word in op.to_pylist()], np.bool_)
        codes = {name: np.where(put | (name == self.source.key), each.codes, 0) for name, each in cells.items()}
        rows = _one(kept.column("row")).to_numpy()
        return self._counts(cells, put), self._tallies(rows, [*codes.items()], np.ones(len(rows), np.bool_))

    def _cells(self, table: pa.Table) -> dict[str, Cells]:
        cells: dict[str, Cells] = {}
        for column in self.source.delivered:
            texts = _one(table.column(column.heading or column.name))
            cells[column.name] = extract_cells.read(self._said[column.name], texts)
        for column in self.source.made:
            assert column.made is not None
            made = _made(column.made, [cells[name].texts for name in column.made.of])
            cells[column.name] = extract_cells.read(self._said[column.name], made)
        return cells

    def _operations(self, table: pa.Table) -> tuple[npt.NDArray[np.bool_], pa.Array, npt.NDArray[np.bool_]]:
        """Which rows put, the words of the column `op`, and which rows say neither put nor drop."""
        every = np.ones(table.num_rows, np.bool_)
        delta = self.source.delta
        if delta is None or not self.change or self.change not in table.column_names:
            return every, _words(np.zeros(table.num_rows, np.int32), ["" if self.full else PUT]), ~every
        texts = _one(table.column(self.change))
        said = [seen(text) for text in texts.dictionary.to_pylist()]
        means = [2 if each in delta.drop else 1 if each in delta.put or not delta.put else 0 for each in said]
        found = np.array(means, np.int32)[texts.indices.to_numpy()]
        if self.full:
            return every, _words(np.zeros(len(found), np.int32), [""]), found == 2
        return found != 2, _words(found, ["", PUT, DROP]), found == 0

    def _refused(
        self,
        rows: npt.NDArray[np.int32],
        codes: Sequence[tuple[str, npt.NDArray[np.uint8]]],
        keys: pa.Array,
        fatal: npt.NDArray[np.bool_],
        batch: Batch,
        before: int,
    ) -> pl.DataFrame:
        where = np.flatnonzero(fatal)
        parts = [pl.DataFrame(schema=REFUSED)]
        if len(where):
            few = [(name, pl.Series(code[where])) for name, code in codes if code[where].any()]
            words = pl.Series(REASONS)
            table = pl.DataFrame([words.gather(code).alias(f"r{n}") for n, (_, code) in enumerate(few)])
            named = [pl.when(pl.col(f"r{n}") != "").then(pl.lit(name)) for n, (name, _) in enumerate(few)]
            told = [pl.when(pl.col(f"r{n}") != "").then(pl.col(f"r{n}")) for n in range(len(few))]
            found = table.select(
                pl.Series("row", rows[where]),
                pl.concat_str(told, separator=" ", ignore_nulls=True).alias("reasons"),
                pl.concat_str(named, separator=SEPARATOR, ignore_nulls=True).alias("columns"),
                pl.Series("key", keys.take(pa.array(where)).to_pylist(), dtype=pl.String),
            )
            parts.append(found)
        if batch.aside:
            aside = [(row + before, reason, "", "") for row, reason in batch.aside]
            parts.append(pl.DataFrame(aside, schema=REFUSED, orient="row"))
        return pl.concat(parts).sort("row")

    def _table(
        self,
        rows: npt.NDArray[np.int32],
        keys: pa.Array,
        op: pa.Array,
        cells: Mapping[str, Cells],
        kept: npt.NDArray[np.bool_],
    ) -> pa.Table:
        columns = {"row": pa.array(rows), "key": keys, "op": op, **{n: cells[n].texts for n in self.source.columns}}
        table = pa.table(columns)
        return table if kept.all() else table.filter(pa.array(kept))

    def _counts(self, cells: Mapping[str, Cells], kept: npt.NDArray[np.bool_]) -> Counts:
        counts = Counts(rows=int(kept.sum()))
        for name, column in self.source.columns.items():
            each = cells[name]
            noted = each.none & (each.codes > 0)
            counts.wrong[name] = int((noted & kept).sum())
            counts.unread[name] = int(((noted | (each.none & each.empty)) & kept).sum())
            if column.type in (ColumnType.DATE, ColumnType.CODE) or name == self.source.limits.district:
                counts.values[name] = self._valued(column, each, kept)
            elif column.type is ColumnType.TEXT and name != self.source.key:
                counts.digits[name] = _digits_first(each.texts, kept)
                counts.letters[name] = _letters(each.texts, kept)
                counts.inverted[name] = _inverted(each.texts, kept) if counts.letters[name] else 0
        return counts

    def _valued(self, column: Column, each: Cells, kept: npt.NDArray[np.bool_]) -> Counter[int | str]:
        if each.values is None or each.places is None:
            texts = each.texts.filter(pa.array(kept)).dictionary_encode()
            each = extract_cells.read(self._said[column.name], texts)
            kept = np.ones(len(texts), np.bool_)
        assert each.values is not None
        assert each.places is not None
        times = np.bincount(each.places[kept], minlength=len(each.values))
        found: Counter[int | str] = Counter()
        for value, count in zip(each.values, times.tolist(), strict=True):
            if count:
                found["" if value is None else value] += count
        return found

    def _tallies(
        self,
        rows: npt.NDArray[np.int32],
        codes: Sequence[tuple[str, npt.NDArray[np.uint8]]],
        among: npt.NDArray[np.bool_],
    ) -> Tallies:
        found: Tallies = {}
        for name, each in codes:
            if not each.any():
                continue
            times = np.bincount(each[among], minlength=1)
            for code in np.flatnonzero(times[1:]) + 1:
                places = rows[(each == code) & among][:TOLD]
                found[name, REASONS[code]] = (int(times[code]), places.tolist())
        return found


def _one(column: pa.ChunkedArray) -> pa.Array:
    combined = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if isinstance(combined, pa.ChunkedArray):
        combined = combined.chunk(0) if combined.num_chunks else pa.array([], combined.type)
    return combined


def _words(places: npt.NDArray[np.int32], words: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), pa.array(words, pa.utf8()))


def _made(made: Made, columns: Sequence[pa.Array]) -> pa.Array:
    """The texts of a made column, each distinct combination of cells made once."""
    if len(columns) == 1 and pa.types.is_dictionary(columns[0].type):
        texts = [made.text(text) for text in columns[0].dictionary.to_pylist()]
        return pa.DictionaryArray.from_arrays(columns[0].indices, pa.array(texts, pa.utf8()))
    known: dict[tuple[str, ...], str] = {}
    found: list[str] = []
    for cells in zip(*(column.to_pylist() for column in columns), strict=True):
        text = known.get(cells)
        if text is None:
            text = known[cells] = made.text(*cells)
        found.append(text)
    return pa.array(found, pa.utf8()).dictionary_encode()


def _digits_first(texts: pa.Array, kept: npt.NDArray[np.bool_]) -> int:
    """How many of the kept cells begin with a digit: where names should be, a sign of shifted columns."""
    if pa.types.is_dictionary(texts.type):
        flags = np.array([text[:1] in DIGITS for text in texts.dictionary.to_pylist()], np.bool_)
        return int(flags[texts.indices.to_numpy()][kept].sum()) if len(flags) else 0
    places, letters = extract_cells.buffers(texts)
    first = letters[np.minimum(places[:-1], len(letters) - 1)]
    return int(((first >= 48) & (first <= 57) & (places[1:] > places[:-1]) & kept).sum())


def _letters(texts: pa.Array, kept: npt.NDArray[np.bool_]) -> Counter[str]:
    """How often each letter that is not ASCII stands in the kept cells."""
    cells = (texts if kept.all() else texts.filter(pa.array(kept))).cast(pa.utf8())
    places, letters = extract_cells.buffers(cells)
    text = letters[places[0] : places[-1]].tobytes()
    if text.isascii():
        return Counter()
    points = np.frombuffer(text.decode("utf-8").encode("utf-32-le"), np.uint32)
    times = np.bincount(points[points >= ASCII])
    return Counter({chr(point): int(times[point]) for point in np.flatnonzero(times)})


def _inverted(texts: pa.Array, kept: npt.NDArray[np.bool_]) -> int:
    """In how many of the kept cells a word is written the wrong way round; each distinct text is looked at once."""
    cells = (texts if kept.all() else texts.filter(pa.array(kept))).cast(pa.utf8()).dictionary_encode()
    flags = np.array([is_inverted(text) for text in cells.dictionary.to_pylist()], np.bool_)
    return int(flags[cells.indices.to_numpy()].sum())


def add_tallies(into: Tallies, more: Tallies) -> None:
    """Add up what pieces of a file, in order, were found to have."""
    for place, (count, rows) in more.items():
        before, first = into.get(place, (0, []))
        into[place] = (before + count, [*first, *rows][:TOLD])


def take_tallies(of: Tallies, fewer: Tallies) -> None:
    """Take away again what rows had added that are set aside after all."""
    for place, (count, rows) in fewer.items():
        before, first = of[place]
        gone = set(rows)
        of[place] = (before - count, [row for row in first if row not in gone])
        if not of[place][0]:
            del of[place]
