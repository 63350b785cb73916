"""What is shown of proceedings without trying any: from the table of moves, whatever happens (docs/flow/proof.md).

| finding | forbids | says |
|---|---|---|
| `no-next-step` | yes | it may come to nobody being able to act, and time does nothing |
| `no-end` | yes | no end can be reached |
| `time-loop` | yes | moves of time alone lead back to where they began |
| `unordered-time` | yes | two moves of time could fall on one day, and nothing says which counts |
| `unmarked-worsening` | yes | an office binds somebody, or ends what holds an order, without `worsens` (charter S9) |
| `empty-hold` | yes | a hold stops nothing |
| `unreached` | no | no course of events comes to a state |
| `never-moves`, `always-moves` | no | a condition cannot be true, or cannot be false |
| `unused-part` | no | a limit, wait, fact, role or body that no line uses |
| `not-begun` | no | a limit or wait is asked for that need not have begun |
| `unmarked-end` | no | an office ends somebody's proceeding, the other one stands, and it does not say `worsens` |
| `endless-hold` | no | a state that is an end holds for ever |

1. Each finding names its lines with their paragraphs, and the shortest way there.
2. The first move of all, from the start, worsens nothing: it has its own notice.
3. What a limit takes away is no next step; the move of time after it is one. What was not told does not run out
   (charter S6): then to tell is the next step. A proceeding that has not begun need not begin.
"""

from collections.abc import Callable, Iterable, Iterator

from musterroll.law.lint import Finding
from musterroll.law.pack import Pack
from musterroll.law.proceeding import PERSON, TIME, Body, Fact, Move, Proceeding, Role, Span, StateKind
from musterroll.law.prove.guards import Guards
from musterroll.law.prove.paths import Paths, told
from musterroll.law.prove.solver import GaveUp

FORBIDDING = ("no-next-step", "no-end", "time-loop", "unordered-time", "unmarked-worsening", "empty-hold")
"""Findings that cannot be accepted."""

_HAPPENS = ("event", "told", "posted", "entered")


