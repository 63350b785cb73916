"""Attack 4: two people are shown the same entry, and one place is free for somebody else (a clash attack)."""

import json

from tests.bundles.files import receipt_of
from tests.bundles.forged import WHOLE

from musterroll import canonical


def test_an_entry_opens_to_one_persons_number_only(forge, look) -> None:
    """The register gives B the receipt of A. B's own number does not stand in it; with B's number it opens nothing."""
    forged = forge(WHOLE)
    a, b = forged.entrants[:2]
    given = json.loads(receipt_of(a, forged.cohort, forged.order))
    assert look(forged, canonical.encode(given)).code == 0
    own = json.loads(b.record)["person"]
    assert own not in given["record"]
    record = canonical.encode(json.loads(given["record"]) | {"person": own}).decode()
    said = look(forged, canonical.encode(given | {"record": record}))
    assert said.refused("your entry does not stand where the receipt says")
