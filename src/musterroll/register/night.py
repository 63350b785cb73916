"""The nightly run: what waits goes into the roll in one act, and calls of those no longer callable are withdrawn.

1. The snapshot is written first and committed second; killed before the commit, the night starts again and writes the
   same bytes.
2. Declarations and judgements whose place in the log is below the snapshot's `through` enter it; the others stay
   overlaid (data-model 7).
3. A late fact withdraws an open call by itself the same night.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.claim.progress import CallState
from musterroll.dates import NEVER
from musterroll.engine import night
from musterroll.engine.linkage_model import load as load_model
from musterroll.engine.linkage_splink import HUMAN
from musterroll.engine.roll import Snapshot, Through
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE, REFUTED, TABLES
from musterroll.register import home, overlay, policies, roll, waiting
from musterroll.register.actor import Actor
from musterroll.register.acts.call import no_longer_callable, withdraw_call
from musterroll.register.acts.snapshot import commit_snapshot
from musterroll.register.models import Call, Declaration, Head, LinkJudgement
from musterroll.register.models.person import Judgement

BY = Actor.program("nightly")
VERDICTS = {Judgement.CONFIRMED: CONFIRMED, Judgement.POSSIBLE: POSSIBLE, Judgement.REFUTED: REFUTED}


@dataclass(frozen=True, slots=True)
class Done:
    """What a night did: counts only. `over` deliveries were overtaken by newer ones, `unreadable` ones left waiting."""

    digest: str
    night: night.Night
    deliveries: int
    over: int
    unreadable: int
    withdrawn: int


def run(
    *,
    at: int,
    progress: Callable[[str], None] = lambda _: None,
    before_commit: Callable[[night.Night], None] = lambda _: None,
) -> Done:
    """Take in what waits, decide everybody on the legal day of `at`, commit, and withdraw calls that have ended.

    `before_commit` is given what was made while it does not count yet.
    """
    newest = policies.newest_snapshot()
    parent = None if newest is None else roll.store().get_snapshot(newest.digest)
    found = waiting.waiting(parent)
    made = night.run(roll.store(), parent, found.tonight, _terms(at, parent), progress=progress)
    before_commit(made)
    progress("commit")
    digest = commit_snapshot(snapshot=made.snapshot, counts=made.counts, by=BY, at=at)
    waiting.clear(made.snapshot, found.over)
    roll.store().sweep([digest, *([] if newest is None else [newest.digest])])
    progress("calls")
    withdrawn = withdraw_ended(at=at)
    return Done(digest, made, len(found.tonight), len(found.over), found.unreadable, withdrawn)


def withdraw_ended(*, at: int) -> int:
    """Withdraw every call whose person is no longer callable; how many."""
    standing = [one for one in Call.objects.order_by("pk") if policies.state_of(one) is not CallState.WITHDRAWN]
    with roll.store().kept_open():
        ended = [one.pk for one in standing if no_longer_callable(one.person, at) is not None]
    return sum(withdraw_call(call=pk, by=BY, at=at) for pk in ended)


def _terms(at: int, parent: Snapshot | None) -> night.Terms:
    opened = home.current()
    head = Head.objects.order_by("-size").first()
    size = 0 if head is None else int(head.size)
    since = 0 if parent is None else parent.through.size
    return night.Terms(
        pack=roll.law_of(roll.in_force()),
        earlier=None if parent is None else roll.law_under(parent.packs[0]),
        sources=roll.sources_in_force(),
        model=load_model(),
        secrets=night.Secrets(opened.keys.secret("record"), opened.keys.secret("ref")),
        on=opened.legal_day(at),
        known=at * 1_000_000,
        through=Through(opened.origin, size),
        buckets=opened.founding.buckets,
        human=_judged(size),
        declared=_declared(since, size),
    )


def _declared(since: int, size: int) -> pl.DataFrame:
    """Declarations in the log from `since` up to `size`, as rows of the table `fact`."""
    said = Declaration.objects.filter(entry__leaf__index__gte=since, entry__leaf__index__lt=size).order_by("pk")
    rows = overlay.last_words(said)
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


def _judged(size: int) -> pl.DataFrame:
    """The standing judgement for each person and record that the log holds below `size`."""
    rows = LinkJudgement.objects.filter(entry__leaf__index__lt=size).order_by("pk")
    last = {(row.person, row.record): row for row in rows}
    judged = [(row.person, row.record, VERDICTS[Judgement(row.judgement)], row.by, row.pk) for row in last.values()]
    return pl.DataFrame(judged, schema=HUMAN, orient="row")
