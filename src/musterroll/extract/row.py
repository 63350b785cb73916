"""One row of a delivery: read, checked and typed, or set aside with reasons.

1. What was delivered is kept as it is (`texts`); what the register reads from it stands beside it (`values`).
2. A cell that cannot be read is unknown (None) and noted; it is never guessed and never a reason to guess.
3. A row is set aside when its place in the register is unclear: a required cell missing or unreadable, too few or too
   many cells, or a key that stands twice where it may stand once. Setting a row aside is not an error. Of rows equal
   in every cell that is read one is kept.
4. Reasons are codes; nothing here repeats a cell's content.
5. A text that the declaration lists as missing is an empty cell. What one cell says for several is taken apart first
   (`extract.made`), so that a made column is read like a delivered one.
6. A date of which only the year, or year and month, are written allows several days: `hull` gives them, `cell` nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from musterroll import dates
from musterroll.extract import dating
from musterroll.extract.digits import OTHER_DIGITS
from musterroll.extract.schema import Column, ColumnType, Source

REASONS = {
    "cells": "the row has more or fewer cells than the heading",
    "required": "a cell that must be filled is empty",
    "key.twice": "the key stands in more than one row",
    "row.twice": "the row stands in the file before, word for word; it is read once",
    "date.format": "a date is not written as declared",
    "date.two-digit-year": "a year has two digits",
    "date.other-era": "a year is not of the common era: the Buddhist one is 543 ahead, Islamic ones some 600 behind",
    "date.not-in-calendar": "a date does not exist in the calendar",
    "date.too-early": "a date is before the first that can be right",
    "date.too-late": "a date is after the last that can be right",
    "date.in-future": "a date is after the day on which the register was copied",
    "code.unknown": "a code is not one of those declared",
    "int.format": "a whole number is not written in digits",
    "int.range": "a number is outside its declared range",
    "number.format": "a personal number is not written as declared",
    "number.rounded": "a spreadsheet has rounded a personal number (1.23E+09): its last digits are lost",
    "number.check": "the check digit of a personal number is not the one that its other digits give",
    "text.length": "a text is shorter or longer than declared",
    "text.pattern": "a text is not written in its declared form",
    "text.unreadable": "a text holds control characters or the mark of a lost letter",
    "text.formula": "a text looks like a spreadsheet's formula; it is kept as text",
    "json.format": "the line is not one JSON object",
    "json.twice": "a member stands twice in one line",
    "json.nested": "a member holds a list or an object where one value is declared",
    "change.unknown": "the row does not say what to do with the entry, or says what cannot be",
}
"""Every reason for which a cell is not read or a row is set aside, in words for the agency."""


REPEATED = "row.twice"
"""The one reason for which nothing is lost: what the row says is held."""

PUT = "put"
DROP = "drop"


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
    op: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row set aside: its place in the file, why, its key where that can be read, and its texts where it has all."""

    row: int
    notes: tuple[Note, ...]
    key: str = ""
    texts: Mapping[str, str] = field(default_factory=dict, compare=False)


