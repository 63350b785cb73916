"""S8: a record is opened for a case or with the person present, for a purpose; in the log first, and shown to them."""

import inspect
import pkgutil
from importlib import import_module

import pytest
from tests.register.attempts import allocated, ref
from tests.registerhome import CLERK, DRAWER, KEEPER, LETTERS_AT, SUPERVISOR, WORKER

from musterroll.errors import MusterRollError
from musterroll.register.actor import Actor


def code_of(action, *args, **kwargs) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


def test_an_opening_stands_in_the_log_before_anything_is_read(rolled):
    from musterroll.register.acts.access import open_record
    from musterroll.register.models import Entry, Purpose
    from musterroll.register.queries.officer import opened

    case = allocated(rolled)["case"]
    number = open_record(purpose=Purpose.DECIDE_CLAIM, by=WORKER, at=LETTERS_AT, case=case)
    assert Entry.objects.order_by("-id").first().act == "record.opened"
    record = opened(number, by=WORKER, at=LETTERS_AT)
    assert record.ref == ref(0)
    assert record.facts


def test_if_the_log_refuses_the_opening_nothing_is_read(rolled, ledger_refuses):
    from musterroll.register.acts.access import open_record
    from musterroll.register.models import Purpose
    from musterroll.register.queries.officer import opened

    case = allocated(rolled)["case"]
    ledger_refuses()
    with pytest.raises(Exception, match="the ledger refuses"):
        open_record(purpose=Purpose.DECIDE_CLAIM, by=WORKER, at=LETTERS_AT, case=case)
    assert code_of(opened, 1, by=WORKER, at=LETTERS_AT) == "access.not-opened"


def test_the_person_sees_who_looked_when_and_for_what(rolled):
    from musterroll.register.acts.access import open_record
    from musterroll.register.models import Purpose
    from musterroll.register.queries.person import my_record

    case = allocated(rolled)["case"]
    open_record(purpose=Purpose.DECIDE_CLAIM, by=WORKER, at=LETTERS_AT, case=case)
    (look,) = my_record(0, LETTERS_AT).looks
    assert (look.at, look.office, look.officer, look.purpose, look.case) == (
        "2026-09-25T08:00:00Z",
        "Registry",
        "case-1",
        "decide a claim",
        case,
    )
    assert my_record(1, LETTERS_AT).looks == ()


def test_without_a_case_or_the_person_nothing_opens(rolled):
    from musterroll.register.acts.access import close_case, open_record
    from musterroll.register.models import Purpose

    ready = allocated(rolled)
    case, purpose = ready["case"], Purpose.DECIDE_CLAIM
    assert code_of(open_record, purpose=purpose, by=WORKER, at=LETTERS_AT) == "access.no-code"
    assert code_of(open_record, purpose=purpose, by=WORKER, at=LETTERS_AT, case="C-none") == "access.no-case"
    assert code_of(open_record, purpose=purpose, by=KEEPER, at=LETTERS_AT, case=case) == "access.no-case"
    assert code_of(open_record, purpose=Purpose.AUDIT, by=WORKER, at=LETTERS_AT, case=case) == "access.other-purpose"
    assert code_of(open_record, purpose=purpose, by=CLERK, at=LETTERS_AT, case=case) == "permission.refused"
    close_case(**ready, by=SUPERVISOR)
    assert code_of(open_record, purpose=purpose, by=WORKER, at=LETTERS_AT, case=case) == "access.no-case"


def test_a_one_time_code_opens_one_record_once_within_ten_minutes(rolled):
    from musterroll.register.acts.access import give_code, open_record
    from musterroll.register.models import Purpose

    def opens(code: str, at: int) -> int:
        return open_record(purpose=Purpose.HELP_PERSON, by=WORKER, at=at, code=code)

    code = give_code(by=Actor.person(3), at=LETTERS_AT)
    assert len(code) == 10
    assert code_of(opens, "0" * 10, LETTERS_AT) == "access.no-code"
    opens(code, LETTERS_AT + 599)
    assert code_of(opens, code, LETTERS_AT + 599) == "access.no-code"
    late = give_code(by=Actor.person(3), at=LETTERS_AT)
    assert late != code
    assert code_of(opens, late, LETTERS_AT + 601) == "access.no-code"


