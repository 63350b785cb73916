"""What the machine does to us: a full disk, a damaged object, two writers at once. Nothing is lost and it is said."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.registerhome import LETTERS_AT, PROGRAM, SUPERVISOR

from musterroll.errors import MusterRollError
from musterroll.register.actor import Actor
from musterroll.register.files import write_whole


def full(path) -> None:
    """Let the next file written whole at `path` meet a full disk: the file aside leads to /dev/full."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name(f".{path.name}.{os.getpid()}.tmp").symlink_to("/dev/full")


def test_a_file_that_the_full_disk_does_not_take_leaves_the_old_one_whole(tmp_path):
    path = tmp_path / "file"
    write_whole(path, b"old")
    full(path)
    with pytest.raises(OSError) as problem:
        write_whole(path, b"new" * 1_000)
    assert problem.value.errno == errno.ENOSPC
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"old"]
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("file", ["checkpoint", "tile/0/000.p/21"])
def test_publishing_onto_a_full_disk_is_done_again_and_ends_in_the_same_log(called, file):
    from musterroll.register import log
    from musterroll.register.acts.appoint import appoint
    from musterroll.register.models import Role

    appoint(office="board", title="Board", officer="new", roles=[Role.CASES], by=SUPERVISOR, at=LETTERS_AT)
    assert log.head().size == 20
    full(called.home.ledger / file)
    with pytest.raises(OSError) as problem:
        log.publish(by=PROGRAM, at=LETTERS_AT)
    assert problem.value.errno == errno.ENOSPC
    assert log.publish(by=PROGRAM, at=LETTERS_AT).size == 21
    assert log.pinned().accept((called.home.ledger / "checkpoint").read_bytes()).checkpoint == log.head()


def test_a_damaged_object_of_the_roll_is_named_and_never_shown_as_somebody_s_record(rolled):
    from musterroll.register import roll
    from musterroll.register.queries.person import my_record

    (ref,) = roll.current().snapshot.refs("particular")
    path = roll.store().path(ref)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(MusterRollError) as problem:
        my_record(0, LETTERS_AT)
    assert problem.value.code == "roll.object-damaged"
    assert ref.sha256 in str(problem.value)


def test_acts_about_one_person_at_the_same_time_wait_for_each_other(open_stage):
    from django.db import connection

    from musterroll.entry import chain
    from musterroll.register.acts.declare import declare
    from musterroll.register.acts.writing import ref_of
    from musterroll.register.models import Entry

    open_stage("called", own=True)
    says = [("serving", "yes"), ("full_time_student", "yes"), ("in_institution", "yes"), ("has_served", "yes")]

    def say(word: tuple[str, str]) -> str:
        try:
            by = Actor.person(0)
            return declare(person=0, attribute=word[0], answer=word[1], by=by, at=LETTERS_AT).receipt
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(say, says))
    rows = list(Entry.objects.filter(person=0).order_by("n"))
    assert len(set(receipts)) == 4
    assert chain.check(ref_of(0), [(bytes(row.payload), bytes(row.commitment)) for row in rows]).n == len(rows)


def test_an_order_of_call_can_be_extended_after_calls_were_withdrawn(called):
    from tests.register.attempts import approved, ended
    from tests.registerhome import DRAW, DRAWER, REPORT_ON

    from musterroll.register.acts.call import approval_digest, order_call, withdraw_call
    from musterroll.register.models import Call, DrawResult

    before = {call.place: call.person for call in Call.objects.all()}
    withdraw_call(**ended(called), by=PROGRAM)
    digest = approval_digest(DrawResult.objects.get().order_sha256, REPORT_ON)
    approval = approved("order_call", f"{DRAW}/2", digest, DRAWER, LETTERS_AT)
    order_call(draw=DRAW, report_on=REPORT_ON, approval=approval, by=DRAWER, at=LETTERS_AT, number=2)
    after = {call.place: call.person for call in Call.objects.all()}
    assert before.items() <= after.items()  # places already reached keep what they have
    assert len(after) == len(before) + 1
    assert max(after) > max(before)
