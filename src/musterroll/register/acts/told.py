"""The person was told of a decision: their own word, or a carrier's hand-over (charter S6). Nothing else is receipt.

1. The person says "I received this" on their own page, of their own filing.
2. A hand-over is recorded by two people of two offices, with the digest of the carrier's slip: time runs against the
   person from it, and it is a fact entered by hand (S9).
3. The day is the one on which it is recorded: no limit is found run out by a slip that turns up late.
4. Signing in and looking are no receipt, and are nowhere kept.
"""

from musterroll import canonical
from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError
from musterroll.law.proceeding import PERSON, TIME
from musterroll.register import home, permissions, policies
from musterroll.register.actor import Actor
from musterroll.register.acts import filing as filings
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.acts.decide import filing_of
from musterroll.register.models import Approval, Approved, Filing, Purpose, Receipt, Step, Told


def hand_over_digest(filing: str, step: int, slip_sha256: str) -> str:
    """What two people approve: which decision was handed over, and the carrier's slip that shows it."""
    return canonical.sha256_hex(canonical.encode({"filing": filing, "slip": slip_sha256, "step": step}))


@act
def confirm_decision(*, filing: str, step: int, by: Actor, at: int) -> None:
    """Record that the person says they received a decision. Saying it again changes nothing."""
    permissions.check_may("confirm_decision", by, person=by.number)
    assert by.number is not None  # only a person may
    row = filing_of(filing, by.number)
    writing.key_of(row.person)
    _write(_decision(row, step), Receipt.OWN_WORD, by, at)


@act
def record_hand_over(*, case: str, filing: str, step: int, slip_sha256: str, approval: int, by: Actor, at: int) -> None:
    """Record that a carrier handed a decision to the person of `case`; its slip has this SHA-256.

    Raises MusterRollError `approval.missing` unless two people of two offices agreed to exactly this, `filing.slip`.
    """
    permissions.check_may("record_hand_over", by)
    officer = permissions.officer_of(by)
    person = int(policies.allocated_to(case, officer, Purpose.DECIDE_CLAIM).person)
    writing.key_of(person)
    row = filing_of(filing, person)
    decision = _decision(row, step)
    if len(slip_sha256) != 64 or not set(slip_sha256) <= set("0123456789abcdef"):
        raise MusterRollError(
            "filing.slip",
            "The carrier's slip is named by its SHA-256, 64 hexadecimal digits.",
            where="slip",
            remedy="Hand in the slip itself: muster case told --slip FILE.",
        )
    agreed = permissions.approved(
        Approved.RECORD_HAND_OVER,
        approval,
        subject=row.code,
        digest=hand_over_digest(row.code, step, slip_sha256),
    )
    _write(decision, Receipt.HANDED_OVER, by, at, slip_sha256=slip_sha256, approval=agreed)


def _decision(filing: Filing, n: int) -> Step:
    row = filing.steps.filter(n=n).exclude(role__in=(PERSON, TIME)).first()
    if row is None:
        raise MusterRollError(
            "filing.no-decision",
            "This filing has no decision of an office with this number.",
            where=f"step {n}",
            remedy="Look at the filing for the number of the decision.",
        )
    return row


def _write(
    step: Step, how: Receipt, by: Actor, at: int, *, slip_sha256: str = "", approval: Approval | None = None
) -> None:
    if Told.objects.filter(step=step).exists():
        return
    filing = step.filing
    entry = writing.personal(
        Act.DECISION_TOLD,
        person=filing.person,
        by=by,
        label=f"filing/{filing.code}/{step.n}/told",
        at=at,
        filing=filing.code,
        how=how.value,
        step=step.n,
        **({"slip": slip_sha256} if slip_sha256 else {}),
    )
    Told.objects.create(
        step=step,
        on=home.current().legal_day(at),
        how=how,
        slip_sha256=slip_sha256,
        approval=approval,
        entry=entry,
        at=at,
    )
    filings.settle(filing.person, at)
