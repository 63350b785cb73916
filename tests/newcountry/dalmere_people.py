"""The people of Dalmere, where nobody has a number: five offices know people by name and birth date alone.

Every line of PEOPLE is one case. The register's changes of the second day come before the register itself; eight more
files are each broken in another way and must move nobody.
"""

import datetime
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.newcountry.sending import send, table

FIRST, SECOND, THIRD = "2026-03-02", "2026-03-10", "2026-03-20"


@dataclass(frozen=True)
class Person:
    """One person: what is true, what is written otherwise, and the standing in the end."""

    n: int
    name: str  # family, given
    born: str
    case: str
    standing: str
    needs: tuple[str, ...] = ()
    sheet: int = 0
    place: str = "head"
    sex: str = "1"
    former: str = ""
    born_cell: str = ""
    arrived: str = "2000-01-01"
    died: str = ""
    whereabouts: str = "home"
    district: str = "N"
    board: tuple[bool, str] | None = None
    board_born: str = ""
    school: str = ""
    school_name: str = ""
    army: str = ""
    army_day: str = ""

    @property
    def key(self) -> str:
        return f"K-{self.n:04d}"

    @property
    def house(self) -> int:
        return self.sheet or 100 + self.n

    @property
    def family(self) -> str:
        return self.name.partition(", ")[0] if ", " in self.name else ""

    @property
    def given(self) -> str:
        return self.name.rpartition(", ")[2]


PEOPLE = (
    Person(1, "O'Brien, Conor", "1999-09-09", "an ordinary man", "bound"),
    Person(2, "Şahin, Zeynep", "2001-01-31", "an ordinary woman, in other letters at the dwellings' office", "bound",
           sex="2"),
    Person(3, "d'Angelo, Paolo", "2008-03-10", "18 years old on the second day", "bound"),
    Person(4, "Smythe-Jones, Una", "1980-03-20", "46 years old on the third day", "free", sex="2"),
    Person(5, "Kaya, Declan", "1998-08-09", "of no dwelling", "undetermined", needs=("district", "second_child_born"),
           sheet=-1),
    Person(6, "Öztürk, Rory", "1997-04-09", "lives on the isles", "free", district="I"),
    Person(7, "Fitzgerald, Marco", "1996-06-06", "abroad", "free", whereabouts="abroad"),
    Person(8, "Rossi, Ömer", "1995-05-05", "came five months ago", "free", arrived="2025-10-05"),
    Person(9, "Mac Giolla, Seán", "1994-12-12", "came six months ago to the day", "bound", arrived="2025-09-20"),
    Person(10, "O’Neill, Fergus", "1981-06-06", "has served; the son of the same name has not", "done", sheet=10,
           army="discharged"),
    Person(11, "O’Neill, Fergus", "2006-06-07", "the son", "bound", sheet=10, place="son"),
    Person(12, "de la Cruz, Aldo", "1990-02-03", "sent home again", "bound", army="sent home"),
    Person(13, "Yıldız, İbrahim", "1991-07-09", "has served; the levy office writes 00 for the day", "undetermined",
           needs=("did_service",), army="discharged", army_day="00"),
    Person(14, "Rossi, Lucia", "2003-04-04", "a twin found unfit", "unfit", sheet=14, place="daughter", sex="2",
           board=(True, "")),
    Person(15, "Rossi, Niamh", "2003-04-04", "the other twin", "bound", sheet=14, place="daughter", sex="2"),
    Person(16, "Kaya, Ömer", "2000-01-01", "a namesake born the same day, found unfit", "undetermined",
           needs=("district", "second_child_born"), board=(True, "")),
    Person(17, "Kaya, Ömer", "2000-01-01", "the other of the name and the day", "undetermined",
           needs=("district", "second_child_born")),
    Person(18, "Fitzgerald, Aoife", "1999-11-09", "at school under the name before her marriage", "school", sex="2",
           former="Çelik", school="2027-06-30", school_name="Çelik Aoife"),
    Person(19, "Plato", "1999-08-09", "has one name only, which is a family name here and a given name there",
           "undetermined", needs=("district", "second_child_born"), board=(True, "")),
    Person(20, "Smythe-Jones, Rory", "1993-05-04", "month and day of birth unknown at the register", "undetermined",
           needs=("district", "second_child_born"), born_cell="19930000"),
    Person(21, "Yıldız, Marco", "1995-02-03", "the board writes the year with two digits", "undetermined",
           needs=("board_unfit",), board=(True, ""), board_born="95-02-03"),
    Person(22, "Öztürk, Tuğba", "1992-02-03", "found unfit until the autumn, for the time being", "waits", sex="2",
           board=(False, "2026-09-01")),
    Person(23, "Byrne, Conor", "1988-01-03", "father of two", "parent", sheet=23),
    Person(24, "Byrne, Una", "1989-01-03", "mother of two", "parent", sheet=23, place="wife", sex="2"),
    Person(27, "Ó Sé, Aldo", "1987-01-03", "father of one child and of one of sixteen", "bound", sheet=27),
    Person(30, "Kelly, Seán", "1996-10-10", "is at school; its name has two lines", "school", school="2026-06-30"),
    Person(31, "Kelly, Gülşen", "1995-10-10", "has left school in January", "bound", sex="2", school="2026-01-31"),
)  # fmt: skip
OUTSIDE = (
    Person(25, "Byrne, Paolo", "2015-05-05", "a child", "", sheet=23, place="son"),
    Person(26, "Byrne, Zeynep", "2019-05-05", "a child", "", sheet=23, place="daughter", sex="2"),
    Person(28, "Ó Sé, Rory", "2010-03-19", "sixteen yesterday", "", sheet=27, place="son"),
    Person(29, "Ó Sé, Lucia", "2014-05-05", "a child", "", sheet=27, place="daughter", sex="2"),
    *(Person(n, f"Old{'abcdefghi'[n - 50]}er, Ann", f"19{n - 10}-0{n - 49}-11", "past the age", "", sex="2")
      for n in range(50, 59)),
)  # fmt: skip
DEAD = Person(40, "Byrne, Declan", "1990-09-30", "dies before the second day", "free", died="2026-03-08")
NEW = Person(41, "Kaya, Tuğba", "2001-01-05", "is entered on the second day", "undetermined",
             needs=("district", "second_child_born"), sex="2")  # fmt: skip

