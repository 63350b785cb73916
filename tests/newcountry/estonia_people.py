"""People of an invented Estonia, what eight offices write of them, and what the Military Service Act says of each.

Nobody here exists. Each person shows one thing; `status` and `call` are what the law answers on `TODAY`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.newcountry.sending import send, table

TODAY = "2026-10-05"
FIRST_ENTRY = "20.09.2024"


@dataclass(frozen=True)
class Person:
    """One person: the parts that differ from an ordinary man of nineteen, by office, and what follows."""

    number: int
    case: str
    status: str
    call: str
    birth: str = ""
    sex: str = "M"
    population: tuple[str, ...] = ("EST", "", "", "ei")
    education: tuple[str, ...] = ("ei", "jah", "20.06.2025", "20.06.2025", "", "puuduvad", "", "", "")
    health: tuple[str, ...] | None = ("vastab", "")
    forces: tuple[str, ...] | None = None
    courts: tuple[str, ...] | None = None
    members: tuple[str, ...] | None = None
    family: tuple[str, ...] | None = None
    agency: tuple[str, ...] = ("", "", "ei", "", "", "", "", "", "", "", "", "", "ei")
    needs: tuple[str, ...] = ()
    volunteering: str = "may_not"

    @property
    def born(self) -> str:
        """The day of birth; of somebody whose age does not matter a day of the spring of 2007."""
        return self.birth or f"2007-0{3 + self.number // 28}-{self.number % 28 + 1:02}"

    @property
    def key(self) -> str:
        """The personal code: century and sex, birth date, a serial number, a check digit."""
        century = {"M": 5, "N": 6}[self.sex] if self.born >= "2000" else {"M": 3, "N": 4}[self.sex]
        body = f"{century}{self.born[2:4]}{self.born[5:7]}{self.born[8:]}{self.number:03}"
        for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)):
            digit = sum(weight * int(figure) for weight, figure in zip(weights, body, strict=True)) % 11
            if digit < 10:
                return f"{body}{digit}"
        return f"{body}0"


def agency(**said: str) -> tuple[str, ...]:
    names = ("again", "released", "treaty", "medicine", "stopped", "goes_on", "health", "family", "studies", "office",
             "woman", "abroad", "deferred")  # fmt: skip
    return tuple(said.get(name, "ei" if name in ("treaty", "deferred") else "") for name in names)


def education(**said: str) -> tuple[str, ...]:
    usual = {"missing": "ei", "basic": "jah", "secondary": "20.06.2025", "general": "", "vocational": "",
             "track": "puuduvad", "studies": "", "medicine": "", "doctor": ""}  # fmt: skip
    return tuple((usual | said).values())


PEOPLE = (
    Person(1, "an ordinary man of nineteen", "selectee", "callable"),
    Person(2, "eighteen tomorrow", "selectee", "too_young", birth="2008-10-06"),
    Person(3, "eighteen today", "selectee", "callable", birth="2008-10-05"),
    Person(4, "twenty-eight tomorrow", "selectee", "callable", birth="1998-10-06"),
    Person(5, "has entered service", "entered", "no_selectee", forces=("01.07.2026", "")),
    Person(6, "a doctor with training", "released", "no_selectee", education=education(doctor="01.02.2026"),
           forces=("", "01.06.2026")),
    Person(7, "a doctor without training", "selectee", "callable", education=education(doctor="01.02.2026")),
    Person(8, "released by a court", "released", "no_selectee", courts=("ei", "ei", "05.10.2026")),
    Person(9, "a suspect", "selectee", "not_called", courts=("jah", "ei", "")),
    Person(10, "detained", "selectee", "not_called", courts=("ei", "jah", "")),
    Person(11, "seven years abroad", "released", "no_selectee", population=("EST", "", "20.09.2024", "ei")),
    Person(12, "born and living abroad", "released", "no_selectee", population=("EST", "", "", "jah")),
    Person(13, "not fit", "selectee", "not_called", health=("ei vasta", "")),
    Person(14, "not fit for a time", "selectee", "not_called", health=("ajutiselt ei vasta", "")),
    Person(15, "not assessed yet", "selectee", "undetermined", health=None, needs=("health", "severe_finding_until")),
    Person(16, "severely disabled to today", "selectee", "not_called", health=("vastab", "05.10.2026")),
    Person(17, "at general secondary school to today", "selectee", "deferred", birth="2007-12-31",
           education=education(secondary="", general="05.10.2026")),
    Person(18, "finished school this year, after 15 September", "selectee", "callable",
           education=education(secondary="19.06.2026", general="19.06.2026")),
    Person(19, "studies with a deferral, turns 23 next year", "selectee", "deferred", birth="2004-01-01",
           education=education(track="eesti", studies="30.06.2028"), agency=agency(studies="20.09.2024")),
    Person(20, "studies with a deferral, turned 23 this year", "selectee", "callable", birth="2003-12-31",
           education=education(track="eesti", studies="30.06.2028"), agency=agency(studies="20.09.2024")),
    Person(21, "a child of two, and a deferral", "selectee", "deferred", family=("06.10.2023", "ei", "ei", "ei"),
           agency=agency(family="01.03.2026")),
    Person(22, "a child of three today, and a deferral", "selectee", "callable",
           family=("05.10.2023", "ei", "ei", "ei"), agency=agency(family="01.03.2026")),
    Person(23, "an elected office to today", "selectee", "deferred", members=("05.10.2026",),
           agency=agency(office="01.11.2025")),
    Person(24, "a student of nursing who applied", "selectee", "not_called",
           education=education(medicine="30.06.2029"), agency=agency(medicine="01.09.2026")),
    Person(25, "deferred for health to today", "selectee", "deferred", agency=agency(health="05.10.2026")),
    Person(26, "a woman who applied", "not_selectee", "no_selectee", sex="N", agency=agency(woman="01.09.2026"),
           volunteering="may"),
    Person(27, "a woman who applied and is not fit for a time", "not_selectee", "no_selectee", sex="N",
           agency=agency(woman="01.09.2026"), health=("ajutiselt ei vasta", ""), volunteering="paused"),
    Person(28, "released on application", "released", "no_selectee", agency=agency(released="01.09.2026")),
)  # fmt: skip
OUTSIDE = (
    Person(40, "a woman who has not applied", "", "", sex="N"),
    Person(41, "no citizen", "", "", population=("muu", "", "", "ei")),
    Person(42, "sixteen", "", "", birth="2009-10-06"),
    Person(43, "twenty-eight today", "", "", birth="1998-10-05"),
)

_WHO = ("isikukood", "perekonnanimi", "eesnimi")
_OFFICES: dict[str, tuple[tuple[str, ...], Callable[[Person], Sequence[str] | None]]] = {
    "education": (("ii_aste_läbimata", "põhiharidus", "keskharidus", "gümnaasium_kuni", "kutseõpe_kuni", "õpingud",
                   "õpingud_kuni", "arst_õde_õpe_kuni", "arst_õde_alates"), lambda one: one.education),
    "health": (("tulemus", "puue_kuni"), lambda one: one.health),
    "forces": (("asus_teenistusse", "väljaõpe_läbitud"), lambda one: one.forces),
    "courts": (("menetlus_pooleli", "kinni_peetud", "vabastab_alates"), lambda one: one.courts),
    "members": (("liige_kuni",), lambda one: one.members),
    "family": (("noorim_laps", "kaks_last", "lapse_ainus_ülalpidaja", "puudega_isiku_ainus_ülalpidaja"),
               lambda one: one.family),
    "agency": (("esmakanne", "uuesti_kutsealune", "vabastatud", "välisleping", "arst_õde_taotlus", "asumine_peatatud",
                "asumine_jätkub", "tervis_kuni", "perekond_alates", "õpingud_alates", "amet_alates", "naine_taotlus",
                "teenis_välisriigis", "varem_ajapikendus"), lambda one: (FIRST_ENTRY, *one.agency)),
}  # fmt: skip


def _who(one: Person) -> tuple[str, str, str]:
    return one.key, f"Näidis{one.number:02}", "Mari" if one.sex == "N" else "Jaan"


def write(folder: Path) -> None:
    """The files of eight offices, and their manifests."""
    everybody = (*PEOPLE, *OUTSIDE)
    heading = (
        *_WHO,
        "sünniaeg",
        "sugu",
        "kodakondsus",
        "surmaaeg",
        "välismaal_7a",
        "välismaal_sünnist",
        "tänav",
        "koht",
    )
    rows = [
        (*_who(one), ".".join(reversed(one.born.split("-"))), one.sex, *one.population, f"Kase {one.number}", "Tartu")
        for one in everybody
    ]
    data = table(heading, rows, delimiter=";").encode()
    send(folder, "population.csv", data, source="population", as_of=TODAY, rows=len(rows))
    for name, (columns, said) in _OFFICES.items():
        lines = [(*_who(one), *row) for one in everybody if (row := said(one)) is not None]
        data = table((*_WHO, *columns), lines, delimiter=";").encode()
        send(folder, f"{name}.csv", data, source=name, as_of=TODAY, rows=len(lines))
