"""Questions to agencies: after each night one signed file a source that is declared to answer them.

1. Asked is only what the source's declaration lists under `answers`, of people whom the agency has on a confirmed link,
   by the agency's own key of the entry. A row is a question's number, that key and the name of the fact. There is no
   name, no standing, no reason, no free text, and nothing that says whether the person or the register wants to know.
2. Asked is: what the law needs and nobody has established; a protection that is about to end; and whatever a person
   said is wrong, of every agency that says otherwise, the same night.
3. A question that is open is not put again for thirty days, save where the person says something new.
4. The rows stand in the order of their numbers, which are keyed: their order says nothing.
5. Which question is about whom lies beside, in numbers. It is read by the person's page and by the answers, never by
   what anybody did or left undone.
"""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.compute as pc
import pyarrow.parquet as pq

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical, ids
from musterroll.dates import format_day
from musterroll.engine import night_needs
from musterroll.engine.roll import archive
from musterroll.engine.roll.table import CONFIRMED
from musterroll.fact.attribute import UNKNOWN
from musterroll.ledger.note import Note, sign
from musterroll.register import home, log, overlay, roll
from musterroll.register.actor import Actor
from musterroll.register.acts.asking import record_questions
from musterroll.register.campaign import Letter
from musterroll.register.files import write_whole
from musterroll.register.models import Declaration, Grade, QuestionBatch, Snapshot
from musterroll.register.roll import Roll

BY = Actor.program("nightly")
AGAIN_AFTER = 30 * 86_400
"""Seconds after which an open question is put again."""

ASKED = pl.Schema(
    {
        "question": pl.String(),
        "person": pl.Int64(),
        "record": pl.Int64(),
        "attribute": pl.Int16(),
        "declaration": pl.Int64(),
    }
)
"""One question: `declaration` is the word of the person behind it, 0 where the register itself asks."""


def ask(*, at: int) -> dict[str, int]:
    """Write the questions of the committed night; how many went to each source. Done again, it changes nothing."""
    current = roll.current()
    committed = Snapshot.objects.get(digest=current.digest)
    answers = {name: source.answers for name, source in current.sources.items() if source.answers}
    open_questions = _open_questions(current, answers, at)
    counts: dict[str, int] = {}
    for source in sorted(answers):
        there = QuestionBatch.objects.filter(source=source, snapshot=committed).first()
        if there is None:
            rows = _fresh(open_questions.filter(pl.col("source") == source), source, committed.at)
            there = _written(current, committed, source, rows, at) if rows.height else None
        if there is not None:
            counts[source] = there.rows
    return counts


def of_person(people: Collection[int]) -> list[dict[str, Any]]:
    """Every question about these numbers: source, attribute's number and the instant at which it went out."""
    found = []
    for batch in QuestionBatch.objects.order_by("id"):
        table = pq.read_table(_asked(batch.asked_sha256), filters=pc.field("person").isin(sorted(people)))
        found += [
            {"source": batch.source, "attribute": row["attribute"], "at": batch.at, "own_word": row["declaration"] > 0}
            for row in table.to_pylist()
        ]
    return found


def index(batch: QuestionBatch) -> pl.DataFrame:
    """Which question of a batch is about whom (`ASKED`). For the answers only."""
    return pl.read_parquet(_asked(batch.asked_sha256))


def erase(persons: Collection[int]) -> None:
    """Strike people from every index; the files keep their names."""
    for path in sorted((out() / "index").glob("*.parquet")):
        rows = pl.read_parquet(path)
        if rows["person"].is_in(list(persons)).any():
            rows.filter(~pl.col("person").is_in(list(persons))).write_parquet(path, compression="zstd")


def out() -> Path:
    """Where the files lie that agencies fetch: one folder a source."""
    return home.current().path / "questions"


def _open_questions(current: Roll, answers: dict[str, tuple[str, ...]], at: int) -> pl.DataFrame:
    """Every question there is to put: the register's own and those behind a person's word."""
    own = list(night_needs.questions(roll.store(), current.snapshot, current.pack, answers))
    frames = [one.with_columns(pl.lit(0, pl.Int64).alias("declaration")) for one in own]
    disputes = pl.DataFrame(
        list(_disputes(answers, at)),
        schema=pl.Schema({**night_needs.QUESTION, "declaration": pl.Int64()}),
        orient="row",
    )
    return pl.concat([disputes, *frames]).unique(["record", "attribute"], keep="first", maintain_order=True)


