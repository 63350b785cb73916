"""A nation taken in from end to end, each step a process of its own: `python -m benchmarks.intake [--small]`.

generate -> init -> receive and first night -> two ordinary days of changes -> one night of everything anew, with the
time and the most memory of each step, for 1, 4 and 25 million people (`--small`: 1 million; `--people N`: so many).
Steps that are done are not done again: stopped and started, it goes on. Writes benchmarks/results/intake.json, with how
time grows with people (1: in proportion), by the clock and in processor seconds.

| limit | 25 million people, six agencies |
|---|---|
| the first night with its deliveries | 15 minutes, 8 GB |
| a day on which one row in a hundred changed | 90 seconds, 8 GB |
"""

import argparse
import json
import math
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "intake.json"
SIZES = (1_000_000, 4_000_000, 25_000_000)
AGENCIES, DAYS, SEED = 6, 2, 7
PACE = 48
"""So many more people move than in an ordinary year that about one row in a hundred changes a day."""
LIMITS = {"first night": (900, 8192), "second day": (90, 8192), "third day": (90, 8192)}
_ENVIRONMENT = {**os.environ, "PYTHONUNBUFFERED": "1"}
STEP = re.compile(r"^ *([0-9.]+) s +(.*)$")


@dataclass(frozen=True, slots=True)
class Measured:
    """One step: seconds by the clock and of all processors, the most memory of all its processes together in MB.

    `told` are the command's own lines: seconds by the clock, of all processors, most memory since the line before, and
    what then began.
    """

    step: str
    seconds: float
    cpu_seconds: float
    megabytes: int
    told: list[tuple[float, float, int, str]]


def taken_by(root: int) -> tuple[int, float]:
    """The resident memory in KB of a process and all that it started, and the processor seconds they took so far."""
    parents: dict[int, int] = {}
    sizes: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            words = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(entry)], sizes[int(entry)] = int(words[1]), int(words[21]) * os.sysconf("SC_PAGE_SIZE") // 1024
        ticks[int(entry)] = sum(map(int, words[11:15]))  # its own, and of its children that have ended
    total, spent, seen = 0, 0, {root}
    while seen:
        total += sum(sizes.get(one, 0) for one in seen)
        spent += sum(ticks.get(one, 0) for one in seen)
        seen = {one for one, parent in parents.items() if parent in seen}
    return total, spent / os.sysconf("SC_CLK_TCK")


