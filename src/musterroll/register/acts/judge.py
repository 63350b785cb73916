"""An officer's judgement whether a record is a person's. It outweighs rules and models from the next night on.

Refuting a link takes something away that may protect the person: two people from two offices (charter S9).
"""

from musterroll.entry.kind import Act
from musterroll.register import permissions
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.models import Approved, JudgedBy, Judgement, LinkJudgement


def subject_of(person: int, record: int) -> str:
    """What two people approve: the judgement on one record and one person, by ref."""
    return f"{writing.ref_of(person)}/{record}"


@act
def judge_link(
    *, person: int, record: int, judgement: Judgement, by: Actor, at: int, approval: int | None = None
) -> int:
    """Record that `record` is, may be, or is not the person's; give the judgement's number.

    To refute needs an approval of (`subject_of`, "refuted" padded with zeros to 64). The same judgement again changes
    nothing; another one corrects the last.
    """
    permissions.check_may("judge_link", by)
    writing.key_of(person)
    last = LinkJudgement.objects.filter(person=person, record=record).order_by("-id").first()
    if last is not None and last.judgement == judgement:
        return int(last.pk)
    agreed = None
    if judgement is Judgement.REFUTED:
        agreed = permissions.approved(
            Approved.JUDGE_LINK, approval or 0, subject=subject_of(person, record), digest=judgement.ljust(64, "0")
        )
    count = LinkJudgement.objects.filter(person=person, record=record).count()
    entry = writing.personal(
        Act.JUDGEMENT_MADE,
        person=person,
        by=by,
        label=f"judge/{person}/{record}/{count + 1}",
        at=at,
        judgement=judgement.value,
        record=f"{record:016x}",
    )
    row = LinkJudgement.objects.create(
        person=person,
        record=record,
        judgement=judgement,
        by=JudgedBy.OFFICER,
        protecting=True,
        corrects=last,
        approval=agreed,
        entry=entry,
        at=at,
    )
    return int(row.pk)
