"""Invented people of Latvia, what eight registers write of them, and what the law says of each on 10 September 2026.

Names are made of syllables; personal codes have the form of the real ones and belong to nobody.
"""

from dataclasses import dataclass, field
from pathlib import Path

from tests.newcountry.sending import send, table

from musterroll import dates

TODAY = "2026-09-10"
AS_OF = "2026-09-09"
CODES = {"riga": "LV-RIX", "ogre": "LV-067", "valka": "LV-101", "ventspils_novads": "LV-106"}


@dataclass(frozen=True)
class Person:
    """One person: what the registers write, and what follows."""

    number: int
    case: str
    standing: str
    on: str = ""
    needs: tuple[str, ...] = ()
    territory: str = "riga"
    persons: dict[str, str] = field(default_factory=dict)
    others: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def born(self) -> str:
        """Everybody has another day of birth, within the year of which the law speaks on that day."""
        return self.on or dates.format_day(dates.parse_day("2007-10-01") + self.number * 3 % 337)

    @property
    def key(self) -> str:
        return f"{self.number:06}-{self.number * 7 % 100000:05}"

    @property
    def names(self) -> tuple[str, str]:
        first = ("Aldis", "Bruno", "Cēzars", "Dzintars", "Edžus", "Fēlikss", "Gļebs", "Haralds", "Ivo", "Jēkabs")
        last = ("Bērziņš", "Kalniņš", "Ozols", "Liepa", "Ķirsis", "Šmits", "Žagars", "Ņikitins", "Ļaksa", "Ūdris")
        return f"{last[self.number // 10 % 10]}{self.number}", f"{first[self.number % 10]}{self.number // 100}"


def day(text: str) -> str:
    """A day as these registers write it."""
    return ".".join(reversed(text.split("-"))) if text else ""


SPECIAL = (
    Person(900, "a woman", "", persons={"dzimums": "S"}),
    Person(901, "no citizen", "", persons={"pilsonis": "nē"}),
    Person(902, "a man who has died", "ended", persons={"nāves_diena": "2026-05-01"}),
    Person(903, "he is eighteen tomorrow", "not_liable", on="2008-09-11"),
    Person(904, "he is eighteen today", "liable", on="2008-09-10"),
    Person(905, "he was nineteen yesterday", "reserve", on="2007-09-09"),
    Person(906, "he lives abroad", "abroad", persons={"ārvalstīs": "jā"}),
    Person(907, "also a citizen of a State that is not listed", "exempt", persons={"cita_pilsonība": "cita"}),
    Person(908, "also a citizen of a listed State, and has served there", "exempt",
           persons={"cita_pilsonība": "minēta"}, others={"ministry": ("", "", "", "", "", "", "", "jā")}),
    Person(909, "also a citizen of a listed State", "liable", persons={"cita_pilsonība": "minēta"}),
    Person(910, "alone with a child", "exempt", persons={"aizgādība_līdz": "2040-01-01"}),
    Person(911, "at school", "in_school", others={"education": ("mācās", "", "nē")}),
    Person(912, "left school last week, at twenty", "liable", on="2006-02-03",
           others={"education": ("beidzis", "2026-09-03", "nē")}),
    Person(913, "has finished the Kalpaks school", "exempt", others={"education": ("nav", "", "jā")}),
    Person(914, "found unfit", "exempt", others={"health": ("neatbilst", "")}),
    Person(915, "deferred for his health", "deferred", others={"health": ("atlikt", "2026-12-31")}),
    Person(916, "a finding of section 8", "exempt", others={"punishments": ("neiesauc", "")}),
    Person(917, "a finding of section 9", "deferred", others={"punishments": ("atliek", "2027-01-31")}),
    Person(918, "parent of a child with a disability", "exempt", others={"care": ("2035-01-01",)}),
    Person(919, "five months of professional service", "deferred", others={"forces": ("profesionālais", "2026-01-20")}),
    Person(920, "eleven months of it", "exempt", others={"forces": ("profesionālais", "2025-10-09")}),
    Person(921, "discharged", "served", others={"forces": ("valsts_aizsardzības", "2026-06-01")}),
    Person(922, "special rank", "deferred", others={"officials": ("iekšlietas", "2026-01-01", "")}),
    Person(923, "a volunteer", "volunteer", others={"ministry": ("", "", "", "2026-06-01", "", "", "", "nē")}),
    Person(924, "picked in an earlier draw", "drawn", on="2006-07-01",
           others={"ministry": ("", "", "", "", "", "2025-07-01", "", "nē")}),
    Person(925, "his deferral has ended", "recalled", on="2005-07-01",
           others={"ministry": ("", "2027-01-01", "2026-06-01", "", "", "", "", "nē")}),
    Person(926, "deferred by the Ministry", "deferred",
           others={"ministry": ("", "2026-09-30", "", "", "", "", "", "nē")}),
    Person(927, "not called by decision", "exempt",
           others={"ministry": ("2026-03-01", "", "", "", "", "", "", "nē")}),
    Person(928, "whether he is a citizen of another State cannot be read", "undetermined", needs=("other_citizenship",),
           persons={"cita_pilsonība": "?"}),
)  # fmt: skip

ORDINARY = tuple(
    Person(n, f"an ordinary man of {territory}", "liable", territory=territory)
    for n, territory in enumerate(["riga"] * 40 + ["ogre"] * 25 + ["valka"] * 6 + ["ventspils_novads"])
)
PEOPLE = (*ORDINARY, *SPECIAL)

PERSONS = ("personas_kods", "uzvārds", "vārds", "dzimšanas_diena", "dzimums", "pilsonis", "teritorija", "ārvalstīs",
           "cita_pilsonība", "aizgādība_līdz", "aizbildnis_līdz", "nāves_diena")  # fmt: skip
OTHERS = {
    "education": ("mācības", "beigas", "kalpaka_skola"),
    "health": ("atzinums", "līdz"),
    "punishments": ("sekas", "līdz"),
    "care": ("līdz",),
    "forces": ("dienests", "diena"),
    "officials": ("iestāde", "no", "līdz"),
    "ministry": ("neiesaukt", "atlikts_līdz", "pamats_zudis", "pieteicies", "pārtraukts", "atlasīts", "aprūpē_līdz",
                 "dienējis_ārvalstīs"),
}  # fmt: skip


def _cells(one: Person) -> list[str]:
    return [one.key, *one.names, day(one.born)]


def _persons(one: Person) -> list[str]:
    said = {"dzimums": "V", "pilsonis": "jā", "teritorija": CODES[one.territory], "ārvalstīs": "nē",
            "cita_pilsonība": "nav", **one.persons}  # fmt: skip
    return [*_cells(one), *(day(said.get(name, "")) if "20" in said.get(name, "") else said.get(name, "")
            for name in PERSONS[4:])]  # fmt: skip


def write(folder: Path) -> None:
    """One day of deliveries of eight registers."""
    rows = [_persons(one) for one in PEOPLE]
    send(folder, "persons.csv", table(PERSONS, rows).encode(), source="persons", as_of=AS_OF, rows=len(rows))
    for source, columns in OTHERS.items():
        told = [
            [*_cells(one), *(day(cell) if cell[:2] == "20" else cell for cell in one.others[source])]
            for one in PEOPLE
            if source in one.others
        ]
        data = table((*PERSONS[:4], *columns), told).encode()
        send(folder, f"{source}.csv", data, source=source, as_of=AS_OF, rows=len(told))
