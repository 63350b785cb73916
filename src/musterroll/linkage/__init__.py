"""Whom a row concerns: comparisons, match weights, judgements and clusters. Plain library."""
