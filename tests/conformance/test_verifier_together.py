"""Lists of one draw, and entries of one ledger, that do not belong together: what each alone cannot show."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.bundles.files import DRAW, FIRST, time_of
from tests.bundles.forged import ANEW, LISTED, REDRAWN, WHOLE, Forged

from musterroll.draw import transcript
from musterroll.entry.kind import Kind

FALLEN_BACK = 37


class Twice(Forged):
    """Somebody of the main list is entered again, in a supplement with a round of its own."""

    def people(self, count: int, first: int, years: int):
        return super().people(count, first, years) if first < 7000 else self.again()

    def again(self):
        by = {e.record: c for e, c in zip(self.entrants, self.candidates, strict=True)}
        self.chance = Same(self.entrants[0])
        return [by[self.entrants[0].record]]


class Same(Random):
    """Every choice falls on one person; everything else as it was."""

    def __init__(self, one: Any) -> None:
        super().__init__(1)
        self.one = one

    def choice(self, options):
        return self.one if self.one in list(options) else super().choice(options)


class Unlogged(Forged):
    """A supplement is in the folder and not in the log."""

    def write(self):
        self.logs[0].entries = [e for e in self.logs[0].entries if b'"k":"supplement"' not in e]
        return super().write()


class Hurried(Forged):
    """The beacon is given up an hour after its round, though a day had been promised."""

    def attempts(self, at: int):
        kept, self.log.add = self.log.add, self.sooner
        try:
            return super().attempts(at)
        finally:
            self.log.add = kept

    def sooner(self, kind: Kind, said: dict[str, Any], at: int) -> int:
        moved = time_of(FIRST) + 3600 if kind is Kind.DRAW_FALLBACK else at
        return type(self.log).add(self.log, kind, said, moved)


class NoPromise(Forged):
    """There was nothing to fall back to in the manifest before."""

    def terms(self, at: int, *, counted: bool):
        return replace(super().terms(at, counted=counted), fallback=None)

    def attempts(self, at: int):
        self.first = self.terms(at, counted=False)
        self.publish(Kind.DRAW_MANIFEST, self.first, at, "")
        self.files["before/manifest.json"] = self.first.encode()
        said = {"draw": DRAW, "manifest": self.first.digest, "round": FIRST}
        self.log.add(Kind.DRAW_FALLBACK, said, time_of(FIRST) + 86_400)
        ceremony = transcript.Ceremony("0123456789", 40, "00" * 32, "2026-01-01T00:00:00Z")
        again = replace(
            self.first,
            attempt=2,
            supersedes=self.first.digest,
            because=transcript.Because("fallback"),
            randomness=(ceremony,),
            audit=None,
        )
        self.publish(Kind.DRAW_MANIFEST, again, time_of(FIRST) + 86_460, "")
        return again


class NobodyNamed(Forged):
    """The first manifest named no office whose count could void its list."""

    def passed(self, terms, at):
        made = super().passed(terms, at)
        return None if terms.attempt == 1 else made


class Locked(Forged):
    """The register fixes the very list that a count had locked."""

    def terms(self, at: int, *, counted: bool):
        terms = super().terms(at, counted=counted)
        said = {"draw": DRAW, "root": terms.cohort.root, "sha256": "66" * 32, "verdict": "locks"}
        self.log.add(Kind.DRAW_POTCHECK, said, at - 90)
        return terms


@pytest.mark.parametrize(
    ("number", "kind", "says"),
    [
        (WHOLE, Twice, "somebody stands in two lists of this draw"),
        (WHOLE, Unlogged, "the ledger does not hold a supplement that is here"),
        (FALLEN_BACK, Hurried, "the beacon was given up before its time"),
        (LISTED, NoPromise, "the manifest before names nothing to fall back to"),
        (REDRAWN, NobodyNamed, "nobody was named beforehand whose count could void the list"),
        (ANEW, Locked, "this list had been locked by a pot check when it was fixed"),
    ],
)
def test_what_does_not_belong_together_is_wrong(
    look: Callable, tmp_path: Path, number: int, kind: type[Forged], says: str
) -> None:
    forged = kind(tmp_path, Random(f"bundle {number}"))
    forged.build()
    forged.write()
    shown = look(tmp_path / "published", policy=tmp_path / "trust" / "policy.txt")
    assert shown.code == 1, shown.text
    assert says in shown.text
