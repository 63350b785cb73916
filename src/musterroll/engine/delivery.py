"""A staged delivery: what the door has read of one file, lying in a folder until a night takes it in.

    manifest.json                 the sender's word, canonical bytes
    rows-NNNN.parquet             rows kept, in file order: `row`, `key`, `op`, then the declared columns as delivered
    refused.parquet               rows set aside: `row`, `reasons`, `columns`, `key`
    apart.parquet                 those of them that are entries of their own, as rows kept (`extract.apart`); where any
    receipt.json                  counts, profile, findings, digests; written last

1. A folder with a receipt is whole; one without is nothing, and is removed when its file is read again.
2. Texts are as delivered, without white space around them, "" for an empty cell; what the register reads from them is
   what `extract.row.cell` says, always.
3. `key` is the text of the source's key column (made where the key has several columns, or none). `op` is "" in a full
   extract, `put` or `drop` in one of changes.
4. The folder identifies people: it lies in the home's `inbox/` or `quarantine/` (0700), and goes when the roll has it.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from musterroll import canonical
from musterroll.errors import MusterRollError
from musterroll.extract import manifest as manifests
from musterroll.extract import profile as profiles
from musterroll.extract.apart import Entry
from musterroll.extract.check import Received
from musterroll.extract.manifest import Manifest
from musterroll.extract.plausible import Finding
from musterroll.extract.profile import Profile
from musterroll.extract.reply import Outcome as Told
from musterroll.extract.reply import Tally, outcome_of
from musterroll.extract.row import PUT, Refused, Row

RECEIPT = "receipt.json"
MANIFEST = "manifest.json"
SET_ASIDE = "refused.parquet"
APART = "apart.parquet"
REFUSED = {"row": pl.Int32, "reasons": pl.String, "columns": pl.String, "key": pl.String}
SEPARATOR = "\x1f"
ROWS_A_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class Staged:
    """One delivery as read. `kept` and `set_aside` count rows; `content` is the digest of the rows kept.

    `columns` are the declared ones in their order, `cut` those dropped at the door. `unread` tallies cells of rows
    kept that are not as declared, `refusals` the reasons of rows set aside. With `findings` it is quarantined.
    """

    source: str
    manifest: Manifest
    folder: Path
    columns: tuple[str, ...]
    kept: int
    set_aside: int
    cut: tuple[str, ...]
    profile: Profile
    findings: tuple[Finding, ...]
    content: str
    unread: tuple[Tally, ...] = ()
    refusals: tuple[Tally, ...] = ()

    @property
    def quarantined(self) -> bool:
        """Whether the delivery has to wait for two people."""
        return bool(self.findings)

    def told(self, *, waits: bool = False, rejected: bool = False) -> Told:
        """What the agency is told of it, in numbers."""
        return Told(self.kept, self.refusals, self.unread, self.set_aside, self.cut, self.findings, waits, rejected)

    def parts(self) -> list[Path]:
        """The files of the rows kept, in file order."""
        return sorted(self.folder.glob("rows-*.parquet"))

    def all_parts(self) -> list[Path]:
        """The same, and the file of the rows set aside that are entries of their own, where there are any."""
        return [*self.parts(), *self.folder.glob(APART)]

    def apart(self) -> pl.DataFrame:
        """The rows set aside that are entries of their own, each under a key of its own."""
        path = self.folder / APART
        return pl.read_parquet(path) if path.exists() else pl.DataFrame(schema=_apart_schema(self.columns))

    def refused(self) -> pl.DataFrame:
        """The rows set aside: place in the file, reason codes (joined by spaces), columns (by 0x1F), key."""
        return pl.read_parquet(self.folder / SET_ASIDE)


def part(number: int) -> str:
    """The name of a part, counted from 0."""
    return f"rows-{number:04d}.parquet"


def schema(columns: Iterable[str]) -> dict[str, Any]:
    """The columns of a part."""
    return {"row": pl.Int32, "key": pl.String, "op": pl.String, **dict.fromkeys(columns, pl.String)}


def begin(folder: Path) -> None:
    """An empty folder: what a killed reader left is removed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)


def put_apart(folder: Path, entries: Iterable[Entry], columns: tuple[str, ...]) -> None:
    """Write the rows set aside that are entries of their own, if there are any; `of` is a row's place in the file."""
    lines = [(one.row, one.key, "", *(one.texts[column] for column in columns), one.of) for one in entries]
    if lines:
        pl.DataFrame(lines, schema=_apart_schema(columns), orient="row").write_parquet(folder / APART)


