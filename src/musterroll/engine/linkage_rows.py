"""From the rows a source sent to the frame that is compared, by the roles its declaration gives to columns."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import polars as pl

from musterroll.engine.linkage_splink import COMPARED
from musterroll.extract import row as extract_row
from musterroll.extract.schema import Source
from musterroll.linkage.comparison import Compared, compared_rows, parts_of


def compared(source: Source, rows: pl.DataFrame, record_of: Callable[[str], int]) -> pl.DataFrame:
    """The comparison frame of a source's rows, those of relatives named in them included.

    `rows` has `record`, `as_of` (the delivery's day) and the columns as delivered (text, null or empty where blank).
    `record_of` gives the record number of a key of this source; relative `dependant_1` of the row with key K is the
    record of `K#dependant_1` (`ids.record_number`).
    """
    return pl.DataFrame(parts_of(_each(source, rows, record_of)), schema=COMPARED, orient="row")


def _each(source: Source, rows: pl.DataFrame, record_of: Callable[[str], int]) -> Iterator[Compared]:
    single = source.records_per_person == "one"
    roles = [(source.columns[name], role) for name, role in source.roles if role != "group"]
    age = source.column_of("age")
    read = rows.select("record", "as_of", pl.col(source.key).alias(" key"), *(column.name for column, _ in roles))
    for record, as_of, key, *texts in read.iter_rows():
        values = [
            (role, extract_row.compared(column, text, as_of) if text else None)
            for (column, role), text in zip(roles, texts, strict=True)
        ]
        told_on = age.told_on(as_of) if age else as_of
        found = compared_rows(record, source.name, single, values, told_on)
        for relative, row in found.items():
            yield replace(row, record=record_of(f"{key}#{relative}")) if relative else row
