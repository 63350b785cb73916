"""Whether a record is a person's: an officer judges, and the person says "this is not my record".

1. An officer judges a link of the person of a case that is allocated to them for that (S8). The judgement outweighs
   rules and models from the next night on, and no run undoes it.
2. Two people from two offices (S9) refute a link that protects, and confirm one that may be somebody else's too. What
   protects, one officer does: that a link is only possible, or that one which speaks against the person is not theirs.
3. What a judgement betters counts at once, and a call that it ends is withdrawn in the same transaction. What it makes
   worse comes with the night and waits there (`register.overlay`).
4. The person's own word makes a record of theirs possible: it can only protect, and open calls rest, until an officer
   has judged. An officer's judgement closes it.
"""

from dataclasses import dataclass

from musterroll import canonical
from musterroll.claim.progress import CallState, Happening, moved
from musterroll.engine.roll import person as rolled
from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError
from musterroll.fact.timeline import Judgement as Link
from musterroll.law.wording import Wording
from musterroll.register import judgements, overlay, permissions, policies, protection
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.acts.call import no_longer_callable, withdraw_call
from musterroll.register.acts.standing import write_standings
from musterroll.register.models import (
    Approval,
    Approved,
    Because,
    Call,
    CallEvent,
    JudgedBy,
    Judgement,
    LinkJudgement,
    Purpose,
)
from musterroll.register.overlay import Now
from musterroll.register.refs import link_ref, record_of

