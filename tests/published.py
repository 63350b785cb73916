"""A small complete `published` folder for tests: a ledger with witnesses and one draw, made by the project's own code.

Rounds are real ones of quicknet (tests/conformance/drand). Everything is a pure function of the arguments.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from musterroll import canonical, dates
from musterroll.draw import entrant, fairness, order, receipt, seed, strata, transcript
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Entrant
from musterroll.draw.order import Order
from musterroll.engine import bundle
from musterroll.entry import codec
from musterroll.entry.kind import Kind
from musterroll.ledger import checkpoint, cosignature, log, proof
from musterroll.ledger.note import COSIGNATURE, ED25519, PrivateKey
from musterroll.ledger.policy import Group, Log, Policy, Witness
from musterroll.ledger.tile import TileReader
from musterroll.ledger.tlogproof import TlogProof

DRAND = Path(__file__).parent / "conformance" / "drand"
ROUNDS = {
    r["round"]: bytes.fromhex(r["signature"]) for r in json.loads((DRAND / "quicknet.json").read_bytes())["rounds"]
}
LAST_ROUND = max(ROUNDS)
DRAW_ROUND = sorted(ROUNDS)[-2]
DRAW = "xx-2027-a"
REGISTER = "register.example"
ORIGIN = f"{REGISTER}/ledger/2026"
SYMBOLS = "3141592653589793238462643383279502884197"
DAY = 86_400
WEEK = 7 * DAY
ROUND_TIME = transcript.Drand.quicknet(DRAW_ROUND).time
LOG_KEY = PrivateKey(ORIGIN, ED25519, hashlib.sha256(b"log").digest())
WITNESS_KEYS = {
    name: PrivateKey(f"{name}.example", COSIGNATURE, hashlib.sha256(name.encode()).digest())
    for name in ("court", "dpa", "university")
}
POLICY = Policy(
    (Log(LOG_KEY.public_key),),
    tuple(Witness(name, key.public_key) for name, key in WITNESS_KEYS.items()),
    (Group("outside", 3, tuple(WITNESS_KEYS)),),
    "outside",
)


def people(count: int, draw: str = DRAW) -> tuple[Entrant, ...]:
    """Invented people born from 2000 on, 25 to a year (up to 2059, then again from 2000)."""
    return strata.by_birth_year(
        [
            entrant.Candidate(
                f"XX{i:09}",
                dates.parse_day(f"{2000 + i // 25 % 60}-03-{1 + i % 28:02}"),
                entrant.salt(hashlib.sha256(f"key {i}".encode()).digest(), draw),
            )
            for i in range(count)
        ],
        draw=draw,
    )


def terms(cohort: Cohort, *, total: int = 7, round_number: int = DRAW_ROUND, software: str = "") -> transcript.Manifest:
    """A manifest that states everything; the audit's round is the last one stored."""
    ceremony = transcript.Ceremony("0123456789", 40, "00" * 32, dates.format_instant(ROUND_TIME - 3600))
    return transcript.Manifest(
        draw=DRAW,
        register=REGISTER,
        attempt=1,
        supersedes=None,
        cohort=transcript.CohortTerms.of(cohort, total=total, floor=1),
        randomness=(transcript.Drand.quicknet(round_number), ceremony),
        min_lead=WEEK,
        reference_day="2025-12-31",
        source=transcript.SourceCounts(considered=cohort.size + 100, excluded=100, rounded_to=1),
        audit=transcript.Audit(LAST_ROUND, tuple(3 for _ in cohort.strata)),
        fairness=transcript.Fairness(fairness.SUITE, "0.001"),
        fallback=transcript.Fallback(WEEK, ceremony),
        legal="Example Act, art. 7",
        pack="11" * 32,
        software=software or bundle.software(),
    )


