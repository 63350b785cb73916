"""How jobs are handed out; what is done beside something else: both at once, both over at the end."""

from concurrent.futures import Executor
from threading import Event

import pytest

from musterroll.engine.crew import Crew, beside


class Asked(Executor):
    """Workers that do nothing but note how many jobs go together."""

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        self.together = chunksize
        return map(fn, *iterables)


@pytest.mark.parametrize(("jobs", "workers", "together"), [(64, 2, 2), (32, 2, 1), (64, 8, 1), (7, 2, 1), (400, 2, 12)])
def test_at_the_end_of_a_step_nobody_waits_for_more_than_a_sixteenth_of_a_workers_share(jobs, workers, together):
    pool = Asked()
    assert list(Crew(workers, pool).map(abs, [(-n,) for n in range(jobs)])) == list(range(jobs))
    assert pool.together == together
    assert pool.together == 1 or pool.together * 16 <= jobs / workers


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
