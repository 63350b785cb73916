"""Names of other scripts, orders and spellings: how many rows find their person, and how many somebody else.

`python -m benchmarks.names [--small]`: for each script (names_variants) a civil register of 1,500 people whose birth
dates lie within four years, so that two or three share each and names repeat; and for each kind of writing one row of
another agency a person, the name written in that kind. Each kind is linked by itself, twice:

- `date`: the row has the name, the birth date and the sex, no number: rules, weights and vetoes must find the person;
- `number`: the row has the name and the personal number, no birth date: the name must verify the number. One number in
  fifty is another person's (lent or mistyped): those rows are right where they are not linked for certain.

Writes benchmarks/results/names.json and prints the table of docs/flow/linkage.md.
"""

import json
import random
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from benchmarks.names_variants import SCRIPTS, Kind, Script

from musterroll.dates import day_of
from musterroll.engine.linkage_frame import Population
from musterroll.engine.linkage_model import load
from musterroll.engine.linkage_night import link_all
from musterroll.engine.linkage_splink import COMPARED
from musterroll.linkage.comparison import Compared, fold, parts_of
from musterroll.linkage.script import keys

RESULT = Path(__file__).parent / "results" / "names.json"
PEOPLE, SMALL, SEED, LENT = 1_500, 300, 17, 50
FIRST_DAY, DAYS = day_of(date(1998, 1, 1)), 1_461
OTHERS = 1_000_000


def register(script: Script, count: int) -> list[tuple[str, str, Compared]]:
    """The civil register of a script: given and family name as written there, and the row."""
    chance = random.Random(f"{SEED} {script.name}")
    found = []
    for number in range(1, count + 1):
        given, family = chance.choice(script.given), chance.choice(script.family)
        row = Compared(
            number, "civil", True, number=f"{chance.randrange(10**9):09d}",
            born=FIRST_DAY + chance.randrange(DAYS), sex=chance.randrange(2),
        )  # fmt: skip
        found.append((given, family, named(row, given, family)))
    return found


def named(row: Compared, given: str, family: str) -> Compared:
    """The row with these names as linkage compares them."""
    return replace(
        row, given=fold(given), family=fold(family), given_keys=keys(given), family_keys=keys(family)
    )  # fmt: skip


def written(people: list[tuple[str, str, Compared]], kind: Kind, way: str) -> list[Compared]:
    """One row a person to whom the kind applies, of another agency; its record tells whose it is."""
    found = []
    for place, (given, family, own) in enumerate(people):
        other = kind(given, family)
        if other is None:
            continue
        row = replace(named(own, *other), record=OTHERS + own.record, source="dwelling")
        if way == "date":
            row = replace(row, number=None)
        else:
            lent = place % LENT == 0
            row = replace(row, born=None, sex=None, number=people[place - 1][2].number if lent else row.number)
        found.append(row)
    return found


def linked(people: list[tuple[str, str, Compared]], rows: list[Compared]) -> pl.DataFrame:
    """The links of these rows."""
    frame = pl.DataFrame(list(parts_of([*(own for _, _, own in people), *rows])), schema=COMPARED, orient="row")
    with TemporaryDirectory() as folder:
        found = link_all(Population(frame, frozenset({"civil"})), load(), Path(folder)).read("link")
    return found.filter(pl.col("by") != "founding")


def measured(links: pl.DataFrame, rows: list[Compared], way: str) -> dict[str, Any]:
    """Rows, precision of certain links, recall of certain links and of certain and possible ones."""
    judged = links.with_columns(right=pl.col("record") - OTHERS == pl.col("founder"))
    certain = judged.filter(pl.col("judgement") == 1)
    lent = {row.record for row in rows if way == "number" and (row.record - OTHERS - 1) % LENT == 0}
    findable = len(rows) - len(lent)
    right = certain.filter(pl.col("right") & ~pl.col("record").is_in(list(lent)))
    held = judged.filter(pl.col("right") & ~pl.col("record").is_in(list(lent)))
    return {
        "rows": len(rows),
        "wrong": certain.filter(~pl.col("right")).height,
        "precision": round(int(certain["right"].sum()) / certain.height, 4) if certain.height else None,
        "recall": round(right["record"].n_unique() / max(findable, 1), 4),
        "with_possible": round(held["record"].n_unique() / max(findable, 1), 4),
    }


def run(count: int) -> list[dict[str, Any]]:
    """Every script, kind and way."""
    found = []
    for script in SCRIPTS:
        people = register(script, count)
        for kind, write in {"as in the civil register": lambda given, family: (given, family), **script.kinds}.items():
            line: dict[str, Any] = {"script": script.name, "kind": kind}
            for way in ("date", "number"):
                rows = written(people, write, way)
                line[way] = measured(linked(people, rows), rows, way)
            found.append(line)
            print(told(line), flush=True)
    return found


def told(line: dict[str, Any]) -> str:
    """A line of the table."""
    by_date, by_number = line["date"], line["number"]
    return (
        f"| {line['script']} | {line['kind']} | {by_date['rows']:,} | {by_date['wrong']} | {by_date['recall']:.3f} "
        f"| {by_date['with_possible']:.3f} | {by_number['wrong']} | {by_number['recall']:.3f} |"
    )


def main(small: bool = False) -> None:
    """Measure, print the table, write the result; `small` measures fewer people."""
    print("| script | written | rows | wrong | recall | with possible | wrong (number) | recall (number) |")
    print("|---|---|---|---|---|---|---|---|")
    found = run(SMALL if small else PEOPLE)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main("--small" in sys.argv)
