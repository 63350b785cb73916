"""What one person may see and take away of the draws: in the list once, at which place, or rightly out, and why."""

from musterroll import canonical
from musterroll.dates import format_instant
from musterroll.draw.order import draw_value
from musterroll.errors import MusterRollError
from musterroll.register import draw_policies, places, receipts
from musterroll.register.models import (
    DrawResult,
    Entrant,
    Opened,
    Part,
    PersonKey,
    SparedEntry,
    SparedList,
)
from musterroll.register.queries.record import Look, OutView, ReceiptView


def inside(person: int) -> tuple[ReceiptView, ...]:
    """The lists of draws that the person stands in."""
    if not PersonKey.objects.filter(person=person).exists():
        return ()
    views = []
    for entrant in _entrants(person):
        label = places.label_of(entrant)
        views.append(
            ReceiptView(
                draw=entrant.draw.draw,
                index=entrant.index,
                place=label.place if label else 0,
                draw_value=value_of(entrant),
                text=receipts.receipt_for(entrant).encode().decode(),
                label=str(label) if label else "",
                part=draw_policies.folder_of(entrant.draw),
            )
        )
    return tuple(views)


def value_of(entrant: Entrant) -> str:
    """The draw value; empty before the result of the list, and in a draw by table."""
    result = DrawResult.objects.filter(draw=entrant.draw).first()
    if result is None or places.table_of(entrant.draw) is not None:
        return ""
    return draw_value(bytes.fromhex(result.seed), bytes(entrant.commitment))


def outside(person: int) -> tuple[OutView, ...]:
    """The draws that spared the person, once their lists of the spared are committed to."""
    found = []
    for entry in _spared(person):
        record = canonical.decode(bytes(entry.record))
        found.append(OutView(entry.spared.draw.draw, record["ground"], record.get("place", "")))
    return tuple(found)


def opened(person: int) -> tuple[Look, ...]:
    """When the person's entries of a draw were opened to an outside auditor (charter S8)."""
    rows = Opened.objects.filter(person=person).select_related("opening__draw").order_by("id")
    return tuple(
        Look(format_instant(one.at), one.opening.auditor, "", "audit of the draw", one.opening.draw.draw)
        for one in rows
    )


def ticket(person: int, draw: str, part: str) -> bytes:
    """`my-ticket.json`. `part` is empty, a later list (`supplement-01`), or `out`. Raises `ticket.none`."""
    if part == "out":
        for entry in _spared(person):
            if entry.spared.draw.draw == draw:
                return receipts.ticket_out(entry).encode()
    for entrant in _entrants(person):
        if (entrant.draw.draw, draw_policies.folder_of(entrant.draw)) == (draw, part):
            return receipts.ticket_for(entrant).encode()
    raise MusterRollError("ticket.none", "There is no such ticket of yours.", remedy="See the draws on your own page.")


def _entrants(person: int) -> list[Entrant]:
    """The last attempt of each draw, and its later lists; attempts that were replaced hold nobody any more."""
    rows = Entrant.objects.filter(person=person).select_related("draw", "draw__parent").order_by("id")
    return [
        one for one in rows if one.draw.part != Part.DRAW or draw_policies.newest_draw(one.draw.draw).pk == one.draw.pk
    ]


def _spared(person: int) -> list[SparedEntry]:
    rows = SparedEntry.objects.filter(person=person, list=SparedList.SPARED).select_related("spared__draw")
    return list(rows.order_by("id"))
