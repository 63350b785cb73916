"""Where the randomness of a draw comes from: a public beacon's future round, a public ceremony.

1. A round is named by its number before it exists; its value is unique, and its signature proves it (`engine.beacon`).
2. A ceremony gives at least 128 bits and is over, and in the log, before the round.
3. Names and numbers in the manifest are what the hashing rules read: nothing here may be left to a reader's guess.
"""

import re
from dataclasses import dataclass
from typing import Any

from musterroll import dates
from musterroll.draw.member import Members

QUICKNET_CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
QUICKNET_KEY = (
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
QUICKNET_SCHEME = "bls-unchained-g1-rfc9380"
LEAST_BITS = 128

_HEX = re.compile(r"[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Drand:
    """One round of a drand chain. `genesis` and `period` are seconds; the round's time follows from them."""

    chain: str
    group_key: str
    scheme: str
    genesis: int
    period: int
    round: int

    def __post_init__(self) -> None:
        if not (_HEX.fullmatch(self.chain) and len(self.chain) == 64 and _HEX.fullmatch(self.group_key)):
            raise ValueError("the chain is named by 64 hexadecimal digits, its key by hexadecimal digits")
        if self.round < 1 or self.period < 1 or self.genesis < 0 or self.round >= 2**53 // self.period:
            raise ValueError("rounds count from 1, and a period is at least a second")

    @classmethod
    def quicknet(cls, round_number: int) -> "Drand":
        """A round of quicknet: one every 3 seconds since 2023-08-23."""
        return cls(QUICKNET_CHAIN, QUICKNET_KEY, QUICKNET_SCHEME, 1692803367, 3, round_number)

    @property
    def time(self) -> int:
        """The second (since 1970) at which the round becomes public."""
        return self.genesis + (self.round - 1) * self.period

    def json(self) -> dict[str, Any]:
        """The item as it stands in the manifest."""
        return {
            "type": "drand",
            "chain": self.chain,
            "group_key": self.group_key,
            "scheme": self.scheme,
            "genesis": self.genesis,
            "period": self.period,
            "round": self.round,
        }


@dataclass(frozen=True, slots=True)
class Ceremony:
    """A drawing of `length` symbols of `alphabet` in public, by a written procedure, over by `not_after` (an instant).

    The last two are None only in a manifest that leaves them unstated.
    """

    alphabet: str
    length: int
    procedure_sha256: str | None
    not_after: str | None

    def __post_init__(self) -> None:
        if not self.alphabet.isascii() or not self.alphabet.isprintable() or " " in self.alphabet:
            raise ValueError("symbols are visible ASCII characters")
        if len(set(self.alphabet)) != len(self.alphabet) or not 1 <= self.length <= 65_535:
            raise ValueError("each symbol stands once in the alphabet, and 1 to 65,535 are drawn")
        if len(self.alphabet) ** min(self.length, LEAST_BITS) < 2**LEAST_BITS:
            raise ValueError(f"a ceremony gives at least {LEAST_BITS} bits")
        if self.not_after is not None:
            dates.parse_instant(self.not_after, where="not_after of the ceremony")

    def json(self) -> dict[str, Any]:
        """The item as it stands in the manifest."""
        stated = {"procedure_sha256": self.procedure_sha256, "not_after": self.not_after}
        return {"type": "ceremony", "alphabet": self.alphabet, "length": self.length} | {
            name: value for name, value in stated.items() if value is not None
        }


type Source = Drand | Ceremony


def read(members: Members) -> Source:
    """The source of randomness that `members` name. Raises MusterRollError `manifest.member`."""
    kind = members.text("type")
    if kind == "drand":
        return members.make(
            Drand,
            chain=members.text("chain"),
            group_key=members.text("group_key"),
            scheme=members.text("scheme"),
            genesis=members.number("genesis"),
            period=members.number("period"),
            round=members.number("round"),
        )
    if kind == "ceremony":
        return members.make(
            Ceremony,
            alphabet=members.text("alphabet"),
            length=members.number("length"),
            procedure_sha256=members.hex_or_absent("procedure_sha256"),
            not_after=members.text_or_absent("not_after"),
        )
    raise members.wrong("type", "is `drand` or `ceremony`")
