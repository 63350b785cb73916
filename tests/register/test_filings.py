"""What a person said against the record is decided on: steps, receipt, appeal, time, and what follows for the call."""

from dataclasses import replace

import pytest
from tests.register.attempts import (
    a_night_later,
    appealing,
    approved,
    decided,
    deciding,
    decision,
    filed,
    first_call,
    taking_back,
)
from tests.registerhome import (
    DRAW,
    LETTERS_AT,
    OTHER_SUPERVISOR,
    PROGRAM,
    REPORT_ON,
    SUPERVISOR,
    WORKER,
)

from musterroll import dates
from musterroll.claim.body import Votes
from musterroll.errors import MusterRollError
from musterroll.register.actor import Actor

DAY = 86_400
APPEALS = Actor.officer("appeal-1")
CARRIED = Votes(members=5, present=3, against=1, favour=2)


def code_of(action, *args, **kwargs) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


def state() -> str:
    from musterroll.register import policies

    return policies.state_of(first_call()).value


def place(at: int):
    from musterroll.register import home, overlay, proceedings
    from musterroll.register.models import Filing

    filing = Filing.objects.order_by("-id").first()
    held = overlay.now(filing.person, at, own_word=False).held
    return proceedings.place_of(filing, held, home.current().legal_day(at))


def grant(stage, at: int = LETTERS_AT, **more):
    from musterroll.register.acts.decide import decide_filing

    code = filed(stage)
    return decide_filing(
        case=deciding(at), filing=code, event="granted", because=["art. 14 (1)"], by=WORKER, at=at, **more
    )


def appeal_board() -> None:
    from musterroll.register.acts.appoint import appoint
    from musterroll.register.models import Role

    appoint(
        office="appeal_board",
        title="Appeal Board",
        officer=APPEALS.name,
        roles=[Role.CASES],
        by=SUPERVISOR,
        at=LETTERS_AT,
    )


def dismissed(stage, at: int = LETTERS_AT + 2 * DAY, votes: Votes = CARRIED, **changed):
    """The appeal was refused by the board, with its votes, by two people."""
    from musterroll.register.acts.appeal import appeal_decision
    from musterroll.register.acts.decide import decide_filing, decision_digest

    ready = appealing(stage)
    appeal_decision(**ready)
    appeal_board()
    because = ["art. 14 (4)"]
    digest = decision_digest(ready["filing"], "dismissed", because, votes)
    approval = approved("decide_filing", ready["filing"], digest, APPEALS, at)
    given = {
        "case": deciding(at, APPEALS),
        "filing": ready["filing"],
        "event": "dismissed",
        "because": because,
        "votes": votes,
        "approval": approval,
        "by": APPEALS,
        "at": at,
    } | changed
    return decide_filing(**given)


def test_a_word_against_the_record_becomes_a_filing_and_one_that_agrees_does_not(called):
    from musterroll.register.acts.declare import declare
    from musterroll.register.models import Filing

    person = first_call().person
    said = declare(person=person, attribute="has_served", answer="no", by=Actor.person(person), at=LETTERS_AT)
    assert (said.filing, Filing.objects.count()) == ("", 0)
    code = filed(called)
    row = Filing.objects.get(code=code)
    assert (row.call, row.against_lo, row.declaration.lo) == (first_call(), 0, 1)
    assert [(one.event, one.role) for one in row.steps.all()] == [("filed", "person")]
    assert place(LETTERS_AT).holds
    assert state() == "held"


def test_a_word_found_right_counts_like_an_agency_s_and_ends_the_call_at_once(called):
    from musterroll.register import overlay
    from musterroll.register.models import CallEvent, Declaration

    done = grant(called)
    person = first_call().person
    assert done.formal == "granted"
    assert state() == "withdrawn"
    assert CallEvent.objects.order_by("-id").first().because == "deferred"
    assert Declaration.objects.filter(person=person, grade="found", attribute="full_time_student").count() == 1
    assert overlay.now(person, LETTERS_AT, own_word=False).standings["service"].effect == "deferred"


def test_one_officer_is_enough_for_what_protects_and_not_for_what_worsens(called):
    from musterroll.register.acts.decide import decide_filing

    ready = decision(called)
    assert code_of(decide_filing, **{**ready, "approval": None}, by=WORKER) == "approval.missing"
    # approved were other reasons
    assert code_of(decide_filing, **{**ready, "because": ["art. 4 (1)"]}, by=WORKER) == "approval.missing"
    assert state() == "held"
    assert decide_filing(**ready, by=WORKER).formal == "refused"


