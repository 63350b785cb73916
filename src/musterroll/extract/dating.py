"""Dates as agencies write them: declared forms, and the days that a cell allows.

1. A form is made of `YYYY`, `MM`, `DD` (or `M` and `D`, with one digit or two) and whatever stands between; a time of
   day is `hh`, `mm`, `ss`, a zone `zz`, and is read over: the day is the one that is written. `ISO` is a day or an
   instant as ISO 8601 writes it.
2. A two-digit year does not exist: it is told apart and never read.
3. A form without a day, or without day and month, gives all the days of that month or year. So do zeros for the day or
   month where the declaration says that they may stand for what nobody knows (`partly_known`).
4. `month` in a form is a month's name, one of those that the declaration lists for the field (`months`), in capitals or
   not; a number in its place is none. It is read as the form with `M` in that place.
   Small words stand for themselves, in capitals or not: `D de month de YYYY`.
5. Of several forms the first that fits is meant: a declaration in which two forms could fit the same text is refused.
"""

import calendar
import re
from functools import lru_cache
from itertools import pairwise

from musterroll import dates
from musterroll.errors import MusterRollError

_TOKENS = re.compile("YYYY|MM|DD|hh|mm|ss|zz|M|D")
_WORD = re.compile(r"(?<![^\W\d_])(?=[a-z]*[^\W\d_dmyhsz])[a-z]{2,}(?![^\W\d_])")
"""A small word of a form (`de`, `of`): no run of the letters in which people write days, months and years (`yy`)."""
_ZONE = "(?: ?(?:Z|[+-][0-9]{2}:?(?:[0-9]{2})?))?"
_ISO = (
    "(?P<Y>[0-9]{4})-(?P<M>[0-9]{2})-(?P<D>[0-9]{2})"
    rf"(?:[T ][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:[.,][0-9]{{1,9}})?)?{_ZONE})?"
)
_PLAIN = {
    "YYYY": "(?P<Y>[0-9]{4})",
    "MM": "(?P<M>[0-9]{2})",
    "DD": "(?P<D>[0-9]{2})",
    "M": "(?P<M>[0-9]{1,2})",
    "D": "(?P<D>[0-9]{1,2})",
    "hh": "[0-9]{2}",
    "mm": "[0-9]{2}",
    "ss": "[0-9]{2}(?:[.,][0-9]{1,9})?",
    "zz": _ZONE,
}
_STRPTIME = {"%B": "month", "%Y": "YYYY", "%m": "MM", "%d": "DD", "%H": "hh", "%M": "mm", "%S": "ss", "%z": "zz"}


def pattern_of(form: str) -> str:
    """The form as a regular expression with groups Y, M and D, in the syntax that Python and RE2 share."""
    return _ISO if form == "ISO" else _expression(form, short=False)


@lru_cache(maxsize=256)
def matching(form: str, *, short: bool = False) -> re.Pattern[str]:
    """The compiled form. The short one finds a two-digit year, also with one-digit days and months."""
    return re.compile(_ISO if form == "ISO" and not short else _expression(form, short=short))


def _expression(form: str, *, short: bool) -> str:
    written = "YYYY-MM-DD" if form == "ISO" else form
    apart = bool(re.search(r"[^YMDhms]", written))
    plain = dict(_PLAIN)
    if short:
        plain |= {"YYYY": "(?P<Y>[0-9]{2})"}
        plain |= {"MM": "(?P<M>[0-9]{1,2})", "DD": "(?P<D>[0-9]{1,2})"} if apart else {}
    found, last = [], 0
    for token in _TOKENS.finditer(written):
        found += [_literal(written[last : token.start()]), plain[token.group()]]
        last = token.end()
    return "".join([*found, _literal(written[last:])])


def _literal(text: str) -> str:
    """What stands between the parts of a form: signs as they are, words in capitals or not."""
    return f"(?i:{re.escape(text)})" if any(sign.isalpha() for sign in text) and text != "T" else re.escape(text)


def fault(form: str) -> str:
    """What is wrong with a declared form, in words; empty when nothing is."""
    if form == "ISO":
        return ""
    tokens = list(_TOKENS.finditer(form))
    days = sorted(token.group()[0] for token in tokens if token.group()[0] in "YMD")
    words = _WORD.findall(form)
    rest = _TOKENS.sub("", _WORD.sub("", form)).replace("T", "")
    twice = len({token.group() for token in tokens}) != len(tokens)
    if days not in (["Y"], ["M", "Y"], ["D", "M", "Y"]) or twice or re.search("[A-Za-z0-9]", rest):
        return (
            "is a date's: YYYY, MM and DD in any order, or YYYY and MM, or YYYY; a two-digit year does not exist. "
            "`month` stands for a month's name (with `months`), and small words for themselves: `D de month de YYYY`"
        )
    if any(_TOKENS.search(word) for word in words):
        return "has a word in which `hh`, `mm`, `ss` or `zz` stand, which are hours, minutes, seconds and a zone"
    for one, other in pairwise(tokens):
        if one.end() == other.start() and (len(one.group()) == 1 or len(other.group()) == 1):
            return "has something between its parts where one of them may have one digit"
    return ""


