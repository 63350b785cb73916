"""Everything an outsider needs of one draw, written as plain files (docs/spec/draw.md).

1. The files follow from what is known: written again with the same arguments they have the same bytes.
2. Each file is written whole under another name and then renamed; `SHA256SUMS` comes last. Killed anywhere and called
   again, the folder ends the same.
3. `verify.py` is the verifier whose digest the manifest names. A published one is not replaced by a newer one.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from musterroll import canonical
from musterroll.draw import audit, fairness, seed, transcript
from musterroll.draw.commitment import Cohort
from musterroll.draw.order import Order
from musterroll.ledger import log

VERIFIER = Path(__file__).parents[1] / "verify" / "muster_verify.py"
SUMS = "SHA256SUMS"


def software() -> str:
    """SHA-256 of the verifier that goes into bundles, hexadecimal: the manifest's member `software`."""
    return canonical.sha256_hex(VERIFIER.read_bytes())


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is known of a draw so far. None is what does not exist yet.

    `manifest` and `cohort` are the bytes of their files; the proofs are `.tlog-proof` files whose `extra` line holds
    the entry; `ceremony` the symbols; `beacon` and `audit` the signatures of the draw's and of the audit's round.
    """

    manifest: bytes
    cohort: bytes
    manifest_proof: bytes | None = None
    ceremony: str | None = None
    ceremony_proof: bytes | None = None
    beacon: bytes | None = None
    order: Order | None = None
    audit: bytes | None = None

    def files(self) -> dict[str, bytes]:
        """Path and bytes of every file but `verify.py` and `SHA256SUMS`."""
        terms = transcript.decode(self.manifest)
        cohort = Cohort(self.cohort, tuple(stratum.id for stratum in terms.cohort.strata))
        terms.cohort.check(cohort)
        files: dict[str, bytes | None] = {
            "manifest.json": self.manifest,
            "manifest.tlog-proof": self.manifest_proof,
            "cohort.bin": self.cohort,
            "ceremony.txt": None if self.ceremony is None else self.ceremony.encode("ascii"),
            "ceremony.tlog-proof": self.ceremony_proof,
        }
        if self.beacon is not None:
            files["beacon.json"] = _round(terms.round.round, self.beacon)
        if self.audit is not None and terms.audit is not None:
            picked = audit.sample(self.manifest, seed.drand_value(self.audit), cohort, terms.audit.samples)
            files["audit.json"] = _round(terms.audit.round, self.audit, sample=picked)
        if self.order is not None:
            files["order.bin"] = self.order.data
            files["result.json"] = self.order.result()
            if terms.fairness is not None:
                report = fairness.examine(cohort, self.order.seed, terms.fairness.alpha)
                files["fairness.json"] = report.encode()
        tiles = log.grow(0, cohort.leaves, _nothing).files
        files |= {f"cohort/{path}": data for path, data in tiles}
        return {path: data for path, data in sorted(files.items()) if data is not None}


def write(folder: Path, bundle: Bundle) -> None:
    """Write `bundle` into `folder`, which is made if need be. Files that are already so are left alone."""
    files = bundle.files()
    terms = transcript.decode(bundle.manifest)
    standing = folder / "verify.py"
    if not (standing.is_file() and canonical.sha256_hex(standing.read_bytes()) == terms.software):
        files["verify.py"] = VERIFIER.read_bytes()
    else:
        files["verify.py"] = standing.read_bytes()
    sums = "".join(f"{canonical.sha256_hex(data)}  {path}\n" for path, data in sorted(files.items()))
    for path, data in [*sorted(files.items()), (SUMS, sums.encode("ascii"))]:
        _write_whole(folder / path, data)


def _write_whole(path: Path, data: bytes) -> None:
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(data)
    os.replace(unfinished, path)


def _round(number: int, signature: bytes, **more: object) -> bytes:
    randomness = canonical.sha256_hex(signature)
    return canonical.encode({"round": number, "signature": signature.hex(), "randomness": randomness} | more)


def _nothing(path: str) -> bytes:
    raise FileNotFoundError(path)
