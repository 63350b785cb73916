"""Laws made at random, to hold the evaluators and engines against one another."""

import random

from tests.lawtext import ATTRIBUTES, HEAD

from musterroll.law import pack as packs
from musterroll.law.pack import Pack

LEAVES = (
    *("serving", "not serving", "district == north", "district != east", "district in (north, south)"),
    *("district not in (south, east)", "months_served <= 6", "months_served > 12", "6 <= months_served < 18"),
    *("months_served == 9", "months_served != 3", "age(born) >= 18", "age(born) < 26", "18 <= age(born) <= 25"),
    *("age(born) > 20", "age(born) == 19", "granted_on <= on < granted_on + days(365)"),
    *("on in [granted_on, granted_on + months(6))", "on in [granted_on, granted_on + years(1)]", "granted_on == never"),
    *("granted_on != never", "born + years(18) + days(30) >= on", "born + years(18) <= on", "born < 2003-07-01"),
    *("2000-01-01 <= born", "born == 2004-02-29", "on >= 2022-03-01", "on < 2023-01-01", "granted_on > born"),
    *("born + days(6000) <= granted_on", "granted_on - days(10) <= on", "never <= granted_on", "born <= never"),
    *("turning(born) >= 20", "21 <= turning(born) <= 25", "turning(born) == 19"),
    *("on <= that_year(born + years(21), 7, 1)", "that_year(granted_on, 2, 28) - days(9) < on"),
    *("that_year(granted_on + months(5), 12, 31) + days(3) <= on", "that_year(born + years(2), 3, 1) <= 2022-02-28"),
    *("next_working(granted_on + days(15), court) <= on", "granted_on + working_days(3, court) > on"),
    *("next_working(born + years(18), court) - days(2) <= on", "granted_on + months(1) + working_days(20, court) < on"),
)
DAYS = ("2020-12-31", "2022-02-28", "2022-03-01", "2024-02-29", "2021-01-31")


def condition(chance: random.Random, depth: int) -> str:
    if depth == 0 or chance.random() < 0.3:
        return chance.choice(LEAVES)
    joined = chance.choice([" and ", " or "]).join(condition(chance, depth - 1) for _ in range(chance.randint(2, 3)))
    return f"not ({joined})" if chance.random() < 0.25 else f"({joined})"


def law(chance: random.Random, leap: str) -> Pack:
    end = {"1 March": "next day", "28 February": "last day", "either": "either"}[leap]
    age = "day before" if leap == "28 February" else "on anniversary"
    text = f"""
```calendar
leap_day: {{is: {leap}, basis: (1)}}
month_end: {{is: {end}, basis: (1)}}
age_attained: {{is: {age}, basis: (1)}}
```

```holidays court
covers: 1999-06-01 .. 2022-12-01
weekend: {{is: [Saturday, Sunday], basis: (1)}}
closed:
  - (2): [2020-12-24, 2020-12-25, 2021-01-01, 2021-02-01]
```

```question duty
number: 9
basis: (1)
undetermined: not bound
otherwise: c1
order:
  - (3): [{", ".join(chance.sample(["c0", "c1", "c2", "c3"], chance.randint(2, 4)))}]
classes:
  - c0: {{effect: exempt, callable: no, label: A, basis: (1)}}
  - c1: {{effect: not liable, callable: no, label: B, basis: (1)}}
  - c2: {{effect: deferred, callable: no, label: C, basis: (1)}}
  - c3: {{effect: liable, callable: yes, label: D, basis: (1)}}
```
"""
    for number in range(chance.randint(3, 9)):
        lines = "".join(f"  - (1): {condition(chance, 2)}\n" for _ in range(chance.randint(1, 3)))
        some = f"  - any:\n    - (2): {condition(chance, 1)}\n    - (2): {condition(chance, 1)}\n"
        none = f"  - none:\n    - (3): {condition(chance, 1)}\n"
        more = f"yields to: r{number - 1}\n" if number and chance.random() < 0.2 else ""
        period = chance.choice(["", "", "in force: 2000-01-01 .. 2023-05-05\n", "in force: 2021-06-01 ..\n"])
        text += f"\n```rule r{number}\ngives: class c{chance.randrange(4)}\n{more}{period}when:\n{lines}"
        text += f"{some if chance.random() < 0.3 else ''}{none if chance.random() < 0.3 else ''}```\n"
    return packs.from_text({"generated.md": HEAD + ATTRIBUTES + text})
