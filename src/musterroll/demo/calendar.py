"""When everything in the demonstration happens (docs/adr/0004).

The sample population stands at the end of 2020; the beacon's round was published in September 2026. The legal day of an
instant is `OFFSET` days earlier. The demonstration's clock is put at each of these instants in turn.
"""

from datetime import date

from musterroll.dates import day_of, parse_instant

FIRST_ON = day_of(date(2020, 12, 31))
SECOND_ON = day_of(date(2021, 3, 31))

PACK_PUBLISHED = parse_instant("2026-06-01T08:00:00Z")
FIRST_DELIVERIES = parse_instant("2026-06-24T01:00:00Z")
FIRST_NIGHT = parse_instant("2026-06-24T02:00:00Z")
MANIFEST_LOGGED = parse_instant("2026-09-10T09:00:00Z")
CEREMONY_HELD = parse_instant("2026-09-21T12:00:00Z")
ROUND_PUBLISHED = parse_instant("2026-09-21T14:13:39Z")
RESULT_PUBLISHED = parse_instant("2026-09-21T14:20:00Z")
SECOND_DELIVERIES = parse_instant("2026-09-22T01:00:00Z")
SECOND_NIGHT = parse_instant("2026-09-22T02:00:00Z")
LETTERS_SENT = parse_instant("2026-09-25T09:00:00Z")
PORTAL_OPENED = parse_instant("2026-09-25T10:00:00Z")

OFFSET = FIRST_NIGHT // 86_400 - FIRST_ON
"""`calendar_offset_days` of the demonstration's home."""

ROUND = 32_398_885
"""The quicknet round whose signature is stored with the demonstration."""

MIN_LEAD = 7 * 86_400
"""Seconds between the witnessed manifest and the round (draw design 4.2)."""
