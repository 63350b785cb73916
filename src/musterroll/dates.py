"""Days and instants as integers, the form in which every stage holds them.

A day is days since 1970-01-01. `NEVER` is the day of what is known not to happen: it is later than every date and
survives the addition of days. Unknown is None, never a number. An instant is whole seconds since 1970-01-01T00:00Z.
"""

from datetime import UTC, date, datetime

from musterroll.errors import MusterRollError

NEVER = 2**31 - 1
"""The day of an event known not to have happened (int32 maximum, so that it sorts after every date)."""

FIRST_DAY = -(2**31) + 1
"""Earlier than every date: the open lower end of a partly known day."""

_EPOCH = date(1970, 1, 1).toordinal()


def day_of(value: date) -> int:
    """Days since 1970-01-01. Inverse of `date_of`."""
    return value.toordinal() - _EPOCH


def date_of(day: int) -> date:
    """The calendar date of `day`. Raises ValueError for NEVER and for days outside years 1-9999."""
    return date.fromordinal(day + _EPOCH)


def parse_day(text: str, *, where: str = "date") -> int:
    """The day written `YYYY-MM-DD` or `never`. Raises MusterRollError `date.malformed`; inverse of `format_day`."""
    if text == "never":
        return NEVER
    try:
        if len(text) != 10:
            raise ValueError
        return day_of(date.fromisoformat(text))
    except ValueError:
        raise MusterRollError(
            "date.malformed",
            "A date is written YYYY-MM-DD and exists in the calendar.",
            where=where,
            remedy="Correct the date; write `never` for what is known not to have happened.",
        ) from None


def format_day(day: int) -> str:
    """`YYYY-MM-DD`, or `never`."""
    return "never" if day == NEVER else date_of(day).isoformat()


def parse_instant(text: str, *, where: str = "time") -> int:
    """Seconds since 1970 of `YYYY-MM-DDTHH:MM:SSZ`. Raises MusterRollError `time.malformed`."""
    try:
        return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise MusterRollError(
            "time.malformed", "A time is written YYYY-MM-DDTHH:MM:SSZ.", where=where, remedy="Correct the time."
        ) from None


def format_instant(seconds: int) -> str:
    """`YYYY-MM-DDTHH:MM:SSZ` in UTC. Inverse of `parse_instant`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day_of_instant(seconds: int) -> int:
    """The UTC day on which an instant falls."""
    return seconds // 86_400
