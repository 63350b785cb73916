"""From declarations to the law of a pack: one builder for pages and for the canonical form.

1. Every block is of a known kind; a name is declared once (rules, definitions: once for each time).
2. Order: what stands alone, then questions, then each period's rules, read with the numbers then in force.
3. A period ends where a rule, a definition, a parameter, an order of classes or the calendar changes.
"""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, replace

from musterroll.dates import parse_day
from musterroll.errors import MusterRollError
from musterroll.fact import derivation
from musterroll.fact.attribute import Attribute
from musterroll.fact.derivation import Derivation
from musterroll.law import declare, holiday, proceeding_read, reckoning, rules
from musterroll.law import question as asking
from musterroll.law import selection as selecting
from musterroll.law.accepted import Accepted, Key, accepted, parts
from musterroll.law.article import Block, Pages
from musterroll.law.burden import Burden, burden
from musterroll.law.calendar import PLAIN
from musterroll.law.compare import Remark, remarks
from musterroll.law.declare import Citations, Reading, Roster
from musterroll.law.model import Article, Parameter, Period, Question
from musterroll.law.proceeding import Proceeding
from musterroll.law.proceeding_names import Names
from musterroll.law.selection import Procedure, Selection

ONCE = ("pack", "calendar", "scope", "selection")
KINDS = frozenset(
    {
        *ONCE,
        *("attribute", "parameter", "holidays", "question", "rule", "definition", "interpretation", "derive", "roster"),
        *("procedure", "burden", "accepted", "words", "omitted", "compare", "case", "person", "proceeding", "course"),
    }
)


@dataclass(frozen=True, slots=True)
class Omitted:
    """A part of the law that the pack does not hold."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Law:
    """All that a pack's pages say, as values."""

    name: str
    version: str
    title: str
    after: str
    articles: dict[str, Article]
    readings: dict[str, Reading]
    attributes: dict[str, Attribute]
    parameters: dict[str, Parameter]
    rosters: dict[str, Roster]
    derivations: tuple[Derivation, ...]
    questions: dict[str, Question]
    periods: tuple[Period, ...]
    selection: Selection | None
    procedures: dict[str, Procedure]
    proceedings: dict[str, Proceeding]
    burdens: dict[str, Burden]
    omitted: tuple[Omitted, ...]
    words: dict[str, dict[str, str]]
    accepted: dict[Key, Accepted]
    remarks: tuple[Remark, ...] = ()
    language: str = "en"


