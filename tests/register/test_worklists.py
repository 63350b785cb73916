"""Worklists and the report of a night: opaque codes in the order of the day due; counts, and nothing about anybody."""

import inspect
import json

import polars as pl
import pytest
from tests.register.attempts import ref, waiting_work
from tests.registerhome import (
    DRAWER,
    HOMELESS,
    LETTERS_AT,
    PACK,
    PEOPLE,
    STUDENT,
    TODAY,
    WORKER,
)

from musterroll.engine import night_needs
from musterroll.errors import MusterRollError

NAMES = [f"Given{person}" for person in PEOPLE]


def matters(*given: tuple) -> pl.DataFrame:
    return pl.DataFrame(list(given), schema=night_needs.WORK, orient="row")


@pytest.fixture
def listed(rolled, monkeypatch):
    """Three matters: a lapse in five days, and two that were first seen tonight."""
    from musterroll.register import roll, worklist

    found = matters((HOMELESS, "conflict", 5, None), (STUDENT, "lapse", 0, TODAY + 5), (3, "doubtful link", 0, None))
    monkeypatch.setattr(night_needs, "matters", lambda *_: found)
    worklist.write(roll.current().snapshot, PACK)
    return rolled


def test_the_list_is_in_the_order_of_the_day_due_and_names_nobody(listed):
    from musterroll.register import worklist

    items = worklist.waiting()
    assert items[0].kind == "lapse"
    assert [one.due for one in items] == sorted(one.due for one in items)
    for person in PEOPLE:
        assert ref(person) not in repr(items)
    assert not any(name in repr(items) for name in NAMES)


def test_the_first_matter_becomes_the_officer_s_case_and_nobody_chooses_one(listed):
    from musterroll.register import worklist
    from musterroll.register.acts.work import take_work
    from musterroll.register.models import Case

    first = worklist.waiting()[0]
    code = take_work(by=WORKER, at=LETTERS_AT)
    case = Case.objects.get(code=code)
    assert (case.item, case.officer.handle, case.allocated_by) == (first.item, WORKER.name, None)
    assert first.item not in [one.item for one in worklist.waiting()]
    assert set(inspect.signature(take_work).parameters) == {"by", "at", "kind"}


def test_what_is_taken_is_opened_under_the_case_and_shown_to_the_person(listed):
    from musterroll.register.acts.access import open_record
    from musterroll.register.acts.work import take_work
    from musterroll.register.models import Purpose
    from musterroll.register.queries.person import my_record

    code = take_work(by=WORKER, at=LETTERS_AT, kind="conflict")
    open_record(case=code, purpose=Purpose.ESTABLISH, by=WORKER, at=LETTERS_AT)
    assert [one.case for one in my_record(HOMELESS, LETTERS_AT).looks] == [code]


def test_a_doubtful_link_is_taken_to_be_judged_and_an_empty_list_gives_nothing(listed):
    from musterroll.register.acts.work import take_work
    from musterroll.register.models import Case, Purpose

    code = take_work(by=WORKER, at=LETTERS_AT, kind="doubtful link")
    assert Case.objects.get(code=code).purpose == Purpose.JUDGE_LINK
    with pytest.raises(MusterRollError) as problem:
        take_work(by=WORKER, at=LETTERS_AT, kind="doubtful link")
    assert problem.value.code == "work.none"


def test_a_matter_keeps_its_day_from_night_to_night(listed):
    from tests.register.attempts import second_night

    from musterroll.register import roll, worklist
    from musterroll.register.acts.snapshot import commit_snapshot

    before = {one.item: one.due for one in worklist.waiting()}
    from tests.registerhome import PROGRAM

    commit_snapshot(**second_night(listed), by=PROGRAM)
    worklist.write(roll.current().snapshot, PACK)
    assert {one.item: one.due for one in worklist.waiting()} == before


def parted(*, meanwhile: bool) -> str:
    """Two people merged and parted again, something done for them in between or nothing; the merge's code."""
    from tests.register.attempts import approved, merging

    from musterroll.register.actor import Actor
    from musterroll.register.acts.declare import declare
    from musterroll.register.acts.merge import merge_persons, unmerge_digest, unmerge_persons

    ready = merging(None)
    merge = merge_persons(**ready, by=WORKER).merge
    if meanwhile:
        declare(person=7, attribute="full_time_student", answer="yes", by=Actor.person(7), at=LETTERS_AT + 1)
    approval = approved("unmerge_persons", merge, unmerge_digest(merge), WORKER, LETTERS_AT + 2)
    unmerge_persons(case=ready["into"], merge=merge, approval=approval, by=WORKER, at=LETTERS_AT + 2)
    return merge


