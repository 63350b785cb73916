"""Chapter: same events, same answer; folding some and then the rest gives what folding all gives (rule 7)."""

import random

import pytest
from tests.lawtext import day
from tests.proceedingtext import CALLED, CARRIED, CLAIM, DENIED, FILED, LAW, ORDER, changed, events_of, law, told

from musterroll.claim.body import Votes
from musterroll.claim.course import at, begin, run, then
from musterroll.claim.happening import Event
from musterroll.claim.holding import holdings
from musterroll.claim.position import position
from musterroll.dates import NEVER
from musterroll.fact.attribute import Held, State
from musterroll.law import pack as packs
from musterroll.law.pack import Pack
from musterroll.law.proceeding import PERSON, TIME

WHOLE = (
    CALLED,
    FILED,
    DENIED,
    "2021-04-01 appealed by person",
    f"2021-05-01 dismissed by board: {{{CARRIED}, told: 2021-05-20}}",
)
MANY = changed(
    ("within: order\n", "within: order\nmany: yes\n"), ("not after: appeal}", "not after: appeal, counts as: postmark}")
)


def anything(pack: Pack, chance: random.Random) -> list[Event]:
    """Lawful and unlawful events of a year, in the order in which they came."""
    on = day("2021-01-01")
    soon = Held(on + 90, on + 90, State.SINGLE)
    found = [Event(on, "order", "issued", "office", {"report_on": soon}, on), Event(on + 1, "claim", "filed", PERSON)]
    for _ in range(chance.randint(2, 12)):
        on += chance.choice([0, 0, 1, 3, 10, 20, 60])
        proceeding = chance.choice(list(pack.proceedings.values()))
        name = chance.choice(proceeding.events)
        role = chance.choice([PERSON, *proceeding.roles, *(r for m in proceeding.of(name) for r in m.by if r != TIME)])
        said = on + chance.choice([0, 5, 20, 90])
        facts = {"report_on": Held(said, said, State.SINGLE)} if name == "issued" else {}
        told_on = chance.choice([NEVER, on, on + 2, on + 30])
        posted = chance.choice([NEVER, NEVER, on - 9])
        votes = Votes(5, chance.choice([2, 4]), 1, chance.choice([1, 2, 3])) if chance.random() < 0.8 else None
        number = chance.choice([0, 0, 0, 1, 2])
        found.append(
            Event(on, proceeding.name, name, role, facts, told_on, postmark=posted, votes=votes, number=number)
        )
    return found


@pytest.mark.parametrize("pack", [LAW, MANY], ids=["one at a time", "many"])
def test_folding_in_parts_is_folding_at_once(pack: Pack) -> None:
    moved = refused = 0
    for seed in range(300):
        chance = random.Random(seed)
        events = anything(pack, chance)
        matter = begin(pack, {})
        for number, event in enumerate(events, 1):
            if chance.random() < 0.5:
                matter = at(matter, matter.day if matter.day > event.day else event.day - chance.randint(0, 3))
            matter = then(matter, event)
            on = max(matter.day, event.day)
            assert at(matter, on) == run(pack, {}, events[:number], on)
        moved += sum(len(one.history) for one in matter.instances)
        refused += len(matter.refused)
    assert moved > 300
    assert refused > 300


