"""A value as pages say it: exact, or from where to where."""

from musterroll.claim.filing import spoken
from musterroll.fact.attribute import Attribute
from musterroll.law.declare import text_of


def hull_text(attribute: Attribute, lo: int, hi: int) -> str:
    """A value in words; of one partly known, from where to where."""
    if lo == hi:
        return text_of(attribute, lo)
    return f"{spoken(attribute, lo)} to {spoken(attribute, hi)}"
