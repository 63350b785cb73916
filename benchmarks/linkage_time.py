"""How long linkage takes beside the bare tools, in the same run: a part of `python -m benchmarks.linkage`.

`python -m benchmarks.linkage --time [--small] [--people 420000] [--keep FOLDER]` makes a nation's first deliveries from
six agencies (about a million records; `--small`: a tenth), lays out its comparison frames, and has each side done in a
process of its own, in turn, on two threads. Of several times the one with the fewest processor seconds counts; ratios
are of processor seconds, because other work on the machine moves the clock and not them.

| ratio | what stands above / below | goal |
|---|---|---|
| number join | a bare DuckDB join on the number, names or birth date compared / the rule's, all masks | at least 0.8 |
| linkage | everybody linked, from frames to sorted links / Splink's predict alone, six rules | at most 1.2 |
| full link | seconds by the clock and the most memory for everybody | 60 s and 3 GB for a million records |
| delta | seconds by the clock for 2,000 new records; links and pairs as a full run gives them | 5 s |
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker

from musterroll.demo.nation import writing
from musterroll.demo.nation.world import Nation
from musterroll.engine import extract_stage, linkage_rules
from musterroll.engine.linkage_delta import laid_over, link_delta
from musterroll.engine.linkage_frame import Population, database, lay
from musterroll.engine.linkage_levels import derived
from musterroll.engine.linkage_model import load
from musterroll.engine.linkage_night import link_all
from musterroll.engine.linkage_rows import compared
from musterroll.engine.linkage_splink import COMPARED
from musterroll.engine.record_numbers import record_numbers
from musterroll.extract import manifest
from musterroll.extract.declaration import load_source

ROOT = Path(__file__).parents[1]
KEY = b"benchmark, not a key of anybody."
PEOPLE, SMALL, AGENCIES, SEED, FILES = 420_000, 42_000, 6, 7, 8
NEW = 2_000
MEMORY = "2GB"
FOUNDING = frozenset({"civil"})

RULES = (
    'l."number" = r."number"',
    'l."given" = r."given" AND l."family" = r."family"',
    'l."born_text" = r."born_text" AND left(l."given", 3) = left(r."given", 3)',
    'l."born_text" = r."born_text" AND left(l."family", 3) = left(r."family", 3)',
    'l."place" = r."place"',
    'l."family" = r."family" AND l."told_year" = r."told_year"',
)
"""What a good hand would let Splink look at by itself: narrow rules, records of different sources."""

BARE_JOIN = """
COPY (
    SELECT r.record, r.source, l.record AS founder FROM read_parquet([{files}]) r
    JOIN (SELECT * FROM read_parquet([{files}]) WHERE source = 'civil') l ON l.number = r.number
    WHERE r.source <> 'civil' AND (l.born = r.born OR jaro_winkler_similarity(l.given, r.given) >= 0.9
        AND jaro_winkler_similarity(l.family, r.family) >= 0.9)
) TO '{out}' (FORMAT parquet, COMPRESSION zstd)
"""


def frames_of(folder: Path) -> list[Path]:
    """The files of comparison frames, made where they are not yet there."""
    return sorted((folder / "frames").glob("*.parquet"))


def prepare(folder: Path, people: int) -> None:
    """A nation's first deliveries as comparison frames, by record, in FILES files."""
    nation = Nation(people, 2026, SEED, 1, 1.0)
    writing.write(folder / "nation", writing.Plan(nation, AGENCIES))
    day = next((folder / "nation" / "deliveries").iterdir())
    parts = []
    for told in sorted(day.glob("*.manifest.json")):
        about = manifest.decode(told.read_bytes())
        source = load_source(folder / "nation" / "sources" / f"{about.source}.yaml")
        file = told.with_name(f"{about.source}.parquet")
        place = folder / "staged" / about.source
        place.parent.mkdir(exist_ok=True)
        staged = extract_stage.stage(source, about, file, place, previous=None, today=about.as_of)
        number = _numbering(source.name)
        for part in staged.parts():
            rows = pl.read_parquet(part)
            rows = rows.with_columns(number(rows["key"]).alias("record"), pl.lit(about.as_of, pl.Int32).alias("as_of"))
            parts.append(compared(source, rows, number))
    (folder / "frames").mkdir()
    whole = pl.concat(parts)
    for turn in range(FILES):
        whole.filter(pl.col("record") % FILES == turn).write_parquet(folder / "frames" / f"{turn}.parquet")


def _numbering(source: str) -> Callable[[pl.Series], pl.Series]:
    return lambda keys: record_numbers(KEY, source, keys)


def link(folder: Path, place: Path) -> None:
    """Our side of `linkage`: everybody, out of memory."""
    link_all(Population(frames_of(folder), FOUNDING), load(), place / "linked", memory=MEMORY)


