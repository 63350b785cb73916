"""From written rules to the law in force in one period (law-engine 6.1, 6.3, 6.7).

1. The key of each line under `when` is the paragraph it comes from; a line without one is an error, not a default.
2. `any`, `all` and `none` nest. Definitions are written the same way under `means` and are inlined; they may use one
   another but never in a circle.
3. `exception to R` and `yields to E` mean the same: R holds only where E does not. Where E is unknown, R is unknown.
4. A line that rests on a reading which was not chosen does not count, nor does a rule all of whose lines are such, or
   which says `reading: {PLACE: NAME}` of another reading.
5. Versions of one rule follow one another without gap or overlap and give the same class.
"""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from itertools import pairwise

from musterroll.dates import NEVER, parse_day
from musterroll.fact.attribute import Attribute
from musterroll.law import expression
from musterroll.law.article import Block, Value
from musterroll.law.calendar import Calendar
from musterroll.law.declare import Citations
from musterroll.law.extent import MOST_DEEP, MOST_PARTS, Extent
from musterroll.law.model import All, Condition, Line, Not, Question, Rule, Some
from musterroll.law.proceeding import Move
from musterroll.law.workday import Workdays

_MAY_SAY = ("question", "in force", "exception to", "yields to", "judgement", "reading")
_NESTED = ("all", "any", "none")
MOST_CHAINED = 40
"""How many definitions may wait for one another while they are read."""
_TOO_LARGE = (
    f"written out, with its definitions and exceptions, it has more than {MOST_PARTS} parts "
    f"or more than {MOST_DEEP} of them inside one another."
)
_SMALLER = "Say it with fewer conditions; let rules use facts in place of definitions that use definitions."


@dataclass(frozen=True, slots=True)
class Written:
    """One version of a rule or definition, as written, with the days on which it is in force (end excluded)."""

    block: Block
    first: int
    end: int

    @property
    def name(self) -> str:
        """The name shared by all versions."""
        return self.block.name

    def holds_on(self, day: int) -> bool:
        """Whether this version is in force on a day."""
        return self.first <= day < self.end


def in_force(block: Block, first: int, end: int) -> tuple[int, int]:
    """The days written in `in force: FROM .. TO` (TO excluded), or the pack's own where nothing is written."""
    text = block.text("in force")
    if not text:
        return first, end
    parts = [part.strip() for part in f" {text} ".split(" .. ")]
    where = block.place("in force")
    if len(parts) != 2:
        raise block.wrong("law.in-force", "`in force` is not FROM .. TO.", "Write `2019-01-01 ..`.", "in force")
    since = parse_day(parts[0], where=where) if parts[0] else first
    until = parse_day(parts[1], where=where) if parts[1] else end
    if not first <= since < until <= end:
        raise block.wrong(
            "law.in-force", "it is in force outside the pack's own time, or never.", "Correct the dates.", "in force"
        )
    return since, until


def versions(blocks: list[Block], first: int, end: int) -> dict[str, tuple[Written, ...]]:
    """The versions of each name in order of time. Raises `law.versions` where they overlap or leave a gap."""
    found: dict[str, list[Written]] = {}
    for block in blocks:
        if not block.name:
            raise block.wrong("law.block", "it has no name.", f"Write ```{block.kind} NAME.")
        found.setdefault(block.name, []).append(Written(block, *in_force(block, first, end)))
    for written in found.values():
        written.sort(key=lambda one: one.first)
        for earlier, later in pairwise(written):
            if earlier.end != later.first:
                problem = "overlap" if earlier.end > later.first else "leave a gap"
                raise later.block.wrong(
                    "law.versions",
                    f"two versions of this name {problem} ({earlier.block.place()}).",
                    "Give the second another name, or let `in force` of one end on the day the next begins.",
                )
    return {name: tuple(written) for name, written in found.items()}


class Definitions(Mapping[str, Condition]):
    """Named conditions in force on one day, read when first used; a circle raises `law.circle`."""

    def __init__(self, reader: "Reader", written: Mapping[str, tuple[Written, ...]], day: int) -> None:
        self._reader = reader
        self._blocks = {one.name: one.block for many in written.values() for one in many if one.holds_on(day)}
        self._made: dict[str, Condition] = {}
        self._open: list[str] = []

    def __getitem__(self, name: str) -> Condition:
        block = self._blocks[name]
        if name in self._open:
            raise block.wrong(
                "law.circle",
                f"definitions use one another in a circle: {' -> '.join([*self._open, name])}.",
                "Write one of them without the others.",
            )
        if name not in self._made:
            self._open.append(name)
            if len(self._open) > MOST_CHAINED:
                what = f"definitions use one another more than {MOST_CHAINED} deep."
                raise block.wrong("law.too-large", what, _SMALLER)
            block.fields(("means",), ("in force",))
            self._made[name] = self._reader.required(block, "means")
            self._open.pop()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._blocks)

    def __len__(self) -> int:
        return len(self._blocks)


