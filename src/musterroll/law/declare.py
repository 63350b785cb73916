"""Declarations that stand by themselves: attributes, parameters, rosters, interpretations, what is left out.

1. Every declaration names the article it rests on, and that article is quoted in the pack (`Citations`).
2. An attribute is of a closed kind, says who must prove it, who can answer for it, what unknown means, and, where its
   kind is protected (charter S2), which value is the neutral one.
3. The numbers of attributes are given once and never reused; `packs/attributes.json` is their register.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from keyword import iskeyword

from musterroll.dates import FIRST_DAY, format_day, parse_day
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import LARGEST, PROTECTED_KINDS, Attribute, Kind, ValueType, digits
from musterroll.law.article import Block
from musterroll.law.model import Article, Parameter

_NONE = "none"
_DOUBT = "interpretation "


@dataclass(frozen=True, slots=True)
class Reading:
    """How a doubtful place of the law is read, by whom, and what else it might mean.

    `readings` are the ways to read it, by name, where the pack computes several; `chosen` is then one of the names.
    """

    name: str
    doubt: str
    chosen: str
    by: str
    readings: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The reading chosen, in words."""
        return self.readings.get(self.chosen, self.chosen)


@dataclass(frozen=True, slots=True)
class Citations:
    """The quoted law of a pack, and the readings of doubtful places that it declares."""

    articles: Mapping[str, Article]
    readings: Mapping[str, Reading]

    def resolve(self, key: str, block: Block, *path: str | int) -> tuple[str, str]:
        """Article and paragraph that `key` names: `(1)`, `art. 3 (1)`, `interpretation NAME [READING]`.

        Raises `law.uncited` if it names none.
        """
        if key.startswith(_DOUBT) and (named := self._read(key.removeprefix(_DOUBT))):
            place, reading = named
            return "interpretation", f"{place.name} {reading}".strip()
        for cite in sorted(self.articles, key=len, reverse=True):
            if key == cite or key.startswith((f"{cite} ", f"{cite}(")):
                return self._within(cite, key.removeprefix(cite).strip(), key, block, path)
        return self._within(block.article, key, key, block, path)

    def counts(self, key: str) -> bool:
        """Whether what rests on this citation counts: not where it is a reading that was not chosen."""
        named = self._read(key.removeprefix(_DOUBT)) if key.startswith(_DOUBT) else None
        return named is None or named[1] in ("", named[0].chosen)

    def _read(self, name: str) -> tuple[Reading, str] | None:
        """The doubtful place, and the reading of it, that `NAME READING` names."""
        if name in self.readings:
            return self.readings[name], ""
        name, _, reading = name.rpartition(" ")
        place = self.readings.get(name)
        return (place, reading) if place is not None and reading in place.readings else None

    def _within(
        self, cite: str, paragraph: str, key: str, block: Block, path: tuple[str | int, ...]
    ) -> tuple[str, str]:
        article = self.articles.get(cite)
        if article is None or article.place_of(paragraph) is None:
            raise block.wrong(
                "law.uncited",
                f"`{key}` is no paragraph quoted in this pack ({cite or 'no article stands above it'}).",
                "Cite a paragraph that is quoted, such as `(1)` or `art. 3 (1)`; or declare an `interpretation`.",
                *path,
            )
        return cite, paragraph

    def basis(self, block: Block, name: str = "basis") -> str:
        """The member `basis` of a block, checked; the citation in full."""
        key = block.text(name)
        return " ".join(part for part in self.resolve(key, block, name) if part)


