"""Runs the sample population of `pseudopeople` and writes what five agencies would send. Started by `demo.town`.

1. The package's own errors, scaled: 0 none, 1 its defaults, 2 and 3 twice and three times as many.
2. Rows are shuffled by a digest of seed, source and place, and each agency numbers its own rows (`entry`); a row keeps
   its number over the nights. The civil register's own key is the personal number.
3. `simulant_id`, the truth key, and `household_id` outside the dwelling register are never in a delivery.
4. Every choice is a function of (year, seed, noise): the same bytes in every run.
"""

import csv
import io
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pseudopeople as psp
from loguru import logger

from musterroll import canonical, dates
from musterroll.demo import quarter, simulation, town
from musterroll.demo.registers import COLUMNS, SENDERS, Row, numbered
from musterroll.extract.manifest import Manifest

_SENT = {town.NIGHT_1: "2026-06-24T01:00:00Z", town.NIGHT_2: "2026-09-22T01:00:00Z"}
CHILD_UNDER = 6
"""The child benefit office pays for children only; the sample's file also has their mothers."""


def scaled(noise: int) -> Any:
    """The package's error rates times `noise`, cells at most 0.45 and rows at most 0.9."""
    if noise == 0:
        return psp.NO_NOISE
    out: dict[str, Any] = {}
    for data_set, blocks in psp.get_config().items():
        for block, types in blocks.items():
            for name, rest in types.items():
                if block == "row_noise":
                    for key, value in rest.items():
                        if "probability" in key:
                            kinds = out.setdefault(data_set, {}).setdefault(block, {}).setdefault(name, {})
                            kinds[key] = min(value * noise, 0.9)
                else:
                    for kind, value in rest.items():
                        if "cell_probability" in value:
                            cells = out.setdefault(data_set, {}).setdefault(block, {}).setdefault(name, {})
                            cells[kind] = {"cell_probability": min(value["cell_probability"] * noise, 0.45)}
    return out


def send(folder: Path, night: str, source: str, rows: list[Row], year: int) -> None:
    """Write one delivery: the CSV, and the manifest that names its digest."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS[source])
    writer.writerows(row.cells for row in rows)
    content = out.getvalue().encode("utf-8")
    manifest = Manifest(
        source=source,
        sender=SENDERS[source],
        as_of=town.as_of(night, year),
        rows=len(rows),
        sha256=canonical.sha256_hex(content),
        sent=dates.parse_instant(_SENT[night]),
        demonstration=True,
    )
    town.whole(folder / "deliveries" / night / f"{source}.csv", content)
    town.whole(folder / "deliveries" / night / f"{source}.manifest.json", manifest.encode())


def first_night(seed: int, year: int, noise: int) -> dict[str, list[Row]]:
    """The five registers as of the year's last day, with errors."""
    config = scaled(noise)
    years = [psp.generate_taxes_w2_and_1099(seed=seed, year=past, config=config) for past in range(2019, year + 1)]
    pay = pd.concat([rows[rows["employer_name"] == "Military"].astype(object) for rows in years], ignore_index=True)
    child = psp.generate_women_infants_and_children(seed=seed, year=year, config=config)
    child = child[child["simulant_id"].isin(simulation.children_of(year, CHILD_UNDER))]
    frames = {
        "civil": psp.generate_social_security(seed=seed, year=year, config=config),
        "dwelling": psp.generate_decennial_census(seed=seed, year=year, config=config),
        "pay": pay,
        "tax": psp.generate_taxes_1040(seed=seed, year=year, config=config),
        "benefit": child,
    }
    return {source: numbered(source, frame, seed) for source, frame in frames.items()}


def main(folder: Path, seed: int, year: int, noise: int) -> None:
    """Write deliveries and truth of one configuration under `folder`."""
    logger.remove()
    made = {town.NIGHT_1: first_night(seed, year, noise)}
    if year == 2020:
        made[town.NIGHT_2] = quarter.second_night(made[town.NIGHT_1], seed, scaled(noise), folder)
    for night, registers in made.items():
        for source, rows in registers.items():
            send(folder, night, source, rows, year)
    simulation.write(folder, year, {night: _keys(registers) for night, registers in made.items()})


def _keys(registers: dict[str, list[Row]]) -> dict[str, list[tuple[str, str]]]:
    return {source: [(row.key, row.simulant) for row in rows] for source, rows in registers.items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(argument) for argument in sys.argv[2:]))
