"""What the outside auditor is given, and alone is given: records and salts of the entries that chance picked.

1. Each opening names the list and the index; the commitment computed from it must stand there.
2. The auditor finds every index of the samples, and every fact entered by hand; none may be left out, none may be added
   (an opening nobody asked for would be somebody's record for no reason).
3. It is published nowhere. The log says how many were opened and how many were wrong. docs/spec/draw.md, 10.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from musterroll import canonical
from musterroll.draw import commitment, spared
from musterroll.draw.entrant import SALT_BYTES
from musterroll.draw.member import Members
from musterroll.errors import MusterRollError

KIND = "muster-roll/openings"
LISTS = ("cohort", "hand", "spared")


@dataclass(frozen=True, slots=True)
class Opening:
    """One entry opened: the list it stands in (`cohort`, `hand`, `spared`), its index, its salt, its record's bytes."""

    list: str
    index: int
    salt: bytes
    record: bytes

    def __post_init__(self) -> None:
        if self.list not in LISTS or self.index < 0 or len(self.salt) != SALT_BYTES:
            raise ValueError(f"an opening is of one of the lists {', '.join(LISTS)}, at an index, with a 32-byte salt")

    @property
    def commitment(self) -> bytes:
        """The 32 bytes that have to stand at `index`."""
        if self.list == "cohort":
            return commitment.commit(self.salt, self.record)
        return spared.commit(self.list, self.salt, self.record)

    def json(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {
            "list": self.list,
            "index": self.index,
            "salt": self.salt.hex(),
            "record": self.record.decode("utf-8"),
        }


@dataclass(frozen=True, slots=True)
class Openings:
    """All that is opened of one draw; `manifest` is the SHA-256 of its manifest."""

    draw: str
    manifest: str
    entries: tuple[Opening, ...]

    def __post_init__(self) -> None:
        places = [(entry.list, entry.index) for entry in self.entries]
        if any(a >= b for a, b in itertools.pairwise(places)):
            raise ValueError("openings ascend by list and index, each once")

    @classmethod
    def of(cls, draw: str, manifest: str, entries: Sequence[Opening]) -> "Openings":
        """The openings, put into order."""
        return cls(draw, manifest, tuple(sorted(entries, key=lambda entry: (entry.list, entry.index))))

    @property
    def digest(self) -> str:
        """SHA-256 of `encode()`, hexadecimal: what the ledger entry `audit` names."""
        return canonical.sha256_hex(self.encode())

    def counts(self) -> dict[str, int]:
        """How many entries of each list are opened."""
        return {name: sum(entry.list == name for entry in self.entries) for name in LISTS}

    def encode(self) -> bytes:
        """The bytes of the file. Inverse of `decode`."""
        entries = [entry.json() for entry in self.entries]
        return canonical.encode(
            {"v": 1, "kind": KIND, "draw": self.draw, "manifest": self.manifest, "entries": entries}
        )

    def check(self, asked: Mapping[str, Sequence[int]], lists: Mapping[str, Sequence[bytes]]) -> None:
        """Raise MusterRollError `openings.wrong` unless exactly the entries `asked` for are opened, and rightly.

        `asked` gives the indices, `lists` the commitments of each list.
        """
        for name in LISTS:
            found = [entry.index for entry in self.entries if entry.list == name]
            if found != sorted(asked.get(name, ())):
                raise _wrong("they are not exactly those that the sample asks for", name)
        for entry in self.entries:
            if entry.index >= len(lists[entry.list]) or lists[entry.list][entry.index] != entry.commitment:
                raise _wrong("the published list has another entry there", f"{entry.list}, index {entry.index}")


def decode(data: bytes) -> Openings:
    """The openings in `data`. Raises MusterRollError `json.malformed`, `manifest.version` or `manifest.member`."""
    members = Members(canonical.decode(data, where="openings"), "openings", file="openings")
    members.fixed(v=1, kind=KIND)
    return members.make(
        Openings,
        draw=members.text("draw"),
        manifest=members.hex("manifest"),
        entries=tuple(
            item.make(
                Opening,
                list=item.text("list"),
                index=item.number("index"),
                salt=bytes.fromhex(item.hex("salt")),
                record=item.text("record").encode("utf-8"),
            )
            for item in members.objects("entries")
        ),
    )


def _wrong(why: str, where: str) -> MusterRollError:
    return MusterRollError(
        "openings.wrong",
        f"These openings are not what the audit asks for: {why}.",
        where=where,
        remedy="Ask the register for the openings again; if they stay so, say it in your finding: entries cannot be "
        "opened.",
    )
