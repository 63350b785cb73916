"""What every act is: keyword-only, one transaction, and plain words when the database goes away.

1. The transaction holds the act's rows and its entry in the outbox: neither is there without the other.
2. An act is known by its natural key. Done again with the same values it changes nothing and gives what is there;
   with other values under the same key it is refused.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.db import transaction

from musterroll.errors import MusterRollError
from musterroll.register import database


def act[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """The function as an act."""

    @functools.wraps(function)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        with database.told(), transaction.atomic():
            return function(*args, **kwargs)

    return done


def same(what: str, **pairs: tuple[Any, Any]) -> None:
    """Raise MusterRollError `act.other-values` unless what is there equals what is asked, pair by pair."""
    differing = sorted(name for name, (there, asked) in pairs.items() if there != asked)
    if differing:
        raise MusterRollError(
            "act.other-values",
            f"This {what} has been recorded already, with other values: {', '.join(differing)}.",
            where=what,
            remedy="What happened is not changed: record a correction under a number of its own.",
        )
