"""Where objects and snapshots lie: files named by the SHA-256 of their bytes.

    objects/ab/<sha256>.parquet      sealed or open
    snapshots/<sha256>.json          canonical JSON
    beside/<sha256>/<name>           sealed: what a night need not make again, beside the snapshot that it follows from

1. A file is written whole under another name and then renamed: a name that exists is complete. Writing what is there
   already changes nothing, so a run may be killed and done again. Objects are not waited for one by one: all lie on the
   disk before the snapshot that names them is written.
2. Every reading checks the digest: a damaged object is an error that names it, never other rows.
3. Nothing here commits: a snapshot counts when an act names its digest. `sweep` removes what no retained snapshot
   names and what a killed writer left, and what lies beside other snapshots than the retained.
4. What lies beside a snapshot holds nothing that its objects do not tell, and is never what somebody decides by alone:
   where it is missing or does not open, it is made again.
"""

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from musterroll import canonical
from musterroll.engine.roll import known, whole, write
from musterroll.engine.roll.content import content
from musterroll.engine.roll.seal import SealKey
from musterroll.engine.roll.snapshot import ObjectRef, Snapshot, decode
from musterroll.engine.roll.table import table_of
from musterroll.errors import MusterRollError

_AT_ONCE = 8
"""Of so many objects together it is waited for that they lie on the disk: the disk writes several in one go."""


class Store:
    """The roll under `folder`. `key` opens and seals what identifies people; None reads and writes open tables only."""

    def __init__(self, folder: Path, key: SealKey | None) -> None:
        self.folder = folder
        self._key = key
        self._opened: dict[ObjectRef, bytes] | None = None

    def put(
        self,
        name: str,
        frame: pl.DataFrame,
        *,
        bucket: int | None = None,
        night: int | None = None,
        buckets: int = 1,
    ) -> ObjectRef:
        """Write `frame` as one object of table `name`, in the table's order, sealed where the table is.

        `buckets` is the home's number of buckets, for an object that holds rows of all of them (a night object).
        Raises MusterRollError `roll.no-space`, `roll.not-writable` or `roll.seal-missing`.
        """
        table = table_of(name, frame.schema)
        rows = write.ordered(table, frame, buckets)
        digest = content(rows)
        data = write.encode(rows)
        if table.sealed:
            data = self._sealer(name).seal(data, table=name, content=digest)
        sha256 = canonical.sha256_hex(data)
        _write_whole(self._object(sha256), data, lasting=False)
        return ObjectRef(name, sha256, rows.height, digest, table.sealed, bucket, night)

    def put_buckets(self, name: str, frame: pl.DataFrame, buckets: int) -> tuple[ObjectRef, ...]:
        """Write a view or a folded base: one object a bucket that has rows."""
        table = table_of(name, frame.schema)
        return tuple(self.put(name, part, bucket=number) for number, part in write.split(table, frame, buckets))

    def get(self, ref: ObjectRef, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """The rows of one object, all columns or these.

        Raises MusterRollError `roll.object-missing`, `-damaged`, `-unreadable`, `seal-…`.
        """
        return write.decode(self.open(ref), where=self._object(ref.sha256).name, columns=columns)

    def get_bucket(
        self, refs: Iterable[ObjectRef], bucket: int, buckets: int, columns: Sequence[str] | None = None
    ) -> list[pl.DataFrame]:
        """What each object of a table holds of one bucket; an object of another bucket is not read.

        Of a night object that holds rows of all buckets only the row groups that can hold this one are read.
        """
        found = []
        for ref in refs:
            if ref.bucket is None and buckets > 1 and table_of(ref.table, {}).bucket:
                found.append(whole.of(self, ref).bucket(bucket, buckets, columns))
            elif ref.bucket is None or ref.bucket == bucket:
                found.append(self.get(ref, columns))
        return found

    def get_table(self, snapshot: Snapshot, name: str) -> pl.DataFrame | None:
        """All rows of a view in the table's order: its buckets together, nights laid over them. None when not held.

        Of an archive table, the operations as they lie.
        """
        refs = snapshot.refs(name)
        if not refs:
            return None
        frames = [self.get(ref) for ref in refs]
        table = table_of(name, frames[0].schema)
        if not table.archive and any("op" in frame.columns for frame in frames):
            return known.as_known(table, frames, snapshot.known_at).drop("known_from")
        return frames[0] if len(refs) == 1 else write.ordered(table, pl.concat(frames))

    def path(self, ref: ObjectRef) -> Path:
        """Where an object's file lies."""
        return self._object(ref.sha256)

    def open(self, ref: ObjectRef) -> bytes:
        """The Parquet bytes of one object, its seal opened in memory, its digest checked."""
        if self._opened is not None and ref in self._opened:
            return self._opened[ref]
        data = _read(self._object(ref.sha256), "object", ref.sha256)
        if not ref.sealed:
            return data
        opened = self._sealer(ref.table).open(data, table=ref.table, content=ref.content)
        if self._opened is not None:
            self._opened[ref] = opened
        return opened

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """While one campaign or delivery is worked on, sealed objects once opened stay in memory; then they are gone.

        For a worker that reads many people one after another. One thread at a time; it may be entered again inside.
        """
        before, self._opened = self._opened, {} if self._opened is None else self._opened
        try:
            yield
        finally:
            self._opened = before

    def put_snapshot(self, snapshot: Snapshot) -> str:
        """Write the snapshot and give its digest, the name an act commits to. What it names lies on the disk before."""
        named, lasting = self._objects_of(snapshot), set()
        if snapshot.parent and self._snapshot(snapshot.parent).exists():
            lasting = self._objects_of(self.get_snapshot(snapshot.parent))
        with _refusals(self.folder), ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(_wait_for, sorted(named - lasting)))
        data = snapshot.encode()
        digest = canonical.sha256_hex(data)
        _write_whole(self._snapshot(digest), data)
        return digest

    def get_snapshot(self, digest: str) -> Snapshot:
        """The snapshot of that digest. Raises MusterRollError `roll.snapshot-missing`, `-damaged` or `-malformed`."""
        path = self._snapshot(digest)
        return decode(_read(path, "snapshot", digest), where=path.name)

    def sweep(self, retained: Iterable[str], *, before: float | None = None) -> tuple[str, ...]:
        """Remove files that no snapshot of `retained` (digests) names; give the removed names in order.

        Only files last written before `before` (seconds since 1970) go, so that a run in progress keeps its own;
        None means all. Half-written files go like orphans.
        """
        digests = set(retained)
        kept = {self._snapshot(digest) for digest in digests}
        for digest in sorted(digests):
            kept |= self._objects_of(self.get_snapshot(digest))
        removed = []
        for path in sorted(self.folder.glob("objects/*/*")) + sorted(self.folder.glob("snapshots/*")):
            if path not in kept and (before is None or path.stat().st_mtime < before):
                path.unlink()
                removed.append(path.name)
        self.forget_beside(digests, before=before)
        return tuple(removed)

    def put_beside(self, digest: str, name: str, data: bytes, *, made_by: str) -> None:
        """Keep `data` sealed beside a snapshot. `made_by` names the way it was made: made otherwise, it does not open.

        Raises MusterRollError `roll.no-space`, `roll.not-writable` or `roll.seal-missing`.
        """
        sealed = self._sealer(name).seal(data, table=name, content=f"{digest} {made_by}")
        _write_whole(self._beside(digest, name), sealed, lasting=False)

    def get_beside(self, digest: str, name: str, *, made_by: str) -> bytes | None:
        """What `put_beside` kept; None where it is not there, or was made otherwise, damaged or put there by others."""
        try:
            return self._sealer(name).open(
                self._beside(digest, name).read_bytes(), table=name, content=f"{digest} {made_by}"
            )
        except OSError:
            return None
        except MusterRollError as problem:
            if problem.code != "roll.seal-broken":
                raise
            return None

    def forget_beside(self, retained: Iterable[str], *, before: float | None = None) -> None:
        """Remove what lies beside all snapshots but these (digests), and half-written files; `before` as in `sweep`."""
        kept = set(retained)
        for path in sorted(self.folder.glob("beside/*/*")):
            over = path.parent.name not in kept or path.suffix == ".part"
            if over and (before is None or path.stat().st_mtime < before):
                path.unlink()
        for folder in sorted(self.folder.glob("beside/*")):
            if folder.name not in kept and not any(folder.iterdir()):
                folder.rmdir()

    def _objects_of(self, snapshot: Snapshot) -> set[Path]:
        return {self._object(ref.sha256) for refs in snapshot.tables.values() for ref in refs}

    def _object(self, sha256: str) -> Path:
        return self.folder / "objects" / sha256[:2] / f"{sha256}.parquet"

    def _snapshot(self, digest: str) -> Path:
        return self.folder / "snapshots" / f"{digest}.json"

    def _beside(self, digest: str, name: str) -> Path:
        return self.folder / "beside" / digest / name

    def _sealer(self, table: str) -> SealKey:
        if self._key is None:
            raise MusterRollError(
                "roll.seal-missing",
                "This table identifies people and is sealed; it was asked for without the key.",
                where=f"table {table}",
                remedy="Run the command that holds the home's keys; what is open can be read without them.",
            )
        return self._key


