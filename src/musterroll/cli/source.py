"""`muster source`: declarations of what agencies may send, and the manifests that go with files."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import NoReturn

import click

from musterroll import dates
from musterroll.cli.send import send
from musterroll.cli.source_check import looks, problems, twice
from musterroll.engine import sending
from musterroll.errors import MusterRollError
from musterroll.extract import declaration, frictionless, manifest, outline, schema
from musterroll.extract.json_objects import read_object
from musterroll.extract.manifest import Manifest
from musterroll.extract.schema import Format, Source
from musterroll.register import keys
from musterroll.register.files import write_whole

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
SAMPLE_ROWS = 1_000


@click.group()
def source() -> None:
    """Look at a source's declaration, e.g. packs/example/sources/civil.yaml."""


@source.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--sample", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="A file of the agency's.")
@click.option("--encoding", default="", help="The sample's encoding, where it is not UTF-8.")
@click.option("--delimiter", default="", help="What separates the sample's cells, where it is not clear.")
@click.option("--sheet", default="", help="The sample's sheet, where it is not the first one of the workbook.")
@click.option("--skip-rows", type=click.IntRange(0), help="Lines above the sample's heading, where it is not clear.")
def new(file: Path, sample: Path | None, encoding: str, delimiter: str, sheet: str, skip_rows: int | None) -> None:
    """Write a commented declaration into FILE, to be filled in; asks nothing.

    With --sample the fields are proposed from the file's heading and how its cells are written. What a column is for
    is never guessed: that is the law's to say.
    """
    if file.exists():
        raise MusterRollError(
            "source.exists", "There is such a file already.", where=str(file), remedy="Choose another name."
        )
    fields: tuple[outline.Proposed, ...] = ()
    missing: tuple[str, ...] = ()
    form = "csv"
    if sample is not None:
        form, encoding, delimiter, lines = _sampled(sample, encoding, delimiter, sheet)
        if skip_rows is None:
            skip_rows = outline.heading_at(lines)
        heading, *rows = [line for line in lines[skip_rows:] if any(line)] or [[]]
        if not heading:
            raise MusterRollError(
                "source.sample",
                f"Below the first {skip_rows} lines the sample has no heading.",
                where=sample.name,
                remedy="Say how many lines stand above it: --skip-rows.",
            )
        fields, missing = outline.proposed(heading, rows), outline.missing_in(rows)
    text = outline.template(
        file.stem,
        fields,
        form=form,
        encoding=encoding or "utf-8",
        delimiter=delimiter or ",",
        skip_rows=skip_rows or 0,
        sheet=sheet,
        missing=missing,
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, text.encode())
    click.echo(
        f"Written: {file}, {len(fields)} fields proposed. Fill in what is empty, then: muster source check {file}"
    )


def _sampled(sample: Path, encoding: str, delimiter: str, sheet: str) -> tuple[str, str, str, list[list[str]]]:
    """Format, encoding, delimiter, first lines. Raises MusterRollError `source.sample` or `.sheet`."""
    ending = sample.suffix.removeprefix(".").lower()
    if ending == "ndjson":
        with sample.open(encoding=encoding or "utf-8") as opened:
            read = [read_object(line) for _, line in zip(range(SAMPLE_ROWS), opened, strict=False) if line.strip()]
        objects = [each for each, reason in read if not reason]
        heading = list(dict.fromkeys(name for each in objects for name in each))
        rows = [[each.get(name, "") for name in heading] for each in objects]
        return "ndjson", encoding or "utf-8", ",", [heading, *rows]
    if ending in ("parquet", "xlsx"):
        lines = sending.sample_of(sample, SAMPLE_ROWS, sheet)
        return ending, "utf-8", ",", [[_cell(cell) for cell in line] for line in lines]
    with sample.open("rb") as file:
        head = file.read(1 << 20)
    found = encoding or _encoding(head, sample)
    texts = head.decode(found, "ignore").splitlines()[:SAMPLE_ROWS]
    sign = {"tab": "\t", "": _sign(texts)}.get(delimiter, delimiter)
    return "csv", found, sign, list(csv.reader(texts, delimiter=sign))


