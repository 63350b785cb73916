"""Chapter: a move outside the table does not happen, and says by which paragraph (docs/flow/proceeding.md, rule 1)."""

import pytest
from tests.proceedingtext import CALLED, CARRIED, CLAIM, DENIED, FILED, LAW, ORDER, changed, events_of, law, ran, told

from musterroll.claim.course import run
from musterroll.claim.next_step import may
from musterroll.claim.position import position, stand
from musterroll.dates import parse_day


def test_a_claim_goes_its_way_from_filing_to_the_end() -> None:
    steps = (CALLED, FILED, DENIED, "2021-04-04 appealed by person", f"2021-05-03 granted by board: {{{CARRIED}}}")
    assert not told(
        LAW,
        steps,
        "2021-03-01: none, order issued because art. 1 (1), may filed by person",
        "2021-03-10: filed because art. 1 (2), may granted by office, may not granted by person because art. 1 (2)",
        "2021-04-03: denied, may appealed by person because art. 1 (3), last day of appeal 2021-04-04",
        "2021-04-04: appealed, may dismissed by board, may not dismissed by office, may not lapsed",
        "2021-05-03: granted, order cancelled because art. 1 (2), not held order",
    )


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ("2021-03-12 appealed by person", "art. 1 (3)"),  # nothing has been denied
        ("2021-03-12 denied by board", "art. 1 (2)"),  # the office denies
        ("2021-03-12 granted by person", "art. 1 (2)"),
    ],
)
def test_a_refused_event_changes_nothing_and_stays_visible(event: str, why: str) -> None:
    before = ran(LAW, "2021-03-12", CALLED, FILED)
    after = ran(LAW, "2021-03-12", CALLED, FILED, event)
    assert after.instances == before.instances
    (refused,) = after.refused
    assert refused.cites == (why,)
    assert refused.what.endswith(".")
    name = event.split()[1]
    assert not told(LAW, (CALLED, FILED, event), f"2021-03-12: filed, refused {name} because {why}")
    assert "it happened" in told(LAW, (CALLED, FILED), f"2021-03-10: refused {name}")


def test_an_office_needs_its_condition_known_to_hold() -> None:
    wrong = (CALLED.replace("2021-06-01", "2021-03-10"), CALLED.replace("2021-06-01", "unknown"))
    for event in (*wrong, CALLED.replace("2021-06-01", "2021-03-05 .. 2021-03-20")):
        assert not told(LAW, (event,), "2021-03-01: not order issued, refused order issued because art. 1 (1)")
    assert not told(LAW, (CALLED.replace("2021-06-01", "2021-03-11"),), "2021-03-01: order issued")


def test_a_persons_own_move_needs_it_not_known_to_fail() -> None:
    pack = changed(("by: person, tells: ground, not after: filing", "by: person, tells: ground, if: serving"))
    for given, state in (("serving: unknown", "filed"), ("serving: yes", "filed"), ("serving: no", "none")):
        assert not told(pack, (CALLED, FILED), f"2021-03-10: {state}", given=given)
    assert not told(pack, (CALLED, FILED), "2021-03-10: refused filed because art. 1 (2)", given="serving: no")


def test_several_conditions_each_have_their_own_paragraph() -> None:
    lines = 'when: [{(1): serving}, {any: [{(3): "months_served in [6, 12)"}, {(2): ground == study}]}]'
    pack = changed(("not after: filing}", f"{lines}}}"))
    says = "2021-03-10: refused filed because art. 1 (1)"
    assert not told(pack, (CALLED, FILED), says, given="serving: no, months_served: 7")
    says = "2021-03-10: refused filed because art. 1 (3)"
    assert not told(pack, (CALLED, FILED), says, given="serving: yes, months_served: 13")
    assert not told(pack, (CALLED, FILED), "2021-03-10: filed", given="serving: yes, months_served: 7")
    late = told(pack, (CALLED, FILED), says, given="serving: no, months_served: 7")
    assert late == "art. 1 (3) is no reason for `refused filed`"
    both = changed(("not after: filing}", "if: serving, when: [{(3): months_served >= 6}]}"))
    assert not told(both, (CALLED, FILED), "2021-03-10: none", given="serving: yes, months_served: 1")
    assert not told(both, (CALLED, FILED), "2021-03-10: none", given="serving: no, months_served: 7")


