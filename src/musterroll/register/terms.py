"""The terms of a draw, written out for two people to read, approve and commit (docs/spec/draw.md).

1. Who is in it is read from the committed roll, how many are called from the law; neither is an argument (charter S3).
2. Randomness is a round of the public beacon that nobody can know yet, and a public ceremony before it.
3. Counts of people are rounded as the disclosure function rounds; the sample that an auditor opens is 299 of each
   stratum, or everybody: enough to find one false entry in a hundred nineteen times in twenty.
4. Where the source handed in its list, the manifest names it instead of counts (docs/spec/draw.md, 5).
5. The list has been counted against an outside office's count; the manifest names the office, its key and the share.
6. The terms of a demonstration's draw say that it is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from musterroll import dates
from musterroll.draw import fairness, fairness_table, potcheck, transcript
from musterroll.draw.because import FALLBACK, POTCHECK, Because, PotcheckTerms
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Entrant
from musterroll.draw.table import LEAP, TableTerms
from musterroll.draw.terms import Audit, CohortTerms, Fairness, Fallback, SourceCounts
from musterroll.draw.transcript import Ceremony, Drand, Manifest
from musterroll.engine import bundle
from musterroll.errors import MusterRollError
from musterroll.register import draw_policies, home, source_lists
from musterroll.register.cohort import Frozen
from musterroll.register.models import Draw
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
    which it is in the log (`YYYY-MM-DDTHH:MM:SSZ`). `table_on` is the day on which the drums are drawn, where the law
    has them.
    """

    draw: str
    round: int
    procedure_sha256: str
    ceremony_over: str
    min_lead_days: int = 7
    attempt: int = 1
    supersedes: str | None = None
    because: Because | None = None
    table_on: str = ""


def manifest(plan: Plan, roll: Roll, frozen: Frozen, register: str) -> Manifest:
    """The manifest of the planned draw over the frozen cohort. `register` is the ledger's domain.

    Raises MusterRollError `draw.terms` where the plan cannot be a draw: a name, a round or times that do not fit.
    """
    try:
        return _manifest(plan, roll, frozen, register)
    except ValueError as problem:
        raise _terms(plan, problem) from None


def _terms(plan: Plan, problem: ValueError) -> MusterRollError:
    return MusterRollError(
        "draw.terms",
        f"These cannot be the terms of a draw: {problem}.",
        where=plan.draw,
        remedy="A draw has a name of small letters, digits and hyphens, a round still to come, and a ceremony "
        "before it.",
    )


def _manifest(plan: Plan, roll: Roll, frozen: Frozen, register: str) -> Manifest:
    selection = roll.pack.selection
    assert selection is not None  # freeze has refused a law that draws nobody
    cohort = frozen.listed
    on = roll.snapshot.on
    total = selection.total.at(roll.pack.parameters, on)
    to_call = (selection.called or selection.total).at(roll.pack.parameters, on)
    if selection.not_held_by and to_call >= cohort.size:
        raise MusterRollError(
            "draw.everybody-called",
            "Everybody whom the law reaches is to be called, and then the law holds no draw.",
            where=f"{plan.draw}, {selection.not_held_by}",
            remedy="Hold none; or, where the number is wrong, publish the law's parameter anew.",
        )
    strata = CohortTerms.of(cohort, total=total, floor=selection.least, partition=frozen.partition)
    ceremony = Ceremony(DIGITS, LENGTH, plan.procedure_sha256, plan.ceremony_over)
    named = source_lists.files(frozen.source, cohort, (entrant for _, entrant in frozen.entrants))
    counts = SourceCounts(_rounded(frozen.considered), _rounded(frozen.excluded), ROUNDED_TO)
    drand = Drand.quicknet(plan.round)
    checked = draw_policies.pot_check_of(strata.root, plan.draw)
    if checked is None:
        raise draw_policies.not_counted(plan.draw)
    counted = potcheck.decode(bytes(checked.potcheck), bytes(checked.count))
    opened = home.current()
    sooner = opened.founding.wait_hours < home.PUBLIC_FOR_HOURS
    hours = f" (letters after {opened.founding.wait_hours} hours)" if sooner else ""
    mark = f"DEMONSTRATION{hours}: " if opened.fictional else ""
    return Manifest(
        draw=plan.draw,
        register=register,
        attempt=plan.attempt,
        supersedes=plan.supersedes,
        because=plan.because,
        cohort=strata,
        randomness=(drand, ceremony),
        min_lead=plan.min_lead_days * DAY,
        reference_day=dates.format_day(roll.snapshot.on),
        source=source_lists.stated(frozen.source, named) or counts,
        audit=Audit(plan.round + ROUNDS_A_WEEK, tuple(min(AUDITED, stratum.size) for stratum in strata.strata)),
        fairness=Fairness(fairness_table.SUITE if frozen.by_table else fairness.SUITE, "0.001"),
        fallback=Fallback(30 * DAY, ceremony),
        legal=f"{mark}{roll.pack.title}, selection {selection.name}",
        pack=roll.pack.digest,
        software=bundle.software(),
        page=bundle.page(),
        algorithm=transcript.BY_TABLE if frozen.by_table else transcript.ALGORITHM,
        table=TableTerms(LEAP, plan.table_on) if frozen.by_table else None,
        potcheck=PotcheckTerms(checked.sha256, checked.office, checked.key, counted.per_mille),
    )


