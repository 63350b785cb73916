"""A hamlet whose agencies send something every day: what nights are tested on, without a home around them.

Thirty people in eleven households under the example's law and declarations; each day a few things happen to them.
"""

import csv
import io
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import polars as pl
from tests.rolled import EXAMPLE

from musterroll import canonical
from musterroll.dates import day_of
from musterroll.engine import linkage_model, night
from musterroll.engine.delivery import stage_rows
from musterroll.engine.roll import SealKey, Snapshot, Store, Through, seal
from musterroll.engine.row_night import Tonight
from musterroll.extract import check
from musterroll.extract.declaration import load_source
from musterroll.extract.manifest import Manifest
from musterroll.extract.schema import Source
from musterroll.law import pack as packs
from musterroll.law.pack import Pack

FIRST = date(2021, 1, 4)
GIVEN = ("Ada", "Bruno", "Carla", "Dario", "Edda", "Falk", "Greta", "Hugo", "Ines", "Jonas", "Karin", "Leo", "Maja")
FAMILY = ("Abend", "Brandt", "Cramer", "Dorn", "Ebert", "Funke", "Gerber", "Hagen", "Immel", "Jansen", "Keller")
EVENTS = ("dies", "moves", "enlists", "renamed", "leaves", "arrives", "studies", "mistyped", "nothing", "child")


@cache
def law() -> Pack:
    return packs.load(EXAMPLE)


@cache
def sources() -> dict[str, Source]:
    return {name: load_source(EXAMPLE / "sources" / f"{name}.yaml") for name in ("civil", "dwelling", "pay")}


@dataclass
class Person:
    number: str
    given: str
    family: str
    born: date
    sex: str
    home: int
    role: str
    dead: date | None = None
    housing: str = "Household"
    serves: bool = False
    here: bool = True
    typed: str = ""


