"""When the acts of a draw may not be done: too early, without what they rest on, or with something else in hand."""

import pytest
from tests.register.attempts import (
    AUDITOR_KEY,
    LATE_SIGNATURE,
    LATER,
    any_beacon,
    approved,
    drawn_table,
    handing,
    manifest,
    picking,
    sparing,
)
from tests.registerhome import (
    CEREMONY_AT,
    DRAW,
    DRAWER,
    FREEZE_AT,
    LETTERS_AT,
    PROGRAM,
    RESULT_AT,
    SIGNATURE,
    SUPERVISOR,
    SYMBOLS,
    TABLE,
)

from musterroll.errors import MusterRollError


def code_of(action, *args, **kwargs) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


def test_fairness_figures_follow_a_result(rolled):
    from musterroll.register.acts.draw import commit_draw
    from musterroll.register.acts.fairness import publish_fairness

    commit_draw(**manifest(rolled), by=DRAWER)
    assert code_of(publish_fairness, draw=DRAW, by=DRAWER, at=RESULT_AT) == "draw.no-result"


def test_those_who_were_spared_are_committed_to_once_people_are_called(rolled):
    from musterroll.register.acts.audit import commit_spared
    from musterroll.register.acts.draw import commit_draw

    commit_draw(**manifest(rolled), by=DRAWER)
    assert code_of(commit_spared, **sparing(rolled), by=DRAWER) == "spared.early"


def test_a_list_of_the_spared_that_stands_is_not_made_again_with_another_round(called):
    from musterroll.register.acts.audit import commit_spared

    commit_spared(**sparing(called), by=DRAWER)
    assert code_of(commit_spared, **{**sparing(called), "round_number": LATER + 1}, by=DRAWER) == "act.other-values"


def test_only_the_beacon_s_own_round_picks(called):
    from musterroll.register.acts.audit import pick_spared

    assert code_of(pick_spared, draw=DRAW, signature=SIGNATURE, by=DRAWER, at=LETTERS_AT) == "spared.none"
    ready = picking(called)
    for signature in (SIGNATURE, bytes(48)):
        assert code_of(pick_spared, **{**ready, "signature": signature}, by=DRAWER).startswith("beacon.")


def test_nothing_is_opened_before_chance_has_picked(called):
    from musterroll.register.acts import audit

    key = AUDITOR_KEY.public_key().public_bytes_raw().hex()
    assert code_of(audit.opening_digest, DRAW, "Audit Court", key) == "spared.none"
    audit.commit_spared(**sparing(called), by=DRAWER)
    assert code_of(audit.opening_digest, DRAW, "Audit Court", key) == "audit.not-picked"


def test_what_two_people_approved_is_opened_to_that_auditor_and_to_that_key_alone(called):
    from musterroll.register.acts.audit import open_to_auditor

    ready = handing(called)
    assert code_of(open_to_auditor, **{**ready, "auditor": "Somebody Else"}, by=DRAWER) == "approval.missing"
    assert code_of(open_to_auditor, **{**ready, "key": "ab" * 32}, by=DRAWER) == "approval.missing"
    other = approved("open_to_auditor", DRAW, "e" * 64, DRAWER, ready["at"])
    assert code_of(open_to_auditor, **{**ready, "approval": other}, by=DRAWER) == "approval.missing"
    open_to_auditor(**ready, by=DRAWER)


def test_a_key_that_is_none_seals_nothing(called):
    from musterroll.register.acts import audit

    ready = handing(called)
    digest = audit.opening_digest(DRAW, "Audit Court", "no key")
    approval = approved("open_to_auditor", DRAW, digest, DRAWER, ready["at"])
    wrong = {**ready, "key": "no key", "approval": approval}
    assert code_of(audit.open_to_auditor, **wrong, by=DRAWER) == "audit.key"


def test_an_audit_follows_an_opening(called):
    from musterroll.register.acts.audit import record_audit

    assert code_of(record_audit, draw=DRAW, wrong=0, by=SUPERVISOR, at=LETTERS_AT) == "audit.not-opened"


def test_a_draw_without_drums_takes_no_table(rolled):
    from musterroll.register.acts.draw import commit_draw, record_table

    commit_draw(**manifest(rolled), by=DRAWER)
    table = {"draw": DRAW, "table": TABLE.encode(), "by": DRAWER, "at": RESULT_AT}
    assert code_of(record_table, **table) == "draw.table-not-named"


def test_the_drums_are_drawn_after_the_round_because_the_seed_says_how_they_are_loaded(rolled):
    from musterroll.register.acts.draw import record_table

    ready = drawn_table(rolled)
    assert code_of(record_table, **{**ready, "at": FREEZE_AT + 60}, by=DRAWER) == "draw.early"
    blank = TABLE.encode().replace(b"01-01,1\n", b"01-01,\n")
    assert code_of(record_table, **{**ready, "table": blank}, by=DRAWER) == "table.cells"
    assert code_of(record_table, **{**ready, "table": b"date,number\n"}, by=DRAWER).startswith("table.")
    record_table(**ready, by=DRAWER)
    other = TABLE.encode().replace(b"01-01,1\n", b"01-01,2\n")
    assert code_of(record_table, **{**ready, "table": other}, by=DRAWER) == "act.other-values"


def test_a_draw_by_table_has_its_order_once_the_drums_have_spoken(rolled):
    """The drums decide between dates of birth; people of one date follow by the seed."""
    from musterroll.draw import table as tables
    from musterroll.register import draws, log, places
    from musterroll.register.acts.draw import hold_ceremony, publish_result, record_table
    from musterroll.register.models import DrawResult, Entrant

    ready = drawn_table(rolled)
    hold_ceremony(draw=DRAW, symbols=SYMBOLS, minutes=b"m", by=DRAWER, at=CEREMONY_AT)
    result = {"draw": DRAW, "signature": SIGNATURE, "by": DRAWER, "at": RESULT_AT}
    assert code_of(publish_result, **result) == "draw.no-table"
    record_table(**ready, by=DRAWER)
    publish_result(**result)
    days = {bytes(one.commitment): one.day for one in Entrant.objects.all()}
    ranked = places.order_of(DrawResult.objects.get()).strata[0]
    numbers = [tables.decode(TABLE.encode(), 366).number(days[commitment]) for commitment in ranked]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 25  # two men share a birthday: the seed says who of them comes first
    rolled.clock.at = RESULT_AT
    log.publish(by=PROGRAM, at=RESULT_AT)
    folder = draws.publish(DRAW)
    assert {"table.csv", "loading.json", "table.tlog-proof", "order.bin"} <= {path.name for path in folder.iterdir()}


def test_a_result_of_a_later_list_needs_that_list(called):
    from musterroll.register.acts.draw import hold_ceremony, publish_result

    part = {"draw": DRAW, "part": "supplement-01", "by": DRAWER, "at": LETTERS_AT}
    assert code_of(hold_ceremony, **part, symbols=SYMBOLS, minutes=b"m") == "draw.unknown"
    assert code_of(any_beacon(publish_result), **part, signature=LATE_SIGNATURE) == "draw.unknown"
    assert code_of(publish_result, **{**part, "part": "draw-00"}, signature=LATE_SIGNATURE) == "draw.unknown"
