"""How long the proofs about a law take, and that nobody is bound through an unknown (gates 10 and 14).

The law of 33 rules and that of 320 are made up: 22 classes of every effect, 32 facts. What is timed is the whole of
`muster pack check` without its cases: the lint and every proof, findings and the people who show them included.
"""

import random
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.law_made_up import HEAD, _attributes, _rule

from musterroll.law import lint, prove
from musterroll.law import pack as packs
from musterroll.law.pack import Pack

PACKS = Path(__file__).parents[1] / "packs"
CLASSES = 22
EFFECTS = ("exempt", "not processed", "deferred", "liable")


def law(rules: int, seed: int = 1) -> Pack:
    """A made-up law whose classes have every effect."""
    chance = random.Random(seed)
    names = [f"c{number}" for number in range(CLASSES)]
    text = HEAD + "".join(_attributes()) + "\n```question class\nnumber: 1\nbasis: (1)\nundetermined: not bound\n"
    text += f"otherwise: {names[0]}\norder:\n  - (1): [{', '.join(names)}]\nclasses:\n"
    for number, name in enumerate(names):
        effect = EFFECTS[number * len(EFFECTS) // CLASSES]
        callable_ = "yes" if number == CLASSES - 1 else "no"
        text += f"  - {name}: {{effect: {effect}, callable: {callable_}, label: {name}, basis: (1)}}\n"
    text += "```\n"
    for number in range(rules):
        lines = "".join(f"  - (1): {line}\n" for line in _rule(chance, number))
        text += f"\n```rule r{number}\ngives: class {names[number % CLASSES]}\nwhen:\n{lines}```\n"
    return packs.from_text({"made_up.md": text})


def seconds(pack: Pack) -> tuple[float, prove.Proofs]:
    """CPU seconds of lint and proofs of a pack, with what was found."""
    before = time.process_time()
    lint.check(pack)
    proofs = prove.check(pack)
    return time.process_time() - before, proofs


def adverse_through_unknown(pack: Pack) -> int:
    """Questions of a pack of which it is not proved that no class turns on what is not known."""
    proved = {one.question for one in prove.check(pack).proved if one.code == "adverse-by-unknown"}
    bound = sum(one.code == "liable-by-unknown" for one in lint.check(pack))
    return len(pack.questions.keys() - proved) + bound


def gates(small: bool) -> dict[str, dict[str, Any]]:
    """The gates by number; a small run leaves out the large law."""
    few, proofs = seconds(law(33))
    found: dict[str, dict[str, Any]] = {
        "10": _gate(round(few, 2), 1.0, "CPU s", {"law": "33 rules", "findings": len(proofs.findings)}),
        "14": _gate(
            sum(adverse_through_unknown(packs.load(PACKS / name)) for name in ("example", "us")),
            0,
            "questions with somebody bound through an unknown, or not proved",
            {"packs": "example, us"},
        ),
    }
    if not small:
        many, proofs = seconds(law(320))
        found["10b"] = _gate(round(many, 2), 30.0, "CPU s", {"law": "320 rules", "findings": len(proofs.findings)})
    return found


def _gate(value: float, gate: float, unit: str, sides: dict[str, Any]) -> dict[str, Any]:
    return {"value": value, "gate": gate, "better": "lower", "unit": unit, "sides": sides}


if __name__ == "__main__":
    for number, one in gates(small="--small" in sys.argv).items():
        print(number, one)
