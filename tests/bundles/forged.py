"""Folders in whose making an attacker has a hand: the register itself, which signs what it likes.

An attack is a `Forged` builder that does one thing otherwise than it should; everything else is sound, so that only
what is to find the attack can find it. Witnesses cosign whatever continues the log.
"""

import json
from pathlib import Path
from typing import Any

from tests.bundles.build import Builder
from tests.bundles.files import DAY, DRAW, LAST, put_bundle, time_of

from musterroll import canonical
from musterroll.verify import muster_verify

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
