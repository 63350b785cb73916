"""The law in force on a day, as typed values: what `expression` and `pack` make and every evaluator reads.

1. A condition is a tree of the nodes below; each leaf compares one held value with a constant, with the day of
   evaluation, or with another date. `Known` stands in procedures only: learning less can never change a class.
2. All comparisons are brought into one form each (`at most`, `reached`), the rest is negation: few forms to get wrong.
3. A `Line` carries the article and paragraph its condition comes from, so that no explanation can lose them.
"""

import re
from dataclasses import dataclass, field
from enum import Enum

from musterroll.dates import NEVER
from musterroll.law.calendar import PLAIN, Calendar, Shift

_POINT = r"\d{1,2}(?:-\d{1,2})?\)"
_MARK = re.compile(rf"\([^)]*\)|{_POINT}")
BEGINS = re.compile(rf"\(\w{{1,4}}(?:-\d{{1,2}})?\)|{_POINT}|\d+-\d+\.")
"""How a paragraph, or a point of one, begins: `(1)`, `(1-1)`, `(a)`, `1)`, `1-101.`"""


@dataclass(frozen=True, slots=True)
class Is:
    """A yes-or-no attribute is yes."""

    attribute: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """An enumerated attribute has one of these codes (indexes into its declared values)."""

    attribute: str
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AtMost:
    """A whole number is at most `limit`."""

    attribute: str
    limit: int


@dataclass(frozen=True, slots=True)
class Reached:
    """The attribute's date plus `shift` is at or before a day: the day of evaluation, or the fixed day `by`."""

    attribute: str
    shift: Shift
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """The first attribute's date plus `days` is at or before the second attribute's date."""

    first: str
    days: int
    second: str


@dataclass(frozen=True, slots=True)
class Begun:
    """The day of evaluation is `day` or later."""

    day: int


@dataclass(frozen=True, slots=True)
class Known:
    """The attribute's value is exactly known. Stands in procedures only (which letter to send), in no rule."""

    attribute: str


@dataclass(frozen=True, slots=True)
class Not:
    """Negation."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; true when there is none."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds; false when there is none."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a rule as written, with the article and paragraph that carry it."""

    article: str
    paragraph: str
    text: str
    part: "Condition"
    where: str = field(compare=False, default="")

    @property
    def cite(self) -> str:
        """Article and paragraph as cited: `art. 4 (1)`; the article alone where it has no paragraphs."""
        return f"{self.article} {self.paragraph}".strip()


type Leaf = Is | OneOf | AtMost | Reached | Ordered | Begun | Known
type Condition = Leaf | Not | All | Some | Line


def attributes_of(condition: Condition) -> frozenset[str]:
    """The attributes a condition reads."""
    match condition:
        case Is(name) | OneOf(name) | AtMost(name) | Reached(name) | Known(name):
            return frozenset((name,))
        case Ordered(first, _, second):
            return frozenset((first, second))
        case Begun():
            return frozenset()
        case _:
            return frozenset().union(*(attributes_of(part) for part in joined_parts(condition)))


