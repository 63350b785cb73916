"""The bulk engine on many machines: Spark hands out the names of bucket files, each task decides one (law-engine 6.4).

1. Spark schedules and moves no row: a task reads its file and writes its result where all workers can reach them.
2. A task depends on its arguments alone, so a task that is run again, or elsewhere, writes the same bytes.
3. Each worker has one core and so one thread; Spark's own pages and reports to others are off.
4. Workers run this program from the same place as the driver: the package is installed on them in the same way.
5. A cluster is opened once (`cluster`) and used for everything that a process has for it: a night's buckets
   (`spark_crew`), linkage (`linkage_spark`), the law.
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import lru_cache, partial
from pathlib import Path

import pyspark

from musterroll.engine.law_files import Written, evaluate_file
from musterroll.law import pack as packs
from musterroll.law.pack import Pack

TWO_WORKERS = "local-cluster[2,1,1024]"
"""A cluster on this machine: two worker processes with one core and 1,024 MB each."""


def decide(
    pack: Pack,
    question: str,
    files: Sequence[Path],
    folder: Path,
    on: int,
    *,
    master: str = TWO_WORKERS,
    context: pyspark.SparkContext | None = None,
) -> tuple[Written, ...]:
    """Decide the people of each file, writing the result under the same name into `folder`; in the order of `files`.

    `context` is an open cluster; without one, one is opened at the address `master`. Raises what Spark raises when the
    cluster cannot be reached.
    """
    task = partial(_decide, pack.canonical(), question, on, folder)
    with nullcontext(context) if context is not None else cluster(master) as opened:
        return tuple(opened.parallelize([str(file) for file in files], len(files)).map(task).collect())


def _decide(canonical: bytes, question: str, on: int, folder: Path, file: str) -> Written:
    source = Path(file)
    return evaluate_file(_law(canonical), question, source, folder / source.name, on)


@lru_cache(maxsize=1)
def _law(canonical: bytes) -> Pack:
    """Read once in each worker, however many files it is handed."""
    return packs.from_canonical(canonical)


@contextmanager
def cluster(master: str = TWO_WORKERS) -> Iterator[pyspark.SparkContext]:
    """An open cluster; `master` is its address as Spark writes it. A process has one at a time."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    with tempfile.TemporaryDirectory(prefix="muster-spark-") as scratch:
        # A cluster on this machine lays its workers' folders into Spark's own: this one is thrown away.
        for part in Path(pyspark.__file__).parent.iterdir():
            (Path(scratch) / part.name).symlink_to(part)
        os.environ["SPARK_HOME"] = scratch
        settings = {
            "spark.app.name": "musterroll",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.executor.memory": "512m",
            "spark.executorEnv.POLARS_MAX_THREADS": "1",
            "spark.local.dir": f"{scratch}/local",
            "spark.log.level": "ERROR",
            "spark.sql.shuffle.partitions": "8",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
        }
        context = pyspark.SparkContext(master, conf=pyspark.SparkConf().setAll(list(settings.items())))
        try:
            yield context
        finally:
            context.stop()
