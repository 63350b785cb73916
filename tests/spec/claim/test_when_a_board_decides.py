"""Chapter: whether a board's decision stands: who sits, how many, what carries, what a tie is (docs: bodies)."""

import pytest
from tests.proceedingtext import CALLED, FILED, changed, told

BODY = "board: quorum majority of members, decides majority of present, tie next_meeting"


def decided(votes: str, body: str = BODY, event: str = "granted") -> str:
    """The state after a board decided on a claim, or why its decision does not stand."""
    pack = changed((BODY, body), ("limits:", "  - (3): {dropped: filed -> final, by: board}\nlimits:"))
    happened = f"2021-03-12 {event} by board" + (f": {{{votes}}}" if votes else "")
    carried = told(pack, (CALLED, FILED, happened), f"2021-03-12: refused {event}")
    if carried:
        return "stands"
    refused = told(pack, (CALLED, FILED, happened), "2021-03-12: denied, may not dismissed by person")
    assert "found filed" in refused
    reason = told(pack, (CALLED, FILED, happened), f"2021-03-12: refused {event} because art. 1 (3)")
    assert not reason
    return "does not stand"


@pytest.mark.parametrize(
    ("body", "votes", "expected"),
    [
        (BODY, "members: 5, present: 3, for: 2, against: 1", "stands"),
        (BODY, "members: 5, present: 2, for: 2, against: 0", "does not stand"),  # no majority of the members is there
        (BODY, "members: 4, present: 2, for: 2, against: 0", "does not stand"),  # half is no majority
        (BODY, "members: 5, present: 4, for: 2, against: 1", "does not stand"),  # half of those present
        (BODY, "members: 5, present: 4, for: 2, against: 2", "does not stand"),  # a tie
        (BODY, "members: 5, present: 3, for: 1, against: 2", "does not stand"),
        (BODY, "members: 5, present: 6, for: 6, against: 0", "does not stand"),  # more than there are
        (BODY, "members: 5, present: 3, for: 3, against: 1", "does not stand"),  # more votes than people
        (BODY, "present: 3, for: 3, against: 0", "does not stand"),  # of how many is not stated
        (BODY, "members: 5, present: 3, for: 3", "does not stand"),
        (BODY, "members: 5, present: 3, against: 0", "does not stand"),
        (BODY, "members: 5", "does not stand"),
        (BODY, "", "does not stand"),
        (BODY, "members: 5, present: 3, for: 3, against: 0, barred: employer", "does not stand"),
        (BODY, "members: 5, present: 3, for: 3, against: 0, barred: cousin or parent", "does not stand"),
        (BODY, "members: 5, present: 3, for: 3, against: 0, barred: cousin", "stands"),
        (BODY, "members: 5, present: 3, for: 3, against: 0, barred: none", "stands"),
        (BODY.replace("majority of members", "3"), "present: 3, for: 3, against: 0", "stands"),
        (BODY.replace("majority of members", "4"), "present: 3, for: 3, against: 0", "does not stand"),
        (BODY.replace("majority of members", "all"), "members: 3, present: 3, for: 2, against: 1", "stands"),
        (BODY.replace("majority of members", "all"), "members: 4, present: 3, for: 3, against: 0", "does not stand"),
        (BODY.replace("of present", "of votes"), "members: 5, present: 5, for: 2, against: 1", "stands"),
        (BODY.replace("of present", "of votes"), "members: 5, present: 5, for: 1, against: 2", "does not stand"),
        (BODY.replace("of present", "of members"), "members: 5, present: 3, for: 3, against: 0", "stands"),
        (BODY.replace("of present", "of members"), "members: 5, present: 3, for: 2, against: 0", "does not stand"),
        (
            BODY.replace("decides majority of present", "unanimous"),
            "members: 3, present: 3, for: 3, against: 0",
            "stands",
        ),
        (
            BODY.replace("majority of present", "unanimous"),
            "members: 3, present: 3, for: 2, against: 0",
            "does not stand",
        ),
    ],
)
def test_a_decision_stands_or_not(body: str, votes: str, expected: str) -> None:
    assert decided(votes, body) == expected


def test_a_majority_of_all_members_needs_their_number() -> None:
    body = "board: quorum 2, decides majority of members, tie next_meeting"
    assert decided("present: 3, for: 3, against: 0", body) == "does not stand"
    assert decided("members: 4, present: 3, for: 3, against: 0", body) == "stands"


def test_a_tie_may_be_a_decision() -> None:
    body = BODY.replace("tie next_meeting", "tie dropped")
    tie = "members: 5, present: 4, for: 2, against: 2"
    assert decided(tie, body, "dropped") == "stands"
    assert decided(tie, body, "granted") == "does not stand"
    assert decided(tie, BODY, "dropped") == "does not stand"


def test_an_office_that_is_no_board_needs_no_votes() -> None:
    assert not told(changed(), (CALLED, FILED, "2021-03-12 granted by office"), "2021-03-12: granted")


def test_later_steps_may_turn_on_the_votes() -> None:
    more = "limits:", "  - (3): {reviewed: final -> appealed, by: person, if: dismissed_against >= 1}\nlimits:"
    pack = changed(more)
    steps = (CALLED, FILED, "2021-03-12 denied by office: {told: 2021-03-12}", "2021-03-13 appealed by person")
    dismissed = "2021-03-20 dismissed by board: {{members: 5, present: 3, for: {}, against: {}, told: 2021-03-20}}"
    for split, state in (((2, 1), "appealed"), ((3, 0), "final")):
        events = (*steps, dismissed.format(*split), "2021-03-25 reviewed by person")
        assert not told(pack, events, f"2021-03-25: {state}")
    whole = changed((more[0], more[1].replace("dismissed_against >= 1", "not dismissed_unanimous")))
    assert not told(whole, (*steps, dismissed.format(3, 0)), "2021-03-25: may not reviewed by person")
    assert not told(whole, (*steps, dismissed.format(2, 1)), "2021-03-25: may reviewed by person")
    assert not told(whole, steps, "2021-03-25: may not reviewed")
