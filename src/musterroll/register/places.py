"""The order of a draw as the register keeps it."""

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.draw import transcript
from musterroll.draw.order import Order
from musterroll.register.models import DrawResult


def order_of(result: DrawResult) -> Order:
    """The order of a draw from its stored bytes."""
    draw = result.draw
    data, strata, start = bytes(result.order), [], 0
    for stratum in transcript.decode(bytes(draw.manifest)).cohort.strata:
        end = start + 32 * stratum.size
        strata.append(tuple(data[i : i + 32] for i in range(start, end, 32)))
        start = end
    return Order(draw.manifest_sha256, bytes.fromhex(result.seed), tuple(strata))