def attribute(block: Block, citations: Citations) -> Attribute:
    """The attribute a block declares. Raises `law.attribute` with what is missing or of no closed kind."""
    block.fields(
        ("number", "kind", "type", "basis", "proof", "unknown", "answers", "label"),
        ("values", "range", "disagreement", "neutral"),
    )
    kinds = {kind.value: kind for kind in Kind}
    types = {kind.value: kind for kind in ValueType}
    if block.text("kind") not in kinds:
        raise block.wrong(
            "law.attribute-kind",
            f"`{block.text('kind')}` is not one of the closed kinds of attributes (charter S2).",
            f"The kinds are: {', '.join(kinds)}. What fits none of them is not held.",
            "kind",
        )
    if block.text("type") not in types:
        raise block.wrong(
            "law.attribute", f"`{block.text('type')}` is no type.", f"The types are: {', '.join(types)}.", "type"
        )
    if not is_word(block.name) or block.name in ("none", "unknown", "yes", "no", "like"):
        raise block.wrong(
            "law.attribute", "its name is not one word that can stand in a rule.", "Use a_name_like_this."
        )
    for value in block.names("values"):
        if not is_word(value) or block.names("values").count(value) > 1:
            raise block.wrong(
                "law.attribute",
                f"its value `{value}` stands twice, or is not one word that can stand in a rule.",
                "Use values_like_this, each once.",
                "values",
            )
    least, most = _range(block)
    made = Attribute(
        name=block.name,
        number=number(block, "number"),
        kind=kinds[block.text("kind")],
        type=types[block.text("type")],
        basis=citations.basis(block),
        proof=block.text("proof"),
        unknown=block.text("unknown"),
        answers=block.names("answers"),
        label=block.text("label"),
        values=block.names("values"),
        disagreement=block.text("disagreement", "ask"),
        neutral=block.text("neutral"),
        least=least,
        most=most,
    )
    if (made.type is ValueType.INT) != bool(block.text("range")):
        raise block.wrong("law.attribute", "a whole number, and nothing else, has a range.", "Write `range: 0 .. 600`.")
    if (made.type is ValueType.ENUM) != bool(made.values) or len(made.values) > 250:
        raise block.wrong("law.attribute", "an enumeration, and nothing else, has 1 to 250 values.", "Write `values`.")
    if made.kind in PROTECTED_KINDS and not made.neutral:
        raise block.wrong(
            "law.attribute",
            f"a {made.kind.value} attribute says which value is the neutral one (charter S2).",
            "Write `neutral: no`, `neutral: never`, `neutral: none` or one of the values.",
        )
    if made.neutral:
        value_of(made, made.neutral, block.place("neutral"))
    if made.kind in PROTECTED_KINDS and made.neutral not in _neutral(made):
        raise block.wrong(
            "law.attribute",
            f"the neutral value of a {made.kind.value} attribute is `{'` or `'.join(_neutral(made))}` (charter S2).",
            "Word the attribute so that it is this value which says nothing of the person.",
            "neutral",
        )
    if made.disagreement.startswith("favour "):
        value_of(made, made.disagreement.removeprefix("favour "), block.place("disagreement"))
    elif made.disagreement != "ask":
        raise block.wrong(
            "law.attribute", "`disagreement` is `ask` or `favour VALUE`.", "Say what holds when sources differ."
        )
    return made


def _neutral(made: Attribute) -> tuple[str, ...]:
    """The values that can say that a fact does not concern somebody. A pack does not choose among them: what weighs
    against people could otherwise be declared the neutral value. Only of care one may ask either way round: whether
    somebody cares, or whether somebody else shares it."""
    match made.type:
        case ValueType.BOOL:
            return ("no", "yes") if made.kind is Kind.CARE_DUTY else ("no",)
        case ValueType.DATE:
            return (_NONE, "never")
        case ValueType.INT:
            return (str(made.least),)
        case _:
            return (made.values[0],)


def is_word(name: str) -> bool:
    """Whether a name can stand in a condition by itself."""
    return name.isascii() and name.isidentifier() and not iskeyword(name) and name not in ("on", "never")


