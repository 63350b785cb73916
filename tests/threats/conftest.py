"""For each attack of docs/trust.md: a published folder in whose making the attacker has a hand.

The attacker is the register itself (`tests.bundles.forged`): it signs what it likes and writes SHA256SUMS anew.
"""

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.bundles.forged import Forged, Said

from musterroll.verify import muster_verify

TRUST = Path(__file__).parents[2] / "docs" / "trust.md"


@pytest.fixture
def forge(tmp_path: Path) -> Callable[..., Forged]:
    """Make a folder as `kind` makes it, from number `number` of tests.bundles."""

    def made(number: int, kind: type[Forged] = Forged) -> Forged:
        home = tmp_path / f"{kind.__name__} {number}"
        home.mkdir()
        builder = kind(home, random.Random(f"bundle {number}"))
        builder.build()
        builder.write()
        return builder

    return made


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """The verifier on a whole published folder, with the policy that the reader pinned."""
    for name in ("ed25519_signed", "quicknet_signed", "suite_a"):
        monkeypatch.setattr(muster_verify, name, remembered(name))

    def run(forged: Forged, receipt: bytes | None = None, folder: Path | None = None) -> Said:
        lines: list[str] = []
        own = forged.home / "own.json"
        if receipt is not None:
            own.write_bytes(receipt)
        policy = str(forged.home / "trust" / "policy.txt")
        where = str(folder or forged.home / "published")
        code = muster_verify.verify(where, policy, None if receipt is None else str(own), lines.append)
        text = "\n".join(lines)
        assert "this program failed" not in text, text
        return Said(code, text)

    return run


@cache
def remembered(name: str) -> Any:
    return cache(getattr(muster_verify, name))


@pytest.fixture(scope="session")
def trust() -> dict[int, str]:
    """What docs/trust.md says of each attack."""
    rows = [line for line in TRUST.read_text().splitlines() if line.startswith('| <a id="threat-')]
    return {int(line[16:18]): line for line in rows}
