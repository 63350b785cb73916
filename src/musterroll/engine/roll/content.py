"""`content`: the digest of what a table holds, whatever program wrote it (data-model 2).

SHA-256 over, in this order:

    "muster-roll/content/v1" || 0x00 || number of rows (8 bytes)
    then for each column, in schema order:
      length of the name (4) || name in UTF-8 || length of the type (4) || type
      validity: one bit a row, least significant first, 1 = a value is there, padded with 0 to whole bytes
      values:   fixed-width types little-endian, 0 where there is no value; bool one bit a row like the validity
                text: rows + 1 offsets (8 bytes each, the first 0), then the bytes of all values in UTF-8

Integers are little-endian. Types: int64 int32 int16 uint8 bool string. The file's own digest changes with another
version of the writer; this one does not: replay and other engines compare `content`.
"""

import hashlib
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

_FIXED: dict[Any, tuple[str, str]] = {
    pl.Int64: ("int64", "<i8"),
    pl.Int32: ("int32", "<i4"),
    pl.Int16: ("int16", "<i2"),
    pl.UInt8: ("uint8", "u1"),
}


def content(frame: pl.DataFrame) -> str:
    """64 hexadecimal digits. Rows count in the order they have. Raises ValueError for a type that no table may have."""
    hashed = hashlib.sha256(b"muster-roll/content/v1\x00" + _size(frame.height, 8))
    for series in frame.iter_columns():
        name = series.name.encode("utf-8")
        kind, values = _values(series)
        hashed.update(_size(len(name), 4) + name + _size(len(kind), 4) + kind.encode("ascii"))
        hashed.update(_bits(series.is_not_null()))
        for part in values:
            hashed.update(part)
    return hashed.hexdigest()


def _values(series: pl.Series) -> tuple[str, tuple[bytes | memoryview, ...]]:
    if series.dtype in _FIXED:
        kind, layout = _FIXED[series.dtype]
        return kind, (np.ascontiguousarray(series.fill_null(0).to_numpy().astype(layout, copy=False)).data,)
    if series.dtype == pl.Boolean:
        return "bool", (_bits(series.fill_null(False)),)
    if series.dtype == pl.String:
        texts = series.fill_null("")
        offsets = np.zeros(len(texts) + 1, "<i8")
        np.cumsum(texts.str.len_bytes().to_numpy(), out=offsets[1:])
        return "string", (offsets.tobytes(), _joined(texts, int(offsets[-1])))
    raise ValueError(f"no table has a column of type {series.dtype}")


def _joined(texts: pl.Series, length: int) -> bytes:
    array = texts.rechunk().to_arrow().cast(pa.large_string())
    data = array.buffers()[2]
    return data.to_pybytes()[:length] if data is not None and length else b""


def _bits(flags: pl.Series) -> bytes:
    return np.packbits(flags.to_numpy(), bitorder="little").tobytes()


def _size(number: int, width: int) -> bytes:
    return number.to_bytes(width, "little")
