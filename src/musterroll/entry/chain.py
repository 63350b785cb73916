"""What an act about a person says, and how all acts about that person hang together.

1. A payload names the act, the exact second, who did it (office and officer, or the person), on what legal ground, and
   whom it concerns by `ref`, never by name or number. Further members are the act's own, codes and digests only.
2. `n` counts the acts of one person from 1; `prev` is the commitment of the one before. So a person who has once seen
   act n can show that an earlier one was removed, changed or put in between, and that none is missing.
3. The payload's bytes are kept as written and are never written again to be hashed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from musterroll import canonical, dates
from musterroll.canonical import Json
from musterroll.entry.codec import decode_commitment, encode_commitment
from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError

_NAME = re.compile("[a-z][a-z0-9_]{0,31}")
_FIXED = frozenset({"act", "actor", "at", "ground", "n", "prev", "subject"})


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain of one person ends: `n` acts, the last under `commitment` (32 bytes; none before the first)."""

    n: int = 0
    commitment: bytes = b""

    def __post_init__(self) -> None:
        if self.n < 0 or (len(self.commitment) != 32 if self.n else self.commitment):
            raise ValueError("a head has a count and the commitment of the last act")

    @property
    def prev(self) -> str:
        """What the next payload writes as `prev`."""
        return encode_commitment(self.commitment)


@dataclass(frozen=True, slots=True)
class Payload:
    """One act about one person. `after` is the head it follows; `actor` is `office/officer`, or `person`."""

    act: Act
    at: int
    actor: str
    subject: str
    after: Head
    ground: str = ""
    details: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.actor or not self.subject:
            raise ValueError("an act has an actor and a subject")
        if not all(_NAME.fullmatch(name) for name in self.details) or _FIXED.intersection(self.details):
            raise ValueError("details have names of their own, in small letters")

    def encode(self) -> bytes:
        """The payload's bytes. Inverse of `decode`. An empty ground is left out."""
        fields: dict[str, Json] = {
            **self.details,
            "act": self.act.value,
            "actor": self.actor,
            "at": dates.format_instant(self.at),
            "n": self.after.n + 1,
            "prev": self.after.prev,
            "subject": self.subject,
        }
        if self.ground:
            fields["ground"] = self.ground
        return canonical.encode(fields)


def decode(data: bytes, *, where: str = "payload of an act") -> Payload:
    """The act in `data`. Raises MusterRollError `entry.payload`."""
    fields = canonical.decode(data, where=where)
    try:
        act, at = Act(fields.pop("act")), dates.parse_instant(fields.pop("at"), where=where)
        n, prev = fields.pop("n"), fields.pop("prev")
        head = Head(n - 1, decode_commitment(prev, where=where) if prev else b"")
        actor, subject, ground = fields.pop("actor"), fields.pop("subject"), fields.pop("ground", "")
        if not all(isinstance(text, str) for text in (actor, subject, ground)):
            raise ValueError("texts")
        payload = Payload(act, at, actor, subject, head, ground, fields)
        if payload.encode() != data:
            raise ValueError("not canonical")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise MusterRollError(
            "entry.payload",
            "This is not the payload of an act: it lacks a member, or one of them is not what it should be.",
            where=where,
            remedy="Take the payload again from the register, byte for byte.",
        ) from None
    return payload


def check(subject: str, acts: Sequence[tuple[bytes, bytes]], *, after: Head | None = None) -> Head:
    """The head after `acts` (payload, commitment) of `subject`, in order, if each follows the one before.

    `after` is the head that an earlier view ended with. Raises MusterRollError `entry.chain` naming the place, never
    the content. That the payloads open their commitments is checked by `seal.check`.
    """
    head = after or Head()
    for payload, commitment in acts:
        said = decode(payload)
        if said.subject != subject:
            raise _broken(head.n + 1, "it concerns somebody else")
        if said.after.n != head.n:
            raise _broken(head.n + 1, f"it is numbered {said.after.n + 1}")
        if said.after.commitment != head.commitment:
            raise _broken(head.n + 1, "it does not follow the act before it")
        head = Head(head.n + 1, commitment)
    return head


def _broken(n: int, why: str) -> MusterRollError:
    return MusterRollError(
        "entry.chain",
        f"The acts about one person do not hang together: {why}.",
        where=f"act {n} of this person",
        remedy="Keep what you were shown: with the earlier view it is the evidence that an act was removed or changed.",
    )