@dataclass
class Ledger:
    """A log that grows and is signed at given times; `folder` is its published folder."""

    folder: Path
    entries: list[bytes] = field(default_factory=list)
    witnesses: Sequence[str] = tuple(WITNESS_KEYS)

    def add(self, kind: Kind, payload: Mapping[str, canonical.Json], at: int) -> int:
        """The index of a new public entry."""
        self.entries.append(codec.public(kind, payload, at))
        return len(self.entries) - 1

    def add_acts(self, count: int, at: int) -> None:
        """Some opaque acts."""
        self.entries += [codec.act(b"{}", i.to_bytes(32, "big"), at) for i in range(count)]

    def signed(self, at: int) -> bytes:
        """The checkpoint over what there is, cosigned at second `at`."""
        files = dict(log.grow(0, self.entries, _nothing).files)
        root = TileReader(len(self.entries), files.__getitem__).root()
        note = checkpoint.sign(checkpoint.Checkpoint(ORIGIN, len(self.entries), root), LOG_KEY)
        return note.plus(*(cosignature.cosign(note.text, WITNESS_KEYS[name], at) for name in self.witnesses)).encode()

    def prove(self, index: int, at: int) -> bytes:
        """The proof of entry `index` under the checkpoint over what there is."""
        files = dict(log.grow(0, self.entries, _nothing).files)
        reader = TileReader(len(self.entries), files.__getitem__)
        path = proof.inclusion(index, reader.size, reader.subtree)
        return TlogProof(index, tuple(path), self.signed(at), self.entries[index]).encode()

    def write(self, at: int) -> None:
        """Publish what there is."""
        for path, data in [*log.grow(0, self.entries, _nothing).files, ("checkpoint", self.signed(at))]:
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(data)


@dataclass(frozen=True)
class Published:
    """What `publish` made."""

    folder: Path
    bundle: Path
    policy: Path
    entrants: tuple[Entrant, ...]
    cohort: Cohort
    manifest: transcript.Manifest
    order: Order
    ledger: Ledger

    def receipt(self, person: int) -> bytes:
        """The receipt of one person after the draw."""
        return receipt.of(self.entrants[person], self.cohort, self.order).encode()


def publish(
    home: Path,
    *,
    count: int = 60,
    manifest: transcript.Manifest | None = None,
    seen: int = ROUND_TIME - WEEK - DAY,
    ceremony_at: int = ROUND_TIME - DAY,
    more: Sequence[tuple[Kind, dict[str, canonical.Json]]] = (),
    acts: int = 5,
    audited: bool = True,
) -> Published:
    """A home with `published/` and `trust/policy.txt`: one draw of `count` people, held and audited.

    `seen` and `ceremony_at` are when the witnesses cosigned; `more` are entries between manifest and ceremony.
    """
    entrants = people(count)
    cohort = Cohort.of(entrants)
    stated = manifest or terms(cohort)
    ledger = Ledger(home / "published" / "ledger" / "2026")
    ledger.add(Kind.PACK, {"pack": "11" * 32}, seen - WEEK)
    ledger.add_acts(acts, seen - DAY)
    fixed: dict[str, canonical.Json] = {
        "draw": DRAW,
        "sha256": stated.digest,
        "attempt": stated.attempt,
        "supersedes": stated.supersedes,
    }
    manifest_proof = ledger.prove(ledger.add(Kind.DRAW_MANIFEST, fixed, seen), seen)
    for kind, payload in more:
        ledger.add(kind, payload, seen)
    drawn = {"draw": DRAW, "manifest": stated.digest, "symbols": SYMBOLS}
    ceremony_proof = ledger.prove(ledger.add(Kind.DRAW_CEREMONY, drawn, ceremony_at), ceremony_at)
    signature = ROUNDS[stated.round.round]
    values = [
        seed.drand_value(signature) if isinstance(item, transcript.Drand) else seed.ceremony_value(SYMBOLS, item)
        for item in stated.randomness
    ]
    result = order.result(stated.encode(), cohort.data, values)
    said = {"draw": DRAW, "manifest": stated.digest, "order": result.digest, "seed": result.seed.hex()}
    ledger.add(Kind.DRAW_RESULT, said, ROUND_TIME + 60)
    ledger.add_acts(3, ROUND_TIME + DAY)
    ledger.write(ROUND_TIME + DAY)
    folder = home / "published" / "draws" / DRAW
    whole = bundle.Bundle(
        stated.encode(), cohort.data, manifest_proof, SYMBOLS, ceremony_proof, signature, result, ROUNDS[LAST_ROUND]
    )
    bundle.write(folder, whole if audited else replace(whole, audit=None))
    policy = home / "trust" / "policy.txt"
    policy.parent.mkdir(parents=True, exist_ok=True)
    policy.write_bytes(POLICY.encode())
    return Published(home / "published", folder, policy, entrants, cohort, stated, result, ledger)


def sums(folder: Path) -> None:
    """Write SHA256SUMS of a bundle anew, as somebody who tampers would."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{canonical.sha256_hex(path.read_bytes())}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines))


def _nothing(path: str) -> bytes:
    raise FileNotFoundError(path)