def measured(step: str, command: list[str], log: Path) -> Measured:
    """Run a command and say what it took. Raises SystemExit where it fails, with the end of what it said."""
    most = since = 0
    spent = 0.0
    told: list[tuple[float, float, int, str]] = []
    begun = time.perf_counter()
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=ROOT, env=_ENVIRONMENT)
        while process.poll() is None:
            memory, cpu = taken_by(process.pid)
            most, since, spent = max(most, memory), max(since, memory), max(spent, cpu)
            for seconds, what in _lines(log)[len(told) :]:
                told.append((seconds, round(spent, 1), since >> 10, what))
                since = 0
            time.sleep(1)
    seconds = time.perf_counter() - begun
    if process.returncode:
        raise SystemExit(f"{step} failed ({process.returncode}):\n{log.read_text(errors='replace')[-3000:]}")
    told += [(seconds, round(spent, 1), since >> 10, what) for seconds, what in _lines(log)[len(told) :]]
    return Measured(step, round(seconds, 1), round(spent, 1), most // 1024, told)


def _lines(log: Path) -> list[tuple[float, str]]:
    """What the command said so far of its steps."""
    said = log.read_text(errors="replace").splitlines()
    return [(float(found[1]), found[2]) for line in said if (found := STEP.match(line))]


def days_of(data: Path) -> list[Path]:
    return sorted(path for path in (data / "deliveries").iterdir() if path.is_dir())


def run(people: int, work: Path, data: Path, *, given: bool) -> list[dict[str, Any]]:
    """Every step at one size, those already measured taken from the work folder. `given`: the nation is there."""
    work.mkdir(parents=True, exist_ok=True)
    state = work / "steps.json"
    done: dict[str, dict[str, Any]] = json.loads(state.read_text()) if state.is_file() else {}
    home = work / "home"
    muster = [sys.executable, "-c", "from musterroll.cli.main import main; main()"]
    bench = [sys.executable, "-c", "from musterroll.cli.bench import main; main()"]
    numbers = ["--people", str(people), "--agencies", str(AGENCIES), "--seed", str(SEED), "--pace", str(PACE)]
    made = ["--days", str(DAYS), "--out", str(data)]

    def nightly(day: int) -> list[str]:
        return [*muster, "nightly", "--home", str(home), "--deliveries", str(days_of(data)[day])]

    steps = {
        "generate": lambda: [*bench, "generate", *numbers, *made],
        "init": lambda: [
            *(*muster, "init", "--fictional", "--people", str(people), "--home", str(home)),
            *("--pack", str(data / "pack"), "--sources", str(data / "sources")),
        ],
        "first night": lambda: nightly(0),
        "second day": lambda: nightly(1),
        "third day": lambda: nightly(2),
    }
    if given:
        steps.pop("generate")
        steps = {name: command for name, command in steps.items() if name != "third day" or len(days_of(data)) > DAYS}
    for name, command in steps.items():
        if name in done:
            continue
        if name == "init" and home.exists():
            shutil.rmtree(home)
        found = asdict(measured(name, command(), work / f"{name.replace(' ', '-')}.log"))
        if name != "generate":
            found["home_megabytes"] = sum(p.stat().st_size for p in home.rglob("*") if p.is_file()) >> 20
        done[name] = found
        state.write_text(json.dumps(done, indent=1) + "\n")
        told = f"{found['seconds']:9.1f} s {found['cpu_seconds']:9.1f} CPU s {found['megabytes']:7,} MB"
        print(f"{people:>11,} people  {name:12} {told}", flush=True)
    return [done[name] for name in steps if name in done]


def rows_of(data: Path) -> list[dict[str, int]]:
    """How many rows each agency sent, day by day, from the manifests."""
    return [
        {path.name.split(".")[0]: json.loads(path.read_bytes())["rows"] for path in sorted(day.glob("*.manifest.json"))}
        for day in days_of(data)
    ]


def growth(results: dict[str, Any], of: str = "seconds") -> dict[str, float]:
    """By which power of the number of people each step's time grows, from the smallest to the largest size.

    `of` is `seconds` by the clock or `cpu_seconds`: where other programs use the machine too, only these say something.
    """
    sizes = sorted(int(size) for size in results)
    if len(sizes) < 2:
        return {}
    ends = [{one["step"]: one[of] for one in results[str(size)]["steps"]} for size in (sizes[0], sizes[-1])]
    return {
        step: round(math.log(ends[1][step] / ends[0][step]) / math.log(sizes[-1] / sizes[0]), 3)
        for step in ends[0]
        if step in ends[1] and step != "init"
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true", help="1 million people only")
    parser.add_argument("--people", type=int, help="this size only")
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "intake", help="where homes and data are kept")
    parser.add_argument("--data", type=Path, help="a nation written before (with --people)")
    asked = parser.parse_args()
    sizes = (asked.people,) if asked.people else SIZES[:1] if asked.small else SIZES
    kept = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    sized: dict[str, Any] = kept.get("sizes", {})
    for people in sizes:
        work = asked.work / str(people)
        data = asked.data or work / "nation"
        steps = run(people, work, data, given=asked.data is not None)
        sized[str(people)] = {"steps": steps, "rows": rows_of(data)}
        over = [
            one["step"]
            for one in steps
            if one["step"] in LIMITS
            and people == SIZES[-1]
            and (one["seconds"] > LIMITS[one["step"]][0] or one["megabytes"] > LIMITS[one["step"]][1])
        ]
        if over:
            print(f"over the limit: {', '.join(over)}")
        machine = {"processor": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}
        powers = {kind: growth(sized, kind) for kind in ("seconds", "cpu_seconds")}
        written = {"machine": machine, "growth": powers, "sizes": sized}
        RESULTS.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    print("growth", growth(sized), "of processor seconds", growth(sized, "cpu_seconds"))


if __name__ == "__main__":
    main()
