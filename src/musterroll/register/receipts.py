"""What a person keeps of a draw: the receipt that opens their own entry in the published list."""

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.draw import entrant as entrants
from musterroll.draw.receipt import Receipt
from musterroll.register import places
from musterroll.register.models import DrawResult, Entrant, PersonKey


def receipt_for(entrant: Entrant) -> Receipt:
    """The receipt of one entrant, with the place once there is a result."""
    kp = bytes(PersonKey.objects.get(person=entrant.person).kp)
    draw = entrant.draw
    result = DrawResult.objects.filter(draw=draw).first()
    place = places.order_of(result).place_of(bytes(entrant.commitment))[1] if result else None
    return Receipt(draw.draw, entrants.salt(kp, draw.draw), bytes(entrant.record), entrant.index, place)
