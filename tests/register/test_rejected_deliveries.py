"""Two people's no to a quarantined delivery: it stays out for ever, its file goes, the agency is told what to send."""

import pytest
from tests.register.attempts import approved
from tests.register.test_chains_and_signatures import changes, digest, door, next_of, told
from tests.register.test_deliveries_at_the_door import GOOD, LINES, manifest
from tests.registerhome import KEEPER, NIGHT_AT, TODAY

from musterroll.errors import MusterRollError

__all__ = ["door"]
TWICE = GOOD + "\n".join(line.replace("B0000", "B9000") for line in LINES) + "\n"


@pytest.fixture
def number(door):
    """A delivery in quarantine: its number of rows has doubled since the day before."""
    door.receive(GOOD, manifest(GOOD.encode(), as_of=TODAY - 1))
    taken = door.receive(TWICE, manifest(TWICE.encode(), rows=60))
    assert taken.outcome.value == "quarantined"
    return taken.number


def reject(number, approval=None, sha256=None):
    from musterroll.register import rejection

    agreed = approval or approved("reject_delivery", str(number), sha256 or digest(TWICE), KEEPER, NIGHT_AT)
    rejection.reject(number=number, approval=agreed, by=KEEPER, at=NIGHT_AT)


def release(number):
    from musterroll.register.acts.delivery import release_delivery

    agreed = approved("release_delivery", str(number), digest(TWICE), KEEPER, NIGHT_AT)
    release_delivery(number=number, approval=agreed, by=KEEPER, at=NIGHT_AT)


def code_of(action, *args) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args)
    return problem.value.code


def test_a_rejected_delivery_leaves_no_file_and_waits_for_no_night_and_nobody_moves(door, number):
    before, waited = door.roll(), next_of(door)
    assert any((door.home.path / "quarantine").iterdir())
    reject(number)
    assert list((door.home.path / "quarantine").iterdir()) == []
    assert next_of(door) == waited == ([digest(GOOD)], 0)
    assert door.roll() == before


def test_the_agency_is_told_that_it_was_rejected_why_and_what_to_send(door, number):
    reject(number)
    (reply,) = [each for each in door.replies() if each["sha256"] == digest(TWICE)]
    assert reply["outcome"] == "rejected"
    assert reply["findings"][0]["what"] == "The number of rows is 60; expected is 21 to 39."
    assert reply["send"] == "Send the whole register again, put right, with a manifest of its own."
    texts = [path.read_text() for path in (door.home.path / "replies").glob("*.txt")]
    (letter,) = [text for text in texts if "REJECTED" in text]
    assert "nobody's standing changes" in letter
    assert f"What to do: {reply['send']}" in letter
    assert "NOT TAKEN IN YET" not in "".join(texts)


def test_the_ledger_says_that_it_was_rejected_and_nothing_of_whom(door, number):
    from musterroll.canonical import decode
    from musterroll.register.models import Entry

    reject(number)
    entry = Entry.objects.order_by("id").last()
    told = decode(bytes(entry.entry), where="entry")
    assert (entry.kind, entry.person) == ("import", None)
    assert {"outcome": "rejected", "sha256": digest(TWICE), "source": "benefit"}.items() <= told["p"].items()


def test_the_no_of_one_office_changes_nothing(door, number):
    from tests.registerhome import rows_of_every_table

    from musterroll.register.acts.approve import propose
    from musterroll.register.models import Approved

    propose(act=Approved.REJECT_DELIVERY, subject=str(number), digest=digest(TWICE), by=KEEPER, at=NIGHT_AT)
    before, files = rows_of_every_table(), sorted((door.home.path / "quarantine").iterdir())
    assert code_of(reject, number, 4711) == "approval.missing"
    assert rows_of_every_table() == before
    assert sorted((door.home.path / "quarantine").iterdir()) == files
    release(number)  # and what one office wanted to reject, two may still let through
    assert next_of(door) == ([digest(TWICE)], 0)


def test_what_was_rejected_is_never_released_and_what_was_released_never_rejected(door, number):
    from musterroll.register.acts.delivery import release_delivery

    released = approved("release_delivery", str(number), digest(TWICE), KEEPER, NIGHT_AT)
    reject(number)
    with pytest.raises(MusterRollError) as refused:
        release_delivery(number=number, approval=released, by=KEEPER, at=NIGHT_AT)
    assert str(refused.value) == (
        f"Two people said no to this delivery; it stays out for ever. Where: delivery {number}. What to do: Ask the "
        "agency to put its copy right and to send the whole register with a manifest of its own. [delivery.rejected]"
    )
    again = TWICE.replace("Hill", "Hall")
    other = door.receive(again, manifest(again.encode(), rows=60)).number
    agreed = approved("release_delivery", str(other), digest(again), KEEPER, NIGHT_AT)
    release_delivery(number=other, approval=agreed, by=KEEPER, at=NIGHT_AT)
    assert code_of(reject, other, None, digest(again)) == "delivery.released"
    assert next_of(door) == ([digest(again)], 0)


