"""What is true of one person now: the roll, and over it everything the person declared since (data-model 7).

1. A snapshot holds exactly the acts whose place in the log is below its `through`; every other committed declaration is
   overlaid, so none is missed and none counts twice.
2. Decided by the scalar evaluator on the sure facts; where that is callable, again with what possible links say, and
   that answer counts: it protects and never harms (charter S1).
3. `own_word=False` leaves out what rests on the person's word alone: by that, and only by that, a call ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from musterroll.engine.roll import person as rolled
from musterroll.fact import derive
from musterroll.fact.attribute import Held
from musterroll.fact.timeline import Fact, Judgement, PersonFacts, changes_on
from musterroll.law.evaluate import decide
from musterroll.law.standing import Standing
from musterroll.register import home, roll
from musterroll.register.models import Declaration
from musterroll.register.roll import Roll


@dataclass(frozen=True)
class Now:
    """One person now: what is held, and the standing by question. `declared` are the numbers overlaid."""

    person: int
    roll: Roll
    facts: PersonFacts
    on: int
    held: Mapping[str, Held]
    standings: Mapping[str, Standing]
    declared: tuple[int, ...]


def now(person: int, at: int, *, own_word: bool = True) -> Now:
    """The person at the instant `at`."""
    current = roll.current()
    on = max(current.snapshot.on, home.current().legal_day(at))
    facts = rolled.read(current.store, current.snapshot, person)
    pending = overlaid(person, current)
    if own_word:
        facts = facts.with_facts(_fact(one) for one in pending)
    else:
        facts = PersonFacts(
            facts.person,
            tuple(one for one in facts.facts if one.delivery in current.source_of),
            facts.spells,
            facts.members,
            facts.links,
        )
    sure = _held(facts, current, on, wide=False)
    turns = changes_on(facts.facts, on)
    standings, shown = {}, sure
    for question in current.pack.questions:
        answer = decide(current.pack, question, sure, on, changes_on=turns)
        if answer.callable:
            shown = _held(facts, current, on, wide=True)
            answer = decide(current.pack, question, shown, on, changes_on=turns)
        standings[question] = answer
    return Now(person, current, facts, on, shown, standings, tuple(one.pk for one in pending) if own_word else ())


def overlaid(person: int, current: Roll) -> list[Declaration]:
    """The person's declarations that the snapshot does not hold yet, oldest first."""
    waiting = Q(entry__leaf__isnull=True) | Q(entry__leaf__index__gte=current.snapshot.through.size)
    return list(Declaration.objects.filter(waiting, person=person).order_by("id"))


def declarers() -> frozenset[int]:
    """Everybody whose word is open: nobody of them is called (charter S5). For the order of call, never shown."""
    return frozenset(Declaration.objects.values_list("person", flat=True))


def _fact(declaration: Declaration) -> Fact:
    """The declaration as a fact beside the agencies' ones; a negative delivery is the register's own."""
    return Fact(
        attribute=declaration.attribute_number,
        lo=declaration.lo,
        hi=declaration.hi,
        link=Judgement.CONFIRMED,
        record=0,
        delivery=-1,
        row=declaration.pk,
        valid_from=declaration.valid_from,
        known_from=declaration.at * 1_000_000,
    )


def _held(facts: PersonFacts, current: Roll, on: int, *, wide: bool) -> dict[str, Held]:
    return derive.held_of(facts, current.pack, current.coverages, on, sources=current.source_of, wide=wide)
