"""One person's entry in a draw: a record that only the person and the register can open, and its salt.

1. The record is canonical JSON of birth date, draw, person number and stratum, and nothing else (docs/spec/draw.md);
   where the source gave nullifiers also of the person's own.
2. `person` is a number the person knows from another document: two people cannot be given one entry unnoticed.
3. The salt comes from the person's erasable key, so a stopped draw goes on with the same bytes, and dropping the key
   closes the entry for ever.
"""

import hmac
import re
from dataclasses import dataclass

from musterroll import canonical, dates
from musterroll.draw import commitment
from musterroll.errors import MusterRollError

SALT_BYTES = 32
_TAG_SALT = canonical.tag("draw-salt")
_DRAW = re.compile(r"[a-z0-9-]{3,64}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is to be entered: person number, day of birth (None where it is not established), 32-byte salt.

    `sex` and `territory` are read where strata are made by them, None where not known; `nullifier` is the source's.
    """

    person: str
    born: int | None
    salt: bytes
    sex: str | None = None
    territory: str | None = None
    nullifier: bytes | None = None

    def __post_init__(self) -> None:
        if not self.person or len(self.salt) != SALT_BYTES:
            raise ValueError("a candidate has a person number and a salt of 32 bytes")

    def entrant(self, draw: str, stratum: str) -> "Entrant":
        """The entry of this person in `draw`, in `stratum`."""
        made = record(born=self.born, draw=draw, person=self.person, stratum=stratum, nullifier=self.nullifier)
        return Entrant(made, self.salt, stratum)


@dataclass(frozen=True, slots=True)
class Entrant:
    """An entry as it is committed to: record bytes, 32-byte salt, id of the stratum."""

    record: bytes
    salt: bytes
    stratum: str

    def __post_init__(self) -> None:
        if len(self.salt) != SALT_BYTES:
            raise ValueError("a salt has 32 bytes")

    @property
    def commitment(self) -> bytes:
        """C, the 32 bytes that stand for this person in everything published."""
        return commitment.commit(self.salt, self.record)

    @property
    def born(self) -> str:
        """The birth date that the record states: a day, or `unknown`."""
        return str(canonical.decode(self.record)["born"])


def salt(kp: bytes, draw: str) -> bytes:
    """The salt of the person with key `kp` (32 bytes) in draw `draw`: different for each person and draw."""
    if len(kp) != SALT_BYTES:
        raise ValueError("a person's key has 32 bytes")
    return hmac.digest(kp, _TAG_SALT + draw.encode("ascii"), "sha256")


def record(*, born: int | None, draw: str, person: str, stratum: str, nullifier: bytes | None = None) -> bytes:
    """The bytes a person's entry commits to. `born` is a day; None is written `unknown`."""
    check_draw_id(draw)
    members = {"born": "unknown" if born is None else dates.format_day(born), "draw": draw, "person": person}
    if nullifier is not None:
        members["n"] = nullifier.hex()
    return canonical.encode(members | {"stratum": stratum})


def check_draw_id(draw: str, *, where: str = "draw id") -> None:
    """Raise MusterRollError `draw.id` unless `draw` is 3 to 64 of a-z, 0-9 and the hyphen."""
    if not _DRAW.fullmatch(draw):
        raise MusterRollError(
            "draw.id",
            "The id of a draw is 3 to 64 small letters, digits and hyphens.",
            where=where,
            remedy="Choose another id, such as `xx-2027-a`.",
        )
