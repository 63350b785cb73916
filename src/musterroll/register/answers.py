"""Answers of agencies: a delivery that answers the questions of one batch, and outlives the rows that it corrects.

1. The file has the columns `question`, `answer`, `since`. An answer is a value as the law writes it; `unknown` says
   that the agency does not know, and nothing follows from it. What is not a question of that batch, stands twice, or is
   no value is set aside with a reason, and the reply says so.
2. An answer becomes a fact of the entry that was asked about, with the delivery and row of the answer. It enters the
   roll with the next night.
3. It *sticks*: what the agency's rows said of that fact until then is struck out, word for word, for that entry. A
   later extract that still repeats it brings nothing back.
4. It holds until the agency itself says something newer: a statement on that fact, in a later extract, that is not one
   of those struck out. From then on the rows speak again, and the answer ends.
5. An answer is believed no longer than the source's word is fresh; then the fact is unknown again, and asked again.
6. Silence after a question has no row, no column and no reader (charter X2).
"""

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical, dates
from musterroll.dates import FIRST_DAY
from musterroll.engine.roll import Snapshot, archive
from musterroll.engine.roll import person as rolled
from musterroll.engine.roll.table import CONFIRMED, TABLES
from musterroll.errors import MusterRollError
from musterroll.extract import manifest
from musterroll.extract.manifest import Manifest
from musterroll.fact.attribute import Attribute, ValueType
from musterroll.law.declare import value_of
from musterroll.register import asking, home, roll
from musterroll.register.actor import Actor
from musterroll.register.acts.asking import ANSWERS, record_answers
from musterroll.register.files import write_whole
from musterroll.register.models import AnswerBatch, Delivery, QuestionBatch

COLUMNS = ["question", "answer", "since"]
UNKNOWN = "unknown"
REASONS = {
    "cells": "the row has more or fewer cells than the heading",
    "question.unknown": "the register did not put this question to you in that batch",
    "question.twice": "the question is answered in more than one row",
    "answer.value": "this is not an answer that the question can have",
    "since.day": "`since` is empty or a day, YYYY-MM-DD, up to the day of the answers",
}

ANSWERED = pl.Schema(
    {
        "struck": pl.Boolean(),
        "person": pl.Int64(),
        "record": pl.Int64(),
        "attribute": pl.Int16(),
        "lo": pl.Int32(),
        "hi": pl.Int32(),
        "valid_from": pl.Int32(),
        "row": pl.Int32(),
    }
)
"""An answer, or (`struck`) a statement that it overruled."""

STRUCK = pl.Schema({"record": pl.Int64(), "attribute": pl.Int16(), "lo": pl.Int32(), "hi": pl.Int32()})


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a delivery of answers: its number, rows kept and set aside."""

    number: int
    source: str
    rows: int
    refused: int


def receive(told: Manifest, data: bytes, *, by: Actor, at: int) -> Answered:
    """Take in answers. Raises MusterRollError `answers.*`, or `manifest.*` where the source signs and this is not.

    The same file with the same manifest again changes nothing and gives the number it had.
    """
    _check(told, data)
    batch = QuestionBatch.objects.filter(sha256=told.answers, source=told.source).first()
    if batch is None:
        raise MusterRollError(
            "answers.batch",
            "No questions with this digest went to this source.",
            where=f"manifest of {told.source}, answers",
            remedy="Write the digest that stands in the register's note beside the questions.",
        )
    kept, aside, count = _read(batch, told, data)
    if count != told.rows:
        raise _refused(told, "rows", f"The file has {count} rows, and its manifest says {told.rows}.")
    frame = pl.concat([kept, _overruled(kept)]).sort("struck", "row", "record", "attribute", "lo", "hi")
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd")
    digest = canonical.sha256_hex(buffer.getvalue())
    write_whole(_path(digest), buffer.getvalue())
    number = record_answers(
        batch=batch.pk,
        as_of=told.as_of,
        sha256=canonical.sha256_hex(data),
        manifest_sha256=canonical.sha256_hex(told.encode()),
        rows=count - len(aside),
        refused=len(aside),
        answered_sha256=digest,
        by=by,
        at=at,
    )
    _reply(told, count, aside)
    return Answered(number, told.source, count - len(aside), len(aside))


def _check(told: Manifest, data: bytes) -> None:
    """The file is the one that its manifest names, and a source that signs has signed it."""
    source = roll.sources_in_force().get(told.source)
    if source is None or canonical.sha256_hex(data) != told.sha256:
        raise _refused(told, "digest", "The file is not the one that its manifest names, or of no declared source.")
    keys = {one.key_id: one.public for one in source.signing_keys if one.first <= told.as_of <= one.last}
    if source.signing_keys:
        manifest.verify(told, keys)


def _refused(told: Manifest, code: str, what: str) -> MusterRollError:
    return MusterRollError(
        f"answers.{code}",
        what,
        where=f"answers of {told.source}",
        remedy="Ask the agency to send file and manifest together again.",
    )


def entered(since: int, size: int) -> pl.DataFrame:
    """The answers in the log from `since` up to `size`, as rows of the table `fact`."""
    facts = [TABLES["fact"].plain_schema.to_frame()]
    for row in _logged().filter(delivery__entry__leaf__index__gte=since, delivery__entry__leaf__index__lt=size):
        facts.append(_facts(row))
    return pl.concat(facts)


def over(parent: Snapshot | None) -> pl.DataFrame:
    """The answers that agencies have outspoken by the night of `parent`, as rows of the table `fact` to be ended."""
    facts = [TABLES["fact"].plain_schema.to_frame()]
    path = None if parent is None else _lifted_by(parent)
    if path is None or not path.exists():
        return facts[0]
    lifted = pl.read_parquet(path)
    for row in _logged().filter(delivery__number__in=lifted["delivery"].unique().to_list()):
        facts.append(_facts(row).join(lifted, on=["record", "attribute", "delivery"], how="semi"))
    return pl.concat(facts)


def deliveries(since: int, size: int) -> pl.DataFrame:
    """Those deliveries, as rows of the table `delivery`: never a source's last extract, for they are never whole."""
    rows = [
        (one.delivery.number, one.delivery.source, one.delivery.as_of, False, one.delivery.rows)
        for one in _logged().filter(delivery__entry__leaf__index__gte=since, delivery__entry__leaf__index__lt=size)
    ]
    return pl.DataFrame(rows, schema=TABLES["delivery"].plain_schema, orient="row")


