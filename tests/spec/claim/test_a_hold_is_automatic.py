"""Chapter: an open claim holds what it concerns; nobody orders that and nobody lifts it (charter S5, rule 5)."""

from tests.lawtext import day
from tests.proceedingtext import CALLED, CLAIM, DENIED, FILED, LAW, ORDER, changed, law, ran, told

from musterroll.claim.holding import holdings
from musterroll.claim.position import position

REPORTED = "{} order reported by person"


def test_nothing_binding_happens_while_it_is_held() -> None:
    called = CALLED.replace("2021-06-01", "2021-03-15")
    held = (called, FILED, REPORTED.format("2021-03-15"))
    assert not told(
        LAW, held, "2021-03-15: order issued, held order because art. 1 (2), refused order reported because art. 1 (2)"
    )
    assert not told(LAW, (called, REPORTED.format("2021-03-15")), "2021-03-15: order served, not held order")
    for tried in ("granted by person", "order reported by office", "order cancelled by person", "denied by board"):
        assert not told(LAW, (called, FILED, f"2021-03-14 {tried}"), "2021-03-15: held order")


def test_a_hold_goes_on_until_the_wait_after_it_is_over() -> None:
    events = (CALLED, FILED, DENIED)
    assert not told(
        LAW, events, "2021-04-14: final, held order, first day of again 2021-04-15", "2021-04-15: not held order"
    )
    (one,) = holdings(ran(LAW, "2021-04-10", *events), "order", day("2021-04-10"))
    assert (one.proceeding, one.state, one.first_free) == ("claim", "final", day("2021-04-15"))
    assert position(ran(LAW, "2021-04-10", *events), "order").held_by == (one,)
    assert position(ran(LAW, "2021-04-10", *events), "claim").holds == (one,)


def test_a_hold_without_a_wait_ends_with_its_states() -> None:
    pack = changed((", then: again", ""), ("waits:\n  - (3): {again: 10 days from final, counts: day after}\n", ""))
    assert not told(pack, (CALLED, FILED, DENIED), "2021-04-04: held order", "2021-04-05: final, not held order")


def test_a_wait_that_nothing_began_holds_nobody_and_one_of_an_unknown_day_does() -> None:
    granted = (CALLED, FILED, "2021-03-12 granted by office")
    assert not told(LAW, granted, "2021-03-12: granted, not held order")
    pack = changed(("again: 10 days from final", "again: 10 days from granted_on"))
    assert not told(pack, (CALLED, FILED, DENIED), "2028-01-01: final, held order", given="granted_on: unknown")
    assert not told(pack, (CALLED, FILED, DENIED), "2021-05-01: not held order", given="granted_on: 2021-04-01")


def test_one_beside_it_is_held_too_and_one_that_has_not_begun() -> None:
    alone = law(
        CLAIM.replace("within: order\n", "").replace("not after: filing}", "if: order_state != served}") + ORDER
    )
    assert not told(alone, (FILED,), "2021-03-10: filed, held order", "2021-03-09: not held order")
    assert position(ran(alone, "2021-03-10", FILED), "order").held_by[0].cite == "art. 1 (2)"
    binds = law(
        ORDER.replace("tells: report_on, if", "binds: yes, tells: report_on, if") + CLAIM.replace("within: order\n", "")
    )
    late = CALLED.replace("2021-03-01", "2021-03-11")
    assert not told(binds, (FILED, late), "2021-03-11: order none, refused order issued because art. 1 (2)")


def due_law_text() -> str:
    """An order that binds by time, on the day after the day to report."""
    binds = "moves:\n  - (1): {fallen_due: issued -> served, by: time, after: day, binds: yes}\n"
    limit = "binds: yes}\nlimits:\n  - (1): {day: until report_on}\n```"
    return ORDER.replace("binds: yes}\n```", limit).replace("moves:\n", binds)


def test_time_binds_nobody_while_it_is_held() -> None:
    called = CALLED.replace("2021-06-01", "2021-03-15")
    pack = law(due_law_text() + CLAIM)
    assert not told(pack, (called,), "2021-03-15: order issued", "2021-03-16: order served")
    assert not told(pack, (called, FILED), "2029-01-01: order issued, held order")
    decided = (called, FILED, DENIED)  # final on the fifth of April, and ten days more
    assert not told(pack, decided, "2021-04-14: order issued, held order", "2021-04-15: order served, not held order")
    taking_back = CLAIM.replace("limits:", "  - (2): {withdrawn: filed -> granted, by: person}\nlimits:")
    withdrawn = law(due_law_text() + taking_back)
    taken_back = (called, FILED, "2021-03-20 withdrawn by person")
    assert not told(withdrawn, taken_back, "2021-03-19: order issued", "2021-03-20: order served")


