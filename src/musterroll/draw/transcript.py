"""The manifest: everything that decides a draw, fixed and published before the randomness exists.

1. The manifest is canonical JSON. Its hash goes into the seed, so nothing in it can change afterwards.
2. A writer states every member of docs/spec/draw.md; `missing` names those a manifest leaves out, and verifiers then
   say "not stated". Members this version does not know are refused.
3. The draw's round is named beforehand; ceremonies are over before it; the audit's round comes after it.
4. Attempt 1 supersedes nothing; every later attempt names the manifest it replaces.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from musterroll import canonical, dates
from musterroll.draw import entrant, randomness
from musterroll.draw.member import Members
from musterroll.draw.randomness import Ceremony, Drand
from musterroll.draw.terms import Audit, CohortTerms, Fairness, Fallback, SourceCounts
from musterroll.errors import MusterRollError

__all__ = [
    "Audit",
    "Ceremony",
    "CohortTerms",
    "Drand",
    "Fairness",
    "Fallback",
    "Manifest",
    "SourceCounts",
    "decode",
]

VERSION = 1
KIND = "muster-roll/draw"
ALGORITHM = "muster-roll/rank-sha256/v1"


@dataclass(frozen=True)
class Manifest:
    """The terms of one draw. Optional members are None only in a manifest that leaves them unstated.

    `min_lead` is seconds between the last cosignature that counts and the round; `reference_day` is `YYYY-MM-DD`;
    `legal` is a citation; `pack` and `software` are SHA-256 in hexadecimal of the law pack and of the verifier.
    """

    draw: str
    register: str
    attempt: int
    supersedes: str | None
    cohort: CohortTerms
    randomness: tuple[randomness.Source, ...]
    min_lead: int | None = None
    reference_day: str | None = None
    source: SourceCounts | None = None
    audit: Audit | None = None
    fairness: Fairness | None = None
    fallback: Fallback | None = None
    legal: str | None = None
    pack: str | None = None
    software: str | None = None

    def __post_init__(self) -> None:
        entrant.check_draw_id(self.draw, where="manifest.json")
        if self.attempt < 1 or (self.attempt == 1) != (self.supersedes is None):
            raise ValueError("attempt 1 supersedes nothing, and every later attempt names what it supersedes")
        rounds = [item for item in self.randomness if isinstance(item, Drand)]
        if len(rounds) != 1:
            raise ValueError("exactly one round of a beacon is named")
        for item in self.randomness:
            over = dates.parse_instant(item.not_after) if isinstance(item, Ceremony) and item.not_after else 0
            if over >= self.round.time:
                raise ValueError("a ceremony is over before the beacon's round")
        if self.audit is not None:
            if self.audit.round <= self.round.round:
                raise ValueError("the audit's round is later than the draw's")
            if len(self.audit.samples) != len(self.cohort.strata):
                raise ValueError("the audit names one sample size a stratum")
        if self.source is not None and not self.source.agrees_with(self.cohort.size):
            raise ValueError("considered less excluded is the size of the cohort")
        if self.reference_day is not None:
            dates.parse_day(self.reference_day, where="reference_day")

    @property
    def round(self) -> Drand:
        """The beacon's round that makes the order."""
        return next(item for item in self.randomness if isinstance(item, Drand))

    @property
    def missing(self) -> tuple[str, ...]:
        """The members a writer must state and this manifest does not."""
        stated: dict[str, Any] = {
            "cohort.partition": self.cohort.partition,
            "cohort.quota": self.cohort.quota,
            **{name: getattr(self, name) for name in _OPTIONAL},
        }
        for i, item in enumerate(self.randomness):
            if isinstance(item, Ceremony):
                stated[f"randomness[{i}].procedure_sha256"] = item.procedure_sha256
                stated[f"randomness[{i}].not_after"] = item.not_after
        return tuple(sorted(name for name, value in stated.items() if value is None))

    def encode(self) -> bytes:
        """The bytes of `manifest.json`. Inverse of `decode`."""
        members: dict[str, Any] = {
            "v": VERSION,
            "kind": KIND,
            "algorithm": ALGORITHM,
            "draw": self.draw,
            "register": self.register,
            "attempt": self.attempt,
            "supersedes": self.supersedes,
            "cohort": self.cohort.json(),
            "randomness": [item.json() for item in self.randomness],
        }
        for name in _OPTIONAL:
            value = getattr(self, name)
            if value is not None:
                members[name] = value.json() if name in _OBJECTS else value
        return canonical.encode(members)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of `encode()`, hexadecimal: what the ledger and the seed carry."""
        return canonical.sha256_hex(self.encode())


_OBJECTS: dict[str, type[SourceCounts] | type[Audit] | type[Fairness] | type[Fallback]] = {
    "source": SourceCounts,
    "audit": Audit,
    "fairness": Fairness,
    "fallback": Fallback,
}
_OPTIONAL = ("min_lead", "reference_day", *_OBJECTS, "legal", "pack", "software")


def decode(manifest: bytes) -> Manifest:
    """The terms in the bytes of `manifest.json`. Inverse of `Manifest.encode`.

    Raises MusterRollError `json.malformed`, `manifest.version` or `manifest.member` naming the member.
    """
    members = Members(canonical.decode(manifest, where="manifest.json"), "manifest")
    known = {"v": VERSION, "kind": KIND, "algorithm": ALGORITHM}
    found = {"v": members.number("v"), "kind": members.text("kind"), "algorithm": members.text("algorithm")}
    if found != known:
        raise MusterRollError(
            "manifest.version",
            f"This manifest is of another kind or version: expected {known}, found {found}.",
            where="manifest.json",
            remedy="Read it with the software of its version.",
            exit_code=2,
        )
    objects: dict[str, Any] = {}
    for name, kind in _OBJECTS.items():
        inner = members.inner_or_absent(name)
        objects[name] = inner and kind.read(inner)
    return members.make(
        Manifest,
        draw=members.text("draw"),
        register=members.text("register"),
        attempt=members.number("attempt"),
        supersedes=members.hex_or_null("supersedes"),
        cohort=CohortTerms.read(members.inner("cohort")),
        randomness=tuple(randomness.read(item) for item in members.objects("randomness")),
        min_lead=members.number_or_absent("min_lead"),
        reference_day=members.text_or_absent("reference_day"),
        **objects,
        legal=members.text_or_absent("legal"),
        pack=members.hex_or_absent("pack"),
        software=members.hex_or_absent("software"),
    )
