"""Whom a night concerns, and who stands with them in a group: from buckets of groups to buckets of persons and back.

1. *Touched* is whom an operation of tonight concerns (facts, spells, links), everybody in a group of which a row
   changed, for whom a fact begins or ceases by now (`changes_on`), and whoever was ever merged. Everybody is
   touched when the law, a day of its text, or what a source covers moved.
2. `groups` reads the changed groups, `people` finds the touched and the groups they stand in, `members` hands all
   members of those groups to the buckets of the persons. Each works on one bucket.
"""

import polars as pl

from musterroll.engine import fact_polars
from musterroll.engine.night_buckets import Night, hand_over
from musterroll.engine.roll import archive
from musterroll.engine.roll.table import ADD, END, TABLES

_MEMBER = ["group", "roster", "role", "person", "born_lo", "born_hi", "link", "delivery", "row", "n"]


def groups(night: Night, bucket: int) -> None:
    """Of one bucket of groups: whom its changed groups hold now and held before, each in the bucket of the person."""
    changed = night.tonight("member", bucket)["group"].unique()
    pairs = TABLES["group_of"].plain_schema.to_frame()
    if changed.len():
        these = pl.col("group").is_in(changed.implode())
        nights = [one for one in (night.after, night.before) if one is not None]
        held = archive.held_buckets(
            night.store, nights, bucket, table=TABLES["member"], only=these, columns=pairs.columns
        )
        now, was = _in_groups(held[0]), _in_groups(held[1]) if len(held) > 1 else pairs
        gone, come = (
            was.join(now, on=["person", "group"], how="anti"),
            now.join(was, on=["person", "group"], how="anti"),
        )
        stays = now.join(was, on=["person", "group"], how="semi")
        stamped = [(gone, END), (come, ADD), (stays, None)]
    else:
        stamped = [(pairs, None)]
    frames = [frame.with_columns(pl.lit(op, pl.UInt8).alias("op")) for frame, op in stamped]
    night.work.parts("groups", "group_of").add(bucket, pl.concat(frames).sort("person", "group"), "person")
    night.work.finish("groups", bucket)


def _in_groups(members: pl.DataFrame) -> pl.DataFrame:
    return members.filter(pl.col("person").is_not_null()).select("person", "group").unique()


def people(night: Night, bucket: int) -> None:
    """Of one bucket of persons: who is touched, the groups they stand in, and tonight's operations of `group_of`."""
    paired = night.work.parts("groups", "group_of").get(bucket)
    table = TABLES["group_of"]
    stamped = paired.filter(pl.col("op").is_not_null()).with_columns(pl.lit(night.known).alias("known"))
    operations = stamped.select(list(table.night_schema))
    before = (
        [] if night.before is None else night.store.get_bucket(night.before.refs("group_of"), bucket, night.buckets)
    )
    touched = _touched(night, bucket, paired["person"])
    if not night.everybody:
        now = archive.as_known(table, [*before, operations], night.known)
        wanted = now.join(touched.to_frame("person"), on="person", how="semi").select("group").unique().sort("group")
        night.work.parts("people", "wanted").add(bucket, wanted, "group")
    night.work.keep("people", f"touched-{bucket:04}", touched.to_frame("person"))
    told = hand_over(night.store, night.work, "people", "group_of", operations, bucket, night.known)
    night.work.finish("people", bucket, told)


def _touched(night: Night, bucket: int, moved: pl.Series) -> pl.Series:
    """Whom tonight concerns in one bucket, sorted; where that is everybody, all who have a link."""
    if night.everybody:
        found = [night.held("link", bucket)["person"]]
    else:
        found = [night.tonight(name, bucket)["person"] for name in ("fact", "spell", "link")]
        flat = night.view("flat", bucket)
        if flat is not None:
            found.append(flat.filter(pl.col("changes_on") <= night.on)["person"])
    ever = pl.concat([night.tonight("alias", 0)["person"], night.aliases["person"], night.aliases["into"]])
    here = ever.filter(ever % night.buckets == bucket)
    return pl.concat([*found, moved, here]).unique().sort()


def members(night: Night, bucket: int) -> None:
    """Of one bucket of groups: all members of the groups that touched people stand in, for each bucket of persons."""
    if night.everybody:
        rows = night.held("member", bucket)
    else:
        wanted = night.work.parts("people", "wanted").get(bucket)["group"].unique()
        these = pl.col("group").is_in(wanted.implode())
        rows = night.held("member", bucket, these) if wanted.len() else night.nothing("member")
    rows = rows.select(_MEMBER)
    ends = fact_polars.ends(night.aliases)
    goes_by = rows.filter(pl.col("person").is_not_null()).select(
        "group", (pl.col("person").replace(ends) % night.buckets).alias("$of")
    )
    night.work.parts("members", "member").add(
        bucket, goes_by.unique().join(rows, on="group").sort("$of", *_MEMBER), "$of"
    )
    night.work.finish("members", bucket)