def struck(size: int) -> pl.DataFrame:
    """What answers in the log below `size` have overruled and agencies have not said anew (`STRUCK`)."""
    frames = [STRUCK.to_frame()]
    lifted = _lifted()
    for row in _logged().filter(delivery__entry__leaf__index__lt=size):
        gone = lifted.filter(pl.col("delivery") == row.delivery.number)
        held = _frame(row).filter("struck").join(gone, on=["record", "attribute"], how="anti")
        frames.append(held.select(STRUCK.names()))
    return pl.concat(frames).unique().sort(STRUCK.names())


def restruck(parent: Snapshot | None, since: int, size: int) -> frozenset[int]:
    """The records whose struck-out statements are others than on the night of `parent`."""
    found: set[int] = set()
    for row in _logged().filter(delivery__entry__leaf__index__gte=since, delivery__entry__leaf__index__lt=size):
        found |= set(_frame(row).filter("struck")["record"].to_list())
    return frozenset(found | set(over(parent)["record"].to_list()))


def lift(snapshot: Snapshot) -> int:
    """Find the answers over which an agency has said something newer by this night; how many there are of it."""
    current = roll.current()
    path = _lifted_by(snapshot)
    if path.exists():
        return pl.read_parquet(path).height
    found = []
    done = _lifted()
    for row in _logged().filter(delivery__number__in=list(current.as_of)):
        before = done.filter(pl.col("delivery") == row.delivery.number)
        open_ = _frame(row).join(before, on=["record", "attribute"], how="anti")
        found += [(*pair, row.delivery.number) for pair in _newer(open_, row.delivery, snapshot)]
    if found:
        path.parent.mkdir(parents=True, exist_ok=True)
        pl.DataFrame(sorted(found), schema=_LIFTED, orient="row").write_parquet(path)
    return len(found)


def erase(persons: Collection[int]) -> None:
    """Strike people from every answer; the files keep their names."""
    for row in AnswerBatch.objects.all():
        kept = _frame(row).filter(~pl.col("person").is_in(list(persons)))
        kept.write_parquet(_path(row.answered_sha256), compression="zstd")


_LIFTED = pl.Schema({"record": pl.Int64(), "attribute": pl.Int16(), "delivery": pl.Int64()})


def _lifted_by(snapshot: Snapshot) -> Path:
    return _folder() / f"lifted-{snapshot.known_at:020}.parquet"


def _lifted() -> pl.DataFrame:
    return pl.concat([_LIFTED.to_frame(), *map(pl.read_parquet, sorted(_folder().glob("lifted-*.parquet")))])


def _newer(open_: pl.DataFrame, answer: Delivery, snapshot: Snapshot) -> Iterator[tuple[int, int]]:
    """Record and attribute of each answer over which a later extract makes a statement that was not struck out."""
    current = roll.current()
    base = answer.source.removesuffix(ANSWERS)
    later = [
        number for number, day in current.as_of.items() if current.source_of[number] == base and day > answer.as_of
    ]
    asked = open_.filter(~pl.col("struck")).select("person", "record", "attribute")
    if not later or asked.is_empty():
        return
    for bucket in sorted({person % snapshot.buckets for person in asked["person"]}):
        facts = archive.held_bucket(
            roll.store(), snapshot, "fact", bucket, only=pl.col("person").is_in(asked["person"].implode())
        )
        said = facts.filter(pl.col("delivery").is_in(later)).join(asked, on=["record", "attribute"], how="semi")
        anew = said.join(open_.filter("struck"), on=["record", "attribute", "lo", "hi"], how="anti")
        yield from anew.select("record", "attribute").unique().sort("record", "attribute").iter_rows()


