"""The people of Nisos, what five offices write of them, and what the law says of each on 10 May 2025."""

import datetime
import io
import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import xlsxwriter
from tests.newcountry.sending import send

TODAY = "2025-05-10"
FIRST = "2025-05-09"


@dataclass(frozen=True)
class Person:
    """One person: what is true, what is written otherwise, and what follows."""

    key: str
    family: str
    given: str
    born: str
    case: str
    watch: str
    island: int = 1
    latin: tuple[str, str] = ("", "")
    children: tuple[str, ...] = ()
    office: tuple[str, str] = ("", "")
    excuse: str = ""
    needs: tuple[str, ...] = ()
    moved: bool = False
    hidden: bool = False
    address: str = ""
    resident: object = True
    land: bool = True
    waits: bool = False


PEOPLE = (
    Person("AB-100001", "Παπαδόπουλος", "Γιώργος", "1990-01-15", "an ordinary person", "keeps",
           latin=("Papadopoulos", "Giorgos"), address="Λιμάνι 1, Χώρα"),
    Person("AB-100002", "Νικολάου", "Μαρία", "1985-06-30", "the law knows no sex", "keeps",
           latin=("Nikolaou", "Maria"), address="Λιμάνι 2, Χώρα"),
    Person("AB-100003", "Ιωάννου", "Ελένη", "1992-03-03", "lives on Far Nisos", "free", island=3,
           latin=("Ioannou", "Eleni"), address="Λιμάνι 3, Χώρα"),
    Person("AB-100004", "Δημητρίου", "Πέτρος", "1988-08-08", "a child of three", "parent",
           latin=("Dimitriou", "Petros"), children=("2022-02-02", "2012-01-01"), address="Λιμάνι 4, Χώρα"),
    Person("AB-100005", "Γεωργίου", "Άννα", "1980-02-29", "a child who is seven tomorrow", "parent",
           latin=("Georgiou", "Anna"), children=("2018-05-11",), address="Λιμάνι 5, Χώρα"),
    Person("AB-100006", "Αντωνίου", "Σπύρος", "1981-04-04", "a child who is seven today", "keeps",
           latin=("Antoniou", "Spyros"), children=("2018-05-10",), address="Λιμάνι 6, Χώρα"),
    Person("AB-100007", "Μακρής", "Ηλίας", "1995-12-24", "an office to today", "officer",
           latin=("Makris", "Ilias"), office=("2024-01-01", TODAY), address="Λιμάνι 7, Χώρα"),
    Person("AB-100008", "Λάμπρου", "Νίκη", "1996-11-11", "an office that ended yesterday", "keeps",
           latin=("Lamprou", "Niki"), office=("2024-01-01", FIRST), waits=True, address="Λιμάνι 8, Χώρα"),
    Person("AB-100009", "Ρήγας", "Θανάσης", "1979-09-09", "an office without an end", "officer",
           latin=("Rigas", "Thanasis"), office=("2024-01-01", "9999-99-99"), address="Λιμάνι 9, Χώρα"),
    Person("AB-100010", "Σταύρου", "Ζωή", "1999-07-07", "excused to the end of the month, by name and birth", "excused",
           latin=("Stavrou", "Zoi"), excuse="20250531", address="Λιμάνι 10, Χώρα"),
    Person("AB-100011", "Βασιλείου", "Κώστας", "1998-10-10", "an excuse whose day cannot be read", "undetermined",
           latin=("Vasileiou", "Kostas"), excuse="20251301", needs=("excused_until",), address="Λιμάνι 11, Χώρα"),
    Person("AB-100012", "Οικονόμου", "Δήμος", "1991-01-31", "not in the land office's book", "undetermined",
           latin=("Oikonomou", "Dimos"), land=False, needs=("island",), address="Λιμάνι 12, Χώρα"),
    Person("AB-100013", "Χατζής", "Λίζα", "1979-05-10", "46 years old today", "free",
           latin=("Chatzis", "Liza"), address="Λιμάνι 13, Χώρα"),
    Person("AB-100014", "Φωτίου", "Άρης", "1979-05-11", "46 years old tomorrow", "keeps",
           latin=("Fotiou", "Aris"), address="Λιμάνι 14, Χώρα"),
    Person("AB-100015", "Καρράς", "Ορέστης", "2006-01-01", "19 years old", "free",
           latin=("Karras", "Orestis"), address="Λιμάνι 15, Χώρα"),
    Person("AB-100016", "Πάνου", "Ιάσονας", "1993-05-05", "two offices write two addresses", "keeps",
           latin=("Panou", "Iasonas"), moved=True, address="Λιμάνι 16, Χώρα"),
    Person("AB-100017", "Ζήση", "Δάφνη", "1994-04-14", "an address that nobody may see", "keeps",
           latin=("Zisi", "Dafni"), hidden=True, address="Λιμάνι 17, Χώρα"),
    Person("AB-100018", "Τσάκαλος", "Μίμης", "1987-03-23", "a child of whom only the month is known", "parent",
           latin=("Tsakalos", "Mimis"), children=("2019-08",), address="Λιμάνι 18, Χώρα"),
    Person("AB-100019", "Κόκκινος", "Τάσος", "1986-06-16", "of a child only the month is known, this very one",
           "undetermined", latin=("Kokkinos", "Tasos"), children=("2018-05",), needs=("youngest_child_born",),
           address="Λιμάνι 19, Χώρα"),
)  # fmt: skip
OUTSIDE = (
    Person("AB-100030", "Ξένος", "Φίλιππος", "1990-01-01", "no resident", "", resident=False),
    Person("AB-100031", "Μικρού", "Αφροδίτη", "2010-01-01", "a child", ""),
)
NEW = Person("AB-100040", "Νέος", "Αλέξης", "1990-02-02", "came on the second day", "undetermined", land=False,
             needs=("island",), address="Λιμάνι 40, Χώρα")  # fmt: skip


