"""The comparison frame made column by column is the one made row by row, for every sort of source."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from musterroll.engine import linkage_rows
from musterroll.engine.linkage_frame import told_apart
from musterroll.engine.record_numbers import record_numbers
from musterroll.extract.declaration import load_source
from musterroll.ids import record_number

KEY = bytes(range(32))
SOURCES = Path(__file__).parents[2] / "packs" / "example" / "sources"
NAMES = ("civil", "dwelling", "pay", "tax", "benefit")
TEXTS = st.one_of(
    st.sampled_from(
        ["", " ", "Ann", "Ó Briain-Ünal", "Юрий", "José María", "unknown", "123-45-6789", "12345678", "１２３",
         "00012345", "000-0", "0O7",
         "05/06/1994",
         "19940506",
         "05061994", "20200230", "Male", "Female", "U", "42", "-3", "7b", "Elm St", "王芳", "2019"]
    ),
    st.text(max_size=6),
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_columns_at_once_give_what_rows_one_by_one_give(name, data):
    source = load_source(SOURCES / f"{name}.yaml")
    columns = list(source.columns)
    count = data.draw(st.integers(0, 8))
    rows = pl.DataFrame(
        {
            "record": pl.Series([data.draw(st.integers(1, 4)) for _ in range(count)], dtype=pl.Int64),
            "as_of": pl.Series([data.draw(st.sampled_from([18_300, 20_000])) for _ in range(count)], dtype=pl.Int32),
            **{column: pl.Series([data.draw(TEXTS) for _ in range(count)], dtype=pl.String) for column in columns},
        }
    )
    fast = linkage_rows.compared(source, rows, lambda keys: record_numbers(KEY, name, keys))
    alone = told_apart(linkage_rows.each(source, rows, lambda key: record_number(KEY, name, key)))
    assert_frame_equal(fast.sort(fast.columns), alone.sort(alone.columns))
