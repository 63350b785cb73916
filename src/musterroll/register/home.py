"""A home: the folder under which everything of one register lies, and what is opened with it.

1. Whether a home is `fictional` is fixed when it is created and can never change: home.json and the database both say
   so, and a database that says otherwise is refused.
2. One `muster` at a time works on a home: a second one gets `home.busy`. A web worker attaches without the lock; its
   parent holds it.
3. `keys/` has mode 0700. A seed, an offset of the calendar and an injected clock exist in fictional homes only.
"""

import fcntl
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

from django.apps import apps
from django.core.management import call_command

from musterroll import canonical
from musterroll.errors import MusterRollError
from musterroll.register import database, postgres, settings
from musterroll.register.clock import Clock, FileClock, SystemClock, legal_day
from musterroll.register.files import write_whole
from musterroll.register.keys import FileKeys, Keys, SeededKeys

VERSION = 1
PUBLIC_FOR_HOURS = 72
"""How long an order and its pack are public before anything is sent (charter S11)."""
FOLDERS = (
    "inbox",
    "uploads",
    "quarantine",
    "replies",
    "report",
    "roll/objects",
    "roll/snapshots",
    "letters",
    "published",
    "trust",
)
"""What a home has besides `pg/` (a fictional home's own database) and, in a demonstration, more."""
PRIVATE = ("keys", "inbox", "uploads", "quarantine", "replies", "letters", "roll")
"""Folders that only the register's own account may enter: keys, and what agencies sent and people are written."""


def buckets_for(people: int) -> int:
    """The number of buckets of a home for so many people, fixed when it is made: a bucket has to fit into memory."""
    return 1 if people < 200_000 else 16 if people < 2_000_000 else 64 if people < 30_000_000 else 256


@dataclass(frozen=True, slots=True)
class Founding:
    """What home.json says; fixed at creation. `origin` is the ledger's name, its last part the year.

    `wait_hours` is 72, in a fictional home perhaps less: pages then say so.
    """

    fictional: bool
    origin: str
    buckets: int = 1
    calendar_offset_days: int = 0
    seed: str = ""
    wait_hours: int = PUBLIC_FOR_HOURS

    def __post_init__(self) -> None:
        if not self.fictional and (self.seed or self.calendar_offset_days or self.wait_hours != PUBLIC_FOR_HOURS):
            raise MusterRollError(
                "home.fictional-only",
                "A seed, an offset of the calendar and a shorter time before sending exist in demonstrations only.",
                where="home.json",
                remedy="Create the home with --fictional, or without them.",
            )
        if self.fictional and not self.seed:
            raise MusterRollError(
                "home.seed", "A demonstration derives its keys from a seed.", where="home.json", remedy="Give --seed."
            )

    def encode(self) -> bytes:
        """home.json. Inverse of `decode`."""
        fields: dict[str, Any] = {
            "buckets": self.buckets,
            "calendar_offset_days": self.calendar_offset_days,
            "fictional": self.fictional,
            "origin": self.origin,
            "v": VERSION,
            "wait_hours": self.wait_hours,
        }
        return canonical.encode({**fields, "seed": self.seed} if self.fictional else fields)


def decode(data: bytes) -> Founding:
    """What home.json says. Raises MusterRollError `home.file`."""
    fields = canonical.decode(data, where="home.json")
    try:
        if fields.pop("v") != VERSION:
            raise ValueError("version")
        return Founding(**fields)
    except (TypeError, KeyError, ValueError, AttributeError):
        raise MusterRollError(
            "home.file",
            "home.json is not what this version of the program writes.",
            where="home.json",
            remedy="Put the file back from a backup, or use the program's version that created the home.",
            exit_code=2,
        ) from None


@dataclass(slots=True)
class Home:
    """An open home. `with home.open(...) as h` closes it, stops its own database, and tells a lost one plainly."""

    path: Path
    founding: Founding
    keys: Keys
    clock: Clock
    server: postgres.Server
    lock: int | None = None
    _told: Any = field(default=None, repr=False)
    now_open: ClassVar["Home | None"] = None

    @property
    def fictional(self) -> bool:
        """Whether everything that comes from here says DEMONSTRATION."""
        return self.founding.fictional

    @property
    def origin(self) -> str:
        """The name of the ledger, e.g. `demo.register.example/ledger/2026`."""
        return self.founding.origin

    @property
    def ledger(self) -> Path:
        """The published folder of the ledger."""
        return self.path / "published" / "ledger" / self.origin.rsplit("/", 1)[-1]

    @property
    def draws(self) -> Path:
        """The published folder that holds one bundle a draw."""
        return self.path / "published" / "draws"

    @property
    def policy(self) -> Path:
        """What verifiers pin: log key, witnesses, quorum."""
        return self.path / "trust" / "policy.txt"

    def legal_day(self, at: int) -> int:
        """The day in law of the instant `at`."""
        return legal_day(at, self.founding.calendar_offset_days)

    def close(self) -> None:
        """Disconnect, stop the database if it is this home's own and we started or found it, and let go of the lock."""
        settings.disconnect()
        if self.lock is not None:
            self.server.stop()
            os.close(self.lock)
            self.lock = None
        if Home.now_open is self:
            Home.now_open = None

    def __enter__(self) -> Self:
        self._told = database.told()
        self._told.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, what: BaseException | None, at: TracebackType | None) -> None:
        try:
            self._told.__exit__(kind, what, at)
        finally:
            self.close()


