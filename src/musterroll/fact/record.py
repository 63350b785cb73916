"""What the rows of one record say, before it is known whose record it is: facts, places in groups, particulars.

A source declares its maps (`extract.schema`); this is their meaning, row by row. The engine must agree.

1. A fact map speaks for each row whose texts match `when`; `beside` and `without` look at the record's other rows;
   `rank` 2 leaves out the record's first row (by the day in the map's column, blank last, then by delivery and row).
2. A map that is only possible, or whose `beside` fails, gives the hull from its value to the attribute's neutral value:
   "died on that day, or is alive"; where there is no neutral value, every value.
3. A row that matches `when` but whose date is blank or unreadable says that it happened on an unknown day up to the
   delivery's as-of day; of a column that may lie in the future, on any day: a finding may still hold. Without a `when`
   a blank cell says nothing.
4. A row that gives a birth date and an age gives one statement: the date where the age allows it (a year more or less,
   ages are told on different days), the days that the age allows where the date is blank, and both with all between
   where they contradict each other: nobody knows which of the two is wrong.
   A date of which only the year or the month is known gives all its days; the age narrows them.
5. A blank or unlisted role may be any role. A member's birth date of which nothing is known is any day up to the as-of
   day.
6. A fact whose time rests on a year that cannot be read may hold on any day: the hull from its value to the neutral
   one; on a partly known day, on those on which it can be so. The neutral value itself is then said of the days on
   which it must be so alone: "no office, from some day of 2027 on" is no word about 2027. Where a row's time ends
   before it begins, one of the two days is wrong: it may hold on any day, and with it what other maps of the attribute
   make of them. (One that ends where it begins never was.)
7. A code that cannot be read where a condition asks for it may be any code: what would follow is possible, so the hull
   runs to the neutral value. Of several maps that it may be, one is meant and nobody knows which: each says what all of
   them say together, so that "on leave to May" or "no leave" is never read as "no leave". A filled cell that cannot be
   read, in a source whose silence speaks of everybody, gives every value of an attribute that has a neutral one: a
   misspelt word is not silence.
8. A cell left blank where a condition or a value is asked for says nothing of whoever the row surely is of. Of whoever
   it may be of, on a list of those concerned, it may say any code: else the silence of that very list would be read
   though a row perhaps of theirs stands on it. Such a statement is numbered from `BLANK` on and goes by possible links
   only.
9. On a list of those concerned with a row for each child of a parent, without the child's name, a row whose birth date
   was left out is of a child as well: somebody in any role, born on any day up to the as-of day (`unnamed`).
10. Where a row names a member of a family and leaves the family's own cell blank (its parent's number, mostly), the row
    itself is the family: of its person and of whomever it names (`family`).
11. A protected contact leaves a forwarding token only (charter S12).
"""

from calendar import isleap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from musterroll.dates import FIRST_DAY, NEVER, date_of, day_of, parse_day
from musterroll.extract.made import APART
from musterroll.extract.row import hull
from musterroll.extract.schema import ColumnType, FactMap, ParticularMap, RosterMap, Silence, Source, time_read
from musterroll.fact.attribute import Attribute

A_YEAR = 366
"""How far an age may be off, in days: it was told on another day, or rounded."""

BLANK = 10_000
"""Added to the number of a map where its cell was left blank (rule 8)."""


@dataclass(frozen=True, slots=True)
class DeliveredRow:
    """One row of a record: where it stands, the as-of day of its delivery, texts as delivered and typed values."""

    delivery: int
    row: int
    as_of: int
    texts: Mapping[str, str]
    values: Mapping[str, int | str | None]

    def matches(self, conditions: Mapping[str, tuple[str, ...]]) -> bool:
        """Whether the delivered text of each column is one of those listed."""
        return all(self.texts.get(column, "") in accepted for column, accepted in conditions.items())

    def day(self, column: str) -> int | None:
        """The whole number or day in a column, None where it is blank, unreadable or text."""
        value = self.values.get(column)
        return value if isinstance(value, int) else None

    def span(self, source: Source, column: str) -> tuple[int, int] | None:
        """The days that a date's cell allows: several where it is partly known, None where it is blank."""
        day = self.day(column)
        if day is not None or source.columns[column].type is not ColumnType.DATE:
            return None if day is None else (day, day)
        return hull(source.columns[column], self.texts.get(column, ""), self.as_of)[0]


