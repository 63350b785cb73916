"""Everybody's standing in a fictional home, line by line: what a test of an invented country compares with its truth.

1. Fictional homes only: elsewhere no command gives rows about several people (charter S14).
2. A line a person and question, by the key in the source that founded the person: the class, its effect, whether the
   person may be called, the articles it rests on, what is not established and who could answer, and the address to
   serve. All of it is what the person's own page and letter say.
3. Callable is who may be called today: not somebody whose worsening waits (S9), nor whose own word stands against what
   is recorded (S5).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields

import polars as pl

from musterroll.engine.roll import archive
from musterroll.engine.roll import person as rolled
from musterroll.engine.roll.everybody import people
from musterroll.engine.roll.person import Particular
from musterroll.errors import MusterRollError
from musterroll.extract.made import APART
from musterroll.law.evaluate import View
from musterroll.law.trace import traced
from musterroll.law.wording import Wording
from musterroll.register import home, judgements, overlay, roll
from musterroll.register.address import corroborated
from musterroll.register.models import Declaration, LinkJudgement
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
    found = dict(_of_the_roll(current, keys.keys() - _spoken_of(current), keys, at))
    with current.store.kept_open():
        for person in sorted(keys.keys() - found.keys()):
            seen = overlay.now(person, at)
            parts = rolled.particulars(current.store, current.snapshot, person)
            waiting = frozenset(one for one in seen.standings if overlay.waits_until(seen, one) is not None)
            waiting = frozenset(seen.standings) if overlay.has_open_word(person, at) else waiting
            found[person] = _lines(seen, keys[person], parts, waiting)
    for _, person in sorted((key, person) for person, key in keys.items()):
        yield from found[person]


def _spoken_of(current: Roll) -> set[int]:
    """Whoever anybody declared or judged something of, or merged with somebody: they are looked at one by one."""
    judged = LinkJudgement.objects.values_list("person", "record")
    records = pl.Series([record for _, record in judged], dtype=pl.Int64)
    links = archive.held(current.store, current.snapshot, "link")
    linked = [] if links is None else links.filter(pl.col("record").is_in(records.implode()))["person"].to_list()
    aliases = archive.held(current.store, current.snapshot, "alias")
    merged = {
        **judgements.aliases_now(current),
        **(dict(aliases.select("person", "into").iter_rows()) if aliases is not None else {}),
    }
    declared = Declaration.objects.values_list("person", flat=True)
    return {*declared, *(person for person, _ in judged), *linked, *merged, *merged.values()}


def _of_the_roll(
    current: Roll, wanted: Collection[int], keys: Mapping[int, str], at: int
) -> Iterator[tuple[int, list[tuple[str, ...]]]]:
    """The lines of those of whom the roll says all, many people at once."""
    on = max(current.snapshot.on, home.current().legal_day(at))
    for person, held in people(current.store, current.snapshot, wanted):
        seen = overlay.as_in_roll(held.facts, current, on)
        waiting = [one for one in seen.standings if overlay.waits_by(held.changes, seen, one) is not None]
        yield person, _lines(seen, keys[person], held.particulars, waiting)


def founding_keys(current: Roll) -> dict[int, str]:
    """The key of each person in the source that founded them."""
    links = archive.held(current.store, current.snapshot, "link")
    keys = current.store.get_table(current.snapshot, "by_key")
    if links is None or keys is None:
        return {}
    founded = links.filter(pl.col("by") == "founding").select("person", "record")
    found = founded.join(keys.select("record", "key"), on="record").sort("person", "key")
    return {person: key.replace(APART, " ") for person, key in found.select("person", "key").iter_rows()}


def _lines(seen: Now, key: str, parts: Iterable[Particular], waiting: Collection[str]) -> list[tuple[str, ...]]:
    """A person's line for each question. Nobody may be called by those in `waiting`."""
    address = corroborated(parts, seen.roll, seen.on) or ""
    return [astuple(_line(seen, key, question, address, waits=question in waiting)) for question in seen.standings]


def _line(seen: Now, key: str, question: str, address: str, *, waits: bool) -> Line:
    standing, pack = seen.standings[question], seen.roll.pack
    told = traced(pack, standing, View(pack, seen.held, seen.on))
    grounds = [(given.rule, ground.line) for given in told.because for ground in given.grounds]
    reasons = [f"{line.article} {line.paragraph}" if line else rule.article for rule, line in grounds]
    words = Wording(pack, "en")
    needs = [
        f"{one.attribute} ({', '.join(words.answers(who) for who in pack.attributes[one.attribute].answers)})"
        for one in told.needed
    ]
    return Line(
        key=key,
        question=question,
        standing=standing.cls or UNDETERMINED,
        effect=standing.effect or "",
        callable="yes" if standing.callable and not waits else "no",
        reasons="; ".join(dict.fromkeys(one.strip() for one in reasons)),
        needs="; ".join(needs),
        address=address,
    )
