"""S1: unknown never counts against a person. These tests try to make it count."""

import random
from pathlib import Path

import pytest
from tests.lawtext import anybody, day, held, without

from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Held, State
from musterroll.law import lint
from musterroll.law import pack as packs
from musterroll.law.evaluate import decide
from musterroll.law.model import Effect
from musterroll.law.pack import Pack

PACKS = {name: packs.load(Path(__file__).parents[2] / "packs" / name) for name in ("example", "us", "ee", "lv")}
ASKED = [
    ("example", "service", "2021-02-28"),
    ("us", "registration", "2026-02-28"),
    ("us", "registration", "2026-12-18"),
    ("us", "window", "2026-11-20"),
    ("us", "liability", "2027-02-28"),
    ("us", "processing", "2027-03-01"),
    ("us", "class", "2027-03-01"),
]


@pytest.mark.parametrize(("name", "question", "on"), ASKED)
def test_whom_nothing_is_known_of_is_bound_to_nothing(name: str, question: str, on: str) -> None:
    standing = decide(PACKS[name], question, {}, day(on))
    assert (standing.cls, standing.callable) == (None, False)
    assert standing.needs != ()


@pytest.mark.parametrize(("name", "question", "on"), ASKED)
def test_hiding_facts_never_changes_a_class_that_is_still_decided(name: str, question: str, on: str) -> None:
    """Hide and seek: what is decided on part of the facts is what all the facts say, for 1,000 made-up people."""
    pack, chance = PACKS[name], random.Random(question)
    decided = 0
    for _ in range(1_000):
        person = anybody(pack, chance, hidden=0, vague=0)
        known = decide(pack, question, person, day(on))
        fewer = without(person, {one for one in person if chance.random() < 0.2})
        partly = decide(pack, question, fewer, day(on))
        if partly.cls is not None:
            decided += 1
            assert partly.cls == known.cls
        else:
            assert set(known.possible) <= set(partly.possible)
            assert set(partly.needs) <= set(pack.attributes)
    assert decided > 50


@pytest.mark.parametrize(("name", "question", "on"), ASKED)
def test_knowing_a_date_less_exactly_never_makes_it_worse(name: str, question: str, on: str) -> None:
    pack, chance = PACKS[name], random.Random(on)
    burden = {one.name: one.effect.burden for one in pack.questions[question].classes}
    for _ in range(500):
        person = anybody(pack, chance, hidden=0, vague=0)
        known = decide(pack, question, person, day(on))
        if known.cls is None:  # a day that the law itself leaves open
            continue
        vague = {one: widened(fact, chance) if not isinstance_code(pack, one) else fact for one, fact in person.items()}
        partly = decide(pack, question, vague, day(on))
        assert partly.cls in (known.cls, None)
        assert partly.cls is None or burden[partly.cls] == burden[known.cls]


def widened(fact: Held, chance: random.Random) -> Held:
    assert fact.lo is not None
    assert fact.hi is not None
    return Held(
        max(-(2**31) + 1, fact.lo - chance.randrange(500)),
        min(2**31 - 1, fact.hi + chance.randrange(500)),
        State.CONFLICT,
    )


def isinstance_code(pack: Pack, name: str) -> bool:
    return pack.attributes[name].span[1] < 1_000


@pytest.mark.parametrize("name", list(PACKS["example"].attributes))
def test_no_single_missing_fact_leaves_an_ordinary_man_callable_unless_it_does_not_matter(name: str) -> None:
    """Only a fact that cannot turn the answer (who shares the care of no children) may be missing."""
    pack = PACKS["example"]
    man = held(
        pack,
        born="2000-05-17",
        sex="male",
        died_on="never",
        enrolled="yes",
        lives_in_dwelling="yes",
        serving="no",
        has_served="no",
        in_institution="no",
        third_child_born="none",
        third_dependant_born="none",
        youngest_child_born="none",
        shares_care="no",
        full_time_student="no",
        postponed_until="none",
    )
    assert decide(pack, "service", man, day("2021-01-01")).callable
    without_it = decide(pack, "service", without(man, {name}), day("2021-01-01"))
    assert without_it.callable == (name == "shares_care")


def test_undetermined_is_never_callable_in_any_pack() -> None:
    for pack in PACKS.values():
        for question in pack.questions.values():
            assert all(one.effect is Effect.LIABLE for one in question.classes if one.callable)
            chance = random.Random(1)
            for _ in range(300):
                on = max(day("2026-01-01"), pack.law.periods[0].first)
                standing = decide(pack, question.name, anybody(pack, chance), on)
                assert standing.cls is not None or not standing.callable


def test_a_pack_that_binds_by_the_unknown_cannot_be_published() -> None:
    """The example's law with one rule that rests on nothing but the day."""
    pages = {
        page.name: page.read_text("utf-8") for page in (Path(__file__).parents[2] / "packs" / "example").glob("*.md")
    }
    bad = "\n```rule everybody\ngives: class liable\nwhen:\n  - art. 4 (1): on >= 2019-01-01\n```\n"
    for rule in (
        "died",
        "not_enrolled",
        "not_male",
        "under_age",
        "over_age",
        "no_dwelling",
        "serving",
        "has_served",
        "in_institution",
        "three_children",
        "three_dependants",
        "sole_guardian",
        "student",
        "postponed",
        "liable",
    ):
        for name, text in pages.items():
            start = text.find(f"```rule {rule}\n")
            if start >= 0:
                pages[name] = text[:start] + text[text.index("\n```\n", start) + 5 :]
    pages["pack.md"] += bad.replace("everybody", "everybody")
    pages = {name: pages[name] for name in ("pack.md", "liability.md", "selection.md", "words.md")}
    with pytest.raises(MusterRollError) as refused:
        lint.refuse(packs.from_text(pages))
    assert refused.value.code == "law.liable-by-unknown"
