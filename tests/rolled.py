"""A finished demonstration's roll, opened for tests: its snapshots in order, its law, its sources, its tables."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from musterroll.engine.fact_polars import FactTables, coverages
from musterroll.engine.roll import SealKey, Snapshot, Store, archive, seal
from musterroll.engine.roll.table import TABLES
from musterroll.extract.declaration import load_source
from musterroll.extract.schema import Source
from musterroll.fact.coverage import Coverage
from musterroll.law import pack as law_pack
from musterroll.law.pack import Pack
from musterroll.register.keys import SeededKeys

EXAMPLE = Path(__file__).parents[1] / "packs" / "example"


@dataclass(frozen=True)
class Rolled:
    """The roll of a home made `--fictional` from a seed."""

    folder: Path

    @cached_property
    def seed(self) -> str:
        return str(json.loads((self.folder / "home.json").read_text())["seed"])

    @cached_property
    def store(self) -> Store:
        keys = SeededKeys(self.seed)
        return Store(self.folder / "roll", SealKey(seal.keyset(keys.secret("seal-1") + keys.secret("seal-2"))))

    @cached_property
    def snapshots(self) -> tuple[Snapshot, ...]:
        """Oldest first."""
        found = [
            self.store.get_snapshot(path.stem) for path in sorted((self.folder / "roll" / "snapshots").glob("*.json"))
        ]
        return tuple(sorted(found, key=lambda one: one.known_at))

    @cached_property
    def pack(self) -> Pack:
        pack = law_pack.load(EXAMPLE)
        assert (pack.digest,) == self.snapshots[-1].packs
        return pack

    @cached_property
    def sources(self) -> dict[str, Source]:
        return {path.stem: load_source(path) for path in sorted((EXAMPLE / "sources").glob("*.yaml"))}

    def covered(self, snapshot: Snapshot) -> dict[str, Coverage]:
        return coverages(self.sources, self.held(snapshot, "delivery"), self.pack)

    def held(self, snapshot: Snapshot, table: str, known_at: int | None = None) -> pl.DataFrame:
        """An archive table as known then; no rows where the roll has none."""
        found = archive.held(self.store, snapshot, table, known_at)
        return TABLES[table].plain_schema.to_frame() if found is None else found

    def view(self, snapshot: Snapshot, table: str) -> pl.DataFrame:
        found = self.store.get_table(snapshot, table)
        assert found is not None
        return found

    def tables(self, snapshot: Snapshot, known_at: int | None = None) -> FactTables:
        """What `flatten` reads, as known then."""
        names = ("fact", "spell", "member", "link", "delivery", "alias")
        one = {name: self.held(snapshot, name, known_at) for name in names}
        seen = self.view(snapshot, "seen")
        return FactTables(one["fact"], one["spell"], one["member"], one["link"], seen, one["delivery"], one["alias"])
