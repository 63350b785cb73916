"""The manifest: everything that decides a draw, fixed and published before the randomness exists.

1. The manifest is canonical JSON. Its hash goes into the seed, so nothing in it can change afterwards.
2. A writer states every member of docs/spec/draw.md; `missing` names those a manifest leaves out, and verifiers then
   say "not stated". Members this version does not know are refused.
3. The draw's round is named beforehand; ceremonies are over before it; the audit's round comes after it.
4. Attempt 1 supersedes nothing; every later attempt names the manifest it replaces, and why.
5. A supplement, or a stratum drawn anew, names its parent and states nothing that its parent has settled.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from musterroll import canonical, dates
from musterroll.draw import entrant, randomness, source
from musterroll.draw.because import FALLBACK, POTCHECK, Because, PotcheckTerms
from musterroll.draw.member import Members
from musterroll.draw.randomness import Ceremony, Drand
from musterroll.draw.source import SourceCounts, SourceList, SourceTerms
from musterroll.draw.table import TableTerms
from musterroll.draw.terms import Audit, CohortTerms, Fairness, Fallback
from musterroll.errors import MusterRollError

__all__ = [
    "Audit",
    "Because",
    "Ceremony",
    "CohortTerms",
    "Drand",
    "Fairness",
    "Fallback",
    "Manifest",
    "PotcheckTerms",
    "SourceCounts",
    "SourceList",
    "TableTerms",
    "decode",
]

VERSION = 1
KIND = "muster-roll/draw"
SUPPLEMENT = "muster-roll/supplement"
STRATUM = "muster-roll/stratum"
KINDS = (KIND, SUPPLEMENT, STRATUM)
ALGORITHM = "muster-roll/rank-sha256/v1"
BY_TABLE = "muster-roll/rank-table/v1"


@dataclass(frozen=True)
class Manifest:
    """The terms of one draw. Optional members are None only in a manifest that leaves them unstated.

    `min_lead` is seconds between the last cosignature that counts and the round; `reference_day` is `YYYY-MM-DD`;
    `legal` is a citation; `pack`, `software` and `page` are SHA-256 in hexadecimal of the law pack and the verifiers.
    `parent`, `number` and `stratum` belong to supplements and strata drawn anew.
    """

    draw: str
    register: str
    attempt: int
    supersedes: str | None
    cohort: CohortTerms
    randomness: tuple[randomness.Source, ...]
    min_lead: int | None = None
    reference_day: str | None = None
    source: SourceTerms | None = None
    audit: Audit | None = None
    fairness: Fairness | None = None
    fallback: Fallback | None = None
    legal: str | None = None
    pack: str | None = None
    software: str | None = None
    kind: str = KIND
    algorithm: str = ALGORITHM
    because: Because | None = None
    page: str | None = None
    potcheck: PotcheckTerms | None = None
    table: TableTerms | None = None
    parent: str | None = None
    number: int | None = None
    stratum: str | None = None

    def __post_init__(self) -> None:
        entrant.check_draw_id(self.draw, where="manifest.json")
        if self.attempt < 1 or (self.attempt == 1) != (self.supersedes is None):
            raise ValueError("attempt 1 supersedes nothing, and every later attempt names what it supersedes")
        self._check_randomness()
        if self.kind == KIND:
            self._check_draw()
        else:
            self._check_part()
        if self.reference_day is not None:
            dates.parse_day(self.reference_day, where="reference_day")
        if self.table is not None and self.reference_day not in {None, self.table.frozen_on}:
            raise ValueError("birth dates are those on record the day before the table is drawn")

    def _check_randomness(self) -> None:
        rounds = [item for item in self.randomness if isinstance(item, Drand)]
        fallen_back = self.because is not None and self.because.ground == FALLBACK
        if len(rounds) != 1 and not (fallen_back and not rounds and self.randomness):
            raise ValueError("exactly one round of a beacon is named")
        for item in self.randomness:
            over = dates.parse_instant(item.not_after) if isinstance(item, Ceremony) and item.not_after else 0
            if rounds and over >= self.round.time:
                raise ValueError("a ceremony is over before the beacon's round")

    def _check_draw(self) -> None:
        if (self.parent, self.number, self.stratum) != (None, None, None):
            raise ValueError("only a supplement or a stratum drawn anew has a parent, a number, a stratum")
        if self.because is not None and self.attempt == 1:
            raise ValueError("the first attempt has no reason to be another")
        if (self.algorithm == BY_TABLE) != (self.table is not None):
            raise ValueError("a draw by table, and no other, says when its table is drawn")
        if self.audit is not None:
            if not self.has_round or self.audit.round <= self.round.round:
                raise ValueError("the audit's round is later than the draw's")
            if len(self.audit.samples) != len(self.cohort.strata):
                raise ValueError("the audit names one sample size a stratum")
        if self.source is not None and not self.source.agrees_with(self.cohort.size):
            raise ValueError("considered less excluded is the size of the cohort")
        if isinstance(self.source, SourceList) and self.source.key_holder == self.register:
            raise ValueError("the register does not hold the key of the source")

    def _check_part(self) -> None:
        if self.parent is None or not self.number or self.attempt != 1 or not self.has_round:
            raise ValueError("a supplement or a stratum drawn anew has a parent, a number from 1, and its own round")
        settled = (self.source, self.audit, self.fairness, self.fallback, self.potcheck, self.table)
        if any(settled) or self.cohort.partition is not None or self.cohort.quota is not None:
            raise ValueError("a supplement or a stratum drawn anew states nothing that its parent has settled")
        if self.kind == SUPPLEMENT:
            if self.stratum is not None or self.because is not None:
                raise ValueError("a supplement is of all strata, and needs no ground")
            if any(stratum.quota for stratum in self.cohort.strata):
                raise ValueError("a supplement has no quota of its own")
            return
        if self.algorithm != ALGORITHM or [stratum.id for stratum in self.cohort.strata] != [self.stratum]:
            raise ValueError("what is drawn anew is the one stratum that is named")
        if self.because is None or self.because.ground != POTCHECK:
            raise ValueError("a stratum is drawn anew because of a failed pot check")

    @property
    def has_round(self) -> bool:
        """Whether a round of a beacon is named; after a fallback to a ceremony there is none."""
        return any(isinstance(item, Drand) for item in self.randomness)

    @property
    def round(self) -> Drand:
        """The beacon's round that makes the order. Raises MusterRollError `manifest.no-round`."""
        for item in self.randomness:
            if isinstance(item, Drand):
                return item
        raise MusterRollError(
            "manifest.no-round",
            "This draw has fallen back to a ceremony: it waits for no round of a beacon.",
            where="manifest.json",
            remedy="Hold the ceremony that the manifest names.",
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """The members a writer must state and this manifest does not."""
        stated: dict[str, Any] = {name: getattr(self, name) for name in _STATED}
        if self.kind == KIND:
            stated |= {"cohort.partition": self.cohort.partition, "cohort.quota": self.cohort.quota}
            stated |= {name: getattr(self, name) for name in _STATED_OF_A_DRAW}
            if self.has_round:
                stated |= {name: getattr(self, name) for name in _STATED_WITH_A_ROUND}
            if self.attempt > 1:
                stated["because"] = self.because
        for i, item in enumerate(self.randomness):
            if isinstance(item, Ceremony):
                stated[f"randomness[{i}].procedure_sha256"] = item.procedure_sha256
                stated[f"randomness[{i}].not_after"] = item.not_after
        return tuple(sorted(name for name, value in stated.items() if value is None))

    def encode(self) -> bytes:
        """The bytes of `manifest.json`. Inverse of `decode`."""
        members: dict[str, Any] = {
            "v": VERSION,
            "kind": self.kind,
            "algorithm": self.algorithm,
            "draw": self.draw,
            "register": self.register,
            "attempt": self.attempt,
            "supersedes": self.supersedes,
            "cohort": self.cohort.json(),
            "randomness": [item.json() for item in self.randomness],
        }
        for name in (*_PLAIN, *_OBJECTS):
            value = getattr(self, name)
            if value is not None:
                members[name] = value.json() if name in _OBJECTS else value
        return canonical.encode(members)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of `encode()`, hexadecimal: what the ledger and the seed carry."""
        return canonical.sha256_hex(self.encode())


_STATED = ("min_lead", "reference_day", "legal", "pack", "software")
_STATED_OF_A_DRAW = ("source", "fairness")
_STATED_WITH_A_ROUND = ("audit", "fallback")
_PLAIN = (*_STATED, "page", "parent", "number", "stratum")
_OBJECTS: dict[str, Any] = {
    "source": source.read,
    "audit": Audit.read,
    "fairness": Fairness.read,
    "fallback": Fallback.read,
    "because": Because.read,
    "potcheck": PotcheckTerms.read,
    "table": TableTerms.read,
}


def decode(manifest: bytes) -> Manifest:
    """The terms in the bytes of `manifest.json`. Inverse of `Manifest.encode`.

    Raises MusterRollError `json.malformed`, `manifest.version` or `manifest.member` naming the member.
    """
    members = Members(canonical.decode(manifest, where="manifest.json"), "manifest")
    members.fixed(v=VERSION)
    kind = members.one_of("kind", KINDS)
    algorithm = members.one_of("algorithm", (ALGORITHM, BY_TABLE))
    objects: dict[str, Any] = {}
    for name, read in _OBJECTS.items():
        inner = members.inner_or_absent(name)
        objects[name] = inner and read(inner)
    return members.make(
        Manifest,
        kind=kind,
        algorithm=algorithm,
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
        page=members.hex_or_absent("page"),
        parent=members.hex_or_absent("parent"),
        number=members.number_or_absent("number"),
        stratum=members.text_or_absent("stratum"),
    )
