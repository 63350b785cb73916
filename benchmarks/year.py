"""A year of a nation, night by night, through the register: `python -m benchmarks.year [--people N] [--days D]`.

Each day every agency sends what changed; each night the register takes it in; each morning everybody's standing is held
against the truth of that day. Counted for men of the ages that are called:

- **wrong days**: days on which somebody was callable who truly may not be, by reason and by cause (`nation.witness`);
- **asked days**: days on which somebody who truly may be called was asked something first;
- **missed days**: days on which such a man was decided otherwise, on rows that are wrong or late.

Beside it the naive way on the same rows. Writes benchmarks/results/year.json. Nights that are done are not done again.
"""

import argparse
import json
import shutil
import time
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl

from musterroll import canonical, dates
from musterroll.demo.nation import agencies, truth, witness, writing
from musterroll.demo.nation.declarations import CHANGE
from musterroll.demo.nation.world import Nation
from musterroll.engine import extract_stage, night, standings
from musterroll.engine.law_words import UNDETERMINED
from musterroll.engine.linkage_model import load as load_model
from musterroll.engine.roll import SealKey, Snapshot, Store, Through, archive, seal
from musterroll.engine.roll.table import CONFIRMED
from musterroll.engine.row_night import Tonight
from musterroll.extract import declaration, manifest
from musterroll.extract.profile import Profile
from musterroll.extract.schema import Source
from musterroll.law import pack as law_pack
from musterroll.law.pack import Pack

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "year.json"
QUESTION, AGES = "service", (18, 27)
KNOWN = 1_767_225_600_000_000


