"""The terms of a draw, written out for two people to read, approve and commit (docs/spec/draw.md).

1. Who is in it is read from the committed roll, how many are called from the law; neither is an argument (charter S3).
2. Randomness is a round of the public beacon that nobody can know yet, and a public ceremony before it.
3. Counts of people are rounded as the disclosure function rounds; the sample that an auditor opens is 299 of each
   stratum, or everybody: enough to find one false entry in a hundred nineteen times in twenty.
4. The terms of a demonstration's draw say that it is one.
"""

from dataclasses import dataclass

from musterroll import dates
from musterroll.draw import fairness
from musterroll.draw.commitment import Cohort
from musterroll.draw.terms import Audit, CohortTerms, Fairness, Fallback, SourceCounts
from musterroll.draw.transcript import Ceremony, Drand, Manifest
from musterroll.engine import bundle
from musterroll.errors import MusterRollError
from musterroll.register import home
from musterroll.register.cohort import Frozen
from musterroll.register.roll import Roll

DIGITS = "0123456789"
LENGTH = 40
AUDITED = 299
ROUNDED_TO = 5
ROUNDS_A_WEEK = 7 * 28_800
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Plan:
    """What people decide about a draw: its id, the beacon's round, the ceremony, and how long before it all stands.

    `procedure_sha256` is the digest of the text that says how the ceremony is held, `ceremony_over` the time before
    which it is in the log (`YYYY-MM-DDTHH:MM:SSZ`).
    """

    draw: str
    round: int
    procedure_sha256: str
    ceremony_over: str
    min_lead_days: int = 7
    attempt: int = 1
    supersedes: str | None = None


def manifest(plan: Plan, roll: Roll, frozen: Frozen, register: str) -> Manifest:
    """The manifest of the planned draw over the frozen cohort. `register` is the ledger's domain.

    Raises MusterRollError `draw.terms` where the plan cannot be a draw: a name, a round or times that do not fit.
    """
    try:
        return _manifest(plan, roll, frozen, register)
    except ValueError as problem:
        raise MusterRollError(
            "draw.terms",
            f"These cannot be the terms of a draw: {problem}.",
            where=plan.draw,
            remedy="A draw has a name of small letters, digits and hyphens, a round still to come, and a ceremony "
            "before it.",
        ) from None


def _manifest(plan: Plan, roll: Roll, frozen: Frozen, register: str) -> Manifest:
    selection = roll.pack.selection
    assert selection is not None  # freeze has refused a law that draws nobody
    cohort = Cohort.of([entrant for _, entrant in frozen.entrants])
    total = roll.pack.parameters[selection.total].at(roll.snapshot.on)
    strata = CohortTerms.of(cohort, total=total, floor=selection.least, least=max(selection.merge_under, 20))
    mark = "DEMONSTRATION: " if home.current().fictional else ""
    ceremony = Ceremony(DIGITS, LENGTH, plan.procedure_sha256, plan.ceremony_over)
    return Manifest(
        draw=plan.draw,
        register=register,
        attempt=plan.attempt,
        supersedes=plan.supersedes,
        cohort=strata,
        randomness=(Drand.quicknet(plan.round), ceremony),
        min_lead=plan.min_lead_days * DAY,
        reference_day=dates.format_day(roll.snapshot.on),
        source=SourceCounts(_rounded(frozen.considered), _rounded(frozen.excluded), ROUNDED_TO),
        audit=Audit(plan.round + ROUNDS_A_WEEK, tuple(min(AUDITED, stratum.size) for stratum in strata.strata)),
        fairness=Fairness(fairness.SUITE, "0.001"),
        fallback=Fallback(30 * DAY, ceremony),
        legal=f"{mark}{roll.pack.title}, selection {selection.name}",
        pack=roll.pack.digest,
        software=bundle.software(),
    )


def _rounded(count: int) -> int:
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
