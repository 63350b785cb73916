"""Deliveries that agencies send over HTTPS: begun, sent piece by piece, whole; then received like any other.

1. Who may send is whoever shows a manifest that a declared key of its source signed: nothing else is a password here.
2. No more is ever read than the signed manifest says (`size`), in one order, by one sender at a time. What has arrived
   stays when the line is cut: the next piece begins where the last one ended.
3. An upload is known by the digest of its manifest: the same manifest again is the same upload, whether it was begun,
   has arrived or was answered long ago. Replaying one therefore changes nothing.
4. Its receipt is derived from that digest with a key of this home. Who shows it is told what became of this delivery
   and of no other (charter S14); a wrong receipt and an unknown upload are the same answer.
5. No name that a sender chose becomes the name of a file. A source may have `OPEN` uploads begun; of one more, the one
   begun first is forgotten.

HOME/uploads/ID/ (0700) holds `said.json`, `delivery.part` while it is sent, then `delivery.csv` (or what its source is
declared to send) and, last of all, `delivery.manifest.json`. It goes once the delivery is answered.
"""

import fcntl
import hashlib
import hmac
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical
from musterroll.errors import MusterRollError
from musterroll.extract import manifest as manifests
from musterroll.extract.manifest import Manifest
from musterroll.register import arrivals, home, intake
from musterroll.register.arrivals import Arrival
from musterroll.register.files import write_whole

OPEN = 4
"""Uploads of one source that may be begun and not whole."""
MANIFEST_BYTES = 64 << 10
"""A manifest is no longer than this."""
SPARE = 1 << 30
"""Bytes of the disk that an upload leaves free."""
_SAID, _PART, _WHOLE = "said.json", "delivery.part", f"delivery{arrivals.MANIFEST}"


class State(StrEnum):
    """How far an upload is: being sent; whole and waiting to be read; answered."""

    SENDING = "sending"
    ARRIVED = "arrived"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload: its digest, its source and size, how far it is, and how many bytes of it are here."""

    upload: str
    state: State
    source: str = ""
    size: int = 0
    offset: int = 0


def begin(data: bytes) -> Upload:
    """The upload of the delivery whose manifest is `data`: begun, or as far as it is.

    Raises MusterRollError `upload.manifest-too-long`, `upload.size`, `upload.space`, `source.no-keys`, and those of
    `manifest.decode`, `manifest.verify` and `intake.declared`.
    """
    if len(data) > MANIFEST_BYTES:
        raise _refused(
            "manifest-too-long", f"A manifest has at most {MANIFEST_BYTES} bytes.", "Send the manifest alone."
        )
    told = manifests.decode(data)
    source = intake.declared(told.source)
    if not source.signing_keys:
        raise MusterRollError(
            "source.no-keys",
            "The source declares no signing key, so nobody can know who sends this.",
            where=f"manifest of {told.source}",
            remedy="Declare the agency's public keys (`muster source key` makes a pair) and publish the declaration.",
        )
    intake.check_signed(source, told)
    if not told.size:
        raise _refused(
            "size",
            "The manifest does not say how many bytes the file has.",
            "Write it with this version of `muster source manifest`, which says `size`.",
        )
    upload = canonical.sha256_hex(told.encode())
    folder = _folder(upload)
    if not folder.exists() and _reply(upload) is None:
        if shutil.disk_usage(home.current().path).free < told.size + SPARE:
            raise _refused("space", "There is no room for this file now.", "Send it again later; the office is told.")
        _make_room(told.source)
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        write_whole(folder / _SAID, told.encode())
    return state_of(upload)


def receipt(upload: str) -> str:
    """What an agency shows to go on with its upload, and to be told what became of it."""
    key = home.current().keys.secret("upload")
    return hmac.new(key, bytes.fromhex(upload), hashlib.sha256).hexdigest()


def check_receipt(upload: str, shown: str) -> None:
    """Raise MusterRollError `upload.unknown` unless `shown` is the receipt of this upload."""
    if not re.fullmatch(r"[0-9a-f]{64}", upload) or not hmac.compare_digest(receipt(upload), shown):
        raise _unknown()


def state_of(upload: str) -> Upload:
    """How far an upload is. Raises MusterRollError `upload.unknown`."""
    folder = _folder(upload)
    if _reply(upload) is not None:
        return Upload(upload, State.ANSWERED)
    if not (folder / _SAID).exists():
        raise _unknown()
    told = _said(folder)
    if (folder / _WHOLE).exists():
        return Upload(upload, State.ARRIVED, told.source, told.size, told.size)
    return Upload(upload, State.SENDING, told.source, told.size, _there(folder))


def put(upload: str, offset: int, pieces: Iterable[bytes]) -> Upload:
    """Write what comes at `offset`, which is where the last piece ended.

    Raises MusterRollError `upload.unknown`, `upload.busy`, `upload.offset`, `upload.too-long`, and `upload.digest`
    where the whole file is not the one of the manifest: then it begins anew. What `pieces` raises passes through; what
    came before is kept.
    """
    folder = _folder(upload)
    with _alone(folder):
        begun = state_of(upload)
        if begun.state is not State.SENDING:
            return begun
        if offset != begun.offset:
            raise _refused("offset", f"The next byte is that of the place {begun.offset}.", "Go on from there.")
        with (folder / _PART).open("ab") as part:
            there = offset
            for piece in pieces:
                there += len(piece)
                if there > begun.size:
                    raise too_long(begun.size)
                part.write(piece)
            part.flush()
            os.fsync(part.fileno())
        if there == begun.size:
            _finish(folder)
        return state_of(upload)


def reply(upload: str) -> Path | None:
    """The register's reply to an uploaded delivery, as JSON; its text lies beside it. None while there is none."""
    return _reply(upload)