def test_a_hold_that_a_worsening_ends_ends_on_its_day_for_time_too() -> None:
    closed = "  - (2): {closed: filed -> granted, by: office, worsens: 30 days after told}\nlimits:"
    pack = law(due_law_text() + CLAIM.replace("limits:", closed))
    called = CALLED.replace("2021-06-01", "2021-03-15")
    events = (called, FILED, "2021-03-20 closed by office: {told: 2021-03-22}")
    assert not told(pack, events, "2021-04-20: filed, order issued, held order", "2021-04-21: granted, order served")
    for on in ("2021-04-21", "2021-04-25", "2021-07-01"):
        found = ran(pack, on, *events).instances[0].history[-1]
        assert (found.event, found.day) == ("fallen_due", day("2021-04-21"))


def test_a_person_may_claim_again_when_the_law_lets_them() -> None:
    again = (CALLED, FILED, DENIED, FILED.replace("03-10", "04-20"))
    assert not told(LAW, again, "2021-04-16: final, not held order", "2021-04-20: filed, claim#1 final, held order")


def test_names_of_other_proceedings_mean_the_one_at_hand() -> None:
    exam = """
```proceeding exam
title: Examination
within: order
roles:
  - (1): [office]
states:
  - (1): {none: start}
  - (1): {held: ended}
moves:
  - (1): {held: none -> held, by: office, if: ASKS}
```
"""
    asks = "claim_state in (filed, denied) and claim_filed <= on and order_issued < on"
    exam = exam.replace("ASKS", asks)
    pack = law(ORDER + CLAIM + exam)
    assert not told(pack, (CALLED, "2021-03-12 exam held by office"), "2021-03-12: exam none, refused exam held")
    assert not told(pack, (CALLED, FILED, "2021-03-12 exam held by office"), "2021-03-12: exam held")
    anew = (CALLED, FILED, "2021-03-11 order cancelled by office", CALLED.replace("2021-03-01", "2021-03-12"))
    assert not told(pack, (*anew, "2021-03-13 exam held by office"), "2021-03-13: exam none, refused exam held")
    cancels = "{cancelled: issued -> cancelled, by: office"
    asking = law(ORDER.replace(cancels, f"{cancels}, if: claim_ground == study") + CLAIM)
    cancelled = "2021-03-12 order cancelled by office"
    assert not told(asking, (CALLED, FILED, cancelled), "2021-03-12: order issued")
    assert not told(asking, (CALLED, FILED.replace("illness", "study"), cancelled), "2021-03-12: order cancelled")
    assert not told(asking, (CALLED, cancelled), "2021-03-12: order issued")
    outside = law(ORDER + CLAIM + exam.replace("within: order\n", "").replace(" and order_issued < on", ""))
    assert not told(outside, (CALLED, FILED, "2021-03-12 exam held by office"), "2021-03-12: exam held")


def test_what_belongs_to_one_claim_says_nothing_of_another() -> None:
    hearing = """
```proceeding hearing
title: Hearing
within: claim
roles:
  - (1): [office]
states:
  - (1): {none: start}
  - (1): {heard: ended}
moves:
  - (1): {heard: none -> heard, by: office}
```
"""
    many = CLAIM.replace("within: order\n", "within: order\nmany: yes\n")
    asking = many.replace(
        "denied: filed -> denied, by: office,", "denied: filed -> denied, by: office, if: hearing_heard <= on,"
    )
    pack = law(ORDER + asking + hearing)
    second = FILED.replace("-10 filed", "-11 claim#2 filed")
    first, other = DENIED.replace("denied", "claim#1 denied"), DENIED.replace("denied", "claim#2 denied")
    heard = (CALLED, FILED, second, "2021-03-12 hearing heard by office")
    assert not told(pack, (*heard, first), "2021-03-20: claim#1 filed, refused denied")
    assert not told(pack, (*heard, other), "2021-03-22: claim#1 filed, claim#2 denied")
