"""Places in the words of a pack: `{name}` where a text of this person's letter goes.

1. Nothing else in braces means anything, and what is put into a place is never read for places again.
2. A place that nobody fills stops the letter: a letter with a hole in it reaches nobody.
3. Files of words are YAML with the members that their kind has and no others, all of them text.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from musterroll.errors import MusterRollError

_PLACE = re.compile(r"\{([a-z_]+)\}")


def names(text: str) -> tuple[str, ...]:
    """The names of the places in `text`."""
    return tuple(_PLACE.findall(text))


def fill(text: str, fields: Mapping[str, str]) -> str:
    """`text` with each place filled. KeyError where a field is missing: use `check` first."""
    return _PLACE.sub(lambda found: fields[found[1]], text)


def check(places: Iterable[str], fields: Mapping[str, str], *, where: str) -> None:
    """Raise MusterRollError `letter.place` where a place has no text to fill it."""
    missing = sorted(place for place in places if not fields.get(place))
    if missing:
        raise MusterRollError(
            "letter.place",
            f"The letter has places that nothing fills: {', '.join(missing)}.",
            where=where,
            remedy="Correct the name of the place, or have the act that writes this letter fill it.",
        )


def members(text: str, where: str, expected: set[str], optional: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The members of a file of words. Raises MusterRollError `letter.malformed` for missing or further ones."""
    try:
        fields = yaml.safe_load(text)
    except yaml.YAMLError:
        raise malformed(where) from None
    if not isinstance(fields, dict) or not expected <= set(fields) <= expected | optional:
        raise malformed(where)
    return fields


def text_of(value: Any) -> str:
    """`value` as one line of text. ValueError where it is no text."""
    if not isinstance(value, str):
        raise ValueError("a text")
    return " ".join(value.split())


def malformed(where: str) -> MusterRollError:
    """The error for a file of words that is not what it should be."""
    return MusterRollError(
        "letter.malformed",
        "This is no letter of a pack: a part is missing, is named otherwise, or is not text.",
        where=where,
        remedy="Compare it with the letters of packs/example; put texts with a colon or a brace at an end in quotes.",
    )
