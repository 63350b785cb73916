"""What the cases of a pack do not notice: for each error either a proof that it changes nothing, or the missing case.

1. A mutant that a case notices is killed. Of the others the solver looks for somebody for whom the law with the error
   answers otherwise (another class; undetermined for decided, or the reverse), and the evaluator confirms it.
2. Where there is nobody, known exactly, not at all or partly, on any day, the mutant is equivalent: it is not counted.
   Where the solver gives up, the mutant counts as not killed.
3. Each witness becomes a case that a person can read and sign: what the present law answers. Whether that is what the
   law ought to answer is for a lawyer to say.
4. Proposed is a small set of cases that notices all survivors, each chosen for noticing most of those left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import z3

from musterroll.dates import NEVER, format_day
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Held
from musterroll.law import mutants as mutating
from musterroll.law.evaluate import View, decide
from musterroll.law.model import Period, attributes_of
from musterroll.law.mutant import Mutant
from musterroll.law.noticed import noticed
from musterroll.law.pack import Pack
from musterroll.law.prove.encode import Asked
from musterroll.law.prove.proposal import Proposal, proposals
from musterroll.law.prove.witness import Nobody, Search, Witness


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no case notices, and somebody who tells it from the law; None where the solver gave up."""

    mutant: Mutant
    witness: Witness | None


@dataclass(frozen=True, slots=True)
class Survey:
    """What became of every mutant of a pack. `proposed` are cases that together notice all survivors with a witness."""

    mutants: tuple[Mutant, ...]
    killed: tuple[Mutant, ...]
    equivalent: tuple[Mutant, ...]
    survivors: tuple[Survivor, ...]
    proposed: tuple[Proposal, ...]

    @property
    def counted(self) -> int:
        """The mutants that are not equivalent."""
        return len(self.mutants) - len(self.equivalent)

    @property
    def complete(self) -> bool:
        """The cases notice every error that changes anything."""
        return not self.survivors


def survey(pack: Pack) -> Survey:
    """Every mutant of a pack: killed by its cases, equivalent, or surviving with a witness."""
    every = mutating.of(pack)
    by_case = noticed(pack, every)
    search = Search(pack)
    found: list[Witness] = []
    equivalent: list[Mutant] = []
    survivors: list[Survivor] = []
    for mutant in (one for one, line in zip(every, by_case, strict=True) if line is None):
        told = _Told(pack, mutant)
        witness = next((one for one in found if told.apart(one)), None) or apart(search, mutant)
        if isinstance(witness, Witness):
            found.append(witness)
            survivors.append(Survivor(mutant, witness))
        elif witness is Nobody.PROVED:
            equivalent.append(mutant)
        else:
            survivors.append(Survivor(mutant, None))
    return Survey(
        every,
        tuple(one for one, line in zip(every, by_case, strict=True) if line),
        tuple(equivalent),
        tuple(survivors),
        proposals(pack, smallest(pack, survivors)),
    )