def ambiguous(forms: tuple[str, ...]) -> tuple[str, str] | None:
    """Two of the forms in which the same text means different days, if there are such."""
    for one in forms:
        for other in forms:
            text = written(one, 2003, 4, 5)
            if one != other and days_of((other,), text, partly=False)[0] not in (
                None,
                days_of((one,), text, partly=False)[0],
            ):
                return one, other
    return None


def written(form: str, year: int, month: int, day: int) -> str:
    """A day in a declared form; times are midnight in UTC."""
    parts = {"YYYY": f"{year:04}", "MM": f"{month:02}", "DD": f"{day:02}", "M": str(month), "D": str(day), "zz": "Z"}
    plain = "YYYY-MM-DD" if form == "ISO" else form
    return _TOKENS.sub(lambda token: parts.get(token.group(), "00"), plain)


def from_strptime(form: str) -> str:
    """A form as Frictionless Table Schema writes it (`%d.%m.%Y`), in ours; ours stays as it is."""
    for theirs, ours in _STRPTIME.items():
        form = form.replace(theirs, ours)
    return form


def to_strptime(form: str) -> str:
    """A form of ours as Frictionless Table Schema writes it. Inverse of `from_strptime` for forms with two digits."""
    ours = {"YYYY": "%Y", "MM": "%m", "M": "%m", "DD": "%d", "D": "%d", "hh": "%H", "mm": "%M", "ss": "%S", "zz": "%z"}
    return "default" if form == "ISO" else _TOKENS.sub(lambda token: ours[token.group()], form)


NAMED = "month"
"""In a declared form: the name of a month."""


def days_named(
    forms: tuple[str, ...], months: tuple[tuple[str, ...], ...], text: str, *, partly: bool
) -> tuple[tuple[int, int] | None, str]:
    """As `days_of`, where some forms have a name for the month: a name is read by those, all else by the others."""
    named, others = parted(forms)
    counted = numbered(months, text) if named else ""
    if counted:
        return days_of(named, counted, partly=partly)
    return days_of(others, text, partly=partly)


def parted(forms: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The forms with a month's name, with `M` in its place, and those without."""
    named = tuple(form.replace(NAMED, "M") for form in forms if NAMED in form)
    return named, tuple(form for form in forms if NAMED not in form)


def numbered(months: tuple[tuple[str, ...], ...], text: str) -> str:
    """A date whose month has a name, with the month's number in that place; empty where it has no declared name."""
    names, pattern = _names(months)
    found = pattern.findall(text)
    return pattern.sub(names[found[0].casefold()], text) if len(found) == 1 else ""


@lru_cache(maxsize=64)
def _names(months: tuple[tuple[str, ...], ...]) -> tuple[dict[str, str], re.Pattern[str]]:
    names = {name.casefold(): str(number) for number, several in enumerate(months, start=1) for name in several}
    longest_first = sorted((name for several in months for name in several), key=len, reverse=True)
    spelt = "|".join(map(re.escape, longest_first))
    return names, re.compile(rf"(?<![^\W\d_])(?:{spelt})(?![^\W\d_])", re.IGNORECASE)


def months_fault(months: tuple[tuple[str, ...], ...]) -> str:
    """What is wrong with declared names of months, in words; empty when nothing is."""
    names = [name.casefold() for several in months for name in several]
    if len(months) != 12 or not all(months) or len(set(names)) != len(names):
        return "are twelve, January's first, each a name or several, and no name is of two months"
    if not all(re.fullmatch(r"[^\W\d_]+(?:[ .'-][^\W\d_]+)*\.?", name) for name in names):
        return "are made of letters; digits are the day's and the year's"
    return ""


@lru_cache(maxsize=65_536)
def days_of(forms: tuple[str, ...], text: str, *, partly: bool) -> tuple[tuple[int, int] | None, str]:
    """The first and the last day that a cell allows, or a code of `row.REASONS` why it gives none."""
    for form in forms:
        found = matching(form).fullmatch(text)
        if found:
            parts = found.groupdict()
            return _hull(int(parts["Y"]), int(parts.get("M") or 0), int(parts.get("D") or 0), form, partly=partly)
    short = any(matching(form, short=True).fullmatch(text) for form in forms)
    return None, "date.two-digit-year" if short else "date.format"


def _hull(year: int, month: int, day: int, form: str, *, partly: bool) -> tuple[tuple[int, int] | None, str]:
    has_month, has_day = form == "ISO" or "M" in form, form == "ISO" or "D" in form
    zeros = (has_month and not month) or (has_day and not day)
    if (zeros and not partly) or (not month and day) or not 1 <= year <= 9999:
        return None, "date.not-in-calendar"
    try:
        first = dates.parse_day(f"{year:04}-{month or 1:02}-{day or 1:02}")
        last_month = month or 12
        last = first if day else dates.parse_day(f"{year:04}-{last_month:02}-{_length(year, last_month):02}")
    except MusterRollError:
        return None, "date.not-in-calendar"
    return (first, last), ""


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 28
