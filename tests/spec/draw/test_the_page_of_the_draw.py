"""Every worked value of docs/spec/draw.md is what the stage computes: read the page, compute, compare."""

import re

import pytest
from tests.spec.draw import example

from musterroll import canonical


@pytest.mark.parametrize("name", list(example.BLOCKS))
def test_the_worked_values_are_those_of_the_stage(name: str) -> None:
    found = re.search(rf"^```{name}\n(.*?)\n```$", example.PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"the page has no block {name}; it should be\n{example.written(example.BLOCKS[name]())}"
    assert found[1] == example.written(example.BLOCKS[name]())


def test_every_tag_on_the_page_is_the_hash_of_its_name() -> None:
    rows = re.findall(r"^\| ([a-z-]+)(?: \(ledger\))? \| `([0-9a-f]{64})` \|$", example.PAGE, re.MULTILINE)
    assert len(rows) == 16
    for label, expected in rows:
        assert canonical.tag(label).hex() == expected


def test_the_manifest_at_the_top_is_read_and_written_the_same() -> None:
    assert example.MANIFEST.encode() == example.MANIFEST_BYTES
    assert example.MANIFEST.missing
