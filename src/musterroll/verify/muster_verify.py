#!/usr/bin/env python3
"""Check a Muster Roll draw, or a whole folder of published draws and ledgers, trusting nobody.

    python3 muster_verify.py DIR [--receipt FILE] [--policy FILE]

DIR is the folder of one draw, or a register's whole `published` folder. This file needs Python 3.10 or newer and
nothing else: no network, no database, no other file of the project. It is one long file on purpose, so that a court, a
newspaper or a parent can keep it, read it and run it by itself: everything it relies on but SHA-256 stands below, down
to the arithmetic of the two kinds of signatures. The formats are described in docs/spec/draw.md and ledger.md.

How it ends (exit status):
    0  all holds
    1  something is wrong: it prints what was expected, what was found, and where; keep the files, they are evidence
    2  it could not look: something is missing or unknown to this version; what it did look at holds
    3  the order is correct, but it is not shown that everything was fixed in time, or something is not stated

--policy names the log's key, the witnesses and the quorum that you trust (C2SP tlog-policy). Without the option the
file `trust/policy.txt` beside the `published` folder is used, never one inside it: a folder must not vouch for itself.
--receipt is a person's own receipt or ticket, to be found in the list and in the order.

Contents: 1 what is reported. 2 bytes. 3 the Merkle tree. 4 Ed25519. 5 notes, witnesses, policies, proofs, entries.
6 BLS12-381 and the beacon. 7 the ledger. 8 time stamps. 9 the manifest. 10 one list of a draw: proof, entries,
randomness, order. 11 draws by table. 12 the source's list, the count of the pot, another attempt. 13 fairness figures.
14 audits. 15 supplements and strata drawn anew. 16 receipts and tickets. 17 the command.
"""

# ruff: noqa: D103 - small functions of arithmetic say in their names what they do

from __future__ import annotations

import argparse
import base64
import binascii
import bisect
import functools
import hashlib
import heapq
import itertools
import json
import math
import mmap
import operator
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timezone
from typing import Any, NamedTuple, NoReturn

# ---------------------------------------------------------------------------------------------------------------------
# 1  What is reported
# ---------------------------------------------------------------------------------------------------------------------

ALL_HOLDS, WRONG, COULD_NOT_LOOK, TIME_NOT_SHOWN = 0, 1, 2, 3

SUMMARY = {
    ALL_HOLDS: "ALL HOLDS. Everything that is marked `holds` above was computed anew here.",
    WRONG: "SOMETHING IS WRONG. Keep these files as they are: they are the evidence.",
    COULD_NOT_LOOK: "COULD NOT LOOK AT EVERYTHING. What was looked at holds; see the lines above for what is missing.",
    TIME_NOT_SHOWN: "THE ORDER IS CORRECT, TIME NOT SHOWN. It follows from these files, but they do not show by "
    "themselves that everything was fixed before the order could be known; see the lines above.",
}


class Wrong(Exception):
    """Something is not as it must be: what, and the evidence a third party needs to agree."""

    def __init__(self, what: str, expected: object = None, found: object = None, where: str = "") -> None:
        super().__init__(what)
        self.what, self.expected, self.found, self.where = what, expected, found, where


class CannotLook(Exception):
    """Something needed is missing, or of a kind that this version does not know."""


class Report:
    """Prints each finding as it is made and remembers what they amount to. `step` is told how far a long part is."""

    def __init__(self, say: Callable[[str], None], step: Callable[[str, int, int], None] | None = None) -> None:
        self.say, self.step = say, step or (lambda _part, _done, _of: None)
        self.found = {ALL_HOLDS}

    def title(self, text: str) -> None:
        self.say("")
        self.say(plain(text))

    def holds(self, text: str) -> None:
        self.say("  holds        " + plain(text))

    def not_checked(self, text: str) -> None:
        """Something that no check here covers; it does not change the result."""
        self.say("  NOT CHECKED  " + plain(text))

    def not_shown(self, text: str) -> None:
        self.say("  NOT SHOWN    " + plain(text))
        self.found.add(TIME_NOT_SHOWN)

    def not_stated(self, text: str) -> None:
        self.say("  NOT STATED   " + plain(text))
        self.found.add(TIME_NOT_SHOWN)

    def cannot_look(self, text: str) -> None:
        self.say("  CANNOT LOOK  " + plain(text))
        self.found.add(COULD_NOT_LOOK)

    def wrong(self, problem: Wrong) -> None:
        self.say("  WRONG        " + plain(problem.what))
        if problem.expected is not None or problem.found is not None:
            self.say("               expected: " + plain(problem.expected))
            self.say("               found:    " + plain(problem.found))
        if problem.where:
            self.say("               where:    " + plain(problem.where))
        self.found.add(WRONG)

    def run(self, check: Callable[..., Any], *given: Any) -> Any:
        """What `check` returns, or None once its failure has been reported. Nothing passes as a traceback."""
        try:
            return check(*given)
        except Wrong as problem:
            self.wrong(problem)
        except CannotLook as problem:
            self.cannot_look(str(problem))
        except OSError as problem:
            self.cannot_look("a file could not be read: " + str(problem))
        except Exception as problem:  # a slip of this program must never read as "all holds"
            self.cannot_look(f"this program failed at `{check.__name__}` ({type(problem).__name__}); please report it")
        return None

    def result(self) -> int:
        """1 before 2 before 3 before 0."""
        return next(code for code in (WRONG, COULD_NOT_LOOK, TIME_NOT_SHOWN, ALL_HOLDS) if code in self.found)


def plain(value: object) -> str:
    """Text that is safe to print whatever stands in the files: visible ASCII, not endless."""
    text = "".join(c if " " <= c <= "~" else "?" for c in str(value))
    return text if len(text) <= 400 else text[:400] + "..."


# ---------------------------------------------------------------------------------------------------------------------
# 2  Bytes
# ---------------------------------------------------------------------------------------------------------------------

LARGEST_TEXT_FILE = 1 << 20  # no JSON file, note, proof or policy is larger than a megabyte


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def tag(label: str) -> bytes:
    """The 32-byte prefix that keeps the hashes of one purpose apart from all others."""
    return sha256(b"muster-roll/" + label.encode("ascii") + b"/v1")


def read_file(path: str, limit: int | None = LARGEST_TEXT_FILE) -> bytes:
    if not os.path.isfile(path):
        raise CannotLook("the file is missing: " + path)
    if limit is not None and os.path.getsize(path) > limit:
        raise Wrong("this file is larger than any such file can be", f"at most {limit} bytes", where=path)
    with open(path, "rb") as file:
        return file.read()


def sha256_of_file(path: str) -> str:
    state = hashlib.sha256()
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            state.update(piece)
    return state.hexdigest()


def parse_json(data: bytes, where: str) -> Any:
    """Restricted JSON: integers below 2^53 are the only numbers; member names are ASCII and stand once."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs) or not all(name.isascii() for name, _ in pairs):
            raise ValueError
        return dict(pairs)

    def refuse(_: str) -> NoReturn:
        raise ValueError

    def whole(text: str) -> int:
        if len(text) > 17 or abs(int(text)) >= 2**53 or text == "-0":
            raise ValueError
        return int(text)

    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=once, parse_float=refuse, parse_constant=refuse, parse_int=whole
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # half of a surrogate pair is no text
        return value
    except (ValueError, RecursionError):
        raise Wrong("this is not JSON of the restricted kind that Muster Roll writes", where=where) from None


def is_whole(value: object, least: int = 0) -> bool:
    return type(value) is int and value >= least


def is_hex(value: object, count: int = 32) -> bool:
    return isinstance(value, str) and len(value) == 2 * count and re.fullmatch("[0-9a-f]*", value) is not None


def from_base64(text: str) -> bytes:
    """Standard base64 in its one canonical spelling. ValueError for anything else."""
    data = base64.b64decode(text.encode("ascii"), validate=True)
    if base64.b64encode(data).decode("ascii") != text:
        raise ValueError("not canonical")
    return data


def instant(text: object, where: str) -> int:
    """Seconds since 1970 of `YYYY-MM-DDTHH:MM:SSZ`."""
    try:
        if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text, re.ASCII):
            raise ValueError
        return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp())  # noqa: UP017
    except ValueError:
        raise Wrong("a time is written YYYY-MM-DDTHH:MM:SSZ", found=text, where=where) from None


def utc(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")  # noqa: UP017
    except (ValueError, OverflowError, OSError):
        return f"second {seconds}"


# ---------------------------------------------------------------------------------------------------------------------
# 3  The Merkle tree (RFC 6962 section 2.1) and its tiles (C2SP tlog-tiles)
# ---------------------------------------------------------------------------------------------------------------------


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry)


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def tree_root(leaf_hashes: list[bytes]) -> bytes:
    """Level by level; an odd node is promoted, never doubled."""
    if not leaf_hashes:
        return sha256(b"")
    level = leaf_hashes
    while len(level) > 1:
        above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = above + level[len(level) - len(level) % 2 :]
    return level[0]


def root_from_path(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162 section 2.1.3.2). ValueError for a path of another length."""
    node, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise ValueError("the path is too long")
        if node % 2 == 1 or node == last:
            root = node_hash(step, root)
            while node % 2 == 0 and node != 0:
                node, last = node // 2, last // 2
        else:
            root = node_hash(root, step)
        node, last = node // 2, last // 2
    if last != 0:
        raise ValueError("the path is too short")
    return root


def tile_number(index: int) -> str:
    text = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        text = f"x{index % 1000:03}/" + text
    return text


TILE = 256  # hashes in a tile, entries in a bundle


class Tree:
    """A tree whose entries come 256 at a time, compared on the way with the tiles published under `folder`/tile.

    It keeps one hash for each full tile and forgets the rest, so that a list of 25 million needs little memory. With
    an empty `folder` there is nothing to compare.
    """

    def __init__(self, folder: str, *, grows: bool = False) -> None:
        self.folder, self.size, self.compared, self.grows = folder, 0, 0, grows
        self.above: list[bytes] = []  # the root of each full tile of the lowest level
        self.rest: list[bytes] = []  # the leaf hashes of the last tile while it is not full
        self.problem: Wrong | CannotLook | None = None  # the first one that the tiles showed
        self.unread: dict[str, list[int]] = {}  # the widths in which each tile lies there, until it is compared
        self.strange: list[str] = []
        for name in files_under(os.path.join(folder, "tile")) if folder else []:
            path, _, width = name.partition(".p/")
            if re.fullmatch(r"(entries|[0-9]{1,2})(/x[0-9]{3})*/[0-9]{3}", path) and re.fullmatch(
                r"|[1-9]\d?\d?", width
            ):
                self.unread.setdefault(path, []).append(int(width or TILE))
            else:
                self.strange.append(name)

    def add(self, entries: list[bytes], report: Report) -> None:
        """The next 256 entries, or the last ones."""
        number, hashes = tile_number(len(self.above)), [leaf_hash(entry) for entry in entries]
        if self.folder:
            self.compare("entries/" + number, [len(entry).to_bytes(2, "big") + entry for entry in entries], report)
            self.compare("0/" + number, hashes, report)
        self.size += len(entries)
        if len(entries) == TILE:
            self.above.append(tree_root(hashes))
        else:
            self.rest = hashes

    def compare(self, tile: str, rows: list[bytes], report: Report) -> None:
        """Every width in which a tile lies there; narrower ones of earlier sizes may remain."""
        widths = self.unread.pop(tile, [])
        if not any(width >= len(rows) for width in widths):
            missing = CannotLook(f"a file of the tree is missing: {self.path(tile, len(rows))}")
            self.problem = self.problem or missing
        for width in widths:
            where = self.path(tile, width)
            found, expected = read_file(where, None), b"".join(rows[:width])
            if width > len(rows):  # the log has grown since it was signed: the beginning must agree
                report.not_checked(f"{where}: what lies beyond the signed size")
                found = found[: len(expected)]
            if found != expected:
                differs = Wrong(
                    "a tile is not what the entries say", sha256(expected).hex(), sha256(found).hex(), where
                )
                self.problem = self.problem or differs
            self.compared += 1

    def path(self, tile: str, width: int) -> str:
        return os.path.join(self.folder, "tile", *tile.split("/")) + ("" if width == TILE else f".p/{width}")

    def root(self) -> bytes:
        return tree_root(self.above + ([tree_root(self.rest)] if self.rest else []))

    def check_tiles(self, report: Report) -> None:
        """The tiles above the lowest level, then what was found about all of them."""
        level, hashes = 1, self.above
        while hashes:
            for start in range(0, len(hashes), TILE):
                self.compare(f"{level}/{tile_number(start // TILE)}", hashes[start : start + TILE], report)
            hashes = [tree_root(hashes[i : i + TILE]) for i in range(0, len(hashes) - TILE + 1, TILE)]
            level += 1
        if self.problem is not None:
            raise self.problem
        beyond = [self.path(tile, width) for tile, widths in self.unread.items() for width in widths]
        if beyond and not self.grows:
            raise Wrong("a tile stands for entries that are not there", where=beyond[0])
        for name in beyond + [os.path.join(self.folder, "tile", name) for name in self.strange]:
            report.not_checked(f"{name} lies beyond the signed size, or is no file of the tree")
        report.holds(f"{self.compared} tiles and entry bundles in {self.path('', TILE)} are what the entries say")


def files_under(folder: str) -> list[str]:
    """Every file below `folder`, with `/` between the parts."""
    found = []
    for root, folders, names in os.walk(folder):
        folders.sort()
        found += [os.path.relpath(os.path.join(root, name), folder).replace(os.sep, "/") for name in names]
    return sorted(found)


# ---------------------------------------------------------------------------------------------------------------------
# 4  Ed25519 signatures (RFC 8032 section 5.1)
# ---------------------------------------------------------------------------------------------------------------------

Q = 2**255 - 19
ED_ORDER = 2**252 + 27742317777372353535851937790883648493
ED_D = -121665 * pow(121666, -1, Q) % Q
ED_SQRT_M1 = pow(2, (Q - 1) // 4, Q)

EdPoint = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z


def ed_add(a: EdPoint, b: EdPoint) -> EdPoint:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % Q, (a[1] + a[0]) * (b[1] + b[0]) % Q
    g, h = 2 * a[3] * b[3] * ED_D % Q, 2 * a[2] * b[2] % Q
    i, j, k, m = f - e, h - g, h + g, f + e
    return (i * j % Q, k * m % Q, j * k % Q, i * m % Q)


def ed_multiply(scalar: int, point: EdPoint) -> EdPoint:
    result: EdPoint = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = ed_add(result, point)
        point = ed_add(point, point)
        scalar >>= 1
    return result


def ed_decode(data: bytes) -> EdPoint:
    """The point that 32 bytes stand for. ValueError unless they are the canonical spelling of one."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if len(data) != 32 or y >= Q:
        raise ValueError("not canonical")
    u, v = (y * y - 1) % Q, (ED_D * y * y + 1) % Q
    x = u * v**3 * pow(u * v**7, (Q - 5) // 8, Q) % Q
    if v * x * x % Q != u:
        x = x * ED_SQRT_M1 % Q
    if v * x * x % Q != u or (x == 0 and sign == 1):
        raise ValueError("no point of the curve")
    if x & 1 != sign:
        x = Q - x
    return (x, y, 1, x * y % Q)


def ed_encode(point: EdPoint) -> bytes:
    inverse = pow(point[2], -1, Q)
    x, y = point[0] * inverse % Q, point[1] * inverse % Q
    return (y | (x & 1) << 255).to_bytes(32, "little")


ED_BASE = ed_decode(bytes.fromhex("58" + "66" * 31))
ED_NOBODY = (1).to_bytes(32, "little")  # a key of small order: whoever likes signs with it, over anything


def ed25519_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `public` (32 bytes) made `signature` (64 bytes) over `message`."""
    try:
        a = ed_decode(public)
    except ValueError:
        return False
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= ED_ORDER:
        return False
    if ed_encode(ed_multiply(8, a)) == ED_NOBODY:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ED_ORDER
    # [s]B - [k]A must be R, compared as bytes: only one spelling of R is accepted.
    minus_a = (Q - a[0], a[1], a[2], Q - a[3])
    return ed_encode(ed_add(ed_multiply(s, ED_BASE), ed_multiply(k, minus_a))) == signature[:32]


# ---------------------------------------------------------------------------------------------------------------------
# 5  Signed notes, checkpoints, cosignatures, policies, proofs (C2SP signed-note, tlog-*)
# ---------------------------------------------------------------------------------------------------------------------

LOG_KEY, WITNESS_KEY = 0x01, 0x04


class Key:
    """A key of a policy: `<name>+<hex id>+<base64(type || 32 bytes)>`."""

    def __init__(self, vkey: str, kind: int) -> None:
        name, identity, encoded = vkey.split("+", 2)
        data = from_base64(encoded)
        if not name or any(c.isspace() for c in name) or len(data) != 33 or data[0] != kind:
            raise ValueError("a log's key has type 1, a witness's type 4, both Ed25519")
        self.name, self.public = name, data[1:]
        self.id = sha256(name.encode("utf-8", "surrogateescape") + b"\n" + data)[:4]
        if identity != self.id.hex():
            raise ValueError("the id of the key does not follow from it")


class Policy:
    """Which logs are trusted, which witnesses, and which of them are enough."""

    def __init__(self, data: bytes, where: str) -> None:
        self.data = data
        self.logs: list[Key] = []
        self.replaced: dict[tuple[str, bytes], int] = {}  # keys of logs that count for nothing from a size on
        self.witnesses: dict[str, Key] = {}
        self.groups: dict[str, tuple[int, list[str]]] = {}
        self.quorum = ""
        grouped: set[str] = set()
        number = 0
        try:
            if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", data):
                raise ValueError("a control character")
            for line in data.decode("utf-8", "surrogateescape").split("\n"):
                number += 1
                words = [word for word in re.split("[ \t]+", line) if word]
                if not words or words[0].startswith("#"):
                    continue
                if words[0] == "log" and len(words) in (2, 3):
                    self.logs.append(Key(words[1], LOG_KEY))
                elif words[0] == "witness" and len(words) in (3, 4):
                    self.new_name(words[1])
                    self.witnesses[words[1]] = Key(words[2], WITNESS_KEY)
                elif words[0] == "group" and len(words) >= 4:
                    self.new_name(words[1])
                    members = words[3:]
                    if len(set(members)) != len(members) or grouped & set(members):
                        raise ValueError("a name is a member twice")
                    if not all(name in self.witnesses or name in self.groups for name in members):
                        raise ValueError("a member is not defined before")
                    least = {"all": str(len(members)), "any": "1"}.get(words[2], words[2])
                    if not re.fullmatch("[1-9][0-9]{0,3}", least) or int(least) > len(members):
                        raise ValueError("a group says all, any or a number of its members")
                    grouped |= set(members)
                    self.groups[words[1]] = (int(least), members)
                elif words[0] == "quorum" and len(words) == 2 and not self.quorum:
                    if words[1] != "none" and words[1] not in self.witnesses and words[1] not in self.groups:
                        raise ValueError("the quorum is not defined before")
                    self.quorum = words[1]
                else:
                    raise ValueError("no log, witness, group or single quorum line")
            if not self.quorum:
                raise ValueError("no quorum line")
            for keys in (self.logs, list(self.witnesses.values())):
                if len({key.public for key in keys}) != len(keys):
                    raise ValueError("a key stands twice")
        except ValueError as problem:
            raise CannotLook(f"the policy {where} cannot be used, line {number}: {problem}") from None

    def trusts(self, key: Key) -> bool:
        same = any((key.name, key.public) == (known.name, known.public) for known in self.logs)
        return same and (key.name, key.public) not in self.replaced

    def new_name(self, name: str) -> None:
        if name == "none" or name in self.witnesses or name in self.groups:
            raise ValueError("a name is given twice")

    def met(self, times: dict[str, int], by: int) -> bool:
        """Whether the witnesses that cosigned no later than second `by` are enough."""
        met = {name for name, at in times.items() if at <= by}
        for name, (least, members) in self.groups.items():
            if len(met.intersection(members)) >= least:
                met.add(name)
        return self.quorum in met  # `none` is never met: then nobody from outside has seen anything

    def met_at(self, times: dict[str, int]) -> int | None:
        return next((at for at in sorted(times.values()) if self.met(times, at)), None)


class Checkpoint:
    """What a log signed: origin, size, root. `times` are the verified cosignatures (witness name, second)."""

    def __init__(self, data: bytes, policy: Policy | None, where: str) -> None:
        try:
            text = data.decode("utf-8")
            body, separator, tail = text.rpartition("\n\n")
            if not separator or not tail.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text):
                raise ValueError("it is no signed note")
            self.text = body + "\n"
            self.origin, size, root, *more = self.text.split("\n")
            if more != [""] or not self.origin or not re.fullmatch(r"0|[1-9][0-9]{0,17}", size):
                raise ValueError("it has not exactly the three lines origin, size, root")
            self.size, self.root = int(size), from_base64(root)
            if len(self.root) != 32:
                raise ValueError("its root has not 32 bytes")
            self.lines = [signature_line(line) for line in tail[:-1].split("\n")]
            if len(self.lines) > 100:
                raise ValueError("it has over a hundred signatures")
        except (ValueError, binascii.Error) as problem:
            raise Wrong(f"this is not a signed checkpoint: {problem}", where=where) from None
        self.times: dict[str, int] = {}
        for name, identity, value in self.lines if policy is not None else []:
            self.cosigned(policy, name, identity, value, where)

    def cosigned(self, policy: Policy | None, name: str, identity: bytes, value: bytes, where: str) -> None:
        """Remember the time of a witness that the policy names."""
        for witness, key in policy.witnesses.items() if policy is not None else ():
            if (name, identity) == (key.name, key.id):
                at = int.from_bytes(value[:8], "big")
                message = f"cosignature/v1\ntime {at}\n{self.text}".encode()
                if not 0 < at < 2**63 or not ed25519_signed(key.public, message, value[8:]):
                    raise Wrong("a witness's cosignature is false", witness, "", where)
                self.times[witness] = min(at, self.times.get(witness, at))

    def check_log(self, policy: Policy, where: str) -> None:
        """Wrong unless a trusted key of the log signed it, one that was not replaced before this size."""
        keys = [key for key in policy.logs if key.name == self.origin]
        if not keys:
            names = ", ".join(sorted(key.name for key in policy.logs)) or "no log"
            raise Wrong("this is the checkpoint of a log that your policy does not name", names, self.origin, where)
        signers = []
        for name, identity, value in self.lines:
            for key in keys:
                if (name, identity) == (key.name, key.id):
                    if not ed25519_signed(key.public, self.text.encode("utf-8"), value):
                        raise Wrong("the log's signature under the checkpoint is false", key.name, "", where)
                    signers.append(policy.replaced.get((key.name, key.public), self.size + 1))
        if not signers:
            raise Wrong("the log's key did not sign this checkpoint", self.origin, "no such signature", where)
        if max(signers) <= self.size:
            raise Wrong("only a key that had been replaced signed this checkpoint", found=self.origin, where=where)


