"""Worklists: what officers should look at, made after each night from the roll, in the order of the day it is due.

1. The kinds are closed: a conflict between sources, a doubtful link (one by which a standing is open, or of a record
   that the person says is not theirs), a protection that is about to lapse, acts done for two people as one whose merge
   was ended, a filing on which an office has to decide. None of them says whether anybody was written to, answered,
   appeared or signed in, and none can be ordered by it (charter X2).
2. An item is an opaque code. The file holds person numbers; it is read here and by the act that takes an item.
3. What was on the list yesterday keeps the day on which it is due: it is due thirty days after it was first seen, a
   lapse on the day on which the protection ends.
4. The list is not divided by hand: whoever asks for work gets the first item that nobody has taken. Filings are asked
   for by their kind: who asks gets the first on which their office may decide.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import polars as pl

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import ids
from musterroll.dates import format_day
from musterroll.engine import night_needs
from musterroll.engine.night_needs import CONFLICT, LAPSE, LINK, WORK
from musterroll.engine.roll import Snapshot
from musterroll.law.pack import Pack
from musterroll.register import home, overlay, proceedings, roll
from musterroll.register.models import Case, Filing, JudgedBy, Judgement, LinkJudgement
from musterroll.register.queries.judgement import after_unmerge

ENDED_MERGE = "ended merge"
CLAIM = "claim"
KINDS = (CONFLICT, LINK, LAPSE, ENDED_MERGE, CLAIM)
DUE_AFTER = 30
"""Days within which a conflict or a doubtful link should have been looked at."""
MATTER = pl.Schema({**night_needs.WORK, "about": pl.Int64()})
"""A matter as listed: `about` is the attribute's number, or a code as a number: a merge's, a filing's with a step."""
STEPS = 8
"""Bits of a filing's matter that say after which of its steps."""
_DIGITS = 13
"""So many of a code's digits are its number: with the steps they have room in 63 bits."""
KEPT = 2
"""How many nights' lists are kept."""


