"""Proofs about a law: what no person, on no day, can meet. The only place that uses a solver (z3).

Loading a pack and deciding by it need nothing of this; whoever publishes a pack does (`docs/flow/proof.md`).
"""

from musterroll.law.prove.checking import Proofs, Proved, check, refuse

__all__ = ["Proofs", "Proved", "check", "refuse"]
