"""What the agency is told about its delivery: counts, reasons and row numbers, so that it can put its register right.

1. No name, number or address is in a reply: the agency finds the rows by their place in the file it sent. Of one reason
   the first `TOLD` rows are named and all are counted.
2. A reply is written for every delivery, also for one that was refused or put into quarantine: as canonical JSON for
   the agency's program, and as plain text that an office can act on.
3. A delivery in quarantine is told what was measured, what was expected, and what to do; one that two people rejected
   what to send in its place. Rows set aside are told how to send them again: as a correction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from musterroll import canonical, dates
from musterroll.errors import MusterRollError
from musterroll.extract.check import Received
from musterroll.extract.manifest import Manifest
from musterroll.extract.plausible import Finding
from musterroll.extract.profile import TOLD
from musterroll.extract.row import REASONS, Note

VERSION = 1
SHOWN = 20
"""How many row numbers the plain text lists for one reason."""
WHOLE = "Send the whole register again, put right, with a manifest of its own."
CHANGES = "Send the changes again, put right, with the same delivery to go on from; or the whole register."
"""What an agency sends in place of a rejected delivery."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one reason was found in one column, and the first rows in which it was."""

    column: str
    reason: str
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was read of a delivery, in numbers. `waits` says that the delivery it goes on from has not come yet.

    `rejected`: it was in quarantine, and two people said no to it.
    """

    kept: int
    refusals: tuple[Tally, ...]
    unread: tuple[Tally, ...]
    set_aside: int
    cut: tuple[str, ...]
    findings: tuple[Finding, ...]
    waits: bool = False
    rejected: bool = False


def reply(manifest: Manifest, outcome: Outcome | Received | MusterRollError) -> bytes:
    """Canonical JSON for the sender: `received`, `quarantined`, `rejected` or `refused`, and why."""
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
    read = outcome_of(outcome) if isinstance(outcome, Received) else outcome
    told["outcome"] = "rejected" if read.rejected else "quarantined" if read.findings else "received"
    told["rows"] = {"delivered": manifest.rows, "kept": read.kept, "set_aside": read.set_aside}
    told["set_aside"] = [_item(each) for each in read.refusals]
    told["unread_cells"] = [_item(each) for each in read.unread]
    told["cut_columns"] = list(read.cut)
    told["findings"] = [
        {
            "code": each.code,
            "what": each.what,
            "measured": each.measured,
            "least": each.least,
            "most": each.most,
        }
        for each in read.findings
    ]
    if read.waits:
        told["waits_for"] = manifest.base
    if read.rejected:
        told["send"] = WHOLE if manifest.full else CHANGES
    return canonical.encode(told)


def outcome_of(received: Received) -> Outcome:
    """What the plain door read, in numbers."""
    return Outcome(
        kept=len(received.rows),
        refusals=_by_reason((row.row, row.notes) for row in received.refused),
        unread=_by_reason((row.row, row.notes) for row in received.rows),
        set_aside=len(received.refused),
        cut=received.cut,
        findings=received.findings,
    )


def letter(data: bytes) -> str:
    """A reply as plain text. `data` is what `reply` wrote."""
    told = canonical.decode(data, where="reply")
    about = f"Your delivery for source {told['source']}, register as of {told['as_of']}"
    lines = [about, f"File (SHA-256): {told['sha256']}", ""]
    if told["demonstration"]:
        lines[:0] = ["DEMONSTRATION: none of this is real.", ""]
    if told["outcome"] == "refused":
        because = told["because"]
        lines += ["REFUSED. Nothing of it was used; what you sent before stays in force.", "", because["what"]]
        lines += [f"Where: {because['where']}"] if because["where"] else []
        lines += [f"What to do: {because['remedy']}"] if because["remedy"] else []
        return "\n".join([*lines, f"Code: {because['code']}", ""])
    rows = told["rows"]
    if told["outcome"] == "quarantined":
        lines += [
            "NOT TAKEN IN YET. It looks as if something went wrong; what you sent before stays in force, and nobody's",
            "standing changes. What was found:",
            "",
            *(f"  - {each['what']}" for each in told["findings"]),
            "",
            "What to do: look whether the copy of your register is whole and its columns are in place. If something is",
            "wrong, send it again. If all this is right, say so to the office: two people there can let it through.",
        ]
    elif told["outcome"] == "rejected":
        lines += [
            "REJECTED. Two people of two offices looked at it and said no. Nothing of it was used or will be used;",
            "what you sent before stays in force, and nobody's standing changes. What had been found:",
            "",
            *(f"  - {each['what']}" for each in told["findings"]),
            "",
            f"What to do: {told['send']} Changes that go on from this",
            "very file are not taken in.",
        ]
    elif "waits_for" in told:
        lines += ["RECEIVED. It is taken in as soon as the delivery has come that it goes on from:", told["waits_for"]]
    else:
        lines.append("RECEIVED. It is taken in tonight.")
    lines += ["", f"Rows delivered {rows['delivered']}, kept {rows['kept']}, set aside {rows['set_aside']}."]
    lines += _listed("Rows set aside (send them again, put right, in a file whose manifest says `corrects`):", told)
    lines += _listed("Cells that were not read as declared (their rows are kept):", told, "unread_cells")
    if told["cut_columns"]:
        lines += ["", f"Not needed, and dropped: {', '.join(told['cut_columns'])}. Please leave them out."]
    return "\n".join([*lines, ""])


def _listed(heading: str, told: Mapping[str, Any], member: str = "set_aside") -> list[str]:
    if not told[member]:
        return []
    lines = ["", heading]
    for each in told[member]:
        column = f"`{each['column']}`: " if each["column"] else ""
        shown = ", ".join(str(row) for row in each["rows"][:SHOWN])
        more = f" and {each['count'] - SHOWN} more" if each["count"] > SHOWN else ""
        lines.append(f"  - {column}{each['means']} ({each['reason']}), {each['count']} times: row {shown}{more}")
    return lines


def _item(tally: Tally) -> dict[str, Any]:
    return {
        "column": tally.column,
        "reason": tally.reason,
        "means": REASONS[tally.reason],
        "count": tally.count,
        "rows": list(tally.rows),
    }


def _by_reason(rows: Iterable[tuple[int, tuple[Note, ...]]]) -> tuple[Tally, ...]:
    """One tally a column and reason, with the numbers of its rows, in order."""
    places: dict[tuple[str, str], list[int]] = {}
    for row, notes in rows:
        for note in notes:
            places.setdefault((note.column, note.reason), []).append(row)
    return tuple(
        Tally(column, reason, len(numbers), tuple(numbers[:TOLD]))
        for (column, reason), numbers in sorted(places.items())
    )
