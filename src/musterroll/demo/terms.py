"""The demonstration's draw: its plan, and what stands in for dice."""

import json
from pathlib import Path

from musterroll import canonical, dates
from musterroll.demo import calendar
from musterroll.ids import keyed
from musterroll.register.terms import DAY, LENGTH, ROUNDS_A_WEEK, Plan

DRAW = "demo-2021-a"
PROCEDURE = (
    b"DEMONSTRATION. Forty digits come from the seed of the demonstration, in place of ten-sided dice thrown in public."
)
PLAN = Plan(
    draw=DRAW,
    round=calendar.ROUND,
    procedure_sha256=canonical.sha256_hex(PROCEDURE),
    ceremony_over=dates.format_instant(calendar.CEREMONY_HELD + 1_800),
    min_lead_days=calendar.MIN_LEAD // DAY,
)
AUDIT_ROUND = calendar.ROUND + ROUNDS_A_WEEK
"""The round that picks entries and spared for an auditor; a week after the draw's, not in the demonstration."""
_BEACON = Path(__file__).parent / "beacon" / f"quicknet-{calendar.ROUND}.json"


def symbols(secret: bytes) -> str:
    """The forty digits of the ceremony: `secret` takes the place of dice."""
    drawn = int.from_bytes(keyed(secret, b"ceremony"), "big")
    return f"{drawn % 10**LENGTH:0{LENGTH}}"


def signature() -> bytes:
    """The stored signature of the real round, 48 bytes."""
    return bytes.fromhex(json.loads(_BEACON.read_text())["round"]["signature"])
