"""A Parquet file of any size is read in bounded memory: a few groups of rows by one reader, which is then gone."""

import pytest

from musterroll.engine import extract_sandbox


@pytest.mark.parametrize(
    ("sizes", "runs"),
    [
        ([], []),
        ([5], [[0]]),
        ([5, 5, 5], [[0, 1], [2]]),  # two together are a batch
        ([11, 3, 7, 1], [[0], [1, 2], [3]]),  # one larger than a batch alone
        ([0, 0, 10], [[0, 1, 2]]),
    ],
)
def test_groups_of_rows_that_make_a_batch_are_read_together(monkeypatch, sizes, runs):
    monkeypatch.setattr(extract_sandbox, "ROWS", 10)
    assert list(extract_sandbox._runs(sizes)) == runs
