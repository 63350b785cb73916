"""S9: two people, from two offices, for what can harm or cannot be undone; the database holds it as well."""

import pytest
from django.db import DatabaseError, connection, transaction
from tests.register.attempts import (
    LODGER,
    PAID,
    approved,
    delivery,
    doubts,
    judging,
    manifest,
    merging,
    order,
    publication,
    splitting,
    unmerging,
)
from tests.registerhome import (
    DRAWER,
    FREEZE_AT,
    HOMELESS,
    KEEPER,
    LAWYER,
    LETTERS_AT,
    NIGHT_AT,
    OTHER_SUPERVISOR,
    PACK_AT,
    PROGRAM,
    RESULT_AT,
    SUPERVISOR,
    WORKER,
)

from musterroll.errors import MusterRollError


def code_of(action, *args, **kwargs) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


def propose(act: str = "publish_pack", digest: str = "d" * 64, by=LAWYER) -> int:
    from musterroll.register.acts.approve import propose
    from musterroll.register.models import Approved

    return propose(act=Approved(act), subject="example", digest=digest, by=by, at=PACK_AT)


def test_nobody_approves_what_they_proposed(empty):
    from musterroll.register.acts.appoint import appoint
    from musterroll.register.acts.approve import approve
    from musterroll.register.models import Role

    appoint(office="registry", title="Registry", officer="law-1", roles=[Role.SUPERVISION], by=PROGRAM, at=PACK_AT)
    assert code_of(approve, proposal=propose(), by=LAWYER, at=PACK_AT) == "approval.same-person"


def test_the_second_is_of_another_office(empty):
    from musterroll.register.acts.approve import approve

    number = propose()
    assert code_of(approve, proposal=number, by=OTHER_SUPERVISOR, at=PACK_AT) == "approval.same-office"
    assert approve(proposal=number, by=SUPERVISOR, at=PACK_AT) > 0


def test_the_database_refuses_an_approval_by_one_person_or_one_office_or_in_another_s_name(empty):
    from musterroll.register.models import Approval, Officer, Proposal

    row = Proposal.objects.get(pk=propose())
    chief, other = Officer.objects.get(handle="registry-chief"), Officer.objects.get(handle="watch-1")
    true = {"proposal": row, "proposed_by_id": row.officer_id, "proposed_office_id": row.office_id, "at": PACK_AT}
    lies = [
        {**true, "approved_by_id": row.officer_id, "approved_office_id": row.office_id},
        {**true, "approved_by": chief, "approved_office_id": chief.office_id},
        {**true, "approved_by": chief, "approved_office_id": other.office_id},  # the chief in the board's name
        {**true, "proposed_by_id": chief.pk, "approved_by": other, "approved_office_id": other.office_id},
        {**true, "proposed_office_id": other.office_id, "approved_by": other, "approved_office_id": chief.office_id},
    ]
    for lie in lies:
        with pytest.raises(DatabaseError), transaction.atomic():
            Approval.objects.create(**lie)
    Approval.objects.create(**true, approved_by=other, approved_office_id=other.office_id)


@pytest.mark.parametrize("what", ["pack", "draw", "order", "release", "reject"])
def test_nothing_of_weight_is_done_without_the_approval_of_exactly_that(open_stage, what):
    from musterroll.register.acts.call import order_call
    from musterroll.register.acts.delivery import record_delivery, reject_delivery, release_delivery
    from musterroll.register.acts.draw import commit_draw
    from musterroll.register.acts.pack import publish_pack

    stage = open_stage({"pack": "empty", "release": "empty", "reject": "empty"}.get(what, "rolled"))
    if what == "pack":
        ready, act, by = publication(stage), publish_pack, LAWYER
        other = approved("publish_pack", "example", "e" * 64, LAWYER, PACK_AT)
    elif what == "draw":
        ready, act, by = manifest(stage), commit_draw, DRAWER
        other = approved("commit_draw", "another-draw", "e" * 64, DRAWER, FREEZE_AT)
    elif what == "order":
        ready, act, by = order(stage), order_call, DRAWER
        other = approved("order_call", "another-draw", "e" * 64, DRAWER, RESULT_AT)
    else:
        number = record_delivery(**delivery(stage, "quarantined"), by=KEEPER)
        acts = {"release": release_delivery, "reject": reject_delivery}
        ready, act, by = {"number": number, "at": NIGHT_AT}, acts[what], KEEPER
        opposite = {"release": "reject_delivery", "reject": "release_delivery"}[what]
        other = approved(opposite, str(number), "a" * 64, KEEPER, NIGHT_AT)  # the same delivery, the other word
    for wrong in (other, 0):
        assert code_of(act, **{**ready, "approval": wrong}, by=by) == "approval.missing"


