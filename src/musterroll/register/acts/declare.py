"""The person says what is right ("this is wrong"), and everything open rests at once (charter S5).

In one transaction: the declaration, what follows from it now, the hold on every open call, and their entries. Where the
law has somebody decide on it, the word becomes a filing (docs/flow/claim.md).
"""

from dataclasses import dataclass

from musterroll import dates
from musterroll.claim.filing import Filing
from musterroll.claim.progress import CallState
from musterroll.entry.codec import encode_commitment
from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import UNKNOWN, Attribute, ValueType
from musterroll.law.declare import value_of
from musterroll.law.proceeding import PERSON
from musterroll.law.wording import Wording
from musterroll.register import home, overlay, permissions, policies, proceedings, roll
from musterroll.register.actor import Actor
from musterroll.register.acts import filing as filings
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.acts.standing import write_standings
from musterroll.register.models import Call, Declaration, Grade
from musterroll.register.overlay import Now
from musterroll.register.proceedings import WITHDRAWN


@dataclass(frozen=True, slots=True)
class Declared:
    """What came of it. `receipt` is the entry's commitment; `before` and `after` are headlines; `held` draws' ids.

    `filing` is the code of the filing that the word became, empty where nobody decides on it.
    """

    receipt: str
    before: str
    after: str
    held: tuple[str, ...]
    filing: str = ""


@act
def declare(*, person: int, attribute: str, answer: str, by: Actor, at: int, since: str = "") -> Declared:
    """Record the person's word that `attribute` is `answer`, from the day `since` on.

    `answer` is written as the pack writes values (`yes`, a code, a day, `never`, `none`). Without `since`, a date or a
    number is meant for all time, a yes or a code from today on. The same word said twice is one declaration. Raises
    MusterRollError `declare.attribute`, `declare.own-decision`, `declare.value`, `claim.value` or `date.malformed`.

    A word that stands against what is recorded holds the call. One that agrees with it holds nothing, and takes an
    earlier one back. Raises `filing.pending` where an office has decided on an earlier word and it is not over, and
    `filing.refused` where the law does not hear this one.
    """
    permissions.check_may("declare", by, person=person)
    writing.key_of(person)
    filing = _filing(_attribute(attribute), answer, since, at)
    last = Declaration.objects.filter(person=person, attribute=attribute).order_by("-id").first()
    before = overlay.now(person, at)
    same = last is not None and (last.lo, last.hi) == (filing.lo, filing.hi) and (not since or _from(last) == since)
    if last is not None and same and not overlay.is_closed(last):
        headline = _headline(before)
        receipt = encode_commitment(bytes(last.entry.commitment))
        return Declared(receipt, headline, headline, _held_draws(person), filing_code(last))
    _take_earlier_back(before, attribute, by, at)
    declaration = _record(person, filing, before.roll.pack.digest, by, at)
    _file(declaration, by, at)
    after = overlay.now(person, at)
    write_standings(after, at, declaration=declaration)
    if overlay.has_open_word(person, at):
        filings.hold_calls(person, declaration, by, at)
    return Declared(
        receipt=encode_commitment(bytes(declaration.entry.commitment)),
        before=_headline(before),
        after=_headline(after),
        held=_held_draws(person),
        filing=filing_code(declaration),
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


def filing_code(declaration: Declaration) -> str:
    """The code of the filing that a word became; empty where it became none."""
    return str(declaration.filing.code) if hasattr(declaration, "filing") else ""


def _take_earlier_back(before: Now, attribute: str, by: Actor, at: int) -> None:
    """An earlier word on the same fact gives way to this one, unless an office has decided on it already."""
    numbers = before.numbers or frozenset({before.person})
    for earlier in proceedings.open_filings(numbers):
        if earlier.declaration.attribute != attribute:
            continue
        if proceedings.decided_by_office(earlier):
            raise MusterRollError(
                "filing.pending",
                "An office has decided on what you said of this before, and that is not over.",
                where=attribute,
                remedy="Your record says what you may do against it, and until when; or take your word back there.",
            )
        seen = overlay.now(before.person, at, own_word=False)
        filings.take_step(earlier, WITHDRAWN, PERSON, Act.CLAIM_WITHDRAWN, seen.held, by, at)
        filings.settle(before.person, at)


def _file(declaration: Declaration, by: Actor, at: int) -> None:
    """Where the law has somebody decide, a word that stands against the record becomes a filing."""
    seen = overlay.now(declaration.person, at, own_word=False)
    held = seen.held.get(declaration.attribute, UNKNOWN)
    if proceedings.decides(seen.roll.pack) and overlay.contradicts(held, declaration.lo, declaration.hi):
        filings.open_filing(declaration, seen, by, at)


def _held_draws(person: int) -> tuple[str, ...]:
    calls = Call.objects.filter(person=person).select_related("order__result__draw").order_by("id")
    return tuple(call.order.result.draw.draw for call in calls if policies.state_of(call) is CallState.HELD)


def _headline(seen: Now) -> str:
    wording = Wording(seen.roll.pack)
    return " ".join(wording.headline(question, standing.cls) for question, standing in seen.standings.items())


def _from(declaration: Declaration) -> str:
    return "" if declaration.valid_from == dates.FIRST_DAY else dates.format_day(declaration.valid_from)