@dataclass(frozen=True, slots=True)
class Said:
    """One fact of one row: named by (delivery, row, attribute, n), n counting the source's maps."""

    delivery: int
    row: int
    attribute: int
    n: int
    lo: int
    hi: int
    valid_from: int
    valid_to: int


@dataclass(frozen=True, slots=True)
class Place:
    """One place in a group: the group's own text, the role (None = any), the birth date's hull.

    `part` is "" for the row's own person, else the relative named in the row (`dependant_1`).
    """

    delivery: int
    row: int
    n: int
    roster: str
    group: str
    part: str
    role: str | None
    born_lo: int
    born_hi: int


@dataclass(frozen=True, slots=True)
class Part:
    """One particular: a name part, number, address or contact as delivered; `protected` ones are never shown."""

    delivery: int
    row: int
    n: int
    kind: str
    text: str
    protected: bool


def facts(source: Source, rows: Sequence[DeliveredRow], attributes: Mapping[str, Attribute]) -> tuple[Said, ...]:
    """What the rows of one record say, by row and map. Maps to attributes that the pack lacks are passed over."""
    said = []
    maybe: dict[tuple[int, int, int, bool], list[Said]] = defaultdict(list)
    for n, each in enumerate(source.facts):
        if each.attribute not in attributes:
            continue
        attribute = attributes[each.attribute]
        may_be = source.silence is Silence.THOSE_CONCERNED and bool(attribute.neutral)
        for row in _ranked(source, each, rows):
            others = [one for one in rows if one is not row]
            asked = _asked(source, each, row)
            blank = may_be and asked is False and _asked(source, each, row, blank=True) is None
            if blank:
                asked = None
            if asked is False or (asked is None and not attribute.neutral):
                continue
            if each.without and any(one.matches(each.without) for one in others):
                continue
            hull = _value(source, each, attribute, row)
            if hull is None and may_be and _unfilled(source, each, row):
                hull, blank = attribute.span, True
            neutral = bool(attribute.neutral) and hull == (attribute.value_of(attribute.neutral),) * 2
            times, partly = _valid(source, each, row, certain=neutral)
            if hull is None or (neutral if times is None else times[0] >= times[1]):
                continue
            alone = bool(each.beside) and not any(one.matches(each.beside) for one in others)
            if each.certainty == "possible" or alone or partly or asked is None:
                hull = _opened(attribute, hull)
            number = n + BLANK if blank else n
            one = Said(row.delivery, row.row, attribute.number, number, *hull, *(times or (FIRST_DAY, NEVER)))
            if asked is None:
                maybe[row.delivery, row.row, attribute.number, blank].append(one)
            else:
                said.append(one)
    for each_of in maybe.values():
        lo, hi = min(one.lo for one in each_of), max(one.hi for one in each_of)
        said += [replace(one, lo=lo, hi=hi) for one in each_of]
    return tuple(sorted(said, key=lambda one: (one.delivery, one.row, one.attribute, one.n)))


def _asked(source: Source, each: FactMap, row: DeliveredRow, *, blank: bool = False) -> bool | None:
    """Whether the map speaks for this row; None where a code that cannot be read may be the one asked for, or where
    `blank` lets one that was left out be it.
    """
    when = _matches(source, each.when, row, blank=blank)
    unless = _matches(source, each.unless, row) if each.unless else False
    if when is False or unless is True:
        return False
    return None if when is None or unless is None else True


def _matches(
    source: Source, conditions: Mapping[str, tuple[str, ...]], row: DeliveredRow, *, blank: bool = False
) -> bool | None:
    texts = {column: row.texts.get(column, "") for column in conditions}
    other = [column for column, accepted in conditions.items() if texts[column] not in accepted]
    if all(_unreadable(source, column, texts[column]) or (blank and not texts[column].strip()) for column in other):
        return None if other else True
    return False


def _unreadable(source: Source, column: str, text: str) -> bool:
    """Whether a code's cell is filled with what is no declared code."""
    declared = source.columns[column]
    return declared.type is ColumnType.CODE and bool(text.strip()) and text.strip() not in declared.values


