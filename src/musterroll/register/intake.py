"""A delivery at the door: read, answered, and either waiting for the night, in quarantine, or refused.

1. Every delivery gets a reply to its sender and an entry in the ledger, also one that is refused.
2. The file waits sealed off in `inbox/` (or `quarantine/`) under its digests until a night has taken it in; then it is
   removed: its rows are in the roll, sealed.
3. The same file with the same manifest again changes nothing and gives the number it had. An unchanged file with a new
   manifest is a new delivery: what it says is fresh again. So is a refused file whose manifest was put right.
"""

from dataclasses import dataclass
from pathlib import Path

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical
from musterroll.engine import extract_rows
from musterroll.engine.roll import content
from musterroll.errors import MusterRollError
from musterroll.extract import check, manifest, profile, reply
from musterroll.extract.check import Received
from musterroll.extract.manifest import Manifest
from musterroll.extract.profile import Profile
from musterroll.extract.schema import Source
from musterroll.register import home, roll
from musterroll.register.actor import Actor
from musterroll.register.acts.delivery import record_delivery
from musterroll.register.files import write_whole
from musterroll.register.models import Delivery, Outcome

TAKEN = (Outcome.RECEIVED, Outcome.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a delivery: its number, outcome, rows kept and set aside, columns cut, findings in words.

    `again`: it had been taken in before, and nothing has changed.
    """

    number: int
    source: str
    outcome: Outcome
    rows: int
    refused: int
    cut: tuple[str, ...]
    findings: tuple[str, ...]
    again: bool = False


def receive(file: Path, *, by: Actor, at: int) -> Taken:
    """Take in `NAME.csv` with its `NAME.manifest.json` beside it.

    Raises MusterRollError `delivery.*` when the delivery is refused as a whole; it is answered and recorded first.
    """
    told = _manifest(file)
    source = declared(told.source)
    data = _read(file)
    place = _place(told, data)
    there = Delivery.objects.filter(
        source=source.name, sha256=canonical.sha256_hex(data), manifest_sha256=canonical.sha256_hex(told.encode())
    ).first()
    if there is not None:
        outcome = Outcome(there.outcome)
        if outcome is Outcome.REFUSED:
            raise MusterRollError(
                "delivery.twice",
                f"This very file and manifest came before and were refused, as delivery {there.number}.",
                where=f"delivery of {source.name}",
                remedy="Its reply says why. Send the corrected file, or the right manifest.",
            )
        return Taken(there.number, source.name, outcome, there.rows, there.refused, (), (), again=True)
    try:
        received = check.receive(
            source, told, data, previous=_previous(source.name), today=home.current().legal_day(at)
        )
    except MusterRollError as problem:
        _answer(told, place, problem)
        _keep(_folder(Outcome.REFUSED), place, told, data)
        _record(told, data, None, Outcome.REFUSED, [problem.code], by, at)
        raise
    outcome = Outcome.QUARANTINED if received.quarantined else Outcome.RECEIVED
    _keep(_folder(outcome), place, told, data)
    _answer(told, place, received)
    number = _record(told, data, received, outcome, [each.code for each in received.findings], by, at)
    findings = tuple(each.what for each in received.findings)
    return Taken(number, source.name, outcome, len(received.rows), len(received.refused), received.cut, findings)


def waiting(row: Delivery) -> Received:
    """A delivery that waits for the night, read again from the inbox or the quarantine it was released from."""
    folder = _folder(Outcome(row.outcome))
    name = f"{row.sha256}-{row.manifest_sha256[:16]}"
    told = manifest.decode(_read(folder / f"{name}.manifest.json"))
    data = _read(folder / f"{name}.csv")
    return check.receive(declared(row.source), told, data, previous=None, today=told.as_of)


def done(row: Delivery) -> None:
    """Remove the file of a delivery whose rows are in the committed roll."""
    for ending in ("csv", "manifest.json"):
        name = f"{row.sha256}-{row.manifest_sha256[:16]}.{ending}"
        (_folder(Outcome(row.outcome)) / name).unlink(missing_ok=True)


def declared(name: str) -> Source:
    """The declaration of a source under the pack in force. Raises MusterRollError `delivery.undeclared`."""
    sources = roll.sources_in_force()
    if name not in sources:
        raise MusterRollError(
            "delivery.undeclared",
            "Nobody declared a source of this name, so nothing of it may be read.",
            where=f"manifest, source {name}" if name.isidentifier() else "manifest, source",
            remedy=f"Declare it in the pack with its legal basis, or send one of: {', '.join(sources)}.",
        )
    return sources[name]


def _manifest(file: Path) -> Manifest:
    path = file.with_name(f"{file.stem}.manifest.json")
    return manifest.decode(_read(path))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise MusterRollError(
            "delivery.file-missing",
            "A delivery is a file NAME.csv with NAME.manifest.json beside it; one of the two is not there.",
            where=path.name,
            remedy="Put both into the same folder and start again.",
            exit_code=2,
        ) from None


def _previous(source: str) -> Profile | None:
    last = Delivery.objects.filter(source=source, outcome__in=TAKEN).order_by("-number")
    for row in last:
        if row.outcome == Outcome.RECEIVED or hasattr(row, "deliveryrelease"):
            return profile.decode(bytes(row.profile))
    return None


def _record(
    told: Manifest,
    data: bytes,
    received: Received | None,
    outcome: Outcome,
    reasons: list[str],
    by: Actor,
    at: int,
) -> int:
    return record_delivery(
        source=told.source,
        as_of=told.as_of,
        sha256=canonical.sha256_hex(data),
        manifest_sha256=canonical.sha256_hex(told.encode()),
        rows=told.rows if received is None else len(received.rows),
        refused=0 if received is None else len(received.refused),
        content="" if received is None else _content(received),
        outcome=outcome,
        full=told.full,
        profile=b"" if received is None else received.profile.encode(),
        reasons=reasons,
        by=by,
        at=at,
    )


def _content(received: Received) -> str:
    """The content digest of the rows kept, with 0 for the number that the delivery does not have yet."""
    source = declared(received.source)
    key = home.current().keys.secret("record")
    return content(extract_rows.delivered(source.name, list(source.columns), received.rows, delivery=0, record_key=key))


def _place(told: Manifest, data: bytes) -> str:
    """The name under which a delivery waits: the digests of file and manifest, which together are its identity."""
    return f"{canonical.sha256_hex(data)}-{canonical.sha256_hex(told.encode())[:16]}"


def _keep(folder: Path, place: str, told: Manifest, data: bytes) -> None:
    write_whole(folder / f"{place}.manifest.json", told.encode())
    write_whole(folder / f"{place}.csv", data)


def _answer(told: Manifest, place: str, outcome: Received | MusterRollError) -> None:
    name = f"{told.source}-{place[:16]}-{place[-16:]}.json"
    write_whole(home.current().path / "replies" / name, reply.reply(told, outcome))


def _folder(outcome: Outcome) -> Path:
    return home.current().path / ("inbox" if outcome is Outcome.RECEIVED else "quarantine")
