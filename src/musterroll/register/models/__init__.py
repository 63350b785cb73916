"""The tables: one file a matter. Only the register reads them."""

from musterroll.register.models.access import Access, Case, CaseEnd, PresenceCode, Purpose
from musterroll.register.models.approval import Approval, Approved, Proposal
from musterroll.register.models.audit import (
    Audited,
    Opened,
    Opening,
    Spared,
    SparedEntry,
    SparedList,
    SparedRound,
)
from musterroll.register.models.call import Because, Call, CallEvent, Order
from musterroll.register.models.campaign import Campaign, Telling
from musterroll.register.models.delivery import Delivery, DeliveryRejection, DeliveryRelease, Outcome
from musterroll.register.models.draw import Ceremony, Draw, DrawnTable, DrawResult, Entrant, Fallback, Part
from musterroll.register.models.entry import Entry
from musterroll.register.models.erasure import ErasedRecord, Erasure, ErasureGround
from musterroll.register.models.fairness import FairnessReport, Finding
from musterroll.register.models.filing import Filing, FilingEnd, Receipt, Step, Told
from musterroll.register.models.log import Head, Leaf, LogYear, PublishedCheckpoint
from musterroll.register.models.notice import Attempt, Evidence, Notice, NoticeKind
from musterroll.register.models.office import Grant, GrantEnd, Office, Officer, Role
from musterroll.register.models.pack import Pack
from musterroll.register.models.person import (
    Declaration,
    Founding,
    Grade,
    JudgedBy,
    Judgement,
    LinkJudgement,
    Merge,
    MergeEnd,
    PersonKey,
    Split,
    StandingNow,
)
from musterroll.register.models.potcheck import PotCheck, Verdict
from musterroll.register.models.question import AnswerBatch, QuestionBatch
from musterroll.register.models.recall import Recall, Recallable
from musterroll.register.models.snapshot import Snapshot
from musterroll.register.models.source_list import DrawSource, Nullifier, SourceList

__all__ = [
    "Access",
    "AnswerBatch",
    "Approval",
    "Approved",
    "Attempt",
    "Audited",
    "Because",
    "Call",
    "CallEvent",
    "Campaign",
    "Case",
    "CaseEnd",
    "Ceremony",
    "Declaration",
    "Delivery",
    "DeliveryRejection",
    "DeliveryRelease",
    "Draw",
    "DrawResult",
    "DrawSource",
    "DrawnTable",
    "Entrant",
    "Entry",
    "ErasedRecord",
    "Erasure",
    "ErasureGround",
    "Evidence",
    "FairnessReport",
    "Fallback",
    "Filing",
    "FilingEnd",
    "Finding",
    "Founding",
    "Grade",
    "Grant",
    "GrantEnd",
    "Head",
    "JudgedBy",
    "Judgement",
    "Leaf",
    "LinkJudgement",
    "LogYear",
    "Merge",
    "MergeEnd",
    "Notice",
    "NoticeKind",
    "Nullifier",
    "Office",
    "Officer",
    "Opened",
    "Opening",
    "Order",
    "Outcome",
    "Pack",
    "Part",
    "PersonKey",
    "PotCheck",
    "PresenceCode",
    "Proposal",
    "PublishedCheckpoint",
    "Purpose",
    "QuestionBatch",
    "Recall",
    "Recallable",
    "Receipt",
    "Role",
    "Snapshot",
    "SourceList",
    "Spared",
    "SparedEntry",
    "SparedList",
    "SparedRound",
    "Split",
    "StandingNow",
    "Step",
    "Telling",
    "Told",
    "Verdict",
]
