"""What a delivery looks like from far away: counts and shares, nobody in particular. Kept to compare the next one with.

Shares are in hundredths of a percent of the rows kept, so that they are whole numbers and the same everywhere.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from musterroll import canonical, dates
from musterroll.errors import MusterRollError
from musterroll.extract.row import Row
from musterroll.extract.schema import ColumnType, Source

WHOLE = 10_000
BANDS = {"0-17": (0, 17), "18-25": (18, 25), "26-59": (26, 59), "60-": (60, 1_000)}

type Shares = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Profile:
    """One delivery's profile: rows kept and set aside, and shares by column and value.

    `codes`: the share of each declared code, and of none (""). `unread`: of blank or unreadable cells. `ages`: bands
    of age on the as-of day, by the column with the role `born`. `born`: decades of birth. `one_day`: the share of
    the commonest birth day (a default date shows here).
    """

    as_of: int
    rows: int
    refused: int
    codes: Shares
    unread: Mapping[str, int]
    ages: Mapping[str, int]
    born: Mapping[str, int]
    one_day: int

    def encode(self) -> bytes:
        """Canonical bytes. Inverse of `decode`."""
        return canonical.encode(
            {
                "v": 1,
                "as_of": dates.format_day(self.as_of),
                "rows": self.rows,
                "refused": self.refused,
                "codes": {column: dict(values) for column, values in self.codes.items()},
                "unread": dict(self.unread),
                "ages": dict(self.ages),
                "born": dict(self.born),
                "one_day": self.one_day,
            }
        )


def decode(data: bytes) -> Profile:
    """The profile kept with an earlier delivery. Raises MusterRollError `profile.malformed` or `json.malformed`."""
    value: Any = canonical.decode(data, where="profile")
    try:
        if value.pop("v") != 1:
            raise ValueError
        return Profile(
            as_of=dates.parse_day(value.pop("as_of")),
            codes={column: MappingProxyType(values) for column, values in value.pop("codes").items()},
            **value,
        )
    except (AttributeError, KeyError, TypeError, ValueError, MusterRollError):
        raise MusterRollError(
            "profile.malformed",
            "The profile kept of the last delivery cannot be read.",
            where="profile",
            remedy="Take it again from the act that received that delivery.",
        ) from None


def profile_of(source: Source, rows: Sequence[Row], refused: int, as_of: int) -> Profile:
    """The profile of the rows kept."""
    codes = {
        name: _shares(Counter(str(row.values[name] or "") for row in rows), len(rows))
        for name, column in source.columns.items()
        if column.type is ColumnType.CODE
    }
    unread = {name: _share(sum(row.values[name] is None for row in rows), len(rows)) for name in source.columns}
    column = source.column_of("born")
    days = [day for row in rows if column and isinstance(day := row.values[column.name], int)]
    today = dates.date_of(as_of)
    ages: Counter[str] = Counter()
    decades: Counter[str] = Counter()
    for day in days:
        born = dates.date_of(day)
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        ages[next((band for band, (least, most) in BANDS.items() if least <= age <= most), "")] += 1
        decades[str(born.year // 10 * 10)] += 1
    commonest = max(Counter(days).values(), default=0)
    return Profile(
        as_of=as_of,
        rows=len(rows),
        refused=refused,
        codes=codes,
        unread=unread,
        ages=_shares(ages, len(days)),
        born=_shares(decades, len(days)),
        one_day=_share(commonest, len(days)),
    )


def _share(part: int, whole: int) -> int:
    return part * WHOLE // whole if whole else 0


def _shares(counts: Counter[str], whole: int) -> dict[str, int]:
    return {value: _share(count, whole) for value, count in sorted(counts.items())}
