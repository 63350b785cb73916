"""Courses: worked proceedings that a lawyer can read and sign, run on the stage (docs/flow/proceeding.md, courses).

    ```course appeal on the last day
    of: objection
    given: {like: a grown islander}
    events:
      - 2021-03-20 refused by harbour_office: {told: 2021-03-22}
    expect:
      - 2021-04-06: refused, held order, last day of appeal 2021-04-06
    ```

1. What is not given is unknown, as in cases; `like` takes over a `person` block's facts. `reading` asks under another
   reading of a doubtful place.
2. An event is `DAY EVENT by ROLE`; one of another proceeding has its name before it, with `#2` the second of that name.
3. On each expected day only what happened up to that day counts. Each thing expected may end `because CITATION`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from musterroll.claim.body import Votes
from musterroll.claim.happening import Event
from musterroll.claim.worked_expect import Expected, differs, expected
from musterroll.dates import NEVER, parse_day
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Held, digits
from musterroll.law import cases
from musterroll.law.article import Block
from musterroll.law.cases import Outcome
from musterroll.law.pack import Pack
from musterroll.law.proceeding import PERSON

_EVENT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2}) (?:(?P<proceeding>\w+)(?:#(?P<number>\d{1,3}))? )?(?P<name>\w+) by (?P<role>\w+)"
)
_DAYS = ("told", "posted", "received", "postmark")
_NUMBERS = {"members": "members", "present": "present", "for": "favour", "against": "against"}


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One expected day of one course: the person, what happened, and what the text says of that day."""

    case: str
    article: str
    where: str
    of: str
    held: Mapping[str, Held]
    events: tuple[Event, ...]
    on: int
    text: str
    expected: tuple[Expected, ...]
    readings: Mapping[str, str]


def run(pack: Pack) -> tuple[Outcome, ...]:
    """Every line of every course of the pack. Raises MusterRollError `law.case` for a course that cannot be read."""
    return tuple(outcome(pack, line) for line in lines(pack))


def lines(pack: Pack) -> tuple[CourseLine, ...]:
    """Every expected day of every course, in the order of the pages. Raises as `run` does."""
    people = cases.people(pack)
    return tuple(line for block in pack.cases if block.kind == "course" for line in _lines(pack, block, people))


def outcome(pack: Pack, line: CourseLine) -> Outcome:
    """Whether the stage says of that day what the course says."""
    pack = pack.with_readings(line.readings) if line.readings else pack
    found, wrong = differs(pack, line.of, line.held, line.events, line.on, line.expected)
    return Outcome(line.case, line.article, line.where, line.on, line.text, found, "; ".join(wrong))


def _lines(pack: Pack, block: Block, people: Mapping[str, Mapping[str, Held]]) -> list[CourseLine]:
    content = block.fields(("of", "expect"), ("given", "events", "reading", "note"))
    of = block.text("of")
    if of not in pack.proceedings:
        raise block.wrong("law.case", f"there is no proceeding `{of}`.", "Declare it, or correct its name.", "of")
    readings = block.mapping("reading")
    for place, chosen in readings.items():
        if place not in pack.readings or chosen not in pack.readings[place].readings:
            raise block.wrong(
                "law.case", f"`{place}` has no reading `{chosen}`.", "Correct its name.", "reading", place
            )
    pack = pack.with_readings(readings) if readings else pack
    held = cases.facts(pack, block, people)
    said = content.get("events", [])
    events = tuple(_event(pack, block, of, item, index) for index, item in enumerate(_list(block, "events", said)))
    found = []
    for index, item in enumerate(_list(block, "expect", content["expect"])):
        path = ("expect", index)
        if not isinstance(item, dict) or len(item) != 1:
            raise block.wrong("law.case", "an expected line is not `DAY: ...`.", "Write `- 2021-04-06: STATE`.", *path)
        ((day, text),) = item.items()
        if not isinstance(text, str):
            raise block.wrong("law.case", "an expected line holds no text.", "Write `- 2021-04-06: STATE`.", *path)
        where = block.place(*path)
        parts = expected(pack, block, of, text, path)
        found.append(
            CourseLine(
                block.name, block.article, where, of, held, events, parse_day(day, where=where), text, parts, readings
            )
        )
    return found


def _list(block: Block, member: str, value: object) -> list[object]:
    if not isinstance(value, list):
        raise block.wrong(
            "law.case", f"`{member}` is no list.", "Write one line for each, beginning with `- `.", member
        )
    return value


def _event(pack: Pack, block: Block, of: str, item: object, index: int) -> Event:
    path = ("events", index)
    text, more = next(iter(item.items())) if isinstance(item, dict) and len(item) == 1 else (item, {})
    found = _EVENT.fullmatch(text) if isinstance(text, str) else None
    if not found or not isinstance(more, dict):
        raise block.wrong(
            "law.case", "an event is not `DAY EVENT by ROLE`.", "Write `- 2021-03-10 filed by person: {...}`.", *path
        )
    where = block.place(*path)
    name = found["proceeding"] or of
    proceeding = pack.proceedings.get(name)
    if proceeding is None or found["name"] not in proceeding.events:
        raise block.wrong("law.case", f"there is no event `{found['name']}` of `{name}`.", "Correct its name.", *path)
    if found["role"] not in proceeding.roles and found["role"] != PERSON:
        raise block.wrong("law.case", f"`{found['role']}` is no role of `{name}`.", "Correct its name.", *path)
    told = {fact for move in proceeding.of(found["name"]) for fact in move.tells}
    facts: dict[str, Held] = {}
    days = dict.fromkeys(_DAYS, NEVER)
    votes: dict[str, int] = {}
    barred: tuple[str, ...] = ()
    waived = ""
    for key, value in more.items():
        if not isinstance(value, str):
            raise block.wrong("law.case", f"`{key}` holds no value.", "Write `name: value`.", *path)
        if key in told:
            facts[key] = cases.held(proceeding.facts[key].attribute, value, block, *path)
        elif key in _DAYS:
            days[key] = parse_day(value, where=where)
        elif key in _NUMBERS and digits(value):
            votes[_NUMBERS[key]] = int(value)
        elif key == "barred":
            barred = tuple(one.strip() for one in value.split(" or ")) if value != "none" else ()
        elif key == "waived by" and value in proceeding.roles:
            waived = value
        else:
            raise block.wrong(
                "law.case",
                f"`{key}: {value}` does not come with `{found['name']}`.",
                f"Known: {', '.join((*sorted(told), *_DAYS, *_NUMBERS, 'barred', 'waived by'))}.",
                *path,
            )
    board = Votes(**votes, barred=barred) if votes or barred else None
    number = int(found["number"] or 0)
    try:
        day = parse_day(found["day"], where=where)
    except MusterRollError as problem:
        raise block.wrong("law.case", problem.what, problem.remedy, *path) from None
    return Event(day, name, found["name"], found["role"], facts, **days, votes=board, waived_by=waived, number=number)
