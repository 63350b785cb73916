"""Whether a delivery can be what it says: its profile against declared limits and against the last delivery's.

1. A finding is a sentence with numbers and no person in it. One finding is enough for quarantine: the delivery waits,
   the last one stays in force, and nobody's standing moves.
2. The failures that made these rules: a whole city marked dead by a shifted column (Hartford), a source list cut to a
   quarter (Kent County) or not merged (York County), three districts missing (Lithuania), letters to men born 1893-97
   by two-digit years (United States).
3. A delivery of changes is measured by its own size: how many rows it may have, how many may be unreadable. What only a
   whole register shows (shares, districts, years of birth) is not asked of it.
4. What the agency itself counted must be found again, but for rows that were set aside.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from musterroll import dates
from musterroll.extract.manifest import Manifest
from musterroll.extract.profile import WHOLE, Profile
from musterroll.extract.schema import Source

_ROLES_READ = frozenset({"given", "family", "born", "sex"})
_NAMES = frozenset({"given", "middle", "family"})

FEW = 20
"""Rows by which a district or year of birth may always move, and rows of a delivery of changes that may be wrong."""

MOST_OLD = 500
MOST_DIGITS = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """Something implausible: a code, a sentence, and what was measured against which limits (whole numbers)."""

    code: str
    what: str
    measured: int
    least: int
    most: int


def findings_of(
    source: Source, profile: Profile, previous: Profile | None, told: Manifest | None = None
) -> tuple[Finding, ...]:
    """Everything implausible about a delivery, in a fixed order. `previous` is the last whole register taken in."""
    if told is not None and not told.full:
        return tuple(_of_changes(source, profile, previous))
    found = [*_against_limits(source, profile)]
    if previous:
        found.extend(_against_last(source, profile, previous))
    if told is not None:
        found.extend(_against_counts(source, profile, told))
    return tuple(found)


def _of_changes(source: Source, profile: Profile, previous: Profile | None) -> Iterator[Finding]:
    limits = source.limits
    rows = profile.rows + profile.refused
    if previous:
        yield from _older(profile, previous)
        before = previous.rows + previous.refused
        most = max(before * limits.rows_change // 100, FEW)
        yield from _outside("rows-moved", "The number of rows in a delivery of changes", rows, 0, most, "")
    else:
        yield from _outside("rows", "The number of rows", rows, 0, limits.rows[1], "")
    if profile.refused > FEW:
        yield from _refused(source, profile)
    if profile.rows > FEW:
        yield from _wrong(source, profile)


def _against_limits(source: Source, profile: Profile) -> Iterator[Finding]:
    limits = source.limits
    yield from _outside("rows", "The number of rows", profile.rows + profile.refused, *limits.rows, "")
    yield from _refused(source, profile)
    for column, share in profile.unread.items():
        if source.columns[column].role in _ROLES_READ:
            what = f"The share of blank or unreadable cells in `{column}`"
            yield from _outside("unread", what, share, 0, limits.unread * 100)
    yield from _wrong(source, profile)
    for column, spans in limits.shares.items():
        for value, (least, most) in spans.items():
            what = f"The share of `{value}` in `{column}`" if value else f"The share of empty cells in `{column}`"
            yield from _outside("share", what, profile.codes[column].get(value, 0), least * 100, most * 100)
    for band, (least, most) in limits.ages.items():
        what = f"The share of people aged {band}"
        yield from _outside("age", what, profile.ages.get(band, 0), least * 100, most * 100)
    yield from _outside("one-day", "The share of people born on one same day", profile.one_day, 0, limits.one_day * 100)
    yield from _outside("over-100", "The share of people a hundred years old and more", profile.old, 0, MOST_OLD)
    for column, share in profile.digits.items():
        if source.columns[column].role in _NAMES:
            yield from _outside("digits", f"The share of names with a digit in `{column}`", share, 0, MOST_DIGITS)


def _refused(source: Source, profile: Profile) -> Iterator[Finding]:
    share = profile.refused * WHOLE // max(profile.rows + profile.refused, 1)
    yield from _outside("refused", "The share of rows set aside", share, 0, source.limits.refused * 100)


def _wrong(source: Source, profile: Profile) -> Iterator[Finding]:
    """Cells that hold something else than declared, in any column: a shifted column, or another way of writing."""
    for column, share in profile.wrong.items():
        if source.columns[column].role not in _ROLES_READ:
            what = f"The share of cells in `{column}` that are not written as declared"
            yield from _outside("unreadable", what, share, 0, source.limits.unread * 100)


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
    moved = before * limits.rows_change // 100
    yield from _outside("rows-moved", "The number of rows", now, before - moved, before + moved, "")
    change = limits.shares_change * 100
    pairs = [(f"`{column}`", values, last.codes.get(column, {})) for column, values in profile.codes.items()]
    pairs += [("the age bands", profile.ages, last.ages), ("the decades of birth", profile.born, last.born)]
    pairs += [("the blank or unreadable cells", profile.unread, last.unread)]
    pairs += [("the texts with a digit", profile.digits, last.digits or profile.digits)]
    pairs += [("the commonest days", profile.days, last.days or profile.days)]
    for name, values, earlier in pairs:
        yield from _moved(name, values, earlier, change)
    yield from _counted("district", profile.districts, last.districts, limits.district_change)
    # The year of the last delivery was not over: it may have grown by any number.
    over = dates.date_of(last.as_of).year
    years = [{year: n for year, n in each.birth_years.items() if int(year) < over} for each in (profile, last)]
    yield from _counted("birth-year", years[0], years[1], limits.birth_year_change)


def _moved(name: str, now: Mapping[str, int], before: Mapping[str, int], change: int) -> Iterator[Finding]:
    for value in sorted(set(now) | set(before)):
        was = before.get(value, 0)
        what = f"Since the last delivery, the share of `{value}` in {name}"
        yield from _outside("share-moved", what, now.get(value, 0), was - change, was + change)


def _counted(code: str, now: Mapping[str, int], before: Mapping[str, int], change: int) -> Iterator[Finding]:
    """Rows by district or year of birth, each against its own number in the last delivery."""
    if not before:
        return
    kind = {"district": "district", "birth-year": "year of birth"}[code]
    for value in sorted(set(now) | set(before)):
        was = before.get(value, 0)
        slack = max(was * change // 100, FEW)
        shown = f"`{value}`" if value else "no value"
        what = f"The number of rows with {shown} as {kind}"
        least = max(was - slack, 1 if was >= FEW // 4 else 0)
        yield from _outside(code, what, now.get(value, 0), least, was + slack, "")


def _against_counts(source: Source, profile: Profile, told: Manifest) -> Iterator[Finding]:
    sex = source.column_of("sex")
    shares = profile.codes.get(sex.name, {}) if sex else {}
    measured = {
        "district": (profile.districts, 0),
        "birth_year": (profile.birth_years, 0),
        # The profile keeps shares of sexes: a hundredth of a percent of the rows is how exact they are.
        "sex": ({value: share * profile.rows // WHOLE for value, share in shares.items()}, profile.rows // WHOLE + 1),
    }
    for kind, counted in told.counts.items():
        found, inexact = measured[kind]
        column = {"district": source.limits.district, "sex": sex.name if sex else ""}.get(kind, "")
        born = source.column_of("born")
        column = born.name if kind == "birth_year" and born else column
        lost = profile.refused + inexact + profile.unread.get(column, 0) * profile.rows // WHOLE + 1
        for value, count in sorted(counted.items()):
            what = f"The agency counted {count} rows with `{value}` as {kind.replace('_', ' ')}. Their number"
            yield from _outside("counts", what, found.get(value, 0), count - lost, count + inexact, "")


def _outside(code: str, what: str, measured: int, least: int, most: int, unit: str = "%") -> Iterator[Finding]:
    if least <= measured <= most:
        return
    if unit:
        measured_text, least_text, most_text = (f"{value / 100:.2f} %" for value in (measured, max(least, 0), most))
    else:
        measured_text, least_text, most_text = (str(value) for value in (measured, max(least, 0), most))
    yield Finding(code, f"{what} is {measured_text}; expected is {least_text} to {most_text}.", measured, least, most)
