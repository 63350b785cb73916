"""Chapter: what never changes an answer, tried on laws and people made at random.

Learning more never overturns a class that was decided. Facts that no rule reads, and the order in which facts are told,
change nothing. A condition means the same when the day is folded into it. Nobody's standing changes before the day that
was said.
"""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.generatedlaw import DAYS, law
from tests.lawtext import anybody, day, rule, small

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import Held, State, ValueType, codes_of, one_of
from musterroll.law.calendar import LEAP_DAY, MONTH_END, Calendar, Shift
from musterroll.law.evaluate import View, decide
from musterroll.law.fold import Fixed, Folded, Joined, Negated, Within, fold
from musterroll.law.model import Is, OneOf, Ordered
from musterroll.law.pack import Pack
from musterroll.law.truth import Truth, both, either, negate
from musterroll.law.workday import Workdays

chances = st.integers(0, 10**9).map(random.Random)
leaps = st.sampled_from(sorted(LEAP_DAY))
generated = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def learnt(pack: Pack, person: dict[str, Held], chance: random.Random) -> dict[str, Held]:
    """The same person of whom more is known: what was missing, or a part of what was left open."""
    found = dict(person)
    for attribute in pack.attributes.values():
        held = person.get(attribute.name)
        if chance.random() < 0.4 or (held and held.exact is not None):
            continue
        if held is None or held.lo is None or held.hi is None:
            new = anybody(pack, chance, hidden=0).get(attribute.name)
            assert new is not None
            found[attribute.name] = new
        elif held.among is not None:
            codes = codes_of(held.among)
            kept = chance.sample(codes, chance.randint(1, len(codes)))
            found[attribute.name] = one_of(sum(1 << code for code in kept), State.SINGLE)
        else:
            lo = chance.choice([held.lo, chance.randint(held.lo, held.hi)])
            found[attribute.name] = Held(lo, chance.choice([lo, held.hi, chance.randint(lo, held.hi)]), State.SINGLE)
    return found


@generated
@given(chances, leaps)
def test_learning_more_never_overturns_a_class_that_was_decided(chance: random.Random, leap: str) -> None:
    pack, on = law(chance, leap), day(chance.choice(DAYS))
    for _ in range(60):
        person = anybody(pack, chance, hidden=0.3, sets=0.4)
        before, after = (decide(pack, "duty", one, on) for one in (person, learnt(pack, person, chance)))
        assert set(after.possible) <= set(before.possible)
        assert before.cls in (None, after.cls)
        assert before.true & ~after.true == 0  # what was true stays true
        assert after.unknown & ~before.unknown == 0  # nothing becomes doubtful by knowing more


@generated
@given(chances, leaps)
def test_the_order_of_the_facts_and_facts_that_no_rule_reads_change_nothing(chance: random.Random, leap: str) -> None:
    pack, on = small(rule("age(born) >= 18 and not serving")), day(chance.choice(DAYS))
    for _ in range(60):
        person, stranger = (anybody(pack, chance, hidden=0.3, sets=0.4) for _ in range(2))
        other = {name: held for name, held in stranger.items() if name not in ("born", "serving")}
        mixed = {**other, **{name: person[name] for name in ("serving", "born") if name in person}}
        assert decide(pack, "duty", mixed, on) == decide(pack, "duty", person, on)
    generic = law(chance, leap)
    person = anybody(generic, chance)
    assert decide(generic, "duty", dict(reversed(person.items())), on) == decide(generic, "duty", person, on)


def folded_truth(node: Folded, person: dict[str, Held], view: View) -> Truth:
    """What the folded condition says of a person."""
    match node:
        case Fixed(value):
            return Truth.TRUE if value else Truth.FALSE
        case Within(name, certain, possible):
            hull = view.hull(name)
            if hull is None:
                return Truth.UNKNOWN
            return Truth.TRUE if hull[1] <= certain else Truth.FALSE if hull[0] > possible else Truth.UNKNOWN
        case Negated(part):
            return negate(folded_truth(part, person, view))
        case Joined(every, parts):
            return (both if every else either)(folded_truth(part, person, view) for part in parts)
        case Is() | OneOf() | Ordered():
            return view.leaf(node)


