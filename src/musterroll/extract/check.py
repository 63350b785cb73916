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

import io
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from musterroll import canonical, dates
from musterroll.errors import MusterRollError
from musterroll.extract import apart
from musterroll.extract.apart import Entry
from musterroll.extract.lines import Lines, lines_of, refuse, truncated
from musterroll.extract.made import APART
from musterroll.extract.manifest import Manifest
from musterroll.extract.mended import may_mend, mended
from musterroll.extract.plausible import Finding, findings_of
from musterroll.extract.profile import Profile, counts_of, profile_of
from musterroll.extract.row import DROP, PUT, REPEATED, Note, Refused, Row, drop, read, seen, whole
from musterroll.extract.schema import Format, Source


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
    apart: tuple[Entry, ...] = ()
    """Rows set aside that are entries of their own (`extract.apart`)."""

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
    addressed(source, manifest, today, taken)
    digest = canonical.sha256_hex(file)
    try:
        return _received(source, manifest, file, digest, previous)
    except MusterRollError as refused:
        if digest != manifest.sha256 or not may_mend(source, refused):
            raise
        lines = io.StringIO(file.decode(source.encoding), newline="")
        again = "".join(mended(source, lines)).encode(source.encoding)
        try:
            return _received(source, manifest, again, digest, previous)
        except MusterRollError:
            raise refused from None


def _received(source: Source, manifest: Manifest, file: bytes, digest: str, previous: Profile | None) -> Received:
    nothing = may_be_empty(source, manifest) and not file.strip()

    def seen(heading: tuple[str, ...]) -> None:
        columns(source, heading, full=manifest.full)

    lines = Lines(tuple(source.headings), ()) if nothing else lines_of(source, file, seen)
    heading = lines.heading
    if source.format is Format.NDJSON and not manifest.full:
        heading = tuple(dict.fromkeys([*source.headings, *heading]))
    if not nothing:
        columns(source, heading, full=manifest.full)
    as_sent(source, manifest, digest=digest, rows=len(lines.rows), cut=lines.cut)
    rows, refused = _rows(source, lines.rows, manifest)
    profile = profile_of(source, counts_of(source, rows), len(refused), manifest.as_of)
    return Received(
        source=source.name,
        manifest=manifest,
        rows=rows,
        refused=refused,
        cut=tuple(column for column in source.cut if column in heading),
        profile=profile,
        findings=findings_of(source, profile, previous, manifest),
        apart=kept_apart(
            source,
            manifest,
            [(each.row, each.texts) for each in refused if each.texts and each.notes[0].reason != REPEATED],
            heading,
            lines.ragged,
        ),
    )


def kept_apart(
    source: Source,
    manifest: Manifest,
    lost: Iterable[tuple[int, Mapping[str, str]]],
    heading: Sequence[str],
    ragged: Iterable[tuple[int, apart.Ragged]],
) -> tuple[Entry, ...]:
    """The rows set aside that are entries of their own: of those `lost`, with all their texts, and of `ragged` ones.

    `ragged` are what is left of the others.
    """
    if not apart.keeps(source):
        return ()
    aside = [(row, [texts]) for row, texts in lost]
    for row, left in ragged:
        lines = apart.meant(source, heading, left, manifest.as_of)
        if lines and not any(_may_drop(source, line, full=manifest.full) for line in lines):
            aside.append((row, [_texts(source, line) for line in lines]))
    return apart.entries(source, manifest.as_of, manifest.rows, aside)


def _may_drop(source: Source, line: Mapping[str, str], *, full: bool) -> bool:
    unread = source.delta is not None and line.get(source.delta.column) == apart.UNREAD
    return (unread and not full) or operation(source, line, full=full) == DROP


def addressed(source: Source, manifest: Manifest, today: int, taken: Container[str] = ()) -> None:
    """Refuse what is not for this source, is of the future, is in another format or was taken in before."""
    if manifest.source != source.name:
        raise refuse(
            source,
            "source",
            f"The manifest is of source {manifest.source}, and the declaration of {source.name}.",
            "Give the file to the source it belongs to.",
        )
    if manifest.format and manifest.format != source.format.value:
        raise refuse(
            source,
            "format",
            f"The file is {manifest.format}; declared is {source.format.value}.",
            f"Ask the agency to send the file as {source.format.value}, not packed.",
        )
    if manifest.as_of > today:
        raise refuse(
            source,
            "future",
            f"The register is said to be as of {dates.format_day(manifest.as_of)}; today is {dates.format_day(today)}.",
            "Ask the agency for the right date.",
        )
    if manifest.sha256 in taken:
        raise refuse(
            source,
            "twice",
            f"A delivery with the digest {manifest.sha256} was taken in before.",
            "Nothing is to do: it changes nothing. If the agency meant to send another file, ask for it.",
        )


_ONE_CELL = " It is one cell: is another delimiter used than the declared one?"
_UNNAMED = "a column without a name (do its lines end with a delimiter?)"


def columns(source: Source, heading: Sequence[str], *, full: bool) -> None:
    """Refuse a file that has other columns than declared. JSON rows of changes may leave out members that are empty."""
    change = source.delta.column if source.delta else ""
    twice = sorted(column for column, count in Counter(heading).items() if count > 1)
    missing = [column for column in source.headings if column not in heading]
    missing += [change] if change and not full and change not in heading else []
    extra = sorted(set(heading) - set(source.headings) - set(source.cut) - {change})
    if twice:
        raise refuse(
            source,
            "column-twice",
            f"The heading names more than once: {', '.join(twice)}.",
            "Ask the agency which of the columns is meant.",
            "heading",
        )
    if missing:
        lone = len(heading) == 1 < len(source.headings) and source.format is Format.CSV
        raise refuse(
            source,
            "column-missing",
            f"The heading lacks: {', '.join(missing)}." + (_ONE_CELL if lone else ""),
            "Ask the agency to send the file with every declared column, or change the declaration by a new pack.",
            "heading",
        )
    if extra:
        raise refuse(
            source,
            "column-extra",
            f"The file has what nobody declared: {', '.join(name or _UNNAMED for name in extra)}.",
            "Ask the agency to leave it out. If an article of law needs it, declare it; if none does and it cannot be "
            "left out, list it under `cut`.",
            "heading",
        )


