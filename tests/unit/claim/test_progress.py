"""What can happen to a call."""

from pathlib import Path

import pytest

from musterroll.claim.progress import CallState, Happening, diagram, moved
from musterroll.errors import MusterRollError


def test_a_filing_holds_an_open_call_at_once():
    assert moved(CallState.OPEN, Happening.FILED) is CallState.HELD


def test_a_second_filing_leaves_it_held():
    assert moved(CallState.HELD, Happening.FILED) is CallState.HELD


@pytest.mark.parametrize("state", [CallState.OPEN, CallState.HELD])
def test_a_call_ends_as_soon_as_the_person_is_no_longer_callable(state):
    assert moved(state, Happening.NOT_CALLABLE) is CallState.WITHDRAWN


@pytest.mark.parametrize("happening", list(Happening))
def test_a_call_that_has_ended_never_opens_again(happening):
    with pytest.raises(MusterRollError) as refused:
        moved(CallState.WITHDRAWN, happening)
    assert refused.value.code == "claim.ended"


def test_the_diagram_in_the_docs_is_the_table():
    assert diagram() in (Path(__file__).parents[3] / "docs/flow/claim.md").read_text()
