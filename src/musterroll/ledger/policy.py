"""What a reader trusts, pinned in a file of its own (C2SP tlog-policy).

1. Lines `log <vkey> [url]`, `witness <name> <vkey> [url]`, `group <name> <all|any|k> <name>...`, `quorum <name|none>`;
   names are given before they are used, each is a member of one group at most, there is exactly one quorum.
2. A checkpoint is accepted when one of the logs signed it and the quorum cosigned it. No signature by a trusted key may
   be false.
3. `met_at` is the second at which the quorum was complete: from then on the log's holder could no longer choose.
4. Keys are Ed25519 only: type 0x01 for logs, 0x04 for witnesses; another type in a policy is refused, not skipped,
   because a quorum that counted on it would silently be another one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from musterroll.errors import MusterRollError
from musterroll.ledger.checkpoint import Checkpoint, parse
from musterroll.ledger.cosignature import times as cosignature_times
from musterroll.ledger.note import COSIGNATURE, ED25519, PublicKey, parse_vkey, verify
from musterroll.ledger.note import decode as decode_note

NONE = "none"
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Log:
    """A log that is trusted to sign; the key bears its origin."""

    key: PublicKey
    url: str = ""

    def __post_init__(self) -> None:
        if self.key.algorithm != ED25519:
            raise ValueError("a log's key has type 1")


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness under the name it has in this policy."""

    name: str
    key: PublicKey
    url: str = ""

    def __post_init__(self) -> None:
        if self.key.algorithm != COSIGNATURE:
            raise ValueError("a witness's key has type 4")


@dataclass(frozen=True, slots=True)
class Group:
    """At least `least` of `members`, each a witness or an earlier group."""

    name: str
    least: int
    members: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 1 <= self.least <= len(self.members):
            raise ValueError("a group needs at least one and at most all of its members")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A checkpoint that meets the policy: who cosigned it when (witness name, second), and when the quorum was met.

    `met_at` is None where the policy asks for no witness.
    """

    checkpoint: Checkpoint
    times: Mapping[str, int]
    met_at: int | None


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs, witnesses, groups in order of definition, and the name that must be met (`none`: no witness is asked)."""

    logs: tuple[Log, ...]
    witnesses: tuple[Witness, ...]
    groups: tuple[Group, ...]
    quorum: str

    def __post_init__(self) -> None:
        for keys in ([log.key.public for log in self.logs], [witness.key.public for witness in self.witnesses]):
            if len(set(keys)) != len(keys):
                raise ValueError("a key stands twice")
        known = [witness.name for witness in self.witnesses]
        free = set(known)
        for group in self.groups:
            if len(set(group.members)) != len(group.members) or not free.issuperset(group.members):
                raise ValueError(f"group {group.name} names somebody unknown, or somebody who is in a group already")
            free.difference_update(group.members)
            free.add(group.name)
            known.append(group.name)
        if len(set(known)) != len(known) or NONE in known:
            raise ValueError("each name is given once, and `none` to nobody")
        if self.quorum != NONE and self.quorum not in known:
            raise ValueError("the quorum names a witness or a group")

    def encode(self) -> bytes:
        """The policy file. Inverse of `decode`."""
        lines = [f"log {log.key.vkey} {log.url}" for log in self.logs]
        lines += [f"witness {witness.name} {witness.key.vkey} {witness.url}" for witness in self.witnesses]
        lines += [f"group {group.name} {group.least} {' '.join(group.members)}" for group in self.groups]
        lines.append(f"quorum {self.quorum}")
        return "".join(f"{line.rstrip()}\n" for line in lines).encode("utf-8", "surrogateescape")

    def met(self, times: Mapping[str, int], by: int | None = None) -> bool:
        """Whether the witnesses in `times` (name, second) meet the quorum; `by`: counting none later than that."""
        met = {witness.name for witness in self.witnesses if witness.name in times}
        if by is not None:
            met = {name for name in met if times[name] <= by}
        for group in self.groups:
            if len(met.intersection(group.members)) >= group.least:
                met.add(group.name)
        return self.quorum == NONE or self.quorum in met

    def met_at(self, times: Mapping[str, int]) -> int | None:
        """The second at which the quorum was complete. None where it is not met, or no witness is asked."""
        if self.quorum == NONE:
            return None
        return next((at for at in sorted(times.values()) if self.met(times, by=at)), None)

    def accept(self, data: bytes, *, where: str = "checkpoint") -> Accepted:
        """The checkpoint in the signed note `data`, if it meets this policy.

        Raises MusterRollError `note.*`, `checkpoint.malformed`, `policy.log` (another log) or `policy.quorum`.
        """
        note = decode_note(data, where=where)
        checkpoint = parse(note.text, where=where)
        keys = [log.key for log in self.logs if log.key.name == checkpoint.origin]
        if not keys:
            raise MusterRollError(
                "policy.log",
                f"The policy does not trust the log {checkpoint.origin}.",
                where=where,
                remedy="Use the policy of this register, or the checkpoint of a log that the policy names.",
            )
        verify(note, keys)
        names = {witness.key: witness.name for witness in self.witnesses}
        times = {names[key]: at for key, at in cosignature_times(note, names).items()}
        if not self.met(times):
            missing = ", ".join(name for name in names.values() if name not in times)
            raise MusterRollError(
                "policy.quorum",
                f"Too few witnesses cosigned this checkpoint: {len(times)} of {len(names)}; missing: {missing}.",
                where=where,
                remedy="Wait until the quorum has cosigned; rely on nothing that is shown by this checkpoint alone.",
            )
        return Accepted(checkpoint, times, self.met_at(times))