@dataclass(frozen=True, slots=True)
class Item:
    """One matter nobody has taken: its opaque code, its kind, the day on which it is due."""

    item: str
    kind: str
    due: str


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter as the act that takes it reads it."""

    item: str
    kind: str
    person: int


def write(snapshot: Snapshot, pack: Pack) -> dict[str, int]:
    """Make the list of the night that made `snapshot`; how many matters of each kind."""
    path = _folder() / f"{snapshot.known_at:020}.parquet"
    needed = night_needs.matters(roll.store(), snapshot, pack).cast(MATTER)
    found = _dated(pl.concat([needed, _disowned(), _parted(), _filed(snapshot.known_at)]), snapshot.on)
    codes = [_code(*row) for row in found.select("person", "kind", "about").iter_rows()]
    rows = found.with_columns(pl.Series("item", codes, dtype=pl.String))
    _put(path, rows.sort("due", "item"))
    for old in _files()[:-KEPT]:
        old.unlink()
    counts = dict(rows.group_by("kind").len().iter_rows())
    return {kind: int(counts.get(kind, 0)) for kind in KINDS}


def waiting(kind: str = "") -> tuple[Item, ...]:
    """What nobody has taken, in the order of the day it is due."""
    rows = _open(kind).select("item", "kind", "due")
    return tuple(Item(item, kind, format_day(due)) for item, kind, due in rows.iter_rows())


def first(kind: str = "") -> Matter | None:
    """The matter that is due first and that nobody has taken, filings left aside; None where all are."""
    rows = _open(kind).filter(pl.col("kind") != CLAIM).head(1).select("item", "kind", "person").rows()
    return Matter(*rows[0]) if rows else None


def first_filing(office: str, at: int) -> Matter | None:
    """The filing that is due first, that nobody has taken and on which this office may decide at the instant `at`."""
    for item, kind, person, about in _open(CLAIM).select("item", "kind", "person", "about").iter_rows():
        if office in _offices_of(about, at):
            return Matter(item, kind, person)
    return None


def erase(persons: Collection[int]) -> None:
    """Strike people from the lists."""
    for path in _files():
        _put(path, pl.read_parquet(path).filter(~pl.col("person").is_in(list(persons))))


def _disowned() -> pl.DataFrame:
    """A doubtful link for every record that a person says is not theirs, until an officer has judged."""
    last = {(one.person, one.record): one for one in LinkJudgement.objects.order_by("id")}
    rows = [
        (one.person, LINK, one.record, None)
        for one in last.values()
        if one.by == JudgedBy.PERSON and one.judgement == Judgement.REFUTED
    ]
    return pl.DataFrame(rows, schema=MATTER, orient="row")


def _parted() -> pl.DataFrame:
    """A matter for everybody under whose number something was done while a merge stood that was ended since."""
    rows = [(person, ENDED_MERGE, _number(one.merge), None) for one in after_unmerge() for person in one.persons]
    return pl.DataFrame(rows, schema=MATTER, orient="row")


def _filed(known_at: int) -> pl.DataFrame:
    """A matter for every filing on which an office has to decide, a new one after each step."""
    rows = []
    for one in Filing.objects.filter(filingend__isnull=True).order_by("id"):
        if _offices(one, known_at // 1_000_000):
            rows.append((one.person, CLAIM, _number(one.code) << STEPS | one.steps.count(), None))
    return pl.DataFrame(rows, schema=MATTER, orient="row")


def _offices_of(about: int, at: int) -> tuple[str, ...]:
    """The offices that may decide now on the filing of a matter; none where it has gone on since."""
    begins = f"F-{about >> STEPS:0{_DIGITS}x}"
    open_yet = Filing.objects.filter(code__startswith=begins, filingend__isnull=True)
    filing = next((one for one in open_yet if one.steps.count() == about & (1 << STEPS) - 1), None)
    return () if filing is None else _offices(filing, at)


def _number(code: str) -> int:
    """What a code begins with, as a number."""
    return int(code.partition("-")[2][:_DIGITS], 16)


def _offices(filing: Filing, at: int) -> tuple[str, ...]:
    seen = overlay.now(filing.person, at, own_word=False)
    return proceedings.place_of(filing, seen.held, seen.on).offices


def _put(path: Path, rows: pl.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".unfinished")
    rows.write_parquet(aside, compression="zstd")
    aside.replace(path)


def _open(kind: str) -> pl.DataFrame:
    files = _files()
    if not files:
        return WORK.to_frame().with_columns(pl.lit("").alias("item"))
    rows = pl.read_parquet(files[-1])
    taken = list(Case.objects.exclude(item="").values_list("item", flat=True))
    return rows.filter(~pl.col("item").is_in(taken) & (pl.lit(not kind) | (pl.col("kind") == kind)))


def _dated(rows: pl.DataFrame, on: int) -> pl.DataFrame:
    """Each matter with the day on which it is due, yesterday's as it was."""
    files = _files()
    name = ["person", "kind", "about"]
    listed = pl.read_parquet(files[-1]).select(list(MATTER)).cast(MATTER) if files else pl.DataFrame(schema=MATTER)
    before = listed.select(*name, pl.col("due").alias("was"))
    kept = rows.join(before.unique(name), on=name, how="left", maintain_order="left")
    first_seen = pl.coalesce("due", "was", pl.lit(on + DUE_AFTER, pl.Int32))
    return kept.with_columns(first_seen.cast(pl.Int32).alias("due")).drop("was")


def _code(person: int, kind: str, about: int) -> str:
    """The opaque code of a matter: the same for as long as it is the same matter."""
    return ids.code(home.current().keys.secret("entry"), "W", "work", f"{kind}/{person}/{about}")


def _files() -> list[Path]:
    return sorted(_folder().glob("*.parquet"))


def _folder() -> Path:
    return home.current().path / "roll" / "worklists"
