"""What is true of one person now: the roll, and over it everything the person declared since (data-model 7).

1. A snapshot holds exactly the acts whose place in the log is below its `through`; every other committed declaration is
   overlaid, so none is missed and none counts twice.
2. Decided by the scalar evaluator on the sure facts; where that is callable, again with what possible links say, and
   that answer counts: it protects and never harms (charter S1).
3. Of several words of a person on one attribute the last one counts.
4. `own_word=False` leaves out what rests on the person's word alone: by that, and only by that, a call ends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Q

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.engine.roll import person as rolled
from musterroll.fact import derive
from musterroll.fact.attribute import UNKNOWN, Held
from musterroll.fact.timeline import Fact, Judgement, PersonFacts, changes_on
from musterroll.law.evaluate import decide
from musterroll.law.standing import Standing
from musterroll.register import home, roll
from musterroll.register.models import Declaration, Grade
from musterroll.register.roll import Roll

OWN_WORD = -1
FINDING = -2
"""The delivery numbers of what people declare and of what officers of the register find; no agency's has them.

Their rows are named by person and attribute alone: a later one takes the place of an earlier one in the roll as well.
"""


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
    pending = [one for one in overlaid(person, current) if own_word or one.grade == Grade.FOUND]
    facts = _overtaken(facts, pending, own_word=own_word).with_facts(_fact(one) for one in pending)
    sure = _held(facts, current, on, wide=False)
    turns = changes_on(facts.facts, on)
    standings, shown = {}, sure
    for question in current.pack.questions:
        answer = decide(current.pack, question, sure, on, changes_on=turns)
        if answer.callable:
            shown = _held(facts, current, on, wide=True)
            answer = decide(current.pack, question, shown, on, changes_on=turns)
        standings[question] = answer
    return Now(person, current, facts, on, shown, standings, tuple(one.pk for one in pending))


def overlaid(person: int, current: Roll) -> list[Declaration]:
    """The last word and the last finding on each attribute, of those that the snapshot does not hold yet."""
    waiting = Q(entry__leaf__isnull=True) | Q(entry__leaf__index__gte=current.snapshot.through.size)
    return last_words(Declaration.objects.filter(waiting, person=person).order_by("id"))


def last_words(declarations: Iterable[Declaration]) -> list[Declaration]:
    """Of declarations in their order the last of each person, attribute and grade: a correction takes the place."""
    last = {(one.person, one.attribute, one.grade): one for one in declarations}
    return sorted(last.values(), key=lambda one: one.pk)


def has_open_word(person: int, at: int) -> bool:
    """Whether something the person said stands against what is recorded: nobody then calls them (charter S5).

    Taking it back, or an agency that now says the same, closes it.
    """
    words = last_words(Declaration.objects.filter(person=person, grade=Grade.DECLARED).order_by("id"))
    if not words:
        return False
    held = now(person, at, own_word=False).held
    return any(contradicts(held.get(one.attribute, UNKNOWN), one.lo, one.hi) for one in words)


def contradicts(held: Held, lo: int, hi: int) -> bool:
    """Whether the hull `lo..hi` says something else than what is held, or something where nothing is."""
    return (held.lo, held.hi) != (lo, hi)


def waits_until(seen: Now, question: str) -> int | None:
    """The day from which the last worsening counts, while that day is ahead (charter S9)."""
    number = seen.roll.pack.questions[question].number
    snapshot = seen.roll.snapshot
    changes = rolled.held(seen.roll.store, snapshot, "standing_change", "person", [seen.person], snapshot.known_at)
    latest = max((one["effective_from"] for one in changes if one["question"] == number), default=seen.on)
    return latest if latest > seen.on else None


def delivery_of(declaration: Declaration) -> int:
    """The delivery number under which a declaration stands among the facts."""
    return FINDING if declaration.grade == Grade.FOUND else OWN_WORD


def _overtaken(facts: PersonFacts, pending: list[Declaration], *, own_word: bool) -> PersonFacts:
    """The person without what the roll holds and something pending has overtaken, or without any word of their own."""
    later = {(delivery_of(one), one.attribute_number) for one in pending}
    kept = (
        one
        for one in facts.facts
        if (one.delivery, one.attribute) not in later and (own_word or one.delivery != OWN_WORD)
    )
    return replace(facts, facts=tuple(kept))


def _fact(declaration: Declaration) -> Fact:
    """The declaration as a fact beside the agencies' ones; a negative delivery is the register's own."""
    return Fact(
        attribute=declaration.attribute_number,
        lo=declaration.lo,
        hi=declaration.hi,
        link=Judgement.CONFIRMED,
        record=0,
        delivery=delivery_of(declaration),
        row=0,
        valid_from=declaration.valid_from,
        known_from=declaration.at * 1_000_000,
    )


def _held(facts: PersonFacts, current: Roll, on: int, *, wide: bool) -> dict[str, Held]:
    return derive.held_of(facts, current.pack, current.coverages, on, sources=current.source_of, wide=wide)
