"""What is true of one person now: the roll, and over it everything declared and judged since (data-model 7).

1. A snapshot holds exactly the acts whose place in the log is below its `through`; every other committed declaration,
   judgement and merge is overlaid, so none is missed and none counts twice.
2. Decided by the scalar evaluator on the sure facts; where that is callable, again with what possible links say, and
   that answer counts: it protects and never harms (charter S1).
3. Of several words of a person on one attribute the last one counts.
4. `own_word=False` leaves out what rests on the person's word alone: by that, and only by that, a call ends.
5. What somebody judged of a link or of two numbers counts at once where it is no worse for the person; what is worse
   comes with the night, and waits for the law's period there (charter S9).
6. A word that was decided on for good counts no more, in the roll or over it (`closed`): found right, a finding counts
   in its place.
7. Whoever was merged into somebody else has no standing of their own: it is decided under the other number.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical
from musterroll.dates import NEVER
from musterroll.engine.law_words import UNDETERMINED
from musterroll.engine.roll import person as rolled
from musterroll.fact import derive
from musterroll.fact.attribute import UNKNOWN, Held
from musterroll.fact.timeline import Fact, PersonFacts, changes_on
from musterroll.fact.timeline import Judgement as Link
from musterroll.law.evaluate import decide
from musterroll.law.model import Question
from musterroll.law.standing import Standing
from musterroll.register import home, judgements, proceedings, relink, roll
from musterroll.register.models import Declaration, FilingEnd, Grade, LinkJudgement
from musterroll.register.roll import Roll
from musterroll.register.told import told_on

OWN_WORD = -1
FINDING = -2
SHOWN = -3
"""The delivery numbers of what people declare, of what officers of the register find, and of what they were shown in a
document; no agency's has them.

Their rows are named by person and attribute alone: a later one takes the place of an earlier one in the roll as well.
"""


@dataclass(frozen=True)
class Now:
    """One person now: what is held, and the standing by question.

    `declared` and `judged` are the numbers of the declarations and judgements overlaid; `numbers` all numbers under
    which the person's rows lie, none for somebody who was merged into another. `coming` is what the night will make of
    it where that is not `standings`: something worse by a judgement, which then waits (charter S9).
    """

    person: int
    roll: Roll
    facts: PersonFacts
    on: int
    held: Mapping[str, Held]
    standings: Mapping[str, Standing]
    declared: tuple[int, ...]
    judged: tuple[int, ...] = ()
    numbers: frozenset[int] = frozenset()
    coming: Mapping[str, Standing] = field(default_factory=dict)
    closed: frozenset[int] = frozenset()
    """The attributes, by number, on which the person's word was decided on for good and counts no more."""


@dataclass(frozen=True)
class Answer:
    """What follows from one way of reading a person's facts."""

    facts: PersonFacts
    standings: Mapping[str, Standing]
    held: Mapping[str, Held]


def now(person: int, at: int, *, own_word: bool = True) -> Now:
    """The person at the instant `at`."""
    current = roll.current()
    on = max(current.snapshot.on, home.current().legal_day(at))
    aliased = judgements.aliases_now(current)
    if person in aliased:
        return _folded(person, current, on)
    numbers = judgements.numbers_of(person, aliased)
    held = rolled.rows(current.store, current.snapshot, "link", "person", numbers)
    judged = judgements.changed(numbers, {row["record"] for row in held}, current)
    closed = closed_words(numbers)
    return decided(person, current, on, numbers, overlaid(numbers, current), judged, own_word=own_word, closed=closed)


def as_in_roll(facts: PersonFacts, current: Roll, on: int) -> Now:
    """Somebody of whom nothing was declared, judged or merged since: what follows from the roll alone."""
    answer = answered(facts, current, on)
    alone = frozenset({facts.person})
    return Now(facts.person, current, facts, on, answer.held, answer.standings, (), (), alone, coming=answer.standings)


def decided(
    person: int,
    current: Roll,
    on: int,
    numbers: frozenset[int],
    declared: Sequence[Declaration],
    judged: Sequence[LinkJudgement],
    *,
    own_word: bool = True,
    closed: frozenset[int] = frozenset(),
) -> Now:
    """The person by the roll, with exactly these numbers, declarations and judgements laid over it."""
    rows = without_words(rolled.read(current.store, current.snapshot, person, numbers=numbers), closed)
    pending = [one for one in declared if own_word or one.grade != Grade.DECLARED]
    said = with_words(rows, pending, own_word=own_word)
    relinked = relink.relinked(said, numbers, judged, current, own_word=own_word)
    answer = coming = answered(relinked, current, on)
    committed = _committed(person, current)
    if relinked is not said or numbers != committed:
        # What follows from a judgement: at once where it is no worse, else with the night.
        unjudged = _unjudged(person, committed, pending, current, on, own_word=own_word, closed=closed)
        answer = _better(answer, unjudged, current)
    entered = [one for one in pending if one.grade != Grade.PROVED]
    if len(entered) < len(pending):
        # What an officer entered from a document: at once where it is no worse, else with the night, and waits there.
        without = relink.relinked(
            with_words(rows, entered, own_word=own_word), numbers, judged, current, own_word=own_word
        )
        answer = _better(answer, answered(without, current, on), current)
    return Now(
        person,
        current,
        answer.facts,
        on,
        answer.held,
        answer.standings,
        tuple(one.pk for one in pending),
        tuple(one.pk for one in judged),
        numbers,
        coming.standings,
        closed,
    )


