"""What people judged of links and persons, as the night and a page take it in (docs/flow/judgements.md).

1. Of a person and a record the last judgement counts. Two authors are kept apart where it matters: the person's own
   "this is not my record" only lets the record protect, until an officer has judged; then the officer's word counts.
2. A night takes in what the log holds below its size. Everything else that was committed is overlaid on one person at
   once (`register.overlay`), as far as it protects.
3. Erasures count from the moment they are committed, for every night.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import polars as pl
from django.db.models import Q

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.engine.linkage_splink import HUMAN
from musterroll.engine.roll import person as rolled
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE, REFUTED
from musterroll.fact.timeline import Judgement as Link
from musterroll.fact.timeline import resolved
from musterroll.register.models import ErasedRecord, Erasure, JudgedBy, LinkJudgement, Merge, MergeEnd, Split
from musterroll.register.models.person import Judgement
from musterroll.register.roll import Roll

VERDICTS = {Judgement.CONFIRMED: CONFIRMED, Judgement.POSSIBLE: POSSIBLE, Judgement.REFUTED: REFUTED}
"""The roll's number for each judgement."""

ALIASES = pl.Schema({"person": pl.Int64, "into": pl.Int64})
RECORDS = pl.Schema({"record": pl.Int64})


@dataclass(frozen=True, slots=True)
class Erased:
    """Records whose rows nobody looks at any more, and the highest number that was a person's who is erased."""

    records: frozenset[int]
    highest: int


def judged(size: int) -> pl.DataFrame:
    """The judgement that stands for each person and record, of those in the log below `size` (frame HUMAN)."""
    rows = standing(LinkJudgement.objects.filter(entry__leaf__index__lt=size))
    found = [(one.person, one.record, VERDICTS[verdict_of(one)], one.by, one.pk) for one in rows]
    return pl.DataFrame(found, schema=HUMAN, orient="row")


def aliases(size: int) -> pl.DataFrame:
    """Who goes under another number, of the merges in the log below `size` that were not ended below it."""
    ended = MergeEnd.objects.filter(entry__leaf__index__lt=size).values_list("merge_id", flat=True)
    rows = Merge.objects.filter(entry__leaf__index__lt=size).exclude(pk__in=set(ended))
    return pl.DataFrame(sorted(rows.values_list("person", "into")), schema=ALIASES, orient="row")


def founded(size: int) -> pl.DataFrame:
    """The records that found a person of their own by two officers' judgement, below `size` (column `record`)."""
    rows = Split.objects.filter(entry__leaf__index__lt=size).values_list("record", flat=True)
    return pl.DataFrame({"record": sorted(rows)}, schema=RECORDS)


def erased() -> Erased:
    """What no night may bring back."""
    numbers = Erasure.objects.values_list("person", flat=True)
    return Erased(frozenset(ErasedRecord.objects.values_list("record", flat=True)), max(numbers, default=0))


def standing(rows: Iterable[LinkJudgement]) -> list[LinkJudgement]:
    """The judgement that stands for each person and record, in the order made.

    It is the last one; where the person has taken their own back, the last of an officer, or none.
    """
    chains: dict[tuple[int, int], list[LinkJudgement]] = {}
    for one in sorted(rows, key=lambda one: one.pk):
        chains.setdefault((one.person, one.record), []).append(one)
    found = []
    for chain in chains.values():
        officers = [one for one in chain if one.by == JudgedBy.OFFICER]
        last = chain[-1]
        if last.by == JudgedBy.PERSON and last.judgement == Judgement.CONFIRMED:
            found += officers[-1:]
        else:
            found.append(last)
    return sorted(found, key=lambda one: one.pk)


def verdict_of(row: LinkJudgement) -> Judgement:
    """What a judgement makes of the link. The person's own "not mine" leaves it possible: it can then only protect."""
    return Judgement.POSSIBLE if row.by == JudgedBy.PERSON else Judgement(row.judgement)


def disowned(persons: Iterable[int]) -> list[LinkJudgement]:
    """The records that these people say are not theirs, and that no officer has judged since."""
    rows = standing(LinkJudgement.objects.filter(person__in=list(persons)))
    return [one for one in rows if one.by == JudgedBy.PERSON and one.judgement == Judgement.REFUTED]


def changed(persons: Iterable[int], records: Iterable[int], current: Roll) -> list[LinkJudgement]:
    """What stands now of each pair of these people, or of others with these records, that the roll has not taken in."""
    mine = Q(person__in=list(persons)) | Q(record__in=list(records))
    rows = list(LinkJudgement.objects.filter(mine).order_by("pk"))
    if not rows:
        return []
    waiting = set(LinkJudgement.objects.filter(mine).filter(_not_in(current)).values_list("person", "record"))
    return standing(one for one in rows if (one.person, one.record) in waiting)


def aliases_now(current: Roll) -> dict[int, int]:
    """Who goes under another number now, merges and their ends that wait for the night included."""
    held = rolled.held(current.store, current.snapshot, "alias", "", (), current.snapshot.known_at)
    found = {row["person"]: row["into"] for row in held}
    for ended in MergeEnd.objects.filter(_not_in(current)).select_related("merge"):
        found.pop(ended.merge.person, None)
    for merge in Merge.objects.filter(_not_in(current), mergeend__isnull=True):
        found[merge.person] = merge.into
    return found


def numbers_of(person: int, aliased: Mapping[int, int]) -> frozenset[int]:
    """All numbers of one human: the person's own and those merged into it."""
    return frozenset({person} | {other for other in aliased if resolved(other, aliased) == person})


def links_of_others(current: Roll, record: int, numbers: Collection[int]) -> list[Link]:
    """How a record is linked to people other than these, refuted links left out."""
    rows = rolled.rows(current.store, current.snapshot, "link_by_record", "record", [record])
    return [Link(row["judgement"]) for row in rows if row["person"] not in numbers and row["judgement"] != Link.REFUTED]


def _not_in(current: Roll) -> Q:
    return Q(entry__leaf__isnull=True) | Q(entry__leaf__index__gte=current.snapshot.through.size)