def test_a_protecting_link_is_refuted_by_two(rolled):
    from musterroll.register.acts.judge import judge_link, judgement_digest
    from musterroll.register.models import Judgement, LinkJudgement
    from musterroll.register.refs import link_ref

    doubts(rolled)
    link, case = link_ref(5, PAID), judging(5)

    def refute(approval: int | None) -> int:
        done = judge_link(
            case=case, link=link, judgement=Judgement.REFUTED, approval=approval, by=WORKER, at=LETTERS_AT
        )
        return done.number

    assert code_of(refute, None) == "approval.missing"
    agreed = judgement_digest(link, Judgement.REFUTED)
    first = refute(approved("judge_link", link, agreed, WORKER, LETTERS_AT))
    later = judge_link(case=case, link=link, judgement=Judgement.CONFIRMED, by=WORKER, at=LETTERS_AT).number
    assert LinkJudgement.objects.get(pk=later).corrects_id == first
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO register_linkjudgement (at, person, record, judgement, by, was, protecting, entry_id) "
            "SELECT 0, 2, 6, 'refuted', 'officer', '', true, max(id) FROM register_entry"
        )


@pytest.mark.parametrize("what", ["merge", "unmerge", "split"])
def test_nobody_is_merged_split_or_parted_again_by_one(rolled, what):
    from musterroll.register.acts import merge

    ready = {"merge": merging, "unmerge": unmerging, "split": splitting}[what](rolled)
    act = {"merge": merge.merge_persons, "unmerge": merge.unmerge_persons, "split": merge.split_person}[what]
    other = approved("merge_persons", "C-1/C-2", "e" * 64, WORKER, LETTERS_AT)
    for wrong in (other, 0):
        assert code_of(act, **{**ready, "approval": wrong}, by=WORKER) == "approval.missing"


def test_what_a_judgement_makes_worse_counts_for_nobody_before_the_night_and_its_wait(rolled):
    """The night writes the worsening with its day; until then the standing is the better one."""
    from musterroll.register import overlay
    from musterroll.register.acts.judge import judge_link
    from musterroll.register.models import Judgement
    from musterroll.register.refs import link_ref

    doubts(rolled)
    ready = {"case": judging(HOMELESS), "link": link_ref(HOMELESS, LODGER), "at": LETTERS_AT}
    done = judge_link(judgement=Judgement.CONFIRMED, by=WORKER, **ready)
    seen = overlay.now(HOMELESS, LETTERS_AT)
    assert done.waits
    assert not seen.standings["service"].callable
    assert seen.coming["service"].callable


def test_an_officer_whose_roles_ended_may_do_nothing_from_that_moment(rolled):
    from musterroll.register import permissions
    from musterroll.register.acts.appoint import appoint, dismiss
    from musterroll.register.models import Role

    assert permissions.may("open_record", WORKER)
    dismiss(officer=WORKER.name, by=SUPERVISOR, at=LETTERS_AT)
    assert not permissions.may("open_record", WORKER)
    appoint(office="registry", title="", officer=WORKER.name, roles=[Role.CASES], by=SUPERVISOR, at=LETTERS_AT)
    assert permissions.may("open_record", WORKER)


def test_after_the_first_pack_the_program_appoints_nobody(rolled):
    from musterroll.register.acts.appoint import appoint
    from musterroll.register.models import Role

    def add(office: str, by) -> int:
        return appoint(office=office, title="x", officer="case-1", roles=[Role.KEEPER], by=by, at=LETTERS_AT)

    assert code_of(add, "registry", PROGRAM) == "officer.not-founding"
    assert code_of(add, "board", SUPERVISOR) == "officer.other-office"
