"""What an amendment would do to the people in the register: counts only, and only as they may be shown (S7, S14)."""

from musterroll.engine.rehearsal import rehearse
from musterroll.law.pack import Pack
from musterroll.register import roll
from musterroll.register.disclosure import published


def moves(amended: Pack, on: int | None = None) -> tuple[int, dict[str, int | str]]:
    """The day, and people by `question: was -> becomes` if `amended` took the place of the law in force.

    The day is `on`, else the one on which the roll was last decided. Raises MusterRollError `roll.none`, `pack.none`,
    and what `engine.rehearsal.rehearse` raises.
    """
    held = roll.current()
    day = held.snapshot.on if on is None else on
    found = rehearse(held.store, held.snapshot, held.pack, amended, held.sources, day)
    counts = {
        f"{move.question}: {move.was or 'undetermined'} -> {move.becomes or 'undetermined'}": count
        for move, count in found.items()
    }
    return day, published(counts)
