"""Whether a delivery can be what it says: its profile against declared limits and against the last delivery's.

A finding is a sentence with numbers and no person in it. One finding is enough for quarantine: the delivery waits,
the last one stays in force, and nobody's standing moves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from musterroll import dates
from musterroll.extract.profile import WHOLE, Profile
from musterroll.extract.schema import Source

_ROLES_READ = frozenset({"given", "family", "born", "sex"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something implausible: a code, a sentence, and what was measured against which limits (whole numbers)."""

    code: str
    what: str
    measured: int
    least: int
    most: int


def findings_of(source: Source, profile: Profile, previous: Profile | None) -> tuple[Finding, ...]:
    """Everything implausible about a delivery, in a fixed order."""
    found = [*_against_limits(source, profile)]
    if previous:
        found.extend(_against_last(source, profile, previous))
    return tuple(found)


def _against_limits(source: Source, profile: Profile) -> Iterator[Finding]:
    limits = source.limits
    everything = profile.rows + profile.refused
    yield from _outside("rows", "The number of rows", everything, *limits.rows, "")
    yield from _outside(
        "refused", "The share of rows set aside", profile.refused * WHOLE // max(everything, 1), 0, limits.refused * 100
    )
    for column, share in profile.unread.items():
        if source.columns[column].role in _ROLES_READ:
            what = f"The share of blank or unreadable cells in `{column}`"
            yield from _outside("unread", what, share, 0, limits.unread * 100)
    for column, spans in limits.shares.items():
        for value, (least, most) in spans.items():
            what = f"The share of `{value}` in `{column}`" if value else f"The share of empty cells in `{column}`"
            yield from _outside("share", what, profile.codes[column].get(value, 0), least * 100, most * 100)
    for band, (least, most) in limits.ages.items():
        what = f"The share of people aged {band}"
        yield from _outside("age", what, profile.ages.get(band, 0), least * 100, most * 100)
    yield from _outside("one-day", "The share of people born on one same day", profile.one_day, 0, limits.one_day * 100)


def _against_last(source: Source, profile: Profile, last: Profile) -> Iterator[Finding]:
    limits = source.limits
    if profile.as_of < last.as_of:
        yield Finding(
            "older",
            f"The register was copied on {dates.format_day(profile.as_of)}, before the last one that was taken in "
            f"({dates.format_day(last.as_of)}).",
            profile.as_of,
            last.as_of,
            dates.NEVER,
        )
    now, before = profile.rows + profile.refused, last.rows + last.refused
    moved = before * limits.rows_change // 100
    yield from _outside("rows-moved", "The number of rows", now, before - moved, before + moved, "")
    change = limits.shares_change * 100
    pairs = [(f"`{column}`", values, last.codes.get(column, {})) for column, values in profile.codes.items()]
    pairs += [("the age bands", profile.ages, last.ages), ("the decades of birth", profile.born, last.born)]
    pairs += [("the blank or unreadable cells", profile.unread, last.unread)]
    for name, values, earlier in pairs:
        yield from _moved(name, values, earlier, change)


def _moved(name: str, now: Mapping[str, int], before: Mapping[str, int], change: int) -> Iterator[Finding]:
    for value in sorted(set(now) | set(before)):
        was = before.get(value, 0)
        what = f"Since the last delivery, the share of `{value}` in {name}"
        yield from _outside("share-moved", what, now.get(value, 0), was - change, was + change)


def _outside(code: str, what: str, measured: int, least: int, most: int, unit: str = "%") -> Iterator[Finding]:
    if least <= measured <= most:
        return
    if unit:
        measured_text, least_text, most_text = (f"{value / 100:.2f} %" for value in (measured, max(least, 0), most))
    else:
        measured_text, least_text, most_text = (str(value) for value in (measured, least, most))
    yield Finding(code, f"{what} is {measured_text}; expected is {least_text} to {most_text}.", measured, least, most)
