"""`muster source`: declarations of what agencies may send, and the manifests that go with files."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import click

from musterroll import dates
from musterroll.cli.send import send
from musterroll.engine import sending
from musterroll.errors import MusterRollError
from musterroll.extract import declaration, frictionless, given, manifest, outline, schema
from musterroll.extract.manifest import Manifest
from musterroll.extract.schema import ColumnType, FactMap, Format, RosterMap, Silence, Source
from musterroll.fact.attribute import Attribute, Kind, ValueType
from musterroll.fact.derivation import Derivation
from musterroll.law import pack as law_pack
from musterroll.law.pack import Pack
from musterroll.register import keys
from musterroll.register.files import write_whole

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
SAMPLE_ROWS = 1_000
HALF_SAID = """look  {file}: whoever is on this list and of whom no row says `{attribute}` on a day is asked:
    the silence of a list speaks of those who are not on it.
    Say what its other rows mean: a second map of `{attribute}`, with its neutral value."""
ENDED = """look  {file}: whoever has an entry here that has ended by `{column}` is asked about `{attribute}`:
    the silence of a list speaks of those who are not on it.
    Say what holds afterwards: a map more of `{attribute}`, with its neutral value and `valid_from: {after}`.
    Where somebody may have several entries, let the pack favour a `yes` (`disagreement: favour yes`)."""
UNHEARD = """look  {file}: whoever is not on this list is asked about `{attribute}`:
    the pack has no neutral value for it, and silence can say nothing else.
    Give `{attribute}` its `neutral` value in the pack; or, where being left out means nothing, `silence: nobody`."""
PLACELESS = """look  {file}: whom a row names in `{column}` only has no place in the roster `{roster}`:
    `{derived}` counts for those who are there as {roles}, and who has no row of their own in this file is not there.
    Say who they are: the role `mother.number` (or another relative's) for `{column}`, and a map more of the roster:
    {{roster: {roster}, group: {column}, as_role: {role}, part: mother}}."""
TOLD_BY_ROWS = frozenset([Kind.REGISTRATION, Kind.OWN_DECLARATION, Kind.OWN_ORDER])
"""Kinds that need no neutral value and of which a list is often the only source."""


@click.group()
def source() -> None:
    """Look at a source's declaration, e.g. packs/example/sources/civil.yaml."""


@source.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--sample", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="A file of the agency's.")
@click.option("--encoding", default="", help="The sample's encoding, where it is not UTF-8.")
@click.option("--delimiter", default="", help="What separates the sample's cells, where it is not clear.")
def new(file: Path, sample: Path | None, encoding: str, delimiter: str) -> None:
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
        form, encoding, delimiter, rows = _sampled(sample, encoding, delimiter)
        fields, missing = outline.proposed(rows[0], rows[1:]), outline.missing_in(rows[1:])
    written = {"form": form, "encoding": encoding or "utf-8", "delimiter": delimiter or ","}
    text = outline.template(file.stem, fields, missing=missing, **written)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, text.encode())
    click.echo(
        f"Written: {file}, {len(fields)} fields proposed. Fill in what is empty, then: muster source check {file}"
    )


def _sampled(sample: Path, encoding: str, delimiter: str) -> tuple[str, str, str, list[list[str]]]:
    """Format, encoding, delimiter, heading and first rows. Raises MusterRollError `source.sample`."""
    ending = sample.suffix.removeprefix(".").lower()
    if ending == "ndjson":
        with sample.open(encoding=encoding or "utf-8") as opened:
            objects = [json.loads(line) for _, line in zip(range(SAMPLE_ROWS), opened, strict=False) if line.strip()]
        heading = list(dict.fromkeys(name for each in objects for name in each))
        rows = [[_cell(each.get(name)) for name in heading] for each in objects]
        return "ndjson", encoding or "utf-8", ",", [heading, *rows]
    if ending in ("parquet", "xlsx"):
        return ending, "utf-8", ",", [[_cell(cell) for cell in row] for row in sending.sample_of(sample, SAMPLE_ROWS)]
    with sample.open("rb") as file:
        head = file.read(1 << 20)
    found = encoding or _encoding(head, sample)
    text = head.decode(found, "ignore")
    first = text.partition("\n")[0]
    sign = {"tab": "\t", "": max((";", "\t", "|", ","), key=first.count)}.get(delimiter, delimiter)
    lines = text.splitlines()
    rows = list(csv.reader(lines[: SAMPLE_ROWS if len(lines) > SAMPLE_ROWS else len(lines)], delimiter=sign))
    return "csv", found, sign, [row for row in rows if row]


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
    wrong = 0
    for file in files:
        read, found, law = _found(file, folder)
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


