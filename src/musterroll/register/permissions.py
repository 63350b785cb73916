"""Who may do what. When it may be done is `policies`; both are asked before an act writes anything.

1. Each act has its roles, and says whether the program or the person concerned may do it. What is not listed, nobody
   may do.
2. Roles are read from the database at every act: a grant that ends counts at once.
3. A person may act for themselves only.
4. The second of two people is never the first, and never of the first one's office (charter S9); the database holds
   the same.
"""

from dataclasses import dataclass

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.errors import MusterRollError
from musterroll.register.actor import Actor, Kind
from musterroll.register.models import Approval, Approved, Officer, Proposal, Role


@dataclass(frozen=True, slots=True)
class Who:
    """Who may do one act."""

    roles: frozenset[Role] = frozenset()
    program: bool = False
    person: bool = False


def _who(*roles: Role, program: bool = False, person: bool = False) -> Who:
    return Who(frozenset(roles), program, person)


MAY: dict[str, Who] = {
    "appoint": _who(Role.SUPERVISION, program=True),
    "propose": _who(Role.LAW, Role.DRAW, Role.KEEPER, Role.CASES),
    "approve": _who(Role.SUPERVISION),
    "publish_pack": _who(Role.LAW),
    "record_delivery": _who(Role.KEEPER, program=True),
    "release_delivery": _who(Role.KEEPER),
    "reject_delivery": _who(Role.KEEPER),
    "commit_snapshot": _who(Role.KEEPER, program=True),
    "judge_link": _who(Role.CASES),
    "disown_record": _who(person=True),
    "merge_persons": _who(Role.CASES),
    "unmerge_persons": _who(Role.CASES),
    "split_person": _who(Role.CASES),
    "erase_person": _who(Role.CASES),
    "prepare_draw": _who(Role.DRAW, program=True),
    "take_source_list": _who(Role.DRAW, program=True),
    "check_pot": _who(Role.DRAW),
    "commit_draw": _who(Role.DRAW),
    "declare_silent": _who(Role.DRAW),
    "prepare_part": _who(Role.DRAW, program=True),
    "commit_part": _who(Role.DRAW),
    "hold_ceremony": _who(Role.DRAW),
    "record_table": _who(Role.DRAW),
    "publish_result": _who(Role.DRAW, program=True),
    "publish_fairness": _who(Role.DRAW, program=True),
    "order_call": _who(Role.DRAW),
    "commit_spared": _who(Role.DRAW),
    "pick_spared": _who(Role.DRAW, program=True),
    "open_to_auditor": _who(Role.DRAW),
    "record_audit": _who(Role.SUPERVISION),
    "withdraw_call": _who(Role.KEEPER, Role.CASES, program=True),
    "compose_notice": _who(Role.NOTICES, program=True),
    "attempt_notice": _who(Role.NOTICES, program=True),
    "confirm_receipt": _who(person=True),
    "declare": _who(person=True),
    "allocate_case": _who(Role.SUPERVISION),
    "close_case": _who(Role.SUPERVISION, Role.CASES),
    "grant_finding": _who(Role.CASES),
    "decide_filing": _who(Role.CASES),
    "confirm_decision": _who(person=True),
    "record_hand_over": _who(Role.CASES),
    "appeal_decision": _who(Role.CASES, person=True),
    "withdraw_filing": _who(person=True),
    "apply_time": _who(Role.KEEPER, program=True),
    "give_code": _who(person=True),
    "open_record": _who(Role.CASES, Role.KEEPER),
    "recall": _who(Role.KEEPER, Role.SUPERVISION),
    "queue_campaign": _who(Role.KEEPER, Role.SUPERVISION, program=True),
    "compose_telling": _who(Role.NOTICES, program=True),
    "take_work": _who(Role.CASES),
    "enter_fact": _who(Role.CASES),
    "record_questions": _who(Role.KEEPER, program=True),
    "record_answers": _who(Role.KEEPER, program=True),
    "publish_checkpoint": _who(Role.KEEPER, program=True),
}


def officer_of(by: Actor) -> Officer | None:
    """The officer's row, None for anybody else or a handle that does not exist."""
    if by.kind is not Kind.OFFICER:
        return None
    return Officer.objects.select_related("office").filter(handle=by.name).first()


def roles_of(officer: Officer) -> frozenset[Role]:
    """The roles the officer holds now."""
    held = officer.grant_set.filter(grantend__isnull=True).values_list("role", flat=True)
    return frozenset(Role(role) for role in held)


def may(act: str, by: Actor, *, person: int | None = None) -> bool:
    """Whether `by` may do `act`; `person` is whom it concerns, where that matters."""
    who = MAY[act]
    match by.kind:
        case Kind.PROGRAM:
            return who.program
        case Kind.PERSON:
            return who.person and by.number is not None and by.number == person
        case Kind.OFFICER:
            officer = officer_of(by)
            return officer is not None and not who.roles.isdisjoint(roles_of(officer))


def check_may(act: str, by: Actor, *, person: int | None = None) -> None:
    """Raise MusterRollError `permission.refused` unless `by` may do `act`."""
    if not may(act, by, person=person):
        raise MusterRollError(
            "permission.refused",
            f"This may not be done by whoever asks for it: {act}.",
            where=by.kind.value,
            remedy="Ask somebody whose office it is; roles are granted with `appoint`.",
        )


def approved(act: Approved, approval: int, *, subject: str, digest: str) -> Approval:
    """The approval for exactly this. Raises MusterRollError `approval.missing` where there is none."""
    row = (
        Approval.objects.select_related("proposal")
        .filter(pk=approval, proposal__act=act, proposal__subject=subject, proposal__digest=digest)
        .first()
    )
    if row is None:
        raise MusterRollError(
            "approval.missing",
            "Two people from two offices have to agree to exactly this before it is done.",
            where=f"{act} of {subject}",
            remedy="Propose it with its digest, and have somebody of another office approve.",
        )
    return row


def check_may_approve(proposal: Proposal, by: Actor) -> Officer:
    """The approving officer. Raises MusterRollError `approval.same-person`, `approval.same-office`, or refused."""
    check_may("approve", by)
    officer = officer_of(by)
    assert officer is not None  # check_may lets officers through only
    if officer.pk == proposal.officer_id:
        raise MusterRollError(
            "approval.same-person", "Nobody approves what they proposed.", remedy="Ask somebody of another office."
        )
    if officer.office_id == proposal.office_id:
        raise MusterRollError(
            "approval.same-office",
            "The second of two people is of another office than the first.",
            remedy="Ask somebody of another office.",
        )
    return officer
