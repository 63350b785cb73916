"""Laws for the benchmarks: as many rules, classes and facts as asked, alike in shape to a chapter on classification.

A rule says that something was found (a yes, or one of several codes), often within a time from a day, sometimes at an
age or a number of dependants. Not the law of anywhere.
"""

import random

from musterroll.law import pack as packs
from musterroll.law.pack import Pack

BOOLS, ENUMS, DATES, INTS = 11, 8, 10, 2
HEAD = """
```pack made_up
title: A made-up law
version: 1
in force: 2000-01-01 ..
```

# art. 1: The law

> (1) first

```calendar
leap_day: {is: 1 March, basis: (1)}
month_end: {is: last day, basis: (1)}
age_attained: {is: on anniversary, basis: (1)}
```
"""
ATTRIBUTE = """
```attribute {name}
number: {number}
kind: {kind}
type: {type}
basis: (1)
label: {name}
proof: registry
unknown: not assumed
answers: [registry]
neutral: {neutral}
```
"""


def law(rules: int = 33, classes: int = 22, seed: int = 1) -> Pack:
    """A law with 32 facts."""
    chance = random.Random(seed)
    text = HEAD + "".join(_attributes())
    names = [f"c{number}" for number in range(classes)]
    text += "\n```question class\nnumber: 1\nbasis: (1)\nundetermined: not bound\n"
    text += f"otherwise: c{classes - 1}\norder:\n  - (1): [{', '.join(names)}]\nclasses:\n"
    for name in names:
        effect = "{effect: not liable, callable: no, label: L, basis: (1)}"
        text += f"  - {name}: {effect}\n"
    text += "```\n"
    for number in range(rules):
        lines = "".join(f"  - (1): {line}\n" for line in _rule(chance, number))
        text += f"\n```rule r{number}\ngives: class c{number % (classes - 1)}\nwhen:\n{lines}```\n"
    return packs.from_text({"made_up.md": text})


def _attributes() -> list[str]:
    kinds = [
        ("born", "birth", "date", ""),
        *((f"b{n}", "finding", "bool", "no") for n in range(BOOLS)),
        *((f"e{n}", "finding", "enum\nvalues: [v0, v1, v2, v3, v4]", "v0") for n in range(ENUMS)),
        *((f"d{n}", "finding", "date", "never") for n in range(DATES)),
        *((f"i{n}", "own declaration", "int\nrange: 0 .. 40", "0") for n in range(INTS)),
    ]
    made = []
    for number, (name, kind, type_, neutral) in enumerate(kinds, 1):
        text = ATTRIBUTE.format(name=name, number=number, kind=kind, type=type_, neutral=neutral)
        made.append(text if neutral else text.replace("neutral: \n", ""))
    return made


def _rule(chance: random.Random, number: int) -> list[str]:
    lines = [f"b{number % BOOLS}" if number % 3 else f"e{number % ENUMS} in (v1, v{2 + number % 3})"]
    if chance.random() < 0.6:
        day, days = f"d{number % DATES}", chance.choice([30, 90, 180, 365, 730])
        lines.append(f"{day} <= on < {day} + days({days})")
    if chance.random() < 0.3:
        lines.append(f"not b{chance.randrange(BOOLS)}")
    if chance.random() < 0.3:
        lines.append(f"i{number % INTS} >= {1 + number % 4}")
    if number % 8 == 0:
        lines.append(f"18 <= age(born) < {20 + number % 16}")
    if number % 11 == 5:
        lines.append(f"e{chance.randrange(ENUMS)} == v4 or b{chance.randrange(BOOLS)}")
    return lines
