"""What a source covers, whether it is fresh, and what its silence says (data-model 5, step 3).

1. *Silence* is the absence of any row about a person for an attribute that the source gives. It says the attribute's
   neutral value (`never`, `no`, `none`) only of a source that declares it, whose last delivery was whole and is fresh:
   `everybody`          with a confirmed link to the person (the civil register: no death row of somebody it holds);
   `those concerned`    with no confirmed link to the person (the pay office: not on its list). A possible link does not
                        make the silence unreadable: what its row says widens the second evaluation, so a possible row
                        that says nothing exempting changes nothing. What it leaves blank it may say (`record`, 8).
   `nobody`             never: the dwelling register's silence is a question, not an answer.
2. *Fresh* means that the last delivery's as-of day is at most `freshness_days` before the day asked about. The
   register's own acts are always fresh and whole.
3. Named relatives are records of the source `tax#dependant`; they count as links to the source `tax`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from musterroll.extract.schema import Silence, Source
from musterroll.fact.timeline import Judgement, Linked

REGISTER = "register"
"""The source name of what a person, officer or board entered here."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery taken in: its source, as-of day, whether it was the source's whole extract."""

    delivery: int
    source: str
    as_of: int
    full: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """One source on one day: what it gives and what its absence of rows may mean.

    `freshness_days` None means always fresh (our own acts). `last` is the last delivery taken in, None before the
    first. `rosters` are the rosters whose members or spells it gives.
    """

    source: str
    silence: Silence
    attributes: frozenset[str]
    rosters: frozenset[str] = frozenset()
    freshness_days: int | None = None
    last: Delivery | None = None

    def fresh(self, on: int) -> bool:
        """Whether what the source said may still be believed on the day `on`."""
        if self.freshness_days is None:
            return True
        return self.last is not None and self.last.as_of + self.freshness_days >= on

    def silent(self, links: Iterable[Linked], on: int) -> bool:
        """Whether the absence of a row says the neutral value, for a person with these links."""
        if not self.fresh(on) or (self.freshness_days is not None and (self.last is None or not self.last.full)):
            return False
        own = [link for link in links if link.source.split("#")[0] == self.source]
        match self.silence:
            case Silence.EVERYBODY:
                return any(link.judgement is Judgement.CONFIRMED and link.source == self.source for link in own)
            case Silence.THOSE_CONCERNED:
                return not any(link.judgement is Judgement.CONFIRMED for link in own)
            case _:
                return False


def of(source: Source) -> Coverage:
    """What a declared source covers, before its deliveries are known (`on_day` adds them)."""
    return Coverage(
        source=source.name,
        silence=source.silence,
        attributes=frozenset(one.attribute for one in source.facts),
        rosters=frozenset(one.roster for one in source.rosters),
        freshness_days=source.freshness_days,
    )


def on_day(coverages: Iterable[Coverage], deliveries: Iterable[Delivery]) -> dict[str, Coverage]:
    """The coverages with their last deliveries, by source: the latest as-of day, then the latest number."""
    last: dict[str, Delivery] = {}
    for one in deliveries:
        if one.source not in last or (one.as_of, one.delivery) > (last[one.source].as_of, last[one.source].delivery):
            last[one.source] = one
    return {one.source: replace(one, last=last.get(one.source)) for one in coverages}


def register_coverage(attributes: Iterable[str], others: Mapping[str, Coverage], derived: Iterable[str]) -> Coverage:
    """What only the register itself gives: attributes that no agency and no derivation gives (our own decisions).

    Its silence is read, because nobody but the register makes these facts.
    """
    given = set(derived).union(*(one.attributes for one in others.values()))
    return Coverage(REGISTER, Silence.THOSE_CONCERNED, frozenset(name for name in attributes if name not in given))
