"""Strata of birth years, none smaller than 20 people (charter S3).

`neighbour/v1`, the merging rule declared in the manifest:
1. Go through the birth years of the cohort from the earliest. Collect years until they hold at least `least` people:
   that is a stratum. Begin again with the next year.
2. What is left at the end and is too small joins the stratum before it.
3. People whose birth date is not established are a stratum of their own; where they are fewer than `least`, they join
   the last one.
4. Everybody too few together: one stratum.

The sizes of single years that were merged are published nowhere.
"""

from collections import Counter
from collections.abc import Sequence

from musterroll import dates
from musterroll.draw.entrant import Candidate, Entrant, record
from musterroll.errors import MusterRollError

BY = "birth-year"
MERGE = "neighbour/v1"
LEAST = 20

type Year = int | None
"""A birth year; None where the birth date is not established."""


def by_birth_year(candidates: Sequence[Candidate], *, draw: str, least: int = LEAST) -> tuple[Entrant, ...]:
    """The candidates as entrants, in their order, with strata of at least `least` people.

    Raises MusterRollError `draw.empty`, and `draw.twice` where a person number stands twice.
    """
    if not candidates:
        raise _refused("draw.empty", "Nobody is in the cohort, so there is nothing to draw.")
    if len({candidate.person for candidate in candidates}) != len(candidates):
        raise _refused("draw.twice", "Somebody is in the cohort twice.")
    years = [year_of(candidate.born) for candidate in candidates]
    names = merge(Counter(years), least)
    return tuple(
        Entrant(
            record(born=candidate.born, draw=draw, person=candidate.person, stratum=names[year]),
            candidate.salt,
            names[year],
        )
        for candidate, year in zip(candidates, years, strict=True)
    )


def year_of(born: int | None) -> Year:
    """The calendar year of a day of birth."""
    return None if born is None else dates.date_of(born).year


def merge(sizes: Counter[Year], least: int = LEAST) -> dict[Year, str]:
    """The id of the stratum of each birth year that has people. `sizes` counts the people a year."""
    known = sorted(year for year in sizes if year is not None)
    groups: list[list[Year]] = []
    collected: list[Year] = []
    for year in known:
        collected.append(year)
        if sum(sizes[y] for y in collected) >= least:
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
    return {year: name(group) for group in groups for year in group}


def name(years: Sequence[Year]) -> str:
    """The id of a stratum: `born-1999`, `born-1997-1999`, `born-1997-1999-or-unknown`, `born-unknown`."""
    known = sorted(year for year in years if year is not None)
    parts = ["born", *(f"{year:04}" for year in dict.fromkeys(known[:1] + known[-1:]))]
    if None in years:
        parts += ["or", "unknown"] if known else ["unknown"]
    return "-".join(parts)


def covers(stratum: str, year: Year) -> bool:
    """Whether people born in `year` belong to a stratum by its id."""
    parts = stratum.removeprefix("born-").split("-")
    if year is None:
        return parts[-1] == "unknown"
    known = [int(part) for part in parts if part.isdigit()]
    return bool(known) and known[0] <= year <= known[-1]


def _refused(code: str, what: str) -> MusterRollError:
    return MusterRollError(
        code, what, where="freeze of the cohort", remedy="Correct the cohort before it is committed."
    )
