"""The people of Mueang: Thai script in TIS-620, numbers with a check digit, offices in Latin letters or without number.

Every line of PEOPLE is one case, with what the law says of it on FIRST and, where that differs, on SECOND: on that day
the hospitals and the register send changes, and the register sends a whole file with years of the Buddhist era.
"""

import datetime
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
from tests.newcountry.sending import send, table

FIRST, SECOND, THIRD = "2026-03-02", "2026-03-12", "2026-03-13"
LATIN = {
    "สมชาย": "Somchai", "สมหญิง": "Somying", "อนันต์": "Anan", "วิชัย": "Wichai", "มาลี": "Malee", "กิตติ": "Kitti",
    "ณัฐ": "Nat", "ธนา": "Thana", "ศิริ": "Siri", "ชัย": "Chai", "ดาว": "Dao", "แสงทอง": "Saengthong",
    "ใจดี": "Chaidee", "ศรีสุข": "Sisuk", "บุญมา": "Bunma", "ทองดี": "Thongdi", "รักไทย": "Rakthai", "สุขใจ": "Sukchai",
}  # fmt: skip


def number(n: int) -> str:
    """The n-th number of this country: thirteen digits, the last of which checks the others."""
    first = f"1100{n * 7919:08d}"
    return first + str(
        (11 - sum(int(digit) * weight for digit, weight in zip(first, range(13, 1, -1), strict=True)) % 11) % 10
    )


def shown(digits: str) -> str:
    return f"{digits[0]}-{digits[1:5]}-{digits[5:10]}-{digits[10:12]}-{digits[12]}"


@dataclass(frozen=True)
class Person:
    """One person: what is true, what is written, and the standing on each of two days (`then` where it differs)."""

    n: int
    given: str
    family: str
    born: str
    case: str
    standing: str
    then: str = ""
    needs: tuple[str, ...] = ()
    waits: bool = False
    born_cell: str = ""
    died: str = ""
    national: str = "ไทย"
    province: str = "10"
    children: tuple[str, ...] = ()
    serves_to: str = ""
    army_number: str = ""
    studies: tuple[str, str] = ("", "")
    student_number: str = ""
    hospital: tuple[str, ...] = ()
    numbered: bool = True
    monk: bool = False
    commission: str = ""

    @property
    def digits(self) -> str:
        return number(self.n)

    @property
    def key(self) -> str:
        return shown(self.digits)


