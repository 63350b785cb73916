"""Whether a delivery can be what it says: its profile against declared limits and against the last delivery's.

1. A finding is a sentence with numbers and no person in it. One finding is enough for quarantine: the delivery waits,
   the last one stays in force, and nobody's standing moves.
2. The failures that made these rules: a whole city marked dead by a shifted column (Hartford), a source list cut to a
   quarter (Kent County) or not merged (York County), three districts missing (Lithuania), letters to men born 1893-97
   by two-digit years (United States).
3. A delivery of changes is measured by its own size: how many rows it may have, how many may be unreadable. What only a
   whole register shows (shares, districts, years of birth) is not asked of it.
4. What the agency itself counted must be found again, but for rows that were set aside.
5. A share is one of many: where few rows are delivered, what chance gives is allowed on top of a limit.
6. A file read in another encoding than it was written in is full of letters, but not of the letters that names have: it
   holds signs, its words begin small and go on in capitals, or since the last delivery other letters are common. In a
   first delivery of Western letters the Icelandic ð and þ stand beside ç: names of no one language, but Turkish ones.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isqrt

from musterroll import dates
from musterroll.extract.manifest import Manifest
from musterroll.extract.profile import WHOLE, Profile
from musterroll.extract.schema import Source

_ROLES_READ = frozenset({"given", "family", "born", "sex"})
_NAMES = frozenset({"given", "middle", "family"})
_ENCODING = "The file may be written in another encoding than declared."
_SIGNS = frozenset({"Sm", "Sc", "So", "No", "Cc", "Co", "Cn"})

FEW = 20
"""Rows by which a district or year of birth may always move, and rows that a delivery of changes, or of a list on which
nobody was, may always have."""

MOST_OLD = 2_000
MOST_DIGITS = 500
MOST_SIGNS = 100
MOST_OTHER_LETTERS = 3_500
"""A register read as windows-1251 that is KOI8-R differs by 45 to 55 percent from itself, one read as windows-1252 that
is windows-1254 by 55; two samples of one country's names by 15 at most (four countries)."""

MOST_INVERTED, INVERTED_COUNTED = 5_000, 50
"""A register read as windows-1251 that is KOI8-R has nearly all its names the wrong way round. A program that makes
capitals of ASCII letters only leaves so at most the names of which nothing but the first letter is another one."""

TURKISH, TURKISH_COUNTED = 800, 50
"""Turkish names (Faker's) written in windows-1254 and read as windows-1252 have ð and þ in 22 to 25 percent of their
letters outside ASCII, a cedilla in 12 (given) and 21 (family); each of 40 files of a hundred rows has a column with 14
or more of both. Icelandic names have ð and þ in 16 to 24 and no cedilla: with three Portuguese in ten in 1, and in 5
where one in ten has a name of a list in which nearly each is written with it."""

_WESTERN = frozenset({"windows-1252", "iso-8859-1", "iso-8859-15"})

LETTERS_COUNTED, CELLS_OF_A_LETTER = 200, 20
"""Of fewer letters outside ASCII than so many in all, or than one in so many cells, nothing follows."""

SAME_DAY = 10
"""People who have to be born on one same day before that says anything."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something implausible: a code, a sentence, and what was measured against which limits (whole numbers)."""

    code: str
    what: str
    measured: int
    least: int
    most: int


def findings_of(source: Source, profile: Profile, previous: Profile | None, told: Manifest) -> tuple[Finding, ...]:
    """Everything implausible about a delivery, in a fixed order. `previous` is the last whole register taken in."""
    if not told.full:
        return tuple(_of_changes(source, profile, previous, told.rows))
    found = [*_against_limits(source, profile)]
    if previous:
        found.extend(_against_last(source, profile, previous))
    else:
        found.extend(_turkish(source, profile))
    found.extend(_against_counts(source, profile, told))
    return tuple(found)


