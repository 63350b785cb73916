"""What the register keeps of a person outside the roll: the erasable key, judgements, declarations, standing now.

1. There is no row a person of the population: a row comes with the first act about that person, or with a draw.
2. A declaration has a value of the attribute's closed set and no free text (musterroll.claim.filing).
3. A judgement by an officer that refutes a link which protects somebody needs two people (S9).
4. Two numbers of one human are one person from a merge on, until it is ended. Both take two people.
"""

from enum import StrEnum

import pgtrigger
from django.db import models

from musterroll.fact.attribute import Kind
from musterroll.register.models.approval import Approval
from musterroll.register.models.column import (
    INTERNAL,
    NO_TRUNCATE,
    OFFICES,
    PERSONAL,
    PERSONAL_DIGEST,
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


class PersonKey(models.Model):
    """`Kp`: 32 bytes. It can be dropped and never changed; dropped, it closes all that person's entries for ever."""

    person = models.BigIntegerField(primary_key=True, db_comment=PERSONAL)
    kp = models.BinaryField(db_comment=column(Shown.PROGRAM, Kept.PERSON, Form.ERASABLE_KEY))

    class Meta:
        triggers = [
            pgtrigger.Protect(name="no_update", operation=pgtrigger.Update),
            NO_TRUNCATE,
        ]


class Judgement(StrEnum):
    """What somebody found about a link."""

    CONFIRMED = "confirmed"
    POSSIBLE = "possible"
    REFUTED = "refuted"


class JudgedBy(StrEnum):
    """Who found it. Rules and models judge in the roll itself."""

    OFFICER = "officer"
    PERSON = "person"


EITHER = erasable('OLD.person OR person = OLD."into"')


class LinkJudgement(Happened):
    """A person or an officer says whether a record is that person's. It outweighs rules and models.

    `was` is what held of the two before, empty for nothing; `protecting` whether the link spoke for the person.
    """

    person = models.BigIntegerField(db_index=True, db_comment=PERSONAL)
    record = models.BigIntegerField(db_index=True, db_comment=PERSONAL)
    judgement = models.CharField(max_length=16, db_comment=PERSONAL)
    by = models.CharField(max_length=16, db_comment=PERSONAL)
    was = models.CharField(max_length=16, blank=True, db_comment=PERSONAL)
    protecting = models.BooleanField(db_comment=PERSONAL)
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, db_comment=PERSONAL)
    approval = models.OneToOneField(Approval, null=True, on_delete=models.PROTECT, db_comment=OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)

    class Meta(Happened.Meta):
        constraints = [
            one_of("judgement_judgement", "judgement", Judgement),
            one_of("judgement_by", "by", JudgedBy),
            models.UniqueConstraint(
                fields=["person", "record"], condition=models.Q(corrects__isnull=True), name="judgement_chain_start"
            ),
            models.CheckConstraint(
                name="judgement_refuting_needs_two",
                condition=~models.Q(by="officer", judgement="refuted", protecting=True)
                | models.Q(approval__isnull=False),
            ),
            models.CheckConstraint(
                name="judgement_was",
                condition=models.Q(was__in=["", *(one.value for one in Judgement)]),
            ),
        ]


class Merge(Happened):
    """`person` goes under the number `into` from now on. Facts and acts stay under the number they came to."""

    person = models.BigIntegerField(db_index=True, db_comment=PERSONAL)
    into = models.BigIntegerField(db_index=True, db_comment=PERSONAL)
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, db_comment=OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)
    told = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+", db_comment=PERSONAL)

    class Meta(Happened.Meta):
        constraints = [models.CheckConstraint(condition=~models.Q(person=models.F("into")), name="merge_of_two")]
        triggers = EITHER


class MergeEnd(Happened):
    """A merge is ended: both are as they would have been without it."""

    merge = models.OneToOneField(Merge, on_delete=models.PROTECT, db_comment=PERSONAL)
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, db_comment=OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)
    told = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+", db_comment=PERSONAL)

    class Meta(Happened.Meta):
        triggers = erasable('ANY (SELECT unnest(ARRAY[person, "into"]) FROM register_merge WHERE id = OLD.merge_id)')