def _range(block: Block) -> tuple[int, int]:
    first, _, last = (part.strip() for part in block.text("range", f"0 .. {LARGEST}").partition(" .. "))
    if not (digits(first) and digits(last) and int(first) < int(last) <= LARGEST):
        raise block.wrong("law.attribute", "its range is not LEAST .. MOST.", "Write `range: 0 .. 600`.", "range")
    return int(first), int(last)


def number(block: Block, name: str) -> int:
    """A whole number in a member of a block."""
    if not digits(block.text(name)):
        raise block.wrong("law.block", f"`{name}` is not a whole number.", "Write digits.", name)
    return int(block.text(name))


def value_of(made: Attribute, text: str, where: str) -> int:
    """The integer that stands for a value as written in a pack. Raises `law.value`; inverse of `text_of`."""
    match made.type:
        case ValueType.BOOL if text in ("no", "yes"):
            return int(text == "yes")
        case ValueType.ENUM if text in made.values:
            return made.values.index(text)
        case ValueType.INT if digits(text) and made.least <= int(text) <= made.most:
            return int(text)
        case ValueType.DATE if text == _NONE:
            return FIRST_DAY
        case ValueType.DATE:
            return parse_day(text, where=where)
        case _:
            raise MusterRollError(
                "law.value",
                f"`{text}` is no value of `{made.name}`.",
                where=where,
                remedy=f"Write {_values(made)}.",
            )


def _values(made: Attribute) -> str:
    if made.type is ValueType.INT:
        return f"a number from {made.least} to {made.most}"
    return ", ".join(made.values) or "yes or no"


def text_of(made: Attribute, value: int) -> str:
    """A value as a pack writes it. Inverse of `value_of`."""
    match made.type:
        case ValueType.BOOL:
            return "yes" if value else "no"
        case ValueType.ENUM:
            return made.values[value]
        case ValueType.INT:
            return str(value)
        case _:
            return _NONE if value == FIRST_DAY else format_day(value)


def parameter(block: Block, citations: Citations) -> Parameter:
    """A number the law sets: `values` gives for each first day its value, in any order."""
    block.fields(("unit", "basis", "values"))
    if not is_word(block.name):
        raise block.wrong("law.parameter", "its name is not one word.", "Use a_name_like_this.")
    if block.text("unit") not in ("number", "days"):
        raise block.wrong("law.parameter", "its unit is `number` or `days`.", "Write `unit: number`.", "unit")
    values = []
    for first, text in block.mapping("values").items():
        if not digits(text) or int(text) > LARGEST:
            remedy = f"Write digits, at most {LARGEST}."
            raise block.wrong("law.parameter", f"`{text}` is not a whole number.", remedy, "values", first)
        values.append((parse_day(first, where=block.place("values", first)), int(text)))
    return Parameter(block.name, block.text("unit"), citations.basis(block), tuple(sorted(values)))


@dataclass(frozen=True, slots=True)
class Roster:
    """A list of members of a group (a dwelling, a family) from which derivations are made; names are not in it."""

    name: str
    number: int
    columns: tuple[str, ...]
    roles: tuple[str, ...]
    basis: str


def roster(block: Block, citations: Citations) -> Roster:
    """A roster: the columns it has and the roles its members may have."""
    block.fields(("number", "columns", "basis"), ("roles",))
    return Roster(
        block.name, number(block, "number"), block.names("columns"), block.names("roles"), citations.basis(block)
    )


def reading(block: Block) -> Reading:
    """An `interpretation` block. Raises `law.reading` where the reading chosen is none of those declared."""
    block.fields(("doubt", "chosen", "by"), ("readings",))
    made = Reading(block.name, block.text("doubt"), block.text("chosen"), block.text("by"), block.mapping("readings"))
    if made.readings and (made.chosen not in made.readings or len(made.readings) < 2):
        raise block.wrong(
            "law.reading",
            f"`{made.chosen}` is not one of two or more readings.",
            "Write `readings: {short: ..., long: ...}` and `chosen:` one of their names.",
            "chosen",
        )
    return made
