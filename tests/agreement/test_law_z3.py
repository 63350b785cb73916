"""The formulas that proofs are made of mean what the evaluator means: for laws and people made up at random."""

import random
from collections.abc import Mapping
from pathlib import Path

import pytest
import z3
from tests import generatedlaw
from tests.lawtext import ATTRIBUTES, CALENDAR, HEAD, QUESTION, anybody, day, held, rule, small

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import UNKNOWN, Held
from musterroll.law import pack as packs
from musterroll.law.calendar import Calendar, Overflow, Shift
from musterroll.law.evaluate import decide
from musterroll.law.pack import Pack
from musterroll.law.prove.day import Day
from musterroll.law.prove.encode import Asked, asked
from musterroll.law.prove.person import EARLIEST, LATEST, Knowledge
from musterroll.law.workday import Workdays

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

    def about(self, person: Mapping[str, Held], on: int) -> tuple[int, int, str | None]:
        """The rules that are true, those that are unknown, and the class."""
        known = [(self.of.day.symbol, z3.IntVal(on, self.of.context))]
        for name in self.of.facts.of:
            known += self.of.facts.substitution(name, person.get(name, UNKNOWN))
        said = [z3.is_true(one) for one in z3.simplify(z3.substitute(self.all, *known)).children()]
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
        for knowledge in Knowledge if within else ():
            answers = Answers(asked(pack, question, period, knowledge=knowledge))
            vague = 0.3 if knowledge is Knowledge.PARTLY else 0.0
            hidden = 0.0 if knowledge is Knowledge.EXACTLY else 0.2
            for _ in range(people):
                person = anybody(pack, chance, hidden=hidden, vague=vague, sets=vague)
                on = chance.choice(within)
                standing = decide(pack, question, person, on)
                assert answers.about(person, on) == (standing.true, standing.unknown, standing.cls)
                compared += 1
    return compared


@pytest.mark.parametrize("seed", range(12))
def test_laws_made_at_random_mean_the_same_in_proofs(seed: int) -> None:
    chance = random.Random(seed)
    leap = ("1 March", "28 February", "either")[seed % 3]
    days = [*map(day, generatedlaw.DAYS), *(chance.randrange(day("2000-01-01"), day("2099-12-31")) for _ in range(20))]
    assert differences(generatedlaw.law(chance, leap), "duty", chance, 60, days) >= 180


@pytest.mark.parametrize("name", ["example", "us"])
def test_the_packs_mean_the_same_in_proofs(name: str) -> None:
    pack = packs.load(FOLDER / name)
    for question in pack.questions:
        chance = random.Random(question)
        first, last = pack.law.periods[0].first, min(pack.law.periods[-1].end - 1, LATEST)
        days = [first, last, *(chance.randrange(first, last) for _ in range(50))]
        assert differences(pack, question, chance, 20, days) >= 60


SHIFTS = [
    *(Shift(years) for years in (1, 4, 18, 195)),
    *(
        Shift(years, months, days)
        for years, months, days in ((18, 6, 0), (0, 1, 0), (0, 6, -1), (2, 5, 30), (1, 0, -1))
    ),
    *(Shift(years, 0, days) for years, days in ((18, -9_000), (250, 0), (1, 60_000))),
    *(Shift(years, roll="year") for years in (0, 20, 26)),
    *(Shift(months=6, days=-40, roll="year"), Shift(days=5, roll="year")),
    *(Shift(days=10, roll="office"), Shift(months=1, roll="office", working=5, then=-2)),
]


@pytest.mark.parametrize("shift", SHIFTS, ids=str)
@pytest.mark.parametrize(("leap", "end"), [(one, other) for one in Overflow for other in Overflow])
def test_periods_counted_back_from_a_free_day_are_exact(shift: Shift, leap: Overflow, end: Overflow) -> None:
    calendar, context = Calendar(leap, end, 0, (), (OFFICE,)), z3.Context()
    chance = random.Random(repr(shift))
    short = day("2019-01-01"), day("2026-12-31")
    for first, last in ((EARLIEST, LATEST), short) if leap is end else (short,):
        on = Day(first, last, context)
        certain, possible = on.limits(calendar, shift)
        turns = [day(f"{year}-{turn}") for year in (1904, 1999, 2000, 2024, 2099) for turn in TURNS]
        for at in [first, last, *turns, *(chance.randrange(first, last) for _ in range(40))]:
            if first <= at <= last:
                found = [valued(on, term, at) for term in (certain, possible)]
                exact = [calendar.last_certain(at, shift), calendar.last_possible(at, shift)]
                assert [within(one) for one in found] == [within(one) for one in exact], (at, found, exact)


