"""What a course expects of a day, and whether the stage says so: each thing in a few fixed words.

`STATE`, `not STATE`, `formally STATE`, `held PROCEEDING`, `not held PROCEEDING`, `may EVENT by ROLE`, `may not EVENT`
(or `by ROLE`), `last day of LIMIT DATE`, `first day of WAIT DATE` (or `none`), `refused EVENT`; each may end `because
CITATION`. A state, event, limit or wait of another proceeding has its name before it: `order issued`, `claim#2 denied`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from musterroll.claim.course import run
from musterroll.claim.happening import Event, Instance
from musterroll.claim.holding import holdings
from musterroll.claim.matter import Matter
from musterroll.claim.next_step import may
from musterroll.claim.time_limit import stretch
from musterroll.dates import format_day, parse_day
from musterroll.fact.attribute import Held
from musterroll.law.article import Block
from musterroll.law.pack import Pack

_NAME = r"(?:(?P<proceeding>\w+)(?:#(?P<number>\d{1,3}))? )?(?P<name>\w+)"
_FORMS = (
    ("holds", re.compile(r"(?P<no>not )?held (?P<name>\w+)")),
    ("day", re.compile(rf"(?P<which>last|first) day of {_NAME} (?P<day>\d{{4}}-\d{{2}}-\d{{2}}|none)")),
    ("may", re.compile(rf"may (?P<no>not )?{_NAME}(?: by (?P<role>\w+))?")),
    ("refused", re.compile(rf"refused {_NAME}")),
    ("state", re.compile(rf"(?P<no>not )?(?P<formally>formally )?{_NAME}")),
)


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing expected: its form, whether it is denied, what it names, and the paragraphs that must carry it."""

    form: str
    text: str
    proceeding: str
    name: str
    number: int = 0
    denied: bool = False
    formally: bool = False
    role: str = ""
    day: int | None = None
    because: tuple[str, ...] = ()


def expected(pack: Pack, block: Block, of: str, text: str, path: tuple[str, int]) -> tuple[Expected, ...]:
    """What a line says, with every name looked up. Raises MusterRollError `law.case`."""
    found: list[Expected] = []
    for part in (one.strip() for one in text.split(",")):
        said, _, because = part.partition(" because ")
        found.append(_one(pack, block, of, said, (because,) if because else (), path))
    return tuple(found)


def _one(pack: Pack, block: Block, of: str, said: str, because: tuple[str, ...], path: tuple[str, int]) -> Expected:
    form, match = next(((form, found) for form, shape in _FORMS if (found := shape.fullmatch(said))), ("", None))
    groups = match.groupdict() if match else {}
    name = groups.get("proceeding") or of
    proceeding = pack.proceedings.get(groups.get("name", "") if form == "holds" else name)
    known: Mapping[str, object] = {}
    if proceeding:
        spans = proceeding.limits if groups.get("which") == "last" else proceeding.waits
        by_form = {
            "day": spans,
            "state": proceeding.states,
            "may": dict.fromkeys(proceeding.events),
            "refused": dict.fromkeys(proceeding.events),
            "holds": {proceeding.name: proceeding},
        }
        known = by_form.get(form, {})
    if not proceeding or groups.get("name") not in known or (form == "may" and not groups["no"] and not groups["role"]):
        raise block.wrong(
            "law.case",
            f"`{said}` is not understood, or names something that does not exist.",
            "Write a state, `held PROCEEDING`, `may EVENT by ROLE`, `last day of LIMIT DATE`, `refused EVENT`, ...",
            *path,
        )
    day = groups.get("day")
    return Expected(
        form,
        said,
        name,
        groups["name"] or "",
        int(groups.get("number") or 0),
        bool(groups.get("no")),
        bool(groups.get("formally")),
        groups.get("role") or "",
        parse_day(day, where=block.place(*path)) if day and day != "none" else None,
        because,
    )


def differs(
    pack: Pack, of: str, held: Mapping[str, Held], events: tuple[Event, ...], on: int, said: tuple[Expected, ...]
) -> tuple[str, list[str]]:
    """What was found on the day, in words, and in what it is not what was expected."""
    matter = run(pack, held, events, on)
    wrong = []
    for one in said:
        fits, found, cites = _LOOKED[one.form](matter, one)
        if not fits:
            wrong.append(f"expected {one.text}, found {found}")
        else:
            wrong.extend(f"{cite} is no reason for `{one.text}`" for cite in one.because if cite not in cites)
    here = matter.current(of)
    return here.state(on), wrong


type Looked = tuple[bool, str, tuple[str, ...]]


def _state(matter: Matter, one: Expected) -> Looked:
    here = matter.current(one.proceeding, one.number)
    found = here.formal if one.formally else here.state(matter.day)
    return (found == one.name) != one.denied, found, _reached_by(here, found, matter.day)


def _reached_by(here: Instance, state: str, on: int) -> tuple[str, ...]:
    """The paragraphs of the moves that led to a state, the last time it was reached."""
    cites: list[str] = []
    for entry in reversed(here.history):
        if entry.state == state:
            cites.extend(entry.cites)
        elif cites and entry.effective <= on:
            break
    return tuple(cites)


def _holds(matter: Matter, one: Expected) -> Looked:
    found = holdings(matter, one.name, matter.day)
    return bool(found) != one.denied, "held" if found else "not held", tuple(hold.cite for hold in found)


def _day(matter: Matter, one: Expected) -> Looked:
    here = matter.current(one.proceeding, one.number)
    proceeding = matter.proceeding(here)
    span = proceeding.limits.get(one.name) or proceeding.waits[one.name]
    day = stretch(matter, here, span, matter.day).counted.day
    return day == one.day, format_day(day) if day is not None else "none", (span.cite,)


def _may(matter: Matter, one: Expected) -> Looked:
    proceeding = matter.pack.proceedings[one.proceeding]
    roles = (one.role,) if one.role else tuple(
        dict.fromkeys(role for move in proceeding.of(one.name) for role in move.by)
    )  # fmt: skip
    found = [may(matter, one.proceeding, one.name, role, one.number) for role in roles]
    cites = tuple(cite for step in found for cite in step.cites)
    able = [step.by for step in found if step.may]
    words = f"may by {' or '.join(able)}" if able else f"may not: {'; '.join(dict.fromkeys(one.what for one in found))}"
    return bool(able) != one.denied, words, cites


def _refused(matter: Matter, one: Expected) -> Looked:
    found = [
        refusal
        for refusal in matter.refused
        if (refusal.event.proceeding, refusal.event.name, refusal.event.day)
        == (one.proceeding, one.name, matter.day)
    ]  # fmt: skip
    return bool(found), "it happened, or nobody tried", tuple(cite for refusal in found for cite in refusal.cites)


_LOOKED = {"state": _state, "holds": _holds, "day": _day, "may": _may, "refused": _refused}