HEADING = ["Entry", "Name", "Known before as", "Born", "S", "Arrived", "Died", "Whereabouts"]
DWELLING = [
    *("Sheet", "Line", "Surname", "First names", "Born", "Place in house", "District", "Address", "Floor m2"),
]


def civil_row(one: Person, died: str = "", century: str = "") -> list[str]:
    born = one.born_cell or one.born.replace("-", "")
    return [one.key, one.name, one.former, f"{century}{born[len(century):]}", one.sex, one.arrived.replace("-", ""),
            died.replace("-", "") or "n/a", one.whereabouts]  # fmt: skip


def register(rows: Iterable[list[str]], encoding: str = "utf-16", heading: Iterable[str] = HEADING) -> bytes:
    return table([*heading], rows, delimiter="\t").encode(encoding)


def dwellings(who: Iterable[Person]) -> Iterator[list[str]]:
    for one in who:
        if one.house > 0:
            family, given = (
                text.replace("’", "'").encode("iso-8859-9", "replace").decode("iso-8859-9")
                for text in (one.family, one.given)
            )
            born = ".".join(reversed(one.born.split("-")))
            yield [f"{one.house:03}", str(one.n), family, given, born, one.place, one.district,
                   f"{one.house} Mill Row, Aldmoor", "78,5"]  # fmt: skip


def houses(rows: Iterable[list[str]]) -> bytes:
    return table(DWELLING, rows, delimiter=";").encode("iso-8859-9")


