"""Who is drawn and how time runs, as a pack declares it (data-model 9). Plain values; the draw and the acts use them.

1. Every line carries its paragraph: `- (2): {cohort: service is liable}`.
2. A cohort is read from standings and from birth, legal sex, residence area, own declaration and own earlier order
   only; strata likewise (charter S3). Quotas are proportional, by largest remainder.
3. Strata are made by a year of birth, a legal sex and one level of territory, in the order in which the pack names
   them: `first level of region and year of born and sex`, or `everybody together`. Small ones merge, unless the line
   `merge under` says `never` and cites the article that forbids it.
4. People are called by their place (`order: place`), or where the law has drums by the number of a date of birth
   (`order: number of NAME`); those of one date by a rule that anybody can compute (docs/spec/draw.md, 9). Where the law
   draws in parts and then puts all who were picked into one chance order (`order: draw value`), they stand in one line
   by the draw's key K, whatever their part.
5. How many are picked is a sum of parameters (`total: parameter a less parameter b plus parameter c`): so a law says
   that volunteers come first, and that more are picked than are needed. How many of those picked are called may be
   another sum (`called`); without it everybody picked is. `not held if: everybody is called` cites the article that
   then forbids a draw.
6. A line of a procedure may hold for some people only: `{letter: ask_birth_day, if: not known(born)}`. This is the one
   place where a condition may ask whether something is known.
7. What the law leaves open is written `law silent: CHOICE` in place of a paragraph and is shown wherever it decides.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from musterroll.fact.attribute import Attribute, Kind, ValueType, digits
from musterroll.law.article import Block
from musterroll.law.declare import Citations
from musterroll.law.model import Parameter, Question

DRAWN_BY = frozenset(
    {Kind.BIRTH, Kind.LEGAL_SEX, Kind.RESIDENCE_AREA, Kind.OWN_DECLARATION, Kind.OWN_ORDER},
)
"""The kinds that cohort, strata and order may read beside the standing (charter S3)."""

BY_PLACE = "place"
BY_DATE = "number of "
BY_VALUE = "draw value"
"""In what order people are called: by their place in the draw, by the number that drums give to a date of birth, or all
who were picked in one line by their draw value."""

EVERYBODY_CALLED = "everybody is called"

TOGETHER = "everybody together"
NEVER_MERGED = "never"
_STRATUM = re.compile(r"(?:(?P<how>year|first level|second level) of )?(?P<attribute>\w+)")
_HOW = {
    ("year", Kind.BIRTH): "birth-year",
    (None, Kind.RESIDENCE_AREA): "territory-1",
    ("first level", Kind.RESIDENCE_AREA): "territory-1",
    ("second level", Kind.RESIDENCE_AREA): "territory-2",
    (None, Kind.LEGAL_SEX): "sex",
}
"""What the draw calls each way of dividing (docs/spec/draw.md, 4)."""

_SUM = re.compile(r"parameter \w+(?: (?:plus|less) parameter \w+)*")
_SUMMAND = re.compile(r"(?:(plus|less) )?parameter (\w+)")

_SILENT = "law silent"
_IF = "if"
_COHORT = re.compile(r"(?P<question>\w+) is (?P<classes>[\w.-]+(?: or [\w.-]+)*)")


@dataclass(frozen=True, slots=True)
class Term:
    """One line: the paragraph it rests on (or `law silent`), what it settles, how, and for whom (all, where `only_if`
    is empty)."""

    cite: str
    name: str
    value: str
    only_if: str = ""

    @property
    def silent(self) -> bool:
        """Whether the law leaves this open and the pack chose."""
        return self.cite == _SILENT


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of people: parameters added, and parameters taken away, by name."""

    added: tuple[str, ...]
    taken: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All parameters that it is made of."""
        return self.added + self.taken

    def at(self, parameters: Mapping[str, Parameter], on: int) -> int:
        """The number on a day; nobody where more is taken away than there is."""
        added = sum(parameters[name].at(on) for name in self.added)
        return max(0, added - sum(parameters[name].at(on) for name in self.taken))


@dataclass(frozen=True, slots=True)
class Selection:
    """How people are drawn. `total` is how many are picked, `called` how many of them are called (None: all).

    `strata` are pairs of what the draw divides by and the attribute that is read for it, in order. `unmerged_by` is the
    paragraph that forbids merging small ones, `not_held_by` the one that forbids a draw where everybody is called; each
    is empty where there is none. `birth` is the attribute that holds the date of birth by which entries, strata and
    tables go.
    """

    name: str
    question: str
    classes: tuple[str, ...]
    strata: tuple[tuple[str, str], ...]
    unmerged_by: str
    total: Amount
    called: Amount | None
    not_held_by: str
    least: int
    merge_under: int
    order: str
    birth: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Procedure:
    """Time limits, stays and channels of one kind of matter, as lines by name."""

    name: str
    terms: tuple[Term, ...]

    def term(self, name: str) -> Term:
        """The line called `name`. Raises KeyError."""
        for term in self.terms:
            if term.name == name:
                return term
        raise KeyError(name)


def terms(block: Block, citations: Citations) -> tuple[Term, ...]:
    """The lines of a block `- (P): {name: value}`. Raises `law.uncited` for a line without its paragraph."""
    found: list[Term] = []
    for index, item in enumerate(block.content if isinstance(block.content, list) else []):
        pair = next(iter(item.items())) if isinstance(item, dict) and len(item) == 1 else ("", "")
        key, line = pair
        said = {name: value for name, value in line.items() if name != _IF} if isinstance(line, dict) else {}
        if not isinstance(line, dict) or len(said) != 1:
            raise block.wrong("law.uncited", "a line cites nothing.", "Write `- (P): {name: value}`.", index)
        ((name, value),) = said.items()
        only_if = line.get(_IF, "")
        twice = any(name == term.name and not (only_if and term.only_if) for term in found)
        if not isinstance(value, str) or not isinstance(only_if, str) or twice:
            raise block.wrong("law.block", f"`{name}` stands twice or holds no text.", "Keep one line.", index)
        cite = _SILENT if key == _SILENT else " ".join(citations.resolve(key, block, index)).strip()
        found.append(Term(cite, name, value, only_if))
    if not found:
        raise block.wrong("law.block", "it has no lines.", "Write `- (P): {name: value}`.")
    return tuple(found)


def selection(
    block: Block,
    citations: Citations,
    questions: Mapping[str, Question],
    attributes: Mapping[str, Attribute],
    parameters: Mapping[str, Parameter],
) -> Selection:
    """A selection, with everything it names checked. Raises `law.selection`."""
    made = terms(block, citations)
    values = {term.name: term.value for term in made}
    known = {"cohort", "strata", "total", "share", "rounding", "least", "merge under", "order"}
    if any(term.only_if for term in made):
        raise block.wrong("law.selection", "a selection holds for everybody (charter S3).", "Take out `if`.")
    may = {"called", "not held if"}
    if set(values) - may != known:
        wrong = ", ".join(sorted((set(values) - may) ^ known))
        raise block.wrong("law.selection", f"missing or unknown: {wrong}.", f"Known: {', '.join(sorted(known | may))}.")
    found = _COHORT.fullmatch(values["cohort"])
    question = questions.get(found["question"]) if found else None
    classes = tuple(found["classes"].split(" or ")) if found else ()
    names = {one.name: one for one in question.classes} if question else {}
    if question is None or not all(name in names and names[name].callable for name in classes):
        raise block.wrong(
            "law.selection", "the cohort is not made of callable classes.", "Write `cohort: QUESTION is CLASS`."
        )
    strata = _strata(block, values["strata"], attributes)
    total = _amount(block, "total", values["total"], parameters)
    called = _amount(block, "called", values["called"], parameters) if "called" in values else None
    birth = _birth(block, values["order"], strata, attributes)
    fixed = {
        "share": ("stratum size",),
        "rounding": ("largest remainder",),
        "order": (BY_PLACE, f"{BY_DATE}{birth}", BY_VALUE),
        "not held if": (EVERYBODY_CALLED,),
    }
    for name, known_values in fixed.items():
        if values.get(name, known_values[0]) not in known_values:
            only = " or ".join(f"`{value}`" for value in known_values)
            raise block.wrong("law.selection", f"`{name}` is always {only} (charter S3).", f"Write {only}.")
    never = values["merge under"] == NEVER_MERGED
    cites = {term.name: term.cite for term in made}
    cited = cites["merge under"] if never else ""
    if cites.get("not held if") == _SILENT:
        raise block.wrong("law.selection", "only an article forbids a draw.", "Cite it, or take the line out.")
    if called is not None and values["order"] != BY_VALUE:
        raise block.wrong(
            "law.selection",
            "`called` picks some of those who were drawn, and no line says in which order over all parts.",
            f"Write `order: {BY_VALUE}`, or take `called` out: each part is then called up to its share.",
        )
    if cited == _SILENT or (never and not strata):
        raise block.wrong("law.selection", "only an article forbids merging.", "Cite it, or write a number of people.")
    for name in ("least",) if never else ("least", "merge under"):
        if not digits(values[name]):
            raise block.wrong("law.selection", f"`{name}` is not a whole number.", "Write digits.")
    return Selection(
        block.name,
        question.name,
        classes,
        strata,
        cited,
        total,
        called,
        cites.get("not held if", ""),
        int(values["least"]),
        0 if never else int(values["merge under"]),
        values["order"],
        birth,
        made,
    )


def _amount(block: Block, name: str, text: str, parameters: Mapping[str, Parameter]) -> Amount:
    """A sum of parameters: `parameter a less parameter b plus parameter c`. Raises `law.selection`."""
    added: list[str] = []
    taken: list[str] = []
    if not _SUM.fullmatch(text):
        remedy = f"Write `{name}: parameter NAME less parameter NAME`."
        raise block.wrong("law.selection", f"`{name}` is no sum of parameters.", remedy)
    for sign, part in _SUMMAND.findall(text):
        (taken if sign == "less" else added).append(part)
    for one in (*added, *taken):
        if one not in parameters:
            raise block.wrong("law.selection", f"there is no parameter `{one}`.", f"Write `{name}: parameter NAME`.")
    return Amount(tuple(added), tuple(taken))


def _birth(block: Block, order: str, strata: tuple[tuple[str, str], ...], attributes: Mapping[str, Attribute]) -> str:
    """The attribute that holds the date of birth: the one of the order, else of the strata, else the pack's first.

    Raises `law.selection`.
    """
    known = [one.name for one in attributes.values() if one.kind is Kind.BIRTH and one.type is ValueType.DATE]
    named = order.removeprefix(BY_DATE) if order.startswith(BY_DATE) else dict(strata).get("birth-year", "")
    if not known or (named and named not in known):
        raise block.wrong("law.selection", "no date of birth is held for it.", "Name an attribute of the kind `birth`.")
    return named or known[0]


def _strata(block: Block, text: str, attributes: Mapping[str, Attribute]) -> tuple[tuple[str, str], ...]:
    """What strata are made by, in order. Raises `law.selection`."""
    found: list[tuple[str, str]] = []
    for part in [] if text == TOGETHER else text.split(" and "):
        match = _STRATUM.fullmatch(part)
        attribute = attributes.get(match["attribute"]) if match else None
        by = _HOW.get((match["how"], attribute.kind)) if match and attribute else None
        levels = {"territory-1", "territory-2"} & {one for one, _ in found}
        if by is None or attribute is None or by in dict(found) or (levels and by.startswith("territory")):
            raise block.wrong(
                "law.selection",
                f"strata may not be made by `{part}` (charter S3).",
                "Write `year of` a birth date, a legal sex, `first level of` or `second level of` a residence area, "
                f"each once, joined by `and`; or `{TOGETHER}`.",
            )
        found.append((by, attribute.name))
    return tuple(found)


def procedure(block: Block, citations: Citations) -> Procedure:
    """The lines of one procedure."""
    return Procedure(block.name, terms(block, citations))
