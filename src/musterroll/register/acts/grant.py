"""An office of the register grants what somebody applied for: a finding, with its end, that stands like any agency's.

1. Only findings, and only those that the pack leaves to the register: the officer finds what an article lets them find.
2. One officer with a case is enough, because it can only protect (charter S9: protecting effects start at once with one
   person); a finding after which somebody would be callable who was not is refused here.
3. What the finding ends is withdrawn in the same transaction.
"""

from dataclasses import dataclass

from musterroll import dates
from musterroll.claim.progress import CallState
from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Attribute, Kind
from musterroll.law.declare import text_of, value_of
from musterroll.law.wording import Wording
from musterroll.register import overlay, permissions, policies, roll
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.acts.call import no_longer_callable, withdraw_call
from musterroll.register.acts.standing import write_standings
from musterroll.register.models import Call, Case, Declaration, Grade
from musterroll.register.overlay import Now

REGISTRY = "registry"
"""The name under which a pack's `answers` leave a finding to the register itself."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What came of it: the headline now, and how many calls were withdrawn."""

    after: str
    withdrawn: int


@act
def grant_finding(*, case: str, attribute: str, answer: str, by: Actor, at: int) -> Granted:
    """Find for the person of `case` that `attribute` is `answer` (as the pack writes values).

    Raises MusterRollError `grant.not-ours`, `grant.worsens`, `access.no-case`, or those of a value the law lacks.
    """
    permissions.check_may("grant_finding", by)
    allocated = Case.objects.filter(code=case, officer=permissions.officer_of(by)).first()
    policies.check_allocated(allocated)
    assert allocated is not None  # check_allocated has refused None
    asked = _ours(attribute)
    value = value_of(asked, answer, attribute)
    person = allocated.person
    writing.key_of(person)
    last = Declaration.objects.filter(person=person, attribute=attribute, grade=Grade.FOUND).order_by("-id").first()
    before = overlay.now(person, at)
    if last is not None and (last.lo, last.hi) == (value, value):
        return Granted(headline(before), 0)
    declaration = _record(allocated, asked, value, before, by, at)
    after = overlay.now(person, at)
    _check_protects(before, after, attribute)
    write_standings(after, at, declaration=declaration)
    return Granted(headline(after), withdraw_ended(person, by, at))


def _ours(name: str) -> Attribute:
    known = roll.law_of(roll.in_force()).attributes.get(name)
    if known is None or known.kind is not Kind.FINDING or REGISTRY not in known.answers:
        raise MusterRollError(
            "grant.not-ours",
            "The law does not leave this finding to the register.",
            where=name if name.isidentifier() else "attribute",
            remedy="Send the person to whoever can answer; their page names them.",
        )
    return known


def _record(case: Case, attribute: Attribute, value: int, before: Now, by: Actor, at: int) -> Declaration:
    found = Declaration.objects.filter(person=case.person, grade=Grade.FOUND).count() + 1
    entry = writing.personal(
        Act.DECISION_DEFERRAL,
        person=case.person,
        by=by,
        label=f"grant/{case.person}/{found}",
        at=at,
        ground=attribute.basis,
        attribute=attribute.name,
        case=case.code,
        says=text_of(attribute, value),
    )
    return Declaration.objects.create(
        person=case.person,
        attribute=attribute.name,
        attribute_number=attribute.number,
        kind=attribute.kind.value,
        lo=value,
        hi=value,
        valid_from=dates.FIRST_DAY,
        grade=Grade.FOUND,
        pack=before.roll.pack.digest,
        entry=entry,
        at=at,
    )


def _check_protects(before: Now, after: Now, attribute: str) -> None:
    worse = [name for name, now in after.standings.items() if now.callable and not before.standings[name].callable]
    if worse:
        raise MusterRollError(
            "grant.worsens",
            "After this finding somebody could be called who cannot be called now: one officer does not decide that.",
            where=attribute,
            remedy="Nothing was changed. A shorter time needs two people and a document: muster case enter.",
        )


def withdraw_ended(person: int, by: Actor, at: int) -> int:
    """Withdraw the person's calls where they are no longer callable; how many."""
    calls = [one for one in Call.objects.filter(person=person) if policies.state_of(one) is not CallState.WITHDRAWN]
    if not calls or no_longer_callable(person, at) is None:
        return 0
    return sum(withdraw_call(call=one.pk, by=by, at=at) for one in calls)


def headline(seen: Now) -> str:
    """The person's standings in words."""
    wording = Wording(seen.roll.pack)
    return " ".join(wording.headline(question, standing.cls) for question, standing in seen.standings.items())