def test_a_decision_names_paragraphs_of_the_law_and_nothing_else(called):
    from musterroll.register.acts.decide import decide_filing

    ready = decision(called)
    for because in ([], ["he lies"], ["art. 14 (99)"], ["art. 14 (1)", "see above"]):
        assert code_of(decide_filing, **{**ready, "because": because}, by=WORKER) == "filing.reasons"


def test_an_officer_decides_only_for_their_own_case_and_only_what_their_office_may(called):
    from musterroll.register.acts.access import allocate_case
    from musterroll.register.acts.decide import decide_filing
    from musterroll.register.models import Purpose

    appeal_board()
    ready = {**decision(called), "approval": None}
    assert code_of(decide_filing, **{**ready, "event": "granted"}, by=APPEALS) == "access.no-case"
    audit = allocate_case(ref=_ref(), officer=WORKER.name, purpose=Purpose.AUDIT, by=SUPERVISOR, at=LETTERS_AT + 1)
    assert code_of(decide_filing, **{**ready, "case": audit}, by=WORKER) == "access.other-purpose"
    own = deciding(LETTERS_AT, APPEALS)
    problem = _problem(decide_filing, **{**ready, "case": own, "event": "granted"}, by=APPEALS)
    assert (problem.code, "art. 14 (1)" in problem.where) == ("filing.refused", True)
    other = {**ready, "filing": "F-000000000000"}
    assert code_of(decide_filing, **other, by=WORKER) == "filing.unknown"
    assert state() == "held"


def test_a_decision_that_was_made_again_is_the_same_and_another_one_is_refused(called):
    from musterroll.register.acts.decide import decide_filing
    from musterroll.register.models import Step

    ready = decision(called)
    first = decide_filing(**ready, by=WORKER)
    assert decide_filing(**ready, by=WORKER) == first
    assert Step.objects.count() == 2
    again = {**ready, "because": ["art. 14 (2)"], "approval": None}
    assert code_of(decide_filing, **again, by=WORKER) == "filing.refused"


def test_a_board_decides_with_its_quorum_and_its_majority_or_not_at_all(called):
    for votes in (Votes(5, 2, 0, 2), Votes(5, 4, 2, 2), Votes(5, 3, 2, 1), Votes()):
        with pytest.raises(MusterRollError) as problem:
            dismissed_once(called, votes)
        assert problem.value.code == "filing.refused"
        assert "art. 14 (4)" in problem.value.where


def dismissed_once(stage, votes: Votes):
    from django.db import transaction

    with transaction.atomic():
        dismissed(stage, votes=votes)


def test_an_appeal_refused_is_told_waits_its_period_and_only_then_the_call_counts_again(called):
    from musterroll.register.acts.told import confirm_decision
    from musterroll.register.models import CallEvent, Entry, Step

    done = dismissed(called)
    assert (done.formal, done.state) == ("final", "appealed")
    step = Step.objects.get(event="dismissed")
    assert step.votes == {"members": 5, "present": 3, "favour": 2, "against": 1}
    assert step.entry.act == "decision.appeal"
    a_night_later(called, 400)  # nobody told the person
    assert state() == "held"
    person = Actor.person(first_call().person)
    confirm_decision(filing=step.filing.code, step=step.n, by=person, at=LETTERS_AT + 401 * DAY)
    a_night_later(called, 430)
    assert state() == "held"
    a_night_later(called, 446)
    assert state() == "open"
    event = CallEvent.objects.order_by("-id").first()
    assert event.because == "decided"
    assert event.report_on > REPORT_ON
    assert Entry.objects.filter(act="call.resumed").count() == 1


def test_a_refusal_told_and_not_appealed_ends_with_its_limit_and_each_lapse_is_an_entry(called):
    from musterroll.register.acts.told import confirm_decision
    from musterroll.register.models import CallEvent, Entry, FilingEnd, Step
    from musterroll.register.queries.person import my_record

    ready = decided(called)
    confirm_decision(**ready)
    last = place(LETTERS_AT + 3 * DAY).position.limits["appeal"].last_day
    assert last == place(LETTERS_AT).on + 30
    a_night_later(called, 30)
    assert not Step.objects.filter(role="time").exists()
    a_night_later(called, 31)
    lapse = Step.objects.get(role="time")
    assert (lapse.event, lapse.on, lapse.entry.act) == ("lapsed", last + 1, "claim.lapsed")
    assert state() == "held"
    a_night_later(called, 44)
    assert state() == "held"
    a_night_later(called, 45)
    assert state() == "open"
    assert FilingEnd.objects.get().granted is False
    assert Entry.objects.filter(act="claim.closed").count() == 1
    again = CallEvent.objects.order_by("-id").first().report_on
    record = my_record(first_call().person, LETTERS_AT + 45 * DAY)
    assert record.calls[0].report_on == dates.format_day(max(again, REPORT_ON))
    assert record.calls[0].why == "decided"
    assert record.filings[0].over
    # done again nothing is written twice
    a_night_later(called, 46)
    assert Entry.objects.filter(act__in=["claim.lapsed", "claim.closed", "call.resumed"]).count() == 3