def test_what_a_day_shows_does_not_turn_on_what_comes_later() -> None:
    for seed in range(150):
        chance = random.Random(seed)
        events = [event for event in anything(LAW, chance) if event.postmark == NEVER]
        held, _ = events_of(LAW)
        on = events[len(events) // 2].day if events else 0
        early = run(LAW, held, [event for event in events if event.day <= on], on)
        assert run(LAW, held, events, on) == early
        for name in LAW.proceedings:
            assert position(early, name) == position(run(LAW, held, events, on), name)


def test_looking_on_the_way_changes_nothing() -> None:
    held, events = events_of(LAW, *WHOLE)
    first, last = day("2021-03-01"), day("2021-08-01")
    matter = begin(LAW, held)
    for on in range(first, last):
        for event in events:
            if event.day == on:
                matter = then(matter, event)
        matter = at(matter, on)
        assert matter == run(LAW, held, events, on)
    assert at(matter, first) == matter


def test_the_published_form_runs_the_same() -> None:
    published = packs.from_canonical(LAW.canonical())
    assert published.proceedings == LAW.proceedings
    held, events = events_of(LAW, *WHOLE)
    for on in ("2021-03-21", "2021-04-30", "2021-05-19", "2021-05-20", "2021-06-30"):
        assert run(published, held, events, day(on)).instances == run(LAW, held, events, day(on)).instances


def test_two_events_of_one_day_happen_in_their_order() -> None:
    granted, cancelled = "2021-03-12 granted by office", "2021-03-12 order cancelled by office"
    assert not told(LAW, (CALLED, FILED, granted, cancelled), "2021-03-12: order cancelled, refused order cancelled")
    assert told(LAW, (CALLED, FILED, cancelled, granted), "2021-03-12: refused order cancelled")
    filed_and_issued = (FILED.replace("-10", "-01"), CALLED)
    assert not told(LAW, filed_and_issued, "2021-03-01: none, refused filed, order issued")


def test_time_moves_before_what_is_done_on_that_day() -> None:
    late = (CALLED, FILED, DENIED, "2021-04-05 appealed by person")
    assert not told(LAW, late, "2021-04-05: final because art. 1 (3), refused appealed")


def test_a_move_by_time_waits_for_its_condition() -> None:
    pack = changed(("by: time, after: appeal", "by: time, after: appeal, if: on >= granted_on"))
    events = (CALLED, FILED, DENIED)
    assert not told(pack, events, "2021-04-30: denied", "2021-05-01: final", given="granted_on: 2021-05-01")
    assert not told(pack, events, "2029-01-01: denied", given="granted_on: never")
    assert not told(pack, events, "2029-01-01: denied", given="granted_on: unknown")
    heard = changed(("by: time, after: appeal", "by: time, after: appeal, if: order_issued_told < on"))
    order = CALLED.replace("told: 2021-03-02", "told: 2021-05-10")
    assert not told(heard, (order, *events[1:]), "2021-05-10: denied", "2021-05-11: final")


def test_time_moves_of_one_day_follow_the_pack() -> None:
    second = "  - (3): {dropped: denied -> granted, by: time, after: appeal}\n"
    after, before = changed(("limits:", f"{second}limits:")), changed(("moves:\n  - (2)", f"moves:\n{second}  - (2)"))
    events = (CALLED, FILED, DENIED)
    assert not told(after, events, "2021-04-05: final")
    assert not told(before, events, "2021-04-05: granted")


def test_a_circle_of_time_ends() -> None:
    back = "  - (3): {again: final -> denied, by: time, after: appeal}\nlimits:"
    pack = changed(
        ("limits:", back),
        ("waits:\n  - (3): {again: 10", "waits:\n  - (3): {pause: 10"),
        ("then: again", "then: pause"),
    )
    found = told(pack, (CALLED, FILED, DENIED), "2021-04-06: final, not final")
    assert found  # muster pack prove refuses such a law; asking it ends all the same


def test_two_at_once_and_a_nested_third() -> None:
    hearing = """
```proceeding hearing
title: Hearing
within: claim
roles:
  - (3): [board]
states:
  - (3): {none: start}
  - (3): {set: pending}
  - (3): {missed: open}
  - (3): {closed: ended}
moves:
  - (3): {called: none -> set, by: board, if: claim_state == filed and order_state == issued}
  - (3): {absent: set -> missed, by: board}
  - (3): {heard: set or missed -> closed, by: board, ends: claim granted and order cancelled}
  - (3): {closed_unheard: missed -> closed, by: time, after: explain}
limits:
  - (3): {explain: 5 days from absent, counts: day after, pauses: while order_cancelled}
holds:
  - (3): {claim: set or missed}
```
"""
    pack = law(
        ORDER
        + CLAIM.replace("{denied: filed -> denied, by: office", "{denied: filed -> denied, binds: yes, by: office")
        + hearing
    )
    events = (CALLED, FILED, "2021-03-12 hearing called by board", DENIED)
    assert not told(pack, events, "2021-03-20: filed, hearing set, refused denied because art. 1 (3), held claim")
    heard = (*events, "2021-03-21 hearing heard by board")
    assert not told(pack, heard, "2021-03-21: granted, hearing closed, order cancelled")
    missed = (*events, "2021-03-21 hearing absent by board: {told: 2021-03-21}")
    assert not told(
        pack, missed, "2021-03-26: hearing missed, held claim", "2021-03-27: hearing closed, not held claim"
    )
    held, happened = events_of(pack, *missed)
    assert holdings(run(pack, held, happened, day("2021-03-22")), "claim", day("2021-03-22"))
    again = (*missed, "2021-03-28 hearing called by board")
    assert not told(pack, again, "2021-03-28: hearing set, hearing#1 closed, held claim")
