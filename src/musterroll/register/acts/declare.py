"""The person says what is right ("this is wrong"), and everything open rests at once (charter S5).

In one transaction: the declaration, what follows from it now, the hold on every open call, and their entries.
"""

from dataclasses import dataclass

from musterroll import dates
from musterroll.claim.filing import Filing
from musterroll.claim.progress import CallState, Happening, moved
from musterroll.entry.codec import encode_commitment
from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Attribute, ValueType
from musterroll.law.declare import value_of
from musterroll.law.wording import Wording
from musterroll.register import home, overlay, permissions, policies, roll
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.models import Because, Call, CallEvent, Declaration, Grade, StandingNow
from musterroll.register.overlay import Now


@dataclass(frozen=True, slots=True)
class Declared:
    """What came of it. `receipt` is the entry's commitment; `before` and `after` are headlines; `held` draws' ids."""

    receipt: str
    before: str
    after: str
    held: tuple[str, ...]


@act
def declare(*, person: int, attribute: str, answer: str, by: Actor, at: int, since: str = "") -> Declared:
    """Record the person's word that `attribute` is `answer`, from the day `since` on.

    `answer` is written as the pack writes values (`yes`, a code, a day, `never`, `none`). Without `since`, a date or a
    number is meant for all time, a yes or a code from today on. The same word said twice is one declaration. Raises
    MusterRollError `declare.attribute`, `declare.own-decision`, `declare.value`, `claim.value` or `date.malformed`.

    A word that stands against what is recorded holds the call. One that agrees with it holds nothing.
    """
    permissions.check_may("declare", by, person=person)
    writing.key_of(person)
    filing = _filing(_attribute(attribute), answer, since, at)
    last = Declaration.objects.filter(person=person, attribute=attribute).order_by("-id").first()
    before = overlay.now(person, at)
    if last is not None and (last.lo, last.hi) == (filing.lo, filing.hi) and (not since or _from(last) == since):
        headline = _headline(before)
        return Declared(encode_commitment(bytes(last.entry.commitment)), headline, headline, _held_draws(person))
    declaration = _record(person, filing, before.roll.pack.digest, by, at)
    after = overlay.now(person, at)
    write_standings(declaration, after, at)
    if overlay.has_open_word(person, at):
        _hold_calls(person, declaration, by, at)
    return Declared(
        receipt=encode_commitment(bytes(declaration.entry.commitment)),
        before=_headline(before),
        after=_headline(after),
        held=_held_draws(person),
    )


def _attribute(name: str) -> Attribute:
    current = roll.current()
    known = current.pack.attributes
    if name in known and current.decides(name):
        raise MusterRollError(
            "declare.own-decision",
            "This is settled by a decision of the register, not by anybody's word.",
            where=name,
            remedy="Apply for the decision; officers.md says how the registry grants one.",
        )
    if name not in known:
        raise MusterRollError(
            "declare.attribute",
            "The law asks nothing of this name about a person.",
            where=name if name.isidentifier() else "attribute",
            remedy="Choose one of the facts shown on your page.",
        )
    return known[name]


def _filing(attribute: Attribute, answer: str, since: str, at: int) -> Filing:
    try:
        value = value_of(attribute, answer, attribute.name)
    except MusterRollError:
        raise MusterRollError(
            "declare.value",
            "This is not an answer that this question can have.",
            where=attribute.name,
            remedy="Choose one of the answers offered; write a date as YYYY-MM-DD.",
        ) from None
    if since:
        valid_from = dates.parse_day(since, where="since")
    elif attribute.type in (ValueType.BOOL, ValueType.ENUM):
        valid_from = home.current().legal_day(at)
    else:
        valid_from = dates.FIRST_DAY
    return Filing(attribute, value, value, valid_from, at)


def _record(person: int, filing: Filing, pack: str, by: Actor, at: int) -> Declaration:
    said = Declaration.objects.filter(person=person).count() + 1
    entry = writing.personal(
        Act.DECLARATION_MADE,
        person=person,
        by=by,
        label=f"declare/{person}/{said}",
        at=at,
        ground=filing.attribute.basis,
        attribute=filing.attribute.name,
        grade=Grade.DECLARED.value,
        says=filing.says,
        valid_from="always" if filing.valid_from == dates.FIRST_DAY else dates.format_day(filing.valid_from),
    )
    return Declaration.objects.create(
        person=person,
        attribute=filing.attribute.name,
        attribute_number=filing.attribute.number,
        kind=filing.attribute.kind.value,
        lo=filing.lo,
        hi=filing.hi,
        valid_from=filing.valid_from,
        grade=Grade.DECLARED,
        pack=pack,
        entry=entry,
        at=at,
    )


def write_standings(declaration: Declaration, after: Now, at: int) -> None:
    """What follows now, with the basis from which it can be decided again (charter S4)."""
    for question, standing in after.standings.items():
        StandingNow.objects.create(
            person=after.person,
            question=question,
            cls=standing.cls or "",
            effect=standing.effect or "",
            callable=standing.callable,
            next_change=standing.next_change,
            declaration=declaration,
            basis=overlay.basis(after, at),
            at=at,
        )


def _hold_calls(person: int, declaration: Declaration, by: Actor, at: int) -> None:
    said = Declaration.objects.filter(person=person).count()
    for call in Call.objects.filter(person=person).select_related("order", "entrant").order_by("id"):
        state = policies.state_of(call)
        if state is CallState.WITHDRAWN or moved(state, Happening.FILED) is state:
            continue
        entry = writing.personal(
            Act.CALL_HELD,
            person=person,
            by=by,
            label=f"call.held/{call.order.digest}/{call.entrant.index}/{said}",
            at=at,
            because=Because.DECLARED.value,
            draw=call.order.result.draw.draw,
        )
        CallEvent.objects.create(
            call=call, state=CallState.HELD.value, because=Because.DECLARED, declaration=declaration, entry=entry, at=at
        )


def _held_draws(person: int) -> tuple[str, ...]:
    calls = Call.objects.filter(person=person).select_related("order__result__draw").order_by("id")
    return tuple(call.order.result.draw.draw for call in calls if policies.state_of(call) is CallState.HELD)


def _headline(seen: Now) -> str:
    wording = Wording(seen.roll.pack)
    return " ".join(wording.headline(question, standing.cls) for question, standing in seen.standings.items())


def _from(declaration: Declaration) -> str:
    return "" if declaration.valid_from == dates.FIRST_DAY else dates.format_day(declaration.valid_from)