def built(pages: Pages) -> Law:
    """The law that the pages declare. Raises MusterRollError with file, line, paragraph and remedy."""
    by_kind = _by_kind(pages)
    if not by_kind["pack"]:
        place = next((block.place() for block in pages.blocks), "the pages of the pack")
        raise MusterRollError(
            "law.block", "No block `pack` is declared.", where=place, remedy="Write ```pack NAME in pack.md."
        )
    head = by_kind["pack"][0]
    head.fields(("title", "version", "in force"), ("after", "language"))
    first, end = _coverage(head)
    articles = _articles(pages)
    readings = {block.name: declare.reading(block) for block in by_kind["interpretation"]}
    citations = Citations(articles, readings)
    attributes = _named(by_kind["attribute"], lambda block: declare.attribute(block, citations))
    _numbered_once(by_kind["attribute"], [one.number for one in attributes.values()], 2**15 - 1)
    parameters = _named(by_kind["parameter"], lambda block: declare.parameter(block, citations))
    for block in by_kind["parameter"]:
        if parameters[block.name].values[0][0] > first:
            raise block.wrong("law.parameter", "it has no value when the pack begins.", "Give it an earlier value.")
    rosters = _named(by_kind["roster"], lambda block: declare.roster(block, citations))
    calendar = [line for block in by_kind["calendar"] for line in reckoning.settings(block, citations, first, end)]
    _named_once([*by_kind["attribute"], *by_kind["parameter"], *by_kind["definition"]])
    _numbered_once(by_kind["roster"], [one.number for one in rosters.values()], 2**15 - 1)
    workdays = tuple(_named(by_kind["holidays"], lambda block: holiday.workdays(block, citations)).values())
    written = rules.versions(by_kind["rule"], first, end)
    defined = rules.versions(by_kind["definition"], first, end)
    asked = _named(
        by_kind["question"], lambda block: asking.question(block, citations, by_kind["rule"], by_kind["question"])
    )
    _numbered_once(by_kind["question"], [one.number for one in asked.values()], 2**8 - 1)
    orderings = {
        block.name: asking.orderings(block, citations, asked[block.name].classes, first, end)
        for block in by_kind["question"]
    }
    questions = {name: replace(one, order=tuple(line.chain for line in orderings[name])) for name, one in asked.items()}
    for question in questions.values():
        rules.check_written(question, written, attributes)
    procedures = _named(by_kind["procedure"], lambda block: selecting.procedure(block, citations))
    taken = {*parameters, *defined}
    calendars = {one.name for one in workdays}
    proceedings = proceeding_read.proceedings(
        by_kind["proceeding"], proceeding_read.Known(citations, attributes, taken, parameters, calendars)
    )
    named = {name: Names(name, proceedings).attributes for name in proceedings}
    reckoned_in_months = next((one for one in proceedings.values() if one.counts_months), None)
    if reckoned_in_months and not calendar:
        raise MusterRollError(
            "law.calendar",
            f"proceeding {reckoned_in_months.name}: months and years need a calendar.",
            where=reckoned_in_months.where,
            remedy="Declare `calendar` with leap_day, month_end and age_attained, each with its paragraph.",
        )
    periods = []
    texts = [one for many in (*written.values(), *defined.values()) for one in many]
    dated = [day for one in parameters.values() for day, _ in one.values]
    dated += [day for line in calendar for day in (line.first, line.end)]
    dated += [day for lines in orderings.values() for line in lines for day in (line.first, line.end)]
    for since, until in rules.boundaries(texts, dated, first, end):
        numbers = {name: one.at(since) for name, one in parameters.items()}
        reckoned = reckoning.calendar_on(calendar, since) if calendar else None
        reader = rules.Reader(citations, attributes, numbers, defined, reckoned, workdays, since)
        for name in reader.names.definitions:
            _ = reader.names.definitions[name]
        in_force = {
            name: rules.rules_in_force(question, written, reader, since) for name, question in questions.items()
        }
        only_if = {
            (block.name, place): reader.only_if(block, term.only_if, place)
            for block in by_kind["procedure"]
            for place, term in enumerate(procedures[block.name].terms)
            if term.only_if
        }
        guards = {
            (block.name, move.number): guard
            for block in by_kind["proceeding"]
            for move in proceedings[block.name].moves
            if (guard := reader.guard(block, move, named[block.name])) is not None
        }
        by = replace(reckoned or PLAIN, workdays=workdays)
        scope = [reader.required(block, "registers") for block in by_kind["scope"] if block.fields(("registers",))]
        order = {
            name: tuple(line.chain for line in lines if line.first <= since < line.end)
            for name, lines in orderings.items()
        }
        tried = {
            block.name: asking.tried(block, questions[block.name].classes, order[block.name])
            for block in by_kind["question"]
        }
        periods.append(Period(since, until, in_force, scope[0] if scope else None, tried, order, by, only_if, guards))
    selections = [
        selecting.selection(block, citations, questions, attributes, parameters) for block in by_kind["selection"]
    ]
    return Law(
        name=head.name,
        version=head.text("version"),
        title=head.text("title"),
        after=head.text("after"),
        articles=articles,
        readings=readings,
        attributes=attributes,
        parameters=parameters,
        rosters=rosters,
        derivations=tuple(_derivation(block, citations, attributes, rosters) for block in by_kind["derive"]),
        questions=questions,
        periods=tuple(periods),
        selection=selections[0] if selections else None,
        procedures=procedures,
        proceedings=proceedings,
        burdens=_named(by_kind["burden"], lambda block: burden(block, citations, attributes, questions)),
        omitted=tuple(Omitted(block.name, block.text("why")) for block in by_kind["omitted"]),
        words=_words(by_kind["words"]),
        accepted=_accepted(by_kind["accepted"], citations, {*written, *parts(proceedings)}, attributes),
        remarks=tuple(one for block in by_kind["compare"] for one in remarks(block, citations)),
        language=_language(head),
    )