def joined_parts(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside a condition; none for a comparison."""
    match condition:
        case Not(part) | Line(part=part):
            return (part,)
        case All(parts) | Some(parts):
            return parts
        case _:
            return ()


def lines_of(condition: Condition) -> tuple[Line, ...]:
    """The lines of a condition as written, outer before inner, in order."""
    inner = tuple(line for part in joined_parts(condition) for line in lines_of(part))
    return (condition, *inner) if isinstance(condition, Line) else inner


class Effect(Enum):
    """What a class does to a person. Code knows these, never a pack's class names (data-model 6)."""

    NOT_LIABLE = "not liable"
    EXEMPT = "exempt"
    NOT_PROCESSED = "not processed"
    DEFERRED = "deferred"
    LIABLE = "liable"

    @property
    def burden(self) -> int:
        """0 for no duty now, 1 for a duty put off, 2 for a duty."""
        return {Effect.DEFERRED: 1, Effect.LIABLE: 2}.get(self, 0)


@dataclass(frozen=True, slots=True)
class Class:
    """One answer to a question. `callable`: a call-up may be made out to this person."""

    name: str
    effect: Effect
    callable: bool
    label: str
    basis: str

    @property
    def adverse(self) -> bool:
        """Somebody in this class is bound to something."""
        return self.callable or self.effect is Effect.LIABLE


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as in force in one period. `when` includes its exceptions; `bare` is the rule without them.

    `exceptions` names the rules that take precedence over it (`exception to`, `yields to`). `where` is its file and
    line, for whoever is told of it; no part of the law.
    """

    name: str
    question: str
    gives: str
    article: str
    when: Condition
    bare: Condition
    exceptions: tuple[str, ...] = ()
    judgement: tuple[str, ...] = ()
    where: str = field(compare=False, default="")


type Chain = tuple[str, tuple[str, ...]]
"""A paragraph, and classes that it puts in order, the first tried first."""


def settles(order: tuple[Chain, ...], one: str, other: str) -> bool:
    """Whether the chains say which of two classes is tried first, directly or through others."""
    return one in _after(order, other) or other in _after(order, one)


def _after(order: tuple[Chain, ...], name: str) -> set[str]:
    found: set[str] = set()
    open_names = [name]
    while open_names:
        at = open_names.pop()
        for _, classes in order:
            following = classes[classes.index(at) + 1 :] if at in classes else ()
            open_names.extend(one for one in following if one not in found)
            found.update(following)
    return found


@dataclass(frozen=True, slots=True)
class Question:
    """What the law is asked about a person: its classes and its rules.

    `classes` are numbered by their places, for good; the order in which they are tried is the period's. `rules` are
    names in the order of their bits in `true` and `unknown`: by class, then by place in the pack. `otherwise` is the
    class of somebody of whom every rule is known to be false; never an adverse one. `order` are all chains that are
    in force at any time; `Period.order` are those of one time.
    """

    name: str
    number: int
    classes: tuple[Class, ...]
    rules: tuple[str, ...]
    otherwise: str
    order_basis: str
    undetermined: str
    order: tuple[Chain, ...] = ()

    def settled(self, one: str, other: str) -> bool:
        """Whether a chain in force at some time says which of two classes is tried first."""
        return settles(self.order, one, other)

    def index(self, name: str) -> int:
        """The place of a class in the order. Raises KeyError for a name of no class."""
        for index, known in enumerate(self.classes):
            if known.name == name:
                return index
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Period:
    """The law between two changes of its text: from `first` to the day before `end`.

    `rules[question]` holds one entry a bit: the rule in force, or None where it is not in force. `tried[question]`
    are the numbers of the classes in the order in which they are tried, `order[question]` the chains that say so.
    `only_if[procedure, place]` is the condition of a line of a procedure that has one, `guards[proceeding, number]`
    that of a move.
    """

    first: int
    end: int
    rules: dict[str, tuple[Rule | None, ...]]
    scope: Condition | None
    tried: dict[str, tuple[int, ...]] = field(default_factory=dict)
    order: dict[str, tuple[Chain, ...]] = field(default_factory=dict)
    calendar: Calendar = PLAIN
    only_if: dict[tuple[str, int], Condition] = field(default_factory=dict)
    guards: dict[tuple[str, int], Condition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.first < self.end <= NEVER:
            raise ValueError("a period ends after it begins")

    def settled(self, question: str, one: str, other: str) -> bool:
        """Whether the law of this period says which of two classes is tried first."""
        return settles(self.order[question], one, other)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number the law sets, with the days from which each value holds. `unit` is "number" or "days"."""

    name: str
    unit: str
    basis: str
    values: tuple[tuple[int, int], ...]

    def at(self, on: int) -> int:
        """The value on a day. Raises KeyError before the first value."""
        held = [value for first, value in self.values if first <= on]
        if not held:
            raise KeyError(self.name)
        return held[-1]


@dataclass(frozen=True, slots=True)
class Article:
    """A piece of the law as quoted: how it is cited, its heading, its text line by line."""

    cite: str
    title: str
    text: tuple[str, ...]
    where: str = field(compare=False, default="")

    def place_of(self, paragraph: str) -> int | None:
        """The line on which a paragraph begins; of `(a)(1)` the line of `(1)` under `(a)`, of `(1) 3)` the point `3)`
        of `(1)`. None if it is not quoted."""
        for at, line in enumerate(self.text):
            if line.startswith(paragraph):
                return at
        marks = _MARK.findall(paragraph)
        if not marks or "".join(marks) != paragraph.replace(" ", ""):
            return None
        for at, line in enumerate(self.text):
            if not marks[0].startswith("(") and line.startswith("("):
                return None
            while marks and line.startswith(marks[0]):
                line = line.removeprefix(marks.pop(0)).strip()
            if not marks:
                return at
        return None

    def quoted(self, paragraph: str) -> str:
        """The words of a paragraph, to the next one; the whole article for no paragraph."""
        first = self.place_of(paragraph) if paragraph else None
        if first is None:
            return " ".join(self.text)
        end = next((at for at in range(first + 1, len(self.text)) if BEGINS.match(self.text[at])), len(self.text))
        return " ".join(self.text[first:end])
