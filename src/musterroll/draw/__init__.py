"""The lottery: entrants, commitments, seed, order and the call, all recomputable by anybody. Plain library."""
