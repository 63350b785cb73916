"""What a night does to facts bucket by bucket, for the records it touched, is what it does to everybody's at once."""

import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.agreement.test_fact_rows import ATTRIBUTES, CELLS, KEY, source_of

from musterroll.dates import parse_day
from musterroll.engine import delivery, row_night
from musterroll.engine.crew import Crew
from musterroll.engine.delivery import Staged
from musterroll.engine.fact_night import operations, take_in
from musterroll.engine.fact_rows import Built, build, registered
from musterroll.engine.fact_said import TOUCHED
from musterroll.engine.night_work import Work
from musterroll.engine.roll import SealKey, Snapshot, Store, Through, archive
from musterroll.engine.roll.seal import keyset
from musterroll.engine.roll.table import TABLES
from musterroll.engine.row_night import Rows, Tonight
from musterroll.engine.row_tables import PLACE, relatives
from musterroll.extract.manifest import Manifest

SEAL = SealKey(keyset(bytes(64)))
SOURCES = {name: source_of(name) for name in ("civil", "dwelling", "pay", "tax", "benefit")}
LASTING = {ATTRIBUTES["has_served"].number}
KEPT = ("fact", "member", "particular")
PEOPLE = (1, 2, 3, -101, -102)
"""Three of the register, two outside it."""


def texts(chance: random.Random, name: str, key: str) -> dict[str, str]:
    declared = SOURCES[name]
    cells = {column: chance.choice(CELLS.get(column, ("", "Ann", "Low"))) for column in declared.columns}
    return {**cells, declared.key: key}


def sent(chance: random.Random, name: str, before: list[dict[str, str]]) -> list[dict[str, str]]:
    """Tonight's rows of a source: most as they were, some gone, some changed, some new."""
    declared = SOURCES[name]
    rows = [row if chance.random() < 0.7 else texts(chance, name, row[declared.key]) for row in before]
    rows = [row for row in rows if chance.random() < 0.85]
    keys = {row[declared.key] for row in rows}
    for n in range(1, 5):
        if (f"{name}{n}" not in keys or declared.rows_per_record == "many") and chance.random() < 0.5:
            rows.append(texts(chance, name, f"{name}{n}"))
    return rows


def staged(folder: Path, number: int, name: str, rows: list[dict[str, str]]) -> Staged:
    columns = tuple(SOURCES[name].columns)
    delivery.begin(folder)
    lines = [(n, row[SOURCES[name].key], "", *(row[c] for c in columns)) for n, row in enumerate(rows, start=1)]
    frame = pl.DataFrame(lines, schema=delivery.schema(columns), orient="row")
    frame.write_parquet(folder / delivery.part(0))
    pl.DataFrame(schema=delivery.REFUSED).write_parquet(folder / delivery.SET_ASIDE)
    told = Manifest(source=name, as_of=parse_day("2020-06-01") + number, rows=len(rows), sha256="a" * 64)
    return Staged(name, told, folder, columns, len(rows), 0, (), None, (), "")


def judged(chance: random.Random, records: list[int], before: dict[int, dict[int, int]]) -> dict[int, dict[int, int]]:
    """Whose each record is: most as last night. At most one confirmed link a record."""
    after = dict(before)
    for record in records:
        if record not in after or chance.random() < 0.25:
            people = chance.sample(PEOPLE, chance.randint(0, 2))
            after[record] = {one: chance.choice((2, 3) if n else (1, 1, 2)) for n, one in enumerate(people)}
    return after


def touched(rows: Rows, before: dict[int, dict[int, int]], after: dict[int, dict[int, int]]) -> list[tuple[Any, ...]]:
    """TOUCHED, as it is defined: all links of the changed records and of all records of touched people."""
    changed = {one for bucket in range(rows.roll.buckets) for one in rows.changed(bucket)["record"].to_list()}
    pairs = {(r, p): (after.get(r, {}).get(p, 0), before.get(r, {}).get(p, 0)) for r in {*before, *after}
             for p in {*before.get(r, {}), *after.get(r, {})}}  # fmt: skip
    moved = {p for (r, p), (now, was) in pairs.items() if now != was or r in changed}
    records = changed | {r for r, p in pairs if p in moved}
    lines = [(r, p, now, was, p in moved) for (r, p), (now, was) in pairs.items() if r in records]
    return lines + [(r, None, 0, 0, False) for r in changed if not any(one == r for one, _ in pairs)]


def frame_of(links: dict[int, dict[int, int]]) -> pl.DataFrame:
    lines = [(p, r, j) for r, people in links.items() for p, j in people.items()]
    schema = {"person": pl.Int64, "record": pl.Int64, "judgement": pl.UInt8}
    return pl.DataFrame(lines, schema=schema, orient="row")


