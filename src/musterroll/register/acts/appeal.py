"""What the person does about their filing: a further step of the law, an appeal above all; or they take it back.

1. Which steps there are is the pack's: what its proceeding lets `person` do. The stage says whether and until when.
2. The person acts for themselves, on their page. An officer with a case enters an appeal that came on paper: one
   person is enough, for it protects (charter S9). Nobody takes a word back but the person who said it.
"""

from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError
from musterroll.law.proceeding import PERSON
from musterroll.register import overlay, permissions, policies
from musterroll.register.actor import Actor, Kind
from musterroll.register.acts import filing as filings
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.acts.decide import filing_of
from musterroll.register.models import Filing, Purpose, Step
from musterroll.register.proceedings import FILED, WITHDRAWN


@act
def appeal_decision(*, filing: str, event: str, by: Actor, at: int, case: str = "") -> int:
    """Take the person's step `event` in their filing; give its number. An officer names their `case`.

    Raises MusterRollError `filing.unknown`, `filing.refused` (too late, or not a step of the person's now).
    """
    if by.kind is Kind.OFFICER:
        permissions.check_may("appeal_decision", by)
        allocated = policies.allocated_to(case, permissions.officer_of(by), Purpose.DECIDE_CLAIM)
        person = int(allocated.person)
    else:
        person = by.number if by.number is not None else -1
        permissions.check_may("appeal_decision", by, person=person)
    writing.key_of(person)
    row = filing_of(filing, person)
    if event in (FILED, WITHDRAWN):
        raise MusterRollError(
            "filing.not-a-step",
            "This is not a step against a decision.",
            where=event,
            remedy="See the filing for what may be done: a word is taken back with its own button, by the person.",
        )
    last = row.steps.order_by("-n").first()
    if last is not None and (last.event, last.role) == (event, PERSON):
        return int(last.n)
    return int(_take(row, event, Act.CLAIM_APPEALED, by, at).n)


@act
def withdraw_filing(*, filing: str, by: Actor, at: int) -> int:
    """Take the word back; give the step's number. What it held goes on as the law says.

    Raises MusterRollError `filing.unknown`, `filing.refused`.
    """
    permissions.check_may("withdraw_filing", by, person=by.number)
    assert by.number is not None  # only a person may
    writing.key_of(by.number)
    row = filing_of(filing, by.number)
    there = row.steps.filter(event=WITHDRAWN, role=PERSON).first()
    return int(there.n if there is not None else _take(row, WITHDRAWN, Act.CLAIM_WITHDRAWN, by, at).n)


def _take(row: Filing, event: str, said: Act, by: Actor, at: int) -> Step:
    seen = overlay.now(row.person, at, own_word=False)
    step = filings.take_step(row, event, PERSON, said, seen.held, by, at)
    filings.settle(row.person, at)
    return step
