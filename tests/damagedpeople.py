"""Invented people and damaged rows of several agencies about them: what one way of linking is held against another on.

Relatives share names and dwellings, brothers share birth dates, numbers are lent, names are misspelt, exchanged,
written in other scripts or left out, birth dates slip; some records have two rows.
"""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import polars as pl

from musterroll.dates import date_of, day_of
from musterroll.engine.linkage_splink import COMPARED
from musterroll.linkage.comparison import Compared, fold, parts_of
from musterroll.linkage.script import keys

GIVEN = ("William", "Bill", "Derrick", "Derek", "Юрий", "Yuri", "Iurii", "Anna Maria", "Maria", "Mohamed", "محمد",
         "Ana", "Zoë", "Σοφία", "Sofia", "Jaan", "Nguyen", "王芳", "Ülle", "Peeter")  # fmt: skip
FAMILY = ("Castillo", "Garcia Lopez", "Lopez", "Иванов", "Ivanov", "van den Berg", "Al-Hassan", "Hassan", "Tamm",
          "Saar", "Papadopoulos", "Παπαδόπουλος", "O'Brien", "Müller", "Mueller")  # fmt: skip
TODAY = day_of(date(2020, 12, 31))
SOURCES = ("dwelling", "pay", "tax")


def people(seed: int, count: int) -> list[Compared]:
    """The civil register's rows and those of three agencies, each of two in three people, most of them damaged."""
    chance = random.Random(seed)
    civil = []
    for number in range(1, count + 1):
        home, brother = number // 3, civil[-1] if civil and chance.random() < 0.15 else None
        born = day_of(date(chance.randint(1940, 2004), chance.randint(1, 12), chance.randint(1, 28)))
        civil.append(
            _named(
                Compared(
                    number, "civil", True, number=f"{number * 7919 % 10**9:09d}",
                    middle=chance.choice([None, "w", "x", "wayne"]), born=born if brother is None else brother.born,
                    sex=chance.choice([0, 1]), house=str(home % 40), street=chance.choice(["elmst", "oakst"]),
                    town="anytown", postcode=f"{home % 30:05d}",
                ),
                chance.choice(GIVEN), chance.choice(FAMILY) if brother is None else None, like=brother,
            )
        )  # fmt: skip
    found, record = list(civil), 10 * count
    for source in SOURCES:
        for one in civil:
            record += 1
            for _ in range(chance.choice((0, 1, 1, 1, 1, 2) if source == "pay" else (0, 1, 1))):
                row = replace(one, record=record, source=source, single=source != "pay")
                if source != "tax" and chance.random() < 0.7:
                    row = replace(row, number=None)
                if source != "dwelling":
                    row = replace(row, born=None, sex=None)
                elif one.born is not None and chance.random() < 0.5:
                    row = replace(row, age=2020 - date_of(one.born).year, as_of=TODAY)
                for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
                    row = _damaged(row, civil, chance)
                found.append(row)
    return found


def _named(row: Compared, given: str, family: str | None, *, like: Compared | None = None) -> Compared:
    if family is None and like is not None:
        return replace(row, given=fold(given), given_keys=keys(given), family=like.family, family_keys=like.family_keys)
    return replace(
        row, given=fold(given), given_keys=keys(given), family=fold(family), family_keys=keys(family or "")
    )  # fmt: skip


def _damaged(row: Compared, civil: list[Compared], chance: random.Random) -> Compared:
    other = chance.choice(civil)
    match chance.randint(0, 10):
        case 0:
            return replace(row, given=None, given_keys=None)
        case 1:
            return replace(
                row, given=row.family, given_keys=row.family_keys, family=row.given, family_keys=row.given_keys
            )
        case 2 if row.given and len(row.given) > 2:
            at = chance.randrange(1, len(row.given))
            return replace(row, given=row.given[:at] + chance.choice("aeiou") + row.given[at + 1 :])
        case 3 if row.family and len(row.family) > 2:
            at = chance.randrange(1, len(row.family))
            return replace(row, family=row.family[:at] + row.family[at + 1 :])
        case 4 if row.born is not None:
            return replace(row, born=row.born + chance.choice((1, -1, 10, 365, 3000)))
        case 5:
            return replace(row, number=other.number)
        case 6:
            return replace(row, house=other.house, street=other.street, postcode=other.postcode)
        case 7:
            return replace(row, middle=None)
        case 8:
            return _named(row, chance.choice(GIVEN), None, like=row)
        case 9 if row.sex is not None:
            return replace(row, sex=1 - row.sex)
        case _:
            return replace(row, house=None)


def frame(rows: Iterable[Compared]) -> pl.DataFrame:
    """The comparison frame of these rows."""
    return pl.DataFrame(list(parts_of(rows)), schema=COMPARED, orient="row")