class Looked:
    """The findings about one proceeding, kind by kind."""

    def __init__(self, pack: Pack, proceeding: Proceeding, effort: int) -> None:
        self.pack = pack
        self.one = proceeding
        self.paths = Paths(proceeding)
        self.guards = Guards(pack, proceeding, effort)

    def kinds(self) -> tuple[tuple[str, str, Callable[[], Iterable[Finding]]], ...]:
        """Each kind: its code, what is shown where nothing is found, and the look."""
        one = self.one
        states = sum(state.kind not in (StateKind.START, StateKind.ENDED) for state in one.states.values())
        by_time = sum(TIME in move.by for move in one.moves)
        offices = sum(not set(move.by) <= {PERSON, TIME} for move in one.moves)
        lasts = f"in each of {states} states somebody can always act, or time does, and an end can be reached"
        return (
            ("no-next-step", lasts, self.next_steps),
            ("unordered-time", f"{by_time} moves of time never run in a circle or meet on one day", self.time),
            ("unmarked-worsening", f"of {offices} moves of offices each that worsens says when it counts", self.worse),
            ("empty-hold", f"each of {len(one.holds)} holds stops a binding move", self.holds),
            ("unreached", f"each of {len(one.states)} states can be reached", self.states),
            ("never-moves", "each condition of a move can hold, and can fail", self.conditions),
            ("unused-part", "each limit, wait, fact, role and body is used", self.unused),
            ("not-begun", "each limit and wait that is asked for has begun", self.not_begun),
        )

    def found(
        self, code: str, about: Iterable[str], what: str, lines: Iterable[tuple[str, str]], remedy: str
    ) -> Finding:
        """A finding about parts of this proceeding, each line with its place and paragraph."""
        where = "; ".join(dict.fromkeys(f"{place or self.one.name}, {cite}" for place, cite in lines))
        names = tuple(dict.fromkeys(f"{self.one.name}.{name}" for name in about))
        return Finding(code, f"{self.one.name}: {what}", where, remedy, code in FORBIDDING, rules=names)

    def not_proved(self, what: str, lines: Iterable[tuple[str, str]]) -> Finding:
        """The solver gave up."""
        where = "; ".join(f"{place}, {cite}" for place, cite in lines)
        remedy = "Write the conditions more simply; what is not proved may not be published."
        return Finding("not-proved", f"{self.one.name}: it is not proved that {what}.", where, remedy, forbids=True)

    def way(self, state: str) -> str:
        """The shortest way to a state, for a sentence."""
        return f"shortest way: {told(self.paths.ways[state])}"

    def next_steps(self) -> Iterator[Finding]:
        """Every state that can be reached and is no end leads on, for everybody, and to an end."""
        for name in self.paths.ways:
            state = self.one.states[name]
            lines = [(state.where, state.cite)]
            if state.kind is StateKind.ENDED:
                continue
            if not self.paths.ends(name):
                remedy = "Write the move that ends it, with its paragraph; or call the state `ended`."
                yield self.found(
                    "no-end", [name], f"from `{name}` no end can be reached ({self.way(name)}).", lines, remedy
                )
            if state.kind is StateKind.START:
                continue
            always = tuple(self.lasting(name))
            lines += [(move.where, move.cite) for move in always]
            remedy = "Add a move that somebody can always make, or one by time."
            try:
                who = self.guards.nobody_can(always, name)
            except GaveUp:
                yield self.not_proved(f"in `{name}` somebody can always act", lines)
                continue
            if who is not None:
                so = "no move leads on that lasts" if not always else f"nobody can act of {who.told}"
                yield self.found("no-next-step", [name], f"in `{name}` {so} ({self.way(name)}).", lines, remedy)

    def lasting(self, state: str) -> Iterator[Move]:
        """The moves from a state that no limit takes away; of those of time, whose limit has begun."""
        for step in self.paths.from_(state):
            if not step.move.not_after and not (step.move.after and self.unbegun(step.move.after, state)):
                yield step.move

    def time(self) -> Iterator[Finding]:
        """Moves of time do not run in a circle, and no two of them fall on one day."""
        for loop in self.paths.loops():
            lines = [(step.move.where, step.move.cite) for step in loop]
            names = " -> ".join([*(step.before for step in loop), loop[-1].after])
            remedy = "Let an end, or somebody's act, stand between them."
            events = [step.move.event for step in loop]
            yield self.found("time-loop", events, f"time alone goes round: {names}.", lines, remedy)
        for state in self.paths.ways:
            moves = [step.move for step in self.paths.from_(state) if TIME in step.move.by]
            for at, one in enumerate(moves):
                for other in moves[at + 1 :]:
                    yield from self.two_of_time(state, one, other)

    def two_of_time(self, state: str, one: Move, other: Move) -> Iterator[Finding]:
        """Two moves of time from one state: do the same, never fall on one day, or exclude each other."""
        if (one.to, one.ends, one.worsens) == (other.to, other.ends, other.worsens) or self.apart(one, other):
            return
        lines = [(one.where, one.cite), (other.where, other.cite)]
        try:
            if self.guards.exclude(one, other, state):
                return
        except GaveUp:
            yield self.not_proved(f"`{one.event}` and `{other.event}` exclude each other", lines)
            return
        yield self.found(
            "unordered-time",
            [one.event, other.event],
            f"in `{state}` both `{one.event}` and `{other.event}` happen by time, could fall on one day and lead "
            f"elsewhere ({self.way(state)}).",
            lines,
            "Let their conditions exclude each other, or take one of them out.",
        )

    def span(self, name: str) -> Span:
        """A limit or a wait."""
        return self.one.limits[name] if name in self.one.limits else self.one.waits[name]

    def apart(self, one: Move, other: Move) -> bool:
        """Whether two spans run from the same day in the same way, for another number of the same unit."""
        first, second = self.span(one.after), self.span(other.after)
        if not (first.length and second.length) or first.length.parameter or second.length.parameter:
            return False
        alike = (first.form, first.points, first.counts, first.roll, first.working, first.pauses) == (
            *(second.form, second.points, second.counts, second.roll, second.working, second.pauses),
        )
        units = (first.length.unit, first.length.working) == (second.length.unit, second.length.working)
        return alike and units and not first.roll and first.length.amount != second.length.amount

    def worse(self) -> Iterator[Finding]:
        """An office's move that binds somebody, or ends what holds, says when it counts."""
        for step in self.paths.steps:
            move = step.move
            if move.worsens or step.before not in self.paths.ways or set(move.by) <= {PERSON, TIME}:
                continue
            lines = [(move.where, move.cite)]
            kinds = self.one.kind(step.before), self.one.kind(step.after)
            for hold in self.one.holds:
                held_after = {state for one in self.one.holds if one.target == hold.target for state in one.states}
                if step.before in hold.states and step.after not in held_after and not self.ends(move, hold.target):
                    what = f"`{move.event}` ends what holds `{hold.target}` ({self.way(step.before)}, `{move.event}`)"
                    yield self.unmarked(move, what, [*lines, (hold.where, hold.cite)])
            if kinds[1] is StateKind.OBLIGES and kinds[0] not in (StateKind.OBLIGES, StateKind.START):
                what = f"`{move.event}` makes somebody bound who was not ({self.way(step.before)}, `{move.event}`)"
                yield self.unmarked(move, what, [*lines, (self.one.states[step.after].where, move.cite)])
            ended = kinds[1] is StateKind.ENDED and kinds[0] in (StateKind.PENDING, StateKind.OPEN)
            holds = {hold.target for hold in self.one.holds if step.before in hold.states}
            if ended and self.one.within and self.one.within not in holds and not self.ends(move, self.one.within):
                what = f"`{move.event}` ends it, `{self.one.within}` stands ({self.way(step.before)}, `{move.event}`)."
                remedy = "Write `worsens`, or accept the finding with the reason why nobody is worse off."
                yield self.found("unmarked-end", [move.event], what, lines, remedy)

    def unmarked(self, move: Move, what: str, lines: list[tuple[str, str]]) -> Finding:
        """A worsening that does not say when it counts."""
        remedy = "Write `worsens: told`, `worsens: N days after told`, or `worsens: law silent` (charter S9)."
        return self.found("unmarked-worsening", [move.event], f"{what}, and it does not say `worsens`.", lines, remedy)

    def ends(self, move: Move, target: str) -> bool:
        """Whether a move ends another proceeding at the same moment."""
        other = self.pack.proceedings[target]
        return any(
            one.to and other.kind(one.to) is StateKind.ENDED
            for name, event in move.ends
            if name == target
            for one in other.of(event)
        )

    def holds(self) -> Iterator[Finding]:
        """A hold stops something, and not for ever."""
        for hold in self.one.holds:
            lines = [(hold.where, hold.cite)]
            if not any(move.binds for move in self.pack.proceedings[hold.target].moves):
                what = f"nothing in `{hold.target}` is `binds: yes`, so that the hold stops nothing."
                yield self.found("empty-hold", [hold.target], what, lines, "Mark the moves that bind somebody.")
            for state in hold.states:
                if self.one.kind(state) is StateKind.ENDED:
                    what = f"`{state}` is an end and holds `{hold.target}` for ever."
                    remedy = "Use `then` with a wait, or end the other proceeding (`ends`)."
                    yield self.found("endless-hold", [state], what, lines, remedy)

    def states(self) -> Iterator[Finding]:
        """Every state can be reached."""
        for name, state in self.one.states.items():
            if name not in self.paths.ways:
                remedy = "Write the move that leads there, or take the state out."
                what = f"no course of events comes to `{name}`."
                yield self.found("unreached", [name], what, [(state.where, state.cite)], remedy)

    def conditions(self) -> Iterator[Finding]:
        """Every condition can be true and can be false."""
        for move in self.one.moves:
            if not any((self.one.name, move.number) in period.guards for period in self.pack.law.periods):
                continue
            lines = [(move.where, move.cite)]
            try:
                if not self.guards.can_hold(move):
                    what = f"the condition of `{move.event}` is true of nobody on any day."
                    yield self.found("never-moves", [move.event], what, lines, "Correct it, or take the move out.")
                elif not self.guards.can_fail(move):
                    what = f"the condition of `{move.event}` is true of everybody on every day."
                    yield self.found("always-moves", [move.event], what, lines, "Take the condition out.")
            except GaveUp:
                yield self.not_proved(f"the condition of `{move.event}` can be true and can be false", lines)

    def unused(self) -> Iterator[Finding]:
        """Every part is used by some line."""
        one = self.one
        acting = {role for move in one.moves for role in (*move.by, move.waiver)}
        asked = {name for move in one.moves for name in (*move.not_after, *move.not_before, move.after)}
        asked |= {hold.then for hold in one.holds}
        said = {fact for move in one.moves for fact in move.tells}
        parts: list[tuple[str, Role | Body | Span | Fact, set[str], str]] = [
            *(("role", part, acting, "never acts") for part in one.roles.values()),
            *(("body", part, acting, "never acts") for part in one.bodies.values()),
            *(("limit", part, asked, "is not asked for") for part in one.limits.values()),
            *(("wait", part, asked, "is not asked for") for part in one.waits.values()),
            *(("fact", part, said, "is told by no move") for part in one.facts.values()),
        ]
        for kind, part, used, why in parts:
            if part.name not in used:
                lines = [(part.where, part.cite)]
                what = f"{kind} `{part.name}` {why}."
                yield self.found("unused-part", [part.name], what, lines, "Use it, or take it out.")

    def not_begun(self) -> Iterator[Finding]:
        """A limit or wait that is asked for runs from something that has happened then."""
        told_once: set[tuple[str, str]] = set()
        for step in self.paths.steps:
            names = (*step.move.not_after, *step.move.not_before, step.move.after)
            for name in names if step.before in self.paths.ways else ():
                point = self.unbegun(name, step.before)
                if point and (name, step.before) not in told_once:
                    told_once.add((name, step.before))
                    span = self.span(name)
                    lines = [(step.move.where, step.move.cite), (span.where, span.cite)]
                    what = f"in `{step.before}` `{name}` is asked for, and `{point}` need not have happened."
                    remedy = "Count from something that has happened in this state, or let the move have its own state."
                    yield self.found("not-begun", [name, step.move.event], what, lines, remedy)

    def unbegun(self, name: str, state: str) -> str:
        """An event of this proceeding from which a span runs and which need not have happened in a state, or ""."""
        if name not in self.one.limits and name not in self.one.waits:
            return ""
        names, open_points = self.pack.proceeding_names[self.one.name], []
        points = self.span(name).points
        for point in points:
            named = names.get(point.name)
            if named is None or named.proceeding != self.one.name or named.what not in _HAPPENS:
                continue
            if not self.paths.happened(state, named.item):
                open_points.append(point.name)
        begins = bool(points) and self.span(name).earlier and len(open_points) < len(points)
        return "" if begins or not open_points else open_points[0]
