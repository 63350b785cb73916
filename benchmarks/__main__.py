"""`make bench`: every performance claim, both sides of each ratio measured in the same run.

Each part is a program of its own (`python -m benchmarks.NAME`), writes `benchmarks/results/NAME.json` (or `.txt`) with
both sides of each ratio and the machine, and prints it. A part that fails is told at the end and stops no other.

    make bench                        everything, at 25 million people where a claim is made about them: hours
    make bench ARGS=--small           the same on less: a million people taken in, a week, one town
    make bench ARGS="--small door"    these parts only
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
SMALL = ("--small",)
PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ledger": ((), SMALL),
    "draw": ((), SMALL),
    "draw_national": ((), ("--people", "200000")),
    "fairness": ((), SMALL),
    "facts": ((), SMALL),
    "door": ((), SMALL),
    "linkage": ((), SMALL),
    "names": ((), SMALL),
    "febrl": ((), ()),
    "law": ((), SMALL),
    "verify": ((), SMALL),
    "verify_page": ((), SMALL),
    "recall": ((), ("--people", "1000000", "--nights", "30")),
    "truth": ((), ("2020-11-1",)),
    "year": ((), ("--people", "2000", "--days", "7")),
    "intake": ((), SMALL),
}
"""What each part is told: for all of it, and for less."""


def main() -> None:
    """Run the parts that were asked for, each after the other; exit with 1 where one failed."""
    parser = argparse.ArgumentParser("python -m benchmarks", description="Measure every performance claim.")
    parser.add_argument("--small", action="store_true", help="the same on less")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all where none is named")
    asked = parser.parse_args()
    unknown = sorted(set(asked.parts) - set(PARTS))
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    failed = []
    for name in asked.parts or PARTS:
        print(f"== {name}", flush=True)
        begun = time.monotonic()
        command = [sys.executable, "-m", f"benchmarks.{name}", *PARTS[name][asked.small]]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(name)
        print(f"-- {name}: {time.monotonic() - begun:.0f} s", flush=True)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