def test_only_what_is_in_quarantine_can_be_rejected(door, number):
    assert code_of(reject, number - 1, None, digest(GOOD)) == "delivery.not-quarantined"
    assert code_of(reject, 4711) == "delivery.unknown"


def test_a_rejected_file_sent_again_is_told_so_and_with_a_new_manifest_is_another_delivery(door, number):
    reject(number)
    assert code_of(door.receive, TWICE, manifest(TWICE.encode(), rows=60)) == "delivery.rejected"
    taken = door.receive(TWICE, manifest(TWICE.encode(), rows=60, sent=NIGHT_AT))
    assert (taken.number, taken.outcome.value) == (number + 1, "quarantined")


def test_changes_that_go_on_from_a_rejected_delivery_are_out_of_order(door, number):
    reject(number)
    more = changes(LINES[0])
    taken = door.receive(more, told(more, 1, base=digest(TWICE)))
    assert taken.outcome.value == "quarantined"
    assert taken.findings == (f"Two people said no to the delivery that these changes go on from ({digest(TWICE)}).",)


def test_a_command_stopped_before_the_reply_is_finished_by_the_next_night(door, number):
    from musterroll.register import waiting
    from musterroll.register.acts.delivery import reject_delivery

    agreed = approved("reject_delivery", str(number), digest(TWICE), KEEPER, NIGHT_AT)
    reject_delivery(number=number, approval=agreed, by=KEEPER, at=NIGHT_AT)  # killed here
    assert any((door.home.path / "quarantine").iterdir())
    waiting.clear(None, ())
    assert list((door.home.path / "quarantine").iterdir()) == []
    assert "rejected" in [each["outcome"] for each in door.replies()]


def test_changes_that_waited_for_it_are_rejected_with_it_and_each_is_answered(door, number):
    first = changes(LINES[0])
    second = changes(LINES[1])
    other = changes(LINES[2])
    assert door.receive(first, told(first, 1, base=digest(TWICE))).waits
    assert door.receive(second, told(second, 1, base=digest(first))).waits is False  # it goes on from what waits
    assert door.receive(other, told(other, 1, base="ab" * 32)).waits  # for something else
    before = next_of(door)
    reject(number)
    assert before == ([digest(GOOD)], 3)
    assert next_of(door) == ([digest(GOOD)], 1)
    told_of = {each["sha256"]: each for each in door.replies()}
    for text, base in ((first, TWICE), (second, first)):
        reply = told_of[digest(text)]
        assert reply["outcome"] == "rejected"
        said = f"Two people said no to the delivery that these changes go on from ({digest(base)})."
        assert [each["what"] for each in reply["findings"]] == [said]
        assert reply["send"]
    assert told_of[digest(other)]["waits_for"] == "ab" * 32
    assert len(door.staged("inbox")) == 2  # the whole register, and what waits for something else
    more = changes(LINES[3])
    assert door.receive(more, told(more, 1, base=digest(second))).outcome.value == "quarantined"


def test_changes_wait_on_where_the_rejected_file_came_once_more_and_was_let_through(door, number):
    more = changes(LINES[0])
    again = door.receive(TWICE, manifest(TWICE.encode(), rows=60, sent=NIGHT_AT)).number
    door.receive(more, told(more, 1, base=digest(TWICE)))
    release(again)
    reject(number)
    assert next_of(door) == ([digest(TWICE)], 1)


def test_nobody_is_erased_while_a_delivery_is_undecided_whatever_became_of_its_file_elsewhere(door, number):
    from musterroll.register import erasure

    assert erasure._undecided()
    reject(number)
    assert not erasure._undecided()
    with pytest.raises(MusterRollError):  # the same file, with a manifest of another number of rows: refused and kept
        door.receive(TWICE, manifest(TWICE.encode(), rows=61))
    assert any((door.home.path / "quarantine").iterdir())
    assert not erasure._undecided()
    door.receive(TWICE, manifest(TWICE.encode(), rows=60, sent=NIGHT_AT))
    assert erasure._undecided()
