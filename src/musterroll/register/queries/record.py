"""What a page shows of one person: plain frozen values, already in words, so that a page computes nothing.

1. Days are `YYYY-MM-DD` or `never`, instants `YYYY-MM-DDTHH:MM:SSZ`; an empty text means that there is none.
2. Every fact names the agency that said it, the day its extract stands for and its row there (charter, What it does 3).
3. Superseded names, sex, parentage and addresses are in `superseded` and reach that person alone (charter S12).
"""

from dataclasses import dataclass

from musterroll.register.queries.filed import FilingView


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition of the law that decided, and the fact that met it. `source` is empty where nobody had to say it."""

    article: str
    paragraph: str
    words: str
    attribute: str
    label: str
    value: str
    source: str
    delivered_on: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """What is not established, and who can establish it."""

    attribute: str
    label: str
    answers: tuple[str, ...]
    article: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place of the law that can be read in two ways: `label` is what would follow under the `other`, "" if open."""

    doubt: str
    chosen: str
    other: str
    label: str


@dataclass(frozen=True, slots=True)
class StandingView:
    """The answer to one question of the pack. `label` is the law's own class name, empty when not established.

    `possible` and `at_worst` are for somebody undetermined. `ways` are the smallest differences that would give a less
    burdensome class, as statements of what the law asks for; `doubts` where another reading would give another answer.

    `own_word` is true when something this person declared is already part of the answer. `effective_from` is the day
    from which a worsening counts, empty when nothing waits (charter S9).
    """

    question: str
    headline: str
    label: str
    effect: str
    callable: bool
    because: tuple[Reason, ...]
    why_not_better: tuple[str, ...]
    needs: tuple[Need, ...]
    next_change: str
    by_time: str
    on: str
    own_word: bool
    effective_from: str = ""
    possible: tuple[str, ...] = ()
    at_worst: str = ""
    ways: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class FactHeld:
    """One fact as one agency sent it. `link` is `confirmed` or `possible` (it may protect, never harm)."""

    attribute: str
    label: str
    value: str
    source: str
    agency: str
    delivered_on: str
    row: int
    valid_from: str
    valid_to: str
    learnt: str
    link: str
    entry: str = ""
    """The reference of the agency's entry that says it (`EntryHeld.link`)."""


@dataclass(frozen=True, slots=True)
class EntryHeld:
    """One entry of one agency that is linked to the person. `link` is its reference, beside this person only.

    `judgement` is `confirmed`, `possible` (it may protect, never harm) or `refuted` (it counts no more). `founding`: it
    made the person one of this register, and is disputed fact by fact instead. `disowned` is when the person said that
    it is not theirs, empty where they did not or took it back; `decided`: an officer has judged since.
    """

    link: str
    agency: str
    judgement: str
    founding: bool
    disowned: str
    decided: bool


@dataclass(frozen=True, slots=True)
class OwnWord:
    """Something the person declared. `receipt` is the ledger entry's commitment, from which a proof can be asked."""

    attribute: str
    label: str
    value: str
    at: str
    receipt: str


@dataclass(frozen=True, slots=True)
class AskedView:
    """A question about this person that went to an agency. `own_word`: because of something the person said."""

    attribute: str
    label: str
    agency: str
    at: str
    own_word: bool


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody opened this record (charter S8)."""

    at: str
    office: str
    officer: str
    purpose: str
    case: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice and the grade of evidence of its delivery, as it is (charter S6). `number` is in the letter."""

    number: str
    kind: str
    title: str
    composed_at: str
    channel: str
    grade: str
    grade_words: str
    received: bool
    attempts: tuple[str, ...]
    words: tuple[str, ...]
    """The letter's text, a paragraph each, so that it can be read as a page."""
    letter: str
    """Path of the letter's PDF under HOME, empty when it is not kept."""


@dataclass(frozen=True, slots=True)
class CallView:
    """A call: a place in a published draw. `state` is open, held or withdrawn; `since` and `why` belong to it."""

    draw: str
    stratum: str
    place: int
    draw_value: str
    ordered_at: str
    report_on: str
    state: str
    since: str
    why: str
    label: str = ""
    """Of somebody found missing: the place between two others, `12+S1.1`."""


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """One draw the person is in. `text` is the receipt file that `verify.py --receipt` takes, as JSON text.

    `label` is the place in words (`17`, `12+S1.1` between two places), `part` the later list they stand in, if any.
    """

    draw: str
    index: int
    place: int
    draw_value: str
    text: str
    label: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class OutView:
    """One draw that the person was left out of, or in which their place was passed over. `ground` is the law's word.

    `place` is the one passed over, empty for somebody who was not in the list.
    """

    draw: str
    ground: str
    place: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A possible answer to a closed question: what is sent back, and what is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Disputable:
    """What a person may put right with "this is wrong". `type` is bool, enum, date or int; `answers` if closed."""

    attribute: str
    label: str
    type: str
    now: str
    article: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Particular:
    """A name part, number, address or contact: `kind` is its label."""

    kind: str
    text: str
    valid_from: str
    valid_to: str
    source: str


@dataclass(frozen=True, slots=True)
class MyRecord:
    """Everything held about one person, for that person."""

    ref: str
    fictional: bool
    on: str
    known_at: str
    name: str
    standings: tuple[StandingView, ...]
    facts: tuple[FactHeld, ...]
    particulars: tuple[Particular, ...]
    superseded: tuple[Particular, ...]
    own_words: tuple[OwnWord, ...]
    looks: tuple[Look, ...]
    notices: tuple[NoticeView, ...]
    calls: tuple[CallView, ...]
    receipts: tuple[ReceiptView, ...]
    disputable: tuple[Disputable, ...]
    asked: tuple[AskedView, ...] = ()
    spared: tuple[OutView, ...] = ()
    entries: tuple[EntryHeld, ...] = ()
    filings: tuple[FilingView, ...] = ()
