"""How fast facts are made flat, stored and read, each beside what the machine or the reference does, in one run.

`python -m benchmarks.facts [--small]` prints the ratios and writes benchmarks/results/facts.json. CPU seconds. People
are made by arithmetic: twelve facts each from two sources, a household of four, the law of packs/example.

| ratio | both sides | goal |
|---|---|---|
| flat | people flattened at once / by the slow reference, one by one | at least 5 |
| content | bytes of a table digested / SHA-256 over as many bytes | at least 0.5 |
| store | rows written as an object with its digests / written by Polars alone | at least 0.3 |
| person | people read from the roll / whole fact objects read | at least 2 |
| fold | rows of nights folded into bases / the same rows read | at least 0.02 |
| rows | rows delivered, numbered, compared, written sealed / DuckDB copying the same Parquet | at least 0.03 |
| told | rows made into facts and particulars, stored / the same tables written by Polars alone | at least 0.05 |
| night | rows of a day of changes (1 %) taken in / rows held read once from their objects | at least 0.005 |
"""

import hashlib
import io
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from musterroll import dates
from musterroll.engine import delivery, fact_night, row_night
from musterroll.engine.crew import Crew
from musterroll.engine.delivery import Staged
from musterroll.engine.fact_night import Facts
from musterroll.engine.fact_polars import FactTables, coverages, flatten
from musterroll.engine.night_work import Work
from musterroll.engine.roll import SealKey, Snapshot, Store, Through, archive, content, person, seal
from musterroll.engine.roll.table import TABLES
from musterroll.engine.row_night import Rows, Tonight
from musterroll.extract.declaration import load_source
from musterroll.extract.manifest import Manifest
from musterroll.extract.schema import Source
from musterroll.fact.derive import held_of
from musterroll.law import pack as law_pack
from musterroll.law.pack import Pack
from musterroll.register.home import buckets_for

EXAMPLE = Path(__file__).parents[1] / "packs" / "example"
RESULTS = Path(__file__).parent / "results" / "facts.json"
ON = dates.parse_day("2020-12-31")
KNOWN = 1_000
GIVEN = (1, 2, 5, 6, 8, 13)  # attributes that two sources give; sex, yes and no are 0


def people(size: int) -> FactTables:
    """Facts, households and links of `size` people."""
    each = np.arange(1, size + 1, dtype=np.int64)
    facts = []
    for told in (1, 2):
        for attribute in GIVEN:
            value = (each * 7919 % 25_000 - 5_000) if attribute == 1 else np.zeros(size, np.int64)
            facts.append({"person": each, "attribute": attribute, "lo": value, "delivery": told, "n": attribute})
    frame = pl.concat([pl.DataFrame(one) for one in facts]).with_columns(
        hi="lo", valid_from=dates.FIRST_DAY, valid_to=dates.NEVER, link=1, record="person", row="person"
    )
    roles = pl.Series(["head", "spouse", "child", "child"], dtype=pl.String)
    members = pl.DataFrame({"person": each}).with_columns(
        group=pl.col("person") // 4, roster=pl.lit("household"), role=roles.gather(each % 4),
        born_lo=pl.col("person") % 9_000, born_hi=pl.col("person") % 9_000, link=1, record="person", delivery=2,
        row="person", n=0,
    )  # fmt: skip
    links = pl.DataFrame(
        {"person": np.concatenate([each, each]), "record": np.concatenate([each, each + size])}
    ).with_columns(judgement=1, by=pl.lit("number"), basis=0, weight=0, agreed=0, against=0, source=pl.lit("civil"))
    seen = pl.DataFrame({"record": links["record"], "source": ["civil"] * size + ["dwelling"] * size, "delivery": 1})
    taken = [(1, "civil", ON, True, size), (2, "dwelling", ON, True, size)]
    return FactTables(
        plain("fact", frame),
        TABLES["spell"].plain_schema.to_frame(),
        plain("member", members),
        plain("link", links),
        plain("seen", seen),
        pl.DataFrame(taken, schema=TABLES["delivery"].plain_schema, orient="row"),
        TABLES["alias"].plain_schema.to_frame(),
    )


