"""The home's keys, behind one interface; the only place that asks the system for randomness.

1. In production a secret is 32 bytes of the system's generator, made once, in a file of its own under `keys/` (mode
   0600 in a folder of mode 0700). Put that folder on another disk, or behind a key service, by mounting it there.
2. A fictional home derives every secret from the seed given at its creation, so that two runs write the same bytes.
   Such a home says DEMONSTRATION everywhere and for ever.
3. `Kp`, the erasable key of one person, is not here but in the table `person_key`: dropping it makes all that person's
   entries and commitments meaningless (docs/spec/ledger.md). Only its making is here.

| secret | for |
| --- | --- |
| ref | the 16-letter `ref` of a person |
| record | the number of an agency's own entry |
| entry | the id of a ledger entry, from the natural key of its act |
| log-YEAR | Ed25519 seed of the log's own signature |
| seal-1, seal-2 | the two halves of the key of the sealed objects of the roll |
| notice | the check code printed on letters |
| code | the one-time codes by which a person is present |
| web | Django's SECRET_KEY |
| upload | the receipt by which an agency asks what became of a delivery that it uploaded |
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from musterroll.errors import MusterRollError

BYTES = 32
"""Length of every secret."""


class Keys(Protocol):
    """Where secrets come from."""

    def secret(self, name: str) -> bytes:
        """The 32 bytes of the named secret, the same each time."""

    def fresh_person_key(self, person: int) -> bytes:
        """32 bytes for a new `Kp`."""


@dataclass(frozen=True, slots=True)
class SeededKeys:
    """A demonstration's keys: HMAC-SHA256 of the seed and the name."""

    seed: str

    def secret(self, name: str) -> bytes:
        """The 32 bytes of the named secret."""
        return hmac.new(self.seed.encode(), b"muster-roll demonstration key " + name.encode(), hashlib.sha256).digest()

    def fresh_person_key(self, person: int) -> bytes:
        """The `Kp` of one person, the same in each run with this seed."""
        return self.secret(f"person-{person}")


@dataclass(frozen=True, slots=True)
class FileKeys:
    """A production home's keys: one file a secret, made of the system's randomness when first asked for."""

    folder: Path

    def secret(self, name: str) -> bytes:
        """The 32 bytes of the named secret. Raises MusterRollError `keys.open` or `keys.broken`."""
        if self.folder.stat().st_mode & 0o077:
            raise MusterRollError(
                "keys.open",
                "The folder of keys can be read by others on this machine.",
                where="keys/",
                remedy="chmod 0700 keys, then consider every key in it known and rotate.",
                exit_code=2,
            )
        path = self.folder / name
        if not path.exists():
            self._make(path)
        data = path.read_bytes()
        if len(data) != BYTES:
            raise MusterRollError(
                "keys.broken",
                "A key file does not have 32 bytes.",
                where=f"keys/{name}",
                remedy="Put the file back from its backup; a new key would disown everything made with the old one.",
                exit_code=2,
            )
        return data

    def fresh_person_key(self, person: int) -> bytes:  # noqa: ARG002 - the seeded twin derives it from the person
        """32 new random bytes."""
        return os.urandom(BYTES)

    @staticmethod
    def _make(path: Path) -> None:
        # Written aside and linked into place: a crash leaves no short key, and of two makers the first one wins.
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(descriptor, os.urandom(BYTES))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()


def fresh() -> bytes:
    """32 new bytes, for a key that an agency keeps."""
    return os.urandom(BYTES)