def _by_kind(pages: Pages) -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = {kind: [] for kind in KINDS}
    for block in pages.blocks:
        if block.kind not in KINDS:
            known = ", ".join(sorted(KINDS))
            raise block.wrong("law.block", "there is no such declaration.", f"Known: {known}.")
        if block.kind in ONCE and found[block.kind]:
            raise block.wrong("law.block", "this stands once in a pack.", "Keep one of them.")
        found[block.kind].append(block)
    return found


def _coverage(head: Block) -> tuple[int, int]:
    first, _, last = head.text("in force").partition(" ..")
    where = head.place("in force")
    since = parse_day(first.strip(), where=where)
    until = parse_day(last.strip(), where=where) if last.strip() else rules.OPEN_END
    if since >= until:
        raise head.wrong("law.in-force", "the pack is never in force.", "Correct the dates.", "in force")
    return since, until


def _language(head: Block) -> str:
    """The language in which the law is quoted; English where the pack says nothing."""
    language = head.text("language", "en")
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        raise head.wrong("law.block", f"`{language}` is no language.", "Write its code, such as `lv`.", "language")
    return language


def _articles(pages: Pages) -> dict[str, Article]:
    found: dict[str, Article] = {}
    for one in pages.articles:
        if one.cite in found and one.text and found[one.cite].text:
            raise MusterRollError(
                "law.page",
                f"{one.cite} is quoted twice.",
                where=one.where or one.cite,
                remedy="Quote each article once; call the second heading something else.",
            )
        if one.cite not in found or one.text:
            found[one.cite] = one
    return found


def _named[T](blocks: list[Block], make: Callable[[Block], T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for block in blocks:
        if not block.name or block.name in found:
            raise block.wrong("law.block", "it has no name, or the name is declared twice.", "Give it its own name.")
        found[block.name] = make(block)
    return found


def _named_once(blocks: list[Block]) -> None:
    """What stands in a condition under one name is one thing; versions of a definition are."""
    kinds: dict[str, Block] = {}
    for block in blocks:
        other = kinds.setdefault(block.name, block)
        if other.kind != block.kind or not declare.is_word(block.name):
            what = f"its name is taken by {other.kind} {other.name} ({other.place()}), or is not one word."
            raise block.wrong("law.block", what, "Give it a name of its own, a_name_like_this.")


def _numbered_once(blocks: list[Block], numbers: list[int], most: int) -> None:
    for index, number in enumerate(numbers):
        if number in numbers[:index] or not 1 <= number <= most:
            what = f"its number is taken, or not one of 1 to {most}."
            raise blocks[index].wrong("law.number", what, "Give it a new number.", "number")


def _derivation(
    block: Block, citations: Citations, attributes: dict[str, Attribute], rosters: dict[str, Roster]
) -> Derivation:
    block.fields(("gives", "from", "take", "fewer", "basis"))
    citations.basis(block)
    names = ("gives", "from", "take", "fewer", "basis")
    made = derivation.parse(block.name, {name: block.text(name) for name in names}, where=block.place())
    if block.name not in attributes or attributes[block.name].type is not made.gives:
        raise block.wrong("law.derive", "there is no attribute of this name and type.", "Declare the attribute.")
    if made.roster not in rosters:
        raise block.wrong("law.derive", f"there is no roster `{made.roster}`.", "Declare the roster.", "from")
    return made


def _accepted(
    blocks: list[Block], citations: Citations, written: Container[str], attributes: Container[str]
) -> dict[Key, Accepted]:
    found: dict[Key, Accepted] = {}
    for block in blocks:
        one = accepted(block, citations, written, attributes)
        for key in one.keys:
            if key in found:
                raise block.wrong("law.accepted", "this is accepted twice.", "Keep one of them.")
            found[key] = one
    return found


def _words(blocks: list[Block]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for block in blocks:
        language = found.setdefault(block.name, {})
        for key in block.content if isinstance(block.content, dict) else ():
            if key in language:
                raise block.wrong("law.words", f"`{key}` is worded twice.", "Keep one.", key)
            language[key] = block.text(key)
    return found
