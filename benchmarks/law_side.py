"""One side of one gate of the law engine, in a process of its own, so that its CPU and memory are its own.

    python -m benchmarks.law_side SIDE LAW QUESTION ON FOLDER...

`LAW` is a pack's folder, or `made-up:RULES`. Prints JSON: CPU seconds (user and system) of the work without starting
the program and reading the pack, the largest memory in MB, and the sums by which sides are compared.
"""

import json
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
from benchmarks import law_handwritten, law_made_up, law_openfisca

from musterroll.dates import parse_day
from musterroll.engine import law_files, law_polars, spark
from musterroll.engine.law_conditions import inputs
from musterroll.law import pack as packs
from musterroll.law.model import attributes_of
from musterroll.law.pack import Pack

type Sums = dict[str, int]
type Side = Callable[[Pack, str, int, list[Path]], Sums]


def pack_of(law: str) -> Pack:
    """The pack in a folder, or a made-up one."""
    kind, _, rules = law.partition(":")
    return law_made_up.law(int(rules)) if kind == "made-up" else packs.load(Path(law))


def columns_read(pack: Pack, question: str, on: int) -> list[str]:
    """The columns of flat facts that the question reads."""
    asked = {name for rule in pack.at(on).rules[question] if rule for name in attributes_of(rule.when)}
    return ["person", *inputs({name: one for name, one in pack.attributes.items() if name in asked})]


def scan(pack: Pack, question: str, on: int, files: list[Path]) -> Sums:
    """S: Polars reads the columns and takes the largest value of each."""
    largest = pl.scan_parquet(files).select(pl.col(columns_read(pack, question, on)).max())
    return {"columns": largest.collect(engine="streaming").width}


def class_only(pack: Pack, question: str, on: int, files: list[Path]) -> Sums:
    """The class of everybody."""
    return _sums(law_polars.plan(pack, question, on, pl.scan_parquet(files), reasons=False))


def full(pack: Pack, question: str, on: int, files: list[Path]) -> Sums:
    """The class of everybody with all reasons."""
    return _sums(law_polars.plan(pack, question, on, pl.scan_parquet(files)))


def write(pack: Pack, question: str, on: int, files: list[Path]) -> Sums:
    """The same, written to a file for each file."""
    with tempfile.TemporaryDirectory(dir=files[0].parent) as folder:
        written = law_files.evaluate_files(pack, question, files, Path(folder), on)
        return {"people": sum(one.rows for one in written), "bytes": sum(one.file.stat().st_size for one in written)}


def on_cluster(pack: Pack, question: str, on: int, files: list[Path]) -> Sums:
    """The same by a cluster of two worker processes, to whom Spark hands the files."""
    with tempfile.TemporaryDirectory(dir=files[0].parent) as folder:
        return {"people": sum(one.rows for one in spark.decide(pack, question, files, Path(folder), on))}


def few(pack: Pack, question: str, on: int, files: list[Path]) -> Sums:
    """One person in 1,250 (20,000 of 25 million), by key out of copies that are read by place."""
    last = pl.scan_parquet(files[-1]).select(pl.col("person").max()).collect().item()
    people = pl.Series("person", range(0, last + 1, 1_250))
    facts = law_files.few([file.with_suffix(".rows") for file in files], people)
    return {"people": law_polars.plan(pack, question, on, facts.lazy()).collect(engine="streaming").height}


def handwritten(pack: Pack, question: str, on: int, files: list[Path]) -> Sums:
    """H: SQL of a good hand in DuckDB, full reasons."""
    return law_handwritten.run(pack, question, on, str(files[0].parent / "*.parquet"))


def openfisca(pack: Pack, question: str, on: int, files: list[Path]) -> Sums:
    """OpenFisca in its own way: class only, the unknown is the default."""
    return {"class": law_openfisca.run(pack, question, on, files)}


SIDES: dict[str, Side] = {
    "scan": scan, "class": class_only, "full": full, "write": write, "few": few,
    "handwritten": handwritten, "openfisca": openfisca, "spark": on_cluster,
}  # fmt: skip


def _sums(plan: pl.LazyFrame) -> Sums:
    found = plan.select(pl.all().cast(pl.Int128).sum()).collect(engine="streaming")
    return {name: int(value) for name, value in found.row(0, named=True).items()}


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak() -> int:
    """The largest memory of this process alone, in MB (`ru_maxrss` would count the process that started it)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    raise OSError("this system does not say how much memory was used")


if __name__ == "__main__":
    side, law, question, on, folder, files = *sys.argv[1:6], int(sys.argv[6])
    pack, found = pack_of(law), sorted(Path(folder).glob("people-*.parquet"))[:files]
    before = _used()
    sums = SIDES[side](pack, question, parse_day(on), found)
    print(json.dumps({"cpu": _used() - before, "peak": _peak(), "sums": sums}))
