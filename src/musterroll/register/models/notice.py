"""Notices, attempts to deliver them, and evidence, each graded as what it is (charter S6)."""

from enum import StrEnum

from django.db import models

from musterroll.notice.delivery import Event
from musterroll.register.models.call import Call
from musterroll.register.models.campaign import Campaign, Telling
from musterroll.register.models.column import PERSONAL, PERSONAL_DIGEST, Happened, digest_column, erasable, one_of
from musterroll.register.models.entry import Entry

OF_NOTICE = "(SELECT person FROM register_notice WHERE id = OLD.notice_id)"


class NoticeKind(StrEnum):
    """What a notice tells."""

    CALL = "call"
    WITHDRAWAL = "withdrawal"
    WORSENING = "worsening"
    ASKED = "asked"
    RECALLED = "recalled"


class Notice(Happened):
    """One notice. `number` and `code` are printed in it; the letter lies under HOME/letters by its digest.

    It is about a call, or it is one letter of a campaign; `about` and `counts_from` are then the question of the law
    and the day from which a worsening counts.
    """

    number = models.CharField(max_length=32, unique=True, db_comment=PERSONAL)
    person = models.BigIntegerField(db_index=True, db_comment=PERSONAL)
    call = models.ForeignKey(Call, null=True, on_delete=models.PROTECT, db_comment=PERSONAL)
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, db_comment=PERSONAL)
    about = models.CharField(max_length=64, blank=True, db_comment=PERSONAL)
    counts_from = models.IntegerField(null=True, db_comment=PERSONAL)
    kind = models.CharField(max_length=16, db_comment=PERSONAL)
    channel = models.CharField(max_length=16, db_comment=PERSONAL)
    title = models.CharField(max_length=200, db_comment=PERSONAL)
    words = models.JSONField(db_comment=PERSONAL)
    letter_sha256 = digest_column(PERSONAL_DIGEST)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)

    class Meta(Happened.Meta):
        constraints = [
            one_of("notice_kind", "kind", NoticeKind),
            models.UniqueConstraint(fields=["person", "call", "kind", "channel"], name="notice_once"),
            models.UniqueConstraint(fields=["person", "campaign", "about", "channel"], name="notice_once_a_campaign"),
            models.CheckConstraint(
                name="notice_of_a_call_or_a_campaign",
                condition=models.Q(kind__in=["call", "withdrawal"], call__isnull=False, campaign__isnull=True)
                | models.Q(kind__in=[one.value for one in Telling], call__isnull=True, campaign__isnull=False),
            ),
        ]


class Attempt(Happened):
    """A notice is about to be handed to a channel. Committed before the channel is called."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="attempts", db_comment=PERSONAL)
    n = models.SmallIntegerField(db_comment=PERSONAL)
    message_id = models.CharField(max_length=200, db_comment=PERSONAL)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)

    class Meta(Happened.Meta):
        constraints = [models.UniqueConstraint(fields=["notice", "n"], name="attempt_once")]
        triggers = erasable(OF_NOTICE)


class Evidence(Happened):
    """One event in the delivery of a notice, by the standard's name; its grade is musterroll.notice.delivery's.

    `attempt` is null for what the person says. `code` is the carrier's own; `raw_sha256` names its words.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="evidence", db_comment=PERSONAL)
    attempt = models.ForeignKey(
        Attempt, null=True, on_delete=models.PROTECT, related_name="evidence", db_comment=PERSONAL
    )
    channel = models.CharField(max_length=16, db_comment=PERSONAL)
    event = models.CharField(max_length=32, db_comment=PERSONAL)
    code = models.CharField(max_length=64, blank=True, db_comment=PERSONAL)
    raw_sha256 = digest_column(PERSONAL_DIGEST, blank=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)

    class Meta(Happened.Meta):
        constraints = [
            one_of("evidence_event", "event", Event),
            models.UniqueConstraint(fields=["notice", "attempt", "event"], name="evidence_once", nulls_distinct=False),
        ]
        triggers = erasable(OF_NOTICE)
