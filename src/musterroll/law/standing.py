"""The answer to a question of the law about one person on one day.

1. `cls` is None when the law cannot be applied yet: the person's standing is undetermined, `possible` says between
   what, `needs` says which facts would settle it. Undetermined is never callable.
2. `true` and `unknown` have one bit a rule, in the order of the question's rules.
3. `next_change` is the first day on which the passing of time alone, or a change in the text of the law, can change
   the class; NEVER when none is in sight. It may be too early, never too late.
"""

from dataclasses import dataclass

from musterroll.law.model import Effect


@dataclass(frozen=True, slots=True)
class Standing:
    """Class, reasons and what is missing. `needs` names attributes in the pack's order."""

    question: str
    cls: str | None
    effect: str | None
    callable: bool
    possible: tuple[str, ...]
    true: int
    unknown: int
    needs: tuple[str, ...]
    next_change: int

    def __post_init__(self) -> None:
        if self.callable and (self.cls is None or self.effect != Effect.LIABLE.value):
            raise ValueError("only somebody found liable can be called")
        if self.cls is not None and self.possible != (self.cls,):
            raise ValueError("a decided class is the only possible one")
