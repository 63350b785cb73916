"""What would follow if a doubtful place of the law were read otherwise (law-engine 6.1: shown, never hidden).

1. An `interpretation` may declare several `readings` and which one is `chosen`. Lines that rest on one of them count
   only under it; `Pack.with_readings` makes the same law under others, with a digest of its own.
2. `compare` decides one person once more for each reading that was not chosen, one at a time, and tells where the class
   or what is possible differs. A case may name the reading it speaks of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from musterroll.fact.attribute import Held
from musterroll.law.evaluate import decide
from musterroll.law.pack import Pack
from musterroll.law.standing import Standing


@dataclass(frozen=True, slots=True)
class Differs:
    """Under the reading `other` of the doubtful place `reading` the standing is another one."""

    reading: str
    chosen: Standing
    other: str
    standing: Standing


def compare(pack: Pack, question: str, held: Mapping[str, Held], on: int) -> tuple[Differs, ...]:
    """Where another reading gives another class, or other possible classes. Raises as `decide` does."""
    chosen = decide(pack, question, held, on)
    found = []
    for name, other, law in others(pack):
        standing = decide(law, question, held, on)
        if (standing.cls, standing.possible) != (chosen.cls, chosen.possible):
            found.append(Differs(name, chosen, other, standing))
    return tuple(found)


def others(pack: Pack) -> Iterator[tuple[str, str, Pack]]:
    """Each doubtful place, each reading that was not chosen, and the law under it."""
    for name, place in pack.readings.items():
        for other in place.readings:
            if other != place.chosen:
                yield name, other, pack.with_readings({name: other})
