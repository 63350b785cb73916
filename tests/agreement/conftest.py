"""One Spark cluster with two worker processes for all tests of a process that want one."""

import shutil
from collections.abc import Iterator

import pytest

from musterroll.engine import spark

without_java = pytest.mark.skipif(shutil.which("java") is None, reason="Java is not here: Spark was NOT tried")
"""On every test that wants the cluster."""


@pytest.fixture(scope="session")
def context() -> Iterator[spark.pyspark.SparkContext]:
    """The open cluster."""
    with spark.cluster(spark.TWO_WORKERS) as opened:
        yield opened
