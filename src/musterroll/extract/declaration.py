"""Reads a source's declaration from YAML, all of it as text, and refuses whatever it does not know.

`load_source` gives the source or raises the first finding; `findings` gives all of them, each with its line.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from musterroll.errors import MusterRollError
from musterroll.extract import declared_maps, declared_sender, given
from musterroll.extract.fields import Fields
from musterroll.extract.given import Given
from musterroll.extract.reading import Reader
from musterroll.extract.schema import (
    Column,
    Format,
    Silence,
    Source,
    time_read,
)

TOP = (
    *("source", "kind", "agency", "legal_basis", "purpose", "format", "encoding", "dialect", "schema", "identity"),
    *("founds", "rows_per_record", "records_per_person", "freshness_days", "silence", "delta", "signing_keys", "cut"),
    *("facts", "rosters", "particulars", "answers", "limits"),
)
NEEDED = (
    *("source", "kind", "agency", "legal_basis", "purpose", "schema", "founds", "rows_per_record"),
    *("records_per_person", "freshness_days", "silence"),
)


def load_source(text_or_path: str | Path) -> Source:
    """The source declared in a YAML file or text. Raises MusterRollError `source.*`, naming line and member."""
    source, found = read(text_or_path)
    if found:
        raise found[0]
    return source


def findings(text_or_path: str | Path) -> tuple[MusterRollError, ...]:
    """Everything that is wrong with a declaration, in the order of its lines."""
    try:
        return read(text_or_path)[1]
    except MusterRollError as problem:
        return (problem,)


def read(text_or_path: str | Path) -> tuple[Source, tuple[MusterRollError, ...]]:
    """The source as far as it can be read, and what is wrong. Raises MusterRollError `source.yaml`."""
    if isinstance(text_or_path, Path):
        name = text_or_path.name
        try:
            text = text_or_path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise MusterRollError(
                "source.yaml",
                "A declaration is written in UTF-8, and this file is not.",
                where=name,
                remedy="Save it in UTF-8.",
            ) from None
    else:
        name, text = "declaration", text_or_path
    reader = Reader(name)
    source = _Declaration(reader).source(given.read(text, name))
    by_line = sorted(enumerate(reader.found), key=lambda each: (_line(each[1]), each[0]))
    return source, tuple(each for _, each in by_line)


def _line(problem: MusterRollError) -> int:
    found = problem.where.partition(":")[2].partition(":")[0]
    return int(found) if found.isdigit() else 0


class _Declaration:
    """One declaration being read."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def source(self, at: Given) -> Source:
        reader = self.reader
        top = reader.members(at, TOP, NEEDED)
        form = Format(reader.choice(top.get("format"), tuple(each.value for each in Format), "csv"))
        fields = Fields(reader, typed=form in (Format.PARQUET, Format.XLSX), worded=form is not Format.CSV)
        schema = top.get("schema", Given(MappingProxyType({}), at.line, "schema"))
        if "schema" in top:
            fields.read(schema)
        many = reader.choice(top.get("rows_per_record"), ("one", "many"))
        key: str = ""
        keys: tuple[str, ...] = ()
        identity: tuple[str, ...] = ()
        if fields.columns:
            key, keys, identity = fields.key(schema, top.get("identity"), many=many == "many")
        facts = tuple(declared_maps.fact(reader, each, fields) for each in reader.items(top.get("facts")))
        rosters = tuple(declared_maps.roster(reader, each, fields) for each in reader.items(top.get("rosters")))
        particulars = tuple(
            declared_maps.particular(reader, each, fields) for each in reader.items(top.get("particulars"))
        )
        source = Source(
            name=declared_sender.named(reader, top.get("source")),
            kind=declared_sender.kind(reader, top.get("kind")),
            agency=declared_sender.agency(reader, top.get("agency")),
            legal_basis=declared_sender.legal_basis(reader, top.get("legal_basis")),
            purpose=declared_sender.purpose(reader, top.get("purpose")),
            key=key,
            keys=keys,
            identity=identity,
            format=form,
            encoding=declared_sender.encoding(reader, top.get("encoding")),
            dialect=declared_sender.dialect(reader, top.get("dialect"), form),
            founds=reader.choice(top.get("founds"), ("persons", "nothing")) == "persons",
            rows_per_record=many,
            records_per_person=reader.choice(top.get("records_per_person"), ("one", "many")),
            freshness_days=reader.number(top.get("freshness_days")),
            silence=Silence(reader.choice(top.get("silence"), tuple(each.value for each in Silence))),
            delta=declared_sender.delta(reader, top.get("delta"), top.get("identity")),
            signing_keys=tuple(
                declared_sender.signing_key(reader, each) for each in reader.items(top.get("signing_keys"))
            ),
            columns=MappingProxyType(fields.columns),
            cut=reader.texts(top.get("cut")),
            facts=facts,
            rosters=rosters,
            particulars=particulars,
            answers=reader.texts(top.get("answers")),
            limits=declared_maps.limits(reader, top.get("limits"), fields),
        )
        return self.hangs_together(source, fields, top)

    def hangs_together(self, source: Source, fields: Fields, top: Mapping[str, Given]) -> Source:
        """Every declared column serves something, none is also cut; what nobody asked to be made is not made."""
        used = {source.key, *source.keys, *source.identity} | {column for column, _ in source.roles}
        for fact in source.facts:
            used |= {fact.column, *fact.when, *fact.unless, *fact.beside, *fact.without}
            used |= {time_read(fact.valid_from)[1], time_read(fact.valid_to)[1]}
        for roster in source.rosters:
            used |= {roster.group, roster.role, roster.born}
        for particular in source.particulars:
            used |= {*particular.columns, *particular.protected_when}
        for column in source.columns.values():
            if column.role.rpartition(".")[2] == "sex" and not column.made:
                fields.columns[column.name] = self.sexed(column, source, fields.given[column.name])
        kept = {name: column for name, column in fields.columns.items() if name in used or name not in fields.optional}
        for column in reversed(kept.values()):
            if column.made is not None:
                used |= set(column.made.of)
        for heading, name in fields.inner.items():
            if heading in source.cut:
                self.reader.wrong(top["cut"], f"holds `{heading}`, which is declared as a column too")
            if name in kept and name not in used:
                self.reader.tell(
                    "source.column-unused",
                    f"The column `{heading}` serves no fact, roster, particular or comparison: no article asks for it.",
                    "List it under `cut` so that it is dropped at reading, or ask the agency not to send it.",
                    fields.given[name],
                )
        if source.delta and source.delta.column in fields.inner:
            self.reader.wrong(top["delta"], "names a column that stands under `schema` too: it is one or the other")
        return replace(source, columns=MappingProxyType(kept))

    def sexed(self, column: Column, source: Source, at: Given) -> Column:
        """A column of the sex that comparisons can read: by `means`, by the words of a fact, or by its codes."""
        sexes = {"male", "female"}
        words = (each.values for each in source.facts if each.column == column.name)
        means = column.means or next((each for each in words if set(each.values()) & sexes), column.means)
        if not means:
            means = {text: text.casefold() for text in column.values if text.casefold() in sexes}
        if not set(means.values()) & sexes:
            self.reader.wrong(at, "is a sex: say which code means which, `means: {1: male, 2: female}`")
        return replace(column, means=MappingProxyType(dict(means)))