def looks(file: Path, read: Source, law: Pack | None) -> Iterator[str]:
    """What a lawful declaration may not have meant, each with what to do about it."""
    for attribute in half_said(read):
        yield HALF_SAID.format(file=file.name, attribute=attribute)
    for attribute, column, after in ended(read):
        yield ENDED.format(file=file.name, attribute=attribute, column=column, after=after)
    for attribute in unheard(read, law):
        yield UNHEARD.format(file=file.name, attribute=attribute)
    for column, each in placeless(read, law):
        roles = {"roles": " or ".join(each.mine), "role": each.mine[0], "roster": each.roster}
        yield PLACELESS.format(file=file.name, column=column, derived=each.name, **roles)


def half_said(read: Source) -> list[str]:
    """Attributes of a list of those concerned that every map gives under a condition or for a time, and to one end."""
    if read.silence is not Silence.THOSE_CONCERNED:
        return []
    return [
        attribute
        for attribute, several in _by_attribute(read).items()
        if len(several) == 1 and (several[0].when or several[0].unless or several[0].valid_to)
    ]


def ended(read: Source) -> list[tuple[str, str, str]]:
    """Attributes of a list of those concerned of which nothing is said once a row's day has passed: that day's column.

    With each the day from which something would have to be said, as a map writes it.
    """
    if read.silence is not Silence.THOSE_CONCERNED:
        return []
    found = {}
    for attribute, several in _by_attribute(read).items():
        always = any(not (each.when or each.unless or each.valid_from or each.valid_to) for each in several)
        begun = {schema.time_read(each.valid_from)[1] for each in several}
        for each in several if len(several) > 1 and not always else ():
            column = schema.time_read(each.valid_to)[1]
            if column and column not in begun and not each.lasting:
                found[attribute, column] = each.valid_to
    return [(attribute, column, after) for (attribute, column), after in found.items()]


def _by_attribute(read: Source) -> dict[str, list[FactMap]]:
    maps: dict[str, list[FactMap]] = {}
    for fact in read.facts:
        maps.setdefault(fact.attribute, []).append(fact)
    return maps


def unheard(read: Source, law: Pack | None) -> list[str]:
    """Attributes of which the silence of a list of those concerned would say something, had they a neutral value."""
    if law is None or read.silence is not Silence.THOSE_CONCERNED:
        return []
    mapped = dict.fromkeys(fact.attribute for fact in read.facts)
    asked = [law.attributes[name] for name in mapped if name in law.attributes]
    return [each.name for each in asked if each.kind in TOLD_BY_ROWS and not each.neutral]


def placeless(read: Source, law: Pack | None) -> list[tuple[str, Derivation]]:
    """Columns by which rows belong to somebody whose own place in the roster no row needs to give, and what counts it.

    In a register that founds persons everybody has a row, which may give it.
    """
    found: list[tuple[str, Derivation]] = []
    for each in law.derivations if law is not None else ():
        maps = [one for one in read.rosters if one.roster == each.roster]
        heads = {one.group for one in maps if _may_be(one, each.mine)}
        members = dict.fromkeys(one.group for one in maps if not one.part and one.group and _may_be(one, each.roles))
        if each.mine and not (heads and read.founds):
            found += [(group, each) for group in members if group not in heads]
    return found