def basis(seen: Now, at: int) -> dict[str, canonical.Json]:
    """From what the standings can be decided again, years later (charter S4)."""
    return {
        **({"closed": [*sorted(seen.closed)]} if seen.closed else {}),
        "declarations": list(seen.declared),
        "judgements": list(seen.judged),
        "known_at": at,
        "numbers": [*sorted(seen.numbers)],
        "on": seen.on,
        "pack": seen.roll.pack.digest,
        "snapshot": seen.roll.digest,
    }


def burden(question: Question, standing: Standing) -> int:
    """How much a standing asks of somebody: 2 callable, 1 bound, 0 for all else, undetermined included."""
    if standing.cls is None:
        return 0
    cls = question.classes[question.index(standing.cls)]
    return cls.adverse + cls.callable


def _better(one: Answer, other: Answer, current: Roll) -> Answer:
    """Question by question the answer that asks less, the first where both ask the same."""
    taken = {
        name: one if burden(question, one.standings[name]) <= burden(question, other.standings[name]) else other
        for name, question in current.pack.questions.items()
    }
    shown = one if one in taken.values() else other
    return Answer(shown.facts, {name: each.standings[name] for name, each in taken.items()}, shown.held)


def answered(facts: PersonFacts, current: Roll, on: int) -> Answer:
    """The law asked of these facts: surely, and where that is callable, with what possible links say."""
    sure = _held(facts, current, on, wide=False)
    turns = changes_on(facts.facts, on)
    standings, shown = {}, sure
    for question in current.pack.questions:
        found = decide(current.pack, question, sure, on, changes_on=turns)
        if found.callable:
            shown = _held(facts, current, on, wide=True)
            found = decide(current.pack, question, shown, on, changes_on=turns)
        standings[question] = found
    return Answer(facts, standings, shown)


def _unjudged(
    person: int,
    numbers: frozenset[int],
    pending: Sequence[Declaration],
    current: Roll,
    on: int,
    *,
    own_word: bool,
    closed: frozenset[int],
) -> Answer:
    """What follows without the judgements and merges that the committed roll has not taken in."""
    if not numbers:
        alone = _folded(person, current, on)
        return Answer(alone.facts, alone.standings, alone.held)
    rows = without_words(rolled.read(current.store, current.snapshot, person, numbers=numbers), closed)
    said = with_words(rows, pending, own_word=own_word)
    return answered(relink.relinked(said, numbers, (), current, own_word=own_word), current, on)


def _folded(person: int, current: Roll, on: int) -> Now:
    """Somebody who goes under another number: nothing is established here, so nothing follows here."""
    held = dict.fromkeys(current.pack.attributes, UNKNOWN)
    standings = {question: decide(current.pack, question, held, on) for question in current.pack.questions}
    return Now(person, current, PersonFacts(person), on, held, standings, (), coming=standings)


def _committed(person: int, current: Roll) -> frozenset[int]:
    """The person's numbers by the committed roll alone."""
    held = rolled.held(current.store, current.snapshot, "alias", "", (), current.snapshot.known_at)
    aliased = {row["person"]: row["into"] for row in held}
    return frozenset() if person in aliased else judgements.numbers_of(person, aliased)


def overlaid(numbers: Collection[int], current: Roll) -> list[Declaration]:
    """The last word and the last finding on each attribute, of those that the snapshot does not hold yet."""
    waiting = Q(entry__leaf__isnull=True) | Q(entry__leaf__index__gte=current.snapshot.through.size)
    found = last_words(Declaration.objects.filter(waiting, person__in=numbers).order_by("id"))
    last = of_one(found)
    over = set(FilingEnd.objects.filter(filing__declaration__in=last).values_list("filing__declaration", flat=True))
    return [one for one in last if one.pk not in over]


def words_of(numbers: Collection[int]) -> list[Declaration]:
    """The person's last word on each attribute, those that were decided on for good included."""
    said = Declaration.objects.filter(person__in=numbers, grade=Grade.DECLARED).select_related("filing__filingend")
    return of_one(last_words(said.order_by("id")))


def closed_words(numbers: Collection[int]) -> frozenset[int]:
    """The attributes, by number, on which the person's last word was decided on for good and counts no more."""
    return frozenset(one.attribute_number for one in words_of(numbers) if is_closed(one))


def is_closed(word: Declaration) -> bool:
    """Whether this word was decided on for good, and all that it held is over."""
    return hasattr(word, "filing") and hasattr(word.filing, "filingend")


def without_words(facts: PersonFacts, closed: Collection[int]) -> PersonFacts:
    """The person's facts without their own word on these attributes."""
    if not closed:
        return facts
    kept = (one for one in facts.facts if one.delivery != OWN_WORD or one.attribute not in closed)
    return replace(facts, facts=tuple(kept))


