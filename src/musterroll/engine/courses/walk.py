"""Random courses of a pack's proceedings, lawful steps and attempts at others, looked at after every step.

1. A walk is made by a seed and its number, and by nothing else. It begins as a course of the pack does, up to some
   event, or with a person of whom some facts are not known, before anything has happened.
2. Each moment is an event or the passing of time: mostly a step that the stage says is lawful, else any event by any
   role, and now and then what would bind; time goes on by some days, or to a day on which something runs out or counts,
   the one before or the one after.
3. What goes against `invariants` is shrunk: moments are left out, and what came with them, as long as the same still
   goes wrong. It is told as a course.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from musterroll.claim import course as folding
from musterroll.claim.body import Votes
from musterroll.claim.happening import Event
from musterroll.claim.matter import Matter
from musterroll.claim.next_step import may
from musterroll.claim.time_limit import stretch
from musterroll.dates import NEVER
from musterroll.engine.courses.asked import Course, courses
from musterroll.engine.courses.chance import Chance
from musterroll.engine.courses.invariants import Violation, after_step, made_up, other_fold
from musterroll.engine.courses.text import course
from musterroll.fact.attribute import UNKNOWN, Attribute, Held, State, ValueType
from musterroll.law import cases
from musterroll.law.pack import Pack
from musterroll.law.proceeding import PERSON, TIME, Proceeding

MOMENTS = 8
"""So many events and passings of time chance adds to a walk."""
_AHEAD = (0, 1, 2, 5, 10, 19, 20, 21, 30, 60, 90, 365)
_MEMBERS = 5
_LOOKED = 8
"""So many steps are looked at for one that is lawful."""

type Moment = Event | int
"""An event; or the day to which time goes on."""
type WentWrong = Callable[[Mapping[str, Held], Sequence[Moment]], bool]


@dataclass(frozen=True)
class Ground:
    """What walks of one pack begin with: people, days, and what may be tried."""

    pack: Pack
    courses: tuple[Course, ...]
    people: tuple[Mapping[str, Held], ...]
    days: tuple[int, ...]
    tried: tuple[tuple[str, str, str], ...]
    binding: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(cls, pack: Pack) -> "Ground":
        """The ground of a pack."""
        made = courses(pack)
        people = [one.held for one in made] or list(cases.people(pack).values()) or [{}]
        first = pack.law.periods[0].first
        days = sorted({event.day for one in made for event in one.events}) or [max(first, 18_000)]
        tried = tuple(
            dict.fromkeys(
                (name, move.event, role)
                for name, one in pack.proceedings.items()
                for move in one.moves
                for role in (PERSON, *one.roles)
            )
        )
        binding = tuple(
            (name, move.event, role)
            for name, one in pack.proceedings.items()
            for move in one.moves
            for role in move.by
            if move.binds and role != TIME
        )
        return cls(pack, made, tuple(people), tuple(days), tried, binding)


@dataclass(frozen=True)
class Found:
    """A walk that went wrong, as short as it could be made."""

    number: int
    violation: Violation
    held: Mapping[str, Held]
    moments: tuple[Moment, ...]
    text: str


@dataclass
class Walk:
    """One walk under way: takes a moment, and tells what is wrong after it."""

    pack: Pack
    held: Mapping[str, Held]
    chance: Chance
    matter: Matter = field(init=False)
    past: list[Matter] = field(init=False)

    def __post_init__(self) -> None:
        self.matter = folding.begin(self.pack, self.held)
        self.past = []

    def take(self, moment: Moment) -> list[Violation]:
        """The moment taken; everything wrong after it."""
        before = self.matter
        if isinstance(moment, int):
            self.matter = folding.at(before, moment)
            self.past.append(self.matter)
            return list(after_step(before, self.matter, None, self.chance))
        self.matter = folding.then(before, moment)
        late = moment.counts_on(self.pack.proceedings[moment.proceeding]) < before.day
        if late:
            self.past.clear()
            before = folding.begin(self.pack, self.held)
            return list(after_step(before, self.matter, None, self.chance))
        return list(after_step(before, self.matter, moment, self.chance))

    def end(self) -> list[Violation]:
        """Everything wrong when the walk is over: the same events folded again, to the end and to a day before it."""
        found = list(other_fold(self.pack, self.held, self.matter, self.matter))
        events = self.matter.events
        days = [one for one in self.past if sum(event.day <= one.day for event in events) == len(one.events)]
        if days:
            found += other_fold(self.pack, self.held, self.chance.one_of(days), self.matter)
        return found


def walk(ground: Ground, seed: int, number: int) -> Found | None:
    """One walk; what went wrong first, shrunk."""
    chance = Chance(seed, number)
    held, beginning, day = _beginning(ground, chance)
    going = Walk(ground.pack, held, Chance(seed, -number))
    moments: list[Moment] = []
    for at in range(len(beginning) + MOMENTS):
        moment = beginning[at] if at < len(beginning) else next_moment(ground, going.matter, chance, day)
        day = moment if isinstance(moment, int) else max(day, moment.day)
        moments.append(moment)
        wrong = going.take(moment)
        if wrong:
            return _told(ground, seed, number, held, moments, wrong[0])
    wrong = going.end()
    return _told(ground, seed, number, held, moments, wrong[0]) if wrong else None


def _beginning(ground: Ground, chance: Chance) -> tuple[Mapping[str, Held], tuple[Event, ...], int]:
    """Who, what has happened before chance takes over, and the day: often as a course of the pack has it."""
    if ground.courses and chance.percent(60):
        one = chance.one_of(ground.courses)
        events = one.events[: chance.between(0, len(one.events))]
        day = max((event.day for event in events), default=chance.one_of(ground.days))
        return (one.held if chance.percent(70) else _person(ground, chance)), events, day
    return _person(ground, chance), (), chance.one_of(ground.days) + chance.between(-3, 3)


def walks(ground: Ground, seed: int, numbers: Sequence[int]) -> Iterator[Found]:
    """Those of several walks that went wrong."""
    for number in numbers:
        found = walk(ground, seed, number)
        if found:
            yield found


def _person(ground: Ground, chance: Chance) -> Mapping[str, Held]:
    """Somebody like a person of the courses, some facts not known, some otherwise."""
    held = dict(chance.one_of(ground.people))
    for name, attribute in ground.pack.attributes.items():
        if chance.percent(15):
            held[name] = UNKNOWN
        elif chance.percent(10):
            held[name] = made_up(attribute, UNKNOWN, chance)
    return held


def next_moment(ground: Ground, matter: Matter, chance: Chance, day: int) -> Moment:
    """What happens next, on this day or later."""
    if matter.instances and chance.percent(25):
        return max(day, _later(matter, chance, day))
    if ground.binding and chance.percent(8):
        return random_event(ground.pack, chance, day, *chance.one_of(ground.binding))
    if chance.percent(75):
        here = _from_here(matter) if chance.percent(70) else ()
        for _ in range(_LOOKED):
            one = chance.one_of(here or ground.tried)
            if may(matter, *one).may:
                return random_event(ground.pack, chance, day, *one)
    return random_event(ground.pack, chance, day, *chance.one_of(ground.tried))


def _from_here(matter: Matter) -> list[tuple[str, str, str]]:
    """What leads on from where anything stands, lawful or not, of each proceeding that is the last of its name."""
    return [
        (name, move.event, role)
        for name in dict.fromkeys(at.proceeding for at in matter.instances)
        for move in matter.pack.proceedings[name].moves
        if matter.current(name).formal in move.states
        for role in move.by
        if role != TIME
    ]


def _later(matter: Matter, chance: Chance, day: int) -> int:
    """A later day: some days on, or about one on which something runs out, is over, or counts."""
    if chance.percent(40):
        return day + chance.one_of(_AHEAD)
    days = [entry.effective for at in matter.instances for entry in at.history if day < entry.effective < NEVER]
    at = chance.one_of(matter.instances)
    said = matter.proceeding(at)
    for span in (*said.limits.values(), *said.waits.values()):
        counted = stretch(matter, at, span, day).counted
        if counted.day is not None and day < counted.day < day + 3_000:
            days.append(counted.day)
    return chance.one_of(days) + chance.between(-1, 1) if days else day + chance.between(1, 40)


def random_event(pack: Pack, chance: Chance, day: int, proceeding: str, name: str, role: str) -> Event:
    """An event with whatever may come with it, told or not."""
    said = pack.proceedings[proceeding]
    moves = said.of(name)
    facts = {fact: _fact(said.facts[fact].attribute, chance, day) for move in moves for fact in move.tells}
    if facts and chance.percent(5):
        facts.popitem()
    office = role != PERSON
    told = day + chance.one_of((0, 0, 1, 2, 5, 30)) if office and chance.percent(70) else NEVER
    posted = day + chance.between(0, 2) if office and chance.percent(50) else NEVER
    ways = {way for move in moves for way in move.counts_as}
    arrived = {way: day - chance.between(0, 3) for way in sorted(ways) if chance.percent(60)}
    waiver = next((move.waiver for move in moves if move.waiver), "")
    made = Event(day, proceeding, name, role, facts, told, posted, votes=_votes(said, role, chance))
    made = replace(made, waived_by=waiver if waiver and chance.percent(30) else "")
    return replace(made, **{way: arrived.get(way, getattr(made, way)) for way in ("received", "postmark")})


def _fact(attribute: Attribute, chance: Chance, day: int) -> Held:
    if chance.percent(8):
        return UNKNOWN
    if attribute.type is ValueType.DATE:
        number = day + chance.one_of((-30, -1, *_AHEAD))
        return Held(number, number, State.SINGLE)
    return made_up(attribute, UNKNOWN, chance)


def _votes(said: Proceeding, role: str, chance: Chance) -> Votes | None:
    body = said.bodies.get(role)
    if body is None or chance.percent(5):
        return None
    present = _MEMBERS if chance.percent(60) else chance.between(0, _MEMBERS)
    favour = chance.between(0, present)
    against = present - favour if chance.percent(80) else chance.between(0, present - favour)
    barred = (chance.one_of(body.barred),) if body.barred and chance.percent(10) else ()
    return Votes(_MEMBERS, present, against, favour, barred)


def _told(
    ground: Ground, seed: int, number: int, held: Mapping[str, Held], moments: list[Moment], wrong: Violation
) -> Found:
    """The walk made as short as it can be, as a course."""
    code = wrong.code

    def goes_wrong(person: Mapping[str, Held], these: Sequence[Moment]) -> Violation | None:
        going = Walk(ground.pack, person, Chance(seed, -number))
        found = [each for moment in these for each in going.take(moment)]
        return next((each for each in (*found, *going.end()) if each.code == code), None)

    held, shorter = _shrunk(held, tuple(moments), lambda person, these: goes_wrong(person, these) is not None)
    wrong = goes_wrong(held, shorter) or wrong
    events = [moment for moment in shorter if not isinstance(moment, int)]
    last = shorter[-1] if shorter else moments[-1]
    day = max([last if isinstance(last, int) else last.day, *(event.day for event in events)])
    of = events[-1].proceeding if events else next(iter(ground.pack.proceedings))
    matter = folding.run(ground.pack, held, events, day)
    expect = {day: matter.current(of).state(day)}
    text = course(ground.pack, f"{wrong.code}: {wrong.what}", of, held, events, expect)
    return Found(number, wrong, held, shorter, text)


def _shrunk(
    held: Mapping[str, Held], moments: tuple[Moment, ...], wrong: WentWrong
) -> tuple[Mapping[str, Held], tuple[Moment, ...]]:
    """Fewer facts and moments that still go wrong; the same ones where nothing less does."""
    if not wrong(held, moments):
        return held, moments
    shorter = True
    while shorter:
        shorter = False
        for at in reversed(range(len(moments))):
            fewer = moments[:at] + moments[at + 1 :]
            if wrong(held, fewer):
                moments, shorter = fewer, True
    for at, moment in enumerate(moments):
        if not isinstance(moment, int):
            for plainer in (
                replace(moment, votes=None),
                replace(moment, posted=NEVER),
                replace(moment, told=moment.day),
            ):
                tried = (*moments[:at], plainer, *moments[at + 1 :])
                if plainer != moments[at] and wrong(held, tried):
                    moments = tried
    for name in list(held):
        less = {key: fact for key, fact in held.items() if key != name}
        if wrong(less, moments):
            held = less
    return held, moments
