"""Committing a state of the roll: from here on its objects count."""

from collections.abc import Mapping

from musterroll import dates
from musterroll.canonical import Json
from musterroll.engine.roll import Snapshot as Roll
from musterroll.entry.kind import Kind
from musterroll.register import permissions, policies
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act, same
from musterroll.register.disclosure import published
from musterroll.register.models import Snapshot


@act
def commit_snapshot(*, snapshot: Roll, counts: Mapping[str, int], by: Actor, at: int) -> str:
    """Commit `snapshot`, whose objects have been written, as the roll; give its digest.

    `counts` are people by effect; what is published of them passes the disclosure function (charter S14).
    """
    permissions.check_may("commit_snapshot", by)
    digest = snapshot.digest
    there = Snapshot.objects.filter(digest=digest).first()
    if there is not None:
        same("snapshot", counts=(there.counts, dict(counts)))
        return digest
    policies.check_follows_newest(snapshot.parent)
    packs: list[Json] = [*sorted(snapshot.packs)]
    payload: dict[str, Json] = {
        "counts": dict(published(counts)),
        "known_at": dates.format_instant(snapshot.known_at // 1_000_000),
        "on": dates.format_day(snapshot.on),
        "packs": packs,
        "parent": snapshot.parent,
        "sha256": digest,
    }
    entry = writing.public(Kind.ROLL, payload, label=f"roll/{digest}", at=at)
    Snapshot.objects.create(
        digest=digest,
        parent=snapshot.parent,
        on=snapshot.on,
        known_at=snapshot.known_at,
        through=snapshot.through.size,
        counts=dict(counts),
        entry=entry,
        at=at,
    )
    return digest