def test_whoever_comes_back_late_finds_the_day_of_each_lapse_and_not_the_day_of_the_run(called):
    from musterroll.register.acts.told import confirm_decision
    from musterroll.register.models import Step

    confirm_decision(**decided(called))
    a_night_later(called, 300)
    assert Step.objects.get(role="time").on == place(LETTERS_AT).on + 31


def test_an_appeal_a_day_late_is_refused_with_its_paragraph_and_one_on_the_last_day_holds(called):
    from musterroll.register.acts.appeal import appeal_decision

    ready = appealing(called)
    late = {**ready, "at": LETTERS_AT + 31 * DAY}
    a_night_later(called, 29)
    from django.db import transaction

    with pytest.raises(MusterRollError) as problem, transaction.atomic():
        appeal_decision(**late)
    assert (problem.value.code, "art. 14 (3)" in problem.value.where) == ("filing.refused", True)
    appeal_decision(**{**ready, "at": LETTERS_AT + 30 * DAY})
    a_night_later(called, 400)
    assert state() == "held"
    assert place(LETTERS_AT + 400 * DAY).position.state == "appealed"


def test_an_officer_enters_an_appeal_on_paper_for_a_case_and_takes_nothing_back_for_anybody(called):
    from musterroll.register.acts.appeal import appeal_decision, withdraw_filing

    ready = {**appealing(called), "by": WORKER}
    assert code_of(appeal_decision, **ready) == "access.no-case"
    case = deciding(LETTERS_AT + 2)
    assert code_of(appeal_decision, **{**ready, "event": "withdrawn"}, case=case) == "filing.not-a-step"
    assert code_of(withdraw_filing, filing=ready["filing"], by=WORKER, at=LETTERS_AT) == "permission.refused"
    assert appeal_decision(**ready, case=case) == 3


def test_nobody_does_anything_about_another_person_s_filing(called):
    from musterroll.register.acts.appeal import appeal_decision, withdraw_filing
    from musterroll.register.acts.told import confirm_decision

    ready = decided(called)
    other = {**ready, "by": Actor.person(29)}
    assert code_of(confirm_decision, **other) == "filing.unknown"
    filing = ready["filing"]
    assert code_of(withdraw_filing, filing=filing, by=Actor.person(29), at=LETTERS_AT) == "filing.unknown"
    assert (
        code_of(appeal_decision, filing=filing, event="appealed", by=Actor.person(29), at=LETTERS_AT)
        == "filing.unknown"
    )


def test_whoever_takes_the_word_back_is_called_again_with_time_to_report(called):
    from musterroll.register import overlay
    from musterroll.register.acts.appeal import withdraw_filing
    from musterroll.register.models import CallEvent

    ready = taking_back(called)
    withdraw_filing(**ready)
    assert state() == "open"
    assert CallEvent.objects.order_by("-id").first().report_on >= REPORT_ON
    seen = overlay.now(first_call().person, ready["at"])
    assert seen.standings["service"].callable
    assert not overlay.has_open_word(first_call().person, ready["at"])


def test_a_word_refused_for_good_is_not_heard_again_while_nothing_recorded_has_changed(called):
    from musterroll.register.acts.declare import declare
    from musterroll.register.acts.told import confirm_decision

    confirm_decision(**decided(called))
    person = first_call().person
    said = {"person": person, "attribute": "full_time_student", "answer": "yes", "by": Actor.person(person)}
    assert code_of(declare, **{**said, "answer": "no"}, at=LETTERS_AT + DAY) == "filing.pending"
    a_night_later(called, 60)
    problem = _problem(declare, **said, at=LETTERS_AT + 61 * DAY)
    assert (problem.code, "art. 14 (7)" in problem.where) == ("filing.refused", True)
    assert state() == "open"
    # another fact is another matter
    declare(**{**said, "attribute": "serving"}, at=LETTERS_AT + 61 * DAY)
    assert state() == "held"


