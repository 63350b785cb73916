"""The one function through which counts of people leave the register (charter S14).

1. A cell below LEAST is not shown.
2. Shown cells are rounded to the nearest ROUNDED_TO, halves up.
3. Complementary suppression: where exactly one cell is held back, the smallest shown one is held back too, so that
   nobody can find it by subtraction from a total. No total is published beside the cells.
"""

from collections.abc import Mapping

LEAST = 10
ROUNDED_TO = 5
HELD_BACK = "not shown"


def published(counts: Mapping[str, int]) -> dict[str, int | str]:
    """`counts` by name as they may be shown: a rounded number, or the words for a cell that is held back.

    An empty cell is held back as well: that nobody is in a class may say something about somebody.
    """
    held_back = {name for name, count in counts.items() if count < LEAST}
    shown = {name: count for name, count in counts.items() if name not in held_back}
    if len(held_back) == 1 and shown:
        held_back.add(min(shown, key=lambda name: (shown[name], name)))
    return {
        name: HELD_BACK if name in held_back else (counts[name] + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
        for name in sorted(counts)
    }
