"""The proceedings of a pack with one small error in them, as an author could make it (docs/flow/law-tests.md).

| kind | the error |
|---|---|
| `length` | a day, working day, month or year more or fewer; another unit; another number for the parameter |
| `counting` | the other convention; no last-day rule; another start; the earlier for the later; a pause left out |
| `move` | left out; a role or a state left out or let in; another state after it; several open at once |
| `guard` | its limit, wait, notice or waiver left out; as of another day; also when the outer one has ended |
| `condition` | an error inside its condition, as in rules; the condition left out |
| `effect` | `binds`, `worsens` or one of `ends` left out; a day more or fewer until it counts |
| `hold` | a state of it, its wait, or all of it left out |
| `body` | a member more or fewer for the quorum; another majority; another rule for a tie; a bar left out |

1. Errors are made in the typed law: the stage runs a law with an error like the law itself.
2. One at a time. What is let in is what an author would mix up: the person for an office, doing the same once more.
3. What a definition holds belongs to the first that reads it, the rules before the moves; elsewhere only its negation
   is tried.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from musterroll.fact.attribute import Attribute
from musterroll.law.model import All, Condition, Line, Not, Period, Some, joined_parts
from musterroll.law.mutants import errors_in
from musterroll.law.pack import Pack
from musterroll.law.proceeding import (
    NEXT_MEETING,
    PERSON,
    TIME,
    Body,
    Hold,
    Length,
    Move,
    Proceeding,
    Span,
    Worsening,
)
from musterroll.law.written import written

type Change = Callable[[Pack], Pack]


@dataclass(frozen=True, slots=True)
class Error:
    """One error: its kind, the proceeding and the part it is in, its place, and what is changed, in words.

    `move` is the number of the move that it is in, or -1; `instead` the condition with the error, by period.
    """

    kind: str
    proceeding: str
    part: str
    where: str
    cite: str
    what: str
    change: Change = field(compare=False, repr=False)
    move: int = -1
    instead: tuple[tuple[int, Condition | None], ...] = ()


def of(pack: Pack) -> tuple[Error, ...]:
    """Every error in every proceeding, in the order of its lines."""
    seen = [_read_by_rules(period) for period in pack.law.periods]
    return tuple(error for one in pack.proceedings.values() for error in _of(pack, one, seen))


def _of(pack: Pack, one: Proceeding, seen: list[set[int]]) -> Iterator[Error]:
    for move in one.moves:
        yield from _of_move(pack, one, move)
        yield from _of_condition(pack, one, move, seen)
        if move.notice:
            yield from _of_span(pack, one, move.notice, partial(_with_notice, one, move))
    for span in one.limits.values():
        yield from _of_span(pack, one, span, partial(_with_limit, one))
    for span in one.waits.values():
        yield from _of_span(pack, one, span, partial(_with_wait, one))
    for number, hold in enumerate(one.holds):
        yield from _of_hold(one, number, hold)
    for body in one.bodies.values():
        yield from _of_body(one, body)
    many = "only one is open at a time" if one.many else "several may be open at once"
    yield Error("move", one.name, "many", one.where, one.article, many, _with(replace(one, many=not one.many)))


def _with(one: Proceeding) -> Change:
    """The pack with this proceeding in the place of the one of its name."""
    return lambda pack: replace(pack, law=replace(pack.law, proceedings={**pack.proceedings, one.name: one}))


def _moved(one: Proceeding, move: Move, instead: Move) -> Proceeding:
    """The proceeding with a move exchanged."""
    return replace(one, moves=tuple(instead if other is move else other for other in one.moves))


def _with_notice(one: Proceeding, move: Move, span: Span) -> Proceeding:
    return _moved(one, move, replace(move, notice=span))


def _with_limit(one: Proceeding, span: Span) -> Proceeding:
    return replace(one, limits={**one.limits, span.name: span})


def _with_wait(one: Proceeding, span: Span) -> Proceeding:
    return replace(one, waits={**one.waits, span.name: span})


def _of_move(pack: Pack, one: Proceeding, move: Move) -> Iterator[Error]:
    def error(kind: str, what: str, instead: Move) -> Error:
        told = f"`{move.event}`: {what}"
        change = _with(_moved(one, move, instead))
        return Error(kind, one.name, move.event, move.where, move.cite, told, change, move.number)

    yield error("move", "it is left out", replace(move, states=()))
    if len(move.by) > 1:
        yield from (error("move", f"not by {role}", _less(move, "by", role)) for role in move.by)
    if TIME not in move.by:
        beside = {role for line in one.of(move.event) if {*line.states} & {*move.states} for role in line.by}
        other = next((role for role in (PERSON, *one.roles) if role not in beside), "")
        if other:
            yield error("move", f"also by {other}", replace(move, by=(*move.by, other)))
    if len(move.states) > 1:
        yield from (error("move", f"not from `{state}`", _less(move, "states", state)) for state in move.states)
    elsewhere = {state for line in one.of(move.event) for state in line.states}
    again = next((name for name in (move.to, *one.states) if name and name not in elsewhere), "")
    if TIME in move.by:  # nobody sees it happen where it leads nowhere, nor before anything has begun
        again = next((name for name in one.states if name not in (*elsewhere, move.to, one.start)), "")
    if again:
        yield error("move", f"also from `{again}`", replace(move, states=(*move.states, again)))
    if move.to:
        yield error("move", "it stays in its state", replace(move, to=""))
    others = [name for name in one.states if name not in (move.to, *move.states)]
    if others:
        yield error("move", f"it leads to `{others[-1]}`", replace(move, to=others[-1]))
    for limit in move.not_after:
        yield error("guard", f"`not after: {limit}` is left out", _less(move, "not_after", limit))
    for wait in move.not_before:
        yield error("guard", f"`not before: {wait}` is left out", _less(move, "not_before", wait))
    if move.notice:
        yield error("guard", "the notice that it needs is left out", replace(move, notice=None))
    if move.waiver:
        yield error("guard", "its waiver is left out", replace(move, waiver=""))
    for way in move.counts_as:
        yield error("guard", f"it does not count as of `{way}`", _less(move, "counts_as", way))
    if one.within and one.start in move.states:
        says = "not when" if move.outer_ended else "also when"
        yield error("guard", f"{says} `{one.within}` has ended", replace(move, outer_ended=not move.outer_ended))
    if move.binds:
        yield error("effect", "`binds` is left out", replace(move, binds=False))
    if move.worsens:
        yield error("effect", "`worsens` is left out", replace(move, worsens=None))
        days = pack.parameters[move.worsens.parameter].values[-1][1] if move.worsens.parameter else move.worsens.days
        for by in (-1, 1) if days else (1,):
            words = f"it counts {days + by} days after it was told, not {days}"
            yield error("effect", words, replace(move, worsens=Worsening(days + by)))
    for target, event in move.ends:
        yield error("effect", f"it does not bring about {target} `{event}`", _less(move, "ends", (target, event)))


def _less(move: Move, member: str, value: object) -> Move:
    """The move without one of several values."""
    left: dict[str, Any] = {member: tuple(one for one in getattr(move, member) if one != value)}
    return replace(move, **left)


def _of_condition(pack: Pack, one: Proceeding, move: Move, seen: list[set[int]]) -> Iterator[Error]:
    """The errors of rules, inside the condition of a move, in every period that reads it so."""
    key = (one.name, move.number)
    guards = [(number, period.guards[key]) for number, period in enumerate(pack.law.periods) if key in period.guards]
    if not guards:
        return
    attributes = {**pack.attributes, **pack.proceeding_names[one.name].attributes}

    def error(what: str, instead: dict[int, Condition | None]) -> Error:
        told = f"`{move.event}`: {what}"
        change = _guarded(key, instead)
        place = (move.where, move.cite, told, change, move.number, tuple(instead.items()))
        return Error("condition", one.name, move.event, *place)

    yield error("its condition is left out", dict.fromkeys((number for number, _ in guards), None))
    tried: set[tuple[Condition, Condition]] = set()
    for period, guard in guards:
        for node, inside in _pieces(guard, seen[period]):
            for changed, words in _changed(node, attributes, inside=inside):
                if (node, changed) in tried:
                    continue
                tried.add((node, changed))
                text = words or f"`{written(node, attributes)}` becomes `{written(changed, attributes)}`"
                yield error(text, {number: _exchanged(at, node, changed) for number, at in guards})
        seen[period].update(id(node) for node in _all_of(guard))


def _changed(node: Condition, attributes: Mapping[str, Attribute], *, inside: bool) -> Iterator[tuple[Condition, str]]:
    """Each error in one piece; of a definition that something else reads first, only that it is not so."""
    if inside:
        yield from ((changed, words) for _, changed, words in errors_in(node, attributes))
    else:
        yield Not(node), ""


def _read_by_rules(period: Period) -> set[int]:
    """The pieces of the rules of a period, by identity: a definition is one piece wherever it is read."""
    return {id(node) for rules in period.rules.values() for rule in rules if rule for node in _all_of(rule.when)}


def _pieces(condition: Condition, seen: set[int]) -> Iterator[tuple[Condition, bool]]:
    """Each piece of a condition, and whether errors inside it are its own. Nothing inside what was `seen`."""
    own = id(condition) not in seen
    yield condition, own
    for part in joined_parts(condition) if own else ():
        yield from _pieces(part, seen)


def _all_of(condition: Condition) -> Iterator[Condition]:
    yield condition
    for part in joined_parts(condition):
        yield from _all_of(part)


def _guarded(key: tuple[str, int], instead: dict[int, Condition | None]) -> Change:
    def change(pack: Pack) -> Pack:
        periods = tuple(_period(period, key, number, instead) for number, period in enumerate(pack.law.periods))
        return replace(pack, law=replace(pack.law, periods=periods))

    return change


def _period(period: Period, key: tuple[str, int], number: int, instead: dict[int, Condition | None]) -> Period:
    if number not in instead:
        return period
    guards = dict(period.guards)
    condition = instead[number]
    if condition is None:
        del guards[key]
    else:
        guards[key] = condition
    return replace(period, guards=guards)


def _exchanged(condition: Condition, node: Condition, instead: Condition) -> Condition:
    """The condition with one piece exchanged wherever it stands."""
    if condition == node:
        return instead
    match condition:
        case Not(part) | Line(part=part):
            return replace(condition, part=_exchanged(part, node, instead))
        case All(parts) | Some(parts):
            return replace(condition, parts=tuple(_exchanged(part, node, instead) for part in parts))
        case _:
            return condition


def _of_span(pack: Pack, one: Proceeding, span: Span, put: Callable[[Span], Proceeding]) -> Iterator[Error]:
    name = span.name or "notice"

    def error(kind: str, what: str, instead: Span) -> Error:
        return Error(kind, one.name, name, span.where, span.cite, f"`{name}`: {what}", _with(put(instead)))

    length = span.length
    if length:
        amount = pack.parameters[length.parameter].values[-1][1] if length.parameter else length.amount
        for by in (-1, 1):
            words = f"{amount + by} {length.unit}, not {amount}"
            yield error("length", words, replace(span, length=replace(length, amount=amount + by, parameter="")))
        unit = _other_unit(span, length, amount)
        if unit:
            words = f"{unit.amount} {unit.unit}, not {amount} {length.unit}"
            yield error("length", words, replace(span, length=unit))
    by_form = {"from": ("day after", "day of"), "before": ("", "clear"), "until": ("", "day before")}
    for counts in by_form[span.form] if span.name else ():
        if counts != span.counts:
            yield error("counting", f"`counts: {counts or 'as it falls'}`", replace(span, counts=counts))
    if span.roll:
        yield error("counting", "the last day as it falls", replace(span, roll="", working=""))
    if len(span.points) > 1:
        other = "later" if span.earlier else "earlier"
        yield error("counting", f"the {other} of its days", replace(span, earlier=not span.earlier))
    for point in span.points:
        for start in _other_starts(pack, one, point.name):
            points = tuple(replace(each, name=start) if each is point else each for each in span.points)
            yield error("counting", f"from `{start}`, not `{point.name}`", replace(span, points=points))
    for pause in span.pauses:
        pauses = tuple(each for each in span.pauses if each is not pause)
        yield error("counting", f"no pause while `{pause.name}`", replace(span, pauses=pauses))


def _other_unit(span: Span, length: Length, amount: int) -> Length | None:
    match length.unit:
        case "days" if span.working:
            return Length(amount, "working days", "", span.working)
        case "working days":
            return Length(amount, "days")
        case "months":
            return Length(amount * 30, "days")
        case "years":
            return Length(amount * 365, "days")
        case _:
            return None


def _other_starts(pack: Pack, one: Proceeding, name: str) -> Iterator[str]:
    """What an author would mix up with a start: the day of the event with the day it was told; another event."""
    names = pack.proceeding_names[one.name]
    named = names.get(name)
    if named is None or named.proceeding != one.name:
        return
    if named.what in ("told", "posted"):
        yield named.item
    elif named.what == "event":
        if set(one.of(name)[0].by) - {PERSON, TIME}:
            yield f"{name}_told"
        before = one.events[: one.events.index(name)]
        if before:
            yield before[-1]


def _of_hold(one: Proceeding, number: int, hold: Hold) -> Iterator[Error]:
    def error(what: str, instead: Hold | None) -> Error:
        holds = tuple(
            each for each in (instead if at == number else other for at, other in enumerate(one.holds)) if each
        )
        told = f"the hold on `{hold.target}`: {what}"
        return Error("hold", one.name, hold.target, hold.where, hold.cite, told, _with(replace(one, holds=holds)))

    if len(hold.states) > 1:
        for state in hold.states:
            states = tuple(other for other in hold.states if other != state)
            yield error(f"not while `{state}`", replace(hold, states=states))
    if hold.then:
        yield error(f"`then: {hold.then}` is left out", replace(hold, then=""))
    yield error("it is left out", None)


def _of_body(one: Proceeding, body: Body) -> Iterator[Error]:
    def error(what: str, instead: Body) -> Error:
        told = f"`{body.name}`: {what}"
        bodies = {**one.bodies, body.name: instead}
        return Error("body", one.name, body.name, body.where, body.cite, told, _with(replace(one, bodies=bodies)))

    if body.quorum.isdigit():
        for by in (-1, 1):
            yield error(f"a quorum of {int(body.quorum) + by}", replace(body, quorum=str(int(body.quorum) + by)))
    else:
        other = "majority of members" if body.quorum == "all" else "all"
        yield error(f"a quorum of {other}", replace(body, quorum=other))
        yield error("a quorum of 1", replace(body, quorum="1"))
    decides = "majority of present" if body.decides == "unanimous" else "unanimous"
    yield error(f"it decides {decides}", replace(body, decides=decides))
    if body.decides == "majority of present":
        yield error("it decides majority of votes", replace(body, decides="majority of votes"))
    elif body.decides in ("majority of votes", "majority of members"):
        yield error("it decides majority of present", replace(body, decides="majority of present"))
    decided = tuple(dict.fromkeys(move.event for move in one.moves if body.name in move.by))
    tie = next((event for event in decided if event != body.tie), "") if body.tie == NEXT_MEETING else NEXT_MEETING
    if tie:
        yield error(f"a tie is `{tie}`", replace(body, tie=tie))
    for relation in body.barred:
        barred = tuple(other for other in body.barred if other != relation)
        yield error(f"{relation} is not barred", replace(body, barred=barred))
