"""Reading `proceeding` blocks: every name checked, every line cited (docs/flow/proceeding.md, the members of a block).

1. Each block is read by itself first; then names that reach into other proceedings are checked among all of them.
2. Exactly one state is the start; every state, role, fact, limit, wait and event that a line names exists.
3. A proceeding belongs `within` another one, never in a circle.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Attribute, ValueType, digits
from musterroll.law.article import Block
from musterroll.law.declare import Citations, is_word
from musterroll.law.proceeding import (
    NEXT_MEETING,
    PERSON,
    SILENT,
    SILENT_NOTICE,
    TIME,
    Body,
    Fact,
    Hold,
    Move,
    Pause,
    Proceeding,
    Role,
    Silence,
    Span,
    State,
    StateKind,
    Worsening,
)
from musterroll.law.proceeding_lines import Line, by_name, lines, listed
from musterroll.law.proceeding_names import Names, made_up
from musterroll.law.proceeding_span import length_and_points, span

MEMBERS = ("within", "many", "roles", "facts", "bodies", "limits", "waits", "holds", "silent")
_MOVE = (
    *("by", "tells", "if", "not after", "not before", "after", "waiver", "binds", "worsens", "ends"),
    *("counts as", "needs", "outer ended"),
)
_ARROW = re.compile(r"(?P<states>\w+(?: or \w+)*) -> (?P<to>\w+)")
_AFTER_TOLD = re.compile(r"(?:(?P<days>\d{1,4}) days|parameter (?P<parameter>\w+)) after told")
_NUMBERS = re.compile(r"int (?P<least>\d{1,6}) \.\. (?P<most>\d{1,6})")
_ARRIVALS = ("postmark", "posted", "received")
_TAKEN = frozenset({PERSON, TIME, NEXT_MEETING, "same", "on", "none_of", "like"})


@dataclass(frozen=True, slots=True)
class Known:
    """What of the rest of the pack the lines of a proceeding may name."""

    citations: Citations
    attributes: Mapping[str, Attribute]
    taken: Collection[str]
    parameters: Collection[str]
    calendars: Collection[str]


def proceedings(blocks: list[Block], known: Known) -> dict[str, Proceeding]:
    """The proceedings by name. Raises `law.proceeding`, `law.uncited`, `law.block`."""
    found: dict[str, Proceeding] = {}
    for block in blocks:
        if not is_word(block.name) or block.name in found or block.name in _TAKEN:
            raise block.wrong("law.block", "it has no name of one word, or the name is declared twice.", "Rename it.")
        found[block.name] = _proceeding(block, known)
    return {block.name: _together(block, found[block.name], found, known) for block in blocks}


def _proceeding(block: Block, known: Known) -> Proceeding:
    block.fields(("title", "states", "moves"), MEMBERS)
    many = block.text("many", "no")
    if many not in ("yes", "no"):
        raise block.wrong("law.proceeding", "`many` is yes or no.", "Write `many: yes`.", "many")

    def read(member: str) -> list[Line]:
        return lines(block, member, known.citations)

    roles = {name: Role(name, line.cite, line.where) for line in read("roles") for name in listed(line.name)}
    for line in read("roles"):
        line.only()
    facts = {line.name: _fact(line) for line in by_name(read("facts"))}
    bodies = _bodies(read("bodies"), roles)
    states = {line.name: _state(line) for line in by_name(read("states"))}
    if sum(state.kind is StateKind.START for state in states.values()) != 1:
        raise block.wrong("law.proceeding", "not exactly one state is the start.", "Write `none: start`.", "states")
    limits = {line.name: span(line, known.calendars, known.parameters) for line in by_name(read("limits"))}
    waits = {line.name: span(line, known.calendars, known.parameters) for line in by_name(read("waits"))}
    made = Proceeding(
        block.name,
        block.text("title"),
        block.article,
        block.text("within"),
        many == "yes",
        roles,
        facts,
        bodies,
        states,
        tuple(_move(line, number) for number, line in enumerate(read("moves"))),
        limits,
        waits,
        tuple(_hold(line) for line in read("holds")),
        tuple(Silence(line.name, line.value) for line in read("silent")),
        block.place(),
    )
    _named(block, made, (*facts, *states, *made.events, *limits, *waits, *roles))
    return made


def _named(block: Block, made: Proceeding, names: tuple[str, ...]) -> None:
    """Refuses names that no condition could use, and spans that share one."""
    for name in names:
        if not is_word(name) or name in _TAKEN - {TIME}:
            raise block.wrong("law.proceeding", f"`{name}` is not one word that can stand here.", "Use a_name.")
    for name in (*made.facts, *made.waits):
        if name in made.events or name in made.limits or (name in made.waits and name in made.facts):
            raise block.wrong("law.proceeding", f"`{name}` is two things.", "Give one of them another name.")


def _fact(line: Line) -> Fact:
    line.only()
    numbers = _NUMBERS.fullmatch(line.value)
    values = tuple(one.strip() for one in line.value.split("|"))
    if numbers and int(numbers["least"]) < int(numbers["most"]):
        made = made_up(line.name, ValueType.INT, (), int(numbers["least"]), int(numbers["most"]))
    elif line.value in ("bool", "date"):
        made = made_up(line.name, ValueType(line.value))
    elif len(values) > 1 and len(set(values)) == len(values) and all(is_word(one) for one in values):
        made = made_up(line.name, ValueType.ENUM, values)
    else:
        raise line.wrong(f"`{line.value}` is no type.", "Write `bool`, `date`, `int 0 .. 9` or `a | b | c`.")
    return Fact(made, line.cite, line.where)


def _state(line: Line) -> State:
    line.only()
    kinds = {kind.value: kind for kind in StateKind}
    if line.value not in kinds:
        raise line.wrong(f"`{line.value}` is not what a state is.", f"Write one of: {', '.join(kinds)}.")
    return State(line.name, kinds[line.value], line.cite, line.where)


def _bodies(said: list[Line], roles: Mapping[str, Role]) -> dict[str, Body]:
    found: dict[str, Body] = {}
    for line in said:
        line.only()
        if line.name == "barred":
            continue
        parts = dict(part.strip().partition(" ")[::2] for part in line.value.split(","))
        quorum, decides, tie = (parts.pop(name, "") for name in ("quorum", "decides", "tie"))
        if quorum not in ("majority of members", "all") and not digits(quorum):
            raise line.wrong(f"`quorum {quorum}` is not understood.", "Write `quorum majority of members` or a number.")
        known = ("majority of present", "majority of votes", "majority of members", "unanimous")
        if not decides and parts == {"unanimous": ""}:
            decides, parts = "unanimous", {}
        if decides not in known or parts:
            raise line.wrong("it does not say how it decides.", f"Write `decides` and one of: {', '.join(known)}.")
        if not tie or line.name not in roles:
            raise line.wrong("it says nothing of a tie, or is no role.", f"Write `tie {NEXT_MEETING}`; declare it.")
        found[line.name] = Body(line.name, quorum, decides, tie, (), line.cite, "", line.where)
    for line in said:
        if line.name == "barred":
            names = tuple(line.value.split(" or "))
            for name, body in found.items():
                found[name] = replace(body, barred=(*body.barred, *names), barred_cite=line.cite)
    return found


def _hold(line: Line) -> Hold:
    line.only("then")
    return Hold(line.name, tuple(line.value.split(" or ")), line.more.get("then", ""), line.cite, line.where)


def _move(line: Line, number: int) -> Move:
    arrow = _ARROW.fullmatch(line.value)
    for name in line.more:
        if name not in _MOVE:
            raise line.wrong(f"`{name}` is not known here.", f"Known: {', '.join(_MOVE)}.")
    if not arrow or not line.more.get("by"):
        raise line.wrong("a move says from where, to where and by whom.", "Write `EVENT: FROM -> TO, by: ROLE`.")
    for name in ("binds", "outer ended"):
        if line.more.get(name, "no") not in ("yes", "no"):
            raise line.wrong(f"`{name}` is yes or no.", f"Write `{name}: yes`.")
    counts_as = tuple(line.more["counts as"].split(" or ")) if "counts as" in line.more else ()
    if not set(counts_as) <= set(_ARRIVALS):
        raise line.wrong("what arrives counts as of some day.", f"Write `counts as:` and {' or '.join(_ARRIVALS)}.")
    ends = tuple((one.partition(" ")[0], one.partition(" ")[2].strip()) for one in listed(line.more.get("ends", "")))
    return Move(
        number,
        line.name,
        tuple(arrow["states"].split(" or ")),
        "" if arrow["to"] == "same" else arrow["to"],
        tuple(line.more["by"].split(" or ")),
        line.cite,
        listed(line.more.get("tells", "")),
        line.more.get("if", ""),
        listed(line.more.get("not after", "")),
        listed(line.more.get("not before", "")),
        line.more.get("after", ""),
        line.more.get("waiver", ""),
        line.more.get("binds") == "yes",
        _worsening(line),
        ends,
        _notice(line, line.more.get("needs", "")),
        counts_as,
        line.more.get("outer ended") == "yes",
        line.when,
        line.where,
    )


def _worsening(line: Line) -> Worsening | None:
    text = line.more.get("worsens", "")
    after = _AFTER_TOLD.fullmatch(text)
    if not text:
        return None
    if text == SILENT:
        return Worsening(SILENT_NOTICE, silent=True)
    if text != "told" and not after:
        raise line.wrong(
            f"`worsens: {text}` is not understood.", "Write `told`, `10 days after told` or `law silent` (S9)."
        )
    return Worsening(int(after["days"] or 0), after["parameter"] or "") if after else Worsening(0)


def _notice(line: Line, text: str) -> Span | None:
    if not text:
        return None
    if " notice from " not in text:
        raise line.wrong(f"`needs {text}` is not understood.", "Write `needs 10 days notice from EVENT`.")
    return replace(length_and_points(line, text.replace(" notice from ", " from ")), counts="day after")


def _together(block: Block, one: Proceeding, all_of: Mapping[str, Proceeding], known: Known) -> Proceeding:
    """The proceeding with every name that it uses checked among all proceedings."""
    above = [one.name]
    while all_of[above[-1]].within:
        outer = all_of[above[-1]].within
        if outer not in all_of or outer in above:
            raise block.wrong("law.proceeding", f"`within: {outer}` is no other proceeding.", "Name one.", "within")
        above.append(outer)
    names = Names(one.name, all_of)
    for name in names:
        if name in known.attributes or name in known.taken:
            raise block.wrong(
                "law.proceeding",
                f"`{name}` is already an attribute, a parameter or a definition.",
                "Give the event, fact or state another name.",
            )
    _Checked(block, one, all_of, names, known).all()

    def paused(spans: Mapping[str, Span]) -> dict[str, Span]:
        return {
            name: replace(span, pauses=tuple(_pause(block, one, all_of, pause, span) for pause in span.pauses))
            for name, span in spans.items()
        }

    return replace(one, limits=paused(one.limits), waits=paused(one.waits))


def _pause(block: Block, one: Proceeding, all_of: Mapping[str, Proceeding], pause: Pause, limit: Span) -> Pause:
    if pause.name in one.states:
        return Pause(pause.name, one.name, pause.name)
    for name, other in all_of.items():
        if pause.name.startswith(f"{name}_") and pause.name.removeprefix(f"{name}_") in other.states:
            return Pause(pause.name, name, pause.name.removeprefix(f"{name}_"))
    raise block.wrong(
        "law.proceeding",
        f"`{limit.name}` pauses while `{pause.name}`, which is no state.",
        "Name a state of this proceeding, or PROCEEDING_STATE of another one.",
        "limits",
    )


class _Checked:
    """One proceeding's lines, each name looked up."""

    def __init__(
        self, block: Block, one: Proceeding, all_of: Mapping[str, Proceeding], names: Names, known: Known
    ) -> None:
        self.block, self.one, self.all_of, self.names, self.known = block, one, all_of, names, known

    def all(self) -> None:
        for move in self.one.moves:
            self.move(move)
        for span_of in (*self.one.limits.values(), *self.one.waits.values()):
            self.days(span_of)
        for hold in self.one.holds:
            self.exists(hold.target in self.all_of and hold.target != self.one.name, hold, hold.target)
            for state in hold.states:
                self.exists(state in self.one.states, hold, state)
            self.exists(not hold.then or hold.then in self.one.waits, hold, hold.then)
        for body in self.one.bodies.values():
            self.exists(body.tie == NEXT_MEETING or body.tie in self.one.events, body, body.tie)

    def exists(self, there: bool, line: Move | Span | Hold | Body, name: str) -> None:
        """Raises `law.proceeding` with the line that names what does not exist."""
        if not there:
            raise MusterRollError(
                "law.proceeding",
                f"proceeding {self.one.name}: `{name}` is not declared where it is looked for.",
                where=f"{line.where or self.block.place()}, {line.cite}",
                remedy="Correct its name, or declare it.",
            )

    def move(self, move: Move) -> None:
        one = self.one
        for state in (*move.states, *((move.to,) if move.to else ())):
            self.exists(state in one.states, move, state)
        for role in (*move.by, *((move.waiver,) if move.waiver else ())):
            self.exists(role in one.roles or role in (PERSON, TIME), move, role)
        for fact in move.tells:
            self.exists(fact in one.facts, move, fact)
        for limit in move.not_after:
            self.exists(limit in one.limits, move, limit)
        for wait in move.not_before:
            self.exists(wait in one.waits or self.is_day(wait), move, wait)
        by_time = TIME in move.by
        self.exists(by_time == bool(move.after) and (not by_time or len(move.by) == 1), move, move.after or "after")
        if by_time:
            other = (*move.tells, *move.not_after, *move.not_before, *move.counts_as, move.waiver)
            first = next((name for name in other if name), "worsens" if move.worsens else "needs")
            self.exists(not any(other) and not move.notice and not move.worsens, move, first)
        if move.after:
            self.exists(move.after in one.limits or move.after in one.waits, move, move.after)
        for target, event in move.ends:
            self.exists(target in self.all_of and target != one.name, move, target)
            self.exists(event in self.all_of[target].events, move, event)
        if move.notice:
            self.days(move.notice)
        if move.worsens and move.worsens.parameter:
            self.exists(move.worsens.parameter in self.known.parameters, move, move.worsens.parameter)

    def days(self, span_of: Span) -> None:
        for point in span_of.points:
            self.exists(self.is_day(point.name), span_of, point.name)

    def is_day(self, name: str) -> bool:
        held = self.names[name].attribute if name in self.names else self.known.attributes.get(name)
        return held is not None and held.type is ValueType.DATE
