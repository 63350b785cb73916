"""A night whose buckets a Spark cluster of two worker processes does is, byte for byte, the night of one machine."""

import os

import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PythonException
from tests.agreement.conftest import without_java
from tests.nights import Hamlet, store, terms

from musterroll.engine import night, spark_crew

pytestmark = pytest.mark.timeout(900)  # workers start slowly where the machine has other work

BUCKETS = 4


@without_java
def test_a_night_with_spark_handing_out_the_buckets_ends_in_the_same_snapshot(tmp_path, context) -> None:
    hamlet = Hamlet(7, tmp_path)
    here, there = store(tmp_path / "here"), store(tmp_path / "there")
    before = None
    for number, tonight in enumerate(hamlet.days([["dies", "moves", "enlists", "child"]]), start=1):
        asked = terms(hamlet.day, number, BUCKETS)
        alone = night.run(here, before, tonight, asked)
        spread = night.run(there, before, tonight, asked, crew=spark_crew.crew(context))
        assert {name: [one.content for one in refs] for name, refs in spread.snapshot.tables.items()} == {
            name: [one.content for one in refs] for name, refs in alone.snapshot.tables.items()
        }
        assert spread.snapshot == alone.snapshot
        assert spread.counts == alone.counts
        assert {len(alone.snapshot.refs(name)) for name in ("standing", "flat")} == {BUCKETS}
        before = alone.snapshot


@without_java
def test_work_is_done_by_more_than_one_worker_and_answers_come_in_order(context) -> None:
    told = list(
        spark_crew.crew(context).map(eval, [(f"({number}, __import__('os').getpid())",) for number in range(8)])
    )
    assert [number for number, _ in told] == list(range(8))
    workers = {process for _, process in told}
    assert len(workers) >= 2
    assert os.getpid() not in workers


@without_java
def test_an_error_of_a_worker_ends_the_work(context) -> None:
    # pyspark gives it a name of its own once a session for tables was opened in this process (test_linkage_spark)
    with pytest.raises((Py4JJavaError, PythonException), match="'not a bucket'"):
        list(spark_crew.crew(context).map(int, [("1",), ("not a bucket",)]))
