"""A night's buckets done by a Spark cluster: the crew of `engine/crew.py` with workers on many machines.

1. Spark hands out the arguments of a bucket's work and brings back its small answer. Rows stay in files: a worker reads
   and writes the roll's content-addressed objects and the night's work folder, which all machines must see.
2. What a bucket's work leaves depends on its arguments alone, so a task that is run again, or elsewhere, writes the
   same bytes, and a night done here is the night done on one machine (tests/agreement/test_night_spark.py).
3. Linkage of changed records stays with the machine that runs the night: it is small, and needs an index of everybody.
   For a whole nation anew there is `linkage_spark`.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import Any

import pyspark

from musterroll.engine.crew import Crew


class Cluster(Executor):
    """An open Spark cluster where `Crew` expects worker processes."""

    def __init__(self, context: pyspark.SparkContext) -> None:
        self._context = context

    def map[A](
        self,
        fn: Callable[..., A],
        *iterables: Iterable[Any],
        timeout: float | None = None,  # noqa: ARG002 what an Executor is handed; Spark has its own
        chunksize: int = 1,  # noqa: ARG002 as above
    ) -> Iterator[A]:
        """What `fn` gives for each set of arguments, in their order; Spark spreads them as it likes.

        Raises the first error of a task as Spark tells it.
        """
        jobs = list(zip(*iterables, strict=True))
        return iter(self._context.parallelize(jobs, len(jobs)).map(lambda job: fn(*job)).collect())


def crew(context: pyspark.SparkContext) -> Crew:
    """The crew of a night on this cluster."""
    return Crew(context.defaultParallelism, Cluster(context))
