"""Attack 11: quotas or strata are changed once the order is known."""

import json

import pytest
from tests.bundles.forged import WHOLE

from musterroll import canonical


@pytest.mark.parametrize("share", ["quota", "strata", "total"])
def test_what_is_drawn_for_stands_in_the_manifest_hence_in_log_and_seed(forge, look, share) -> None:
    forged = forge(WHOLE)
    value = json.loads(forged.files["manifest.json"])
    strata = value["cohort"]["strata"]
    if share == "quota":
        strata[0]["quota"], strata[1]["quota"] = strata[0]["quota"] - 1, strata[1]["quota"] + 1
    elif share == "strata":
        strata[0]["size"], strata[1]["size"] = strata[0]["size"] - 1, strata[1]["size"] + 1
    else:
        value["cohort"]["quota"]["total"] += 1
    forged.files["manifest.json"] = canonical.encode(value)
    forged.write_again()
    said = look(forged)
    assert said.refused("the proof is of another entry")
    assert "the quotas do not follow" in said.text or "a stratum has another size" in said.text
