"""The work folder of one night: finished files and a mark for each step, so that a night killed anywhere goes on.

1. A file is written whole under another name and then renamed; a mark is written after the files that it speaks of.
   What is marked is not done again; what is not marked is done again from the start and gives the same bytes.
2. The folder is for the register's own account only (mode 0700): it holds what the roll's sealed tables hold. It is
   removed once the night's snapshot is committed: first it loses its name, so that nobody goes on in half of it.
3. Nobody waits until a step's files lie on the disk: a killed process loses none of them. What the machine itself loses
   when it goes down is not trusted: a folder of another start of the machine keeps the steps of `LASTING` alone, which
   are waited for.
4. `Parts` is how rows go from one sort of bucket to another (from records to persons): each piece of work writes one
   file with a batch of rows for every bucket, and a bucket reads its batch of all files, in the order of their names.
"""

import hashlib
import json
import os
import shutil
import struct
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from io import FileIO
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pyarrow as pa

_COMPRESSION: Literal["lz4"] = "lz4"
_CODEC = pa.Codec(_COMPRESSION)
LASTING = frozenset({"plan", "made"})
"""The steps that outlast the machine: with what a night was begun, and what is left to do once it is committed."""
_START = Path("/proc/sys/kernel/random/boot_id")
"""Where the system tells one start of the machine from another. Where it does not, every file is waited for."""
_ENTRY = struct.Struct("<2q")
"""At the head of a file of `Parts`: a hash of the columns; then of the columns and of each bucket place and size."""


