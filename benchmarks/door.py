"""How fast a delivery comes through the door, beside a bare DuckDB pass over the same file with the same rules.

`python -m benchmarks.door [--people 1000000] [--small] [--keep FILE]` writes a file of an invented register (one row in
ninety is bad), lets it through the door (digest, encoding, rows set aside, every reason, profile, keys that stand
twice, parts written) and beside it through one DuckDB statement that reads the file, gives each row its list of reasons
in one `list_filter` and writes Parquet. Both sides in turn, in processes of their own; the best of each counts. Prints
rows a second and the most memory, writes benchmarks/results/door.json.

| ratio | both sides | goal |
|---|---|---|
| door | rows a second through the door / through bare DuckDB | at least 0.8 |
"""

import argparse
import hashlib
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import duckdb

from musterroll.dates import parse_day
from musterroll.engine import extract_stage
from musterroll.extract.declaration import load_source
from musterroll.extract.manifest import Manifest

RESULTS = Path(__file__).parent / "results" / "door.json"
ROOT = Path(__file__).parents[1]
TODAY = parse_day("2020-12-31")
GOAL = 0.8

DECLARED = """
source: civil
kind: civil register
agency: Civil Register Office
legal_basis: art. 20 (1)
purpose: administration
format: csv
encoding: utf-8
founds: persons
rows_per_record: one
records_per_person: one
freshness_days: 30
silence: everybody
schema:
  primaryKey: entry
  fields:
    - {name: pin, type: string, mask: 999-99-9999, role: number}
    - {name: entry, type: string, constraints: {required: yes}}
    - {name: given, type: string, role: given}
    - {name: family, type: string, role: family}
    - {name: born, type: date, format: DD/MM/YYYY, role: born, constraints: {minimum: 1905-01-01}}
    - {name: sex, type: string, role: sex, means: {M: male, F: female}}
    - {name: town, type: string, role: town, constraints: {enum: [Harju, Tartu, Ida-Viru, Lääne, Pärnu]}}
    - {name: age, type: integer, role: age, constraints: {maximum: 150}}
    - {name: street, type: string, role: street}
limits: {districts: {column: town}}
"""

PEOPLE = """
COPY (SELECT
  printf('%03d-%02d-%04d', (i * 7919) % 900 + 1, (i * 31) % 100, i % 10000) AS pin,
  CASE WHEN hash(i * 41) % 100 = 0 THEN '' ELSE 'P' || lpad(i::VARCHAR, 9, '0') END AS entry,
  ['Mari', 'Jaan', 'Zoë', 'Peeter', 'Anna', 'Liis', 'Toomas', 'Ülle'][(hash(i) % 8)::INT + 1] AS given,
  ['Tamm', 'Saar', 'Sepp', 'Mägi', 'Kask', 'Kukk'][(hash(i * 3) % 6)::INT + 1] || 'la' ||
    chr(97 + (hash(i * 5) % 26)::INT) AS family,
  CASE WHEN hash(i * 11) % 900 = 0 THEN '31/02/19' || (hash(i) % 80 + 10)::INT
    ELSE strftime(DATE '1940-01-01' + (hash(i * 13) % 29000)::INT, '%d/%m/%Y') END AS born,
  CASE WHEN hash(i * 17) % 900 = 0 THEN 'X' ELSE ['M', 'F'][(hash(i * 19) % 2)::INT + 1] END AS sex,
  ['Harju', 'Tartu', 'Ida-Viru', 'Lääne', 'Pärnu'][(hash(i * 23) % 5)::INT + 1] AS town,
  (hash(i * 29) % 120)::INT AS age,
  'Pikk tänav ' || (hash(i * 37) % 500) AS street
FROM range({people}) t(i)) TO '{file}' (HEADER, DELIMITER ',')
"""