class Year:
    """One nation's year: its files, the roll, and what was counted."""

    def __init__(self, folder: Path, plan: writing.Plan) -> None:
        self.folder, self.plan, self.nation = folder, plan, plan.nation
        self.senders = agencies.agencies(plan.nation, plan.agencies)
        self.pack: Pack = law_pack.load(folder / "nation" / "pack")
        self.sources: dict[str, Source] = {
            one.name: declaration.load_source(folder / "nation" / "sources" / f"{one.name}.yaml")
            for one in self.senders
        }
        self.store = Store(folder / "roll", SealKey(seal.keyset(bytes(range(64)))))
        self.secrets = night.Secrets(*(canonical.sha256(f"year bench: {use}".encode()) for use in ("record", "ref")))
        self.held: dict[str, pl.DataFrame] = {}
        self.profiles: dict[str, Profile] = {}
        self.whose = {
            one.name: pl.read_parquet(folder / "nation" / "truth" / f"entries-{one.name}.parquet")
            for one in self.senders
        }

    def file(self, agency: str, day: int) -> Path:
        return self.folder / "nation" / "deliveries" / dates.format_day(day) / f"{agency}.parquet"

    def lay(self, day: int) -> None:
        """Lay a day's files over what each agency holds."""
        for one in self.senders:
            rows = pl.read_parquet(self.file(one.name, day)).rename({one.key: "key"})
            if one.name == "civil":
                rows = rows.with_columns(pl.col("key").alias("pn"))
            if CHANGE not in rows.columns:
                self.held[one.name] = self._owned(one.name, rows)
                continue
            before = self.held[one.name].join(rows.select("key"), on="key", how="anti")
            fresh = rows.filter(pl.col(CHANGE) == "put").drop(CHANGE)
            self.held[one.name] = pl.concat([before, self._owned(one.name, fresh).select(before.columns)])

    def _owned(self, agency: str, rows: pl.DataFrame) -> pl.DataFrame:
        rows = rows.rename({"number": "number_given"}) if "number" in rows.columns else rows
        return rows.join(self.whose[agency], on="key", how="left", maintain_order="left")

    def without_mistakes(self, day: int, numbers: list[str]) -> witness.Held:
        """What the agencies would hold about some people, and their families, had they made no mistakes."""
        clean = Nation(self.nation.people, self.nation.year, self.nation.seed, 0, self.nation.pace)
        rows = {}
        with writing.database(clean, self.folder) as database:
            people = writing.everybody(self.folder / "nation", clean)
            listed = ", ".join(f"'{number}'" for number in numbers)
            families = f"(SELECT head FROM {people} WHERE number_of(serial) IN ({listed}))"
            some = agencies.on(f"(SELECT * FROM {people} WHERE head IN {families})", day)
            for one in agencies.agencies(clean, self.plan.agencies):
                found = database.execute(agencies.rows(clean, one, some)).pl().rename({one.key: "key"})
                if one.name == "civil":
                    found = found.with_columns(pl.col("key").alias("pn"))
                rows[one.name] = self._owned(one.name, found)
        return witness.Held(rows, day)

    def tonight(self, turn: int, day: int) -> list[Tonight]:
        found = []
        for number, one in enumerate(self.senders, start=1 + turn * len(self.senders)):
            file = self.file(one.name, day)
            told = manifest.decode(file.with_name(f"{one.name}.manifest.json").read_bytes())
            inbox = self.folder / "inbox" / f"{one.name}-{turn}"
            staged = extract_stage.stage(self.sources[one.name], told, file, inbox, previous=None, today=day)
            found.append(Tonight(number, staged, continues=bool(told.base)))
        return found

    def run_night(self, turn: int, day: int, parent: Snapshot | None) -> Snapshot:
        terms = night.Terms(
            pack=self.pack,
            sources=self.sources,
            model=load_model(),
            secrets=self.secrets,
            on=day,
            known=KNOWN + turn * 86_400_000_000,
            through=Through("year bench", turn),
        )
        done = night.run(self.store, parent, self.tonight(turn, day), terms)
        shutil.rmtree(self.folder / "inbox", ignore_errors=True)
        shutil.rmtree(self.store.folder / "work", ignore_errors=True)
        return done.snapshot

    def answers(self, snapshot: Snapshot) -> pl.DataFrame:
        """For each person in the register: person, number (the civil key), callable, asked."""
        standing, keys = (self.store.get_table(snapshot, name) for name in ("standing", "by_key"))
        links = archive.held(self.store, snapshot, "link")
        if standing is None or keys is None or links is None:
            raise ValueError("a snapshot without standings was never a night's")
        founded = links.filter(pl.col("by") == "founding").select("person", "record")
        numbers = founded.join(keys.select("record", pl.col("key").alias("number")), on="record")
        classes = standings.callable_classes(self.pack, QUESTION)
        return (
            standing.filter(pl.col("question") == self.pack.questions[QUESTION].number)
            .join(numbers, on="person")
            .select(
                "person",
                "number",
                pl.col("class").is_in(classes).alias("callable"),
                (pl.col("class") == UNDETERMINED).alias("asked"),
            )
        )

    def linked(self, snapshot: Snapshot, person: int) -> dict[str, set[str]]:
        """The keys of each agency's rows that are linked to a person for certain."""
        keys = self.store.get_table(snapshot, "by_key")
        links = archive.held(self.store, snapshot, "link")
        assert keys is not None
        assert links is not None
        own = links.filter((pl.col("person") == person) & (pl.col("judgement") == CONFIRMED)).select("record")
        found: dict[str, set[str]] = {}
        for source, key in keys.join(own, on="record").select("source", "key").iter_rows():
            found.setdefault(source, set()).add(key)
        return found

    def measure(self, day: int, snapshot: Snapshot) -> dict[str, Any]:
        """One day's counts."""
        true = pl.read_parquet(self.folder / "nation" / "truth" / f"day-{dates.format_day(day)}.parquet")
        on = dates.date_of(day)
        after, until = (
            dates.day_of(on.replace(year=on.year - years, day=min(on.day, 28))) for years in (AGES[1] + 1, AGES[0])
        )
        aged = true.with_columns(pl.col("born").is_between(after + 1, until).alias("aged"))
        truly = set(
            aged.filter("aged" if not truth.REASONS else ~pl.any_horizontal(*truth.REASONS) & pl.col("aged"))["number"]
        )
        answers = self.answers(snapshot)
        called = set(answers.filter("callable")["number"])
        asked = set(answers.filter("asked")["number"])
        wrong = sorted(called - truly)
        held = witness.Held(self.held, day)
        why: Counter[str] = Counter()
        persons = dict(answers.select("number", "person").iter_rows())
        reasons = {number: self._reason(aged, number) for number in wrong}
        promptly = self.without_mistakes(day, wrong) if wrong else held
        for number, reason in reasons.items():
            if reason in witness.SHOWN_BY:
                found = witness.cause(reason, number, held, promptly, self.linked(snapshot, persons[number]))
                why[f"{reason}: {found}"] += 1
            else:
                why[f"{reason}: damage"] += 1
        naive = witness.naive(held, *AGES)
        return {
            "day": dates.format_day(day),
            "truly": len(truly),
            "called": len(called),
            "wrong": len(wrong),
            "why": dict(sorted(why.items())),
            "asked": len(truly & asked),
            "missed": len(truly - called - asked),
            "naive_called": len(naive),
            "naive_wrong": len(naive - truly),
            "naive_missed": len(truly - naive),
            "wrong_people": wrong,
        }

    def _reason(self, aged: pl.DataFrame, number: str) -> str:
        row = aged.filter(pl.col("number") == number)
        if not row.height:
            return "sex or age"
        if not row["aged"][0]:
            return "age"
        return next(name for name in truth.REASONS if row[name][0])


