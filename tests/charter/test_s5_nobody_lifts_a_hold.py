"""S5, S6, S9: what a filing holds is ended by the law's own steps, by nobody's hand, and by no time untold."""

import inspect
from pathlib import Path

import pytest
from tests.register.attempts import a_night_later, approved, decided, deciding, decision, filed, first_call
from tests.registerhome import (
    CLERK,
    DRAWER,
    KEEPER,
    LETTERS_AT,
    OTHER_SUPERVISOR,
    PROGRAM,
    SUPERVISOR,
    WORKER,
)

from musterroll.errors import MusterRollError
from musterroll.register.actor import Actor

DAY = 86_400
REGISTER = Path(__file__).parents[2] / "src" / "musterroll" / "register"


def state() -> str:
    from musterroll.register import policies

    return policies.state_of(first_call()).value


def refused(action, **kwargs) -> str:
    """The code of the refusal; what was tried is rolled back."""
    from django.db import transaction

    with pytest.raises(MusterRollError) as problem, transaction.atomic():
        action(**kwargs)
    return problem.value.code


def test_no_act_takes_a_hold_off_and_one_place_alone_writes_that_a_call_counts_again():
    """A call counts again in `_resume`, which `settle` calls when the law holds it no more: there is no other way."""
    writers = [path.name for path in REGISTER.rglob("*.py") if "Act.CALL_RESUMED" in path.read_text("utf-8")]
    assert writers == ["filing.py"]
    movers = [path.name for path in REGISTER.rglob("*.py") if "Happening.NO_HOLD" in path.read_text("utf-8")]
    assert movers == ["filing.py"]
    from musterroll.register.acts import filing

    assert "_resume(" not in inspect.getsource(filing).replace("def _resume(", "").replace(
        inspect.getsource(filing.settle), ""
    )
    assert "has_open_word" in inspect.getsource(filing.settle)
    assert not hasattr(filing._resume, "__wrapped__")  # no act


@pytest.mark.parametrize(
    "by", [WORKER, SUPERVISOR, OTHER_SUPERVISOR, KEEPER, DRAWER, CLERK, PROGRAM], ids=lambda one: one.name
)
def test_whoever_withdraws_the_filing_or_the_word_of_somebody_else_is_refused(called, by):
    from musterroll.register.acts.appeal import withdraw_filing
    from musterroll.register.acts.declare import declare

    code = filed(called)
    person = first_call().person
    assert refused(withdraw_filing, filing=code, by=by, at=LETTERS_AT) == "permission.refused"
    word = {"person": person, "attribute": "full_time_student", "answer": "no"}
    assert refused(declare, **word, by=by, at=LETTERS_AT) == "permission.refused"
    assert state() == "held"


def test_an_office_s_step_for_the_person_or_for_time_does_not_exist(called):
    from musterroll.register.acts.decide import decide_filing

    ready = {"case": deciding(), "filing": filed(called), "because": ["art. 14 (5)"], "by": WORKER, "at": LETTERS_AT}
    for event in ("withdrawn", "lapsed", "final", "appealed", "filed", "dismissed", "open"):
        assert refused(decide_filing, **ready, event=event) == "filing.refused"
    assert state() == "held"


def test_nobody_settles_a_filing_by_calling_for_time(called):
    """Time is the clock's: the act takes no day, and finds nothing where the person was not told."""
    from musterroll.register.acts.lapse import apply_time

    assert set(inspect.signature(apply_time).parameters) == {"filing", "by", "at"}
    ready = decided(called)
    for days in (40, 400, 1_500):
        a_night_later(called, days)
        assert apply_time(filing=ready["filing"], by=KEEPER, at=LETTERS_AT + days * DAY) == 0
    assert state() == "held"


