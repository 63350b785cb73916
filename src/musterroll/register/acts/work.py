"""Taking the next matter of a worklist: it becomes a case of the officer who asks (charter S8).

The officer does not choose: the matter that is due first is allocated, of filings the first on which their office may
decide. Who it is about is seen only by opening the record for the case, which stands in the log before anything is
read, and is shown to that person.
"""

from musterroll import ids
from musterroll.engine.night_needs import LINK
from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError
from musterroll.register import home, permissions, worklist
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.models import Case, Purpose

PURPOSES = {
    LINK: Purpose.JUDGE_LINK,
    worklist.ENDED_MERGE: Purpose.JUDGE_LINK,
    worklist.CLAIM: Purpose.DECIDE_CLAIM,
}
"""For what the case of a matter is; any other is to establish a fact."""


@act
def take_work(*, by: Actor, at: int, kind: str = "") -> str:
    """Allocate the matter that is due first (of this kind, if one is named) to the officer; give the case's code.

    Raises MusterRollError `work.none` where nothing waits.
    """
    permissions.check_may("take_work", by)
    officer = permissions.officer_of(by)
    assert officer is not None  # only officers may take work
    claims = kind == worklist.CLAIM
    matter = worklist.first_filing(officer.office.code, at) if claims else worklist.first(kind)
    if matter is None:
        raise MusterRollError("work.none", "Nothing waits on this list.", remedy="Come back after the next night.")
    purpose = PURPOSES.get(matter.kind, Purpose.ESTABLISH)
    key = writing.key_of(matter.person)
    label = f"work/{matter.item}"
    code = ids.code(home.current().keys.secret("entry"), "C", "case", label)
    entry = writing.personal(
        Act.ACCESS_GRANTED, person=key, by=by, label=label, at=at, case=code, purpose=purpose.value
    )
    Case.objects.create(
        code=code,
        person=matter.person,
        officer=officer,
        allocated_by=None,
        purpose=purpose,
        item=matter.item,
        entry=entry,
        at=at,
    )
    return code
