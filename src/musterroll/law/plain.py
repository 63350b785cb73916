"""A rule in plain words, for a lawyer who compares it with the paragraph: from the typed conditions, not from the YAML.

1. What is said is exactly what is evaluated: each comparison has one sentence, and its negation has one. An attribute
   is named by its label in quotation marks, a value by its word, a day in words.
2. `and`, `or`, `not` become "all of", "at least one of", "none of" with their parts in order; a line keeps its
   paragraph. Two ends of one interval are said in one sentence.
3. "The day judged" is the day for which the law is asked. A date that is `never`, or still to come, is in no past:
   every sentence that says how long ago something may be says also what holds of what has not come.
4. Sentences pass gettext whole, so that another language may order them as it must.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from gettext import NullTranslations

from musterroll.dates import NEVER
from musterroll.fact.attribute import Held, State
from musterroll.law.calendar import YEAR, Shift, fixed_day
from musterroll.law.model import All, AtMost, Begun, Condition, Is, Line, Not, OneOf, Ordered, Reached, Some, lines_of
from musterroll.law.wording import Wording


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence, or parts joined by `how`: "all", "any", "none", "not all". `cite` is the paragraph it comes from.

    `name` is what the pack calls the parts together, where it does, and `holds` whether that must hold or must not.
    """

    text: str = ""
    cite: str = ""
    how: str = ""
    name: str = ""
    holds: bool = True
    parts: tuple["Phrase", ...] = ()