class Split(Happened):
    """A record that was taken for this person's founds a person of its own with the next night."""

    person = models.BigIntegerField(db_index=True, db_comment=PERSONAL)
    record = models.BigIntegerField(unique=True, db_comment=PERSONAL_DIGEST)
    judgement = models.OneToOneField(LinkJudgement, on_delete=models.PROTECT, db_comment=PERSONAL)
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, db_comment=OFFICES)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)


class Grade(StrEnum):
    """How firmly a declaration stands: the person's own word, shown by a document, found by a body."""

    DECLARED = "declared"
    PROVED = "proved"
    FOUND = "found"


class Declaration(Happened):
    """The person's own "this is wrong": one attribute, the value they say is right, and from when."""

    person = models.BigIntegerField(db_index=True, db_comment=PERSONAL)
    attribute = models.CharField(max_length=64, db_comment=PERSONAL)
    attribute_number = models.SmallIntegerField(db_comment=PERSONAL)
    kind = models.CharField(max_length=32, db_comment=PERSONAL)
    lo = models.IntegerField(db_comment=PERSONAL)
    hi = models.IntegerField(db_comment=PERSONAL)
    valid_from = models.IntegerField(db_comment=PERSONAL)
    grade = models.CharField(max_length=16, db_comment=PERSONAL)
    pack = digest_column(PERSONAL)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_comment=PERSONAL)

    class Meta(Happened.Meta):
        constraints = [
            one_of("declaration_grade", "grade", Grade),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in Kind]), name="declaration_closed_kinds"
            ),
            models.CheckConstraint(condition=models.Q(lo__lte=models.F("hi")), name="declaration_hull"),
        ]


class StandingNow(Happened):
    """What follows from the roll and everything declared since. The newest row of a person and question counts.

    `basis` is what replay needs: snapshot, declarations overlaid, pack, day, time known.
    """

    person = models.BigIntegerField(db_comment=PERSONAL)
    question = models.CharField(max_length=64, db_comment=PERSONAL)
    cls = models.CharField(max_length=64, blank=True, db_comment=PERSONAL)
    effect = models.CharField(max_length=16, blank=True, db_comment=PERSONAL)
    callable = models.BooleanField(db_comment=PERSONAL)
    next_change = models.IntegerField(db_comment=PERSONAL)
    declaration = models.ForeignKey(Declaration, null=True, on_delete=models.PROTECT, db_comment=PERSONAL)
    judgement = models.ForeignKey(LinkJudgement, null=True, on_delete=models.PROTECT, db_comment=PERSONAL)
    ended = models.ForeignKey("register.FilingEnd", null=True, on_delete=models.PROTECT, db_comment=PERSONAL)
    basis = models.JSONField(db_comment=PERSONAL)

    class Meta(Happened.Meta):
        indexes = [models.Index(fields=["person", "question", "-id"], name="standing_now_newest")]
        constraints = [
            models.UniqueConstraint(fields=["declaration", "question"], name="standing_now_once"),
            models.UniqueConstraint(fields=["judgement", "question"], name="standing_now_once_judged"),
            models.UniqueConstraint(fields=["ended", "question"], name="standing_now_once_ended"),
            models.CheckConstraint(
                name="standing_now_has_one_cause",
                condition=models.Q(declaration__isnull=False, judgement__isnull=True, ended__isnull=True)
                | models.Q(declaration__isnull=True, judgement__isnull=False, ended__isnull=True)
                | models.Q(declaration__isnull=True, judgement__isnull=True, ended__isnull=False),
            ),
        ]


class Founding(models.Model):
    """Which home this database belongs to. One row, for ever."""

    origin = models.CharField(max_length=120, primary_key=True, db_comment=INTERNAL)
    fictional = models.BooleanField(db_comment=INTERNAL)
    digest = digest_column(INTERNAL)

    class Meta:
        triggers = [
            pgtrigger.Protect(name="no_change", operation=pgtrigger.Update | pgtrigger.Delete),
            NO_TRUNCATE,
        ]