def create(path: Path, founding: Founding) -> None:
    """Make the folders and home.json. Doing it again with the same values changes nothing.

    Raises MusterRollError `home.exists` where a different home lies there already.
    """
    file = path / "home.json"
    if file.exists() and file.read_bytes() != founding.encode():
        raise MusterRollError(
            "home.exists",
            "Another home lies here, made with other values; what a home is never changes.",
            where=str(path),
            remedy="Choose another folder, or remove this one if nothing in it is needed.",
        )
    path.mkdir(parents=True, exist_ok=True)
    for name in FOLDERS:
        (path / name).mkdir(parents=True, exist_ok=True)
    for name in PRIVATE:
        (path / name).mkdir(mode=0o700, exist_ok=True)
        (path / name).chmod(0o700)
    write_whole(file, founding.encode())


def open(  # noqa: A001 - homes are created and opened, as files are
    path: Path, *, settings: Mapping[str, Any] | None = None, clock: Clock | None = None
) -> Home:
    """The home at `path`, locked, with its database running and its tables up to date.

    `settings` are what a front needs of Django. `clock` replaces the machine's clock in a fictional home. Raises
    MusterRollError `home.missing`, `home.busy`, `home.other-database`, `home.clock`, and those of `postgres.start`.
    """
    founding = _founding(path)
    lock = _locked(path)
    opened = None
    try:
        opened = _opened(path, founding, settings, clock, lock)
        with database.told():
            call_command("migrate", verbosity=0, interactive=False)
            _same_database(founding)
    except BaseException:
        if opened is None:
            os.close(lock)
        else:
            opened.close()
        raise
    return opened


def attach(path: Path, *, settings: Mapping[str, Any] | None = None, clock: Clock | None = None) -> Home:
    """The home at `path` for a worker whose parent has it open: no lock, no migration, nothing stopped at the end."""
    return _opened(path, _founding(path), settings, clock, None)


def current() -> Home:
    """The home that this process has open. Raises MusterRollError `home.closed`."""
    if Home.now_open is None:
        raise MusterRollError(
            "home.closed", "No home is open.", remedy="Open one first: muster --home DIR.", exit_code=2
        )
    return Home.now_open


def _founding(path: Path) -> Founding:
    try:
        return decode((path / "home.json").read_bytes())
    except FileNotFoundError:
        raise MusterRollError(
            "home.missing",
            "There is no home here.",
            where=str(path),
            remedy="Create one with `muster init`, or see `muster demo`.",
            exit_code=2,
        ) from None


def _locked(path: Path) -> int:
    lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise MusterRollError(
            "home.busy",
            "Another muster is at work on this home.",
            where=str(path),
            remedy="Wait for it to end, or stop it; then start this command again.",
            exit_code=2,
        ) from None
    return lock


def _opened(
    path: Path, founding: Founding, more: Mapping[str, Any] | None, clock: Clock | None, lock: int | None
) -> Home:
    if clock is not None and not founding.fictional:
        raise MusterRollError("home.clock", "Only a demonstration's clock can be set.", remedy="Leave the clock alone.")
    path = path.resolve()  # PostgreSQL works in a folder of its own, perhaps as another user
    keys: Keys = SeededKeys(founding.seed) if founding.fictional else FileKeys(path / "keys")
    if clock is None:
        told = path / "clock"
        clock = FileClock(told) if founding.fictional and told.exists() else SystemClock()
    server = postgres.start(path / "pg", fictional=founding.fictional)
    settings.prepare(more)
    settings.connect(server.url, keys.secret("web").hex())
    opened = Home(path, founding, keys, clock, server, lock)
    Home.now_open = opened
    return opened


def _same_database(founding: Founding) -> None:
    stamps = apps.get_model("register", "Founding").objects
    digest = canonical.sha256_hex(founding.encode())
    stamp, _ = stamps.get_or_create(
        origin=founding.origin, defaults={"fictional": founding.fictional, "digest": digest}
    )
    if stamp.digest != digest or stamps.count() != 1:
        raise MusterRollError(
            "home.other-database",
            "This database belongs to another home.",
            where="home.json and table register_founding",
            remedy="Point DATABASE_URL at this home's own database.",
            exit_code=2,
        )
