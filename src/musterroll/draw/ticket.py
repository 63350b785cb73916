"""`my-ticket.json`: a person's own proof of being in a list once, or rightly in none (docs/spec/draw.md, 11).

1. It needs no list: index, size and path lead from the person's entry to a root that stands in the manifest or in the
   log. So a phone can check it against a few lines of print.
2. It opens one entry and says nothing about anybody else. Nobody may ask a person to show it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from musterroll import canonical
from musterroll.draw import commitment, spared, supplement
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import SALT_BYTES, Entrant
from musterroll.draw.member import Members
from musterroll.draw.spared import Entry, SparedList
from musterroll.draw.supplement import Label
from musterroll.draw.transcript import BY_TABLE, Manifest
from musterroll.errors import MusterRollError
from musterroll.ledger import proof, tree

KIND = "muster-roll/ticket"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One person's ticket. `folder` says in which list they stand, None for somebody who is rightly in none.

    `manifest` is the SHA-256 of that list's manifest; `label` the place once there is an order.
    """

    draw: str
    manifest: str
    index: int
    size: int
    path: tuple[bytes, ...]
    salt: bytes
    record: bytes
    folder: str | None = None
    label: Label | None = None

    def __post_init__(self) -> None:
        if len(self.salt) != SALT_BYTES or not 0 <= self.index < self.size:
            raise ValueError("a ticket has a salt of 32 bytes and an index in the list")
        if self.folder is None and self.label is not None:
            raise ValueError("who is in no list has no place")
        if self.label is not None and bool(self.label.supplement) != (self.folder or "").startswith("supplement"):
            raise ValueError("only somebody of a supplement stands between two places")

    def encode(self) -> bytes:
        """The bytes of `my-ticket.json`. Inverse of `decode`."""
        inner: dict[str, Any] = {
            "index": self.index,
            "size": self.size,
            "path": [node.hex() for node in self.path],
            "salt": self.salt.hex(),
            "record": self.record.decode("utf-8"),
        }
        if self.folder is not None:
            inner["folder"] = self.folder
        if self.label is not None:
            inner |= {"label": str(self.label)} if self.label.supplement else {"place": self.label.place}
        whole = {"v": 1, "kind": KIND, "draw": self.draw, "manifest": self.manifest}
        return canonical.encode(whole | {"out" if self.folder is None else "in": inner})


def inside(entrant: Entrant, manifest: Manifest, cohort: Cohort, *, label: Label | None = None) -> Ticket:
    """The ticket of somebody in the list of `manifest`. Raises MusterRollError `cohort.absent`."""
    index = cohort.index_of(entrant)
    path = path_of(cohort.leaves, index)
    folder = supplement.folder(manifest)
    return Ticket(manifest.draw, manifest.digest, index, cohort.size, path, entrant.salt, entrant.record, folder, label)


def outside(entry: Entry, manifest: Manifest, listed: SparedList) -> Ticket:
    """The ticket of somebody who was left out or passed over. Raises MusterRollError `spared.list`."""
    index = listed.index_of(entry)
    path = path_of(listed.commitments, index)
    return Ticket(manifest.draw, manifest.digest, index, listed.size, path, entry.salt, entry.record)


def path_of(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """RFC 6962's proof that `leaves[index]` is under the root. For a large list, read it from the tiles instead."""
    levels = [[tree.leaf_hash(leaf) for leaf in leaves]]
    while len(levels[-1]) > 1:
        level = levels[-1]
        levels.append([tree.node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)])
    return proof.inclusion(index, len(leaves), lambda level, i: levels[level][i])


def decode(data: bytes) -> Ticket:
    """The ticket in `data`. Raises MusterRollError `json.malformed`, `manifest.version` or `manifest.member`."""
    members = Members(canonical.decode(data, where="ticket"), "ticket", file="ticket")
    members.fixed(v=1, kind=KIND)
    listed = members.inner_or_absent("in")
    inner = listed or members.inner("out")
    place = inner.number_or_absent("place") if listed else None
    label = inner.text_or_absent("label") if listed and place is None else None
    return members.make(
        _made,
        draw=members.text("draw"),
        manifest=members.hex("manifest"),
        inner=inner.make(
            dict,
            index=inner.number("index"),
            size=inner.number("size"),
            path=tuple(bytes.fromhex(node) for node in inner.hashes("path")),
            salt=bytes.fromhex(inner.hex("salt")),
            record=inner.text("record").encode("utf-8"),
            folder=inner.text("folder") if listed else None,
        ),
        place=place,
        label=label,
    )


def check_inside(ticket: Ticket, manifest: Manifest) -> None:
    """Raise MusterRollError `ticket.wrong` unless the ticket's entry is in the list that `manifest` commits to."""
    record = _record(ticket)
    if (ticket.manifest, ticket.folder) != (manifest.digest, supplement.folder(manifest)):
        raise _wrong("it belongs to another list")
    ids = [stratum.id for stratum in manifest.cohort.strata]
    if ticket.size != manifest.cohort.size or record.get("draw") != manifest.draw or record.get("stratum") not in ids:
        raise _wrong("it is of another list, or its record says another draw or stratum")
    day = commitment.day_of(str(record.get("born"))) if manifest.algorithm == BY_TABLE else None
    leaf = commitment.leaf(ids.index(record["stratum"]), commitment.commit(ticket.salt, ticket.record), day)
    _check_path(ticket, leaf, bytes.fromhex(manifest.cohort.root))


def check_outside(ticket: Ticket, manifest: Manifest, root: bytes, size: int) -> None:
    """Raise MusterRollError `ticket.wrong` unless the ticket's entry is in the list of the spared.

    `root` and `size` are those that the ledger entry `draw.spared` names.
    """
    if ticket.folder is not None or (ticket.manifest, ticket.size) != (manifest.digest, size):
        raise _wrong("it belongs to another list")
    if _record(ticket).get("draw") != manifest.draw:
        raise _wrong("its record says another draw")
    _check_path(ticket, spared.commit("spared", ticket.salt, ticket.record), root)


def _check_path(ticket: Ticket, leaf: bytes, root: bytes) -> None:
    try:
        proof.check_inclusion(ticket.index, ticket.size, tree.leaf_hash(leaf), ticket.path, root)
    except MusterRollError:
        raise _wrong("its path does not lead to the published root") from None


def _record(ticket: Ticket) -> dict[str, Any]:
    value = canonical.decode(ticket.record, where="record of the ticket")
    if not isinstance(value, dict):
        raise _wrong("its record is none")
    return value


def _made(draw: str, manifest: str, inner: dict[str, Any], place: int | None, label: str | None) -> Ticket:
    stands = None if place is None and label is None else Label.parse(label or str(place))
    if label is not None and stands is not None and not stands.supplement:
        raise ValueError("a place that is a number stands in `place`")
    return Ticket(draw=draw, manifest=manifest, label=stands, **inner)


def _wrong(why: str) -> MusterRollError:
    return MusterRollError(
        "ticket.wrong",
        f"The ticket and the published files do not agree: {why}.",
        where="ticket",
        remedy="Keep both and complain: this is evidence that the list or the ticket is not the original.",
    )
