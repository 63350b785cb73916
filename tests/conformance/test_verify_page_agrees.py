"""The two verifiers, by different hands in different languages, end the same on whatever is published.

Folders at random (tests/bundles.py), sound and spoilt, of every format. They share no code; where they differ, one of
them reads docs/spec wrongly, or the page leaves room.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import secondverifier
from tests.bundles import make
from tests.conftest import Demo
from tests.secondverifier import Verifier

from musterroll.verify import muster_verify

FOLDERS = 24


@pytest.fixture(scope="module")
def page() -> Iterator[Verifier]:
    with secondverifier.verifier() as verifier:
        yield verifier


@pytest.mark.parametrize("number", range(FOLDERS))
def test_both_verifiers_end_the_same(page: Verifier, tmp_path: Path, number: int) -> None:
    made = make(number, tmp_path)
    lines: list[str] = []
    options = [None if path is None else str(path) for path in (made.policy, made.ticket)]
    code = muster_verify.verify(str(made.look_at), *options, lines.append)
    shown = page.look(made.look_at, policy=made.policy, receipt=made.ticket)
    text = "\n".join([f"folder {number}: {', '.join(made.what)}", *lines, "--- and the page:", shown.text])
    assert shown.code == code, text
    assert shown.code in made.status, text


@pytest.mark.demo
def test_both_verifiers_hold_the_demonstration(page: Verifier, demo: Demo) -> None:
    """What `make demo` publishes: a real small draw with its ledger, witnesses and audits."""
    published = demo.folder / "published"
    lines: list[str] = []
    assert muster_verify.verify(str(published), None, None, lines.append) == 0, "\n".join(lines)
    shown = page.look(published)
    assert shown.code == 0, shown.text
