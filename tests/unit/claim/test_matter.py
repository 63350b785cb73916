"""Corners of the stage of proceedings that no chapter needs."""

import pytest
from tests.lawtext import day
from tests.proceedingtext import CALLED, CARRIED, CLAIM, DENIED, FILED, LAW, ORDER, changed, events_of, law, ran, told

from musterroll.claim.course import MOST_BY_TIME, begin, run, then
from musterroll.claim.happening import Event
from musterroll.claim.matter import Seen, Sight
from musterroll.claim.next_step import may
from musterroll.claim.position import stand
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import UNKNOWN


def test_an_event_that_the_law_does_not_know_is_refused() -> None:
    matter = then(begin(LAW, {}), Event(day("2021-03-01"), "order", "burnt", "office"))
    (refused,) = matter.refused
    assert (refused.code, refused.cites) == ("state", ())
    assert may(matter, "order", "burnt", "office").code == "state"


def test_why_time_does_not_move_yet_is_told_too() -> None:
    more = "  - (3): {lapsed: appealed -> final, by: time, after: appeal}\nlimits:"
    pack = changed(("limits:", more))
    untold = DENIED.replace(": {told: 2021-03-22}", "")
    assert may(ran(pack, "2021-03-25", CALLED, FILED, untold), "claim", "lapsed", "time").code == "told"
    step = may(ran(pack, "2021-03-25", CALLED, FILED), "claim", "lapsed", "time")
    assert (step.code, step.may) == ("state", False)
    begins = changed(("by: time, after: appeal", "by: time, after: again"))
    step = may(ran(begins, "2021-03-25", CALLED, FILED, DENIED), "claim", "lapsed", "time")
    assert (step.code, step.what) == ("time", "No day can be named: it has not begun.")


def test_a_proceeding_that_the_law_does_not_know_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        stand(LAW, "war", {}, [], day("2021-03-01"))


def test_what_is_seen_is_a_mapping_of_every_name() -> None:
    matter = ran(LAW, "2021-03-20", CALLED, FILED, given="serving: yes")
    claim = matter.current("claim")
    seen = Seen(matter, claim, matter.day)
    assert len(seen) == len(list(seen)) > 20
    assert seen["serving"].exact == 1
    assert seen["order_state"].exact == 1
    assert seen["born"] is UNKNOWN
    names = Sight(matter, claim, matter.day).attributes
    assert len(names) == len(list(names))
    assert names["serving"] is LAW.attributes["serving"]


def test_a_circle_of_time_is_left_after_many_turns() -> None:
    back = "  - (3): {again: final -> denied, by: time, after: appeal}\nlimits:"
    pack = changed(("limits:", back), ("{again: 10", "{pause: 10"), ("then: again", "then: pause"))
    matter = ran(pack, "2029-01-01", CALLED, FILED, DENIED)
    assert MOST_BY_TIME <= sum(len(one.history) for one in matter.instances) <= MOST_BY_TIME + 3


def test_what_may_become_known_by_the_event_alone() -> None:
    votes = f"2021-03-12 granted by board: {{{CARRIED}}}"
    for asks, able in (
        ("granted_unanimous and serving", False),  # nothing that the board says makes his service known
        ("granted_unanimous or serving", True),
        ("granted_against <= 1 and order_issued < on", True),
        ("not (granted_unanimous and serving)", False),
        ("not granted_unanimous", True),
    ):
        pack = changed(("by: office or board, ends", f"by: office or board, if: {asks}, ends"))
        assert may(ran(pack, "2021-03-12", CALLED, FILED), "claim", "granted", "board").may is able, asks
    assert not told(
        changed(("by: office or board, ends", "by: board, if: granted_for >= 2, ends")),
        (CALLED, FILED, votes),
        "2021-03-12: granted",
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{filed: pending}", "{filed: pending, when: [{(2): serving}]}", "only a move has conditions"),
        ("not after: filing}", "then: again}", "`then` is not known here"),
    ],
)
def test_members_that_belong_elsewhere(old: str, new: str, says: str) -> None:
    with pytest.raises(MusterRollError) as wrong:
        changed((old, new))
    assert says in wrong.value.what


def test_a_block_that_is_a_list_is_no_proceeding() -> None:
    with pytest.raises(MusterRollError, match="its content is not `name: value` lines"):
        law(ORDER + CLAIM + "\n```proceeding exam\n- (1)\n```\n")


def test_the_law_before_and_after_its_time_is_that_of_its_first_and_last_day() -> None:
    held, events = events_of(LAW, CALLED, FILED)
    matter = run(LAW, held, events, day("2150-01-01"))
    assert matter.period(day("1950-01-01")) is LAW.law.periods[0]
    assert matter.period(day("2150-01-01")) is LAW.law.periods[-1]
    assert matter.current("claim").formal == "filed"


def test_a_new_inner_one_belongs_to_the_last_open_outer_one() -> None:
    hearing = """
```proceeding hearing
title: Hearing
within: claim
roles:
  - (3): [board]
states:
  - (3): {none: start}
  - (3): {closed: ended}
moves:
  - (3): {heard: none -> closed, by: board}
```
"""
    pack = law(ORDER + CLAIM.replace("within: order\n", "within: order\nmany: yes\n") + hearing)
    second = FILED.replace("-10 filed", "-11 claim#2 filed")
    events = (CALLED, FILED, second, "2021-03-12 claim#2 granted by office", "2021-03-13 hearing heard by board")
    matter = ran(pack, "2021-03-13", *events)
    (heard,) = matter.of("hearing")
    assert matter.instances[heard.outer].number == 1