class Reader:
    """Reads the rules in force on one day. The same words are the same condition wherever they stand."""

    def __init__(
        self,
        citations: Citations,
        attributes: Mapping[str, Attribute],
        parameters: Mapping[str, int],
        definitions: Mapping[str, tuple[Written, ...]],
        calendar: Calendar | None,
        workdays: tuple[Workdays, ...],
        day: int,
    ) -> None:
        self._citations = citations
        self._read: dict[str, Condition] = {}
        self.extent = Extent()
        self.names = expression.Names(
            attributes, parameters, Definitions(self, definitions, day), calendar, workdays, day
        )

    def required(self, block: Block, member: str) -> Condition:
        """The lines under `means` or `registers`. Raises `law.reading` where none counts."""
        made = self.conditions(block, member)
        if made is None:
            raise block.wrong(
                "law.reading", "under the readings chosen it says nothing.", "Add a line for each reading.", member
            )
        return made

    def conditions(self, block: Block, member: str) -> Condition | None:
        """The lines under `when`, `means` or `registers` that count; None where none does."""
        content = block.content[member] if isinstance(block.content, dict) else []
        parts = self._parts(block, content, (member,))
        made = parts[0] if len(parts) == 1 else All(parts) if parts else None
        if made is not None and self.extent.too_large(made):
            raise block.wrong("law.too-large", _TOO_LARGE, _SMALLER, member)
        return made

    def only_if(self, block: Block, text: str, index: int) -> Condition:
        """The condition of one line of a procedure, which may ask whether something is known."""
        return expression.read(text, replace(self.names, procedure=True), block.place(index))

    def guard(self, block: Block, move: Move, more: Mapping[str, Attribute]) -> Condition | None:
        """What a move asks for, each line with its paragraph; None for nothing. `more` are the names of proceedings."""
        inner = copy(self)
        inner._read = {}
        inner.names = replace(self.names, attributes={**self.names.attributes, **more})
        parts: tuple[Condition, ...] = ()
        if move.only_if:
            where = f"{move.where}, {move.cite}"
            made = expression.read(move.only_if, inner.names, where)
            parts = (Line(move.cite, "", move.only_if, made, move.where),)
        if move.when:
            content: Value = block.content
            for step in move.when:
                content = content[step]  # type: ignore[index, call-overload]
            parts = (*parts, *inner._parts(block, content, move.when))
        whole = All(parts)
        if self.extent.too_large(whole):
            raise block.wrong("law.too-large", _TOO_LARGE, _SMALLER, *move.when)
        return whole if len(parts) > 1 else parts[0] if parts else None

    def in_force(self, block: Block) -> bool:
        """Whether a rule is one of the readings chosen. Raises `law.reading` for a reading that does not exist."""
        for name, chosen in block.mapping("reading").items():
            place = self._citations.readings.get(name)
            if place is None or chosen not in place.readings:
                raise block.wrong(
                    "law.reading",
                    f"`{name}` has no reading `{chosen}`.",
                    "Declare the interpretation.",
                    "reading",
                    name,
                )
            if place.chosen != chosen:
                return False
        return True

    def _parts(self, block: Block, content: Value, path: tuple[str | int, ...]) -> tuple[Condition, ...]:
        if not isinstance(content, list) or not content:
            raise self._uncited(block, path)
        made = (self._part(block, item, (*path, index)) for index, item in enumerate(content))
        return tuple(part for part in made if part is not None)

    def _part(self, block: Block, item: Value, path: tuple[str | int, ...]) -> Condition | None:
        if not isinstance(item, dict) or len(item) != 1:
            raise self._uncited(block, path)
        ((key, value),) = item.items()
        if key in _NESTED:
            parts = self._parts(block, value, (*path, key))
            if not parts:
                return None
            return Not(Some(parts)) if key == "none" else Some(parts) if key == "any" else All(parts)
        if not isinstance(value, str):
            raise block.wrong("law.block", f"`{key}` holds no condition.", "Write `(1): condition`.", *path)
        article, paragraph = self._citations.resolve(key, block, *path)
        where = f"{block.place(*path)}, {article} {paragraph}"
        if value not in self._read:
            self._read[value] = expression.read(value, self.names, where)
        line = Line(article, paragraph, value, self._read[value], block.place(*path))
        return line if self._citations.counts(key) else None

    def _uncited(self, block: Block, path: tuple[str | int, ...]) -> Exception:
        return block.wrong(
            "law.uncited",
            "a condition cites nothing.",
            "Write each condition as `- (PARAGRAPH): condition`, with the paragraph of the law it comes from.",
            *path,
        )


