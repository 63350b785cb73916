"""Worked cases: named situations that a lawyer can read and sign, standing beside the article they test.

    ```case served before
    given: {like: an ordinary man, has_served: yes}
    on 2021-01-01: exempt, because art. 6 (2)
    ```

1. What is not given is unknown. `like` takes over the facts of a `person` block, which the case may change.
2. A value is written as in a rule: yes, no, never, none, a date, a number, a code, `unknown`, `A .. B` for a day or
   number known to lie between two, `A | B` for one of several codes.
3. Expected is a class, `not CLASS`, `undetermined` or `not covered`; then, where it matters, `because CITATION` (each
   is a line of a true rule of that class), `needs NAMES` (all of them, unless it ends in `and more`),
   `possible CLASSES`, `next DATE`.
4. A case names its `question` where the pack asks several; the first is meant otherwise. `reading: {PLACE: NAME}` asks
   under another reading of a doubtful place than the one chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from musterroll.dates import format_day, parse_day
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import UNKNOWN, WIDEST, Attribute, Held, State, ValueType, one_of
from musterroll.law.article import Block
from musterroll.law.declare import value_of
from musterroll.law.evaluate import decide
from musterroll.law.model import Rule, lines_of
from musterroll.law.pack import Pack
from musterroll.law.standing import Standing

_KNOWN = ("given", "question", "reading", "note")
_WORDS = ("because", "needs", "possible", "next")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a case says that the law answers."""

    answer: str
    because: tuple[str, ...] = ()
    needs: tuple[str, ...] | None = None
    more: bool = False
    possible: tuple[str, ...] | None = None
    next_change: int | None = None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of one case as read: whom it asks about, on which day, and what it says that the law answers.

    `readings` are the readings of doubtful places under which it is asked, where they are not those chosen.
    """

    case: str
    article: str
    where: str
    question: str
    held: Mapping[str, Held]
    on: int
    text: str
    expected: Expected
    readings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of one case: what was expected, what was found; `differs` is empty when they agree."""

    case: str
    article: str
    where: str
    on: int
    expected: str
    found: str
    differs: str

    @property
    def agrees(self) -> bool:
        """Whether the law answers as the case says."""
        return not self.differs


def run(pack: Pack) -> tuple[Outcome, ...]:
    """Every line of every case of the pack. Raises MusterRollError `law.case` for a case that cannot be read."""
    return tuple(_outcome(pack, line) for line in lines(pack))


def people(pack: Pack) -> dict[str, dict[str, Held]]:
    """The facts of each `person` block, by its name. Raises as `run` does."""
    return {block.name: facts(pack, block, {}) for block in pack.cases if block.kind == "person"}


def lines(pack: Pack) -> tuple[CaseLine, ...]:
    """Every line of every case, in the order of the pages. Raises as `run` does."""
    known = people(pack)
    return tuple(line for block in pack.cases if block.kind == "case" for line in _lines(pack, block, known))


def differs(pack: Pack, line: CaseLine) -> str:
    """In what the law's answer is not what the line says, in words; empty where they agree."""
    return _outcome(pack, line).differs


def facts(pack: Pack, block: Block, people: Mapping[str, Mapping[str, Held]]) -> dict[str, Held]:
    """What a block gives, over the `person` it is like. Raises `law.case`."""
    given = block.mapping("given")
    like = given.pop("like", "")
    if like and like not in people:
        raise block.wrong("law.case", f"there is no person `{like}`.", "Declare ```person above the cases.", "given")
    found = dict(people.get(like, {}))
    for name, text in given.items():
        if name not in pack.attributes:
            raise block.wrong("law.case", f"`{name}` is not an attribute.", "Correct its name.", "given", name)
        found[name] = held(pack.attributes[name], text, block, "given", name)
    return found


def held(attribute: Attribute, text: str, block: Block, *path: str | int) -> Held:
    """A value as a case gives it. Raises `law.case` and `law.value`."""
    if text == "unknown":
        return UNKNOWN
    name, where = attribute.name, block.place(*path)
    if "|" in text:
        codes = {value_of(attribute, one.strip(), where) for one in text.split("|")}
        if attribute.type is not ValueType.ENUM or max(codes) >= WIDEST:
            raise block.wrong(
                "law.case",
                f"`{name}` cannot be one of several values.",
                f"Only one of the first {WIDEST} values of an enumeration can; write `A .. B` for days and numbers.",
                *path,
            )
        return one_of(sum(1 << code for code in codes), State.CONFLICT)
    first, between, last = text.partition(" .. ")
    lo = value_of(attribute, first.strip(), where)
    hi = value_of(attribute, last.strip(), where) if between else lo
    if lo > hi:
        raise block.wrong("law.case", f"`{name}` runs backwards.", "Write the smaller value first.", *path)
    if lo < hi and attribute.type in (ValueType.BOOL, ValueType.ENUM):
        raise block.wrong("law.case", f"`{name}` has no values between.", "Write `A | B`, or `unknown`.", *path)
    return Held(lo, hi, State.CONFLICT if lo < hi else State.SINGLE)


