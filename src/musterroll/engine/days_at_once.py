"""Days that a column's cells surely name, all at once; every other cell is for the plain reader, `extract.row`.

1. A cell is read here where it is written letter by letter in the first declared form, that form is made of YYYY, MM
   and DD only, and the day is in the calendar and within the declaration's limits. The plain reader says of such a cell
   that it is this one day, without a reason (`cell`, and both ends of `hull`).
2. Nothing else is decided here: white space, other forms, zeros, two-digit years, days out of range are null.
"""

import re
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from musterroll.extract import dating
from musterroll.extract.schema import Column, ColumnType

type Days = NDArray[np.int32]
type Flags = NDArray[np.bool_]

_FIRST_YEAR_ENDS = np.array([0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334], np.int32)
_LENGTHS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int32)
_EPOCH = 719_162
"""Days from 0001-01-01 to 1970-01-01."""


def surely(column: Column, texts: pl.Series, as_of: pl.Series | int) -> pl.Series:
    """The day number of each text that is read here, null for all others. `as_of`: the delivery's day, or each's."""
    form = _form(column)
    found: Days = np.zeros(len(texts), np.int32)
    read: Flags = np.zeros(len(texts), np.bool_)
    if form is not None:
        width = len(form[0])
        places = np.flatnonzero((texts.str.len_bytes() == width).fill_null(value=False).to_numpy())
        letters = _letters(texts if len(places) == len(texts) else texts.gather(places), width)
        days, right = _days(form, letters)
        limit = as_of if isinstance(as_of, int) else as_of.to_numpy()[places]
        right &= (days >= column.earliest) & (days <= column.latest)
        if not column.future:
            right &= days <= limit
        found[places], read[places] = days, right
    told = pl.Series("day", found)
    missing = list(column.missing)
    if missing:
        read &= ~texts.is_in(missing).fill_null(value=False).to_numpy()
    return told.set(pl.Series(~read), None)


@lru_cache(maxsize=256)
def _first(forms: tuple[str, ...]) -> str:
    """The first form, where it is of three parts with two and four digits; else empty."""
    first = "YYYY-MM-DD" if forms[:1] == ("ISO",) else (forms or ("",))[0]
    parts = re.findall("YYYY|MM|DD", first)
    rest = re.sub("YYYY|MM|DD", "", first)
    plain = sorted(parts) == ["DD", "MM", "YYYY"] and re.fullmatch("[-./ ,]*", rest)
    named = any(dating.NAMED in form for form in forms)
    return first if plain and first == first.strip() and not named else ""


def _form(column: Column) -> tuple[str, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]] | None:
    """The form, and the places of its year's, month's and day's digits."""
    first = _first(column.forms) if column.type is ColumnType.DATE else ""
    if not first:
        return None
    signs = np.frombuffer(first.encode(), np.uint8)
    year, month, day = (np.flatnonzero(signs == ord(sign)) for sign in "YMD")
    return first, year, month, day


def _letters(texts: pl.Series, width: int) -> NDArray[np.uint8]:
    """The bytes of texts that all have this many, one row a text."""
    if texts.is_empty():
        return np.zeros((0, width), np.uint8)
    array = texts.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    offsets = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1]
    letters = np.frombuffer(array.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
    return letters.reshape(-1, width)


def _days(
    form: tuple[str, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], letters: NDArray[np.uint8]
) -> tuple[Days, Flags]:
    """The day of each row of letters, and whether it is written in the form and in the calendar."""
    written, *parts = form
    right: Flags = np.ones(len(letters), np.bool_)
    for place, sign in enumerate(written):
        here = letters[:, place]
        right &= (here - np.uint8(48)) < 10 if sign in "YMD" else here == ord(sign)
    year, month, day = (_number(letters, places) for places in parts)
    right &= (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    at = np.clip(month, 1, 12) - 1
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    right &= day <= _LENGTHS[at] + (leap & (at == 1))
    past = year - 1
    before = past * 365 + past // 4 - past // 100 + past // 400
    days: Days = before + _FIRST_YEAR_ENDS[at] + (leap & (at > 1)) + day - 1 - _EPOCH
    return days.astype(np.int32), right


def _number(letters: NDArray[np.uint8], places: NDArray[np.int64]) -> Days:
    number: Days = np.zeros(len(letters), np.int32)
    for place in places:
        number = number * 10 + (letters[:, place] - np.uint8(48))
    return number
