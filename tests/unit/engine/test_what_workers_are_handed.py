"""Declarations and laws on their way to workers: equal, and one object job after job."""

import pickle
from dataclasses import replace

from tests import nights

from musterroll.engine import crew  # noqa: F401 - says how they are handed on


def test_a_declaration_that_comes_with_two_jobs_is_one_object_and_says_the_same():
    source = nights.sources()["civil"]
    first, second = (pickle.loads(pickle.dumps((source, job)))[0] for job in (1, 2))
    assert first is second
    assert first == source


def test_another_declaration_is_another_object():
    source = nights.sources()["civil"]
    other = replace(source, freshness_days=source.freshness_days + 1)
    assert pickle.loads(pickle.dumps(other)) == other
    assert pickle.loads(pickle.dumps(source)) == source
