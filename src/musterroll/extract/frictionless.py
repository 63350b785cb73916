"""The pure Table Schema of a declaration (Frictionless Table Schema v1), for an agency's own tools.

It says how cells are written and nothing of what they are for. What that standard cannot say (several forms of one
date, a mask of a number) becomes a pattern, so that a file the schema accepts is one that the door reads.
"""

import re
from typing import Any

from musterroll import dates
from musterroll.extract import dating
from musterroll.extract.schema import Column, ColumnType, Source


def table_schema(source: Source) -> dict[str, Any]:
    """The schema as JSON values: fields in the declared order, the key, the texts that stand for an empty cell."""
    schema: dict[str, Any] = {"fields": [_field(column) for column in source.delivered]}
    if source.keys:
        headings = {column.name: column.heading or column.name for column in source.delivered}
        schema["primaryKey"] = [headings[name] for name in source.keys]
    missing = dict.fromkeys(text for column in source.delivered for text in column.missing)
    schema["missingValues"] = ["", *missing]
    return schema


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.heading or column.name}
    limits: dict[str, Any] = {"required": True} if column.required else {}
    match column.type:
        case ColumnType.DATE if column.months:
            field["type"] = "string"
        case ColumnType.DATE if len(column.forms) == 1 and not column.partly:
            form = column.forms[0]
            field["type"] = "datetime" if form == "ISO" or "hh" in form else "date"
            field["format"] = "default" if form in ("ISO", "YYYY-MM-DD") else dating.to_strptime(form)
            if column.earliest != dates.FIRST_DAY:
                limits["minimum"] = dates.format_day(column.earliest)
            if column.latest != dates.NEVER:
                limits["maximum"] = dates.format_day(column.latest)
        case ColumnType.DATE:
            field["type"] = "string"
            limits["pattern"] = "|".join(re.sub(r"\?P<[YMD]>", "?:", dating.pattern_of(form)) for form in column.forms)
        case ColumnType.INT:
            field["type"] = "integer"
            if column.decimal != ".":  # a table schema has no whole numbers with a decimal sign
                field |= {"type": "number", "decimalChar": column.decimal}
            limits |= {"minimum": column.least, "maximum": column.most}
        case ColumnType.CODE:
            field["type"] = "string"
            limits["enum"] = list(column.values)
        case _:
            field["type"] = "string"
            if column.forms:
                limits["pattern"] = "|".join(_mask(mask) for mask in column.forms)
            elif column.pattern:
                limits["pattern"] = column.pattern
            if column.shortest:
                limits["minLength"] = column.shortest
    if limits:
        field["constraints"] = limits
    return field


def _mask(mask: str) -> str:
    return "".join({"9": "[0-9]", "A": "[A-Z]"}.get(sign, re.escape(sign)) for sign in mask)
