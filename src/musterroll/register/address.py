"""Where somebody can be served: only an address on which two sources agree, each within its freshness (intake 7.4).

1. One source's word, or an old one, is not enough: letters to such addresses reach somebody else one time in twenty.
2. Two addresses with two sources each are a disagreement: neither is served.
3. Whoever has a protected address or contact has no address here (charter S12).
4. Addresses are compared letter by letter without capitals, spaces and punctuation. What is given back is the text of
   the newer of the two deliveries.
"""

from collections import defaultdict
from collections.abc import Iterable

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.engine.roll.person import Particular
from musterroll.register.roll import Roll

SOURCES = 2
"""How many sources must agree."""


def corroborated(parts: Iterable[Particular], current: Roll, on: int) -> str | None:
    """The address to serve a person with these particulars on the day `on`; None where there is none."""
    held = [one for one in parts if one.kind in ("address", "contact") and one.valid_from <= on < one.valid_to]
    if any(one.protected for one in held):
        return None
    said: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for one in held:
        source = current.source_of.get(one.delivery)
        if one.kind == "address" and source is not None and folded(one.text) and _fresh(source, one, current, on):
            said[folded(one.text)].append((current.as_of[one.delivery], one.text, source))
    agreed = [rows for rows in said.values() if len({source for _, _, source in rows}) >= SOURCES]
    return max(agreed[0])[1] if len(agreed) == 1 else None


def folded(text: str) -> str:
    """An address as it is compared."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _fresh(source: str, one: Particular, current: Roll, on: int) -> bool:
    """Whether the source's word may still be believed; a row that it still holds is its word of the last delivery."""
    known = current.coverages.get(source)
    return known is not None and known.fresh(on) and one.delivery in current.as_of