def signature_line(line: str) -> tuple[str, bytes, bytes]:
    """Name, key id and value of `— <name> <base64>`."""
    dash, name, encoded = line.split(" ")
    data = from_base64(encoded)
    if dash != "\u2014" or not name or "+" in name or len(data) < 5:
        raise ValueError("a signature line is malformed")
    return name, data[:4], data[4:]


class Proof:
    """A C2SP tlog-proof whose `extra` line is the entry itself: the entry is in the log that signed the checkpoint."""

    def __init__(self, data: bytes, policy: Policy | None, where: str) -> None:
        head, separator, checkpoint = data.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
            if not separator or lines[0] != "c2sp.org/tlog-proof@v1":
                raise ValueError("it does not begin with c2sp.org/tlog-proof@v1")
            if len(lines) < 3 or not lines[1].startswith("extra ") or not lines[2].startswith("index "):
                raise ValueError("it has no extra line with the entry, or no index")
            self.entry = from_base64(lines[1][6:])
            if not re.fullmatch(r"0|[1-9][0-9]{0,17}", lines[2][6:]):
                raise ValueError("its index is no number")
            self.index = int(lines[2][6:])
            path = [from_base64(line) for line in lines[3:]]
            if any(len(step) != 32 for step in path):
                raise ValueError("a step of its path has not 32 bytes")
        except (ValueError, binascii.Error) as problem:
            raise Wrong(f"this is not a proof: {problem}", where=where) from None
        self.note, self.checkpoint = checkpoint, Checkpoint(checkpoint, policy, where)
        if policy is not None:
            self.checkpoint.check_log(policy, where)
        try:
            if self.index >= self.checkpoint.size:
                raise ValueError("the index lies beyond the log")
            root = root_from_path(self.index, self.checkpoint.size, leaf_hash(self.entry), path)
        except ValueError as problem:
            raise Wrong(f"the path of the proof does not fit: {problem}", where=where) from None
        if root != self.checkpoint.root:
            raise Wrong("the proof does not lead to the signed root", self.checkpoint.root.hex(), root.hex(), where)
        self.kind, self.payload, self.at = parse_entry(self.entry, where)


KINDS = (
    "import", "roll", "pack", "config", "key", "year", "stat", "erasure.stat", "draw.potcheck", "draw.manifest",
    "draw.fallback", "draw.ceremony", "draw.table", "draw.result", "draw.fairness", "draw.review", "draw.stratum",
    "draw.spared", "supplement", "order", "audit", "questions", "recall", "campaign",
)  # fmt: skip


def is_tree(value: Any) -> bool:
    return isinstance(value, dict) and is_hex(value.get("root")) and is_whole(value.get("size"))


def is_text(value: Any) -> bool:
    return isinstance(value, str)


# The members of `p` that are read here, for the kinds that are; what else stands in an entry is a monitor's to see.
MEMBERS: dict[str, dict[str, Callable[[Any], bool]]] = {
    "key": {"from": is_whole, "new": is_text, "old": is_text, "origin": is_text, "signature": is_text},
    "year": {"origin": is_text, "root": is_hex, "size": is_whole},
    "draw.potcheck": {"draw": is_text, "root": is_hex, "sha256": is_hex, "verdict": is_text},
    "draw.manifest": {
        "draw": is_text, "sha256": is_hex, "attempt": is_whole, "supersedes": lambda x: x is None or is_hex(x),
    },
    "draw.fallback": {"draw": is_text, "manifest": is_hex, "round": is_whole},
    "draw.ceremony": {"draw": is_text, "manifest": is_hex, "symbols": is_text},
    "draw.table": {"draw": is_text, "manifest": is_hex, "sha256": is_hex},
    "draw.result": {"draw": is_text, "manifest": is_hex, "seed": is_hex, "order": is_hex},
    "draw.fairness": {"draw": is_text, "manifest": is_hex, "sha256": is_hex, "verdict": is_text},
    "supplement": {"draw": is_text, "number": is_whole, "parent": is_hex, "sha256": is_hex},
    "draw.stratum": {"draw": is_text, "number": is_whole, "parent": is_hex, "sha256": is_hex, "stratum": is_text},
    "draw.spared": {
        "draw": is_text, "manifest": is_hex, "hand": is_tree, "spared": is_tree, "round": lambda x: is_whole(x, 1),
        "sample": is_whole,
    },
    "audit": {"draw": is_text, "manifest": is_hex, "cohort": is_whole, "spared": is_whole, "hand": is_whole,
              "wrong": is_whole},
}  # fmt: skip

# An act about one person says nothing but a commitment (43 letters, the last with no bits left over) and the hour.
ACT = rb'\{"c":"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]","k":"act","t":"(\d{4}-\d\d-\d\dT\d\d)Z","v":1\}'


