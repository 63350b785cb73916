"""One agency of the nation: which rows it has, and what they say, as SQL over a person's row on the day `v`."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency's file. All texts are SQL over a person's row, `v`, `copy` and `did` (the row's own number).

    `delay` is the most days it learns late, `error` how careless it is. `known` are columns made first, layer upon
    layer; `there` says whether it has a row, `key` which column is its entry's key, `columns` what it sends, in order,
    `copies` which rows a person may have. `lost` and `stale` are shares of rows at noise 1.
    """

    name: str
    salt: int
    delay: int
    error: float
    there: str
    key: str
    columns: Mapping[str, str]
    state: tuple[str, ...]
    known: tuple[Mapping[str, str], ...] = ()
    copies: str = "[0]"
    lost: float = 0.01
    stale: float = 0.008
