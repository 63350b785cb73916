"""Everybody's standing in a fictional home, line by line: what a test of an invented country compares with its truth.

1. Fictional homes only: elsewhere no command gives rows about several people (charter S14).
2. A line a person and question, by the key in the source that founded the person: the class, its effect, whether the
   person may be called, the articles it rests on, what is not established and who could answer, and the address to
   serve. All of it is what the person's own page and letter say.
3. Callable is who may be called today: not somebody whose worsening waits (S9), nor whose own word stands against what
   is recorded (S5).
"""

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields

import polars as pl

from musterroll.engine.roll import archive
from musterroll.engine.roll import person as rolled
from musterroll.errors import MusterRollError
from musterroll.extract.made import APART
from musterroll.law.explain import explain
from musterroll.register import home, overlay, roll
from musterroll.register.address import corroborated
from musterroll.register.overlay import Now
from musterroll.register.roll import Roll

UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Line:
    """One person's answer to one question, as text."""

    key: str
    question: str
    standing: str
    effect: str
    callable: str
    reasons: str
    needs: str
    address: str


HEADING = tuple(each.name for each in fields(Line))


def lines(at: int) -> Iterator[tuple[str, ...]]:
    """Every line, in order of the founding keys. Raises MusterRollError `standings.lists` outside fictional homes."""
    if not home.current().fictional:
        raise MusterRollError(
            "standings.lists",
            "Only a home of invented people gives a line a person (charter S14).",
            where=str(home.current().path),
            remedy="Open one person's own page, or count with `muster status`.",
        )
    current = roll.current()
    keys = founding_keys(current)
    with current.store.kept_open():
        for key, person in sorted((key, person) for person, key in keys.items()):
            seen = overlay.now(person, at)
            parts = rolled.particulars(current.store, current.snapshot, person)
            address = corroborated(parts, current, seen.on) or ""
            for question in seen.standings:
                yield astuple(_line(seen, key, question, address, at))


def founding_keys(current: Roll) -> dict[int, str]:
    """The key of each person in the source that founded them."""
    links = archive.held(current.store, current.snapshot, "link")
    keys = current.store.get_table(current.snapshot, "by_key")
    if links is None or keys is None:
        return {}
    founded = links.filter(pl.col("by") == "founding").select("person", "record")
    found = founded.join(keys.select("record", "key"), on="record").sort("person", "key")
    return {person: key.replace(APART, " ") for person, key in found.select("person", "key").iter_rows()}


def _line(seen: Now, key: str, question: str, address: str, at: int) -> Line:
    standing = seen.standings[question]
    told = explain(seen.roll.pack, standing, seen.held, seen.on)
    may = standing.callable and overlay.waits_until(seen, question) is None
    may = may and not overlay.has_open_word(seen.person, at)
    reasons = dict.fromkeys(f"{one.article} {one.paragraph}".strip() for one in told.because)
    return Line(
        key=key,
        question=question,
        standing=standing.cls or UNDETERMINED,
        effect=standing.effect or "",
        callable="yes" if may else "no",
        reasons="; ".join(reasons),
        needs="; ".join(f"{one.attribute} ({', '.join(one.answers)})" for one in told.needs),
        address=address,
    )
