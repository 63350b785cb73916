"""`make bench`: every performance claim as a ratio, both sides measured in the same run.

Each module measures one part, writes `benchmarks/results/NAME.json` with both sides of each ratio and the machine, and
prints it. `--small` does the same on less.
"""

import sys

from benchmarks import draw, facts, fairness, law, ledger, linkage, verify

PARTS = (ledger, draw, fairness, facts, linkage, law, verify)


def main() -> None:
    """Run every part."""
    small = "--small" in sys.argv[1:]
    for part in PARTS:
        print(f"== {part.__name__}")
        part.main(small)


if __name__ == "__main__":
    main()