def _unfilled(source: Source, each: FactMap, row: DeliveredRow) -> bool:
    """Whether the cell that gives the value is blank, or cannot be read."""
    text = row.texts.get(each.column, "")
    if each.values:
        return not text.strip() or _unreadable(source, each.column, text)
    return source.columns[each.column].type in (ColumnType.DATE, ColumnType.INT)


def _ranked(source: Source, each: FactMap, rows: Sequence[DeliveredRow]) -> list[DeliveredRow]:
    dated = each.column and source.columns[each.column].type is ColumnType.DATE
    order = sorted(
        rows,
        key=lambda row: (
            NEVER if not dated or row.day(each.column) is None else row.day(each.column),
            row.delivery,
            row.row,
        ),
    )
    return order[each.rank - 1 :]


def _value(source: Source, each: FactMap, attribute: Attribute, row: DeliveredRow) -> tuple[int, int] | None:
    if each.value:
        exact: int | None = attribute.value_of(each.value)
    elif each.values:
        text = row.texts.get(each.column, "")
        word = each.values.get(text)
        if word is None and _unreadable(source, each.column, text):
            return _anything(source, attribute)
        exact = None if word is None else attribute.value_of(word)
    elif source.columns[each.column].role == "born":
        return born(source, each.column, row)
    else:
        exact = row.day(each.column)
        if exact is None and source.columns[each.column].type is ColumnType.DATE:
            if each.when or each.unless:
                declared = source.columns[each.column]
                return row.span(source, each.column) or (FIRST_DAY, declared.latest if declared.future else row.as_of)
            blank = not row.texts.get(each.column, "").strip()
            return row.span(source, each.column) or (None if blank else _anything(source, attribute))
    return None if exact is None else (exact, exact)


def _opened(attribute: Attribute, hull: tuple[int, int]) -> tuple[int, int]:
    """The hull up to the neutral value; every value where the attribute has none."""
    least, most = attribute.span
    if attribute.neutral:
        least = most = attribute.value_of(attribute.neutral)
    return min(hull[0], least), max(hull[1], most)


def _anything(source: Source, attribute: Attribute) -> tuple[int, int] | None:
    """Every value, where a silence would say the neutral one; else nothing is said."""
    return attribute.span if source.silence is Silence.EVERYBODY and attribute.neutral else None


def _valid(source: Source, each: FactMap, row: DeliveredRow, *, certain: bool) -> tuple[tuple[int, int] | None, bool]:
    """The days between which the fact is true, and whether that is not known for certain: of a day that is known in
    part all on which it may be true, or where `certain` those on which it is.

    None where a year cannot be read, or a term of the attribute ends before it begins: one of its days is wrong.
    """
    found = _bounds(source, each, row)
    told = time_read(each.valid_from)[1] or time_read(each.valid_to)[1]
    of_terms = [_bounds(source, one, row) for one in spans_of(source, each.attribute)] if told else []
    if found is None or any(one is not None and one[0][0] > one[1][1] for one in of_terms):
        return None, True
    (earliest, begun), (ending, latest) = found
    partly = earliest < begun or ending < latest
    return ((begun, ending), False) if certain else ((earliest, latest), partly)