def _may_be(one: RosterMap, roles: tuple[str, ...]) -> bool:
    """Whether a map may give somebody one of these roles; a column of roles whose texts are not listed may give any."""
    if not roles:
        return True
    return one.as_role in roles if one.as_role else not one.roles or any(role in roles for role in one.roles.values())


def _found(file: Path, folder: Path | None) -> tuple[Source | None, tuple[MusterRollError, ...], Pack | None]:
    """The declaration, all that is wrong with it, by itself and under the pack, and the pack where there is one."""
    try:
        read, found = declaration.read(file)
    except MusterRollError as problem:
        return None, (problem,), None
    there = folder if folder is not None else file.resolve().parents[1]
    if folder is None and not (there / "pack.md").exists():
        return read, found, None
    law = law_pack.load(there)
    return read, (*found, *_under(read, file, law)), law


def _under(read: Source, file: Path, law: Pack) -> Iterator[MusterRollError]:
    """What the pack does not ask for, and words that it does not know; each with its line."""
    lines = given.read(file.read_text(encoding="utf-8"), file.name).members
    articles = {name: attribute.basis for name, attribute in law.attributes.items()}
    for problem in schema.uncited(read, articles, {one.roster for one in law.derivations}):
        member, _, item = problem.where.partition(": ")[2].partition(", item ")
        at = lines[member].items[int(item) - 1] if item else lines[member]
        yield MusterRollError(
            problem.code, problem.what, where=f"{file.name}:{at.line}: {member} {item}".strip(), remedy=problem.remedy
        )
    for number, fact in enumerate(read.facts, start=1):
        if fact.attribute in law.attributes:
            where = f"{file.name}:{lines['facts'].items[number - 1].line}: facts {number}"
            yield from _words(read, fact, law.attributes[fact.attribute], where)
    spells = {one.roster for one in law.derivations if one.over_spells}
    for number, roster in enumerate(read.rosters, start=1):
        if roster.roster in spells:
            yield MusterRollError(
                "source.spells",
                f"The pack derives from spells of `{roster.roster}`, and declarations give members of groups only.",
                where=f"{file.name}:{lines['rosters'].items[number - 1].line}: rosters {number}",
                remedy="Let the agency tell the day or the number itself (last day, days served), and map its column.",
            )
        known = law.rosters[roster.roster].roles if roster.roster in law.rosters else ()
        for role in (*roster.roles.values(), roster.as_role):
            if role and known and role not in known:
                where = f"{file.name}:{lines['rosters'].items[number - 1].line}: rosters {number}"
                yield _wrong(where, f"The roster `{roster.roster}` has no role `{role}`; it has {', '.join(known)}.")


def _words(read: Source, fact: FactMap, attribute: Attribute, where: str) -> Iterator[MusterRollError]:
    for word in dict.fromkeys([*fact.values.values(), *([fact.value] if fact.value else [])]):
        try:
            attribute.value_of(word)
        except MusterRollError:
            allowed = {ValueType.BOOL: "yes, no", ValueType.ENUM: ", ".join(attribute.values)}
            kind = allowed.get(attribute.type, attribute.type.value)
            yield _wrong(where, f"`{word}` is no value of `{attribute.name}` ({kind}).")
    column = read.columns.get(fact.column)
    if column is not None and not fact.values:
        wanted = ColumnType.DATE if attribute.type is ValueType.DATE else ColumnType.INT
        if attribute.type in (ValueType.BOOL, ValueType.ENUM) or column.type is not wanted:
            yield _wrong(
                where,
                f"`{attribute.name}` is of the type {attribute.type.value}, and `{fact.column}` gives a "
                f"{column.type.value}.",
            )


def _wrong(where: str, what: str) -> MusterRollError:
    return MusterRollError(
        "source.words", what, where=where, remedy="Correct the declaration, or the pack where the law says so."
    )


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
