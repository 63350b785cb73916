"""The nightly run: what waits goes into the roll in one act, and calls of those no longer callable are withdrawn.

1. The snapshot is written first and committed second. A night killed at any point goes on where it was, with the time,
   the deliveries and the place in the log that it was begun with, and ends in the same bytes; killed after the commit,
   it only does what is left, of which all is written down before. Another law, or another snapshot committed meanwhile,
   makes it begin anew.
2. Declarations and judgements whose place in the log is below the snapshot's `through` enter it; the others stay
   overlaid (data-model 7).
3. A late fact withdraws an open call by itself the same night. Time limits of filings that have run out are written
   down, each as an act (docs/flow/claim.md); a word that was decided on for good leaves the roll.
4. A weekly night commits the folded tables, in the same act; a night is weekly or not from its beginning to its end.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import polars as pl

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.claim.progress import CallState
from musterroll.dates import NEVER
from musterroll.engine import night, night_compared, night_weekly
from musterroll.engine.crew import Crew, beside, crew
from musterroll.engine.night_work import Work
from musterroll.engine.roll import Snapshot, Through
from musterroll.engine.roll.table import CONFIRMED, TABLES
from musterroll.engine.row_night import Tonight
from musterroll.errors import MusterRollError
from musterroll.register import (
    after_night,
    answers,
    home,
    judgements,
    matters,
    night_report,
    overlay,
    policies,
    roll,
    waiting,
)
from musterroll.register.actor import Actor
from musterroll.register.acts.call import no_longer_callable, withdraw_call
from musterroll.register.acts.lapse import apply_time
from musterroll.register.acts.snapshot import commit_snapshot
from musterroll.register.models import Call, Declaration, Filing, FilingEnd, Head
from musterroll.register.recalled import recalled

BY = Actor.program("nightly")


@dataclass(frozen=True, slots=True)
class Done:
    """What a night did: counts only. `over` deliveries were overtaken by newer ones, `unreadable` ones left waiting."""

    digest: str
    causes: Mapping[str, int]
    links: Mapping[str, int]
    deliveries: int
    over: int
    unreadable: int
    withdrawn: int


def run(
    *,
    at: int,
    progress: Callable[[str], None] = lambda _: None,
    before_commit: Callable[[night.Night], None] = lambda _: None,
    workers: int = 0,
    weekly: bool = False,
) -> Done:
    """Take in what waits, decide everybody on the legal day of `at`, commit, and withdraw calls that have ended.

    A night that was killed goes on: with its own time, deliveries and place in the log. `before_commit` is given what
    was made while it does not count yet. `workers` is how many processes do buckets, 0 for as many as the machine has
    cores; a home of one bucket needs no other than this one. A night that ends in an error begins anew the next time.

    `weekly`: the night is done once more for everybody anew. Raises MusterRollError `night.not-reproduced` where the
    two differ; nothing is committed then. Where they do not, earlier nights are folded and what is past its time limit
    goes (charter S13). A night that was begun so goes on so, whatever is asked when it is started again.
    """
    work, plan = _planned(at, weekly=weekly)
    left = _left(work, plan)
    found = waiting.waiting(_snapshot(plan.parent if left is None else left.digest))
    if left is None:
        tonight = [one for one in found.tonight if one.delivery in plan.deliveries]
        made = _made(plan, tonight, work, workers, progress)
        before_commit(made)
        left = _Left(made.snapshot.digest, made.counts, made.causes, made.links, len(tonight), plan.weekly)
        work.keep("made", "moved", made.moved.select("person"))
        work.finish("made", told=asdict(left))
    snapshot = roll.store().get_snapshot(left.digest)
    progress("commit")
    newest = policies.newest_snapshot()
    if newest is None or newest.digest != left.digest:
        commit_snapshot(snapshot=snapshot, counts=left.counts, by=BY, at=plan.at)
    with beside(work.forget_steps):
        waiting.clear(snapshot, found.over)
        roll.store().sweep([left.digest, *([plan.parent] if plan.parent else [])])
        progress("calls")
        withdrawn = withdraw_ended(at=plan.at, among=work.kept("made", "moved")["person"])
        let_time_pass(at=plan.at)
        progress("report")
        after_night.follow(
            at=plan.at,
            run=night_report.Run(causes=left.causes, links=left.links, withdrawn=withdrawn),
        )
    work.remove()
    return Done(left.digest, left.causes, left.links, left.deliveries, len(found.over), found.unreadable, withdrawn)


def _snapshot(digest: str) -> Snapshot | None:
    return roll.store().get_snapshot(digest) if digest else None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a night was begun with, so that it is the same night when it goes on."""

    parent: str
    pack: str
    at: int
    size: int
    deliveries: tuple[int, ...]
    weekly: bool = False


