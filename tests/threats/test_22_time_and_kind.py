"""Attack 22: people are recognised by the time, the length or the kind of an act."""

import json

import pytest
from tests.bundles.forged import WHOLE, Forged

from musterroll.entry import codec
from musterroll.entry.kind import Act

NINE = 1_690_880_400


def test_acts_of_every_kind_are_equally_long_and_say_the_hour_only() -> None:
    payloads = [json.dumps({"act": act.value, "at": NINE, "long": "x" * i}).encode() for i, act in enumerate(Act)]
    entries = [codec.act(data, i.to_bytes(32, "big"), NINE + 37 * i) for i, data in enumerate(payloads)]
    assert {len(entry) for entry in entries} == {88}
    assert {json.loads(entry)["k"] for entry in entries} == {"act"}
    assert {json.loads(entry)["t"] for entry in entries} == {"2023-08-01T09Z"}
    assert len({json.loads(entry)["c"] for entry in entries}) == len(entries)


class ToTheSecond(Forged):
    """The register writes the second into an act, or more than a commitment."""

    entry = b""

    def attempts(self, at):
        self.log.entries.append(self.entry)
        return super().attempts(at)


@pytest.mark.parametrize(
    "entry",
    [
        b'{"c":"NlBV8dLOnsKZsAatb5rs3IjWj4Rjq6czS1bczByBroU","k":"act","t":"2023-08-01T09:00:37Z","v":1}',
        b'{"c":"NlBV8dLOnsKZsAatb5rs3IjWj4Rjq6czS1bczByBroU","k":"act","p":{"a":1},"t":"2023-08-01T09Z","v":1}',
        b'{"c":"NlBV8dLOnsKZsAatb5rs3IjWj4Rjq6czS1bczByBroU","k":"record.opened","t":"2023-08-01T09Z","v":1}',
    ],
    ids=["a second", "a word more", "a kind of its own"],
)
def test_an_act_that_says_more_is_no_entry_of_such_a_ledger(forge, look, entry) -> None:
    kind = type("Telling", (ToTheSecond,), {"entry": entry})
    assert look(forge(WHOLE, kind)).refused("this is no entry of a Muster Roll ledger")


def test_small_offices_at_night_are_said_to_remain(trust) -> None:
    assert "very small offices at night" in trust[22]
