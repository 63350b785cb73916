"""Attack 5: an entry is changed or dropped after the list was committed to."""

import pytest
from tests.bundles.forged import WHOLE

LEAF = 34


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda data: data[:-LEAF], "cohort.bin has another length"),
        (lambda data: data[: -LEAF - 1] + bytes([data[-LEAF - 1] ^ 1]) + data[-LEAF:], "the manifest commits to"),
        (lambda data: data[LEAF : 2 * LEAF] + data[:LEAF] + data[2 * LEAF :], "not in strictly ascending order"),
        (lambda data: b"\x00\x01" + data[2:], "ascending order"),
    ],
    ids=["dropped", "changed", "exchanged", "moved to another stratum"],
)
def test_a_list_that_is_not_the_committed_one_is_refused(forge, look, change, why) -> None:
    forged = forge(WHOLE)
    forged.files["cohort.bin"] = change(forged.files["cohort.bin"])
    forged.files = {name: data for name, data in forged.files.items() if not name.startswith("cohort/")}
    forged.write_again()
    assert look(forged).refused(why)


def test_the_manifest_cannot_follow_the_changed_list(forge, look) -> None:
    """It stands in the log, under cosignatures, by its digest."""
    forged = forge(WHOLE)
    forged.files["manifest.json"] = forged.files["manifest.json"].replace(b'"root":"', b'"root":"00', 1)
    forged.write_again()
    assert look(forged).code == 1
