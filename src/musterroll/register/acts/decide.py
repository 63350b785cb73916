"""An office decides on a filing: for a case only, with the articles of its reasons, by the law's own move.

1. The officer acts for the pack's role that bears the code of their office; the stage refuses any other, and says by
   which paragraph. A body's decision comes with its votes, as counts.
2. A decision names at least one paragraph of the law under which the filing runs. There is no free text.
3. What the law says worsens takes two people of two offices (charter S9), a board's decision included.
4. A word found right counts at once as a finding of the register; what it ends is withdrawn in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from musterroll import canonical
from musterroll.canonical import Json
from musterroll.claim.body import Votes
from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError
from musterroll.law.declare import text_of
from musterroll.law.pack import Pack
from musterroll.register import overlay, permissions, policies, proceedings, roll
from musterroll.register.actor import Actor
from musterroll.register.acts import filing as filings
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.acts.grant import headline
from musterroll.register.acts.standing import write_standings
from musterroll.register.models import Approved, Declaration, Filing, Grade, Officer, Purpose, Step
from musterroll.register.overlay import Now
from musterroll.register.proceedings import GRANTED


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of it: the step's number, the state that counts and the formal one, and the headline now."""

    step: int
    state: str
    formal: str
    after: str


def decision_digest(filing: str, event: str, because: Sequence[str], votes: Votes | None = None) -> str:
    """What two people approve: which filing, what is decided, on which paragraphs, and with which votes."""
    said: dict[str, Json] = {
        "because": [*sorted(because)],
        "event": event,
        "filing": filing,
        "votes": proceedings.votes_kept(votes),
    }
    return canonical.sha256_hex(canonical.encode(said))


@act
def decide_filing(
    *,
    case: str,
    filing: str,
    event: str,
    because: Sequence[str],
    by: Actor,
    at: int,
    votes: Votes | None = None,
    approval: int | None = None,
) -> Decided:
    """Decide on `filing` of the person of `case`: `event` of the law's proceeding, for the reasons in `because`.

    Raises MusterRollError `access.no-case`, `access.other-purpose`, `filing.unknown`, `filing.reasons`,
    `filing.refused` where the law does not let this office do this now, `approval.missing` where it takes two people.
    """
    permissions.check_may("decide_filing", by)
    officer = permissions.officer_of(by)
    assert officer is not None  # only officers may decide
    person = int(policies.allocated_to(case, officer, Purpose.DECIDE_CLAIM).person)
    writing.key_of(person)
    row = filing_of(filing, person)
    there = _done(row, officer, event, because, approval)
    if there is not None:
        return _told(there, at)
    law = roll.law_under(row.pack)
    check_reasons(law, because)
    seen = overlay.now(person, at, own_word=False)
    role = officer.office.code
    filings.check_may_happen(row, event, role, seen.held, at, votes=votes)
    agreed = None
    if takes_two(row, event, role, seen):
        digest = decision_digest(row.code, event, because, votes)
        agreed = permissions.approved(Approved.DECIDE_FILING, approval or 0, subject=row.code, digest=digest)
    said = Act.DECISION_APPEAL if proceedings.was_appealed(row) else Act.DECISION_CLAIM
    step = filings.take_step(
        row, event, role, said, seen.held, by, at, votes=votes, because=because, approval=agreed, case=case
    )
    if event == GRANTED:
        _find(row, by, at)
    filings.settle(person, at)
    return _told(step, at)


def takes_two(row: Filing, event: str, role: str, seen: Now) -> bool:
    """Whether two people have to agree (S9): the law says that it worsens, and it is not that the word is right.

    A word found right takes two where the person could be called by it who cannot be called without it.
    """
    if event != GRANTED:
        return proceedings.worsens(row, event, role)
    found = overlay.with_finding(seen, row.declaration)
    questions = seen.roll.pack.questions
    return any(
        overlay.burden(questions[name], after) > overlay.burden(questions[name], seen.standings[name])
        for name, after in found.items()
    )


def filing_of(code: str, person: int) -> Filing:
    """This person's filing with this code. Raises MusterRollError `filing.unknown`."""
    row = Filing.objects.filter(code=code, person__in=overlay.numbers_now(person)).first()
    if row is None:
        raise MusterRollError(
            "filing.unknown",
            "This person has no such filing.",
            where="filing",
            remedy="Look at the record, or see the case: muster case show.",
        )
    return row


def check_reasons(law: Pack, because: Sequence[str]) -> None:
    """Raise MusterRollError `filing.reasons` unless each reason is a paragraph of the law, and there is one."""
    wrong = [one for one in because if not _quoted(law, one)]
    if wrong or not because:
        raise MusterRollError(
            "filing.reasons",
            "A decision names the paragraphs of the law on which it rests, and nothing else.",
            where=f"reason {because.index(wrong[0]) + 1}" if wrong else "reasons",
            remedy='Name each as the law is cited, such as "art. 4 (1)".',
        )


def _quoted(law: Pack, reason: str) -> bool:
    for cite, article in law.articles.items():
        if reason == cite or reason.startswith((f"{cite} ", f"{cite}(")):
            rest = reason.removeprefix(cite).strip()
            if not rest or article.place_of(rest) is not None:
                return True
    return False


def _done(row: Filing, officer: Officer, event: str, because: Sequence[str], approval: int | None) -> Step | None:
    """The same decision, if it was the last step."""
    last = row.steps.order_by("-n").first()
    same = last is not None and (last.event, last.role) == (event, officer.office.code)
    if not same or sorted(last.because) != sorted(because):
        return None
    return last if last.approval_id in (None, approval) else None


def _find(row: Filing, by: Actor, at: int) -> None:
    """The word is right: from now on it counts as a finding of the register."""
    word = row.declaration
    attribute = roll.law_under(row.pack).attributes[word.attribute]
    entry = writing.personal(
        Act.DECLARATION_MADE,
        person=row.person,
        by=by,
        label=f"filing/{row.code}/found",
        at=at,
        ground=attribute.basis,
        attribute=word.attribute,
        filing=row.code,
        grade=Grade.FOUND.value,
        says=text_of(attribute, word.lo) if word.lo == word.hi else f"{word.lo} to {word.hi}",
    )
    found = Declaration.objects.create(
        person=row.person,
        attribute=word.attribute,
        attribute_number=word.attribute_number,
        kind=word.kind,
        lo=word.lo,
        hi=word.hi,
        valid_from=word.valid_from,
        grade=Grade.FOUND,
        pack=row.pack,
        entry=entry,
        at=at,
    )
    write_standings(overlay.now(row.person, at), at, declaration=found)


def _told(step: Step, at: int) -> Decided:
    seen = overlay.now(step.filing.person, at)
    place = proceedings.place_of(step.filing, seen.held, seen.on)
    return Decided(step.n, place.position.state, place.position.formal_state, headline(seen))
