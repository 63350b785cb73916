"""The truth report in ten configurations: `make bench-truth`. Writes benchmarks/results/truth.json.

Five towns (year, seed, noise), each for men of 18 to 25 and of 18 to 59, through the same night that
the register runs. Deliveries are kept under var/truth, so that a second run takes them from there.

    python -m benchmarks.truth            all ten
    python -m benchmarks.truth 2020-11-1  one town: year, seed, noise (0: files without errors)
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from musterroll import canonical, ids
from musterroll.demo import town, truth_page
from musterroll.demo.truth_report import AGES, Home, Measured, measure
from musterroll.engine import extract_stage, night
from musterroll.engine.linkage_model import load as load_model
from musterroll.engine.roll import SealKey, Store, Through, archive, seal
from musterroll.engine.row_night import Tonight
from musterroll.extract import declaration, manifest
from musterroll.law import pack as law_pack
from musterroll.register import address
from musterroll.register.one_place import one_place, written

ROOT = Path(__file__).resolve().parent.parent
TOWNS = ((2020, 11, 1), (2020, 15, 1), (2030, 13, 1), (2040, 14, 2), (2020, 12, 3))
PAGE = ROOT / "docs" / "flow" / "truth.md"
MARKS = ("<!-- figures:", "<!-- end of figures -->")
KNOWN = 1_782_266_400_000_000  # 2026-06-24T02:00:00Z in microseconds: the demonstration's first night


def run(year: int, seed: int, noise: int, work: Path) -> list[dict[str, Any]]:
    """One town through one night, measured for both spans of ages, as the results' objects."""
    folder = ROOT / "var" / "truth" / f"{year}-{seed}-{noise}"
    deliveries = town.write(folder, seed, year, noise) / town.NIGHT_1
    pack = law_pack.load(ROOT / "packs" / "example")
    sources = {name: declaration.load_source(ROOT / "packs/example/sources" / f"{name}.yaml") for name in town.SOURCES}
    on = town.as_of(town.NIGHT_1, year)
    tonight = []
    for number, (name, source) in enumerate(sources.items(), start=1):
        said = manifest.decode((deliveries / f"{name}.manifest.json").read_bytes())
        file = deliveries / f"{name}.csv"
        staged = extract_stage.stage(source, said, file, work / "inbox" / name, previous=None, today=on)
        tonight.append(Tonight(number, staged))
    secrets = night.Secrets(*(canonical.sha256(f"truth bench: {use}".encode()) for use in ("record", "ref")))
    store = Store(work / "roll", SealKey(seal.keyset(bytes(range(64)))))
    terms = night.Terms(
        pack=pack,
        sources=sources,
        model=load_model(),
        secrets=secrets,
        on=on,
        known=KNOWN,
        through=Through("truth bench", 0),
    )
    done = night.run(store, None, tonight, terms)
    home = Home(
        folder=folder,
        store=store,
        snapshot=done.snapshot,
        pack=pack,
        sources=sources,
        model=terms.model,
        record_key=secrets.record,
        ref=partial(ids.person_ref, secrets.ref),
        unsettled=frozenset(done.unsettled),
    )
    found = measure(home, year=year, seed=seed, noise=noise, ages=AGES)
    addresses = true_addresses(year, seed)
    return [{**each.written(), "served": served(home, each, addresses)} for each in found]


def true_addresses(year: int, seed: int) -> dict[str, str]:
    """Where everybody in the dwelling register truly lives: its file without errors, by the simulation's own key."""
    folder = ROOT / "var" / "truth" / f"{year}-{seed}-0"
    town.write(folder, seed, year, 0)
    whose = pl.read_parquet(folder / "truth" / "rows.parquet").filter(
        (pl.col("source") == "dwelling") & (pl.col("night") == town.NIGHT_1)
    )
    rows = pl.read_csv(folder / "deliveries" / town.NIGHT_1 / "dwelling.csv", infer_schema=False)
    parts = ("street_number", "street_name", "unit_number", "city", "state", "zipcode")
    texts = rows.select(pl.concat_str([pl.col(part).fill_null("") for part in parts], separator=" ")).to_series()
    return {str(who): text for who, text in zip(whose.sort("row")["simulant"], texts, strict=True)}


def served(home: Home, found: Measured, addresses: dict[str, str]) -> dict[str, int]:
    """How many of the rightly called have an address that two sources agree on, and how many of these is not theirs.

    Beside it what serving on the dwelling register's word alone would do (`one_source`).
    """
    parts = archive.held(home.store, home.snapshot, "particular")
    deliveries = archive.held(home.store, home.snapshot, "delivery")
    if parts is None or deliveries is None:
        raise ValueError("a snapshot without particulars was never a night's")
    whose = pl.read_parquet(home.folder / "truth" / "people.parquet").select("number", "simulant")
    called = found.found.standings.filter(pl.col("callable")).join(whose, on="number")
    rightly = called.filter(~pl.col("number").is_in([each.number for each in found.wrongs]))
    said = (
        parts.filter((pl.col("kind") == "address") & ~pl.col("protected"))
        .join(rightly.select("person", "simulant"), on="person")
        .join(deliveries.select("delivery", "source"), on="delivery")
        .select("person", "simulant", "source", "text")
        .filter(pl.col("text") != "")
    )
    agreed = pl.DataFrame(
        [
            (who, text)
            for (_, who), rows in said.group_by("person", "simulant")
            if (
                text := address.agreed(
                    [(source, 0, told) for source, told in rows.select("source", "text").iter_rows()]
                )
            )
        ],
        schema={"simulant": said.schema["simulant"], "text": pl.String},
        orient="row",
    )
    alone = said.filter(pl.col("source") == "dwelling").unique("person")
    return {
        "rightly_called": rightly.height,
        "served": agreed.height,
        "misaddressed": _elsewhere(agreed, addresses),
        "one_source": alone.height,
        "one_source_misaddressed": _elsewhere(alone, addresses),
    }


def _elsewhere(rows: pl.DataFrame, addresses: dict[str, str]) -> int:
    true = {who: written(text) for who, text in addresses.items()}
    return sum(
        str(who) not in true or not one_place(written(text), true[str(who)])
        for who, text in rows.select("simulant", "text").iter_rows()
    )


def all_of(towns: tuple[tuple[int, int, int], ...]) -> Iterator[dict[str, Any]]:
    """Each town in turn, its roll thrown away when it is measured."""
    for year, seed, noise in towns:
        work = Path(tempfile.mkdtemp(prefix="muster-truth-"))
        try:
            yield from run(year, seed, noise, work)
        finally:
            shutil.rmtree(work)


def main(arguments: list[str]) -> None:
    """Measure the towns asked for, print each, and write them all, and the page's table, when all were asked for."""
    towns = [tuple(int(number) for number in each.split("-")) for each in arguments]
    wanted = tuple((year, seed, noise) for year, seed, noise in towns) or TOWNS
    found = []
    for measured in all_of(wanted):
        found.append(measured)
        print(truth_page.lines([measured]).split("\n", 2)[2], end="", flush=True)
    if not arguments:
        path = ROOT / "benchmarks" / "results" / "truth.json"
        town.whole(path, (json.dumps(found, indent=1) + "\n").encode())
        write_table(found)


def write_table(results: list[dict[str, Any]]) -> None:
    """Put the figures into the page that explains them, between its two marks."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(MARKS[0])
    mark, _, after = rest.partition("\n")
    after = after[after.index(MARKS[1]) :]
    PAGE.write_text(f"{before}{MARKS[0]}{mark}\n{truth_page.table(results)}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
