"""An address is served only where two sources agree on it, both fresh, and nothing of the person is protected."""

from types import SimpleNamespace

import pytest

from musterroll.dates import FIRST_DAY, NEVER, parse_day
from musterroll.engine.roll.person import Particular

ON = parse_day("2021-03-31")
NAMES = {1: "civil", 2: "dwelling", 3: "pay", 4: "tax"}
STALE = {"tax"}


def part(text: str, delivery: int, *, kind: str = "address", protected: bool = False, until: int = NEVER) -> Particular:
    return Particular(kind, text, protected, FIRST_DAY, until, delivery, 1)


def served(*parts: Particular) -> str | None:
    from musterroll.register.address import corroborated

    current = SimpleNamespace(
        source_of=NAMES,
        as_of={number: ON - 10 + number for number in NAMES},
        coverages={name: SimpleNamespace(fresh=lambda _, name=name: name not in STALE) for name in NAMES.values()},
    )
    return corroborated(parts, current, ON)


@pytest.mark.parametrize(
    ("parts", "address"),
    [
        ((part("1 Mill Lane", 1), part("1, MILL LANE", 2)), "1, MILL LANE"),  # the newer of the two
        ((part("1  Mill\u00a0Lane", 1), part("1 Mill  Lane", 2)), "1 Mill Lane"),  # blanks typed twice
        ((part("1 Mill Lane", 1),), None),  # one source
        ((part("1 Mill Lane", 1), part("1 Mill Lane", 1)), None),  # one source twice
        ((part("1 Mill Lane", 1), part("2 Mill Lane", 2)), None),  # they disagree
        ((part("1 Mill Lane", 1), part("1 Mill Lane", 2), part("9 High Street", 3)), "1 Mill Lane"),
        ((part("1 Mill Lane", 1), part("1 Mill Lane", 4)), None),  # the second source is not fresh
        ((part("1 Mill Lane", 1), part("1 Mill Lane", 2, until=ON - 5)), None),  # no longer said
        ((part("1 Mill Lane", 1), part("1 Mill Lane", 2), part("", 3, protected=True)), None),
        ((part("1 Mill Lane", 1), part("1 Mill Lane", 2), part("", 3, kind="contact", protected=True)), None),
        ((part("1 Mill Lane", 1), part("1 Mill Lane", 7)), None),  # not an agency's delivery
        ((part("", 1), part("", 2)), None),
        # each office in its own order: the fuller text, else the newer
        ((part("1 Mill Lane 10101 Aldham", 1), part("Mill Ln. 1, Aldham", 2)), "1 Mill Lane 10101 Aldham"),
        ((part("1 Mill Lane Aldham", 1), part("Mill Lane 1, Aldham", 2)), "Mill Lane 1, Aldham"),
        # two that agree with a third and not with each other
        (
            (part("1 Mill Lane 10101 Aldham", 1), part("1 Mill Lane Aldham", 2), part("1 Mill Lane 10102 Aldham", 3)),
            None,
        ),
    ],
)
def test_an_address_to_serve(parts, address) -> None:
    assert served(*parts) == address


def test_two_addresses_with_two_sources_each_are_a_disagreement() -> None:
    two = (part("1 Mill Lane", 1), part("1 Mill Lane", 2), part("9 High Street", 3), part("9 High Street", 1))
    assert served(*two) is None