def whole(source: Source, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts of every column: missing ones empty, made ones made."""
    found = {column.name: present(column, texts[column.name]) for column in source.delivered}
    for column in source.made:
        made = column.made
        assert made is not None
        found[column.name] = present(column, made.text(*(found[name] for name in made.of)))
    return found


def present(column: Column, text: str) -> str:
    """The text of a cell without white space around it, empty where the declaration says that it stands for nothing.

    Lines of a free text (an address in three lines, within quotation marks) are one line: a space stands between them.
    Signs that nobody sees (marks of direction, joints and spaces of no width) are no part of a text, and each kind of
    space is a plain one: a program copied them along, and a key, a code or a day is the same with them. A code in other
    capitals than declared is the declared one, where no other differs from it by that alone.
    """
    bare = seen(text)
    if column.type is ColumnType.TEXT and ("\n" in bare or "\r" in bare):
        bare = _LINES.sub(" ", bare)
    if bare in column.missing:
        return ""
    return as_spelt(column.values, bare) if column.type is ColumnType.CODE else bare


def as_spelt(names: tuple[str, ...], text: str) -> str:
    """The one of the names that the text is, in whatever capitals; the text itself where it is none or several."""
    return text if text in names else sole_spellings(names).get(text.casefold(), text)


@lru_cache(maxsize=256)
def sole_spellings(names: tuple[str, ...]) -> Mapping[str, str]:
    """Each name by what it is without regard to capitals, but for names that are then the same."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(name.casefold(), []).append(name)
    return {folded: several[0] for folded, several in found.items() if len(several) == 1}


def seen(text: str) -> str:
    """The text as it is seen, without white space around it."""
    if not text.isascii():
        text = _UNSEEN.sub("", _SPACES.sub(" ", text)).strip(_JOINERS)
    return text.strip()


def read(source: Source, row: int, texts: Mapping[str, str], as_of: int) -> Row | Refused:
    """The row with its values, or set aside because a required cell cannot be read. `as_of` is the delivery's day.

    `texts` are of every column, made ones included (`whole`).
    """
    values: dict[str, int | str | None] = {}
    notes: list[Note] = []
    fatal = False
    for name, column in source.columns.items():
        value, reason = cell(column, texts[name], as_of)
        if value is None and column.required and (reason or not texts[name].strip()):
            notes.append(Note(name, reason or "required"))
            fatal = True
        elif reason:
            notes.append(Note(name, reason))
        values[name] = value
    key = texts[source.key].strip()
    if fatal:
        return Refused(row, tuple(notes), key, texts)
    return Row(row, key, texts, values, tuple(notes))


def drop(source: Source, row: int, texts: Mapping[str, str], as_of: int) -> Row | Refused:
    """A row of which only the key is read: its entry is no longer in the register."""
    column = source.columns[source.key]
    value, reason = cell(column, texts[source.key], as_of)
    key = texts[source.key].strip()
    if value is None and column.required and (reason or not key):
        return Refused(row, (Note(source.key, reason or "required"),), key)
    notes = (Note(source.key, reason),) if reason else ()
    return Row(row, key, texts, {**dict.fromkeys(source.columns), source.key: value}, notes, DROP)


def typed(source: Source, texts: Mapping[str, str], as_of: int = dates.NEVER) -> dict[str, int | str | None]:
    """The values of a row kept earlier, read again: the same for the same texts and day, always."""
    return {name: cell(column, texts[name], as_of)[0] for name, column in source.columns.items()}


def cell(column: Column, text: str, as_of: int) -> tuple[int | str | None, str]:
    """A cell's value and, where it is not as declared, a code of `REASONS`. A blank cell is None without a reason.

    Days are day numbers; a partly known day is None without a reason (`hull` has it). A personal number is its letters
    and digits in capitals, even where its form is wrong: linkage compares it letter by letter and nothing rests on it
    alone.
    """
    bare = present(column, text).strip()
    if not bare:
        return None, ""
    if column.type in _IN_DIGITS and not bare.isascii():
        bare = bare.translate(_NARROW)
    match column.type:
        case ColumnType.DATE:
            span, reason = hull(column, bare, as_of)
            return (span[0] if span and span[0] == span[1] else None), reason
        case ColumnType.CODE:
            return (bare, "") if bare in column.values else (None, "code.unknown")
        case ColumnType.INT:
            bare = _whole(bare) if column.decimal == "." else _before(column.decimal, bare)
            if not (bare.isascii() and bare.isdigit()):
                return None, "int.format"
            number = int(bare[:20])
            return (number, "") if column.least <= number <= column.most else (None, "int.range")
        case ColumnType.NUMBER:
            right = not column.forms or any(_number_pattern(form).fullmatch(bare) for form in column.forms)
            if not (column.forms and right):
                if _ROUNDED.fullmatch(bare):
                    return None, "number.rounded"
                bare = _whole(bare)
                right = not column.forms or any(_number_pattern(form).fullmatch(bare) for form in column.forms)
            folded = "".join(letter for letter in bare.upper() if letter.isalnum())
            right = right and _fits(column.pattern, bare)
            if not right or len(folded) > _LONGEST_NUMBER:
                return folded[:_LONGEST_NUMBER] or None, "number.format"
            return folded or None, "" if all(one.is_right(folded) for one in column.checks) else "number.check"
        case _:
            return _text(column, bare)


def hull(column: Column, text: str, as_of: int) -> tuple[tuple[int, int] | None, str]:
    """The first and the last day that a date's cell allows, or why it gives none. Both are equal where it is exact.

    Days after the delivery's as-of day are left out where the declaration allows none.
    """
    bare = present(column, text).strip().translate(_NARROW)
    if not bare:
        return None, ""
    span, reason = dating.days_named(column.forms, column.months, bare, partly=column.partly)
    if span is None:
        return None, reason
    lo, hi = span
    if hi < column.earliest:
        return None, "date.other-era" if dates.date_of(lo).year in _ISLAMIC else "date.too-early"
    if lo > column.latest:
        return None, "date.other-era" if _buddhist(lo, as_of) else "date.too-late"
    if lo > as_of and not column.future:
        return None, "date.other-era" if _buddhist(lo, as_of) else "date.in-future"
    return (max(lo, column.earliest), min(hi, column.latest, hi if column.future else as_of)), ""


def _buddhist(day: int, as_of: int) -> bool:
    """Whether a day too late is of a year in which somebody alive may be born, counted in the Buddhist era."""
    years_ago = dates.date_of(as_of).year + BUDDHIST - dates.date_of(day).year if as_of < dates.NEVER else -1
    return 0 <= years_ago <= _LIFETIME


def compared(column: Column, text: str, as_of: int) -> int | str | None:
    """A cell's value as linkage compares it: a coded sex is already `male` or `female`."""
    value = cell(column, text, as_of)[0]
    return column.means.get(value) if isinstance(value, str) and column.means else value


BUDDHIST = 543
"""How many years the Buddhist era is ahead of the common one."""

_ISLAMIC = range(1200, 1500)
_LIFETIME = 120
_LONGEST_NUMBER = 100
# What a spreadsheet makes of a number: `1.23E+09` has lost its last digits and is nobody's; `12345.0` has lost nothing.
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?[Ee][+][0-9]+")
_WHOLE = re.compile(r"([0-9]+)[.]0{1,2}")  # three zeros may be thousands
# Digits, letters and signs as wide as an ideograph are the narrow ones where a number or a day is read, and digits of
# other scripts the ones that programs count with; a dash of a text program is a hyphen.
_IN_DIGITS = (ColumnType.DATE, ColumnType.INT, ColumnType.NUMBER)
_DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-")
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | OTHER_DIGITS | _DASHES
_LINES = re.compile(r"[ \t]*[\r\n]+[ \t]*")
# A joiner inside a word spells it (Persian, Indic scripts); before or after a text it joins nothing.
_JOINERS = " \t\r\n\u200c\u200d"
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def _whole(bare: str) -> str:
    found = _WHOLE.fullmatch(bare)
    return found[1] if found else bare


def _before(decimal: str, bare: str) -> str:
    """What stands before the declared sign, where only zeros follow: `124,0` is 124, and `124,5` no whole number."""
    before, sign, after = bare.partition(decimal)
    return before if sign and after and not after.strip("0") else bare


def _text(column: Column, bare: str) -> tuple[str | None, str]:
    if "\ufffd" in bare or any(ord(letter) < 32 or ord(letter) == 127 for letter in bare):
        return None, "text.unreadable"
    if not column.shortest <= len(bare) <= column.longest:
        return None, "text.length"
    if not _fits(column.pattern, bare):
        return None, "text.pattern"
    return bare, "text.formula" if _is_formula(bare) else ""


def _is_formula(bare: str) -> bool:
    """Whether a spreadsheet would compute it: a number with its sign is none, nor is a dash alone."""
    return bare[0] in "=@" or (bare[0] in "+-" and bare[1:2] not in ("", " ", *"0123456789"))


def _fits(pattern: str, bare: str) -> bool:
    return not pattern or bool(_compiled(pattern).fullmatch(bare))


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


@lru_cache(maxsize=64)
def _number_pattern(form: str) -> re.Pattern[str]:
    """The pattern of a declared number: 9 is a digit, A a capital letter, all else itself."""
    return re.compile("".join({"9": "[0-9]", "A": "[A-Z]"}.get(mark, re.escape(mark)) for mark in form))