def _logged() -> Any:
    return AnswerBatch.objects.select_related("delivery", "batch").order_by("id")


def _facts(row: AnswerBatch) -> pl.DataFrame:
    """The answers as facts; they are believed for as long as the agency's own word is fresh."""
    told = _frame(row).filter(~pl.col("struck"))
    source = roll.sources_in_force()[row.batch.source]
    return told.with_columns(
        pl.lit(row.delivery.as_of + source.freshness_days + 1, pl.Int32).alias("valid_to"),
        pl.lit(CONFIRMED, pl.UInt8).alias("link"),
        pl.lit(row.delivery.number, pl.Int64).alias("delivery"),
        pl.lit(0, pl.Int16).alias("n"),
    ).select([pl.col(name).cast(kind) for name, kind in TABLES["fact"].plain_schema.items()])


def _frame(row: AnswerBatch) -> pl.DataFrame:
    return pl.read_parquet(_path(row.answered_sha256))


def _read(batch: QuestionBatch, told: Manifest, data: bytes) -> tuple[pl.DataFrame, list[tuple[int, str]], int]:
    """The answers that count, the rows set aside with their reasons, and how many rows there are."""
    try:
        lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        lines = []
    if not lines or lines[0] != COLUMNS:
        raise MusterRollError(
            "answers.columns",
            "Answers are a CSV file in UTF-8 with exactly the columns question, answer, since.",
            where=f"answers of {told.source}, heading",
            remedy="Send the columns of the questions file back with the answers filled in.",
        )
    asked = {row["question"]: row for row in asking.index(batch).iter_rows(named=True)}
    attributes = {each.number: each for each in roll.law_of(roll.in_force()).attributes.values()}
    answered = [line[0] for line in lines[1:] if len(line) == len(COLUMNS)]
    twice = {question for question, times in Counter(answered).items() if times > 1}
    kept, aside = [], []
    for number, line in enumerate(lines[1:], start=1):
        if len(line) != len(COLUMNS):
            aside.append((number, "cells"))
            continue
        question, answer, since = (cell.strip() for cell in line)
        row = asked.get(question)
        if row is None or question in twice:
            aside.append((number, "question.unknown" if row is None else "question.twice"))
            continue
        if answer == UNKNOWN:
            continue
        reason, value, day = _value(attributes[row["attribute"]], answer, since, told.as_of)
        if reason:
            aside.append((number, reason))
            continue
        kept.append((False, row["person"], row["record"], row["attribute"], value, value, day, number))
    return pl.DataFrame(kept, schema=ANSWERED, orient="row"), aside, len(lines) - 1


def _value(attribute: Attribute, answer: str, since: str, as_of: int) -> tuple[str, int, int]:
    """A reason, or the value and the day from which it holds."""
    try:
        value = value_of(attribute, answer, attribute.name)
    except MusterRollError:
        return "answer.value", 0, 0
    try:
        day = dates.parse_day(since, where="since") if since else _always(attribute, as_of)
    except MusterRollError:
        return "since.day", 0, 0
    return ("since.day", 0, 0) if day > as_of else ("", value, day)


def _always(attribute: Attribute, as_of: int) -> int:
    """Without a day, a date or number is meant for all time, a yes or a code from the day of the answers."""
    return as_of if attribute.type in (ValueType.BOOL, ValueType.ENUM) else FIRST_DAY


def _overruled(kept: pl.DataFrame) -> pl.DataFrame:
    """What the entries' own rows say otherwise now: struck out from here on."""
    current = roll.current()
    people = kept["person"].unique().to_list()
    rows = rolled.held(roll.store(), current.snapshot, "fact", "person", people, current.snapshot.known_at)
    said = pl.DataFrame(
        [(row["record"], row["attribute"], row["lo"], row["hi"]) for row in rows if row["delivery"] > 0],
        schema=STRUCK,
        orient="row",
    ).unique()
    otherwise = said.join(kept.select("person", "record", "attribute"), on=["record", "attribute"])
    otherwise = otherwise.join(kept, on=["record", "attribute", "lo", "hi"], how="anti")
    return otherwise.select(
        pl.lit(True).alias("struck"),
        "person",
        "record",
        "attribute",
        "lo",
        "hi",
        pl.lit(0, pl.Int32).alias("valid_from"),
        pl.lit(0, pl.Int32).alias("row"),
    )


def _reply(told: Manifest, rows: int, aside: list[tuple[int, str]]) -> None:
    """What the agency is told: counts, and row numbers with reasons."""
    answer = {
        "answers": told.answers,
        "outcome": "received",
        "rows": {"delivered": rows, "kept": rows - len(aside), "set_aside": len(aside)},
        "set_aside": [{"means": REASONS[reason], "reason": reason, "row": row} for row, reason in aside],
        "source": told.source,
        "v": 1,
    }
    name = f"{told.source}-{canonical.sha256_hex(told.encode())[:16]}.json"
    write_whole(home.current().path / "replies" / name, canonical.encode(answer))


def _folder() -> Path:
    return asking.out() / "answers"


def _path(digest: str) -> Path:
    return _folder() / f"{digest}.parquet"