@functools.lru_cache(maxsize=10_000)  # a year has 8,784 hours
def is_hour(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%dT%H")  # noqa: DTZ007 - only whether it exists
    except ValueError:
        return False
    return True


def parse_entry(data: bytes, where: str) -> tuple[str, dict[str, Any], str]:
    """Kind, public part (empty for an opaque `act`) and time of a ledger entry, or Wrong."""
    act = re.fullmatch(ACT, data)
    if act is not None:
        hour = act[1].decode()
        if not is_hour(hour):
            raise Wrong("an act gives an hour that is none", found=hour, where=where)
        return "act", {}, hour + "Z"
    entry = parse_json(data, where)
    problem = ""
    if not isinstance(entry, dict) or entry.get("v") != 1 or type(entry.get("v")) is not int or len(data) > 1024:
        problem = "it is no object with v 1 of at most 1,024 bytes"
    elif entry.get("k") not in KINDS or set(entry) != {"k", "p", "t", "v"} or not isinstance(entry["p"], dict):
        problem = "its kind or its members are not those of a Muster Roll ledger"
    else:
        instant(entry["t"], where)
        for member, form in MEMBERS.get(entry["k"], {}).items():
            if not form(entry["p"].get(member, NoReturn)):
                problem = f"`{member}` of {entry['k']} is missing or of another form"
    if not problem:
        again = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if again.encode("utf-8", "surrogatepass") != data:
            problem = "it is not spelt in canonical JSON"
    if problem:
        raise Wrong("this is no entry of a Muster Roll ledger: " + problem, where=where)
    return entry["k"], entry.get("p", {}), entry["t"]


# ---------------------------------------------------------------------------------------------------------------------
# 6  BLS12-381 and the beacon (drand quicknet: signature in G1, key in G2; RFC 9380 for hashing to the curve)
# ---------------------------------------------------------------------------------------------------------------------
# Fp2 = Fp[i] with i^2 = -1, an element is (real, imaginary). Fp12 = Fp2[w] with w^6 = 1 + i, an element is 6 of Fp2.
# Points are (x, y); None is the point at infinity. Nothing here is secret, so nothing needs constant time.

P = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
GROUP_ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
BLS_X = 0xD201000000010000  # the curve's parameter is minus this
G2_COMPRESSED = bytes.fromhex(
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)

Fp2 = tuple[int, int]
Fp12 = list[Fp2]
G1Point = tuple[int, int]
G2Point = tuple[Fp2, Fp2]

ONE_12: Fp12 = [(1, 0)] + [(0, 0)] * 5


def f2_mul(a: Fp2, b: Fp2) -> Fp2:
    return ((a[0] * b[0] - a[1] * b[1]) % P, (a[0] * b[1] + a[1] * b[0]) % P)


def f2_sub(a: Fp2, b: Fp2) -> Fp2:
    return ((a[0] - b[0]) % P, (a[1] - b[1]) % P)


def f2_scale(a: Fp2, k: int) -> Fp2:
    return (a[0] * k % P, a[1] * k % P)


def f2_inverse(a: Fp2) -> Fp2:
    norm = pow(a[0] * a[0] + a[1] * a[1], -1, P)
    return (a[0] * norm % P, -a[1] * norm % P)


def f2_pow(a: Fp2, exponent: int) -> Fp2:
    result: Fp2 = (1, 0)
    while exponent:
        if exponent & 1:
            result = f2_mul(result, a)
        a, exponent = f2_mul(a, a), exponent >> 1
    return result


def f12_mul(a: Fp12, b: Fp12) -> Fp12:
    real, imaginary = [0] * 11, [0] * 11
    for i in range(6):
        x, y = a[i]
        if x == 0 and y == 0:
            continue
        for j in range(6):
            u, v = b[j]
            real[i + j] += x * u - y * v
            imaginary[i + j] += x * v + y * u
    for k in range(5):  # w^6 = 1 + i
        real[k], imaginary[k] = (
            real[k] + real[k + 6] - imaginary[k + 6],
            imaginary[k] + real[k + 6] + imaginary[k + 6],
        )
    return [(real[k] % P, imaginary[k] % P) for k in range(6)]


FROBENIUS = [f2_pow((1, 1), k * (P - 1) // 6) for k in range(6)]  # w^(P-1), to the power k


def f12_frobenius(a: Fp12) -> Fp12:
    """a to the power P."""
    return [f2_mul((a[k][0], -a[k][1] % P), FROBENIUS[k]) for k in range(6)]


def f12_frobenius2(a: Fp12) -> Fp12:
    return f12_frobenius(f12_frobenius(a))


def f12_conjugate(a: Fp12) -> Fp12:
    """a to the power P^6: the sign of w changes."""
    return [a[k] if k % 2 == 0 else (-a[k][0] % P, -a[k][1] % P) for k in range(6)]


def f12_inverse(a: Fp12) -> Fp12:
    """The product of the five other conjugates over Fp2, divided by the norm, which lies in Fp2."""
    conjugate, others = a, ONE_12
    for _ in range(5):
        conjugate = f12_frobenius2(conjugate)
        others = f12_mul(others, conjugate)
    inverse_norm = f2_inverse(f12_mul(a, others)[0])
    return [f2_mul(c, inverse_norm) for c in others]


def f12_pow_x(a: Fp12) -> Fp12:
    """a to the power of the curve's parameter, for a on which conjugation is inversion."""
    result = a
    for bit in bin(BLS_X)[3:]:
        result = f12_mul(result, result)
        if bit == "1":
            result = f12_mul(result, a)
    return f12_conjugate(result)


def pairings_cancel(pairs: list[tuple[G1Point, G2Point]]) -> bool:
    """Whether the product of the pairings e(p, q) is one (ate pairing; factors of proper subfields are left out)."""
    f = ONE_12
    points = [q for _, q in pairs]
    for bit in bin(BLS_X)[3:]:
        f = f12_mul(f, f)
        for i, (p, q) in enumerate(pairs):
            line, points[i] = line_and_sum(points[i], points[i], p)
            f = f12_mul(line, f)
            if bit == "1":
                line, points[i] = line_and_sum(points[i], q, p)
                f = f12_mul(line, f)
    # Final exponentiation: (P^6 - 1)(P^2 + 1), then three times (P^4 - P^2 + 1) / GROUP_ORDER, which is
    # (x - 1)^2 (x + P) (x^2 + P^2 - 1) + 3. Three does not divide the group's order, so "one" stays "one".
    f = f12_mul(f12_conjugate(f), f12_inverse(f))
    f = f12_mul(f12_frobenius2(f), f)
    a = f12_mul(f12_pow_x(f), f12_conjugate(f))
    a = f12_mul(f12_pow_x(a), f12_conjugate(a))
    b = f12_mul(f12_pow_x(a), f12_frobenius(a))
    c = f12_mul(f12_mul(f12_pow_x(f12_pow_x(b)), f12_frobenius2(b)), f12_conjugate(b))
    return f12_mul(c, f12_mul(f, f12_mul(f, f))) == ONE_12


def line_and_sum(a: G2Point, b: G2Point, p: G1Point) -> tuple[Fp12, G2Point]:
    """The line through a and b (the tangent where they are equal) at p, times w^3; and a + b."""
    if a == b:
        slope = f2_mul(f2_scale(f2_mul(a[0], a[0]), 3), f2_inverse(f2_scale(a[1], 2)))
    else:
        slope = f2_mul(f2_sub(b[1], a[1]), f2_inverse(f2_sub(b[0], a[0])))
    x = f2_sub(f2_sub(f2_mul(slope, slope), a[0]), b[0])
    y = f2_sub(f2_mul(slope, f2_sub(a[0], x)), a[1])
    constant = f2_sub(f2_mul(slope, a[0]), a[1])
    line: Fp12 = [constant, (0, 0), f2_scale(slope, -p[0] % P), (p[1], 0), (0, 0), (0, 0)]
    return line, (x, y)


def g1_add(a: G1Point | None, b: G1Point | None) -> G1Point | None:
    if a is None or b is None:
        return b if a is None else a
    if a[0] == b[0]:
        if a[1] != b[1] or a[1] == 0:
            return None
        slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, P) % P
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P) % P
    x = (slope * slope - a[0] - b[0]) % P
    return (x, (slope * (a[0] - x) - a[1]) % P)


def g1_multiply(scalar: int, point: G1Point | None) -> G1Point | None:
    result = None
    while scalar:
        if scalar & 1:
            result = g1_add(result, point)
        point, scalar = g1_add(point, point), scalar >> 1
    return result


def g1_decode(data: bytes) -> G1Point:
    """A signature: the canonical compressed spelling of a finite point of the subgroup of prime order, or ValueError.

    The subgroup check is what makes the lottery safe: without it one round has 2^126 "valid" signatures with as many
    different values, and whoever publishes the round could choose among them.
    """
    x = int.from_bytes(data, "big") & ~(7 << 381)
    if len(data) != 48 or data[0] >> 6 != 2 or x >= P:
        raise ValueError("not the canonical spelling of a finite point")
    y = pow(x**3 + 4, (P + 1) // 4, P)
    if y * y % P != (x**3 + 4) % P:
        raise ValueError("not on the curve")
    if (y > (P - 1) // 2) != bool(data[0] & 0x20):
        y = P - y
    if g1_multiply(GROUP_ORDER, (x, y)) is not None:
        raise ValueError("not in the subgroup")
    return (x, y)


def g2_decode(data: bytes) -> G2Point:
    """A group key. Only pinned keys come here, so the subgroup is not checked again."""
    x = (int.from_bytes(data[48:], "big"), int.from_bytes(data[:48], "big") & ~(7 << 381))
    if len(data) != 96 or data[0] >> 6 != 2 or x[0] >= P or x[1] >= P:
        raise ValueError("not the canonical spelling of a finite point")
    cube = f2_mul(f2_mul(x, x), x)
    square = ((cube[0] + 4) % P, (cube[1] + 4) % P)
    # The square root of a + bi is c + di with c^2 = (a + sqrt(a^2 + b^2)) / 2, or with the other root, and d = b / 2c.
    norm_root = pow(square[0] ** 2 + square[1] ** 2, (P + 1) // 4, P)
    half = (square[0] + norm_root) * pow(2, -1, P) % P
    if pow(half, (P - 1) // 2, P) != 1:
        half = (square[0] - norm_root) * pow(2, -1, P) % P
    c = pow(half, (P + 1) // 4, P)
    y = (c, square[1] * pow(2 * c, -1, P) % P)
    if f2_mul(y, y) != square:
        raise ValueError("not on the curve")
    if ((y[1] or y[0]) > (P - 1) // 2) != bool(data[0] & 0x20):
        y = (-y[0] % P, -y[1] % P)
    return (x, y)


# The map from the curve y^2 = x^3 + ISO_A x + ISO_B to G1's, RFC 9380 section 8.8.1 and appendix E.2.
ISO_A = 0x144698A3B8E9433D693A02C96D4982B0EA985383EE66A8D8E8981AEFD881AC98936F8DA0E0F97F5CF428082D584C1D
ISO_B = 0x12E2908D11688030018B12E8753EEE3B2016C1F0F24F4070A0B9C14FCEF35EF55A23215A316CEAA5D1CC48E98E172BE0
ISO_Z = 11
ISO_DEGREES = (12, 10, 16, 15)  # how many constants of each polynomial follow; the denominators' leading 1 is not given
ISO_CONSTANTS = """
    # x numerator, k_(1,0) first
    11a05f2b1e833340b809101dd99815856b303e88a2d7005ff2627b56cdb4e2c85610c2d5f2e62d6eaeac1662734649b7
    17294ed3e943ab2f0588bab22147a81c7c17e75b2f6a8417f565e33c70d1e86b4838f2a6f318c356e834eef1b3cb83bb
    0d54005db97678ec1d1048c5d10a9a1bce032473295983e56878e501ec68e25c958c3e3d2a09729fe0179f9dac9edcb0
    1778e7166fcc6db74e0609d307e55412d7f5e4656a8dbf25f1b33289f1b330835336e25ce3107193c5b388641d9b6861
    0e99726a3199f4436642b4b3e4118e5499db995a1257fb3f086eeb65982fac18985a286f301e77c451154ce9ac8895d9
    1630c3250d7313ff01d1201bf7a74ab5db3cb17dd952799b9ed3ab9097e68f90a0870d2dcae73d19cd13c1c66f652983
    0d6ed6553fe44d296a3726c38ae652bfb11586264f0f8ce19008e218f9c86b2a8da25128c1052ecaddd7f225a139ed84
    17b81e7701abdbe2e8743884d1117e53356de5ab275b4db1a682c62ef0f2753339b7c8f8c8f475af9ccb5618e3f0c88e
    080d3cf1f9a78fc47b90b33563be990dc43b756ce79f5574a2c596c928c5d1de4fa295f296b74e956d71986a8497e317
    169b1f8e1bcfa7c42e0c37515d138f22dd2ecb803a0c5c99676314baf4bb1b7fa3190b2edc0327797f241067be390c9e
    10321da079ce07e272d8ec09d2565b0dfa7dccdde6787f96d50af36003b14866f69b771f8c285decca67df3f1605fb7b
    06e08c248e260e70bd1e962381edee3d31d79d7e22c837bc23c0bf1bc24c6b68c24b1b80b64d391fa9c8ba2e8ba2d229
    # x denominator, k_(2,0) first
    08ca8d548cff19ae18b2e62f4bd3fa6f01d5ef4ba35b48ba9c9588617fc8ac62b558d681be343df8993cf9fa40d21b1c
    12561a5deb559c4348b4711298e536367041e8ca0cf0800c0126c2588c48bf5713daa8846cb026e9e5c8276ec82b3bff
    0b2962fe57a3225e8137e629bff2991f6f89416f5a718cd1fca64e00b11aceacd6a3d0967c94fedcfcc239ba5cb83e19
    03425581a58ae2fec83aafef7c40eb545b08243f16b1655154cca8abc28d6fd04976d5243eecf5c4130de8938dc62cd8
    13a8e162022914a80a6f1d5f43e7a07dffdfc759a12062bb8d6b44e833b306da9bd29ba81f35781d539d395b3532a21e
    0e7355f8e4e667b955390f7f0506c6e9395735e9ce9cad4d0a43bcef24b8982f7400d24bc4228f11c02df9a29f6304a5
    0772caacf16936190f3e0c63e0596721570f5799af53a1894e2e073062aede9cea73b3538f0de06cec2574496ee84a3a
    14a7ac2a9d64a8b230b3f5b074cf01996e7f63c21bca68a81996e1cdf9822c580fa5b9489d11e2d311f7d99bbdcc5a5e
    0a10ecf6ada54f825e920b3dafc7a3cce07f8d1d7161366b74100da67f39883503826692abba43704776ec3a79a1d641
    095fc13ab9e92ad4476d6e3eb3a56680f682b4ee96f7d03776df533978f31c1593174e4b4b7865002d6384d168ecdd0a
    # y numerator, k_(3,0) first
    090d97c81ba24ee0259d1f094980dcfa11ad138e48a869522b52af6c956543d3cd0c7aee9b3ba3c2be9845719707bb33
    134996a104ee5811d51036d776fb46831223e96c254f383d0f906343eb67ad34d6c56711962fa8bfe097e75a2e41c696
    00cc786baa966e66f4a384c86a3b49942552e2d658a31ce2c344be4b91400da7d26d521628b00523b8dfe240c72de1f6
    01f86376e8981c217898751ad8746757d42aa7b90eeb791c09e4a3ec03251cf9de405aba9ec61deca6355c77b0e5f4cb
    08cc03fdefe0ff135caf4fe2a21529c4195536fbe3ce50b879833fd221351adc2ee7f8dc099040a841b6daecf2e8fedb
    16603fca40634b6a2211e11db8f0a6a074a7d0d4afadb7bd76505c3d3ad5544e203f6326c95a807299b23ab13633a5f0
    04ab0b9bcfac1bbcb2c977d027796b3ce75bb8ca2be184cb5231413c4d634f3747a87ac2460f415ec961f8855fe9d6f2
    0987c8d5333ab86fde9926bd2ca6c674170a05bfe3bdd81ffd038da6c26c842642f64550fedfe935a15e4ca31870fb29
    09fc4018bd96684be88c9e221e4da1bb8f3abd16679dc26c1e8b6e6a1f20cabe69d65201c78607a360370e577bdba587
    0e1bba7a1186bdb5223abde7ada14a23c42a0ca7915af6fe06985e7ed1e4d43b9b3f7055dd4eba6f2bafaaebca731c30
    19713e47937cd1be0dfd0b8f1d43fb93cd2fcbcb6caf493fd1183e416389e61031bf3a5cce3fbafce813711ad011c132
    18b46a908f36f6deb918c143fed2edcc523559b8aaf0c2462e6bfe7f911f643249d9cdf41b44d606ce07c8a4d0074d8e
    0b182cac101b9399d155096004f53f447aa7b12a3426b08ec02710e807b4633f06c851c1919211f20d4c04f00b971ef8
    0245a394ad1eca9b72fc00ae7be315dc757b3b080d4c158013e6632d3c40659cc6cf90ad1c232a6442d9d3f5db980133
    05c129645e44cf1102a159f748c4a3fc5e673d81d7e86568d9ab0f5d396a7ce46ba1049b6579afb7866b1e715475224b
    15e6be4e990f03ce4ea50b3b42df2eb5cb181d8f84965a3957add4fa95af01b2b665027efec01c7704b456be69c8b604
    # y denominator, k_(4,0) first
    16112c4c3a9c98b252181140fad0eae9601a6de578980be6eec3232b5be72e7a07f3688ef60c206d01479253b03663c1
    1962d75c2381201e1a0cbd6c43c348b885c84ff731c4d59ca4a10356f453e01f78a4260763529e3532f6102c2e49a03d
    058df3306640da276faaae7d6e8eb15778c4855551ae7f310c35a5dd279cd2eca6757cd636f96f891e2538b53dbf67f2
    16b7d288798e5395f20d23bf89edb4d1d115c5dbddbcd30e123da489e726af41727364f2c28297ada8d26d98445f5416
    0be0e079545f43e4b00cc912f8228ddcc6d19c9f0f69bbb0542eda0fc9dec916a20b15dc0fd2ededda39142311a5001d
    08d9e5297186db2d9fb266eaac783182b70152c65550d881c5ecd87b6f0f5a6449f38db9dfa9cce202c6477faaf9b7ac
    166007c08a99db2fc3ba8734ace9824b5eecfdfa8d0cf8ef5dd365bc400a0051d5fa9c01a58b1fb93d1a1399126a775c
    16a3ef08be3ea7ea03bcddfabba6ff6ee5a4375efa1f4fd7feb34fd206357132b920f5b00801dee460ee415a15812ed9
    1866c8ed336c61231a1be54fd1d74cc4f9fb0ce4c6af5920abc5750c4bf39b4852cfe2f7bb9248836b233d9d55535d4a
    167a55cda70a6e1cea820597d94a84903216f763e13d87bb5308592e7ea7d4fbc7385ea3d529b35e346ef48bb8913f55
    04d2f259eea405bd48f010a01ad2911d9c6dd039bb61a6290e591b36e636a5c871a5c29f4f83060400f8b49cba8f6aa8
    0accbb67481d033ff5852c1e48c50c477f94ff8aefce42d28c0f9a88cea7913516f968986f7ebbea9684b529e2561092
    0ad6b9514c767fe3c3613144b45f1496543346d98adf02267d5ceef9a00d9b8693000763e3b90ac11e99b138573345cc
    02660400eb2e4f3b628bdd0d53cd76f2bf565b94e72927c1cb748df27942480e420517bd8714cc80d1fadc1326ed06f7
    0e0fa1d816ddc03e6b24255e0d7819c171c40f65e273b853324efcd6356caa205ca2f570f13497804415473a1d634b8f
"""


def isogeny() -> list[list[int]]:
    """The coefficients of x numerator, x denominator, y numerator, y denominator; lowest first."""
    numbers = [int(line, 16) for line in ISO_CONSTANTS.split("\n") if line and "#" not in line]
    polynomials = []
    for count in ISO_DEGREES:
        polynomials.append(numbers[:count] + ([1] if count in (10, 15) else []))
        numbers = numbers[count:]
    return polynomials


ISOGENY = isogeny()


def evaluate(polynomial: list[int], x: int) -> int:
    result = 0
    for coefficient in reversed(polynomial):
        result = (result * x + coefficient) % P
    return result


def map_to_g1(u: int) -> G1Point:
    """Simplified SWU (RFC 9380 section 6.6.2), then the isogeny."""
    t = ISO_Z * u * u % P
    divisor = (t * t + t) % P
    if divisor == 0:
        x = ISO_B * pow(ISO_Z * ISO_A, -1, P) % P
    else:
        x = -ISO_B * (1 + pow(divisor, -1, P)) * pow(ISO_A, -1, P) % P
    square = (x**3 + ISO_A * x + ISO_B) % P
    y = pow(square, (P + 1) // 4, P)
    if y * y % P != square:
        x = t * x % P
        y = pow(x**3 + ISO_A * x + ISO_B, (P + 1) // 4, P)
    if y & 1 != u & 1:
        y = P - y
    x_num, x_den, y_num, y_den = (evaluate(polynomial, x) for polynomial in ISOGENY)
    return (x_num * pow(x_den, -1, P) % P, y * y_num * pow(y_den, -1, P) % P)


def hash_to_g1(message: bytes, dst: bytes) -> G1Point:
    """RFC 9380, BLS12381G1_XMD:SHA-256_SSWU_RO_."""
    ending = dst + bytes([len(dst)])
    first = sha256(bytes(64) + message + (128).to_bytes(2, "big") + b"\x00" + ending)
    blocks = [sha256(first + b"\x01" + ending)]
    for i in (2, 3, 4):
        mixed = bytes(a ^ b for a, b in zip(first, blocks[-1], strict=True))
        blocks.append(sha256(mixed + bytes([i]) + ending))
    uniform = b"".join(blocks)
    u0, u1 = (int.from_bytes(uniform[i : i + 64], "big") % P for i in (0, 64))
    point = g1_multiply(1 + BLS_X, g1_add(map_to_g1(u0), map_to_g1(u1)))  # clears the cofactor
    if point is None:
        raise ValueError("the hash is the point at infinity")
    return point


QUICKNET = {
    "chain": "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    "group_key": "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
    "scheme": "bls-unchained-g1-rfc9380",
    "genesis": 1692803367,
    "period": 3,
}
QUICKNET_GROUP_HASH = "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e"
QUICKNET_DST = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"


def quicknet_signed(group_key: bytes, round_number: int, signature: bytes) -> bool:
    """Whether `signature` is the beacon's signature of that round: e(signature, G2) = e(H(round), group key)."""
    try:
        point, key = g1_decode(signature), g2_decode(group_key)
        hashed = hash_to_g1(sha256(round_number.to_bytes(8, "big")), QUICKNET_DST)
    except (ValueError, OverflowError):
        return False
    minus_point = (point[0], P - point[1])
    return pairings_cancel([(minus_point, g2_decode(G2_COMPRESSED)), (hashed, key)])


def chain_hash() -> str:
    """drand's name of quicknet, from its parameters: period, genesis, key, the first group's hash, name."""
    message = QUICKNET["period"].to_bytes(4, "big") + QUICKNET["genesis"].to_bytes(8, "big")  # type: ignore[attr-defined]
    message += bytes.fromhex(str(QUICKNET["group_key"])) + bytes.fromhex(QUICKNET_GROUP_HASH) + b"quicknet"
    return sha256(message).hex()


# ---------------------------------------------------------------------------------------------------------------------
# 7  The ledger: every entry, the tree, the signatures
# ---------------------------------------------------------------------------------------------------------------------


class Ledger:
    """A year's log. All of its entries are read once; the public ones are kept, with their index."""

    def __init__(self, folder: str, checkpoint: Checkpoint) -> None:
        self.folder, self.checkpoint, self.tree = folder, checkpoint, Tree(folder, grows=True)
        self.kept: list[tuple[int, str, dict[str, Any], str]] = []
        self.first: tuple[str, dict[str, Any]] = ("", {})

    def public(self, kind: str, draw: str | None) -> list[tuple[int, dict[str, Any], str]]:
        """Index, public part and time of the entries of a kind about a draw, or about any."""
        return [(i, p, at) for i, k, p, at in self.kept if k == kind and draw in (None, p.get("draw"))]

    def root_at(self, size: int) -> bytes:
        """The root when the log had its first `size` entries."""
        full, width = divmod(size, TILE)
        lying = read_bundle(self.folder, full, min(TILE, self.tree.size - full * TILE)) if width else []
        rest = [leaf_hash(entry) for entry in lying[:width]]
        return tree_root(self.tree.above[:full] + ([tree_root(rest)] if rest else []))


def check_ledger(report: Report, folder: str, policy: Policy | None) -> Ledger:
    where = os.path.join(folder, "checkpoint")
    checkpoint = Checkpoint(read_file(where), policy, where)
    year = os.path.basename(folder)
    if checkpoint.origin.rpartition("/ledger/")[2] != year:
        raise Wrong("the folder of a ledger bears the year of its origin", checkpoint.origin, year)
    ledger = Ledger(folder, checkpoint)
    check_entries(report, ledger)
    check_keys(report, ledger, policy)
    if policy is None:
        report.not_shown("who signed the checkpoint: no policy is given (--policy), so no key is trusted")
    else:
        checkpoint.check_log(policy, where)
        report.holds(f"checkpoint: {checkpoint.size} entries, signed by {checkpoint.origin}")
        at = policy.met_at(checkpoint.times)
        names = ", ".join(sorted(checkpoint.times)) or "nobody"
        if at is None:
            report.not_shown(f"that enough witnesses saw the ledger: its checkpoint is cosigned by {names}")
        else:
            report.holds(f"checkpoint: the quorum cosigned it by {utc(at)} ({names})")
    report.run(ledger.tree.check_tiles, report)
    for size in sorted({name.split("/")[1] for name in files_under(folder) if re.match(r"anchor/[^/]+/", name)}):
        report.run(check_anchor, report, ledger, size, policy)
    for name in files_under(folder):
        if name == "status.json":
            report.not_checked(f"{os.path.join(folder, name)}: unsigned, it shows nothing")
        elif name != "checkpoint" and not re.match(r"tile/|anchor/[^/]+/(?:checkpoint|[a-z0-9-]{1,32}\.tsr)$", name):
            report.not_checked(f"{os.path.join(folder, name)} is no file of a ledger")
    report.not_checked("when each entry was really written: only somebody who follows the ledger can see that")
    return ledger


def check_anchor(report: Report, ledger: Ledger, size: str, policy: Policy | None) -> None:
    """A checkpoint that outside authorities stamped is an earlier state of this log."""
    folder = os.path.join(ledger.folder, "anchor", size)
    where = os.path.join(folder, "checkpoint")
    data = read_file(where)
    anchored = Checkpoint(data, policy, where)
    if policy is not None:
        anchored.check_log(policy, where)
    found = (anchored.origin, str(anchored.size))
    if found != (ledger.checkpoint.origin, size) or anchored.size > ledger.checkpoint.size:
        raise Wrong("a stamped checkpoint is not of this log", (ledger.checkpoint.origin, size), found, where)
    root = ledger.root_at(anchored.size)
    if root != anchored.root:
        raise Wrong("a stamped checkpoint is of another history", root.hex(), anchored.root.hex(), where)
    for name in sorted(os.listdir(folder)):
        if re.fullmatch(r"[a-z0-9-]{1,32}\.tsr", name):
            report.run(check_stamp, report, os.path.join(folder, name), data, None)


def check_keys(report: Report, ledger: Ledger, policy: Policy | None) -> None:
    """Each entry `key` was made by the key that it replaces. What a trusted key names is trusted from there on."""
    own = ledger.checkpoint.origin
    domain = own.rpartition("/ledger/")[0]
    for index, kind, p, _ in ledger.kept:
        if kind != "key":
            continue
        where = f"{ledger.folder}, entry {index}"
        try:
            old, new, signature = Key(p["old"], LOG_KEY), Key(p["new"], LOG_KEY), from_base64(p["signature"])
        except ValueError:
            raise Wrong("an entry names a key that is none", found=p, where=where) from None
        origin = p["origin"]
        later = re.fullmatch(re.escape(domain) + r"/ledger/[0-9]{4}", origin) is not None and origin > own
        start = index + 1 if origin == own else 0
        message = f"muster-roll/key/v1\n{origin}\n{p['from']}\n{p['new']}\n".encode()
        if (
            (new.name, old.name, p["from"]) != (origin, own, start)
            or not (origin == own or later)
            or not ed25519_signed(old.public, message, signature)
        ):
            raise Wrong("an entry names a new key of the log falsely", (own, start), p, where)
        if policy is None or not policy.trusts(old):
            report.not_checked(f"{where} names a key; who named it is not trusted here, so it changes nothing")
            continue
        policy.logs.append(new)
        if origin == own:
            policy.replaced[old.name, old.public] = start
        report.holds(f"{where}: the log's key names another one for {origin}")


def check_entries(report: Report, ledger: Ledger) -> None:
    """Every entry leads to the signed root, and is one that such a ledger may hold."""
    size, tree, malformed = ledger.checkpoint.size, ledger.tree, None
    while tree.size < size:
        report.step(f"ledger {ledger.checkpoint.origin}", tree.size, size)
        entries = read_bundle(ledger.folder, tree.size // TILE, min(TILE, size - tree.size))
        for i, entry in enumerate(entries, start=tree.size):
            try:
                kind, said, at = parse_entry(entry, f"{ledger.folder}, entry {i}")
            except Wrong as problem:
                malformed = malformed or problem
                continue
            if kind != "act":
                ledger.kept.append((i, kind, said, at))
            if i == 0:
                ledger.first = (kind, said)
        tree.add(entries, report)
    root = tree.root()
    if root != ledger.checkpoint.root:
        raise Wrong(
            "the entries do not lead to the signed root", ledger.checkpoint.root.hex(), root.hex(), ledger.folder
        )
    report.holds(f"all {size} entries lead to the signed root {root.hex()}")
    if malformed is not None:
        raise malformed
    public = len(ledger.kept)
    report.holds(f"every entry is well formed: {size - public} opaque acts, {public} public entries")


def read_bundle(folder: str, number: int, width: int) -> list[bytes]:
    """The first `width` entries of bundle `number`, from the file of that width or from the full one."""
    full = os.path.join(folder, "tile", "entries", *tile_number(number).split("/"))
    path = f"{full}.p/{width}"
    if width == TILE or (os.path.isfile(full) and not os.path.isfile(path)):
        path = full
    data, position, entries = read_file(path, None), 0, []
    for _ in range(width):
        end = position + 2 + int.from_bytes(data[position : position + 2], "big")
        if position + 2 > len(data) or end > len(data):
            raise Wrong("an entry bundle is cut off", f"{width} entries", f"{len(data)} bytes", path)
        entries.append(data[position + 2 : end])
        position = end
    return entries


def check_years(report: Report, ledgers: list[Ledger], here: list[str]) -> None:
    """Each later year begins with the last checkpoint of the year before. `here` are the names of all folders."""
    for number, ledger in enumerate(ledgers):
        for index, kind, p, _ in ledger.kept:
            if kind == "year" and index > 0:
                raise Wrong("an entry `year` stands only at the beginning", 0, p, f"{ledger.folder}, entry {index}")
        kind, said = ledger.first
        name, origin = os.path.basename(ledger.folder), ledger.checkpoint.origin
        earlier = [folder for folder in here if folder < name]
        if kind != "year":
            if earlier and ledger.tree.size:
                raise Wrong(
                    "a year's ledger begins with the last checkpoint of the year before", earlier, said, ledger.folder
                )
            continue
        domain = origin.rpartition("/ledger/")[0]
        if not re.fullmatch(re.escape(domain) + "/ledger/[0-9]{4}", said["origin"]) or said["origin"] >= origin:
            raise Wrong("a year's ledger names an earlier one of the same register", domain, said, ledger.folder)
        before = next((one for one in ledgers[:number] if one.checkpoint.origin == said["origin"]), None)
        if before is None:
            if earlier:
                raise CannotLook(
                    f"the ledger {plain(said['origin'])}, which {origin} continues, is not here or not sound"
                )
            report.not_checked(f"{origin} continues {said['origin']}, which is not here")
            continue
        expected = {"root": before.checkpoint.root.hex(), "size": before.checkpoint.size}
        found = {member: said[member] for member in expected}
        if found != expected:
            raise Wrong(
                "a year's ledger begins with the last checkpoint of the year before", expected, found, ledger.folder
            )
        report.holds(f"{origin} continues {before.checkpoint.origin}")


# ---------------------------------------------------------------------------------------------------------------------
# 8  Time stamps of outside authorities (RFC 3161)
# ---------------------------------------------------------------------------------------------------------------------

SIGNED_DATA, STAMP_INFO = bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d0109100104")
SHA256_ID = bytes.fromhex("608648016503040201")


def der(data: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of the items that stand one after another. ValueError unless they fill `data` exactly."""
    items, at = [], 0
    while at < len(data):
        if at + 2 > len(data):
            raise ValueError("cut off")
        tag_byte, length, start = data[at], data[at + 1], at + 2
        if length > 127:
            if not 129 <= length <= 132:
                raise ValueError("a length is indefinite or too long")
            start += length - 128
            length = int.from_bytes(data[at + 2 : start], "big")
        at = start + length
        if at > len(data):
            raise ValueError("cut off")
        items.append((tag_byte, data[start:at]))
    return items


def inside(item: tuple[int, bytes], expected: int) -> list[tuple[int, bytes]]:
    """The items inside one that has to have the tag `expected`."""
    if item[0] != expected:
        raise ValueError("another tag stands there")
    return der(item[1])


def stamp_of(data: bytes) -> tuple[bytes, int, str]:
    """Imprint, second and policy of a time stamp. ValueError where it cannot be read."""
    try:
        (response,) = der(data)
        answer, content = inside(response, 0x30)
        if inside(answer, 0x30)[0] not in ((2, b"\x00"), (2, b"\x01")):
            raise ValueError("the authority refused it")
        kind, wrapped = inside(content, 0x30)
        (signed,) = inside(wrapped, 0xA0)
        _version, _digests, stamped, *_ = inside(signed, 0x30)
        info_kind, info = inside(stamped, 0x30)
        (octets,) = inside(info, 0xA0)
        if (kind, info_kind, octets[0]) != ((6, SIGNED_DATA), (6, STAMP_INFO), 4):
            raise ValueError("it is of another kind")
        (token,) = der(octets[1])
        version, policy, imprint, _serial, at, *_ = inside(token, 0x30)
        algorithm, digest = inside(imprint, 0x30)
        if version != (2, b"\x01") or policy[0] != 6 or digest[0] != 4 or len(digest[1]) != 32:
            raise ValueError("it is of another form")
        if inside(algorithm, 0x30)[0] != (6, SHA256_ID):
            raise ValueError("its imprint is of another hash than SHA-256")
        digits = re.fullmatch(rb"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z", at[1])
        if at[0] != 0x18 or digits is None:
            raise ValueError("its time is of another form")
        year, month, day, hour, minute, second = (int(part) for part in digits.groups())
        moment = datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)  # noqa: UP017
    except IndexError:
        raise ValueError("an item is missing") from None
    return digest[1], int(moment.timestamp()), policy[1].hex()


def check_stamp(report: Report, path: str, stamped: bytes, deadline: int | None) -> None:
    """A time stamp is of these bytes; when, as the authority says. Its signature needs more than this program has."""
    try:
        imprint, at, policy = stamp_of(read_file(path))
    except ValueError as problem:
        raise Wrong(f"this is no time stamp of RFC 3161: {problem}", where=path) from None
    if imprint != sha256(stamped):
        raise Wrong("the time stamp is of other bytes", sha256(stamped).hex(), imprint.hex(), path)
    report.holds(f"{path}: stamps these bytes, as of {utc(at)}, under the policy {policy}")
    report.not_checked(f"the authority's signature in {path}: `openssl ts -verify` does, with its certificate")
    if deadline is not None and at > deadline:
        report.not_shown(f"by {path} that it was in time: needed by {utc(deadline)}, stamped at {utc(at)}")


# ---------------------------------------------------------------------------------------------------------------------
# 9  The manifest: the terms of the draw, fixed beforehand
# ---------------------------------------------------------------------------------------------------------------------


def is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


TESTS: dict[str, Callable[[Any], bool]] = {
    "a text": lambda x: isinstance(x, str) and x != "",
    "any text": lambda x: isinstance(x, str),
    "texts": lambda x: isinstance(x, list) and all(isinstance(item, str) for item in x),
    "a text or texts": lambda x: x == "birth-year" or TESTS["texts"](x),
    "an id": lambda x: isinstance(x, str) and re.fullmatch("[A-Za-z0-9._-]{1,128}", x) is not None,
    "a count": lambda x: is_whole(x) and x < 2**50,
    "a count or null": lambda x: x is None or (is_whole(x) and x < 2**50),
    "from 1": lambda x: is_whole(x, 1) and x < 2**50,
    "1 to 10": lambda x: is_whole(x, 1) and x <= 10,
    "1 to 20": lambda x: is_whole(x, 1) and x <= 20,
    "1 to 100": lambda x: is_whole(x, 1) and x <= 100,
    "a hash": lambda x: is_hex(x),
    "a hash or null": lambda x: x is None or is_hex(x),
    "a signature": lambda x: is_hex(x, 64),
    "a decimal": lambda x: isinstance(x, str) and re.fullmatch(r"0\.[0-9]{1,9}", x) is not None,
    "a day": is_day,
}


class Choice:
    """A shape that depends on one member of the object."""

    def __init__(self, member: str, shapes: dict[Any, Any]) -> None:
        self.member, self.shapes = member, shapes


# The shape of each object: a member's test, or the shape of the object or of the list's items in it. A member with a
# question mark is not needed to compute the order; its writer has to state it, and a missing one is reported. One with
# a tilde may be absent.
RANDOMNESS = Choice("type", {
    "drand": {
        "type": "a text", "chain": "a hash", "group_key": "a text", "scheme": "a text", "genesis": "a count",
        "period": "from 1", "round": "from 1",
    },
    "ceremony": {
        "type": "a text", "alphabet": "a text", "length": "from 1", "procedure_sha256?": "a hash",
        "not_after?": "a text",
    },
})  # fmt: skip
SOURCE = Choice("level", {
    0: {"level": "a count", "considered": "a count", "excluded": "a count", "rounded_to": "1 to 100"},
    1: {
        "level": "a count", "authority": "a text", "key": "a hash", "size": "from 1", "root": "a hash",
        "signature": "a signature", "nullifiers": "a hash", "excluded": "a count", "key_holder~": "a text",
        "excluded_sha256~": "a hash",
    },
})  # fmt: skip
BECAUSE = Choice("ground", {
    "potcheck": {"ground": "a text", "sha256": "a hash"},
    "fallback": {"ground": "a text"},
})  # fmt: skip
LIST = {"size": "from 1", "root": "a hash", "strata": [{"id": "an id", "size": "from 1", "quota": "a count"}]}
COHORT = LIST | {
    "partition?": {"by": "a text or texts", "least": "a count", "merge": "a text", "article~": "a text"},
    "quota?": {"total": "a count", "floor": "a count", "rule": "a text"},
}
COMMON = {
    "v": "a count", "kind": "a text", "algorithm": "a text", "draw": "an id", "register": "a text", "attempt": "from 1",
    "supersedes": "a hash or null", "cohort": LIST, "randomness": [RANDOMNESS], "min_lead?": "a count",
    "reference_day?": "a day", "legal?": "a text", "pack?": "a hash", "software?": "a hash", "page~": "a hash",
}  # fmt: skip
DRAW, SUPPLEMENT, REDRAWN = "muster-roll/draw", "muster-roll/supplement", "muster-roll/stratum"
BY_HASH, BY_TABLE = "muster-roll/rank-sha256/v1", "muster-roll/rank-table/v1"
MANIFESTS: dict[str, dict[str, Any]] = {
    DRAW: COMMON | {
        "cohort": COHORT, "source?": SOURCE, "audit?": {"round": "from 1", "samples": ["a count"]},
        "fairness?": {"suite": "a text", "alpha": "a decimal"}, "fallback?": {"after": "a count", "second": RANDOMNESS},
        "because~": BECAUSE,
        "potcheck~": {"sha256": "a hash", "office": "a text", "key": "a hash", "per_mille": "from 1"},
    },
    SUPPLEMENT: COMMON | {"parent": "a hash", "number": "from 1"},
    REDRAWN: COMMON | {"parent": "a hash", "number": "from 1", "stratum": "an id", "because": BECAUSE},
}  # fmt: skip
TABLE = {"days": "from 1", "held_on": "a day"}


def fit(value: Any, shape: Any, name: str, where: str) -> list[str]:
    """Wrong unless `value` has the `shape`; CannotLook for names it does not know. What is not stated in it."""
    if isinstance(shape, list):
        if not isinstance(value, list):
            raise Wrong(f"{name} is not a list", where=where)
        return [missing for i, item in enumerate(value) for missing in fit(item, shape[0], f"{name}[{i}]", where)]
    if isinstance(shape, str):
        if not TESTS[shape](value):
            raise Wrong(f"{name} is not what it should be", shape, value, where)
        return []
    if not isinstance(value, dict):
        raise Wrong(f"{name} is not an object", where=where)
    if isinstance(shape, Choice):
        chosen = value.get(shape.member)
        if type(chosen) not in (int, str) or chosen not in shape.shapes:
            raise CannotLook(f"this version does not know {name} with {shape.member} {plain(chosen)}: {where}")
        shape = shape.shapes[chosen]
    missing = []
    for member, inner in shape.items():
        short = member.rstrip("?~")
        if short in value:
            missing += fit(value[short], inner, f"{name}.{short}", where)
        elif member == short:
            raise Wrong(f"{name}.{short} is missing", where=where)
        elif member.endswith("?"):
            missing.append(f"{name}.{short}")
    unknown = sorted(set(value) - {member.rstrip("?~") for member in shape})
    if unknown:
        raise CannotLook(f"{name} has members that this version does not know: {plain(unknown)}: {where}")
    return missing


class Manifest:
    """The parsed manifest of a draw, a supplement or a stratum drawn anew: of the right shape, consistent in itself."""

    def __init__(self, data: bytes, where: str) -> None:
        self.where, self.digest = where, sha256(data)
        value = parse_json(data, where)
        known = [value.get(name) if isinstance(value, dict) else None for name in ("v", "kind", "algorithm")]
        shape = MANIFESTS.get(known[1]) if isinstance(known[1], str) else None
        if type(known[0]) is not int or known[0] != 1 or shape is None or known[2] not in (BY_HASH, BY_TABLE):
            raise CannotLook(f"this version does not know manifests of kind {plain(known)}: {where}")
        if known[2] == BY_TABLE and known[1] == DRAW:
            shape = {**shape, "table": TABLE}
        self.missing = fit(value, shape, "manifest", where)
        self.value: dict[str, Any] = value
        self.kind, self.algorithm = value["kind"], value["algorithm"]
        self.draw, self.register, self.attempt = value["draw"], value["register"], value["attempt"]
        self.supersedes, self.min_lead = value["supersedes"], value.get("min_lead", 0)
        self.because, self.number = value.get("because"), value.get("number", 0)
        self.need((self.attempt > 1) == (self.supersedes is not None), "attempt 1 supersedes nothing, later ones do")
        self.need(re.fullmatch("[a-z0-9-]{3,64}", self.draw), "`draw` is 3 to 64 small letters, digits and hyphens")
        cohort = value["cohort"]
        self.size, self.root, self.strata = cohort["size"], cohort["root"], cohort["strata"]
        self.partition, self.quota = cohort.get("partition"), cohort.get("quota")
        self.ids = [stratum["id"] for stratum in self.strata]
        self.sizes = [stratum["size"] for stratum in self.strata]
        ends = list(itertools.accumulate(self.sizes))
        self.spans = [(end - size, end) for size, end in zip(self.sizes, ends, strict=True)]  # in the list
        self.leaf = 36 if self.algorithm == BY_TABLE else 34
        self.need(0 < len(self.ids) == len(set(self.ids)) < 65536, "each stratum has its own id")
        self.need(self.size < 2**32, "there are fewer than 2^32 entries")
        self.need(sum(self.sizes) == self.size, "the sizes of the strata add up")
        self.need(all(stratum["quota"] <= stratum["size"] for stratum in self.strata), "quotas are at most sizes")
        self.items: list[dict[str, Any]] = value["randomness"]
        self.read_randomness()
        self.read_terms()

    def need(self, condition: object, what: str) -> None:
        if not condition:
            raise Wrong("the manifest does not hold together", what, "something else", self.where)

    def read_randomness(self) -> None:
        """The round and its time (None after a fallback to ceremonies alone), and what a ceremony must be."""
        self.round: int | None = None
        self.round_time: int | None = None
        rounds = [item for item in self.items if item["type"] == "drand"]
        fallen_back = self.kind == DRAW and self.because is not None and self.because["ground"] == "fallback"
        self.need(self.items and len(rounds) in ((0, 1) if fallen_back else (1,)), "exactly one round is named")
        if rounds:
            found = {name: rounds[0][name] for name in QUICKNET}
            if found != QUICKNET:
                raise Wrong("the beacon is not drand quicknet, whose key is pinned here", QUICKNET, found, self.where)
            self.round = int(rounds[0]["round"])
            self.round_time = time_of_round(self.round)
        ceremonies = [item for item in self.items if item["type"] == "ceremony"]
        if len(ceremonies) > 1:
            raise CannotLook(f"this version does not know manifests with more than one ceremony: {self.where}")
        for item in ceremonies:
            symbols, length = item["alphabet"], item["length"]
            self.need(all("!" <= c <= "~" for c in symbols), "symbols are visible ASCII")
            self.need(len(set(symbols)) == len(symbols) and length < 65536, "each symbol stands once")
            self.need(len(symbols) ** min(length, 128) >= 2**128, "a ceremony gives at least 128 bits")
            over = instant(item["not_after"], self.where) if "not_after" in item else 0
            self.need(self.round_time is None or over < self.round_time, "a ceremony is over before the round")

    def read_terms(self) -> None:
        """What the kinds of manifests have and have not."""
        value = self.value
        if self.round is None:  # no round: no later round, and nothing to fall back to
            self.missing = [m for m in self.missing if m not in ("manifest.audit", "manifest.fallback")]
        if self.kind == DRAW:
            self.need(self.attempt > 1 or self.because is None, "a first attempt has no `because`")
            if self.attempt > 1 and self.because is None:
                self.missing.append("manifest.because")
        else:
            self.need(self.attempt == 1, "a supplement, or a stratum drawn anew, is attempt 1")
        if "audit" in value:
            self.need(self.round is None or value["audit"]["round"] > self.round, "the audit's round is the later one")
            self.need(len(value["audit"]["samples"]) == len(self.sizes), "the audit names one sample a stratum")
        if "potcheck" in value:
            self.need(value["potcheck"]["per_mille"] <= 200, "a pot check allows at most 200 per mille")
        if "table" in value:
            self.need(value["table"]["days"] in (365, 366), "a table has 365 or 366 days")
            held = date.fromisoformat(value["table"]["held_on"])
            before = value.get("reference_day")
            self.need(
                before is None or (held - date.fromisoformat(before)).days == 1,
                "the birth date that counts is that on record the day before the drawing",
            )
        if "fairness" in value and value["fairness"]["suite"] != SUITES[self.algorithm]:
            raise CannotLook(f"this version does not know this suite of fairness figures for such a draw: {self.where}")


def time_of_round(number: int) -> int:
    return int(QUICKNET["genesis"]) + (number - 1) * int(QUICKNET["period"])  # type: ignore[call-overload,no-any-return]


def check_terms(report: Report, manifest: Manifest) -> None:
    """Quotas, strata and counts follow from what is stated; nobody chose them."""
    value = manifest.value
    if manifest.quota is not None:
        rule = manifest.quota
        if rule["rule"] != "largest-remainder/v1":
            raise CannotLook("the rule of the quotas is not known to this version")
        expected = apportion(rule["total"], manifest.sizes, rule["floor"])
        found = [stratum["quota"] for stratum in manifest.strata]
        if expected != found:
            raise Wrong("the quotas do not follow from the sizes", expected, found, manifest.where)
        report.holds(f"quotas: {sum(found)} in {len(found)} strata follow from the sizes by the largest remainder")
    if manifest.partition is not None:
        check_partition(report, manifest)
    if "source" in value and value["source"]["level"] == 0:
        source = value["source"]
        gap = abs(source["considered"] - source["excluded"] - manifest.size)
        if gap > (source["rounded_to"] if source["rounded_to"] > 1 else 0):
            raise Wrong("considered less excluded is not the size of the list", manifest.size, source, manifest.where)
        counts = f"{source['considered']} considered, {source['excluded']} left out, {manifest.size} in the list"
        report.holds(f"source: {counts}")
        report.not_checked("whether the right people were left out: that rests on published counts and on audits")
    if "reference_day" in value:
        report.holds(f"as the register stood on {value['reference_day']}, by {value.get('legal', 'no stated law')}")
    for name in manifest.missing:
        report.not_stated(f"`{name.partition('.')[2]}`: the manifest leaves out what its writer has to say")


def apportion(total: int, sizes: list[int], floor: int) -> list[int]:
    """The largest remainder, ties to the earlier stratum; strata below the floor get it and are set aside."""
    wanted = min(total, sum(sizes))
    if floor * len(sizes) > wanted or min(sizes) < floor:
        raise Wrong("the floors exceed the total or a stratum", found=(total, sizes, floor))
    rest = list(range(len(sizes)))
    while True:
        left, everybody = wanted - floor * (len(sizes) - len(rest)), sum(sizes[i] for i in rest)
        shares = {i: left * sizes[i] // everybody for i in rest}
        remainders = {i: left * sizes[i] % everybody for i in rest}
        by_remainder = sorted(rest, key=lambda i: (-remainders[i], i))
        for i in by_remainder[: left - sum(shares.values())]:
            shares[i] += 1
        below = [i for i in rest if shares[i] < floor]
        if not below:
            return [shares.get(i, floor) for i in range(len(sizes))]
        rest = [i for i in rest if i not in below]


SMALLEST_STRATUM = 20
UNKNOWN = "~"  # stands after every value


def attributes_of(partition: dict[str, Any]) -> list[str]:
    """By what a list is divided, in the order of division."""
    by = partition["by"]
    return [by] if isinstance(by, str) else by


def check_partition(report: Report, manifest: Manifest) -> None:
    """The strata are classes of what the law's charter allows, none of them aims at few."""
    rule, where = manifest.partition, manifest.where
    assert rule is not None
    by, merge, listed = attributes_of(rule), rule["merge"], isinstance(rule["by"], list)
    territories = sum(name.startswith("territory-") for name in by)
    if (
        not set(by) <= {"birth-year", "sex", "territory-1", "territory-2"}
        or merge not in ("neighbour/v1", "product/v1", "none/v1")
        or listed == (merge == "neighbour/v1")
    ):
        raise CannotLook("the rule of the strata is not known to this version")
    manifest.need(len(set(by)) == len(by) and territories < 2, "a list is divided by each attribute once")
    manifest.need(rule["least"] >= SMALLEST_STRATUM, "a stratum has at least 20 people")
    manifest.need(("article" in rule) == (merge == "none/v1"), "an article is cited where, and only where, it forbids")
    manifest.need(by or merge != "none/v1", "where nothing is merged, something divides the list")
    parts = [name.split(".") if by else [name] for name in manifest.ids]
    if not by:
        manifest.need(manifest.ids == ["all"], "a list that is not divided has the one stratum `all`")
    for name, classes in zip(manifest.ids, parts, strict=True):
        if by and len(classes) != len(by):
            raise Wrong("a stratum's id has not one class for each attribute", by, name, where)
    for depth, attribute in enumerate(by):
        siblings: dict[tuple[str, ...], set[str]] = {}
        for classes in parts:
            siblings.setdefault(tuple(classes[:depth]), set()).add(classes[depth])
        for names in siblings.values():
            spans = sorted(span_of(name, attribute, where) for name in names)
            if any(a[2] >= b[0] for a, b in itertools.pairwise(spans)):
                raise Wrong("classes of strata overlap, or the unknown stand elsewhere than last", found=sorted(names))
            if merge == "none/v1" and any(first != end for first, _, end in spans):
                raise Wrong("strata are merged although an article forbids it", rule["article"], sorted(names), where)
    if merge != "none/v1" and len(manifest.sizes) > 1 and min(manifest.sizes) < rule["least"]:
        raise Wrong("a stratum is so small that it aims at few", f"at least {rule['least']}", min(manifest.sizes))
    least = "nothing merged, by " + rule["article"] if merge == "none/v1" else f"at least {rule['least']} people each"
    report.holds(f"strata: by {', '.join(by) or 'nothing'}, {least}, or all in one: {', '.join(manifest.ids)}")


def span_of(name: str, attribute: str, where: str) -> tuple[str, str, str]:
    """First and last value of a class of strata, as texts that sort as the values do, and where it ends.

    A class with the people of unknown value ends with those; no class comes after it.
    """
    if attribute == "birth-year":
        match = re.fullmatch(r"born-(?:(\d{4})(?:-(\d{4}))?(-or-unknown)?|unknown)", name, re.ASCII)
        if match is not None and (match[2] is None or match[1] < match[2]):
            last = match[2] or match[1] or UNKNOWN
            return match[1] or UNKNOWN, last, UNKNOWN if match[3] else last
    else:
        value = "([a-z]{1,16})" if attribute == "sex" else "([A-Za-z0-9-]{1,32})"
        match = re.fullmatch(f"{value}(?:_{value})?", name)
        if match is not None:
            first, last = (UNKNOWN if v == "unknown" else v for v in (match[1], match[2] or match[1]))
            if match[2] is None or first < last:
                return first, last, last
    raise Wrong(f"a stratum's class has not the form of the attribute {attribute}", found=name, where=where)


# ---------------------------------------------------------------------------------------------------------------------
# 10  One list of a draw: proof, entries, randomness, order
# ---------------------------------------------------------------------------------------------------------------------

FILES = re.compile(
    r"(?:(?:supplement|stratum)-\d{2,}/)?(?:manifest\.json|manifest\.tlog-proof|manifest\.[a-z0-9-]{1,32}\.tsr|cohort\.bin"
    r"|cohort/tile/.+|(?:before/)?(?:manifest\.json|potcheck\.json|count\.json|count\.sig)|ceremony\.(?:txt|tlog-proof)"
    r"|beacon\.json|loading\.json|table\.(?:csv|tlog-proof)|order\.bin|result\.json)"
    r"|source\.bin|nullifiers\.bin|excluded\.bin|fairness(?:-private)?\.json|audit\.json|spared\.(?:bin|tlog-proof|json)|hand\.bin"
    r"|verify\.(?:py|html)"
)
BLOCK = 1 << 12  # entries of the list that are looked at together


class Draw:
    """One list of a draw with its order, as far as it has been checked: the main one, a supplement or a stratum."""

    def __init__(self, folder: str, manifest: Manifest, wanted: set[int], main: Draw | None = None) -> None:
        self.folder, self.manifest, self.wanted, self.main = folder, manifest, wanted, main
        self.proof: Proof | None = None
        self.listed: mmap.mmap | None = None  # cohort.bin, once it is found to be the list of the manifest
        self.seed = b""
        self.ordered = False
        self.numbers: list[int] = main.numbers if main is not None else []  # of a table: the number of each day
        self.places: dict[int, int] = {}  # by index in the list, of those that are wanted (the receipt's)
        self.values = [bytearray() for _ in range(256)]  # for the fairness figures: of all keys, by their first byte
        self.neighbours, self.means, self.last = 0, [0] * len(manifest.sizes), 0
        self.parts: list[Draw] = []  # supplements and strata drawn anew
        self.unread: list[str] = []  # folders of such whose manifest could not be read
        self.spared: dict[str, Any] | None = None  # what the ledger says of those who were spared

    def path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def has(self, name: str) -> bool:
        return os.path.isfile(self.path(name))

    def leaves(self, start: int, stop: int) -> list[bytes]:
        """Entries of the list by index; a whole list of 25 million would not fit as Python's objects."""
        assert self.listed is not None
        width, data = self.manifest.leaf, self.listed[start * self.manifest.leaf : stop * self.manifest.leaf]
        return [data[i : i + width] for i in range(0, len(data), width)]

    def entries(self, stratum: int) -> Iterator[tuple[int, bytes]]:
        """Index and leaf of everybody in a stratum."""
        first, stop = self.manifest.spans[stratum]
        for start in range(first, stop, BLOCK):
            yield from enumerate(self.leaves(start, min(stop, start + BLOCK)), start)

    def key(self) -> Callable[[bytes], bytes]:
        """K of each leaf. Tag and seed fill one block of SHA-256, so its state is made once and copied."""
        block, numbers = hashlib.sha256(tag("key") + self.seed), self.numbers

        def by_hash(leaf: bytes) -> bytes:
            state = block.copy()
            state.update(leaf[-32:])
            return state.digest()

        def by_table(leaf: bytes) -> bytes:
            return numbers[int.from_bytes(leaf[2:4], "big")].to_bytes(2, "big") + by_hash(leaf)[:30]

        return by_table if self.manifest.algorithm == BY_TABLE else by_hash


def check_draw(
    report: Report, folder: str, policy: Policy | None, ledgers: list[Ledger], wanted: dict[str, set[int]]
) -> Draw | None:
    """All that can be said of one bundle, in the order in which one thing rests on another."""
    report.run(check_sums, report, folder)
    draw: Draw | None = report.run(open_list, report, folder, wanted.get("", set()), None)
    if draw is None:
        return None
    report.run(check_terms, report, draw.manifest)
    report.run(check_software, report, draw)
    check_one_list(report, draw, policy, ledgers)
    report.run(check_fairness, report, draw, ledgers)
    report.run(check_audit, report, draw)
    report.run(check_spared, report, draw, policy, ledgers)
    for path in folders_in(folder):
        if re.fullmatch(r"(?:supplement|stratum)-\d{2,}", os.path.basename(path)):
            report.title(f"{os.path.basename(path)} of {draw.manifest.draw}")
            part = report.run(open_list, report, path, wanted.get(os.path.basename(path), set()), draw)
            if part is None:
                draw.unread.append(path)
            else:
                draw.parts.append(part)
                report.run(check_part, report, part)
                check_one_list(report, part, policy, ledgers)
    if draw.parts or any(ledger.public(kind, draw.manifest.draw) for ledger in ledgers for kind in PARTS.values()):
        report.title(f"The lists of {draw.manifest.draw} together")
        report.run(check_numbers, report, draw, ledgers)
        report.run(check_lists_together, report, draw)
    return draw


def open_list(report: Report, folder: str, wanted: set[int], main: Draw | None) -> Draw:
    path = os.path.join(folder, "manifest.json")
    manifest = Manifest(read_file(path), path)
    if (manifest.kind == DRAW) != (main is None):
        raise Wrong("a manifest of this kind has another place", "a draw, or a supplement in it", manifest.kind, path)
    report.holds(f"manifest.json: {manifest.kind} {manifest.draw}, SHA-256 {manifest.digest.hex()}")
    return Draw(folder, manifest, wanted, main)


def check_one_list(report: Report, draw: Draw, policy: Policy | None, ledgers: list[Ledger]) -> None:
    """Proof, list, randomness and order, by the same rules for the main list, a supplement and a stratum."""
    manifest = draw.manifest
    draw.proof = report.run(check_time, report, draw, policy)
    if manifest.kind == DRAW:
        report.run(check_only_manifest, report, draw, ledgers)
    elif draw.proof is not None and ledgers:
        report.run(check_same_ledger, report, draw.proof, ledgers, "the manifest's proof")
    report.run(check_attempt, report, draw, ledgers)
    listed = report.run(check_list, report, draw)
    if manifest.kind == DRAW:
        report.run(check_potcheck, report, draw, ledgers)
        report.run(check_source, report, draw)
    if listed is None:
        return
    if manifest.round is not None and not draw.has("beacon.json"):
        report.cannot_look("the draw is not held yet, or its round is not published (beacon.json): there is no order")
        return
    values = []
    for item in manifest.items:
        if item["type"] == "drand":
            values.append(report.run(check_round, report, draw, "beacon.json", manifest.round))
        else:
            values.append(report.run(check_ceremony, report, draw, item, policy, ledgers))
    if None in values:
        return
    message = tag("seed") + manifest.digest + len(values).to_bytes(2, "big")
    for value in values:
        message += len(value).to_bytes(2, "big") + value
    draw.seed = sha256(message)
    report.holds(f"seed: {draw.seed.hex()}")
    if manifest.algorithm == BY_TABLE and report.run(check_table, report, draw, policy, ledgers) is None:
        return
    report.run(check_order, report, draw, ledgers)


def check_sums(report: Report, folder: str) -> None:
    where = os.path.join(folder, "SHA256SUMS")
    listed: dict[str, str] = {}
    for line in read_file(where, None).decode("ascii", "replace").splitlines(keepends=True):
        match = re.fullmatch(
            r"([0-9a-f]{64})  ((?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*)\n", line
        )
        if match is None or match[2] in listed:
            raise Wrong("a line of SHA256SUMS is not a digest, two spaces and the path of a file", where=where)
        listed[match[2]] = match[1]
    for count, (path, digest) in enumerate(listed.items()):
        report.step("SHA256SUMS", count, len(listed))
        full = os.path.join(folder, *path.split("/"))
        if not os.path.isfile(full):
            report.cannot_look(f"SHA256SUMS lists a file that is missing: {full}")
            continue
        found = sha256_of_file(full)
        if found != digest:
            raise Wrong("a file is not the one that SHA256SUMS lists", digest, found, full)
    for path in files_under(folder):
        if path in listed or path == "SHA256SUMS":
            continue
        if FILES.fullmatch(path):
            raise Wrong("SHA256SUMS leaves out a file of the bundle", path, "no such line", where)
        report.not_checked(f"{os.path.join(folder, path)} is no file of the bundle")
    for path in sorted(listed):
        if not FILES.fullmatch(path):
            report.not_checked(f"{os.path.join(folder, path)} is no file of the bundle, though SHA256SUMS lists it")
    report.holds(f"SHA256SUMS: {len(listed)} files are as listed")


def check_software(report: Report, draw: Draw) -> None:
    for member, name in (("software", "verify.py"), ("page", "verify.html")):
        pinned = draw.manifest.value.get(member)
        if pinned is not None and draw.has(name):
            found = sha256_of_file(draw.path(name))
            if found != pinned:
                raise Wrong(f"{name} is not the verifier that the manifest names", pinned, found, draw.path(name))
            report.holds(f"{name} is the verifier that the manifest names")
        elif pinned is not None:
            report.not_checked(f"{name}, the verifier that the manifest names, is not in the bundle")
        elif draw.has(name):
            report.not_checked(f"{name}: the manifest names no such verifier; use one from elsewhere")
    pinned, mine = draw.manifest.value.get("software"), sha256_of_file(os.path.abspath(__file__))
    if pinned is not None and mine != pinned:
        report.not_checked(f"you are running another version of the verifier than the manifest names: {mine}")


PARTS = {SUPPLEMENT: "supplement", REDRAWN: "draw.stratum"}
LOGGED = {DRAW: "draw.manifest", **PARTS}


def check_time(report: Report, draw: Draw, policy: Policy | None) -> Proof | None:
    """The manifest was in a witnessed ledger before the round: else the bundle could have been made afterwards."""
    manifest, name, shown = draw.manifest, "manifest.tlog-proof", "that the manifest was fixed before the round"
    stamps = [n for n in sorted(os.listdir(draw.folder)) if re.fullmatch(r"manifest\.[a-z0-9-]{1,32}\.tsr", n)]
    if not draw.has(name):
        report.not_shown(f"{shown}: there is no {name}")
        if stamps:
            raise CannotLook(f"there are time stamps of a checkpoint that is not here: {', '.join(stamps)}")
        return None
    expected: dict[str, Any] = {"draw": manifest.draw, "sha256": manifest.digest.hex()}
    if manifest.kind == DRAW:
        expected |= {"attempt": manifest.attempt, "supersedes": manifest.supersedes}
    proof = proof_of(draw, name, LOGGED[manifest.kind], expected, policy)
    report.holds(f"the manifest is entry {proof.index} of the ledger {proof.checkpoint.origin}")
    deadline = None if manifest.round_time is None else manifest.round_time - max(1, manifest.min_lead)
    if check_seen(report, proof, policy, deadline, shown) and manifest.round_time is not None:
        report.holds(
            f"round {manifest.round} came at {utc(manifest.round_time)}, {manifest.min_lead} seconds or more later"
        )
    for stamp in stamps:
        report.run(check_stamp, report, draw.path(stamp), proof.note, deadline)
    if not stamps:
        report.not_checked("time stamps of RFC 3161: there are none, so the time rests on the witnesses alone")
    return proof


def proof_of(draw: Draw, name: str, kind: str, expected: dict[str, Any], policy: Policy | None) -> Proof:
    """The proof in the file `name`, if it is of an entry of this kind that says what is expected."""
    where = draw.path(name)
    proof = Proof(read_file(where), policy, where)
    if proof.kind != kind or {member: proof.payload.get(member) for member in expected} != expected:
        raise Wrong("the proof is of another entry", (kind, expected), (proof.kind, proof.payload), where)
    if not proof.checkpoint.origin.startswith(draw.manifest.register + "/ledger/"):
        raise Wrong("the proof is of another register's ledger", draw.manifest.register, proof.checkpoint.origin, where)
    return proof


def check_seen(report: Report, proof: Proof, policy: Policy | None, deadline: int | None, shown: str) -> bool:
    """Whether witnesses that are enough had cosigned, by second `deadline` where there is one."""
    if policy is None:
        report.not_shown(f"{shown}: no policy is given (--policy), so no witness is trusted")
        return False
    times = ", ".join(f"{name} {utc(at)}" for name, at in sorted(proof.checkpoint.times.items())) or "nobody"
    met = policy.met_at(proof.checkpoint.times)
    if met is None or (deadline is not None and met > deadline):
        by = "" if deadline is None else f" by {utc(deadline)}"
        report.not_shown(f"{shown}: needed a quorum of witnesses{by}, found {times}")
        return False
    report.holds(f"the quorum of witnesses saw it by {utc(met)}: {times}")
    return True


def place_in_ledgers(ledgers: list[Ledger], kind: str, draw: str, members: dict[str, Any]) -> list[Place]:
    """Where entries of a kind about a draw stand that say `members`: year of the log, index, what it says, when.

    An entry that names the manifest is about it, even if it names another draw beside it.
    """
    return [
        Place(number, i, p, at, f"{ledger.folder}, entry {i}")
        for number, ledger in enumerate(ledgers)
        for i, p, at in ledger.public(kind, None if "manifest" in members else draw)
        if {name: p.get(name) for name in members} == members
    ]


def check_once(places: list[Place]) -> None:
    """Of some kinds the ledger holds one entry for a manifest, and not even the same one twice."""
    if len(places) > 1:
        raise Wrong("the ledger holds a second entry where one may be", 1, places[1].said, places[1].where)


class Place(NamedTuple):
    """An entry of the ledgers that are here; in ascending order of the first two as it was logged."""

    year: int
    entry: int
    said: dict[str, Any]
    at: str
    where: str

    def before(self, other: Place) -> bool:
        return (self.year, self.entry) < (other.year, other.entry)


def check_only_manifest(report: Report, draw: Draw, ledgers: list[Ledger]) -> None:
    """No second manifest for this draw stands in the ledger: nobody prepared several and honoured one."""
    manifest, digest, proof = draw.manifest, draw.manifest.digest.hex(), draw.proof
    if not ledgers:
        report.not_shown("that no other manifest was logged for this draw: the ledger is not here; give `published`")
        return
    if proof is not None and proof.checkpoint.origin not in [ledger.checkpoint.origin for ledger in ledgers]:
        raise CannotLook(f"the ledger {plain(proof.checkpoint.origin)}, which holds the manifest, is not here")
    found = place_in_ledgers(ledgers, "draw.manifest", manifest.draw, {})
    superseded = set()
    if any(
        (place.said["attempt"], place.said["supersedes"]) != (manifest.attempt, manifest.supersedes)
        for place in found
        if place.said["sha256"] == digest
    ):
        raise Wrong("the ledger says otherwise of this attempt", (manifest.attempt, manifest.supersedes), found)
    live = manifest.supersedes
    while live is not None and live not in superseded:  # attempt 3 names 2, whose entry names 1
        superseded.add(live)
        live = next((place.said["supersedes"] for place in found if place.said["sha256"] == live), None)
    if digest not in [place.said["sha256"] for place in found]:
        raise Wrong("the ledger does not hold this manifest", digest, [place.said["sha256"] for place in found])
    for place in found:
        if place.said["supersedes"] == digest:
            report.not_shown(f"that this attempt still counts: {place.where} supersedes it")
            return
        if place.said["sha256"] != digest and place.said["sha256"] not in superseded:
            raise Wrong("the ledger holds another manifest for this draw", digest, place.said, place.where)
    report.holds(f"the ledger holds no other live manifest for {manifest.draw}")
    if proof is not None:
        check_same_ledger(report, proof, ledgers, "the manifest's proof")


def check_same_ledger(report: Report, proof: Proof, ledgers: list[Ledger], whose: str) -> None:
    """The checkpoint in a proof is an earlier state of the very ledger that is published: nobody was shown another."""
    for ledger in ledgers:
        if ledger.checkpoint.origin == proof.checkpoint.origin:
            if proof.checkpoint.size > ledger.tree.size:
                raise CannotLook(f"{whose} is of a later state than the ledger in {ledger.folder}")
            root = ledger.root_at(proof.checkpoint.size)
            if root != proof.checkpoint.root:
                raise Wrong(f"{whose} is of another ledger", root.hex(), proof.checkpoint.root.hex(), ledger.folder)
            report.holds(f"{whose} is of the ledger published here, when it had {proof.checkpoint.size} entries")
            return
    raise CannotLook(f"the ledger {plain(proof.checkpoint.origin)} of {whose} is not here")


def check_list(report: Report, draw: Draw) -> bool:
    """The list is ascending, each entry once, and is the one whose root the manifest states."""
    manifest, where = draw.manifest, draw.path("cohort.bin")
    listed = mapped(where, manifest.leaf * manifest.size)
    tree = Tree(draw.path("cohort") if os.path.isdir(draw.path("cohort")) else "")
    check_ascending(report, "cohort.bin", listed, manifest.leaf, tree, where)
    for i, (first, stop) in enumerate(manifest.spans):
        for at in (first, stop - 1):  # the list ascends, so the first and the last of a stratum are enough
            if listed[at * manifest.leaf : at * manifest.leaf + 2] != i.to_bytes(2, "big"):
                raise Wrong("a stratum has another size", (manifest.ids[i], stop - first), "another's entries", where)
    root = tree.root().hex()
    if root != manifest.root:
        raise Wrong("the list is not the one that the manifest commits to", manifest.root, root, where)
    draw.listed = listed
    if manifest.algorithm == BY_TABLE:
        days = {leaf[2:4] for stratum in range(len(manifest.sizes)) for _, leaf in draw.entries(stratum)}
        whole = (draw.main or draw).manifest.value["table"]["days"]
        strange = sorted(n for n in (int.from_bytes(day, "big") for day in days) if n not in dates_of(whole))
        if strange:
            draw.listed = None
            raise Wrong("somebody in the list has a date that the table has not", f"{whole} days", strange, where)
    check_apart(draw, where)
    report.holds(f"cohort.bin: {manifest.size} entries, each once, lead to the manifest's root {root}")
    if tree.folder:
        report.run(tree.check_tiles, report)
    return True


def check_apart(draw: Draw, where: str) -> None:
    """Nobody's entry stands in two strata or at two dates: there the list ascends, and would not show it.

    Eight bytes of each C are kept, by its first; all 32 are looked at where these are the same.
    """
    if draw.manifest.algorithm == BY_HASH and len(draw.manifest.sizes) == 1:
        return
    parts = [bytearray() for _ in range(256)]
    for stratum in range(len(draw.manifest.sizes)):
        for _, leaf in draw.entries(stratum):
            parts[leaf[-32]] += leaf[-32:-24]
    alike = set()
    for part in parts:
        begins = sorted(bytes(part[i : i + 8]) for i in range(0, len(part), 8))
        alike |= {a for a, b in itertools.pairwise(begins) if a == b}
    seen: set[bytes] = set()
    for stratum in range(len(draw.manifest.sizes)) if alike else ():
        for index, leaf in draw.entries(stratum):
            if leaf[-32:-24] in alike:
                if leaf[-32:] in seen:
                    draw.listed = None
                    raise Wrong("somebody stands in the list twice", found=leaf[-32:].hex(), where=f"{where}, {index}")
                seen.add(leaf[-32:])


def mapped(where: str, length: int) -> Any:
    """The bytes of a file that has to have this length, read as they are needed."""
    found = os.path.getsize(where) if os.path.isfile(where) else -1
    if found < 0:
        raise CannotLook("the file is missing: " + where)
    if found != length:
        raise Wrong(f"{os.path.basename(where)} has another length", length, found, where)
    if length == 0:
        return b""
    with open(where, "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def check_ascending(report: Report, name: str, data: Any, width: int, tree: Tree, where: str) -> None:
    """A list in strictly ascending order, added to its tree."""
    last = b""
    for start in range(0, len(data), width * TILE):
        report.step(name, start // width, len(data) // width)
        piece = data[start : start + width * TILE]
        rows = [piece[i : i + width] for i in range(0, len(piece), width)]
        if last >= rows[0] or not all(map(operator.lt, rows, rows[1:])):
            raise Wrong(
                "the list is not in strictly ascending order: an entry stands twice or at a false place", where=where
            )
        last = rows[-1]
        tree.add(rows, report)


def check_round(report: Report, draw: Draw, name: str, number: int, more: str = "") -> bytes:
    """The value of a round of the beacon, after its signature. `more` is a further member that the file has."""
    where = draw.path(name)
    value = parse_json(read_file(where), where)
    if not isinstance(value, dict) or not is_hex(value.get("signature"), 48) or not is_hex(value.get("randomness")):
        raise Wrong("this is no round of the beacon as drand serves it", where=where)
    if set(value) - {"round", "signature", "randomness", more}:
        raise CannotLook(f"{where} has members that this version does not know: {plain(sorted(value))}")
    if value.get("round") != number or type(value["round"]) is not int:
        raise Wrong("this is another round than the one named", number, value.get("round"), where)
    if chain_hash() != QUICKNET["chain"]:
        raise CannotLook("this program was changed: its beacon key does not give the chain's name")
    signature = bytes.fromhex(value["signature"])
    if not quicknet_signed(bytes.fromhex(str(QUICKNET["group_key"])), number, signature):
        raise Wrong("this is not the beacon's signature", f"the one of round {number}", value["signature"], where)
    randomness = sha256(signature)
    if randomness.hex() != value["randomness"]:
        raise Wrong("the value is not the hash of the signature", randomness.hex(), value["randomness"], where)
    report.holds(f"{name}: drand quicknet signed round {number}; its value is {randomness.hex()}")
    return randomness


def check_ceremony(
    report: Report, draw: Draw, item: dict[str, Any], policy: Policy | None, ledgers: list[Ledger]
) -> bytes:
    manifest, where, name = draw.manifest, draw.path("ceremony.txt"), "ceremony.tlog-proof"
    symbols = read_file(where).decode("latin-1")
    if len(symbols) != item["length"] or not set(symbols) <= set(item["alphabet"]):
        raise Wrong(
            "the ceremony's symbols are not those of its terms", f"{item['length']} of {item['alphabet']}", symbols
        )
    report.holds(f"ceremony.txt: {len(symbols)} symbols of the alphabet in the manifest")
    about = {"manifest": manifest.digest.hex()}
    logged = place_in_ledgers(ledgers, "draw.ceremony", manifest.draw, about)
    for place in logged:
        if place.said["symbols"] != symbols:
            raise Wrong("the ledger holds another ceremony of this draw", symbols, place.said, place.where)
    check_once(logged)
    shown = "that the ceremony was over before the round"
    if not draw.has(name):
        report.not_shown(f"{shown}: there is no {name}")
        return symbols.encode("ascii")
    expected = {"draw": manifest.draw, "manifest": manifest.digest.hex(), "symbols": symbols}
    proof = proof_of(draw, name, "draw.ceremony", expected, policy)
    check_later(draw, proof, "the ceremony")
    deadline = None if manifest.round_time is None else manifest.round_time - 1
    if "not_after" in item:
        over = instant(item["not_after"], manifest.where)
        deadline = over if deadline is None else min(deadline, over)
    check_seen(report, proof, policy, deadline, shown)
    if manifest.round is None and policy is not None and draw.proof is not None:
        met = policy.met_at(draw.proof.checkpoint.times)
        if met is None or instant(proof.at, draw.path(name)) < met + manifest.min_lead:
            report.not_shown(f"that the manifest was fixed {manifest.min_lead} seconds before the ceremony")
    if ledgers:
        report.run(check_same_ledger, report, proof, ledgers, "the ceremony's proof")
    return symbols.encode("ascii")


def check_later(draw: Draw, proof: Proof, whose: str) -> None:
    """What is about a manifest stands in the ledger after it."""
    earlier = draw.proof
    if earlier is not None and (proof.checkpoint.origin, proof.index) <= (earlier.checkpoint.origin, earlier.index):
        raise Wrong(f"{whose} was logged before the manifest", f"after entry {earlier.index}", proof.index)


def check_order(report: Report, draw: Draw, ledgers: list[Ledger]) -> None:
    manifest, digest, differs = draw.manifest, hashlib.sha256(), False
    published = open(draw.path("order.bin"), "rb") if draw.has("order.bin") else None  # noqa: SIM115
    try:
        for stratum in range(len(manifest.sizes)):
            for ranked in rank(report, draw, stratum):
                digest.update(ranked)
                differs = differs or (published is not None and published.read(len(ranked)) != ranked)
        differs = differs or (published is not None and published.read(1) != b"")
    finally:
        if published is not None:
            published.close()
    expected = {
        "v": 1, "manifest_sha256": manifest.digest.hex(), "seed": draw.seed.hex(), "order_sha256": digest.hexdigest(),
    }  # fmt: skip
    draw.ordered = True
    report.holds(f"order: {manifest.size} places computed anew; SHA-256 {expected['order_sha256']}")
    where = draw.path("result.json")
    found = parse_json(read_file(where), where)
    if found != expected or type(found["v"]) is not int:
        raise Wrong("the published result is another", expected, found, where)
    if differs:
        published_digest = sha256_of_file(draw.path("order.bin"))
        raise Wrong("order.bin is another order", expected["order_sha256"], published_digest, draw.path("order.bin"))
    report.holds("result.json and order.bin are that order" if draw.has("order.bin") else "result.json is that order")
    mine = {"manifest": expected["manifest_sha256"], "order": expected["order_sha256"], "seed": expected["seed"]}
    mine["draw"] = manifest.draw
    logged = place_in_ledgers(ledgers, "draw.result", manifest.draw, {"manifest": mine["manifest"]})
    for place in logged:
        if {name: place.said[name] for name in mine} != mine:
            raise Wrong("the ledger holds another result", mine, place.said, place.where)
    check_once(logged)
    if manifest.kind == DRAW:
        report.not_checked("who was called, and why places were skipped: auditors check that, with the people")


PREFIX = 8  # bytes of a key that are sorted; where they are equal, whole keys are compared
MIDDLE = 1 << 63


def rank(report: Report, draw: Draw, stratum: int) -> Iterator[bytes]:
    """The stratum's C in ascending order of (K, C), in pieces: a 256th of the keys is sorted at a time."""
    manifest, parts = draw.manifest, [bytearray() for _ in range(256)]
    row, place, key, listed = PREFIX + 4, 0, draw.key(), draw.listed
    assert listed is not None
    counted = needs_fairness(draw) and manifest.algorithm == BY_HASH
    products, total, last = 0, 0, draw.last
    for index, leaf in draw.entries(stratum):
        if index % BLOCK == 0:
            report.step("order", index, manifest.size)
        k = key(leaf)
        parts[k[0]] += k[:PREFIX] + index.to_bytes(4, "big")
        if counted:
            value = int.from_bytes(k[:8], "big") - MIDDLE
            products += value * last
            total += value
            last = value
    draw.neighbours, draw.means[stratum], draw.last = draw.neighbours + products, total, last
    for number in range(256):
        part, parts[number] = bytes(parts[number]), bytearray()
        rows = sorted([part[i : i + row] for i in range(0, len(part), row)])
        indices = [int.from_bytes(r[PREFIX:], "big") for r in rows]
        prefixes = [r[:PREFIX] for r in rows]
        if any(map(operator.eq, prefixes, prefixes[1:])):
            indices.sort(key=lambda i: (key(listed[i * manifest.leaf : (i + 1) * manifest.leaf]), i))
        if counted:
            draw.values[number] += b"".join(prefixes)
        for index in draw.wanted.intersection(indices):
            draw.places[index] = place + indices.index(index) + 1
        place += len(rows)
        yield b"".join([listed[(i + 1) * manifest.leaf - 32 : (i + 1) * manifest.leaf] for i in indices])


# ---------------------------------------------------------------------------------------------------------------------
# 11  Draws by table: drums decide between dates, the seed between people born on one date
# ---------------------------------------------------------------------------------------------------------------------

DAYS_OF_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LEAP_DAY = 60


def dates_of(days: int) -> dict[int, str]:
    """The dates of a table, by their number in a leap year."""
    every = [f"{m:02}-{d:02}" for m, last in enumerate(DAYS_OF_MONTHS, start=1) for d in range(1, last + 1)]
    return {n: text for n, text in enumerate(every, start=1) if days == 366 or n != LEAP_DAY}


def check_table(report: Report, draw: Draw, policy: Policy | None, ledgers: list[Ledger]) -> bool:
    """The drums' table is a permutation, logged after the round; a supplement takes the one of its draw."""
    manifest = draw.manifest
    if draw.main is not None:
        if not draw.numbers:
            raise CannotLook("the table of the draw could not be checked, so its supplements have no order")
        return True
    report.run(check_loading, report, draw)
    where, days = draw.path("table.csv"), manifest.value["table"]["days"]
    if not draw.has("table.csv"):
        raise CannotLook("the table is not drawn yet, or not published (table.csv): there is no order")
    data = read_file(where)
    draw.numbers = read_table(data, days, where)
    report.holds(f"table.csv: a permutation of 1 to {days}")
    said = {"manifest": manifest.digest.hex(), "sha256": sha256(data).hex()}
    logged = place_in_ledgers(ledgers, "draw.table", manifest.draw, {"manifest": said["manifest"]})
    for place in logged:
        if place.said["sha256"] != said["sha256"]:
            raise Wrong("the ledger holds another table of this draw", said, place.said, place.where)
    check_once(logged)
    if not draw.has("table.tlog-proof"):
        report.not_shown("that the table was not changed after it was drawn: there is no table.tlog-proof")
        return True
    proof = proof_of(draw, "table.tlog-proof", "draw.table", {"draw": manifest.draw, **said}, policy)
    check_later(draw, proof, "the table")
    at = instant(proof.at, draw.path("table.tlog-proof"))
    if manifest.round_time is not None and at < manifest.round_time:
        raise Wrong("the table was logged before the round", utc(manifest.round_time), proof.at, where)
    check_seen(report, proof, policy, None, "that the table was not changed after it was drawn")
    if ledgers:
        report.run(check_same_ledger, report, proof, ledgers, "the table's proof")
    return True


def read_table(data: bytes, days: int, where: str) -> list[int]:
    """The number of each day, by its number in a leap year (0 where there is none); Wrong with the cells named."""
    numbers, dates = [0] * 367, dates_of(days)
    lines = data.decode("latin-1").split("\n")
    if lines[0] != "date,number" or lines[-1] != "" or len(lines) != days + 2:
        raise Wrong(f"a table has the line date,number and {days} more, each ended", found=len(lines) - 1, where=where)
    problems: list[str] = []
    holders: dict[int, str] = {}
    for (day, text), line in zip(dates.items(), lines[1:], strict=False):
        match = re.fullmatch(r"(\d\d-\d\d),([1-9]\d{0,2})", line, re.ASCII)
        if match is None or match[1] != text or int(match[2]) > days:
            problems.append(f"{text}: {line!r}")
        elif int(match[2]) in holders:
            problems.append(f"{text}: {match[2]} again, first at {holders[int(match[2])]}")
        else:
            numbers[day] = int(match[2])
            holders[int(match[2])] = text
    if problems:
        raise Wrong("the table is no permutation of dates and numbers", f"1 to {days}", "; ".join(problems), where)
    return numbers


def check_loading(report: Report, draw: Draw) -> None:
    """Both drums were to be loaded in orders that the seed gives, each for itself."""
    days, where = draw.manifest.value["table"]["days"], draw.path("loading.json")
    if not draw.has("loading.json"):
        report.not_checked("the orders in which the drums were to be loaded: there is no loading.json")
        return
    orders = {}
    for name, label, items in (
        ("dates", "load-dates", dates_of(days)),
        ("numbers", "load-numbers", range(1, days + 1)),
    ):
        start = sha256(tag(label) + draw.seed)
        orders[name] = [n for _, n in sorted((sha256(start + n.to_bytes(2, "big")), n) for n in items)]
    expected = {"v": 1, "manifest_sha256": draw.manifest.digest.hex(), **orders}
    if parse_json(read_file(where), where) != expected:
        raise Wrong("the orders of loading are not those that the seed gives", where=where)
    report.holds("loading.json: the orders of loading follow from the seed")


# ---------------------------------------------------------------------------------------------------------------------
# 12  The source's list, the count of the pot, another attempt
# ---------------------------------------------------------------------------------------------------------------------


def check_source(report: Report, draw: Draw) -> None:
    """Level 1: those in the list and those left out are together everybody whom the source named."""
    manifest, source = draw.manifest, draw.manifest.value.get("source")
    if source is None or source["level"] != 1:
        for name in ("source.bin", "nullifiers.bin", "excluded.bin"):
            if draw.has(name):
                raise Wrong(f"{name} belongs to a manifest whose source is of level 1", where=draw.path(name))
        return
    holder = source.get("key_holder")
    if holder is not None and holder.strip().rstrip(".").lower() in ("", manifest.register.lower()):
        raise Wrong("the register itself holds the key of the nullifiers: it could list the exempt", found=holder)
    if holder is None and ("excluded_sha256" in source or draw.has("excluded.bin")):
        raise Wrong("those left out are listed, and nobody from outside is named who holds the key")
    if "excluded_sha256" not in source and draw.has("excluded.bin"):
        raise Wrong("excluded.bin is not named in the manifest", where=draw.path("excluded.bin"))
    if source["excluded"] != source["size"] - manifest.size:
        raise Wrong("the numbers of the source do not add up", source["size"] - manifest.size, source["excluded"])
    listed, tree = mapped(draw.path("source.bin"), 32 * source["size"]), Tree("")
    check_ascending(report, "source.bin", listed, 32, tree, draw.path("source.bin"))
    if tree.root().hex() != source["root"]:
        raise Wrong("source.bin is not the list that the manifest names", source["root"], tree.root().hex())
    message = tag("source") + tree.root() + source["size"].to_bytes(8, "big") + manifest.draw.encode()
    if not ed25519_signed(bytes.fromhex(source["key"]), message, bytes.fromhex(source["signature"])):
        raise Wrong("the source did not sign this list", source["authority"], source["signature"])
    report.holds(f"source.bin: {source['size']} people, signed by {source['authority']}")
    inside_list = split_by_first_byte(report, draw, "nullifiers.bin", manifest.size, source["nullifiers"])
    outside = None
    if "excluded_sha256" in source:
        outside = split_by_first_byte(report, draw, "excluded.bin", source["excluded"], source["excluded_sha256"])
        ordered = sha256(b"".join(outside)).hex() == source["excluded_sha256"]
        if not ordered or not all(ascends(rows_of(part)) for part in outside):
            raise Wrong("excluded.bin is not in strictly ascending order", where=draw.path("excluded.bin"))
    for number in range(256):
        here = rows_of(inside_list[number])
        first, last = (bisect.bisect_left(FirstBytes(listed), b) for b in (number, number + 1))
        of_source = [listed[32 * i : 32 * i + 32] for i in range(first, last)]
        if len(set(here)) != len(here):
            raise Wrong(
                "somebody stands in the list twice: a nullifier is there twice", where=draw.path("nullifiers.bin")
            )
        if outside is None and not set(here) <= set(of_source):
            raise Wrong("somebody in the list is not in the source's list", where=draw.path("nullifiers.bin"))
        if outside is not None and sorted(here + rows_of(outside[number])) != of_source:
            raise Wrong("those in the list and those left out are not together the source's list", where=draw.folder)
    if outside is None:
        report.holds("nullifiers.bin: everybody in the list once, and in the source's list")
        report.not_checked("that those left out are the source's others: it follows from the counts, by no names")
    else:
        report.holds("nullifiers.bin and excluded.bin: disjoint, and together the source's list")
    report.not_checked("that each nullifier is that person's: seen when entries are opened to the source")


class FirstBytes:
    """The first byte of each 32, to be searched."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def __len__(self) -> int:
        return len(self.data) // 32

    def __getitem__(self, index: int) -> int:
        return int(self.data[32 * index])


def ascends(rows: list[bytes]) -> bool:
    return all(map(operator.lt, rows, rows[1:]))


def split_by_first_byte(report: Report, draw: Draw, name: str, count: int, digest: str) -> list[bytearray]:
    """The nullifiers in a file, in 256 parts, after its length and hash."""
    where = draw.path(name)
    data = mapped(where, 32 * count)
    if sha256_of_file(where) != digest:
        raise Wrong(f"{name} is not the file that the manifest names", digest, sha256_of_file(where), where)
    parts = [bytearray() for _ in range(256)]
    for start in range(0, len(data), 32 * BLOCK):
        report.step(name, start // 32, count)
        piece = data[start : start + 32 * BLOCK]
        for i in range(0, len(piece), 32):
            parts[piece[i]] += piece[i : i + 32]
    return parts


def rows_of(data: bytes | bytearray) -> list[bytes]:
    return [bytes(data[i : i + 32]) for i in range(0, len(data), 32)]


COUNT = {
    "v": "a count", "kind": "a text", "draw": "an id", "office": "a text", "reference_day": "a day",
    "rounded_to": "1 to 100", "cells": [{"by": "a text", "value": "an id", "count": "a count"}], "manifest~": "a hash",
}  # fmt: skip
POTCHECK = {
    "v": "a count", "kind": "a text", "draw": "an id", "root": "a hash", "size": "a count", "count": "a hash",
    "per_mille": "from 1", "rounded_to": "1 to 10", "least": "1 to 20",
    "cells": [{"by": "a text", "value": "an id", "expected": "a count", "found": "a count or null"}],
    "verdict": "a text",
}  # fmt: skip


ADDING_UP = ("birth-year", "district", "stratum")  # each of these divides the whole list


def read_versioned(path: str, kind: str, shape: Any) -> dict[str, Any]:
    """A JSON file of version 1 and of this kind and shape."""
    value = parse_json(read_file(path), path)
    found = [value.get(name) if isinstance(value, dict) else None for name in ("v", "kind")]
    if type(found[0]) is not int or found != [1, kind]:
        raise CannotLook(f"this version does not know files of kind {plain(found)}: {path}")
    fit(value, shape, kind, path)
    return dict(value)


def read_potcheck(
    folder: str, stated: dict[str, Any], manifest: Manifest, afterwards: bool
) -> tuple[str, list[dict[str, Any]]]:
    """The verdict of a pot check, computed anew, and the cells that are off.

    `stated` names its hash, and the office, key and share fixed in advance; `manifest` is that of the list counted. A
    count that is to void a list was made after its manifest, which it names; else the register could keep one in store.
    """
    path, count_path = os.path.join(folder, "potcheck.json"), os.path.join(folder, "count.json")
    if sha256(read_file(path)).hex() != stated["sha256"]:
        raise Wrong(
            "potcheck.json is another file than the one named", stated["sha256"], sha256(read_file(path)).hex(), path
        )
    pot, count = (
        read_versioned(path, "muster-roll/potcheck", POTCHECK),
        read_versioned(count_path, "muster-roll/count", COUNT),
    )
    digest = sha256(read_file(count_path))
    expected = {
        "draw": manifest.draw, "root": manifest.root, "size": manifest.size, "count": digest.hex(),
        "per_mille": stated["per_mille"],
    }  # fmt: skip
    if {name: pot[name] for name in expected} != expected:
        raise Wrong("the pot check is of another list or count", expected, {name: pot[name] for name in expected}, path)
    day = manifest.value.get("reference_day", count["reference_day"])
    if (count["draw"], count["office"], count["reference_day"]) != (manifest.draw, stated["office"], day):
        raise Wrong(
            "the count is another office's, of another draw or day", (manifest.draw, stated["office"], day), count
        )
    named = manifest.digest.hex() if afterwards else None
    if count.get("manifest") != named:
        raise Wrong(
            "the count was not made after the manifest whose list it voids", named, count.get("manifest"), folder
        )
    signature = read_file(os.path.join(folder, "count.sig")).decode("latin-1")
    if not is_hex(signature, 64) or not ed25519_signed(
        bytes.fromhex(stated["key"]), tag("count") + digest, bytes.fromhex(signature)
    ):
        raise Wrong("the office named beforehand did not sign the count", stated["office"], signature, folder)
    off = check_cells(pot, count, path)
    verdict = "locks" if off else "holds"
    if afterwards and off:  # of a stratum the manifest says how many: the register's word cannot void its own list
        sizes = dict(zip(manifest.ids, manifest.sizes, strict=True))
        off = [cell for cell in off if cell["by"] != "stratum" or is_off(pot, count, cell, sizes.get(cell["value"], 0))]
        if not off:
            raise Wrong("the pot check finds a stratum wrong that has as many people as were counted", where=path)
    if pot["verdict"] != verdict:
        raise Wrong("the verdict of the pot check is not what its cells give", verdict, pot["verdict"], path)
    return verdict, off


def check_cells(pot: dict[str, Any], count: dict[str, Any], path: str) -> list[dict[str, Any]]:
    """The cells that are off, after every cell of the count is found in the pot check."""
    for cells in (pot["cells"], count["cells"]):
        names = [(cell["by"], cell["value"]) for cell in cells]
        if any(a >= b for a, b in itertools.pairwise(names)):
            raise Wrong("cells stand in ascending order, each once", where=path)
        for by, value in names:
            if by not in ("birth-year", "district", "source", "stratum"):
                raise CannotLook(f"this version does not know cells by {plain(by)}: {path}")
            if by == "birth-year" and not re.fullmatch("[0-9]{4}|unknown", value):
                raise Wrong("a birth year has four digits, or is unknown", found=value, where=path)
    counted = {(cell["by"], cell["value"]): cell["count"] for cell in count["cells"]}
    expected = {(cell["by"], cell["value"]): cell["expected"] for cell in pot["cells"]}
    if expected != {**dict.fromkeys(expected, 0), **counted}:
        raise Wrong("the pot check does not have the cells of the count", counted, expected, path)
    return [cell for cell in pot["cells"] if is_off(pot, count, cell)]


def is_off(pot: dict[str, Any], count: dict[str, Any], cell: dict[str, Any], exact: int | None = None) -> bool:
    """Whether a cell differs by more than the declared share; `exact` is the register's number where it is known."""
    half = count["rounded_to"] // 2
    least, most = range_of(pot, cell) if exact is None else (exact, exact)
    low, high = max(0, cell["expected"] - half), cell["expected"] + half
    return bool(max(0, least - high, low - most) * 1000 > pot["per_mille"] * cell["expected"])


def range_of(pot: dict[str, Any], cell: dict[str, Any]) -> tuple[int, int]:
    """What the number shown in a cell may stand for."""
    if cell["found"] is None:
        return 0, pot["least"] - 1
    half = pot["rounded_to"] // 2
    return max(0, cell["found"] - half), cell["found"] + half


def check_potcheck(report: Report, draw: Draw, ledgers: list[Ledger]) -> None:
    """The list was counted against somebody else's count, and is not one that a count had locked."""
    manifest, stated = draw.manifest, draw.manifest.value.get("potcheck")
    mine = next(iter(place_in_ledgers(ledgers, LOGGED[DRAW], manifest.draw, {"sha256": manifest.digest.hex()})), None)
    for place in place_in_ledgers(ledgers, "draw.potcheck", manifest.draw, {"root": manifest.root, "verdict": "locks"}):
        if mine is not None and place.before(mine):
            raise Wrong(
                "this list had been locked by a pot check when it was fixed", found=place.said, where=place.where
            )
    if stated is None:
        report.not_checked("the list against an independent count: the manifest names no pot check")
        return
    verdict, off = read_potcheck(draw.folder, stated, manifest, afterwards=False)
    if verdict != "holds":
        raise Wrong("the pot check locks the draw", f"at most {stated['per_mille']} per mille off", off, draw.folder)
    pot = parse_json(read_file(draw.path("potcheck.json")), draw.folder)
    sizes = dict(zip(manifest.ids, manifest.sizes, strict=True))
    for by in ADDING_UP:
        ranges = [range_of(pot, cell) for cell in pot["cells"] if cell["by"] == by]
        if ranges and not sum(low for low, _ in ranges) <= manifest.size <= sum(high for _, high in ranges):
            raise Wrong(
                f"the pot check's numbers by {by} do not add up to the list", manifest.size, ranges, draw.folder
            )
    for cell in pot["cells"]:
        low, high = range_of(pot, cell)
        if cell["by"] == "stratum" and not low <= sizes.get(cell["value"], 0) <= high:
            raise Wrong(
                "the pot check has another number for a stratum", sizes.get(cell["value"], 0), cell, draw.folder
            )
    if ledgers:
        passed = place_in_ledgers(
            ledgers, "draw.potcheck", manifest.draw, {"sha256": stated["sha256"], "verdict": "holds"}
        )
        if mine is None or not any(place.before(mine) for place in passed):
            raise Wrong("the ledger does not hold the passed pot check before the manifest", stated["sha256"])
    if not any(cell["by"] in ADDING_UP for cell in pot["cells"]):
        raise Wrong("the count has no number by birth year, district or stratum: it shows nothing", where=draw.folder)
    report.holds(f"potcheck.json: {len(pot['cells'])} cells agree with the count signed by {stated['office']}")


def check_attempt(report: Report, draw: Draw, ledgers: list[Ledger]) -> None:
    """Another attempt, or a stratum drawn anew, rests on something that anybody can compute."""
    manifest, because = draw.manifest, draw.manifest.because
    if because is None:
        if draw.manifest.attempt > 1:
            report.not_checked(f"whether the law allowed attempt {manifest.attempt}")
        return
    folder = draw.path("before")
    if manifest.kind == REDRAWN:
        assert draw.main is not None
        before = draw.main.manifest
    else:
        path = os.path.join(folder, "manifest.json")
        before = Manifest(read_file(path), path)
        check_before(manifest, before)
    mine = place_in_ledgers(ledgers, LOGGED[manifest.kind], manifest.draw, {"sha256": manifest.digest.hex()})
    earlier = place_in_ledgers(ledgers, LOGGED[DRAW], manifest.draw, {"sha256": before.digest.hex()})
    if because["ground"] == "fallback":
        check_fallback(report, manifest, before, ledgers, mine)
        return
    named = before.value.get("potcheck")
    if named is None:
        raise Wrong("nobody was named beforehand whose count could void the list", "`potcheck` in the manifest before")
    verdict, off = read_potcheck(folder, {**named, "sha256": because["sha256"]}, before, afterwards=True)
    if verdict != "locks":
        raise Wrong("the pot check that is to be the ground for another draw holds", "locks", verdict, folder)
    if manifest.kind == REDRAWN and not any(
        (cell["by"], cell["value"]) == ("stratum", manifest.value["stratum"]) for cell in off
    ):
        raise Wrong("the pot check does not find this stratum wrong", manifest.value["stratum"], off, folder)
    if ledgers:
        failed = place_in_ledgers(ledgers, "draw.potcheck", manifest.draw, {"sha256": because["sha256"]})
        if not any(a.before(p) and p.before(b) for a in earlier for p in failed for b in mine):
            raise Wrong("the ledger does not hold the failed pot check between the two manifests", because["sha256"])
    report.holds(f"before/: a count signed by {named['office']} shows that the list before was wrong")
    if all(cell["by"] != "stratum" for cell in off):
        report.not_checked(
            "that the register's own numbers of that list are true: only by stratum can they be computed"
        )


def check_before(manifest: Manifest, before: Manifest) -> None:
    """The manifest that is replaced is the one named, and was not replaced on the same ground itself."""
    if before.digest.hex() != manifest.supersedes:
        raise Wrong("before/manifest.json is not the one that is superseded", manifest.supersedes, before.digest.hex())
    expected = (DRAW, manifest.draw, manifest.register, manifest.attempt - 1)
    if (before.kind, before.draw, before.register, before.attempt) != expected:
        raise Wrong("before/manifest.json is not the attempt before", expected, before.draw, before.where)
    ground = manifest.because["ground"] if manifest.because is not None else None
    if manifest.attempt > 3 or (before.because is not None and before.because["ground"] == ground):
        raise Wrong("a draw is repeated once on one ground", found=manifest.attempt, where=manifest.where)


def check_fallback(
    report: Report, manifest: Manifest, before: Manifest, ledgers: list[Ledger], mine: list[Place]
) -> None:
    """The beacon's round is replaced by the source that was named for this, and by nothing else."""
    named = before.value.get("fallback")
    if named is None or before.round is None or before.round_time is None:
        raise Wrong("the manifest before names nothing to fall back to", where=before.where)
    expected = [named["second"] if item["type"] == "drand" else item for item in before.items]
    if manifest.items != expected:
        raise Wrong("the randomness is not the one named for a fallback", expected, manifest.items, manifest.where)
    for member in ("cohort", "algorithm"):
        if manifest.value[member] != before.value[member]:
            raise Wrong(f"a fallback keeps `{member}`", before.value[member], manifest.value[member], manifest.where)
    if ledgers:
        about = {"manifest": before.digest.hex(), "round": before.round}
        declared = place_in_ledgers(ledgers, "draw.fallback", manifest.draw, about)
        if not any(place.before(own) for place in declared for own in mine):
            raise Wrong("the ledger does not hold the fallback before this manifest", about)
        soonest = before.round_time + named["after"]
        if min(instant(place.at, place.where) for place in declared) < soonest:
            raise Wrong("the beacon was given up before its time", utc(soonest), declared[0].at, declared[0].where)
    report.holds("the randomness is the source that the manifest before named for a silent beacon")
    report.not_checked("whether the beacon was silent")


# ---------------------------------------------------------------------------------------------------------------------
# 13  Fairness figures: they decide nothing, and anybody can compute them
# ---------------------------------------------------------------------------------------------------------------------

SUITES = {BY_HASH: "muster-roll/fairness-b/v1", BY_TABLE: "muster-roll/fairness-a/v1"}
TABLES_OF_CHANCE = 20_000
FEWEST = 20  # people, for a test of means and of neighbours


def needs_fairness(draw: Draw) -> bool:
    return draw.manifest.kind == DRAW and "fairness" in draw.manifest.value and draw.has("fairness.json")


def check_fairness(report: Report, draw: Draw, ledgers: list[Ledger]) -> None:
    manifest, where = draw.manifest, draw.path("fairness.json")
    logged = place_in_ledgers(ledgers, "draw.fairness", manifest.draw, {"manifest": manifest.digest.hex()})
    if not needs_fairness(draw):
        if logged:
            raise CannotLook(f"the ledger names fairness figures that are not here: {logged[0].where}")
        report.not_checked("the fairness figures: none are stated and published")
        return
    if not draw.ordered:
        raise CannotLook("the fairness figures: there is no checked order yet")
    data = read_file(where)
    value = parse_json(data, where)
    if manifest.algorithm == BY_TABLE:
        found = suite_a(tuple(n for n in draw.numbers if n), manifest.digest)
    else:
        found = suite_b(draw)
    alpha = manifest.value["fairness"]["alpha"]
    tests, verdict = corrected(found, float(alpha))
    expected = {"v": 1, "suite": SUITES[manifest.algorithm], "alpha": alpha, "tests": tests, "verdict": verdict}
    if (
        not isinstance(value, dict)
        or not isinstance(value.pop("meaning", None), str)
        or not same_figures(value, expected)
    ):
        raise Wrong("the fairness figures are others", expected, value, where)
    report.holds(f"fairness.json: {verdict}; its {len(tests)} figures computed anew. They prove and void nothing")
    for place in logged:
        mine = {"draw": manifest.draw, "sha256": sha256(data).hex(), "verdict": verdict}
        if {name: place.said[name] for name in mine} != mine:
            raise Wrong("the ledger holds other fairness figures", mine, place.said, place.where)
    check_once(logged)


def same_figures(value: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Equal but for the last of six decimals, in which programs may differ by rounding."""
    tests = value.get("tests")
    if {**value, "tests": None} != {**expected, "tests": None} or not isinstance(tests, list):
        return False
    if len(tests) != len(expected["tests"]) or not all(isinstance(test, dict) for test in tests):
        return False
    for mine, theirs in zip(expected["tests"], tests, strict=True):
        if set(theirs) != set(mine) or theirs["test"] != mine["test"]:
            return False
        if not all(close(mine[name], theirs[name]) for name in ("p", "holm")):
            return False
    return True


def close(mine: str | None, theirs: object) -> bool:
    if mine is None or not isinstance(theirs, str) or not re.fullmatch(r"[01]\.[0-9]{6}", theirs, re.ASCII):
        return mine is None and theirs is None
    return abs(int(mine.replace(".", "")) - int(theirs.replace(".", ""))) <= 2


def corrected(found: dict[str, float | None], alpha: float) -> tuple[list[dict[str, Any]], str]:
    """The tests with p and p after Holm, and the verdict."""
    rows = sorted((p, name) for name, p in found.items() if p is not None)
    after, largest = {}, 0.0
    for i, (p, name) in enumerate(rows):
        largest = max(largest, min(1.0, (len(rows) - i) * p))
        after[name] = largest
    tests = [
        {"test": name, "p": None if p is None else f"{p:.6f}", "holm": None if p is None else f"{after[name]:.6f}"}
        for name, p in found.items()
    ]
    smallest = min(after.values(), default=1.0)
    return tests, "flag" if smallest <= alpha else "note" if smallest <= 10 * alpha else "unremarkable"


def suite_b(draw: Draw) -> dict[str, float | None]:
    """Draws by hash, from the keys that were computed for the order."""
    sizes, n = draw.manifest.sizes, draw.manifest.size
    found: dict[str, float | None] = dict.fromkeys(("B1", "B2", "B3", "B4"))
    groups = 256 if n >= 1280 else 16
    if n >= 80:
        counts = [
            sum(len(part) // 8 for part in draw.values[i : i + 256 // groups]) for i in range(0, 256, 256 // groups)
        ]
        found["B1"] = chi_square(sum((groups * count - n) ** 2 for count in counts) / (groups * n), groups - 1)
    if n >= FEWEST:
        found["B2"] = kolmogorov(draw.values, n)
        z = draw.neighbours / 2**128 * 12 / math.sqrt(n - 1)
        found["B3"] = math.erfc(abs(z) / math.sqrt(2))
    if min(sizes) >= FEWEST:
        means = zip(draw.means, sizes, strict=True)
        found["B4"] = chi_square(sum(12 * (total / 2**64) ** 2 / size for total, size in means), len(sizes))
    return found


def kolmogorov(parts: list[bytearray], n: int) -> float:
    """How often n values of chance stand as far from the uniform distribution, in Stephens' form."""
    distance, rank_ = 0.0, 0
    for part in parts:
        for value in sorted([int.from_bytes(part[i : i + 8], "big") for i in range(0, len(part), 8)]):
            x = value / 2**64
            distance = max(distance, (rank_ + 1) / n - x, x - rank_ / n)
            rank_ += 1
    scaled = distance * (math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n))
    return min(
        1.0, max(0.0, 2 * sum((1 if j % 2 else -1) * math.exp(-2 * j * j * scaled * scaled) for j in range(1, 101)))
    )


def chi_square(statistic: float, freedom: int) -> float:
    """The chance of a chi-square as large or larger, by the finite sum that whole degrees of freedom allow."""
    half, odd = statistic / 2, freedom % 2
    if half <= 0:
        return 1.0
    total = math.erfc(math.sqrt(half)) if odd else 0.0
    for i in range(freedom // 2):
        power = i + odd / 2
        total += math.exp(power * math.log(half) - half - math.lgamma(power + 1))
    return min(1.0, total)


def suite_a(numbers: tuple[int, ...], seed: bytes) -> dict[str, float | None]:
    """Draws by table: how many of 20,000 tables of chance look at least as odd."""
    n = len(numbers)
    mine, as_odd = oddness(numbers), [0] * 7
    start = tag("fairness") + seed
    for t in range(TABLES_OF_CHANCE):
        head = start + t.to_bytes(4, "big")
        stream = b"".join(sha256(head + b.to_bytes(2, "big")) for b in range((n + 3) // 4))
        days = sorted(range(n), key=lambda i: stream[8 * i : 8 * i + 8])
        shuffled = [0] * n
        for number, day in enumerate(days, start=1):
            shuffled[day] = number
        for test, (value, own) in enumerate(zip(oddness(shuffled), mine, strict=True)):
            as_odd[test] += value >= own
    return {f"A{i}": (1 + count) / (1 + TABLES_OF_CHANCE) for i, count in enumerate(as_odd, start=1)}


def oddness(r: Sequence[int]) -> list[int]:
    """The seven statistics of a table, all whole numbers."""
    n = len(r)
    months, common, cosines, sines = calendar_of(n)
    h, d = n // 2, months[6][0]
    sums = [sum(r[a:b]) for a, b in months]
    lows = [sum(number <= h for number in r[a:b]) for a, b in months]
    sides = [2 * number > n + 1 for number in r if 2 * number != n + 1]
    first = sum(sums[:6])
    return [
        abs(4 * sum(map(operator.mul, range(1, n + 1), r)) - n * (n + 1) ** 2),
        sum((n * low - (b - a) * h) ** 2 * (common // (b - a)) for low, (a, b) in zip(lows, months, strict=True)),
        sum(total**2 * (common // (b - a)) for total, (a, b) in zip(sums, months, strict=True)),
        abs(first * (n - d) - (sum(sums) - first) * d),
        abs(sum(map(operator.ne, sides, sides[1:])) - h),
        abs(6 * sum((a - b) ** 2 for a, b in itertools.pairwise(r)) - (n - 1) * n * (n + 1)),
        sum(map(operator.mul, r, cosines)) ** 2 + sum(map(operator.mul, r, sines)) ** 2,
    ]


@functools.cache
def calendar_of(n: int) -> tuple[list[tuple[int, int]], int, list[int], list[int]]:
    """First day and end of each month of a year of n days, the months' common multiple, and the waves of a season."""
    lengths = [last - (n == 365 and m == 2) for m, last in enumerate(DAYS_OF_MONTHS, start=1)]
    ends = list(itertools.accumulate(lengths))
    angles = [2 * math.pi * i / n for i in range(n)]
    waves = [[math.floor(1000 * wave(angle) + 0.5) for angle in angles] for wave in (math.cos, math.sin)]
    return [(b - a, b) for a, b in zip(lengths, ends, strict=True)], math.lcm(*lengths), waves[0], waves[1]


# ---------------------------------------------------------------------------------------------------------------------
# 14  Audits: which entries, and which of those who were spared, an auditor has to open
# ---------------------------------------------------------------------------------------------------------------------


def check_audit(report: Report, draw: Draw) -> None:
    """The entries that an auditor has to open are picked by a later round, by nobody."""
    manifest, where = draw.manifest, draw.path("audit.json")
    if "audit" not in manifest.value or draw.listed is None:
        return
    number = manifest.value["audit"]["round"]
    if not draw.has("audit.json"):
        report.not_checked(f"the audit's sample: its round {number} is not in the bundle yet")
        return
    seed = sha256(tag("audit") + manifest.digest + check_round(report, draw, "audit.json", number, "sample"))
    expected = []
    for stratum, count in enumerate(manifest.value["audit"]["samples"]):
        scored = ((sha256(tag("audit") + seed + leaf[-32:]), i) for i, leaf in draw.entries(stratum))
        expected.append(sorted(i for _, i in heapq.nsmallest(count, scored)))
    found = parse_json(read_file(where), where).get("sample")
    if found != expected:
        raise Wrong("these are not the entries that the audit's round picks", expected, found, where)
    report.holds(f"audit.json: the {sum(map(len, expected))} entries to open are those that round picks")
    report.not_checked("that an auditor opened them and found them true")


FEWEST_OPENED = 299  # of the spared, unless the law says more


def check_spared(report: Report, draw: Draw, policy: Policy | None, ledgers: list[Ledger]) -> None:
    """Those left out or passed over were committed to before the round that picks whom an auditor looks at."""
    manifest, files = draw.manifest, ("spared.bin", "hand.bin", "spared.json", "spared.tlog-proof")
    about = {"manifest": manifest.digest.hex()}
    logged = place_in_ledgers(ledgers, "draw.spared", manifest.draw, about)
    for place in place_in_ledgers(ledgers, "draw.spared", manifest.draw, {}):
        if place.said["manifest"] != about["manifest"]:
            raise Wrong("the ledger holds another list of the spared for this draw", about, place.said, place.where)
    if not any(draw.has(name) for name in files):
        if logged:
            raise CannotLook(f"the ledger names a list of the spared that is not here: {logged[0].where}")
        report.not_checked(
            "the spared: nobody has yet fixed who was left out or passed over, for an auditor to look at"
        )
        return
    if draw.has("spared.tlog-proof"):
        proof = proof_of(draw, "spared.tlog-proof", "draw.spared", {"draw": manifest.draw, **about}, policy)
        check_later(draw, proof, "the list of the spared")
        said = proof.payload
        at, time = instant(proof.at, draw.path("spared.tlog-proof")), time_of_round(said["round"])
        if at >= time:
            raise Wrong("the spared were fixed after the round that picks among them", utc(time), proof.at)
        check_seen(report, proof, policy, time - 1, "that the spared were fixed before the round that picks among them")
        if ledgers:
            report.run(check_same_ledger, report, proof, ledgers, "the proof of the spared")
    elif logged:
        said = logged[0].said
        report.not_shown("that the spared were fixed before the round that picks among them: no spared.tlog-proof")
    else:
        raise CannotLook("what the ledger says of the spared is not here (spared.tlog-proof)")
    for place in logged:
        if place.said != said:
            raise Wrong("the ledger holds another list of the spared", said, place.said, place.where)
    check_once(logged)
    if said["sample"] < FEWEST_OPENED:
        report.not_shown(f"that an auditor sees {FEWEST_OPENED} of the spared: {said['sample']} are to be opened")
    lists = {name: check_hidden_list(report, draw, name, said[name]) for name in ("spared", "hand")}
    draw.spared = said
    source = manifest.value.get("source")
    if source is not None:
        level_0 = source["level"] == 0
        least = source["considered"] - manifest.size - source["rounded_to"] if level_0 else source["excluded"]
        if said["spared"]["size"] < least:
            raise Wrong("fewer are in the list of the spared than were left out", least, said["spared"]["size"])
    report.holds(
        f"spared.bin: {said['spared']['size']} left out or passed over; hand.bin: {said['hand']['size']} facts"
    )
    if not draw.has("spared.json"):
        report.not_checked(f"the sample of the spared: its round {said['round']} is not in the bundle yet")
        return
    value = check_round(report, draw, "spared.json", said["round"], "sample")
    seed, data = sha256(tag("audit") + manifest.digest + value), lists["spared"]
    scored = ((sha256(tag("spared") + seed + data[i : i + 32]), i // 32) for i in range(0, len(data), 32))
    expected = sorted(i for _, i in heapq.nsmallest(said["sample"], scored))
    where = draw.path("spared.json")
    found = parse_json(read_file(where), where).get("sample")
    if found != expected:
        raise Wrong("these are not the spared that the round picks", expected, found, where)
    report.holds(f"spared.json: the {len(expected)} to open are those that round {said['round']} picks")
    for place in place_in_ledgers(ledgers, "audit", manifest.draw, about):
        report.not_checked(
            f"what the auditor says to have opened ({place.where}): entries {place.said['cohort']}, spared "
            f"{place.said['spared']}, by hand {place.said['hand']}, wrong {place.said['wrong']}"
        )


def check_hidden_list(report: Report, draw: Draw, name: str, said: dict[str, Any]) -> Any:
    where = draw.path(name + ".bin")
    data, tree = mapped(where, 32 * said["size"]), Tree("")
    check_ascending(report, name + ".bin", data, 32, tree, where)
    if tree.root().hex() != said["root"]:
        raise Wrong(f"{name}.bin is not the list that the ledger names", said["root"], tree.root().hex(), where)
    return data


# ---------------------------------------------------------------------------------------------------------------------
# 15  Supplements for people found missing, and strata drawn anew
# ---------------------------------------------------------------------------------------------------------------------


def check_part(report: Report, part: Draw) -> None:
    """A supplement or a stratum drawn anew belongs to this draw, and says no more than it may."""
    manifest, main = part.manifest, part.main
    assert main is not None
    above = main.manifest
    word = "supplement" if manifest.kind == SUPPLEMENT else "stratum"
    if os.path.basename(part.folder) != f"{word}-{manifest.number:02}":
        raise Wrong("the folder bears another number or kind than the manifest", (word, manifest.number), part.folder)
    expected = (above.digest.hex(), above.draw, above.register, above.algorithm)
    found = (manifest.value["parent"], manifest.draw, manifest.register, manifest.algorithm)
    if found != expected:
        raise Wrong("this belongs to another draw", expected, found, manifest.where)
    manifest.need(
        above.round is None or manifest.round is None or manifest.round > above.round,
        "its round is later than its parent's",
    )
    quotas = [stratum["quota"] for stratum in manifest.strata]
    if manifest.kind == SUPPLEMENT:
        manifest.need(set(manifest.ids) <= set(above.ids), "its strata are strata of the draw")
        manifest.need(ascends([name.encode() for name in manifest.ids]), "its strata stand in ascending order")
        manifest.need(not any(quotas), "a supplement has no quota")
    else:
        name = manifest.value["stratum"]
        manifest.need(manifest.algorithm == BY_HASH, "a stratum is drawn anew only in a draw by hash")
        manifest.need(manifest.because["ground"] == "potcheck", "a stratum is drawn anew after a failed pot check only")
        manifest.need(name in above.ids and manifest.ids == [name], "its list has this one stratum of the draw")
        quota = above.strata[above.ids.index(name)]["quota"]
        manifest.need(quotas == [min(quota, manifest.size)], "its quota is that of the stratum it replaces")
    report.holds(f"it belongs to this draw: {', '.join(manifest.ids)}; {manifest.size} people")
    for missing in manifest.missing:
        report.not_stated(f"`{missing.partition('.')[2]}`: the manifest leaves out what its writer has to say")


def check_numbers(report: Report, draw: Draw, ledgers: list[Ledger]) -> None:
    """Supplements and strata are numbered without a gap, here and in the ledger, and none is hidden."""
    parent = draw.manifest.digest.hex()
    if draw.unread:
        raise CannotLook(f"{draw.unread[0]} could not be read, so nobody knows whether a list is hidden")
    for kind, entry_kind in PARTS.items():
        here = {part.manifest.digest.hex(): part.manifest for part in draw.parts if part.manifest.kind == kind}
        numbers = sorted(manifest.number for manifest in here.values())
        if numbers != list(range(1, len(numbers) + 1)):
            raise Wrong(f"the numbers of a draw's {entry_kind} have a gap", found=numbers, where=draw.folder)
        strata = [manifest.value["stratum"] for manifest in here.values() if kind == REDRAWN]
        if len(set(strata)) != len(strata):
            raise Wrong("a stratum is drawn anew twice", found=strata, where=draw.folder)
        if not ledgers:
            continue
        every = place_in_ledgers(ledgers, entry_kind, draw.manifest.draw, {})
        known = {parent} | {p.said["sha256"] for p in place_in_ledgers(ledgers, LOGGED[DRAW], draw.manifest.draw, {})}
        for place in every:
            if place.said["parent"] not in known:
                raise Wrong(
                    f"the ledger names a {entry_kind} of a list that nobody knows", parent, place.said, place.where
                )
        logged = [place for place in every if place.said["parent"] == parent]
        if [place.said["number"] for place in logged] != list(range(1, len(logged) + 1)):
            raise Wrong(
                f"the ledger's numbers of {entry_kind} have a gap, or one twice", found=[p.said for p in logged]
            )
        mine = place_in_ledgers(ledgers, "draw.manifest", draw.manifest.draw, {"sha256": parent})
        for place in logged:
            manifest = here.pop(place.said["sha256"], None)
            if manifest is None:
                report.cannot_look(f"the ledger names a {entry_kind} that is not here: {place.where}")
            elif place.said["number"] != manifest.number or place.said.get("stratum") != manifest.value.get("stratum"):
                raise Wrong("the ledger says otherwise of it", manifest.number, place.said, place.where)
            elif not any(own.before(place) for own in mine):
                raise Wrong(f"a {entry_kind} was logged before its draw", found=place.said, where=place.where)
        if here:
            raise Wrong(f"the ledger does not hold a {entry_kind} that is here", found=sorted(here), where=draw.folder)
        if logged:
            report.holds(f"the ledger holds {len(logged)} {entry_kind}, all of them here, numbered without a gap")


def check_lists_together(report: Report, draw: Draw) -> None:
    """Nobody stands in two lists of one draw, leaving aside a stratum that was drawn anew."""
    seen: set[bytes] = set()
    for part in draw.parts:
        if part.listed is None:
            raise CannotLook(f"{part.folder} could not be checked, so nobody knows who stands in two lists")
        for stratum in range(len(part.manifest.sizes)):
            for _, leaf in part.entries(stratum):
                if leaf[-32:] in seen:
                    raise Wrong("somebody stands in two lists of this draw", found=leaf[-32:].hex(), where=part.folder)
                seen.add(leaf[-32:])
    if draw.listed is None:
        raise CannotLook("the main list could not be checked, so nobody knows who stands in two lists")
    replaced = replaced_strata(draw)
    for stratum, name in enumerate(draw.manifest.ids):
        if seen and name not in replaced:
            for index, leaf in draw.entries(stratum):
                if leaf[-32:] in seen:
                    raise Wrong(
                        "somebody stands in two lists of this draw", found=leaf[-32:].hex(), where=f"index {index}"
                    )
    report.holds(f"nobody stands in two of the {1 + len(draw.parts)} lists of this draw")
    for name in sorted(replaced):
        report.holds(f"{name} was drawn anew: its order in the main list no longer counts")


def replaced_strata(draw: Draw) -> dict[str, Draw]:
    return {part.manifest.value["stratum"]: part for part in draw.parts if part.manifest.kind == REDRAWN}


def label_of(draw: Draw, part: Draw, stratum: int, index: int) -> str:
    """Where somebody of a supplement stands among the places of the draw: `1234+S1.1`."""
    name, own = part.manifest.ids[stratum], part.key()
    mine = own(part.leaves(index, index + 1)[0]), part.leaves(index, index + 1)[0][-32:]
    base = replaced_strata(draw).get(name, draw)
    key, before, last = base.key(), 0, (b"", b"")
    for _, leaf in base.entries(base.manifest.ids.index(name)):
        other = key(leaf), leaf[-32:]
        if other < mine:
            before, last = before + 1, max(last, other)
    gap = sum(last < (own(leaf), leaf[-32:]) <= mine for _, leaf in part.entries(stratum))
    return f"{before}+S{part.manifest.number}.{gap}"


# ---------------------------------------------------------------------------------------------------------------------
# 16  Receipts and tickets
# ---------------------------------------------------------------------------------------------------------------------

TICKET = {"v": "a count", "kind": "a text", "draw": "an id", "manifest": "a hash"}
PATH = {"index": "a count", "size": "from 1", "path": ["a hash"], "salt": "a hash", "record": "a text"}
IN = PATH | {"folder": "any text", "place~": "from 1", "label~": "a text"}
RECEIPT = {"draw": "a text", "salt": "a hash", "record": "a text", "index": "a count", "place~": "from 1"}


class Ticket:
    """What a person holds of a draw: a receipt (found in the list), or a ticket (with its own path to the root)."""

    def __init__(self, path: str) -> None:
        self.where = path
        value = parse_json(read_file(path), path)
        if not isinstance(value, dict):
            raise Wrong("this is no receipt and no ticket", where=path)
        self.out, self.path, self.digest = False, None, ""
        if "kind" not in value:
            self.fits(value, RECEIPT, "a receipt")
            self.value: dict[str, Any] = {**value, "folder": ""}
        else:
            if (value.get("v"), value["kind"]) != (1, "muster-roll/ticket") or type(value["v"]) is not int:
                raise CannotLook(f"this version does not know such a ticket: {path}")
            self.out = "out" in value
            self.fits(value, TICKET | ({"out": PATH} if self.out else {"in": IN}), "a ticket")
            self.value = {"folder": "", **(value["out"] if self.out else value["in"])}
            self.path, self.digest = [bytes.fromhex(step) for step in self.value["path"]], value["manifest"]
        self.draw, self.index, self.folder = value["draw"], self.value["index"], self.value["folder"]
        self.salt, self.record_bytes = (
            bytes.fromhex(self.value["salt"]),
            self.value["record"].encode("utf-8", "replace"),
        )
        self.record = parse_json(self.record_bytes, path + ", record")
        if not isinstance(self.record, dict):
            raise Wrong("its record is no object", where=path)

    def fits(self, value: dict[str, Any], shape: Any, name: str) -> None:
        try:
            fit(value, shape, name, self.where)
        except CannotLook:
            raise Wrong(
                f"{name} has members that it should not have", sorted(shape), sorted(value), self.where
            ) from None


def wanted_places(path: str | None) -> dict[str, set[int]]:
    """Where the receipt or ticket says it stands, by folder, so that its place is noted as the order is computed."""
    try:
        ticket = None if path is None else Ticket(path)
    except (Wrong, CannotLook, OSError):  # told when it is checked itself
        return {}
    return {} if ticket is None else {ticket.folder: {ticket.index}}


def check_receipt(report: Report, path: str, draws: list[Draw]) -> None:
    """One person's own entry and place. Nothing is learnt about anybody else."""
    ticket = Ticket(path)
    draw = next((draw for draw in draws if draw.manifest.draw == ticket.draw), None)
    if draw is None:
        raise CannotLook(f"the draw {plain(ticket.draw)} of the receipt is not here")
    if ticket.out:
        check_out(report, ticket, draw)
        return
    if not re.fullmatch(r"|(?:supplement|stratum)-\d{2,}", ticket.folder, re.ASCII):
        raise Wrong("the ticket names no folder of a draw", found=ticket.folder, where=path)
    part = next(
        (d for d in [draw, *draw.parts] if ticket.folder == ("" if d is draw else os.path.basename(d.folder))), None
    )
    if part is None:
        raise CannotLook(f"the folder {plain(ticket.folder)} of the ticket is not here")
    leaf = check_entry(report, ticket, part)
    stratum = int.from_bytes(leaf[:2], "big")
    name = part.manifest.ids[stratum]
    if part is draw and name in replaced_strata(draw):
        report.not_shown(f"that this place counts: {name} was drawn anew; ask for a ticket of {name}'s new list")
    if not part.ordered:
        report.cannot_look("your place: there is no checked order yet")
        return
    if part.manifest.kind == SUPPLEMENT:
        check_label(report, ticket, draw, part, stratum)
        return
    place, quota = part.places[ticket.index], part.manifest.strata[stratum]["quota"]
    if "label" in ticket.value or ticket.value.get("place", place) != place:
        raise Wrong("your place is another", place, ticket.value.get("place", ticket.value.get("label")), path)
    key = part.key()(leaf)
    value = (int.from_bytes(key[:8], "big") * 10**9) >> 64
    shown = (
        f"the number of your date is {key[0] * 256 + key[1]}"
        if part.manifest.algorithm == BY_TABLE
        else (f"your draw value is 0.{value:09}")
    )
    report.holds(f"{shown}, your place {place} in {name}; the first {quota} are called first")


def check_entry(report: Report, ticket: Ticket, part: Draw) -> bytes:
    """The leaf of the ticket's entry, found in the list or by the ticket's own path to the root."""
    manifest, index, record, path = part.manifest, ticket.index, ticket.record, ticket.where
    c = sha256(tag("entry") + ticket.salt + ticket.record_bytes)
    name = record.get("stratum")
    if ticket.path is None:
        if part.listed is None:
            raise CannotLook("the list of the receipt's draw could not be checked")
        leaf = (part.leaves(index, index + 1) or [b""])[0]
        if leaf[-32:] != c:
            raise Wrong("your entry does not stand where the receipt says", c.hex(), leaf[-32:].hex(), f"index {index}")
        if (record.get("draw"), name) != (manifest.draw, manifest.ids[int.from_bytes(leaf[:2], "big")]):
            raise Wrong("your record names another draw or stratum", manifest.draw, record, path)
    else:
        if ticket.digest != manifest.digest.hex():
            raise Wrong("your ticket is of another list", manifest.digest.hex(), ticket.digest, path)
        if record.get("draw") != manifest.draw or name not in manifest.ids:
            raise Wrong("your record names another draw or stratum", manifest.draw, record, path)
        leaf = manifest.ids.index(name).to_bytes(2, "big") + day_of(record, manifest) + c
        follow_path(ticket, leaf, manifest.size, bytes.fromhex(manifest.root))
        if part.listed is not None and part.leaves(index, index + 1) != [leaf]:
            raise Wrong("your entry does not stand where the ticket says", leaf.hex(), "another", f"index {index}")
    if manifest.algorithm == BY_TABLE and leaf[2:-32] != day_of(record, manifest):
        raise Wrong("your entry stands at another date than your birth date", found=record.get("born"), where=path)
    check_record(record, part, leaf, index, path)
    report.holds(f"your entry is in the list at index {index}, in stratum {name}")
    return leaf


def follow_path(ticket: Ticket, leaf: bytes, size: int, root: bytes) -> None:
    try:
        if ticket.value["size"] != size or ticket.index >= size or ticket.path is None:
            raise ValueError("it is of a list of another size")
        found = root_from_path(ticket.index, size, leaf_hash(leaf), ticket.path)
    except ValueError as problem:
        raise Wrong(
            f"the path of the ticket does not fit: {problem}", size, ticket.value["size"], ticket.where
        ) from None
    if found != root:
        raise Wrong("the ticket does not lead to the root", root.hex(), found.hex(), ticket.where)


def day_of(record: dict[str, Any], manifest: Manifest) -> bytes:
    """In a draw by table, the two bytes of the record's birth date; else nothing."""
    if manifest.algorithm == BY_HASH:
        return b""
    born = record.get("born")
    dates = {text: n for n, text in dates_of(366).items()}
    if not isinstance(born, str) or not is_day(born):
        raise Wrong("your record has no birth date, which a draw by table needs", found=born)
    return dates[born[5:]].to_bytes(2, "big")


def check_record(record: dict[str, Any], part: Draw, leaf: bytes, index: int, path: str) -> None:
    """The record is of one person, belongs to its stratum, and bears the nullifier at its index."""
    terms = (part.main or part).manifest
    listed = terms.value.get("source", {}).get("level") == 1
    texts = all(isinstance(value, str) and value for value in record.values())
    if set(record) - ({"n"} if listed else set()) != {"born", "draw", "person", "stratum"} or not texts:
        raise Wrong("your record is not one of one person in a list", found=record, where=path)
    stratum = part.manifest.ids[int.from_bytes(leaf[:2], "big")]
    if terms.partition is not None and "birth-year" in attributes_of(terms.partition):
        depth = attributes_of(terms.partition).index("birth-year")
        name = stratum.split(".")[depth] if len(attributes_of(terms.partition)) > 1 else stratum
        first, last, end = span_of(name, "birth-year", path)
        born = record.get("born")
        year = UNKNOWN if born == "unknown" else str(born)[:4] if is_day(born) else ""
        if not (end == UNKNOWN if year == UNKNOWN else first <= year <= last):
            raise Wrong("your birth date does not belong to that stratum", stratum, born, path)
    if part.main is None and listed:
        with open(part.path("nullifiers.bin"), "rb") as file:
            file.seek(32 * index)
            found = file.read(32).hex()
        if record.get("n") != found:
            raise Wrong("your record has another nullifier than the list", found, record.get("n"), path)


def check_label(report: Report, ticket: Ticket, draw: Draw, part: Draw, stratum: int) -> None:
    name = part.manifest.ids[stratum]
    base = replaced_strata(draw).get(name, draw)
    if not base.ordered:
        report.cannot_look("your place: there is no checked order of the main list yet")
        return
    label = label_of(draw, part, stratum, ticket.index)
    if "place" in ticket.value or ticket.value.get("label", label) != label:
        raise Wrong("your place is another", label, ticket.value.get("label", ticket.value.get("place")), ticket.where)
    before = int(label.partition("+")[0])
    report.holds(f"your place in {name} is {label}: between {before} and {before + 1} of the main list")


def check_out(report: Report, ticket: Ticket, draw: Draw) -> None:
    """Somebody who was left out or passed over, on a ground that was fixed before the audit's round."""
    manifest, record = draw.manifest, ticket.record
    if ticket.digest != manifest.digest.hex():
        raise Wrong("your ticket is of another draw's list", manifest.digest.hex(), ticket.digest, ticket.where)
    if draw.spared is None:
        raise CannotLook("who was spared in this draw could not be checked")
    members = {
        "excluded": {"draw", "ground", "kind", "person"},
        "skipped": {"draw", "ground", "kind", "person", "place", "stratum"},
    }.get(str(record.get("kind")))
    forms: dict[str, Callable[[str], object]] = {
        "draw": lambda x: x == manifest.draw,
        "ground": lambda x: re.fullmatch(r"[a-z0-9]+(?:[ -][a-z0-9]+)*", x),
        "person": lambda x: x,
        "place": lambda x: re.fullmatch(r"[1-9][0-9]*|(?:0|[1-9][0-9]*)\+S[1-9][0-9]*\.[1-9][0-9]*", x),
        "stratum": lambda x: x in manifest.ids,
    }
    if (
        members is None
        or set(record) != members
        or not all(isinstance(record[name], str) for name in members)
        or not all(form(record[name]) for name, form in forms.items() if name in members)
        or json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() != ticket.record_bytes
    ):
        raise Wrong("the record is not one of somebody spared in this draw", members, record, ticket.where)
    leaf = sha256(tag("spared") + ticket.salt + ticket.record_bytes)
    follow_path(ticket, leaf, draw.spared["spared"]["size"], bytes.fromhex(draw.spared["spared"]["root"]))
    report.holds(f"you are among the spared at index {ticket.index}: {record['kind']}, {record['ground']}")


# ---------------------------------------------------------------------------------------------------------------------
# 17  The command
# ---------------------------------------------------------------------------------------------------------------------


def folders_in(path: str) -> list[str]:
    if not os.path.isdir(path):
        return []
    return [entry for entry in sorted(os.path.join(path, n) for n in os.listdir(path)) if os.path.isdir(entry)]


def verify(
    folder: str,
    policy_path: str | None,
    receipt: str | None,
    say: Callable[[str], None],
    step: Callable[[str, int, int], None] | None = None,
) -> int:
    """Check `folder` and say what was found. The exit status."""
    report = Report(say, step)
    folder = os.path.abspath(folder)
    if not os.path.isdir(folder):
        report.cannot_look(f"{folder} is no folder")
    else:
        report.run(verify_folder, report, folder, policy_path, receipt)
    code = report.result()
    say("")
    say(f"Result {code}: {SUMMARY[code]}")
    return code


def check_links(report: Report, folder: str) -> None:
    """A link may lead elsewhere for each who looks: what lies behind one is nothing that was published."""
    for root, folders, names in os.walk(folder):
        for name in sorted(folders + names):
            if os.path.islink(os.path.join(root, name)):
                report.cannot_look(f"{os.path.join(root, name)} is a link: put the file itself there")


def verify_folder(report: Report, folder: str, policy_path: str | None, receipt: str | None) -> None:
    check_links(report, folder)
    whole = any(os.path.isdir(os.path.join(folder, name)) for name in ("ledger", "draws"))
    published = folder
    if whole and os.path.isfile(os.path.join(folder, "manifest.json")):
        raise CannotLook(f"{folder} looks both like a draw and like a `published` folder")
    if not whole:
        if not any(os.path.isfile(os.path.join(folder, name)) for name in ("manifest.json", "SHA256SUMS")):
            raise CannotLook(f"{folder} is neither the folder of a draw nor a `published` folder")
        # published/draws/<draw>: the ledger beside it belongs to it
        above = os.path.dirname(folder)
        published = os.path.dirname(above) if os.path.basename(above) == "draws" else ""
    policy = report.run(find_policy, report, published, policy_path)
    ledgers, years = [], folders_in(os.path.join(published, "ledger")) if published else []
    for path in years:
        report.title(f"Ledger {path}")
        ledger = report.run(check_ledger, report, path, policy)
        if ledger is not None:
            ledgers.append(ledger)
    report.run(check_years, report, ledgers, [os.path.basename(path) for path in years])
    draws = []
    folders = folders_in(os.path.join(folder, "draws")) if whole else [folder]
    wanted = wanted_places(receipt)
    for path in folders:
        report.title(f"Draw {path}")
        draw = check_draw(report, path, policy, ledgers, wanted)
        if draw is not None:
            draws.append(draw)
    if whole:
        report.title("All of it")
        if not ledgers and not folders:
            report.cannot_look("there is neither a ledger nor a draw")
        shown = {draw.manifest.digest.hex() for draw in draws}
        manifests = [p for ledger in ledgers for _, kind, p, _ in ledger.kept if kind == "draw.manifest"]
        replaced = {p.get("supersedes") for p in manifests} | {draw.manifest.supersedes for draw in draws}
        for ledger in ledgers:
            for i, kind, p, _ in ledger.kept:
                if kind == "draw.manifest" and p.get("sha256") not in shown | replaced:
                    report.cannot_look(
                        f"a draw in the ledger is not published here: {ledger.folder}, entry {i}: {p['draw']}"
                    )
        report.holds(f"looked at: ledgers {len(ledgers)}, draws {len(folders)}")
        for name in sorted(os.listdir(folder)):
            if name == "policy.txt":
                with open(os.path.join(folder, name), "rb") as file:
                    same = policy is not None and file.read(LARGEST_TEXT_FILE) == policy.data
                report.not_checked(
                    f"policy.txt in the folder itself is {'the same as' if same else 'not'} your own policy"
                )
            elif name not in ("ledger", "draws"):
                report.not_checked(f"{os.path.join(folder, name)} is neither a ledger nor a draw")
    if receipt is not None:
        report.title(f"Receipt {receipt}")
        report.run(check_receipt, report, receipt, draws)


def find_policy(report: Report, published: str, policy_path: str | None) -> Policy | None:
    """The policy of the option, or the one beside the `published` folder; never one inside what is checked."""
    path = policy_path
    if path is None and published:
        beside = os.path.join(os.path.dirname(published), "trust", "policy.txt")
        path = beside if os.path.isfile(beside) else None
    if path is None:
        report.not_checked("signatures of the ledger and its witnesses: no policy is given (--policy)")
        return None
    policy = Policy(read_file(path), path)
    report.title(f"Policy {path}: {len(policy.logs)} logs, {len(policy.witnesses)} witnesses, quorum {policy.quorum}")
    return policy


class Progress:
    """Tells on standard error, every few seconds, how far a long part is. What is found goes to standard output."""

    def __init__(self) -> None:
        self.told = time.monotonic()

    def __call__(self, part: str, done: int, of: int) -> None:
        now = time.monotonic()
        if now - self.told >= 5:
            self.told = now
            print(f"... {plain(part)}: {done:,} of {of:,}", file=sys.stderr, flush=True)  # noqa: T201


def most_memory() -> str:
    """The most memory that this process held, where the system tells."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as file:
            most = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
    except (OSError, StopIteration):  # not on Linux
        return ""
    return f", {most / 2**10:.0f} MiB of memory at most"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Check a Muster Roll draw, or a whole `published` folder.")
    parser.add_argument("folder", metavar="DIR", help="the folder of one draw, or a `published` folder")
    parser.add_argument("--receipt", metavar="FILE", help="a person's own receipt, to be found in the draw")
    parser.add_argument("--policy", metavar="FILE", help="the log's key, the witnesses and the quorum that you trust")
    options = parser.parse_args(arguments)
    code = verify(options.folder, options.policy, options.receipt, print, Progress())
    print(f"Took {time.process_time():.1f} s of computing{most_memory()}.")  # noqa: T201
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(COULD_NOT_LOOK)
