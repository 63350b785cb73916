"""The formulas that proofs are made of mean what the evaluator means: for laws and people made up at random."""

import random
from collections.abc import Mapping
from pathlib import Path

import pytest
import z3
from tests import generatedlaw
from tests.lawtext import anybody, day

from musterroll.fact.attribute import UNKNOWN, Held
from musterroll.law import pack as packs
from musterroll.law.evaluate import decide
from musterroll.law.pack import Pack
from musterroll.law.prove.day import Day
from musterroll.law.prove.encode import Asked, attributes_read
from musterroll.law.prove.person import LATEST, Facts, Knowledge

FOLDER = Path(__file__).parents[2] / "packs"


class Answers:
    """What the formulas say of a person, in the evaluator's terms."""

    def __init__(self, of: Asked) -> None:
        self.of = of
        bits = [bit for bit, one in enumerate(of.rules) if one]
        classes = range(len(of.question.classes))
        parts = [part for bit in bits for part in (of.rule(bit).true, of.rule(bit).maybe, of.rule(bit).unknown)]
        parts += [of.class_is(index) for index in classes] + [of.undetermined]
        boolean = z3.BoolSort(of.context)
        self.bits = bits
        self.all = z3.Function("all", *(boolean for _ in parts), boolean)(*parts)
        self.on: dict[int, z3.ExprRef] = {}

    def about(self, person: Mapping[str, Held], on: int) -> tuple[int, int, str | None]:
        """The rules that are true, those that are unknown, and the class."""
        if on not in self.on:
            self.on[on] = z3.simplify(z3.substitute(self.all, (self.of.day.symbol, z3.IntVal(on, self.of.context))))
        known: list[tuple[z3.ExprRef, z3.ExprRef]] = []
        for name in self.of.facts.of:
            known += self.of.facts.substitution(name, person.get(name, UNKNOWN))
        said = [z3.is_true(one) for one in z3.simplify(z3.substitute(self.on[on], *known)).children()]
        pairs = {bit: said[3 * at : 3 * at + 3] for at, bit in enumerate(self.bits)}
        assert all(unknown == (maybe and not true) and maybe >= true for true, maybe, unknown in pairs.values())
        *decided, undetermined = said[3 * len(self.bits) :]
        assert sum(decided) + undetermined == 1
        return (
            sum(1 << bit for bit, (true, _, _) in pairs.items() if true),
            sum(1 << bit for bit, (_, _, unknown) in pairs.items() if unknown),
            None if undetermined else self.of.question.classes[decided.index(True)].name,
        )


def differences(pack: Pack, question: str, chance: random.Random, people: int, days: list[int]) -> int:
    """Compares the formulas with the evaluator; returns how many standings were compared."""
    compared = 0
    for period in pack.law.periods:
        within = [on for on in days if period.first <= on < period.end]
        context = z3.Context()
        anyday, read = Day(period.first, period.end - 1, context), attributes_read(pack, question, period)
        for knowledge in Knowledge if within else ():
            facts = Facts(pack.attributes, read, knowledge, context, knowledge.name)
            answers = Answers(Asked(pack, question, period, facts, anyday))
            vague = 0.3 if knowledge is Knowledge.PARTLY else 0.0
            hidden = 0.0 if knowledge is Knowledge.EXACTLY else 0.2
            for _ in range(people):
                person = anybody(pack, chance, hidden=hidden, vague=vague, sets=vague)
                on = chance.choice(within)
                standing = decide(pack, question, person, on)
                assert answers.about(person, on) == (standing.true, standing.unknown, standing.cls)
                compared += 1
    return compared


@pytest.mark.parametrize("seed", range(6))
def test_laws_made_at_random_mean_the_same_in_proofs(seed: int) -> None:
    chance = random.Random(seed)
    leap = ("1 March", "28 February", "either")[seed % 3]
    days = [*map(day, generatedlaw.DAYS), *(chance.randrange(day("2000-01-01"), day("2099-12-31")) for _ in range(6))]
    assert differences(generatedlaw.law(chance, leap), "duty", chance, 40, days) >= 120


@pytest.mark.parametrize("name", ["example", "us", "ee", "lv"])
def test_the_packs_mean_the_same_in_proofs(name: str) -> None:
    pack = packs.load(FOLDER / name)
    for question in pack.questions:
        chance = random.Random(question)
        first, last = pack.law.periods[0].first, min(pack.law.periods[-1].end - 1, LATEST)
        days = [first, last, *(chance.randrange(first, last) for _ in range(50))]
        assert differences(pack, question, chance, 20, days) >= 60
