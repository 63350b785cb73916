"""Since when a person has been told that a worsening waits (charter S9).

1. A worsening by a fact, a link, a judgement or a new law counts no earlier than its period after the person was told
   in writing: a letter that a carrier took over for them, or their own "I received this". Until then nothing follows
   from it, however long that takes. Whoever cannot be reached loses nothing by it.
2. A letter that is known to have come to nothing told nobody.
3. What is read here can only put a day off. That is why it may look at evidence of delivery at all (S6, X2): nothing
   follows for anybody from its absence but that they stay as they were.
"""

from collections.abc import Collection

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.notice.delivery import MEANINGS, Event, Evidence, Grade, grade_of
from musterroll.register import home
from musterroll.register.models import Notice, NoticeKind

REACHED = (Grade.SUBMITTED, Grade.AT_MAILBOX, Grade.HANDED_OVER, Grade.RECEIVED)


def told_on(people: Collection[int], question: str, counts_from: int) -> int | None:
    """The legal day on which one of these numbers was told of the worsening that would count from `counts_from`.

    None while nobody told them.
    """
    days = []
    letters = Notice.objects.filter(
        person__in=people, kind=NoticeKind.WORSENING, about=question, counts_from=counts_from
    )
    for letter in letters:
        known = [
            Evidence(one.attempt_id or 0, one.channel, Event(one.event), one.at, one.raw_sha256)
            for one in letter.evidence.order_by("id")
        ]
        if known and grade_of(known) in REACHED:
            reached = [one.at for one in known if MEANINGS[one.event].grade in REACHED]
            days.append(home.current().legal_day(min(reached)))
    return min(days, default=None)
