"""The same people give the same standings to the bit: twice, on one thread and two, in other files, on a cluster."""

import json
import random
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from tests.agreement.conftest import without_java
from tests.conftest import ROOT
from tests.lawtext import anybody, day, flat

from musterroll.engine import law_files, spark
from musterroll.engine.roll.content import content
from musterroll.law import pack as packs

US = packs.load(ROOT / "packs" / "us")
QUESTION, ON = "class", day("2027-03-01")

ALONE = """
import json, sys
from pathlib import Path
from musterroll.engine.law_files import evaluate_file
from musterroll.law import pack as packs

pack = packs.load(Path(sys.argv[1]))
files = [Path(file) for file in sys.argv[4:]]
print(json.dumps([
    evaluate_file(pack, "class", file, Path(sys.argv[2]) / file.name, int(sys.argv[3])).content for file in files
]))
"""


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    chance = random.Random("same content")
    few = flat(US, [anybody(US, chance, sets=0.1) for _ in range(400)]).drop("person")
    return pl.concat([few] * 20).with_row_index("person").with_columns(pl.col("person").cast(pl.Int64))


@pytest.fixture(scope="module")
def buckets(people: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("buckets")
    files = [folder / f"bucket-{number}.parquet" for number in range(4)]
    for number, file in enumerate(files):
        people.filter(pl.col("person") % 4 == number).write_parquet(file, row_group_size=500)
    return files


@pytest.fixture(scope="module")
def expected(buckets: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("first")
    return [one.content for one in law_files.evaluate_files(US, QUESTION, buckets, folder, ON)]


@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_same_on_one_thread_and_on_two(buckets, expected, tmp_path: Path, threads: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(ROOT / "packs" / "us"), str(tmp_path), str(ON), *map(str, buckets)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={"POLARS_MAX_THREADS": threads, "PATH": "/usr/bin"},
    )
    assert json.loads(done.stdout) == expected


def test_the_same_in_another_order_of_rows(people, buckets, expected, tmp_path: Path) -> None:
    shuffled = people.sample(fraction=1, shuffle=True, seed=5)
    shuffled.write_parquet(tmp_path / "all.parquet", row_group_size=777)
    found = law_files.evaluate_file(US, QUESTION, tmp_path / "all.parquet", tmp_path / "found.parquet", ON)
    standings = pl.read_parquet(found.file).sort("person")
    assert [content(standings.filter(pl.col("person") % 4 == number)) for number in range(4)] == expected


@without_java
def test_the_same_on_a_cluster_with_two_worker_processes(buckets, expected, tmp_path: Path, context) -> None:
    found = spark.decide(US, QUESTION, buckets, tmp_path, ON, context=context)
    assert [one.content for one in found] == expected
    assert [one.file.name for one in found] == [file.name for file in buckets]
