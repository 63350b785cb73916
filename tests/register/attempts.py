"""Every act once, ready to be done at a stage where it may be done: who may, and how.

`tests/whole` fails when an act of the register is missing here.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from tests.registerhome import (
    CEREMONY_AT,
    CLERK,
    DRAW,
    DRAWER,
    FREEZE_AT,
    HOMELESS,
    KEEPER,
    LAWYER,
    LETTERS_AT,
    NIGHT_AT,
    OTHER_SUPERVISOR,
    PACK,
    PACK_AT,
    PROGRAM,
    REPORT_ON,
    RESULT_AT,
    ROUND,
    SIGNATURE,
    SOURCES,
    STUDENT,
    SUPERVISOR,
    SYMBOLS,
    TABLE,
    TODAY,
    WORKER,
    Stage,
    count_of,
    manifest_of,
    source_list,
    town,
)

from musterroll import dates
from musterroll.engine.roll.table import POSSIBLE
from musterroll.notice.channel import Answer, Capability, Outcome
from musterroll.register.actor import Actor


@dataclass(frozen=True)
class Attempt:
    """One act: the stage it needs, who does it, who may not, and what else has to be done first (`ready`)."""

    stage: str
    by: Actor
    not_by: Actor
    ready: Callable[[Stage], dict[str, Any]]
    act: Callable[..., Any]


def approved(act: str, subject: str, digest: str, first: Actor, at: int) -> int:
    from musterroll.register.acts.approve import two_people
    from musterroll.register.models import Approved

    return two_people(act=Approved(act), subject=subject, digest=digest, first=first, second=SUPERVISOR, at=at)


def publication(_: Stage) -> dict[str, Any]:
    from musterroll.register.acts.pack import publication_digest

    approval = approved("publish_pack", PACK.name, publication_digest(PACK, SOURCES), LAWYER, PACK_AT)
    return {"pack": PACK, "sources": SOURCES, "approval": approval, "at": PACK_AT}


def delivery(_: Stage, outcome: str = "received") -> dict[str, Any]:
    from musterroll.register.models import Outcome as Became

    return {
        "source": "civil",
        "as_of": TODAY,
        "sha256": "a" * 64,
        "manifest_sha256": "c" * 64,
        "rows": 30,
        "refused": 1,
        "content": "b" * 64,
        "outcome": Became(outcome),
        "full": True,
        "profile": b"{}",
        "reasons": ["row.date"],
        "at": NIGHT_AT,
    }


def quarantine(stage: Stage, act: str = "release_delivery") -> dict[str, Any]:
    from musterroll.register.acts.delivery import record_delivery

    number = record_delivery(**delivery(stage, "quarantined"), by=KEEPER)
    approval = approved(act, str(number), "a" * 64, KEEPER, NIGHT_AT)
    return {"number": number, "approval": approval, "at": NIGHT_AT}


def no_to(stage: Stage) -> dict[str, Any]:
    return quarantine(stage, "reject_delivery")


def second_night(stage: Stage, changed: dict | None = None, **more: Any) -> dict[str, Any]:
    from musterroll.register import roll

    snapshot = town(stage.home, parent=roll.current().snapshot, on=TODAY + 90, changed=changed, **more)
    return {"snapshot": snapshot, "counts": {"service/liable": 25}, "at": LETTERS_AT}


def manifest(stage: Stage) -> dict[str, Any]:
    from musterroll.canonical import sha256_hex
    from musterroll.register.acts.potcheck import check_pot

    check_pot(**counting(stage), by=DRAWER)
    data = manifest_of()
    approval = approved("commit_draw", DRAW, sha256_hex(data), DRAWER, FREEZE_AT)
    return {"manifest": data, "approval": approval, "at": FREEZE_AT}


def ceremony(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.draw import commit_draw

    commit_draw(**manifest(stage), by=DRAWER)
    return {"draw": DRAW, "symbols": SYMBOLS, "minutes": b"minutes", "at": CEREMONY_AT}


def result(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.draw import hold_ceremony

    hold_ceremony(**ceremony(stage), by=DRAWER)
    return {"draw": DRAW, "signature": SIGNATURE, "at": RESULT_AT}


def counting(_: Stage) -> dict[str, Any]:
    return {**count_of(), "at": FREEZE_AT}


def of_source(_: Stage) -> dict[str, Any]:
    return {**source_list(), "at": FREEZE_AT}


def silence(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.draw import commit_draw

    commit_draw(**manifest(stage), by=DRAWER)
    return {"draw": DRAW, "at": RESULT_AT + 2 * 86_400}


def figures(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.draw import publish_result

    publish_result(**result(stage), by=DRAWER)
    return {"draw": DRAW, "at": RESULT_AT}


def order(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.call import approval_digest
    from musterroll.register.acts.fairness import publish_fairness
    from musterroll.register.models import DrawResult

    publish_fairness(**figures(stage), by=DRAWER)
    digest = approval_digest(DrawResult.objects.get().order_sha256, REPORT_ON)
    approval = approved("order_call", DRAW, digest, DRAWER, RESULT_AT)
    return {"draw": DRAW, "report_on": REPORT_ON, "approval": approval, "at": RESULT_AT}


LATER = ROUND + 12 * 28_800
"""A round twelve days after the draw's. Nobody has its signature yet: `any_beacon` takes any 48 bytes for one."""
LATE_SIGNATURE = bytes(range(48))
AUDITOR_KEY = X25519PrivateKey.from_private_bytes(b"auditor".ljust(32, b"."))


