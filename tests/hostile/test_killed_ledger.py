"""A small form of `tests.hostile.killed_ledger`: four writers and the sequencer, killed while a year ends."""

from tests.hostile.killed_ledger import stress
from tests.registerhome import cluster

__all__ = ["cluster"]


def test_no_act_is_lost_or_double_when_writers_and_the_sequencer_are_killed(cluster):
    result = stress(cluster, acts=240, writers=4, kills=6, people=20)
    assert result.acts >= 240
    assert (result.killed_writers, result.killed_sequencers) == (4, 2)
    assert result.entries > result.acts  # the next year’s key, and the year
    assert (result.years, result.checkpoints > 2) == (2, True)  # the sequencer did publish while they wrote
