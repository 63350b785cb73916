"""What the ledger costs the register, both sides in one run.

`python -m benchmarks.register [--small]` prints the ratios and writes benchmarks/results/register.json. Wall clock,
because commits wait for the disk; run it on a quiet machine. One connection, no waiting for other writers.

| ratio | both sides |
|---|---|
| act | whole acts a second, committed one by one / the same without the time their entries take (goal: 0.85) |
| sequencer | entries a second given their place, with tiles / acts committed a second (goal: 10) |
"""

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from musterroll.register import home
from musterroll.register.clock import SetClock

RESULTS = Path(__file__).parent / "results" / "register.json"
AT = 1_790_000_000


def seconds(action: Callable[[int], object], numbers: range) -> float:
    """How long one `action` takes."""
    start = time.perf_counter()
    for n in numbers:
        action(n)
    return (time.perf_counter() - start) / len(numbers)


def measure(acts: int) -> dict[str, dict[str, float]]:
    """Both sides of each ratio, as rates a second."""
    # Models load once a home has been opened.
    from django.db import transaction

    from musterroll.entry.kind import Act
    from musterroll.register import log
    from musterroll.register.actor import Actor
    from musterroll.register.acts import writing
    from musterroll.register.acts.appoint import appoint
    from musterroll.register.acts.judge import judge_link
    from musterroll.register.models import Entry, Judgement, Role

    by = Actor.officer("o")
    appoint(office="a", title="A", officer="o", roles=[Role.CASES], by=Actor.program("benchmark"), at=AT)

    def whole(n: int) -> None:
        judge_link(person=n % 97, record=n, judgement=Judgement.CONFIRMED, by=by, at=AT)

    def entry(n: int) -> None:
        writing.personal(Act.CLAIM_FILED, person=n % 97, by=by, label=f"benchmark/{n}", at=AT, number=n)

    acted, written = [], []
    for turn in range(4):  # by turns, so that a busy moment of the machine meets both
        numbers = range(turn * acts, turn * acts + acts // 4)
        acted.append(seconds(whole, numbers))
        with transaction.atomic():
            written.append(seconds(entry, numbers))
    act, ledger = sum(acted) / 4, sum(written) / 4
    waiting = Entry.objects.filter(leaf__isnull=True).count()
    start = time.perf_counter()
    log.sequence()
    sequenced = waiting / (time.perf_counter() - start)
    return {
        "act": {"acts": 1 / act, "without their entries": 1 / (act - ledger)},
        "sequencer": {"entries": sequenced, "acts": 1 / act},
    }


def main(small: bool = False) -> None:
    """Measure in a fictional home of its own, print, and write the results."""
    acts = 200 if small else 2_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "home"
        home.create(path, home.Founding(fictional=True, origin="bench.example/ledger/2026", seed="benchmark"))
        with home.open(path, clock=SetClock(AT)):
            found = measure(acts)
    ratios = {
        "act": found["act"]["acts"] / found["act"]["without their entries"],
        "sequencer": found["sequencer"]["entries"] / found["sequencer"]["acts"],
    }
    for name, ratio in ratios.items():
        sides = ", ".join(f"{side} {value:,.0f}/s" for side, value in found[name].items())
        print(f"{name:<10} {ratio:6.2f}   {sides}")
    machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "platform": platform.platform()}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"acts": acts, "machine": machine, "measured": found, "ratios": ratios}, indent=1))


if __name__ == "__main__":
    main("--small" in sys.argv[1:])
