"""What an agency says about a delivery before anybody reads it: one JSON object beside the file.

1. The manifest is bytes first: its digest of the file decides whether the file is the one that was sent.
2. `as_of` is the day the register was copied; `sent` the instant the agency let go of it.
3. A delivery is one of four: the whole register (`full`), so that a row not in it is a row that is gone; the changes
   since the file whose digest is `base`; a correction of the rows that were set aside of the file `corrects`; or the
   answers to the questions of the file `answers`.
4. `counts` are the agency's own counts of its rows by district, legal sex or birth year; they must be found again.
5. `size` is how many bytes the file has. Where a delivery is uploaded it has to be said: no more is ever read.
6. A signature is Ed25519 over the canonical bytes of all other members: nothing in a signed manifest can be changed,
   and white space cannot break it.
7. Nothing in a manifest concerns a person. Its members are closed: `VERSION` 2 is written, 1 is still read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from musterroll import canonical, dates
from musterroll.errors import MusterRollError

VERSION = 2
COUNTED = ("district", "sex", "birth_year")
FORMATS = ("csv", "ndjson", "parquet", "xlsx")

NO_COUNTS: Mapping[str, Mapping[str, int]] = MappingProxyType({})

_FIRST = frozenset({"v", "source", "sender", "as_of", "rows", "sha256", "sent", "full", "demonstration"})
_NEEDED = frozenset({"v", "source", "as_of", "rows", "sha256"})
_TEXTS = ("sender", "file", "format", "base", "corrects", "answers", "key", "signature")
_KNOWN = _NEEDED | {*_TEXTS, "sent", "full", "demonstration", "counts", "size"}
_PURPOSE = canonical.tag("manifest")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The sender's word about one file: which source, as of which day, how many data rows, which digest.

    `as_of` is a day, `sent` whole seconds since 1970 (0 where it is not said), `rows` the number of rows below the
    heading, `size` the number of its bytes (0 where it is not said); digests are 64 lower-case hexadecimal digits.
    Raises MusterRollError `manifest.malformed` for values outside those ranges.
    """

    source: str
    as_of: int
    rows: int
    sha256: str
    sender: str = ""
    sent: int = 0
    full: bool = True
    demonstration: bool = False
    v: int = VERSION
    file: str = ""
    format: str = ""
    base: str = ""
    corrects: str = ""
    answers: str = ""
    counts: Mapping[str, Mapping[str, int]] = field(default=NO_COUNTS)
    key: str = ""
    signature: str = ""
    size: int = 0

    def __post_init__(self) -> None:
        if self.v not in (1, VERSION):
            raise _malformed(f"its version is 1 or {VERSION}")
        if not self.source:
            raise _malformed("`source` is not empty")
        if self.rows < 0:
            raise _malformed("`rows` is not negative")
        if self.size < 0:
            raise _malformed("`size` is not negative")
        for name in ("sha256", "base", "corrects", "answers"):
            digest = getattr(self, name)
            if (digest or name == "sha256") and not _is_hex(digest, 64):
                raise _malformed(f"`{name}` is 64 lower-case hexadecimal digits")
        if self.file and (self.file in (".", "..") or set(self.file) & set("/\\\0")):
            raise _malformed("`file` is a name without folders")
        if self.format and self.format not in FORMATS:
            raise _malformed(f"`format` is one of {', '.join(FORMATS)}")
        partial = [name for name in ("base", "corrects", "answers") if getattr(self, name)]
        if self.full and partial:
            raise _malformed("a delivery with `base`, `corrects` or `answers` is not `full`")
        if len(partial) > 1:
            raise _malformed("it continues a delivery (`base`), corrects one (`corrects`) or answers questions: one")
        if set(self.counts) - set(COUNTED):
            raise _malformed(f"`counts` are by {', '.join(COUNTED)}")
        if bool(self.key) != bool(self.signature) or (self.signature and not _is_hex(self.signature, 128)):
            raise _malformed("`key` names the signing key and `signature` is 128 lower-case hexadecimal digits")

    def encode(self) -> bytes:
        """The canonical bytes. Inverse of `decode`."""
        return canonical.encode(self._members())

    def signed_bytes(self) -> bytes:
        """What a signature is over: a fixed tag, then the canonical bytes without the member `signature`."""
        return _PURPOSE + canonical.encode({k: v for k, v in self._members().items() if k != "signature"})

    def _members(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "v": self.v,
            "source": self.source,
            "as_of": dates.format_day(self.as_of),
            "rows": self.rows,
            "sha256": self.sha256,
            "full": self.full,
            "demonstration": self.demonstration,
        }
        if self.v == 1:
            return told | {"sender": self.sender, "sent": dates.format_instant(self.sent)}
        told |= {name: text for name in _TEXTS if (text := getattr(self, name))}
        if self.sent:
            told["sent"] = dates.format_instant(self.sent)
        if self.size:
            told["size"] = self.size
        if self.counts:
            told["counts"] = {
                name: [[value, count] for value, count in sorted(counted.items())]
                for name, counted in self.counts.items()
            }
        return told


