"""Classes of birth year, legal sex or territory, merged so that none is smaller than 20 people (charter S3).

`neighbour/v1`, the merging rule declared in the manifest:
1. Go through the values of the cohort in ascending order. Collect values until they hold at least `least` people: that
   is a class. Begin again with the next value.
2. What is left at the end and is too small joins the class before it.
3. People whose value is not known are a class of their own; where they are fewer than `least`, they join the last one.
4. Everybody too few together: one class.

`product/v1`, for several attributes: the values of the first are merged so; inside each class those of the second, and
so on. `none/v1`: nothing is merged, because an article forbids it.

How many people the merged values had is published nowhere.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from musterroll import dates
from musterroll.draw.entrant import Candidate, Entrant
from musterroll.errors import MusterRollError

BIRTH_YEAR, SEX = "birth-year", "sex"
TERRITORIES = ("territory-1", "territory-2")
ATTRIBUTES = (BIRTH_YEAR, SEX, *TERRITORIES)
"""What a list may be divided by; there is nothing else."""

MERGE = "neighbour/v1"
LEAST = 20
UNKNOWN = "unknown"
EVERYBODY = "all"

_YEARS = re.compile(r"born-([0-9]{4})(?:-([0-9]{4}))?(-or-unknown)?")
_VALUE = {SEX: re.compile(r"[a-z]{1,16}"), **dict.fromkeys(TERRITORIES, re.compile(r"[A-Za-z0-9-]{1,32}"))}

type Value = int | str | None
"""A birth year, a sex, a territory; None where it is not known."""

type Year = int | None


@dataclass(frozen=True, slots=True)
class Class:
    """A value, or a range of neighbouring values, with or without the people of unknown value.

    `first` and `last` are the ends of the known values, None where there are none.
    """

    attribute: str
    first: Value
    last: Value
    unknown: bool

    @property
    def single(self) -> bool:
        """Whether it is one value alone."""
        return self.first == self.last and not (self.unknown and self.first is not None)

    def before(self, other: "Class") -> bool:
        """Whether every value here comes before every value of `other`, the unknown last."""
        if self.unknown or other.first is None:
            return not self.unknown
        return self.last < other.first  # type: ignore[operator]  # both are years or both are texts

    def covers(self, value: Value) -> bool:
        """Whether people of this value belong here."""
        if value is None or self.first is None:
            return self.unknown and value is None
        open_end = self.unknown and self.attribute != BIRTH_YEAR  # `XX-01_unknown` goes from XX-01 to the end
        return self.first <= value and (open_end or value <= self.last)  # type: ignore[operator]


def by_birth_year(candidates: Sequence[Candidate], *, draw: str, least: int = LEAST) -> tuple[Entrant, ...]:
    """As `divide` by birth year alone."""
    return divide(candidates, draw=draw, by=(BIRTH_YEAR,), least=least)


def divide(
    candidates: Sequence[Candidate], *, draw: str, by: Sequence[str], least: int | None = LEAST
) -> tuple[Entrant, ...]:
    """The candidates as entrants, in their order, in strata by the attributes `by`; `least` None merges nothing.

    Raises MusterRollError `draw.empty`, and `draw.twice` where a person number stands twice.
    """
    if not candidates:
        raise _refused("draw.empty", "Nobody is in the cohort, so there is nothing to draw.")
    if len({candidate.person for candidate in candidates}) != len(candidates):
        raise _refused("draw.twice", "Somebody is in the cohort twice.")
    values = [tuple(value_of(candidate, attribute) for attribute in by) for candidate in candidates]
    names = ids(Counter(values), by, least)
    return tuple(candidate.entrant(draw, names[value]) for candidate, value in zip(candidates, values, strict=True))


def value_of(candidate: Candidate, attribute: str) -> Value:
    """What a candidate is divided by."""
    if attribute == BIRTH_YEAR:
        return year_of(candidate.born)
    return candidate.sex if attribute == SEX else candidate.territory


def ids(sizes: Mapping[tuple[Value, ...], int], by: Sequence[str], least: int | None) -> dict[tuple[Value, ...], str]:
    """The id of the stratum of each combination of values that has people; `sizes` counts the people of each."""
    if not by:
        return dict.fromkeys(sizes, EVERYBODY)
    totals: Counter[Value] = Counter()
    for values, count in sizes.items():
        totals[values[0]] += count
    groups = [(value,) for value in totals] if least is None else neighbours(totals, least)
    found: dict[tuple[Value, ...], str] = {}
    for group in groups:
        first = name(by[0], group)
        # Inside the class its values no longer count apart: people are told from one another by what follows.
        inside: Counter[tuple[Value, ...]] = Counter()
        for values, count in sizes.items():
            if values[0] in group:
                inside[values[1:]] += count
        rest = ids(inside, by[1:], least)
        for values in sizes:
            if values[0] in group:
                found[values] = first if len(by) == 1 else f"{first}.{rest[values[1:]]}"
    return found


def year_of(born: int | None) -> Year:
    """The calendar year of a day of birth."""
    return None if born is None else dates.date_of(born).year


def neighbours(sizes: Mapping[Value, int], least: int) -> list[tuple[Value, ...]]:
    """The values that have people, as classes of at least `least`, ascending: `neighbour/v1`."""
    known = sorted(value for value in sizes if value is not None)  # type: ignore[type-var]  # of one kind
    groups: list[list[Value]] = []
    collected: list[Value] = []
    for value in known:
        collected.append(value)
        if sum(sizes[each] for each in collected) >= least:
            groups.append(collected)
            collected = []
    if None in sizes:
        if sizes[None] >= least and groups:
            groups[-1] += collected
            collected = []
            groups.append([None])
        else:
            collected.append(None)
    if groups:
        groups[-1] += collected
    else:
        groups.append(collected)
    return [tuple(group) for group in groups]


def merge(sizes: Counter[Year], least: int = LEAST) -> dict[Year, str]:
    """The id of the stratum of each birth year that has people. `sizes` counts the people a year."""
    named = ids({(year,): count for year, count in sizes.items()}, (BIRTH_YEAR,), least)
    return {year: named[(year,)] for year in sizes}


def name(attribute: str, values: Sequence[Value]) -> str:
    """The name of a class: `born-1999`, `born-1997-1999-or-unknown`, `female`, `XX-01_XX-03`, `XX-01_unknown`."""
    known = [value for value in values if value is not None]
    if attribute == BIRTH_YEAR:
        parts = ["born", *(f"{year:04}" for year in dict.fromkeys(known[:1] + known[-1:]))]
        if None in values:
            parts += ["or", UNKNOWN] if known else [UNKNOWN]
        return "-".join(parts)
    ends = [str(value) for value in known[:1]]
    if None in values:
        ends.append(UNKNOWN)
    elif len(known) > 1:
        ends.append(str(known[-1]))
    return "_".join(ends)


def parse(attribute: str, text: str) -> Class:
    """The class called `text`. Inverse of `name`. Raises ValueError for what no class is called."""
    if attribute == BIRTH_YEAR:
        if text == f"born-{UNKNOWN}":
            return Class(attribute, None, None, unknown=True)
        found = _YEARS.fullmatch(text)
        if found is None or (found[2] is not None and found[1] >= found[2]):
            raise ValueError(f"`{text}` names no birth years")
        return Class(attribute, int(found[1]), int(found[2] or found[1]), found[3] is not None)
    first, _, last = text.partition("_")
    well_formed = all(_VALUE[attribute].fullmatch(end) for end in (first, last or first))
    in_order = not last or (first != UNKNOWN and (last == UNKNOWN or first < last))
    if not well_formed or not in_order or text != name(attribute, [first, last] if last else [first]):
        raise ValueError(f"`{text}` names no class of {attribute}")
    if first == UNKNOWN:
        return Class(attribute, None, None, unknown=True)
    return Class(attribute, first, first if last in {"", UNKNOWN} else last, last == UNKNOWN)


def covers(stratum: str, year: Year) -> bool:
    """Whether people born in `year` belong to a stratum of birth years by its id."""
    return parse(BIRTH_YEAR, stratum).covers(year)


def _refused(code: str, what: str) -> MusterRollError:
    return MusterRollError(
        code, what, where="freeze of the cohort", remedy="Correct the cohort before it is committed."
    )
