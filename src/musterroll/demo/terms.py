"""The terms of the demonstration's draw: what is written into its manifest before the round exists."""

import json
from pathlib import Path

from musterroll import canonical, dates
from musterroll.demo import calendar
from musterroll.draw import fairness
from musterroll.draw.commitment import Cohort
from musterroll.draw.terms import Audit, CohortTerms, Fairness, Fallback, SourceCounts
from musterroll.draw.transcript import Ceremony, Drand, Manifest
from musterroll.engine import bundle
from musterroll.ids import keyed
from musterroll.register.cohort import Frozen
from musterroll.register.roll import Roll

DRAW = "demo-2021-a"
DIGITS = "0123456789"
LENGTH = 40
PROCEDURE = (
    b"DEMONSTRATION. Forty digits come from the seed of the demonstration, in place of ten-sided dice thrown in public."
)
AUDIT_ROUND = calendar.ROUND + 7 * 28_800
"""A week of rounds, one every three seconds, after the draw's."""

ROUNDED_TO = 5
AUDITED = 5
_BEACON = Path(__file__).parent / "beacon" / f"quicknet-{calendar.ROUND}.json"


def manifest(roll: Roll, frozen: Frozen, register: str) -> Manifest:
    """The manifest of the demonstration's draw over the frozen cohort. `register` is the ledger's domain."""
    selection = roll.pack.selection
    assert selection is not None  # freeze has refused a law that draws nobody
    cohort = Cohort.of([entrant for _, entrant in frozen.entrants])
    total = roll.pack.parameters[selection.total].at(roll.snapshot.on)
    strata = CohortTerms.of(cohort, total=total, floor=selection.least, least=max(selection.merge_under, 20))
    return Manifest(
        draw=DRAW,
        register=register,
        attempt=1,
        supersedes=None,
        cohort=strata,
        randomness=(Drand.quicknet(calendar.ROUND), _ceremony()),
        min_lead=calendar.MIN_LEAD,
        reference_day=dates.format_day(roll.snapshot.on),
        source=SourceCounts(_rounded(frozen.considered), _rounded(frozen.excluded), ROUNDED_TO),
        audit=Audit(AUDIT_ROUND, tuple(min(AUDITED, stratum.size) for stratum in strata.strata)),
        fairness=Fairness(fairness.SUITE, "0.001"),
        fallback=Fallback(30 * 86_400, _ceremony()),
        legal=f"DEMONSTRATION: {roll.pack.title}, selection {selection.name}",
        pack=roll.pack.digest,
        software=bundle.software(),
    )


def symbols(secret: bytes) -> str:
    """The forty digits of the ceremony: `secret` takes the place of dice."""
    drawn = int.from_bytes(keyed(secret, b"ceremony"), "big")
    return f"{drawn % 10**LENGTH:0{LENGTH}}"


def signature() -> bytes:
    """The stored signature of the real round, 48 bytes."""
    return bytes.fromhex(json.loads(_BEACON.read_text())["round"]["signature"])


def _ceremony() -> Ceremony:
    over = dates.format_instant(calendar.CEREMONY_HELD + 1_800)
    return Ceremony(DIGITS, LENGTH, canonical.sha256_hex(PROCEDURE), over)


def _rounded(count: int) -> int:
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
