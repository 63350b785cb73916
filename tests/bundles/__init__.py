"""Published folders at random, sound and spoilt, of every format that docs/spec describes: for both verifiers.

`random_bundle(seed, folder)` makes one, by the project's own code; the same seed gives the same bytes. Rounds are real
ones of quicknet, so that the order of things is: manifest, round 657413, supplement, its round, stratum drawn anew, its
round, audits, round 32398885. Each is in the log eight days before its round.

1. By chance a folder has: a list divided in one of many ways, by hash or by table, a source list, pot checks, a
   redraw, a fallback, supplements, the spared, fairness figures, a second year, a new key, time stamps, policy, ticket.
2. `status` is how a verifier has to end for a sound folder: 0, or 3 where something is not shown or stated.
3. `spoil` then changes one thing in some; these must end with 1, 2 or 3, the same in every verifier.
"""

import random
from pathlib import Path

from tests.bundles.build import Builder, Made
from tests.bundles.spoil import spoil


def random_bundle(number: int, folder: Path) -> Path:
    """A published folder below `folder`, made from `number`: the path to give to a verifier. See `make`."""
    return make(number, folder).look_at


def make(number: int, folder: Path, *, spoilt: bool | None = None) -> Made:
    """As `random_bundle`, with everything there is to know. `spoilt` decides what is otherwise left to chance."""
    chance = random.Random(f"bundle {number}")
    builder = Builder(folder, chance)
    builder.build()
    made = builder.write()
    if chance.random() < 0.5 if spoilt is None else spoilt:
        spoil(made, builder, chance)
    return made