def _bounds(source: Source, each: FactMap, row: DeliveredRow) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The first and the last day on which it may begin, and on which it may end."""
    start = _time(source, each.valid_from, row, FIRST_DAY)
    end = _time(source, each.valid_to, row, NEVER)
    return None if start is None or end is None else (start, end)


def spans_of(source: Source, attribute: str) -> list[FactMap]:
    """The maps of the attribute whose time begins and ends by a column of the row."""
    maps = [one for one in source.facts if one.attribute == attribute]
    return [one for one in maps if time_read(one.valid_from)[1] and time_read(one.valid_to)[1]]


def _time(source: Source, when: str, row: DeliveredRow, always: int) -> tuple[int, int] | None:
    word, column = time_read(when)
    if not when:
        return always, always
    if word == "as_of":
        return row.as_of, row.as_of
    if word in ("", "through"):
        least, most = row.span(source, column) or (always - (word == "through"),) * 2
        return least + (word == "through"), most + (word == "through")
    year = row.day(column)
    return None if year is None else (first_of_year(year + (word == "after")),) * 2


def first_of_year(year: int) -> int:
    """The day 1 January of `year`, a year of the calendar."""
    return parse_day(f"{year:04d}-01-01")


def places(source: Source, rows: Sequence[DeliveredRow]) -> tuple[Place, ...]:
    """The places in groups that the rows of one record give."""
    found = []
    for n, each in enumerate(source.rosters):
        columns = told_of(source, each.part)
        for row in rows:
            group = family(source, each, row)
            named = not each.part or any(row.texts.get(column, "") for column in columns)
            if group and (named or unnamed(source, each)):
                role = (each.as_role or each.roles.get(row.texts.get(each.role, ""))) if named else None
                found.append(
                    Place(
                        row.delivery, row.row, n, each.roster, group, each.part, role, *_member_born(source, each, row)
                    )
                )
    return tuple(found)


def family(source: Source, each: RosterMap, row: DeliveredRow) -> str:
    """What tells the group in which a row places somebody; empty where none does (rule 10)."""
    text = row.texts.get(each.group or source.key, "")
    if text or not each.group:
        return text.upper() if by_number(source, each) else text
    named = any(
        unnamed(source, one) or any(row.texts.get(column, "") for column in told_of(source, one.part))
        for one in naming(source, each)
    )
    return f"{APART}{row.texts.get(source.key, '')}" if named else ""


def by_number(source: Source, each: RosterMap) -> bool:
    """Whether families are told by somebody's number: `1234z` is then `1234Z`."""
    return any(role.rpartition(".")[2] == "number" for column, role in source.roles if column == each.group)


def naming(source: Source, each: RosterMap) -> list[RosterMap]:
    """The maps that place relatives named in a row in the same families as this one."""
    return [one for one in source.rosters if one.part and (one.roster, one.group) == (each.roster, each.group)]


def told_of(source: Source, part: str) -> list[str]:
    """The columns that tell of a relative named in the row; none of the row's own person."""
    return [column for column, role in source.roles if part and role.startswith(f"{part}.")]


def unnamed(source: Source, each: RosterMap) -> bool:
    """Whether each row is there for one child of whom it tells the birth date alone (rule 9)."""
    parts = {one.part for one in source.rosters if one.part and one.roster == each.roster}
    alone = parts == {each.part} and each.part.startswith("dependant") and told_of(source, each.part) == [each.born]
    return alone and bool(each.group) and source.silence is Silence.THOSE_CONCERNED


def _member_born(source: Source, each: RosterMap, row: DeliveredRow) -> tuple[int, int]:
    known = born(source, each.born, row) if each.born else None
    return (FIRST_DAY, row.as_of) if known is None else known


def born(source: Source, column: str, row: DeliveredRow) -> tuple[int, int] | None:
    """The row's one statement of its person's birth: rule 4. None when it gives neither a date nor an age."""
    days = row.span(source, column)
    age_column = source.column_of("age")
    age = None if age_column is None else row.day(age_column.name)
    if age_column is None or age is None:
        return days
    first, last = born_between(age, age_column.told_on(row.as_of))
    first, last = first - A_YEAR, last + A_YEAR
    if days is None:
        return first, last
    if days[0] <= last and first <= days[1]:
        return max(first, days[0]), min(last, days[1])
    return min(first, days[0]), max(last, days[1])


def born_between(age: int, told_on: int) -> tuple[int, int]:
    """The first and last birth date of somebody who was `age` whole years old on the day `told_on`."""
    return _years_before(told_on, age + 1) + 1, _years_before(told_on, age)


def _years_before(day: int, years: int) -> int:
    """The same day `years` earlier; 29 February becomes 28 February where the year has none."""
    then = date_of(day)
    last = 28 if (then.month, then.day) == (2, 29) and not isleap(then.year - years) else then.day
    return day_of(then.replace(year=then.year - years, day=last))


def particulars(source: Source, rows: Sequence[DeliveredRow]) -> tuple[Part, ...]:
    """The particulars that the rows of one record give; empty ones are left out."""
    found = []
    for n, each in enumerate(source.particulars):
        for row in rows:
            text = joined(each, row.texts)
            if text:
                protected = bool(each.protected_when) and row.matches(each.protected_when)
                found.append(Part(row.delivery, row.row, n, each.kind, text, protected))
    return tuple(found)


def joined(each: ParticularMap, texts: Mapping[str, str]) -> str:
    """The columns of a particular, those that are filled, with a space between."""
    return " ".join(text for text in (texts.get(column, "").strip() for column in each.columns) if text)
