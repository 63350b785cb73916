"""Time, written down: what the stage finds to have run out becomes a step with its entry, and what follows is done.

1. The day comes from the clock of the act; nobody names one. Done again on the same day it changes nothing.
2. It never runs against somebody who was not told: the stage lets no such limit lapse (charter S6).
"""

from musterroll.errors import MusterRollError
from musterroll.law.proceeding import TIME
from musterroll.register import overlay, permissions
from musterroll.register.actor import Actor
from musterroll.register.acts import filing as filings
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.models import Filing


@act
def apply_time(*, filing: str, by: Actor, at: int) -> int:
    """Write what has run out in a filing until now, and do what follows; how many lapses of it are written."""
    permissions.check_may("apply_time", by)
    row = Filing.objects.filter(code=filing).first()
    if row is None:
        raise MusterRollError("filing.unknown", "There is no such filing.", where="filing")
    writing.key_of(row.person)
    if not hasattr(row, "filingend"):
        seen = overlay.now(row.person, at, own_word=False)
        filings.write_lapses(row, seen.held, at)
        filings.settle(row.person, at)
    return int(row.steps.filter(role=TIME).count())
