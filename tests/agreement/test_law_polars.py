"""The bulk engine gives the answer of the plain evaluator, in every column, on generated laws and generated people."""

import random
from pathlib import Path

import pytest
from tests.lawtext import ATTRIBUTES, HEAD, anybody, day, flat

from musterroll.dates import NEVER
from musterroll.engine import law_polars
from musterroll.fact.attribute import Held
from musterroll.law import pack as packs
from musterroll.law.calendar import LEAP_DAY
from musterroll.law.evaluate import decide, in_scope
from musterroll.law.pack import Pack
from musterroll.law.truth import Truth

PACKS = Path(__file__).parents[2] / "packs"
COLUMNS = ("class", "possible", "true", "unknown", "needs", "next_change")
LEAVES = (
    *("serving", "not serving", "district == north", "district != east", "district in (north, south)"),
    *("district not in (south, east)", "months_served <= 6", "months_served > 12", "6 <= months_served < 18"),
    *("months_served == 9", "months_served != 3", "age(born) >= 18", "age(born) < 26", "18 <= age(born) <= 25"),
    *("age(born) > 20", "age(born) == 19", "granted_on <= on < granted_on + days(365)"),
    *("on in [granted_on, granted_on + months(6))", "on in [granted_on, granted_on + years(1)]", "granted_on == never"),
    *("granted_on != never", "born + years(18) + days(30) >= on", "born + years(18) <= on", "born < 2003-07-01"),
    *("2000-01-01 <= born", "born == 2004-02-29", "on >= 2022-03-01", "on < 2023-01-01", "granted_on > born"),
    *("born + days(6000) <= granted_on", "granted_on - days(10) <= on", "never <= granted_on", "born <= never"),
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

```question duty
number: 9
basis: (1)
undetermined: not bound
otherwise: c1
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


def disagreements(pack: Pack, question: str, people: list[dict[str, Held]], on: int) -> list[str]:
    found = []
    asked, names = pack.questions[question], list(pack.attributes)
    for person, row in zip(
        people, law_polars.evaluate(pack, question, flat(pack, people), on).rows(named=True), strict=True
    ):
        standing = decide(pack, question, person, on)
        expected = (
            law_polars.UNDETERMINED if standing.cls is None else asked.index(standing.cls),
            sum(1 << asked.index(name) for name in standing.possible),
            standing.true,
            standing.unknown,
            sum(1 << names.index(name) for name in standing.needs),
            standing.next_change,
        )
        if expected != tuple(row[column] for column in COLUMNS):
            found.append(f"{person}: {expected} but {row}")
    return found


@pytest.mark.parametrize("leap", LEAP_DAY)
def test_the_engine_agrees_on_generated_laws_and_people(leap: str) -> None:
    """3 x 15 laws x 400 people x 6 columns = 108,000 comparisons."""
    chance = random.Random(leap)
    for _ in range(15):
        pack = law(chance, leap)
        people = [anybody(pack, chance) for _ in range(400)]
        assert disagreements(pack, "duty", people, day(chance.choice(DAYS))) == []


@pytest.mark.parametrize(
    ("name", "question", "on"),
    [
        ("example", "service", "2021-02-28"),
        ("example", "service", "2022-03-01"),
        ("us", "registration", "2026-02-28"),
        ("us", "window", "2026-12-17"),
    ],
)
def test_the_engine_agrees_on_the_packs_that_are_shipped(name: str, question: str, on: str) -> None:
    chance = random.Random(name + on)
    pack = packs.load(PACKS / name)
    people = [anybody(pack, chance, hidden=0.05) for _ in range(500)]
    assert disagreements(pack, question, people, day(on)) == []


def test_a_fact_that_begins_or_ends_bounds_the_next_change() -> None:
    pack = packs.load(PACKS / "example")
    people = [anybody(pack, random.Random(7)) for _ in range(3)]
    on, soon = day("2021-01-01"), day("2021-01-05")
    frame = flat(pack, people)
    bounded = law_polars.evaluate(pack, "service", frame.with_columns(changes_on=soon), on)["next_change"].to_list()
    assert bounded == [decide(pack, "service", person, on, changes_on=soon).next_change for person in people]
    assert max(bounded) <= soon


def test_who_is_registered_is_the_same_for_one_and_for_all() -> None:
    chance = random.Random(3)
    pack = packs.load(PACKS / "example")
    people = [anybody(pack, chance) for _ in range(300)]
    on = day("2021-01-01")
    as_truth = {True: Truth.TRUE, False: Truth.FALSE, None: Truth.UNKNOWN}
    assert [as_truth[one] for one in law_polars.in_scope(pack, flat(pack, people), on).to_list()] == [
        in_scope(pack, person, on) for person in people
    ]
    everywhere = packs.load(PACKS / "us")
    people = [anybody(everywhere, chance) for _ in range(3)]
    assert law_polars.in_scope(everywhere, flat(everywhere, people), day("2026-01-01")).to_list() == [True] * 3
    assert in_scope(everywhere, people[0], day("2026-01-01")) is Truth.TRUE


def test_nobody_s_standing_changes_before_the_day_that_was_said() -> None:
    """By time alone, on every day looked at before the next change, of 600 people under 6 generated laws."""
    chance = random.Random(11)
    for leap in [*LEAP_DAY, *LEAP_DAY]:
        pack = law(chance, leap)
        on = day(chance.choice(DAYS))
        for _ in range(100):
            person = anybody(pack, chance)
            now = decide(pack, "duty", person, on)
            last = min(now.next_change, on + 2_000) - 1
            for later in {last, *(chance.randint(on, last) for _ in range(4))}:
                then = decide(pack, "duty", person, later)
                assert (then.cls, then.possible, then.needs) == (now.cls, now.possible, now.needs)
            assert now.next_change > on or now.next_change == NEVER
