"""What outsiders pin, as it is published: the log's key, the witnesses' keys, the quorum; without network addresses.

1. `published/policy.txt` is the home's `trust/policy.txt` with the addresses left out: where a witness listens may
   change from day to day, whom one trusts does not.
2. Its SHA-256 stands on every letter (charter S11): whoever takes the list from a court or a newspaper compares it.
"""

from dataclasses import replace
from pathlib import Path

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical
from musterroll.register import home, log
from musterroll.register.files import write_whole


def policy() -> bytes:
    """The policy as outsiders pin it. Raises MusterRollError `policy.missing`."""
    pinned = log.pinned()
    return replace(
        pinned,
        logs=tuple(replace(one, url="") for one in pinned.logs),
        witnesses=tuple(replace(one, url="") for one in pinned.witnesses),
    ).encode()


def policy_digest() -> str:
    """SHA-256 of `policy`, hexadecimal: what a letter says."""
    return canonical.sha256_hex(policy())


def publish() -> Path:
    """Write `published/policy.txt`, unless it is there as it should be; its path."""
    path, data = home.current().path / "published" / "policy.txt", policy()
    if not path.exists() or path.read_bytes() != data:
        write_whole(path, data)
    return path
