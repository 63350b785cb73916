"""Where somebody can be served: only an address on which two sources agree, each within its freshness (intake 7.4).

1. One source's word, or an old one, is not enough: letters to such addresses reach somebody else one time in twenty.
2. Two addresses with two sources each are a disagreement: neither is served.
3. Whoever has a protected address or contact has no address here (charter S12).
4. Two offices agree where both texts are one place, in the order and with the abbreviations of each (`one_place`). What
   is given back is the fuller text (it has a postcode, say), of two alike that of the newer delivery.
"""

import re
from collections.abc import Iterable
from itertools import combinations

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.engine.roll.person import Particular
from musterroll.register.one_place import Written, one_place, written
from musterroll.register.roll import Roll

_BLANKS = re.compile(r"[^\S\n]+")
SOURCES = 2
"""How many sources must agree."""


def corroborated(parts: Iterable[Particular], current: Roll, on: int) -> str | None:
    """The address to serve a person with these particulars on the day `on`; None where there is none."""
    held = [one for one in parts if one.kind in ("address", "contact") and one.valid_from <= on < one.valid_to]
    if any(one.protected for one in held):
        return None
    said = []
    for one in held:
        source = current.source_of.get(one.delivery)
        if one.kind == "address" and source is not None and _fresh(source, one, current, on):
            said.append((source, current.as_of[one.delivery], one.text))
    return agreed(said)


def agreed(said: Iterable[tuple[str, int, str]]) -> str | None:
    """The one address on which two sources agree, of what each said on which day; None where there is none, or two."""
    told = [(source, day, text, written(text)) for source, day, text in dict.fromkeys(said)]
    pairs = [
        (one, other) for one, other in combinations(told, SOURCES) if one[0] != other[0] and one_place(one[3], other[3])
    ]
    both = [row for pair in pairs for row in pair]
    places: list[Written] = list({row[2]: row[3] for row in both}.values())
    if not both or not all(one_place(one, other) for one, other in combinations(places, 2)):
        return None
    return _BLANKS.sub(" ", max((row[3].signs, row[1], row[2]) for row in both)[2])


def _fresh(source: str, one: Particular, current: Roll, on: int) -> bool:
    """Whether the source's word may still be believed; a row that it still holds is its word of the last delivery."""
    known = current.coverages.get(source)
    return known is not None and known.fresh(on) and one.delivery in current.as_of
