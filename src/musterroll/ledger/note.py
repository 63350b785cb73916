"""Signed notes (C2SP signed-note v1.0.0) with Ed25519 keys (RFC 8032).

1. A note is text ending in a newline, a blank line, and signature lines `— <key name> <base64(key id || signature)>`.
   It is UTF-8 without control characters other than the newline.
2. Name and id together name a key. Lines of unknown keys are passed over; a line of a known key that does not verify
   condemns the whole note; a note that no known key signed says nothing.
3. The algorithm byte is part of the id, so a key cannot be used for another purpose: 0x01 signs the text as it stands,
   0x04 is a cosignature (`cosignature`) and signs something else.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from musterroll.errors import MusterRollError

ED25519 = 0x01
"""Algorithm byte of a key that signs notes: the log's own."""

COSIGNATURE = 0x04
"""Algorithm byte of a key that cosigns checkpoints with the time: a witness's."""

MOST_SIGNATURES = 100
_KEY_BYTES = 32
_DASH = "— "


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Who may sign: a name, what the key is for, and 32 bytes. Written as a *vkey*."""

    name: str
    algorithm: int
    public: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise ValueError("a key name has at least one character, no space and no plus")
        if self.algorithm not in (ED25519, COSIGNATURE) or len(self.public) != _KEY_BYTES:
            raise ValueError("only Ed25519 keys of 32 bytes, of type 1 or 4")

    @property
    def id(self) -> bytes:
        """The four bytes that stand in a signature line beside the name."""
        typed = bytes([self.algorithm]) + self.public
        return hashlib.sha256(self.name.encode() + b"\n" + typed).digest()[:4]

    @property
    def vkey(self) -> str:
        """`<name>+<hex id>+<base64(algorithm || key)>`. Inverse of `parse_vkey`."""
        return f"{self.name}+{self.id.hex()}+{encode_base64(bytes([self.algorithm]) + self.public)}"

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Whether this key made `signature` over `message`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A key that signs, from its 32-byte seed. The seed is never shown in a message or a repr."""

    name: str
    algorithm: int
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != _KEY_BYTES:
            raise ValueError("the seed of an Ed25519 key has 32 bytes")
        PublicKey(self.name, self.algorithm, bytes(_KEY_BYTES))

    @property
    def public_key(self) -> PublicKey:
        """The key that checks what this one signs."""
        return PublicKey(self.name, self.algorithm, self._key().public_key().public_bytes_raw())

    @property
    def skey(self) -> str:
        """`PRIVATE+KEY+<name>+<hex id>+<base64(algorithm || seed)>`, as Go writes it. Inverse of `parse_skey`."""
        typed = encode_base64(bytes([self.algorithm]) + self.seed)
        return f"PRIVATE+KEY+{self.name}+{self.public_key.id.hex()}+{typed}"

    def sign_bytes(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature over `message`."""
        return self._key().sign(message)

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the name and id of a key, and what it wrote."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        """The line with its newline. Inverse of `parse_signature`."""
        return f"{_DASH}{self.name} {encode_base64(self.key_id + self.value)}\n"

    def by(self, key: PublicKey) -> bool:
        """Whether the line claims to be of `key`. It has still to be verified."""
        return (self.name, self.key_id) == (key.name, key.id)


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it. Nothing is true of the text before `verify` has said who signed it."""

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n") or not _printable(self.text):
            raise ValueError("the text of a note ends in a newline and has no other control character")

    def encode(self) -> bytes:
        """The bytes of the note. Inverse of `decode`."""
        return f"{self.text}\n{''.join(signature.line for signature in self.signatures)}".encode()

    def plus(self, *signatures: Signature) -> "Note":
        """The same note with `signatures` under the others."""
        return Note(self.text, (*self.signatures, *signatures))


def decode(data: bytes, *, where: str = "signed note") -> Note:
    """The note written in `data`, its signatures not yet verified. Raises MusterRollError `note.malformed`."""
    try:
        whole = data.decode("utf-8")
        text, separator, lines = whole.rpartition("\n\n")
        if not separator or not lines.endswith("\n") or not _printable(whole):
            raise ValueError("a note is text, an empty line and signature lines, without control characters")
        if lines.count("\n") > MOST_SIGNATURES:
            raise ValueError(f"more than {MOST_SIGNATURES} signatures")
        return Note(text + "\n", tuple(parse_signature(line + "\n") for line in lines[:-1].split("\n")))
    except ValueError as problem:
        raise _malformed("note.malformed", problem, where) from None


def parse_signature(line: str) -> Signature:
    """The signature in one line with its newline. Raises ValueError."""
    if not line.startswith(_DASH) or not line.endswith("\n"):
        raise ValueError("a signature line begins with an em dash and a space")
    name, space, encoded = line[len(_DASH) : -1].partition(" ")
    value = decode_base64(encoded) if space else b""
    if not is_key_name(name) or len(value) < 5:
        raise ValueError("a signature line holds a key name and at least five bytes in base64")
    return Signature(name, value[:4], value[4:])


def sign(text: str, key: PrivateKey) -> Signature:
    """The line with which `key` (of type 0x01) signs `text`."""
    if key.algorithm != ED25519:
        raise ValueError("a witness's key signs cosignatures only")
    return Signature(key.name, key.public_key.id, key.sign_bytes(text.encode()))


def verify(note: Note, keys: Iterable[PublicKey]) -> tuple[PublicKey, ...]:
    """Those of `keys` (of type 0x01) that signed the note, in the order of its lines.

    Raises MusterRollError `note.signature` where a line of a known key is false, `note.unsigned` where no key signed.
    """
    known = [key for key in keys if key.algorithm == ED25519]
    signed: dict[PublicKey, None] = {}
    for signature in note.signatures:
        for key in known:
            if signature.by(key):
                if not key.signed(note.text.encode(), signature.value):
                    raise false_signature(key)
                signed[key] = None
    if not signed:
        raise MusterRollError(
            "note.unsigned",
            "None of the trusted keys signed this.",
            where=", ".join(key.vkey for key in known) or "no key is trusted here",
            remedy="Check that the policy names the right key and that the file is the published one.",
        )
    return tuple(signed)


def parse_vkey(text: str, *, where: str = "verifier key") -> PublicKey:
    """The key written as a vkey. Raises MusterRollError `key.malformed`, also where the id does not fit the key."""
    try:
        name, key_id, encoded = text.split("+", 2)
        typed = decode_base64(encoded)
        if not typed:
            raise ValueError("no key")
        key = PublicKey(name, typed[0], typed[1:])
        if key.id.hex() != key_id:
            raise ValueError(f"the id should be {key.id.hex()}")
    except ValueError as problem:
        raise _malformed("key.malformed", problem, where) from None
    return key


def parse_skey(text: str, *, where: str = "private key") -> PrivateKey:
    """The private key written as an skey. Raises MusterRollError `key.malformed`, which shows nothing of the key."""
    try:
        private, word, name, key_id, encoded = text.split("+", 4)
        typed = decode_base64(encoded)
        if (private, word) != ("PRIVATE", "KEY") or not typed:
            raise ValueError("not a private key")
        key = PrivateKey(name, typed[0], typed[1:])
        if key.public_key.id.hex() != key_id:
            raise ValueError("the id does not fit the key")
    except ValueError as problem:
        raise _malformed("key.malformed", problem, where) from None
    return key


def is_key_name(name: str) -> bool:
    """Whether `name` may name a key: not empty, no Unicode space, no plus, nothing unprintable below U+0020."""
    return bool(name) and "+" not in name and _printable(name) and not any(letter.isspace() for letter in name)


def encode_base64(data: bytes) -> str:
    """Standard base64 (RFC 4648 section 4) with padding. Inverse of `decode_base64`."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str) -> bytes:
    """The bytes of standard base64; ValueError for any spelling but the one `encode_base64` gives."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise ValueError("not base64") from None
    if encode_base64(data) != text:
        raise ValueError("not canonical base64")
    return data


def false_signature(key: PublicKey) -> MusterRollError:
    """A line that claims to be of `key` and is not: the whole note is to be refused."""
    return MusterRollError(
        "note.signature",
        "A signature that claims to be of a trusted key is false.",
        where=key.vkey,
        remedy="Fetch the file again; if it stays so, the file was altered after it was signed.",
    )


def _printable(text: str) -> bool:
    return all(letter >= " " or letter == "\n" for letter in text)


def _malformed(code: str, problem: ValueError, where: str) -> MusterRollError:
    why = "it is not UTF-8" if isinstance(problem, UnicodeDecodeError) else str(problem)
    return MusterRollError(
        code,
        f"This is not what it should be: {why}.",
        where=where,
        remedy="Fetch the text again where it is published.",
    )
