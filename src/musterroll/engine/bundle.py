"""Everything an outsider needs of one draw, written as plain files (docs/spec/draw.md).

1. The files follow from what is known: written again with the same arguments they have the same bytes.
2. Each file is written whole under another name and then renamed; `SHA256SUMS` comes last. Killed anywhere and called
   again, the folder ends the same.
3. `verify.py` is the verifier whose digest the manifest names. A published one is not replaced by a newer one.
4. One file after another: a list of 25 million people is never held a second time.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from musterroll import canonical
from musterroll.draw import audit, order, seed, spared, supplement, table, transcript
from musterroll.draw.order import Order
from musterroll.draw.spared import SparedList
from musterroll.draw.transcript import BY_TABLE, Manifest
from musterroll.engine import draw_numpy, fairness_numpy
from musterroll.engine.draw_cohort import LargeCohort
from musterroll.engine.draw_tiles import tiles

VERIFIER = Path(__file__).parents[1] / "verify" / "muster_verify.py"
PAGE = VERIFIER.with_name("verify.html")
SUMS = "SHA256SUMS"

type Content = bytes | memoryview | Iterable[bytes | memoryview]
"""The bytes of a file, whole or in pieces."""


def software() -> str:
    """SHA-256 of the verifier that goes into bundles, hexadecimal: the manifest's member `software`."""
    return canonical.sha256_hex(VERIFIER.read_bytes())


def page() -> str:
    """SHA-256 of the verifier page that goes into bundles, hexadecimal: the manifest's member `page`."""
    return canonical.sha256_hex(PAGE.read_bytes())


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """Level 1: `source.bin`, `nullifiers.bin`, and `excluded.bin` where a named authority holds the source's key."""

    source: bytes
    nullifiers: bytes
    excluded: bytes | None = None


@dataclass(frozen=True, slots=True)
class PotcheckFiles:
    """`potcheck.json`, `count.json`, and the office's signature: 128 hexadecimal digits."""

    check: bytes
    count: bytes
    signature: str


@dataclass(frozen=True, slots=True)
class Before:
    """Why there is another attempt: the manifest before (None beside a parent), and the pot check that failed."""

    manifest: bytes | None = None
    potcheck: PotcheckFiles | None = None


