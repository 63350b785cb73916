"""Reads a source's declaration from YAML, all of it as text, and refuses whatever it does not know.

`load_source` gives the source or raises the first finding; `findings` gives all of them, each with its line.
"""

import base64
import binascii
import codecs
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from musterroll import dates
from musterroll.errors import MusterRollError
from musterroll.extract import given
from musterroll.extract.fields import Fields
from musterroll.extract.given import Given
from musterroll.extract.reading import Reader
from musterroll.extract.schema import (
    PARTICULARS,
    Column,
    ColumnType,
    Delta,
    Dialect,
    FactMap,
    Format,
    Limits,
    ParticularMap,
    RosterMap,
    SigningKey,
    Silence,
    Source,
    SourceKind,
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
FACT = (
    *("attribute", "column", "values", "value", "when", "unless", "beside", "without", "rank"),
    *("certainty", "valid_from", "valid_to", "lasting", "kept_days"),
)
ROSTER = ("roster", "group", "role", "roles", "as_role", "born", "part")
PARTICULAR = ("kind", "columns", "protected_when", "kept_days")
LIMITS = (
    *("rows", "rows_change", "refused", "unread", "shares", "shares_change", "ages", "one_day", "districts"),
    "birth_years",
)
DIALECT = ("delimiter", "quoteChar", "header", "skipRows", "commentChar", "sheet")
ENCODINGS = frozenset(
    [
        *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "koi8-r", "koi8-u"),
        *(f"iso-8859-{part}" for part in range(1, 17) if part != 12),
        *(f"windows-{page}" for page in range(1250, 1259)),
        *(f"cp{page}" for page in (437, 737, 775, 850, 852, 855, 857, 858, *range(860, 867), 869, 874)),
        *("mac-roman", "mac-cyrillic", "mac-greek", "mac-latin2", "mac-turkish", "kz1048", "ptcp154", "tis-620"),
        *("shift_jis", "cp932", "euc-jp", "gb18030", "gbk", "big5", "cp950", "euc-kr", "cp949"),
    ]
)
"""The encodings a declaration may name: those that give every byte one meaning, as Python's codecs know them."""


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
        fields = Fields(reader, typed=form in (Format.PARQUET, Format.XLSX))
        schema = top.get("schema", Given(MappingProxyType({}), at.line, "schema"))
        if "schema" in top:
            fields.read(schema)
        many = reader.choice(top.get("rows_per_record"), ("one", "many"))
        key: str = ""
        keys: tuple[str, ...] = ()
        identity: tuple[str, ...] = ()
        if fields.columns:
            key, keys, identity = fields.key(schema, top.get("identity"), many=many == "many")
        facts = tuple(self.fact(each, fields) for each in reader.items(top.get("facts")))
        rosters = tuple(self.roster(each, fields) for each in reader.items(top.get("rosters")))
        particulars = tuple(self.particular(each, fields) for each in reader.items(top.get("particulars")))
        source = Source(
            name=self.named(top.get("source")),
            kind=self.kind(top.get("kind")),
            agency=self.agency(top.get("agency")),
            legal_basis=self.legal_basis(top.get("legal_basis")),
            purpose=self.purpose(top.get("purpose")),
            key=key,
            keys=keys,
            identity=identity,
            format=form,
            encoding=self.encoding(top.get("encoding")),
            dialect=self.dialect(top.get("dialect")),
            founds=reader.choice(top.get("founds"), ("persons", "nothing")) == "persons",
            rows_per_record=many,
            records_per_person=reader.choice(top.get("records_per_person"), ("one", "many")),
            freshness_days=reader.number(top.get("freshness_days")),
            silence=Silence(reader.choice(top.get("silence"), tuple(each.value for each in Silence))),
            delta=self.delta(top.get("delta"), top.get("identity")),
            signing_keys=tuple(self.signing_key(each) for each in reader.items(top.get("signing_keys"))),
            columns=MappingProxyType(fields.columns),
            cut=reader.texts(top.get("cut")),
            facts=facts,
            rosters=rosters,
            particulars=particulars,
            answers=reader.texts(top.get("answers")),
            limits=self.limits(top.get("limits"), fields),
        )
        return self.hangs_together(source, fields, top)

    def named(self, at: Given | None) -> str:
        name = self.reader.text(at)
        if at is not None and not (name.replace("_", "a").replace("-", "a").isalnum() and name.isascii()):
            self.reader.wrong(at, "is a short name of letters, digits, - and _: files and tables are named after it")
        return name

    def agency(self, at: Given | None) -> str:
        name = self.reader.text(at)
        if at is not None and not name.strip():
            self.reader.wrong(at, "is the name of the agency, as people know it")
        return name

    def kind(self, at: Given | None) -> SourceKind:
        text = self.reader.text(at, SourceKind.REGISTER.value)
        try:
            return SourceKind(text)
        except ValueError:
            assert at is not None
            self.reader.tell(
                "source.kind",
                f"`{text}` is not a kind of source that may send. The list is closed: "
                f"{'; '.join(each.value for each in SourceKind)}.",
                "Do not declare this source. No setting, pack or plug-in adds a kind (charter, X5).",
                at,
            )
            return SourceKind.REGISTER

    def purpose(self, at: Given | None) -> str:
        purpose = self.reader.text(at)
        if at is not None and purpose.strip().casefold() != "administration":
            self.reader.tell(
                "source.purpose",
                "A source serves `purpose: administration`; what was collected for statistics, research or other ends "
                "may not decide about a person.",
                "Do not declare this source. Ask the agency that keeps the administrative register.",
                at,
            )
        return purpose

    def legal_basis(self, at: Given | None) -> str:
        basis = self.reader.text(at)
        if at is not None and not basis.strip():
            self.reader.tell(
                "source.no-basis",
                "No article lets the agency send this file.",
                "Name the article under `legal_basis`, or do not declare the source.",
                at,
            )
        return basis

    def encoding(self, at: Given | None) -> str:
        text = self.reader.text(at, "utf-8").lower()
        if text not in ENCODINGS:
            assert at is not None
            self.reader.wrong(at, f"is one of {', '.join(sorted(ENCODINGS))}")
            return "utf-8"
        assert codecs.lookup(text)
        return text

    def dialect(self, at: Given | None) -> Dialect:
        if at is None:
            return Dialect()
        parts = self.reader.members(at, DIALECT)
        plain = Dialect()
        delimiter = self.reader.text(parts.get("delimiter"), plain.delimiter)
        if delimiter not in (",", ";", "\t", "|", "\\t", "tab"):
            self.reader.wrong(parts["delimiter"], "is one of , ; | or tab")
        quote = self.reader.text(parts.get("quoteChar"), plain.quote)
        if quote not in ('"', "'", ""):
            self.reader.wrong(parts["quoteChar"], "is \" or ', or empty where nothing is quoted")
        comment = self.reader.text(parts.get("commentChar"), plain.comment)
        if len(comment) > 1 or comment == delimiter or (comment and comment == quote) or comment.isalnum():
            self.reader.wrong(parts["commentChar"], "is one sign that begins no row of data")
        return Dialect(
            delimiter="\t" if delimiter in ("\\t", "tab") else delimiter,
            quote=quote,
            header=self.reader.answer(parts.get("header"), default=True),
            skip_rows=self.reader.number(parts.get("skipRows")),
            comment=comment,
            sheet=self.reader.text(parts.get("sheet")),
        )

    def delta(self, at: Given | None, identity: Given | None) -> Delta | None:
        if at is None or at.value in ("no", "false"):
            return None
        if identity is not None:
            self.reader.wrong(at, "needs keys: an agency whose entries have none sends its whole register each time")
        if at.value in ("yes", "true"):
            return Delta()
        parts = self.reader.members(at, ("column", "put", "drop"), ("column", "put", "drop"))
        put, drop = self.reader.texts(parts.get("put")), self.reader.texts(parts.get("drop"))
        both = sorted(set(put) & set(drop))
        if both:
            self.reader.wrong(parts["drop"], f"and put both hold `{both[0]}`")
        return Delta(self.reader.text(parts.get("column")), put, drop)

    def signing_key(self, at: Given) -> SigningKey:
        parts = self.reader.members(at, ("id", "ed25519", "from", "until"), ("id", "ed25519"))
        public = b""
        if "ed25519" in parts:
            text = self.reader.text(parts["ed25519"]).strip()
            try:
                public = bytes.fromhex(text) if len(text) == 64 else base64.b64decode(text, validate=True)
            except (ValueError, binascii.Error):
                public = b""
            if len(public) != 32:
                self.reader.wrong(parts["ed25519"], "is a public Ed25519 key: 32 bytes in base64, or 64 digits 0-9a-f")
        return SigningKey(
            self.reader.text(parts.get("id")),
            public,
            self.reader.day(parts.get("from"), dates.FIRST_DAY),
            self.reader.day(parts.get("until"), dates.NEVER),
        )

    def fact(self, at: Given, fields: Fields) -> FactMap:
        reader = self.reader
        parts = reader.members(at, FACT, ("attribute",))
        name = reader.text(parts.get("column"))
        column = fields.known(name, at)
        values = reader.mapping(parts.get("values"), reader.text)
        fact = FactMap(
            attribute=reader.text(parts.get("attribute")),
            column=column,
            values=values or (fields.columns[column].means if column else values),
            value=reader.text(parts.get("value")),
            when=self.conditions(parts.get("when"), fields),
            unless=self.conditions(parts.get("unless"), fields),
            beside=self.conditions(parts.get("beside"), fields),
            without=self.conditions(parts.get("without"), fields),
            rank=reader.number(parts.get("rank"), 1),
            certainty=reader.choice(parts.get("certainty"), ("sure", "possible"), "sure"),
            valid_from=self.when(parts.get("valid_from"), fields),
            valid_to=self.when(parts.get("valid_to"), fields),
            lasting=reader.answer(parts.get("lasting")),
            kept_days=reader.number(parts.get("kept_days")),
        )
        if bool(name) == bool(fact.value):
            reader.wrong(at, "takes its value from a `column` or is a constant `value`, one of the two")
        elif column and fields.columns[column].type in (ColumnType.CODE, ColumnType.TEXT, ColumnType.NUMBER):
            self.worded(at, parts.get("values", at), fields.columns[column], fact)
        elif fact.values:
            reader.wrong(parts["values"], "are of a column of codes; a date or whole number is taken as it is")
        return fact

    def worded(self, at: Given, values: Given, column: Column, fact: FactMap) -> None:
        """A text becomes a fact only by a word of the pack that the declaration gives it."""
        if not fact.values:
            self.reader.wrong(
                at, f"says which text of `{column.heading or column.name}` is which word of the pack (`values`)"
            )
        for text in fact.values:
            if column.type is ColumnType.CODE and text and text not in column.values:
                self.reader.wrong(values, f"gives a word to `{text}`, which is not among the codes of the column")

    def conditions(self, at: Given | None, fields: Fields) -> Mapping[str, tuple[str, ...]]:
        told = self.reader.mapping(at, self.reader.texts)
        found: dict[str, tuple[str, ...]] = {}
        for name, texts in told.items():
            assert at is not None
            column = fields.known(name, at)
            if not column:
                continue
            found[column] = texts
            declared = fields.columns[column]
            for text in texts:
                if declared.type is ColumnType.CODE and text and text not in declared.values:
                    self.reader.wrong(
                        at.members[name], f"asks for `{text}`, which is not among the codes of the column"
                    )
        return MappingProxyType(found)

    def when(self, at: Given | None, fields: Fields) -> str:
        """A `valid_from` or `valid_to`, with the inner name of the column it reads."""
        text = self.reader.text(at)
        if at is None or text in ("", "as_of"):
            return text
        word, name = ("", text) if text in fields.inner else time_read(text)
        column = fields.known(name, at)
        if not column:
            return ""
        wanted = ColumnType.INT if word in ("year", "after") else ColumnType.DATE
        if fields.columns[column].type is not wanted:
            self.reader.wrong(at, f"reads a {'year' if wanted is ColumnType.INT else 'date'}, and `{name}` is none")
        return f"{word} {column}" if word else column

    def roster(self, at: Given, fields: Fields) -> RosterMap:
        reader = self.reader
        parts = reader.members(at, ROSTER, ("roster",))
        return RosterMap(
            roster=reader.text(parts.get("roster")),
            group=fields.known(reader.text(parts.get("group")), at),
            role=fields.known(reader.text(parts.get("role")), at),
            roles=reader.mapping(parts.get("roles"), reader.text),
            as_role=reader.text(parts.get("as_role")),
            born=fields.known(reader.text(parts.get("born")), at),
            part=reader.text(parts.get("part")),
        )

    def particular(self, at: Given, fields: Fields) -> ParticularMap:
        parts = self.reader.members(at, PARTICULAR, ("kind", "columns"))
        columns = tuple(fields.known(name, at) for name in self.reader.texts(parts.get("columns")))
        return ParticularMap(
            kind=self.reader.choice(parts.get("kind"), tuple(sorted(PARTICULARS)), "given"),
            columns=tuple(name for name in columns if name),
            protected_when=self.conditions(parts.get("protected_when"), fields),
            kept_days=self.reader.number(parts.get("kept_days")),
        )

    def limits(self, at: Given | None, fields: Fields) -> Limits:
        if at is None:
            return Limits()
        reader, plain = self.reader, Limits()
        parts = reader.members(at, LIMITS)
        shares = reader.mapping(parts.get("shares"), lambda each: reader.mapping(each, reader.span))
        known = {fields.known(name, parts["shares"]): spans for name, spans in shares.items()}
        districts = (
            reader.members(parts["districts"], ("column", "change"), ("column",)) if "districts" in parts else {}
        )
        years = reader.members(parts["birth_years"], ("change",)) if "birth_years" in parts else {}
        return Limits(
            rows=reader.span(parts.get("rows"), plain.rows),
            rows_change=reader.number(parts.get("rows_change"), plain.rows_change),
            refused=reader.number(parts.get("refused"), plain.refused),
            unread=reader.number(parts.get("unread"), plain.unread),
            shares=MappingProxyType({name: spans for name, spans in known.items() if name}),
            shares_change=reader.number(parts.get("shares_change"), plain.shares_change),
            ages=reader.mapping(parts.get("ages"), reader.span),
            one_day=reader.number(parts.get("one_day"), plain.one_day),
            district=fields.known(reader.text(districts.get("column")), parts["districts"]) if districts else "",
            district_change=reader.number(districts.get("change"), plain.district_change),
            birth_year_change=reader.number(years.get("change"), plain.birth_year_change),
        )

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
