"""Findings that a pack accepts: law that really overlaps, repeats itself or reaches nobody, each with a reason.

    ```accepted kleene-gap summer winter
    facts: [season]
    because: the Act exempts both in a sentence of its own; both sentences are kept beside their rules
    by: the authors; not reviewed by counsel
    basis: (2)
    ```

1. The name is the finding's code and the rules that it is about, in any order; a Kleene gap also names the facts, each
   of which is asked for because of these rules. Only the findings of exactly these rules and one of these facts are
   accepted: another fact, or one rule more, is another finding.
2. Accepting is public: it is part of the published form. What makes somebody worse off cannot be accepted here: for
   that there is only the BURDEN entry, with its article (charter S2). Nor can what was not proved.
3. A gap cannot be accepted: what the law has for everybody else is a rule, and says of whom it speaks.
4. A finding about a proceeding names its parts with the proceeding before them: `unmarked-end objection.dismissed`.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from musterroll.law.article import Block
from musterroll.law.declare import Citations
from musterroll.law.proceeding import Proceeding

AGAINST_SOMEBODY = (
    "Correct the rules; for a burden that the law itself lays, publish a `burden` block with its article."
)
NEVER_ACCEPTED = {
    "gap": "Write a rule, with its paragraph, that gives these people the class that is left over.",
    "burden": AGAINST_SOMEBODY,
    "adverse-by-unknown": AGAINST_SOMEBODY,
    "liable-by-unknown": AGAINST_SOMEBODY,
    "not-proved": "Write the conditions more simply.",
    **dict.fromkeys(
        ("no-next-step", "no-end", "time-loop", "unordered-time", "unmarked-worsening", "empty-hold"),
        "Correct the moves: nobody may be left without a next step, or made worse off without being told.",
    ),
}
ABOUT_FACTS = "kleene-gap"
FORM = "Write ```accepted CODE RULE OTHER_RULE; for a kleene-gap also `facts: [FACT]`."

type Key = tuple[str, frozenset[str], str]
"""What a finding is about: its code, the names of its rules, and its fact if it is about one."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """One finding that is accepted, why and by whom."""

    code: str
    names: frozenset[str]
    facts: tuple[str, ...]
    because: str
    by: str
    basis: str
    where: str = field(compare=False, default="")

    @property
    def keys(self) -> tuple[Key, ...]:
        """What it accepts."""
        return tuple((self.code, self.names, fact) for fact in self.facts or ("",))


def accepted(block: Block, citations: Citations, written: Container[str], attributes: Container[str]) -> Accepted:
    """What one block accepts. Raises `law.accepted` for what cannot be accepted or names nothing."""
    if not block.name:
        raise block.wrong("law.block", "it has no name.", FORM)
    code, *names = block.name.split()
    if code in NEVER_ACCEPTED:
        raise block.wrong("law.accepted", f"a finding `{code}` cannot be accepted.", NEVER_ACCEPTED[code])
    about = ("facts",) if code == ABOUT_FACTS else ()
    block.fields(("because", "by", "basis", *about))
    facts = block.names("facts")
    unknown = [name for name in names if name not in written]
    if unknown or not names:
        what = f"`{' '.join(unknown)}` is no rule and no part of a proceeding." if names else "it names no rule."
        raise block.wrong("law.accepted", what, FORM)
    if no_fact := [name for name in facts if name not in attributes]:
        raise block.wrong("law.accepted", f"`{' '.join(no_fact)}` is no attribute.", FORM, "facts")
    reason = block.text("because"), block.text("by"), citations.basis(block)
    return Accepted(code, frozenset(names), facts, *reason, block.where)


def parts(proceedings: Mapping[str, Proceeding]) -> frozenset[str]:
    """What a finding about a proceeding may be about: each of its parts, with its own name before it."""
    return frozenset(
        f"{name}.{part}"
        for name, one in proceedings.items()
        for group in (one.states, one.events, one.limits, one.waits, one.facts, one.roles, one.bodies, proceedings)
        for part in group
    )