def again(plan: Plan, before: Draw, because: str) -> Plan:
    """The plan of another attempt after `before`: because of a pot check (its SHA-256), or of a silent beacon."""
    ground = Because(FALLBACK) if because == FALLBACK else Because(POTCHECK, because)
    return replace(plan, attempt=before.attempt + 1, supersedes=before.manifest_sha256, because=ground)


def fallback(before: Draw) -> Manifest:
    """The next attempt over the same list, with the second source in place of the beacon's round."""
    terms = transcript.decode(bytes(before.manifest))
    if terms.fallback is None or not terms.has_round:
        raise MusterRollError(
            "draw.no-fallback", "The manifest of this draw names no second source.", where=before.draw
        )
    second = terms.fallback.second
    made = tuple(second if isinstance(item, Drand) else item for item in terms.randomness)
    follows = {"attempt": before.attempt + 1, "supersedes": before.manifest_sha256, "because": Because(FALLBACK)}
    if isinstance(second, Drand):
        audit = Audit(second.round + ROUNDS_A_WEEK, terms.audit.samples) if terms.audit else None
        return replace(terms, randomness=made, audit=audit, **follows)
    return replace(terms, randomness=made, audit=None, fallback=None, **follows)


def part(
    plan: Plan, parent: Draw, entrants: Sequence[tuple[int, Entrant]], *, number: int, stratum: str = ""
) -> Manifest:
    """The manifest of a supplement over `entrants`, or of `stratum` drawn anew. Raises MusterRollError `draw.terms`."""
    before = transcript.decode(bytes(parent.manifest))
    listed = Cohort.of([entrant for _, entrant in entrants])
    quotas = {one.id: one.quota for one in before.cohort.strata if one.id == stratum}
    try:
        return Manifest(
            draw=plan.draw,
            register=before.register,
            attempt=1,
            supersedes=None,
            cohort=CohortTerms.unquoted(listed, quotas),
            randomness=(
                Drand.quicknet(plan.round),
                Ceremony(DIGITS, LENGTH, plan.procedure_sha256, plan.ceremony_over),
            ),
            min_lead=plan.min_lead_days * DAY,
            reference_day=before.reference_day,
            legal=before.legal,
            pack=before.pack,
            software=bundle.software(),
            page=bundle.page(),
            kind=transcript.STRATUM if stratum else transcript.SUPPLEMENT,
            algorithm=before.algorithm,
            because=plan.because,
            parent=parent.manifest_sha256,
            number=number,
            stratum=stratum or None,
        )
    except ValueError as problem:
        raise _terms(plan, problem) from None


def _rounded(count: int) -> int:
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
