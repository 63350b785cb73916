"""A fact entered by hand: an officer was shown a document that an agency's register does not have yet.

1. For a case only, of an attribute of the law that some agency gives, with a value that it can have and the day from
   which it holds. The document stays with the person; the log holds who entered what.
2. One officer is enough where nobody's standing asks more of the person afterwards. Where it would, two people from two
   offices have agreed to exactly this (charter S9); and it still counts only after notice and the law's period: it
   comes with the night, as any worsening does.
3. What it ends is withdrawn in the same transaction.
"""

from dataclasses import dataclass

from musterroll import canonical, dates
from musterroll.dates import FIRST_DAY
from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Attribute
from musterroll.law.declare import text_of, value_of
from musterroll.register import overlay, permissions, policies, roll
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.acts.grant import headline, withdraw_ended
from musterroll.register.acts.standing import write_standings
from musterroll.register.models import Approved, Case, Declaration, Grade
from musterroll.register.overlay import Now


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of it: the headline now, calls withdrawn, and whether it counts only after notice and period."""

    after: str
    withdrawn: int
    waits: bool


def subject_of(case: str, attribute: str) -> str:
    """What two people agree on: the case and the attribute."""
    return f"{case}/{attribute}"


def digest_of(attribute: str, answer: str, since: str) -> str:
    """The digest of exactly what is entered."""
    return canonical.sha256_hex(canonical.encode({"answer": answer, "attribute": attribute, "since": since}))


@act
def enter_fact(
    *, case: str, attribute: str, answer: str, by: Actor, at: int, since: str = "", approval: int | None = None
) -> Entered:
    """Enter that `attribute` of the person of `case` is `answer` (as the pack writes values), from the day `since` on.

    Raises MusterRollError `enter.attribute`, `approval.missing`, `access.no-case`, or those of a value the law lacks.
    """
    permissions.check_may("enter_fact", by)
    allocated = Case.objects.filter(code=case, officer=permissions.officer_of(by)).first()
    policies.check_allocated(allocated)
    assert allocated is not None  # check_allocated has refused None
    asked = _attribute(attribute)
    value = value_of(asked, answer, attribute)
    day = dates.parse_day(since, where="since") if since else FIRST_DAY
    person = allocated.person
    writing.key_of(person)
    shown = Declaration.objects.filter(person=person, attribute=attribute, grade=Grade.PROVED).order_by("-id").first()
    before = overlay.now(person, at)
    if shown is not None and (shown.lo, shown.hi, shown.valid_from) == (value, value, day):
        return Entered(headline(before), 0, waits=False)
    declaration = _record(allocated, asked, value, day, before, by, at)
    after = overlay.now(person, at)
    waits = any(
        overlay.burden(each, after.coming[name]) > overlay.burden(each, after.standings[name])
        for name, each in after.roll.pack.questions.items()
    )
    if waits:
        permissions.approved(
            Approved.ENTER_FACT,
            approval or 0,
            subject=subject_of(case, attribute),
            digest=digest_of(attribute, answer, since),
        )
    write_standings(after, at, declaration=declaration)
    return Entered(headline(after), withdraw_ended(person, by, at), waits)


def _attribute(name: str) -> Attribute:
    current = roll.current()
    known = current.pack.attributes.get(name)
    if known is None or current.decides(name):
        raise MusterRollError(
            "enter.attribute",
            "No agency gives a fact of this name; nothing of the kind is entered from a document.",
            where=name if name.isidentifier() else "attribute",
            remedy="What the law leaves to the register is granted: muster case grant.",
        )
    return known


def _record(case: Case, attribute: Attribute, value: int, day: int, before: Now, by: Actor, at: int) -> Declaration:
    shown = Declaration.objects.filter(person=case.person, grade=Grade.PROVED).count() + 1
    entry = writing.personal(
        Act.DECLARATION_MADE,
        person=case.person,
        by=by,
        label=f"enter/{case.person}/{shown}",
        at=at,
        ground=attribute.basis,
        attribute=attribute.name,
        case=case.code,
        grade=Grade.PROVED.value,
        says=text_of(attribute, value),
        valid_from="always" if day == FIRST_DAY else dates.format_day(day),
    )
    return Declaration.objects.create(
        person=case.person,
        attribute=attribute.name,
        attribute_number=attribute.number,
        kind=attribute.kind.value,
        lo=value,
        hi=value,
        valid_from=day,
        grade=Grade.PROVED,
        pack=before.roll.pack.digest,
        entry=entry,
        at=at,
    )