OFFICE = Workdays(
    "office",
    day("2021-01-01"),
    day("2025-01-01"),
    tuple(on for on in range(day("2021-01-04"), day("2025-01-01")) if (on + 3) % 7 < 5 and on % 29),
)
TURNS = ("01-01", "01-31", "02-27", "02-28", "03-01", "03-02", "12-31")


def valued(on: Day, term: z3.ArithRef, at: int) -> int:
    return z3.simplify(z3.substitute(term, (on.symbol, z3.IntVal(at, on.context)))).as_long()


def within(limit: int) -> int:
    """Dates in proofs are of 1901 to 2099: limits before all of them, or after, are alike."""
    return min(max(limit, EARLIEST - 1), LATEST)


def test_a_person_found_by_the_solver_is_one_that_the_register_could_hold() -> None:
    pack = small(rule("serving") + rule("district in (north, east) and granted_on <= on", name="x", gives="exempt"))
    of = asked(pack, "duty", pack.law.periods[0], knowledge=Knowledge.PARTLY)
    solver = z3.Solver(ctx=of.context)
    solver.add(*of.domain, of.class_is(0), of.facts.of["granted_on"].lo < of.facts.of["granted_on"].hi)
    solver.add(of.facts.of["district"].may[0], of.facts.of["district"].may[2], z3.Not(of.facts.of["serving"].known))
    assert solver.check() == z3.sat
    person, on = of.person(solver.model())
    assert sorted(person) == ["district", "granted_on"]
    assert (person["district"].among, person["granted_on"].exact) == (0b101, None)
    assert decide(pack, "duty", person, on).cls == "exempt"
    solver.add(of.facts.is_exactly("granted_on", NEVER))
    assert solver.check() == z3.unsat


def test_a_fact_of_very_many_values_is_known_exactly_or_not_at_all() -> None:
    values = ", ".join(f"v{number}" for number in range(70))
    text = HEAD + CALENDAR + ATTRIBUTES.replace("[north, south, east]", f"[{values}]") + QUESTION
    pack = small(rule("district in (v3, v69)"), text)
    of = asked(pack, "duty", pack.law.periods[0], knowledge=Knowledge.PARTLY)
    answers, on = Answers(of), day("2020-01-01")
    assert answers.about(held(pack, district="v69"), on)[2] == "bound"
    assert answers.about(held(pack, district="v68"), on)[2] == "free"
    assert answers.about({}, on)[2] is None
    solver = z3.Solver(ctx=of.context)
    solver.add(*of.domain, of.facts.is_exactly("district", 3), z3.Not(of.class_is(2)))
    assert solver.check() == z3.unsat


def test_a_day_of_birth_is_a_day_and_other_days_may_be_never_or_none() -> None:
    pack = small(rule("born <= on or granted_on <= on"))
    of = asked(pack, "duty", pack.law.periods[0])
    for name, value, possible in (
        ("born", NEVER, z3.unsat),
        ("born", FIRST_DAY, z3.unsat),
        ("granted_on", NEVER, z3.sat),
        ("granted_on", FIRST_DAY, z3.sat),
        ("granted_on", EARLIEST - 1, z3.unsat),
    ):
        solver = z3.Solver(ctx=of.context)
        solver.add(*of.domain, of.facts.is_exactly(name, value))
        assert solver.check() == possible


def test_a_rule_not_in_force_has_no_formula() -> None:
    pack = small(rule("serving", more="in force: 2010-01-01 ..\n"))
    with pytest.raises(KeyError):
        asked(pack, "duty", pack.law.periods[0]).rule(0)


def test_a_time_outside_the_years_that_proofs_speak_of_has_no_day() -> None:
    context = z3.Context()
    assert Day(day("2150-01-01"), NEVER, context).empty
    assert not Day(day("2090-01-01"), NEVER, context).empty
