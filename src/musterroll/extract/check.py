"""The door: a delivery is read whole or not at all, and a delivery that looks wrong moves nobody.

In this order, the first that applies:

1. It is of this source, not of the future, and not one that was taken in before (`delivery.source`, `.future`,
   `.twice`).
2. It is not empty, is in the declared encoding, has exactly the declared columns (`delivery.empty`, `.encoding`,
   `.column-missing`, `.column-extra`, `.column-twice`, `.csv`).
3. It is whole and as its manifest says (`delivery.truncated`, `.rows`, `.digest`).
4. Row by row: kept, or set aside with reasons.
5. Plausibility against declared limits and the last delivery's profile: findings, which put the delivery into
   quarantine until two people have looked (charter S9).

1 to 3 raise MusterRollError: nothing of the file is used, and the agency is told what to send again.
"""

import csv
import io
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, replace

from musterroll import canonical, dates
from musterroll.errors import MusterRollError
from musterroll.extract.made import APART
from musterroll.extract.manifest import Manifest
from musterroll.extract.plausible import Finding, findings_of
from musterroll.extract.profile import Profile, counts_of, profile_of
from musterroll.extract.row import Note, Refused, Row, read, whole
from musterroll.extract.schema import Source


@dataclass(frozen=True, slots=True)
class Received:
    """A delivery as read. With `findings` it is quarantined: its rows may not reach the roll before a release."""

    source: str
    manifest: Manifest
    rows: tuple[Row, ...]
    refused: tuple[Refused, ...]
    cut: tuple[str, ...]
    profile: Profile
    findings: tuple[Finding, ...]

    @property
    def quarantined(self) -> bool:
        """Whether the delivery has to wait for two people."""
        return bool(self.findings)


def receive(
    source: Source,
    manifest: Manifest,
    file: bytes,
    *,
    previous: Profile | None,
    today: int,
    taken: Container[str] = (),
) -> Received:
    """Read one delivery. `today` is the legal day, `taken` the digests of deliveries taken in before.

    Raises MusterRollError `delivery.*` when the delivery as a whole cannot be used.
    """
    _addressed(source, manifest, today, taken)
    text = _text(source, file)
    heading, lines = _lines(source, text)
    _columns(source, heading)
    _as_sent(source, manifest, file, text, lines, len(heading))
    rows, refused = _rows(source, heading, lines, manifest.as_of)
    profile = profile_of(source, counts_of(source, rows), len(refused), manifest.as_of)
    return Received(
        source=source.name,
        manifest=manifest,
        rows=rows,
        refused=refused,
        cut=tuple(column for column in source.cut if column in heading),
        profile=profile,
        findings=findings_of(source, profile, previous),
    )


def _refuse(source: Source, code: str, what: str, remedy: str, place: str = "") -> MusterRollError:
    where = f"delivery of {source.name}, {place}" if place else f"delivery of {source.name}"
    return MusterRollError(f"delivery.{code}", what, where=where, remedy=remedy)


def _addressed(source: Source, manifest: Manifest, today: int, taken: Container[str]) -> None:
    if manifest.source != source.name:
        raise _refuse(
            source,
            "source",
            f"The manifest is of source {manifest.source}, and the declaration of {source.name}.",
            "Give the file to the source it belongs to.",
        )
    if manifest.as_of > today:
        raise _refuse(
            source,
            "future",
            f"The register is said to be as of {dates.format_day(manifest.as_of)}; today is {dates.format_day(today)}.",
            "Ask the agency for the right date.",
        )
    if manifest.sha256 in taken:
        raise _refuse(
            source,
            "twice",
            f"A delivery with the digest {manifest.sha256} was taken in before.",
            "Nothing is to do: it changes nothing. If the agency meant to send another file, ask for it.",
        )


def _text(source: Source, file: bytes) -> str:
    if not file.strip():
        raise _refuse(source, "empty", "The file is empty.", "Ask the agency to send the register again.")
    try:
        if file.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")) or b"\x00" in file:
            raise UnicodeDecodeError(source.encoding, file, 0, 1, "a byte order mark or zero bytes")
        return file.decode(source.encoding)
    except UnicodeDecodeError as problem:
        raise _refuse(
            source,
            "encoding",
            f"The file is not written in {source.encoding}: byte {problem.start + 1} cannot be read.",
            f"Ask the agency to write the file in {source.encoding}, without a byte order mark.",
            f"line {file.count(b'\n', 0, problem.start) + 1}",
        ) from None


