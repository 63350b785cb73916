"""What rows become: the members of a declaration that map columns to facts, rosters and particulars, and the limits.

1. Columns are named as the agency heads them; maps hold the inner names.
2. A text becomes a fact only by a word of the pack that the declaration gives it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from musterroll.extract.fields import Fields
from musterroll.extract.given import Given
from musterroll.extract.reading import Reader
from musterroll.extract.schema import (
    PARTICULARS,
    Column,
    ColumnType,
    FactMap,
    Limits,
    ParticularMap,
    RosterMap,
    time_read,
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


def fact(reader: Reader, at: Given, fields: Fields) -> FactMap:
    """How rows become statements of one attribute."""
    parts = reader.members(at, FACT, ("attribute",))
    name = reader.text(parts.get("column"))
    column = fields.known(name, at)
    values = reader.mapping(parts.get("values"), reader.text)
    fact = FactMap(
        attribute=reader.text(parts.get("attribute")),
        column=column,
        values=values or (fields.columns[column].means if column else values),
        value=reader.text(parts.get("value")),
        when=conditions(reader, parts.get("when"), fields),
        unless=conditions(reader, parts.get("unless"), fields),
        beside=conditions(reader, parts.get("beside"), fields),
        without=conditions(reader, parts.get("without"), fields),
        rank=reader.number(parts.get("rank"), 1),
        certainty=reader.choice(parts.get("certainty"), ("sure", "possible"), "sure"),
        valid_from=when(reader, parts.get("valid_from"), fields),
        valid_to=when(reader, parts.get("valid_to"), fields),
        lasting=reader.answer(parts.get("lasting")),
        kept_days=reader.number(parts.get("kept_days")),
    )
    if bool(name) == bool(fact.value):
        reader.wrong(at, "takes its value from a `column` or is a constant `value`, one of the two")
    elif column and fields.columns[column].type in (ColumnType.CODE, ColumnType.TEXT, ColumnType.NUMBER):
        worded(reader, at, parts.get("values", at), fields.columns[column], fact)
    elif fact.values:
        reader.wrong(parts["values"], "are of a column of codes; a date or whole number is taken as it is")
    return fact


def worded(reader: Reader, at: Given, values: Given, column: Column, fact: FactMap) -> None:
    """A text becomes a fact only by a word of the pack that the declaration gives it."""
    if not fact.values:
        reader.wrong(at, f"says which text of `{column.heading or column.name}` is which word of the pack (`values`)")
    for text in fact.values:
        if column.type is ColumnType.CODE and text and text not in column.values:
            reader.wrong(values, f"gives a word to `{text}`, {no_code_of(column)}")


def conditions(reader: Reader, at: Given | None, fields: Fields) -> Mapping[str, tuple[str, ...]]:
    """Column by column, the texts for which a row counts."""
    told = reader.mapping(at, reader.texts)
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
                reader.wrong(at.members[name], f"asks for `{text}`, {no_code_of(declared)}")
    return MappingProxyType(found)


def no_code_of(column: Column) -> str:
    """What is wrong with a text that the column never holds, and which texts it holds."""
    told = ", ".join(f"`{code}`" for code in column.values[:12])
    return f"which is not among the codes of the column. They are: {told}{', ...' if len(column.values) > 12 else ''}"


def when(reader: Reader, at: Given | None, fields: Fields) -> str:
    """A `valid_from` or `valid_to`, with the inner name of the column it reads."""
    text = reader.text(at)
    if at is None or text in ("", "as_of"):
        return text
    word, name = ("", text) if text in fields.inner else time_read(text)
    column = fields.known(name, at)
    if not column:
        return ""
    wanted = ColumnType.INT if word in ("year", "after") else ColumnType.DATE
    if fields.columns[column].type is not wanted:
        reader.wrong(at, f"reads a {'year' if wanted is ColumnType.INT else 'date'}, and `{name}` is none")
    return f"{word} {column}" if word else column


def roster(reader: Reader, at: Given, fields: Fields) -> RosterMap:
    """How rows place people in households and families."""
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


def particular(reader: Reader, at: Given, fields: Fields) -> ParticularMap:
    """Which columns are a name, a number or an address."""
    parts = reader.members(at, PARTICULAR, ("kind", "columns"))
    columns = tuple(fields.known(name, at) for name in reader.texts(parts.get("columns")))
    return ParticularMap(
        kind=reader.choice(parts.get("kind"), tuple(sorted(PARTICULARS)), "given"),
        columns=tuple(name for name in columns if name),
        protected_when=conditions(reader, parts.get("protected_when"), fields),
        kept_days=reader.number(parts.get("kept_days")),
    )


def limits(reader: Reader, at: Given | None, fields: Fields) -> Limits:
    """What a plausible delivery looks like."""
    if at is None:
        return Limits()
    plain = Limits()
    parts = reader.members(at, LIMITS)
    shares = reader.mapping(parts.get("shares"), lambda each: reader.mapping(each, reader.span))
    known = {fields.known(name, parts["shares"]): spans for name, spans in shares.items()}
    districts = reader.members(parts["districts"], ("column", "change"), ("column",)) if "districts" in parts else {}
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