def decode(data: bytes) -> Manifest:
    """The manifest written in `data`. Raises MusterRollError `json.malformed`, `manifest.malformed`, `date.malformed`
    or `time.malformed`. Inverse of `Manifest.encode`.
    """
    value: Any = canonical.decode(data, where="manifest")
    if not isinstance(value, dict):
        raise _malformed("it is one JSON object")
    first = value.get("v") == 1
    if first and set(value) != _FIRST:
        raise _malformed("it has exactly the members " + ", ".join(sorted(_FIRST)))
    if missing := sorted(_NEEDED - set(value)):
        raise _malformed(f"it lacks {', '.join(missing)}")
    if set(value) - _KNOWN:
        raise _malformed(f"its members are among {', '.join(sorted(_KNOWN))}")
    texts = all(isinstance(value.get(name, ""), str) for name in ("source", "as_of", "sha256", "sent", *_TEXTS))
    numbers = all(type(value.get(name, 0)) is int for name in ("v", "rows", "size"))
    answers = all(isinstance(value.get(name, False), bool) for name in ("full", "demonstration"))
    if not (texts and numbers and answers):
        raise _malformed(
            "texts are texts, `v`, `rows` and `size` whole numbers, `full` and `demonstration` true or false"
        )
    partial = any(value.get(name) for name in ("base", "corrects", "answers"))
    return Manifest(
        v=value["v"],
        source=value["source"],
        as_of=dates.parse_day(value["as_of"], where="manifest: as_of"),
        rows=value["rows"],
        sha256=value["sha256"],
        sent=dates.parse_instant(value["sent"], where="manifest: sent") if value.get("sent") else 0,
        full=value.get("full", not partial),
        demonstration=value.get("demonstration", False),
        counts=_counts(value.get("counts", {})),
        size=value.get("size", 0),
        **{name: value.get(name, "") for name in _TEXTS},
    )


def sign(manifest: Manifest, private_key: bytes, key: str) -> Manifest:
    """The manifest with a signature. `private_key` are the 32 bytes of an Ed25519 key, `key` its name in the
    declaration. Inverse of `verify`.
    """
    named = replace(manifest, v=VERSION, key=key, signature="0" * 128)
    signature = Ed25519PrivateKey.from_private_bytes(private_key).sign(named.signed_bytes())
    return replace(named, signature=signature.hex())


def verify(manifest: Manifest, keys: Mapping[str, bytes]) -> None:
    """Refuse a manifest that none of the source's `keys` (32 bytes by name) signed.

    Raises MusterRollError `manifest.unsigned`, `manifest.key-unknown` or `manifest.signature`.
    """
    if not manifest.signature:
        raise MusterRollError(
            "manifest.unsigned",
            "The manifest is not signed, and this source signs its deliveries.",
            where=f"manifest of {manifest.source}",
            remedy="Ask the agency to sign the manifest with one of its declared keys.",
        )
    if manifest.key not in keys:
        raise MusterRollError(
            "manifest.key-unknown",
            "The manifest is signed with a key that the declaration does not name.",
            where=f"manifest of {manifest.source}",
            remedy="Ask the agency which key it uses. A new key comes into force with a new declaration only; a key "
            "that was withdrawn signs nothing any more.",
        )
    try:
        key = Ed25519PublicKey.from_public_bytes(keys[manifest.key])
        key.verify(bytes.fromhex(manifest.signature), manifest.signed_bytes())
    except InvalidSignature:
        raise MusterRollError(
            "manifest.signature",
            "The signature is not of this manifest: it was changed on its way, or somebody else signed it.",
            where=f"manifest of {manifest.source}",
            remedy="Use nothing of this delivery. Ask the agency, by another way than it came, what it sent.",
        ) from None


def _counts(value: Any) -> Mapping[str, Mapping[str, int]]:
    """Counts are written as lists of [value, count]: a district's name need not be ASCII, a member's name must."""
    if not (isinstance(value, dict) and all(map(_is_counted, value.values()))):
        raise _malformed("`counts` are lists of [value, count], a value once, in an object by what is counted")
    return MappingProxyType({name: MappingProxyType(dict(counted)) for name, counted in value.items()})


def _is_counted(value: Any) -> bool:
    if not (isinstance(value, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in value)):
        return False
    right = all(isinstance(text, str) and type(count) is int and count >= 0 for text, count in value)
    return right and len({text for text, _ in value}) == len(value)


def _is_hex(text: str, length: int) -> bool:
    return len(text) == length and not set(text) - set("0123456789abcdef")


def _malformed(rule: str) -> MusterRollError:
    return MusterRollError(
        "manifest.malformed",
        f"The manifest is not as agreed: {rule}.",
        where="manifest",
        remedy="Ask the agency to send the manifest again.",
    )
