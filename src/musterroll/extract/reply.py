"""What the agency is told about its delivery: counts, reasons and row numbers, so that it can put its register right.

1. No name, number or address is in a reply: the agency finds the rows by their place in the file it sent.
2. A reply is written for every delivery, also for one that was refused or put into quarantine.
"""

from collections.abc import Iterable
from typing import Any

from musterroll import canonical, dates
from musterroll.errors import MusterRollError
from musterroll.extract.check import Received
from musterroll.extract.manifest import Manifest
from musterroll.extract.row import REASONS, Note

VERSION = 1


def reply(manifest: Manifest, outcome: Received | MusterRollError) -> bytes:
    """Canonical JSON for the sender: `received`, `quarantined` or `refused`, and why."""
    told: dict[str, Any] = {
        "v": VERSION,
        "source": manifest.source,
        "sender": manifest.sender,
        "as_of": dates.format_day(manifest.as_of),
        "sha256": manifest.sha256,
        "demonstration": manifest.demonstration,
    }
    if isinstance(outcome, MusterRollError):
        told["outcome"] = "refused"
        told["because"] = {
            "code": outcome.code,
            "what": outcome.what,
            "where": outcome.where,
            "remedy": outcome.remedy,
        }
        return canonical.encode(told)
    told["outcome"] = "quarantined" if outcome.quarantined else "received"
    told["rows"] = {"delivered": manifest.rows, "kept": len(outcome.rows), "set_aside": len(outcome.refused)}
    told["set_aside"] = _by_reason((row.row, row.notes) for row in outcome.refused)
    told["unread_cells"] = _by_reason((row.row, row.notes) for row in outcome.rows)
    told["cut_columns"] = list(outcome.cut)
    told["findings"] = [{"code": finding.code, "what": finding.what} for finding in outcome.findings]
    return canonical.encode(told)


def _by_reason(rows: Iterable[tuple[int, tuple[Note, ...]]]) -> list[dict[str, Any]]:
    """One item a column and reason, with the numbers of its rows, in order."""
    places: dict[tuple[str, str], list[int]] = {}
    for row, notes in rows:
        for note in notes:
            places.setdefault((note.column, note.reason), []).append(row)
    return [
        {"column": column, "reason": reason, "means": REASONS[reason], "count": len(numbers), "rows": numbers}
        for (column, reason), numbers in sorted(places.items())
    ]