def test_a_word_said_before_anybody_is_called_is_decided_too(rolled):
    from musterroll.register import overlay
    from musterroll.register.acts.declare import declare
    from musterroll.register.models import Filing

    declare(person=3, attribute="serving", answer="yes", by=Actor.person(3), at=LETTERS_AT)
    assert Filing.objects.get().call is None
    assert overlay.has_open_word(3, LETTERS_AT)


def test_a_closed_word_leaves_the_roll_with_the_night_and_counts_no_more(called):
    from musterroll.register import log, overlay
    from musterroll.register.acts.told import confirm_decision
    from musterroll.register.night import _closed, _declared

    ready = decided(called)
    person = first_call().person
    log.sequence()
    taken_in = log.head().size
    assert _declared(0, taken_in).select("person", "lo").rows() == [(person, 1)]
    confirm_decision(**ready)
    a_night_later(called, 31)
    a_night_later(called, 45)
    log.sequence()
    size = log.head().size
    assert _closed(taken_in, size).select("person", "delivery", "lo").rows() == [(person, overlay.OWN_WORD, 1)]
    assert _closed(0, size).is_empty()  # where one night sees both, the word never entered
    assert _declared(0, size).is_empty()
    assert overlay.now(person, LETTERS_AT + 46 * DAY).standings["service"].callable


def test_where_a_filing_stood_is_found_again_as_it_was_known_then(called):
    from musterroll.register import home, overlay, proceedings
    from musterroll.register.acts.told import confirm_decision
    from musterroll.register.models import Filing

    ready = decided(called)
    confirm_decision(**{**ready, "at": LETTERS_AT + 5 * DAY})
    a_night_later(called, 60)
    filing = Filing.objects.get(code=ready["filing"])
    held = overlay.now(filing.person, LETTERS_AT, own_word=False).held

    def then(day: int, known: int):
        on, at = home.current().legal_day(LETTERS_AT + day * DAY), LETTERS_AT + known * DAY
        found = proceedings.place_of(filing, held, on, known_at=at)
        return found.position.state, found.position.formal_state, found.holds

    assert then(4, 4) == ("filed", "refused", True)
    assert then(60, 4) == ("filed", "refused", True)  # as known before the receipt nothing had run out
    assert then(60, 60) == ("final", "final", False)
    assert then(4, 60) == ("filed", "refused", True)


def test_a_step_is_found_again_by_what_was_recorded_when_it_was_taken(called, monkeypatch, tmp_path):
    """The law's move turns on a fact; the fact changes afterwards: what was decided stays decided."""
    import shutil
    from pathlib import Path

    from musterroll.fact.attribute import Held, State
    from musterroll.law import pack as law_pack
    from musterroll.register import home, overlay, proceedings, roll
    from musterroll.register.acts.decide import decide_filing
    from musterroll.register.models import Filing, Step

    shutil.copytree(Path("packs/example"), tmp_path / "example")
    page = tmp_path / "example" / "proceedings.md"
    line = "{refused: filed -> refused, by: registry,"
    text = page.read_text("utf-8")
    assert line in text
    page.write_text(text.replace(line, f"{line} if: lives_in_dwelling,"), "utf-8")
    law = law_pack.load(tmp_path / "example")
    monkeypatch.setattr(roll, "law_under", lambda _: law)

    ready = decision(called)
    decide_filing(**ready, by=WORKER)
    filing = Filing.objects.get(code=ready["filing"])
    assert [one.held for one in Step.objects.order_by("n")] == [{"lives_in_dwelling": [1, 1, None]}] * 2
    held = dict(overlay.now(filing.person, LETTERS_AT, own_word=False).held)
    on = home.current().legal_day(LETTERS_AT) + 10
    moved = held | {"lives_in_dwelling": Held(0, 0, State.SINGLE)}
    for now in (held, moved, {}):
        assert proceedings.place_of(filing, now, on).position.formal_state == "refused"


def test_what_was_recorded_of_time_is_what_the_stage_finds(called):
    from musterroll.register.acts.told import confirm_decision
    from musterroll.register.models import Step

    confirm_decision(**decided(called))
    a_night_later(called, 60)
    recorded = list(Step.objects.filter(role="time").order_by("n").values_list("event", "on"))
    assert recorded == place(LETTERS_AT + 60 * DAY).lapses


def test_a_standing_after_a_closed_word_replays(called):
    from musterroll.register import replay
    from musterroll.register.acts.told import confirm_decision

    confirm_decision(**decided(called))
    a_night_later(called, 60)
    found = replay.replayed(first_call().person, (LETTERS_AT + 61 * DAY) * 1_000_000)
    assert found
    assert all(one.equal for one in found)


