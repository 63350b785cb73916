"""Chapter: nothing runs out against somebody who was not told (charter S6; docs/flow/proceeding.md, rule 3)."""

from tests.lawtext import day
from tests.proceedingtext import CALLED, CARRIED, DENIED, FILED, LAW, changed, events_of, ran, told

from musterroll.claim.course import at
from musterroll.claim.position import position, stand

UNTOLD = "2021-03-20 denied by office"


def test_without_receipt_a_limit_shows_its_last_day_and_never_fires() -> None:
    events = (CALLED, FILED, UNTOLD)
    assert not told(LAW, events, "2021-04-01: formally denied, last day of appeal 2021-04-04")
    assert not told(
        LAW, events, "2029-01-01: formally denied, filed, held order, may appealed by person, may not lapsed"
    )
    here = position(ran(LAW, "2029-01-01", *events), "claim")
    assert not here.limits["appeal"].counts
    assert "has not been told" in here.limits["appeal"].why
    assert not told(LAW, (*events, "2029-01-01 appealed by person"), "2029-01-01: appealed")


def test_being_posted_is_not_being_told() -> None:
    posted = "2021-03-20 denied by office: {posted: 2021-03-21}"
    pack = changed(("15 days from denied", "15 days from denied_posted"))
    assert not told(pack, (CALLED, FILED, posted), "2021-06-01: filed, last day of appeal 2021-04-05")
    handed = posted.replace("}", ", told: 2021-03-30}")
    assert not told(pack, (CALLED, FILED, handed), "2021-04-05: denied", "2021-04-06: final")
    assert not told(pack, (CALLED, FILED, DENIED), "2021-06-01: denied, last day of appeal none")


def test_the_day_counted_from_stays_the_laws_for_whoever_was_told_in_time() -> None:
    on_the_last_day = UNTOLD + ": {told: 2021-04-04}"
    events = (CALLED, FILED, on_the_last_day)
    assert not told(
        LAW, events, "2021-04-03: filed", "2021-04-04: denied, last day of appeal 2021-04-04", "2021-04-05: final"
    )


def test_who_is_told_after_the_last_day_has_the_whole_length_again() -> None:
    late = UNTOLD + ": {told: 2021-04-05}"
    events = (CALLED, FILED, late)
    assert not told(
        LAW, events, "2021-04-04: last day of appeal 2021-04-04", "2021-04-05: last day of appeal 2021-04-20"
    )
    assert not told(LAW, events, "2021-04-20: denied", "2021-04-21: final")
    assert not told(LAW, (*events, "2021-04-20 appealed by person"), "2021-04-20: appealed")
    assert not told(LAW, (*events, "2021-04-21 appealed by person"), "2021-04-21: final, refused appealed")


def test_a_wait_that_was_over_before_the_telling_is_over_on_that_day() -> None:
    waiting = changed(
        ("waits:", "waits:\n  - (3): {rest: 5 days from denied, counts: day after}"),
        ("{lapsed: denied -> final, by: time, after: appeal}", "{lapsed: denied -> final, by: time, after: rest}"),
    )
    events = (CALLED, FILED, UNTOLD + ": {told: 2021-04-05}")
    assert not told(waiting, events, "2021-04-04: formally denied, may not lapsed", "2021-04-05: final")
    looked_at_between = at(ran(waiting, "2021-04-04", *events), day("2021-06-01"))
    assert looked_at_between.instances == ran(waiting, "2021-06-01", *events).instances
    assert not told(waiting, (CALLED, FILED, DENIED), "2021-03-24: denied", "2021-03-25: final")


def test_telling_is_the_next_step_until_the_day_on_which_the_person_is_told() -> None:
    events = (CALLED, FILED, UNTOLD + ": {told: 2021-04-05}")

    def tellings(on: str) -> list[str]:
        steps = position(ran(LAW, on, *events), "claim").next_steps
        return [one.event for one in steps if one.event.startswith("told ") and one.may]

    assert tellings("2021-04-04") == ["told denied"]
    assert tellings("2021-04-05") == []


def test_a_limit_that_begins_with_being_told_begins_then() -> None:
    pack = changed(("15 days from denied", "15 days from denied_told"))
    assert not told(pack, (CALLED, FILED, UNTOLD), "2021-06-01: last day of appeal none, may appealed by person")
    events = (CALLED, FILED, DENIED)
    assert not told(pack, events, "2021-03-21: last day of appeal none", "2021-04-06: denied", "2021-04-07: final")


