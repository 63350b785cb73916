"""A nation's files: population and truth apart, and for each day what every agency sends, each with its manifest.

    OUT/truth/people-0000.parquet ...     everybody, a million a file: no agency and no home ever sees it
    OUT/truth/day-2026-01-01.parquet      who may not be called that day, and why
    OUT/truth/entries-<agency>.parquet    whose each entry is (up to two million people)
    OUT/pack, OUT/sources                 the law, and the agencies' declarations
    OUT/deliveries/2026-01-01/civil.parquet, civil.manifest.json ...

1. The first day and every `full_every`-th have whole extracts; each other day has what changed since the day before,
   and its manifest names the file it continues (`base`).
2. A file is written under another name and renamed when it is whole. What is there is not written again: killed and
   started again, the run goes on, and ends in the same bytes.
3. Memory is bounded: whole extracts stream; changes are found a million people at a time.
"""

import codecs
import hashlib
import os
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from musterroll import dates
from musterroll.demo.nation import agencies, damage, declarations, truth, world
from musterroll.demo.nation.agency import Agency
from musterroll.demo.nation.declarations import Form
from musterroll.demo.nation.world import Nation
from musterroll.extract import manifest

PART = 1_000_000
"""How many people one file of the population holds."""
WITH_ENTRIES = 2_000_000
"""Up to how many people the truth says whose each entry is."""
MEMORY = "400MB"
AT_ONCE = 4_000_000
"""How many people times days are looked at for changes at once."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write: which nation, how many of its agencies, how many days after the first, in which form.

    `full_every` days there is a whole extract again (0: never). `form` is `parquet`, `csv`, `ndjson`, or `own`: each
    agency its own format, encoding and separators. `step` is how many days lie between two deliveries.
    """

    nation: Nation
    agencies: int = 8
    days: int = 0
    form: str = "parquet"
    full_every: int = 0
    step: int = 1

    @property
    def on(self) -> list[int]:
        """The days of deliveries."""
        first = self.nation.first_day
        return [first + n for n in range(0, self.days + 1, self.step)]

    def whole(self, turn: int) -> bool:
        """Whether a turn's delivery is a whole extract."""
        return turn == 0 or (self.full_every > 0 and turn % self.full_every == 0)

    def batches(self) -> list[range]:
        """The turns, as many at once as memory allows."""
        many = max(1, AT_ONCE // self.nation.people)
        return [range(1), *(range(n, min(n + many, len(self.on))) for n in range(1, len(self.on), many))]


def write(folder: Path, plan: Plan, *, progress: Callable[[str], None] = lambda _: None) -> None:
    """Write everything of a plan that is not there yet."""
    nation = plan.nation
    senders = agencies.agencies(nation, plan.agencies)
    for name in ("truth", "deliveries", "sources"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    _law(folder, senders, plan.form)
    with database(nation, folder) as opened:
        for part in range(_parts(nation)):
            path = _part(folder, part)
            if _copy(opened, world.people(nation, world.everybody(nation, part * PART, PART)), path, PARQUET):
                progress(f"people {part + 1} of {_parts(nation)}")
        everyone = everybody(folder, nation)
        if nation.people <= WITH_ENTRIES:
            for agency in senders:
                path = folder / "truth" / f"entries-{agency.name}.parquet"
                _copy(opened, truth.entries(agency, everyone), path, PARQUET)
        for day in plan.on:
            (folder / "deliveries" / dates.format_day(day)).mkdir(exist_ok=True)
            path = folder / "truth" / f"day-{dates.format_day(day)}.parquet"
            _copy(opened, truth.standing(nation, day, everyone), path, PARQUET)
        for agency in senders:
            deliveries = Deliveries(opened, folder, plan, agency)
            for turns in plan.batches():
                if deliveries.write(turns):
                    progress(f"{agency.name} {dates.format_day(plan.on[turns[-1]])}")


PARQUET = Form("parquet")


def _law(folder: Path, senders: tuple[Agency, ...], form: str) -> None:
    pack = folder / "pack"
    if not pack.is_dir():
        shutil.copytree(declarations.PACK, pack)
    for agency in senders:
        text = declarations.declaration(agency.name, declarations.form_of(agency.name, form))
        _whole(folder / "sources" / f"{agency.name}.yaml", text.encode())


@contextmanager
def database(nation: Nation, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that knows the nation; it spills into `folder`."""
    spill = folder / "spill"
    with duckdb.connect() as opened:
        for statement in (
            "SET threads = 2",
            f"SET memory_limit = '{MEMORY}'",
            f"SET temp_directory = '{spill}'",
            "SET enable_progress_bar = false",
            *world.macros(nation),
            *damage.macros(),
        ):
            opened.execute(statement).fetchall()
        yield opened
    shutil.rmtree(spill, ignore_errors=True)


def _parts(nation: Nation) -> int:
    return -(-nation.people // PART)


def _part(folder: Path, part: int) -> Path:
    return folder / "truth" / f"people-{part:04d}.parquet"


def everybody(folder: Path, nation: Nation) -> str:
    """The relation of all people, from the population's files."""
    files = ", ".join(f"'{_part(folder, part)}'" for part in range(_parts(nation)))
    return f"read_parquet([{files}])"


@dataclass(frozen=True, slots=True)
class Deliveries:
    """One agency's files."""

    database: duckdb.DuckDBPyConnection
    folder: Path
    plan: Plan
    agency: Agency

    def write(self, turns: range) -> bool:
        """Write the files of some turns, one after another; whether anything was written."""
        if all(self._told(turn).is_file() for turn in turns):
            return False
        changed = [turn for turn in turns if not self.plan.whole(turn)]
        if changed:
            self._gather(range(changed[0] - 1, changed[-1] + 1))
        for turn in turns:
            if not self._told(turn).is_file():
                self._one(turn)
        return True

    def _one(self, turn: int) -> None:
        form = declarations.form_of(self.agency.name, self.plan.form)
        told = self._told(turn)
        file = told.with_name(f"{self.agency.name}.{form.ending}")
        base = ""
        if self.plan.whole(turn):
            people = agencies.on(everybody(self.folder, self.plan.nation), self.plan.on[turn])
            _copy(self.database, agencies.rows(self.plan.nation, self.agency, people), file, form)
        else:
            columns = ", ".join(f'"{name}"' for name in (*self.agency.columns, declarations.CHANGE))
            changes = f"SELECT {columns} FROM delta WHERE turn = {turn} ORDER BY id, copy, {declarations.CHANGE}"
            _copy(self.database, changes, file, form)
            base = manifest.decode(self._told(turn - 1).read_bytes()).sha256
        rows = _count(self.database, file, form)
        day = self.plan.on[turn]
        _whole(told, declarations.manifest(self.agency.name, form, file.name, digest(file), day, base, rows))

    def _told(self, turn: int) -> Path:
        day = dates.format_day(self.plan.on[turn])
        return self.folder / "deliveries" / day / f"{self.agency.name}.manifest.json"

    def _gather(self, turns: range) -> None:
        """Put what changes in each turn but the first into the table `delta`, people by people's file."""
        nation = self.plan.nation
        days = ", ".join(f"({turn}, {self.plan.on[turn]})" for turn in turns)
        days = f"(SELECT * FROM (VALUES {days}) days(turn, today))"
        for part in range(_parts(nation)):
            people = f"'{_part(self.folder, part)}'"
            every = f"(SELECT *, NULL::INT AS single FROM {people}, {days})"
            self._do(
                f"CREATE OR REPLACE TEMP TABLE seen AS SELECT id, copy, turn, state,"
                f" lag(turn) OVER each AS turn_before, lag(state) OVER each AS state_before,"
                f" lead(turn) OVER each AS turn_after"
                f" FROM ({agencies.states(nation, self.agency, every)})"
                f" WINDOW each AS (PARTITION BY id, copy ORDER BY turn)"
            )
            self._do(
                f"CREATE OR REPLACE TEMP TABLE changed AS"
                f" SELECT id, copy, turn, turn AS shown, 'put' AS {declarations.CHANGE}"
                f" FROM seen WHERE turn > {turns[0]}"
                f" AND (turn_before IS NULL OR turn_before < turn - 1 OR state_before <> state)"
                f" UNION ALL SELECT id, copy, turn + 1, turn, 'drop' FROM seen WHERE turn < {turns[-1]}"
                f" AND (turn_after IS NULL OR turn_after > turn + 1)"
            )
            some = (
                f"(SELECT p.*, c.copy AS single, c.turn, c.{declarations.CHANGE}, d.today FROM {people} p"
                f" JOIN changed c USING (id) JOIN {days} d ON d.turn = c.shown)"
            )
            rows = agencies.rows(nation, self.agency, some, also=("id", "copy", "turn", declarations.CHANGE))
            self._do(f"CREATE OR REPLACE TEMP TABLE delta AS {rows}" if part == 0 else f"INSERT INTO delta {rows}")

    def _do(self, statement: str) -> None:
        self.database.execute(statement).fetchall()


def _copy(database: duckdb.DuckDBPyConnection, query: str, path: Path, form: Form) -> bool:
    """Write a query's rows to a file of a form, whole or not at all; whether it was written now."""
    if path.is_file():
        return False
    part = path.with_name(f"{path.name}.part")
    database.execute(f"COPY ({query}) TO '{part}' ({form.options})").fetchall()
    if form.encoding != "utf-8":
        _recode(part, form.encoding)
    os.replace(part, path)
    return True


def _recode(path: Path, encoding: str) -> None:
    """The file in another encoding, line by line; a letter that it lacks is written without its mark."""
    codecs.register_error("musterroll.nearest", _nearest)
    other = path.with_name(f"{path.name}.recoded")
    with (
        path.open(encoding="utf-8", newline="") as old,
        other.open("w", encoding=encoding, newline="", errors="musterroll.nearest") as new,
    ):
        shutil.copyfileobj(old, new, 1 << 20)
    os.replace(other, path)


def _nearest(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    plain = unicodedata.normalize("NFKD", problem.object[problem.start : problem.end])
    return "".join(letter for letter in plain if letter.isascii()) or "o", problem.end


def _count(database: duckdb.DuckDBPyConnection, file: Path, form: Form) -> int:
    if form.format == "parquet":
        found = database.execute(f"SELECT sum(num_rows) FROM parquet_file_metadata('{file}')").fetchall()
        return int(found[0][0])
    with file.open("rb") as stream:
        lines = sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))
    return lines - (1 if form.format == "csv" else 0)


def digest(file: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _whole(path: Path, data: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    os.replace(part, path)