def _lines(pack: Pack, block: Block, known: Mapping[str, Mapping[str, Held]]) -> list[CaseLine]:
    given = facts(pack, block, known)
    question = block.text("question", next(iter(pack.questions), ""))
    if question not in pack.questions:
        raise block.wrong("law.case", f"there is no question `{question}`.", "Correct its name.", "question")
    readings = block.mapping("reading")
    for place, chosen in readings.items():
        if place not in pack.readings or chosen not in pack.readings[place].readings:
            raise block.wrong(
                "law.case", f"`{place}` has no reading `{chosen}`.", "Correct its name.", "reading", place
            )
    found = []
    content = block.content if isinstance(block.content, dict) else {}
    for key in content:
        if key.startswith("on "):
            where = block.place(key)
            on = parse_day(key.removeprefix("on ").strip(), where=where)
            expected = _expected(pack, block, key, question)
            text = block.text(key)
            found.append(CaseLine(block.name, block.article, where, question, given, on, text, expected, readings))
        elif key not in _KNOWN:
            known_here = ", ".join(_KNOWN)
            raise block.wrong("law.case", f"`{key}` is not known here.", f"Known: {known_here}, on DATE.", key)
    if not found:
        raise block.wrong("law.case", "it expects nothing.", "Write `on DATE: CLASS`.")
    return found


def _outcome(pack: Pack, line: CaseLine) -> Outcome:
    pack = pack.with_readings(line.readings) if line.readings else pack
    try:
        standing = decide(pack, line.question, line.held, line.on)
    except MusterRollError as problem:
        answer, wrong = "not covered", "" if line.expected.answer == "not covered" else problem.what
    else:
        answer, wrong = _said(standing), "; ".join(differences(pack, standing, line.expected, line.on))
    return Outcome(line.case, line.article, line.where, line.on, line.text, answer, wrong)


def _expected(pack: Pack, block: Block, key: str, question: str) -> Expected:
    parts = [part.strip() for part in block.text(key).split(",")]
    answer = parts[0]
    found: dict[str, list[str]] = {word: [] for word in _WORDS}
    known = {one.name for one in pack.questions[question].classes}
    if answer.removeprefix("not ") not in known and answer not in ("undetermined", "not covered"):
        raise block.wrong("law.case", f"`{answer}` is no class.", f"The classes are: {', '.join(sorted(known))}.", key)
    word = ""
    for part in parts[1:]:
        first, _, rest = part.partition(" ")
        if first in _WORDS:
            word, part = first, rest
        if not word:
            raise block.wrong("law.case", f"`{part}` is not understood.", f"Write {', '.join(_WORDS)}.", key)
        found[word].append(part.strip())
    more = "and more" in found["needs"]
    for name in found["needs"]:
        if name not in pack.attributes and name != "and more":
            raise block.wrong("law.case", f"`{name}` is not an attribute.", "Correct its name.", key)
    return Expected(
        answer,
        tuple(found["because"]),
        tuple(name for name in found["needs"] if name != "and more") or None,
        more,
        tuple(" ".join(found["possible"]).split()) or None,
        parse_day(found["next"][0], where=block.place(key)) if found["next"] else None,
    )


def _said(standing: Standing) -> str:
    needs = f", needs {', '.join(standing.needs)}" if standing.needs else ""
    return f"{standing.cls or 'undetermined'}{needs}"


def differences(pack: Pack, standing: Standing, expected: Expected, on: int) -> list[str]:
    """In what a standing is not what a line expects; reasons are looked up in the rules of `pack`."""
    wrong = []
    answer = standing.cls or "undetermined"
    refused = expected.answer.removeprefix("not ") if expected.answer.startswith("not ") else None
    if (answer == refused) if refused and refused != "covered" else (answer != expected.answer):
        wrong.append(f"expected {expected.answer}, found {_said(standing)}")
    for cite in set(expected.because) - cited(pack, standing, on):
        wrong.append(f"{cite} is no reason")
    if expected.needs is not None:
        missing = set(expected.needs) - set(standing.needs)
        extra = set() if expected.more else set(standing.needs) - set(expected.needs)
        wrong.extend(f"{name} is not needed" for name in sorted(missing))
        wrong.extend(f"{name} is needed too" for name in sorted(extra))
    if expected.possible is not None and set(expected.possible) != set(standing.possible):
        wrong.append(f"possible are {' '.join(standing.possible)}")
    if expected.next_change is not None and expected.next_change != standing.next_change:
        wrong.append(f"the next change is {format_day(standing.next_change)}")
    return wrong


def cited(pack: Pack, standing: Standing, on: int) -> set[str]:
    """The citations of the true rules of the class found."""
    return cited_by(pack.at(on).rules[standing.question], standing.cls, standing.true)


def cited_by(rules: Sequence[Rule | None], cls: str | None, true: int) -> set[str]:
    """The citations of those rules, by their bits in `true`, that give a class."""
    giving = (rule for bit, rule in enumerate(rules) if rule and true >> bit & 1 and rule.gives == cls)
    return {line.cite for rule in giving for line in lines_of(rule.bare)}
