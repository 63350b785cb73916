"""A delivery at the door: read, answered, and either waiting for the night, in quarantine, or refused.

1. Every delivery gets a reply to its sender and an entry in the ledger, also one that is refused.
2. What was read of it lies staged in `inbox/` (or `quarantine/`) under its digests until a night has taken it in; then
   it is removed: its rows are in the roll, sealed. A file that is refused or in quarantine is kept beside it, if small.
3. The same file with the same manifest again changes nothing and gives the number it had. An unchanged file with a new
   manifest is a new delivery: what it says is fresh again. So is a refused file whose manifest was put right.
4. A manifest counts by its signature where the declaration names signing keys; outside fictional homes every source has
   some. A key signs between the days that its declaration gives it.
5. Changes go on from one delivery (`base`): of two that go on from the same one, and where others went on already, the
   later one is put into quarantine. Where the base has not come yet, they wait for it, and are never taken in before.
6. Killed while receiving, nothing has happened; received again, it ends in the same bytes.
"""

import hashlib
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical
from musterroll.engine import delivery, extract_stage
from musterroll.engine.delivery import Staged
from musterroll.errors import MusterRollError
from musterroll.extract import manifest, profile, reply
from musterroll.extract.manifest import Manifest
from musterroll.extract.plausible import Finding
from musterroll.extract.profile import Profile
from musterroll.extract.reply import Outcome as Told
from musterroll.extract.schema import Source
from musterroll.register import answers, chain, home, inbox, policies, roll
from musterroll.register.actor import Actor
from musterroll.register.acts.delivery import record_delivery
from musterroll.register.files import write_whole
from musterroll.register.models import Delivery, Outcome

TAKEN = (Outcome.RECEIVED, Outcome.QUARANTINED)
LARGEST_KEPT = 64 << 20
"""Bytes of a file that is kept beside its refusal or quarantine; of a larger one the agency has the only copy."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a delivery: its number, outcome, rows kept and set aside, columns cut, findings in words.

    `again`: it had been taken in before, and nothing has changed. `waits`: the delivery it goes on from has not come.
    """

    number: int
    source: str
    outcome: Outcome
    rows: int
    refused: int
    cut: tuple[str, ...]
    findings: tuple[str, ...]
    again: bool = False
    waits: bool = False

    @property
    def enters(self) -> bool:
        """Whether the next night may take it in: nobody has to say yes to it, and nothing has to come before."""
        return self.outcome is Outcome.RECEIVED and not self.waits


def receive(file: Path, *, by: Actor, at: int) -> Taken:
    """Take in `NAME.csv` (.ndjson, .parquet, .xlsx) with its `NAME.manifest.json` beside it.

    Raises MusterRollError `delivery.*` or `manifest.*` when the delivery is refused as a whole; it is answered and
    recorded first.
    """
    told = _manifest(file)
    source = declared(told.source)
    if not file.exists():
        raise _missing(file.name)
    same = _known(told, told.sha256)
    if same is not None and _digest(file) == told.sha256:
        return _again(same)
    try:
        check_signed(source, told)
        if told.answers:
            return _answers(file, told, by, at)
        corrected = chain.corrected(told)
        staged = _staged(source, told, file, at)
    except MusterRollError as problem:
        _refuse(file, told, problem, by, at)
        raise
    link = chain.place(told)
    if link in (chain.Place.OUT_OF_ORDER, chain.Place.REJECTED):
        staged = delivery.finish(replace(staged, findings=(*staged.findings, out_of_order(told, link))))
    waits = link is chain.Place.WAITS and not staged.quarantined
    outcome = Outcome.QUARANTINED if staged.quarantined else Outcome.RECEIVED
    folder = inbox.folder(outcome) / inbox.place(told, told.sha256)
    if outcome is Outcome.QUARANTINED:
        _keep(file, told, told.sha256)
        shutil.rmtree(folder, ignore_errors=True)
        staged.folder.rename(folder)
    answer(told, told.sha256, staged.told(waits=waits))
    number = record_delivery(
        source=told.source,
        as_of=told.as_of,
        sha256=told.sha256,
        manifest_sha256=canonical.sha256_hex(told.encode()),
        rows=staged.kept,
        refused=staged.set_aside,
        content=staged.content,
        outcome=outcome,
        full=told.full,
        profile=staged.profile.encode(),
        reasons=[*{each.code for each in staged.findings}, *([chain.CORRECTION] if corrected else [])],
        by=by,
        at=at,
    )
    findings = tuple(each.what for each in staged.findings)
    return Taken(number, source.name, outcome, staged.kept, staged.set_aside, staged.cut, findings, waits=waits)


def waiting(row: Delivery) -> Staged:
    """A delivery that waits for the night, as it was read. Raises MusterRollError `delivery.declaration-changed`."""
    staged = delivery.open_staged(inbox.folder_of(row))
    if staged.columns != tuple(declared(row.source).columns):
        raise MusterRollError(
            "delivery.declaration-changed",
            "The delivery was read under a declaration that is no longer in force.",
            where=f"delivery {row.number}",
            remedy="Ask the agency to send its register again.",
        )
    return staged


def done(row: Delivery) -> None:
    """Remove what is staged of a delivery whose rows are in the committed roll, or that was overtaken."""
    folder = inbox.folder_of(row)
    shutil.rmtree(folder, ignore_errors=True)
    for path in folder.parent.glob(f"{folder.name}.*"):
        path.unlink(missing_ok=True)


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