def _of_changes(source: Source, profile: Profile, previous: Profile | None, rows: int) -> Iterator[Finding]:
    """`rows` are those of the file, entries that are dropped included: leaving the register is a change too."""
    if previous:
        yield from _older(profile, previous)
        before = previous.rows + previous.refused
        most = max(before * source.limits.rows_change // 100, FEW)
        yield from _outside("rows-moved", "The number of rows in a delivery of changes", rows, 0, most)
    else:
        yield from _outside("rows", "The number of rows", rows, 0, source.limits.rows[1])
        yield from _turkish(source, profile)
    yield from _refused(source, profile)
    yield from _wrong(source, profile)
    yield from _signs(source, profile)
    if previous:
        yield from _letters((name for name in profile.letters if _is_name(source, name)), profile, previous)


def _against_limits(source: Source, profile: Profile) -> Iterator[Finding]:
    limits, rows = source.limits, profile.rows
    born = sum(profile.birth_years.values())
    yield from _outside("rows", "The number of rows", rows + profile.refused, *limits.rows)
    yield from _refused(source, profile)
    for column, share in profile.unread.items():
        if source.columns[column].role in _ROLES_READ:
            what = f"The share of blank or unreadable cells in `{column}`"
            yield from _share("unread", what, share, 0, limits.unread * 100, rows)
    yield from _wrong(source, profile)
    for column, spans in limits.shares.items():
        for value, (least, most) in spans.items():
            what = f"The share of `{value}` in `{column}`" if value else f"The share of empty cells in `{column}`"
            yield from _share("share", what, profile.codes[column].get(value, 0), least * 100, most * 100, rows)
    for band, (least, most) in limits.ages.items():
        what = f"The share of people aged {band}"
        yield from _share("age", what, profile.ages.get(band, 0), least * 100, most * 100, born)
    what = "The share of people born on one same day"
    if profile.one_day * born >= SAME_DAY * WHOLE:
        yield from _share("one-day", what, profile.one_day, 0, limits.one_day * 100, born)
    yield from _share("over-100", "The share of people a hundred years old and more", profile.old, 0, MOST_OLD, born)
    for column, share in profile.digits.items():
        if _is_name(source, column):
            what = f"The share of names that begin with a digit in `{column}`"
            yield from _share("digits", what, share, 0, MOST_DIGITS, rows)
    yield from _signs(source, profile)


def _refused(source: Source, profile: Profile) -> Iterator[Finding]:
    rows = profile.rows + profile.refused
    share = profile.refused * WHOLE // max(rows, 1)
    few = rows if profile.rows else WHOLE**2  # where nothing could be kept, chance is no excuse
    yield from _share("refused", "The share of rows set aside", share, 0, source.limits.refused * 100, few)


def _wrong(source: Source, profile: Profile) -> Iterator[Finding]:
    """Cells that hold something else than declared, in any column: a shifted column, or another way of writing."""
    for column, share in profile.wrong.items():
        if source.columns[column].role not in _ROLES_READ:
            what = f"The share of cells in `{column}` that are not written as declared"
            yield from _share("unreadable", what, share, 0, source.limits.unread * 100, profile.rows)


def _is_name(source: Source, column: str) -> bool:
    return source.columns[column].role in _NAMES


def _signs(source: Source, profile: Profile) -> Iterator[Finding]:
    for column, letters in profile.letters.items():
        if _is_name(source, column):
            signs = sum(count for letter, count in letters.items() if unicodedata.category(letter) in _SIGNS)
            what = f"The number of signs that no name has, in a hundred cells of `{column}`,"
            for found in _share("signs", what, signs * WHOLE // max(profile.rows, 1), 0, MOST_SIGNS, profile.rows):
                yield replace(found, what=f"{found.what} {_ENCODING}")
    for column, share in profile.inverted.items():
        if _is_name(source, column) and share * profile.rows >= INVERTED_COUNTED * WHOLE:
            what = f"The share of names in `{column}` that begin small and go on in capitals"
            for found in _share("inverted", what, share, 0, MOST_INVERTED, profile.rows):
                yield replace(found, what=f"{found.what} {_ENCODING}")


def _turkish(source: Source, profile: Profile) -> Iterator[Finding]:
    """Names in whose letters ð and þ, which stand for ğ and ş, and a cedilla are both common."""
    for column, letters in profile.letters.items() if source.encoding in _WESTERN else ():
        told = sum(letters.values())
        if not _is_name(source, column) or told < TURKISH_COUNTED:
            continue
        icelandic = (letters.get("ð", 0) + letters.get("þ", 0)) * WHOLE // told
        cedilla = letters.get("\N{COMBINING CEDILLA}", 0) * WHOLE // told
        if min(icelandic, cedilla) > TURKISH:
            shares = f"{icelandic / 100:.2f} % are ð or þ and {cedilla / 100:.2f} % have a cedilla"
            expected = f"names of one language have at most one of the two, expected is {TURKISH / 100:.2f} % or less"
            what = f"Of the letters outside ASCII in `{column}` {shares}; {expected}. {_ENCODING}"
            yield Finding("letters", what, min(icelandic, cedilla), 0, TURKISH)


def _letters(columns: Iterable[str], profile: Profile, last: Profile) -> Iterator[Finding]:
    """How much of the letters outside ASCII is not what it was. A profile of an earlier version tells of no letters."""
    for column in sorted(set(columns) & set(last.letters)):
        now, before = profile.letters[column], last.letters[column]
        most = max(sum(now.values()) * last.rows, sum(before.values()) * profile.rows)
        if most < LETTERS_COUNTED * max(profile.rows, last.rows) or most * CELLS_OF_A_LETTER < profile.rows * last.rows:
            continue
        pairs = [(now.get(letter, 0) * last.rows, before.get(letter, 0) * profile.rows) for letter in {*now, *before}]
        moved = sum(abs(one - other) for one, other in pairs) * WHOLE // sum(map(sum, pairs))
        if moved > MOST_OTHER_LETTERS:
            what = (
                f"Since the last delivery, {moved / 100:.2f} % of the letters outside ASCII in `{column}` are others;"
            )
            expected = f"expected is at most {MOST_OTHER_LETTERS / 100:.2f} %. {_ENCODING}"
            yield Finding("letters", f"{what} {expected}", moved, 0, MOST_OTHER_LETTERS)


def _older(profile: Profile, last: Profile) -> Iterator[Finding]:
    if profile.as_of < last.as_of:
        yield Finding(
            "older",
            f"The register was copied on {dates.format_day(profile.as_of)}, before the last one that was taken in "
            f"({dates.format_day(last.as_of)}).",
            profile.as_of,
            last.as_of,
            dates.NEVER,
        )


def _against_last(source: Source, profile: Profile, last: Profile) -> Iterator[Finding]:
    limits = source.limits
    yield from _older(profile, last)
    now, before = profile.rows + profile.refused, last.rows + last.refused
    if not before:  # nobody was on the list: there is nothing else to compare with
        yield from _outside("rows-moved", "The number of rows", now, 0, FEW)
        return
    moved = max(before * limits.rows_change // 100, isqrt(before))
    yield from _outside("rows-moved", "The number of rows", now, before - moved, before + moved)
    change = limits.shares_change * 100
    pairs = [(f"`{column}`", values, last.codes.get(column, {})) for column, values in profile.codes.items()]
    pairs += [("the age bands", profile.ages, last.ages), ("the decades of birth", profile.born, last.born)]
    pairs += [("the blank or unreadable cells", profile.unread, last.unread)]
    pairs += [("the texts that begin with a digit", profile.digits, last.digits or profile.digits)]
    for name, values, earlier in pairs:
        yield from _moved(name, values, earlier, change, min(profile.rows, last.rows))
    days = last.days or profile.days
    for column in sorted({*profile.days, *days}):
        share, was = ({column: each.get(column, 0)} for each in (profile.days, days))
        # Of four deaths three on one day: of so few nothing follows. Many on one day are many, whatever was before.
        told = _told(profile, column)
        few = told if share[column] > was[column] else min(told, _told(last, column))
        yield from _moved("the commonest days", share, was, change, few)
    yield from _letters(profile.letters, profile, last)
    yield from _counted("district", profile.districts, last.districts, limits.district_change)
    # The year of the last delivery was not over: it may have grown by any number.
    over = dates.date_of(last.as_of).year
    now_years, then = ({y: n for y, n in each.birth_years.items() if int(y) < over} for each in (profile, last))
    yield from _counted("birth-year", now_years, then, limits.birth_year_change)


def _told(profile: Profile, column: str) -> int:
    """In how many rows the cell of a column is filled and can be read."""
    return profile.rows * (WHOLE - profile.unread.get(column, 0)) // WHOLE


def _moved(name: str, now: Mapping[str, int], before: Mapping[str, int], change: int, rows: int) -> Iterator[Finding]:
    for value in sorted(set(now) | set(before)):
        was = before.get(value, 0)
        what = f"Since the last delivery, the share of `{value}` in {name}"
        yield from _share("share-moved", what, now.get(value, 0), was - change, was + change, rows)


_KINDS = {"district": "district", "birth-year": "year of birth"}


def _counted(code: str, now: Mapping[str, int], before: Mapping[str, int], change: int) -> Iterator[Finding]:
    """Rows by district or year of birth, each against its own number in the last delivery."""
    for value in sorted(set(now) | set(before)) if before else ():
        was = before.get(value, 0)
        slack = max(was * change // 100, FEW)
        shown = f"`{value}`" if value else "no value"
        least = max(was - slack, 1 if was >= FEW // 2 else 0)
        what = f"The number of rows with {shown} as {_KINDS[code]}"
        yield from _outside(code, what, now.get(value, 0), least, was + slack)


def _against_counts(source: Source, profile: Profile, told: Manifest) -> Iterator[Finding]:
    sex, born = source.column_of("sex"), source.column_of("born")
    shares = profile.codes.get(sex.name, {}) if sex else {}
    # The profile keeps shares of the sexes: a hundredth of a percent of the rows is how exact they are.
    inexact = {"sex": profile.rows // WHOLE + 1}
    columns = {
        "district": source.limits.district,
        "sex": sex.name if sex else "",
        "birth_year": born.name if born else "",
    }
    measured = {
        "district": profile.districts,
        "birth_year": profile.birth_years,
        "sex": {value: share * profile.rows // WHOLE for value, share in shares.items()},
    }
    for kind, counted in told.counts.items():
        rough = inexact.get(kind, 0)
        lost = profile.refused + rough + profile.unread.get(columns[kind], 0) * profile.rows // WHOLE + 1
        for value, count in sorted(counted.items()):
            what = f"The agency counted {count} rows with `{value}` as {kind.replace('_', ' ')}. Their number"
            yield from _outside("counts", what, measured[kind].get(value, 0), count - lost, count + rough)


def _share(code: str, what: str, measured: int, least: int, most: int, rows: int) -> Iterator[Finding]:
    """A share outside its limits by more than chance gives: of few rows, a handful decides nothing."""
    if measured < least - _chance(least, rows) or measured > most + _chance(most, rows):
        shown = (f"{value / 100:.2f} %" for value in (max(least, 0), most))
        expected = " to ".join(shown)
        yield Finding(code, f"{what} is {measured / 100:.2f} %; expected is {expected}.", measured, least, most)


def _chance(share: int, rows: int) -> int:
    """Two standard deviations of the rows that a share expects, and five rows more, as a share of the rows."""
    part = min(max(share, 0), WHOLE)
    return (isqrt(4 * rows * part * (WHOLE - part) // WHOLE**2) + 5) * WHOLE // max(rows, 1)


def _outside(code: str, what: str, measured: int, least: int, most: int) -> Iterator[Finding]:
    if not least <= measured <= most:
        yield Finding(code, f"{what} is {measured}; expected is {max(least, 0)} to {most}.", measured, least, most)
