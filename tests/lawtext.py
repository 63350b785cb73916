"""Small laws for tests: a pack in one page, of which a test changes what it is about."""

import random
from collections.abc import Mapping

import polars as pl

from musterroll.dates import FIRST_DAY, NEVER, parse_day
from musterroll.fact.attribute import WIDEST, Held, State, ValueType, one_of
from musterroll.law import pack as packs
from musterroll.law.declare import value_of
from musterroll.law.pack import Pack

HEAD = """
```pack small
title: A small law
version: 1
in force: 2000-01-01 .. 2100-01-01
```
# art. 1: The law

> (1) first
> (2) second
> (3) third
"""

CALENDAR = """
```calendar
leap_day: {is: 1 March, basis: (1)}
month_end: {is: last day, basis: (1)}
age_attained: {is: on anniversary, basis: (1)}
```
"""

ATTRIBUTES = """
```attribute born
number: 1
kind: birth
type: date
basis: (1)
label: day of birth
proof: registry
unknown: not assumed
answers: [registry]
```

```attribute serving
number: 2
kind: service
type: bool
basis: (1)
label: service
proof: registry
unknown: not assumed
answers: [registry, person]
neutral: no
```
```attribute district
number: 3
kind: residence area
type: enum
values: [north, south, east]
basis: (1)
label: district
proof: registry
unknown: not assumed
answers: [registry]
```

```attribute months_served
number: 4
kind: own declaration
type: int
range: 0 .. 600
basis: (1)
label: months served
proof: registry
unknown: not assumed
answers: [registry]
```

```attribute granted_on
number: 5
kind: own earlier order
type: date
basis: (1)
label: day of the grant
proof: registry
unknown: not assumed
answers: [registry]
```
"""

QUESTION = """
```question duty
number: 9
basis: (1)
undetermined: not bound
otherwise: free
order: [{(1): [exempt, free, bound]}]
classes:
  - exempt: {effect: exempt, callable: no, label: Exempt, basis: (1)}
  - free: {effect: not liable, callable: no, label: Free, basis: (1)}
  - bound: {effect: liable, callable: yes, label: Bound, basis: (1)}
```
"""

RULES = """
```rule exempt
gives: class exempt
when:
  - (2): serving
```

```rule bound
gives: class bound
when:
  - (1): age(born) >= 18
```
"""

BASE = HEAD + CALENDAR + ATTRIBUTES + QUESTION


def small(extra: str = RULES, base: str = BASE) -> Pack:
    """The small law with these rules and cases."""
    return packs.from_text({"small.md": base + extra})


def rule(condition: str, *, name: str = "bound", gives: str = "bound", more: str = "") -> str:
    """One rule of one line."""
    return f"\n```rule {name}\ngives: class {gives}\n{more}when:\n  - (1): {condition}\n```\n"


def held(pack: Pack, **texts: str) -> dict[str, Held]:
    """Facts as a pack writes them; `A .. B` is a hull, `a | b` one of several codes."""
    found = {}
    for name, text in texts.items():
        if "|" in text:
            codes = (value_of(pack.attributes[name], one.strip(), name) for one in text.split("|"))
            found[name] = one_of(sum(1 << code for code in codes), State.CONFLICT)
            continue
        lo, _, hi = text.partition(" .. ")
        first = value_of(pack.attributes[name], lo, name)
        last = value_of(pack.attributes[name], hi, name) if hi else first
        found[name] = Held(first, last, State.SINGLE if first == last else State.CONFLICT)
    return found


def day(text: str) -> int:
    """The day written YYYY-MM-DD."""
    return parse_day(text)


EDGES = ("2004-02-29", "2000-02-28", "2000-03-01", "2003-12-31", "2004-08-31", "1996-02-29", "2020-01-31")


def anybody(
    pack: Pack, chance: random.Random, *, hidden: float = 0.12, vague: float = 0.25, sets: float = 0.0
) -> dict[str, Held]:
    """A made-up person: each fact held, vague or hidden by chance; dates on edges, never and none among them.

    `sets` is the share of codes of which only a set is known.
    """
    found: dict[str, Held] = {}
    for attribute in pack.attributes.values():
        if chance.random() < hidden:
            continue
        if attribute.type is ValueType.DATE:
            lo = chance.choice([day(chance.choice(EDGES)), chance.randrange(10_000, 20_000), NEVER, FIRST_DAY])
            hi = lo
            if chance.random() < vague:
                known = FIRST_DAY < lo < NEVER
                hi = chance.choice([NEVER, lo + chance.randrange(900) if known else max(lo, 18_000)])
        elif attribute.type is ValueType.INT:
            lo = chance.randrange(30)
            hi = lo + (chance.randrange(6) if chance.random() < vague else 0)
        else:
            lo = hi = chance.randint(*attribute.span)
            if attribute.type is ValueType.ENUM and lo < WIDEST and chance.random() < sets:
                codes = {lo, *(chance.randrange(min(WIDEST, len(attribute.values))) for _ in range(2))}
                found[attribute.name] = one_of(sum(1 << code for code in codes), State.CONFLICT)
                continue
        found[attribute.name] = Held(lo, hi, State.SINGLE)
    return found


def flat(pack: Pack, people: list[dict[str, Held]]) -> pl.DataFrame:
    """The people as the engine gets them."""
    columns: dict[str, list[int | None]] = {"person": list(range(len(people)))}
    types: dict[str, type[pl.DataType]] = {"person": pl.Int64}
    for name, attribute in pack.attributes.items():
        lows = [person[name].lo if name in person else None for person in people]
        if attribute.type in (ValueType.DATE, ValueType.INT):
            columns[f"{name}_lo"], types[f"{name}_lo"] = lows, pl.Int32
            columns[f"{name}_hi"] = [person[name].hi if name in person else None for person in people]
            types[f"{name}_hi"] = pl.Int32
        else:
            columns[name] = [person[name].exact if name in person else None for person in people]
            types[name] = pl.UInt8
        sets = [person[name].among if name in person else None for person in people]
        if any(one is not None for one in sets):
            columns[f"{name}_among"], types[f"{name}_among"] = sets, pl.Int64
    return pl.DataFrame(columns, schema=types)


def without(person: Mapping[str, Held], hidden: set[str]) -> dict[str, Held]:
    """The same person of whom less is known."""
    return {name: fact for name, fact in person.items() if name not in hidden}
