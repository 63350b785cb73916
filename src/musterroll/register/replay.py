"""A decision decided again as of then: same facts as known then, same law, same answer, bit for bit (charter S4).

1. What stood at a time is the last night's answer, or what an act wrote over it since. Both name what they rest on.
2. The facts are read from the roll of today as they were known then: nights only add, so nothing of then is lost. The
   law is the published one of then.
3. Equal means every column: class, what was possible, each rule's truth, what was missing, the next day of change.
4. Where it cannot be decided again it says what is missing, and never that it is equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.engine.law_guard import columns
from musterroll.engine.law_words import UNDETERMINED
from musterroll.engine.roll import person as rolled
from musterroll.fact import coverage
from musterroll.law.pack import Pack
from musterroll.law.standing import Standing
from musterroll.register import judgements, overlay, roll
from musterroll.register.models import Declaration, LinkJudgement, Snapshot, StandingNow
from musterroll.register.models import Pack as PackRow
from musterroll.register.overlay import Now
from musterroll.register.roll import Roll

MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Replayed:
    """One question: the class that stood then and the class found again ("" undetermined).

    `differs` names the columns that are not equal; `missing` says what stood in the way of deciding again.
    """

    question: str
    on: int
    then: str
    again: str
    differs: tuple[str, ...] = ()
    missing: str = ""

    @property
    def equal(self) -> bool:
        """Whether the decision was found again, bit for bit."""
        return not self.differs and not self.missing


def replayed(person: int, known_at: int) -> tuple[Replayed, ...]:
    """Every question about the person as it stood at `known_at` (microseconds), decided again."""
    night = Snapshot.objects.filter(known_at__lte=known_at).order_by("-id").first()
    if night is None:
        return ()
    current = roll.current()
    rows = rolled.held(current.store, current.snapshot, "standing_change", "person", [person], night.known_at)
    since = _since(person, night.digest, known_at)
    found = []
    for row in sorted(rows, key=lambda one: one["question"]):
        law = _law(row["pack"])
        if law is None:
            found.append(Replayed(str(row["question"]), night.on, "", "", missing="the law of that day, by its digest"))
            continue
        name = next(name for name, asked in law.questions.items() if asked.number == row["question"])
        if name in since:
            found.append(_act_again(since[name], law))
        else:
            found.append(_night_again(person, name, row, law, night))
    return tuple(found)


def as_known(law: Pack, known_at: int, on: int) -> Roll:
    """Today's roll as it was known at that time, under that law."""
    current = roll.current()
    sources = roll.sources_under(law.digest)
    deliveries = rolled.deliveries(current.store, current.snapshot, known_at)
    agencies = coverage.on_day([coverage.of(one) for one in sources.values()], deliveries)
    own = coverage.register_coverage(law.attributes, agencies, (one.name for one in law.derivations))
    return replace(
        current,
        snapshot=replace(current.snapshot, known_at=known_at, on=on),
        pack=law,
        sources=sources,
        coverages={**agencies, coverage.REGISTER: own},
        source_of={one.delivery: one.source for one in deliveries},
        as_of={one.delivery: one.as_of for one in deliveries},
    )


def _night_again(person: int, name: str, row: Mapping[str, Any], law: Pack, night: Snapshot) -> Replayed:
    then = as_known(law, night.known_at, night.on)
    seen = _decided(person, then, night.on)
    again = columns(law, seen.standings[name])
    differs = tuple(sorted(column for column, value in again.items() if row.get(column, 0) != value))
    stood = "" if row["class"] == UNDETERMINED else law.questions[name].classes[row["class"]].name
    return Replayed(name, night.on, stood, seen.standings[name].cls or "", differs)


def _decided(person: int, then: Roll, on: int) -> Now:
    held = rolled.held(then.store, then.snapshot, "alias", "", (), then.snapshot.known_at)
    numbers = judgements.numbers_of(person, {row["person"]: row["into"] for row in held})
    return overlay.decided(person, then, on, numbers, (), ())


def _act_again(row: StandingNow, law: Pack) -> Replayed:
    basis = row.basis
    night = Snapshot.objects.get(digest=basis["snapshot"])
    then = as_known(law, night.known_at, night.on)
    declared = list(Declaration.objects.filter(pk__in=basis["declarations"]).order_by("pk"))
    judged = list(LinkJudgement.objects.filter(pk__in=basis.get("judgements", [])).order_by("pk"))
    numbers = frozenset(basis.get("numbers", [row.person]))
    closed = frozenset(basis.get("closed", []))
    seen = overlay.decided(row.person, then, basis["on"], numbers, declared, judged, closed=closed)
    again = seen.standings[row.question]
    return Replayed(row.question, basis["on"], row.cls, again.cls or "", _unlike(row, again))


def _unlike(row: StandingNow, again: Standing) -> tuple[str, ...]:
    pairs = {
        "class": (row.cls, again.cls or ""),
        "effect": (row.effect, again.effect or ""),
        "callable": (row.callable, again.callable),
        "next_change": (row.next_change, again.next_change),
    }
    return tuple(sorted(name for name, (there, found) in pairs.items() if there != found))


def _since(person: int, digest: str, known_at: int) -> dict[str, StandingNow]:
    """What acts wrote over the answers of that night, up to then: the last row of each question."""
    rows = StandingNow.objects.filter(person=person, at__lte=known_at // MICROSECONDS, basis__snapshot=digest)
    return {row.question: row for row in rows.order_by("id")}


def _law(digest: str) -> Pack | None:
    return roll.law_under(digest) if PackRow.objects.filter(digest=digest).exists() else None
