"""Orders and calls: a call exists only as a place in a published draw (charter S3).

1. A call belongs to an order, an order to a draw's result, a place is called once. There is no other way to be called.
2. Events say what happened to a call and why, from closed lists. There is no event, reason or column for not answering
   or not appearing (X2).
"""

from enum import StrEnum

from django.db import models

from musterroll.claim.progress import CallState
from musterroll.register.models.approval import Approval
from musterroll.register.models.column import (
    OFFICES,
    PERSONAL,
    PUBLIC,
    PUBLIC_DIGEST,
    Happened,
    HappenedInPublic,
    digest_column,
    erasable,
    one_of,
)
from musterroll.register.models.draw import DrawResult, Entrant
from musterroll.register.models.entry import Entry
from musterroll.register.models.pack import Pack
from musterroll.register.models.person import Declaration
from musterroll.register.models.snapshot import Snapshot


class Order(HappenedInPublic):
    """The published order of call: one disposition a place reached, by digest."""

    result = models.ForeignKey(DrawResult, on_delete=models.PROTECT, related_name="orders", db_comment=PUBLIC)
    number = models.SmallIntegerField(db_comment=PUBLIC)
    dispositions = models.BinaryField(db_comment=PERSONAL)
    digest = digest_column(PUBLIC_DIGEST, unique=True)
    report_on = models.IntegerField(db_comment=PUBLIC)
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, db_comment=PUBLIC)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, db_comment=PUBLIC)
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, db_comment=OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PUBLIC)

    class Meta(HappenedInPublic.Meta):
        constraints = [models.UniqueConstraint(fields=["result", "number"], name="order_number_once")]


class Call(Happened):
    """One person is called, by place. `label` is a place between two others, of somebody found missing: `12+S1.1`."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_comment=PERSONAL)
    entrant = models.OneToOneField(Entrant, on_delete=models.PROTECT, db_comment=PERSONAL)
    person = models.BigIntegerField(db_index=True, db_comment=PERSONAL)
    stratum = models.CharField(max_length=128, db_comment=PERSONAL)
    place = models.IntegerField(db_comment=PERSONAL)
    label = models.CharField(max_length=32, blank=True, default="", db_comment=PERSONAL)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)

    class Meta(Happened.Meta):
        constraints = [
            models.UniqueConstraint(fields=["order", "stratum", "place", "label"], name="call_place_once"),
            models.CheckConstraint(
                condition=models.Q(place__gte=1) | (models.Q(place=0) & ~models.Q(label="")), name="call_place_from_one"
            ),
        ]


class Because(StrEnum):
    """Why a call is held or off. Nobody writes another reason."""

    DECLARED = "this is wrong"
    DISOWNED = "not my record"
    ENDED = "ended"
    EXEMPT = "exempt"
    DEFERRED = "deferred"
    NOT_LIABLE = "not liable"
    NOT_PROCESSED = "not processed"
    NOT_ESTABLISHED = "not established"
    RECALLED = "recalled"
    DECIDED = "decided"


class CallEvent(Happened):
    """A call is held, withdrawn, or counts again (`report_on` then says the day to report). The newest row says it.

    A call without a row is open.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="events", db_comment=PERSONAL)
    state = models.CharField(max_length=16, db_comment=PERSONAL)
    because = models.CharField(max_length=16, db_comment=PERSONAL)
    report_on = models.IntegerField(null=True, db_comment=PERSONAL)
    declaration = models.ForeignKey(Declaration, null=True, on_delete=models.PROTECT, db_comment=PERSONAL)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)

    class Meta(Happened.Meta):
        constraints = [
            one_of("call_event_state", "state", CallState),
            one_of("call_event_because", "because", Because),
            models.UniqueConstraint(fields=["call"], condition=models.Q(state="withdrawn"), name="call_withdrawn_once"),
            models.CheckConstraint(
                name="call_event_report_on",
                condition=models.Q(state="open", because="decided", report_on__isnull=False)
                | (~models.Q(state="open") & ~models.Q(because="decided") & models.Q(report_on__isnull=True)),
            ),
        ]
        triggers = erasable("(SELECT person FROM register_call WHERE id = OLD.call_id)")
