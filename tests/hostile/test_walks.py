"""Random courses of every pack go against nothing; and each thing that must hold is found where the stage breaks it.

The whole, of each law:

    muster pack walk packs/us packs/ee packs/lv packs/example --walks 100000 --seed 1
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.conftest import ROOT, muster
from tests.objectiontext import COURSE, law, spoiled, text

from musterroll.claim import course as folding
from musterroll.claim import move as moving
from musterroll.claim import time_limit
from musterroll.claim.happening import Event
from musterroll.claim.next_step import steps
from musterroll.dates import format_day, parse_day
from musterroll.engine.courses import invariants, walks
from musterroll.engine.courses.asked import courses
from musterroll.engine.courses.chance import Chance
from musterroll.engine.courses.walk import Found, Ground, Walk, walk
from musterroll.fact.attribute import Held, State
from musterroll.law import pack as packs
from musterroll.law import scaffold
from musterroll.law.pack import Pack
from musterroll.law.proceeding import PERSON

NAMES = sorted(folder.parent.name for folder in (ROOT / "packs").glob("*/pack.md"))
FEW = 100
CHECKED = "  - (2): {checked: filed -> same, by: harbour_office, if: serving}\n"


def wrong(pack: Pack, count: int = 400) -> Iterator[Found]:
    """The walks that went wrong."""
    ground = Ground.of(pack)
    return (found for number in range(count) if (found := walk(ground, 1, number)))


def first(pack: Pack, code: str, count: int = 1_500) -> Found:
    """The first walk that went against this."""
    return next(found for found in wrong(pack, count) if found.violation.code == code)


@pytest.mark.parametrize("name", NAMES)
def test_random_courses_of_the_packs_go_against_nothing(name: str) -> None:
    assert [found.text for found in wrong(packs.load(ROOT / "packs" / name), FEW)] == []


def test_random_courses_of_a_small_law_come_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise that nothing went wrong would say little."""
    ground = Ground.of(law(more=COURSE))
    seen: set[tuple[str, str]] = set()
    codes: set[str] = set()

    def end(going: Walk) -> list[invariants.Violation]:
        seen.update((at.proceeding, entry.state) for at in going.matter.instances for entry in at.history)
        codes.update(refused.code for refused in going.matter.refused)
        return []

    monkeypatch.setattr(Walk, "end", end)
    assert [found for number in range(600) if (found := walk(ground, 7, number))] == []
    pack = ground.pack
    every = {(name, state) for name, one in pack.proceedings.items() for state in one.states if state != one.start}
    assert every == seen
    assert codes >= {"state", "role", "condition", "early", "held", "quorum", "votes", "barred"}


def test_the_same_seed_and_number_make_the_same_walk() -> None:
    pack = spoiled(("  - (3): {lapsed: refused -> final, by: time, after: appeal}\n", ""), more=COURSE)
    one, other = ([found.text for found in wrong(pack, 300)] for _ in range(2))
    assert one == other
    assert one


def test_a_state_without_a_next_step_is_found_and_told_as_the_shortest_course() -> None:
    found = first(
        spoiled(("  - (3): {lapsed: refused -> final, by: time, after: appeal}\n", ""), more=COURSE), "no-next-step"
    )
    assert [moment.name for moment in found.moments if not isinstance(moment, int)] == ["issued", "filed", "refused"]
    assert "objection stands at `refused`" in found.violation.what
    read = packs.from_text({"small.md": text(more=found.text)})
    assert next(block.name for block in read.cases if block.kind == "course").startswith("no-next-step")


def test_what_was_only_asked_before_it_began_is_not_open() -> None:
    asks = "  - (2): {asked: none -> same, by: person, if: order_state == issued}\n"
    files = "  - (2): {filed: none -> filed, by: person, tells: about, not after: filing"
    pack = spoiled((files, asks + files + ", if: order_state == issued"))
    day = parse_day("2021-03-01")
    known = Held(day + 30, day + 30, State.SINGLE)
    events = (
        Event(day, "order", "issued", "harbour_office", {"report_on": known}, told=day),
        Event(day + 1, "objection", "asked", PERSON),
        Event(day + 2, "order", "cancelled", "harbour_office", told=day + 2),
    )
    going = Walk(pack, {}, Chance(1))
    assert [going.take(event) for event in events] == [[], [], []]
    assert [at.formal for at in going.matter.instances] == ["cancelled", "none"]
    assert not any(step.may for step in steps(going.matter, going.matter.instances[1]))


def test_something_binding_while_it_is_held_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "_held", lambda asked: None)
    found = first(law(more=COURSE), "held")
    assert "order `reported` may be made by person although it is held" in found.violation.what