def may_be_empty(source: Source, manifest: Manifest) -> bool:
    """Whether no rows are the agency's word: nothing changed, or nobody is on a list whose declared least is no row."""
    return manifest.rows == 0 and (not manifest.full or source.limits.rows[0] == 0)


def as_sent(source: Source, manifest: Manifest, *, digest: str, rows: int, cut: bool) -> None:
    """The most telling of: it ends early, it has other rows than its manifest says, it is another file.

    `cut`: its last row has too few cells and no line's end.
    """
    if not rows and manifest.rows == 0 and not may_be_empty(source, manifest):
        raise refuse(
            source,
            "empty",
            "The file has a heading and no rows.",
            "Ask the agency: a register that is empty overnight is a mistake until it says otherwise. "
            "Of a list that may have nobody on it, declare so: `limits: {rows: [0, ...]}`.",
        )
    if digest != manifest.sha256 and rows < manifest.rows:
        raise truncated(source, f"it has {rows} rows, and its manifest says {manifest.rows}")
    if digest != manifest.sha256 and cut:
        raise truncated(source, "its last row is cut off")
    if rows != manifest.rows:
        raise refuse(
            source,
            "rows",
            f"The file has {rows} rows, and its manifest says {manifest.rows}.",
            "Ask the agency which of the two is right, and to send file and manifest together again.",
        )
    if digest != manifest.sha256:
        raise refuse(
            source,
            "digest",
            f"The file is not the one that the manifest names: its digest is {digest}, the manifest says "
            f"{manifest.sha256}.",
            "Ask the agency to send file and manifest together again, and look at the line if it happens twice.",
        )


def _rows(
    source: Source, lines: Iterable[Mapping[str, str] | str], manifest: Manifest
) -> tuple[tuple[Row, ...], tuple[Refused, ...]]:
    kept: list[Row] = []
    refused: list[Refused] = []
    for number, line in enumerate(lines, start=1):
        if isinstance(line, str):
            refused.append(Refused(number, (Note("", line),)))
            continue
        found = _row(source, number, line, manifest)
        if isinstance(found, Row):
            kept.append(found)
        else:
            refused.append(found)
    if source.identity and source.rows_per_record == "one":
        kept = numbered(source, kept)
    if source.rows_per_record == "one":
        kept, again = once(source, kept)
        refused.extend(again)
    return tuple(kept), tuple(sorted(refused, key=lambda each: each.row))


def _row(source: Source, number: int, line: Mapping[str, str], manifest: Manifest) -> Row | Refused:
    texts = _texts(source, line)
    word = operation(source, line, full=manifest.full)
    if word == DROP:
        return drop(source, number, texts, manifest.as_of)
    found = read(source, number, texts, manifest.as_of)
    if word == "?":
        assert source.delta is not None
        return Refused(number, (*found.notes, Note(source.delta.column, "change.unknown")), found.key)
    return replace(found, op=word) if isinstance(found, Row) else found


def _texts(source: Source, line: Mapping[str, str]) -> dict[str, str]:
    return whole(source, {name: line[told] for told, name in source.headings.items()})


def operation(source: Source, line: Mapping[str, str], *, full: bool) -> str:
    """What a row asks for: nothing in a whole register, else `put` or `drop`; "?" where it cannot be."""
    delta = source.delta
    said = "" if delta is None or not delta.column else seen(line.get(delta.column, ""))
    dropped = delta is not None and bool(delta.column) and said in delta.drop
    if full:
        return "?" if dropped else ""
    if dropped:
        return DROP
    return PUT if delta is None or not delta.put or said in delta.put else "?"


def once(source: Source, rows: Sequence[Row]) -> tuple[list[Row], list[Refused]]:
    """The rows whose key stands once, and those set aside because it does not.

    Of rows that are equal in all that is read of them the first is kept: the others say nothing that it does not say.
    """
    said: dict[str, list[tuple[str, ...]]] = {}
    for row in rows:
        said.setdefault(row.key, []).append((row.op, *row.texts.values()))
    kept: list[Row] = []
    refused: list[Refused] = []
    came: set[str] = set()
    for row in rows:
        differ = len(set(said[row.key])) > 1
        if differ or row.key in came:
            note = Note(source.key, "key.twice" if differ else REPEATED)
            refused.append(Refused(row.row, (note,), row.key, {} if row.op == DROP else row.texts))
        else:
            kept.append(row)
        came.add(row.key)
    return kept, refused


def numbered(source: Source, rows: list[Row]) -> list[Row]:
    """Rows of entries without keys, each with an ordinal among its equals, whatever the order they were sent in."""
    seen: Counter[str] = Counter()
    keys: dict[int, str] = {}
    for row in sorted(rows, key=lambda each: (each.key, tuple(each.texts.values()), each.row)):
        seen[row.key] += 1
        keys[row.row] = f"{row.key}{APART}{seen[row.key]}"
    return [replace(row, key=keys[row.row], texts={**row.texts, source.key: keys[row.row]}) for row in rows]
