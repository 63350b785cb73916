"""What reading a delivery has found so far, and the parts of it that lie in its folder.

Parts are written aside and renamed; what a part holds has a content digest, whatever its bytes.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from musterroll.engine.delivery import part
from musterroll.engine.extract_columns import Judged, Tallies
from musterroll.engine.roll.content import content
from musterroll.extract.apart import MOST, Ragged
from musterroll.extract.profile import Counts


@dataclass(slots=True)
class Found:
    """What was found so far, in the order of the file."""

    rows: int = 0
    kept: int = 0
    short: bool = False
    refused: list[pl.DataFrame] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    unread: Tallies = field(default_factory=dict)
    refusals: Tallies = field(default_factory=dict)
    hashes: list[npt.NDArray[np.uint64]] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    contents: dict[int, str] = field(default_factory=dict)
    lost: list[pl.DataFrame] = field(default_factory=list)
    ragged: list[tuple[int, Ragged]] = field(default_factory=list)

    def lose(self, rows: pa.Table) -> None:
        """Remember rows set aside with all their cells; of very many not all (`extract.apart`)."""
        if rows.num_rows and sum(frame.height for frame in self.lost) <= MOST:
            texts = [pl.Series(name, rows.column(name).cast(pa.utf8())) for name in rows.column_names[3:]]
            self.lost.append(pl.DataFrame([pl.Series("row", rows.column("row").to_pylist(), pl.Int32), *texts]))


@dataclass(frozen=True, slots=True)
class Written:
    """One part as it was written: what judging found, rows kept, hashes of their keys, content, number."""

    judged: Judged
    kept: int
    hashes: npt.NDArray[np.uint64]
    content: str
    number: int


def put(folder: Path, kept: pa.Table, number: int) -> str:
    """Write one part; its content digest. A part without rows is not written."""
    path = folder / part(number)
    if not kept.num_rows:
        path.unlink(missing_ok=True)
        return ""
    aside = path.with_suffix(".tmp")
    encoded = [each.name for each in kept.schema if pa.types.is_dictionary(each.type)]
    pq.write_table(kept, aside, compression="lz4", store_schema=False, use_dictionary=encoded, write_statistics=False)
    os.replace(aside, path)
    frame = pl.from_arrow(
        kept.cast(
            pa.schema(
                [(name, kept.schema.field(name).type if name == "row" else pa.utf8()) for name in kept.column_names]
            )
        )
    )
    assert isinstance(frame, pl.DataFrame)
    return content(frame)
