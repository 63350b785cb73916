"""The `holidays` block: which days are not working days, by which paragraph, and for which time that is known.

    ```holidays federal
    covers: 2024-01-01 .. 2028-01-01
    weekend: {is: [Saturday, Sunday], basis: (b)}
    closed:
      - (a): [2024-01-01, 2024-07-04]
    ```

1. `covers` ends with the day before its second date. Outside it nothing is known of working days.
2. `weekend` may be `none`. Every closed day is a day of the stretch that the block covers.
"""

from collections.abc import Iterator

from musterroll.dates import format_day, parse_day
from musterroll.law.article import Block
from musterroll.law.calendar import YEAR
from musterroll.law.declare import Citations, is_word
from musterroll.law.workday import Workdays

_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONGEST = 366 * 100


def workdays(block: Block, citations: Citations) -> Workdays:
    """The working days that a block declares. Raises `law.holidays` and `law.uncited`."""
    content = block.fields(("covers", "weekend", "closed"))
    if not is_word(block.name) or block.name == YEAR:
        raise block.wrong("law.holidays", "its name is not one word that can stand in a rule.", "Use a_name_like_this.")
    first, end = _covers(block)
    weekend = Block("weekend of holidays", block.name, block.article, content["weekend"], block.place("weekend"))
    weekend.fields(("is", "basis"))
    citations.basis(weekend)
    free = () if weekend.names("is") == ("none",) else weekend.names("is")
    if not set(free) < set(_WEEK):
        raise weekend.wrong("law.holidays", "it is not made of days of the week.", f"Name some of {', '.join(_WEEK)}.")
    closed = set(_closed(block, citations, first, end))
    days = (day for day in range(first, end) if day not in closed and _WEEK[(day + 3) % 7] not in free)
    return Workdays(block.name, first, end, tuple(days))


def _covers(block: Block) -> tuple[int, int]:
    parts = [part.strip() for part in f" {block.text('covers')} ".split(" .. ")]
    where = block.place("covers")
    if len(parts) != 2 or not all(parts):
        raise block.wrong("law.holidays", "`covers` is not FROM .. TO.", "Write `2024-01-01 .. 2028-01-01`.", "covers")
    first, end = parse_day(parts[0], where=where), parse_day(parts[1], where=where)
    if not first < end <= first + _LONGEST:
        raise block.wrong("law.holidays", "it covers no day, or more than 100 years.", "Correct the dates.", "covers")
    return first, end


def _closed(block: Block, citations: Citations, first: int, end: int) -> Iterator[int]:
    content = block.content["closed"] if isinstance(block.content, dict) else []
    for index, item in enumerate(content if isinstance(content, list) else [content]):
        if not isinstance(item, dict) or len(item) != 1:
            raise block.wrong(
                "law.uncited", "closed days cite nothing.", "Write `- (P): [DATE, DATE]`.", "closed", index
            )
        ((key, dates),) = item.items()
        citations.resolve(key, block, "closed", index)
        line = Block("closed days of", block.name, block.article, {"days": dates}, block.place("closed", index))
        for text in line.names("days"):
            day = parse_day(text, where=line.place())
            if not first <= day < end:
                raise line.wrong("law.holidays", f"{format_day(day)} is not covered.", "Extend `covers`.")
            if citations.counts(key):
                yield day