def test_something_binding_that_was_made_while_it_was_held_is_found() -> None:
    """Reckoned from the histories: a stage that says afterwards that nothing was held does not hide it."""
    pack = law(more=COURSE)
    going = Walk(pack, Ground.of(pack).people[0], Chance(1))
    issued, filed = courses(pack)[0].events[:2]
    assert going.take(issued) == []
    assert going.take(filed) == []
    before = going.matter
    order = before.instances[0]
    bound = next(move for move in pack.proceedings["order"].moves if move.binds)
    entry = replace(order.history[-1], event="reported", move=bound, state="served", day=filed.day + 30)
    made = replace(order, history=(*order.history, entry))
    now = replace(before, instances=(made, *before.instances[1:]), day=filed.day + 30)
    told = [one.what for one in invariants.after_step(before, now, None, Chance(1))]
    assert f"order `reported` was made on {format_day(filed.day + 30)} while it was held" in told


def test_time_that_runs_out_against_somebody_not_told_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = time_limit.stretch

    def told(*given: Any, **more: Any) -> time_limit.Stretch:
        made = real(*given, **more)
        return replace(made, counted=replace(made.counted, told=True))

    monkeypatch.setattr(folding, "stretch", told)
    found = first(law(more=COURSE), "not-told")
    assert "objection `lapsed` happened by time; the person has not been told of `refused`" in found.violation.what


def test_a_worsening_that_counts_before_it_was_told_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "_effective", lambda matter, *given: matter.day)
    found = first(law(more=COURSE), "worse-too-soon")
    assert "counts before the person was told long enough" in found.violation.what


def test_an_office_let_in_by_what_is_not_known_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = spoiled(("  - (2): {refused:", CHECKED + "  - (2): {refused:"), more=COURSE)
    assert list(wrong(pack, 200)) == []
    real = moving._condition

    def lenient(asked: moving.Asked) -> Any:
        found = real(asked)
        return None if found and "not known" in found[1] else found

    monkeypatch.setattr(moving, "_condition", lenient)
    assert "objection `checked` was let in by what is not known" in first(pack, "by-unknown", 4_000).violation.what


def test_a_refused_event_that_changes_something_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = folding._applied

    def changes(matter: Any, event: Any) -> Any:
        made = real(matter, event)
        if len(made.refused) > len(matter.refused) and made.instances:
            return replace(made, instances=made.instances[:-1])
        return made

    monkeypatch.setattr(folding, "_applied", changes)
    assert "was refused, and something has changed" in first(law(more=COURSE), "refused-changes").violation.what


def test_an_answer_that_turns_on_what_came_later_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = folding.run

    def forgets(pack: Pack, held: Any, events: Any, on: int) -> Any:
        return real(pack, held, tuple(events)[1:], on)

    monkeypatch.setattr(folding, "run", forgets)
    found = first(law(more=COURSE), "other-fold")
    assert "the same events give another answer" in found.violation.what


def test_what_is_made_up_of_a_person_is_what_the_fact_may_be() -> None:
    pack, chance = law(), Chance(3)
    known = invariants.completed(pack, {}, frozenset(pack.attributes), chance)
    assert set(known) == set(pack.attributes)
    assert all(fact.exact is not None for fact in known.values())
    assert invariants.completed(pack, known, frozenset(pack.attributes), chance) is known


def test_several_processes_find_what_one_finds() -> None:
    pack = spoiled(("  - (3): {lapsed: refused -> final, by: time, after: appeal}\n", ""), more=COURSE)
    made = list(walks._wrong(pack, 500, 1, 1, lambda done: None))
    assert {code for _, code, _, _ in made} == {"no-next-step"}
    assert list(walks._wrong(pack, 500, 1, 2, lambda done: None)) == made


def test_a_law_without_proceedings_has_no_walks(tmp_path: Any) -> None:
    scaffold.write(tmp_path / "nowhere")
    told = walks.report(tmp_path / "nowhere", 100, 1)
    assert (told.figures, told.exit_code) == ((("walks", 0), ("went wrong", 0)), 0)


def test_what_went_wrong_is_told_once_for_each_kind_with_its_shortest_course(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "_held", lambda asked: None)
    told = walks.report(ROOT / "packs" / "example", 250, 1)
    assert told.exit_code == 1
    assert told.lines[0].startswith("WRONG  held: ")
    assert told.lines[1].startswith("```course held: ")
    assert dict(told.figures)["went wrong"] == len(told.data["wrong"]) > 0


def test_the_command_tells_how_many_and_ends_with_0() -> None:
    done = muster("pack", "walk", ROOT / "packs" / "example", "--walks", "20", "--seed", "3", "--processes", "1")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "example: 20 walks, 0 went wrong")