PEOPLE = (
    Person(1, "อนันต์", "แสงทอง", "2000-07-06", "an ordinary man", "bound"),
    Person(2, "มาลี", "ศรีสุข", "1999-08-05", "in a province that sends nobody", "free", province="90"),
    Person(3, "วิชัย", "บุญมา", "1998-03-31", "a foreigner", "free", national="อื่น"),
    Person(4, "ธนา", "ทองดี", "1997-05-01", "dead", "free", died="2026-01-15"),
    Person(5, "กิตติ", "ทองดี", "2005-03-02", "21 years old today", "bound"),
    Person(6, "กิตติ", "สุขใจ", "2005-03-12", "21 years old on the second day", "free", then="bound"),
    Person(7, "ศิริ", "แสงทอง", "1991-03-12", "35 years old on the second day", "bound", then="free"),
    Person(8, "ชัย", "แสงทอง", "1994-01-01", "month and day of birth unknown", "bound", born_cell="00/00/1994"),
    Person(9, "ณัฐ", "รักไทย", "1997-07-01", "father of a child whose month of birth is known", "carer",
           children=("2024-05",)),
    Person(10, "มาลี", "บุญมา", "1996-07-01", "her child is four years old on the second day", "carer", then="bound",
           children=("2022-03-12", "2019-01-01")),
    Person(11, "ชัย", "บุญมา", "1999-02-01", "serving to the end of the year", "serving", serves_to="2026-12-31"),
    Person(12, "ชัย", "ทองดี", "1999-01-01", "serving; the garrison has lost a digit of the number", "undetermined",
           needs=("in_service_until",), serves_to="2026-12-31", army_number="short"),
    Person(13, "อนันต์", "สุขใจ", "1998-11-01", "two years after the service on the second day", "rests", then="bound",
           serves_to="2024-03-12"),
    Person(14, "สมชาย", "สุขใจ", "2001-11-01", "studies to a day of this month that nobody knows", "student",
           then="undetermined", needs=("study_end",), studies=("higher", "20260300")),
    Person(15, "สมหญิง", "บุญมา", "2002-11-01", "has left the university", "bound", studies=("left", "20270601")),
    Person(16, "ธนา", "บุญมา", "1998-01-02", "a student under the number of somebody else", "undetermined",
           needs=("studies", "study_end"), studies=("higher", "20270000"), student_number="of 17"),
    Person(17, "ศิริ", "สุขใจ", "1998-06-01", "the number is used by somebody else at the university", "undetermined",
           needs=("studies", "study_end")),
    Person(18, "วิชัย", "ใจดี", "1997-10-09", "found unfit, with the number", "unfit", hospital=("1",)),
    Person(19, "วิชัย", "รักไทย", "1997-07-12", "found unfit; no number, names in Latin letters",
           "undetermined", needs=("hospital",), hospital=("1",), numbered=False),
    Person(20, "กิตติ", "ศรีสุข", "2000-02-29", "provisionally unfit, then found fit", "pending", then="bound",
           waits=True, hospital=("2", "3")),
    Person(21, "ดาว", "ศรีสุข", "2000-05-30", "provisionally unfit, then for good", "pending", then="unfit",
           hospital=("2", "1")),
    Person(22, "ดาว", "", "2000-05-05", "has one name only; a monk", "monk_c", monk=True),
    Person(23, "กิตติ", "แสงทอง", "1995-05-05", "found fit, and spared by the commission", "unfit", hospital=("3",),
           commission="spares"),
    Person(24, "ณัฐ", "ใจดี", "1995-06-05", "not spared by the commission", "bound", commission="refused"),
    Person(25, "สมชาย", "ใจดี", "2001-05-05", "a twin found unfit; no number, names in Latin letters", "undetermined",
           needs=("hospital",), hospital=("1",), numbered=False),
    Person(26, "สมหญิง", "ใจดี", "2001-05-05", "the other twin", "undetermined", needs=("hospital",)),
)  # fmt: skip
OUTSIDE = (
    Person(40, "สมชาย", "แสงทอง", "2010-01-01", "a child", ""),
    Person(41, "สมหญิง", "แสงทอง", "1960-01-01", "past the age", ""),
)
RENUMBERED = Person(42, "ณัฐ", "แสงทอง", "1999-12-12", "gets another number on the second day", "bound")
NEW = replace(RENUMBERED, n=43)


def day(told: str, form: str) -> str:
    return datetime.date.fromisoformat(told).strftime(form) if told else "-"


HEADING = ["เลขประจำตัว", "ชื่อ", "สกุล", "เกิด", "ตาย", "สัญชาติ", "จังหวัด", "บ้าน"]


def civil_row(one: Person, era: int = 0) -> list[str]:
    born = one.born_cell or day(one.born, "%d/%m/%Y")
    return [one.key, one.given, one.family, f"{born[:6]}{int(born[6:]) + era}", day(one.died, "%d/%m/%Y"), one.national,
            one.province, f"{one.n}/1 ถนนสุขุม, เมือง"]  # fmt: skip


def piped(rows: Iterable[list[str]]) -> bytes:
    return "".join("|".join(row) + "\r\n" for row in rows).encode("tis-620")