def test_nobody_is_erased_while_a_filing_is_open_and_afterwards_nothing_of_it_is_left(called):
    from tests.register.test_erasure import erasing, numbered

    from musterroll.register.acts.access import close_case
    from musterroll.register.acts.erase import erase_person
    from musterroll.register.acts.told import confirm_decision
    from musterroll.register.models import Case, Filing, FilingEnd, Step, Told

    grant(called)
    person = first_call().person
    filing = Filing.objects.get()
    close_case(case=Case.objects.get(person=person).code, by=WORKER, at=LETTERS_AT)
    ready = erasing(person, "a court's order", "a" * 64)
    assert code_of(erase_person, **ready) == "erase.open"
    confirm_decision(filing=filing.code, step=2, by=Actor.person(person), at=LETTERS_AT)
    assert FilingEnd.objects.get().granted
    erase_person(**ready)
    assert numbered(person) == {"Erasure": 1}
    assert [model.objects.count() for model in (Filing, Step, Told, FilingEnd)] == [0, 0, 0, 0]


def test_the_worklist_gives_a_filing_to_the_office_whose_turn_it_is_and_to_nobody_twice(called):
    from musterroll.register import roll, worklist
    from musterroll.register.acts.work import take_work
    from musterroll.register.models import Case, Purpose

    filed(called)
    appeal_board()
    snapshot = replace(roll.current().snapshot, known_at=(LETTERS_AT + 60) * 1_000_000)
    assert worklist.write(snapshot, roll.current().pack)["claim"] == 1
    assert [one.kind for one in worklist.waiting("claim")] == ["claim"]
    assert code_of(take_work, kind="claim", by=APPEALS, at=LETTERS_AT) == "work.none"
    assert code_of(take_work, by=WORKER, at=LETTERS_AT) == "work.none"  # asked for by its kind only
    case = Case.objects.get(code=take_work(kind="claim", by=WORKER, at=LETTERS_AT))
    assert (case.person, case.purpose) == (first_call().person, Purpose.DECIDE_CLAIM)
    assert code_of(take_work, kind="claim", by=WORKER, at=LETTERS_AT) == "work.none"


def test_a_page_says_where_it_stands_what_may_happen_and_until_when(called):
    from musterroll.register.acts.told import confirm_decision
    from musterroll.register.queries.person import my_record

    ready = decided(called)
    person = first_call().person
    (filing,) = my_record(person, LETTERS_AT).filings
    assert (filing.formal, filing.state, filing.counts_from) == ("refused", "filed", "")
    assert [one.number for one in filing.untold] == [2]
    assert filing.steps[1].because == ("art. 9 (1)",)
    assert filing.steps[1].who == "Registry"
    confirm_decision(**ready)
    (filing,) = my_record(person, LETTERS_AT).filings
    last = dates.format_day(place(LETTERS_AT).on + 30)
    assert [(one.name, one.last_day, one.article) for one in filing.limits] == [("appeal", last, "art. 14 (3)")]
    assert [(one.event, one.until, one.own) for one in filing.may if one.own] == [("appealed", last, True)]
    assert (filing.may_take_back, filing.holds, filing.untold) == (True, True, ())
    assert filing.formal_words == "What you said was refused."


def test_a_pack_without_a_proceeding_for_words_has_nobody_decide(called, monkeypatch):
    from musterroll.register import proceedings
    from musterroll.register.models import Filing

    monkeypatch.setattr(proceedings, "decides", lambda _: False)
    from musterroll.register.acts.declare import declare

    person = first_call().person
    said = declare(person=person, attribute="serving", answer="yes", by=Actor.person(person), at=LETTERS_AT)
    assert (said.held, said.filing, Filing.objects.count()) == ((DRAW,), "", 0)


def test_time_is_applied_by_the_program_or_a_keeper_and_names_a_filing(called):
    from musterroll.register.acts.lapse import apply_time

    assert code_of(apply_time, filing="F-000000000000", by=PROGRAM, at=LETTERS_AT) == "filing.unknown"
    assert code_of(apply_time, filing=filed(called), by=OTHER_SUPERVISOR, at=LETTERS_AT) == "permission.refused"


def _problem(action, **kwargs) -> MusterRollError:
    from django.db import transaction

    with pytest.raises(MusterRollError) as problem, transaction.atomic():
        action(**kwargs)
    return problem.value


def _ref() -> str:
    from musterroll.register.acts.writing import ref_of

    return str(ref_of(first_call().person))
