"""Two people from two offices (charter S9), held by the database.

1. A proposal names the act, its subject and the digest of exactly what is to be done.
2. An approval carries the proposer's and the approver's officer and office, checks that both differ, and is tied by
   composite foreign keys (migration 0002) to rows that say so: nobody can write another's name into it.
3. An approval is used once: the table of the act it is for refers to it one to one.
"""

from enum import StrEnum

from django.db import models

from musterroll.register.models.column import OFFICES, HappenedInOffice, digest_column, one_of
from musterroll.register.models.office import Office, Officer


class Approved(StrEnum):
    """Acts that two people do together."""

    PUBLISH_PACK = "publish_pack"
    COMMIT_DRAW = "commit_draw"
    COMMIT_PART = "commit_part"
    OPEN_TO_AUDITOR = "open_to_auditor"
    ORDER_CALL = "order_call"
    RELEASE_DELIVERY = "release_delivery"
    REJECT_DELIVERY = "reject_delivery"
    JUDGE_LINK = "judge_link"
    MERGE_PERSONS = "merge_persons"
    UNMERGE_PERSONS = "unmerge_persons"
    SPLIT_PERSON = "split_person"
    ERASE_PERSON = "erase_person"
    RECALL = "recall"
    ENTER_FACT = "enter_fact"
    DECIDE_FILING = "decide_filing"
    RECORD_HAND_OVER = "record_hand_over"


class Proposal(HappenedInOffice):
    """The first of two people wants something done."""

    act = models.CharField(max_length=32, db_comment=OFFICES)
    subject = models.CharField(max_length=120, db_comment=OFFICES)
    digest = digest_column(OFFICES)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, db_comment=OFFICES)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, db_comment=OFFICES)

    class Meta(HappenedInOffice.Meta):
        constraints = [
            one_of("proposal_act", "act", Approved),
            models.UniqueConstraint(fields=["act", "subject", "digest"], name="proposal_once"),
        ]


class Approval(HappenedInOffice):
    """The second of two people agrees."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, db_comment=OFFICES)
    proposed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", db_comment=OFFICES)
    proposed_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", db_comment=OFFICES)
    approved_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", db_comment=OFFICES)
    approved_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", db_comment=OFFICES)

    class Meta(HappenedInOffice.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(proposed_by=models.F("approved_by")), name="approval_two_people"
            ),
            models.CheckConstraint(
                condition=~models.Q(proposed_office=models.F("approved_office")), name="approval_two_offices"
            ),
        ]
