"""Time stamps of outside authorities over checkpoints (RFC 3161): asked for, checked, published.

1. `trust/stampers.txt` names the authorities, one a line: a name and an address; `trust/NAME.pem` is the root that
   its tokens must lead to. Two authorities, of two owners, are meant (docs/spec/ledger.md, 2.9).
2. Stamped are the newest published checkpoint (once a day is enough) and each checkpoint under which a draw, a
   supplement or a stratum was fixed; the bytes are those of the published note.
3. A token is published only if its signature leads to that root, it answers our question, and is over these bytes.
4. An authority that is down is asked again, with pauses; then it is told and the others are asked all the same.
"""

import http.client
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import rfc3161_client
from cryptography import x509

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.entry.kind import Kind
from musterroll.errors import MusterRollError
from musterroll.ledger import stamp
from musterroll.register import database, files, home, log, permissions, shards
from musterroll.register.actor import Actor
from musterroll.register.models import Entry, PublishedCheckpoint

MOST_ANSWER_BYTES = 1 << 16
FIXED_BY = (Kind.DRAW_MANIFEST, Kind.SUPPLEMENT, Kind.DRAW_STRATUM)
"""Entries after which a value is waited for that nobody may know: that they stood before it is shown by a stamp too."""
_NAME = re.compile("[a-z0-9-]{1,32}")


@dataclass(frozen=True, slots=True)
class Authority:
    """Who stamps, where it is asked, and the root that its tokens lead to."""

    name: str
    url: str
    root: x509.Certificate


@dataclass(frozen=True, slots=True)
class Stamped:
    """The files that were written, and why other authorities gave nothing."""

    files: tuple[Path, ...]
    refused: tuple[MusterRollError, ...]


def authorities() -> tuple[Authority, ...]:
    """Who is asked; nobody where there is no list. Raises MusterRollError `stamp.authorities`."""
    path = home.current().path / "trust" / "stampers.txt"
    if not path.exists():
        return ()
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            found.append(_authority(line.split(), path, number))
    return tuple(found)


def stamp_due(*, by: Actor, attempts: int = 3, pause: float = 2.0, timeout: float = 10.0) -> Stamped:
    """Have every checkpoint stamped that should be and is not.

    Each authority is asked up to `attempts` times, `pause` seconds before the second, twice as many before the third.
    """
    with database.told():
        permissions.check_may("publish_checkpoint", by)
        written: list[Path] = []
        refused: list[MusterRollError] = []
        asked = authorities()
        down: set[str] = set()
        for published in due():
            folder = anchor(published)
            for authority in asked:
                path = folder / f"{authority.name}.tsr"
                if path.exists() or authority.name in down:
                    continue
                try:
                    token = ask(authority, bytes(published.note), attempts=attempts, pause=pause, timeout=timeout)
                except MusterRollError as problem:
                    refused.append(problem)
                    down.add(authority.name)
                    continue
                files.write_whole(folder / "checkpoint", bytes(published.note))
                files.write_whole(path, token)
                written.append(path)
        return Stamped(tuple(written), tuple(refused))


def due() -> list[PublishedCheckpoint]:
    """The newest checkpoint, and those under which something was fixed before a beacon's round; each once."""
    newest = PublishedCheckpoint.objects.order_by("-size").first()
    fixed = [
        log.covering(entry) for entry in Entry.objects.filter(kind__in=FIXED_BY, leaf__isnull=False).order_by("id")
    ]
    return list({one.pk: one for one in (*fixed, newest) if one is not None}.values())


def anchor(published: PublishedCheckpoint) -> Path:
    """The folder of the stamps over one published checkpoint."""
    shard = shards.of(published.size - 1)
    return shard.folder / "anchor" / str(published.size - shard.start)


def of(entry: Entry) -> dict[str, bytes]:
    """The stamps over the checkpoint that an entry's proof carries, by authority."""
    covering = log.covering(entry)
    return {} if covering is None else {path.stem: path.read_bytes() for path in sorted(anchor(covering).glob("*.tsr"))}


def ask(authority: Authority, data: bytes, *, attempts: int, pause: float, timeout: float) -> bytes:
    """The verified response of one authority over `data`.

    Raises MusterRollError `stamp.down`, `stamp.refused`, `stamp.malformed`, `stamp.other` or `stamp.signature`.
    """
    asked = (
        rfc3161_client.TimestampRequestBuilder()
        .data(data)
        .hash_algorithm(rfc3161_client.HashAlgorithm.SHA256)
        .cert_request(cert_request=True)
        .build()
    )
    for attempt in range(attempts):
        if attempt:
            time.sleep(pause * 2 ** (attempt - 1))
        try:
            answer = _post(authority, asked.as_bytes(), timeout)
            break
        except MusterRollError:
            if attempt == attempts - 1:
                raise
    check(authority, answer, data, nonce=asked.nonce)
    return answer


def check(authority: Authority, answer: bytes, data: bytes, *, nonce: int | None = None) -> stamp.Stamp:
    """What a token says, if `authority` signed it over `data`. Raises those of `ledger.stamp` and `stamp.signature`."""
    said = stamp.check(answer, data, where=authority.name)
    verifier = rfc3161_client.VerifierBuilder(roots=[authority.root], nonce=nonce).build()
    try:
        verifier.verify_message(rfc3161_client.decode_timestamp_response(answer), data)
    except (rfc3161_client.VerificationError, ValueError) as problem:
        raise MusterRollError(
            "stamp.signature",
            f"The time stamp is not one that {authority.name} gave: {str(problem).splitlines()[0][:200]}",
            where=authority.url or authority.name,
            remedy=f"Compare trust/{authority.name}.pem with the root that the authority publishes.",
        ) from None
    return said


def _authority(words: list[str], path: Path, number: int) -> Authority:
    try:
        name, url = words
        if not _NAME.fullmatch(name) or not url.startswith(("http://", "https://")):
            raise ValueError("a name of small letters, and an address")
        return Authority(name, url, x509.load_pem_x509_certificate((path.parent / f"{name}.pem").read_bytes()))
    except (ValueError, FileNotFoundError):
        raise MusterRollError(
            "stamp.authorities",
            "A line names no authority: it has a name of small letters, an address, and a root certificate beside.",
            where=f"{path}, line {number}",
            remedy="Write `name https://address`, and put the authority's root into trust/name.pem.",
            exit_code=2,
        ) from None


def _post(authority: Authority, body: bytes, timeout: float) -> bytes:
    ours = urllib.request.Request(authority.url, data=body, method="POST")  # noqa: S310 - the scheme is checked on reading
    ours.add_header("Content-Type", "application/timestamp-query")
    try:
        with urllib.request.urlopen(ours, timeout=timeout) as answer:  # noqa: S310
            return bytes(answer.read(MOST_ANSWER_BYTES))
    except urllib.error.HTTPError as answer:
        with answer:
            why = f"HTTP {answer.code}"
    except urllib.error.URLError as problem:
        why = str(problem.reason)
    except (OSError, http.client.HTTPException) as problem:
        why = type(problem).__name__
    raise MusterRollError(
        "stamp.down",
        f"The time-stamping authority {authority.name} did not answer: {why}.",
        where=authority.url,
        remedy="It is asked again on the next run; what is published already stays valid.",
        exit_code=2,
    )