def spoken(person: Person) -> dict[str, object]:
    street, town = (person.address or "Λιμάνι 99, Χώρα").split(", ")
    return {
        "αριθμός": person.key,
        "επώνυμο": person.family.upper(),
        "γένος": None,
        "όνομα": person.given,
        "γέννηση": f"{person.born}T00:00:00+02:00",
        "κάτοικος": person.resident,
        "οδός": street,
        "τόπος": town,
    }


def people_file(people: tuple[Person, ...]) -> bytes:
    return "".join(json.dumps(spoken(one), ensure_ascii=False) + "\n" for one in people).encode()


def land_file() -> tuple[bytes, int]:
    there = [one for one in PEOPLE if one.land]
    streets = ["Αλλού 5, Αλλού" if one.moved else one.address for one in there]
    frame = pl.DataFrame(
        {
            "entry": pl.Series([7000 + n for n in range(len(there))], dtype=pl.Int32),
            "person_no": [one.key for one in there],
            "surname": [one.latin[0] for one in there],
            "first_name": [one.latin[1] for one in there],
            "birth": [datetime.date.fromisoformat(one.born) for one in there],
            "island": pl.Series([one.island for one in there], dtype=pl.Int8),
            "street": [one.split(", ")[0] for one in streets],
            "town": [one.split(", ")[1] for one in streets],
            "hidden": [one.hidden for one in there],
        }
    )
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue(), frame.height


def family_file() -> tuple[bytes, int]:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("Notes").write(0, 0, "see the other sheet")
    sheet = book.add_worksheet("Παιδιά")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write(0, 0, "Family Fund, confidential")
    for column, heading in enumerate(("Parent", "Child", "Surname", "First name", "Child born")):
        sheet.write(1, column, heading)
    row = 2
    for one in PEOPLE:
        for number, born in enumerate(one.children, start=1):
            sheet.write(row, 0, one.key)
            sheet.write(row, 1, number)
            sheet.write(row, 2, one.family)
            sheet.write(row, 3, one.given)
            if len(born) == 10:
                sheet.write_datetime(row, 4, datetime.datetime.fromisoformat(born), day)
            else:
                sheet.write(row, 4, ".".join(reversed(born.split("-"))))
            row += 1
    book.close()
    return out.getvalue(), row - 2


def council_file() -> tuple[bytes, int]:
    lines = ["Συμβούλιο", "# exported by hand", "αρ;ονοματεπώνυμο;γεν.;από;έως"]
    held = [one for one in PEOPLE if one.office[0]]
    for n, one in enumerate(held, start=1):
        year, month, day = map(int, one.born.split("-"))
        lines.append(f"{n};'{one.given} {one.family}';{day}/{month}/{year};{one.office[0]};{one.office[1]}")
    lines.append("# end")
    return ("\n".join(lines) + "\n").encode("iso-8859-7"), len(held)


def physicians_file() -> tuple[bytes, int]:
    lines = ["surname\tname\tborn\tuntil"]
    excused = [one for one in PEOPLE if one.excuse]
    lines += [f"{one.family}\t{one.given}\t{one.born.replace('-', '')}\t{one.excuse}" for one in excused]
    return ("\r\n".join(lines) + "\r\n").encode("utf-16"), len(excused)


def write(folder: Path) -> None:
    """The first day's files of five offices, and the second day's changes."""
    everybody = (*PEOPLE, *OUTSIDE)
    base = send(folder, "people-1.ndjson", people_file(everybody), source="people", as_of=FIRST, rows=len(everybody))
    data, rows = land_file()
    send(folder, "land.parquet", data, source="land", as_of=FIRST, rows=rows)
    data, rows = family_file()
    send(folder, "children.xlsx", data, source="family", as_of=FIRST, rows=rows)
    data, rows = council_file()
    send(folder, "council.csv", data, source="council", as_of=FIRST, rows=rows)
    data, rows = physicians_file()
    send(folder, "physicians.csv", data, source="physicians", as_of=FIRST, rows=rows)
    send(folder, "people-2.ndjson", people_file((NEW,)), source="people", as_of=TODAY, rows=1, base=base)
    (folder / "people-3.ndjson").write_bytes(b'{"\xff": 1}\n')
