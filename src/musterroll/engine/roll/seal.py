"""The envelope around objects that identify people: AES-SIV (RFC 5297) as Tink writes it, one key set a home.

1. Deterministic authenticated encryption, not a randomised one: a run that is killed and done again writes the same
   bytes, so an object's name (the SHA-256 of its bytes) and with it the snapshot named in the ledger stay the same.
   What this shows to somebody without the key is that two sealed objects hold the same rows; their `content`, which
   the snapshot names, shows that anyway. There is no nonce that could be used twice.
2. The table's name and the `content` of the rows are bound to the envelope as associated data: a sealed object cannot
   be passed off as another table's or as another night's.
3. The key set is an argument: its bytes come from `register/keys.py` and lie on another disk in production.
4. Tink makes and checks the key set. What is sealed goes through `cryptography`: the same bytes in less than half the
   time, and a night opens everything that it reads of people.
"""

import tink
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from tink import daead, secret_key_access
from tink.proto import aes_siv_pb2, tink_pb2

from musterroll.errors import MusterRollError

_AES_SIV = "type.googleapis.com/google.crypto.tink.AesSivKey"

daead.register()


def keyset(secret: bytes) -> bytes:
    """A Tink key set (binary) with one AES-256-SIV key made of `secret`, 64 random bytes from the key interface."""
    if len(secret) != 64:
        raise ValueError("an AES-256-SIV key has 64 bytes")
    key = aes_siv_pb2.AesSivKey(version=0, key_value=secret).SerializeToString()
    entry = tink_pb2.Keyset.Key(
        key_data=tink_pb2.KeyData(type_url=_AES_SIV, value=key, key_material_type=tink_pb2.KeyData.SYMMETRIC),
        status=tink_pb2.ENABLED,
        key_id=1,
        output_prefix_type=tink_pb2.TINK,
    )
    return bytes(tink_pb2.Keyset(primary_key_id=1, key=[entry]).SerializeToString(deterministic=True))


class SealKey:
    """Seals and opens objects with one key set. Raises MusterRollError `roll.seal-key` when the bytes are none."""

    def __init__(self, keyset_bytes: bytes) -> None:
        self._bytes = keyset_bytes
        try:
            handle = tink.proto_keyset_format.parse(keyset_bytes, secret_key_access.TOKEN)
            handle.primitive(daead.DeterministicAead)  # refuses what is no key set for this
            self._envelope, self._cipher = _only_key(keyset_bytes)
        except (tink.TinkError, ValueError):
            raise MusterRollError(
                "roll.seal-key",
                "The key of the sealed objects is not a Tink key set for deterministic encryption.",
                remedy="Put the home's own key set back; without it sealed objects cannot be opened.",
            ) from None

    def __reduce__(self) -> tuple[type["SealKey"], tuple[bytes]]:
        """A worker of the same run gets the key through its parent's pipe, and keeps it in memory only."""
        return SealKey, (self._bytes,)

    def seal(self, data: bytes, *, table: str, content: str) -> bytes:
        """The envelope around `data`. Inverse of `open`."""
        return self._envelope + self._cipher.encrypt(data, [_bound(table, content)])

    def open(self, data: bytes, *, table: str, content: str) -> bytes:
        """What was sealed as `table` with `content`. Raises MusterRollError `roll.seal-broken`."""
        try:
            if not data.startswith(self._envelope):
                raise InvalidTag
            return self._cipher.decrypt(memoryview(data)[len(self._envelope) :], [_bound(table, content)])
        except InvalidTag:
            raise MusterRollError(
                "roll.seal-broken",
                "A sealed object does not open: another key sealed it, or it was changed or renamed.",
                where=f"table {table}, content {content}",
                remedy="Check that the home's key set is the one the roll was made with; else restore the object.",
            ) from None


def _only_key(keyset_bytes: bytes) -> tuple[bytes, AESSIV]:
    """What Tink begins its envelope with, and the cipher. Raises ValueError for keys that `keyset` does not make."""
    (key,) = tink_pb2.Keyset.FromString(keyset_bytes).key
    if key.output_prefix_type != tink_pb2.TINK:
        raise ValueError("Tink's own envelope names the key")
    secret = aes_siv_pb2.AesSivKey.FromString(key.key_data.value).key_value
    return b"\x01" + key.key_id.to_bytes(4), AESSIV(secret)


def _bound(table: str, content: str) -> bytes:
    return f"muster-roll/roll-object/v1\x00{table}\x00{content}".encode()
