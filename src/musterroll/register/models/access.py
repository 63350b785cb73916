"""Who opened which record, on what ground, for what (charter S8). In the log before anything is read."""

from enum import StrEnum

from django.db import models

from musterroll.register.models.column import (
    PERSONAL,
    Form,
    Happened,
    Kept,
    Shown,
    column,
    digest_column,
    erasable,
    one_of,
)
from musterroll.register.models.entry import Entry
from musterroll.register.models.office import Officer


class Purpose(StrEnum):
    """What a record may be opened for. Nobody writes another purpose."""

    DECIDE_CLAIM = "decide a claim"
    HELP_PERSON = "help the person, who is present"
    JUDGE_LINK = "judge whether a record is this person's"
    ESTABLISH = "establish a fact that sources tell differently, or that is about to lapse"
    AUDIT = "audit"
    ERASE = "erase what is held of the person"


class Case(Happened):
    """A matter about one person, allocated to one officer. Officers see its `code`, never whose it is beforehand.

    A supervisor allocates it; or the worklist does (`item`), which gives the next matter in its order to who asks.
    """

    code = models.CharField(max_length=32, unique=True, db_comment=PERSONAL)
    person = models.BigIntegerField(db_index=True, db_comment=PERSONAL)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", db_comment=PERSONAL)
    allocated_by = models.ForeignKey(
        Officer, null=True, on_delete=models.PROTECT, related_name="+", db_comment=PERSONAL
    )
    purpose = models.CharField(max_length=80, db_comment=PERSONAL)
    item = models.CharField(max_length=32, blank=True, db_comment=PERSONAL)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)

    class Meta(Happened.Meta):
        constraints = [
            one_of("case_purpose", "purpose", Purpose),
            models.UniqueConstraint(fields=["item"], condition=~models.Q(item=""), name="case_item_taken_once"),
            models.CheckConstraint(
                condition=models.Q(allocated_by__isnull=False) | ~models.Q(item=""), name="case_allocated_or_next"
            ),
            models.CheckConstraint(
                condition=~models.Q(officer=models.F("allocated_by")), name="case_not_allocated_to_oneself"
            ),
        ]


class CaseEnd(Happened):
    """A case is closed: its record can no longer be opened through it."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, db_comment=PERSONAL)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)

    class Meta(Happened.Meta):
        triggers = erasable("(SELECT person FROM register_case WHERE id = OLD.case_id)")


class PresenceCode(Happened):
    """A code that a person asked for to show that they are present. Used once, within ten minutes."""

    person = models.BigIntegerField(db_index=True, db_comment=PERSONAL)
    code = digest_column(column(Shown.PROGRAM, Kept.PERSON, Form.DIGEST), unique=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)


class Access(Happened):
    """One opening of one record."""

    person = models.BigIntegerField(db_index=True, db_comment=PERSONAL)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, db_comment=PERSONAL)
    purpose = models.CharField(max_length=80, db_comment=PERSONAL)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, db_comment=PERSONAL)
    presence = models.OneToOneField(PresenceCode, null=True, on_delete=models.PROTECT, db_comment=PERSONAL)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)

    class Meta(Happened.Meta):
        constraints = [
            one_of("access_purpose", "purpose", Purpose),
            models.CheckConstraint(
                name="access_has_one_ground",
                condition=models.Q(case__isnull=False, presence__isnull=True)
                | models.Q(case__isnull=True, presence__isnull=False),
            ),
        ]
