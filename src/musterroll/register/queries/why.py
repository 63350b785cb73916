"""Why one attribute of one person is held as it is: every fact, its two times, its row, its link, and what follows.

1. Only under an opening that is in the log (charter S8), for its officer, within the hour.
2. *As at* is the day judged, *known at* the time of what the register knew; both may lie back. What was superseded by
   `known_at` is shown as superseded.
3. What is sealed to the person (superseded sex and places of residence, charter S12) no officer sees: of such an
   attribute only what is held now is shown.
4. Each fact is read by its person from the row groups that can hold it: the time does not grow with the register.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from musterroll import dates
from musterroll.dates import FIRST_DAY, format_day, format_instant
from musterroll.engine.roll import person as rolled
from musterroll.engine.roll.table import ADD, END
from musterroll.errors import MusterRollError
from musterroll.fact import derive
from musterroll.fact.attribute import Attribute, Held, Kind, State, ValueType
from musterroll.fact.timeline import OPEN_TIME, PersonFacts
from musterroll.fact.timeline import Judgement as Link
from musterroll.law.model import attributes_of, lines_of
from musterroll.law.pack import Pack
from musterroll.law.wording import Wording
from musterroll.register import overlay, replay
from musterroll.register.actor import Actor
from musterroll.register.acts.writing import ref_of
from musterroll.register.models import Declaration
from musterroll.register.queries.officer import person_opened
from musterroll.register.queries.value import hull_text
from musterroll.register.refs import link_ref
from musterroll.register.replay import MICROSECONDS, Replayed
from musterroll.register.roll import Roll

SEALED_KINDS = frozenset({Kind.LEGAL_SEX, Kind.RESIDENCE_AREA})
"""Kinds of which what is superseded is sealed to the person (charter S12); a yes or no of a residence says no place."""

AUTHORS = {
    "founding": "it made the person one of this register",
    "number": "rule: personal number, verified",
    "exact": "rule: full name and birth date, of one person only",
    "model": "weight of evidence",
    "namesake": "rule: it is another's of the same full name and birth date, who may be the same person",
    "officer": "an officer",
    "person": "the person",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One fact: what one row says, since when it is held, until when, and through which link.

    `superseded` is empty while it is held; `counts` says whether it was one of those that settled the value. `judged`
    says who linked the row to the person.
    """

    value: str
    valid_from: str
    valid_to: str
    learnt: str
    superseded: str
    agency: str
    delivered_on: str
    delivery: int
    row: int
    link: str
    link_ref: str
    judged: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Silent:
    """A source that could say something and says nothing: what its silence means here."""

    agency: str
    means: str


@dataclass(frozen=True, slots=True)
class Why:
    """Everything about one attribute of one person. `state` is how it was settled, in one word."""

    ref: str
    attribute: str
    label: str
    as_at: str
    known_at: str
    state: str
    value: str
    articles: tuple[str, ...]
    statements: tuple[Statement, ...]
    silent: tuple[Silent, ...]
    replayed: tuple[Replayed, ...]