def any_beacon[**P, R](act: Callable[P, R]) -> Callable[P, R]:
    """The act with a beacon whose rounds nobody can have stored yet."""

    @functools.wraps(act)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        from musterroll.draw import seed
        from musterroll.engine import beacon

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(beacon, "check_round", lambda _, signature: seed.drand_value(signature))
            return act(*args, **kwargs)

    return done


def mended(stage: Stage, changed: dict) -> dict[str, Any]:
    """The roll of the same day, mended: what was true then is known now."""
    from musterroll.register import roll

    snapshot = town(stage.home, parent=roll.current().snapshot, on=TODAY, changed=changed)
    return {"snapshot": snapshot, "counts": {"service/liable": 26}, "at": LETTERS_AT}


def found_missing(stage: Stage) -> dict[str, Any]:
    """It turns out that the student was none: he should have been in the draw."""
    from musterroll.register.acts.snapshot import commit_snapshot

    commit_snapshot(**mended(stage, {STUDENT: {"full_time_student": 0}}), by=PROGRAM)
    return {"draw": DRAW, "at": LETTERS_AT}


def supplement(stage: Stage) -> dict[str, Any]:
    from musterroll.register import draw_policies
    from musterroll.register.acts import part
    from musterroll.register.terms import Plan
    from musterroll.register.terms import part as terms_of

    entrants = part.prepare_part(**found_missing(stage), by=DRAWER)
    parent = draw_policies.newest_draw(DRAW)
    plan = Plan(DRAW, LATER, "0" * 64, "2026-10-03T00:00:00Z")
    made = terms_of(plan, parent, entrants, number=1)
    approval = approved("commit_part", part.subject_of(made), made.digest, DRAWER, LETTERS_AT)
    return {"manifest": made.encode(), "approval": approval, "at": LETTERS_AT}


def sparing(_: Stage) -> dict[str, Any]:
    return {"draw": DRAW, "round_number": LATER, "sample": 3, "at": LETTERS_AT}


