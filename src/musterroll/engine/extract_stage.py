"""The door for files of any size: read once, judged by columns, staged in parts, in bounded memory.

The order of refusals is that of `extract.check`, which is the same door Row by Row. Pieces of the file are parsed and
judged by two threads; what they found is put together in the order of the file, so that the result is always the same.

1. Nothing of a delivery is left where it is refused. A killed reader leaves a folder without a receipt, which is
   nothing; begun again, it ends in the same bytes.
2. Of rows whose key stands twice where it may stand once, none is kept, or one where they are equal; entries without a
   key have an ordinal among their equals, in the order of their texts, whatever order they came in (`extract_keys`).
"""

import hashlib
import io
import shutil
from collections import deque
from collections.abc import Callable, Container, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import polars as pl

from musterroll import canonical
from musterroll.engine import delivery
from musterroll.engine.delivery import REFUSED, SET_ASIDE, Staged
from musterroll.engine.extract_blocks import LONGEST_ROW
from musterroll.engine.extract_columns import Judge, Judged, Tallies, add_tallies
from musterroll.engine.extract_csv import Batch
from musterroll.engine.extract_found import Found, Written, put
from musterroll.engine.extract_keys import Keys, hashes_of, with_ordinals
from musterroll.engine.extract_pieces import Pieces
from musterroll.errors import MusterRollError
from musterroll.extract import check
from musterroll.extract.apart import MOST, Entry
from musterroll.extract.manifest import Manifest
from musterroll.extract.mended import may_mend, mended
from musterroll.extract.plausible import findings_of
from musterroll.extract.profile import Profile, counts_of, profile_of
from musterroll.extract.reply import Tally
from musterroll.extract.schema import Format, Source

WORKERS = 2
MENDED = "mended.csv"
"""The file with its broken lines mended, in the delivery's folder for as long as it is read."""


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
    except MusterRollError as refused:
        try:
            return _mended(source, manifest, file, folder, refused).staged(previous)
        except MusterRollError:
            shutil.rmtree(folder, ignore_errors=True)
            raise refused from None


def _mended(source: Source, manifest: Manifest, file: Path, folder: Path, refused: MusterRollError) -> "_Door":
    """The door for the file with its broken lines mended (`extract.mended`); raises `refused` where none may be."""
    if not may_mend(source, refused):
        raise refused
    with file.open("rb") as data:
        if hashlib.file_digest(data, "sha256").hexdigest() != manifest.sha256:
            raise refused
        data.seek(0)
        delivery.begin(folder)
        text = io.TextIOWrapper(data, source.encoding, newline="")
        try:
            with (folder / MENDED).open("w", encoding=source.encoding, newline="") as out:
                out.writelines(mended(source, iter(lambda: text.readline(LONGEST_ROW + 1), "")))
        except UnicodeDecodeError:  # behind the place for which it was refused
            raise refused from None
    return _Door(source, manifest, folder / MENDED, folder, digest=manifest.sha256)


class _Door:
    """One file on its way in."""

    def __init__(self, source: Source, manifest: Manifest, file: Path, folder: Path, *, digest: str = "") -> None:
        self.source = source
        self.manifest = manifest
        self.folder = folder
        self.mended = file if digest else None
        self.digest = digest
        self.judge = Judge(source, manifest.as_of, full=manifest.full)
        self.one = source.rows_per_record == "one"
        self.found = Found(counts=counts_of(source, ()))
        self.pieces = Pieces(source, manifest, file, self.judge)

    def staged(self, previous: Profile | None) -> Staged:
        with ThreadPoolExecutor(WORKERS) as pool:
            self._run(pool, self.pieces.pieces())
        if self.mended:
            self.mended.unlink()
        found = self.found
        if self.source.format is Format.NDJSON:
            self.pieces.members(found.rows)
        check.as_sent(
            self.source,
            self.manifest,
            digest=self.digest or self.pieces.digest,
            rows=found.rows,
            cut=found.short and not self.pieces.ended,
        )
        if self.one:
            Keys(self.source, self.judge, self.folder, found).settle()
        refused = pl.concat([pl.DataFrame(schema=REFUSED), *found.refused]).sort("row")
        refused.write_parquet(self.folder / SET_ASIDE)
        delivery.put_apart(self.folder, self._apart(), tuple(self.source.columns))
        profile = profile_of(self.source, found.counts, refused.height, self.manifest.as_of)
        return delivery.finish(
            Staged(
                source=self.source.name,
                manifest=self.manifest,
                folder=self.folder,
                columns=tuple(self.source.columns),
                kept=found.kept,
                set_aside=refused.height,
                cut=self.pieces.cut,
                profile=profile,
                findings=findings_of(self.source, profile, previous, self.manifest),
                content=canonical.sha256_hex("".join(found.contents[n] for n in sorted(found.contents)).encode()),
                unread=_told(found.unread),
                refusals=_told(found.refusals),
            )
        )

    def _apart(self) -> tuple[Entry, ...]:
        lost = [(line["row"], line) for frame in self.found.lost for line in frame.iter_rows(named=True)]
        return check.kept_apart(self.source, self.manifest, lost, self.pieces.heading, self.found.ragged)

    def _run(self, pool: ThreadPoolExecutor, pieces: Iterator[Callable[[], Batch]]) -> None:
        """Parse and judge piece after piece, a few at a time, and put together what they gave in their order."""
        parsing: deque[Future[Batch]] = deque()
        writing: deque[Future[Written]] = deque()
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
        writing: "deque[Future[Written]]",
        number: int,
    ) -> int:
        batch = parsing.popleft().result()
        before = self.found.rows
        self.found.rows += batch.seen
        self.found.short = batch.short
        self.found.ragged.extend(
            (row + before, left) for row, left in batch.ragged[: MOST + 1 - len(self.found.ragged)]
        )
        writing.append(pool.submit(self._write, batch, before, number))
        while len(writing) > WORKERS:
            self._collect(writing.popleft().result())
        return number + 1

    def _write(self, batch: Batch, before: int, number: int) -> Written:
        judged = self.judge.judge(batch, before)
        hashes = np.zeros(0, np.uint64)
        kept = judged.kept
        if self.one and kept.num_rows:
            hashes = hashes_of(kept.column("key"))
            if self.source.identity:
                kept = with_ordinals(self.source, kept, np.ones(kept.num_rows, np.int64))
        return Written(
            Judged(kept.slice(0, 0), judged.refused, judged.counts, judged.unread, judged.refusals, judged.lost),
            kept.num_rows,
            hashes,
            put(self.folder, kept, number),
            number,
        )

    def _collect(self, written: Written) -> None:
        found, judged = self.found, written.judged
        found.kept += written.kept
        found.refused.append(judged.refused)
        found.lose(judged.lost)
        found.counts.add(judged.counts)
        add_tallies(found.unread, judged.unread)
        add_tallies(found.refusals, judged.refusals)
        found.contents[written.number] = written.content
        if self.one:
            found.hashes.append(written.hashes)
            found.parts.append(written.number)


def _told(tallies: Tallies) -> tuple[Tally, ...]:
    return tuple(
        Tally(column, reason, count, tuple(rows)) for (column, reason), (count, rows) in sorted(tallies.items())
    )