def test_an_event_may_stand_on_several_lines() -> None:
    more = "  - (3): {granted: denied -> granted, by: board, ends: order cancelled}\nlimits:"
    pack = changed(("limits:", more))
    assert not told(pack, (CALLED, FILED, DENIED, f"2021-03-25 granted by board: {{{CARRIED}}}"), "2021-03-25: granted")
    events = (CALLED, FILED, DENIED, "2021-03-25 granted by office")
    reasons = "refused granted because art. 1 (2), may not granted by office because art. 1 (3)"
    assert not told(pack, events, f"2021-03-25: denied, {reasons}")
    assert may(ran(pack, "2021-03-25", *events[:3]), "claim", "granted", "board").may
    (nearest,) = ran(pack, "2021-03-12", CALLED, FILED, "2021-03-12 granted by person").refused
    assert (nearest.code, nearest.cites) == ("role", ("art. 1 (2)", "art. 1 (3)"))


def test_the_day_something_counts_as_made() -> None:
    pack = changed(("by: person, not after: appeal", "by: person, not after: appeal, counts as: postmark or received"))
    posted = "2021-04-09 appealed by person: {postmark: 2021-04-04}"
    assert not told(pack, (CALLED, FILED, DENIED, posted), "2021-04-08: final", "2021-04-09: appealed")
    received = "2021-04-09 appealed by person: {received: 2021-04-05}"
    assert not told(pack, (CALLED, FILED, DENIED, received), "2021-04-09: final, refused appealed because art. 1 (3)")
    assert not told(LAW, (CALLED, FILED, DENIED, posted), "2021-04-09: final")
    pack = changed(("by: person, not after: appeal", "by: person, not after: appeal, counts as: posted"))
    assert not told(pack, (CALLED, FILED, DENIED, posted.replace("postmark", "posted")), "2021-04-09: appealed")


def test_a_waiver_lets_a_late_one_in() -> None:
    said = ("appealed: denied -> appealed, by: person, not after: appeal",
            "appealed: denied or final -> appealed, by: person, not after: appeal, waiver: board")  # fmt: skip
    pack = changed(said)
    late = "2021-04-20 appealed by person: {waived by: WHO}"
    assert not told(pack, (CALLED, FILED, DENIED, late.replace("WHO", "board")), "2021-04-20: appealed")
    assert not told(pack, (CALLED, FILED, DENIED, late.replace("WHO", "office")), "2021-04-20: final, refused appealed")
    assert not told(LAW, (CALLED, FILED, DENIED, late.replace("WHO", "board")), "2021-04-20: refused appealed")


def test_notice_goes_before_and_has_reached_the_person() -> None:
    heard = (
        "  - (3): {summoned: filed -> same, by: office}\n  - (3): {heard: filed -> denied, by: office, NOTICE}\nlimits:"
    )
    for notice in ("needs 10 days notice from summoned", "needs: 10 days notice from summoned"):
        pack = changed(("limits:", heard.replace("NOTICE", notice)))
        summons = "2021-03-12 summoned by office: {told: 2021-03-15}"
        for on, expect in (("2021-03-21", "filed, refused heard because art. 1 (3)"), ("2021-03-22", "denied")):
            assert not told(pack, (CALLED, FILED, summons, f"{on} heard by office"), f"{on}: {expect}")
        untold = summons.replace(": {told: 2021-03-15}", "")
        assert not told(pack, (CALLED, FILED, untold, "2021-03-30 heard by office"), "2021-03-30: filed, refused heard")
        assert not told(pack, (CALLED, FILED, "2021-03-30 heard by office"), "2021-03-30: refused heard")