def plain(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select([pl.col(column).cast(kind) for column, kind in TABLES[name].plain_schema.items()])


def rate(action: Callable[[], object], count: int) -> float:
    """How many things are done in one CPU second, when `action` does `count` of them."""
    start = time.process_time()
    action()
    return count / (time.process_time() - start)


def stored(store: Store, tables: FactTables) -> Snapshot:
    """The tables as one night of a roll."""
    kept = {"fact": tables.facts, "member": tables.members, "link": tables.links, "delivery": tables.deliveries}
    refs = {
        name: archive.append(store, (), name, archive.adds(TABLES[name], frame, KNOWN), KNOWN)
        for name, frame in kept.items()
    }
    refs["seen"] = store.put_buckets("seen", tables.seen, 1)
    refs["group_of"] = store.put_buckets("group_of", tables.members.select("person", "group"), 1)
    return Snapshot("", 1, Through("bench", 0), (), ON, KNOWN, refs)


def main(small: bool) -> None:
    size, looked = (20_000, 100) if small else (200_000, 300)
    tables, pack = people(size), law_pack.load(EXAMPLE)
    sources = {path.stem: load_source(path) for path in sorted((EXAMPLE / "sources").glob("*.yaml"))}
    flatten(people(1_000), pack, ON, KNOWN, sources)
    flat = rate(lambda: flatten(tables, pack, ON, KNOWN, sources), size)
    with tempfile.TemporaryDirectory() as place:
        store = Store(Path(place), SealKey(seal.keyset(bytes(64))))
        snapshot = stored(store, tables)
        covered = coverages(sources, tables.deliveries, pack)
        some = range(1, size, size // looked)
        with store.kept_open():
            read = [person.read(store, snapshot, number) for number in some]
            reading = rate(lambda: [person.read(store, snapshot, number) for number in some], len(some))
        reference = rate(lambda: [held_of(one, pack, covered, ON) for one in read], len(read))
        (ref,) = snapshot.refs("fact")
        whole = rate(lambda: store.get(ref), 1)
        folding = rate(lambda: archive.fold(store, snapshot, "fact"), ref.rows)
        rows = store.get(ref)
        writing = rate(lambda: store.put("fact", rows, night=2), ref.rows)
    alone = rate(lambda: rows.write_parquet(io.BytesIO(), compression="zstd", row_group_size=16_384), ref.rows)
    width = int(rows.estimated_size())
    digest = rate(lambda: content(rows), width)
    limit = rate(lambda: hashlib.sha256(bytes(width)).digest(), width)
    lines = [
        row("flat", "people flattened a CPU second", flat, "the reference one by one", reference),
        row("content", "bytes digested a CPU second", digest, "SHA-256", limit),
        row("store", "rows written a CPU second", writing, "Polars alone", alone),
        row("person", "people read a CPU second", reading, "whole fact objects", whole),
        row("fold", "rows folded a CPU second", folding, "rows read", whole * ref.rows),
    ]
    with tempfile.TemporaryDirectory() as place:
        lines += nights(Path(place), sources, pack, size)
    machine = {"processor": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine, "people": size, "rows": lines}, indent=1) + "\n")
    for line in lines:
        print(f"{line['name']:<9}{line['ours']:>16,.1f} {line['what']}; {line['ratio']:.3f} of {line['beside']}")


