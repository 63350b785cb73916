"""What a person keeps of a draw: enough to find their own entry and place in the published files.

1. A receipt holds `draw`, `salt`, `record` and `index`, after the draw also `place`; canonical JSON.
2. It opens one entry and says nothing about anybody else. Nobody may ask a person to show it.
"""

from dataclasses import dataclass, replace
from typing import Any

from musterroll import canonical
from musterroll.draw import commitment
from musterroll.draw.commitment import COMMITMENT_BYTES, Cohort
from musterroll.draw.entrant import SALT_BYTES, Entrant
from musterroll.draw.order import Order
from musterroll.errors import MusterRollError


@dataclass(frozen=True, slots=True)
class Receipt:
    """One person's receipt. `index` is where the entry stands in the list, from 0; `place` counts from 1."""

    draw: str
    salt: bytes
    record: bytes
    index: int
    place: int | None = None

    @property
    def commitment(self) -> bytes:
        """C of the entry that this receipt opens."""
        return commitment.commit(self.salt, self.record)

    def encode(self) -> bytes:
        """The receipt as canonical JSON. Inverse of `decode`."""
        value: dict[str, Any] = {
            "draw": self.draw,
            "salt": self.salt.hex(),
            "record": self.record.decode("utf-8"),
            "index": self.index,
        }
        return canonical.encode(value if self.place is None else value | {"place": self.place})


def of(entrant: Entrant, cohort: Cohort, order: Order | None = None) -> Receipt:
    """The receipt of `entrant`, with the place once there is an order. Raises MusterRollError `cohort.absent`."""
    draw = canonical.decode(entrant.record)["draw"]
    receipt = Receipt(draw, entrant.salt, entrant.record, cohort.index_of(entrant))
    return receipt if order is None else replace(receipt, place=order.place_of(entrant.commitment)[1])


def decode(data: bytes) -> Receipt:
    """The receipt written in `data`. Raises MusterRollError `receipt.malformed`."""
    value = canonical.decode(data, where="receipt")
    try:
        names = set(value)
        salt, record, index, place = bytes.fromhex(value["salt"]), value["record"], value["index"], value.get("place")
        whole = {"draw", "salt", "record", "index"} <= names <= {"draw", "salt", "record", "index", "place"}
        numbers = type(index) is int and index >= 0 and (place is None or (type(place) is int and place >= 1))
        texts = isinstance(value["draw"], str) and isinstance(record, str) and len(salt) == SALT_BYTES
    except (KeyError, TypeError, ValueError, AttributeError):
        whole = numbers = texts = False
    if not (whole and numbers and texts):
        raise MusterRollError(
            "receipt.malformed",
            "A receipt has draw, salt, record, index and, after the draw, place.",
            where="receipt",
            remedy="Take the receipt again from your page, or type it again from the letter.",
        )
    return Receipt(value["draw"], salt, record.encode("utf-8"), index, place)


def check(receipt: Receipt, draw: str, cohort: Cohort, order: Order | None = None) -> None:
    """Raise MusterRollError `receipt.*` unless the published files hold what the receipt says."""
    if receipt.draw != draw:
        raise _wrong("receipt.draw", "it belongs to another draw")
    leaf = cohort.leaves[receipt.index][-COMMITMENT_BYTES:] if receipt.index < cohort.size else b""
    if leaf != receipt.commitment:
        raise _wrong("receipt.entry", f"the list has another entry at index {receipt.index}")
    if order is not None and receipt.place is not None and order.place_of(leaf)[1] != receipt.place:
        raise _wrong("receipt.place", f"the order gives this entry place {order.place_of(leaf)[1]}")


def _wrong(code: str, why: str) -> MusterRollError:
    return MusterRollError(
        code,
        f"The receipt and the published files do not agree: {why}.",
        where="receipt",
        remedy="Keep both and complain: this is evidence that the list or the receipt is not the original.",
    )