def _lines(source: Source, text: str) -> tuple[list[str], list[list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=source.dialect.delimiter, strict=True)
    lines: list[list[str]] = []
    try:
        lines.extend(line for line in reader if line)
    except csv.Error:
        if reader.line_num >= text.count("\n"):
            raise _truncated(source, "a quotation mark is still open where it ends") from None
        raise _refuse(
            source,
            "csv",
            "The file is not written as comma-separated values are (RFC 4180): a quotation mark is out of place.",
            "Ask the agency to write the file again.",
            f"line {reader.line_num}",
        ) from None
    return lines[0], lines[1:]


def _truncated(source: Source, sign: str) -> MusterRollError:
    return _refuse(source, "truncated", f"The file ends early: {sign}.", "Ask the agency to send the whole file again.")


def _columns(source: Source, heading: list[str]) -> None:
    twice = sorted(column for column, count in Counter(heading).items() if count > 1)
    missing = [column for column in source.headings if column not in heading]
    change = {source.delta.column} if source.delta else set()
    extra = sorted(set(heading) - set(source.headings) - set(source.cut) - change)
    if twice:
        raise _refuse(
            source,
            "column-twice",
            f"The heading names more than once: {', '.join(twice)}.",
            "Ask the agency which of the columns is meant.",
            "heading",
        )
    if missing:
        raise _refuse(
            source,
            "column-missing",
            f"The heading lacks: {', '.join(missing)}.",
            "Ask the agency to send the file with every declared column, or change the declaration by a new pack.",
            "heading",
        )
    if extra:
        raise _refuse(
            source,
            "column-extra",
            f"The file has what nobody declared: {', '.join(extra)}.",
            "Ask the agency to leave it out. If an article of law needs it, declare it; if none does and it cannot be "
            "left out, list it under `cut`.",
            "heading",
        )


def _as_sent(source: Source, manifest: Manifest, file: bytes, text: str, lines: list[list[str]], width: int) -> None:
    """The most telling of: it ends early, it has other rows than its manifest says, it is another file."""
    if not lines and manifest.rows == 0:
        raise _refuse(
            source,
            "empty",
            "The file has a heading and no rows.",
            "Ask the agency: a register that is empty overnight is a mistake until it says otherwise.",
        )
    digest = canonical.sha256_hex(file)
    if digest != manifest.sha256 and len(lines) < manifest.rows:
        raise _truncated(source, f"it has {len(lines)} rows, and its manifest says {manifest.rows}")
    if digest != manifest.sha256 and not text.endswith("\n") and len(lines[-1]) < width:
        raise _truncated(source, "its last row is cut off")
    if len(lines) != manifest.rows:
        raise _refuse(
            source,
            "rows",
            f"The file has {len(lines)} rows, and its manifest says {manifest.rows}.",
            "Ask the agency which of the two is right, and to send file and manifest together again.",
        )
    if digest != manifest.sha256:
        raise _refuse(
            source,
            "digest",
            f"The file is not the one that the manifest names: its digest is {digest}, the manifest says "
            f"{manifest.sha256}.",
            "Ask the agency to send file and manifest together again, and look at the line if it happens twice.",
        )


def _rows(
    source: Source, heading: list[str], lines: list[list[str]], as_of: int
) -> tuple[tuple[Row, ...], tuple[Refused, ...]]:
    places = [(name, heading.index(told)) for told, name in source.headings.items()]
    kept: list[Row] = []
    refused: list[Refused] = []
    for number, line in enumerate(lines, start=1):
        if len(line) != len(heading):
            refused.append(Refused(number, (Note("", "cells"),)))
            continue
        texts = whole(source, {name: line[place] for name, place in places})
        found = read(source, number, texts, as_of)
        if isinstance(found, Row):
            kept.append(found)
        else:
            refused.append(found)
    if source.identity and source.rows_per_record == "one":
        kept = numbered(source, kept)
    if source.rows_per_record == "one":
        times = Counter(row.key for row in kept)
        refused.extend(
            Refused(row.row, (Note(source.key, "key.twice"),), row.key) for row in kept if times[row.key] > 1
        )
        kept = [row for row in kept if times[row.key] == 1]
    return tuple(kept), tuple(sorted(refused, key=lambda each: each.row))


def numbered(source: Source, rows: list[Row]) -> list[Row]:
    """Rows of entries without keys, each with an ordinal among its equals, whatever the order they were sent in."""
    seen: Counter[str] = Counter()
    keys: dict[int, str] = {}
    for row in sorted(rows, key=lambda each: (each.key, tuple(each.texts.values()), each.row)):
        seen[row.key] += 1
        keys[row.row] = f"{row.key}{APART}{seen[row.key]}"
    return [replace(row, key=keys[row.row], texts={**row.texts, source.key: keys[row.row]}) for row in rows]
