"""Once a week a night is done twice: as what changed since the last, and for everybody anew. Both must say the same.

The second time everybody is linked again on the terms held, every statement is made again and everybody is decided.
What is compared is what the tables hold, row by row, whatever objects they lie in. A table that differs is an alarm:
the night is not committed, and somebody has to look at it.

Where they say the same, all earlier nights are folded bucket by bucket and what is past its time limit leaves them
(`roll.retention`); tonight's own objects stay on top, so that what this night changed is found as after any other.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from musterroll.engine import night
from musterroll.engine.crew import Crew
from musterroll.engine.night import Night, Terms
from musterroll.engine.night_work import Work
from musterroll.engine.roll import Snapshot, Store, archive
from musterroll.engine.roll.retention import fold_week, limits_of
from musterroll.engine.roll.table import TABLES
from musterroll.engine.row_night import Tonight

COMPARED = (
    "link", "linked", "pair", "free", "fact", "member", "particular", "group_of", "link_by_record", "awaited",
    "vanished", "flat", "flat_wide", "standing",
)  # fmt: skip
"""The tables that must come out the same; `refused_edge` is a log of what a run refused."""


def differing(
    store: Store, parent: Snapshot | None, tonight: Sequence[Tonight], terms: Terms, made: Night, work: Work, crew: Crew
) -> tuple[str, ...]:
    """The tables in which `made` is not what everybody anew gives; none where the night is reproduced."""
    anew = night.run(store, parent, tonight, replace(terms, everybody=True), work=work, crew=crew)
    return tuple(name for name in COMPARED if not same(store, made.snapshot, anew.snapshot, name))


def folded(
    store: Store,
    made: Night,
    terms: Terms,
    crew: Crew,
    *,
    keep: Collection[int] = (),
    keep_rows: Collection[int] = (),
) -> Night:
    """The night with everything before it folded, written but not committed; the same night where it is the first.

    Nothing of the persons in `keep` goes by a time limit, and no row as delivered of the records in `keep_rows`.
    """
    snapshot = made.snapshot
    tonight = {name: tuple(ref for ref in refs if ref.night == terms.known) for name, refs in snapshot.tables.items()}
    before = {name: tuple(ref for ref in refs if ref.night != terms.known) for name, refs in snapshot.tables.items()}
    taken = archive.intervals(TABLES["delivery"], [store.get(ref) for ref in snapshot.refs("delivery")])
    found = fold_week(
        store,
        replace(snapshot, tables={name: refs for name, refs in before.items() if refs}),
        limits_of(terms.sources, terms.pack.attributes, taken),
        on=terms.on,
        known=terms.known,
        crew=crew,
        keep=keep,
        keep_rows=keep_rows,
    )
    names = {*before, *found}
    tables = {name: (*found.get(name, before.get(name, ())), *tonight.get(name, ())) for name in sorted(names)}
    after = replace(snapshot, tables={name: refs for name, refs in tables.items() if refs})
    store.put_snapshot(after)
    return replace(made, snapshot=after)


def same(store: Store, one: Snapshot, other: Snapshot, name: str) -> bool:
    """Whether two snapshots hold the same rows of a table now, bucket by bucket."""
    for bucket in archive.buckets_of(name, one.buckets):
        rows = []
        for snapshot in (one, other):
            if name in ("flat", "flat_wide", "standing"):
                frames = [store.get(ref) for ref in snapshot.refs(name) if ref.bucket == bucket]
                rows.append(frames[0] if frames else None)
            else:
                held = archive.held_bucket(store, snapshot, name, bucket)
                rows.append(held.drop("known_from") if snapshot.refs(name) else None)
        if rows[0] is None or rows[1] is None:
            if sum(0 if each is None else each.height for each in rows):
                return False
        elif name == "link":
            columns = [column for column in rows[0].columns if column != "weight"]
            if not rows[0].select(columns).equals(rows[1].select(columns)):
                return False
        elif not rows[0].equals(rows[1]):
            return False
    return True
