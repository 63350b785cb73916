"""For each attack of docs/trust.md: a published folder in whose making the attacker has a hand.

The attacker is the register itself: it signs what it likes, writes SHA256SUMS anew, and its witnesses cosign whatever
continues the log. An attack is a `Forged` builder that does one thing otherwise than it should; everything else is
sound, so that only what is to find the attack can find it.
"""

import json
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.bundles.build import Builder
from tests.bundles.files import DAY, DRAW, LAST, put_bundle, time_of

from musterroll import canonical
from musterroll.verify import muster_verify

TRUST = Path(__file__).parents[2] / "docs" / "trust.md"

LISTED = 85
"""By birth year, 90 people; the source's signed list, its key held outside; audited; the spared fixed."""
WHOLE = 33
"""By sex, 300 people; ceremony, pot check, two supplements; audited; the spared fixed."""
ANEW = 50
"""Pot check; a stratum drawn anew; audited; the spared fixed."""
REDRAWN = 28
"""A second attempt after a pot check that failed; audited; the spared fixed."""


class Forged(Builder):
    """A folder of tests.bundles that always has a policy."""

    def maybe(self, share: float, what: str) -> bool:
        return super().maybe(share, what) or what == "policy"

    @property
    def bundle(self) -> Path:
        return self.home / "published" / "draws" / DRAW

    def write_again(self) -> None:
        """The bundle as `files` has it now, with its sums; and the logs as they are now."""
        put_bundle(self.bundle, self.files)
        for one in self.logs:
            for path, data in one.files(time_of(LAST) + DAY).items():
                (one.folder / path).parent.mkdir(parents=True, exist_ok=True)
                (one.folder / path).write_bytes(data)

    def say(self, name: str, **members: Any) -> None:
        """Other members in one of the JSON files."""
        self.files[name] = canonical.encode(json.loads(self.files[name]) | members)


class Said:
    """What the outsider's verifier said of a folder."""

    def __init__(self, code: int, text: str) -> None:
        self.code, self.text = code, text

    def refused(self, why: str) -> bool:
        """Wrong, with this among the reasons."""
        return self.code == muster_verify.WRONG and why in self.text


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
