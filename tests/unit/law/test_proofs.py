"""Corners of the proofs: any day, anybody, the smallest person."""

import random

import pytest
import z3
from tests.lawtext import ATTRIBUTES, BASE, CALENDAR, HEAD, QUESTION, RULES, day, rule, small

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import UNKNOWN, Held, State
from musterroll.law import prove
from musterroll.law.calendar import Calendar, Overflow, Shift
from musterroll.law.evaluate import decide
from musterroll.law.prove.day import Day
from musterroll.law.prove.encode import asked
from musterroll.law.prove.ground import Ground, stretches
from musterroll.law.prove.person import EARLIEST, LATEST, Knowledge
from musterroll.law.prove.smallest import smallest
from musterroll.law.prove.solver import EFFORT
from musterroll.law.prove.telling import who
from musterroll.law.workday import Workdays

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
@pytest.mark.parametrize(("leap", "end"), [(one, one) for one in Overflow])
def test_periods_counted_back_from_a_free_day_are_exact(shift: Shift, leap: Overflow, end: Overflow) -> None:
    calendar, context = Calendar(leap, end, 0, (), (OFFICE,)), z3.Context()
    chance = random.Random(repr(shift))
    short = day("2019-01-01"), day("2026-12-31")
    wide = leap is Overflow.EITHER and shift.roll != "office" and shift.years < 196 and shift.days > -100
    for first, last in ((EARLIEST, LATEST), short) if wide else (short,):
        on = Day(first, last, context)
        certain, possible = on.limits(calendar, shift)
        turns = [day(f"{year}-{turn}") for year in (1904, 1999, 2000, 2024, 2099) for turn in TURNS]
        for at in [first, last, *turns, *(chance.randrange(first, last) for _ in range(15))]:
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
    solver = z3.Solver(ctx=of.context)
    solver.add(*of.domain, of.facts.is_exactly("district", 3), z3.Not(of.class_is(2)))
    assert solver.check() == z3.unsat
    assert {one.code for one in prove.check(pack).findings} == {"gap"}


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


def ground_of(text: str, knowledge: Knowledge = Knowledge.OR_NOT) -> Ground:
    pack = small(text)
    return Ground(pack, "duty", stretches(pack, "duty")[0], knowledge, EFFORT)


def test_what_is_known_of_a_person_can_be_put_for_the_symbols() -> None:
    exactly, partly = Held(1, 1, State.SINGLE), Held(0, 2, State.CONFLICT, (), 0b101)
    for knowledge in Knowledge:
        facts = ground_of(rule("district == south and serving and granted_on <= on"), knowledge).asked.facts
        for name in facts.of:
            assert len(facts.substitution(name, UNKNOWN)) == (knowledge is not Knowledge.EXACTLY)
            assert len(facts.substitution(name, exactly)) >= 1
    assert [str(value) for _, value in facts.substitution("district", partly)] == ["True", "True", "False", "True"]


def test_the_smallest_person_has_the_fewest_facts_even_where_others_come_first() -> None:
    """Two facts, tried in the pack's order, would do as well as one that comes before them."""
    ground = ground_of(rule("(district == south and months_served > 3) or serving", gives="exempt"))
    found, on = smallest(ground, ground.true[0], lambda held, day: ground.standing(held, day).cls == "exempt")
    assert ({name: fact.exact for name, fact in found.items()}, on) == ({"serving": 1}, day("2000-01-01"))


def test_the_smallest_person_is_shown_on_the_earliest_day() -> None:
    ground = ground_of(rule("serving and on >= 2031-05-07", gives="exempt"))
    _, on = smallest(ground, ground.true[0], lambda held, day: ground.standing(held, day).cls == "exempt")
    assert on == day("2031-05-07")


def test_a_day_that_no_nearer_one_can_stand_for_is_shown_as_found() -> None:
    ground = ground_of(rule("2050-01-01 <= granted_on and granted_on != never", gives="exempt"))
    found, _ = smallest(ground, ground.true[0], lambda held, day: ground.standing(held, day).cls == "exempt")
    assert day("2050-01-01") <= (found["granted_on"].exact or 0) <= LATEST


def test_a_person_whom_the_evaluator_does_not_confirm_stops_all_proofs() -> None:
    ground = ground_of(RULES)
    with pytest.raises(RuntimeError, match="does not confirm what the solver found for duty"):
        smallest(ground, ground.true[0], lambda held, day: False)
    with pytest.raises(RuntimeError, match="nobody to be shown"):
        smallest(ground, z3.BoolVal(False, ground.asked.context), lambda held, day: True)


def test_what_does_not_exclude_one_another_has_no_reason_to_be_given() -> None:
    ground = ground_of(RULES)
    with pytest.raises(RuntimeError, match="do not exclude one another"):
        ground.solver.excluding([ground.true[0], ground.maybe[1]])


def test_a_burden_by_an_enumerated_fact_is_found() -> None:
    attributes = ATTRIBUTES.replace("kind: residence area", "kind: education\nneutral: north")
    base = HEAD + CALENDAR + attributes + QUESTION
    pack = small(rule("district == south") + rule("district == east", name="x", gives="exempt"), base)
    codes = {one.code: one for one in prove.check(pack).findings}
    assert "`south` gives `bound` where `north` gives `free`" in codes["burden"].what


def test_where_no_class_weighs_nothing_is_a_burden() -> None:
    light = QUESTION.replace("effect: liable, callable: yes", "effect: not processed, callable: no")
    codes = {one.code for one in prove.check(small(rule("serving"), HEAD + CALENDAR + ATTRIBUTES + light)).findings}
    assert codes == {"gap"}


def test_a_definition_used_twice_and_a_question_without_rules_are_proved_too() -> None:
    twice = (
        """
```definition away
means:
  - (1): district == south or district == east
```
"""
        + rule("away and serving", name="a", gives="exempt")
        + rule("away or months_served > 3", name="b")
    )
    assert {one.code for one in prove.check(small(twice)).findings} == {"gap", "kleene-gap"}
    (gap,) = prove.check(small("")).findings
    assert (gap.code, gap.person) == ("gap", {})


def test_a_law_in_force_for_some_years_only_beside_years_out_of_sight() -> None:
    text = BASE.replace("2000-01-01 .. 2100-01-01", "2000-01-01 ..")
    later = rule("serving", more="in force: 2150-01-01 ..\n", name="later", gives="exempt")
    found = prove.check(small(RULES + later, text))
    assert {one.code for one in found.findings if one.forbids} == {"not-proved"}
    assert any(one.code == "adverse-by-unknown" for one in found.proved)


@pytest.mark.parametrize(
    ("born", "told"),
    [
        (
            Held(day("2021-01-01"), day("2021-01-01"), State.SINGLE),
            "born 2021-01-01, on 2020-01-01, before being born: `not (age(born) >= N)` and `not (turning(born) >= N)` "
            "hold then, `age(born) < N` does not",
        ),
        (Held(day("2020-01-01"), day("2020-01-01"), State.SINGLE), "born 2020-01-01, on 2020-01-01"),
    ],
)
def test_somebody_who_is_not_born_yet_is_told_with_the_conditions_that_speak_of_them(born: Held, told: str) -> None:
    assert who(small(), {"born": born}, day("2020-01-01")) == told