def test_not_before_a_wait_or_a_day() -> None:
    wait = changed(
        ("not after: filing", "not before: ready and order_issued"),
        ("waits:", "waits:\n  - (1): {ready: 5 working days town from order_issued, counts: day after}"),
    )
    assert not told(wait, (CALLED, FILED.replace("-10", "-07")), "2021-03-07: none, refused filed because art. 1 (1)")
    assert not told(wait, (CALLED, FILED.replace("-10", "-08")), "2021-03-08: filed, first day of ready 2021-03-08")
    born = changed(("not after: filing", "not before: granted_on"))
    assert not told(born, (CALLED, FILED), "2021-03-10: none", given="granted_on: never")
    assert not told(born, (CALLED, FILED), "2021-03-10: filed", given="granted_on: unknown")
    assert not told(born, (CALLED, FILED), "2021-03-10: filed", given="granted_on: 2021-03-09 .. 2021-03-12")
    office = changed(
        ("denied: filed -> denied, by: office", "denied: filed -> denied, by: office, not before: granted_on")
    )
    for given, state in (("unknown", "filed"), ("2021-03-19 .. 2021-03-21", "filed"), ("2021-03-20", "denied")):
        events = (CALLED, FILED, DENIED)
        assert not told(office, events, f"2021-03-22: {state}", given=f"granted_on: {given}")


def test_an_office_is_in_time_only_if_that_is_known() -> None:
    pack = changed(("denied: filed -> denied, by: office", "denied: filed -> denied, by: office, not after: soon"),
                   ("limits:", "limits:\n  - (2): {soon: until granted_on}"))  # fmt: skip
    for given, state in (
        ("2021-03-20", "denied"),
        ("2021-03-19", "filed"),
        ("2021-03-19 .. 2021-03-21", "filed"),
        ("unknown", "filed"),
        ("never", "denied"),
    ):
        assert not told(pack, (CALLED, FILED, DENIED), f"2021-03-22: {state}", given=f"granted_on: {given}")


def test_one_that_belongs_to_another_begins_while_that_is_open() -> None:
    assert not told(LAW, (FILED,), "2021-03-10: none, refused filed because art. 1 (2), may not filed by person")
    ended = (CALLED, "2021-03-05 order cancelled by office", FILED)
    assert not told(LAW, ended, "2021-03-10: none, refused filed because art. 1 (2)")
    late = changed(("not after: filing}", "outer ended: yes}"))
    assert not told(late, ended, "2021-03-10: filed")
    alone = law(ORDER + CLAIM.replace("within: order\n", ""))
    assert not told(alone, (FILED,), "2021-03-10: filed, held order")


def test_an_open_claim_outlives_the_order_and_holds_the_next_one() -> None:
    events = (CALLED, FILED, "2021-03-12 order cancelled by office", CALLED.replace("2021-03-01", "2021-03-13"))
    assert not told(LAW, events, "2021-03-13: filed, order issued, order#1 cancelled, held order, may filed by person")
    assert not told(LAW, (*events, DENIED), "2021-04-14: held order, claim#1 final", "2021-04-15: not held order")
    assert not told(LAW, (*events, DENIED, FILED.replace("03-10", "05-01")), "2021-05-01: filed, claim#1 final")


def test_one_of_a_name_is_open_at_a_time_unless_the_law_has_many() -> None:
    twice = (CALLED, FILED, FILED.replace("-10", "-11"))
    assert not told(LAW, twice, "2021-03-11: filed, refused filed")
    second = FILED.replace("-10 filed", "-11 claim#2 filed")
    assert not told(LAW, (CALLED, FILED, second), "2021-03-11: claim#2 none, refused filed")
    many = changed(("within: order\n", "within: order\nmany: yes\n"))
    assert not told(many, (CALLED, FILED, second), "2021-03-11: claim#1 filed, claim#2 filed")
    denied = DENIED.replace("denied", "claim#1 denied")
    both = (CALLED, FILED, second, denied)
    assert not told(many, both, "2021-03-22: claim#1 denied, claim#2 filed, held order, may filed by person")
    unnumbered = told(many, (*both, "2021-03-23 granted by office"), "2021-03-23: claim#1 denied, claim#2 granted")
    assert not unnumbered
    assert not told(many, (CALLED, FILED, FILED.replace("-10", "-11")), "2021-03-11: claim#2 filed")
    assert "claim#3" not in told(many, both, "2021-03-23: claim#2 filed, may not denied by person")