@dataclass(frozen=True, slots=True)
class SparedFiles:
    """`spared.bin`, `hand.bin`, the proof of `draw.spared`, its round and sample, and that round's signature."""

    spared: bytes
    hand: bytes
    proof: bytes
    round: int
    sample: int
    signature: bytes | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is known of a draw so far. None is what does not exist yet.

    `manifest` and `cohort` are the bytes of their files; the proofs are `.tlog-proof` files whose `extra` line holds
    the entry; `ceremony` the symbols; `beacon` and `audit` the signatures of the draw's and of the audit's round.
    `stamps` are RFC 3161 tokens by authority; `fairness` is `fairness-private.json`; `parts` are the bundles of
    supplements and of strata drawn anew.
    """

    manifest: bytes
    cohort: bytes | memoryview
    manifest_proof: bytes | None = None
    ceremony: str | None = None
    ceremony_proof: bytes | None = None
    beacon: bytes | None = None
    order: Order | None = None
    audit: bytes | None = None
    stamps: Mapping[str, bytes] = field(default_factory=dict)
    source: SourceFiles | None = None
    potcheck: PotcheckFiles | None = None
    before: Before | None = None
    table: bytes | None = None
    table_proof: bytes | None = None
    spared: SparedFiles | None = None
    fairness: bytes | None = None
    parts: tuple["Bundle", ...] = ()

    def files(self) -> dict[str, bytes]:
        """Path and bytes of every file but the verifiers and `SHA256SUMS`. For small draws."""
        return {path: b"".join(_pieces(content)) for path, content in sorted(self.pieces(), key=lambda one: one[0])}

    def pieces(self, prefix: str = "") -> Iterator[tuple[str, Content]]:
        """Path and content of every file but the verifiers and `SHA256SUMS`, one after another.

        Raises MusterRollError `cohort.*`, before the first one, for a list that is not the manifest's.
        """
        terms = transcript.decode(self.manifest)
        ids = tuple(stratum.id for stratum in terms.cohort.strata)
        cohort = LargeCohort.read(self.cohort, ids, dated=terms.algorithm == BY_TABLE)
        terms.cohort.check(cohort)
        for path, content in self._own(terms, cohort):
            if content is not None:
                yield prefix + path, content
        for path, data in tiles(cohort.leaves):
            yield f"{prefix}cohort/{path}", data
        for part in self.parts:
            yield from part.pieces(f"{supplement.folder(transcript.decode(part.manifest))}/")

    def _own(self, terms: Manifest, cohort: LargeCohort) -> Iterator[tuple[str, Content | None]]:
        yield "manifest.json", self.manifest
        yield "manifest.tlog-proof", self.manifest_proof
        yield from ((f"manifest.{authority}.tsr", token) for authority, token in sorted(self.stamps.items()))
        yield "cohort.bin", self.cohort
        if self.source is not None:
            yield "source.bin", self.source.source
            yield "nullifiers.bin", self.source.nullifiers
            yield "excluded.bin", self.source.excluded
        yield from _counted(self.potcheck)
        if self.before is not None:
            yield "before/manifest.json", self.before.manifest
            yield from ((f"before/{path}", data) for path, data in _counted(self.before.potcheck))
        yield "ceremony.txt", None if self.ceremony is None else self.ceremony.encode("ascii")
        yield "ceremony.tlog-proof", self.ceremony_proof
        if self.beacon is not None:
            yield "beacon.json", _round(terms.round.round, self.beacon)
        if self.audit is not None and terms.audit is not None:
            picked = audit.sample(self.manifest, seed.drand_value(self.audit), cohort, terms.audit.samples)
            yield "audit.json", _round(terms.audit.round, self.audit, sample=picked)
        if terms.table is not None and self._seed(terms) is not None:
            yield "loading.json", table.loading_json(terms.digest, self._seed(terms) or b"", terms.table.days)
        yield "table.csv", self.table
        yield "table.tlog-proof", self.table_proof
        if self.order is not None:
            yield "order.bin", (order.joined(stratum) for stratum in self.order.strata)
            yield "result.json", self.order.result()
            yield "fairness.json", self._figures(terms, cohort, self.order.seed)
        yield "fairness-private.json", self.fairness
        yield from self._spared()

    def _seed(self, terms: Manifest) -> bytes | None:
        """The seed, once every source of randomness has given its value."""
        if self.order is not None:
            return self.order.seed
        known = [self.beacon if isinstance(item, transcript.Drand) else self.ceremony for item in terms.randomness]
        if any(value is None for value in known):
            return None
        values = [seed.drand_value(v) if isinstance(v, bytes) else str(v).encode("ascii") for v in known]
        return seed.derive(self.manifest, values)

    def _figures(self, terms: Manifest, cohort: LargeCohort, drawn: bytes) -> bytes | None:
        if terms.fairness is None:
            return None
        if terms.table is not None and self.table is not None:
            numbers = table.decode(self.table, terms.table.days).numbers
            return _examine_table(numbers, canonical.sha256(self.manifest), terms.fairness.alpha)
        keys = [draw_numpy.prefixes(stratum, drawn) for stratum in cohort.commitments()]
        return fairness_numpy.examine(keys, terms.fairness.alpha).encode()

    def _spared(self) -> Iterator[tuple[str, Content | None]]:
        if self.spared is None:
            return
        yield "spared.bin", self.spared.spared
        yield "hand.bin", self.spared.hand
        yield "spared.tlog-proof", self.spared.proof
        if self.spared.signature is not None:
            value, listed = seed.drand_value(self.spared.signature), SparedList(self.spared.spared)
            picked = spared.sample(self.manifest, value, listed, self.spared.sample)
            yield "spared.json", _round(self.spared.round, self.spared.signature, sample=picked)


def write(folder: Path, bundle: Bundle) -> None:
    """Write `bundle` into `folder`, which is made if need be. Files that are already so are left alone."""
    terms = transcript.decode(bundle.manifest)
    sums = {path: _write_whole(folder / path, content) for path, content in bundle.pieces()}
    sums |= {name: _write_whole(folder / name, data) for name, data in _verifiers(folder, terms)}
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items()))
    _write_whole(folder / SUMS, lines.encode("ascii"))


def _verifiers(folder: Path, terms: Manifest) -> Iterator[tuple[str, bytes]]:
    for source, name, named in ((VERIFIER, "verify.py", terms.software), (PAGE, "verify.html", terms.page)):
        standing = folder / name
        if named is not None and standing.is_file() and canonical.sha256_hex(standing.read_bytes()) == named:
            yield name, standing.read_bytes()
        elif source == VERIFIER or (named is not None and named == page()):
            yield name, source.read_bytes()


def _counted(files: PotcheckFiles | None) -> Iterator[tuple[str, bytes]]:
    if files is not None:
        yield "potcheck.json", files.check
        yield "count.json", files.count
        yield "count.sig", files.signature.encode("ascii")


def _write_whole(path: Path, content: Content) -> str:
    """Write the file unless it is there with these bytes; its SHA-256, hexadecimal."""
    pieces = list(_pieces(content))
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
    if (
        path.is_file()
        and path.stat().st_size == sum(len(piece) for piece in pieces)
        and _digest(path) == found.digest()
    ):
        return found.hexdigest()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    with unfinished.open("wb") as file:
        file.writelines(pieces)
    os.replace(unfinished, path)
    return found.hexdigest()


def _pieces(content: Content) -> Iterable[bytes | memoryview]:
    return (content,) if isinstance(content, bytes | memoryview) else content


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


@lru_cache(maxsize=8)
def _examine_table(numbers: tuple[int, ...], own: bytes, alpha: str) -> bytes:
    return fairness_numpy.examine_table(numbers, own, alpha).encode()


def _round(number: int, signature: bytes, **more: object) -> bytes:
    randomness = canonical.sha256_hex(signature)
    return canonical.encode({"round": number, "signature": signature.hex(), "randomness": randomness} | more)
