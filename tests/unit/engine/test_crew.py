"""What is done beside something else: both at once, both over at the end."""

from threading import Event

import pytest

from musterroll.engine.crew import beside


def test_both_are_done_at_once_and_both_are_over_at_the_end():
    begun, go_on, done = Event(), Event(), []

    def other(name: str) -> None:
        begun.set()
        assert go_on.wait(10)
        done.append(name)

    with beside(other, "letters"):
        assert begun.wait(10)
        assert done == []
        go_on.set()
    assert done == ["letters"]


def test_an_error_beside_is_raised_at_the_end():
    done = []
    with pytest.raises(OSError, match="full"), beside(_full):
        done.append("here")
    assert done == ["here"]


def test_an_error_here_is_raised_when_the_other_is_over():
    done = []
    with pytest.raises(ValueError, match="here"), beside(done.append, "beside"):
        raise ValueError("here")
    assert done == ["beside"]


def _full() -> None:
    raise OSError("full")
