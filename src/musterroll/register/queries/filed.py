"""What a page shows of a filing: plain frozen values, already in words, so that a page computes nothing.

Days are `YYYY-MM-DD`; an empty text means that there is none. There is no name in it, nor anything that was not done.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepView:
    """One thing that happened. `decision` of an office or not; `told_on` and `how` where the person was told of it."""

    number: int
    event: str
    words: str
    role: str
    who: str
    on: str
    because: tuple[str, ...]
    decision: bool
    told_on: str
    how: str


@dataclass(frozen=True, slots=True)
class LimitView:
    """One time limit that runs, or would: its last day, or why there is none yet."""

    name: str
    words: str
    last_day: str
    why: str
    article: str


@dataclass(frozen=True, slots=True)
class MayView:
    """What may happen next, by whom, and until when. `own`: a step of the person's own."""

    event: str
    words: str
    by: str
    who: str
    until: str
    article: str
    own: bool


@dataclass(frozen=True, slots=True)
class FilingView:
    """A filing: the fact, what the person says and what is recorded, and where it stands.

    `state` is what counts and `formal` what was decided; they differ as long as a worsening waits, until `counts_from`
    where that day is known. `holds`: it holds the call, until the day before `free_on` where that is known. `granted`:
    the word was found right.
    """

    code: str
    label: str
    value: str
    against: str
    filed_on: str
    state: str
    formal: str
    state_words: str
    formal_words: str
    counts_from: str
    steps: tuple[StepView, ...]
    limits: tuple[LimitView, ...]
    may: tuple[MayView, ...]
    holds: bool
    free_on: str
    over: bool
    may_take_back: bool
    granted: bool = False

    @property
    def untold(self) -> tuple[StepView, ...]:
        """The decisions of which the person has not said that they received them."""
        return tuple(step for step in self.steps if step.decision and not step.told_on)
