"""What a manifest says about the pot check it passed, and why there is another attempt (docs/spec/draw.md, 6 and 7)."""

import re
from dataclasses import dataclass
from typing import Any

from musterroll.draw.member import Members
from musterroll.draw.potcheck import MOST_PER_MILLE

POTCHECK, FALLBACK = "potcheck", "fallback"
MOST_ATTEMPTS = 3
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Because:
    """The ground of a later attempt: a failed pot check, by SHA-256 of its file, or a silent beacon."""

    ground: str
    sha256: str | None = None

    def __post_init__(self) -> None:
        if self.ground not in {POTCHECK, FALLBACK} or (self.ground == POTCHECK) != (self.sha256 is not None):
            raise ValueError("a draw is made again because of a failed pot check, which is named, or a silent beacon")

    def json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        return {"ground": self.ground} if self.sha256 is None else {"ground": self.ground, "sha256": self.sha256}

    @classmethod
    def read(cls, members: Members) -> "Because":
        """The ground that `members` state."""
        return members.make(cls, ground=members.text("ground"), sha256=members.hex_or_absent("sha256"))


@dataclass(frozen=True, slots=True)
class PotcheckTerms:
    """The pot check that was passed: SHA-256 of its file, who counted, their Ed25519 key, the declared share."""

    sha256: str
    office: str
    key: str
    per_mille: int

    def __post_init__(self) -> None:
        if not self.office or not (_HASH.fullmatch(self.key) and 1 <= self.per_mille <= MOST_PER_MILLE):
            raise ValueError(
                f"a pot check names its office, its key and a share of 1 to {MOST_PER_MILLE} in a thousand"
            )

    def json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        return {"sha256": self.sha256, "office": self.office, "key": self.key, "per_mille": self.per_mille}

    @classmethod
    def read(cls, members: Members) -> "PotcheckTerms":
        """The pot check that `members` state."""
        return members.make(
            cls,
            sha256=members.hex("sha256"),
            office=members.text("office"),
            key=members.hex("key"),
            per_mille=members.number("per_mille"),
        )
