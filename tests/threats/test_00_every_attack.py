"""Nothing below proves anything unless the folders are sound before somebody does something to them."""

import re
from pathlib import Path

import pytest
from tests.bundles.forged import ANEW, LISTED, REDRAWN, WHOLE

HERE = Path(__file__).parent


@pytest.mark.parametrize("number", [LISTED, WHOLE, ANEW, REDRAWN])
def test_before_anybody_does_anything_all_holds(forge, look, number) -> None:
    said = look(forge(number))
    assert said.code == 0, said.text


def test_every_attack_of_the_trust_page_has_its_test(trust) -> None:
    tested = sorted(int(re.match(r"test_(\d\d)_", path.name)[1]) for path in HERE.glob("test_*.py"))
    assert tested == [0, *sorted(trust)] == list(range(26))
