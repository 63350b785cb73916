"""Judging at the terminal: a case, two records side by side, what each choice would change, two people where needed."""

import pytest
from tests.flow.test_officers_cli import Desk
from tests.register.attempts import PAID, doubts, ref
from tests.registerhome import LETTERS_AT, STUDENT, cluster, open_stage

from musterroll.register import home

__all__ = ["cluster", "open_stage"]

FOR_JUDGING = "judge whether a record is this person's"


@pytest.fixture
def at(open_stage) -> Desk:
    stage = open_stage("rolled", own=True)
    doubts(stage)
    return Desk(stage).at(LETTERS_AT)


def case_about(at: Desk, person: int, purpose: str = FOR_JUDGING) -> str:
    with home.open(at.folder):
        reference = ref(person)
    said = at.does("case", "allocate", reference, "--to", "case-1", "--purpose", purpose, officer="watch-1")
    return said.split()[1]


def link_of(at: Desk, person: int, record: int) -> str:
    from musterroll.register.refs import link_ref

    with home.open(at.folder):
        return link_ref(person, record)


def test_a_link_is_shown_confirmed_and_the_person_sees_it_all(at):
    case, link = case_about(at, 5), link_of(at, 5, PAID)
    assert at.does("judge", "list", officer="case-1").startswith(case)
    shown = at.does("judge", "show", case, officer="case-1")
    assert f"{link}  possible   Armed Forces Pay Office  (model, 9.0 bits)" in shown
    beside = at.does("judge", "show", case, "--link", link, officer="case-1")
    assert "refuted:" in beside
    assert "waits for the law's period  (two people)" in beside
    said = at.does("judge", "confirm", case, "--link", link, officer="case-1")
    assert "Calls withdrawn: 0." in said
    with home.open(at.folder):
        from musterroll.register.queries.person import my_record

        looks = my_record(5, LETTERS_AT).looks
    assert {one.purpose for one in looks} == {FOR_JUDGING}
    assert len(looks) == 3


def test_refuting_what_protects_is_proposed_and_meanwhile_only_protects(at):
    case, link = case_about(at, 5), link_of(at, 5, PAID)
    said = at.does("judge", "refute", case, "--link", link, officer="case-1")
    assert said.startswith("Possible from now on")
    number = said.split("Proposal ")[1].split(":")[0]
    assert at.refused("approve", number, officer="registry-chief") == "approval.same-office"
    approval = at.does("approve", number, officer="watch-1").split()[-1]
    done = at.does("judge", "refute", case, "--link", link, "--approval", approval, officer="case-1")
    assert "waits for the law's period" in done


def test_two_numbers_are_merged_and_parted_by_two(at):
    case, into = case_about(at, 6), case_about(at, 7)
    number = at.does("judge", "merge", case, "--into", into, officer="case-1").split()[1].rstrip(":")
    approval = at.does("approve", number, officer="watch-1").split()[-1]
    merged = at.does("judge", "merge", case, "--into", into, "--approval", approval, officer="case-1")
    code = merged.split()[2].rstrip(".")
    assert code in at.does("judge", "show", into, officer="case-1")
    number = at.does("judge", "unmerge", into, "--merge", code, officer="case-1").split()[1].rstrip(":")
    approval = at.does("approve", number, officer="watch-1").split()[-1]
    assert "Ended" in at.does("judge", "unmerge", into, "--merge", code, "--approval", approval, officer="case-1")
    assert "ended" in at.does("judge", "show", into, officer="case-1")


def test_a_record_is_split_off_by_two(at):
    case, link = case_about(at, 5), link_of(at, 5, PAID)
    number = at.does("judge", "split", case, "--link", link, officer="case-1").split()[1].rstrip(":")
    approval = at.does("approve", number, officer="watch-1").split()[-1]
    assert "Split." in at.does("judge", "split", case, "--link", link, "--approval", approval, officer="case-1")


def test_without_a_case_for_judging_nothing_is_shown_and_there_is_no_search(at):
    case, link = case_about(at, 5, "audit"), link_of(at, 5, PAID)
    assert at.refused("judge", "show", case, officer="case-1") == "access.other-purpose"
    assert at.refused("judge", "confirm", case, "--link", link, officer="case-1") == "access.other-purpose"
    assert at.refused("judge", "possible", "C-none", "--link", link, officer="case-1") == "access.no-case"
    own = case_about(at, 6)
    assert at.refused("judge", "show", own, "--link", link, officer="case-1") == "judge.link-unknown"
    assert at.refused("judge", "show", own, officer="keep-1") == "access.no-case"


def test_the_history_of_one_fact_is_told_for_a_case_and_its_own_person(at):
    case = case_about(at, STUDENT, "audit")
    with home.open(at.folder):
        theirs, others = ref(STUDENT), ref(3)
    look = ["--purpose", "audit", "--case", case]
    told = at.does("why", theirs, "full_time_student", *look, officer="case-1")
    assert "decided again: equal, bit for bit" in told
    back = at.does("why", theirs, "full_time_student", *look, "--known-at", "2026-09-10T08:00:00Z", officer="case-1")
    assert "known at 2026-09-10T08:00:00Z" in back
    assert at.refused("why", others, "full_time_student", *look, officer="case-1") == "access.other-person"


def test_somebody_is_erased_by_two_and_their_reference_says_when(at, tmp_path):
    order = tmp_path / "order.pdf"
    order.write_bytes(b"by the court")
    case = case_about(at, 8, "erase what is held of the person")
    with home.open(at.folder):
        reference = ref(8)
    asked = ["erase", case, "--ground", "court", "--order", order]
    assert at.refused("erase", case, "--ground", "court", "--approval", 99, officer="case-1") == "approval.missing"
    number = at.does(*asked, officer="case-1").split()[1].rstrip(":")
    approval = at.does("approve", number, officer="watch-1").split()[-1]
    said = at.does(*asked, "--approval", approval, officer="case-1")
    assert said.startswith("Erased. ")
    again = at.does(*asked, "--approval", approval, officer="case-1")  # stopped before its files were gone
    assert again.startswith("Erased. 0 objects")
    allocate = ["case", "allocate", reference, "--to", "case-1", "--purpose", "audit"]
    assert at.refused(*allocate, officer="watch-1") == "person.erased"
