"""A course as a pack writes it: the person, what happened, what is expected (docs/flow/proceeding.md, courses)."""

import textwrap
from collections.abc import Iterable, Mapping

from musterroll.claim.happening import Event
from musterroll.dates import NEVER, format_day
from musterroll.fact.attribute import Attribute, Held
from musterroll.law.declare import text_of
from musterroll.law.pack import Pack

_DAYS = ("told", "posted", "received", "postmark")


def course(
    pack: Pack, name: str, of: str, held: Mapping[str, Held], events: Iterable[Event], expect: Mapping[int, str]
) -> str:
    """The fenced block."""
    plain = name.replace("`", "").replace("\n", " ")
    given = ", ".join(f"{key}: {value(pack.attributes[key], fact)}" for key, fact in held.items() if _known(fact))
    lines = [f"```course {plain}", f"of: {of}"]
    if given:
        lines += textwrap.wrap(f"given: {{{given}}}", 118, subsequent_indent="  ", break_on_hyphens=False)
    happened = [f"  - {event(pack, of, one)}" for one in events]
    lines += ["events:", *happened] if happened else []
    lines += ["expect:", *(f"  - {format_day(day)}: {text}" for day, text in expect.items()), "```"]
    return "\n".join(lines) + "\n"


def event(pack: Pack, of: str, one: Event) -> str:
    """One event with what came with it."""
    proceeding = pack.proceedings[one.proceeding]
    number = f"#{one.number}" if one.number else ""
    name = f"{one.proceeding}{number} " if one.proceeding != of or number else ""
    came = [f"{key}: {value(proceeding.facts[key].attribute, fact)}" for key, fact in one.facts.items()]
    came += [f"{day}: {format_day(getattr(one, day))}" for day in _DAYS if getattr(one, day) != NEVER]
    if one.votes:
        votes = one.votes
        numbers = (("members", votes.members), ("present", votes.present), ("for", votes.favour))
        came += [f"{key}: {number}" for key, number in (*numbers, ("against", votes.against)) if number is not None]
        came += [f"barred: {' or '.join(votes.barred)}"] if votes.barred else []
    came += [f"waived by: {one.waived_by}"] if one.waived_by else []
    return f"{format_day(one.day)} {name}{one.name} by {one.by}" + (f": {{{', '.join(came)}}}" if came else "")


def value(attribute: Attribute, fact: Held) -> str:
    """What is held, as a course writes it."""
    if fact.lo is None or fact.hi is None:
        return "unknown"
    if fact.exact is not None:
        return text_of(attribute, fact.exact)
    if fact.among is not None:
        return " | ".join(text_of(attribute, code) for code in range(len(attribute.values)) if fact.among >> code & 1)
    return f"{text_of(attribute, fact.lo)} .. {text_of(attribute, fact.hi)}"


def _known(fact: Held) -> bool:
    return fact.lo is not None or fact.among is not None