def test_time_does_not_run_out_against_somebody_who_was_not_told_however_often_they_look(called):
    from musterroll.register.acts.access import give_code
    from musterroll.register.queries.person import my_record

    decided(called)
    person = first_call().person
    for day in range(0, 1_600, 400):
        a_night_later(called, day)
        my_record(person, LETTERS_AT + day * DAY)
        give_code(by=Actor.person(person), at=LETTERS_AT + day * DAY)
    a_night_later(called, 1_600)
    assert state() == "held"
    (filing,) = my_record(person, LETTERS_AT + 1_600 * DAY).filings
    assert (filing.state, filing.formal, filing.holds, filing.counts_from) == ("filed", "refused", True, "")


def test_no_notice_attempt_or_evidence_of_delivery_stands_for_having_been_told():
    """Where a filing stands is asked of no letter, attempt or carrier's answer: their tables are read nowhere here."""
    for name in ("proceedings.py", "acts/filing.py", "acts/lapse.py", "acts/told.py", "queries/filing.py"):
        text = (REGISTER / name).read_text("utf-8")
        for table in ("Evidence", "Attempt", "Notice", "PresenceCode", "Access"):
            assert table not in text, f"{name}: {table}"


def test_one_office_alone_does_not_start_the_time_against_anybody(called):
    from musterroll.register.acts.approve import approve, propose
    from musterroll.register.acts.told import hand_over_digest, record_hand_over
    from musterroll.register.models import Approved

    ready = decided(called)
    filing, slip = ready["filing"], "e" * 64
    given = {"case": deciding(LETTERS_AT + 1), "filing": filing, "step": 2, "slip_sha256": slip, "at": LETTERS_AT}
    assert refused(record_hand_over, **given, approval=0, by=WORKER) == "approval.missing"
    digest = hand_over_digest(filing, 2, slip)
    proposal = propose(act=Approved.RECORD_HAND_OVER, subject=filing, digest=digest, by=WORKER, at=LETTERS_AT)
    assert refused(approve, proposal=proposal, by=WORKER, at=LETTERS_AT) == "permission.refused"
    assert refused(approve, proposal=proposal, by=OTHER_SUPERVISOR, at=LETTERS_AT) == "approval.same-office"
    approval = approve(proposal=proposal, by=SUPERVISOR, at=LETTERS_AT)
    other = {**given, "slip_sha256": "f" * 64}
    assert refused(record_hand_over, **other, approval=approval, by=WORKER) == "approval.missing"
    a_night_later(called, 400)
    assert state() == "held"
    record_hand_over(**given, approval=approval, by=WORKER)


def test_a_slip_that_turns_up_late_takes_no_day_from_the_person(called):
    """The day is the one on which it is recorded, by the clock: no argument says another one."""
    from musterroll.register import home
    from musterroll.register.acts.told import hand_over_digest, record_hand_over
    from musterroll.register.models import Told

    parameters = set(inspect.signature(record_hand_over).parameters)
    assert parameters == {"case", "filing", "step", "slip_sha256", "approval", "by", "at"}
    ready = decided(called)
    at = LETTERS_AT + 200 * DAY
    a_night_later(called, 200)
    approval = approved("record_hand_over", ready["filing"], hand_over_digest(ready["filing"], 2, "e" * 64), WORKER, at)
    given = {"case": deciding(at), "filing": ready["filing"], "step": 2, "slip_sha256": "e" * 64}
    record_hand_over(**given, approval=approval, by=WORKER, at=at)
    assert Told.objects.get().on == home.current().legal_day(at)
    a_night_later(called, 230)
    assert state() == "held"


def test_a_refused_filing_binds_nobody_before_its_day(called):
    """Refused and told today: not today, not at the end of its period, not before the wait is over."""
    from musterroll.register import overlay
    from musterroll.register.acts.told import confirm_decision

    ready = decided(called)
    confirm_decision(**ready)
    person = first_call().person
    for day in (0, 1, 29, 30, 31, 44):
        a_night_later(called, day)
        assert state() == "held", day
        assert overlay.has_open_word(person, LETTERS_AT + day * DAY), day
    a_night_later(called, 45)
    assert state() == "open"
    from musterroll.entry import chain
    from musterroll.register.models import Entry

    found = Entry.objects.filter(act__in=["claim.lapsed", "claim.closed", "call.resumed"])
    actors = {chain.decode(bytes(one.payload)).actor for one in found}
    assert (found.count(), actors) == (3, {"register/filings"})  # no officer's name stands beside it