def why(access: int, attribute: str, *, by: Actor, at: int, as_at: int | None, known_at: int | None) -> Why:
    """Why `attribute` is held as it is on the day `as_at`, as known at `known_at` (seconds; now where not given).

    Raises MusterRollError `access.not-opened`, `why.attribute`, `why.sealed`, `why.too-early`.
    """
    person = person_opened(access, by=by, at=at)
    seen = overlay.now(person, at)
    asked = _attribute(seen.roll.pack, attribute)
    back = as_at is not None or known_at is not None
    if back and _sealed(asked):
        raise MusterRollError(
            "why.sealed",
            "What was held of this before is sealed to the person.",
            where=asked.name,
            remedy="Ask without a day and a time: what is held now is shown.",
        )
    time = (at if known_at is None else known_at) * MICROSECONDS
    current = _as_known(seen.roll, time) if back else seen.roll
    on = seen.on if as_at is None else as_at
    facts = _facts_then(person, seen.numbers, current, time) if back else seen.facts
    held = derive.held_of(facts, current.pack, current.coverages, on, sources=current.source_of, wide=True)[asked.name]
    sure = derive.held_of(facts, current.pack, current.coverages, on, sources=current.source_of)[asked.name]
    shown = held if held.state is State.POSSIBLE else sure
    return Why(
        ref=ref_of(person),
        attribute=asked.name,
        label=asked.label,
        as_at=format_day(on),
        known_at=format_instant(time // MICROSECONDS),
        state=_state(shown, facts, current),
        value=Wording(current.pack).value(asked.name, shown),
        articles=articles(current.pack, asked, on),
        statements=_statements(asked, person, seen.numbers, current, shown, facts, sealed=_sealed(asked)),
        silent=_silent(asked, facts, current, on),
        replayed=replay.replayed(person, time),
    )


def articles(law: Pack, attribute: Attribute, on: int) -> tuple[str, ...]:
    """Where the law reads the attribute: its own article, then each paragraph of a rule in force that looks at it."""
    found = [attribute.basis]
    for rules in law.at(on).rules.values():
        for rule in rules:
            if rule is not None:
                lines = [one.cite for one in lines_of(rule.bare) if attribute.name in attributes_of(one)]
                found += [f"{cite}: {rule.gives}" for cite in lines]
    for derivation in law.derivations:
        if derivation.name == attribute.name:
            found.append(f"{derivation.basis}: found from {derivation.roster}")
    return tuple(dict.fromkeys(found))


def _sealed(attribute: Attribute) -> bool:
    return attribute.kind in SEALED_KINDS and attribute.type is not ValueType.BOOL


def _attribute(law: Pack, name: str) -> Attribute:
    if name not in law.attributes:
        raise MusterRollError(
            "why.attribute",
            "The law asks nothing of this name about a person.",
            where=name if name.isidentifier() else "attribute",
            remedy=f"Known: {', '.join(law.attributes)}.",
        )
    return law.attributes[name]


def _as_known(current: Roll, time: int) -> Roll:
    """The roll as known at `time`, under the law of the last night by then."""
    deliveries = rolled.deliveries(current.store, current.snapshot, time)
    if not deliveries:
        raise MusterRollError(
            "why.too-early",
            "Nothing had been taken in by then.",
            where=format_instant(time // MICROSECONDS),
            remedy="Ask for a time after the first night.",
        )
    return replay.as_known(current.pack, time, current.snapshot.on)


def _facts_then(person: int, numbers: frozenset[int], current: Roll, time: int) -> PersonFacts:
    """What was held at `time`, and what the person and officers had said by then."""
    rows = rolled.read(current.store, current.snapshot, person, numbers=numbers)
    said = Declaration.objects.filter(person__in=numbers, at__lte=time // MICROSECONDS).order_by("id")
    return overlay.with_words(rows, overlay.of_one(overlay.last_words(said)), own_word=True)


def _statements(
    attribute: Attribute,
    person: int,
    numbers: Iterable[int],
    current: Roll,
    held: Held,
    facts: PersonFacts,
    *,
    sealed: bool,
) -> tuple[Statement, ...]:
    store, snapshot, time = current.store, current.snapshot, current.snapshot.known_at
    rows = [
        row for row in rolled.rows(store, snapshot, "fact", "person", numbers) if row["attribute"] == attribute.number
    ]
    judged = _judged(rolled.held(store, snapshot, "link", "person", numbers, time))
    counting = {(one.delivery, one.row, one.lo, one.hi) for one in held.evidence}
    found = [
        _statement(row, attribute, person, current, judged, counting)
        for row in _known(rows, time)
        if not sealed or (row["known_to"] > time and row["valid_from"] <= snapshot.on < row["valid_to"])
    ]
    learnt = {row["known_from"] for row in _known(rows, time) if row["delivery"] < 0}
    overlaid = [
        _statement(
            {
                **{name: getattr(one, name) for name in ("lo", "hi", "valid_from", "valid_to", "delivery", "row")},
                "link": one.link,
                "record": one.record,
                "known_from": one.known_from,
                "known_to": OPEN_TIME,
            },
            attribute,
            person,
            current,
            judged,
            counting,
        )
        for one in facts.facts
        if one.attribute == attribute.number and one.delivery < 0 and one.known_from not in learnt
    ]
    return (*found, *overlaid)


def _known(rows: Iterable[Mapping[str, Any]], time: int) -> list[dict[str, Any]]:
    """Each fact learnt by `time` with the interval in which it was held; what was superseded later is held still."""
    open_: dict[tuple[int, ...], dict[str, Any]] = {}
    found: list[dict[str, Any]] = []
    operations = [one for row in rows for one in _operations(row)]
    for row in sorted(operations, key=lambda one: (one["known"], one["op"])):
        name = (row["person"], row["delivery"], row["row"], row["attribute"], row["n"])
        if row["known"] > time:
            continue
        if name in open_:
            open_.pop(name)["known_to"] = row["known"]
        if row["op"] == ADD:
            open_[name] = {**row, "known_from": row["known"], "known_to": OPEN_TIME}
            found.append(open_[name])
    return sorted(found, key=lambda one: (one["known_from"], one["delivery"], one["row"], one["n"]))


def _operations(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A night row is one operation; a folded one its beginning and, where it is over, its end."""
    if "op" in row:
        return [dict(row)]
    begun = {**row, "op": ADD, "known": row["known_from"]}
    return [begun] if row["known_to"] == OPEN_TIME else [begun, {**row, "op": END, "known": row["known_to"]}]


def _statement(
    row: Mapping[str, Any],
    attribute: Attribute,
    person: int,
    current: Roll,
    judged: Mapping[int, str],
    counting: set[tuple[int, int, int, int]],
) -> Statement:
    own = row["delivery"] < 0
    source = current.source_of.get(row["delivery"], "register")
    as_of = current.as_of.get(row["delivery"])
    return Statement(
        value=hull_text(attribute, row["lo"], row["hi"]),
        valid_from="" if row["valid_from"] == FIRST_DAY else format_day(row["valid_from"]),
        valid_to="" if row["valid_to"] == dates.NEVER else format_day(row["valid_to"]),
        learnt=format_instant(row["known_from"] // MICROSECONDS),
        superseded="" if row["known_to"] == OPEN_TIME else format_instant(row["known_to"] // MICROSECONDS),
        agency=_own(row["delivery"]) if own else current.agency(source),
        delivered_on="" if as_of is None else format_day(as_of),
        delivery=max(row["delivery"], 0),
        row=row["row"],
        link="confirmed" if Link(row["link"]) is Link.CONFIRMED else "possible",
        link_ref="" if own else link_ref(person, row["record"]),
        judged="" if own else judged.get(row["record"], ""),
        counts=(row["delivery"], row["row"], row["lo"], row["hi"]) in counting,
    )


def _own(delivery: int) -> str:
    return "the person's own word" if delivery == overlay.OWN_WORD else "this register"


def _judged(links: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """Who linked each record, in words; of a model the weight in bits."""
    found = {}
    for row in links:
        words = AUTHORS.get(row["by"], row["by"])
        if row["by"] == "model":
            words = f"{words} {row['weight'] / 1000:.1f} bits (model {row['basis']})"
        found[row["record"]] = words
    return found


def _state(held: Held, facts: PersonFacts, current: Roll) -> str:
    """One word: agreed, single, silence, conflict, possible, stale, unreadable or unknown."""
    if held.state in (State.AGREED, State.SINGLE) and held.evidence and all(one.row == 0 for one in held.evidence):
        return "single" if any(one.delivery < 0 for one in held.evidence) else "silence"
    if held.state is State.UNKNOWN and _unreadable(facts, current):
        return "unreadable"
    return held.state.name.lower()


def _unreadable(facts: PersonFacts, current: Roll) -> bool:
    """Whether a row of one of the person's records was set aside and is not mended."""
    records = {one.record for one in facts.links}
    return bool(rolled.held(current.store, current.snapshot, "refused", "record", records, current.snapshot.known_at))


def _silent(attribute: Attribute, facts: PersonFacts, current: Roll, on: int) -> tuple[Silent, ...]:
    """The sources that give this attribute and have no row here."""
    speaking = {
        current.source_of.get(one.delivery)
        for one in facts.facts
        if one.attribute == attribute.number and one.valid_from <= on < one.valid_to
    }
    found = []
    for name, one in sorted(current.coverages.items()):
        if attribute.name not in one.attributes or name in speaking:
            continue
        if one.last is None and one.freshness_days is not None:
            means = "nothing was delivered yet: unknown"
        elif not one.fresh(on):
            means = "its last extract is too old to be believed: unknown"
        elif one.silent(facts.links, on) and attribute.neutral:
            means = f"its silence says: {attribute.neutral}"
        else:
            means = "its silence says nothing: unknown"
        found.append(Silent(current.agency(name), means))
    return tuple(found)