@generated
@given(chances, leaps)
def test_a_condition_means_the_same_when_the_day_is_folded_into_it(chance: random.Random, leap: str) -> None:
    pack = law(chance, leap)
    for _ in range(20):
        on = day(chance.choice(DAYS)) + chance.randint(-400, 400)
        period, person = pack.at(on), anybody(pack, chance, sets=0.3)
        view = View(pack, person, on)
        for one in filter(None, period.rules["duty"]):
            assert folded_truth(fold(one.when, on, period.calendar), person, view) is view.truth(one.when)


shifts = st.one_of(
    st.builds(Shift, years=st.integers(0, 70), months=st.integers(0, 30), days=st.integers(-500, 500)),
    st.builds(Shift, years=st.integers(0, 70), roll=st.just("year")),
    st.builds(
        Shift,
        years=st.integers(0, 30),
        months=st.integers(0, 13),
        days=st.integers(-40, 40),
        roll=st.just("court"),
        working=st.integers(0, 30),
        then=st.integers(-9, 9),
    ),
)


@settings(max_examples=300, deadline=None)
@given(
    shifts,
    st.integers(day("2019-01-01"), day("2026-01-01")),
    st.sampled_from(sorted(LEAP_DAY)),
    st.sampled_from(sorted(MONTH_END)),
    st.lists(st.integers(day("2020-01-01"), day("2024-12-31")), max_size=80),
)
def test_every_period_has_one_last_day_that_is_in_time_and_sums_never_go_backwards(
    shift: Shift, limit: int, leap: str, end: str, closed: list[int]
) -> None:
    first, last = day("2020-01-01"), day("2025-01-01")
    days = tuple(one for one in range(first, last) if one % 7 not in (2, 3) and one not in closed)
    chosen = Calendar(LEAP_DAY[leap], MONTH_END[end], 0, (), (Workdays("court", first, last, days),))
    certain, possible = chosen.last_certain(limit, shift), chosen.last_possible(limit, shift)
    assert certain <= possible
    assert certain == FIRST_DAY or chosen.latest(certain, shift) <= limit
    assert chosen.latest(certain + 1, shift) > limit
    assert possible == FIRST_DAY or chosen.earliest(possible, shift) <= limit
    assert chosen.earliest(possible + 1, shift) > limit
    for add in (chosen.earliest, chosen.latest):
        sums = [add(one, shift) for one in range(possible - 40, possible + 40)]
        assert sums == sorted(sums)
        assert add(NEVER, shift) == NEVER
        assert add(FIRST_DAY, shift) == FIRST_DAY


@pytest.mark.parametrize("leap", LEAP_DAY)
def test_day_by_day_for_400_days_nobody_changes_before_the_day_that_was_said(leap: str) -> None:
    chance = random.Random(leap)
    for _ in range(3):
        pack = law(chance, leap)
        start = day(chance.choice(DAYS)) - 30
        for _ in range(8):
            person = anybody(pack, chance, sets=0.2)
            said = decide(pack, "duty", person, start)
            for on in range(start + 1, start + 400):
                now = decide(pack, "duty", person, on)
                if on < said.next_change:
                    assert (now.cls, now.possible, now.needs) == (said.cls, said.possible, said.needs)
                else:
                    said = now
                assert now.next_change > on


def test_a_made_up_person_can_be_learnt_more_of_in_every_form() -> None:
    """The tests above try sets, vague dates and numbers, and missing facts."""
    pack = small(rule("serving"))
    chance = random.Random(5)
    kinds = set()
    for _ in range(200):
        person = anybody(pack, chance, hidden=0.3, sets=0.4)
        more = learnt(pack, person, chance)
        for name, held in more.items():
            if held != person.get(name):
                before = person.get(name)
                form = "unknown" if before is None else "set" if before.among else "hull"
                kinds.add((form, pack.attributes[name].type))
    assert {("set", ValueType.ENUM), ("hull", ValueType.DATE), ("hull", ValueType.INT)} <= kinds
    assert {form for form, _ in kinds} == {"unknown", "set", "hull"}
