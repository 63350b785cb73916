"""Whether a link protects a person: refuting such a link takes two people from two offices (charter S9).

A link protects where something follows from it that is better for the person now, or could be one day:

1. without it some standing asks more of the person, or
2. a fact through it is not the neutral value of its attribute (a course, a service, a finding, a death), or
3. it gives the person a place in a roster, from which care for others is found.

A link that does none of this can only weigh against the person: one officer may take it away.
"""

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.engine.roll import person as rolled
from musterroll.fact.attribute import Attribute
from musterroll.fact.timeline import Fact, Judgement
from musterroll.register import overlay, relink
from musterroll.register.overlay import Now


def protects(seen: Now, record: int) -> bool:
    """Whether the link of `record` to the person protects."""
    return _says_something(seen, record) or _in_a_roster(seen, record) or _betters(seen, record)


def standings_with(seen: Now, record: int, link: Judgement) -> overlay.Answer:
    """What would follow if the record were linked so."""
    return overlay.answered(relink.with_links(seen.facts, {record: link}, seen.roll), seen.roll, seen.on)


def _betters(seen: Now, record: int) -> bool:
    there = overlay.answered(seen.facts, seen.roll, seen.on)
    without = standings_with(seen, record, Judgement.REFUTED)
    return any(
        overlay.burden(question, without.standings[name]) > overlay.burden(question, there.standings[name])
        for name, question in seen.roll.pack.questions.items()
    )


def _says_something(seen: Now, record: int) -> bool:
    known = {one.number: one for one in seen.roll.pack.attributes.values()}
    return any(
        fact.record == record and fact.attribute in known and not _neutral(known[fact.attribute], fact)
        for fact in seen.facts.facts
    )


def _neutral(attribute: Attribute, fact: Fact) -> bool:
    """Whether a fact is no more than what holds of somebody whom the attribute does not concern."""
    if not attribute.neutral:
        return True
    value = attribute.value_of(attribute.neutral)
    return (fact.lo, fact.hi) == (value, value)


def _in_a_roster(seen: Now, record: int) -> bool:
    store, snapshot = seen.roll.store, seen.roll.snapshot
    groups = {row["group"] for row in rolled.rows(store, snapshot, "group_of", "person", seen.numbers)}
    members = rolled.held(store, snapshot, "member", "group", groups, snapshot.known_at)
    spells = rolled.held(store, snapshot, "spell", "person", seen.numbers, snapshot.known_at)
    own = [row for row in members if row["person"] in seen.numbers]
    return any(row["record"] == record for row in (*own, *spells))