def _disputes(answers: dict[str, tuple[str, ...]], at: int) -> Iterable[tuple[int, int, str, int, int]]:
    """Each open word of a person against what an agency says that is declared to answer for it."""
    said = overlay.last_words(Declaration.objects.filter(grade=Grade.DECLARED).order_by("id"))
    for word in said:
        asked = [source for source, names in sorted(answers.items()) if word.attribute in names]
        if not asked:
            continue
        seen = overlay.now(word.person, at, own_word=False)
        if not overlay.contradicts(seen.held.get(word.attribute, UNKNOWN), word.lo, word.hi):
            continue
        for link in seen.facts.links:
            if link.source in asked and int(link.judgement) == CONFIRMED:
                yield word.person, link.record, link.source, word.attribute_number, word.pk


def _fresh(rows: pl.DataFrame, source: str, at: int) -> pl.DataFrame:
    """Without what was asked within thirty days; of a person's word, without what was asked for that very word."""
    before = [pl.DataFrame(schema=ASKED)]
    open_ = [pl.DataFrame(schema=ASKED)]
    for batch in QuestionBatch.objects.filter(source=source).order_by("id"):
        frame = index(batch)
        before.append(frame)
        if batch.at > at - AGAIN_AFTER:
            open_.append(frame)
    words = rows.filter(pl.col("declaration") > 0).join(
        pl.concat(before), on=["record", "attribute", "declaration"], how="anti"
    )
    own = rows.filter(pl.col("declaration") == 0).join(pl.concat(open_), on=["record", "attribute"], how="anti")
    return pl.concat([words, own])


def _written(current: Roll, committed: Snapshot, source: str, rows: pl.DataFrame, at: int) -> QuestionBatch | None:
    keys = _keys(current, rows["record"])
    known = rows.join(keys, on="record")
    if known.is_empty():
        return None
    number = QuestionBatch.objects.filter(source=source).count() + 1
    numbers = [
        _number(f"{source}/{number}/{record}/{attribute}")
        for record, attribute in known.select("record", "attribute").iter_rows()
    ]
    asked = known.with_columns(pl.Series("question", numbers, dtype=pl.String)).sort("question")
    names = {each.number: name for name, each in current.pack.attributes.items()}
    lines = [
        {"attribute": names[attribute], "key": key, "question": question}
        for question, key, attribute in asked.select("question", "key", "attribute").iter_rows()
    ]
    data = canonical.encode(
        {
            "asked_on": format_day(committed.on),
            "batch": number,
            "demonstration": home.current().fictional,
            "questions": lines,
            "register": home.current().origin,
            "source": source,
            "v": 1,
        }
    )
    digest = canonical.sha256_hex(data)
    folder, name = out() / source, f"{number:06}-{digest[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    out().chmod(0o700)
    write_whole(folder / f"{name}.json", data)
    write_whole(folder / f"{name}.csv", _csv(lines))
    write_whole(folder / f"{name}.note", _note(source, number, digest))
    sealed = _put_index(asked.select(ASKED.names()).sort("person", "question"))
    pk = record_questions(
        source=source,
        number=number,
        snapshot=committed.digest,
        rows=len(lines),
        sha256=digest,
        asked_sha256=sealed,
        letters=[Letter(row[0], names[row[1]], 0) for row in asked.select("person", "attribute").iter_rows()],
        by=BY,
        at=at,
    )
    return QuestionBatch.objects.get(pk=pk)


def _keys(current: Roll, records: pl.Series) -> pl.DataFrame:
    """The agency's own key of each record."""
    asked = records.unique()
    found = [pl.DataFrame(schema={"record": pl.Int64, "key": pl.String})]
    for bucket in archive.buckets_of("by_key", current.snapshot.buckets):
        rows = archive.held_bucket(
            roll.store(), current.snapshot, "by_key", bucket, only=pl.col("record").is_in(asked.implode())
        )
        found.append(rows.select("record", "key"))
    return pl.concat(found).unique("record")


def _csv(lines: list[dict[str, str]]) -> bytes:
    quoted = [f'{one["question"]},"{one["key"].replace(chr(34), chr(34) * 2)}",{one["attribute"]}' for one in lines]
    return "\r\n".join(["question,key,attribute", *quoted, ""]).encode()


def _note(source: str, number: int, digest: str) -> bytes:
    """The register's signature: a note that names source, batch and the digest of the file."""
    text = f"{home.current().origin}/questions\n{source}\n{number}\n{digest}\n"
    return Note(text, ()).plus(sign(text, log.log_key())).encode()


def _number(label: str) -> str:
    return ids.code(home.current().keys.secret("entry"), "Q", "question", label)


def _put_index(rows: pl.DataFrame) -> str:
    aside = out() / "index" / ".unfinished"
    aside.parent.mkdir(parents=True, exist_ok=True)
    rows.write_parquet(aside, compression="zstd", statistics=True, row_group_size=16_384)
    digest = canonical.sha256_hex(aside.read_bytes())
    aside.replace(_asked(digest))
    return digest


def _asked(digest: str) -> Path:
    return out() / "index" / f"{digest}.parquet"