def test_what_was_done_for_two_as_one_is_a_matter_once_they_are_parted(rolled):
    from musterroll.register import roll, worklist
    from musterroll.register.acts.work import take_work
    from musterroll.register.models import Case, Purpose

    merge = parted(meanwhile=True)
    assert worklist.write(roll.current().snapshot, PACK)["ended merge"] == 1
    (item,) = worklist.waiting("ended merge")
    assert merge.removeprefix("M-") not in item.item
    assert not any(ref(person) in repr(item) or NAMES[person] in repr(item) for person in (6, 7))
    case = Case.objects.get(code=take_work(by=WORKER, at=LETTERS_AT + 3, kind="ended merge"))
    assert (case.person, case.item, case.purpose) == (7, item.item, Purpose.JUDGE_LINK)
    worklist.write(roll.current().snapshot, PACK)  # the next night finds it again: it is taken
    assert worklist.waiting("ended merge") == ()


def test_a_merge_during_which_nothing_was_done_leaves_no_matter_when_it_is_ended(rolled):
    from musterroll.register import roll, worklist

    parted(meanwhile=False)
    assert worklist.write(roll.current().snapshot, PACK)["ended merge"] == 0


def test_a_list_of_an_earlier_version_keeps_its_days(listed):
    from musterroll.register import roll, worklist

    before = {one.item: one.due for one in worklist.waiting()}
    (file,) = (listed.home.path / "roll" / "worklists").glob("*.parquet")
    pl.read_parquet(file).cast(night_needs.WORK | {"item": pl.String()}).write_parquet(file)
    worklist.write(roll.current().snapshot, PACK)
    assert {one.item: one.due for one in worklist.waiting()} == before


def test_only_those_who_work_on_cases_take_one(rolled):
    from musterroll.register.acts.work import take_work

    waiting_work(rolled)
    with pytest.raises(MusterRollError) as problem:
        take_work(by=DRAWER, at=LETTERS_AT)
    assert problem.value.code == "permission.refused"


def test_what_nobody_says_is_a_question_and_no_matter_for_an_officer(rolled):
    from tests.registerhome import town

    from musterroll.register import roll

    assert night_needs.matters(roll.store(), town(rolled.home), PACK).is_empty()


def test_the_report_of_a_night_counts_and_says_nothing_about_anybody(rolled):
    from musterroll.register import after_night, home, night_report

    after_night.follow(at=LETTERS_AT, run=night_report.Run(causes={"entry": 30}, withdrawn=3))
    (told,) = (home.current().path / "report").glob("*.json")
    (text,) = (home.current().path / "report").glob("*.txt")
    report = json.loads(told.read_bytes())
    assert report["changes"] == {"entry": 30}
    assert report["people"] == {"service/exempt": "not shown", "service/liable": "not shown"}
    assert report["calls withdrawn"] == "not shown"
    assert report["questions"] == {"dwelling": 1}
    everything = told.read_text() + text.read_text()
    assert not any(name in everything or ref(person) in everything for person, name in enumerate(NAMES))


def test_done_again_after_a_crash_nothing_changes(rolled):
    from tests.registerhome import rows_of_every_table

    from musterroll.register import after_night

    first = after_night.follow(at=LETTERS_AT)
    rows = rows_of_every_table()
    assert after_night.follow(at=LETTERS_AT) == first
    assert rows_of_every_table() == rows


def test_a_record_that_a_person_says_is_not_theirs_is_looked_at_until_an_officer_has_judged(rolled):
    from musterroll.register import roll, worklist
    from musterroll.register.actor import Actor
    from musterroll.register.acts.judge import disown_record
    from musterroll.register.acts.work import take_work
    from musterroll.register.models import Case, Purpose
    from musterroll.register.refs import link_ref

    before = worklist.write(roll.current().snapshot, PACK)["doubtful link"]
    asked = {"person": 5, "link": link_ref(5, 53), "by": Actor.person(5)}
    disown_record(**asked, at=LETTERS_AT)
    assert worklist.write(roll.current().snapshot, PACK)["doubtful link"] == before + 1
    cases = {take_work(by=WORKER, at=LETTERS_AT + 1 + n, kind="doubtful link") for n in range(before + 1)}
    assert ("C", 5, Purpose.JUDGE_LINK) in {
        (case.code[0], case.person, case.purpose) for case in Case.objects.filter(code__in=cases)
    }
    disown_record(**asked, at=LETTERS_AT + 50, mine=True)
    assert worklist.write(roll.current().snapshot, PACK)["doubtful link"] == before
