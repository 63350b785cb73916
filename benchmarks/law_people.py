"""People for the law benchmarks: made from a seed for any pack, with nulls, edges and vague dates, chunk by chunk.

    python -m benchmarks.law_people packs/us class 2026-11-22 1000000 FOLDER

1. One Parquet file (zstd) a million people, as the roll keeps its buckets, in row groups of 8 million values (250,000
   people of whom 32 are held). The same seed, pack, day and size give the same files. No more than one is in memory.
2. Of each fact 2 to 8 in a hundred are not held (mean 4); what is held is mostly the neutral value. Of the dates one in
   200 is known between two days only; one in 50 is an edge: 29 February, a day at which a rule of the pack turns, the
   day before and the day after it, `never`, `none`.
3. These people are nobody. Real ones are skewed, dirty, and unknown together.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from musterroll.dates import FIRST_DAY, NEVER, parse_day
from musterroll.engine.law_conditions import inputs
from musterroll.fact.attribute import Attribute, Kind, ValueType
from musterroll.law import pack as packs
from musterroll.law.calendar import day_number
from musterroll.law.cells import cells
from musterroll.law.pack import Pack

FILE = 1_000_000
GROUP_VALUES = 8_000_000
LEAP_DAYS = tuple(day_number(year, 2, 29) for year in range(1960, 2025, 4))
Ints = np.ndarray[tuple[int], np.dtype[np.int32]]


def write(
    pack: Pack, question: str, on: int, people: int, folder: Path, *, seed: int = 1, size: int = FILE, group: int = 0
) -> list[Path]:
    """Write `people` made-up people into files of `size` under `folder`, sorted by number. The files, in order.

    `group` is the number of rows in a row group; where none is given, it is so many that they hold 8 million values.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    rows = group or GROUP_VALUES // (1 + len(inputs(pack.attributes)))
    for number, frame in enumerate(chunks(pack, question, on, people, seed=seed, size=size)):
        files.append(folder / f"people-{number:03}.parquet")
        frame.write_parquet(files[-1], compression="zstd", row_group_size=rows, statistics=True)
    return files


def chunks(
    pack: Pack, question: str, on: int, people: int, *, seed: int = 1, size: int = FILE
) -> Iterator[pl.DataFrame]:
    """The people, `size` at a time, as the bulk engine reads them (`law_conditions.inputs`)."""
    turns = turning_days(pack, question, on)
    types = inputs(pack.attributes)
    for number, first in enumerate(range(0, people, size)):
        count = min(size, people - first)
        columns: dict[str, pl.Series] = {"person": pl.Series(np.arange(first, first + count, dtype=np.int64))}
        for place, attribute in enumerate(pack.attributes.values()):
            chance = np.random.Generator(np.random.Philox(key=[seed, number * 1_000 + place]))
            null = chance.random(count, dtype=np.float32) < 0.02 + 0.06 * (place * 7 % 10) / 30 + 0.01
            for name, values in _made(attribute, chance, count, on, turns[attribute.name]).items():
                column = pl.Series(values).cast(types[name])
                columns[name] = pl.select(pl.when(pl.Series(~null)).then(column)).to_series()
        yield pl.DataFrame(columns)


def turning_days(pack: Pack, question: str, on: int) -> dict[str, Ints]:
    """By attribute, the values at which a rule of the question turns on that day, the one before and the one after."""
    period = pack.at(on)
    rules = [rule.when for rule in period.rules[question] if rule]
    found = cells(rules, pack.attributes, on, period.calendar)
    return {
        name: np.array(
            sorted({day + more for day in days if FIRST_DAY < day < NEVER - 1 for more in (-1, 0, 1)} or {0}), np.int32
        )
        for name, days in found.items()
    }


def _made(attribute: Attribute, chance: np.random.Generator, count: int, on: int, turns: Ints) -> dict[str, Ints]:
    name = attribute.name
    match attribute.type:
        case ValueType.DATE:
            lo = _dates(attribute, chance, count, on, turns)
            vague = (chance.random(count, dtype=np.float32) < 0.005) & (lo > FIRST_DAY) & (lo < NEVER)
            hi = np.where(vague, lo + chance.integers(1, 900, count, dtype=np.int32), lo)
            return {f"{name}_lo": lo, f"{name}_hi": hi.astype(np.int32)}
        case ValueType.INT:
            most = min(attribute.span[1], 40)
            drawn = chance.integers(0, most + 1, count, dtype=np.int32)
            lo = np.where(chance.random(count, dtype=np.float32) < 0.7, _neutral(attribute), drawn).astype(np.int32)
            vague = chance.random(count, dtype=np.float32) < 0.005
            return {f"{name}_lo": lo, f"{name}_hi": np.minimum(lo + 2 * vague, attribute.span[1]).astype(np.int32)}
        case _:
            drawn = chance.integers(0, attribute.span[1] + 1, count, dtype=np.int32)
            usual = chance.random(count, dtype=np.float32) < (0.85 if attribute.type is ValueType.BOOL else 0.7)
            return {name: np.where(usual, _neutral(attribute), drawn).astype(np.int32)}


def _neutral(attribute: Attribute) -> int:
    if attribute.neutral:
        return attribute.value_of(attribute.neutral)
    return 1 if attribute.kind is Kind.CITIZENSHIP and attribute.type is ValueType.BOOL else 0


def _dates(attribute: Attribute, chance: np.random.Generator, count: int, on: int, turns: Ints) -> Ints:
    kind = chance.random(count, dtype=np.float32)
    edges = np.concatenate([turns, np.array(LEAP_DAYS, np.int32), np.array([NEVER, FIRST_DAY], np.int32)])
    edge = edges[chance.integers(0, edges.size, count)]
    if attribute.kind is Kind.BIRTH:
        drawn = chance.integers(on - 27_000, on, count, dtype=np.int32)
        return np.where(kind < 0.02, np.where(np.abs(edge) < 2**30, edge, drawn), drawn).astype(np.int32)
    neutral = attribute.value_of(attribute.neutral) if attribute.neutral else NEVER
    drawn = chance.integers(on - 3_000, on + 900, count, dtype=np.int32)
    return np.select([kind < 0.02, kind < 0.25], [edge, drawn], neutral).astype(np.int32)


if __name__ == "__main__":
    write(packs.load(Path(sys.argv[1])), sys.argv[2], parse_day(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