def decode(data: bytes, *, where: str = "policy") -> Policy:
    """The policy in a file. Raises MusterRollError `policy.malformed` or `key.malformed`, naming the line."""
    logs: list[Log] = []
    witnesses: list[Witness] = []
    groups: list[Group] = []
    quorums: list[str] = []
    number = 0
    try:
        if _FORBIDDEN.search(data):
            raise ValueError("a control character other than tab and newline")
        for number, words in _lines(data):
            at_line = f"{where}, line {number}"
            match words:
                case ["log", vkey, *url] if len(url) < 2:
                    logs.append(Log(parse_vkey(vkey, where=at_line), *url))
                case ["witness", name, vkey, *url] if len(url) < 2:
                    witnesses.append(Witness(name, parse_vkey(vkey, where=at_line), *url))
                case ["group", name, least, *members]:
                    groups.append(Group(name, _least(least, len(members)), tuple(members)))
                case ["quorum", name]:
                    quorums.append(name)
                case _:
                    raise ValueError("this is no log, witness, group or quorum line")
            defined = {NONE, *(witness.name for witness in witnesses), *(group.name for group in groups)}
            named = words[3:] if words[0] == "group" else quorums
            if not defined.issuperset(named):
                raise ValueError("a name is used before it is given")
        number = 0
        if len(quorums) != 1:
            raise ValueError("there is exactly one quorum line")
        return Policy(tuple(logs), tuple(witnesses), tuple(groups), quorums[0])
    except ValueError as problem:
        raise MusterRollError(
            "policy.malformed",
            f"This policy cannot be used: {problem}.",
            where=f"{where}, line {number}" if number else where,
            remedy="Write it as C2SP tlog-policy says, with Ed25519 keys.",
        ) from None


def _lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = data.decode("utf-8", "surrogateescape")
    for number, line in enumerate(text.split("\n"), 1):
        words = [word for word in re.split("[ \t]+", line) if word]
        if words and not words[0].startswith("#"):
            yield number, words


def _least(word: str, members: int) -> int:
    if word == "all":
        return members
    if word == "any":
        return 1
    if not re.fullmatch("[1-9][0-9]*", word):
        raise ValueError("a group says all, any or a number")
    return int(word)