def of_one(declarations: Sequence[Declaration]) -> list[Declaration]:
    """Of declarations under several numbers of one person the last on each attribute."""
    last = {(one.attribute, one.grade): one for one in declarations}
    return sorted(last.values(), key=lambda one: one.pk)


def last_words(declarations: Iterable[Declaration]) -> list[Declaration]:
    """Of declarations in their order the last of each person, attribute and grade: a correction takes the place."""
    last = {(one.person, one.attribute, one.grade): one for one in declarations}
    return sorted(last.values(), key=lambda one: one.pk)


def numbers_now(person: int) -> frozenset[int]:
    """All numbers of one human, merges that wait for the night included."""
    return judgements.numbers_of(person, judgements.aliases_now(roll.current()))


def has_open_word(person: int, at: int) -> bool:
    """Whether something the person said stands, and nobody calls them because of it (charter S5).

    A word that became a filing stands for as long as the law says that the filing holds a call; any other one until it
    is taken back or an agency says the same. "This is not my record" stands until an officer has judged.
    """
    numbers = numbers_now(person)
    if judgements.disowned(numbers):
        return True
    filings = proceedings.open_filings(numbers)
    words = [one for one in words_of(numbers) if not hasattr(one, "filing")]
    if not words and not filings:
        return False
    seen = now(person, at, own_word=False)
    return any(proceedings.place_of(one, seen.held, seen.on).holds for one in filings) or any(
        contradicts(seen.held.get(one.attribute, UNKNOWN), one.lo, one.hi) for one in words
    )


def contradicts(held: Held, lo: int, hi: int) -> bool:
    """Whether the hull `lo..hi` says something else than what is held, or something where nothing is."""
    return (held.lo, held.hi) != (lo, hi)


def waits_until(seen: Now, question: str) -> int | None:
    """The day from which the last worsening counts, while that day is ahead (charter S9); None where nothing waits.

    It counts once its period has run since the person was told (`told.told_on`): NEVER while nobody has told them.
    """
    rows = rolled.rows(seen.roll.store, seen.roll.snapshot, "standing_change", "person", [seen.person])
    return waits_by(rows, seen, question)


def waits_by(rows: Iterable[Mapping[str, Any]], seen: Now, question: str) -> int | None:
    """The same from the person's rows of `standing_change`."""
    number = seen.roll.pack.questions[question].number
    worse = None
    for row in sorted(rows, key=_learnt):
        if row["question"] != number:
            continue
        if row["effective_from"] > row["on"]:
            worse = row
        elif _binds_nobody(row):
            worse = None
    if worse is None:
        return None
    told = told_on([seen.person, *seen.numbers], question, worse["effective_from"])
    period = worse["effective_from"] - worse["on"]
    counts = NEVER if told is None else max(worse["effective_from"], told + period)
    return counts if counts > seen.on else None


def _learnt(row: Mapping[str, Any]) -> int:
    return int(row["known"] if "known" in row else row["known_from"])


def _binds_nobody(row: Mapping[str, Any]) -> bool:
    """Whether a change led to a class that binds nobody, by the law under which it came."""
    law = roll.law_under(row["pack"])
    question = next(one for one in law.questions.values() if one.number == row["question"])
    return row["class"] == UNDETERMINED or not question.classes[row["class"]].adverse


def delivery_of(declaration: Declaration) -> int:
    """The delivery number under which a declaration stands among the facts."""
    return {Grade.FOUND: FINDING, Grade.PROVED: SHOWN}.get(Grade(declaration.grade), OWN_WORD)


def with_words(facts: PersonFacts, pending: Sequence[Declaration], *, own_word: bool) -> PersonFacts:
    """The person with what was declared since, and without what it has overtaken, or without any word of their own."""
    later = {(delivery_of(one), one.attribute_number) for one in pending}
    kept = (
        one
        for one in facts.facts
        if (one.delivery, one.attribute) not in later and (own_word or one.delivery != OWN_WORD)
    )
    return replace(facts, facts=(*kept, *(_fact(one) for one in pending)))


def with_finding(seen: Now, word: Declaration) -> Mapping[str, Standing]:
    """The standings if a word of the person were a finding of the register; `seen` is them without any word."""
    found = replace(_fact(word), delivery=FINDING)
    kept = tuple(one for one in seen.facts.facts if (one.delivery, one.attribute) != (FINDING, found.attribute))
    return answered(replace(seen.facts, facts=(*kept, found)), seen.roll, seen.on).standings


def _fact(declaration: Declaration) -> Fact:
    """The declaration as a fact beside the agencies' ones; a negative delivery is the register's own."""
    return Fact(
        attribute=declaration.attribute_number,
        lo=declaration.lo,
        hi=declaration.hi,
        link=Link.CONFIRMED,
        record=0,
        delivery=delivery_of(declaration),
        row=0,
        valid_from=declaration.valid_from,
        known_from=declaration.at * 1_000_000,
    )


def _held(facts: PersonFacts, current: Roll, on: int, *, wide: bool) -> dict[str, Held]:
    return derive.held_of(facts, current.pack, current.coverages, on, sources=current.source_of, wide=wide)
