"""How long the proofs about a law take, and that nobody is bound through an unknown (gates 10 and 14).

The laws are made up: 32 facts, 22 classes. In the law that is in order every fact can only protect, and the last class
binds whoever is of age; in the faulty one classes of every effect are given by any fact, so that many findings have to
be shown, each with its smallest person. Timed is the whole of `muster pack check` without its cases.
"""

import random
import re
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
_REFUSES = re.compile(r"not b(\d+)")


def law(rules: int, *, faulty: bool = False, seed: int = 1) -> Pack:
    """A made-up law of so many rules."""
    chance = random.Random(seed)
    names = [f"c{number}" for number in range(CLASSES)]
    last = CLASSES - 1
    text = HEAD + "".join(_attributes()) + "\n```question class\nnumber: 1\nbasis: (1)\nundetermined: not bound\n"
    text += f"otherwise: {names[0]}\norder:\n  - (1): [{', '.join(names)}]\nclasses:\n"
    for number, name in enumerate(names):
        effect = EFFECTS[number * len(EFFECTS) // CLASSES] if faulty else "liable" if number == last else "exempt"
        callable_ = "yes" if number == last else "no"
        text += f"  - {name}: {{effect: {effect}, callable: {callable_}, label: {name}, basis: (1)}}\n"
    text += "```\n"
    for number in range(rules):
        lines, gives = _rule(chance, number), number % (CLASSES if faulty else last)
        if not faulty:
            lines = [_REFUSES.sub(r"b\1", line) for line in lines]
            if number == rules - 1:
                lines, gives = ["age(born) >= 18"], last
        said = "".join(f"  - (1): {line}\n" for line in lines)
        text += f"\n```rule r{number}\ngives: class {names[gives]}\nwhen:\n{said}```\n"
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
    in_order = min((seconds(law(33)) for _ in range(3)), key=lambda one: one[0])
    faulty = seconds(law(33, faulty=True))
    found = {"10": _gate(in_order[0], 1.0, findings=len(in_order[1].findings), faulty_law=faulty[0])}
    if not small:
        many = seconds(law(320))
        found["10, 320 rules"] = _gate(many[0], 30.0, findings=len(many[1].findings))
    both = [packs.load(PACKS / name) for name in ("example", "us")]
    unit = "questions with somebody bound through an unknown, or of which that is not proved"
    asked = sum(len(pack.questions) for pack in both)
    found["14"] = _gate(sum(map(adverse_through_unknown, both)), 0, unit, packs=len(both), questions=asked)
    return found


def _gate(value: float, gate: float, unit: str = "CPU s", **sides: float) -> dict[str, Any]:
    told = {name.replace("_", " "): round(side, 2) for name, side in sides.items()}
    return {"value": round(value, 2), "gate": gate, "better": "lower", "unit": unit, "sides": told}


if __name__ == "__main__":
    for number, one in gates(small="--small" in sys.argv).items():
        print(number, one)