def others() -> Iterator[tuple[str, bytes, str, int]]:
    """The files of the levy office, of the surgeons and of the schools."""
    served = [one for one in PEOPLE if one.army]
    lines = ["no,who,y,m,d,what"]
    for one in served:
        year, month, day = one.born.split("-")
        who = f"{one.given} {one.family}".replace("’", "'").replace("'", "''")
        lines.append(f"{one.n},'{who}',{year},{month},{one.army_day or day},{one.army}")
    yield "army.csv", ("\n".join(lines) + "\n").encode(), "army", len(served)
    seen = [(one, one.board) for one in PEOPLE if one.board]
    found = [
        {
            "id": one.n,
            "name": f"{one.given} {one.family}".strip(),
            "born": one.board_born or one.born,
            "final": board[0],
            "until": f"{board[1]}T00:00:00Z" if board[1] else None,
        }
        for one, board in seen
    ]
    yield "board.ndjson", "".join(json.dumps(one) + "\n" for one in found).encode(), "board", len(found)
    pupils = [one for one in PEOPLE if one.school]
    rows = []
    for one in pupils:
        born, last = (
            f"{day.day}.{day.month}.{day.year}" for day in map(datetime.date.fromisoformat, (one.born, one.school))
        )
        rows.append([one.school_name or f"{one.family} {one.given}", born, "St. Brendan\nUpper", last])
    data = table(["pupil", "birthday", "school", "last day"], rows).encode("windows-1254")
    yield "school.csv", data, "school", len(rows)


def write(folder: Path) -> None:
    """The first day's files, changes that lie before them, and on the third day what is broken."""
    everybody = (*PEOPLE, *OUTSIDE, DEAD)
    rows = [civil_row(one) for one in everybody]
    base = send(folder, "register.csv", register(rows), source="civil", as_of=FIRST, rows=len(rows))
    changes = [["put", *civil_row(DEAD, DEAD.died)], ["put", *civil_row(NEW)]]
    send(folder, "changes.csv", register(changes, heading=("Act", *HEADING)), source="civil", as_of=SECOND, rows=2,
         base=base)  # fmt: skip
    lived = list(dwellings(everybody))
    send(folder, "dwellings.csv", houses(lived), source="dwellings", as_of=FIRST, rows=len(lived))
    for file, data, source, count in others():
        send(folder, file, data, source=source, as_of=FIRST, rows=count)
    broken(folder, [*rows, civil_row(NEW)], lived)


def broken(folder: Path, rows: list[list[str]], lived: list[list[str]]) -> None:
    """Cut, one bit turned, a column shifted, a district missing, a century slip, another encoding, empty, alone."""
    whole = register(rows)
    send(folder, "x-cut.csv", whole, source="civil", as_of=THIRD, rows=len(rows))
    (folder / "x-cut.csv").write_bytes(whole[: len(whole) * 2 // 3 // 2 * 2])
    bits = bytearray(houses(lived))
    send(folder, "x-bit.csv", bytes(bits), source="dwellings", as_of=THIRD, rows=len(lived))
    bits[1000] ^= 1
    (folder / "x-bit.csv").write_bytes(bytes(bits))
    shifted = houses([*row[:5], row[6], row[5], *row[7:]] for row in lived)
    send(folder, "x-shifted.csv", shifted, source="dwellings", as_of=THIRD, rows=len(lived))
    south = [row for row in lived if row[6] != "N"]
    send(folder, "x-district.csv", houses(south), source="dwellings", as_of=THIRD, rows=len(south))
    slip = register([*row[:3], f"18{row[3][2:]}", *row[4:]] for row in rows)
    send(folder, "x-century.csv", slip, source="civil", as_of=THIRD, rows=len(rows))
    send(folder, "x-utf8.csv", register(rows, "utf-8"), source="civil", as_of=THIRD, rows=len(rows))
    send(folder, "x-empty.csv", b"no,who,y,m,d,what\n", source="army", as_of=THIRD, rows=0)
    (folder / "x-alone.csv").write_bytes(b"x")