def _apart_schema(columns: Iterable[str]) -> dict[str, Any]:
    return {**schema(columns), "$of": pl.Int32}


def finish(staged: Staged) -> Staged:
    """Write manifest and receipt; from then on the folder counts. Inverse of `open_staged`."""
    (staged.folder / MANIFEST).write_bytes(staged.manifest.encode())
    receipt = {
        "v": 1,
        "source": staged.source,
        "columns": list(staged.columns),
        "kept": staged.kept,
        "set_aside": staged.set_aside,
        "cut": list(staged.cut),
        "profile": staged.profile.encode().decode("utf-8"),
        "findings": [
            {"code": each.code, "what": each.what, "measured": each.measured, "least": each.least, "most": each.most}
            for each in staged.findings
        ],
        "content": staged.content,
        "unread": [_told(each) for each in staged.unread],
        "refusals": [_told(each) for each in staged.refusals],
    }
    aside = staged.folder / f".{RECEIPT}"
    aside.write_bytes(canonical.encode(receipt))
    aside.replace(staged.folder / RECEIPT)
    return staged


def is_whole(folder: Path) -> bool:
    """Whether a delivery was staged there to its end."""
    return (folder / RECEIPT).exists()


def open_staged(folder: Path) -> Staged:
    """What was staged in a folder. Raises MusterRollError `delivery.not-staged`. Inverse of `finish`."""
    try:
        receipt = canonical.decode((folder / RECEIPT).read_bytes(), where="receipt")
        told = manifests.decode((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise not_staged(folder) from None
    return Staged(
        source=receipt["source"],
        manifest=told,
        folder=folder,
        columns=tuple(receipt["columns"]),
        kept=receipt["kept"],
        set_aside=receipt["set_aside"],
        cut=tuple(receipt["cut"]),
        profile=profiles.decode(receipt["profile"].encode("utf-8")),
        findings=tuple(Finding(**each) for each in receipt["findings"]),
        content=receipt["content"],
        unread=tuple(_tally(each) for each in receipt["unread"]),
        refusals=tuple(_tally(each) for each in receipt["refusals"]),
    )


def not_staged(folder: Path) -> MusterRollError:
    """What was staged is gone."""
    return MusterRollError(
        "delivery.not-staged",
        "A delivery that was received is not in its folder any more, or not whole.",
        where=f"folder {folder.name[:16]}",
        remedy="Receive the agency's file again.",
    )


def stage_rows(received: Received, folder: Path, columns: tuple[str, ...], *, content: str = "") -> Staged:
    """Stage what the plain door has read, Row by Row."""
    begin(folder)
    rows = received.rows
    for number, start in enumerate(range(0, len(rows), ROWS_A_PART)):
        lines = [_line(row, columns, received.manifest) for row in rows[start : start + ROWS_A_PART]]
        pl.DataFrame(lines, schema=schema(columns), orient="row").write_parquet(folder / part(number))
    pl.DataFrame([_refused(row) for row in received.refused], schema=REFUSED, orient="row").write_parquet(
        folder / SET_ASIDE
    )
    put_apart(folder, received.apart, columns)
    told = outcome_of(received)
    return finish(
        Staged(
            source=received.source,
            manifest=received.manifest,
            folder=folder,
            columns=columns,
            kept=len(rows),
            set_aside=len(received.refused),
            cut=received.cut,
            profile=received.profile,
            findings=received.findings,
            content=content,
            unread=told.unread,
            refusals=told.refusals,
        )
    )


def _line(row: Row, columns: tuple[str, ...], told: Manifest) -> tuple[Any, ...]:
    return (row.row, row.key, row.op or ("" if told.full else PUT), *(row.texts.get(column, "") for column in columns))


def _refused(row: Refused) -> tuple[Any, ...]:
    return (row.row, " ".join(n.reason for n in row.notes), SEPARATOR.join(n.column for n in row.notes), row.key)


def _told(tally: Tally) -> dict[str, Any]:
    return {"column": tally.column, "reason": tally.reason, "count": tally.count, "rows": list(tally.rows)}


def _tally(told: Mapping[str, Any]) -> Tally:
    return Tally(told["column"], told["reason"], told["count"], tuple(told["rows"]))
