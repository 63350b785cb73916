"""The people of Sever, what five offices write of them, and what the law says of each on 2 March 2026.

Every line of PEOPLE is one case that an engineer of that country would try, with its own damage.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.newcountry.sending import send, table

TODAY = "2026-03-02"


@dataclass(frozen=True)
class Person:
    """One person: what is true, what is written otherwise, and what follows (class, muster day, callable, needs)."""

    name: str
    born: str
    case: str
    guard: str
    comes: str = "stays"
    needs: tuple[str, ...] = ()
    sex: str = "М"
    digit: str = ""
    number_born: str = ""
    born_cell: str = ""
    citizen: str = "да"
    died: str = ""
    county: str = "ТАЙ"
    address: str = "Снежный, Лесная улица 12 4"
    study: tuple[str, str] = ("", "")
    in_guard: str = ""
    finding: tuple[str, str] = ("", "")
    served_at: bool = False
    waits: bool = False

    @property
    def key(self) -> str:
        number = sum(map(ord, self.name)) % 1000
        last = self.digit or ("7" if self.sex == "М" else "4")
        return f"{(self.number_born or self.born).replace('-', '')}-{number:03}{last}"

    @property
    def written(self) -> str:
        return self.born_cell or ".".join(reversed(self.born.split("-")))


PEOPLE = (
    Person("Орлов Пётр Ильич", "2003-05-10", "an ordinary man of 22", "bound"),
    Person("Орлова Анна Ильинична", "2001-07-11", "a woman", "free", sex="Ж"),
    Person("Гусев Олег Львович", "2002-01-20", "a man of the islands", "free", county="ОСТ"),
    Person("Синицын Ян Юрьевич", "2000-02-29", "a man who has died", "free", died="14.09.2025"),
    Person("Чижов Лев Олегович", "2004-11-30", "a student to the end of June", "studying", study=("30.6.2026", "full")),
    Person("Дроздов Ефим Ефимович", "2004-12-01", "evening classes are no studies", "bound",
           study=("30.6.2026", "evening")),
    Person("Журавлёв Глеб Ильич", "2003-08-08", "studies that ended yesterday", "bound", study=("1.3.2026", "full")),
    Person("Соколов Марк Ильич", "2002-04-04", "a man who serves", "serving", in_guard="служит"),
    Person("Коршунов Илья Маркович", "1999-09-09", "a man who has left the Guard", "bound", in_guard="уволен"),
    Person("Воронов Егор Денисович", "2001-03-03", "a finding to the end of the year, linked by name and birth",
           "unfit", finding=("2026-12-31", "unfit")),
    Person("Сорокин Денис Егорович", "2001-06-06", "a finding that has ended", "bound",
           finding=("2026-03-01", "unfit")),
    Person("Лебедев Роман Эдуардович", "2000-10-10", "found fit, at the same address", "bound",
           finding=("", "fit"), served_at=True),
    Person("Аистов Тарас Игнатович", "2003-01-31", "nobody knows where he lives", "undetermined", county="",
           needs=("county",)),
    Person("Зябликов Фёдор Фомич", "1999-05-05", "a cell with the year alone; the number has the day", "bound",
           born_cell="1999"),
    Person("Щеглов Вадим Фомич", "2003-12-12", "two birth days, both of age", "bound", number_born="2003-12-21"),
    Person("Кулик Борис Назарович", "2006-12-12", "two birth days, one of them too young", "undetermined",
           number_born="2007-12-12", needs=("born",)),
    Person("Чайкин Назар Борисович", "2002-02-02", "a sex that cannot be read; the number tells it", "bound", sex="М",
           digit="7"),
    Person("Стрижов Потап Кузьмич", "2001-01-01", "sex and number differ", "undetermined", digit="8", needs=("sex",)),
    Person("Голубев Кузьма Потапович", "2000-08-15", "a day of death that does not exist", "undetermined",
           died="31.02.2024", needs=("died_on",)),
    Person("Филинов Савва Глебович", "1998-03-02", "28 years old today", "free"),
    Person("Совин Глеб Саввич", "1998-03-03", "28 years old tomorrow", "bound"),
    Person("Дятлов Архип Титович", "2007-06-06", "18 years old", "free", comes="comes"),
    Person("Клестов Тит Архипович", "2008-09-09", "17 years old", "free"),
    Person("Снегирёв Захар Титович", "2003-02-17", "dies on the second day", "free"),
    Person("Вьюрков Устин Захарович", "2003-02-18", "leaves the Guard on the second day", "bound", in_guard="служит",
           waits=True),
    Person("Рябчиков Аким Устинович", "2003-02-19", "a date to which he studies is missing", "undetermined",
           study=("NULL", "full"), needs=("studies_until",)),
)  # fmt: skip

OUTSIDE = (
    Person("Тетерев Макар Акимович", "1985-01-01", "too old for the book", ""),
    Person("Глухарёв Клим Макарович", "2002-01-01", "no citizen", "", citizen="нет"),
)
NEW = Person("Пеночкин Савелий Климович", "2002-06-01", "is entered on the second day", "undetermined", county="",
             needs=("county",))  # fmt: skip

CIVIL = ("Личный номер", "ФИО", "Дата рождения", "Пол", "Гражданство", "Умер", "Национальность")


def civil_row(one: Person, died: str = "") -> list[str]:
    sex = "?" if "cannot be read" in one.case else one.sex
    return [one.key, one.name, one.written, sex, one.citizen, died or one.died or "00.00.0000", "-"]


def residence() -> Iterator[list[str]]:
    for n, one in enumerate((*PEOPLE, *OUTSIDE), start=1):
        if one.county:
            family, given, middle = one.name.split()
            yield ["К7", str(n), family, given, middle, *one.born.split("-"), one.county, one.address,
                   "2019-04-01T09:30:00+03:00"]  # fmt: skip


def schools() -> Iterator[list[str]]:
    for one in PEOPLE:
        if one.study[0]:
            family, given, _ = one.name.split()
            yield [one.key, family.upper(), given, "Техникум, №5", "1.9.2023", *one.study]


def guard(second: bool) -> Iterator[list[str]]:
    for n, one in enumerate(PEOPLE, start=1):
        if one.in_guard and not (second and "second day" in one.case):
            family, given, _ = one.name.split()
            yield [f"G{n:04}", one.key, family, given, one.born.replace("-", ""), one.in_guard]


def board() -> Iterator[list[str]]:
    for n, one in enumerate(PEOPLE, start=1):
        if one.finding[1]:
            family, given, _ = one.name.split()
            address = one.address if one.served_at else ""
            yield [f"B/{n}", family, given, one.born, *one.finding, "secret", address]


def write(folder: Path) -> None:
    """Two days of deliveries, and damage beside them."""
    first = table(CIVIL, [civil_row(one) for one in (*PEOPLE, *OUTSIDE)], delimiter=";").encode("windows-1251")
    base = send(folder, "гражданство 1.csv", first, source="civil", as_of="2026-03-01", rows=len(PEOPLE) + len(OUTSIDE))
    rows = list(residence())
    heading = ("Книга", "Лист", "Фамилия", "Имя", "Отчество", "Год", "Месяц", "День", "Округ", "Адрес", "С")
    data = table(heading, rows, delimiter="\t").encode("koi8-r", "replace")
    send(folder, "residence.csv", data, source="residence", as_of="2026-03-01", rows=len(rows))
    rows = list(schools())
    heading = ("number", "surname", "name", "school", "from", "to", "level")
    send(folder, "schools.csv", table(heading, rows).encode("utf-8-sig"), source="schools", as_of="2026-03-01",
         rows=len(rows))  # fmt: skip
    for name, day, second in (("guard-1", "2026-03-01", False), ("guard-2", TODAY, True)):
        rows = list(guard(second))
        data = table((), rows, delimiter="|", head=False).encode()
        send(folder, f"{name}.csv", data, source="guard", as_of=day, rows=len(rows))
    rows = list(board())
    heading = ("case", "family", "given", "born", "until", "outcome", "diagnosis", "address")
    send(folder, "board.csv", table(heading, rows).encode(), source="board", as_of="2026-03-01", rows=len(rows))
    dead = next(one for one in PEOPLE if "dies on" in one.case)
    changes = [["запись", *civil_row(dead, "01.03.2026")], ["запись", *civil_row(NEW)]]
    data = table(("Операция", *CIVIL), changes, delimiter=";").encode("windows-1251")
    send(folder, "civil-2.csv", data, source="civil", as_of=TODAY, rows=2, base=base)
    damage(folder)


def damage(folder: Path) -> None:
    """What arrives as well, and must stop nothing: half a file, a file alone, a source nobody declared."""
    rows = list(schools())
    data = table(("number", "surname", "name", "school", "from", "to", "level"), rows).encode("utf-8-sig")
    send(folder, "schools-2.csv", data, source="schools", as_of=TODAY, rows=len(rows))
    (folder / "schools-2.csv").write_bytes(data[: len(data) // 2])
    (folder / "alone.csv").write_bytes(b"a,b\r\n1,2\r\n")
    send(folder, "police.csv", b"a,b\r\n1,2\r\n", source="police", as_of=TODAY, rows=1)