def splink(folder: Path, _: Path) -> Callable[[], None]:
    """The bare side of `linkage`: what Splink's predict takes, on rows that are ready."""
    model = load()
    rows = derived(pl.concat([pl.read_parquet(file) for file in frames_of(folder)]).drop("alone"), model.form_groups)
    rules = [{"blocking_rule": f'{rule} AND l."source" <> r."source"'} for rule in RULES]
    founders = rows.filter(pl.col("source") == "civil").height
    settings = model.settings(founders) | {"blocking_rules_to_generate_predictions": rules}
    connection = duckdb.connect(config={"threads": 2})
    table = DuckDBAPI(connection).register(rows.to_arrow(), dataset_display_name="records")
    linker = Linker(table, settings, log_level=None, validate_settings=False)

    def predict() -> None:
        linker.inference.predict(threshold_match_probability=0.9, warning_mode="never")

    return predict


def join(folder: Path, place: Path) -> None:
    """Our side of the join: the rule that settles most records, with every comparison's mask."""
    with database(place, memory=MEMORY, threads=2) as connection:
        lay(connection, Population(frames_of(folder), FOUNDING), load())
        linkage_rules.fast(connection, place / "ruled.parquet")


def bare_join(folder: Path, place: Path) -> None:
    """The bare side of the join."""
    files = ", ".join(f"'{file}'" for file in frames_of(folder))
    connection = duckdb.connect(config={"threads": 2})
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute(BARE_JOIN.format(files=files, out=place / "bare.parquet"))


def delta(folder: Path, place: Path) -> dict[str, Any]:
    """A day on which NEW records of a register are new; is what comes out what a full run gives?"""
    model = load()
    files = frames_of(folder)
    rows = pl.concat([pl.scan_parquet(file).filter(pl.col("source") == "residence").collect() for file in files])
    new = rows["record"].unique().sort()[:NEW]
    before = place / "before-frames"
    before.mkdir()
    for file in files:
        pl.scan_parquet(file).filter(~pl.col("record").is_in(new.implode())).sink_parquet(before / file.name)
    link_all(Population(sorted(before.glob("*.parquet")), FOUNDING), model, place / "before", memory=MEMORY)
    now = Population(files, FOUNDING)
    fresh = rows.filter(pl.col("record").is_in(new.implode())).drop("alone")
    begun, spent = time.perf_counter(), processor()
    changed = link_delta(place / "before", now, fresh.clear(), fresh, model, place / "delta", memory=MEMORY)
    took = {"seconds": time.perf_counter() - begun, "cpu": processor() - spent, "new": len(new)}
    patched = laid_over(place / "before", changed, place / "after")
    whole = link_all(now, model, place / "whole", terms=place / "before" / "terms", memory=MEMORY)
    equal = (patched.read(name).rows() for name in ("link", "pair", "unattached"))
    expected = (whole.read(name).rows() for name in ("link", "pair", "unattached"))
    return took | {"equal": all(set(one) == set(other) for one, other in zip(equal, expected, strict=True))}


def processor() -> float:
    """The processor seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


SIDES = {"link": link, "splink": splink, "join": join, "bare_join": bare_join, "delta": delta}


def one(side: str, folder: Path) -> None:
    """One side, in this process: what it took as a line of JSON."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        action = SIDES[side]
        _warm(Path(place))
        if side == "splink":
            ready = splink(folder, Path(place))
            begun, spent = time.perf_counter(), processor()
            ready()
            told = {"seconds": time.perf_counter() - begun, "cpu": processor() - spent}
        elif side == "delta":
            told = delta(folder, Path(place))
        else:
            begun, spent = time.perf_counter(), processor()
            action(folder, Path(place))
            told = {"seconds": time.perf_counter() - begun, "cpu": processor() - spent}
        told["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps(told))


def _warm(place: Path) -> None:
    """Load the libraries: what a process takes to start is no side's."""
    few = Population(pl.DataFrame(schema=COMPARED), FOUNDING)
    with database(place, memory=MEMORY, threads=2) as connection:
        lay(connection, few, load())
        connection.sql("SELECT * FROM row").pl()


def run(side: str, folder: Path) -> dict[str, Any]:
    """One side, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.linkage_time", "--side", side, "--keep", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in told.items()}


def measure(folder: Path, people: int, times: int = 2) -> dict[str, Any]:
    """Every side, and the ratios."""
    if not frames_of(folder):
        prepare(folder, people)
    records = pl.scan_parquet(folder / "frames" / "*.parquet").select(pl.col("record").n_unique()).collect().item()
    found: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES if side != "delta"}
    for _ in range(times):
        for side, told in found.items():
            told.append(run(side, folder))
    best = {side: min(told, key=lambda each: each["cpu"]) for side, told in found.items()}
    return {
        "people": people,
        "records": records,
        **best,
        "delta": run("delta", folder),
        "number_join_ratio": round(best["bare_join"]["cpu"] / best["join"]["cpu"], 2),
        "linkage_ratio": round(best["link"]["cpu"] / best["splink"]["cpu"], 2),
    }


def main() -> None:
    """One side, as `run` asks for it; or everything, told and not kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--side", choices=SIDES)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--keep", type=Path, required=True)
    chosen = parser.parse_args()
    if chosen.side:
        one(chosen.side, chosen.keep)
    else:
        print(json.dumps(measure(chosen.keep, chosen.people), indent=1))


if __name__ == "__main__":
    main()