def at_once(before: Built, rows: Rows, buckets: int, links: dict[int, dict[int, int]], known: int) -> Built:
    """What is held after tonight, made of all rows and links together."""
    held = {name: pl.concat([rows.held(name, bucket) for bucket in range(buckets)]) for name in SOURCES}
    everybody = build(held, SOURCES, rows.deliveries, frame_of(links), ATTRIBUTES, record_key=KEY)
    numbers = pl.DataFrame({"temporary": [1, 2, 3], "person": [1, 2, 3]})
    now = registered(everybody, numbers)
    places = pl.concat([frame.select(PLACE) for frame in held.values()])
    ended = pl.concat([rows.ended(bucket).select(*PLACE, "as_of") for bucket in range(buckets)])
    spoken = pl.concat([frame_of(links).filter(pl.col("person") > 0),
                        frame_of({record: {0: 3} for record in links})])  # fmt: skip
    given = {"rows": places, "links": spoken, "known": known, "lasting": LASTING}
    for over in (ended, ended.clear()):  # what ended tonight moves with its record too
        changes = operations(before, now, ended=over, **given)
        old = {"fact": before.facts, "member": before.members, "particular": before.particulars}
        after = {
            name: archive.as_known(TABLES[name], [archive.adds(TABLES[name], old[name], 0), changes[name]], known).drop(
                "known_from"
            )
            for name in KEPT
        }
        before = Built(after["fact"], after["member"], after["particular"])
    return before


@pytest.mark.parametrize(("seed", "buckets"), [(1, 1), (2, 3), (3, 3), (4, 5)])
def test_a_night_by_bucket_holds_what_a_night_at_once_holds(tmp_path, seed, buckets):
    chance = random.Random(seed)
    store = Store(tmp_path / "roll", SEAL)
    parent: Snapshot | None = None
    rows_sent: dict[str, list[dict[str, str]]] = {name: [] for name in SOURCES}
    links: dict[int, dict[int, int]] = {}
    expected = Built(*(TABLES[name].plain_schema.to_frame() for name in KEPT))
    number, most = 0, [0, 0]
    for night in range(1, 5):
        tonight = []
        for name in SOURCES:
            if night == 1 or chance.random() < 0.7:
                number += 1
                rows_sent[name] = sent(chance, name, rows_sent[name])
                tonight.append(Tonight(number, staged(tmp_path / f"d{number}", number, name, rows_sent[name])))
        work = Work(tmp_path / f"work-{night}", buckets)
        rows = row_night.take_in(
            store, parent, tonight, SOURCES,
            record_key=KEY, known=night, buckets=buckets, work=work, crew=Crew(),
        )  # fmt: skip
        records = sorted(
            {r for name in SOURCES for bucket in range(buckets) for r in _records(rows.held(name, bucket), name)}
        )
        before, links = links, judged(chance, records, links)
        parts = work.parts("links", "touched")
        lines = touched(rows, before, links)
        chance.shuffle(lines)
        parts.add(0, pl.DataFrame(lines, schema=TOUCHED, orient="row"), "record")
        facts = take_in(
            rows, parent, parts, SOURCES, ATTRIBUTES, record_key=KEY, known=night, lasting=LASTING, crew=Crew()
        )
        parent = Snapshot("", buckets, Through("log", 0), (), 0, night, {**rows.objects, **facts.objects})
        last = expected
        expected = at_once(expected, rows, buckets, links, night)
        for name, held in (
            ("fact", expected.facts),
            ("member", expected.members),
            ("particular", expected.particulars),
        ):
            found = pl.concat([archive.held_bucket(store, parent, name, bucket) for bucket in range(buckets)])
            order = TABLES[name].sort
            one, other = (each.select(order).sort(order, nulls_last=True) for each in (found, held))
            assert one.rows() == other.rows(), (name, night)
        most = [max(n, frame.height) for n, frame in zip(most, (expected.facts, expected.members), strict=True)]
        moved = {one for bucket in range(buckets) for one in facts.moved(bucket).to_list()}
        assert _moved(last, expected) <= moved
    assert min(most) > 5


def _records(held: pl.DataFrame, name: str) -> set[int]:
    named = [f"#{part}" for part in relatives(SOURCES[name])]
    return {one for column in ("record", *named) for one in held[column].drop_nulls().to_list()}


def _moved(before: Built, after: Built) -> set[int]:
    """Whose facts, or whose groups, are not the same."""
    people: set[int] = set()
    for old, new in ((before.facts, after.facts), (before.members, after.members)):
        both = pl.concat([old.join(new, on=old.columns, how="anti", nulls_equal=True),
                          new.join(old, on=old.columns, how="anti", nulls_equal=True)])  # fmt: skip
        people |= set(both["person"].drop_nulls().to_list())
        if "group" in both.columns:
            named = pl.concat([old, new]).join(both.select("group").unique(), on="group", how="semi")
            people |= set(named["person"].drop_nulls().to_list())
    return people
