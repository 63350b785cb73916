"""Attack 21: an outsider tests whether X is in the list, knowing everything about X but the salt."""

import hashlib
import itertools

from tests.bundles.files import DRAW
from tests.bundles.forged import LISTED

from musterroll import canonical


def test_what_is_known_of_a_person_finds_no_entry(forge) -> None:
    """The whole record is known; guessed are salts that are none, the draw's, the person's number, another person's."""
    forged = forge(LISTED)
    listed = {leaf[-32:] for leaf in forged.cohort.leaves}
    tag = canonical.tag("entry")
    person, other = forged.entrants[:2]
    guesses = [
        b"",
        bytes(32),
        hashlib.sha256(DRAW.encode()).digest(),
        hashlib.sha256(person.record).digest(),
        other.salt,
    ]
    assert hashlib.sha256(tag + person.salt + person.record).digest() in listed
    for salt in guesses:
        assert hashlib.sha256(tag + salt + person.record).digest() not in listed
    assert hashlib.sha256(person.record).digest() not in listed


def test_nothing_else_in_the_folder_differs_by_person(forge) -> None:
    """No salt, no record, no person's number stands in any published file."""
    forged = forge(LISTED)
    published = b"".join(p.read_bytes() for p in sorted((forged.home / "published").rglob("*")) if p.is_file())
    for person, word in itertools.product(forged.entrants[:20], ("salt", "record")):
        secret = getattr(person, word)
        assert secret not in published
        assert secret.hex().encode() not in published
    assert b"XX0000" not in published


def test_whoever_holds_the_salts_is_said_to_see_everything(trust) -> None:
    assert "a leak of the register's database shows the whole order" in trust[21]
