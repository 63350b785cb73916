"""How far a home has come, for the terminal: counts only, of people through the disclosure function (charter S14)."""

from musterroll.dates import format_day, format_instant
from musterroll.register import home, log
from musterroll.register.disclosure import published
from musterroll.register.models import (
    Delivery,
    DeliveryRejection,
    DeliveryRelease,
    Draw,
    DrawResult,
    Pack,
    Part,
    PublishedCheckpoint,
    Snapshot,
)


def state() -> list[tuple[str, str]]:
    """Label and value, in the order of one row's journey."""
    opened = home.current()
    lines = [("home", f"{opened.path}{' (DEMONSTRATION)' if opened.fictional else ''}"), ("ledger", opened.origin)]
    hours = opened.founding.wait_hours
    if hours < home.PUBLIC_FOR_HOURS:
        lines.append(
            ("letters", f"{hours} hours after the order is public, not {home.PUBLIC_FOR_HOURS} (DEMONSTRATION)")
        )
    law = Pack.objects.order_by("-id").first()
    lines.append(("law in force", f"{law.name} version {law.version}, {law.digest[:16]}" if law else "none yet"))
    for outcome in ("received", "refused", "quarantined"):
        lines.append((f"deliveries {outcome}", str(Delivery.objects.filter(outcome=outcome).count())))
    for decided, rows in (("released", DeliveryRelease.objects), ("rejected", DeliveryRejection.objects)):
        lines.append((f"  {decided} by two people", str(rows.count())))
    newest = Snapshot.objects.order_by("-id").first()
    if newest is None:
        lines.append(("roll", "none yet"))
    else:
        lines.append(("roll", f"as at {format_day(newest.on)}, snapshot {newest.digest[:16]}"))
        lines += [(f"  {name}", str(count)) for name, count in published(newest.counts).items()]
    for draw in Draw.objects.filter(part=Part.DRAW).order_by("id"):
        has = "held" if DrawResult.objects.filter(draw=draw).exists() else "committed, not held"
        lines.append((f"draw {draw.draw}", f"attempt {draw.attempt}, {has}"))
    last = PublishedCheckpoint.objects.order_by("-size").first()
    told = f"{last.size} of {log.head().size} entries, {format_instant(last.at)}" if last else "none yet"
    lines.append(("published checkpoint", told))
    return lines
