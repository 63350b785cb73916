"""The bulk engine agrees with the reference on the people of the worked cases of the United States.

Made-up people seldom come near a class; the people of the cases stand there on purpose. Each is asked every question,
on days on which the law or an age turns, whole and with a few facts hidden.
"""

import random
from pathlib import Path

import pytest
from tests.agreement.test_law_polars import disagreements
from tests.lawtext import day

from musterroll.fact.attribute import Held
from musterroll.law import cases
from musterroll.law import pack as packs

PACK = packs.load(Path(__file__).parents[2] / "packs" / "us")
DAYS = ("2026-02-28", "2026-12-17", "2026-12-18", "2026-12-31", "2027-01-01", "2027-03-01", "2028-02-29", "2034-01-01")
PEOPLE = [dict(held) for held in {tuple(sorted(line.held.items())): line.held for line in cases.lines(PACK)}.values()]


def some_hidden(person: dict[str, Held], chance: random.Random) -> dict[str, Held]:
    return {name: fact for name, fact in person.items() if chance.random() > 0.1}


@pytest.mark.parametrize("question", PACK.questions)
def test_the_engine_agrees_on_the_people_of_the_cases(question: str) -> None:
    chance = random.Random(question)
    for on in DAYS:
        people = [*chance.sample(PEOPLE, 150), *(some_hidden(person, chance) for person in chance.sample(PEOPLE, 50))]
        assert disagreements(PACK, question, people, day(on)) == [], on