def test_a_day_that_came_with_an_order_nobody_was_told_of_bars_nobody() -> None:
    untold = CALLED.replace(", told: 2021-03-02", "")
    late = FILED.replace("2021-03-10", "2021-07-01")
    assert not told(LAW, (CALLED, late), "2021-07-01: none, refused filed because art. 1 (2)")
    assert not told(LAW, (untold, late), "2021-07-01: filed, last day of filing 2021-05-31")
    afterwards = CALLED.replace("2021-03-02", "2021-06-20")  # until the day before: nothing can be counted again
    assert not told(LAW, (afterwards, late), "2021-07-01: filed")


def test_what_begins_with_the_persons_own_act_or_with_time_needs_no_telling() -> None:
    pack = changed(("appeal: 15 days from denied", "appeal: 15 days from filed"))
    assert not told(pack, (CALLED, FILED, DENIED), "2021-03-25: denied", "2021-03-26: final")
    again = ("waits:", "  - (3): {reopening: 5 days from final, counts: day after}\nwaits:")
    more = changed(again, ("limits:", "  - (3): {closed: final -> granted, by: time, after: reopening}\nlimits:"))
    assert not told(more, (CALLED, FILED, DENIED), "2021-04-10: final", "2021-04-11: granted")


def test_a_state_an_office_brought_about_is_an_offices_act() -> None:
    pack = changed(("appeal: 15 days from denied", "appeal: 15 days from refusal"),
                   ("{denied: open}", "{refusal: open}"), ("{order: filed or denied", "{order: filed or refusal"),
                   ("filed -> denied", "filed -> refusal"), ("denied -> appealed", "refusal -> appealed"),
                   ("denied -> final", "refusal -> final"))  # fmt: skip
    assert not told(pack, (CALLED, FILED, UNTOLD), "2029-01-01: formally refusal, last day of appeal none")
    events = (CALLED, FILED, DENIED)
    assert not told(pack, events, "2021-04-06: refusal, last day of appeal 2021-04-06", "2021-04-07: final")
    at_once = changed(
        ("appeal: 15 days from denied", "appeal: 15 days from allowed"),
        ("{granted: ended}", "{allowed: open}"),
        ("-> granted,", "-> allowed,"),
        ("denied -> appealed", "denied or allowed -> appealed"),
    )
    untold = (CALLED, FILED, "2021-03-20 granted by office")
    assert not told(at_once, untold, "2029-01-01: allowed, last day of appeal 2021-04-04, may appealed by person")


def test_a_later_telling_is_not_seen_before_its_day() -> None:
    held, events = events_of(LAW, CALLED, FILED, DENIED)
    before = stand(LAW, "claim", held, events, day("2021-03-21"))
    unknowing = stand(LAW, "claim", *events_of(LAW, CALLED, FILED, UNTOLD), day("2021-03-21"))
    assert (before.state, before.limits) == (unknowing.state, unknowing.limits)
    said = [
        [(one.event, one.may, one.until) for one in each.next_steps if one.by == "time"] for each in (before, unknowing)
    ]
    assert said[0] == said[1] == [("lapsed", False, None)]
    pack = changed(("by: person, not after: appeal", "by: person, if: denied_told == never"))
    assert not told(pack, (CALLED, FILED, DENIED), "2021-03-21: may appealed by person", "2021-03-22: may not appealed")


def test_a_notice_of_a_former_decision_says_nothing_of_a_new_one() -> None:
    pack = changed(
        ("{denied: filed -> denied, by: office, worsens: told}", "{denied: filed -> denied, by: office}"),
        ("{appealed: denied", "{notified: denied -> same, by: office}\n  - (3): {appealed: denied"),
        ("{dismissed:", "{sent_back: appealed -> filed, by: board}\n  - (3): {dismissed:"),
        ("15 days from denied", "15 days from notified"),
    )
    again = (
        CALLED,
        FILED,
        "2021-03-20 denied by office",
        "2021-03-21 notified by office: {told: 2021-03-22}",
        "2021-03-25 appealed by person",
        f"2021-04-01 sent_back by board: {{{CARRIED}}}",
        "2021-05-01 denied by office",
    )
    assert not told(pack, again[:4], "2021-04-05: denied, last day of appeal 2021-04-05", "2021-04-06: final")
    assert not told(
        pack, again, "2021-05-01: denied, last day of appeal none", "2029-01-01: denied, may appealed by person"
    )
    anew = (*again, "2021-05-03 notified by office: {told: 2021-05-04}")
    assert not told(pack, anew, "2021-05-18: denied, last day of appeal 2021-05-18", "2021-05-19: final")
