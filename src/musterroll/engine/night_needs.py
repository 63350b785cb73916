"""What a night leaves to be established: questions that an agency can answer, and matters for an officer. In numbers.

Read from the views of a committed roll, bucket by bucket; nothing here knows who was written to, or whether anybody
answered (charter X2).

1. A *question* is asked of a source that is declared to answer it, about a person whom it already has on a confirmed
   link: where the law asks for the fact and it is not established, or where it holds to a day that is near.
2. A *conflict* is a fact that the law asks for and that sources tell differently.
3. A *doubtful link* is a possible one by which a standing is open.
4. A *lapse* is a deferral or exemption that time alone ends within so many days: the agency is asked in time.
"""

from collections.abc import Collection, Iterator, Mapping

import polars as pl

from musterroll.engine.law_words import UNDETERMINED, WORD
from musterroll.engine.roll import Snapshot, Store, archive
from musterroll.engine.roll.table import CONFIRMED
from musterroll.fact.attribute import PROTECTED_KINDS, State, ValueType
from musterroll.law.model import Effect
from musterroll.law.pack import Pack

AHEAD = 30
"""Days before its end on which a deferral is looked after."""

CONFLICT, LINK, LAPSE = "conflict", "doubtful link", "lapse"

WORK = pl.Schema({"person": pl.Int64(), "kind": pl.String(), "about": pl.Int16(), "due": pl.Int32()})
"""One matter: `about` is the attribute's number, 0 for a link or a lapse; `due` null until it is known since when."""

QUESTION = pl.Schema({"person": pl.Int64(), "record": pl.Int64(), "source": pl.String(), "attribute": pl.Int16()})


def questions(
    store: Store, snapshot: Snapshot, pack: Pack, answers: Mapping[str, Collection[str]]
) -> Iterator[pl.DataFrame]:
    """The questions (`QUESTION`) of each bucket. `answers` has the attributes that each source answers, by name."""
    numbers = {name: each.number for name, each in pack.attributes.items()}
    pairs = [(source, numbers[name]) for source, names in sorted(answers.items()) for name in sorted(names)]
    asked = pl.DataFrame(pairs, schema={"source": pl.String, "attribute": pl.Int16}, orient="row")
    for bucket in range(snapshot.buckets):
        wanted = pl.concat([_needs(store, snapshot, pack, bucket), _ends(store, snapshot, pack, bucket)]).unique()
        wanted = wanted.join(asked, on="attribute")
        if wanted.is_empty():
            continue
        people = wanted["person"].unique()
        links = archive.held_bucket(store, snapshot, "link", bucket, only=pl.col("person").is_in(people.implode()))
        own = links.filter(pl.col("judgement") == CONFIRMED).select("person", "record", "source")
        yield wanted.join(own, on=["person", "source"]).select(QUESTION.names()).sort(QUESTION.names())


def matters(store: Store, snapshot: Snapshot, pack: Pack) -> pl.DataFrame:
    """The matters (`WORK`) for officers, of all buckets."""
    found = [WORK.to_frame()]
    for bucket in range(snapshot.buckets):
        needed = _needs(store, snapshot, pack, bucket)
        found += [
            _in_state(store, snapshot, pack, bucket, needed, "flat", State.CONFLICT, CONFLICT),
            _in_state(store, snapshot, pack, bucket, needed, "flat_wide", State.POSSIBLE, LINK),
            _lapses(store, snapshot, pack, bucket),
        ]
    return pl.concat(found).unique().sort(WORK.names(), nulls_last=False)


def view(store: Store, snapshot: Snapshot, name: str, bucket: int) -> pl.DataFrame | None:
    """One bucket of a view; None where the roll has none of it."""
    frames = store.get_bucket(snapshot.refs(name), bucket, snapshot.buckets)
    return pl.concat(frames, how="diagonal") if frames else None


