"""What follows a night once its roll is committed: who is told that something waits, what is asked, what lies on desks.

1. All of it is read from the committed snapshot. A run that was killed after its commit is healed by the next one:
   each part is known by its snapshot and is done once.
2. Nothing here changes the roll or anybody's standing.
3. What it leaves: the index of whom the night touched, a sealed campaign of worsenings that wait, questions to
   agencies, worklists, and the report.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.engine.crew import beside
from musterroll.engine.roll import Snapshot
from musterroll.law.pack import Pack
from musterroll.register import answers, asking, night_report, roll, touched, worklist
from musterroll.register.actor import Actor
from musterroll.register.acts.campaign import queue_campaign
from musterroll.register.campaign import Letter
from musterroll.register.models import Campaign, Telling

BY = Actor.program("nightly")


@dataclass(frozen=True, slots=True)
class After:
    """Counts: worsenings that wait, questions by source, matters by kind."""

    waiting: int
    questions: dict[str, int]
    matters: dict[str, int]


def follow(*, at: int, run: night_report.Run | None = None) -> After:
    """Do what follows the committed roll, as far as it is not done yet. `run` is what the night tells of itself."""
    current = roll.current()
    snapshot, pack = current.snapshot, current.pack
    with beside(touched.write, snapshot):  # it asks the roll alone, not the database
        answers.lift(snapshot)
        waiting = _tell_what_waits(current.digest, snapshot, pack, at)
        asked = asking.ask(at=at)
        matters = worklist.write(snapshot, pack)
    after = After(waiting, asked, matters)
    night_report.write(current, run, waiting=waiting, questions=asked, matters=matters)
    return after


def _tell_what_waits(digest: str, snapshot: Snapshot, pack: Pack, at: int) -> int:
    """Queue a letter to everybody whose standing got worse this night and does not count yet (charter S9)."""
    there = Campaign.objects.filter(telling=Telling.WORSENING, subject=digest).exists()
    letters = sorted(_worse(snapshot, pack))
    if letters and not there:
        queue_campaign(telling=Telling.WORSENING, subject=digest, letters=letters, by=BY, at=at)
    return len(letters)


def _worse(snapshot: Snapshot, pack: Pack) -> Iterator[Letter]:
    names = {question.number: name for name, question in pack.questions.items()}
    columns = ["person", "question", "effective_from", "on"]
    for ref in snapshot.refs("standing_change"):
        if ref.night != snapshot.known_at:
            continue
        rows = roll.store().get(ref, columns).filter(pl.col("effective_from") > pl.col("on"))
        for person, question, day in rows.select("person", "question", "effective_from").iter_rows():
            yield Letter(person, names[question], day)
