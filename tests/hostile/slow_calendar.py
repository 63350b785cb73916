"""Time limits counted by walking from day to day, as a clerk does with a calendar on the wall: slow, and nobody's code.

    python -m tests.hostile.slow_calendar [--from 2020-01-01 --to 2060-12-31]

1. Nothing of the product is used to count: not its calendar, not its working days, not its time limits; nor Python's
   dates. What is imported from it is what is put to the test. The wall is drawn from one day that everybody knows
   (Tuesday, 1 January 2019) and the rule of leap years.
2. A month is walked until the month has changed so often; whether the day that is then looked for exists is seen on
   the wall. A paused day is stepped over.
3. `tests/conformance/test_slow_calendar.py` asks the stage the same on every day of 2020 to 2060, for the time limits
   of the packs and a part of a grid; this program asks for the whole grid.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import product
from pathlib import Path

from musterroll.claim.budget import reckon
from musterroll.dates import NEVER
from musterroll.law import pack as packs
from musterroll.law.article import Block
from musterroll.law.calendar import Calendar, Overflow
from musterroll.law.pack import Pack
from musterroll.law.proceeding import Length, Point, Span
from musterroll.law.workday import Workdays

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LENGTHS = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}


@dataclass(frozen=True)
class Square:
    """One day on the wall."""

    year: int
    month: int
    number: int
    weekday: str

    @property
    def text(self) -> str:
        """As packs write it."""
        return f"{self.year:04}-{self.month:02}-{self.number:02}"


def drawn(until: int) -> list[Square]:
    """Every day from 1 January 2019 to the end of a year, one after the other."""
    wall, weekday = [], WEEK.index("Tuesday")
    for year in range(2019, until + 1):
        leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
        for month, length in LENGTHS.items():
            for number in range(1, length + (leap and month == 2) + 1):
                wall.append(Square(year, month, number, WEEK[weekday]))
                weekday = (weekday + 1) % 7
    return wall


WALL = drawn(2066)
PLACES = {square.text: place for place, square in enumerate(WALL)}
EPOCH = 17_897
"""The number that the project gives to the first square: days since 1 January 1970."""

FIRST, LAST = "2020-01-01", "2060-12-31"
PACKS = Path(__file__).parents[2] / "packs"


@dataclass(frozen=True)
class Shut:
    """When nobody works: squares by their text, and days of the week; from `since` to before `until` that is known."""

    closed: frozenset[str] = frozenset()
    weekend: frozenset[str] = frozenset()
    since: int = 0
    until: int = len(WALL)

    def on(self, place: int) -> bool:
        """Whether nobody works on this square."""
        return self.crossed[place]

    @cached_property
    def crossed(self) -> list[bool]:
        """Every square of the wall, crossed out where nobody works."""
        return [square.text in self.closed or square.weekday in self.weekend for square in WALL]


NEVER_SHUT = Shut()


@dataclass(frozen=True)
class Way:
    """One way to count: so many `days`, `working days`, `months` or `years`.

    `counts`: from the `day after` or the `day of` a start; `before` or `clear before` it (so many days, so many whole
    days between); `until` it or the `day before` it. `absent` says where a period of months ends whose last month has
    no such day, `leap` where whole years end that lack a 29 February: on the `last` day of the month, or the `next`.
    `roll`: the day goes on to the `next` working day, back to the `previous` one, or stays.
    """

    amount: int
    unit: str
    counts: str = "day after"
    roll: str = ""
    absent: str = "last"
    leap: str = "last"


def last_day(start: int, way: Way, shut: Shut = NEVER_SHUT, paused: frozenset[int] = frozenset()) -> int:
    """The square on which it ends that begins on `start`; `paused` are squares that use nothing up."""
    place = _rough(start, way, shut, paused)
    while way.roll and shut.on(place):
        place += 1 if way.roll == "next" else -1
    return place


def _rough(start: int, way: Way, shut: Shut, paused: frozenset[int]) -> int:
    if way.counts in ("until", "day before"):
        return start - (way.counts == "day before")
    if way.counts in ("before", "clear before"):
        place = start - (way.counts == "clear before")
        for _ in range(way.amount):
            place -= 1
        return place
    if way.unit in ("months", "years"):
        place = _months(start, way)
        stopped = sum(1 for one in range(start + (way.counts == "day after"), place + 1) if one in paused)
        while stopped:
            place += 1
            stopped -= place not in paused
        return place
    place, left = start - (way.counts == "day of"), way.amount
    while left:
        place += 1
        left -= place not in paused and not (way.unit == "working days" and shut.on(place))
    return place


def _months(start: int, way: Way) -> int:
    """Walk until the month has changed often enough, then look for the same number; it may be absent.

    Where the start itself is counted, the last day is the one before: the number less one, which is the end of a month
    for a start on the first.
    """
    turns = way.amount * 12 if way.unit == "years" else way.amount
    wanted, place = WALL[start].number - (way.counts == "day of"), start
    while turns:
        place += 1
        turns -= WALL[place].number == 1
    if wanted == 0:
        while WALL[place].number != 1:
            place -= 1
        return place - 1
    whole_years = way.unit == "years" or way.amount % 12 == 0
    while WALL[place].number != wanted:
        if WALL[place + 1].number == 1:  # the month ends without it
            return place + ((way.leap if whole_years else way.absent) == "next")
        place += 1
    return place


@dataclass(frozen=True)
class Question:
    """One way to count as the stage is asked, with the calendar it is asked under; `pauses` count from the start."""

    name: str
    way: Way
    span: Span
    calendar: Calendar
    shut: Shut = NEVER_SHUT
    pauses: tuple[tuple[int, int], ...] = ()
    late: bool = field(default=True)

    def expected(self, start: int) -> int | None:
        """The square, or None where the end lies beyond what is known of working days."""
        paused = frozenset(start + one for first, end in self.pauses for one in range(first, end))
        place = last_day(start, self.way, self.shut, paused)
        working = self.way.roll or self.way.unit == "working days"
        return None if working and not self.shut.since <= place < self.shut.until else place

    def found(self, start: int) -> int | None:
        """What the stage says."""
        day = start + EPOCH
        pauses = [(day + first, day + end) for first, end in self.pauses]
        made = reckon(self.span, self.span.length, [(day, day)], self.calendar, pauses)
        end = made.hi if self.late else made.lo
        return None if made.hi >= NEVER - 1 else end - EPOCH


def differing(question: Question, first: str = FIRST, last: str = LAST) -> Iterator[str]:
    """Every day on which the clerk and the stage differ."""
    for start in range(max(PLACES[first], question.shut.since), PLACES[last] + 1):
        mine, theirs = question.expected(start), question.found(start)
        if mine != theirs:
            said = (WALL[one].text if one is not None else "nothing" for one in (mine, theirs))
            yield "{}, from {}: the clerk says {}, the stage {}".format(question.name, WALL[start].text, *said)


SHORE = Shut(
    frozenset(
        square.text
        for square in WALL
        if (square.month, square.number) in {(1, 1), (2, 29), (5, 1), (7, 4), (12, 24), (12, 25), (12, 26), (12, 31)}
    ),
    frozenset({"Saturday", "Sunday"}),
)


@cache
def calendar(absent: str, leap: str) -> Calendar:
    """A pack's calendar; its working days are given as the wall shows them."""
    kinds = {"last": Overflow.LAST, "next": Overflow.NEXT}
    working = tuple(place + EPOCH for place in range(len(WALL)) if not SHORE.on(place))
    return Calendar(kinds[leap], kinds[absent], 0, (), (Workdays("shore", EPOCH, EPOCH + len(WALL), working),))


