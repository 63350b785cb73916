"""The work folder of one night: finished files and a mark for each step, so that a night killed anywhere goes on.

1. A file is written whole under another name and then renamed; a mark is written after the files that it speaks of.
   What is marked is not done again; what is not marked is done again from the start and gives the same bytes.
2. The folder is for the register's own account only (mode 0700): it holds what the roll's sealed tables hold. It is
   removed once the night's snapshot is committed.
3. `Parts` is how rows go from one sort of bucket to another (from records to persons): each piece of work writes one
   file with a batch of rows for every bucket, and a bucket reads its batch of all files, in the order of their names.
"""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pyarrow as pa

_COMPRESSION: Literal["lz4"] = "lz4"


class Work:
    """One night's work under `folder`, for `buckets` buckets."""

    def __init__(self, folder: Path, buckets: int = 1) -> None:
        self.path, self.buckets = folder, buckets
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)

    def folder(self, step: str) -> Path:
        """The folder of a step's files."""
        path = self.path / step
        path.mkdir(exist_ok=True, mode=0o700)
        return path

    def done(self, step: str, bucket: int | None = None) -> dict[str, Any] | None:
        """What the step (or its bucket) was marked with; None where it has not been finished."""
        try:
            told: dict[str, Any] = json.loads(self._mark(step, bucket).read_bytes())
        except FileNotFoundError:
            return None
        return told

    def finish(self, step: str, bucket: int | None = None, told: Mapping[str, Any] | None = None) -> None:
        """Mark the step (or its bucket) as finished, with what a later step must know of it."""
        write_whole(self._mark(step, bucket), json.dumps(told or {}, sort_keys=True).encode())

    def parts(self, step: str, name: str) -> "Parts":
        """Rows that this step hands on by bucket under `name`."""
        return Parts(self.folder(step) / f"{name}.parts", self.buckets)

    def keep(self, step: str, name: str, frame: pl.DataFrame) -> None:
        """Keep a frame under `name`. Inverse of `kept`."""
        path = self.folder(step) / f"{name}.arrow"
        unfinished = path.with_suffix(".unfinished")
        frame.write_ipc(unfinished, compression=_COMPRESSION)
        _settled(unfinished, path)

    def kept(self, step: str, name: str) -> pl.DataFrame:
        """The frame kept under `name`. Inverse of `keep`."""
        return pl.read_ipc(self.folder(step) / f"{name}.arrow")

    def remove(self) -> None:
        """Remove everything: the night is committed, or will never be."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _mark(self, step: str, bucket: int | None) -> Path:
        return self.folder(step) / ("done.json" if bucket is None else f"done-{bucket:04}.json")


class Parts:
    """Rows by bucket under `folder`: written piece by piece, read bucket by bucket."""

    def __init__(self, folder: Path, buckets: int) -> None:
        self.folder, self.buckets = folder, buckets
        self._open: dict[Path, Any] = {}

    def add(self, piece: int, frame: pl.DataFrame, by: str) -> None:
        """Write the rows of one piece of work, each into the bucket `by` mod buckets. The same piece again replaces it.

        A bucket's rows keep the order that they have in `frame`.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        bucket = (pl.col(by) % self.buckets).cast(pl.Int32)
        numbered = frame.with_columns(bucket.alias("$bucket")).sort("$bucket", maintain_order=True)
        ends = numbered["$bucket"].search_sorted(pl.Series(range(self.buckets), dtype=pl.Int32), side="right")
        table = numbered.drop("$bucket").rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
        path = self.folder / f"{piece:06}.arrow"
        unfinished = path.with_suffix(".unfinished")
        options = pa.ipc.IpcWriteOptions(compression=_COMPRESSION)
        with pa.OSFile(str(unfinished), "wb") as sink, pa.ipc.new_file(sink, table.schema, options=options) as writer:
            begin = 0
            for end in ends:
                for batch in table.slice(begin, end - begin).combine_chunks().to_batches() or [_nothing(table.schema)]:
                    writer.write_batch(batch)
                begin = end
        _settled(unfinished, path)
        self._open.pop(path, None)

    def get(self, bucket: int) -> pl.DataFrame:
        """The rows of one bucket, of all pieces in order. Raises FileNotFoundError where nothing was ever added."""
        frames = []
        for path in self._pieces():
            if path not in self._open:
                self._open[path] = pa.ipc.open_file(pa.memory_map(str(path)))
            frames.append(pl.from_arrow(self._open[path].get_batch(bucket)))
        if not frames:
            raise FileNotFoundError(self.folder)
        found: pl.DataFrame = pl.concat(frames, rechunk=True)  # type: ignore[type-var,assignment]
        return found

    def _pieces(self) -> list[Path]:
        return sorted(self.folder.glob("*.arrow"))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file of the work folder so that the name exists only when it is whole."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_bytes(data)
    _settled(unfinished, path)


def _settled(unfinished: Path, path: Path) -> None:
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(path)


def _nothing(schema: Any) -> Any:
    return pa.RecordBatch.from_pylist([], schema=schema)