def test_two_people_never_hold_the_same_code(rolled, monkeypatch):
    from musterroll.register.acts import access
    from musterroll.register.models import Purpose

    unlikely = access._ten_digits
    monkeypatch.setattr(access, "_ten_digits", lambda secret, label: unlikely(secret, "+" * label.count("+")))
    mine, theirs = (access.give_code(by=Actor.person(number), at=LETTERS_AT) for number in (3, 2))
    assert mine != theirs
    access.open_record(purpose=Purpose.HELP_PERSON, by=WORKER, at=LETTERS_AT, code=theirs, ref=ref(2))


def test_an_opening_is_its_officer_s_own_and_lasts_an_hour(rolled):
    from musterroll.register.acts.access import open_record
    from musterroll.register.models import Purpose
    from musterroll.register.queries.officer import opened

    case = allocated(rolled)["case"]
    number = open_record(purpose=Purpose.DECIDE_CLAIM, by=WORKER, at=LETTERS_AT, case=case)
    opened(number, by=WORKER, at=LETTERS_AT + 3_600)
    assert code_of(opened, number, by=WORKER, at=LETTERS_AT + 3_601) == "access.not-opened"
    assert code_of(opened, number, by=DRAWER, at=LETTERS_AT) == "access.not-opened"


def test_nobody_allocates_a_case_to_themselves_or_to_nobody(rolled):
    from musterroll.register.acts.access import allocate_case
    from musterroll.register.models import Purpose

    def allocate(officer: str, whose: str) -> str:
        return allocate_case(ref=whose, officer=officer, purpose=Purpose.AUDIT, by=SUPERVISOR, at=LETTERS_AT)

    assert code_of(allocate, SUPERVISOR.name, ref(0)) == "access.own-case"
    assert code_of(allocate, "nobody", ref(0)) == "officer.unknown"
    assert code_of(allocate, WORKER.name, "a" * 16) == "person.ref-unknown"


def test_superseded_names_and_addresses_reach_the_person_alone(rolled):
    from musterroll.register.acts.access import open_record
    from musterroll.register.models import Purpose
    from musterroll.register.queries.officer import opened
    from musterroll.register.queries.person import my_record

    case = allocated(rolled)["case"]
    number = open_record(purpose=Purpose.DECIDE_CLAIM, by=WORKER, at=LETTERS_AT, case=case)
    assert "Former Road" not in repr(opened(number, by=WORKER, at=LETTERS_AT))
    assert [one.text for one in my_record(0, LETTERS_AT).superseded] == ["0 Former Road"]


def test_a_history_and_two_records_side_by_side_are_read_under_an_opening_in_the_log_only(rolled):
    from musterroll.register.queries.judgement import links, side_by_side
    from musterroll.register.queries.why import why

    read = [
        (why, ("born",), {"as_at": None, "known_at": None}),
        (links, (), {}),
        (side_by_side, ("aaaaaaaaaaaaaaaa",), {}),
    ]
    for query, words, more in read:
        assert code_of(query, 1, *words, by=WORKER, at=LETTERS_AT, **more) == "access.not-opened", query.__name__


def test_an_opening_is_of_the_person_who_was_asked_for(rolled):
    from musterroll.register.acts.access import open_record
    from musterroll.register.models import Access, Entry, Purpose

    ready = {**allocated(rolled), "purpose": Purpose.DECIDE_CLAIM, "by": WORKER}
    entries = Entry.objects.count()
    assert code_of(open_record, **ready, ref=ref(1)) == "access.other-person"
    assert (Entry.objects.count(), Access.objects.count()) == (entries, 0)
    open_record(**ready, ref=ref(0))


def test_a_link_s_reference_finds_nobody_by_itself(rolled):
    """It is a keyed digest of person and record: the same record beside another person has another one."""
    from musterroll.register.refs import link_ref, record_of

    assert link_ref(0, 3) != link_ref(1, 3)
    assert len(link_ref(0, 3)) == 16
    assert code_of(record_of, link_ref(0, 3), 1, [3]) == "judge.link-unknown"


def test_no_query_finds_people_by_name_or_address():
    import musterroll.register.queries as queries

    for module in pkgutil.iter_modules(queries.__path__):
        for name, function in inspect.getmembers(
            import_module(f"{queries.__name__}.{module.name}"), inspect.isfunction
        ):
            if name.startswith("_") or not function.__module__.startswith(queries.__name__):
                continue
            wanted = set(inspect.signature(function).parameters)
            assert not wanted & {"name", "family", "given", "address", "street", "number_or_name", "search"}, name