def _needs(store: Store, snapshot: Snapshot, pack: Pack, bucket: int) -> pl.DataFrame:
    """Person and attribute of every fact by which a standing is open."""
    none = pl.DataFrame(schema={"person": pl.Int64, "attribute": pl.Int16})
    standing = view(store, snapshot, "standing", bucket)
    if standing is None:
        return none
    open_ = standing.filter(pl.col("class") == UNDETERMINED)
    frames = [none]
    for place, each in enumerate(pack.attributes.values()):
        word, bit = divmod(place, WORD)
        column = f"needs_{word}" if word else "needs"
        if column not in open_.columns:
            continue
        who = open_.filter((pl.col(column) & pl.lit(1 << bit, pl.Int64)) != 0)
        frames.append(who.select("person", pl.lit(each.number, pl.Int16).alias("attribute")))
    return pl.concat(frames).unique()


def _protected(store: Store, snapshot: Snapshot, pack: Pack, bucket: int) -> pl.DataFrame:
    """People whom time alone may take a deferral or exemption from soon, with the day."""
    standing = view(store, snapshot, "standing", bucket)
    if standing is None:
        return pl.DataFrame(schema={"person": pl.Int64, "next_change": pl.Int32})
    kind = (Effect.DEFERRED, Effect.EXEMPT)
    classes = [
        (question.number, place)
        for question in pack.questions.values()
        for place, each in enumerate(question.classes)
        if each.effect in kind
    ]
    wanted = pl.DataFrame(classes, schema={"question": pl.UInt8, "class": pl.UInt8}, orient="row")
    soon = pl.col("next_change").is_between(snapshot.on + 1, snapshot.on + AHEAD)
    return standing.join(wanted, on=["question", "class"]).filter(soon).select("person", "next_change")


def _ends(store: Store, snapshot: Snapshot, pack: Pack, bucket: int) -> pl.DataFrame:
    """Person and attribute of each protecting day that is near, of those whose protection ends with it."""
    frames = [pl.DataFrame(schema={"person": pl.Int64, "attribute": pl.Int16})]
    who = _protected(store, snapshot, pack, bucket)
    flat = view(store, snapshot, "flat", bucket) if who.height else None
    if flat is None:
        return frames[0]
    theirs = flat.join(who.select("person").unique(), on="person", how="semi")
    for name, each in pack.attributes.items():
        if each.type is ValueType.DATE and each.kind in PROTECTED_KINDS and f"{name}_hi" in theirs.columns:
            near = theirs.filter(pl.col(f"{name}_hi").is_between(snapshot.on, snapshot.on + AHEAD))
            frames.append(near.select("person", pl.lit(each.number, pl.Int16).alias("attribute")))
    return pl.concat(frames)


def _in_state(
    store: Store,
    snapshot: Snapshot,
    pack: Pack,
    bucket: int,
    needed: pl.DataFrame,
    name: str,
    state: State,
    kind: str,
) -> pl.DataFrame:
    """Those of `needed` whose fact stands in this state in the view; a doubtful link is one matter a person."""
    flat = view(store, snapshot, name, bucket) if needed.height else None
    frames = [WORK.to_frame()]
    if flat is None:
        return frames[0]
    for attribute, each in pack.attributes.items():
        column = f"{attribute}_state"
        if column not in flat.columns:
            continue
        who = flat.filter(pl.col(column) == int(state)).select("person")
        about = 0 if kind == LINK else each.number
        frames.append(
            needed.filter(pl.col("attribute") == each.number)
            .join(who, on="person", how="semi")
            .select(
                "person",
                pl.lit(kind).alias("kind"),
                pl.lit(about, pl.Int16).alias("about"),
                pl.lit(None, pl.Int32).alias("due"),
            )
        )
    return pl.concat(frames).unique()


def _lapses(store: Store, snapshot: Snapshot, pack: Pack, bucket: int) -> pl.DataFrame:
    soon = _protected(store, snapshot, pack, bucket).group_by("person").agg(pl.col("next_change").min().alias("due"))
    return soon.select("person", pl.lit(LAPSE).alias("kind"), pl.lit(0, pl.Int16).alias("about"), "due")
