"""One night's records, links and law, as the steps of linkage see them (`night_links`, `night_moved`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from musterroll.engine.night_work import Work
from musterroll.engine.roll import Snapshot, Store, archive
from musterroll.engine.roll.table import TABLES
from musterroll.engine.row_night import Rows
from musterroll.extract.schema import Source
from musterroll.fact.attribute import Attribute
from musterroll.fact.derivation import Derivation
from musterroll.law.model import attributes_of
from musterroll.law.pack import Pack


@dataclass(frozen=True)
class Scope:
    """The part of a law that its scope reads: what `fact_polars.flatten` needs of a law. Derived columns are unknown.

    A scope that reads how many children somebody has would have to know the family of whoever is not in the register.
    """

    attributes: Mapping[str, Attribute]
    derivations: tuple[Derivation, ...] = ()

    @classmethod
    def of(cls, pack: Pack, on: int) -> "Scope":
        """What the scope of that day reads."""
        scope = pack.at(on).scope
        read = frozenset() if scope is None else attributes_of(scope)
        derived = {one.name for one in pack.derivations}
        return cls({name: one for name, one in pack.attributes.items() if name in read and name not in derived})


@dataclass(frozen=True)
class Linking:
    """One night's records. `everybody`: the scope is asked about all who have no number. `retell`: all speak again."""

    store: Store
    parent: Snapshot | None
    rows: Rows
    work: Work
    pack: Pack
    sources: Mapping[str, Source]
    on: int
    known: int
    ref_key: bytes
    everybody: bool
    retell: bool
    founded: frozenset[int]
    erased: frozenset[int]
    highest: int
    restruck: frozenset[int]
    recalled_models: frozenset[int]

    @property
    def buckets(self) -> int:
        """The home's number of buckets."""
        return self.work.buckets

    @cached_property
    def scope(self) -> Scope:
        """What the law's scope reads."""
        return Scope.of(self.pack, self.on)

    def held(self, source: str, bucket: int, records: pl.Series | None = None) -> pl.DataFrame:
        """The rows held of a source in one bucket, without those of whoever was erased."""
        rows = self.rows.held(source, bucket, records)
        return rows.filter(~pl.col("record").is_in(list(self.erased))) if self.erased else rows

    def changed(self, bucket: int) -> pl.DataFrame:
        """The records of a bucket (column `record`) that say something else tonight."""
        own = self.rows.changed(bucket).select("record")
        struck = pl.Series("record", [one for one in sorted(self.restruck) if one % self.buckets == bucket], pl.Int64)
        found = pl.concat([own, struck.to_frame()]).unique()
        return found.filter(~pl.col("record").is_in(list(self.erased))) if self.erased else found

    def before(self, name: str, bucket: int) -> pl.DataFrame:
        """One bucket of a table on the last night."""
        if self.parent is None:
            return TABLES[name].plain_schema.to_frame()
        return archive.held_bucket(self.store, self.parent, name, bucket).drop("known_from")

    def links(self, by: str, bucket: int) -> pl.DataFrame:
        """The links of tonight, by bucket of the `founder` or the `record`."""
        return self.work.parts("links", f"by-{by}").get(bucket)
