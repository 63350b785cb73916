"""What the fairness suite of date tables sees, and how often it cries wolf: `python -m benchmarks.fairness [--small]`.

False alarms: of fair tables, the share whose smallest corrected p is below the level. Power: of tables with a built-in
drift (a share of the days' numbers in order), the share that is flagged. Everything follows from seeds.

| | limit |
|---|---|
| false alarms at nominal 5 %, 1 %, 0.1 % | not above nominal by more than three standard errors |
| time of one published report | told as a ratio to the plain stage's |
"""

import json
import math
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from musterroll.draw import chance, fairness_table
from musterroll.engine import fairness_numpy

RESULTS = Path(__file__).parent / "results" / "fairness.json"
DAYS = 366
LEVELS = (0.05, 0.01, 0.001)
DRIFTS = (0.10, 0.15, 0.20, 0.25)
FAIR, DRIFTING = bytes(32), b"\x01" * 32


def smallest(tables: fairness_numpy.Numbers, against: dict[str, Any]) -> list[float]:
    """The smallest corrected p of each table; `against`: the sorted statistics of tables of chance."""
    found = fairness_numpy.statistics(tables)
    count = len(next(iter(against.values())))
    p = {
        name: (1 + count - np.searchsorted(against[name], values, side="left")) / (1 + count)
        for name, values in found.items()
    }
    return [min(chance.holm({name: float(p[name][row]) for name in p}).values()) for row in range(len(tables))]


def drifting(correlation: float, first: int, count: int) -> fairness_numpy.Numbers:
    """Tables whose numbers go with the day by about this rank correlation: chance plus a slope, ranked again."""
    chances = fairness_numpy.by_chance(DRIFTING, DAYS, first, count) / DAYS
    # Uniform chance has variance 1/12, a slope s over the year s^2 / 12: their mix correlates by s / sqrt(1 + s^2).
    slope = correlation / math.sqrt(1 - correlation**2)
    mixed = chances + slope * np.arange(DAYS) / DAYS
    return np.argsort(np.argsort(mixed, axis=1, kind="stable"), axis=1, kind="stable").astype(np.int64) + 1


def main(small: bool) -> None:
    """Measure and write benchmarks/results/fairness.json."""
    tables, fair, drifted = (2_000, 400, 100) if small else (fairness_table.TABLES, 4_000, 1_000)

    parts = [fairness_numpy.by_chance(FAIR, DAYS, first, 1000) for first in range(0, tables, 1000)]
    statistics = [fairness_numpy.statistics(part) for part in parts]
    against = {name: np.sort(np.concatenate([one[name] for one in statistics])) for name in statistics[0]}

    alarms = smallest(fairness_numpy.by_chance(b"\x02" * 32, DAYS, 0, fair), against)
    false_alarms = {str(level): sum(p <= level for p in alarms) / fair for level in LEVELS}
    power = {}
    for place, drift in enumerate(DRIFTS):
        found = smallest(drifting(drift, place * drifted, drifted), against)
        power[str(drift)] = {str(level): sum(p <= level for p in found) / drifted for level in LEVELS[1:]}

    numbers = parts[0][0].tolist()
    begun = time.process_time()
    fairness_table.examine(numbers, FAIR, "0.001", 500)
    plain = time.process_time() - begun
    begun = time.process_time()
    fairness_numpy.examine_table(numbers, FAIR, "0.001", 500)
    fast = time.process_time() - begun

    measured = {
        "tables_of_chance": tables,
        "fair_tables": fair,
        "false_alarms": false_alarms,
        "false_alarms_held": all(
            false_alarms[str(level)] <= level + 3 * math.sqrt(level * (1 - level) / fair) for level in LEVELS
        ),
        "power": power,
        "engine_by_plain_cpu": round(fast / plain, 3),
    }
    print(json.dumps(measured, indent=1))
    if not small:
        RESULTS.write_text(json.dumps(measured, indent=1) + "\n")


if __name__ == "__main__":
    main("--small" in sys.argv[1:])
