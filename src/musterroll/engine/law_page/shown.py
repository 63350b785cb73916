"""A proceeding as it stands on a page, as values: its states, its table of moves, its times, holds and silences."""

from dataclasses import dataclass

from musterroll.engine.law_page.speech import Read, Told


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said of a proceeding: what it is about, whole sentences, and the paragraph (empty: the law is silent).

    `told` are conditions in words, each with the time in which it reads so; `reads` what the person reads for its name.
    """

    name: str
    sentences: tuple[str, ...]
    cite: str
    cite_anchor: str
    silent: bool
    told: tuple[tuple[str, Told], ...] = ()
    reads: tuple[Read, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table of moves."""

    event: str
    by: str
    begins: str
    ends: str
    line: Line


@dataclass(frozen=True, slots=True)
class Shown:
    """One proceeding as it stands on the page."""

    name: str
    anchor: str
    title: str
    within: str
    within_anchor: str
    many: bool
    states: tuple[Line, ...]
    steps: tuple[Step, ...]
    roles: tuple[Line, ...]
    facts: tuple[Line, ...]
    times: tuple[Line, ...]
    holds: tuple[Line, ...]
    silent: tuple[Line, ...]
