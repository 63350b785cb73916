"""One column of a delivery read at once, each distinct text by the plain reader, `extract.row.cell`.

1. What a text says is never decided here: a text is looked at by the plain reader, or is one of those that it surely
   reads without a word (a text with a letter first and nothing odd in it; a number in the declared mask; a day written
   plainly). What it said is remembered, for as many texts of a column as `REMEMBERED`.
2. `codes` are places in `extract.row.REASONS`, counted from 1; 0 is no reason.
3. `texts` are as `extract.row.present` has them: "" for what the declaration lists as missing.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from musterroll.engine import days_at_once
from musterroll.extract import row
from musterroll.extract.check_digit import CheckDigit
from musterroll.extract.schema import Column, ColumnType

REASONS = ("", *row.REASONS)
CODES = {reason: code for code, reason in enumerate(REASONS)}

REMEMBERED = 1 << 16

type Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answers:
    """What the plain reader says of each of several texts; the columns are those of `Cells`."""

    texts: pa.Array
    present: pa.Array
    values: npt.NDArray[np.object_]
    codes: npt.NDArray[np.uint8]
    empty: Flags
    none: Flags

    @classmethod
    def nothing(cls) -> "Answers":
        """Nothing asked yet."""
        no = pa.array([], pa.utf8())
        return cls(no, no, np.zeros(0, np.object_), np.zeros(0, np.uint8), np.zeros(0, np.bool_), np.zeros(0, np.bool_))

    @classmethod
    def to(cls, column: Column, texts: pa.Array, as_of: int) -> "Answers":
        """What is said of these texts, each asked once."""
        delivered = texts.to_pylist()
        days = _surely(column, texts, as_of)
        present = [
            row.present(column, text) if day is None else text for text, day in zip(delivered, days, strict=True)
        ]
        told = [
            row.cell(column, text, as_of) if day is None else (day, "")
            for text, day in zip(delivered, days, strict=True)
        ]
        values = np.empty(len(told), np.object_)
        values[:] = [value for value, _ in told]
        return cls(
            texts,
            pa.array(present, pa.utf8()),
            values,
            np.array([CODES[reason] for _, reason in told], np.uint8),
            np.array([not text.strip() for text in present], np.bool_),
            np.array([value is None for value, _ in told], np.bool_),
        )

    def at(self, places: npt.NDArray[np.int64]) -> "Answers":
        """Those of the texts at these places."""
        taken = pa.array(places)
        return Answers(
            self.texts.take(taken),
            self.present.take(taken),
            self.values[places],
            self.codes[places],
            self.empty[places],
            self.none[places],
        )

    def and_of(self, more: "Answers") -> "Answers":
        """These and more, of other texts."""
        return Answers(
            pa.concat_arrays([self.texts, more.texts]),
            pa.concat_arrays([self.present, more.present]),
            np.concatenate([self.values, more.values]),
            np.concatenate([self.codes, more.codes]),
            np.concatenate([self.empty, more.empty]),
            np.concatenate([self.none, more.none]),
        )


def _surely(column: Column, texts: pa.Array, as_of: int) -> list[int | None]:
    if column.type is not ColumnType.DATE:
        return [None] * len(texts)
    return days_at_once.surely(column, pl.Series(texts), as_of).to_list()


class Memory:
    """What the plain reader said of the texts of one column, on one day. Several threads may ask at once."""

    def __init__(self, column: Column, as_of: int) -> None:
        self.column, self._as_of, self._known = column, as_of, Answers.nothing()

    def ask(self, texts: pa.Array) -> Answers:
        """The answers to `texts`, in their order; a text that stands twice may be asked twice."""
        known = self._known
        places = pc.fill_null(pc.index_in(texts, value_set=known.texts), -1).to_numpy().astype(np.int64)
        unknown = np.flatnonzero(places < 0)
        if not len(unknown):
            return known.at(places)
        fresh = Answers.to(self.column, texts.take(pa.array(unknown)), self._as_of)
        places[unknown] = len(known.codes) + np.arange(len(unknown))
        room = REMEMBERED - len(known.codes)
        if room > 0:  # what another thread learnt meanwhile is asked again
            self._known = known.and_of(fresh if len(unknown) <= room else fresh.at(np.arange(room)))
        return known.and_of(fresh).at(places)


@dataclass(frozen=True, slots=True)
class Cells:
    """A column's texts, why cells were not read as they stand, which are `empty`, and which gave no `value`.

    `values` are the distinct values (day numbers, codes) with the place of each cell among them, where the texts are
    held as a dictionary; None where they are not.
    """

    texts: pa.Array
    codes: npt.NDArray[np.uint8]
    empty: Flags
    none: Flags
    values: tuple[int | str | None, ...] | None = None
    places: npt.NDArray[np.int32] | None = None


def values(column: Column, texts: pl.Series, as_of: int) -> pl.DataFrame:
    """`value` and `reason` of each text, each distinct one read once by `extract.row.cell`."""
    distinct = texts.unique()
    found = [row.cell(column, text or "", as_of) for text in distinct]
    kind = pl.String if column.type in (ColumnType.TEXT, ColumnType.CODE, ColumnType.NUMBER) else pl.Int64
    known = pl.DataFrame(
        {
            "text": distinct,
            "value": pl.Series([value for value, _ in found], dtype=kind),
            "reason": pl.Series([reason for _, reason in found], dtype=pl.String),
        }
    )
    joined = texts.to_frame("text").join(known, on="text", how="left", maintain_order="left", nulls_equal=True)
    return joined.select("value", "reason")


def read(memory: Memory, texts: pa.Array) -> Cells:
    """All cells of the memory's column."""
    if pa.types.is_dictionary(texts.type):
        return _encoded(memory, texts)
    doubtful = np.flatnonzero(_doubtful(memory.column, texts))
    codes = np.zeros(len(texts), np.uint8)
    empty = np.zeros(len(texts), np.bool_)
    none = np.zeros(len(texts), np.bool_)
    if len(doubtful):
        delivered = texts.take(pa.array(doubtful))
        few = _encoded(memory, delivered.dictionary_encode())
        codes[doubtful], empty[doubtful], none[doubtful] = few.codes, few.empty, few.none
        present = few.texts.cast(pa.utf8())
        if not present.equals(delivered):
            places = np.arange(len(texts))
            places[doubtful] = len(texts) + np.arange(len(doubtful))
            texts = pa.concat_arrays([texts, present]).take(pa.array(places))
    return Cells(texts, codes, empty, none)