FORMS = {
    "day after": ("from", "day after"),
    "day of": ("from", "day of"),
    "before": ("before", ""),
    "clear before": ("before", "clear"),
    "until": ("until", ""),
    "day before": ("until", "day before"),
}
"""How the stage calls each way of counting: its form, and its convention."""


def asked(way: Way, *, pauses: tuple[tuple[int, int], ...] = ()) -> Question:
    """The same way as the clerk counts, put to the stage."""
    form, counts = FORMS[way.counts]
    working = "shore" if way.unit == "working days" else ""
    length = Length(way.amount, way.unit, "", working) if form != "until" else None
    rolls = "shore" if way.roll else ""
    span = Span("limit", form, length, (Point("filed"),), False, counts, way.roll, rolls, (), "")
    absent = f", {way.absent} day, {way.leap} of leap years" if way.unit in ("months", "years") else ""
    name = f"{way.amount} {way.unit}, {way.counts}, {way.roll or 'as it falls'}{absent}, pauses {pauses}"
    return Question(name, way, span, calendar(way.absent, way.leap), SHORE, pauses)


DAYS = (1, 2, 3, 5, 7, 8, 10, 14, 15, 20, 21, 30, 31, 45, 60, 90, 120, 180, 365, 730)
WORKING = (1, 2, 3, 5, 7, 10, 15, 20, 30)
MONTHS = (1, 2, 3, 4, 5, 6, 9, 11, 12, 13, 18, 24, 36)
YEARS = (1, 2, 3, 4, 5)
PAUSES = ((), ((0, 1),), ((1, 2),), ((4, 12),), ((0, 3), (9, 10), (14, 40)), ((20, 400),))
SAMPLE = 97
"""Every so-manieth question of the grid is asked wherever the tests run; the program asks all."""


