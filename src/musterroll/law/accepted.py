"""Findings that a pack accepts: law that really overlaps, repeats itself or reaches nobody, each with a reason.

    ```accepted redundant not_male
    basis: (2)
    because: the Act says twice that women are not liable; both sentences are kept beside their rules
    by: the authors; not reviewed by counsel
    ```

1. The name is the finding's code and what it is about, in any order: rules, attributes, or a question.
2. Accepting is public: it is part of the published form. What makes somebody worse off cannot be accepted here: for
   that there is only the BURDEN entry, with its article (charter S2). Nor can what was not proved.
"""

from collections.abc import Container
from dataclasses import dataclass, field

from musterroll.law.article import Block
from musterroll.law.declare import Citations

NEVER_ACCEPTED = frozenset({"burden", "adverse-by-unknown", "liable-by-unknown", "not-proved"})


@dataclass(frozen=True, slots=True)
class Accepted:
    """One finding that is accepted, why and by whom."""

    code: str
    names: frozenset[str]
    because: str
    by: str
    basis: str
    where: str = field(compare=False, default="")


def accepted(block: Block, citations: Citations, known: Container[str]) -> Accepted:
    """What one block accepts. Raises `law.accepted` for what cannot be accepted or names nothing."""
    if not block.name:
        raise block.wrong("law.block", "it has no name.", "Write ```accepted CODE RULE OTHER_RULE.")
    block.fields(("because", "by", "basis"))
    code, *names = block.name.split()
    if code in NEVER_ACCEPTED:
        raise block.wrong(
            "law.accepted",
            f"a finding `{code}` cannot be accepted (charter S1, S2).",
            "Correct the rules; for a burden that the law itself lays, publish a `burden` block with its article.",
        )
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise block.wrong(
            "law.accepted",
            f"`{' '.join(unknown)}` is no rule, attribute or question." if names else "it names no rule.",
            "Write ```accepted CODE RULE OTHER_RULE.",
        )
    return Accepted(
        code, frozenset(names), block.text("because"), block.text("by"), citations.basis(block), block.where
    )