def _write_whole(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file, unless its very bytes are there. `lasting`: wait until they lie on the disk."""
    if path.exists() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with _refusals(path.parent):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            if lasting:
                _wait_for(part)
            part.replace(path)
        except OSError:
            _discard(part)
            raise


def _wait_for(path: Path) -> None:
    """Wait until a file lies on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _refusals(place: Path) -> Iterator[None]:
    """Say in words why the disk took nothing."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise MusterRollError(
                "roll.no-space",
                "There is no space left for the roll; nothing has changed.",
                where=str(place),
                remedy="Free space on this disk and run the command again: it goes on where it stopped.",
                exit_code=2,
            ) from None
        raise MusterRollError(
            "roll.not-writable",
            f"A file of the roll could not be written ({problem.strerror}); nothing has changed.",
            where=str(place),
            remedy="Let the register's own account write there and run the command again.",
            exit_code=2,
        ) from None


def _discard(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return  # the folder itself is not writable: the error that follows says so


def _read(path: Path, kind: str, sha256: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError:
        raise MusterRollError(
            f"roll.{kind}-missing",
            f"A file of the roll ({kind}) is not there or cannot be read.",
            where=str(path),
            remedy="Put it back from a copy of the roll: its name is the SHA-256 of its bytes.",
            exit_code=2,
        ) from None
    found = canonical.sha256_hex(data)
    if found != sha256:
        raise MusterRollError(
            f"roll.{kind}-damaged",
            f"A file of the roll ({kind}) is not what was written: expected SHA-256 {sha256}, found {found}.",
            where=str(path),
            remedy="Put it back from a copy of the roll. Nothing was read from it.",
        )
    return data
