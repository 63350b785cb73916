"""The demonstration's Statistics Office: it counts the town by itself, before the draw, and signs what it counted.

It counts the simulation without its errors, which the register never sees: men alive on the day, of the years of birth
that the law calls, who neither serve nor have served, live in no institution and do not study. It is no part of the
register; that both run on one machine here is the demonstration's, and its pages say so.
"""

from collections import Counter
from pathlib import Path

import polars as pl
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from musterroll import dates
from musterroll.demo import calendar
from musterroll.draw.potcheck import Cell, Count, signed_message

OFFICE = "Statistics Office"
PER_MILLE = 100
"""How far a cell may be off, declared in the manifest: the town is small, and a year has about a hundred men."""

ROUNDED_TO = 5
_MALE = 0
_AGES = (18, 25)


def count(folder: Path, draw: str) -> bytes:
    """The bytes of `count.json` of the town whose truth lies under `folder`."""
    on = calendar.FIRST_ON
    people = pl.read_parquet(folder / "truth" / "people.parquet")
    bound = (pl.col("sex") == _MALE) & (pl.col("died_on") > on)
    free = [~pl.col(name) for name in ("serving", "has_served", "in_institution", "full_time_student")]
    born = [dates.date_of(day).year for day in people.filter(bound, *free)["born"]]
    last = dates.date_of(on).year
    years = Counter(year for year in born if last - _AGES[1] <= year <= last - _AGES[0])
    cells: dict[Cell, int] = {("birth-year", f"{year:04}"): _rounded(number) for year, number in years.items()}
    return Count(draw, OFFICE, dates.format_day(on), ROUNDED_TO, cells).encode()


def key(secret: bytes) -> Ed25519PrivateKey:
    """The office's key; a real one is made and kept by the office."""
    return Ed25519PrivateKey.from_private_bytes(secret)


def signature(secret: bytes, counted: bytes) -> str:
    """The office's signature over `count.json`, hexadecimal."""
    return key(secret).sign(signed_message(counted)).hex()


def public_key(secret: bytes) -> str:
    """The office's public key, hexadecimal."""
    return key(secret).public_key().public_bytes_raw().hex()


def _rounded(number: int) -> int:
    return (number + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