class Work:
    """One night's work under `folder`, for `buckets` buckets."""

    def __init__(self, folder: Path, buckets: int = 1) -> None:
        self.path, self.buckets = folder, buckets
        shutil.rmtree(over(folder), ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        self._of_this_start()

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
        data = json.dumps(told or {}, sort_keys=True).encode()
        write_whole(self._mark(step, bucket), data, lasting=step in LASTING)

    def parts(self, step: str, name: str) -> "Parts":
        """Rows that this step hands on by bucket under `name`."""
        return Parts(self.folder(step) / f"{name}.parts", self.buckets)

    def keep(self, step: str, name: str, frame: pl.DataFrame) -> None:
        """Keep a frame under `name`. Inverse of `kept`."""
        path = self.folder(step) / f"{name}.arrow"
        unfinished = path.with_suffix(".unfinished")
        frame.write_ipc(unfinished, compression=_COMPRESSION)
        _settled(unfinished, path, lasting=step in LASTING)

    def kept(self, step: str, name: str) -> pl.DataFrame:
        """The frame kept under `name`. Inverse of `keep`."""
        return pl.read_ipc(self.folder(step) / f"{name}.arrow")

    def kept_for_now(self, step: str, name: str) -> pl.DataFrame:
        """The same, of a frame that holds several buckets and is asked for again by the next: the last few stay."""
        path = self.folder(step) / f"{name}.arrow"
        told = path.stat()
        return _lately((path, told.st_ino, told.st_mtime_ns))

    def forget_steps(self) -> None:
        """Remove the files of all steps but the lasting ones."""
        for path in self.path.iterdir():
            if path.is_dir() and path.name not in LASTING:
                shutil.rmtree(path, ignore_errors=True)

    def remove(self) -> None:
        """Remove everything: the night is committed, or will never be. Killed here, the next `Work` ends it."""
        with suppress(FileNotFoundError):
            self.path.rename(over(self.path))
        shutil.rmtree(over(self.path), ignore_errors=True)

    def _of_this_start(self) -> None:
        """Begin anew where the machine has been started since the files were written."""
        start, mark = _start(), self.path / "start"
        if not mark.exists() or mark.read_bytes() != start:
            self.forget_steps()
            write_whole(mark, start, lasting=True)

    def _mark(self, step: str, bucket: int | None) -> Path:
        return self.folder(step) / ("done.json" if bucket is None else f"done-{bucket:04}.json")


class Parts:
    """Rows by bucket under `folder`: written piece by piece, read bucket by bucket.

    A piece's file begins with a hash of its columns, and with where each bucket's rows begin and how long they are
    unpacked: a bucket is read without looking at the others, and a nation's night opens these files often.
    """

    def __init__(self, folder: Path, buckets: int) -> None:
        self.folder, self.buckets = folder, buckets

    def add(self, piece: int, frame: pl.DataFrame, by: str) -> None:
        """Write the rows of one piece of work, each into the bucket `by` mod buckets. The same piece again replaces it.

        A bucket's rows keep the order that they have in `frame`.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        bucket = (pl.col(by) % self.buckets).cast(pl.Int32)
        numbered = frame.with_columns(bucket.alias("$bucket")).sort("$bucket", maintain_order=True)
        ends = numbered["$bucket"].search_sorted(pl.Series(range(self.buckets), dtype=pl.Int32), side="right")
        table = numbered.drop("$bucket").rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
        columns = memoryview(table.schema.serialize())
        begin, packed, sizes = 0, [_CODEC.compress(columns)], [columns.nbytes]
        for end in ends:
            part = table.slice(begin, end - begin).combine_chunks().to_batches()
            data = part[0].serialize() if part else None
            packed.append(b"" if data is None else _CODEC.compress(memoryview(data)))
            sizes.append(0 if data is None else data.size)
            begin = end
        places = list(accumulate(map(len, packed), initial=_ENTRY.size * (self.buckets + 3)))
        path = self.folder / f"{piece:06}.rows"
        unfinished = path.with_suffix(".unfinished")
        with unfinished.open("wb") as file:
            file.write(_ENTRY.pack(int.from_bytes(hashlib.sha256(columns).digest()[:7]), 0))
            file.writelines(_ENTRY.pack(*told) for told in zip(places, [*sizes, 0], strict=True))
            file.writelines(memoryview(each) for each in packed)
        _settled(unfinished, path)

    def clear(self) -> None:
        """Forget every piece: they will be added again, perhaps cut otherwise."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def get(self, first: int, count: int = 1) -> pl.DataFrame:
        """The rows of a bucket, of all pieces in order; or of some buckets from it on, one after another.

        Raises FileNotFoundError where nothing was ever added, ValueError where two pieces have other columns.
        """
        batches: list[list[Any]] = [[] for _ in range(count)]
        told: tuple[int, Any] | None = None
        for path in sorted(one.path for one in os.scandir(self.folder) if one.name.endswith(".rows")):
            with open(path, "rb", buffering=0) as file:
                columns = _entries(file, 0, 1)[0]
                if told is None:
                    told = columns, pa.ipc.read_schema(_unpacked(file, 0, 1)[0])
                if columns != told[0]:
                    raise ValueError("a piece has other columns than the first one")
                for rows, data in zip(batches, _unpacked(file, first + 1, count), strict=True):
                    if data is not None:
                        rows.append(pa.ipc.read_record_batch(data, told[1]))
        if told is None:
            raise FileNotFoundError(self.folder)
        found = pa.Table.from_batches([one for rows in batches for one in rows], told[1])
        return pl.DataFrame(pl.from_arrow(found, rechunk=True))


def over(folder: Path) -> Path:
    """Where a work folder lies while it is being removed."""
    return folder.with_name(f"{folder.name}.over")


@lru_cache(maxsize=16)
def _lately(file: tuple[Path, int, int]) -> pl.DataFrame:
    """A kept frame, by its path, and by inode and time of writing, which say whose night's it is."""
    return pl.read_ipc(file[0])


def _unpacked(file: FileIO, first: int, count: int) -> list[Any]:
    """What a file of `Parts` has at some places (0: columns, then buckets), unpacked; None where it is empty."""
    told = _entries(file, first + 1, count + 1)
    places, sizes = told[::2], told[1::2]
    packed = memoryview(os.pread(file.fileno(), places[-1] - places[0], places[0])) if any(sizes[:-1]) else b""
    cuts = [place - places[0] for place in places]
    return [
        _CODEC.decompress(packed[begin:end], decompressed_size=size) if size else None
        for begin, end, size in zip(cuts, cuts[1:], sizes, strict=False)
    ]


def _entries(file: FileIO, first: int, count: int) -> tuple[int, ...]:
    """Two numbers an entry, of some entries at the head of a file of `Parts`."""
    return struct.unpack(f"<{2 * count}q", os.pread(file.fileno(), _ENTRY.size * count, _ENTRY.size * first))


def write_whole(path: Path, data: bytes, *, lasting: bool = False) -> None:
    """Write a file of the work folder so that the name exists only when it is whole; `lasting`: on the disk as well."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_bytes(data)
    _settled(unfinished, path, lasting=lasting)


def _settled(unfinished: Path, path: Path, *, lasting: bool = False) -> None:
    if lasting or not _start():
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
    unfinished.replace(path)


def _start() -> bytes:
    """Which start of the machine this is; nothing where the system does not tell."""
    return _START.read_bytes() if _START.exists() else b""
