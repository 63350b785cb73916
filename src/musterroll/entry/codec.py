"""The bytes of one ledger entry (docs/spec/ledger.md).

1. An entry is canonical JSON of at most 1,024 bytes with `v` 1: what is logged is read by programs not yet written.
2. A public entry has `k`, `p` (what is said) and `t` to the second. An opaque one has `k` "act", the commitment `c`
   in base64url without padding, and `t` to the hour: who could be meant must not follow from the minute.
3. A reader hashes the bytes that it was given and refuses what is not spelt in exactly this way.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass

from musterroll import canonical, dates
from musterroll.canonical import Json
from musterroll.entry.kind import Kind
from musterroll.entry.seal import commitment
from musterroll.errors import MusterRollError

MOST_BYTES = 1_024
VERSION = 1
_HOUR = 3_600
_C = re.compile("[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """Something said in clear: its kind, what is said, and when (seconds since 1970)."""

    kind: Kind
    payload: Mapping[str, Json]
    at: int


@dataclass(frozen=True, slots=True)
class ActEntry:
    """Something done to or by a person: the 32-byte commitment, and the first second of the hour."""

    commitment: bytes
    hour: int


def public(kind: Kind, payload: Mapping[str, Json], at: int) -> bytes:
    """The entry that says `payload` in clear at second `at`.

    Raises ValueError for the opaque kind, and where the entry is over 1,024 bytes: put a digest into it instead.
    """
    if kind.opaque:
        raise ValueError("what concerns one person is never logged in clear")
    entry = canonical.encode({"k": kind.value, "p": dict(payload), "t": dates.format_instant(at), "v": VERSION})
    if len(entry) > MOST_BYTES:
        raise ValueError(f"an entry has at most {MOST_BYTES} bytes, this {kind.value} has {len(entry)}")
    return entry


def act(payload: bytes, salt: bytes, at: int) -> bytes:
    """The opaque entry for `payload` (the bytes of a `chain.Payload`), sealed with `salt`, in the hour of `at`."""
    c = encode_commitment(commitment(salt, payload))
    return canonical.encode({"c": c, "k": Kind.ACT.value, "t": _hour(at), "v": VERSION})


def decode(data: bytes, *, where: str = "ledger entry") -> PublicEntry | ActEntry:
    """The entry in `data`. Inverse of `public` and `act`.

    Raises MusterRollError `entry.version` for a later format and `entry.malformed` for anything else.
    """
    if len(data) > MOST_BYTES:
        raise _malformed(f"it has over {MOST_BYTES} bytes", where)
    fields = canonical.decode(data, where=where)
    if not isinstance(fields, dict):
        raise _malformed("it is not an object", where)
    if fields.get("v") != VERSION or isinstance(fields["v"], bool):
        raise MusterRollError(
            "entry.version",
            "This entry is written in a format that this program does not know.",
            where=where,
            remedy="Use a newer release of the program; until then, believe nothing about this entry.",
            exit_code=2,
        )
    match fields:
        case {"k": "act", "c": str(c), "t": str(hour), "v": int(), **others} if not others:
            second = _second(f"{hour[:-1]}:00:00Z")
            entry: PublicEntry | ActEntry = ActEntry(decode_commitment(c, where=where), second)
            again = {"c": c, "k": "act", "t": _hour(second), "v": VERSION}
        case {"k": str(kind), "p": dict(payload), "t": str(at), "v": int(), **others} if not others and kind in _PUBLIC:
            second = _second(at)
            entry = PublicEntry(Kind(kind), payload, second)
            again = {"k": kind, "p": payload, "t": dates.format_instant(second), "v": VERSION}
        case _:
            raise _malformed("its members are not those of a public entry or an act of a known kind", where)
    if canonical.encode(again) != data:
        raise _malformed("it is not spelt in canonical JSON", where)
    return entry


def encode_commitment(value: bytes) -> str:
    """32 bytes in base64url without padding: the `c` of an entry and the `prev` of a payload."""
    return base64.urlsafe_b64encode(value).decode("ascii").rstrip("=")


def decode_commitment(text: str, *, where: str = "commitment") -> bytes:
    """Inverse of `encode_commitment`. Raises MusterRollError `entry.malformed`."""
    if not _C.fullmatch(text):
        raise _malformed("a commitment has 43 letters of base64url", where)
    value = base64.urlsafe_b64decode(f"{text}=")
    if encode_commitment(value) != text:
        raise _malformed("a commitment has bits left over", where)
    return value


_PUBLIC = frozenset(kind.value for kind in Kind if not kind.opaque)


def _hour(at: int) -> str:
    return f"{dates.format_instant(at - at % _HOUR)[:13]}Z"


def _second(text: str) -> int:
    return dates.parse_instant(text, where="member t")


def _malformed(why: str, where: str) -> MusterRollError:
    return MusterRollError(
        "entry.malformed",
        f"This is no entry of a Muster Roll ledger: {why}.",
        where=where,
        remedy="Fetch the entry again; if it stays so, its register has written what it should not have.",
    )
