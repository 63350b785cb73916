"""Suite A: was a table of dates and numbers, drawn by hand, mixed badly? (docs/spec/fairness.md)

It would have flagged the lottery of 1 December 1969, whose capsules were poured in month by month. It proves nothing of
a table that it does not flag: with 366 dates a correlation below about 0.2 is mostly missed.
1. Each test is a whole number computed from the table: no rounding, so every program gets the same.
2. p = (1 + tables of chance that look at least as odd) / (1 + tables of chance).
3. The tables of chance follow from a published seed by SHA-256: table r gives day i the rank of its 64-bit number in
   `SHA-256(T(fairness) || seed || u32 r || u16 block)`, four days a block; equal numbers rank by day.
4. Months and half-years are those of a leap year where the table has 366 days.
"""

import calendar
import hashlib
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from musterroll import canonical
from musterroll.draw import fairness
from musterroll.draw.fairness import Report

SUITE = "muster-roll/fairness-a/v1"
TABLES = 20_000
"""How many tables of chance a published report compares with."""
LEAP = 366
_TAG = canonical.tag("fairness")
_WAVE = 1000
_DAYS_A_BLOCK = 4

type Statistic = Callable[[Sequence[int]], int]


def examine(numbers: Sequence[int], seed: bytes, alpha: str, tables: int = TABLES) -> Report:
    """Suite A over `numbers` (the number of each day of the year, 1 to 365 or 366) at level `alpha`.

    `seed`: 32 bytes that nobody could choose, the manifest's digest or that of the table itself.
    """
    days = len(numbers)
    tests = statistics(days)
    found = {name: test(numbers) for name, test in tests.items()}
    as_odd = dict.fromkeys(tests, 0)
    for shuffled in by_chance(seed, days, tables):
        for name, test in tests.items():
            as_odd[name] += test(shuffled) >= found[name]
    return report(as_odd, tables, alpha)


def report(as_odd: dict[str, int], tables: int, alpha: str) -> Report:
    """What follows when of `tables` tables of chance so many look at least as odd, test by test."""
    return fairness.report({name: (1 + count) / (1 + tables) for name, count in as_odd.items()}, alpha, SUITE)


def by_chance(seed: bytes, days: int, tables: int) -> Iterator[list[int]]:
    """`tables` tables of chance for a year of `days` days: the number of each day."""
    for table in range(tables):
        values = draws(seed, table, days)
        numbers = [0] * days
        for number, day in enumerate(sorted(range(days), key=lambda day: (values[day], day)), start=1):
            numbers[day] = number
        yield numbers


def draws(seed: bytes, table: int, days: int) -> list[int]:
    """The 64-bit number of each day in one table of chance."""
    start = _TAG + seed + table.to_bytes(4, "big")
    blocks = range(-(-days // _DAYS_A_BLOCK))
    stream = b"".join(hashlib.sha256(start + block.to_bytes(2, "big")).digest() for block in blocks)
    return [int.from_bytes(stream[8 * day : 8 * day + 8], "big") for day in range(days)]


@lru_cache(maxsize=2)
def months(days: int) -> tuple[range, ...]:
    """The days of each month, counted from 0, of a year of `days` days."""
    lengths = (calendar.monthrange(2000 if days == LEAP else 2001, month)[1] for month in range(1, 13))
    ends = list(itertools.accumulate(lengths, initial=0))
    return tuple(range(first, last) for first, last in itertools.pairwise(ends))


@lru_cache(maxsize=2)
def waves(days: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Cosine and sine of each day's angle in the year, in whole thousandths (halves upwards)."""
    angles = [2 * math.pi * day / days for day in range(days)]
    return (
        tuple(math.floor(_WAVE * math.cos(angle) + 0.5) for angle in angles),
        tuple(math.floor(_WAVE * math.sin(angle) + 0.5) for angle in angles),
    )


def statistics(days: int) -> dict[str, Statistic]:
    """The seven tests for a year of `days` days: each gives a whole number, larger where the table is odder."""
    parts = months(days)
    common = math.lcm(*(len(month) for month in parts))
    low = days // 2
    half = parts[6].start
    cosines, sines = waves(days)

    def rank_correlation(numbers: Sequence[int]) -> int:
        products = sum(day * number for day, number in enumerate(numbers, start=1))
        return abs(4 * products - days * (days + 1) ** 2)

    def month_halves(numbers: Sequence[int]) -> int:
        lows = [sum(numbers[day] <= low for day in month) for month in parts]
        pairs = zip(lows, parts, strict=True)
        return sum((days * count - len(month) * low) ** 2 * (common // len(month)) for count, month in pairs)

    def month_sums(numbers: Sequence[int]) -> int:
        return sum(sum(numbers[day] for day in month) ** 2 * (common // len(month)) for month in parts)

    def half_years(numbers: Sequence[int]) -> int:
        return abs(sum(numbers[:half]) * (days - half) - sum(numbers[half:]) * half)

    def runs(numbers: Sequence[int]) -> int:
        # In a year of 365 days the one in the middle is neither low nor high.
        sides = [2 * number > days + 1 for number in numbers if 2 * number != days + 1]
        changes = sum(a != b for a, b in itertools.pairwise(sides))
        # Of 2 x low days as many as low + 1 runs are expected.
        return abs(changes - low)

    def neighbours(numbers: Sequence[int]) -> int:
        squares = sum((a - b) ** 2 for a, b in itertools.pairwise(numbers))
        return abs(6 * squares - (days - 1) * days * (days + 1))

    def season(numbers: Sequence[int]) -> int:
        real = sum(number * wave for number, wave in zip(numbers, cosines, strict=True))
        imaginary = sum(number * wave for number, wave in zip(numbers, sines, strict=True))
        return real**2 + imaginary**2

    return {
        "A1": rank_correlation,
        "A2": month_halves,
        "A3": month_sums,
        "A4": half_years,
        "A5": runs,
        "A6": neighbours,
        "A7": season,
    }