def test_no_act_of_a_filing_takes_a_day(called):
    """Every step is of the day on which it is taken, by the clock: nothing is back-dated."""
    from musterroll.register.acts import appeal, decide, lapse, told

    acts = (
        decide.decide_filing,
        told.confirm_decision,
        told.record_hand_over,
        appeal.appeal_decision,
        appeal.withdraw_filing,
        lapse.apply_time,
    )
    for one in acts:
        assert not {"on", "day", "since", "told", "posted"} & set(inspect.signature(one).parameters)


def test_no_notice_of_a_call_goes_out_while_its_filing_is_only_refused(called):
    from tests.register.attempts import composed

    from musterroll.register.acts.attempt import begin_attempt
    from musterroll.register.acts.told import confirm_decision

    letter = composed(called)
    ready = decided(called)
    confirm_decision(**ready)
    assert refused(begin_attempt, **letter, by=CLERK) == "notice.call-not-open"


def test_an_appeal_holds_again_at_once_where_the_refusal_had_let_the_call_go_on(called, monkeypatch, tmp_path):
    """A law under which a refusal, once it counts, holds nothing, and an appeal does."""
    import shutil

    from musterroll.law import pack as law_pack
    from musterroll.register import roll
    from musterroll.register.acts.appeal import appeal_decision
    from musterroll.register.acts.told import confirm_decision

    shutil.copytree("packs/example", tmp_path / "example")
    page = tmp_path / "example" / "proceedings.md"
    line = "{call: filed or refused or appealed, then: report_again}"
    assert line in page.read_text("utf-8")
    page.write_text(page.read_text("utf-8").replace(line, "{call: filed or appealed}"), "utf-8")
    law = law_pack.load(tmp_path / "example")
    monkeypatch.setattr(roll, "law_under", lambda _: law)
    ready = decided(called)
    confirm_decision(**ready)
    a_night_later(called, 29)
    assert state() == "held"
    a_night_later(called, 30)
    assert state() == "open"
    appeal_decision(filing=ready["filing"], event="appealed", by=ready["by"], at=LETTERS_AT + 30 * DAY)
    assert state() == "held"


def test_no_letter_tells_a_day_to_report_that_was_put_off(called):
    """Written before the hold, not sent: the day in it is nearer than the one that counts now."""
    from tests.register.attempts import composed

    from musterroll.register import policies
    from musterroll.register.acts.attempt import begin_attempt
    from musterroll.register.acts.told import confirm_decision
    from musterroll.register.models import Notice

    letter = composed(called)
    confirm_decision(**decided(called))
    for day in (31, 45):
        a_night_later(called, day)
    assert state() == "open"
    call = first_call()
    assert policies.report_on(call) > call.order.report_on
    assert policies.names_another_day(Notice.objects.get(number=letter["notice"]))
    assert refused(begin_attempt, **{**letter, "at": LETTERS_AT + 46 * DAY}, by=CLERK) == "notice.other-day"


def test_a_worsening_decision_is_never_one_person_s_also_where_a_board_decides(called):
    from tests.register.test_filings import dismissed

    for missing in (None, 10_000):
        assert refused(dismissed, stage=called, approval=missing) == "approval.missing"


def test_the_second_of_two_people_agrees_to_this_filing_this_decision_and_these_reasons(called):
    from musterroll.register.acts.decide import decide_filing, decision_digest

    ready = decision(called)
    filing = ready["filing"]
    for subject, digest in (
        ("F-000000000000", decision_digest(filing, "refused", ["art. 9 (1)"])),
        (filing, decision_digest(filing, "refused", ["art. 4 (1)"])),
        (filing, decision_digest(filing, "dismissed", ["art. 9 (1)"])),
    ):
        approval = approved("decide_filing", subject, digest, WORKER, LETTERS_AT)
        assert refused(decide_filing, **{**ready, "approval": approval}, by=WORKER) == "approval.missing"
    assert state() == "held"
