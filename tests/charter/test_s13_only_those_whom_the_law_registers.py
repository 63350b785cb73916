"""S13: outside the law's scope nobody gets a number; and nothing that identifies anybody lies in an open object."""

import csv
import io
import re

import polars as pl
import pytest
from tests.conftest import Demo
from tests.rolled import Rolled

from musterroll import dates
from musterroll.engine.roll import ObjectRef
from musterroll.engine.roll.table import TABLES

pytestmark = pytest.mark.demo

IDENTIFYING = {
    "civil": ("ssn", "first_name", "middle_name", "last_name"),
    "dwelling": ("entry", "household_id", "first_name", "last_name", "street_name"),
    "pay": ("entry", "ssn", "first_name", "last_name", "mailing_address_street_name"),
    "tax": ("entry", "ssn", "first_name", "last_name", "spouse_first_name", "spouse_ssn", "dependent_1_first_name"),
    "benefit": ("entry", "first_name", "last_name", "street_name"),
}
OUR_WORDS = {"civil", "dwelling", "pay", "tax", "benefit"}  # sources
OUR_WORDS |= {"founding", "number", "exact", "model", "officer", "person"}  # who judged a link
OUR_WORDS |= {"fact", "link", "law", "time", "entry"}  # why a standing changed
OUR_WORDS |= {  # why two rows were not brought together
    "two_founders",
    "one_record_per_source",
    "given_name_differs",
    "birth_date_differs",
    "number_differs",
    "nothing_of_his_own",
    "twins",
    "another_as_near",
    "human",
}


@pytest.fixture
def rolled(demo: Demo) -> Rolled:
    return Rolled(demo.folder)


def delivered(rolled: Rolled, source: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for path in sorted((rolled.folder / "deliveries").glob(f"*/{source}.csv")):
        rows += csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    return rows


def test_everybody_with_a_number_is_a_man_of_the_ages_that_the_law_registers(rolled: Rolled):
    for snapshot in rolled.snapshots:
        flat = rolled.view(snapshot, "flat")
        then = dates.date_of(snapshot.on)
        oldest, youngest = (dates.day_of(then.replace(year=then.year - years, day=28)) for years in (61, 16))
        assert flat.filter(pl.col("sex").fill_null(0) != 0).is_empty()
        assert flat.filter((pl.col("born_hi") < oldest) | (pl.col("born_lo") > youngest)).is_empty()
        # everybody whom a fact, a link, a particular or a standing names is one of them
        registered = set(flat["person"])
        for table in ("fact", "link", "particular", "member"):
            assert set(rolled.held(snapshot, table)["person"].drop_nulls()) <= registered
        assert set(rolled.view(snapshot, "standing")["person"]) == registered
        assert min(registered) > 0


def test_numbers_are_dense_and_never_given_again(rolled: Rolled):
    first, second = ({*rolled.view(one, "by_ref").select("ref", "person").rows()} for one in rolled.snapshots)
    assert first <= second
    numbers = sorted(person for _, person in second)
    assert numbers == list(range(1, len(numbers) + 1))


def test_relatives_are_birth_dates_and_nothing_else(rolled: Rolled):
    for snapshot in rolled.snapshots:
        members = rolled.held(snapshot, "member")
        others = members.filter(pl.col("person").is_null())
        assert others.height > 1_000
        assert others["link"].null_count() == others.height
        children = others.filter(pl.col("role") == "child")
        assert children.filter(pl.col("born_lo") == pl.col("born_hi")).height > children.height * 0.9


def values_of(rolled: Rolled) -> set[str]:
    """Every number, name, street, household and agency key of the deliveries, six letters or longer."""
    values = {
        row[column].strip()
        for source, columns in IDENTIFYING.items()
        for row in delivered(rolled, source)
        for column in columns
    }
    bare = {value.replace("-", "") for value in values}
    return {value.casefold() for value in values | bare if len(value) >= 6} - OUR_WORDS


def shown(rolled: Rolled, ref: ObjectRef, values: set[str]) -> set[str]:
    """The values that the bytes of an object show, as they lie and without compression."""
    frame, plain = rolled.store.get(ref), io.BytesIO()
    frame.write_ipc(plain, compression="uncompressed")
    names = "|".join(sorted(frame.columns, key=len, reverse=True)).encode()  # the columns' own names do not count
    found, longest = set(), max(map(len, values))
    for data in (rolled.store.path(ref).read_bytes(), plain.getvalue()):
        for run in set(re.findall(rb"[ -~]{6,}", re.sub(names, b"\x00", data))):
            text = run.decode("ascii").casefold()
            starts = range(len(text) - 5)
            found |= {text[at:end] for at in starts for end in range(at + 6, min(len(text), at + longest) + 1)} & values
    return found


def test_no_byte_of_an_open_object_shows_a_name_number_or_address(rolled: Rolled):
    values = values_of(rolled)
    assert len(values) > 20_000
    everything = {ref for snapshot in rolled.snapshots for refs in snapshot.tables.values() for ref in refs}
    opened = [ref for ref in everything if not ref.sealed]
    assert len(opened) > 15
    assert {ref.table: shown(rolled, ref, values) for ref in opened if shown(rolled, ref, values)} == {}
    # and the search does find them where they are, once the seal is open
    (benefit,) = rolled.snapshots[0].refs("row.benefit")
    assert len(shown(rolled, benefit, values)) > 50


def test_texts_in_open_objects_are_words_of_ours(rolled: Rolled):
    for snapshot in rolled.snapshots:
        for refs in snapshot.tables.values():
            for ref in refs:
                if ref.sealed or ref.table == "by_ref":
                    continue
                frame = rolled.store.get(ref)
                for name, kind in frame.schema.items():
                    if kind == pl.String and name != "pack":
                        words = {word.split("#")[0] for word in frame[name].drop_nulls().unique()}
                        assert words <= OUR_WORDS, (ref.table, name, words - OUR_WORDS)


def test_numbers_in_open_objects_are_no_personal_numbers(rolled: Rolled):
    personal = pl.Series([int(row["ssn"].replace("-", "")) for row in delivered(rolled, "civil")], dtype=pl.Int64)
    for ref in (ref for snapshot in rolled.snapshots for refs in snapshot.tables.values() for ref in refs):
        if ref.sealed:
            continue
        frame = rolled.store.get(ref)
        for name, kind in frame.schema.items():
            if kind == pl.Int64 and name in ("person", "record", "basis"):
                assert frame.filter(pl.col(name).is_in(personal.implode())).is_empty(), (ref.table, name)


def test_what_identifies_people_is_sealed_on_the_disk(rolled: Rolled):
    sealed = {
        ref.table for snapshot in rolled.snapshots for refs in snapshot.tables.values() for ref in refs if ref.sealed
    }
    assert sealed >= {"particular", "member", "by_key", "row.civil", "row.dwelling", "row.tax"}
    for snapshot in rolled.snapshots:
        for refs in snapshot.tables.values():
            for ref in refs:
                head = rolled.store.path(ref).read_bytes()[:4]
                assert (head == b"PAR1") is not ref.sealed
    assert not TABLES["standing"].sealed