def army_file() -> tuple[bytes, int]:
    """Parquet with a dictionary, days with a time, and a decimal column that no article asks for."""
    served = [one for one in PEOPLE if one.serves_to]
    ends = [datetime.datetime.fromisoformat(one.serves_to) for one in served]
    frame = pl.DataFrame(
        {
            "roll": pl.Series([f"R{one.n}" for one in served], dtype=pl.Categorical),
            "nid": [one.digits[:-2] + one.digits[-1] if one.army_number else one.digits for one in served],
            "first": [LATIN[one.given] for one in served],
            "last": [LATIN[one.family] for one in served],
            "dob": [datetime.date.fromisoformat(one.born) for one in served],
            "from": [end.date() - datetime.timedelta(730) for end in ends],
            "to": ends,
            "pay_grade": pl.Series(["12.50"] * len(served)).cast(pl.Decimal(10, 2)),
        }
    )
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue(), len(served)


def hospital_file(which: int, found: list[Person]) -> bytes:
    rows = [
        [
            f"H{one.n}",
            one.digits if one.numbered else "",
            f"{LATIN[one.family]}, {LATIN[one.given]}",
            day(one.born, "%d %m %Y"),
            one.hospital[which],
        ]
        for one in found
    ]
    return table(["hn", "nid", "name", "dob", "result"], rows).encode("windows-1252")


def write(folder: Path) -> None:
    """The first day's files of seven offices, the second day's changes, and a file in another era."""
    everybody = (*PEOPLE, *OUTSIDE, RENUMBERED)
    base = send(folder, "civil-1.csv", piped([HEADING, *map(civil_row, everybody)]), source="civil", as_of=FIRST,
                rows=len(everybody))  # fmt: skip
    born = [(one, n, child) for one in PEOPLE for n, child in enumerate(one.children, start=1)]
    lines = [
        f'{{"parent":"{one.key}","name":"{one.given}","surname":"{one.family}","child":{n},"child_born":"{child}"}}\n'
        for one, n, child in born
    ]
    send(folder, "family.ndjson", "".join(lines).encode(), source="family", as_of=FIRST, rows=len(lines))
    data, rows = army_file()
    send(folder, "army.parquet", data, source="army", as_of=FIRST, rows=rows)
    students = [one for one in PEOPLE if one.studies[0]]
    matriculated = [
        [f"M{one.n}", number(17) if one.student_number else one.key, f"{one.given} {one.family}", *one.studies, "12,50"]
        for one in students
    ]
    data = table(["matric", "nid", "fullname", "level", "end", "credits"], matriculated, delimiter=";").encode(
        "utf-8-sig"
    )
    send(folder, "univ.csv", data, source="univ", as_of=FIRST, rows=len(students))
    examined = [one for one in PEOPLE if one.hospital]
    findings = send(folder, "hospital-1.csv", hospital_file(0, examined), source="hospital", as_of=FIRST,
                    rows=len(examined))  # fmt: skip
    monks = [[str(one.n), one.given, day(one.born, "%d.%m.%Y"), "Wat"] for one in PEOPLE if one.monk]
    data = table(["no", "lay name", "birth", "temple"], monks).encode("utf-16")
    send(folder, "temple.csv", data, source="temple", as_of=FIRST, rows=len(monks))
    decided = [[f"C{one.n}", one.digits, one.given, one.family, one.commission] for one in PEOPLE if one.commission]
    data = table(["case", "nid", "given", "family", "outcome"], decided).encode()
    send(folder, "commission.csv", data, source="commission", as_of=FIRST, rows=len(decided))

    changed = [one for one in examined if len(one.hospital) > 1]
    send(folder, "hospital-2.csv", hospital_file(1, changed), source="hospital", as_of=SECOND, rows=len(changed),
         base=findings)  # fmt: skip
    renumbered = [["D", *civil_row(RENUMBERED)], ["I", *civil_row(NEW)]]
    send(folder, "civil-2.csv", piped([["op", *HEADING], *renumbered]), source="civil", as_of=SECOND, rows=2, base=base)
    era = piped([HEADING, *(civil_row(one, 543) for one in everybody)])
    send(folder, "era.csv", era, source="civil", as_of=THIRD, rows=len(everybody))
