"""The witnesses' quorum: asked before anything is signed, waited for, never lowered.

1. Before the register signs, every witness is asked how many entries of this log it has seen, with a checkpoint of the
   empty tree: signing that one says nothing. Whoever has seen more than the database holds stops the register.
2. A checkpoint without quorum is not published. What the public then sees is `status.json`: unsigned, who is missing,
   and since when. After a day it says so as an alarm, and so does every command that publishes.
"""

import json
from pathlib import Path

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical, dates
from musterroll.errors import MusterRollError
from musterroll.ledger import checkpoint, note, policy, tree
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.register import files, shards, witnesses
from musterroll.register.shards import Shard

ALARM_AFTER = 86_400
"""Seconds without quorum after which it is an alarm."""


def check_witnesses(shard: Shard, terms: policy.Policy, *, timeout: float) -> None:
    """Refuse to sign where a witness has seen more of this log than the database holds.

    A witness that does not answer is passed over here: whether enough of them do is told when they cosign. Raises
    MusterRollError `witness.ahead`.
    """
    size = shard.head().size
    empty = checkpoint.sign(Checkpoint(shard.origin, 0, tree.EMPTY_ROOT), shards.own_keys(shard.origin)[-1])
    named = {one.key for one in terms.logs}
    for key in shards.own_keys(shard.origin)[:-1]:
        if key.public_key in named:
            empty = empty.plus(note.sign(empty.text, key))
    for witness in terms.witnesses:
        try:
            seen = witnesses.last_size(empty, witness, timeout=timeout)
        except MusterRollError:
            continue
        if seen > size:
            raise witnesses.ahead(witness, seen, size)


def check_met(
    shard: Shard, terms: policy.Policy, signed: note.Note, refused: tuple[MusterRollError, ...], at: int
) -> None:
    """Raise MusterRollError `log.quorum` unless enough witnesses cosigned; then `status.json` says who is missing."""
    try:
        terms.accept(signed.encode())
    except MusterRollError as problem:
        if problem.code != "policy.quorum":
            raise
        since = _say(shard, terms, signed, at)
        hours = (at - since) // 3_600
        long = f" It has been so for {hours} hours: this is an alarm." if at - since >= ALARM_AFTER else ""
        raise MusterRollError(
            "log.quorum",
            f"Too few witnesses cosigned; nothing is published. {' '.join(one.what for one in refused)}".strip() + long,
            where=f"checkpoint of size {checkpoint.parse(signed.text).size}",
            remedy="See that the witnesses run, then publish again. The quorum is never lowered.",
            exit_code=2,
        ) from None


def met(shard: Shard) -> None:
    """The quorum is there again: nothing is said any more."""
    _status(shard).unlink(missing_ok=True)


def missing_since(shard: Shard) -> int | None:
    """Since which second the quorum has been missing; None where it is not."""
    path = _status(shard)
    return dates.parse_instant(json.loads(path.read_bytes())["since"], where=str(path)) if path.exists() else None


def _say(shard: Shard, terms: policy.Policy, signed: note.Note, at: int) -> int:
    since = missing_since(shard)
    since = at if since is None else since
    there = {line.name for line in signed.signatures}
    said: dict[str, canonical.Json] = {
        "alarm": at - since >= ALARM_AFTER,
        "at": dates.format_instant(at),
        "missing": [one.name for one in terms.witnesses if one.key.name not in there],
        "origin": shard.origin,
        "since": dates.format_instant(since),
        "size": checkpoint.parse(signed.text).size,
        "v": 1,
    }
    files.write_whole(_status(shard), canonical.encode(said))
    return since


def _status(shard: Shard) -> Path:
    return shard.folder / "status.json"
