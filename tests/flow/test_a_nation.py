"""A nation that does not exist: its files agree with each other, from day to day and with the truth."""

import hashlib
from pathlib import Path

import polars as pl
import pytest

from musterroll import dates
from musterroll.demo.nation import agencies, declarations, truth, witness, writing
from musterroll.demo.nation.world import Nation, stride, templates
from musterroll.extract import declaration, manifest, schema
from musterroll.law import pack as law_pack

NATION = Nation(people=1_500, year=2026, seed=5, noise=2)
CHANGING = writing.Plan(NATION, days=20, step=10)
SENDERS = agencies.agencies(NATION)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("nation")
    writing.write(made, CHANGING)
    return made


def rows(folder: Path, agency: str, turn: int) -> pl.DataFrame:
    return pl.read_parquet(folder / "deliveries" / dates.format_day(CHANGING.on[turn]) / f"{agency}.parquet")


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_changes_of_each_day_lead_to_the_whole_extract_of_the_last(folder, tmp_path):
    writing.write(tmp_path, writing.Plan(NATION, days=20, step=10, full_every=1))
    for one in SENDERS:
        held = rows(folder, one.name, 0)
        for turn in (1, 2):
            changes = rows(folder, one.name, turn)
            assert changes[one.key].n_unique() == changes.height
            kept = held.join(changes.select(one.key), on=one.key, how="anti")
            held = pl.concat([kept, changes.filter(pl.col("change") == "put").drop("change")])
        assert held.sort(one.key).equals(rows(tmp_path, one.name, 2).sort(one.key)), one.name


def test_each_file_has_a_manifest_that_names_the_one_before(folder):
    for one in SENDERS:
        before = ""
        for day in CHANGING.on:
            place = folder / "deliveries" / dates.format_day(day)
            told = manifest.decode((place / f"{one.name}.manifest.json").read_bytes())
            data = (place / f"{one.name}.parquet").read_bytes()
            assert (told.sha256, told.base, told.full) == (hashlib.sha256(data).hexdigest(), before, not before)
            assert (told.source, told.as_of, told.demonstration) == (one.name, day, True)
            assert told.rows == pl.read_parquet(place / f"{one.name}.parquet").height
            before = told.sha256


def test_the_same_numbers_give_the_same_bytes_also_when_it_was_stopped_between(folder, tmp_path):
    def stop(told: str) -> None:
        if told.startswith("education"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        writing.write(tmp_path, CHANGING, progress=stop)
    writing.write(tmp_path, CHANGING)
    assert files(tmp_path) == files(folder)


@pytest.mark.parametrize("form", ["parquet", "own"])
def test_every_agency_is_declared_and_asks_for_nothing_that_the_law_does_not(form):
    law = law_pack.load(declarations.PACK)
    cited = {name: one.basis for name, one in law.attributes.items()}
    for one in SENDERS:
        text = declarations.declaration(one.name, declarations.form_of(one.name, form))
        source = declaration.load_source(text)
        schema.check_cited(source, cited, {each.roster for each in law.derivations})
        assert {column.heading or name for name, column in source.columns.items() if not column.made} == set(
            one.columns
        )


def test_agencies_may_each_have_formats_and_letters_of_their_own(tmp_path):
    writing.write(tmp_path, writing.Plan(NATION, form="own"))
    place = tmp_path / "deliveries" / "2026-01-01"
    assert sorted({path.suffix for path in place.iterdir()}) == [".csv", ".json", ".ndjson", ".parquet"]
    assert "Šul" in (place / "benefit.csv").read_text(encoding="windows-1257")


def test_families_make_sense(folder):
    people = pl.read_parquet(folder / "truth" / "people-0000.parquet")
    assert sorted(people["id"]) == list(range(NATION.people))
    assert people["serial"].n_unique() == NATION.people
    children = people.filter(pl.col("role") == 2).join(
        people.select(pl.col("id").alias("head"), pl.col("born").alias("head_born")), on="head"
    )
    age_at_birth = (children["born"] - children["head_born"]) / 365.25
    assert 19 < age_at_birth.min() < age_at_birth.max() < 46
    assert (people["died"] > people["born"]).all()


def test_a_nation_without_errors_tells_everything_that_is_known(tmp_path):
    clean = Nation(people=4_000, year=2026, seed=5, noise=0)
    plan = writing.Plan(clean)
    writing.write(tmp_path, plan)
    day = clean.first_day
    true = pl.read_parquet(tmp_path / "truth" / "day-2026-01-01.parquet")
    held = {}
    for one in SENDERS:
        whose = pl.read_parquet(tmp_path / "truth" / f"entries-{one.name}.parquet")
        sent = pl.read_parquet(tmp_path / "deliveries" / "2026-01-01" / f"{one.name}.parquet")
        given = sent.rename({one.key: "key", **({"number": "number_given"} if "number" in sent.columns else {})})
        held[one.name] = given.join(whose, on="key", how="left")
        assert not held[one.name]["number"].null_count()
    shown = witness.Held(held, day)
    for reason in truth.REASONS:
        if reason == "abroad":
            continue
        known = {number for rows in shown.showing(reason).values() for number in rows["number"]}
        truly = set(true.filter(pl.col(reason) & ~pl.col("dead"))["number"]) if reason != "dead" else set()
        late = truly - known
        assert len(late) <= max(3, len(truly) // 20), reason  # an agency learns some weeks late


def test_a_step_visits_everybody_once():
    for people in (1, 2, 10, 32, 999, 25_000):
        step = stride(people)
        assert len({n * step % people for n in range(people)}) == people
    assert len(templates()) == 128


@pytest.mark.parametrize(
    ("row", "prompt", "linked", "cause"),
    [
        ("active", "active", {"A1"}, "ours"),
        ("active", "active", set(), "linkage"),
        ("", "active", {"A1"}, "damage"),
        ("", "", {"A1"}, "delay"),
    ],
)
def test_why_somebody_was_callable_who_serves(row, prompt, linked, cause):
    def held(status: str) -> witness.Held:
        return witness.Held({"service": pl.DataFrame({"key": ["A1"], "number": ["7"], "status": [status]})}, 0)

    assert witness.cause("serving", "7", held(row), held(prompt), {"service": linked}) == cause
