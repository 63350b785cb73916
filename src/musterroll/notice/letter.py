"""What a letter says, before anybody thinks of paper.

1. A letter answers, in this order: what is it, what must I do by when, why me, what if it is wrong, what are my rights,
   is it genuine. Each part is there or the letter does not exist.
2. Each reason names the article, the fact and who said it. A reason that cites nothing is not a reason.
3. A letter is the same for the eye, for a screen reader and for the register: one value, whose digest is logged.
4. Every letter bears the SHA-256 of the list of witnesses that verifiers pin (`policy`; charter S11).
5. The words are those of a template in the person's language; this stage knows no law and no facts.
"""

import dataclasses
import re
from dataclasses import dataclass

from musterroll import canonical

LEFT_TO_RIGHT = "ltr"
RIGHT_TO_LEFT = "rtl"


@dataclass(frozen=True, slots=True)
class Office:
    """Who writes: the office's name and the lines under it (address, hours, telephone)."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of what matters most, e.g. `Report by` and a date."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do, and by when (in words; empty when there is no date)."""

    words: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the law reaches this person: the article, its condition in words, the fact held, and who said it when."""

    article: str
    words: str
    fact: str
    source: str

    def __post_init__(self) -> None:
        if not (self.article and self.words and self.fact and self.source):
            raise ValueError("a reason names its article, its words, the fact and the source")


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one person. `dated` and all other days are written out in the letter's language."""

    kind: str
    number: str
    language: str
    direction: str
    fictional: bool
    dated: str
    office: Office
    recipient: tuple[str, ...]
    reference: str
    heading: str
    lead: tuple[str, ...]
    glance: tuple[Row, ...]
    steps: tuple[Step, ...]
    why: tuple[str, ...]
    reasons: tuple[Reason, ...]
    wrong: tuple[str, ...]
    rights: tuple[str, ...]
    genuine: tuple[str, ...]
    check_code: str
    policy: str

    def __post_init__(self) -> None:
        if self.direction not in (LEFT_TO_RIGHT, RIGHT_TO_LEFT):
            raise ValueError("a letter runs ltr or rtl")
        for name in ("number", "dated", "recipient", "heading", "lead", "why", "wrong", "rights", "genuine"):
            if not getattr(self, name):
                raise ValueError(f"a letter without its {name} is not sent")
        if not self.check_code:
            raise ValueError("a letter without its check code is not sent")
        if not re.fullmatch("[0-9a-f]{64}", self.policy):
            raise ValueError("a letter without the digest of the witnesses' list is not sent")

    def encode(self) -> bytes:
        """The letter as canonical JSON: what the typesetter is given, and what the digest is of."""
        return canonical.encode(dataclasses.asdict(self))

    @property
    def digest(self) -> str:
        """SHA-256 of the letter's words in hexadecimal, for the payload of `notice.composed`."""
        return canonical.sha256_hex(self.encode())

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Everything the letter says, in its order, one text a paragraph: for whoever cannot read the sheet."""
        glance = (f"{row.label}: {row.value}" for row in self.glance)
        steps = (f"{step.words} ({step.by})" if step.by else step.words for step in self.steps)
        reasons = (f"{one.article}: {one.words} {one.fact} ({one.source})" for one in self.reasons)
        return (*self.lead, *glance, *steps, *self.why, *reasons, *self.wrong, *self.rights, *self.genuine)
