"""What an agency says about a delivery before anybody reads it: one canonical JSON object beside the file.

1. The manifest is bytes first: its digest of the file decides whether the file is the one that was sent.
2. `as_of` is the day the register was copied; `sent` the instant the agency let go of it.
3. `full` says whether the file is the whole register, so that a row not in it is a row that is gone.
4. Nothing in a manifest concerns a person.
"""

from dataclasses import dataclass
from typing import Any

from musterroll import canonical, dates
from musterroll.errors import MusterRollError

VERSION = 1

_MEMBERS = frozenset({"v", "source", "sender", "as_of", "rows", "sha256", "sent", "full", "demonstration"})


@dataclass(frozen=True, slots=True)
class Manifest:
    """The sender's word about one file: which source, as of which day, how many data rows, which digest.

    `as_of` is a day, `sent` whole seconds since 1970, `rows` the number of rows below the heading, `sha256` 64
    lower-case hexadecimal digits. Raises MusterRollError `manifest.malformed` for values outside those ranges.
    """

    source: str
    sender: str
    as_of: int
    rows: int
    sha256: str
    sent: int
    full: bool = True
    demonstration: bool = False
    v: int = VERSION

    def __post_init__(self) -> None:
        if self.v != VERSION:
            raise _malformed(f"its version is not {VERSION}")
        if not self.source or not self.sender:
            raise _malformed("`source` and `sender` are not empty")
        if self.rows < 0:
            raise _malformed("`rows` is not negative")
        if len(self.sha256) != 64 or set(self.sha256) - set("0123456789abcdef"):
            raise _malformed("`sha256` is 64 lower-case hexadecimal digits")

    def encode(self) -> bytes:
        """The canonical bytes. Inverse of `decode`."""
        return canonical.encode(
            {
                "v": self.v,
                "source": self.source,
                "sender": self.sender,
                "as_of": dates.format_day(self.as_of),
                "rows": self.rows,
                "sha256": self.sha256,
                "sent": dates.format_instant(self.sent),
                "full": self.full,
                "demonstration": self.demonstration,
            }
        )


def decode(data: bytes) -> Manifest:
    """The manifest written in `data`. Raises MusterRollError `json.malformed`, `manifest.malformed`, `date.malformed`
    or `time.malformed`. Inverse of `Manifest.encode`.
    """
    value: Any = canonical.decode(data, where="manifest")
    if not isinstance(value, dict) or set(value) != _MEMBERS:
        raise _malformed("it has exactly the members " + ", ".join(sorted(_MEMBERS)))
    texts = all(isinstance(value[name], str) for name in ("source", "sender", "as_of", "sha256", "sent"))
    numbers = all(type(value[name]) is int for name in ("v", "rows"))
    answers = all(isinstance(value[name], bool) for name in ("full", "demonstration"))
    if not (texts and numbers and answers):
        raise _malformed("texts are texts, `v` and `rows` whole numbers, `full` and `demonstration` true or false")
    return Manifest(
        v=value["v"],
        source=value["source"],
        sender=value["sender"],
        as_of=dates.parse_day(value["as_of"], where="manifest: as_of"),
        rows=value["rows"],
        sha256=value["sha256"],
        sent=dates.parse_instant(value["sent"], where="manifest: sent"),
        full=value["full"],
        demonstration=value["demonstration"],
    )


def _malformed(rule: str) -> MusterRollError:
    return MusterRollError(
        "manifest.malformed",
        f"The manifest is not as agreed: {rule}.",
        where="manifest",
        remedy="Ask the agency to send the manifest again.",
    )
