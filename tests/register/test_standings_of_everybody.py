"""The lines that a fictional home gives of everybody at once are those that each person's own page gives."""

import pytest
from tests.register.attempts import disowning, doubts, merging, second_night
from tests.registerhome import LETTERS_AT, PROGRAM, STUDENT, WORKER, Stage

from musterroll.register.actor import Actor


def one_by_one(at: int) -> list[tuple[str, ...]]:
    """The slow way: each person as their own page and letter look them up."""
    from musterroll.demo import standings
    from musterroll.engine.roll import person as rolled
    from musterroll.law.explain import explain
    from musterroll.register import overlay, roll
    from musterroll.register.address import corroborated

    current, lines = roll.current(), []
    for key, person in sorted((key, person) for person, key in standings.founding_keys(current).items()):
        seen = overlay.now(person, at)
        parts = rolled.particulars(current.store, current.snapshot, person)
        for question, standing in seen.standings.items():
            told = explain(seen.roll.pack, standing, seen.held, seen.on)
            may = standing.callable and overlay.waits_until(seen, question) is None
            may = may and not overlay.has_open_word(person, at)
            reasons = dict.fromkeys(f"{one.article} {one.paragraph}".strip() for one in told.because)
            needs = [f"{one.attribute} ({', '.join(one.answers)})" for one in told.needs]
            named = (standing.cls or "undetermined", standing.effect or "", "yes" if may else "no")
            address = corroborated(parts, current, seen.on) or ""
            lines.append((key, question, *named, "; ".join(reasons), "; ".join(needs), address))
    return lines


def everybody(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    from musterroll.demo import standings

    people = {person: f"{100 - person:04}" for person in range(30)}
    monkeypatch.setattr(standings, "founding_keys", lambda _: people)
    found = list(standings.lines(LETTERS_AT))
    assert found == one_by_one(LETTERS_AT)
    return found


def test_of_a_town_as_the_night_left_it(rolled: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    found = everybody(monkeypatch)
    assert [line[0] for line in found] == sorted(line[0] for line in found)
    assert {line[3] for line in found} > {"liable", "deferred", "exempt"}
    assert {line[4] for line in found} == {"yes", "no"}


def test_of_a_town_on_its_second_night(rolled: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    from musterroll.register.acts.snapshot import commit_snapshot

    before = {line[0]: line[4] for line in everybody(monkeypatch)}
    changed = {STUDENT: {"full_time_student": 0}}
    commit_snapshot(**second_night(rolled, changed=changed), by=PROGRAM)
    found = {line[0]: line for line in everybody(monkeypatch)}
    assert before[f"{100 - STUDENT:04}"] == "no"
    assert found[f"{100 - STUDENT:04}"][2:5] == ("liable", "liable", "yes")


def test_of_people_who_spoke_and_were_merged(rolled: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    from musterroll.register.acts.declare import declare
    from musterroll.register.acts.judge import disown_record
    from musterroll.register.acts.merge import merge_persons

    before = everybody(monkeypatch)
    declare(person=3, attribute="full_time_student", answer="yes", by=Actor.person(3), at=LETTERS_AT)
    merge_persons(**merging(rolled), by=WORKER)
    after = everybody(monkeypatch)
    moved = {line[0] for line in set(before) ^ set(after)}
    assert {"0097", "0094"} <= moved <= {"0097", "0094", "0093"}
    disown_record(**disowning(rolled), by=Actor.person(0))
    everybody(monkeypatch)


def test_of_people_whom_a_possible_link_protects(rolled: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {line[0]: line for line in everybody(monkeypatch)}
    doubts(rolled)
    after = {line[0]: line for line in everybody(monkeypatch)}
    assert (before["0095"][2], after["0095"][2]) == ("liable", "undetermined")
