"""Gate 9: what one person's decision with all its reasons costs, without putting them into words.

    python -m benchmarks.law_trace

People are made up for the pack's class question (`law_people`); the mean is CPU time, best of three runs, one thread.
Beside it stand the decision alone, and the same for the people of the pack's own cases: they are the hard ones, a
fifth of them undetermined.
"""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl
from benchmarks import law_people

from musterroll.dates import parse_day
from musterroll.engine import law_guard
from musterroll.fact.attribute import Held, State
from musterroll.law import cases
from musterroll.law import pack as packs
from musterroll.law.evaluate import decide
from musterroll.law.pack import Pack
from musterroll.law.trace import trace

GATE = 1.0
"""Milliseconds a person."""

ON = parse_day("2026-11-22")
Asked = tuple[Mapping[str, Held], int]


def gates(small: bool) -> dict[str, dict[str, object]]:
    """Gate 9 by its number."""
    pack, question = packs.load(Path(__file__).parents[1] / "packs" / "us"), "class"
    made = next(law_people.chunks(pack, question, ON, 500 if small else 3_000))
    single = pl.lit(int(State.SINGLE), pl.UInt8)
    frame = made.with_columns(single.alias(f"{name}_state") for name in pack.attributes)
    people = [(law_guard.held(pack, row), ON) for row in frame.iter_rows(named=True)]
    told = [(one.held, one.on) for one in cases.lines(pack) if one.question == question and not one.readings]
    value = _mean(lambda held, on: trace(pack, question, held, on), people)
    return {
        "9": {
            "value": round(value, 3),
            "gate": GATE,
            "better": "lower",
            "unit": "ms CPU a person, decision and full trace",
            "sides": {
                "people": len(people),
                "decision alone": round(_mean(lambda held, on: decide(pack, question, held, on), people), 3),
                "the pack's cases": round(_mean(lambda held, on: trace(pack, question, held, on), told), 3),
                "undetermined of them": round(_undetermined(pack, question, told), 3),
                "rules": len(pack.questions[question].rules),
            },
        }
    }


def _mean(asked: Callable[[Mapping[str, Held], int], object], people: Sequence[Asked]) -> float:
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        for held, on in people:
            asked(held, on)
        best = min(best, time.process_time() - began)
    return best / len(people) * 1_000


def _undetermined(pack: Pack, question: str, people: Sequence[Asked]) -> float:
    return sum(decide(pack, question, held, on).cls is None for held, on in people) / len(people)


if __name__ == "__main__":
    print(gates("--small" in sys.argv[1:])["9"])
