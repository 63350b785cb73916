"""From a `ref` to the person and back. A ref is the one name by which a person is found."""

from musterroll.engine.roll import person as rolled
from musterroll.errors import MusterRollError
from musterroll.register import roll


def person_of(ref: str) -> int:
    """The person number behind `ref`. Raises MusterRollError `person.ref-unknown`."""
    current = roll.current()
    rows = rolled.rows(current.store, current.snapshot, "by_ref", "ref", [ref])
    if not rows:
        raise MusterRollError(
            "person.ref-unknown",
            "Nobody in this register has this reference.",
            remedy="Compare it with a letter or the person's own page: sixteen small letters and digits.",
        )
    return int(rows[0]["person"])
