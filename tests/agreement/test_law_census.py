"""Proofs say what counting says: on one day, every kind of person that a small law can tell apart is looked at.

`tests.census` shares nothing with the solver: it numbers all combinations of values and works on whole numbers.
"""

import random

import pytest
from tests.census import Census
from tests.lawtext import BASE, day, rule, small

from musterroll.law import prove
from musterroll.law.declare import value_of
from musterroll.law.pack import Pack
from musterroll.law.prove.burden import weight

LEAVES = (
    *("serving", "not serving", "district == north", "district in (south, east)", "months_served <= 6"),
    *("months_served > 12", "granted_on + years(18) <= on", "on < granted_on + months(6)", "granted_on == never"),
    *("granted_on <= on", "granted_on < 2010-05-01", "not (serving and district == south)"),
)
CLASSES = ("exempt", "free", "bound")


def law(chance: random.Random) -> Pack:
    """A small law in force on one day only."""
    text = ""
    for number in range(chance.randint(2, 7)):
        condition = chance.choice([" and ", " or "]).join(chance.choice(LEAVES) for _ in range(chance.randint(1, 3)))
        over = f"yields to: r{number - 1}\n" if number and chance.random() < 0.2 else ""
        text += rule(condition, name=f"r{number}", gives=chance.choice(CLASSES), more=over)
    return small(text, BASE.replace("2000-01-01 .. 2100-01-01", "2024-02-29 .. 2024-03-01"))


def weighing(pack: Pack, looked: Census) -> set[str]:
    """The protected facts (service is the only one here) that give a worse class than their neutral value."""
    decided, question = looked.decided(), pack.questions["duty"]
    if "serving" not in looked.values:
        return set()
    neutral, size = value_of(pack.attributes["serving"], "no", ""), looked.stride["serving"]
    first = looked.where("serving", {0})
    for level in {weight(question, index) for index in range(3)}:
        worse = 0
        for index, one in enumerate(question.classes):
            worse |= decided[one.name] if weight(question, index) >= level else 0
        if (worse >> size) & ~(worse >> (neutral * size)) & first:
            return {"serving"}
    return set()


@pytest.mark.parametrize("seed", range(25))
def test_whom_a_law_reaches_and_burdens_is_the_same_by_counting(seed: int) -> None:
    pack = law(random.Random(seed))
    looked = Census(pack, "duty", day("2024-02-29"))
    findings = prove.check(pack).findings
    names = pack.questions["duty"].rules
    dead = {name for name, table in zip(names, looked.of_rule, strict=True) if not table.true}
    reached = 0
    for table in looked.of_rule:
        reached |= table.true
    assert {one.rules[0] for one in findings if one.code == "dead"} == dead
    assert any(one.code == "gap" for one in findings) == (reached != looked.everybody)
    assert {"serving" for one in findings if one.code == "burden"} == weighing(pack, looked)
    decided = looked.decided()
    idle = {one.rules[0] for one in findings if one.code in ("dead", "shadowed")}
    wins = {
        name
        for name, table, one in zip(names, looked.of_rule, looked.rules, strict=True)
        if one and table.true & decided[one.gives]
    }
    assert idle == set(names) - wins
