"""Asking the solver: a person and a day for whom something holds, or the certainty that there is none.

1. Effort is bounded by the solver's own count of steps, not by a clock: the same law gets the same answer on every
   machine. Where the solver gives up nothing is proved, and that is told (`GaveUp`), never taken for success.
2. A formula that is asked about often has a name, so that many questions share what the solver has learnt.
"""

from collections.abc import Iterable

import z3

EFFORT = 200_000_000
"""Steps of the solver for one question; far more than any that the packs here have needed."""


class GaveUp(Exception):
    """The solver neither found anybody nor excluded it."""


class Solver:
    """One conversation with the solver. `steps` counts what it did."""

    def __init__(self, context: z3.Context, effort: int) -> None:
        self.context = context
        self.effort = effort
        self._solver = z3.Solver(ctx=context)
        self._solver.set("rlimit", effort)
        self._names = 0

    @property
    def steps(self) -> int:
        """What the solver has done so far, in its own count."""
        return int(self._solver.statistics().get_key_value("rlimit count"))

    def add(self, *formulas: z3.BoolRef) -> None:
        """From now on these hold."""
        self._solver.add(*formulas)

    def named(self, formula: z3.BoolRef) -> z3.BoolRef:
        """A name that holds exactly where the formula does."""
        self._names += 1
        name = z3.Bool(f"formula {self._names}", self.context)
        self._solver.add(name == formula)
        return name

    def find(self, *these: z3.BoolRef) -> z3.ModelRef | None:
        """Somebody for whom these (names, or negated names) hold; None where there is nobody. Raises GaveUp."""
        answer = self._solver.check(*these)
        if answer == z3.unknown:
            raise GaveUp
        return self._solver.model() if answer == z3.sat else None

    def excluding(self, these: Iterable[z3.BoolRef]) -> tuple[int, ...]:
        """Of names that exclude one another, places of few that already do. Raises GaveUp."""
        left = list(these)
        places = list(range(len(left)))
        if self.find(*left) is not None:
            raise RuntimeError("these do not exclude one another")
        core = {one.get_id() for one in self._solver.unsat_core()}
        places = [place for place in places if left[place].get_id() in core]
        for place in list(places):
            fewer = [other for other in places if other != place]
            if self.find(*(left[other] for other in fewer)) is None:
                places = fewer
        return tuple(places)

    def push(self) -> None:
        """From here on, what is added holds only until `pop`."""
        self._solver.push()

    def pop(self) -> None:
        """Forgets what was added since `push`."""
        self._solver.pop()