def run(folder: Path, plan: writing.Plan) -> list[dict[str, Any]]:
    writing.write(folder / "nation", plan)
    year = Year(folder, plan)
    state = folder / "days.json"
    kept: dict[str, Any] = json.loads(state.read_text()) if state.is_file() else {"days": [], "snapshot": ""}
    parent = year.store.get_snapshot(kept["snapshot"]) if kept["snapshot"] else None
    for turn, day in enumerate(plan.on):
        year.lay(day)
        if turn < len(kept["days"]):
            continue
        begun = time.perf_counter()
        parent = year.run_night(turn, day, parent)
        one = {**year.measure(day, parent), "seconds": round(time.perf_counter() - begun, 1)}
        kept = {"days": [*kept["days"], one], "snapshot": parent.digest}
        state.write_text(json.dumps(kept))
        year.store.sweep([parent.digest])
        print({name: value for name, value in one.items() if name != "wrong_people"}, flush=True)
    return list(kept["days"])


def summary(days: list[dict[str, Any]], plan: writing.Plan) -> dict[str, Any]:
    """The year in figures: person-days, and people who were ever wrongly callable."""
    total = {name: sum(one[name] for one in days) for name in ("truly", "called", "wrong", "asked", "missed")}
    naive = {name: sum(one[f"naive_{name}"] for one in days) for name in ("called", "wrong", "missed")}
    why: Counter[str] = Counter()
    for one in days:
        why.update(one["why"])
    return {
        "people": plan.nation.people,
        "seed": plan.nation.seed,
        "noise": plan.nation.noise,
        "agencies": plan.agencies,
        "days": len(days),
        "step": plan.step,
        "person_days": total,
        "wrong_days_a_thousand_called_days": round(1000 * total["wrong"] / max(1, total["called"]), 3),
        "asked_share": round(total["asked"] / max(1, total["truly"]), 4),
        "missed_share": round(total["missed"] / max(1, total["truly"]), 4),
        "people_ever_wrong": len({number for one in days for number in one["wrong_people"]}),
        "why": dict(why.most_common()),
        "naive": {
            **naive,
            "wrong_days_a_thousand_called_days": round(1000 * naive["wrong"] / max(1, naive["called"]), 3),
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=364)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--noise", type=int, default=1)
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "year")
    asked = parser.parse_args()
    plan = writing.Plan(Nation(asked.people, 2026, asked.seed, asked.noise), days=asked.days, step=asked.step)
    days = run(asked.work / f"{asked.people}-{asked.seed}-{asked.noise}-{asked.days}-{asked.step}", plan)
    found = summary(days, plan)
    print(json.dumps(found, indent=1))
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
