"""The gates of the law engine (law-engine 7) on the class question of the US pack, both sides of each ratio in one run.

    python -m benchmarks.law [--small] [--people 25000000] [--rounds 3] [--keep FOLDER]

Prints a line a gate and writes benchmarks/results/law.json. CPU seconds, user and system, of a process of its own for
each measurement (`law_side`), two threads, the sides by turns, the best of three. S is the bare Polars scan (`max` of
every column that the question reads), H is hand-written DuckDB SQL.

| gate | what | at most |
|---|---|---|
| 1, 2, 4 | class only, full reasons, full reasons and writing them / S | 1.6, 2.75, 4.5 |
| 3 | full reasons / H; OpenFisca-core, class only, for a fifth of the people, is told beside | 0.35 |
| 5 | memory for everybody / for a fifth of them; and in MB | 1.3; 600 |
| 6 | one person in 1,250 by key / full run | 0.1 |
| 7 | a made-up law of 64 rules / of 32 | 1.3 |
| 8 | a Spark cluster of two workers, handed file names, its JVMs included / one machine | 1.6 |
| 12 | people due on their day / people whose standing changes; changes before their day | 1.6; 0 |
| 13 | values in which the bulk engine and SQL differ | 0 |

The others are measured where their subject is: `law_trace` (9), `law_proofs` (10, 14) and `law_mutants` (11).
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from benchmarks import law_family, law_made_up, law_mutants, law_people, law_proofs, law_trace

from musterroll.dates import format_day, parse_day
from musterroll.engine import law_duckdb, law_files, law_polars
from musterroll.law import pack as packs
from musterroll.law.pack import Pack

RESULTS = Path(__file__).parent / "results" / "law.json"
LAW = Path(__file__).parents[1] / "packs" / "us"
QUESTION, ON = "class", parse_day("2026-11-22")
THREADS = 2
OTHERS = (law_trace, law_proofs, law_mutants)

type Gate = dict[str, Any]


@dataclass(frozen=True, slots=True)
class People:
    """Made-up people in a folder, for one law."""

    law: str
    folder: Path
    files: int
    number: int

    @classmethod
    def made(cls, law: str, pack: Pack, folder: Path, number: int, files: int) -> "People":
        """`number` people in `files` files, unless they are there from another run."""
        size = number // files
        if len(list(folder.glob("people-*.parquet"))) != files:
            law_people.write(pack, QUESTION, ON, number, folder, size=size)
        return cls(law, folder, files, number)

    def command(self, name: str, files: int | None = None) -> list[str]:
        """What measures one side."""
        words = [name, self.law, QUESTION, format_day(ON), str(self.folder), str(files or self.files)]
        return [sys.executable, "-m", "benchmarks.law_side", *words]

    def side(self, name: str, files: int | None = None) -> dict[str, Any]:
        """One measurement."""
        run = subprocess.run(
            self.command(name, files),
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "POLARS_MAX_THREADS": str(THREADS)},
        )
        found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
        return found

    def best(self, names: Sequence[str], rounds: int) -> dict[str, dict[str, Any]]:
        """Of each side the best of some rounds, the sides by turns."""
        rows = [(name, self.side(name)) for _ in range(rounds) for name in names]
        return {name: min((one for side, one in rows if side == name), key=lambda one: one["cpu"]) for name in names}


def ratio(value: float, gate: float, unit: str, **sides: float) -> Gate:
    """One gate, as it is told."""
    told = {name.replace("_", " "): round(side, 3) for name, side in sides.items()}
    return {"value": round(value, 3), "gate": gate, "better": "lower", "unit": unit, "sides": told}


def engine_gates(people: People, rounds: int) -> Iterator[tuple[str, Gate]]:
    """Gates 1 to 4, 6 and 8."""
    found = people.best(("scan", "class", "full", "write", "handwritten"), rounds)
    found |= people.best(("few",), max(rounds, 3))  # the first look may have to fetch the copies from the disk
    cpu = {name: one["cpu"] for name, one in found.items()}
    same = ("class", "true" if "true" in found["handwritten"]["sums"] else "class")
    if any(found["full"]["sums"][name] != found["handwritten"]["sums"].get(name) for name in same):
        raise AssertionError("the engine and the hand-written SQL find different classes")
    for gate, side, most in (("1", "class", 1.6), ("2", "full", 2.75), ("4", "write", 4.5)):
        yield gate, ratio(cpu[side] / cpu["scan"], most, "CPU / bare scan", **{side: cpu[side], "scan": cpu["scan"]})
    beside = people.side("openfisca", people.files // 5)["cpu"]
    sides = {"full": cpu["full"], "handwritten": cpu["handwritten"], "openfisca_of_a_fifth": beside}
    yield "3", ratio(cpu["full"] / cpu["handwritten"], 0.35, "CPU / hand-written SQL", **sides)
    yield "6", ratio(cpu["few"] / cpu["full"], 0.1, "CPU / full run", few=cpu["few"], full=cpu["full"])
    cluster = law_family.cpu_of(people.command("spark"))
    yield "8", ratio(cluster / cpu["write"], 1.6, "CPU / one machine", cluster=cluster, one_machine=cpu["write"])


def memory_gates(people: People) -> Iterator[tuple[str, Gate]]:
    """Gate 5: everybody, and a fifth of them."""
    peaks = {name: people.side("write", files)["peak"] for name, files in (("all", None), ("fifth", people.files // 5))}
    yield "5", ratio(peaks["all"] / peaks["fifth"], 1.3, "memory / memory for a fifth of the people", **peaks)
    yield "5 MB", ratio(peaks["all"], 600, "MB at most", **peaks)


def rules_gate(folder: Path, number: int, rounds: int) -> Iterator[tuple[str, Gate]]:
    """Gate 7: the same people under a law of twice as many rules."""
    laws = [People.made(f"made-up:{rules}", law_made_up.law(rules), folder, number, 1) for rules in (32, 64)]
    rows = [[law.side("full")["cpu"] for law in laws] for _ in range(rounds)]
    one, two = (min(row[place] for row in rows) for place in (0, 1))
    yield "7", ratio(two / one, 1.3, "CPU / with half the rules", rules_64=two, rules_32=one)


def day_by_day_gates(pack: Pack, number: int, days: int) -> Iterator[tuple[str, Gate]]:
    """Gate 12: everybody decided on every day; on whose day nothing was due, nothing may change."""
    columns = ["class", "possible", "next_change"]
    facts = next(law_people.chunks(pack, QUESTION, ON, number, seed=12, size=number))
    before = law_polars.evaluate(pack, QUESTION, facts, ON).select(columns)
    due = changed = early = 0
    for day in range(ON + 1, ON + days + 1):
        now = law_polars.evaluate(pack, QUESTION, facts, day).select(columns)
        is_due = before["next_change"] <= day
        moved = (now["class"] != before["class"]) | (now["possible"] != before["possible"])
        due, changed, early = due + int(is_due.sum()), changed + int(moved.sum()), early + int((moved & ~is_due).sum())
        kept = pl.select(pl.when(is_due).then(now["next_change"]).otherwise(before["next_change"])).to_series()
        before = now.with_columns(kept.alias("next_change"))
    sides = {"due": due, "changed": changed, "people": number, "days": days}
    yield "12", ratio(due / changed, 1.6, "people due / people whose standing changes", **sides)
    yield "12 early", ratio(early, 0, "changes before their day", **sides)


def mismatch_gate(pack: Pack, number: int) -> Iterator[tuple[str, Gate]]:
    """Gate 13: every column but person and question, of the same people."""
    facts = next(law_people.chunks(pack, QUESTION, ON, number, seed=13, size=number))
    fast, slow = (engine.evaluate(pack, QUESTION, facts, ON) for engine in (law_polars, law_duckdb))
    differ = sum(int((fast[name] != slow[name]).sum()) for name in fast.columns)
    yield "13", ratio(differ, 0, "values that differ", compared=fast.height * (fast.width - 2))


def measured(folder: Path, people: int, rounds: int, *, small: bool) -> Iterator[tuple[str, Gate]]:
    """Every gate, as soon as it is measured."""
    pack = packs.load(LAW)
    made = People.made(str(LAW), pack, folder / "us", people, 10 if small else max(5, people // law_people.FILE))
    for file in sorted(made.folder.glob("people-*.parquet")):
        if not file.with_suffix(".rows").exists():
            law_files.keep_by_place(file, file.with_suffix(".rows"))
    yield from engine_gates(made, rounds)
    yield from memory_gates(made)
    yield from rules_gate(folder / "made-up", min(people, 5_000_000) // 5, rounds)
    # Where inductions are not authorised time changes next to nobody's class: a law is taken under which it does.
    yield from day_by_day_gates(law_made_up.law(33), 5_000 if small else 20_000, 30 if small else 400)
    yield from mismatch_gate(pack, 50_000 if small else 300_000)
    for other in OTHERS:
        yield from other.gates(small).items()


def main(small: bool, people: int = 0, rounds: int = 0, keep: Path | None = None) -> None:
    """Measure, print, write the results as far as they are there."""
    number = people or (1_000_000 if small else 5_000_000)
    machine = {"processor": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}
    RESULTS.parent.mkdir(exist_ok=True)
    gates: dict[str, Gate] = {}
    with tempfile.TemporaryDirectory(prefix="muster-law-") as scratch:
        for name, gate in measured(keep or Path(scratch), number, rounds or (1 if small else 3), small=small):
            gates[name] = gate
            told = {"machine": machine, "people": number, "gates": gates}
            RESULTS.write_text(json.dumps(told, indent=1) + "\n")
            kept = "" if gate["value"] <= gate["gate"] else "   MISSED"
            print(f"gate {name:<9}{gate['value']:>10,.3f} of {gate['gate']:<6} {gate['unit']}{kept}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    main(asked.small, asked.people, asked.rounds, asked.keep)
