"""Reads a source's declaration from YAML, all of it as text, and refuses whatever it does not know."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from musterroll import dates
from musterroll.errors import MusterRollError
from musterroll.extract.schema import (
    PARTICULARS,
    RELATIVES,
    ROLES,
    Column,
    ColumnType,
    FactMap,
    Limits,
    ParticularMap,
    RosterMap,
    Silence,
    Source,
    SourceKind,
)

_TOP = [
    "source",
    "kind",
    "agency",
    "legal_basis",
    "purpose",
    "encoding",
    "delimiter",
    "key",
    "founds",
    "rows_per_record",
    "records_per_person",
    "freshness_days",
    "silence",
    "columns",
    "cut",
    "facts",
    "rosters",
    "particulars",
    "limits",
]
_OPTIONAL = {"cut", "facts", "rosters", "particulars", "limits"}
_COLUMN = ["type", "role", "required", "format", "values", "earliest", "latest", "future", "least", "most", "measured"]
_FACT = [
    "attribute",
    "column",
    "values",
    "value",
    "when",
    "beside",
    "without",
    "rank",
    "certainty",
    "valid_from",
    "valid_to",
    "lasting",
]
_ROSTER = ["roster", "group", "role", "roles", "as_role", "born", "part"]
_PARTICULAR = ["kind", "columns", "protected_when"]
_LIMITS = ["rows", "rows_change", "refused", "unread", "shares", "shares_change", "ages", "one_day"]
_ENCODINGS = ("utf-8", "iso-8859-1", "windows-1252")


class _Reader(yaml.BaseLoader):
    """Every scalar stays text (`no` is the word no), and a member that stands twice is refused."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.MarkedYAMLError(problem=f"`{twice[0]}` stands twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep=deep)


def load_source(text_or_path: str | Path) -> Source:
    """The source declared in a YAML file, or in YAML text. Raises MusterRollError `source.*`, naming the member."""
    if isinstance(text_or_path, Path):
        name, text = text_or_path.name, text_or_path.read_text(encoding="utf-8")
    else:
        name, text = "declaration", text_or_path
    try:
        value = yaml.load(text, Loader=_Reader)  # noqa: S506 (BaseLoader makes only texts, lists and mappings)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise MusterRollError(
            "source.yaml",
            f"This is not YAML as declarations use it: {getattr(problem, 'problem', None) or 'it cannot be read'}.",
            where=f"{name}{line}",
            remedy="Correct the line.",
        ) from None
    return _Declaration(name).source(value)


