"""The slow reference: what is held of one person on one day. The engine must agree with it (data-model 5).

Read it top to bottom. `held_of` settles every attribute of the pack from the person's facts; `derived` makes a column
from several rows by one of the six forms.

1. *Sure* rows give one end of a hull, sure and possible rows together the other. A member is possible when the role
   is blank (it could be any), when the person's own role in the group is blank, or, in the second evaluation, when the
   person is in the group by a possible link.
2. A person of whom no confirmed row of the roster exists has the `fewer` value only where the source's silence says so
   (`coverage`); otherwise the value is unknown. Rows of possible links then widen that value in the second evaluation.
3. Members who are the same person on confirmed links count once.
4. The person himself is never a member of his own group. Where only possible links say which row is his, it is his if
   it is the only one; of several, each may be somebody else's.
5. `wide=True` is the second evaluation: possible links widen, and never narrow or establish anything (charter S1).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import UNKNOWN, Attribute, Evidence, Held
from musterroll.fact.conflict import doubted, settled, stale, widened
from musterroll.fact.coverage import Coverage
from musterroll.fact.derivation import Derivation, Form
from musterroll.fact.timeline import Fact, Judgement, Member, PersonFacts, Spell, as_at


class Lawful(Protocol):
    """What is read of a law pack: its attributes and its derivations (`law.pack.Pack` has both)."""

    @property
    def attributes(self) -> Mapping[str, Attribute]: ...
    @property
    def derivations(self) -> Sequence[Derivation]: ...


def held_of(
    person: PersonFacts,
    pack: Lawful,
    coverages: Mapping[str, Coverage],
    on: int,
    *,
    known_at: int | None = None,
    sources: Mapping[int, str] | None = None,
    wide: bool = False,
) -> dict[str, Held]:
    """Every attribute of `pack` for one person on the day `on`, with its evidence.

    `coverages` are the sources with their last deliveries, by name. `sources` gives the source of a delivery number;
    a delivery that is not in it is the register's own (what was declared or found and is overlaid). `known_at` in
    microseconds looks back; None takes the person as read.
    """
    known = person if known_at is None else person.known_at(known_at)
    named = sources or {}
    derivations = {one.name: one for one in pack.derivations}
    held = {}
    for name, attribute in pack.attributes.items():
        said = [_evidence(fact, named) for fact in as_at(known.facts, on) if fact.attribute == attribute.number]
        if name in derivations:
            said += _derived_evidence(derivations[name], known, coverages, on, wide=wide)
        held[name] = _one(attribute, said, known, coverages, on, wide=wide)
    return held


def _one(
    attribute: Attribute,
    said: Sequence[Evidence],
    person: PersonFacts,
    coverages: Mapping[str, Coverage],
    on: int,
    *,
    wide: bool,
) -> Held:
    """Steps 1 to 4 for one attribute."""
    confirmed = [one for one in said if one.confirmed]
    fresh = [one for one in confirmed if one.source not in coverages or coverages[one.source].fresh(on)]
    if fresh:
        held = doubted(attribute, settled(attribute, fresh), [one for one in confirmed if one not in fresh])
    elif confirmed:
        return stale(confirmed)
    else:
        held = _silence(attribute, person, coverages, on)
    return widened(attribute, held, [one for one in said if not one.confirmed]) if wide else held


def _silence(attribute: Attribute, person: PersonFacts, coverages: Mapping[str, Coverage], on: int) -> Held:
    """The neutral value, where a source that gives the attribute says it by its silence; else unknown."""
    silent = [
        one for _, one in sorted(coverages.items()) if attribute.name in one.attributes and one.silent(person.links, on)
    ]
    if not silent or not attribute.neutral:
        return UNKNOWN
    neutral = attribute.value_of(attribute.neutral)
    return settled(attribute, [_silent_evidence(one, neutral) for one in silent])


def _evidence(fact: Fact, sources: Mapping[int, str]) -> Evidence:
    return Evidence(
        lo=fact.lo,
        hi=fact.hi,
        source=sources.get(fact.delivery, "register"),
        delivery=fact.delivery,
        row=fact.row,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        known=fact.known_from,
        confirmed=fact.link is Judgement.CONFIRMED,
    )


def _silent_evidence(coverage: Coverage, value: int) -> Evidence:
    """Row 0 of the last delivery: there is no row about the person."""
    delivery = coverage.last.delivery if coverage.last else 0
    return Evidence(value, value, coverage.source, delivery, 0, FIRST_DAY, NEVER, 0, confirmed=True)


# Derivations


def _derived_evidence(
    derivation: Derivation, person: PersonFacts, coverages: Mapping[str, Coverage], on: int, *, wide: bool
) -> list[Evidence]:
    """What the roster's rows, or its source's silence, say of the derived column: one statement, or none.

    The word of a source that is not fresh is given too; it is then a stale statement like any other.
    """
    source = next((one for _, one in sorted(coverages.items()) if derivation.roster in one.rosters), None)
    if source is None:
        return []
    hull = derived(derivation, person, on)
    if hull is None and derivation.fewer is not None and source.silent(person.links, on):
        hull = (derivation.fewer, derivation.fewer)
    if hull is None:
        return []
    if wide:
        hull = derived(derivation, person, on, wide=True) or hull
    delivery = source.last.delivery if source.last else 0
    return [Evidence(*hull, source.source, delivery, 0, FIRST_DAY, NEVER, 0, confirmed=True)]


def derived(derivation: Derivation, person: PersonFacts, on: int, *, wide: bool = False) -> tuple[int, int] | None:
    """The hull that the person's rows give by the derivation's form; None when the roster has no row of him.

    Only confirmed rows count, with `wide` possible ones too. None also when there are too few and `fewer: unknown`.
    """
    if derivation.over_spells:
        return _from_spells(derivation, person.spells, on, wide=wide)
    return _from_members(derivation, person, wide=wide)


def _from_members(derivation: Derivation, person: PersonFacts, *, wide: bool) -> tuple[int, int] | None:
    members = [one for one in person.members if one.roster == derivation.roster]
    own = [one for one in members if one.person == person.person]
    if not any(wide or one.link is Judgement.CONFIRMED for one in own):
        return None
    sure: dict[object, tuple[int, int]] = {}
    possible: dict[object, tuple[int, int]] = {}
    for group in sorted({one.group for one in own if wide or one.link is Judgement.CONFIRMED}):
        mine = [one for one in own if one.group == group]
        certain = [one for one in mine if one.link is Judgement.CONFIRMED]
        if not any(_may_play(one, derivation.mine) for one in (mine if wide else certain)):
            continue
        am_sure = any(_plays(one, derivation.mine) for one in certain)
        my_rows = {_row(one) for one in certain or mine}
        if not certain and len(my_rows) > 1:
            my_rows = set()  # any of them may be his, so the others are of other people
        for row, rows in _by_row(members, group).items():
            who = [one.person for one in rows if one.link is Judgement.CONFIRMED]
            name: object = who[0] if who else row
            if row in my_rows or not _may_play(rows[0], derivation.roles):
                continue
            is_sure = am_sure and _plays(rows[0], derivation.roles)
            _count(sure if is_sure else possible, name, (rows[0].born_lo, rows[0].born_hi))
    for name in sure.keys() & possible.keys():
        sure[name] = _hull([sure[name], possible.pop(name)])
    return _reckoned(derivation, list(sure.values()), list(possible.values()))


def _row(member: Member) -> tuple[int, int, int]:
    return member.delivery, member.row, member.n


def _by_row(members: Iterable[Member], group: int) -> dict[tuple[int, int, int], list[Member]]:
    """The members of one group by their row: a row linked to several people is one member."""
    rows: dict[tuple[int, int, int], list[Member]] = {}
    for one in members:
        if one.group == group:
            rows.setdefault(_row(one), []).append(one)
    return rows


def _plays(member: Member, roles: tuple[str, ...]) -> bool:
    return not roles or member.role in roles


def _may_play(member: Member, roles: tuple[str, ...]) -> bool:
    return member.role is None or _plays(member, roles)


def _count(counted: dict[object, tuple[int, int]], name: object, born: tuple[int, int]) -> None:
    """Once for each person whose link is confirmed, once for each row of anybody else."""
    counted[name] = _hull([counted[name], born]) if name in counted else born


def _hull(hulls: Iterable[tuple[int, int]]) -> tuple[int, int]:
    ends = list(hulls)
    return min(lo for lo, _ in ends), max(hi for _, hi in ends)


def _from_spells(derivation: Derivation, spells: Iterable[Spell], on: int, *, wide: bool) -> tuple[int, int] | None:
    rows = [
        one
        for one in spells
        if one.roster == derivation.roster and (not derivation.kinds or one.kind in derivation.kinds)
    ]
    sure = [one for one in rows if one.link is Judgement.CONFIRMED]
    possible = [one for one in rows if wide and one.link is Judgement.POSSIBLE]
    if not sure and not possible:
        return None
    if derivation.form is Form.TOTAL_DAYS:
        return sum(_days(one, on)[0] for one in sure), sum(_days(one, on)[1] for one in sure + possible)
    if derivation.form is Form.COVERING:
        chosen = covering(sure, on)
        others = [_end(derivation, one) for one in possible if _reaches(one, on)]
        first = _fewer(derivation) if chosen is None else _end(derivation, chosen)
        return None if first is None else _hull([first, *others])
    return _reckoned(derivation, [_end(derivation, one) for one in sure], [_end(derivation, one) for one in possible])


def covering(spells: Iterable[Spell], on: int) -> Spell | None:
    """The spell on the day `on`, else the next one; None when all are over. The earliest to begin is taken."""
    return min(
        (one for one in spells if _reaches(one, on)),
        key=lambda one: (one.from_lo, one.to_lo, one.row, one.n),
        default=None,
    )


def covering_until(spells: Iterable[Spell], on: int) -> int:
    """The first day on which `covering` may choose another spell: no next change date is later. NEVER when none."""
    chosen = covering(spells, on)
    return NEVER if chosen is None else chosen.to_lo


def _reaches(spell: Spell, on: int) -> bool:
    return spell.to_lo > on


def _days(spell: Spell, on: int) -> tuple[int, int]:
    """The least and the most days of the spell up to and with `on`."""
    least = max(0, min(spell.to_lo, on + 1) - spell.from_hi)
    return least, max(0, min(spell.to_hi, on + 1) - spell.from_lo)


def _end(derivation: Derivation, spell: Spell) -> tuple[int, int]:
    return (spell.from_lo, spell.from_hi) if derivation.column == "from" else (spell.to_lo, spell.to_hi)


def _fewer(derivation: Derivation) -> tuple[int, int] | None:
    return None if derivation.fewer is None else (derivation.fewer, derivation.fewer)


def _reckoned(
    derivation: Derivation, sure: list[tuple[int, int]], possible: list[tuple[int, int]]
) -> tuple[int, int] | None:
    """The form's value over days that are each a hull: what sure rows give, and what possible ones could make it.

    Too few rows count as days before all others for the latest, after all others for the earliest; `fewer` then says
    what that means. With `fewer: never` or `no` a value that may lack is the hull of both.
    """
    if derivation.form is Form.ANY:
        return (int(bool(sure)), 1) if sure or possible else _fewer(derivation)
    everybody = sure + possible
    if derivation.form is Form.EARLIEST:
        least = min((lo for lo, _ in everybody), default=None)
        most = min((hi for _, hi in sure), default=None)
    else:
        least = _nth(derivation.nth, [lo for lo, _ in sure])
        most = _nth(derivation.nth, [hi for _, hi in everybody])
        if derivation.fewer != FIRST_DAY and least is None and most is not None:
            least, most = _nth(derivation.nth, [lo for lo, _ in everybody]), None
    if least is None and most is None:
        return _fewer(derivation)
    if least is not None and most is not None:
        return least, most
    if derivation.fewer is None:
        return None
    known = least if least is not None else most
    assert known is not None
    return min(known, derivation.fewer), max(known, derivation.fewer)


def _nth(nth: int, days: list[int]) -> int | None:
    """The nth largest of `days`; None when there are fewer."""
    return sorted(days, reverse=True)[nth - 1] if len(days) >= nth else None