def _sign(lines: list[str]) -> str:
    """What separates cells: the sign that stands equally often in the most lines, as a title's commas do not."""

    def alike(sign: str) -> tuple[int, int]:
        counted = Counter(line.count(sign) for line in lines if sign in line)
        return max(((many, count) for count, many in counted.items()), default=(0, 0))

    return max((",", ";", "\t", "|"), key=alike)


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _encoding(head: bytes, sample: Path) -> str:
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    for mark, name in marks:
        if head.startswith(mark):
            return name
    try:
        head[: head.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        raise MusterRollError(
            "source.sample",
            "The sample is not written in UTF-8, and no program can be sure of another encoding.",
            where=sample.name,
            remedy="Ask the agency, and give it: --encoding windows-1251 (iso-8859-7, koi8-r, cp866, utf-16 ...).",
        ) from None
    return "utf-8"


@source.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--pack", "folder", type=click.Path(path_type=Path), help="The pack; else the folder above sources/.")
def check(files: tuple[Path, ...], folder: Path | None) -> int:
    """Say whether FILES may be read under the pack: closed kind, lawful purpose, every column cited.

    Everything that is wrong is told at once, each with its line and what to do; then it ends with 1.
    """
    wrong, named = 0, dict[str, str]()
    for file in files:
        read, found, law = problems(file, folder)
        found = (*found, *(twice(file, read, named) if read is not None else ()))
        for problem in found:
            click.echo(f"{problem.where}\n    {problem.what}\n    {problem.remedy} [{problem.code}]", err=True)
        wrong += len(found)
        if read is not None and not found:
            for text in looks(file, read, law):
                click.echo(text)
            click.echo(f"{read.name}: {len(read.columns)} columns, each for a purpose; {len(read.cut)} cut at the door")
    if wrong:
        click.echo(f"{wrong} finding{'s' if wrong > 1 else ''}", err=True)
    return int(wrong > 0)


@source.command()
@FILE
@click.option("--frictionless", "pure", is_flag=True, help="Print the pure Table Schema (JSON) instead.")
def explain(file: Path, pure: bool) -> None:
    """Say in plain words what FILE lets in, what for, and what its silence means."""
    read = declaration.load_source(file)
    if pure:
        click.echo(json.dumps(frictionless.table_schema(read), ensure_ascii=False, indent=2))
        return
    for line in told(read):
        click.echo(line)


def told(read: Source) -> list[str]:
    """The declaration in sentences, a line each."""
    headings = {column.name: column.heading or column.name for column in read.delivered}
    found_by = ", ".join(headings[name] for name in read.keys or read.identity)
    lines = [
        f"{read.agency} ({read.kind.value}), under {read.legal_basis}.",
        f"It sends {read.format.value}{f' in {read.encoding}' if read.format is Format.CSV else ''}; an entry is found"
        f" again by {found_by}{'' if read.keys else ' and its place among equals'}.",
        f"Its word is fresh for {read.freshness_days} days; its silence speaks of {read.silence.value}.",
        "It founds persons." if read.founds else "It founds nobody: its rows are linked to people, or stay unattached.",
    ]
    if read.delta is not None:
        lines.append("It may send the changes of a day instead of the whole register.")
    if read.signing_keys:
        lines.append(f"It signs its manifests: {', '.join(key.key_id for key in read.signing_keys)}.")
    for name, column in read.columns.items():
        used = [f"linkage as {column.role}"] if column.role else []
        used += [f"the fact {each.attribute}" for each in read.facts if name in (each.column, *each.when, *each.unless)]
        used += [
            f"the time of {each.attribute}"
            for each in read.facts
            if name in (schema.time_read(each.valid_from)[1], schema.time_read(each.valid_to)[1])
        ]
        used += [f"the roster {each.roster}" for each in read.rosters if name in (each.group, each.role, each.born)]
        used += [f"the particular {each.kind}" for each in read.particulars if name in each.columns]
        used += ["the entry's key"] if name in (read.key, *read.keys, *read.identity) else []
        used += [f"making {other.name}" for other in read.made if other.made and name in other.made.of]
        lines.append(f"  {headings.get(name, name)}: {'; '.join(dict.fromkeys(used))}")
    if read.answers:
        lines.append(f"The register may ask it about: {', '.join(read.answers)}.")
    if read.cut:
        lines.append(f"Cut at the door, because no article cites them: {', '.join(read.cut)}.")
    return lines


@source.command("manifest")
@FILE
@click.option(
    "--source", "declared", required=True, type=click.Path(path_type=Path, exists=True), help="The declaration."
)
@click.option("--as-of", required=True, help="The day on which the register was copied, YYYY-MM-DD.")
@click.option("--delta", is_flag=True, help="FILE holds changes since the file whose digest is --base.")
@click.option("--base", default="", help="The SHA-256 of the file that this one goes on from.")
@click.option("--corrects", default="", help="The SHA-256 of the file whose rows that were set aside FILE puts right.")
@click.option("--key", "key_file", type=click.Path(path_type=Path, exists=True), help="The agency's private key.")
@click.option("--key-id", default="", help="Its name in the declaration, where that names several.")
def write_manifest(
    file: Path, declared: Path, as_of: str, delta: bool, base: str, corrects: str, key_file: Path | None, key_id: str
) -> None:
    """Write NAME.manifest.json beside FILE: what is sent, as of which day, how many rows; signed with --key."""
    read = declaration.load_source(declared)
    if delta != bool(base):
        _refuse("--delta, --base", "Changes go on from a file: --delta and --base are given together.", "Give both.")
    if delta and read.delta is None:
        _refuse(file.name, f"{read.agency} sends no changes.", "Send the whole register, or declare `delta`.")
    told = Manifest(
        source=read.name,
        sender=read.agency,
        as_of=dates.parse_day(as_of, where="--as-of"),
        rows=sending.rows_of(read, file),
        sha256=sending.digest_of(file),
        full=not (delta or corrects),
        file=file.name,
        format=read.format.value,
        base=base,
        corrects=corrects,
        size=file.stat().st_size,
    )
    if key_file is not None:
        told = manifest.sign(told, sending.read_key(key_file), _key_id(read, key_file, key_id))
    path = file.with_name(f"{file.stem}.manifest.json")
    write_whole(path, told.encode())
    signed = f", signed as {told.key}" if told.key else ""
    click.echo(f"Written: {path}: {told.rows} rows of {read.name} as of {as_of}{signed}. Digest {told.sha256}")


def _key_id(read: Source, file: Path, key_id: str) -> str:
    """The name under which the declaration has the key. Raises MusterRollError `sending.key`."""
    public = sending.public_of(sending.read_key(file))
    named = [each.key_id for each in read.signing_keys if each.public.hex() == public and key_id in ("", each.key_id)]
    if not named:
        raise MusterRollError(
            "sending.key",
            "The declaration does not name this key.",
            where=file.name,
            remedy=f"Declare it: signing_keys: [{{id: {key_id or 'key-1'}, ed25519: {public}}}]",
        )
    return named[0]


def _refuse(where: str, what: str, remedy: str) -> NoReturn:
    raise MusterRollError("sending.delta", what, where=where, remedy=remedy)


@source.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def key(file: Path) -> None:
    """Make a signing key for an agency: the private key into FILE, the line for the declaration on standard output."""
    if file.exists():
        raise MusterRollError("source.exists", "There is such a file already.", where=str(file), remedy="Keep it.")
    private = keys.fresh()
    file.touch(mode=0o600)
    file.write_text(private.hex() + "\n", encoding="ascii")
    click.echo(f"signing_keys: [{{id: key-1, ed25519: {sending.public_of(private)}}}]")


source.add_command(send)