class _Declaration:
    """One declaration being read; knows its name, so that every refusal says where."""

    def __init__(self, name: str) -> None:
        self.name = name

    def refuse(self, code: str, what: str, remedy: str, member: str = "") -> MusterRollError:
        return MusterRollError(code, what, where=f"{self.name}: {member}" if member else self.name, remedy=remedy)

    def wrong(self, member: str, rule: str) -> MusterRollError:
        return self.refuse("source.malformed", f"`{member}` {rule}.", "Correct the declaration.", member)

    def members(self, value: Any, allowed: list[str], member: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.wrong(member, "holds members with names")
        for key in value:
            if key not in allowed:
                raise self.wrong(f"{member}.{key}" if member else key, f"is not known; known are {', '.join(allowed)}")
        return value

    def items(self, value: Any, member: str) -> list[Any]:
        if not isinstance(value, list):
            raise self.wrong(member, "is a list")
        return value

    def text(self, value: Any, member: str) -> str:
        if not isinstance(value, str):
            raise self.wrong(member, "is one text")
        return value

    def number(self, value: Any, member: str) -> int:
        if not (isinstance(value, str) and value.isascii() and value.isdigit()):
            raise self.wrong(member, "is a whole number")
        return int(value)

    def answer(self, value: Any, member: str) -> bool:
        if value not in ("yes", "no"):
            raise self.wrong(member, "is yes or no")
        return bool(value == "yes")

    def choice(self, value: Any, member: str, allowed: tuple[str, ...]) -> str:
        if value not in allowed:
            raise self.wrong(member, f"is one of {', '.join(allowed)}")
        return str(value)

    def texts(self, value: Any, member: str) -> tuple[str, ...]:
        """One text or a list of texts."""
        many = [value] if isinstance(value, str) else self.items(value, member)
        return tuple(self.text(each, member) for each in many)

    def span(self, value: Any, member: str) -> tuple[int, int]:
        ends = [self.number(each, member) for each in self.items(value, member)]
        if len(ends) != 2 or ends[0] > ends[1]:
            raise self.wrong(member, "is [least, most]")
        return ends[0], ends[1]

    def mapping[T](self, value: Any, member: str, read: Callable[[Any, str], T]) -> Mapping[str, T]:
        if not isinstance(value, dict):
            raise self.wrong(member, "holds members with names")
        return MappingProxyType({str(key): read(each, f"{member}.{key}") for key, each in value.items()})

    def day(self, value: Any, member: str) -> int:
        return dates.parse_day(self.text(value, member), where=f"{self.name}: {member}")

    def source(self, value: Any) -> Source:
        top = self.members(value, _TOP, "")
        for member in _TOP:
            if member not in top and member not in _OPTIONAL:
                raise self.wrong(member, "is missing")
        kind = self.kind(self.text(top["kind"], "kind"))
        purpose = self.text(top["purpose"], "purpose")
        if purpose.strip().casefold() != "administration":
            raise self.refuse(
                "source.purpose",
                "A source serves `purpose: administration`; what was collected for statistics, research or other ends "
                "may not decide about a person.",
                "Do not declare this source. Ask the agency that keeps the administrative register.",
                "purpose",
            )
        legal_basis = self.text(top["legal_basis"], "legal_basis")
        if not legal_basis:
            raise self.refuse(
                "source.no-basis",
                "No article lets the agency send this file.",
                "Name the article under `legal_basis`, or do not declare the source.",
                "legal_basis",
            )
        columns = MappingProxyType(
            {name: self.column(str(name), each) for name, each in self.named(top["columns"], "columns").items()}
        )
        source = Source(
            name=self.text(top["source"], "source"),
            kind=kind,
            agency=self.text(top["agency"], "agency"),
            legal_basis=legal_basis,
            purpose=purpose,
            encoding=self.choice(top["encoding"], "encoding", _ENCODINGS),
            delimiter=self.choice(top["delimiter"], "delimiter", (",", ";", "\t", "|")),
            key=self.text(top["key"], "key"),
            founds=self.choice(top["founds"], "founds", ("persons", "nothing")) == "persons",
            rows_per_record=self.choice(top["rows_per_record"], "rows_per_record", ("one", "many")),
            records_per_person=self.choice(top["records_per_person"], "records_per_person", ("one", "many")),
            freshness_days=self.number(top["freshness_days"], "freshness_days"),
            silence=Silence(self.choice(top["silence"], "silence", tuple(each.value for each in Silence))),
            columns=columns,
            cut=self.texts(top.get("cut", []), "cut"),
            facts=tuple(self.fact(each, f"facts {n}") for n, each in self.numbered(top, "facts")),
            rosters=tuple(self.roster(each, f"rosters {n}") for n, each in self.numbered(top, "rosters")),
            particulars=tuple(
                self.particular(each, f"particulars {n}") for n, each in self.numbered(top, "particulars")
            ),
            limits=self.limits(top.get("limits", {})),
        )
        self.hangs_together(source)
        return source

    def kind(self, text: str) -> SourceKind:
        try:
            return SourceKind(text)
        except ValueError:
            raise self.refuse(
                "source.kind",
                f"`{text}` is not a kind of source that may send. The list is closed: "
                f"{'; '.join(each.value for each in SourceKind)}.",
                "Do not declare this source. No setting, pack or plug-in adds a kind (charter, X5).",
                "kind",
            ) from None

    def named(self, value: Any, member: str) -> dict[str, Any]:
        if not isinstance(value, dict) or not value:
            raise self.wrong(member, "holds members with names")
        return value

    def numbered(self, top: dict[str, Any], member: str) -> list[tuple[int, Any]]:
        return list(enumerate(self.items(top.get(member, []), member), start=1))

    def column(self, name: str, value: Any) -> Column:
        member = f"columns.{name}"
        parts = self.members(value, _COLUMN, member)
        role = self.text(parts.get("role", ""), f"{member}.role")
        relative, _, bare = role.rpartition(".")
        if role and (bare not in ROLES or relative not in ("", *RELATIVES)):
            raise self.wrong(
                f"{member}.role", f"is one of {', '.join(sorted(ROLES))}, or a relative's (dependant_1.given)"
            )
        read = ColumnType(self.choice(parts.get("type"), f"{member}.type", tuple(each.value for each in ColumnType)))
        form = self.text(parts.get("format", ""), f"{member}.format")
        if read is ColumnType.DATE and sorted(form.replace("/", "").replace("-", "").replace(".", "")) != list(
            "DDMMYYYY"
        ):
            raise self.wrong(
                f"{member}.format", "is a date's: YYYY, MM and DD in any order, a two-digit year does not exist"
            )
        values = self.texts(parts.get("values", []), f"{member}.values")
        if (read is ColumnType.CODE) != bool(values):
            raise self.wrong(f"{member}.values", "lists the codes of a code column, and of no other")
        column = Column(
            name=name,
            type=read,
            role=role,
            required=self.answer(parts.get("required", "no"), f"{member}.required"),
            format=form,
            values=values,
            earliest=self.day(parts["earliest"], f"{member}.earliest") if "earliest" in parts else dates.FIRST_DAY,
            latest=self.day(parts["latest"], f"{member}.latest") if "latest" in parts else dates.NEVER,
            future=self.answer(parts.get("future", "no"), f"{member}.future"),
            least=self.number(parts.get("least", "0"), f"{member}.least"),
            most=self.number(parts.get("most", "1000000"), f"{member}.most"),
            measured=self.text(parts.get("measured", ""), f"{member}.measured"),
        )
        if column.measured:
            self.day(f"2001-{column.measured}", f"{member}.measured")
        return column

    def fact(self, value: Any, member: str) -> FactMap:
        parts = self.members(value, _FACT, member)
        fact = FactMap(
            attribute=self.text(parts.get("attribute"), f"{member}.attribute"),
            column=self.text(parts.get("column", ""), f"{member}.column"),
            values=self.mapping(parts.get("values", {}), f"{member}.values", self.text),
            value=self.text(parts.get("value", ""), f"{member}.value"),
            when=self.mapping(parts.get("when", {}), f"{member}.when", self.texts),
            beside=self.mapping(parts.get("beside", {}), f"{member}.beside", self.texts),
            without=self.mapping(parts.get("without", {}), f"{member}.without", self.texts),
            rank=self.number(parts.get("rank", "1"), f"{member}.rank"),
            certainty=self.choice(parts.get("certainty", "sure"), f"{member}.certainty", ("sure", "possible")),
            valid_from=self.text(parts.get("valid_from", ""), f"{member}.valid_from"),
            valid_to=self.text(parts.get("valid_to", ""), f"{member}.valid_to"),
            lasting=self.answer(parts.get("lasting", "no"), f"{member}.lasting"),
        )
        if bool(fact.column) == bool(fact.value):
            raise self.wrong(member, "takes its value from a `column` or is a constant `value`, one of the two")
        return fact

    def roster(self, value: Any, member: str) -> RosterMap:
        parts = self.members(value, _ROSTER, member)
        texts = {key: self.text(parts.get(key, ""), f"{member}.{key}") for key in _ROSTER if key != "roles"}
        if not texts["roster"]:
            raise self.wrong(f"{member}.roster", "is missing")
        return RosterMap(**texts, roles=self.mapping(parts.get("roles", {}), f"{member}.roles", self.text))

    def particular(self, value: Any, member: str) -> ParticularMap:
        parts = self.members(value, _PARTICULAR, member)
        return ParticularMap(
            kind=self.choice(parts.get("kind"), f"{member}.kind", tuple(sorted(PARTICULARS))),
            columns=self.texts(parts.get("columns", []), f"{member}.columns"),
            protected_when=self.mapping(parts.get("protected_when", {}), f"{member}.protected_when", self.texts),
        )

    def limits(self, value: Any) -> Limits:
        parts = self.members(value, _LIMITS, "limits")
        plain = Limits()
        return Limits(
            rows=self.span(parts["rows"], "limits.rows") if "rows" in parts else plain.rows,
            rows_change=self.number(parts.get("rows_change", str(plain.rows_change)), "limits.rows_change"),
            refused=self.number(parts.get("refused", str(plain.refused)), "limits.refused"),
            unread=self.number(parts.get("unread", str(plain.unread)), "limits.unread"),
            shares=self.mapping(parts.get("shares", {}), "limits.shares", self.spans),
            shares_change=self.number(parts.get("shares_change", str(plain.shares_change)), "limits.shares_change"),
            ages=self.spans(parts.get("ages", {}), "limits.ages"),
            one_day=self.number(parts.get("one_day", str(plain.one_day)), "limits.one_day"),
        )

    def spans(self, value: Any, member: str) -> Mapping[str, tuple[int, int]]:
        return self.mapping(value, member, self.span)

    def hangs_together(self, source: Source) -> None:
        """Every column named anywhere is declared, every declared column serves something, none is also cut."""
        used = {source.key} | {column for column, _ in source.roles}
        for n, fact in enumerate(source.facts, start=1):
            named = {
                fact.column,
                *fact.when,
                *fact.beside,
                *fact.without,
                *map(_column_in, (fact.valid_from, fact.valid_to)),
            }
            used |= self.declared(source, named, f"facts {n}")
        for n, roster in enumerate(source.rosters, start=1):
            used |= self.declared(source, {roster.group, roster.role, roster.born}, f"rosters {n}")
        for n, particular in enumerate(source.particulars, start=1):
            used |= self.declared(source, {*particular.columns, *particular.protected_when}, f"particulars {n}")
        self.declared(source, {source.key}, "key")
        if not source.columns[source.key].required:
            raise self.wrong(f"columns.{source.key}.required", "is yes for the key")
        self.declared(source, set(source.limits.shares), "limits.shares")
        for name in source.columns:
            if name in source.cut:
                raise self.wrong(f"cut.{name}", "is declared as a column too; it is one or the other")
            if name not in used:
                raise self.refuse(
                    "source.column-unused",
                    f"The column `{name}` serves no fact, roster, particular or comparison: no article asks for it.",
                    "List it under `cut` so that it is dropped at reading, or ask the agency not to send it.",
                    f"columns.{name}",
                )

    def declared(self, source: Source, names: set[str], member: str) -> set[str]:
        for name in sorted(names - {""}):
            if name not in source.columns:
                raise self.wrong(member, f"names the column `{name}`, which is not declared")
        return names


def _column_in(when: str) -> str:
    """The column that a `valid_from` or `valid_to` reads, if any."""
    word, _, column = when.rpartition(" ")
    return "" if when == "as_of" else column if word in ("", "year", "after") else when
