"""How many rows are linked to the right civil person, beside what exact joins make of the same rows.

`python -m benchmarks.linkage [--small] [--time]` prints a table a configuration, then how long linkage takes beside
the bare tools (linkage_time; `--time`: that alone), and writes benchmarks/results/linkage.json.
Precision: of the rows linked for certain, those linked to the right person. Recall: of the rows whose person is in the
civil register, those linked for certain; `recall_with_possible` counts possible links too. The truth key is read here,
after linking, and nowhere in the product.
"""

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from benchmarks import linkage_time

from musterroll.demo import town
from musterroll.engine.linkage_model import load
from musterroll.engine.linkage_rows import compared
from musterroll.engine.linkage_splink import HUMAN, link
from musterroll.engine.record_numbers import record_numbers
from musterroll.extract import manifest
from musterroll.extract.declaration import load_source
from musterroll.linkage.judgement import Verdict

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "packs" / "example" / "sources"
KEY = b"benchmark, not a key of anybody."
CONFIGURATIONS = ((2020, 11, 1), (2020, 12, 3))


def records(folder: Path, year: int, seed: int, noise: int) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The comparison frame of the sample's first night, its founders, and the truth [record, source, simulant]."""
    town.write(folder, seed, year=year, noise=noise)
    frames, founders = [], pl.DataFrame()
    truth = pl.read_parquet(folder / "truth" / "rows.parquet").filter(pl.col("night") == "night-1")
    true_records = []
    for file in sorted((folder / "deliveries" / "night-1").glob("*.csv")):
        source = load_source(SOURCES / f"{file.stem}.yaml")
        as_of = manifest.decode(file.with_suffix(".manifest.json").read_bytes()).as_of
        number = _numbering(source.name)
        rows = pl.read_csv(file, infer_schema=False).with_columns(as_of=pl.lit(as_of, dtype=pl.Int32))
        rows = rows.with_columns(number(rows[source.key]).alias("record"))
        frames.append(compared(source, rows, number))
        true_records.append(
            truth.filter(pl.col("source") == source.name)
            .select(
                record=pl.col("key").map_batches(number, return_dtype=pl.Int64), source="source", simulant="simulant"
            )
            .unique("record", keep="first", maintain_order=True)
        )
        if source.founds:
            founders = (
                rows.select("record")
                .unique()
                .sort("record")
                .with_row_index("person", offset=1)
                .cast({"person": pl.Int64})
            )
    return pl.concat(frames), founders, pl.concat(true_records)


def _numbering(source: str) -> Callable[[pl.Series], pl.Series]:
    return lambda keys: record_numbers(KEY, source, keys)


def joined(frame: pl.DataFrame, founders: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Every pair that agrees on all `columns`, taken for a certain link: what a register without linkage does."""
    rows = frame.select("record", *columns).drop_nulls().unique()
    civil = rows.join(founders, on="record").rename({"record": "founding"})
    return rows.join(civil, on=columns).select("person", "record", judgement=pl.lit(1, dtype=pl.UInt8))


def measure(links: pl.DataFrame, founders: pl.DataFrame, truth: pl.DataFrame) -> dict[str, Any]:
    """Counts and shares of one way of linking."""
    who = founders.join(truth, on="record").select("person", civil="simulant")
    others = truth.filter(pl.col("source") != "civil").filter(pl.col("simulant").is_in(who["civil"].implode()))
    judged = (
        links.join(truth.filter(pl.col("source") != "civil"), on="record")
        .join(who, on="person", how="left")
        .with_columns(right=(pl.col("simulant") == pl.col("civil")).fill_null(value=False))
    )
    confirmed = judged.filter(pl.col("judgement") == int(Verdict.CONFIRMED))
    certain = confirmed.filter("right")["record"].n_unique()
    held = judged.filter((pl.col("judgement") != int(Verdict.REFUTED)) & pl.col("right"))["record"].n_unique()
    return {
        "linked": confirmed.height,
        "wrong": confirmed.height - int(confirmed["right"].sum()),
        "precision": round(int(confirmed["right"].sum()) / max(confirmed.height, 1), 5),
        "recall": round(certain / others.height, 4),
        "recall_with_possible": round(held / others.height, 4),
    }


def run(configurations: tuple[tuple[int, int, int], ...]) -> list[dict[str, Any]]:
    """The three ways of linking for each (year, seed, noise)."""
    found = []
    model = load()
    for year, seed, noise in configurations:
        with tempfile.TemporaryDirectory() as folder:
            frame, founders, truth = records(Path(folder), year, seed, noise)
        start = time.perf_counter()
        linked = link(frame, founders, pl.DataFrame(schema=HUMAN), model)
        seconds = time.perf_counter() - start
        ours = measure(linked.links, founders, truth)
        number = measure(joined(frame, founders, ["number"]), founders, truth)
        names = measure(joined(frame, founders, ["given", "family", "born"]), founders, truth)
        found.append(
            {
                "year": year,
                "seed": seed,
                "noise": noise,
                "rows": frame.height,
                "seconds": round(seconds, 2),
                "muster_roll": ours,
                "number_join": number,
                "name_and_birth_date_join": names,
                "recall_ratio_to_best_join": round(ours["recall"] / max(number["recall"], names["recall"]), 3),
            }
        )
    return found


def main(small: bool = False, *, time_alone: bool = False) -> None:
    """Measure, print, and write the result; `small` measures the first configuration only, and time on a tenth."""
    target = ROOT / "benchmarks" / "results" / "linkage.json"
    results: dict[str, Any] = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {}
    if not time_alone:
        results["configurations"] = found = run(CONFIGURATIONS[:1] if small else CONFIGURATIONS)
        for one in found:
            print(f"year {one['year']}, seed {one['seed']}, noise {one['noise']}: {one['rows']} rows")
            for way in ("muster_roll", "number_join", "name_and_birth_date_join"):
                print(f"  {way:26}" + "  ".join(f"{name} {value}" for name, value in one[way].items()))
    with tempfile.TemporaryDirectory() as folder:
        people = linkage_time.SMALL if small else linkage_time.PEOPLE
        taken = linkage_time.measure(Path(folder), people)
    results.setdefault("time", {})[str(people)] = taken
    print("\n".join(f"{name}: {value}" for name, value in taken.items()))
    results["machine"] = {"processor": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main("--small" in sys.argv, time_alone="--time" in sys.argv)
