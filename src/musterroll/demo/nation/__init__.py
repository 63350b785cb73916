"""A nation that does not exist: its people, its agencies, and a year of its life (docs/flow/nation.md)."""
