"""The sentences of a pack for one reader: labels, values, headings, in one language.

1. A sentence is found by its key (`attribute.born.value`, `rule.serving`); a key that a language lacks falls back to
   the label declared beside the law, never to nothing.
2. Days are written as people write them; a fact that is not exactly known is said to be so.
"""

from dataclasses import dataclass

from musterroll.dates import FIRST_DAY, NEVER, date_of, format_day
from musterroll.fact.attribute import Attribute, Held, ValueType, codes_of
from musterroll.law.declare import text_of
from musterroll.law.model import Class, Question
from musterroll.law.pack import Pack

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """One pack in one language (`en` unless the pack says another)."""

    pack: Pack
    language: str = "en"

    def sentence(self, key: str, otherwise: str = "", **values: str) -> str:
        """The sentence under a key, its places filled; `otherwise` when the language has none."""
        text = self.pack.words.get(self.language, {}).get(key, otherwise)
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def label(self, attribute: str) -> str:
        """What an attribute is called."""
        return self.sentence(f"attribute.{attribute}.label", self.pack.attributes[attribute].label)

    def class_label(self, question: str, name: str) -> str:
        """What a class is called."""
        asked = self.pack.questions[question]
        return self.sentence(f"class.{question}.{name}.label", asked.classes[asked.index(name)].label)

    def headline(self, question: str, name: str | None) -> str:
        """The sentence a person reads first."""
        if name is None:
            return self.sentence(f"undetermined.{question}", self.pack.questions[question].undetermined)
        return self.sentence(f"class.{question}.{name}", f"{self.class_label(question, name)}.")

    def at_worst(self, question: Question, worst: Class, *, only: bool) -> str:
        """The sentence about the heaviest class, or the only one, that can follow for somebody undetermined."""
        label = self.class_label(question.name, worst.name)
        if only:
            otherwise = "Whatever it turns out to be, the answer is: {label}. Until it is established, nothing follows."
            return self.sentence("at_worst.only", otherwise, label=label)
        if worst.callable:
            otherwise = "At worst the answer is: {label}. As long as it is not established, you cannot be called."
            return self.sentence("at_worst.callable", otherwise, label=label)
        if worst.adverse:
            return self.sentence("at_worst.bound", "At worst the answer is: {label}.", label=label)
        if any(one.callable for one in question.classes):
            return self.sentence("at_worst.free", "Whichever it is, you cannot be called.", label=label)
        return self.sentence("at_worst.nothing", "Whichever it is, it binds you to nothing.", label=label)

    def answers(self, who: str) -> str:
        """Who can answer, in words."""
        return self.sentence(f"answers.{who}", who)

    def day(self, day: int) -> str:
        """A day in words: `17 May 2000`; other languages than English get 2000-05-17."""
        if self.language != "en":
            return format_day(day)
        date = date_of(day)
        return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"

    def day_of_year(self, month: int, day: int) -> str:
        """A day of every year: `1 July`; other languages than English get 01.07."""
        return f"{day} {_MONTHS[month - 1]}" if self.language == "en" else f"{day:02}.{month:02}"

    def value(self, name: str, held: Held) -> str:
        """A value by itself: `17 May 2000`, `yes`, `north or east`, `... to ...`, `not known`."""
        attribute = self.pack.attributes[name]
        if held.lo is None or held.hi is None:
            return self.sentence("value.unknown", "not known")
        if held.lo == held.hi:
            return self._one(attribute, held.lo)
        if held.among is not None:
            either = self.sentence("value.or", " or ")
            return either.join(self._one(attribute, code) for code in codes_of(held.among))
        first, last = self._one(attribute, held.lo), self._one(attribute, held.hi)
        return self.sentence("value.range", "{first} to {last}", first=first, last=last)

    def about(self, name: str, held: Held) -> str:
        """The sentence that says what is held: `You were born on 17 May 2000.`"""
        attribute = self.pack.attributes[name]
        stated = f"{self.label(name)}: {self.value(name, held)}."
        if held.lo is None or held.hi is None:
            return self.sentence(f"attribute.{name}.unknown", stated)
        if held.among is not None:
            return self.sentence(f"attribute.{name}.among", stated, values=self.value(name, held))
        if held.lo != held.hi:
            first, last = self._one(attribute, held.lo), self._one(attribute, held.hi)
            return self.sentence(f"attribute.{name}.range", stated, first=first, last=last)
        form = "value"
        if attribute.type in (ValueType.BOOL, ValueType.ENUM) or held.lo in (NEVER, FIRST_DAY):
            form = text_of(attribute, held.lo)
        return self.sentence(f"attribute.{name}.{form}", stated, value=self._one(attribute, held.lo))

    def _one(self, attribute: Attribute, value: int) -> str:
        if attribute.type is ValueType.DATE and value not in (NEVER, FIRST_DAY):
            return self.day(value)
        text = text_of(attribute, value)
        return self.sentence(f"value.{attribute.name}.{text}", text)


def keys(pack: Pack) -> tuple[str, ...]:
    """Every key that a language of this pack must have."""
    found = []
    for question in pack.questions.values():
        found += [f"class.{question.name}.{one.name}" for one in question.classes] + [f"undetermined.{question.name}"]
        found += [f"rule.{name}" for name in question.rules]
    for attribute in pack.attributes.values():
        forms = {
            ValueType.BOOL: ("yes", "no"),
            ValueType.ENUM: attribute.values,
            ValueType.DATE: ("value", "range", *((attribute.neutral,) if attribute.neutral else ())),
            ValueType.INT: ("value", "range"),
        }[attribute.type]
        found += [f"attribute.{attribute.name}.{form}" for form in (*forms, "unknown")]
        found += [f"answers.{who}" for who in attribute.answers]
    found += [remark.key for remark in pack.remarks]
    return tuple(dict.fromkeys(found))
