"""Proceedings in plain words: states, moves, limits, waits, holds, bodies, each sentence with its paragraph.

1. A table of moves is the whole of a proceeding: what is not in it cannot happen.
2. Sentences pass gettext whole. Names of events and states are the pack's own, `_` read as a space.
3. What the law leaves open says so.
"""

from collections.abc import Iterator

from musterroll.engine.law_page.naming import Naming, naming, spoken
from musterroll.engine.law_page.shown import Line, Shown, Step
from musterroll.engine.law_page.speech import Speech, Told
from musterroll.law.calendar import Shift
from musterroll.law.plain import Plain
from musterroll.law.proceeding import (
    NEXT_MEETING,
    PERSON,
    SILENT,
    TIME,
    Body,
    Hold,
    Length,
    Move,
    Point,
    Proceeding,
    Span,
    StateKind,
    Worsening,
)


class Telling:
    """One proceeding of a pack, said in the language of `speech`."""

    def __init__(self, one: Proceeding, speech: Speech) -> None:
        self.one = one
        self.speech = speech
        self.wording: Naming = naming(speech.pack, speech.language, one.name, speech.translations)
        self.plain = Plain(self.wording, speech.translations)
        self._ = speech.translations.gettext

    def shown(self) -> Shown:
        """Everything about it."""
        one = self.one
        outer = self.speech.pack.proceedings.get(one.within)
        return Shown(
            one.name,
            f"proceeding-{one.name}",
            one.title,
            outer.title if outer else "",
            f"proceeding-{one.within}",
            one.many,
            tuple(
                self.line(spoken(s.name), s.cite, self.kind(s.kind), key=f"state.{s.name}") for s in one.states.values()
            ),
            tuple(self.steps()),
            tuple(self.roles()),
            tuple(self.line(spoken(f.name), f.cite, self.values(f.name)) for f in one.facts.values()),
            tuple(self.times()),
            tuple(self.held()),
            tuple(self.open()),
        )

    def times(self) -> Iterator[Line]:
        """The time limits and waits."""
        for span in self.one.limits.values():
            yield self.line(spoken(span.name), span.cite, *self.limit(span), key=f"limit.{span.name}")
        for span in self.one.waits.values():
            yield self.line(spoken(span.name), span.cite, *self.wait(span))

    def worsenings(self) -> Iterator[Line]:
        """From when each worsening counts."""
        for move in self.one.moves:
            if move.worsens:
                yield self.line(spoken(move.event), move.cite, self.worsening(move.worsens))

    def held(self) -> Iterator[Line]:
        """What it holds up."""
        for hold in self.one.holds:
            yield self.line(self.title(hold.target), hold.cite, self.hold(hold))

    def open(self) -> Iterator[Line]:
        """What the law leaves open."""
        for silence in self.one.silent:
            yield self.line(spoken(silence.what), SILENT, silence.choice)

    def appeals(self) -> Iterator[Line]:
        """What the person may do after a decision, so that somebody must decide again: until when, and who decides."""
        _ = self._
        for move in self.one.moves:
            opens = any(self.one.kind(state) is StateKind.OPEN for state in move.states)
            if PERSON in move.by and opens and move.to and self.one.kind(move.to) is StateKind.PENDING:
                limits = [s for name in move.not_after for s in self.limit(self.one.limits[name])]
                deciding = dict.fromkeys(
                    role for one in self.one.moves if move.to in one.states for role in one.by if role in self.one.roles
                )
                if not deciding:
                    continue
                sentences = [*limits] if limits else [_("No time limit is set.")]
                sentences.append(_("Decided by: {who}.").format(who=self.who(tuple(deciding))))
                yield self.line(spoken(move.event), move.cite, *sentences)

    def line(
        self, name: str, cite: str, *sentences: str, told: tuple[tuple[str, Told], ...] = (), key: str = ""
    ) -> Line:
        """A line with its paragraph; `key` is what the words of the pack call it."""
        silent = cite == SILENT
        reads = self.speech.reads(f"proceeding.{self.one.name}.{key}") if key else ()
        return Line(name, sentences, "" if silent else cite, self.speech.anchor(cite), silent, told, reads)

    def title(self, name: str) -> str:
        """What another proceeding is called."""
        return self.speech.pack.proceedings[name].title

    def who(self, roles: tuple[str, ...]) -> str:
        """Who acts."""
        _ = self._
        known = {PERSON: _("the person"), TIME: _("time, by itself")}
        return _(" or ").join(known.get(name, spoken(name)) for name in roles)

    def kind(self, kind: StateKind) -> str:
        """What a state means."""
        _ = self._
        return {
            StateKind.START: _("nothing has happened yet"),
            StateKind.PENDING: _("an office must act"),
            StateKind.OPEN: _("the person may act"),
            StateKind.OBLIGES: _("the person must do something"),
            StateKind.ENDED: _("it has ended"),
        }[kind]

    def values(self, name: str) -> str:
        """What a fact of the proceeding may be."""
        _ = self._
        fact = self.one.facts[name].attribute
        if fact.values:
            return _("one of: {values}").format(values=", ".join(spoken(value) for value in fact.values))
        return self.speech.written(fact)

    def steps(self) -> Iterator[Step]:
        """The table of moves."""
        _ = self._
        for move in self.one.moves:
            begins = _(" or ").join(spoken(name) for name in move.states)
            ends = spoken(move.to) if move.to else _("the same")
            key = f"event.{move.event}"
            line = self.line(spoken(move.event), move.cite, *self.move(move), told=tuple(self.guards(move)), key=key)
            yield Step(spoken(move.event), self.who(move.by), begins, ends, line)

    def guards(self, move: Move) -> Iterator[tuple[str, Told]]:
        """The condition of a move, in each time in which it reads otherwise."""
        found: list[tuple[int, int, Told]] = []
        for period in self.speech.pack.law.periods:
            guard = period.guards.get((self.one.name, move.number))
            if guard is not None:
                told = self.speech.in_words(self.plain, guard, move.only_if)
                if found and found[-1][2] == told:
                    found[-1] = (found[-1][0], period.end, told)
                else:
                    found.append((period.first, period.end, told))
        for first, end, told in found:
            yield self.speech.time(first, end) if len(found) > 1 else "", told

    def move(self, move: Move) -> Iterator[str]:
        """What else holds of a move, in sentences."""
        _ = self._
        if move.tells:
            yield _("It says: {facts}.").format(facts=", ".join(spoken(name) for name in move.tells))
        for name in move.not_after:
            yield _("Not after the limit “{limit}”.").format(limit=spoken(name))
        for name in move.not_before:
            if name in self.one.waits:
                yield _("Not before the wait “{wait}” is over.").format(wait=spoken(name))
            else:
                yield _("Not before {day}.").format(day=self.day(Point(name)))
        if move.after in self.one.limits:
            yield _("It happens by itself when the limit “{limit}” has run out.").format(limit=spoken(move.after))
        elif move.after:
            yield _("It happens by itself when the wait “{wait}” is over.").format(wait=spoken(move.after))
        if move.outer_ended:
            yield _("It may be done although “{proceeding}” has ended.").format(proceeding=self.title(self.one.within))
        if move.waiver:
            yield _("A late one may be let in by: {who}.").format(who=self.who((move.waiver,)))
        if move.binds:
            yield _("It binds the person; a hold stops it.")
        if move.worsens:
            yield self.worsening(move.worsens)
        for proceeding, event in move.ends:
            words = _("At the same moment, in “{proceeding}”: {event}.")
            yield words.format(proceeding=self.title(proceeding), event=spoken(event))
        if move.notice and move.notice.length:
            words = _("The person has notice of it: {length} from {day}.")
            yield words.format(length=self.length(move.notice.length), day=self.days(move.notice))
        if move.counts_as:
            days = {"postmark": _("its postmark"), "posted": _("its posting"), "received": _("its arrival")}
            words = _("What is sent counts as of the day of {day}.")
            yield words.format(day=_(" or ").join(days[name] for name in move.counts_as))

    def worsening(self, one: Worsening) -> str:
        """From when a worsening counts."""
        _, ngettext = self._, self.speech.translations.ngettext
        if one.parameter:
            length = self.length(Length(0, "days", one.parameter))
            words = _("It counts after {length} from the day the person was told; until then all stays as it was.")
            return words.format(length=length)
        if one.silent:
            words = _(
                "The law sets no time: it counts {number} days after the person was told; "
                "until then all stays as it was."
            )
            return words.format(number=one.days)
        if one.days:
            return ngettext(
                "It counts {number} day after the person was told; until then all stays as it was.",
                "It counts {number} days after the person was told; until then all stays as it was.",
                one.days,
            ).format(number=one.days)
        return _("It counts from the day the person was told; until then all stays as it was.")

    def limit(self, span: Span) -> Iterator[str]:
        """The last day of a time limit."""
        yield self._last(span)
        yield from self._adjusted(span)

    def _adjusted(self, span: Span) -> Iterator[str]:
        """Where a day is no working day, and which days are not counted."""
        _ = self._
        if span.roll == "next":
            words = _("If that is no working day ({calendar}), the next working day.")
            yield words.format(calendar=spoken(span.working))
        elif span.roll:
            words = _("If that is no working day ({calendar}), the last working day before it.")
            yield words.format(calendar=spoken(span.working))
        for pause in span.pauses:
            words = _("Days on which “{proceeding}” stands at “{state}” are not counted.")
            yield words.format(proceeding=self.title(pause.proceeding), state=spoken(pause.state))

    def _last(self, span: Span) -> str:
        _ = self._
        day = self.days(span)
        if span.length is None:
            words = _("The last day is the day before {day}.") if span.counts else _("The last day is {day}.")
            return words.format(day=day)
        if span.form == "before":
            words = (
                _("The last day is such that {length} lie between it and {day}.")
                if span.counts
                else _("The last day is {length} before {day}.")
            )
        elif span.counts == "day of":
            words = _("The last day: {length} from {day}, that day counted.")
        else:
            words = _("The last day: {length} from {day}, the next day being the first.")
        return words.format(length=self.length(span.length), day=day)

    def wait(self, span: Span) -> Iterator[str]:
        """The first day after a wait."""
        yield self._first(span)
        yield from self._adjusted(span)

    def _first(self, span: Span) -> str:
        _ = self._
        day = self.days(span)
        if span.length is None:
            words = _("The first day is the day before {day}.") if span.counts else _("The first day is {day}.")
            return words.format(day=day)
        if span.form == "before":
            words = (
                _("The first day is such that {length} lie between it and {day}.")
                if span.counts
                else _("The first day is {length} before {day}.")
            )
        elif span.counts == "day of":
            words = _("The first day: {length} from {day}, that day counted.")
        else:
            words = _("The first day: {length} from {day}, the next day being the first.")
        return words.format(length=self.length(span.length), day=day)

    def days(self, span: Span) -> str:
        """The day, or the earlier or later of several, that a span starts from or goes to."""
        _ = self._
        days = [self.day(point) for point in span.points]
        if len(days) == 1:
            return days[0]
        words = _("the earlier of: {days}") if span.earlier else _("the later of: {days}")
        return words.format(days=", ".join(days))

    def day(self, point: Point) -> str:
        """One such day."""
        return self.plain.dated(point.name, point.shift)

    def length(self, length: Length) -> str:
        """How long a span is."""
        _, ngettext = self._, self.speech.translations.ngettext
        if length.parameter:
            parameter = self.speech.pack.parameters[length.parameter]
            since, number = parameter.values[-1]
            words = _("{number} days (“{parameter}”, from {day} on)")
            return words.format(number=number, parameter=spoken(length.parameter), day=self.speech.day(since))
        number = length.amount
        if length.unit == "working days":
            words = ngettext("{number} working day ({calendar})", "{number} working days ({calendar})", number)
            return words.format(number=number, calendar=spoken(length.working))
        shift = {"days": Shift(days=number), "months": Shift(months=number), "years": Shift(years=number)}
        return self.plain.period(shift[length.unit])

    def hold(self, hold: Hold) -> str:
        """What a hold stops, and how long."""
        _ = self._
        values = {"proceeding": self.title(hold.target), "states": _(" or ").join(spoken(one) for one in hold.states)}
        if hold.then:
            words = _(
                "As long as this stands at {states}, and until the wait “{wait}” is over, "
                "nothing in “{proceeding}” binds."
            )
            return words.format(wait=spoken(hold.then), **values)
        return _("As long as this stands at {states}, nothing in “{proceeding}” binds.").format(**values)

    def roles(self) -> Iterator[Line]:
        """Who may act beside the person; a board with how it decides."""
        for role in self.one.roles.values():
            body = self.one.bodies.get(role.name)
            yield self.line(spoken(role.name), role.cite)
            if body:
                yield self.line(spoken(role.name), body.cite, *self.body(body))
                if body.barred:
                    yield self.line(spoken(role.name), body.barred_cite, self.barred(body))

    def barred(self, body: Body) -> str:
        """Who may not sit on a board."""
        _ = self._
        words = _("Whoever is one of these to the person may not sit: {relations}.")
        return words.format(relations=", ".join(spoken(name) for name in body.barred))

    def body(self, body: Body) -> Iterator[str]:
        """How a board decides."""
        _, ngettext = self._, self.speech.translations.ngettext
        if body.quorum.isdigit():
            words = ngettext(
                "At least {number} member must be present.",
                "At least {number} members must be present.",
                int(body.quorum),
            )
            yield words.format(number=body.quorum)
        else:
            yield (
                _("All members must be present.")
                if body.quorum == "all"
                else _("More than half of the members must be present.")
            )
        yield {
            "majority of present": _("More than half of those present decide."),
            "majority of votes": _("More than half of the votes given decide."),
            "majority of members": _("More than half of all members decide."),
            "unanimous": _("It decides with all votes or not at all."),
        }[body.decides]
        if body.tie == NEXT_MEETING:
            yield _("If votes are equal, the next meeting decides.")
        else:
            yield _("If votes are equal: {event}.").format(event=spoken(body.tie))


def proceedings(speech: Speech) -> Iterator[Telling]:
    """The proceedings of a pack, in order."""
    for one in speech.pack.proceedings.values():
        yield Telling(one, speech)
