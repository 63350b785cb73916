"""A home of an invented country: created, and its law and sources published, in one go.

1. Fictional homes only. Two invented officers of two offices agree, as everywhere (charter S9); what they publish is
   proved and checked as in earnest, and everything says DEMONSTRATION.
2. The home has a clock of its own, which stands until something moves it: it begins on the first day of the law, and
   goes on with what is taken in (`move`). It never goes back.
3. The same folder, pack and sources again change nothing; others are refused, never passed over in silence.
"""

from collections.abc import Mapping
from pathlib import Path

from musterroll.dates import format_instant
from musterroll.errors import MusterRollError
from musterroll.extract import declaration
from musterroll.law import pack as law_pack
from musterroll.law import prove
from musterroll.law.pack import Pack as LawPack
from musterroll.register import home
from musterroll.register.actor import Actor
from musterroll.register.acts.appoint import appoint
from musterroll.register.acts.approve import two_people
from musterroll.register.acts.pack import publication_digest, publish_pack
from musterroll.register.files import write_whole
from musterroll.register.home import Home
from musterroll.register.models import Approved, Pack, Role

ORIGIN = "fictional.register.example/ledger/1"
SEED = "1"
REGISTRY = ("registry", "The Registry (invented)")
SUPERVISION = ("supervision", "The Supervisory Authority (invented)")
LAWYER = Actor.officer("registry-law")
KEEPER = Actor.officer("registry-keeper")
SUPERVISOR = Actor.officer("supervision-1")
FOUNDER = Actor.program("founding")
MORNING, NOON = 8 * 3600, 12 * 3600
A_DAY = 86_400


def sources_in(folder: Path) -> dict[str, str]:
    """The texts of the declarations in a folder, by name. Raises MusterRollError `source.none` where there are none."""
    found: dict[str, str] = {}
    for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))):
        name = declaration.load_source(path).name
        if name in found:
            raise MusterRollError(
                "source.twice",
                f"Two declarations are called {name}.",
                where=str(path),
                remedy="Give each source a name of its own (`source:`).",
            )
        found[name] = path.read_text(encoding="utf-8")
    if not found:
        raise MusterRollError(
            "source.none",
            "There is no declaration (NAME.yaml) in the folder.",
            where=str(folder),
            remedy="Write one: `muster source new FILE`.",
            exit_code=2,
        )
    return found


def start_clock(folder: Path, pack: LawPack) -> None:
    """Give a new home its clock: the morning of the first day of the law, 1970-01-02 at the earliest."""
    if not (folder / "clock").exists():
        first = max(1, pack.law.periods[0].first)
        _put(folder, first * A_DAY + MORNING)


def move(opened: Home, day: int, seconds: int = NOON) -> int:
    """Put the home's clock at a time of a legal day, and give the instant; a clock that is ahead stays as it is."""
    at = max((day + opened.founding.calendar_offset_days) * A_DAY + seconds, opened.clock.now())
    _put(opened.path, at)
    return at


def later(opened: Home, at: int) -> int:
    """Put the clock at an instant that is not before the present one."""
    at = max(at, opened.clock.now())
    _put(opened.path, at)
    return at


def stands(opened: Home) -> bool:
    """Whether the home has a clock of its own."""
    return opened.fictional and (opened.path / "clock").exists()


def _put(folder: Path, instant: int) -> None:
    write_whole(folder / "clock", f"{format_instant(instant)}\n".encode("ascii"))


def publish(opened: Home, pack: LawPack, sources: Mapping[str, str]) -> str:
    """Put the law and its sources into force by two invented officers of two offices; the pack's digest."""
    at = opened.clock.now()
    there = Pack.objects.order_by("-id").first()
    if there is not None and (there.digest, dict(there.sources)) != (pack.digest, dict(sources)):
        raise MusterRollError(
            "init.other-law",
            "Another law, or the same with other declarations, is in force in this home.",
            where=str(opened.path),
            remedy="Make a new home for them; or publish a new version of the pack in this one: `muster propose law`.",
        )
    prove.refuse(pack)
    if not Pack.objects.exists():
        for officer, roles in ((LAWYER, [Role.LAW]), (KEEPER, [Role.KEEPER, Role.CASES, Role.DRAW])):
            appoint(office=REGISTRY[0], title=REGISTRY[1], officer=officer.name, roles=roles, by=FOUNDER, at=at)
        appoint(
            office=SUPERVISION[0],
            title=SUPERVISION[1],
            officer=SUPERVISOR.name,
            roles=[Role.SUPERVISION],
            by=FOUNDER,
            at=at,
        )
    digest = publication_digest(pack, sources)
    agreed = two_people(
        act=Approved.PUBLISH_PACK, subject=pack.name, digest=digest, first=LAWYER, second=SUPERVISOR, at=at
    )
    return publish_pack(pack=pack, sources=sources, approval=agreed, by=LAWYER, at=at)


def create(folder: Path, founding: home.Founding, pack_folder: Path, sources_folder: Path) -> tuple[LawPack, list[str]]:
    """Create the home and publish; the law in force and the sources' names."""
    pack = law_pack.load(pack_folder)
    sources = sources_in(sources_folder)
    home.create(folder, founding)
    start_clock(folder, pack)
    with home.open(folder) as opened:
        publish(opened, pack, sources)
    return pack, sorted(sources)