def grid() -> Iterator[Question]:
    """Every length, convention and last-day rule, some pauses, both kinds of absent days."""
    counted = [(amount, "days") for amount in DAYS] + [(amount, "working days") for amount in WORKING]
    for (amount, unit), counts, roll, pauses in product(counted, ("day after", "day of"), ("", "next"), PAUSES):
        yield asked(Way(amount, unit, counts, roll), pauses=pauses)
    turning = [(amount, "months") for amount in MONTHS] + [(amount, "years") for amount in YEARS]
    for (amount, unit), counts, roll, absent, leap, pauses in product(
        turning, ("day after", "day of"), ("", "next"), ("last", "next"), ("last", "next"), PAUSES[::2]
    ):
        yield asked(Way(amount, unit, counts, roll, absent, leap), pauses=pauses)
    for amount, unit in ((1, "days"), (15, "days"), (30, "days"), (2, "months")):
        yield asked(Way(amount, unit, "day after", "previous"))
    for amount, counts, roll in product((0, 1, 7, 10, 30, 60), ("before", "clear before"), ("", "next", "previous")):
        yield asked(Way(amount, "days", counts, roll))
    for counts, roll in product(("until", "day before"), ("", "next", "previous")):
        yield asked(Way(0, "days", counts, roll))


def of_pack(pack: Pack) -> list[Question]:
    """Every different way in which a pack counts, under each of its calendars; silent ones both ways."""
    found: dict[str, Question] = {}
    shut = {block.name: _shut(pack, block) for block in pack.pages.blocks if block.kind == "holidays"}
    spans = [
        span
        for one in pack.proceedings.values()
        for span in (*one.limits.values(), *one.waits.values(), *(move.notice for move in one.moves if move.notice))
    ]
    calendars = list({period.calendar: None for period in pack.law.periods})
    for span, by, late in product(spans, calendars, (False, True)):
        for length in _lengths(pack, span.length):
            way = _way(span, length, by, late)
            names = {span.working, length.working if length else ""} - {""}
            known = shut[names.pop()] if names else NEVER_SHUT
            name = f"{pack.name}: {way}"
            found.setdefault(name, Question(name, way, _of(span, length), by, known, (), late))
            if span.pauses:
                found.setdefault(
                    f"{name} paused", Question(f"{name}, paused", way, _of(span, length), by, known, ((3, 9),), late)
                )
    return list(found.values())


def _of(span: Span, length: Length | None) -> Span:
    return Span("limit", span.form, length, (Point("filed"),), False, span.counts, span.roll, span.working, (), "")


def _lengths(pack: Pack, length: Length | None) -> list[Length | None]:
    if length is None or not length.parameter:
        return [length]
    values = {value for _, value in pack.parameters[length.parameter].values}
    return [Length(value, length.unit, "", length.working) for value in sorted(values)]


def _way(span: Span, length: Length | None, by: Calendar, late: bool) -> Way:
    counts = next(name for name, form in FORMS.items() if form == (span.form, span.counts))

    def end(kind: Overflow) -> str:
        return "next" if kind is Overflow.NEXT or (kind is Overflow.EITHER and late) else "last"

    amount, unit = (length.amount, length.unit) if length else (0, "days")
    return Way(amount, unit, counts, span.roll, end(by.month_end), end(by.leap_day))


def _shut(pack: Pack, block: Block) -> Shut:
    """What a `holidays` block says, read once more and otherwise: its text, line by line."""
    content: Mapping[str, object] = block.content  # type: ignore[assignment]
    first, _, end = str(content["covers"]).partition(" .. ")
    closed: set[str] = set()
    for line in content["closed"]:  # type: ignore[attr-defined]
        for cite, days in line.items():
            reading = cite.removeprefix("interpretation ").split()
            several = cite.startswith("interpretation ") and len(reading) == 2
            other = several and pack.readings[reading[0]].chosen != reading[1]
            closed |= set() if other else {days} if isinstance(days, str) else set(days)
    weekend = content["weekend"]["is"]  # type: ignore[index]
    free = {weekend} if isinstance(weekend, str) else set(weekend)
    return Shut(
        frozenset(closed), frozenset(free), PLACES[max(first.strip(), WALL[0].text)], PLACES.get(end.strip(), len(WALL))
    )


def main() -> int:
    """Ask everything; tell each difference."""
    parser = argparse.ArgumentParser(description="Every time limit on every day, counted twice.")
    parser.add_argument("--from", dest="first", default=FIRST)
    parser.add_argument("--to", dest="last", default=LAST)
    options = parser.parse_args()
    questions = [*grid()]
    for folder in sorted(PACKS.iterdir()):
        if (folder / "pack.md").exists():
            questions += of_pack(packs.load(folder))
    wrong = 0
    for number, question in enumerate(questions, 1):
        for line in differing(question, options.first, options.last):
            wrong += 1
            print(line)
        if number % 50 == 0:
            print(f"[{number} of {len(questions)}] {wrong} differ", file=sys.stderr)
    days = PLACES[options.last] - PLACES[options.first] + 1
    print(f"{len(questions)} ways to count on {days} days: {len(questions) * days} answers, {wrong} differ")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
