"""Standings of buckets: the same bytes however they are made; some people by place (law-engine 6.4)."""

import random
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from tests.lawtext import anybody, day, flat, small

from musterroll.engine import law_files, law_polars

PACK = small()
ON = day("2020-02-29")

AGAIN = """
import sys
from pathlib import Path
from musterroll.engine import law_files
from musterroll.law import pack as packs
pack = packs.from_canonical(Path(sys.argv[1]).read_bytes())
law_files.evaluate_file(pack, "duty", Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
"""


@pytest.fixture
def buckets(tmp_path: Path) -> list[Path]:
    """Two files, together larger than a piece, in several row groups."""
    chance = random.Random(9)
    kinds = flat(PACK, [anybody(PACK, chance, sets=0.2) for _ in range(500)])
    files = []
    for number in range(2):
        frame = pl.concat([kinds] * 90).with_columns(pl.int_range(pl.len()).alias("person") + 100_000 * number)
        files.append(tmp_path / f"people-{number}.parquet")
        frame.write_parquet(files[-1], row_group_size=10_000)
    return files


def test_files_hold_what_the_engine_finds_in_memory_and_in_its_order(buckets: list[Path], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    for source, written in zip(
        buckets, law_files.evaluate_files(PACK, "duty", buckets, tmp_path / "out", ON), strict=True
    ):
        expected = law_polars.evaluate(PACK, "duty", pl.read_parquet(source), ON)
        assert written.rows == expected.height
        assert pl.read_parquet(written.file).equals(expected)
        alone = law_files.evaluate_file(PACK, "duty", source, tmp_path / "alone.parquet", ON)
        assert alone.content == written.content
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["people-0.parquet", "people-1.parquet"]


def test_one_thread_and_three_write_the_same_bytes(buckets: list[Path], tmp_path: Path) -> None:
    (tmp_path / "pack").write_bytes(PACK.canonical())
    written = []
    for threads in ("1", "3"):
        target = tmp_path / f"{threads}.parquet"
        command = [sys.executable, "-c", AGAIN, str(tmp_path / "pack"), str(buckets[0]), str(target), str(ON)]
        subprocess.run(command, check=True, env={"POLARS_MAX_THREADS": threads, "PATH": ""})
        written.append(target.read_bytes())
    assert written[0] == written[1]


def test_some_people_are_found_by_place_whether_or_not_all_are_there(buckets: list[Path]) -> None:
    copies = [source.with_suffix(".rows") for source in buckets]
    for source, copy in zip(buckets, copies, strict=True):
        law_files.keep_by_place(source, copy)
    wanted = pl.Series("person", [0, 3, 44_999, 45_000, 100_007, 999_999])
    found = law_files.few(copies, wanted)
    everybody = pl.concat([pl.read_parquet(source) for source in buckets])
    assert found.equals(everybody.filter(pl.col("person").is_in([0, 3, 44_999, 100_007])))


def test_people_out_of_order_cannot_be_kept_by_place(buckets: list[Path], tmp_path: Path) -> None:
    pl.read_parquet(buckets[0]).reverse().write_parquet(tmp_path / "turned.parquet")
    with pytest.raises(ValueError, match="in the order of their numbers"):
        law_files.keep_by_place(tmp_path / "turned.parquet", tmp_path / "turned.rows")
