"""What a time stamp says (RFC 3161), read with the standard library alone (docs/spec/ledger.md, section 2.9).

1. A `.tsr` file is the DER of a TimeStampResp. Read are its status, and of the token what was stamped and when.
2. The stamp is of some bytes when its imprint is their SHA-256. No other digest is taken.
3. Nothing here checks the authority's signature: that needs its certificate and a library (`register.stamps`), or
   `openssl ts -verify`. Until then the time is what the file says.
"""

import hashlib
import re
from dataclasses import dataclass

from musterroll import dates
from musterroll.errors import MusterRollError

SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
"""1.2.840.113549.1.7.2"""
TST_INFO = bytes.fromhex("2a864886f70d0109100104")
"""1.2.840.113549.1.9.16.1.4"""
SHA256 = bytes.fromhex("608648016503040201")
"""2.16.840.1.101.3.4.2.1"""

INTEGER, OCTETS, OID, TIME, SEQUENCE, FIRST = 0x02, 0x04, 0x06, 0x18, 0x30, 0xA0
_GRANTED = (b"\x00", b"\x01")
_GEN_TIME = re.compile(rb"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\.[0-9]*[1-9])?Z")

type Member = tuple[int, bytes]
"""A DER value: its tag and its content."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Somebody stamped bytes with the SHA-256 `imprint` at second `at`, as number `serial`."""

    imprint: bytes
    at: int
    serial: int


def read(data: bytes, *, where: str = "time stamp") -> Stamp:
    """What the response in `data` says. Raises MusterRollError `stamp.malformed` or `stamp.refused`."""
    try:
        status, *content = _inside(_one(data), SEQUENCE)
        if _content(_inside(status, SEQUENCE)[0], INTEGER) not in _GRANTED:
            raise _refused(where)
        kind, wrapped = _inside(content[0], SEQUENCE)
        _same(kind, OID, SIGNED_DATA)
        signed = _inside(_inside(wrapped, FIRST)[0], SEQUENCE)
        kind, wrapped = _inside(signed[2], SEQUENCE)
        _same(kind, OID, TST_INFO)
        info = _inside(_one(_content(_inside(wrapped, FIRST)[0], OCTETS)), SEQUENCE)
        _same(info[0], INTEGER, b"\x01")
        algorithm, imprint = _inside(info[2], SEQUENCE)
        _same(_inside(algorithm, SEQUENCE)[0], OID, SHA256)
        digest = _content(imprint, OCTETS)
        if len(digest) != hashlib.sha256().digest_size:
            raise ValueError("the imprint has another length")
        return Stamp(digest, _time(_content(info[4], TIME)), int.from_bytes(_content(info[3], INTEGER), "big"))
    except (ValueError, IndexError):
        raise MusterRollError(
            "stamp.malformed",
            "This is no time stamp of RFC 3161 over a SHA-256 digest.",
            where=where,
            remedy="Fetch the file again; a stamp that cannot be read shows nothing.",
        ) from None


def check(data: bytes, stamped: bytes, *, where: str = "time stamp") -> Stamp:
    """What the response says, if it is of the bytes `stamped`. Raises MusterRollError `stamp.other` besides."""
    stamp = read(data, where=where)
    expected = hashlib.sha256(stamped).digest()
    if stamp.imprint != expected:
        raise MusterRollError(
            "stamp.other",
            f"The time stamp is of other bytes: expected the digest {expected.hex()}, found {stamp.imprint.hex()}.",
            where=where,
            remedy="Keep both files: one of them was exchanged.",
        )
    return stamp


def _one(data: bytes) -> Member:
    (member,) = _members(data)
    return member


def _inside(member: Member, tag: int) -> list[Member]:
    return _members(_content(member, tag))


def _content(member: Member, tag: int) -> bytes:
    if member[0] != tag:
        raise ValueError(f"tag {member[0]} where {tag} should be")
    return member[1]


def _same(member: Member, tag: int, content: bytes) -> None:
    if member != (tag, content):
        raise ValueError("another kind of content")


def _members(data: bytes) -> list[Member]:
    """The values that stand one after the other in `data`; only DER's own spelling of lengths."""
    found: list[Member] = []
    place = 0
    while place < len(data):
        tag, length = data[place], data[place + 1]
        place += 2
        if length >= 0x80:
            digits = data[place : place + length - 0x80]
            place += len(digits)
            length = int.from_bytes(digits, "big")
            if length < 0x80 or digits[0] == 0:
                raise ValueError("a length that DER spells otherwise")
        if place + length > len(data):
            raise ValueError("a value is cut off")
        found.append((tag, data[place : place + length]))
        place += length
    return found


def _time(text: bytes) -> int:
    spelt = _GEN_TIME.fullmatch(text)
    if spelt is None:
        raise ValueError("genTime")
    year, month, day, hour, minute, second = (part.decode() for part in spelt.groups())
    try:
        return dates.parse_instant(f"{year}-{month}-{day}T{hour}:{minute}:{second}Z")
    except MusterRollError:
        raise ValueError("no such time") from None


def _refused(where: str) -> MusterRollError:
    return MusterRollError(
        "stamp.refused",
        "The authority did not grant a time stamp.",
        where=where,
        remedy="Ask again; if it stays so, ask the authority why, or another one.",
    )