BARE = r"""
COPY (SELECT *, list_filter([
  CASE WHEN trim(entry) = '' THEN 'required' END,
  CASE WHEN count(*) OVER (PARTITION BY entry) > 1 THEN 'key.twice' END,
  CASE WHEN NOT regexp_full_match(trim(pin), '[0-9]{3}-[0-9]{2}-[0-9]{4}') THEN 'number.format' END,
  CASE WHEN regexp_matches(given, '[\x00-\x1f\x7f]') THEN 'text.unreadable' END,
  CASE WHEN regexp_matches(family, '[\x00-\x1f\x7f]') THEN 'text.unreadable' END,
  CASE WHEN regexp_matches(street, '[\x00-\x1f\x7f]') THEN 'text.unreadable' END,
  CASE WHEN try_strptime(trim(born), '%d/%m/%Y') IS NULL THEN 'date.format'
    WHEN try_strptime(trim(born), '%d/%m/%Y') > DATE '2020-12-31' THEN 'date.in-future'
    WHEN try_strptime(trim(born), '%d/%m/%Y') < DATE '1905-01-01' THEN 'date.too-early' END,
  CASE WHEN trim(sex) NOT IN ('M', 'F') THEN 'code.unknown' END,
  CASE WHEN trim(town) NOT IN ('Harju', 'Tartu', 'Ida-Viru', 'Lääne', 'Pärnu') THEN 'code.unknown' END,
  CASE WHEN try_cast(trim(age) AS INT) IS NULL THEN 'int.format'
    WHEN try_cast(trim(age) AS INT) > 150 THEN 'int.range' END
], reason -> reason IS NOT NULL) AS reasons
FROM read_csv('{file}', all_varchar = true, header = true)) TO '{out}' (FORMAT parquet)
"""


def through_the_door(file: Path, people: int, place: Path) -> float:
    """Seconds for one delivery, staged."""
    # The digest of the manifest is not compared until the end: the agency's own work is not ours.
    digest = subprocess.run(["sha256sum", str(file)], capture_output=True, text=True, check=True).stdout.split()[0]
    manifest = Manifest(source="civil", as_of=TODAY, rows=people, sha256=digest)
    source = load_source(DECLARED)
    few = place / "few.csv"
    few.write_text("pin,entry,given,family,born,sex,town,age,street\n001-01-0001,P1,A,B,01/01/1990,M,Harju,30,x\n")
    about = replace(manifest, rows=1, sha256=hashlib.sha256(few.read_bytes()).hexdigest())
    extract_stage.stage(source, about, few, place / "staged", previous=None, today=TODAY)  # libraries are loaded now
    began = time.perf_counter()
    staged = extract_stage.stage(source, manifest, file, place / "staged", previous=None, today=TODAY)
    took = time.perf_counter() - began
    assert staged.kept + staged.set_aside == people
    assert staged.set_aside
    return took


def bare(file: Path, place: Path) -> float:
    """Seconds for the bare pass."""
    connection = duckdb.connect()
    connection.execute("SELECT 1")
    began = time.perf_counter()
    connection.execute("SET memory_limit = '3GB'")
    connection.execute(f"SET temp_directory = '{place}'")
    connection.execute(BARE.replace("{file}", str(file)).replace("{out}", str(place / "bare.parquet")))
    return time.perf_counter() - began


def one(side: str, file: Path, people: int, place: Path) -> None:
    """One side, in this process: seconds and megabytes as JSON."""
    seconds = through_the_door(file, people, place) if side == "door" else bare(file, place)
    spent = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": seconds, "mb": megabytes, "cpu": spent}))


def run(side: str, file: Path, people: int, place: Path) -> dict[str, float]:
    """One side, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.door", "--side", side, "--people", str(people), "--keep", str(file),
         "--place", str(place)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--side", choices=["door", "bare"])
    parser.add_argument("--place", type=Path)
    chosen = parser.parse_args()
    if chosen.side:
        one(chosen.side, chosen.keep, chosen.people, chosen.place)
        return 0
    with tempfile.TemporaryDirectory() as place:
        file = chosen.keep or Path(place) / "people.csv"
        if not file.exists():
            duckdb.connect().execute(PEOPLE.format(people=chosen.people, file=file))
        sides: dict[str, list[dict[str, float]]] = {"door": [], "bare": []}
        for _ in range(chosen.times):
            for side, found in sides.items():
                found.append(run(side, file, chosen.people, Path(place)))
        best = {side: min(found, key=lambda each: each["seconds"]) for side, found in sides.items()}
        size = file.stat().st_size
    ratio = best["bare"]["seconds"] / best["door"]["seconds"]
    for side, each in best.items():
        rate = chosen.people / each["seconds"]
        print(
            f"{side:5} {each['seconds']:8.1f} s  {rate:12,.0f} rows/s  {each['mb']:6.0f} MB  {each['cpu']:6.1f} CPU s"
        )
    print(f"ratio {ratio:.2f} (at least {GOAL}), {chosen.people:,} rows, {size / 1e6:,.0f} MB")
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    results["machine"] = f"{os.cpu_count()} cores, {platform.machine()}"
    results[str(chosen.people)] = {
        "ratio": round(ratio, 2),
        **{f"{side}_{name}": round(value, 2) for side, each in best.items() for name, value in each.items()},
    }
    RESULTS.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n")
    return int(ratio < GOAL)


if __name__ == "__main__":
    sys.exit(main())
