"""Filings: what a person said against the record, as a proceeding of the law, event by event (docs/flow/claim.md).

1. Rows are what somebody did and what ran out; where a filing stands is never a column: the stage `claim` finds it.
2. Values are closed: an event and a role of the pack, numbers of votes, paragraphs. There is no free text and no name.
3. There is no event, reason or column for not answering or not appearing (charter X2).
"""

from enum import StrEnum

from django.db import models

from musterroll.register.models.approval import Approval
from musterroll.register.models.call import Call
from musterroll.register.models.column import (
    OFFICES,
    PERSONAL,
    PERSONAL_DIGEST,
    Happened,
    digest_column,
    erasable,
    one_of,
)
from musterroll.register.models.entry import Entry
from musterroll.register.models.person import Declaration

OF_STEP = "(SELECT f.person FROM register_filing f JOIN register_step s ON s.filing_id = f.id WHERE s.id = OLD.step_id)"
OF_FILING = "(SELECT person FROM register_filing WHERE id = OLD.filing_id)"


class Filing(Happened):
    """A word became a proceeding: of this law (`pack`), about this call where there was one. Officers see its code.

    `against_lo` and `against_hi` are what was recorded of the fact when it was filed, null where nothing was.
    """

    code = models.CharField(max_length=32, unique=True, db_comment=PERSONAL)
    person = models.BigIntegerField(db_index=True, db_comment=PERSONAL)
    proceeding = models.CharField(max_length=64, db_comment=PERSONAL)
    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, db_comment=PERSONAL)
    call = models.ForeignKey(Call, null=True, on_delete=models.PROTECT, db_comment=PERSONAL)
    against_lo = models.IntegerField(null=True, db_comment=PERSONAL)
    against_hi = models.IntegerField(null=True, db_comment=PERSONAL)
    pack = digest_column(PERSONAL)


class Step(Happened):
    """One event of a filing, done by a role of the pack, by the person, or by time; on a legal day.

    `facts` and `votes` are closed values and counts; `because` the paragraphs that an office named for a decision.
    `held` is what was recorded then of the attributes on which the law's moves turn: by that the step is found again.
    """

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="steps", db_comment=PERSONAL)
    n = models.SmallIntegerField(db_comment=PERSONAL)
    event = models.CharField(max_length=64, db_comment=PERSONAL)
    role = models.CharField(max_length=64, db_comment=PERSONAL)
    on = models.IntegerField(db_comment=PERSONAL)
    facts = models.JSONField(default=dict, db_comment=PERSONAL)
    votes = models.JSONField(default=dict, db_comment=PERSONAL)
    because = models.JSONField(default=list, db_comment=PERSONAL)
    held = models.JSONField(default=dict, db_comment=PERSONAL)
    approval = models.OneToOneField(Approval, null=True, on_delete=models.PROTECT, db_comment=OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)

    class Meta(Happened.Meta):
        constraints = [models.UniqueConstraint(fields=["filing", "n"], name="step_once")]
        triggers = erasable(OF_FILING)


class Receipt(StrEnum):
    """What shows that somebody was told: the two things that are receipt (charter S6), and nothing else."""

    OWN_WORD = "own word"
    HANDED_OVER = "handed over"


class Told(Happened):
    """The person was told of a step, on the legal day on which this was recorded. A hand-over takes two people."""

    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="told", db_comment=PERSONAL)
    on = models.IntegerField(db_comment=PERSONAL)
    how = models.CharField(max_length=16, db_comment=PERSONAL)
    slip_sha256 = digest_column(PERSONAL_DIGEST, blank=True)
    approval = models.OneToOneField(Approval, null=True, on_delete=models.PROTECT, db_comment=OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)

    class Meta(Happened.Meta):
        constraints = [
            one_of("told_how", "how", Receipt),
            models.CheckConstraint(
                name="told_hand_over_needs_two",
                condition=models.Q(how="own word", approval__isnull=True, slip_sha256="")
                | (models.Q(how="handed over", approval__isnull=False) & ~models.Q(slip_sha256="")),
            ),
        ]
        triggers = erasable(OF_STEP)


class FilingEnd(Happened):
    """All is over with a filing, its holds included: the word itself counts no more from then on."""

    filing = models.OneToOneField(Filing, on_delete=models.PROTECT, db_comment=PERSONAL)
    granted = models.BooleanField(db_comment=PERSONAL)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)

    class Meta(Happened.Meta):
        triggers = erasable(OF_FILING)
