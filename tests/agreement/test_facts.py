"""The flat facts of everybody are what the slow reference holds of each one, on generated people."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.fact.people import BORN, DIED, ON, POSTPONED, SERVING, SEX, STUDENT, attribute, pack

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.engine.fact_polars import FactTables, Flat, flatten
from musterroll.engine.roll.table import TABLES
from musterroll.extract.schema import Silence, Source, SourceKind
from musterroll.fact import coverage
from musterroll.fact.attribute import Attribute, Held, ValueType
from musterroll.fact.coverage import Coverage, Delivery
from musterroll.fact.derivation import parse
from musterroll.fact.derive import held_of
from musterroll.fact.timeline import Fact, Judgement, Linked, Member, PersonFacts, Spell, changes_on

KNOWN = 1_000
EXAMPLES = 40
PEOPLE = tuple(range(1, 9))
GROUPS = tuple(range(1, 5))
DELIVERIES = (
    Delivery(1, "civil", ON, True),
    Delivery(2, "pay", ON - 40, True),
    Delivery(3, "dwelling", ON - 300, True),
    Delivery(4, "tax", ON, False),
)
SILENCE = {
    "civil": (Silence.EVERYBODY, ("born", "sex", "died_on"), ()),
    "pay": (Silence.THOSE_CONCERNED, ("serving", "rank"), ("enrolment",)),
    "dwelling": (Silence.NOBODY, ("born", "sex", "serving", "full_time_student", "place"), ("household",)),
    "tax": (Silence.THOSE_CONCERNED, ("full_time_student",), ("dependants",)),
}
FORMS = {
    "third": ("date", "household where role = child and mine.role in (head, spouse)", "3rd latest born", "none"),
    "second_never": ("date", "household where role in (child, other)", "2nd latest born", "never"),
    "youngest": ("date", "household where role = child", "latest born", "unknown"),
    "oldest": ("date", "household where role = child", "earliest born", "never"),
    "dependant": ("date", "dependants where role = child and mine.role = head", "latest born", "none"),
    "shares": ("bool", "household where role = head and mine.role = head", "any", "no"),
    "ends": ("date", "enrolment where kind = active", "latest to", "none"),
    "began": ("date", "enrolment", "earliest from", "never"),
    "now": ("date", "enrolment", "covering to", "never"),
    "next": ("date", "enrolment where kind = active", "covering from", "unknown"),
    "days": ("int", "enrolment where kind = active", "total days", "0"),
    "ever": ("bool", "enrolment where kind in (active, reserve)", "any", "no"),
}
DERIVATIONS = tuple(
    parse(name, {"gives": gives, "from": of, "take": take, "fewer": fewer, "basis": "art. 1"})
    for name, (gives, of, take, fewer) in FORMS.items()
)
DERIVED = tuple(
    attribute(one.name, 40 + n, one.gives, neutral={"bool": "no", "int": "0", "date": "none"}[one.gives.value])
    for n, one in enumerate(DERIVATIONS)
)
PLACE = attribute("place", 15, ValueType.ENUM, values=("north", "south", "east", "west"))
RANKS = ("none", "some", "all")
RANK = attribute("rank", 16, ValueType.ENUM, values=RANKS, disagreement="favour some", neutral="none")
TOWN = attribute("town", 17, ValueType.ENUM, values=tuple(f"t{n}" for n in range(70)))
PACK = pack(BORN, SEX, DIED, SERVING, STUDENT, POSTPONED, PLACE, RANK, TOWN, *DERIVED, derivations=DERIVATIONS)


def declared(name: str) -> Source:
    """A source with its silence; what it gives is set in `covered`."""
    return Source(name, SourceKind.REGISTER, "", "", "", "key", False, "one", "one", 100, SILENCE[name][0], {})


def covered() -> Mapping[str, Coverage]:
    sources = [
        Coverage(name, silence, frozenset(gives), frozenset(rosters), 100)
        for name, (silence, gives, rosters) in SILENCE.items()
    ]
    found = coverage.on_day(sources, DELIVERIES)
    return {**found, "register": coverage.register_coverage(PACK.attributes, found, FORMS)}


near = st.integers(-3, 3)
judgements = st.sampled_from((Judgement.CONFIRMED, Judgement.CONFIRMED, Judgement.POSSIBLE))


@st.composite
def facts(draw: Any) -> list[tuple[int, Fact]]:
    found = []
    for row in range(draw(st.integers(0, 30))):
        of = draw(st.sampled_from((BORN, SEX, DIED, SERVING, STUDENT, POSTPONED, PLACE, PLACE, RANK, TOWN)))
        least, most = of.span if of.type in (ValueType.BOOL, ValueType.ENUM) else (-2, 3)
        lo = draw(st.integers(least, most))
        hi = draw(st.sampled_from((lo, most)))
        start = draw(st.sampled_from((FIRST_DAY, ON - 5, ON, ON + 5)))
        end = draw(st.sampled_from((NEVER, start + 1, start + 5)))
        one = Fact(
            of.number, lo, hi, draw(judgements), 900 + row, draw(st.sampled_from((1, 2, 3, 4, -1))), row, 0, start, end
        )
        found.append((draw(st.sampled_from(PEOPLE)), one))
    return found


@st.composite
def members(draw: Any) -> list[Member]:
    """Rows of two households and a family; a row may be confirmed for one person and possible for another."""
    found = []
    for row in range(draw(st.integers(0, 30))):
        roster = draw(st.sampled_from(("household", "household", "dependants")))
        born = draw(near)
        group = draw(st.sampled_from(GROUPS)) + (10 if roster == "dependants" else 0)
        who = draw(
            st.lists(st.tuples(st.sampled_from((*PEOPLE, 50)), judgements), max_size=2, unique_by=lambda one: one[0])
        )
        confirmed = [one for one in who if one[1] is Judgement.CONFIRMED][:1]
        links = confirmed + [one for one in who if one[1] is Judgement.POSSIBLE]
        shape = (
            group,
            roster,
            draw(st.sampled_from(("head", "spouse", "child", "other", None))),
            born,
            born + draw(st.sampled_from((0, 2))),
            3,
            row,
        )
        found += [Member(*shape, 0, person, link) for person, link in links] or [Member(*shape)]
    return found


@st.composite
def spells(draw: Any) -> list[tuple[int, Spell]]:
    found = []
    for row in range(draw(st.integers(0, 12))):
        start = ON + draw(near)
        end = draw(st.sampled_from((start + 1, start + 3, NEVER)))
        kind, slack = draw(st.sampled_from(("active", "reserve", "other"))), draw(st.sampled_from((0, 1)))
        to_hi = end if end == NEVER else end + slack
        one = Spell("enrolment", kind, start, start + slack, end, to_hi, draw(judgements), 2, row)
        found.append((draw(st.sampled_from(PEOPLE)), one))
    return found


links = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(("civil", "pay", "dwelling", "tax", "tax#spouse")),
        st.sampled_from(tuple(Judgement)),
    ),
    max_size=24,
)


def frame(name: str, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    schema = TABLES[name].plain_schema
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in rows], schema=schema)


def tables(of_facts: Any, of_members: Any, of_spells: Any, of_links: Any) -> FactTables:
    numbered = [(person, 100 + n, source_, judgement) for n, (person, source_, judgement) in enumerate(of_links)]
    known = [(person, 500 + person, "other", Judgement.CONFIRMED) for person in PEOPLE]
    return FactTables(
        facts=frame("fact", [{"person": person, **asdict(one)} for person, one in of_facts]),
        spells=frame("spell", [{"person": person, **asdict(one)} for person, one in of_spells]),
        members=frame("member", [asdict(one) for one in of_members]),
        links=frame("link", [{"person": p, "record": r, "judgement": j} for p, r, _, j in numbered + known]),
        seen=frame("seen", [{"record": r, "source": s, "delivery": 1} for _, r, s, _ in numbered + known]),
        deliveries=frame("delivery", [asdict(one) for one in DELIVERIES]),
        aliases=frame("alias", []),
    )


def person_of(number: int, of_facts: Any, of_members: Any, of_spells: Any, of_links: Any) -> PersonFacts:
    groups = {one.group for one in of_members if one.person == number}
    return PersonFacts(
        number,
        tuple(one for person, one in of_facts if person == number),
        tuple(one for person, one in of_spells if person == number),
        tuple(one for one in of_members if one.group in groups),
        tuple(Linked(n, name, judged) for n, (person, name, judged) in enumerate(of_links) if person == number),
    )


def written(of: Attribute, held: Held) -> tuple[object, ...]:
    return (
        (held.lo, held.hi, int(held.state))
        if of.type in (ValueType.DATE, ValueType.INT)
        else (held.exact, held.among, int(held.state))
        if of.sets
        else (held.exact, int(held.state))
    )


def columns(of: Attribute) -> list[str]:
    name = of.name
    ends = [f"{name}_lo", f"{name}_hi"] if of.type in (ValueType.DATE, ValueType.INT) else [name]
    return [*ends, *([f"{name}_among"] if of.sets else []), f"{name}_state"]


@pytest.fixture(autouse=True)
def _declared_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    gives = covered()
    monkeypatch.setattr("musterroll.fact.coverage.of", lambda one: Coverage(
        one.name, gives[one.name].silence, gives[one.name].attributes, gives[one.name].rosters, 100))  # fmt: skip


def flat_of(*parts: Any) -> Flat:
    return flatten(tables(*parts), PACK, ON, KNOWN, {name: declared(name) for name in SILENCE})


@settings(max_examples=EXAMPLES, deadline=None)
@given(facts(), members(), spells(), links)
def test_what_is_held_of_everybody_is_what_is_held_of_each(of_facts, of_members, of_spells, of_links):
    parts = of_facts, of_members, of_spells, of_links
    flat = flat_of(*parts)
    names = {one.delivery: one.source for one in DELIVERIES}
    concerned = set(flat.wide["person"])
    for wide, everybody in ((False, flat.sure), (True, flat.wide)):
        rows = {row["person"]: row for row in everybody.iter_rows(named=True)}
        assert set(rows) == (concerned if wide else set(PEOPLE))
        for number, row in rows.items():
            held = held_of(person_of(number, *parts), PACK, covered(), ON, sources=names, wide=wide)
            for name, of in PACK.attributes.items():
                found = tuple(row[column] for column in columns(of))
                assert found == written(of, held[name]), (number, name, wide)


@settings(max_examples=15, deadline=None)
@given(facts(), members(), spells(), links)
def test_the_second_evaluation_is_never_narrower_and_concerns_only_possible_links(
    of_facts, of_members, of_spells, of_links
):
    flat = flat_of(of_facts, of_members, of_spells, of_links)
    sure = {row["person"]: row for row in flat.sure.iter_rows(named=True)}
    for row in flat.wide.iter_rows(named=True):
        first = sure[row["person"]]
        for of in PACK.attributes.values():
            ends = columns(of)[:-1]
            before, after = [first[end] for end in ends], [row[end] for end in ends]
            if of.sets:
                among, wide = before[1] or bit(before[0]), after[1] or bit(after[0])
                assert among & wide == among
                assert bool(among) == bool(wide)
            elif None in before:
                assert before == after
            elif None not in after:
                assert after[0] <= before[0]
                assert after[-1] >= before[-1]


def bit(code: int | None) -> int:
    return 0 if code is None else 1 << code


@settings(max_examples=10, deadline=None)
@given(facts(), st.randoms(use_true_random=False))
def test_rows_in_any_order_give_the_same_facts_and_the_next_change_of_each_person(of_facts, random):
    shuffled = list(of_facts)
    random.shuffle(shuffled)
    flat, again = flat_of(of_facts, [], [], []), flat_of(shuffled, [], [], [])
    assert flat.sure.equals(again.sure)
    days = dict(flat.sure.select("person", "changes_on").iter_rows())
    assert days == {n: changes_on([one for person, one in of_facts if person == n], ON) for n in PEOPLE}


def test_a_merged_persons_rows_count_under_the_number_they_go_by_now():
    born = [
        (1, Fact(BORN.number, 5, 5, Judgement.CONFIRMED, 900, 1, 1)),
        (2, Fact(BORN.number, 5, 5, Judgement.CONFIRMED, 901, 3, 1)),
    ]
    merged = tables(born, [], [], [])
    aliases = frame("alias", [{"person": 1, "into": 3}, {"person": 3, "into": 2}])
    under = FactTables(
        merged.facts, merged.spells, merged.members, merged.links, merged.seen, merged.deliveries, aliases
    )
    flat = flatten(under, PACK, ON, KNOWN, {name: declared(name) for name in SILENCE}).sure
    rows = flat.select("person", "born_lo", "born_state").rows()
    assert rows[0] == (2, 5, 1)  # one source: the dwelling register is not fresh
    assert [person for person, *_ in rows] == [2, 4, 5, 6, 7, 8]


def test_what_was_learnt_later_is_left_out():
    born = tables([(1, Fact(BORN.number, 5, 5, Judgement.CONFIRMED, 900, 1, 1))], [], [], [])
    later = born.facts.with_columns(pl.lit(KNOWN + 1).alias("known_from"))
    under = FactTables(later, born.spells, born.members, born.links, born.seen, born.deliveries, born.aliases)
    for known, value in ((KNOWN, None), (KNOWN + 1, 5)):
        flat = flatten(under, PACK, ON, known, {name: declared(name) for name in SILENCE}).sure
        assert flat.filter(pl.col("person") == 1)["born_lo"].to_list() == [value]
