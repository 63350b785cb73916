"""Chapter: what makes things worse counts only after the person was told, and the law's period (charter S9, rule 4)."""

import pytest
from tests.lawtext import day
from tests.proceedingtext import CALLED, CARRIED, CLAIM, DENIED, FILED, LAW, ORDER, changed, law, ran, told

from musterroll.claim.position import position

DENIES = "denied: filed -> denied, by: office, worsens: told"


@pytest.mark.parametrize(
    ("worsens", "before", "after"),
    [
        ("told", "2021-03-21", "2021-03-22"),
        ("10 days after told", "2021-03-31", "2021-04-01"),
        ("parameter long after told", "2021-04-10", "2021-04-11"),
        ("law silent", "2021-04-20", "2021-04-21"),  # thirty days
    ],
)
def test_a_worsening_counts_from_its_day(worsens: str, before: str, after: str) -> None:
    pack = changed((DENIES, DENIES.replace("worsens: told", f"worsens: {worsens}")),
                   ("appeal: 15 days", "appeal: 60 days"))  # fmt: skip
    events = (CALLED, FILED, DENIED)
    assert not told(pack, events, f"{before}: filed, formally denied, not denied", f"{after}: denied, formally denied")
    here = position(ran(pack, before, *events), "claim")
    assert here.takes_effect == day(after)
    assert position(ran(pack, after, *events), "claim").takes_effect is None
    untold = DENIED.replace(": {told: 2021-03-22}", "")
    assert not told(pack, (CALLED, FILED, untold), "2028-01-01: filed, formally denied")
    assert position(ran(pack, "2028-01-01", CALLED, FILED, untold), "claim").takes_effect is None


def test_nobody_is_told_of_an_act_before_it_is_done() -> None:
    early = DENIED.replace("2021-03-22", "2021-02-01")
    slow = changed((DENIES, DENIES.replace("worsens: told", "worsens: 10 days after told")))
    assert not told(slow, (CALLED, FILED, early), "2021-03-29: filed", "2021-03-30: denied")
    counted = changed(("15 days from denied", "15 days from denied_told"))
    assert not told(counted, (CALLED, FILED, early), "2021-03-20: denied, last day of appeal 2021-04-04")
    posted = changed(("15 days from denied", "15 days from denied_posted"))
    early = "2021-03-20 denied by office: {posted: 2021-02-01, told: 2021-03-22}"
    assert not told(posted, (CALLED, FILED, early), "2021-03-22: last day of appeal 2021-04-04")


def test_a_parameter_before_its_first_day_is_its_first_value() -> None:
    pack = changed((DENIES, DENIES.replace("worsens: told", "worsens: parameter long after told")))
    early = (CALLED, FILED, DENIED)
    long_ago = tuple(one.replace("2021-", "1999-") for one in early)
    assert not told(pack, long_ago, "1999-04-10: filed, formally final", "1999-04-11: final")


def test_what_somebody_does_to_themselves_counts_at_once() -> None:
    both = ("limits:", "  - (2): {closed: filed -> granted, by: person or office, worsens: told}\nlimits:")
    assert not told(changed(both), (CALLED, FILED, "2021-03-12 closed by person"), "2021-03-12: granted")
    assert not told(changed(both), (CALLED, FILED, "2021-03-12 closed by office"), "2021-03-12: filed")


def test_the_person_need_not_wait_to_appeal() -> None:
    events = (CALLED, FILED, DENIED, "2021-03-20 appealed by person")
    assert not told(LAW, events, "2021-03-20: appealed, held order")


def test_what_it_holds_is_held_until_then() -> None:
    dismissed = f"2021-05-01 dismissed by board: {{{CARRIED}, told: TOLD}}"
    steps = (CALLED, FILED, DENIED, "2021-04-01 appealed by person")
    soon = (*steps, dismissed.replace("TOLD", "2021-05-03"))
    assert not told(
        LAW, soon, "2021-05-02: appealed, held order", "2021-05-12: final, held order", "2021-05-13: not held order"
    )
    late = (*steps, dismissed.replace("TOLD", "2021-06-03"))
    assert not told(
        LAW, late, "2021-06-02: appealed, held order", "2021-06-12: final, held order", "2021-06-13: not held order"
    )
    never = (*steps, dismissed.replace(", told: TOLD", ""))
    assert not told(LAW, never, "2029-06-03: appealed, held order, may not order reported because art. 1 (2)")


def test_time_and_what_changes_no_state_do_not_hasten_it() -> None:
    slow = DENIES.replace("worsens: told", "worsens: 30 days after told")
    noted = ("limits:", "  - (3): {noted: denied -> same, by: office}\nlimits:")
    pack = changed((DENIES, slow), noted)
    events = (CALLED, FILED, DENIED, "2021-03-25 noted by office")
    assert not told(
        pack, events, "2021-04-05: filed, formally final, held order", "2021-04-20: filed", "2021-04-21: final"
    )


def test_a_better_decision_counts_at_once() -> None:
    more = ("limits:", "  - (2): {allowed: denied -> granted, by: office}\nlimits:")
    untold = DENIED.replace(": {told: 2021-03-22}", "")
    assert not told(changed(more), (CALLED, FILED, untold, "2021-03-25 allowed by office"), "2021-03-25: granted")
    worse = ("limits:", "  - (2): {allowed: denied -> granted, by: office, worsens: told}\nlimits:")
    allowed = "2021-03-25 allowed by office: {told: 2021-03-27}"
    assert not told(changed(worse), (CALLED, FILED, untold, allowed), "2021-03-26: filed", "2021-03-27: granted")


def test_what_a_worsening_ends_ends_on_the_day_it_takes_effect() -> None:
    ends = DENIES.replace("worsens: told", "worsens: told, ends: order cancelled")
    pack = changed((DENIES, ends))
    events = (CALLED, FILED, DENIED)
    assert not told(pack, events, "2021-03-21: order issued", "2021-03-22: denied, order cancelled because art. 1 (2)")
    assert not told(pack, (CALLED, FILED, DENIED.replace(": {told: 2021-03-22}", "")), "2028-01-01: order issued")
    overtaken = (*events, "2021-03-21 appealed by person")
    assert not told(pack, overtaken, "2021-03-25: appealed, order issued")
    before = (*events[:2], DENIED, "2021-03-21 order cancelled by office")
    assert not told(pack, before, "2021-03-25: denied, order cancelled")
    noted = changed((DENIES, ends), ("limits:", "  - (3): {noted: denied -> same, by: office}\nlimits:"))
    assert not told(noted, (*events, "2021-03-21 noted by office"), "2021-03-22: order cancelled")


def test_what_ends_another_proceeding_asks_only_where_that_stands() -> None:
    granted = (CALLED, FILED, f"2021-03-12 granted by board: {{{CARRIED}}}")
    assert not told(LAW, granted, "2021-03-12: granted, order cancelled because art. 1 (2)")
    ended = (CALLED, FILED, "2021-03-11 order cancelled by office", granted[-1])
    assert not told(LAW, ended, "2021-03-12: granted, order cancelled")
    drops = ORDER.replace(
        "cancelled: issued -> cancelled, by: office", "cancelled: issued -> cancelled, by: office, ends: claim dropped"
    )
    down = law(drops + CLAIM.replace("limits:", "  - (2): {dropped: filed or denied -> granted, by: office}\nlimits:"))
    assert not told(
        down, (CALLED, FILED, "2021-03-11 order cancelled by office"), "2021-03-11: granted, order cancelled"
    )
    assert not told(down, (CALLED, "2021-03-11 order cancelled by office"), "2021-03-11: none, order cancelled")
