"""Gate 11: how long it takes to turn one small error in a law into a witness, or the proof that it changes nothing.

Asked is about every error of a question, as though the pack had no cases: the solver gets no help from them but the
people they know. What is put up once for all errors (the formulas of the law itself) is part of the time.
"""

import time
from pathlib import Path
from typing import Any

from musterroll.law import mutants
from musterroll.law.pack import load
from musterroll.law.prove.equivalent import Difference
from musterroll.law.prove.witness import Nobody, Witness

PACKS = Path(__file__).parents[1] / "packs"


def gates(small: bool) -> dict[str, dict[str, Any]]:
    """CPU milliseconds for one error: of the largest question of `packs/us`; `small` looks at every fifth of them."""
    pack = load(PACKS / "us")
    question = max(pack.questions, key=lambda name: len(pack.questions[name].rules))
    every = [mutant for mutant in mutants.of(pack) if mutant.question == question]
    asked = every[::5] if small else every
    difference = Difference(pack)
    start = time.process_time()
    found = [difference.find(mutant) for mutant in asked]
    spent = time.process_time() - start
    return {
        "11": {
            "value": round(1000 * spent / len(asked), 2),
            "gate": 50,
            "better": "lower",
            "unit": "ms",
            "sides": {
                "question": question,
                "mutants": len(asked),
                "witnesses": sum(isinstance(one, Witness) for one in found),
                "proved equivalent": sum(one is Nobody.PROVED for one in found),
                "not proved": sum(one is Nobody.NOT_PROVED for one in found),
            },
        }
    }


if __name__ == "__main__":
    print(gates(small=False))
