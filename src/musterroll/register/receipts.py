"""What a person keeps of a draw: the receipt that opens their own entry, and the ticket that needs no list.

A ticket shows that the person stands in the list once, with the place, or that they are rightly out and on what ground
(docs/spec/draw.md, 11). Both verifiers take it. It says nothing about anybody else, and nobody may ask for it.
"""

from pathlib import Path

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.draw import entrant as entrants
from musterroll.draw import ticket as tickets
from musterroll.draw.receipt import Receipt
from musterroll.draw.ticket import Ticket
from musterroll.errors import MusterRollError
from musterroll.ledger import proof, tile
from musterroll.register import draw_policies, home, places
from musterroll.register import spared as lists
from musterroll.register.models import Draw, DrawResult, Entrant, PersonKey, SparedEntry, SparedList


def receipt_for(entrant: Entrant) -> Receipt:
    """The receipt of one entrant, with the place once there is a result."""
    draw = entrant.draw
    result = DrawResult.objects.filter(draw=draw).first()
    place = places.order_of(result).place_of(bytes(entrant.commitment))[1] if result else None
    return Receipt(draw.draw, _salt(entrant), bytes(entrant.record), entrant.index, place)


def ticket_for(entrant: Entrant) -> Ticket:
    """The ticket of somebody in a list of a draw, with the place once there is one."""
    row = entrant.draw
    size, path = _path(row, entrant.index)
    return Ticket(
        draw=row.draw,
        manifest=row.manifest_sha256,
        index=entrant.index,
        size=size,
        path=path,
        salt=_salt(entrant),
        record=bytes(entrant.record),
        folder=draw_policies.folder_of(row),
        label=places.label_of(entrant),
    )


def ticket_out(entry: SparedEntry) -> Ticket:
    """The ticket of somebody who was rightly left out of a draw, or passed over, with the ground."""
    row = entry.spared.draw
    listed, made = lists.listed(entry.spared, SparedList.SPARED), lists.sealed(entry, row.draw)
    path = tickets.path_of(listed.commitments, entry.index)
    return Ticket(row.draw, row.manifest_sha256, entry.index, listed.size, path, made.salt, made.record)


def _salt(entrant: Entrant) -> bytes:
    kp = bytes(PersonKey.objects.get(person=entrant.person).kp)
    return entrants.salt(kp, entrant.draw.draw)


def _path(row: Draw, index: int) -> tuple[int, tuple[bytes, ...]]:
    """Size of the list and the path of one entry, from the published tiles; from the list where none are there yet."""
    cohort = places.cohort_of(row) if not _tiles(row).is_dir() else None
    if cohort is None:
        size = Entrant.objects.filter(draw=row).count()
        try:
            reader = tile.TileReader(size, tile.read_from(_tiles(row)))
            return size, tuple(proof.inclusion(index, size, reader.subtree))
        except MusterRollError:
            cohort = places.cohort_of(row)  # a folder that is only half written
    return cohort.size, tickets.path_of(cohort.leaves, index)


def _tiles(row: Draw) -> Path:
    return home.current().draws / row.draw / draw_policies.folder_of(row) / "cohort"