@dataclass(frozen=True, slots=True)
class _Left:
    """What the commit, and what follows it, need of a night that is made: counts, and beside them who moved."""

    digest: str
    counts: Mapping[str, int]
    causes: Mapping[str, int]
    links: Mapping[str, int]
    deliveries: int
    weekly: bool


def _left(work: Work, plan: _Plan) -> _Left | None:
    """What was written down of a night that is made; None where it is not, or not as a weekly one that it is now."""
    told = work.done("made")
    left = None if told is None else _Left(**told)
    return left if left is not None and left.weekly == plan.weekly else None


def _made(
    plan: _Plan, tonight: Sequence[Tonight], work: Work, workers: int, progress: Callable[[str], None]
) -> night.Night:
    """The night's snapshot, written and not committed."""
    parent = _snapshot(plan.parent)
    with crew(_hands(workers, work.buckets)) as hands:
        try:
            terms = _terms(plan, parent)
            made = night.run(roll.store(), parent, tonight, terms, progress=progress, work=work, crew=hands)
            if plan.weekly:
                made = _weekly(parent, tonight, terms, made, work, hands, progress)
            night_compared.keep(roll.store(), parent, made.snapshot, terms.sources, work, hands)
        except MusterRollError:
            work.remove()
            raise
    return made


def _weekly(
    parent: Snapshot | None,
    tonight: Sequence[Tonight],
    terms: night.Terms,
    made: night.Night,
    work: Work,
    hands: Crew,
    progress: Callable[[str], None],
) -> night.Night:
    """The night compared with everybody anew, and folded; once it is folded, nobody asks again whose matter is open."""
    told = work.done("fold")
    if told is None:
        progress("everybody anew")
        again = Work(work.path / "anew", work.buckets)
        _reproduced(night_weekly.differing(roll.store(), parent, tonight, terms, made, again, hands))
        progress("fold")
        if parent is not None:
            keep = matters.open_matters()
            records = matters.records_of(keep, roll.current())
            made = night_weekly.folded(roll.store(), made, terms, hands, keep=keep, keep_rows=records)
        told = {"snapshot": made.snapshot.digest}
        work.finish("fold", told=told)
    return replace(made, snapshot=roll.store().get_snapshot(told["snapshot"]))


def _reproduced(differing: tuple[str, ...]) -> None:
    if differing:
        raise MusterRollError(
            "night.not-reproduced",
            "The night as patched is not the night in which everybody is found anew. Nothing is committed.",
            where=f"tables {', '.join(differing)}",
            remedy="Keep this home as it is and report the program's version; standings stay as they were.",
        )


def _hands(workers: int, buckets: int) -> int:
    return workers or (1 if buckets == 1 else min(os.cpu_count() or 1, buckets))


def work_folder() -> Path:
    """Where a night's finished steps lie while it is not committed. Removing it makes the next night begin anew."""
    return home.current().path / "roll" / "work"


def _planned(at: int, *, weekly: bool) -> tuple[Work, _Plan]:
    """The night to do: the one that was begun and not finished, where it still can be; else a new one.

    One that is not committed yet becomes weekly where that is asked now.
    """
    buckets = home.current().founding.buckets
    newest = policies.newest_snapshot()
    digest = "" if newest is None else newest.digest
    pack = roll.in_force().digest
    work = Work(work_folder(), buckets)
    told = work.done("plan")
    if told is not None:
        plan = _Plan(**{**told, "deliveries": tuple(told["deliveries"])})
        left = _left(work, plan)
        if plan.pack == pack and (plan.parent == digest or (left is not None and left.digest == digest)):
            if weekly and not plan.weekly and plan.parent == digest:
                plan = replace(plan, weekly=True)
                _keep(work, plan)
            return work, plan
        work.remove()
        work = Work(work_folder(), buckets)
    head = Head.objects.order_by("-size").first()
    parent = _snapshot(digest)
    numbers = tuple(one.delivery for one in waiting.waiting(parent).tonight)
    plan = _Plan(digest, pack, at, 0 if head is None else int(head.size), numbers, weekly)
    _keep(work, plan)
    return work, plan


