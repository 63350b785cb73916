"""One person's facts with links judged anew: what a night will make of a judgement, for one person at once.

1. What came by a refuted link goes, what came by a possible one may only protect, what came by a confirmed one counts.
2. A record that is confirmed as somebody else's is nobody else's.
3. Without the person's own word, a record that they disown counts as it did before they did.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.engine.roll import person as rolled
from musterroll.fact.record import BLANK
from musterroll.fact.timeline import Fact, Judgement, Linked, Member, PersonFacts, Spell
from musterroll.register import judgements
from musterroll.register.models import JudgedBy, LinkJudgement
from musterroll.register.models.person import Judgement as Said
from musterroll.register.roll import Roll

LINK = {Said.CONFIRMED: Judgement.CONFIRMED, Said.POSSIBLE: Judgement.POSSIBLE, Said.REFUTED: Judgement.REFUTED}


def relinked(
    facts: PersonFacts, numbers: Collection[int], judged: Iterable[LinkJudgement], current: Roll, *, own_word: bool
) -> PersonFacts:
    """`facts` with the judgements `judged` (their own and others') taken in; the same object where none changes it."""
    anew: dict[int, Judgement] = {}
    for one in judged:
        verdict = LINK[judgements.verdict_of(one)]
        if one.person in numbers:
            if own_word or one.by == JudgedBy.OFFICER:
                anew[one.record] = verdict
        elif verdict is Judgement.CONFIRMED:
            anew.setdefault(one.record, Judgement.REFUTED)
    if not own_word:
        anew |= {one.record: LINK[Said(one.was)] for one in judgements.disowned(numbers) if one.was}
    held = {one.record: one.judgement for one in facts.links}
    anew = {record: link for record, link in anew.items() if held.get(record) is not link}
    return with_links(facts, anew, current) if anew else facts


def with_links(facts: PersonFacts, anew: dict[int, Judgement], current: Roll) -> PersonFacts:
    """`facts` as they are when these records are linked so."""
    held = {one.record for one in facts.links}
    new = sorted(record for record, link in anew.items() if record not in held and link is not Judgement.REFUTED)
    rows = _rows_of(facts.person, anew, current)
    said = [_fact(one, anew) for one in (*facts.facts, *_facts_of(new, current))]
    return replace(
        facts,
        facts=tuple(one for one in said if one is not None),
        spells=tuple(one for spell in facts.spells if (one := _spell(spell, rows)) is not None),
        members=tuple(_member(one, facts.person, rows) for one in facts.members),
        links=(
            *(replace(one, judgement=anew.get(one.record, one.judgement)) for one in facts.links),
            *(Linked(record, _source_of(record, current), anew[record]) for record in new),
        ),
    )


def _fact(fact: Fact, anew: dict[int, Judgement]) -> Fact | None:
    link = anew.get(fact.record, fact.link)
    left_out = fact.n >= BLANK and link is Judgement.CONFIRMED
    return None if link is Judgement.REFUTED or left_out else replace(fact, link=link)


def _spell(spell: Spell, rows: dict[tuple[int, int], Judgement]) -> Spell | None:
    link = rows.get((spell.delivery, spell.row), spell.link)
    return None if link is Judgement.REFUTED else replace(spell, link=link)


def _member(member: Member, person: int, rows: dict[tuple[int, int], Judgement]) -> Member:
    """The person's own place in a group; a refuted link leaves the place, and nobody of the register in it."""
    link = rows.get((member.delivery, member.row))
    if member.person != person or link is None:
        return member
    return replace(member, person=None, link=None) if link is Judgement.REFUTED else replace(member, link=link)


def _rows_of(person: int, anew: dict[int, Judgement], current: Roll) -> dict[tuple[int, int], Judgement]:
    """The places (delivery, row) in rosters that the person has by these records, and how they are linked now."""
    store, snapshot, known = current.store, current.snapshot, current.snapshot.known_at
    numbers = judgements.numbers_of(person, judgements.aliases_now(current))
    groups = {row["group"] for row in rolled.rows(store, snapshot, "group_of", "person", numbers)}
    found = rolled.held(store, snapshot, "spell", "person", numbers, known)
    found += rolled.held(store, snapshot, "member", "group", groups, known)
    return {(row["delivery"], row["row"]): anew[row["record"]] for row in found if row["record"] in anew}


def _facts_of(records: Collection[int], current: Roll) -> list[Fact]:
    """What records say that are linked to others so far, as facts of whoever they are given to."""
    store, snapshot, known = current.store, current.snapshot, current.snapshot.known_at
    holders = {row["person"] for row in rolled.rows(store, snapshot, "link_by_record", "record", records)}
    rows = rolled.held(store, snapshot, "fact", "person", holders, known)
    named = {(row["delivery"], row["row"], row["attribute"], row["n"]): row for row in rows if row["record"] in records}
    columns = ("attribute", "lo", "hi", "record", "delivery", "row", "n", "valid_from", "valid_to", "known_from")
    return [Fact(**{name: row[name] for name in columns}, link=Judgement.CONFIRMED) for _, row in sorted(named.items())]


def _source_of(record: int, current: Roll) -> str:
    rows = rolled.rows(current.store, current.snapshot, "seen", "record", [record])
    return str(rows[0]["source"]) if rows else ""