def check_signed(source: Source, told: Manifest) -> None:
    """Refuse a manifest that the agency did not sign with a key of that day.

    Raises MusterRollError `manifest.unsigned`, `.key-unknown`, `.signature`, or `source.no-keys` in a home that is not
    fictional.
    """
    if source.signing_keys:
        keys = {key.key_id: key.public for key in source.signing_keys if key.first <= told.as_of <= key.last}
        manifest.verify(told, keys)
    elif not home.current().founding.fictional:
        raise MusterRollError(
            "source.no-keys",
            "The source declares no signing key, so nobody can know who sent this.",
            where=f"manifest of {told.source}",
            remedy="Declare the agency's public keys (`muster source key` makes a pair) and publish the declaration.",
        )


def _staged(source: Source, told: Manifest, file: Path, at: int) -> Staged:
    return extract_stage.stage(
        source,
        told,
        file,
        inbox.folder(Outcome.RECEIVED) / inbox.place(told, told.sha256),
        previous=_previous(source.name),
        today=home.current().legal_day(at),
    )


def _answers(file: Path, told: Manifest, by: Actor, at: int) -> Taken:
    """Answers to the register's questions: small files, read at once."""
    if file.stat().st_size > LARGEST_KEPT or _digest(file) != told.sha256:
        raise MusterRollError(
            "delivery.digest",
            f"The file is not the one that the manifest names, or larger than {LARGEST_KEPT} bytes.",
            where=f"delivery of {told.source}",
            remedy="Ask the agency to send file and manifest together again.",
        )
    taken = answers.receive(told, file.read_bytes(), by=by, at=at)
    return Taken(taken.number, taken.source, Outcome.RECEIVED, taken.rows, taken.refused, (), ())


def _refuse(file: Path, told: Manifest, problem: MusterRollError, by: Actor, at: int) -> None:
    digest = _digest(file)
    there = _known(told, digest)
    if there is not None:
        _again(there)
        return
    answer(told, digest, problem)
    _keep(file, told, digest)
    record_delivery(
        source=told.source,
        as_of=told.as_of,
        sha256=digest,
        manifest_sha256=canonical.sha256_hex(told.encode()),
        rows=told.rows,
        refused=0,
        content="",
        outcome=Outcome.REFUSED,
        full=told.full,
        profile=b"",
        reasons=[problem.code],
        by=by,
        at=at,
    )


def _again(there: Delivery) -> Taken:
    outcome = Outcome(there.outcome)
    if outcome is Outcome.REFUSED:
        raise MusterRollError(
            "delivery.twice",
            f"This very file and manifest came before and were refused, as delivery {there.number}.",
            where=f"delivery of {there.source}",
            remedy="Its reply says why. Send the corrected file, or the right manifest.",
        )
    policies.check_not_rejected(there)
    return Taken(there.number, there.source, outcome, there.rows, there.refused, (), (), again=True)


def _known(told: Manifest, digest: str) -> Delivery | None:
    """The delivery of this file with this manifest, if it came before; answers are recorded beside their source."""
    return Delivery.objects.filter(
        source__in=(told.source, f"{told.source}#answers"),
        sha256=digest,
        manifest_sha256=canonical.sha256_hex(told.encode()),
    ).first()


def out_of_order(told: Manifest, link: chain.Place) -> Finding:
    """What is said of a delivery that can never be taken in because of the one that it goes on from."""
    what = "Another delivery went on already from the one that these changes go on from"
    if link is chain.Place.REJECTED:
        what = "Two people said no to the delivery that these changes go on from"
    return Finding("out-of-order", f"{what} ({told.base or told.corrects}).", 1, 0, 0)


def _manifest(file: Path) -> Manifest:
    path = file.with_name(f"{file.stem}.manifest.json")
    try:
        return manifest.decode(path.read_bytes())
    except FileNotFoundError:
        raise _missing(path.name) from None


def _missing(name: str) -> MusterRollError:
    return MusterRollError(
        "delivery.file-missing",
        "A delivery is a file NAME.csv with NAME.manifest.json beside it; one of the two is not there.",
        where=name,
        remedy="Put both into the same folder and start again.",
        exit_code=2,
    )


def _digest(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _previous(source: str) -> Profile | None:
    """The profile of the last whole register that was taken in, or let out of quarantine."""
    for row in Delivery.objects.filter(source=source, outcome__in=TAKEN, full=True).order_by("-number"):
        if row.outcome == Outcome.RECEIVED or hasattr(row, "deliveryrelease"):
            return profile.decode(bytes(row.profile))
    return None


def _keep(file: Path, told: Manifest, digest: str) -> None:
    """Keep file and manifest beside a refusal or quarantine, for whoever looks into it."""
    folder, place = inbox.folder(Outcome.REFUSED), inbox.place(told, digest)
    write_whole(folder / f"{place}.manifest.json", told.encode())
    if file.stat().st_size <= LARGEST_KEPT:
        write_whole(folder / f"{place}{file.suffix}", file.read_bytes())


def answer(told: Manifest, digest: str, outcome: Told | MusterRollError) -> None:
    """Write the reply to a delivery, as JSON and as text; a later reply takes the place of an earlier one."""
    place = inbox.place(told, digest)
    name = f"{told.source}-{place[:16]}-{place[-16:]}"
    written = reply.reply(told, outcome)
    write_whole(home.current().path / "replies" / f"{name}.txt", reply.letter(written).encode("utf-8"))
    write_whole(home.current().path / "replies" / f"{name}.json", written)