def _keep(work: Work, plan: _Plan) -> None:
    work.finish("plan", told={**asdict(plan), "deliveries": list(plan.deliveries)})


def withdraw_ended(*, at: int, among: pl.Series | None = None) -> int:
    """Withdraw every call whose person is no longer callable; how many.

    `among` are the people whose standing has changed: nobody else's call has to be looked at again.
    """
    standing = [one for one in Call.objects.order_by("pk") if policies.state_of(one) is not CallState.WITHDRAWN]
    if among is not None:
        people = pl.Series([one.person for one in standing], dtype=pl.Int64)
        changed = people.is_in(among.unique().implode()).to_list()
        standing = [one for one, moved in zip(standing, changed, strict=True) if moved]
    with roll.store().kept_open():
        ended = [one.pk for one in standing if no_longer_callable(one.person, at) is not None]
    return sum(withdraw_call(call=pk, by=BY, at=at) for pk in ended)


def let_time_pass(*, at: int) -> int:
    """Write what has run out in every filing that is not over, and do what follows; how many filings those are."""
    codes = list(Filing.objects.filter(filingend__isnull=True).order_by("id").values_list("code", flat=True))
    with roll.store().kept_open():
        for code in codes:
            apply_time(filing=code, by=BY, at=at)
    return len(codes)


def _terms(plan: _Plan, parent: Snapshot | None) -> night.Terms:
    opened, out = home.current(), recalled(plan.size)
    since = 0 if parent is None else parent.through.size
    return night.Terms(
        pack=roll.law_of(roll.in_force()),
        earlier=None if parent is None else roll.law_under(parent.packs[0]),
        sources=roll.sources_in_force(),
        model=roll.linkage_model(),
        secrets=night.Secrets(opened.keys.secret("record"), opened.keys.secret("ref")),
        on=opened.legal_day(plan.at),
        known=plan.at * 1_000_000,
        through=Through(opened.origin, plan.size),
        buckets=opened.founding.buckets,
        human=judgements.judged(plan.size),
        aliases=judgements.aliases(plan.size),
        founded=judgements.founded(plan.size),
        erased=judgements.erased().records,
        highest_erased=judgements.erased().highest,
        declared=pl.concat([_declared(since, plan.size), answers.entered(since, plan.size)]),
        struck=answers.struck(plan.size),
        restruck=answers.restruck(parent, since, plan.size),
        outspoken=pl.concat([answers.over(parent), _closed(since, plan.size)]),
        further=answers.deliveries(since, plan.size),
        recalled=out.deliveries,
        recalled_models=out.models,
    )


def _declared(since: int, size: int) -> pl.DataFrame:
    """Declarations in the log from `since` up to `size`, as rows of the table `fact`."""
    said = Declaration.objects.filter(entry__leaf__index__gte=since, entry__leaf__index__lt=size).order_by("pk")
    rows = [one for one in overlay.last_words(said) if not _is_over(one, size)]
    return _facts_of(rows)


def _closed(since: int, size: int) -> pl.DataFrame:
    """The words in the roll that were decided on for good in the log from `since` up to `size`: they leave it."""
    ends = FilingEnd.objects.filter(entry__leaf__index__gte=since, entry__leaf__index__lt=size)
    words = Declaration.objects.filter(filing__filingend__in=ends, entry__leaf__index__lt=since)
    return _facts_of([one for one in words.order_by("pk") if not _followed(one, since)])


def _followed(word: Declaration, size: int) -> bool:
    """Whether a later word of the same person on the same attribute had taken its place in the roll of that size."""
    later = Declaration.objects.filter(person=word.person, attribute=word.attribute, grade=word.grade, pk__gt=word.pk)
    return bool(later.filter(entry__leaf__index__lt=size).exists())


def _is_over(word: Declaration, size: int) -> bool:
    """Whether the word was decided on for good in the log below `size`."""
    return bool(FilingEnd.objects.filter(filing__declaration=word, entry__leaf__index__lt=size).exists())


def _facts_of(rows: Sequence[Declaration]) -> pl.DataFrame:
    facts = [
        {
            "person": row.person,
            "attribute": row.attribute_number,
            "lo": row.lo,
            "hi": row.hi,
            "valid_from": row.valid_from,
            "valid_to": NEVER,
            "link": CONFIRMED,
            "record": 0,
            "delivery": overlay.delivery_of(row),
            "row": 0,
            "n": 0,
        }
        for row in rows
    ]
    return pl.DataFrame(facts, schema=TABLES["fact"].plain_schema)