def rules_in_force(
    question: Question,
    written: Mapping[str, tuple[Written, ...]],
    reader: Reader,
    day: int,
) -> tuple[Rule | None, ...]:
    """The question's rules on one day, one entry a bit. Raises `law.circle` where exceptions run in a circle."""
    said = {one.name: one.block for name in question.rules for one in written[name] if one.holds_on(day)}
    read = {name: (block, reader.conditions(block, "when")) for name, block in said.items() if reader.in_force(block)}
    current = {name: block for name, (block, made) in read.items() if made is not None}
    bare = {name: made for name, (_, made) in read.items() if made is not None}
    above: dict[str, list[str]] = {name: list(block.names("yields to")) for name, block in current.items()}
    for name, block in current.items():
        for other in block.names("exception to"):
            above.setdefault(other, []).append(name)
    made: dict[str, Rule] = {}
    opened: list[str] = []

    def made_up(name: str) -> Rule:
        if name in opened:
            raise current[name].wrong(
                "law.circle",
                f"exceptions run in a circle: {' -> '.join([*opened, name])}.",
                "Let one of them take precedence.",
            )
        if name not in made:
            opened.append(name)
            if len(opened) > MOST_DEEP:
                raise current[name].wrong("law.too-large", _TOO_LARGE, _SMALLER)
            over = tuple(other for other in above[name] if other in current)
            exceptions = tuple(Not(made_up(other).when) for other in over)
            when = All((bare[name], *exceptions)) if exceptions else bare[name]
            if reader.extent.too_large(when):
                raise current[name].wrong("law.too-large", _TOO_LARGE, _SMALLER)
            block = current[name]
            made[name] = Rule(
                name,
                question.name,
                _class_of(block),
                block.article,
                when,
                bare[name],
                over,
                block.names("judgement"),
                block.place(),
            )
            opened.pop()
        return made[name]

    return tuple(made_up(name) if name in current else None for name in question.rules)


def check_written(
    question: Question, written: Mapping[str, tuple[Written, ...]], attributes: Mapping[str, Attribute]
) -> None:
    """Refuses rules whose class, exceptions or members do not exist. Raises `law.rule`."""
    classes = {one.name for one in question.classes}
    for name in question.rules:
        for one in written[name]:
            block = one.block
            block.fields(("gives", "when"), _MAY_SAY)
            if _class_of(block) not in classes or _class_of(block) != _class_of(written[name][0].block):
                raise block.wrong(
                    "law.rule",
                    f"`gives: {block.text('gives')}` is not the one class of this rule.",
                    f"Write `gives: class NAME`; the classes are: {', '.join(sorted(classes))}.",
                    "gives",
                )
            for other in (*block.names("exception to"), *block.names("yields to")):
                if other not in question.rules:
                    raise block.wrong("law.rule", f"there is no rule `{other}`.", "Correct its name.")
            for judged in block.names("judgement"):
                if judged not in attributes:
                    raise block.wrong("law.rule", f"`{judged}` is not declared.", "Name an attribute.", "judgement")


def _class_of(block: Block) -> str:
    return block.text("gives").removeprefix("class ").strip()


def boundaries(written: list[Written], parameters: list[int], first: int, end: int) -> tuple[tuple[int, int], ...]:
    """The periods between two changes of the text, as (first, end)."""
    days = {first, *(day for day in parameters if first < day < end)}
    for one in written:
        days.update(day for day in (one.first, one.end) if first < day < end)
    starts = sorted(days)
    return tuple(zip(starts, [*starts[1:], end], strict=True))


OPEN_END = NEVER
"""The end of a text that nobody has repealed yet."""
