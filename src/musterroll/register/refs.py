"""From a `ref` to the person and back, and the references of one person's links. No other name finds anybody.

1. Somebody who was merged into another answers under both refs; somebody who was erased answers no more.
2. A link is named by a reference of its own, which means something only beside the person whose link it is.
"""

import base64
from collections.abc import Iterable

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import dates
from musterroll.engine.roll import person as rolled
from musterroll.errors import MusterRollError
from musterroll.fact.timeline import resolved
from musterroll.ids import keyed, person_ref
from musterroll.register import home, judgements, roll
from musterroll.register.models import Erasure


def person_of(ref: str) -> int:
    """The person number behind `ref`. Raises MusterRollError `person.ref-unknown` or `person.erased`."""
    current = roll.current()
    rows = rolled.rows(current.store, current.snapshot, "by_ref", "ref", [ref])
    if not rows:
        _check_not_erased(ref)
        raise MusterRollError(
            "person.ref-unknown",
            "Nobody in this register has this reference.",
            remedy="Compare it with a letter or the person's own page: sixteen small letters and digits.",
        )
    return resolved(int(rows[0]["person"]), judgements.aliases_now(current))


def link_ref(person: int, record: int) -> str:
    """The reference of one link: sixteen small letters and digits."""
    made = keyed(home.current().keys.secret("ref"), b"link", f"{person}/{record}".encode())
    return base64.b32encode(made[:10]).decode("ascii").lower()


def record_of(ref: str, person: int, records: Iterable[int]) -> int:
    """The record of the person's link `ref`, one of `records`. Raises MusterRollError `judge.link-unknown`."""
    for record in records:
        if link_ref(person, record) == ref:
            return record
    raise MusterRollError(
        "judge.link-unknown",
        "This person has no link of this reference.",
        remedy="See the person's links: muster judge show CASE.",
    )


def _check_not_erased(ref: str) -> None:
    key = home.current().keys.secret("ref")
    for person, at in Erasure.objects.values_list("person", "at"):
        if person_ref(key, person) == ref:
            raise MusterRollError(
                "person.erased",
                f"This person was erased on {dates.format_instant(at)[:10]}: nothing is held of them.",
                remedy="Nothing needs doing.",
            )
