"""Who should have been in a draw's list and was not, and what a whole stratum should have been (docs/spec/draw.md, 8).

1. Nobody names anybody: the law of the draw is asked again for its reference day, with what is known now. Whoever it
   would put into the list and who stands in no list of the draw is missing.
2. Each is placed into a stratum of the draw by what the law divides by; nobody's stratum changes.
3. What became true after the reference day (somebody has come of age since) makes nobody missing.
"""

from collections.abc import Sequence

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import dates
from musterroll.draw import strata, transcript
from musterroll.draw.entrant import Candidate, Entrant
from musterroll.draw.transcript import Manifest
from musterroll.engine import fact_polars, rehearsal, standings
from musterroll.errors import MusterRollError
from musterroll.register import cohort, roll
from musterroll.register.cohort import Drawn
from musterroll.register.models import Draw
from musterroll.register.models import Entrant as EntrantRow
from musterroll.register.roll import Roll


def then(draw: Draw, current: Roll) -> Drawn:
    """Who is in by the draw's law on its reference day, as is known now."""
    law, day = roll.law_of(draw.pack), _reference_day(draw)
    tables = rehearsal.fact_tables(current.store, current.snapshot)
    flat = fact_polars.flatten(tables, law, day, current.snapshot.known_at, current.sources)
    return cohort.drawn(law, standings.decide(law, flat, day), flat.sure)


def missing(draw: Draw, current: Roll) -> list[int]:
    """The numbers of those who should be in the list and stand in no list of the draw."""
    lists = [draw.pk, *Draw.objects.filter(parent=draw).values_list("pk", flat=True)]
    there = EntrantRow.objects.filter(draw__in=lists, person__isnull=False)
    known = frozenset(there.values_list("person", flat=True))
    return [person for person in then(draw, current).rows["person"] if person not in known]


def of_stratum(draw: Draw, current: Roll, stratum: str) -> list[int]:
    """The numbers of those who should be in one stratum of the draw."""
    terms, due = transcript.decode(bytes(draw.manifest)), then(draw, current)
    named = cohort.candidates(current, draw.draw, due)
    return [person for person, candidate in named if stratum_of(terms, candidate) == stratum]


def entered(draw: Draw, current: Roll, people: Sequence[int]) -> tuple[tuple[int, Entrant], ...]:
    """The entries of these people, each in the stratum of the draw to which they belong."""
    terms, due = transcript.decode(bytes(draw.manifest)), then(draw, current)
    chosen = frozenset(people)
    rows = due.rows.filter(due.rows["person"].is_in(list(chosen)))
    named = cohort.candidates(current, draw.draw, Drawn(due.selection, rows, ()))
    return tuple((person, one.entrant(draw.draw, stratum_of(terms, one))) for person, one in named)


def stratum_of(terms: Manifest, candidate: Candidate) -> str:
    """The stratum of a draw to which somebody belongs. Raises MusterRollError `draw.no-stratum` where there is none."""
    partition = terms.cohort.partition
    if partition is not None:
        values = [strata.value_of(candidate, attribute) for attribute in partition.attributes]
        for stratum in terms.cohort.strata:
            classes = partition.classes(stratum.id)
            if all(one.covers(value) for one, value in zip(classes, values, strict=True)):
                return stratum.id
    raise MusterRollError(
        "draw.no-stratum",
        "Somebody found missing belongs to no stratum of this draw.",
        where=terms.draw,
        remedy="Only a draw of their own reaches them; have the law's office decide.",
    )


def _reference_day(draw: Draw) -> int:
    day = transcript.decode(bytes(draw.manifest)).reference_day
    if day is None:
        raise MusterRollError(
            "draw.no-reference-day",
            "The manifest of this draw does not say as of which day the register was asked.",
            where=draw.draw,
            remedy="Nobody can be found missing from it.",
        )
    return dates.parse_day(day, where="reference_day")