def _encoded(memory: Memory, texts: pa.DictionaryArray) -> Cells:
    answers = memory.ask(texts.dictionary)
    places = texts.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    if not answers.present.equals(texts.dictionary):
        texts = pa.DictionaryArray.from_arrays(texts.indices, answers.present)
    return Cells(
        texts,
        answers.codes[places],
        answers.empty[places],
        answers.none[places],
        tuple(answers.values),
        places,
    )


def _table(*letters: int) -> Flags:
    found = np.zeros(256, np.bool_)
    found[list(letters)] = True
    return found


# First bytes of which a text may be blank, unreadable or a formula: white space, controls, = + - @, and the first bytes
# of the white space that Unicode has beyond ASCII.
_ODD = _table(*range(33), 127, *b"=+-@", 0xC2, 0xE1, 0xE2, 0xE3)
_WIDE = _table(0xE1, 0xE2, 0xE3)
_UNSEEN = _table(0xC2, 0xE2, 0xEF)
_MAYBE_UNSEEN = _UNSEEN | _table(0xD8, 0xE1, 0xE3)
_DIGIT = _table(*b"0123456789")
_CAPITAL = _table(*b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_LETTER = _DIGIT | _CAPITAL | _table(*b"abcdefghijklmnopqrstuvwxyz")


def _doubtful(column: Column, texts: pa.Array) -> Flags:
    """Which cells the plain reader has to look at."""
    if column.pattern or column.shortest > 1 or column.type not in (ColumnType.TEXT, ColumnType.NUMBER):
        return np.ones(len(texts), np.bool_)
    offsets, letters = buffers(texts)
    lengths = np.diff(offsets)
    first = letters[np.minimum(offsets[:-1], len(letters) - 1)]
    # What ends in white space is stripped by the plain reader; so is what ends in the second or third byte of a letter
    # that may be white space.
    last = np.maximum(offsets[1:], 1) - 1
    found: Flags = (lengths == 0) | (letters[last] <= 32)
    found |= (letters[np.maximum(last - 1, 0)] == 0xC2) | _WIDE[letters[np.maximum(last - 2, 0)]]
    found[_rows_of(offsets, _unseen(letters))] = True
    if column.type is ColumnType.TEXT:
        found |= _ODD[first] | (lengths > column.longest)
        found[_rows_of(offsets, np.flatnonzero((letters < 32) | (letters == 127)))] = True
    elif column.forms:
        found |= ~_in_mask(column.forms, offsets, lengths, letters)
        for check in column.checks:
            found |= ~_checked(check, column.forms, offsets, lengths, letters)
    elif column.checks:
        return np.ones(len(texts), np.bool_)
    else:
        found |= ~_LETTER[first] | (lengths > 60)
        found[_rows_of(offsets, np.flatnonzero((letters == ord(".")) | (letters == ord("+"))))] = True
    if column.missing:
        start = _table(*(text.encode()[0] for text in column.missing if text))
        found |= start[first]
    return found


def _unseen(letters: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Where a sign may begin that nobody sees, another space than the plain one, or the mark of a lost letter.

    In some scripts every letter begins with the first byte of such a sign: there the second one tells.
    """
    places: npt.NDArray[np.int64] = np.flatnonzero(_MAYBE_UNSEEN[letters])
    if not len(places):
        return places
    first, second = letters[places], letters[np.minimum(places + 1, len(letters) - 1)]
    sure = _UNSEEN[first] | ((first == 0xD8) & (second == 0x9C)) | ((first == 0xE3) & (second == 0x80))
    found: npt.NDArray[np.int64] = places[sure | ((first == 0xE1) & ((second == 0x9A) | (second == 0xA0)))]
    return found


def _rows_of(offsets: npt.NDArray[np.int32], places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    inside = places[(places >= offsets[0]) & (places < offsets[-1])]
    found: npt.NDArray[np.int64] = np.searchsorted(offsets, inside, side="right") - 1
    return found


def _in_mask(
    forms: tuple[str, ...],
    offsets: npt.NDArray[np.int32],
    lengths: npt.NDArray[np.int32],
    letters: npt.NDArray[np.uint8],
) -> Flags:
    """Which cells are written in one of the masks: 9 is a digit, A a capital letter, all else itself."""
    fits = np.zeros(len(lengths), np.bool_)
    for form in forms:
        mask = form.encode()
        rows = np.flatnonzero((lengths == len(mask)) & ~fits)
        starts = offsets[:-1][rows]
        right = np.ones(len(rows), np.bool_)
        for place, sign in enumerate(mask):
            found = letters[starts + place]
            right &= _DIGIT[found] if sign == ord("9") else _CAPITAL[found] if sign == ord("A") else found == sign
        fits[rows] = right
    return fits


def _checked(
    check: CheckDigit,
    forms: tuple[str, ...],
    offsets: npt.NDArray[np.int32],
    lengths: npt.NDArray[np.int32],
    letters: npt.NDArray[np.uint8],
) -> Flags:
    """Which cells in a mask have the right check digit; those that cannot be told here count as wrong."""
    right = np.zeros(len(lengths), np.bool_)
    signs = [check.sign_of(result) for result in range(check.modulus)]
    written = np.array([ord(sign) if len(sign) == 1 and ord(sign) < 128 else 0 for sign in signs], np.uint8)
    for form in {len(form): form for form in reversed(forms)}.values():
        if sum(len(other) == len(form) for other in forms) > 1:
            continue  # which of the masks it is, the plain reader finds out
        places = [place for place, sign in enumerate(form) if sign.isalnum()]
        if len(places) < check.at or any(form[place] != "9" for place in places[: check.at - 1]):
            continue
        rows = np.flatnonzero(lengths == len(form.encode()))
        starts = offsets[:-1][rows]
        digits = [letters[starts + place].astype(np.int64) - 48 for place in places[: check.at - 1]]
        result = np.full(len(rows), 10, np.int64)
        for weights in check.weights:
            total = sum(digit * weight for digit, weight in zip(digits, weights, strict=True))
            rest = np.asarray(total) % check.modulus
            found = (check.modulus - rest) % check.modulus if check.complement else rest
            result = np.where(result >= 10, found, result)
        expected = written[result]
        right[rows] = (letters[starts + places[check.at - 1]] == expected) & (expected > 0)
    return right


def buffers(texts: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Where each text begins (and the last one ends), and the bytes of all."""
    _, offsets, letters = texts.buffers()
    places = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    found = np.frombuffer(letters, np.uint8) if letters is not None and letters.size else np.zeros(1, np.uint8)
    return places, found
