"""What may be written into the ledger: closed lists.

1. A public entry is in clear; its `Kind` says what it is about. It never concerns one person.
2. Everything about one person is one opaque kind, `act`: outsiders learn that something happened in that hour, not
   what. What it was stands in the payload, as an `Act`, and only the register and that person hold the payload.
3. There is no kind and no act for not answering, not appearing, returned post or signing in (charter S2, S6, X2), and
   none can be added by a setting or a pack: the lists are code.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What an entry is about, as its member `k` says."""

    IMPORT = "import"
    """A delivery received, quarantined or refused, later released or rejected. One a delivery, never one a person."""
    ROLL = "roll"
    """A new snapshot of the roll: its digest, its parent, the packs, counts by effect."""
    PACK = "pack"
    """A law pack is in force: name, version, digest."""
    CONFIG = "config"
    """Rules, forms or software, by digest."""
    KEY = "key"
    """A key of the log is replaced."""
    YEAR = "year"
    """The first entry of a year's log: the last checkpoint of the year before."""
    STAT = "stat"
    """How many acts of each kind a day held."""
    DRAW_MANIFEST = "draw.manifest"
    """A draw is fixed: its list of commitments, quotas and the beacon round, before anybody can know the value."""
    DRAW_CEREMONY = "draw.ceremony"
    """The symbols of the public ceremony."""
    DRAW_RESULT = "draw.result"
    """Seed and order, as anybody can compute them."""
    SUPPLEMENT = "supplement"
    """People found missing, with a round of their own."""
    ORDER = "order"
    """Who is called, by place: the digest of the order of call."""
    AUDIT = "audit"
    """What an auditor opened and found, in counts."""
    ERASURE_STAT = "erasure.stat"
    """How many people's keys were erased on a day, and which objects were rewritten."""
    QUESTIONS = "questions"
    """Questions went to an agency that is declared to answer them: source, number of the batch, digest, how many."""
    RECALL = "recall"
    """A delivery, a linkage model or a law pack is recalled: which. Whom it touched stands nowhere."""
    CAMPAIGN = "campaign"
    """Letters to several people are queued: what they tell, and the digest of the sealed list."""
    ACT = "act"
    """Something was done that concerns one person. Opaque."""

    @property
    def opaque(self) -> bool:
        """Whether an entry of this kind holds a commitment in place of words."""
        return self is Kind.ACT


class Act(StrEnum):
    """What was done that concerns one person, as the payload's member `act` says."""

    RECORD_OPENED = "record.opened"
    """An officer opened this record, for a purpose (S8). In the log before it is read."""
    ACCESS_GRANTED = "access.granted"
    """A case was allocated, or the person gave a one-time code."""
    DECLARATION_MADE = "declaration.made"
    """The person, or an officer with evidence, said that something is so."""
    JUDGEMENT_MADE = "judgement.made"
    """Somebody decided whether a record is this person's."""
    APPROVAL_GIVEN = "approval.given"
    """The second of two people agreed (S9)."""
    CLAIM_FILED = "claim.filed"
    """The person asked for a deferral, an exemption or another decision."""
    CLAIM_WITHDRAWN = "claim.withdrawn"
    """The person took a claim back."""
    DECISION_DEFERRAL = "decision.deferral"
    """A deferral was granted or refused."""
    DECISION_CLAIM = "decision.claim"
    """A claim was decided."""
    DECISION_APPEAL = "decision.appeal"
    """An appeal was decided."""
    CALL_ISSUED = "call.issued"
    """The published order of call reached this person's place."""
    CALL_HELD = "call.held"
    """The call rests while something is open (S5)."""
    CALL_RESUMED = "call.resumed"
    """What held the call is decided; it goes on."""
    CALL_WITHDRAWN = "call.withdrawn"
    """The call is off: the person has died, enlisted, or was never liable."""
    NOTICE_COMPOSED = "notice.composed"
    """A letter to the person is fixed, by its digest."""
    NOTICE_ATTEMPTED = "notice.attempted"
    """A notice was handed to a channel; what the channel answered. Not a delivery (S6)."""
    NOTICE_RECEIVED = "notice.received"
    """The person said "I received this", or the carrier handed it over."""
    NOTICE_WITHDRAWN = "notice.withdrawn"
    """A notice that went out is taken back; the person is told."""
    CONTACT_PROTECTED = "contact.protected"
    """This person's contact is hidden from now on (S12)."""
    PERSON_ERASED = "person.erased"
    """Payloads and key of this person are gone."""
