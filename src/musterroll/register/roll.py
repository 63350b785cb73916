"""The roll as the register reads it: the committed snapshot, the pack and the declarations in force.

What is read once stays in memory under its digest: packs, declarations and snapshots never change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.engine.linkage_model import Model
from musterroll.engine.linkage_model import load as load_model
from musterroll.engine.roll import SealKey, Snapshot, Store, person, seal
from musterroll.errors import MusterRollError
from musterroll.extract.declaration import load_source
from musterroll.extract.schema import Source
from musterroll.fact import coverage
from musterroll.fact.coverage import Coverage
from musterroll.law import pack as law_pack
from musterroll.law.pack import Pack
from musterroll.register import home, policies
from musterroll.register.models import Pack as PackRow
from musterroll.register.models import Recall, Recallable

REVIEWERS = 2
"""How many people have reviewed a linkage model before it links anybody who is not invented."""


@dataclass(frozen=True)
class Roll:
    """The committed roll, with the law and the declarations under which it is read."""

    store: Store
    snapshot: Snapshot
    digest: str
    pack: Pack
    sources: Mapping[str, Source]
    coverages: Mapping[str, Coverage]
    source_of: Mapping[int, str]
    """The source of each delivery in the roll; a number that is missing here is the register's own."""
    as_of: Mapping[int, int]

    def decides(self, attribute: str) -> bool:
        """Whether only the register itself settles this attribute, by an act of an officer: no agency gives it."""
        return attribute in self.coverages[coverage.REGISTER].attributes

    def agency(self, source: str) -> str:
        """The agency behind a source; the source's own name for one not declared."""
        declared = self.sources.get(source.split("#")[0])
        return declared.agency if declared else source


def store() -> Store:
    """The open home's objects, with the key to the sealed ones."""
    opened = home.current()
    return _store(opened.path, opened.keys.secret("seal-1") + opened.keys.secret("seal-2"))


def current() -> Roll:
    """The committed roll. Raises MusterRollError `roll.none` before the first night."""
    newest = policies.newest_snapshot()
    if newest is None:
        raise MusterRollError(
            "roll.none", "There is no roll yet.", remedy="Take in deliveries and run a night first.", exit_code=2
        )
    return _roll(store(), newest.digest, in_force().digest)


def linkage_model() -> Model:
    """The model by which this home's nights link. Raises `model.not-reviewed`: an unreviewed one links nobody real."""
    return load_model(reviewers=0 if home.current().fictional else REVIEWERS)


def in_force() -> PackRow:
    """The newest published pack that was not recalled; where all were, the newest. Raises MusterRollError `pack.none`.

    Under a recalled law nobody is called (`policies.check_law_stands`); people still read under it what is held.
    """
    recalled = Recall.objects.filter(what=Recallable.PACK).values_list("subject", flat=True)
    newest = PackRow.objects.exclude(digest__in=recalled).order_by("-id").first()
    newest = newest or PackRow.objects.order_by("-id").first()
    if newest is None:
        raise MusterRollError(
            "pack.none", "No law is in force here yet.", remedy="Publish a pack (two people).", exit_code=2
        )
    return newest


def law_of(row: PackRow) -> Pack:
    """The law in a published pack."""
    return _law(row.digest)


def law_under(digest: str) -> Pack:
    """The law with this digest, as it was published here."""
    return _law(digest)


def sources_in_force() -> Mapping[str, Source]:
    """The source declarations under which files are read now, by name. Raises MusterRollError `pack.none`."""
    return _sources(in_force().digest)


def sources_under(digest: str) -> Mapping[str, Source]:
    """The source declarations that were published with the law of this digest, by name."""
    return _sources(digest)


@lru_cache(maxsize=4)
def _store(path: Path, secret: bytes) -> Store:
    return Store(path / "roll", SealKey(seal.keyset(secret)))


@lru_cache(maxsize=8)
def _law(digest: str) -> Pack:
    return law_pack.from_canonical(bytes(PackRow.objects.get(digest=digest).canonical))


@lru_cache(maxsize=8)
def _sources(digest: str) -> dict[str, Source]:
    texts = PackRow.objects.get(digest=digest).sources
    return {name: load_source(text) for name, text in sorted(texts.items())}


@lru_cache(maxsize=4)
def _roll(store: Store, digest: str, pack: str) -> Roll:
    snapshot = store.get_snapshot(digest)
    deliveries = person.deliveries(store, snapshot)
    sources = _sources(pack)
    law = _law(pack)
    agencies = coverage.on_day([coverage.of(one) for one in sources.values()], deliveries)
    own = coverage.register_coverage(law.attributes, agencies, (one.name for one in law.derivations))
    return Roll(
        store=store,
        snapshot=snapshot,
        digest=digest,
        pack=law,
        sources=sources,
        coverages={**agencies, coverage.REGISTER: own},
        source_of={one.delivery: one.source for one in deliveries},
        as_of={one.delivery: one.as_of for one in deliveries},
    )
