"""What was recalled, as the night reads it: deliveries never taken in, and models whose links are possible ones."""

from dataclasses import dataclass

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.register.models import Recall, Recallable


@dataclass(frozen=True, slots=True)
class Recalled:
    """Numbers of deliveries and of linkage models."""

    deliveries: frozenset[int]
    models: frozenset[int]


def recalled(size: int) -> Recalled:
    """What stands recalled in the part of the log below `size`."""
    rows = Recall.objects.filter(entry__leaf__index__lt=size)

    def numbers(what: Recallable) -> frozenset[int]:
        return frozenset(int(one) for one in rows.filter(what=what).values_list("subject", flat=True))

    return Recalled(numbers(Recallable.DELIVERY), numbers(Recallable.MODEL))
