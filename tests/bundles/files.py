"""The files that a bundle is made of."""

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.published import ROUNDS

from musterroll import canonical, dates
from musterroll.draw import entrant, order
from musterroll.draw import transcript as manifests
from musterroll.draw.commitment import Cohort

DRAW, REGISTER = "xx-2023-b", "register.example"
FIRST, SECOND, THIRD, LAST = 657413, 20791007, 20905307, 32398885
DAY = 86_400
LEAD = 7 * DAY
STAMP = (Path(__file__).parents[1] / "conformance" / "rfc3161" / "court-stamp.tsr").read_bytes()
OFFICE = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"office").digest())
SOURCE = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"source").digest())


def time_of(number: int) -> int:
    """The second of a round of quicknet."""
    return manifests.Drand.quicknet(number).time


def put_bundle(folder: Path, files: dict[str, bytes]) -> None:
    """The files of a bundle and their sums."""
    put(folder, files)
    lines = [f"{canonical.sha256_hex(data)}  {path}\n" for path, data in sorted(files.items())]
    (folder / "SHA256SUMS").write_text("".join(lines))


def put(folder: Path, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def person_key(person: int) -> bytes:
    return hashlib.sha256(f"key {person}".encode()).digest()


def served(number: int, **more: object) -> bytes:
    signature = ROUNDS[number]
    return canonical.encode(
        {"round": number, "signature": signature.hex(), "randomness": canonical.sha256_hex(signature)} | more
    )


def receipt_of(one: entrant.Entrant, cohort: Cohort, drawn: order.Order) -> bytes:
    value = {"draw": DRAW, "salt": one.salt.hex(), "record": one.record.decode(), "index": cohort.index_of(one)}
    return canonical.encode(value | {"place": drawn.place_of(one.commitment)[1]})


def stamp_on(stamped: bytes, at: int) -> bytes:
    """A stored stamp of an outside authority with another imprint and time: verifiers cannot check its signature."""
    digest, time = hashlib.sha256(stamped).digest(), dates.format_instant(at).encode()
    mark = STAMP.index(b"\x04\x20") + 2
    stamp = STAMP[:mark] + digest + STAMP[mark + 32 :]
    clock = stamp.index(b"\x18\x0f", mark) + 2
    return stamp[:clock] + time.replace(b"-", b"").replace(b":", b"").replace(b"T", b"") + stamp[clock + 15 :]