@dataclass(frozen=True, slots=True)
class Plain:
    """Says conditions of one pack in one language."""

    wording: Wording
    translations: NullTranslations = field(default_factory=NullTranslations)

    def phrase(self, condition: Condition, *, holds: bool = True, text: str = "") -> Phrase:
        """The condition, or its negation, in words; `text` is the line it was written in."""
        match condition:
            case Not(part):
                return self.phrase(part, holds=not holds, text=text)
            case Line():
                return self._line(condition, holds=holds)
            case All(parts) if holds or lines_of(condition):
                return self._joined("all" if holds else "not all", self._gathered(parts, text))
            case Some(parts) if holds or lines_of(condition):
                return self._joined("any" if holds else "none", [self.phrase(part, text=text) for part in parts])
            case All(parts):
                return self._joined("any", [self.phrase(part, holds=False, text=text) for part in parts])
            case Some(parts):
                return self._joined("all", self._gathered(tuple(Not(part) for part in parts), text))
            case _:
                return Phrase(self._sentence(condition, holds=holds, text=text))

    def flat(self, phrase: Phrase) -> str:
        """The phrase on one line."""
        if not phrase.parts:
            return phrase.text
        return f"{self.how(phrase)} ({'; '.join(self.flat(part) for part in phrase.parts)})"

    def how(self, phrase: Phrase) -> str:
        """How the parts are joined, in words."""
        _ = self.translations.gettext
        return {
            "all": _("all of these hold:"),
            "any": _("at least one of these holds:"),
            "none": _("none of these holds:"),
            "not all": _("at least one of these does not hold:"),
        }[phrase.how]

    def _line(self, line: Line, *, holds: bool) -> Phrase:
        inner = self.phrase(line.part, holds=holds, text=line.text)
        if lines_of(line.part):
            name = line.text.removeprefix("not ")
            alone = not inner.parts or bool(inner.cite)
            return Phrase(
                cite=line.cite,
                how="all" if alone else inner.how,
                name=name if name.isidentifier() else "",
                holds=holds == (name == line.text),
                parts=(inner,) if alone else inner.parts,
            )
        return replace(inner, cite=line.cite)

    def _joined(self, how: str, parts: list[Phrase]) -> Phrase:
        if len(parts) == 1 and how in ("all", "any"):
            return parts[0]
        return Phrase(how=how, parts=tuple(parts))

    def _gathered(self, parts: Iterable[Condition], text: str) -> list[Phrase]:
        """The parts of an `and`, the two ends of an interval said together."""
        flat = [one for part in parts for one in _opened(part)]
        said: list[Phrase] = []
        done: set[int] = set()
        for at, part in enumerate(flat):
            if at in done:
                continue
            together = [later for later in range(at, len(flat)) if _subject(flat[later]) == _subject(part) is not None]
            if len(together) > 1 and (sentence := self._interval([flat[one] for one in together], text)):
                done |= set(together)
                said.append(Phrase(sentence))
            else:
                said.append(self.phrase(part, text=text))
        return said

    def _interval(self, parts: list[Condition], text: str) -> str:
        """One sentence for several ends about one attribute; empty where they are not two ends."""
        _ = self.translations.gettext
        lower = [part for part in parts if not _downward(part)]
        upper = [part for part in parts if _downward(part)]
        lower = [part for part in lower if len(lower) == 1 or part != Reached(_leaf(part).attribute, Shift())]
        if len(lower) != 1 or len(upper) != 1:
            return ""
        low, high = _leaf(lower[0]), _leaf(upper[0])
        label = self._label(low.attribute)
        match low, high:
            case AtMost(_, before), AtMost(_, limit):
                if before + 1 == limit:
                    return _("{label} is {number}").format(label=label, number=limit)
                return _("{label} is {first} to {last}").format(label=label, first=before + 1, last=limit)
            case Reached(_, shift, int(by)), Reached(_, other, int(before)) if shift == other:
                name = self.dated(low.attribute, shift)
                if by == NEVER:
                    return _("{date} is known never to come").format(date=name)
                if by == before + 1:
                    return _("{date} is {day}").format(date=name, day=self.wording.day(by))
                first, last = self.wording.day(before + 1), self.wording.day(by)
                return _("{date} is from {first} to {last}").format(date=name, first=first, last=last)
            case Reached(_, Shift(0, 0, 0, ""), None), Reached(_, Shift(0, 0, 1, ""), None):
                return _("{label} is the day judged").format(label=label)
            case Reached(_, Shift(roll="") as shift, None), Reached(_, Shift(roll="") as end, None) if _past(end):
                ago = self._less(end, text)
                if shift == Shift():
                    return _("{label} has come and is {ago}").format(label=label, ago=ago)
                if shift == Shift(days=1):
                    return _("{label} is before the day judged and {ago}").format(label=label, ago=ago)
                if _past(shift):
                    least = self.period(shift)
                    return _("{label} is at least {least} ago and {ago}").format(label=label, least=least, ago=ago)
        return ""

    def _sentence(self, leaf: Condition, *, holds: bool, text: str) -> str:
        _ = self.translations.gettext
        match leaf:
            case Is(name):
                words = _("{label} is yes") if holds else _("{label} is no")
                return words.format(label=self._label(name))
            case OneOf(name, codes):
                return self._one_of(name, codes, holds=holds)
            case AtMost(name, limit):
                if holds:
                    return _("{label} is at most {number}").format(label=self._label(name), number=limit)
                return _("{label} is at least {number}").format(label=self._label(name), number=limit + 1)
            case Begun(day):
                words = _("the day judged is {day} or later") if holds else _("the day judged is before {day}")
                return words.format(day=self.wording.day(day))
            case Ordered(first, days, second):
                dated = self.dated(first, Shift(days=days))
                words = _("{first} is {second}, or earlier") if holds else _("{first} is after {second}")
                return words.format(first=dated, second=self._label(second))
            case Reached(name, shift, int(by)):
                return self._fixed(self.dated(name, shift), by, holds=holds)
            case Reached(name, shift):
                return self._reached(name, shift, holds=holds, text=text)
            case _:
                raise AssertionError(f"{leaf} is no comparison")

    def _one_of(self, name: str, codes: tuple[int, ...], *, holds: bool) -> str:
        _ = self.translations.gettext
        values = [self.wording.value(name, Held(code, code, State.SINGLE)).replace("_", " ") for code in codes]
        label = self._label(name)
        if len(values) == 1:
            words = _("{label} is {value}") if holds else _("{label} is not {value}")
            return words.format(label=label, value=values[0])
        words = _("{label} is one of: {values}") if holds else _("{label} is none of: {values}")
        return words.format(label=label, values=", ".join(values))

    def _fixed(self, dated: str, by: int, *, holds: bool) -> str:
        _ = self.translations.gettext
        if by >= NEVER - 1:
            if by == NEVER:
                words = _("{date} is known") if holds else _("{date} is after never, which no day is")
                return words.format(date=dated)
            words = _("{date} is a day, not never") if holds else _("{date} is known never to come")
            return words.format(date=dated)
        words = _("{date} is {day} or earlier") if holds else _("{date} is after {day}, or never comes")
        return words.format(date=dated, day=self.wording.day(by))

    def _reached(self, name: str, shift: Shift, *, holds: bool, text: str) -> str:
        _ = self.translations.gettext
        label = self._label(name)
        if shift == Shift():
            words = (
                _("{label} is the day judged or earlier") if holds else _("{label} is after the day judged, or never")
            )
            return words.format(label=label)
        if shift == Shift(days=1):
            words = (
                _("{label} is before the day judged") if holds else _("{label} is the day judged or later, or never")
            )
            return words.format(label=label)
        if _past(shift):
            if holds:
                return _("{label} is at least {period} ago").format(label=label, period=self.period(shift))
            return _("{label} is {ago}, or has not come").format(label=label, ago=self._less(shift, text))
        counted = f"days({1 - shift.days})" in text and f"days({-shift.days})" not in text
        if not holds and counted and shift.days < 0 and not shift.in_months and not shift.roll:
            before = self.dated(name, Shift(days=shift.days - 1))
            return _("the day judged is {date}, or earlier").format(date=before)
        words = _("the day judged is {date}, or later") if holds else _("the day judged is before {date}")
        return words.format(date=self.dated(name, shift))

    def _less(self, shift: Shift, text: str) -> str:
        """How long ago something is that lies less than `shift` back."""
        _ = self.translations.gettext
        before = Shift(shift.years, shift.months, shift.days - 1)
        if shift.days == 1 or (not shift.in_months and f"days({before.days})" in text):
            return _("at most {period} ago").format(period=self.period(before))
        return _("less than {period} ago").format(period=self.period(shift))

    def period(self, shift: Shift) -> str:
        """Years, months and days in words, joined."""
        ngettext, _ = self.translations.ngettext, self.translations.gettext
        parts = [
            ngettext("{number} year", "{number} years", shift.years).format(number=shift.years) if shift.years else "",
            ngettext("{number} month", "{number} months", shift.months).format(number=shift.months)
            if shift.months
            else "",
            ngettext("{number} day", "{number} days", shift.days).format(number=shift.days) if shift.days > 0 else "",
        ]
        words = [part for part in parts if part]
        whole = _("{first} and {last}").format(first=", ".join(words[:-1]), last=words[-1]) if words[1:] else words[0]
        if shift.days < 0:
            less = ngettext("{number} day", "{number} days", -shift.days).format(number=-shift.days)
            return _("{period} less {days}").format(period=whole, days=less)
        return whole

    def dated(self, name: str, shift: Shift) -> str:
        """A date and what is added to it, in words."""
        _ = self.translations.gettext
        plain = Shift(shift.years, shift.months, shift.days)
        words = self._label(name)
        if plain.in_months or plain.days > 0:
            words = _("{period} after {date}").format(period=self.period(plain), date=words)
        elif plain.days < 0:
            words = _("{period} before {date}").format(period=self.period(Shift(days=-plain.days)), date=words)
        if shift.roll == YEAR:
            return _("1 January of the year of {date}").format(date=words)
        if annual := fixed_day(shift.roll):
            words = _("{day} of the year of {date}").format(day=self.wording.day_of_year(*annual), date=words)
        elif shift.roll and shift.working:
            ngettext = self.translations.ngettext
            days = ngettext("{number} working day", "{number} working days", shift.working).format(number=shift.working)
            words = _("{days} ({calendar}) after {date}").format(days=days, calendar=shift.roll, date=words)
        elif shift.roll:
            words = _("the first working day ({calendar}) from {date} on").format(calendar=shift.roll, date=words)
        if shift.then > 0:
            return _("{period} after {date}").format(period=self.period(Shift(days=shift.then)), date=words)
        if shift.then < 0:
            return _("{period} before {date}").format(period=self.period(Shift(days=-shift.then)), date=words)
        return words

    def _label(self, name: str) -> str:
        return f"“{self.wording.label(name)}”"


def _opened(part: Condition) -> tuple[Condition, ...]:
    """A chain of `and` without paragraphs of its own, as one; what is denied twice is said."""
    if isinstance(part, Not) and isinstance(part.part, Not):
        return _opened(part.part.part)
    if isinstance(part, All) and not lines_of(part):
        return tuple(one for inner in part.parts for one in _opened(inner))
    return (part,)


def _subject(part: Condition) -> tuple[type, str] | None:
    leaf = part.part if isinstance(part, Not) else part
    return (type(leaf), leaf.attribute) if isinstance(leaf, AtMost | Reached) else None


def _leaf(part: Condition) -> AtMost | Reached:
    leaf = part.part if isinstance(part, Not) else part
    assert isinstance(leaf, AtMost | Reached)
    return leaf


def _downward(part: Condition) -> bool:
    """Whether it is the upper end of what is said: the most, or the longest ago or last day."""
    return isinstance(part, AtMost) or (isinstance(part, Not) and isinstance(part.part, Reached))


def _past(shift: Shift) -> bool:
    """A period that can be said as "so long ago"."""
    return not shift.roll and (shift.in_months > 0 or shift.days > 1) and shift.days >= -1