def delivered(folder: Path, source: Source, size: int, only: range | None = None) -> Staged:
    """A civil register of `size` entries, staged; or the changes of some of them."""
    delivery.begin(folder)
    each = pl.int_range(1, size + 1, dtype=pl.Int64)
    day = pl.date(1940, 1, 1) + pl.duration(days=pl.col("each") * 7919 % 30_000)
    texts = {
        "ssn": pl.col("each").cast(pl.String).str.zfill(9),
        "first_name": pl.format("Name{}", pl.col("each") % 997),
        "middle_name": pl.lit("B"),
        "last_name": pl.format("Family{}", pl.col("each") % 4_999),
        "date_of_birth": day.dt.strftime("%Y%m%d"),
        "sex": pl.when(pl.col("each") % 2 == 0).then(pl.lit("Male")).otherwise(pl.lit("Female")),
        "event_type": pl.lit("creation"),
        "event_date": day.dt.strftime("%Y%m%d"),
    }
    frame = pl.select(each.alias("each"))
    if only is not None:
        frame = frame.filter(pl.col("each").is_in(list(only)))
        texts["last_name"] = pl.format("Married{}", pl.col("each") % 4_999)
    rows = frame.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("row"),
        texts[source.key].alias("key"),
        pl.lit("" if only is None else "put").alias("op"),
        *(texts.get(name, pl.lit("")).alias(name) for name in source.columns),
    )
    for part, start in enumerate(range(0, rows.height, 1 << 20)):
        rows.slice(start, 1 << 20).write_parquet(folder / delivery.part(part))
    pl.DataFrame(schema=delivery.REFUSED).write_parquet(folder / delivery.SET_ASIDE)
    told = Manifest(source=source.name, as_of=ON, rows=rows.height, sha256="a" * 64, full=only is None,
                    base="" if only is None else "a" * 64)  # fmt: skip
    return Staged(source.name, told, folder, tuple(source.columns), rows.height, 0, (), None, (), "")  # type: ignore[arg-type]  # what a door counted is not read here


def nights(folder: Path, sources: Mapping[str, Source], pack: Pack, size: int) -> list[dict[str, object]]:
    """A first extract and a day of changes, from staged rows to facts, in one process."""
    civil = {"civil": sources["civil"]}
    store, known, buckets = Store(folder / "roll", SealKey(seal.keyset(bytes(64)))), (1, 2), buckets_for(size)
    first, second = (delivered(folder / "d1", civil["civil"], size),
                     delivered(folder / "d2", civil["civil"], size, range(1, size, 100)))  # fmt: skip

    def take(parent: Snapshot | None, staged: Staged, night: int) -> Rows:
        work = Work(folder / f"work-{night}", buckets)
        tonight = [Tonight(night, staged)]
        return row_night.take_in(store, parent, tonight, civil, known=known[night - 1], work=work,
                                record_key=bytes(32), buckets=buckets, crew=Crew())  # fmt: skip

    taken: list[Rows] = []
    own = rate(lambda: taken.append(take(None, first, 1)), size)
    rows = taken[0]
    copied = folder / "copy.parquet"
    copy = f"copy (from read_parquet('{folder}/d1/rows-*.parquet')) to '{copied}' (format parquet, compression zstd)"
    bare = rate(lambda: duckdb.connect().execute(copy).fetchall(), size)
    links = pl.concat([rows.held("civil", one).select("record").unique() for one in range(buckets)])
    touched = links.with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("person"), pl.lit(1, pl.UInt8).alias("judgement"),
        pl.lit(0, pl.UInt8).alias("was"), pl.lit(value=True).alias("touched"),
    )  # fmt: skip
    parts = rows.work.parts("links", "touched")
    parts.add(0, touched, "record")
    made: list[Facts] = []
    telling = rate(
        lambda: made.append(
            fact_night.take_in(
                rows,
                None,
                parts,
                civil,
                pack.attributes,
                record_key=bytes(32),
                known=1,
                lasting=(),
                crew=Crew(),
                everybody=True,
            )
        ),
        size,
    )
    frames = [pl.concat([store.get(ref) for ref in refs]) for refs in made[0].objects.values() if refs]
    alone = rate(lambda: [frame.write_parquet(io.BytesIO(), compression="zstd") for frame in frames], size)
    roll = Snapshot("", buckets, Through("bench", 0), (), ON, 1, {**rows.objects, **made[0].objects})
    changes = second.kept
    day = rate(lambda: take(roll, second, 2), changes)
    reading = rate(lambda: [rows.held("civil", one) for one in range(buckets)], size)
    return [
        row("rows", "rows taken in a CPU second", own, "DuckDB copying them", bare),
        row("told", "rows made into facts a CPU second", telling, "Polars writing the tables", alone),
        row("night", "changed rows taken in a CPU second", day, "rows held read", reading),
    ]


def row(name: str, what: str, ours: float, beside: str, limit: float) -> dict[str, object]:
    ratio = round(ours / limit, 4)
    return {
        "name": name,
        "what": what,
        "ours": round(ours, 1),
        "beside": beside,
        "limit": round(limit, 1),
        "ratio": ratio,
    }


if __name__ == "__main__":
    main("--small" in sys.argv)
