"""What an outside auditor is handed: the entries that chance picked, in one file that only the auditor can open.

1. The file is sealed to the auditor's own X25519 key: `ephemeral key (32 bytes) || ChaCha20-Poly1305 of the openings`,
   under `HKDF-SHA256(shared secret, info = "muster-roll/openings/v1" || ephemeral key || auditor's key)`.
2. The register shows nobody what is in it, and there is no list of it on any screen (charter S14, X5).
3. The same openings for the same auditor are the same bytes.
"""

from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.draw import audit, entrant, seed, spared, transcript
from musterroll.draw.opening import Opening, Openings
from musterroll.errors import MusterRollError
from musterroll.ids import keyed
from musterroll.register import draw_policies, home, places
from musterroll.register import spared as lists
from musterroll.register.files import write_whole
from musterroll.register.models import Draw, Entrant, PersonKey, SparedEntry, SparedList

_KEY_BYTES = 32
_NONCE = bytes(12)
_INFO = b"muster-roll/openings/v1"


def of(draw: Draw) -> tuple[Openings, tuple[tuple[int, str, int], ...]]:
    """The openings of a draw, and whose they are: person, list, index. Raises MusterRollError `audit.not-picked`.

    An entry of somebody erased since cannot be opened any more; it is left out.
    """
    row, picked = draw_policies.picked(draw)
    manifest, found = bytes(draw.manifest), []
    theirs: list[tuple[int, str, int]] = []
    asked: dict[str, set[int]] = {
        SparedList.SPARED: set(
            spared.sample(manifest, seed.drand_value(bytes(picked.signature)), lists.listed(row, "spared"), row.sample)
        ),
        SparedList.HAND: set(range(row.hand_size)),
    }
    for one in SparedEntry.objects.filter(spared=row, person__isnull=False).order_by("list", "index"):
        if one.index in asked[one.list]:
            salt = lists.salt_of(one, draw.draw)
            found.append(Opening(one.list, one.index, salt, bytes(one.record)))
            theirs.append((int(one.person), one.list, one.index))
    terms = transcript.decode(manifest)
    if picked.of_entries is not None and terms.audit is not None:
        value = seed.drand_value(bytes(picked.of_entries))
        strata = audit.sample(manifest, value, places.cohort_of(draw), terms.audit.samples)
        indices = {index for stratum in strata for index in stratum}
        keys = dict(PersonKey.objects.values_list("person", "kp"))
        for entry in Entrant.objects.filter(draw=draw, person__isnull=False, index__in=indices).order_by("index"):
            salt = entrant.salt(bytes(keys[entry.person]), draw.draw)
            found.append(Opening(SparedList.COHORT, entry.index, salt, bytes(entry.record)))
            theirs.append((int(entry.person), SparedList.COHORT, entry.index))
    return Openings.of(draw.draw, draw.manifest_sha256, found), tuple(theirs)


def seal(openings: Openings, auditor: str) -> bytes:
    """The sealed file. `auditor` is the auditor's X25519 public key in hexadecimal. Raises `audit.key`."""
    public = _public(auditor)
    secret = keyed(home.current().keys.secret("entry"), b"openings", f"{openings.digest}/{auditor}".encode())
    own = X25519PrivateKey.from_private_bytes(secret[:_KEY_BYTES])
    mine = own.public_key().public_bytes_raw()
    sealed = ChaCha20Poly1305(_derived(own, public, mine)).encrypt(_NONCE, openings.encode(), None)
    return mine + sealed


def unseal(data: bytes, secret: bytes) -> bytes:
    """The openings in a sealed file, for the auditor whose 32-byte secret key this is. Raises `audit.sealed`."""
    try:
        own = X25519PrivateKey.from_private_bytes(secret)
        theirs = X25519PublicKey.from_public_bytes(data[:_KEY_BYTES])
        key = _derived(own, theirs, data[:_KEY_BYTES], own.public_key().public_bytes_raw())
        return ChaCha20Poly1305(key).decrypt(_NONCE, data[_KEY_BYTES:], None)
    except (ValueError, InvalidTag):
        raise MusterRollError(
            "audit.sealed",
            "This file is not sealed to this key, or it was changed.",
            where="the sealed file",
            remedy="Use the key whose public half you gave to the register; else ask for the file again.",
        ) from None


def new_key() -> tuple[bytes, str]:
    """A key for an auditor: the secret 32 bytes, and the public half in hexadecimal. Made where the auditor is."""
    own = X25519PrivateKey.generate()
    return own.private_bytes_raw(), own.public_key().public_bytes_raw().hex()


def put(data: bytes, digest: str) -> Path:
    """Keep the sealed file until it is handed over; its path."""
    path = path_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(path, data)
    return path


def path_of(digest: str) -> Path:
    """Where the sealed file of these openings lies: among what is written to people, closed to other accounts."""
    return home.current().path / "letters" / "audits" / f"{digest}.sealed"


def _derived(own: X25519PrivateKey, other: X25519PublicKey, ephemeral: bytes, auditor: bytes | None = None) -> bytes:
    info = _INFO + ephemeral + (auditor or other.public_bytes_raw())
    return HKDF(hashes.SHA256(), _KEY_BYTES, salt=None, info=info).derive(own.exchange(other))


def _public(auditor: str) -> X25519PublicKey:
    try:
        return X25519PublicKey.from_public_bytes(bytes.fromhex(auditor))
    except ValueError:
        raise MusterRollError(
            "audit.key",
            "This is no X25519 public key: 64 hexadecimal digits.",
            where="the auditor's key",
            remedy="Ask the auditor for the key again: muster draw auditor-key.",
        ) from None
