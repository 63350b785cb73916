"""S3 and S1 at the order of call: who is reached is decided on that day, nobody chooses between two orders."""

import dataclasses

import pytest
from tests.register.attempts import approved, first_call, result, second_night
from tests.registerhome import (
    DRAW,
    DRAWER,
    LETTERS_AT,
    PROGRAM,
    REPORT_ON,
    RESULT_AT,
    manifest_of,
)

from musterroll import canonical, dates
from musterroll.draw import transcript
from musterroll.errors import MusterRollError

YEARS = 366 * 86_400


def code_of(action, *args, **kwargs) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


def order(stage, at: int = RESULT_AT, report_on: int = REPORT_ON, agreed_on: int | None = None) -> int:
    from musterroll.register.acts.call import approval_digest, order_call
    from musterroll.register.models import DrawResult

    digest = approval_digest(DrawResult.objects.get().order_sha256, agreed_on or report_on)
    approval = approved("order_call", DRAW, digest, DRAWER, at)
    return order_call(draw=DRAW, report_on=report_on, approval=approval, by=DRAWER, at=at)


def drawn(stage) -> None:
    from musterroll.register.acts.draw import publish_result
    from musterroll.register.acts.fairness import publish_fairness

    publish_result(**result(stage), by=DRAWER)
    publish_fairness(draw=DRAW, by=DRAWER, at=RESULT_AT)


def grounds() -> set[str | None]:
    from musterroll.register.models import Order

    return {row[3] for row in canonical.decode(bytes(Order.objects.get().dispositions))["dispositions"]}


def test_nobody_is_called_on_a_roll_so_old_that_its_facts_are_no_longer_believed(rolled):
    """Everybody was liable when the night ran. A year later no source is fresh: nothing is established any more."""
    from musterroll.register.models import Call

    drawn(rolled)
    order(rolled, at=RESULT_AT + YEARS, report_on=REPORT_ON + 400)
    assert Call.objects.count() == 0
    assert grounds() == {"not established"}


def test_whoever_has_passed_the_age_since_the_night_is_not_called(rolled):
    from musterroll.register.models import Call

    drawn(rolled)
    order(rolled, at=RESULT_AT + 6 * YEARS, report_on=REPORT_ON + 2_400)
    assert Call.objects.count() == 0
    assert grounds() <= {"not liable", "not established"}


def test_what_became_known_after_the_draw_counts_when_calling(rolled):
    from musterroll.register.acts.snapshot import commit_snapshot
    from musterroll.register.models import Call

    drawn(rolled)
    serving = {person: {"serving": 1} for person in range(20)}
    commit_snapshot(**second_night(rolled, serving), by=PROGRAM)
    order(rolled, at=LETTERS_AT)
    assert {call.person for call in Call.objects.all()} == {20, 21, 22, 23, 24}
    assert "exempt" in grounds()


def test_a_worsening_that_does_not_count_yet_calls_nobody(rolled, monkeypatch):
    from musterroll.register import overlay
    from musterroll.register.models import Call

    drawn(rolled)
    # The night says from when on a worsening counts (tests of engine.standings); here it is the fifth of May for all.
    monkeypatch.setattr(overlay, "waits_until", lambda *_: dates.parse_day("2021-05-05"))
    order(rolled)
    assert Call.objects.count() == 0
    assert "a worsening that does not count yet" in grounds()


def test_people_have_the_time_that_the_law_gives_them(rolled):
    drawn(rolled)
    soonest = dates.parse_day("2021-05-14")  # 45 days after 2021-03-30, art. 13 (1)
    assert code_of(order, rolled, report_on=soonest - 1) == "order.too-soon"
    assert order(rolled, report_on=soonest)


def test_the_day_to_report_on_is_part_of_what_two_people_approve(rolled):
    drawn(rolled)
    assert code_of(order, rolled, report_on=REPORT_ON + 1, agreed_on=REPORT_ON) == "approval.missing"


def test_a_person_whose_call_was_withdrawn_is_passed_over_on_that_ground(called):
    from tests.register.attempts import ended

    from musterroll.register.acts.call import approval_digest, order_call, withdraw_call
    from musterroll.register.models import DrawResult, Order

    first = first_call()
    withdraw_call(**ended(called), by=PROGRAM)
    digest = approval_digest(DrawResult.objects.get().order_sha256, REPORT_ON)
    approval = approved("order_call", f"{DRAW}/2", digest, DRAWER, LETTERS_AT)
    order_call(draw=DRAW, report_on=REPORT_ON, approval=approval, by=DRAWER, at=LETTERS_AT, number=2)
    rows = canonical.decode(bytes(Order.objects.get(number=2).dispositions))["dispositions"]
    assert {row[1]: row[3] for row in rows}[first.place] == "an earlier call of this draw was withdrawn"


def again(stage, at: int, **changes):
    from musterroll.register.acts.draw import commit_draw

    terms = dataclasses.replace(transcript.decode(manifest_of(changes.get("draw", DRAW))), **changes)
    data = terms.encode()
    approval = approved("commit_draw", terms.draw, canonical.sha256_hex(data), DRAWER, at)
    return commit_draw(manifest=data, approval=approval, by=DRAWER, at=at)


def test_no_second_draw_beside_one_whose_order_nobody_has_been_called_by(rolled):
    later = transcript.Drand.quicknet(32398885 + 10_000_000)
    more = {"draw": "another-draw", "randomness": (later,), "audit": transcript.Audit(later.round + 1, (1,))}
    drawn(rolled)
    assert code_of(again, rolled, RESULT_AT, **more) == "draw.again"