@dataclass
class Hamlet:
    """The people and what is sent about them; the same seed gives the same days."""

    seed: int
    folder: Path
    people: list[Person] = field(default_factory=list)
    day: date = FIRST

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)
        self.chance = chance
        for home in range(11):
            for place in range(chance.choice((1, 2, 3, 4))):
                self.add(home, place)

    def add(self, home: int, place: int) -> None:
        child = place > 1
        year = self.chance.randint(2003, 2019) if child else self.chance.randint(1965, 2003)
        self.people.append(
            Person(
                number=f"{100 + len(self.people)}-{10 + home}-{self.chance.randint(1000, 9999)}",
                given=self.chance.choice(GIVEN) + self.chance.choice(("", "a", "us")),
                family=FAMILY[home % len(FAMILY)],
                born=date(year, self.chance.randint(1, 12), self.chance.randint(1, 28)),
                sex=self.chance.choice(("Male", "Male", "Female")),
                home=home,
                role=("Reference person", "Opposite-sex spouse", "Biological child")[min(place, 2)],
            )
        )

    def happens(self, event: str) -> None:
        """Something happens to somebody."""
        one = self.chance.choice(self.people)
        match event:
            case "dies":
                one.dead = self.day
            case "moves":
                one.home = self.chance.randint(0, 12)
            case "enlists":
                one.serves = not one.serves
            case "renamed":
                one.family = self.chance.choice(FAMILY)
            case "leaves":
                one.here = False
            case "arrives":
                one.here = True
            case "studies":
                one.housing = "College" if one.housing == "Household" else "Household"
            case "mistyped":
                one.typed = "" if one.typed else one.given[::-1].title()
            case "child":
                self.add(one.home, 2)

    def delivered(self, name: str) -> list[dict[str, str]]:
        """The rows of one agency's whole extract today."""
        alive = [(n, one) for n, one in enumerate(self.people)]
        if name == "civil":
            rows = []
            for _, one in alive:
                base = {
                    "ssn": one.number, "first_name": one.given, "middle_name": "", "last_name": one.family,
                    "date_of_birth": one.born.strftime("%Y%m%d"), "sex": one.sex,
                }  # fmt: skip
                rows.append({**base, "event_type": "creation", "event_date": one.born.strftime("%Y%m%d")})
                if one.dead:
                    rows.append({**base, "event_type": "death", "event_date": one.dead.strftime("%Y%m%d")})
            return rows
        if name == "dwelling":
            return [
                {
                    "entry": f"e{n}", "household_id": f"h{one.home}", "first_name": one.typed or one.given,
                    "middle_initial": "", "last_name": one.family,
                    "age": str(self.day.year - one.born.year), "date_of_birth": one.born.strftime("%m/%d/%Y"),
                    "sex": one.sex, "street_number": str(one.home + 1), "street_name": "High Street",
                    "unit_number": "", "city": "Anytown", "state": "", "zipcode": "10001",
                    "housing_type": one.housing, "relationship_to_reference_person": one.role,
                }
                for n, one in alive
                if one.here and not one.dead
            ]  # fmt: skip
        return [
            {
                "entry": f"p{n}", "ssn": one.number, "first_name": one.given, "middle_initial": "",
                "last_name": one.family, "tax_year": str(self.day.year),
            }
            for n, one in alive
            if one.serves
        ]  # fmt: skip

    def tonight(self, names: tuple[str, ...], number: int) -> list[Tonight]:
        """What these agencies send today, received; deliveries are numbered from `number`."""
        found = []
        for name in names:
            source, rows = sources()[name], self.delivered(name)
            if not rows:
                continue  # an empty extract is refused at the door
            columns = [column.name for column in source.columns.values()]
            text = io.StringIO()
            writer = csv.DictWriter(text, [*columns, *source.cut], restval="")
            writer.writeheader()
            writer.writerows(rows)
            data = text.getvalue().encode()
            told = Manifest(name, day_of(self.day), len(rows), canonical.sha256_hex(data))
            received = check.receive(source, told, data, previous=None, today=day_of(self.day))
            place = self.folder / f"{name}-{number + len(found)}"
            found.append(Tonight(number + len(found), stage_rows(received, place, tuple(source.columns))))
        return found

    def days(self, events: list[list[str]]) -> Iterator[list[Tonight]]:
        """Each day's deliveries: everybody's on the first, then of the agencies whose turn it is."""
        number = 1
        for at, today in enumerate([[], *events]):
            for event in today:
                self.happens(event)
            names = ("civil", "dwelling", "pay") if at == 0 else self.turn()
            taken = self.tonight(names, number)
            number += len(taken)
            yield taken
            self.day += timedelta(days=self.chance.choice((1, 1, 1, 30, 200)))

    def turn(self) -> tuple[str, ...]:
        return tuple(name for name in ("civil", "dwelling", "pay") if self.chance.random() < 0.7)


def terms(at: date, number: int, buckets: int = 1, **more: object) -> night.Terms:
    """A night's terms on a day; nights are a day of time apart by their number."""
    return replace(
        night.Terms(
            pack=law(),
            sources=sources(),
            model=linkage_model.load(),
            secrets=night.Secrets(b"r" * 32, b"p" * 32),
            on=day_of(at),
            known=1_600_000_000_000_000 + number * 86_400_000_000,
            through=Through("hamlet", number),
            buckets=buckets,
        ),
        **more,
    )


def store(folder: Path) -> Store:
    return Store(folder / "roll", SealKey(seal.keyset(bytes(range(64)))))


def again(folder: Path, name: str) -> Path:
    """A copy of a roll's folder, to do a night otherwise in it."""
    copy = folder.parent / name
    shutil.copytree(folder, copy)
    return copy


def views(kept: Store, snapshot: Snapshot) -> dict[str, pl.DataFrame]:
    """What a night publishes, in one order whatever the buckets."""
    found = {}
    for name in ("flat", "flat_wide", "standing", "group_of", "by_ref", "link_by_record"):
        table = kept.get_table(snapshot, name)
        if table is not None and table.height:
            found[name] = table.sort(table.columns)
    return found