def test_the_reason_that_came_nearest_is_told_first() -> None:
    matter = ran(LAW, "2021-03-05", CALLED)
    step = may(matter, "claim", "granted", "office")
    assert (step.may, step.code) == (False, "state")
    assert may(matter, "order", "reported", "person").code == "early"
    assert may(matter, "order", "reported", "office").code == "role"


def test_next_steps_say_who_may_do_what_until_when() -> None:
    held, events = events_of(LAW, CALLED, FILED, DENIED)
    here = stand(LAW, "claim", held, events, parse_day("2021-03-22"))
    said = {(step.event, step.by): step for step in here.next_steps}
    assert said["appealed", "person"].may
    assert said["appealed", "person"].until == parse_day("2021-04-04")
    assert said["lapsed", "time"].until == parse_day("2021-04-05")
    untold = stand(LAW, "claim", *events_of(LAW, CALLED, FILED, "2021-03-20 denied by office"), parse_day("2021-05-01"))
    said = {(step.event, step.by): step for step in untold.next_steps}
    assert said["told denied", "office"].may
    assert (said["lapsed", "time"].may, said["lapsed", "time"].code) == (False, "told")
    assert said["appealed", "person"].until is None
    ended = position(run(LAW, held, events, parse_day("2021-06-01")), "claim")
    assert [step.event for step in ended.next_steps if step.may] == []
    assert [step.code for step in ended.next_steps] == ["late"]


def test_what_will_come_with_an_event_is_left_open_when_it_is_asked_what_may_be_done() -> None:
    assert not told(LAW, (), "2021-03-01: may order issued by office, none")
    pack = changed(("by: office or board, ends", "by: office or board, if: granted_unanimous, ends"))
    again = "moves:\n  - (1): {moved: issued -> same, by: office, tells: report_on, if: report_on >= on + days(10)}"
    movable = changed(("moves:\n  - (1): {issued", f"{again}\n  - (1): {{issued"))
    assert not told(movable, (CALLED,), "2021-06-01: may order moved by office")
    split = f"2021-03-12 granted by board: {{{CARRIED}}}"
    assert not told(
        pack, (CALLED, FILED, split), "2021-03-12: filed, refused granted because art. 1 (2), may granted by board"
    )
    whole = split.replace("for: 2, against: 1", "for: 3, against: 0")
    assert not told(pack, (CALLED, FILED, whole), "2021-03-12: granted")
    unknown = changed(("by: office or board, ends", "by: office or board, if: serving, ends"))
    assert not told(unknown, (CALLED, FILED), "2021-03-12: may not granted by office because art. 1 (2)")
    by_time = changed(("by: time, after: appeal", "by: time, after: appeal, if: serving"))
    steps = stand(by_time, "claim", *events_of(by_time, CALLED, FILED, DENIED), parse_day("2021-05-01")).next_steps
    assert [(one.may, one.code) for one in steps if one.by == "time"] == [(False, "time")]


def test_a_condition_is_read_with_the_numbers_of_the_day() -> None:
    pack = changed(("on + days(10)", "on + days(long)"))
    for year, days, happens in (
        ("2021", "21", True),
        ("2021", "20", False),
        ("2022", "25", False),
        ("2022", "26", True),
    ):
        event = f"{year}-03-01 order issued by office: {{report_on: {year}-03-{days}}}"
        state = "issued" if happens else "none"
        assert not told(pack, (event,), f"{year}-03-01: order {state}")