WAS = {Link.CONFIRMED: Judgement.CONFIRMED, Link.POSSIBLE: Judgement.POSSIBLE, Link.REFUTED: Judgement.REFUTED}


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of it: the headline before and now, the calls withdrawn, and whether something worse waits."""

    number: int
    before: str
    after: str
    withdrawn: int
    waits: bool


def judgement_digest(link: str, judgement: Judgement) -> str:
    """What two people approve: the judgement, and the link by its reference."""
    return canonical.sha256_hex(canonical.encode({"judgement": judgement.value, "link": link}))


@act
def judge_link(
    *, case: str, link: str, judgement: Judgement, by: Actor, at: int, approval: int | None = None
) -> Judged:
    """Record that the record of `link` is, may be, or is not the person's of `case`.

    Two people approve (the link's reference, `judgement_digest`) where `needs_two` says so. The same judgement again
    changes nothing; another one corrects the last. Raises MusterRollError `access.no-case`, `judge.link-unknown`,
    `judge.founding`, `judge.anothers`, `approval.missing`.
    """
    permissions.check_may("judge_link", by)
    person = person_of_case(case, by)
    writing.key_of(person)
    before = overlay.now(person, at)
    record = record_of(link, person, [one.record for one in before.facts.links])
    owner = holder_of(before, record)
    last = LinkJudgement.objects.filter(person=owner, record=record).order_by("-id").first()
    if last is not None and last.judgement == judgement and last.by == JudgedBy.OFFICER:
        return Judged(int(last.pk), headline(before), headline(before), 0, waits=False)
    check_may_be_judged(before, record, judgement)
    protecting = protection.protects(before, record)
    agreed = None
    if needs_two(before, record, judgement):
        agreed = permissions.approved(
            Approved.JUDGE_LINK, approval or 0, subject=link, digest=judgement_digest(link, judgement)
        )
    row = record_judgement(
        owner, record, judgement, JudgedBy.OFFICER, before, by, at, approval=agreed, protecting=protecting, case=case
    )
    return _followed(row, before, by, at)


@act
def disown_record(*, person: int, link: str, by: Actor, at: int, mine: bool = False) -> Judged:
    """Record the person's word that the record of `link` is not theirs; with `mine` take that word back.

    At once the record can only protect them, and their open calls rest. Raises MusterRollError `judge.link-unknown`,
    `judge.founding`, `judge.decided`.
    """
    permissions.check_may("disown_record", by, person=person)
    writing.key_of(person)
    before = overlay.now(person, at)
    record = record_of(link, person, [one.record for one in before.facts.links])
    owner = holder_of(before, record)
    chain = list(LinkJudgement.objects.filter(person=owner, record=record).order_by("id"))
    says = Judgement.CONFIRMED if mine else Judgement.REFUTED
    last = chain[-1] if chain else None
    own = [one for one in chain if one.by == JudgedBy.PERSON]
    if (last is not None and (last.by, last.judgement) == (JudgedBy.PERSON, says)) or (mine and not own):
        return Judged(int(last.pk) if last else 0, headline(before), headline(before), 0, waits=False)
    if last is not None and last.by == JudgedBy.OFFICER and own:
        raise MusterRollError(
            "judge.decided",
            "An officer has judged since you said so about this record.",
            remedy="Ask for the decision to be looked at again; your page names the office.",
        )
    _check_not_founding(before, record)
    row = record_judgement(owner, record, says, JudgedBy.PERSON, before, by, at, protecting=False)
    if not mine:
        _hold_calls(before, row, by, at)
    after = overlay.now(person, at)
    write_standings(after, at, judgement=row)
    return Judged(int(row.pk), headline(before), headline(after), 0, waits=False)


def needs_two(seen: Now, record: int, judgement: Judgement) -> bool:
    """Whether two people have to agree (S9): it takes protection from this person, or from somebody else."""
    match judgement:
        case Judgement.REFUTED:
            return protection.protects(seen, record) or Link.CONFIRMED in _others(seen, record)
        case Judgement.CONFIRMED:
            return bool(_others(seen, record))
        case _:
            return False


def person_of_case(case: str, by: Actor, purpose: Purpose = Purpose.JUDGE_LINK) -> int:
    """The person of a case that is allocated to `by` for judging. Raises `access.no-case`, `access.other-purpose`."""
    allocated = policies.allocated_to(case, permissions.officer_of(by), purpose)
    return int(allocated.person)


def check_may_be_judged(seen: Now, record: int, judgement: Judgement) -> None:
    """Raise MusterRollError `judge.founding` or `judge.anothers` where this is not to be judged so."""
    if judgement is not Judgement.CONFIRMED:
        _check_not_founding(seen, record)
    if judgement is Judgement.CONFIRMED and Link.CONFIRMED in _others(seen, record):
        raise MusterRollError(
            "judge.anothers",
            "This record is somebody else's for certain; it is nobody's twice.",
            where="link",
            remedy="Have it judged there first. Nothing was changed.",
        )


def record_judgement(
    person: int,
    record: int,
    judgement: Judgement,
    author: JudgedBy,
    seen: Now,
    by: Actor,
    at: int,
    *,
    protecting: bool,
    approval: Approval | None = None,
    case: str = "",
) -> LinkJudgement:
    """Write one judgement and its entry, after the last one on the same pair."""
    last = LinkJudgement.objects.filter(person=person, record=record).order_by("-id").first()
    count = LinkJudgement.objects.filter(person=person, record=record).count()
    held = {one.record: WAS[one.judgement].value for one in seen.facts.links}
    entry = writing.personal(
        Act.JUDGEMENT_MADE,
        person=person,
        by=by,
        label=f"judge/{person}/{record}/{count + 1}",
        at=at,
        judgement=judgement.value,
        link=link_ref(person, record),
        **({"case": case} if case else {}),
    )
    return LinkJudgement.objects.create(
        person=person,
        record=record,
        judgement=judgement,
        by=author,
        was=held.get(record, ""),
        protecting=protecting,
        corrects=last,
        approval=approval,
        entry=entry,
        at=at,
    )


def holder_of(seen: Now, record: int) -> int:
    """Under which of the person's numbers the link lies: judgements stay with it, also when a merge is ended."""
    rows = rolled.rows(seen.roll.store, seen.roll.snapshot, "link_by_record", "record", [record])
    own = [row["person"] for row in rows if row["person"] in seen.numbers]
    return seen.person if seen.person in own or not own else min(own)


def withdraw_ended(numbers: frozenset[int], by: Actor, at: int) -> int:
    """Withdraw the calls of these numbers whose person is no longer callable; how many."""
    open_ = [
        one
        for one in Call.objects.filter(person__in=numbers).order_by("id")
        if policies.state_of(one) is not CallState.WITHDRAWN
    ]
    ended = [one for one in open_ if no_longer_callable(one.person, at) is not None]
    return sum(withdraw_call(call=one.pk, by=by, at=at) for one in ended)


def headline(seen: Now) -> str:
    """The standings in words."""
    wording = Wording(seen.roll.pack)
    return " ".join(wording.headline(question, standing.cls) for question, standing in seen.standings.items())


def worse_to_come(seen: Now) -> bool:
    """Whether the night will find something worse than what counts now."""
    questions = seen.roll.pack.questions
    return any(
        overlay.burden(questions[name], seen.coming[name]) > overlay.burden(questions[name], standing)
        for name, standing in seen.standings.items()
    )


def _followed(row: LinkJudgement, before: Now, by: Actor, at: int) -> Judged:
    after = overlay.now(before.person, at)
    write_standings(after, at, judgement=row)
    withdrawn = withdraw_ended(after.numbers, by, at)
    return Judged(int(row.pk), headline(before), headline(after), withdrawn, waits=worse_to_come(after))


def _hold_calls(seen: Now, row: LinkJudgement, by: Actor, at: int) -> None:
    for call in Call.objects.filter(person__in=seen.numbers).select_related("order", "entrant").order_by("id"):
        state = policies.state_of(call)
        if state is CallState.WITHDRAWN or moved(state, Happening.FILED) is state:
            continue
        entry = writing.personal(
            Act.CALL_HELD,
            person=call.person,
            by=by,
            label=f"call.held/{call.order.digest}/{call.entrant.index}/{link_ref(row.person, row.record)}",
            at=at,
            because=Because.DISOWNED.value,
            draw=call.order.result.draw.draw,
        )
        CallEvent.objects.create(call=call, state=CallState.HELD.value, because=Because.DISOWNED, entry=entry, at=at)


def _check_not_founding(seen: Now, record: int) -> None:
    rows = rolled.held(seen.roll.store, seen.roll.snapshot, "link", "person", seen.numbers, seen.roll.snapshot.known_at)
    if any(row["record"] == record and row["by"] == "founding" for row in rows):
        raise MusterRollError(
            "judge.founding",
            "This record made the person one of this register; it cannot be taken from them.",
            where="link",
            remedy="Dispute what it says, or have the two persons merged or split. Nothing was changed.",
        )


def _others(seen: Now, record: int) -> list[Link]:
    """How the record is linked to other people."""
    return judgements.links_of_others(seen.roll, record, seen.numbers)
