"""The parts of a manifest that say who is drawn for, how many, and what happens around the draw.

1. Sizes add up; every stratum has its least number of people; quotas are recomputed from what is published here.
2. The audit's round is later than the draw's and says how many entries of each stratum are opened.
3. A round that does not come is waited for. After `Fallback.after` seconds a new manifest may name the second source.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from musterroll.draw import quota, randomness
from musterroll.draw.commitment import Listed
from musterroll.draw.member import Members
from musterroll.draw.partition import Partition
from musterroll.draw.source import SourceCounts
from musterroll.draw.strata import LEAST
from musterroll.errors import MusterRollError

__all__ = ["Audit", "CohortTerms", "Fairness", "Fallback", "Partition", "QuotaRule", "SourceCounts", "Stratum"]

_STRATUM = re.compile(r"[A-Za-z0-9._-]{1,128}")
_ALPHA = re.compile(r"0\.[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Stratum:
    """One part of the cohort: id, number of people, how many of them are called."""

    id: str
    size: int
    quota: int

    def __post_init__(self) -> None:
        if not _STRATUM.fullmatch(self.id) or self.size < 1 or not 0 <= self.quota <= self.size:
            raise ValueError("a stratum has an id, somebody in it, and a quota of no more than its size")

    def json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        return {"id": self.id, "size": self.size, "quota": self.quota}


@dataclass(frozen=True, slots=True)
class QuotaRule:
    """From what the quotas follow: the total wanted by law and the least each stratum gives."""

    total: int
    floor: int
    rule: str = quota.RULE

    def __post_init__(self) -> None:
        if self.rule != quota.RULE:
            raise ValueError(f"quotas follow {quota.RULE}")

    def json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        return {"floor": self.floor, "rule": self.rule, "total": self.total}


@dataclass(frozen=True, slots=True)
class CohortTerms:
    """The committed list in figures. `partition` and `quota` are None only where a manifest leaves them unstated."""

    size: int
    root: str
    strata: tuple[Stratum, ...]
    partition: Partition | None
    quota: QuotaRule | None

    def __post_init__(self) -> None:
        sizes = [stratum.size for stratum in self.strata]
        if not sizes or sum(sizes) != self.size:
            raise ValueError("the sizes of the strata add up to the size of the cohort")
        if len({stratum.id for stratum in self.strata}) != len(sizes):
            raise ValueError("no two strata have the same id")
        if self.partition is not None:
            self.partition.check([stratum.id for stratum in self.strata], sizes)
        if self.quota is not None:
            expected = _apportioned(self.quota, sizes)
            if tuple(stratum.quota for stratum in self.strata) != expected:
                raise ValueError(f"the quotas that follow from the rule are {list(expected)}")

    @classmethod
    def of(
        cls, cohort: Listed, *, total: int, floor: int = 0, least: int = LEAST, partition: Partition | None = None
    ) -> "CohortTerms":
        """The figures of `cohort` when `total` people are wanted and each stratum gives at least `floor`.

        Divided by `partition`, or by birth year with at least `least` people a stratum.

        Raises MusterRollError `quota.floor`.
        """
        quotas = quota.apportion(total, cohort.sizes, floor)
        return cls(
            size=cohort.size,
            root=cohort.root.hex(),
            strata=tuple(Stratum(*row) for row in zip(cohort.strata, cohort.sizes, quotas, strict=True)),
            partition=partition or Partition(least),
            quota=QuotaRule(total, floor),
        )

    def check(self, cohort: Listed) -> None:
        """Raise MusterRollError `cohort.manifest` unless `cohort` is the list these figures were taken from."""
        expected = (self.size, self.root, tuple(stratum.size for stratum in self.strata))
        found = (cohort.size, cohort.root.hex(), cohort.sizes)
        if expected != found:
            raise MusterRollError(
                "cohort.manifest",
                f"The list is not the one that the manifest commits to: expected (size, root, sizes) {expected}, "
                f"found {found}.",
                where="cohort.bin",
                remedy="Fetch both files again; if they still differ, keep them: one was changed after publication.",
            )

    def json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        stated = {"partition": self.partition, "quota": self.quota}
        return {
            "size": self.size,
            "root": self.root,
            "strata": [stratum.json() for stratum in self.strata],
        } | {name: part.json() for name, part in stated.items() if part is not None}

    @classmethod
    def unquoted(cls, cohort: Listed, quotas: Mapping[str, int] | None = None) -> "CohortTerms":
        """The figures of a list that is placed among another: no rule of its own, and no quota but those given."""
        given = quotas or {}
        rows = zip(cohort.strata, cohort.sizes, strict=True)
        strata = tuple(Stratum(name, size, min(size, given.get(name, 0))) for name, size in rows)
        return cls(cohort.size, cohort.root.hex(), strata, None, None)

    @classmethod
    def read(cls, members: Members) -> "CohortTerms":
        """The figures that `members` state."""
        partition, rule = members.inner_or_absent("partition"), members.inner_or_absent("quota")
        return members.make(
            cls,
            size=members.number("size"),
            root=members.hex("root"),
            strata=tuple(
                item.make(Stratum, id=item.text("id"), size=item.number("size"), quota=item.number("quota"))
                for item in members.objects("strata")
            ),
            partition=partition and Partition.read(partition),
            quota=rule
            and rule.make(QuotaRule, total=rule.number("total"), floor=rule.number("floor"), rule=rule.text("rule")),
        )


@dataclass(frozen=True, slots=True)
class Audit:
    """The later round of the same chain that picks the entries an auditor opens, and how many a stratum."""

    round: int
    samples: tuple[int, ...]

    def json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        return {"round": self.round, "samples": list(self.samples)}

    @classmethod
    def read(cls, members: Members) -> "Audit":
        """The audit that `members` state."""
        return members.make(cls, round=members.number("round"), samples=members.numbers("samples"))


@dataclass(frozen=True, slots=True)
class Fairness:
    """The test suite, named beforehand, and the level at which it asks an auditor to look (docs/spec/draw.md)."""

    suite: str
    alpha: str

    def __post_init__(self) -> None:
        if not _ALPHA.fullmatch(self.alpha):
            raise ValueError("alpha is a decimal such as `0.001`, in a text")

    def json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        return {"suite": self.suite, "alpha": self.alpha}

    @classmethod
    def read(cls, members: Members) -> "Fairness":
        """The suite that `members` state."""
        return members.make(cls, suite=members.text("suite"), alpha=members.text("alpha"))


@dataclass(frozen=True, slots=True)
class Fallback:
    """The second source, named beforehand, and after how many seconds of silence a new manifest may turn to it."""

    after: int
    second: randomness.Source

    def json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        return {"after": self.after, "second": self.second.json()}

    @classmethod
    def read(cls, members: Members) -> "Fallback":
        """The fallback that `members` state."""
        return members.make(cls, after=members.number("after"), second=randomness.read(members.inner("second")))


def _apportioned(rule: QuotaRule, sizes: list[int]) -> tuple[int, ...]:
    try:
        return quota.apportion(rule.total, sizes, rule.floor)
    except MusterRollError as problem:
        raise ValueError(problem.what) from None
