"""The fairness suites over large cohorts and many tables of chance: the same figures as the plain stage, sooner.

Must agree with `draw.fairness`, `draw.fairness_table` and `draw.fairness_private` to the last digit; where they differ,
this is wrong. All sums are of whole numbers; the only roundings are the stage's own, done in the stage's order.
"""

import hashlib
import math
import operator
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from musterroll import canonical
from musterroll.draw import chance, fairness, fairness_table
from musterroll.draw.fairness import Report

type Numbers = npt.NDArray[np.int64]
type Values = npt.NDArray[np.uint64]

_CHUNK = 1000
_PEOPLE = 1 << 20
_HALF = np.uint64(1 << 63)
_TAG = canonical.tag("fairness")


def examine(strata: Sequence[Values], alpha: str) -> Report:
    """As `fairness.examine`, from the first 64 bits of each key: an array a stratum, in the order of the list."""
    every = np.concatenate(strata)
    found = {
        "B1": first_byte(every),
        "B2": uniform(every),
        "B3": neighbours(every),
        "B4": stratum_means(strata),
    }
    return fairness.report(found, alpha)


def first_byte(values: Values) -> float | None:
    """As `fairness.first_byte`."""
    bins = fairness.groups(len(values))
    if bins is None:
        return None
    counts = np.bincount((values >> np.uint64(56)).astype(np.int64) * bins // 256, minlength=bins)
    statistic = sum((count * bins - len(values)) ** 2 for count in counts.tolist()) / (bins * len(values))
    return chance.chi_square(statistic, bins - 1)


def uniform(values: Values) -> float | None:
    """As `fairness.uniform`."""
    n = len(values)
    if n < fairness.SMALLEST:
        return None
    distance = 0.0
    ordered = np.sort(values)
    for first in range(0, n, _PEOPLE):
        at = ordered[first : first + _PEOPLE].astype(np.float64) / 2.0**64
        steps = np.arange(first, first + len(at) + 1, dtype=np.float64) / n
        distance = max(distance, float((steps[1:] - at).max()), float((at - steps[:-1]).max()))
    return chance.kolmogorov(distance, n)


def neighbours(values: Values) -> float | None:
    """As `fairness.neighbours`."""
    n = len(values)
    if n < fairness.SMALLEST:
        return None
    products = 0
    for first in range(0, n - 1, _PEOPLE):
        # The products have 126 bits: they are summed as the language's own whole numbers.
        part = _centred(values[first : first + _PEOPLE + 1]).tolist()
        products += sum(map(operator.mul, part, part[1:]))
    return fairness.neighbours_of(products, n)


def stratum_means(strata: Sequence[Values]) -> float | None:
    """As `fairness.stratum_means`."""
    return fairness.stratum_means_of([_sum(stratum) for stratum in strata], [len(stratum) for stratum in strata])


def _centred(values: Values) -> Numbers:
    return (values ^ _HALF).view(np.int64)


def _sum(values: Values) -> int:
    centred = _centred(values)
    return (int((centred >> 32).sum()) << 32) + int((centred & 0xFFFFFFFF).sum())


def examine_table(numbers: Sequence[int], seed: bytes, alpha: str, tables: int = fairness_table.TABLES) -> Report:
    """As `fairness_table.examine`."""
    found = statistics(np.array([numbers], dtype=np.int64))
    as_odd = dict.fromkeys(found, 0)
    for first in range(0, tables, _CHUNK):
        count = min(_CHUNK, tables - first)
        for name, values in statistics(by_chance(seed, len(numbers), first, count)).items():
            as_odd[name] += int((values >= found[name]).sum())
    return fairness_table.report(as_odd, tables, alpha)


def by_chance(seed: bytes, days: int, first: int, count: int) -> Numbers:
    """Tables of chance `first` to `first + count - 1`, a row a table."""
    blocks = [block.to_bytes(2, "big") for block in range(-(-days // 4))]
    stream = bytearray()
    for table in range(first, first + count):
        start = hashlib.sha256(_TAG + seed + table.to_bytes(4, "big"))
        for block in blocks:
            state = start.copy()
            state.update(block)
            stream += state.digest()
    values = np.frombuffer(bytes(stream), dtype=">u8").reshape(count, -1)[:, :days].astype(np.uint64)
    numbers = np.empty((count, days), dtype=np.int64)
    order = np.argsort(values, axis=1, kind="stable")
    np.put_along_axis(numbers, order, np.arange(1, days + 1, dtype=np.int64)[None, :], axis=1)
    return numbers


def statistics(tables: Numbers) -> dict[str, Numbers]:
    """The seven tests of suite A for each row of `tables`."""
    days = tables.shape[1]
    parts = fairness_table.months(days)
    sizes = np.array([len(month) for month in parts], dtype=np.int64)
    starts = [month.start for month in parts]
    weights = math.lcm(*sizes.tolist()) // sizes
    low, half = days // 2, parts[6].start
    cosines, sines = (np.array(wave, dtype=np.int64) for wave in fairness_table.waves(days))
    lows = np.add.reduceat((tables <= low).astype(np.int64), starts, axis=1)
    sums = np.add.reduceat(tables, starts, axis=1)
    middle = 2 * tables == days + 1
    sides = (2 * tables > days + 1)[~middle].reshape(len(tables), -1)
    first_half = tables[:, :half].sum(axis=1)
    everything = days * (days + 1) // 2
    return {
        "A1": np.abs(4 * (tables @ np.arange(1, days + 1, dtype=np.int64)) - days * (days + 1) ** 2),
        "A2": (days * lows - sizes * low) ** 2 @ weights,
        "A3": sums**2 @ weights,
        "A4": np.abs(first_half * (days - half) - (everything - first_half) * half),
        "A5": np.abs((sides[:, 1:] != sides[:, :-1]).sum(axis=1) - low),
        "A6": np.abs(6 * (np.diff(tables, axis=1) ** 2).sum(axis=1) - (days - 1) * days * (days + 1)),
        "A7": (tables @ cosines) ** 2 + (tables @ sines) ** 2,
    }
