"""Queued letters that no call is about: one sealed list a night or a recall, opened by the worker that writes them.

1. The list names people by number, the question of the law that each letter is about, and the day from which something
   counts. It holds no name, no address and no word. It is sealed with the home's key and named by the digest of its
   sealed bytes, which the log holds.
2. It is opened for one campaign at a time, to compose its letters (`correspondence`). No page, command or export shows
   it; its length reaches a screen through the disclosure function.
3. Who is erased from the register is cut out: the list is sealed anew under another name.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical
from musterroll.engine.roll import SealKey, seal
from musterroll.register import home
from musterroll.register.files import write_whole

_BOUND = "campaign"


@dataclass(frozen=True, slots=True, order=True)
class Letter:
    """One letter: whose, about which question of the law (or attribute), and the day from which something counts."""

    person: int
    about: str
    day: int


def put(letters: Iterable[Letter]) -> tuple[str, int]:
    """Seal the list; give the digest under which it lies, and its length."""
    rows = sorted(set(letters))
    sealed = _sealed(rows)
    digest = canonical.sha256_hex(sealed)
    path = _path(digest)
    if not path.exists():
        write_whole(path, sealed)
        path.parent.chmod(0o700)
    return digest, len(rows)


def opened(digest: str) -> Sequence[Letter]:
    """The list with this digest, in order of person."""
    data = _key().open(_path(digest).read_bytes(), table=_BOUND, content=canonical.sha256_hex(b""))
    return tuple(Letter(*row) for row in canonical.decode(data, where="campaign"))


def erase(persons: Collection[int]) -> None:
    """Strike people from every list; the sealed files keep their names."""
    for path in sorted(_path("").parent.glob("*.sealed")):
        rows = opened(path.stem)
        kept = [one for one in rows if one.person not in persons]
        if len(kept) < len(rows):
            write_whole(path, _sealed(kept))


def _sealed(rows: Iterable[Letter]) -> bytes:
    data = canonical.encode([[one.person, one.about, one.day] for one in rows])
    return _key().seal(data, table=_BOUND, content=canonical.sha256_hex(b""))


def _path(digest: str) -> Path:
    return home.current().path / "letters" / "campaigns" / f"{digest}.sealed"


def _key() -> SealKey:
    keys = home.current().keys
    return SealKey(seal.keyset(keys.secret("seal-1") + keys.secret("seal-2")))
