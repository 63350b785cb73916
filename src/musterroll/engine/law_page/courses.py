"""Worked courses as a lawyer reads them: what happened day by day, and where everything should and does stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from musterroll.claim import worked
from musterroll.claim.body import Votes
from musterroll.claim.happening import Event
from musterroll.claim.worked import CourseLine
from musterroll.claim.worked_expect import Expected
from musterroll.dates import NEVER
from musterroll.engine.law_page.anchors import anchored
from musterroll.engine.law_page.naming import naming, spoken
from musterroll.engine.law_page.situations import given, like
from musterroll.engine.law_page.speech import Speech
from musterroll.law.article import Block
from musterroll.law.proceeding import PERSON


@dataclass(frozen=True, slots=True)
class Stood:
    """One expected day: the day, what is expected, in what the stage differs (or nothing), the reading."""

    day: str
    expected: tuple[str, ...]
    differs: str
    reading: str


@dataclass(frozen=True, slots=True)
class Followed:
    """One course: whom it is about, what happened, and its expected days."""

    name: str
    article: str
    where: str
    proceeding: str
    like: str
    like_anchor: str
    given: tuple[tuple[str, str], ...]
    events: tuple[str, ...]
    note: str
    days: tuple[Stood, ...]


def courses(speech: Speech) -> tuple[Followed, ...]:
    """Every course of the pack, in order."""
    pack = speech.pack
    differs: Mapping[str, str] = {one.where: one.differs for one in worked.run(pack)}
    lines = worked.lines(pack)
    found = []
    for block in pack.cases:
        if block.kind == "course":
            mine = [line for line in lines if line.case == block.name and line.where in block.lines.values()]
            found.append(_followed(speech, block, mine, differs))
    return tuple(found)


def _followed(speech: Speech, block: Block, mine: list[CourseLine], differs: Mapping[str, str]) -> Followed:
    telling = _Telling(speech, block.text("of"))
    return Followed(
        block.name,
        block.article,
        block.where,
        speech.pack.proceedings[block.text("of")].title,
        like(block),
        f"person-{anchored(like(block))}",
        given(speech.pack, block, speech),
        tuple(telling.event(one) for one in mine[0].events),
        block.text("note"),
        tuple(
            Stood(
                speech.day(line.on),
                tuple(telling.expected(one) for one in line.expected),
                differs.get(line.where, ""),
                ", ".join(f"{name}: {text}" for name, text in line.readings.items()),
            )
            for line in mine
        ),
    )


class _Telling:
    """Events and expectations of one proceeding's courses in words."""

    def __init__(self, speech: Speech, of: str) -> None:
        self.speech, self.of = speech, of
        self.gettext = speech.translations.gettext

    def event(self, one: Event) -> str:
        """What happened, in one sentence."""
        _ = self.gettext
        values = {
            "day": self.speech.day(one.day),
            "event": self.named(one.proceeding, one.name, one.number),
            "who": self.who(one.by),
            "more": "; ".join(self.more(one)),
        }
        words = _("{day}: {event}, by {who} ({more})") if values["more"] else _("{day}: {event}, by {who}")
        return words.format(**values)

    def more(self, one: Event) -> Iterator[str]:
        """What comes with an event."""
        _ = self.gettext
        wording = naming(self.speech.pack, self.speech.language, one.proceeding, self.speech.translations)
        for name, held in one.facts.items():
            yield _("{fact}: {value}").format(fact=spoken(name), value=wording.value(name, held))
        days = (
            (_("the person was told on {day}"), one.told),
            (_("posted on {day}"), one.posted),
            (_("postmark of {day}"), one.postmark),
            (_("arrived on {day}"), one.received),
        )
        for words, day in days:
            if day != NEVER:
                yield words.format(day=self.speech.day(day))
        if one.waived_by:
            yield _("let in late by {who}").format(who=self.who(one.waived_by))
        if one.votes:
            yield from self.votes(one.votes)

    def votes(self, votes: Votes) -> Iterator[str]:
        """How a board voted."""
        _ = self.gettext
        numbers = (
            (_("{number} members"), votes.members),
            (_("{number} present"), votes.present),
            (_("{number} for it"), votes.favour),
            (_("{number} against it"), votes.against),
        )
        for words, number in numbers:
            if number is not None:
                yield words.format(number=number)
        if votes.barred:
            yield _("among them: {relations}").format(relations=", ".join(spoken(one) for one in votes.barred))

    def expected(self, one: Expected) -> str:
        """What is expected, with its paragraphs."""
        _ = self.gettext
        said = self._expected(one)
        if one.because:
            return _("{said}, because of {cites}").format(said=said, cites=", ".join(one.because))
        return said

    def _expected(self, one: Expected) -> str:
        _ = self.gettext
        name = self.named(one.proceeding, one.name, one.number)
        match one.form:
            case "holds":
                title = self.speech.pack.proceedings[one.name].title
                words = _("“{proceeding}” is not held up") if one.denied else _("“{proceeding}” is held up")
                return words.format(proceeding=title)
            case "day":
                if one.day is None:
                    return _("“{limit}” has no day yet").format(limit=name)
                words = (
                    _("the first day of “{limit}” is {day}")
                    if one.text.startswith("first")
                    else _("the last day of “{limit}” is {day}")
                )
                return words.format(limit=name, day=self.speech.day(one.day))
            case "may":
                if not one.role:
                    return _("nobody may do this: {event}").format(event=name)
                words = _("{who} may not do this: {event}") if one.denied else _("{who} may do this: {event}")
                return words.format(who=self.who(one.role), event=name)
            case "refused":
                return _("refused: {event}").format(event=name)
            case _:
                if one.formally:
                    words = _("in form not at: {state}") if one.denied else _("in form at: {state}")
                else:
                    words = _("it does not stand at: {state}") if one.denied else _("it stands at: {state}")
                return words.format(state=name)

    def named(self, proceeding: str, name: str, number: int) -> str:
        """An event, state or limit; with its proceeding where that is another one."""
        _ = self.gettext
        said = _("{name} ({number}.)").format(name=spoken(name), number=number) if number else spoken(name)
        if proceeding == self.of:
            return said
        title = self.speech.pack.proceedings[proceeding].title
        return _("{proceeding}: {what}").format(proceeding=title, what=said)

    def who(self, role: str) -> str:
        """Who acts."""
        _ = self.gettext
        return _("the person") if role == PERSON else spoken(role)
