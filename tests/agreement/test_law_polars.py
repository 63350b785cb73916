"""The bulk engine gives the answer of the plain evaluator, in every column, on generated laws and generated people."""

import random
from pathlib import Path

import polars as pl
import pytest
from tests.generatedlaw import DAYS, law
from tests.lawtext import BASE, anybody, day, flat, rule

from musterroll.dates import NEVER
from musterroll.engine import law_guard, law_polars
from musterroll.engine.law_words import words_of
from musterroll.fact.attribute import Held
from musterroll.law import pack as packs
from musterroll.law.calendar import LEAP_DAY
from musterroll.law.evaluate import decide, in_scope
from musterroll.law.pack import Pack
from musterroll.law.truth import Truth

PACKS = Path(__file__).parents[2] / "packs"


NEEDS = ("needs", "needs_1", "needs_2")
FACT = """
```attribute f{number}
number: {number}
kind: finding
type: {type}
basis: (1)
label: a finding
proof: registry
unknown: not assumed
answers: [registry]
neutral: {neutral}
```
"""


def wide_law(chance: random.Random) -> Pack:
    """130 rules over 130 facts, some about one fact and some about two."""
    text, lines = BASE, []
    for number in range(6, 131):
        kind, neutral = chance.choice([("bool", "no"), ("date", "never"), ("enum\nvalues: [a, b, c]", "a")])
        text += FACT.format(number=number, type=kind, neutral=neutral)
        lines.append({"bool": f"f{number}", "date": f"f{number} <= on"}.get(kind, f"f{number} in (b, c)"))
    for number in range(130):
        line = f"{chance.choice(lines)} and {chance.choice(['not ', ''])}({chance.choice(lines)})"
        text += rule(line, name=f"r{number}", gives=chance.choice(["exempt", "free", "bound"]))
    return packs.from_text({"wide.md": text})


def disagreements(pack: Pack, question: str, people: list[dict[str, Held]], on: int) -> list[str]:
    facts = flat(pack, people)
    fast = law_polars.evaluate(pack, question, facts, on)
    assert list(fast.columns) == list(words_of(pack).columns)
    assert fast.schema == pl.Schema(words_of(pack).schema)
    classes = law_polars.evaluate(pack, question, facts, on, reasons=False)
    assert classes.equals(fast.select("person", "question", "class"))
    found = []
    for person, row in zip(people, fast.rows(named=True), strict=True):
        expected = law_guard.columns(pack, decide(pack, question, person, on))
        if any(row[name] != value for name, value in expected.items()):
            found.append(f"{person}: {expected} but {row}")
    return found


@pytest.mark.parametrize("leap", LEAP_DAY)
def test_the_engine_agrees_on_generated_laws_and_people(leap: str) -> None:
    """3 x 15 laws x 400 people x 6 columns = 108,000 comparisons."""
    chance = random.Random(leap)
    for _ in range(15):
        pack = law(chance, leap)
        people = [anybody(pack, chance, sets=0.2) for _ in range(400)]
        assert disagreements(pack, "duty", people, day(chance.choice(DAYS))) == []


@pytest.mark.parametrize(
    ("name", "question", "on"),
    [
        ("example", "service", "2021-02-28"),
        ("example", "service", "2022-03-01"),
        ("us", "registration", "2026-02-28"),
        ("us", "window", "2026-12-17"),
        ("us", "liability", "2026-11-22"),
        ("us", "class", "2026-02-28"),
        ("us", "class", "2026-12-31"),
    ],
)
def test_the_engine_agrees_on_the_packs_that_are_shipped(name: str, question: str, on: str) -> None:
    chance = random.Random(name + on)
    pack = packs.load(PACKS / name)
    people = [anybody(pack, chance, hidden=0.05, sets=0.1) for _ in range(500)]
    assert disagreements(pack, question, people, day(on)) == []


def test_the_engine_agrees_on_a_law_of_more_than_62_rules_and_facts() -> None:
    chance = random.Random(62)
    pack = wide_law(chance)
    assert words_of(pack).masks == ("true", "true_1", "true_2", "unknown", "unknown_1", "unknown_2", *NEEDS)
    people = [anybody(pack, chance, sets=0.2) for _ in range(300)]
    assert disagreements(pack, "duty", people, day("2024-02-29")) == []


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
