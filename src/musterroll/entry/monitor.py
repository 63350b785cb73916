"""What somebody finds out who follows a published ledger: every entry, in the order in which it came to be there.

1. A log only grows: each checkpoint continues the last one seen, and the tiles lead to it. Otherwise nothing further is
   believed of it, and the two checkpoints with the proof are the evidence.
2. The witnesses' quorum cosigned it, and a key signed it that the policy or an earlier key names, and not one that was
   replaced.
3. Every entry is of a known kind and has its members; its time lies between the checkpoints, but for the tolerance.
4. A year continues the one before. A count of a day's acts is the number of acts that stand before it.
5. Of a draw one manifest lives: a second one supersedes the first. Of a manifest there is one ceremony, one result.

Nothing here reads a file, a clock or a network. What was seen is a value (`Seen`) that the caller keeps.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from musterroll import dates
from musterroll.entry import codec, grammar
from musterroll.entry.kind import Kind
from musterroll.entry.seen import Seen
from musterroll.errors import MusterRollError
from musterroll.ledger import cosignature, year
from musterroll.ledger.checkpoint import Checkpoint, parse
from musterroll.ledger.note import PublicKey, encode_base64
from musterroll.ledger.note import decode as decode_note
from musterroll.ledger.policy import Policy
from musterroll.ledger.proof import check_consistency, consistency, inclusion
from musterroll.ledger.rotation import check_signed, keys_of
from musterroll.ledger.rotation import parse as parse_rotation
from musterroll.ledger.tile import Read, TileReader
from musterroll.ledger.tlogproof import TlogProof

TOLERANCE = 86_400
"""Seconds by which an entry's time may differ from when others saw it."""
_HOUR = 3_600
_ONCE = (Kind.DRAW_CEREMONY, Kind.DRAW_RESULT, Kind.DRAW_TABLE, Kind.DRAW_FAIRNESS, Kind.DRAW_SPARED)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should not be, and the files that show it to a third party."""

    problem: MusterRollError
    evidence: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Followed:
    """What is seen now (as before where the log cannot be followed), how many entries were new, what was found."""

    seen: Seen | None
    new: int
    findings: tuple[Finding, ...]


def follow(
    read: Read, policy: Policy, before: Seen | None, *, named: tuple[PublicKey, ...] = (), tolerance: int = TOLERANCE
) -> Followed:
    """Follow one log from what was seen `before`. `named` are keys that earlier logs name for this one.

    `read` gives the log's files. Raises MusterRollError only where a file cannot be had (exit 2).
    """
    data = read("checkpoint")
    try:
        note = decode_note(data)
        checkpoint = parse(note.text)
        names = {witness.key: witness.name for witness in policy.witnesses}
        times = {names[key]: at for key, at in cosignature.times(note, names).items()}
    except MusterRollError as problem:
        return Followed(before, 0, (Finding(problem, {"checkpoint": data}),))
    evidence = {"checkpoint": data} if before is None else {"checkpoint": data, "checkpoint.before": before.note}
    met_at = policy.met_at(times)
    if met_at is None:
        return Followed(before, 0, (Finding(_quorum(checkpoint, len(times)), evidence),))
    reader = TileReader(checkpoint.size, read)
    try:
        reader.check_root(checkpoint.root)
        if before is not None:
            _check_grown(before.checkpoint, checkpoint, reader, evidence)
    except MusterRollError as problem:
        if problem.exit_code == 2:
            raise
        return Followed(before, 0, (Finding(problem, evidence),))
    walk = _Walk(before, checkpoint.origin, met_at, tolerance)
    start = 0 if before is None else before.checkpoint.size
    findings = [
        Finding(problem, {**evidence, f"entry-{index}.tlog-proof": _proof(index, reader, data)})
        for index in range(start, checkpoint.size)
        for problem in walk.step(index, reader.entry(index))
    ]
    try:
        pinned = [log.key for log in policy.logs]
        check_signed(note, checkpoint, keys_of(checkpoint.origin, [*pinned, *named], walk.rotations))
    except MusterRollError as problem:
        findings.append(Finding(problem, evidence))
        if problem.code == "key.replaced":
            return Followed(before, 0, tuple(findings))
    return Followed(walk.seen(data, met_at), checkpoint.size - start, tuple(findings))


def check_years(logs: Mapping[str, Seen]) -> Iterator[Finding]:
    """What does not hang together between the logs of one register, by origin."""
    order = sorted(logs, key=lambda origin: year.split(origin))
    for earlier, origin in zip(["", *order], order, strict=False):
        seen = logs[origin]
        evidence = {"checkpoint": seen.note}
        if seen.continues is None:
            if earlier:
                yield Finding(year.broken("its first entry is not `year`", origin), evidence)
            continue
        if seen.continues.origin in logs:
            evidence["checkpoint.before"] = logs[seen.continues.origin].note
            try:
                year.check_link(seen.continues, logs[seen.continues.origin].checkpoint, where=origin)
            except MusterRollError as problem:
                yield Finding(problem, evidence)


def named_keys(logs: Mapping[str, Seen]) -> tuple[PublicKey, ...]:
    """The keys that these logs name for later ones, each named by a key that counted."""
    return tuple(one.new for seen in logs.values() for one in seen.rotations if one.new.name != one.old.name)


class _Walk:
    """The entries of one log, one after the other, held against what stood before them."""

    def __init__(self, before: Seen | None, origin: str, met_at: int, tolerance: int) -> None:
        self._origin = origin
        self._earliest = None if before is None else before.met_at - tolerance
        self._latest = met_at + tolerance
        self._acts = {} if before is None else dict(before.acts)
        self._counted = "" if before is None else before.counted
        self._live = {} if before is None else dict(before.live)
        self._once = {} if before is None else dict.fromkeys(before.once)
        self.rotations = () if before is None else before.rotations
        self._continues = None if before is None else before.continues

    def seen(self, note: bytes, met_at: int) -> Seen:
        """What is seen after the last step."""
        return Seen(
            note, met_at, self._acts, self._counted, self._live, tuple(self._once), self.rotations, self._continues
        )

    def step(self, index: int, data: bytes) -> list[MusterRollError]:
        """What is wrong with entry `index`."""
        where = f"{self._origin}, entry {index}"
        try:
            said = codec.decode(data, where=where)
        except MusterRollError as problem:
            return [problem]
        if isinstance(said, codec.ActEntry):
            day = dates.format_day(dates.day_of_instant(said.hour))
            self._acts[day] = self._acts.get(day, 0) + 1
            return self._timely(said.hour, said.hour + _HOUR - 1, where)
        found = self._timely(said.at, said.at, where)
        try:
            grammar.check(said.kind, said.payload, where=where)
            self._held(said.kind, said.payload, index, where)
        except MusterRollError as problem:
            found.append(problem)
        return found

    def _timely(self, first: int, last: int, where: str) -> list[MusterRollError]:
        if first > self._latest:
            return [_time(f"it says {dates.format_instant(first)}, and was there before", where)]
        if self._earliest is not None and last < self._earliest:
            return [_time(f"it says {dates.format_instant(last)}, and was not there until later", where)]
        return []

    def _held(self, kind: Kind, said: Mapping[str, Any], index: int, where: str) -> None:
        match kind:
            case Kind.YEAR:
                if index:
                    raise year.broken("an entry `year` stands elsewhere than first", where)
                self._continues = year.parse_link(said, self._origin, where=where)
            case Kind.KEY:
                rotation = parse_rotation(said, index, where=where)
                if rotation.old.name != self._origin:
                    raise _wrong("monitor.key", "The key of another log speaks here.", where)
                self.rotations = (*self.rotations, rotation)
            case Kind.STAT:
                self._count(said["day"], said["act"], where)
            case Kind.DRAW_MANIFEST:
                self._manifest(said["draw"], said["sha256"], said["supersedes"], where)
            case _ if kind in _ONCE:
                name = f"{kind.value} {said['manifest']}"
                if name in self._once:
                    raise _wrong("monitor.twice", f"There is a second {kind.value} for one manifest.", where)
                self._once[name] = None
            case _:
                pass

    def _count(self, day: str, count: int, where: str) -> None:
        there = self._acts.get(day, 0)
        if count != there or day <= self._counted:
            raise _wrong(
                "monitor.count", f"It counts {count} acts on {day}; {there} stand before it, counted once a day.", where
            )
        self._counted = day

    def _manifest(self, draw: str, digest: str, supersedes: str | None, where: str) -> None:
        live = self._live.get(draw)
        if live == digest or (live is not None and supersedes != live):
            raise _wrong("monitor.two-manifests", f"The draw {draw} has two manifests that live.", where)
        self._live[draw] = digest


def _check_grown(old: Checkpoint, new: Checkpoint, reader: TileReader, evidence: dict[str, bytes]) -> None:
    if new.size < old.size:
        raise _wrong("monitor.shrunk", f"The log had {old.size} entries and now has {new.size}.", new.origin)
    path = consistency(old.size, new.size, reader.subtree)
    evidence["consistency.txt"] = "".join(f"{encode_base64(step)}\n" for step in path).encode()
    check_consistency(old.size, old.root, new.size, new.root, path)


def _proof(index: int, reader: TileReader, checkpoint: bytes) -> bytes:
    path = inclusion(index, reader.size, reader.subtree)
    return TlogProof(index, path, checkpoint, reader.entry(index)).encode()


def _quorum(checkpoint: Checkpoint, count: int) -> MusterRollError:
    return MusterRollError(
        "policy.quorum",
        f"The published checkpoint is cosigned by {count} of the witnesses, and that is not the quorum.",
        where=checkpoint.origin,
        remedy="Rely on nothing that only this checkpoint shows.",
    )


def _time(why: str, where: str) -> MusterRollError:
    return _wrong("monitor.time", f"An entry was not written when it says: {why}.", where)


def _wrong(code: str, what: str, where: str) -> MusterRollError:
    return MusterRollError(
        code, what, where=where, remedy="Keep the evidence; ask the register in public what this is."
    )