def picking(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.audit import commit_spared

    commit_spared(**sparing(stage), by=DRAWER)
    at = LETTERS_AT + 60 * 86_400
    return {"draw": DRAW, "signature": LATE_SIGNATURE, "of_entries": LATE_SIGNATURE, "at": at}


def handing(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts import audit

    ready = picking(stage)
    any_beacon(audit.pick_spared)(**ready, by=DRAWER)
    key = AUDITOR_KEY.public_key().public_bytes_raw().hex()
    digest = audit.opening_digest(DRAW, "Audit Court", key)
    approval = approved("open_to_auditor", DRAW, digest, DRAWER, ready["at"])
    return {"draw": DRAW, "auditor": "Audit Court", "key": key, "approval": approval, "at": ready["at"]}


def audited(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.audit import open_to_auditor

    ready = handing(stage)
    open_to_auditor(**ready, by=DRAWER)
    return {"draw": DRAW, "wrong": 1, "at": ready["at"]}


def drawn_table(stage: Stage) -> dict[str, Any]:
    from musterroll.canonical import sha256_hex
    from musterroll.register import cohort
    from musterroll.register.acts.draw import commit_draw
    from musterroll.register.acts.potcheck import check_pot

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cohort, "by_table", lambda _: True)  # as a law with drums for dates says
        check_pot(**counting(stage), by=DRAWER)
        data = manifest_of(table=True)
        approval = approved("commit_draw", DRAW, sha256_hex(data), DRAWER, FREEZE_AT)
        commit_draw(manifest=data, approval=approval, by=DRAWER, at=FREEZE_AT)
    return {"draw": DRAW, "table": TABLE.encode(), "at": RESULT_AT}


def first_call() -> Any:
    from musterroll.register.models import Call

    return Call.objects.order_by("id").first()


def ended(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.snapshot import commit_snapshot

    call = first_call()
    died = {"died_on": dates.parse_day("2021-02-01")}
    commit_snapshot(**second_night(stage, {call.person: died}), by=PROGRAM)
    return {"call": call.pk, "at": LETTERS_AT}


def notice(_: Stage) -> dict[str, Any]:
    from musterroll.register.models import NoticeKind

    return {
        "call": first_call().pk,
        "kind": NoticeKind.CALL,
        "channel": "email",
        "title": "You are called",
        "words": ["You are called.", "If this is wrong, say so."],
        "letter": b"%PDF-letter",
        "at": LETTERS_AT,
    }


def composed(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.notice import compose_notice

    number = compose_notice(**notice(stage), by=CLERK)
    return {"notice": number, "capability": Capability.BLIND, "at": LETTERS_AT}


def handed(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.attempt import begin_attempt

    ready = composed(stage)
    begin_attempt(**ready, by=CLERK)
    return {"notice": ready["notice"], "answer": Answer(Outcome.ACCEPTED, "250", "ok"), "at": LETTERS_AT}


def confirmed(stage: Stage) -> dict[str, Any]:
    return {"notice": composed(stage)["notice"], "by": Actor.person(first_call().person), "at": LETTERS_AT}


def word(_: Stage) -> dict[str, Any]:
    return {"person": 0, "attribute": "full_time_student", "answer": "yes", "at": LETTERS_AT}


def ref(person: int) -> str:
    from musterroll.register.acts.writing import ref_of

    return ref_of(person)


def allocation(_: Stage) -> dict[str, Any]:
    from musterroll.register.models import Purpose

    return {"ref": ref(0), "officer": WORKER.name, "purpose": Purpose.DECIDE_CLAIM, "at": LETTERS_AT}


def allocated(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.access import allocate_case

    return {"case": allocate_case(**allocation(stage), by=SUPERVISOR), "at": LETTERS_AT}


def opening(stage: Stage) -> dict[str, Any]:
    from musterroll.register.models import Purpose

    return {**allocated(stage), "purpose": Purpose.DECIDE_CLAIM}


def granting(stage: Stage) -> dict[str, Any]:
    return {**allocated(stage), "attribute": "postponed_until", "answer": "2027-06-30"}


PAID, LODGER = 954, 299
"""A pay row that is possibly person 5's, and a dwelling row that is possibly of the man with no dwelling."""


def doubts(stage: Stage) -> None:
    """A night on which two links are doubtful: one that may protect, one that may harm."""
    from musterroll.register.acts.snapshot import commit_snapshot

    records = [
        (5, PAID, "pay", POSSIBLE, {"has_served": 1}),
        (HOMELESS, LODGER, "dwelling", POSSIBLE, {"lives_in_dwelling": 1}),
    ]
    commit_snapshot(**second_night(stage, records=records), by=PROGRAM)


def judging(person: int, at: int = LETTERS_AT) -> str:
    """A case about the person, allocated to the worker to judge."""
    from musterroll.register.acts.access import allocate_case
    from musterroll.register.models import Purpose

    purpose = Purpose.JUDGE_LINK
    return allocate_case(ref=ref(person), officer=WORKER.name, purpose=purpose, by=SUPERVISOR, at=at)


def entering(stage: Stage) -> dict[str, Any]:
    return {**allocated(stage), "attribute": "died_on", "answer": "2020-12-01"}


def link(stage: Stage) -> dict[str, Any]:
    from musterroll.register.models import Judgement
    from musterroll.register.refs import link_ref

    doubts(stage)
    return {
        "case": judging(5),
        "link": link_ref(5, PAID),
        "judgement": Judgement.CONFIRMED,
        "at": LETTERS_AT,
    }


def disowning(stage: Stage) -> dict[str, Any]:
    from musterroll.register.refs import link_ref

    doubts(stage)
    return {"person": 0, "link": link_ref(0, 3), "at": LETTERS_AT}


def merging(_: Stage) -> dict[str, Any]:
    from musterroll.register.acts.merge import merge_digest

    case, into = judging(6), judging(7)
    approval = approved("merge_persons", f"{case}/{into}", merge_digest(case, into), WORKER, LETTERS_AT)
    return {"case": case, "into": into, "approval": approval, "at": LETTERS_AT}


def unmerging(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.merge import merge_persons, unmerge_digest

    ready = merging(stage)
    merge = merge_persons(**ready, by=WORKER).merge
    approval = approved("unmerge_persons", merge, unmerge_digest(merge), WORKER, LETTERS_AT)
    return {"case": ready["into"], "merge": merge, "approval": approval, "at": LETTERS_AT}


def splitting(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.merge import split_digest
    from musterroll.register.refs import link_ref

    doubts(stage)
    link = link_ref(5, PAID)
    approval = approved("split_person", link, split_digest(link), WORKER, LETTERS_AT)
    return {"case": judging(5), "link": link, "approval": approval, "at": LETTERS_AT}


def questions(_: Stage) -> dict[str, Any]:
    from musterroll.register import roll
    from musterroll.register.campaign import Letter

    return {
        "source": "dwelling",
        "number": 1,
        "snapshot": roll.current().digest,
        "rows": 1,
        "sha256": "e" * 64,
        "asked_sha256": "f" * 64,
        "letters": [Letter(HOMELESS, "lives_in_dwelling", 0)],
        "at": LETTERS_AT,
    }


def answered(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.asking import record_questions

    batch = record_questions(**questions(stage), by=PROGRAM)
    return {
        "batch": batch,
        "as_of": TODAY,
        "sha256": "a" * 64,
        "manifest_sha256": "b" * 64,
        "rows": 1,
        "refused": 0,
        "answered_sha256": "c" * 64,
        "at": LETTERS_AT,
    }


def filed(stage: Stage) -> str:
    """The first person called says that they study: the filing's code."""
    from musterroll.register.acts.declare import declare
    from musterroll.register.models import Filing

    person = first_call().person
    declare(person=person, attribute="full_time_student", answer="yes", by=Actor.person(person), at=LETTERS_AT)
    return str(Filing.objects.get(person=person).code)


def deciding(at: int = LETTERS_AT, officer: Actor = WORKER) -> str:
    """A case about the first person called, allocated to decide a claim."""
    from musterroll.register.acts.access import allocate_case
    from musterroll.register.models import Purpose

    person, purpose = first_call().person, Purpose.DECIDE_CLAIM
    return allocate_case(ref=ref(person), officer=officer.name, purpose=purpose, by=SUPERVISOR, at=at)


def decision(stage: Stage) -> dict[str, Any]:
    """A refusal that two people agree to."""
    from musterroll.register.acts.decide import decision_digest

    filing, because = filed(stage), ["art. 9 (1)"]
    digest = decision_digest(filing, "refused", because)
    approval = approved("decide_filing", filing, digest, WORKER, LETTERS_AT)
    return {
        "case": deciding(),
        "filing": filing,
        "event": "refused",
        "because": because,
        "approval": approval,
        "at": LETTERS_AT,
    }


def decided(stage: Stage) -> dict[str, Any]:
    """A refusal of which the person was not told yet: step 2."""
    from musterroll.register.acts.decide import decide_filing

    ready = decision(stage)
    decide_filing(**ready, by=WORKER)
    return {"filing": ready["filing"], "step": 2, "by": Actor.person(first_call().person), "at": LETTERS_AT}


def handing_over(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.told import hand_over_digest

    ready = decided(stage)
    digest = hand_over_digest(ready["filing"], 2, "d" * 64)
    approval = approved("record_hand_over", ready["filing"], digest, WORKER, LETTERS_AT)
    return {
        "case": deciding(LETTERS_AT + 1),
        "filing": ready["filing"],
        "step": 2,
        "slip_sha256": "d" * 64,
        "approval": approval,
        "at": LETTERS_AT,
    }


def appealing(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.told import confirm_decision

    ready = decided(stage)
    confirm_decision(**ready)
    return {"filing": ready["filing"], "event": "appealed", "by": ready["by"], "at": LETTERS_AT + 86_400}


def taking_back(stage: Stage) -> dict[str, Any]:
    return {"filing": filed(stage), "by": Actor.person(first_call().person), "at": LETTERS_AT + 86_400}


def a_night_later(stage: Stage, days: int) -> None:
    """So many days after the letters: the agencies have said the same again, and the night lets time pass."""
    from musterroll.register import home, roll
    from musterroll.register.acts.snapshot import commit_snapshot
    from musterroll.register.night import let_time_pass

    at = LETTERS_AT + days * 86_400
    snapshot = town(stage.home, parent=roll.current().snapshot, on=home.current().legal_day(at))
    commit_snapshot(snapshot=snapshot, counts={"service/liable": 25}, by=PROGRAM, at=at)
    let_time_pass(at=at)


def timing(stage: Stage) -> dict[str, Any]:
    """The refusal was received, and the time for an appeal is over."""
    from musterroll.register.acts.told import confirm_decision

    ready = decided(stage)
    confirm_decision(**ready)
    return {"filing": ready["filing"], "at": LETTERS_AT + 32 * 86_400}


def waiting_work(_: Stage) -> dict[str, Any]:
    from musterroll.engine import night_needs
    from musterroll.register import roll, worklist

    matters = pl.DataFrame([(HOMELESS, "conflict", 5, None)], schema=night_needs.WORK, orient="row")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(night_needs, "matters", lambda *_: matters)
        worklist.write(roll.current().snapshot, PACK)
    return {"at": LETTERS_AT}


def recalling(_: Stage) -> dict[str, Any]:
    from musterroll.register import roll, touched
    from musterroll.register.acts.recall import digest_of, subject_of
    from musterroll.register.models import Recallable

    touched.write(roll.current().snapshot)
    law = {"what": Recallable.PACK, "subject": PACK.digest}
    approval = approved("recall", subject_of(**law), digest_of(**law), KEEPER, LETTERS_AT)
    return {**law, "approval": approval, "at": LETTERS_AT}


def queueing(_: Stage) -> dict[str, Any]:
    from musterroll.register.campaign import Letter
    from musterroll.register.models import Telling

    letters = [Letter(0, "service", TODAY + 30), Letter(1, "service", TODAY + 30)]
    return {"telling": Telling.WORSENING, "subject": "a" * 64, "letters": letters, "at": LETTERS_AT}


def telling(stage: Stage) -> dict[str, Any]:
    from musterroll.register.acts.campaign import queue_campaign

    number = queue_campaign(**queueing(stage), by=PROGRAM)
    return {
        "campaign": number,
        "of": queueing(stage)["letters"][0],
        "channel": "email",
        "title": "Something changes",
        "words": ["Something changes."],
        "letter": b"%PDF-letter",
        "at": LETTERS_AT,
    }


def erasing(_: Stage) -> dict[str, Any]:
    from musterroll.register.acts.access import allocate_case
    from musterroll.register.acts.erase import erasure_digest
    from musterroll.register.models import ErasureGround, Purpose

    case = allocate_case(ref=ref(8), officer=WORKER.name, purpose=Purpose.ERASE, by=SUPERVISOR, at=LETTERS_AT)
    ground, named = ErasureGround.COURT, "a" * 64
    approval = approved("erase_person", case, erasure_digest(case, ground, named), WORKER, LETTERS_AT)
    return {"case": case, "ground": ground, "named": named, "approval": approval, "at": LETTERS_AT}


def appointment(_: Stage) -> dict[str, Any]:
    from musterroll.register.models import Role

    return {
        "office": "board",
        "title": "Supervisory Board",
        "officer": "watch-2",
        "roles": [Role.SUPERVISION],
        "at": PACK_AT,
    }


def attempts() -> dict[str, Attempt]:
    """Every act by the name of its function."""
    from musterroll.register.acts import (
        access,
        appeal,
        appoint,
        approve,
        asking,
        attempt,
        audit,
        call,
        campaign,
        decide,
        draw,
        enter,
        erase,
        fairness,
        grant,
        judge,
        lapse,
        merge,
        pack,
        part,
        potcheck,
        recall,
        receipt,
        snapshot,
        told,
        work,
    )
    from musterroll.register.acts import declare as own_word
    from musterroll.register.acts import delivery as deliveries
    from musterroll.register.acts import notice as notices
    from musterroll.register.acts import source_list as taking
    from musterroll.register.models import Approved

    def proposal(_: Stage) -> dict[str, Any]:
        return {"act": Approved.PUBLISH_PACK, "subject": "example", "digest": "c" * 64, "at": PACK_AT}

    def proposed(stage: Stage) -> dict[str, Any]:
        return {"proposal": approve.propose(**proposal(stage), by=LAWYER), "at": PACK_AT}

    person = Actor.person(0)
    return {
        "appoint": Attempt("rolled", SUPERVISOR, KEEPER, appointment, appoint.appoint),
        "dismiss": Attempt(
            "rolled", SUPERVISOR, KEEPER, lambda _: {"officer": "post-1", "at": PACK_AT}, appoint.dismiss
        ),
        "propose": Attempt("empty", LAWYER, CLERK, proposal, approve.propose),
        "approve": Attempt("empty", SUPERVISOR, KEEPER, proposed, approve.approve),
        "publish_pack": Attempt("empty", LAWYER, KEEPER, publication, pack.publish_pack),
        "record_delivery": Attempt("empty", KEEPER, LAWYER, delivery, deliveries.record_delivery),
        "release_delivery": Attempt("empty", KEEPER, PROGRAM, quarantine, deliveries.release_delivery),
        "reject_delivery": Attempt("empty", KEEPER, PROGRAM, no_to, deliveries.reject_delivery),
        "commit_snapshot": Attempt("rolled", PROGRAM, WORKER, second_night, snapshot.commit_snapshot),
        "judge_link": Attempt("rolled", WORKER, PROGRAM, link, judge.judge_link),
        "disown_record": Attempt("called", person, Actor.person(1), disowning, judge.disown_record),
        "merge_persons": Attempt("rolled", WORKER, DRAWER, merging, merge.merge_persons),
        "unmerge_persons": Attempt("rolled", WORKER, KEEPER, unmerging, merge.unmerge_persons),
        "erase_person": Attempt("rolled", WORKER, DRAWER, erasing, erase.erase_person),
        "split_person": Attempt("rolled", WORKER, DRAWER, splitting, merge.split_person),
        "prepare_draw": Attempt("rolled", DRAWER, WORKER, lambda _: {"draw": DRAW, "at": FREEZE_AT}, draw.prepare_draw),
        "take_source_list": Attempt("rolled", DRAWER, WORKER, of_source, taking.take_source_list),
        "check_pot": Attempt("rolled", DRAWER, PROGRAM, counting, potcheck.check_pot),
        "commit_draw": Attempt("rolled", DRAWER, PROGRAM, manifest, draw.commit_draw),
        "declare_silent": Attempt("rolled", DRAWER, PROGRAM, silence, draw.declare_silent),
        "hold_ceremony": Attempt("rolled", DRAWER, PROGRAM, ceremony, draw.hold_ceremony),
        "publish_result": Attempt("rolled", DRAWER, WORKER, result, draw.publish_result),
        "publish_fairness": Attempt("rolled", DRAWER, WORKER, figures, fairness.publish_fairness),
        "order_call": Attempt("rolled", DRAWER, PROGRAM, order, call.order_call),
        "prepare_part": Attempt("called", DRAWER, WORKER, found_missing, part.prepare_part),
        "commit_part": Attempt("called", DRAWER, PROGRAM, supplement, part.commit_part),
        "record_table": Attempt("rolled", DRAWER, PROGRAM, drawn_table, draw.record_table),
        "commit_spared": Attempt("called", DRAWER, PROGRAM, sparing, audit.commit_spared),
        "pick_spared": Attempt("called", DRAWER, WORKER, picking, any_beacon(audit.pick_spared)),
        "open_to_auditor": Attempt("called", DRAWER, PROGRAM, handing, audit.open_to_auditor),
        "record_audit": Attempt("called", SUPERVISOR, DRAWER, audited, audit.record_audit),
        "withdraw_call": Attempt("called", PROGRAM, DRAWER, ended, call.withdraw_call),
        "compose_notice": Attempt("called", CLERK, DRAWER, notice, notices.compose_notice),
        "begin_attempt": Attempt("called", CLERK, DRAWER, composed, attempt.begin_attempt),
        "record_attempt": Attempt("called", CLERK, DRAWER, handed, attempt.record_attempt),
        "record_questions": Attempt("rolled", PROGRAM, CLERK, questions, asking.record_questions),
        "record_answers": Attempt("rolled", KEEPER, CLERK, answered, asking.record_answers),
        "enter_fact": Attempt("rolled", WORKER, DRAWER, entering, enter.enter_fact),
        "take_work": Attempt("rolled", WORKER, DRAWER, waiting_work, work.take_work),
        "recall": Attempt("called", SUPERVISOR, CLERK, recalling, recall.recall),
        "queue_campaign": Attempt("called", PROGRAM, CLERK, queueing, campaign.queue_campaign),
        "compose_telling": Attempt("called", CLERK, DRAWER, telling, campaign.compose_telling),
        "confirm_receipt": Attempt("called", person, Actor.person(99), confirmed, receipt.confirm_receipt),
        "declare": Attempt("called", person, OTHER_SUPERVISOR, word, own_word.declare),
        "decide_filing": Attempt("called", WORKER, DRAWER, decision, decide.decide_filing),
        "confirm_decision": Attempt("called", person, WORKER, decided, told.confirm_decision),
        "record_hand_over": Attempt("called", WORKER, DRAWER, handing_over, told.record_hand_over),
        "appeal_decision": Attempt("called", person, DRAWER, appealing, appeal.appeal_decision),
        "withdraw_filing": Attempt("called", person, WORKER, taking_back, appeal.withdraw_filing),
        "apply_time": Attempt("called", PROGRAM, DRAWER, timing, lapse.apply_time),
        "allocate_case": Attempt("rolled", SUPERVISOR, WORKER, allocation, access.allocate_case),
        "close_case": Attempt("rolled", SUPERVISOR, DRAWER, allocated, access.close_case),
        "grant_finding": Attempt("rolled", WORKER, DRAWER, granting, grant.grant_finding),
        "give_code": Attempt("rolled", person, WORKER, lambda _: {"at": LETTERS_AT}, access.give_code),
        "open_record": Attempt("rolled", WORKER, DRAWER, opening, access.open_record),
    }
