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

from musterroll import canonical, ids
from musterroll.demo import town, truth_page
from musterroll.demo.truth_report import AGES, Home, Measured, measure
from musterroll.engine import night
from musterroll.engine.linkage_model import load as load_model
from musterroll.engine.night_rows import Tonight
from musterroll.engine.roll import SealKey, Store, Through, seal
from musterroll.extract import check, declaration, manifest
from musterroll.law import pack as law_pack

ROOT = Path(__file__).resolve().parent.parent
TOWNS = ((2020, 11, 1), (2020, 15, 1), (2030, 13, 1), (2040, 14, 2), (2020, 12, 3))
PAGE = ROOT / "docs" / "flow" / "truth.md"
MARKS = ("<!-- figures:", "<!-- end of figures -->")
KNOWN = 1_782_266_400_000_000  # 2026-06-24T02:00:00Z in microseconds: the demonstration's first night


def run(year: int, seed: int, noise: int, work: Path) -> list[Measured]:
    """One town through one night, measured for both spans of ages."""
    folder = ROOT / "var" / "truth" / f"{year}-{seed}-{noise}"
    deliveries = town.write(folder, seed, year, noise) / town.NIGHT_1
    pack = law_pack.load(ROOT / "packs" / "example")
    sources = {name: declaration.load_source(ROOT / "packs/example/sources" / f"{name}.yaml") for name in town.SOURCES}
    on = town.as_of(town.NIGHT_1, year)
    tonight = []
    for number, (name, source) in enumerate(sources.items(), start=1):
        said = manifest.decode((deliveries / f"{name}.manifest.json").read_bytes())
        received = check.receive(source, said, (deliveries / f"{name}.csv").read_bytes(), previous=None, today=on)
        tonight.append(Tonight(number, received))
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
    return measure(home, year=year, seed=seed, noise=noise, ages=AGES)


def all_of(towns: tuple[tuple[int, int, int], ...]) -> Iterator[Measured]:
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
    written = []
    for measured in all_of(wanted):
        written.append(measured.written())
        print(truth_page.lines([written[-1]]).split("\n", 2)[2], end="", flush=True)
    if not arguments:
        path = ROOT / "benchmarks" / "results" / "truth.json"
        town.whole(path, (json.dumps(written, indent=1) + "\n").encode())
        write_table(written)


def write_table(results: list[dict[str, Any]]) -> None:
    """Put the figures into the page that explains them, between its two marks."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(MARKS[0])
    mark, _, after = rest.partition("\n")
    after = after[after.index(MARKS[1]) :]
    PAGE.write_text(f"{before}{MARKS[0]}{mark}\n{truth_page.table(results)}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
