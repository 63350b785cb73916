"""Cells that say several things, and the columns that are made of them: `NAME.given`, `ADDRESS.town`, `NUMBER.born`.

1. A whole name or address says in which order its parts stand; nothing is found in it that was not declared.
2. A personal number tells a birth date or a legal sex where the declaration says at which places. It is one more
   statement of it, never the truth.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from musterroll.extract.check_digit import CheckDigit
from musterroll.extract.given import Given
from musterroll.extract.made import AddressPart, Made, NamePart, NumberBirth, NumberSex, Place
from musterroll.extract.reading import Reader
from musterroll.extract.schema import Column, ColumnType

NAME_PARTS = ("given", "middle", "family")
ADDRESS_PARTS = ("street", "house", "unit", "po_box", "town", "postcode")

type Parts = list[tuple[Column, bool]]
"""Columns made of one cell; whether they may be unused."""


def name(reader: Reader, column: Column, at: Given | None, field: Given) -> Parts:
    """The parts of a whole name, in the declared order."""
    order = tuple(reader.text(at).split())
    if not order or set(order) - set(NAME_PARTS) or order.count("middle") > 1 or "family" not in order:
        reader.wrong(
            at or Given("", field.line, f"{field.path}.order"),
            "is the order of a whole name, e.g. `family given middle`",
        )
        return []
    relative = column.role.rpartition(".")[0]
    return [
        (_part(column, part, NamePart((column.name,), part, order), relative), False) for part in dict.fromkeys(order)
    ]


def address(reader: Reader, column: Column, at: Given) -> Parts:
    """The parts of a whole address, in the declared order; its segments stand between commas."""
    order = tuple(tuple(segment.split()) for segment in reader.text(at).split(","))
    parts = [part for segment in order for part in segment]
    apart = all(len({"street", "town"} & set(segment)) <= 1 for segment in order)
    if not parts or set(parts) - set(ADDRESS_PARTS) or len(set(parts)) != len(parts) or not apart:
        reader.wrong(at, "is the order of an address, its segments between commas: `street house, postcode town`")
        return []
    relative = column.role.rpartition(".")[0]
    return [(_part(column, part, AddressPart((column.name,), part, order), relative), False) for part in parts]


def _part(column: Column, part: str, made: Made, relative: str) -> Column:
    role = f"{relative}.{part}" if relative else part
    return Column(f"{column.name}.{part}", ColumnType.TEXT, role, made=made)


def number(reader: Reader, column: Column, at: Given) -> Parts:
    """What a personal number tells: a birth date, a legal sex."""
    parts = reader.members(at, ("born", "sex"))
    if column.type is not ColumnType.NUMBER:
        reader.wrong(at, "is of a personal number (`role: number` or a `mask`)")
    found: Parts = []
    if "born" in parts:
        born = reader.members(parts["born"], ("year", "month", "day", "century"), ("year", "month", "day"))
        found.append((_born(reader, column, born), True))
    if "sex" in parts:
        sex = reader.members(parts["sex"], ("at", "male", "female"), ("at", "male", "female"))
        made = NumberSex(
            (column.name,),
            _place(reader, sex.get("at")),
            frozenset(_signs(reader, sex.get("male"))),
            frozenset(_signs(reader, sex.get("female"))),
        )
        means = MappingProxyType({"male": "male", "female": "female"})
        found.append(
            (
                Column(f"{column.name}.sex", ColumnType.CODE, values=("male", "female"), means=means, made=made),
                True,
            )
        )
    return found


def _signs(reader: Reader, at: Given | None) -> tuple[str, ...]:
    """The letters listed; `odd` and `even` are digits."""
    texts = reader.texts(at)
    plain = {"odd": tuple("13579"), "even": tuple("02468")}
    return tuple(sign for text in texts for sign in plain.get(text, (text,)))


def _born(reader: Reader, column: Column, born: Mapping[str, Given]) -> Column:
    century = born.get("century")
    at: Place | None = None
    by_place: dict[str, int] = {}
    by_month: dict[int, int] = {}
    if century is not None:
        told = reader.mapping(century, lambda each: each)
        if "by_month" in told:
            by_month = {
                reader.number(Given(key, each.line, each.path)): reader.number(each)
                for key, each in told["by_month"].members.items()
            }
        else:
            at = _place(reader, told.get("at", Given("", century.line, f"{century.path}.at")))
            by_place = {key: reader.number(each) for key, each in told.items() if key != "at"}
    month = _place(reader, born.get("month"))
    if by_month:
        month = replace(month, less=tuple(dict.fromkeys((*month.less, *(less for less in by_month if less)))))
    year = _place(reader, born.get("year"))
    if year.last - year.first == 1 and not by_place and not by_month:
        reader.wrong(born.get("year", Given("", 1)), "has two digits: say by which sign the `century` is known")
    made = NumberBirth(
        (column.name,),
        year,
        month,
        _place(reader, born.get("day")),
        at,
        MappingProxyType(by_place),
        MappingProxyType(by_month),
    )
    name = f"{column.name}.born"
    return Column(name, ColumnType.DATE, forms=("YYYY-MM-DD",), made=made)


def _place(reader: Reader, at: Given | None) -> Place:
    """`3-4`, or `{at: 3-4, less: [50]}`."""
    if at is None:
        return Place(1, 1)
    less: tuple[int, ...] = ()
    where: Given | None = at
    if isinstance(at.value, Mapping):
        parts = reader.members(at, ("at", "less"), ("at",))
        less = tuple(reader.number(each) for each in (parts["less"].items if "less" in parts else ()))
        where = parts.get("at")
    found = re.fullmatch("([1-9][0-9]?)(?:-([1-9][0-9]?))?", reader.text(where))
    if not found or int(found[2] or found[1]) < int(found[1]):
        reader.wrong(where or at, "is a place in the number, counted from 1: `7`, or `3-4`")
        return Place(1, 1)
    return Place(int(found[1]), int(found[2] or found[1]), less)


def check_digits(reader: Reader, at: Given | None) -> tuple[CheckDigit, ...]:
    """The check digits of a personal number: one, or several, each over the digits before it."""
    if at is None:
        return ()
    several = at.items if not at.members else (at,)
    return tuple(found for each in several if (found := _check_digit(reader, each)) is not None)


def _check_digit(reader: Reader, at: Given) -> CheckDigit | None:
    parts = reader.members(at, ("at", "weights", "modulus", "gives", "signs"), ("at", "weights", "modulus"))
    given = parts["weights"].items if "weights" in parts else ()
    lists = given if given and not isinstance(given[0].value, str) else (parts["weights"],) if given else ()
    weights = tuple(tuple(reader.number(each) for each in one.items) for one in lists)
    gives = reader.choice(parts.get("gives"), ("remainder", "complement"), "remainder")
    signs = reader.mapping(parts.get("signs"), reader.text)
    try:
        return CheckDigit(
            reader.number(parts.get("at")),
            weights,
            reader.number(parts.get("modulus")),
            complement=gives == "complement",
            signs=MappingProxyType({int(result): sign for result, sign in signs.items()}),
        )
    except ValueError:
        reader.wrong(
            at,
            "is a place, a weight for each place before it, a modulus from 2 to 100, and signs for results "
            "below it (where nothing is missing to the modulus, the complement is 0)",
        )
        return None
