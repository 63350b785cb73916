"""S10: one act finds everybody touched by a bad delivery, model or law, takes back what went out, and tells a count."""

import inspect

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.register.attempts import approved, composed
from tests.registerhome import CLERK, DRAW, DRAWER, KEEPER, LETTERS_AT, PACK, REPORT_ON, SUPERVISOR, rows_of_every_table

from musterroll.engine import night_touched
from musterroll.errors import MusterRollError

DWELLING = "3"
"""The number of the town's delivery of the dwelling register."""


def indexed() -> None:
    from musterroll.register import roll, touched

    touched.write(roll.current().snapshot)


def recalled(what: str = "delivery", subject: str = DWELLING):
    from musterroll.register.acts import recall
    from musterroll.register.models import Recallable

    indexed()
    thing = Recallable(what)
    digest = "d" * 64 if what == "delivery" else recall.digest_of(thing, subject)
    approval = approved("recall", recall.subject_of(thing, subject), digest, KEEPER, LETTERS_AT)
    return recall.recall(what=thing, subject=subject, approval=approval, by=SUPERVISOR, at=LETTERS_AT)


@pytest.fixture
def town(called, monkeypatch):
    """The town, whose deliveries were written into the roll without a file: their digests are given here."""
    from musterroll.register.acts import recall

    real = recall.digest_of
    monkeypatch.setattr(
        recall, "digest_of", lambda what, subject: "d" * 64 if what == "delivery" else real(what, subject)
    )
    return called


def states() -> set[str]:
    from musterroll.register import policies
    from musterroll.register.models import Call

    return {policies.state_of(one).value for one in Call.objects.all()}


def code_of(action, *args, **kwargs) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


def test_every_call_that_rests_on_it_is_off_in_the_same_moment(town):
    assert states() == {"open"}
    reach = recalled()
    assert states() == {"withdrawn"}
    assert (reach.people, reach.calls, reach.places) == (30, 5, 26)


def test_a_delivery_that_touched_nobody_takes_nothing_back(town):
    reach = recalled(subject="99")  # no night took it in
    assert (reach.people, reach.calls) == (0, 0)
    assert states() == {"open"}


def test_who_has_the_letter_of_a_call_gets_the_one_that_takes_it_back(town):
    from musterroll.register.models import CallEvent

    composed(town)
    recalled()
    assert set(CallEvent.objects.values_list("because", flat=True)) == {"recalled"}


def test_no_letter_of_a_recalled_call_goes_out(town):
    from musterroll.register.acts.attempt import begin_attempt

    ready = composed(town)
    recalled()
    assert code_of(begin_attempt, **ready, by=CLERK) == "notice.call-not-open"


def test_done_again_it_changes_nothing(town):
    first = recalled()
    before = rows_of_every_table()
    assert recalled().people == first.people
    assert rows_of_every_table() == before


def test_nobody_is_called_until_a_night_has_left_it_out(town):
    from musterroll.register.acts.call import approval_digest, order_call
    from musterroll.register.models import DrawResult

    recalled()
    digest = approval_digest(DrawResult.objects.get().order_sha256, REPORT_ON)
    approval = approved("order_call", f"{DRAW}/2", digest, DRAWER, LETTERS_AT)
    again = {"draw": DRAW, "report_on": REPORT_ON, "approval": approval, "by": DRAWER, "at": LETTERS_AT, "number": 2}
    assert code_of(order_call, **again) == "recall.waits"


def test_a_law_is_recalled_with_everything_decided_under_it(town):
    from musterroll.register import policies, roll

    recalled("pack", PACK.digest)
    assert roll.in_force().digest == PACK.digest  # there is no other: people still read what is held
    assert code_of(policies.check_law_stands, PACK.digest) == "recall.law"


def test_two_people_of_two_offices_or_nothing(town):
    from musterroll.register.acts import recall
    from musterroll.register.models import Recallable

    indexed()
    other = approved("recall", "delivery/4", "d" * 64, KEEPER, LETTERS_AT)
    before = rows_of_every_table()
    refused = {"what": Recallable.DELIVERY, "subject": DWELLING, "by": SUPERVISOR, "at": LETTERS_AT}
    assert code_of(recall.recall, **refused, approval=0) == "approval.missing"
    assert code_of(recall.recall, **refused, approval=other) == "approval.missing"
    assert rows_of_every_table() == before


def test_if_the_ledger_refuses_nothing_has_changed(town, ledger_refuses):
    indexed()
    before = rows_of_every_table()
    ledger_refuses()
    with pytest.raises(Exception, match="the ledger refuses"):
        recalled()
    after = rows_of_every_table()
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "Proposal": 1,
        "Approval": 1,
    }


def test_no_way_to_recall_names_a_person_a_row_a_value_or_a_rule():
    """What a recall takes is closed: what is bad, by its number or digest, and who agrees."""
    from musterroll.cli import recall as command
    from musterroll.register import touched
    from musterroll.register.acts import recall
    from musterroll.register.models import Recall, Recallable

    assert {one.value for one in Recallable} == {"delivery", "model", "pack"}
    assert set(inspect.signature(recall.recall).parameters) == {"what", "subject", "approval", "by", "at"}
    assert set(inspect.signature(recall.reach).parameters) == {"what", "subject"}
    assert set(inspect.signature(touched.by).parameters) == {"what", "subject"}
    assert {field.name for field in Recall._meta.fields} == {"id", "at", "what", "subject", "approval", "entry"}
    for one in (command.propose, command.approve):
        assert {each.name for each in one.params} == {"folder", "officer", "what", "subject"}


def test_on_a_screen_stands_a_count_through_the_disclosure_function(capsys):
    from musterroll.cli.recall import _say
    from musterroll.register.acts.recall import Reach

    _say(Reach(people=1_234, places=57, calls=4, letters=3))
    assert capsys.readouterr().out.split() == (
        ["calls", "not", "shown", "letters", "not", "shown", "people", "1235", "places", "in", "draws", "55"]
    )


def test_the_index_holds_ranges_of_numbers_and_nothing_else(town):
    from musterroll.register import home

    indexed()
    (file,) = (home.current().path / "roll" / "touched").glob("*.parquet")
    assert pl.read_parquet(file).schema == night_touched.RANGES


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5)), max_size=12))
def test_the_union_of_ranges_covers_the_same_people_once(pairs):
    rows = [(0, 1, lo, lo + more) for lo, more in pairs]
    lo, hi = night_touched.union(pl.DataFrame(rows, schema=night_touched.RANGES, orient="row"))
    people = [person for first, last in zip(lo, hi, strict=True) for person in range(first, last + 1)]
    assert people == sorted({person for first, more in pairs for person in range(first, first + more + 1)})