def arrived() -> tuple[Arrival, ...]:
    """The deliveries that are whole, in the order in which they are received."""
    there = [_arrival(path) for path in sorted(_root().glob(f"*/{_WHOLE}"))]
    return tuple(one for _, several in arrivals.by_day(there) for one in several)


def answered(arrival: Arrival, problem: MusterRollError | None = None) -> None:
    """Forget an upload that was received, or refused by `problem`; a refusal that was not told yet is told."""
    upload = canonical.sha256_hex(arrival.told.encode())
    if problem is not None and _reply(upload) is None:
        intake.answer(arrival.told, arrival.told.sha256, problem)
    shutil.rmtree(arrival.file.parent, ignore_errors=True)


def too_long(size: int) -> MusterRollError:
    """More was sent than the manifest says."""
    return _refused(
        "too-long",
        f"More is sent than the {size} bytes that the manifest says.",
        "Write the manifest anew from the file as it is, and send both.",
    )


def _finish(folder: Path) -> None:
    """A whole file is the one of the manifest, or nothing of it stays."""
    told, part = _said(folder), folder / _PART
    with part.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    if digest != told.sha256:
        part.unlink()
        raise _refused(
            "digest",
            "The file that arrived is not the one that the manifest names.",
            "Send it again from its beginning, or write the manifest anew from the file as it is.",
        )
    part.rename(folder / f"delivery.{intake.declared(told.source).format.value}")
    write_whole(folder / _WHOLE, told.encode())


def _make_room(source: str) -> None:
    """Forget the uploads of a source that were begun first, so that one more may be."""
    begun = [path for path in _root().glob(f"*/{_SAID}") if not path.with_name(_WHOLE).exists()]
    own = [path for path in begun if manifests.decode(path.read_bytes()).source == source]
    for path in sorted(own, key=lambda one: one.stat().st_mtime_ns)[: max(0, len(own) - OPEN + 1)]:
        shutil.rmtree(path.parent, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One sender at a time."""
    if not (folder / _SAID).exists():
        yield
        return
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise _refused(
            "busy", "Somebody is sending this very file.", "Wait a little, ask how far it is, and go on there."
        ) from None
    try:
        yield
    finally:
        os.close(lock)


def _arrival(whole: Path) -> Arrival:
    told = manifests.decode(whole.read_bytes())
    file = next(path for path in whole.parent.glob("delivery.*") if path != whole)
    return Arrival(file, told)


def _said(folder: Path) -> Manifest:
    return manifests.decode((folder / _SAID).read_bytes())


def _there(folder: Path) -> int:
    part = folder / _PART
    return part.stat().st_size if part.exists() else 0


def _reply(upload: str) -> Path | None:
    """Replies are named by the digests of file and manifest (`intake.answer`), those to answers by the manifest's."""
    return next(iter(sorted((home.current().path / "replies").glob(f"*-{upload[:16]}.json"))), None)


def _root() -> Path:
    return home.current().path / "uploads"


def _folder(upload: str) -> Path:
    return _root() / upload


def _unknown() -> MusterRollError:
    return MusterRollError(
        "upload.unknown",
        "There is no such upload, or this is not its receipt.",
        where="upload",
        remedy="Send the signed manifest again: the answer says where to go on.",
    )


def _refused(code: str, what: str, remedy: str) -> MusterRollError:
    return MusterRollError(f"upload.{code}", what, where="upload", remedy=remedy)
