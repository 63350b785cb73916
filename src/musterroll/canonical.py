"""The one way to bytes: canonical JSON, digests and domain tags.

1. Written JSON is RFC 8785 restricted to objects with ASCII member names, arrays, strings, integers below 2^53 in
   absolute value, true, false and null: two programs in two languages write the same bytes.
2. Read JSON is strict: duplicate member names, floats and non-canonical numbers are refused. Hash the bytes you were
   given; never write them again to hash them.
3. `tag(label)` is `SHA-256("muster-roll/" + label + "/v1")`: a fixed 32-byte prefix that keeps the hashes of one
   purpose apart from all others (docs/spec/draw.md).
"""

import hashlib
import json
from typing import Any

from musterroll.errors import MusterRollError

_LARGEST = 2**53
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)

type Json = dict[str, "Json"] | list["Json"] | str | int | bool | None


def encode(value: Any) -> bytes:
    """`value` as canonical JSON in UTF-8. Inverse of `decode`.

    Raises ValueError (a programming error) for floats, other types, large integers and non-ASCII member names.
    """
    _check(value)
    return _WRITER.encode(value).encode("utf-8")


def decode(data: bytes, *, where: str = "JSON text") -> Any:
    """The value written in `data`. Raises MusterRollError `json.malformed` naming `where`."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse)
        _check(value)
    except (ValueError, RecursionError) as problem:
        raise MusterRollError(
            "json.malformed",
            f"This is not the restricted JSON that Muster Roll writes: {type(problem).__name__}.",
            where=where,
            remedy="Take the file again from where it was published.",
        ) from None
    return value


def sha256(data: bytes) -> bytes:
    """The 32-byte SHA-256 digest (FIPS 180-4)."""
    return hashlib.sha256(data).digest()


def sha256_hex(data: bytes) -> str:
    """The SHA-256 digest in 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def tag(label: str) -> bytes:
    """The 32-byte domain prefix of one purpose, e.g. `tag("entry")`."""
    return sha256(f"muster-roll/{label}/v1".encode("ascii"))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError("a member name stands twice")
    return names


def _refuse(text: str) -> Any:
    raise ValueError(f"only integers are numbers here, not {len(text)} characters of another kind")


def _check(value: Any) -> None:
    match value:
        case None | bool() | str():
            return
        case int():
            if abs(value) >= _LARGEST:
                raise ValueError("integer of 2^53 or more")
        case list() | tuple():
            for item in value:
                _check(item)
        case dict():
            for name, item in value.items():
                if not (isinstance(name, str) and name.isascii()):
                    raise ValueError("member names are ASCII strings")
                _check(item)
        case _:
            raise ValueError(f"no canonical form for {type(value).__name__}")
