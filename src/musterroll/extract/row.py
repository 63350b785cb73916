"""One row of a delivery: read, checked and typed, or set aside with reasons.

1. What was delivered is kept as it is (`texts`); what the register reads from it stands beside it (`values`).
2. A cell that cannot be read is unknown (None) and noted; it is never guessed and never a reason to guess.
3. A row is set aside when its place in the register is unclear: a required cell missing or unreadable, too few or too
   many cells, or a key that stands twice where it may stand once. Setting a row aside is not an error.
4. Reasons are codes; nothing here repeats a cell's content.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from musterroll import dates
from musterroll.errors import MusterRollError
from musterroll.extract.schema import Column, ColumnType, Source

REASONS = {
    "cells": "the row has more or fewer cells than the heading",
    "required": "a cell that must be filled is empty",
    "key.twice": "the key stands in more than one row",
    "date.format": "a date is not written as declared",
    "date.two-digit-year": "a year has two digits",
    "date.not-in-calendar": "a date does not exist in the calendar",
    "date.too-early": "a date is before the first that can be right",
    "date.too-late": "a date is after the last that can be right",
    "date.in-future": "a date is after the day on which the register was copied",
    "code.unknown": "a code is not one of those declared",
    "int.format": "a whole number is not written in digits",
    "int.range": "a number is outside its declared range",
    "number.format": "a personal number is not written as declared",
    "text.unreadable": "a text holds control characters or the mark of a lost letter",
}
"""Every reason for which a cell is not read or a row is set aside, in words for the agency."""


@dataclass(frozen=True, slots=True)
class Note:
    """A cell that was not read as it stands: its column and a code of `REASONS`."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is kept. `row` counts data rows from 1, `key` is the agency's own number for the entry."""

    row: int
    key: str
    texts: Mapping[str, str]
    values: Mapping[str, int | str | None]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A row set aside: its place in the file, why, and its key where that can be read."""

    row: int
    notes: tuple[Note, ...]
    key: str = ""


def read(source: Source, row: int, texts: Mapping[str, str], as_of: int) -> Row | Refused:
    """The row with its values, or set aside because a required cell cannot be read. `as_of` is the delivery's day."""
    values: dict[str, int | str | None] = {}
    notes: list[Note] = []
    fatal = False
    for name, column in source.columns.items():
        value, reason = cell(column, texts[name], as_of)
        if value is None and column.required:
            notes.append(Note(name, reason or "required"))
            fatal = True
        elif reason:
            notes.append(Note(name, reason))
        values[name] = value
    key = texts[source.key].strip()
    if fatal:
        return Refused(row, tuple(notes), key)
    return Row(row, key, texts, values, tuple(notes))


def typed(source: Source, texts: Mapping[str, str], as_of: int = dates.NEVER) -> dict[str, int | str | None]:
    """The values of a row kept earlier, read again: the same for the same texts and day, always."""
    return {name: cell(column, texts[name], as_of)[0] for name, column in source.columns.items()}


def cell(column: Column, text: str, as_of: int) -> tuple[int | str | None, str]:
    """A cell's value and, where it is not as declared, a code of `REASONS`. A blank cell is None without a reason.

    Days are day numbers. A personal number is its letters and digits in capitals, even where its form is wrong: linkage
    compares it letter by letter and nothing rests on it alone.
    """
    bare = text.strip()
    if not bare:
        return None, ""
    match column.type:
        case ColumnType.DATE:
            return _date(column.format, column.earliest, column.latest, column.future, bare, as_of)
        case ColumnType.CODE:
            return (bare, "") if bare in column.values else (None, "code.unknown")
        case ColumnType.INT:
            if not (bare.isascii() and bare.isdigit()):
                return None, "int.format"
            number = int(bare)
            return (number, "") if column.least <= number <= column.most else (None, "int.range")
        case ColumnType.NUMBER:
            folded = "".join(letter for letter in bare.upper() if letter.isalnum())
            right = not column.format or bool(_number_pattern(column.format).fullmatch(bare))
            return folded or None, "" if right else "number.format"
        case _:
            lost = "�" in bare or any(ord(letter) < 32 or ord(letter) == 127 for letter in bare)
            return (None, "text.unreadable") if lost else (bare, "")


@lru_cache(maxsize=65_536)
def _date(form: str, earliest: int, latest: int, future: bool, text: str, as_of: int) -> tuple[int | None, str]:
    found = _date_pattern(form).fullmatch(text)
    if not found:
        short = _date_pattern(form, short=True).fullmatch(text)
        return None, "date.two-digit-year" if short else "date.format"
    year, month, day = found["Y"], found["M"], found["D"]
    try:
        value = dates.parse_day(f"{year}-{month}-{day}")
    except MusterRollError:
        return None, "date.not-in-calendar"
    if value < earliest:
        return None, "date.too-early"
    if value > latest:
        return None, "date.too-late"
    if value > as_of and not future:
        return None, "date.in-future"
    return value, ""


@lru_cache(maxsize=64)
def _date_pattern(form: str, *, short: bool = False) -> re.Pattern[str]:
    """The pattern of a declared form. The short one finds a two-digit year, also with one-digit days and months."""
    parts = re.split("(YYYY|MM|DD)", form)
    names = {"YYYY": "Y", "MM": "M", "DD": "D"}
    apart = any(part and part not in names for part in parts)
    digits = "{1,2}" if short and apart else "{2}"
    widths = {"YYYY": "{2}" if short else "{4}", "MM": digits, "DD": digits}
    return re.compile(
        "".join(f"(?P<{names[part]}>[0-9]{widths[part]})" if part in names else re.escape(part) for part in parts)
    )


@lru_cache(maxsize=64)
def _number_pattern(form: str) -> re.Pattern[str]:
    """The pattern of a declared number: 9 is a digit, A a capital letter, all else itself."""
    return re.compile("".join({"9": "[0-9]", "A": "[A-Z]"}.get(mark, re.escape(mark)) for mark in form))
