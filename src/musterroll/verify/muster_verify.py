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
--receipt is a person's own receipt, to be found in the list and in the order.

Contents: 1 what is reported. 2 bytes. 3 the Merkle tree. 4 Ed25519. 5 notes, witnesses, policies, proofs.
6 BLS12-381 and the beacon. 7 the ledger. 8 the manifest. 9 the draw. 10 the receipt. 11 the command.
"""

# ruff: noqa: D103 - small functions of arithmetic say in their names what they do

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import heapq
import itertools
import json
import mmap
import operator
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any, NoReturn

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
        return json.loads(
            data.decode("utf-8"), object_pairs_hook=once, parse_float=refuse, parse_constant=refuse, parse_int=whole
        )
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

    def __init__(self, folder: str) -> None:
        self.folder, self.size, self.compared = folder, 0, 0
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


def ed25519_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `public` (32 bytes) made `signature` (64 bytes) over `message`."""
    try:
        a = ed_decode(public)
    except ValueError:
        return False
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= ED_ORDER:
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
        self.logs: list[Key] = []
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
        if policy is not None:
            self.verify(policy, where)

    def verify(self, policy: Policy, where: str) -> None:
        keys = [key for key in policy.logs if key.name == self.origin]
        if not keys:
            names = ", ".join(sorted(key.name for key in policy.logs)) or "no log"
            raise Wrong("this is the checkpoint of a log that your policy does not name", names, self.origin, where)
        signed = False
        for name, identity, value in self.lines:
            for key in keys:
                if (name, identity) == (key.name, key.id):
                    if not ed25519_signed(key.public, self.text.encode("utf-8"), value):
                        raise Wrong("the log's signature under the checkpoint is false", key.name, "", where)
                    signed = True
            for witness, key in policy.witnesses.items():
                if (name, identity) == (key.name, key.id):
                    at = int.from_bytes(value[:8], "big")
                    message = f"cosignature/v1\ntime {at}\n{self.text}".encode()
                    if not 0 < at < 2**63 or not ed25519_signed(key.public, message, value[8:]):
                        raise Wrong("a witness's cosignature is false", witness, "", where)
                    self.times[witness] = min(at, self.times.get(witness, at))
        if not signed:
            raise Wrong("the log's key did not sign this checkpoint", self.origin, "no such signature", where)


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
        self.checkpoint = Checkpoint(checkpoint, policy, where)
        try:
            if self.index >= self.checkpoint.size:
                raise ValueError("the index lies beyond the log")
            root = root_from_path(self.index, self.checkpoint.size, leaf_hash(self.entry), path)
        except ValueError as problem:
            raise Wrong(f"the path of the proof does not fit: {problem}", where=where) from None
        if root != self.checkpoint.root:
            raise Wrong("the proof does not lead to the signed root", self.checkpoint.root.hex(), root.hex(), where)
        self.kind, self.payload, _ = parse_entry(self.entry, where)


KINDS = (
    "import", "roll", "pack", "config", "key", "year", "stat", "erasure.stat", "draw.potcheck", "draw.manifest",
    "draw.fallback", "draw.ceremony", "draw.table", "draw.result", "draw.fairness", "draw.review", "draw.stratum",
    "draw.spared", "supplement", "order", "audit", "questions", "recall", "campaign",
)  # fmt: skip

# An act about one person says nothing but a commitment (43 letters, the last with no bits left over) and the hour.
ACT = rb'\{"c":"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]","k":"act","t":"(\d{4}-\d\d-\d\dT\d\d)Z","v":1\}'


def parse_entry(data: bytes, where: str) -> tuple[str, dict[str, Any], str]:
    """Kind, public part (empty for an opaque `act`) and time of a ledger entry, or Wrong."""
    act = re.fullmatch(ACT, data)
    if act is not None:
        hour = act[1].decode()
        instant(hour + ":00:00Z", where)
        return "act", {}, hour + "Z"
    entry = parse_json(data, where)
    problem = ""
    if not isinstance(entry, dict) or entry.get("v") != 1 or type(entry.get("v")) is not int or len(data) > 1024:
        problem = "it is no object with v 1 of at most 1,024 bytes"
    elif entry.get("k") not in KINDS or set(entry) != {"k", "p", "t", "v"} or not isinstance(entry["p"], dict):
        problem = "its kind or its members are not those of a Muster Roll ledger"
    else:
        instant(entry["t"], where)
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
        self.folder, self.checkpoint, self.tree = folder, checkpoint, Tree(folder)
        self.kept: list[tuple[int, str, dict[str, Any], str]] = []
        self.first: tuple[str, dict[str, Any]] = ("", {})

    def public(self, kind: str, draw: object) -> list[tuple[int, dict[str, Any]]]:
        """Index and public part of the entries of a kind about a draw."""
        return [(i, p) for i, k, p, _ in self.kept if k == kind and p.get("draw") == draw]

    def root_at(self, size: int) -> bytes:
        """The root when the log had its first `size` entries."""
        full, width = divmod(size, TILE)
        lying = read_bundle(self.folder, full, min(TILE, self.tree.size - full * TILE)) if width else []
        rest = [leaf_hash(entry) for entry in lying[:width]]
        return tree_root(self.tree.above[:full] + ([tree_root(rest)] if rest else []))


def check_ledger(report: Report, folder: str, policy: Policy | None) -> Ledger:
    where = os.path.join(folder, "checkpoint")
    checkpoint = Checkpoint(read_file(where), policy, where)
    if checkpoint.origin.rpartition("/")[2] != os.path.basename(folder):
        raise Wrong("the folder of a ledger bears the year of its origin", checkpoint.origin, os.path.basename(folder))
    if policy is None:
        report.not_shown("who signed the checkpoint: no policy is given (--policy), so no key is trusted")
    else:
        report.holds(f"checkpoint: {checkpoint.size} entries, signed by {checkpoint.origin}")
        at = policy.met_at(checkpoint.times)
        if at is None:
            names = ", ".join(sorted(checkpoint.times)) or "nobody"
            report.not_shown(f"that enough witnesses saw the ledger: its checkpoint is cosigned by {names}")
        else:
            report.holds(f"checkpoint: the quorum cosigned it by {utc(at)} ({', '.join(sorted(checkpoint.times))})")
    ledger = Ledger(folder, checkpoint)
    check_entries(report, ledger)
    report.run(ledger.tree.check_tiles, report)
    for name in files_under(folder):
        if name != "checkpoint" and not name.startswith("tile/"):
            report.not_checked(f"{os.path.join(folder, name)} is no file of a ledger")
    report.not_checked("when each entry was really written: only somebody who follows the ledger can see that")
    return ledger


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


def check_years(report: Report, ledgers: list[Ledger]) -> None:
    """Each later year begins with the last checkpoint of the year before."""
    for before, after in itertools.pairwise(ledgers):
        expected = {
            "origin": before.checkpoint.origin,
            "root": before.checkpoint.root.hex(),
            "size": before.checkpoint.size,
        }
        kind, found = after.first
        if kind != "year" or {name: found.get(name) for name in expected} != expected:
            raise Wrong(
                "a year's ledger begins with the last checkpoint of the year before", expected, found, after.folder
            )
        report.holds(f"{after.checkpoint.origin} continues {before.checkpoint.origin}")


# ---------------------------------------------------------------------------------------------------------------------
# 8  The manifest: the terms of the draw, fixed beforehand
# ---------------------------------------------------------------------------------------------------------------------


TESTS: dict[str, Callable[[Any], bool]] = {
    "a text": lambda x: isinstance(x, str) and x != "",
    "an id": lambda x: isinstance(x, str) and re.fullmatch("[A-Za-z0-9-]{1,64}", x) is not None,
    "a count": lambda x: is_whole(x) and x < 2**50,
    "from 1": lambda x: is_whole(x, 1) and x < 2**50,
    "a hash": lambda x: is_hex(x),
    "a hash or null": lambda x: x is None or is_hex(x),
    "a day": lambda x: isinstance(x, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", x, re.ASCII) is not None,
}

# The shape of each object: a member's test, or the shape of the object or of the list's items in it. A member with a
# question mark is not needed to compute the order; its writer has to state it, and a missing one is reported.
DRAND = {
    "type": "a text", "chain": "a hash", "group_key": "a text", "scheme": "a text", "genesis": "a count",
    "period": "from 1", "round": "from 1",
}  # fmt: skip
CEREMONY = {
    "type": "a text", "alphabet": "a text", "length": "from 1", "procedure_sha256?": "a hash", "not_after?": "a text",
}  # fmt: skip
RANDOMNESS = {"drand": DRAND, "ceremony": CEREMONY}
COHORT = {
    "size": "from 1",
    "root": "a hash",
    "strata": [{"id": "an id", "size": "from 1", "quota": "a count"}],
    "partition?": {"by": "a text", "least": "a count", "merge": "a text"},
    "quota?": {"total": "a count", "floor": "a count", "rule": "a text"},
}
MANIFEST = {
    "v": "a count", "kind": "a text", "algorithm": "a text", "draw": "an id", "register": "a text", "attempt": "from 1",
    "supersedes": "a hash or null",
    "cohort": COHORT,
    "randomness": [RANDOMNESS],
    "min_lead?": "a count",
    "reference_day?": "a day",
    "source?": {"level": "a count", "considered": "a count", "excluded": "a count", "rounded_to": "from 1"},
    "audit?": {"round": "from 1", "samples": ["a count"]},
    "fairness?": {"suite": "a text", "alpha": "a text"},
    "fallback?": {"after": "a count", "second": RANDOMNESS},
    "legal?": "a text", "pack?": "a hash", "software?": "a hash",
}  # fmt: skip


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
    if shape is RANDOMNESS:
        if not isinstance(value.get("type"), str) or value["type"] not in shape:
            raise CannotLook(f"this version does not know randomness of type {plain(value.get('type'))}: {where}")
        shape = shape[value["type"]]
    missing = []
    for member, inner in shape.items():
        short, full = member.rstrip("?"), f"{name}.{member.rstrip('?')}"
        if short in value:
            missing += fit(value[short], inner, full, where)
        elif member == short:
            raise Wrong(f"{full} is missing", where=where)
        else:
            missing.append(full)
    unknown = sorted(set(value) - {member.rstrip("?") for member in shape})
    if unknown:
        raise CannotLook(f"{name} has members that this version does not know: {plain(unknown)}: {where}")
    return missing


SMALLEST_STRATUM = 20


class Manifest:
    """The parsed manifest, of the right shape and consistent in itself."""

    def __init__(self, data: bytes, where: str) -> None:
        self.where, self.digest = where, sha256(data)
        value = parse_json(data, where)
        kind = [value.get(name) if isinstance(value, dict) else None for name in ("v", "kind", "algorithm")]
        if kind != [1, "muster-roll/draw", "muster-roll/rank-sha256/v1"]:
            raise CannotLook(f"this version does not know manifests of kind {plain(kind)}: {where}")
        self.missing = fit(value, MANIFEST, "manifest", where)
        self.value: dict[str, Any] = value
        self.draw, self.register, self.attempt = value["draw"], value["register"], value["attempt"]
        self.supersedes, self.min_lead = value["supersedes"], value.get("min_lead", 0)
        self.need((self.attempt > 1) == (self.supersedes is not None), "attempt 1 supersedes nothing, later ones do")
        self.need(re.fullmatch("[a-z0-9-]{3,64}", self.draw), "`draw` is 3 to 64 small letters, digits and hyphens")
        cohort = value["cohort"]
        self.size, self.root, self.strata = cohort["size"], cohort["root"], cohort["strata"]
        self.partition, self.quota = cohort.get("partition"), cohort.get("quota")
        self.ids = [stratum["id"] for stratum in self.strata]
        self.sizes = [stratum["size"] for stratum in self.strata]
        ends = list(itertools.accumulate(self.sizes))
        self.spans = [(end - size, end) for size, end in zip(self.sizes, ends, strict=True)]  # in the list
        self.leaf = 34
        self.need(0 < len(self.ids) == len(set(self.ids)) < 65536, "each stratum has its own id")
        self.need(self.size < 2**32, "there are fewer than 2^32 entries")
        self.need(sum(self.sizes) == self.size, "the sizes of the strata add up")
        self.need(all(stratum["quota"] <= stratum["size"] for stratum in self.strata), "quotas are at most sizes")
        self.items: list[dict[str, Any]] = value["randomness"]
        rounds = [item for item in self.items if item["type"] == "drand"]
        self.need(len(rounds) == 1, "exactly one round of a beacon is named")
        found = {name: rounds[0][name] for name in QUICKNET}
        if found != QUICKNET:
            raise Wrong("the beacon is not drand quicknet, whose key is pinned here", QUICKNET, found, where)
        self.round: int = rounds[0]["round"]
        self.round_time: int = rounds[0]["genesis"] + (self.round - 1) * rounds[0]["period"]
        for item in self.items:
            if item["type"] == "ceremony":
                symbols, length = item["alphabet"], item["length"]
                self.need(all("!" <= c <= "~" for c in symbols), "symbols are visible ASCII")
                self.need(len(set(symbols)) == len(symbols) and length < 65536, "each symbol stands once")
                self.need(len(symbols) ** min(length, 128) >= 2**128, "a ceremony gives at least 128 bits")
                over = instant(item["not_after"], where) if "not_after" in item else 0
                self.need(over < self.round_time, "a ceremony is over before the round")
        if "audit" in value:
            self.need(value["audit"]["round"] > self.round, "the audit's round is later than the draw's")
            self.need(len(value["audit"]["samples"]) == len(self.sizes), "the audit names one sample a stratum")

    def need(self, condition: object, what: str) -> None:
        if not condition:
            raise Wrong("the manifest does not hold together", what, "something else", self.where)

    def round_of(self, name: str) -> int:
        return self.round if name == "beacon.json" else int(self.value["audit"]["round"])


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
        rule = manifest.partition
        if (rule["by"], rule["merge"]) != ("birth-year", "neighbour/v1"):
            raise CannotLook("the rule of the strata is not known to this version")
        least = max(SMALLEST_STRATUM, rule["least"])
        if len(manifest.sizes) > 1 and min(manifest.sizes) < least:
            raise Wrong("a stratum is so small that it aims at few", f"at least {least}", min(manifest.sizes))
        years = [birth_years(name, manifest.where) for name in manifest.ids]
        spans = [span for span, _ in years if span]
        if any(a[1] >= b[0] for a, b in itertools.pairwise(spans)) or sum(unknown for _, unknown in years) > 1:
            raise Wrong("the strata are ascending birth years that do not overlap", found=manifest.ids)
        report.holds(f"strata: birth years, at least {least} people each or all in one: {', '.join(manifest.ids)}")
    if "source" in value:
        source = value["source"]
        if source["level"] != 0:
            raise CannotLook("this version knows no other way than published counts (level 0) to check the source")
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


def birth_years(name: str, where: str) -> tuple[tuple[int, int] | None, bool]:
    """First and last year of a stratum (None where it has no known year), and whether it holds unknown dates."""
    if name == "born-unknown":
        return None, True
    match = re.fullmatch(r"born-(\d{4})(?:-(\d{4}))?(-or-unknown)?", name, re.ASCII)
    if match is None or int(match[2] or match[1]) < int(match[1]):
        raise Wrong("a stratum of birth years is named after them", "born-1999 or born-1999-2001", name, where)
    return (int(match[1]), int(match[2] or match[1])), match[3] is not None


# ---------------------------------------------------------------------------------------------------------------------
# 9  The draw
# ---------------------------------------------------------------------------------------------------------------------

FILES = (
    "manifest.json", "manifest.tlog-proof", "cohort.bin", "beacon.json", "ceremony.txt", "ceremony.tlog-proof",
    "result.json", "order.bin", "fairness.json", "audit.json", "verify.py",
)  # fmt: skip
BLOCK = 1 << 12  # entries of the list that are looked at together


class Draw:
    """One bundle, as far as it has been checked."""

    def __init__(self, folder: str, manifest: Manifest, wanted: set[int]) -> None:
        self.folder, self.manifest, self.wanted = folder, manifest, wanted
        self.listed: mmap.mmap | None = None  # cohort.bin, once it is found to be the list of the manifest
        self.seed = b""
        self.places: dict[int, int] = {}  # by index in the list, of those that are wanted (the receipt's)

    def path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def has(self, name: str) -> bool:
        return os.path.isfile(self.path(name))

    def leaves(self, start: int, stop: int) -> list[bytes]:
        """Entries of the list by index; a whole list of 25 million would not fit as Python's objects."""
        assert self.listed is not None
        width, data = self.manifest.leaf, self.listed[start * self.manifest.leaf : stop * self.manifest.leaf]
        return [data[i : i + width] for i in range(0, len(data), width)]

    def commitments(self, stratum: int) -> Iterator[tuple[int, bytes]]:
        """Index and C of everybody in a stratum."""
        first, stop = self.manifest.spans[stratum]
        for start in range(first, stop, BLOCK):
            block = self.leaves(start, min(stop, start + BLOCK))
            yield from enumerate([leaf[-32:] for leaf in block], start)


def check_draw(
    report: Report, folder: str, policy: Policy | None, ledgers: list[Ledger], wanted: set[int]
) -> Draw | None:
    """All that can be said of one bundle, in the order in which one thing rests on another."""
    report.run(check_sums, report, folder)
    path = os.path.join(folder, "manifest.json")
    manifest = report.run(lambda: Manifest(read_file(path), path))
    if manifest is None:
        return None
    draw = Draw(folder, manifest, wanted)
    report.holds(f"manifest.json: draw {manifest.draw}, attempt {manifest.attempt}, SHA-256 {manifest.digest.hex()}")
    report.run(check_terms, report, manifest)
    report.run(check_software, report, draw)
    time_proof = report.run(check_time, report, draw, policy)
    report.run(check_only_manifest, report, draw, ledgers, time_proof)
    if report.run(check_list, report, draw) is None:
        return draw
    if not draw.has("beacon.json"):
        report.cannot_look("the draw is not held yet, or its round is not published (beacon.json): there is no order")
        return draw
    values = []
    for item in manifest.items:
        if item["type"] == "drand":
            values.append(report.run(check_round, report, draw, "beacon.json"))
        else:
            values.append(report.run(check_ceremony, report, draw, item, policy, ledgers, time_proof))
    if None in values:
        return draw
    report.run(check_order, report, draw, values, ledgers)
    report.run(check_audit, report, draw)
    return draw


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
            raise Wrong("a file of the bundle is missing", path, "no such file", where)
        found = sha256_of_file(full)
        if found != digest:
            raise Wrong("a file is not the one that SHA256SUMS lists", digest, found, full)
    for path in files_under(folder):
        if path in listed or path == "SHA256SUMS":
            continue
        if path in FILES or path.startswith("cohort/"):
            raise Wrong("SHA256SUMS leaves out a file of the bundle", path, "no such line", where)
        report.not_checked(f"{os.path.join(folder, path)} is no file of the bundle")
    report.holds(f"SHA256SUMS: {len(listed)} files are as listed")


def check_software(report: Report, draw: Draw) -> None:
    pinned = draw.manifest.value.get("software")
    if pinned is not None and draw.has("verify.py"):
        found = sha256(read_file(draw.path("verify.py"))).hex()
        if found != pinned:
            raise Wrong("verify.py is not the verifier that the manifest names", pinned, found, draw.path("verify.py"))
        report.holds("verify.py is the verifier that the manifest names")
    with open(os.path.abspath(__file__), "rb") as file:
        mine = sha256(file.read()).hex()
    if pinned is not None and mine != pinned:
        report.not_checked(f"you are running another version of the verifier than the manifest names: {mine}")


def check_time(report: Report, draw: Draw, policy: Policy | None) -> Proof | None:
    """The manifest was in a witnessed ledger before the round: else the bundle could have been made afterwards."""
    manifest, name = draw.manifest, "manifest.tlog-proof"
    if not draw.has(name):
        report.not_shown(f"that the manifest was fixed before the round: there is no {name}")
        return None
    proof = Proof(read_file(draw.path(name)), policy, draw.path(name))
    digest = manifest.digest.hex()
    if proof.kind != "draw.manifest" or (proof.payload.get("draw"), proof.payload.get("sha256")) != (
        manifest.draw,
        digest,
    ):
        raise Wrong("the proof is of another entry", (manifest.draw, digest), proof.payload, draw.path(name))
    check_origin(manifest, proof, draw.path(name))
    report.holds(f"the manifest is entry {proof.index} of the ledger {proof.checkpoint.origin}")
    shown = "that the manifest was fixed before the round"
    if check_seen(report, proof, policy, manifest.round_time - manifest.min_lead, shown):
        report.holds(
            f"round {manifest.round} came at {utc(manifest.round_time)}, {manifest.min_lead} seconds or more later"
        )
    report.not_checked("time stamps of RFC 3161: this version reads none")
    return proof


def check_seen(report: Report, proof: Proof, policy: Policy | None, deadline: int, shown: str) -> bool:
    """Whether witnesses that are enough had cosigned by second `deadline`."""
    if policy is None:
        report.not_shown(f"{shown}: no policy is given (--policy), so no witness is trusted")
        return False
    times = ", ".join(f"{name} {utc(at)}" for name, at in sorted(proof.checkpoint.times.items())) or "nobody"
    if not policy.met(proof.checkpoint.times, deadline):
        report.not_shown(f"{shown}: needed a quorum of witnesses by {utc(deadline)}, found {times}")
        return False
    report.holds(f"the quorum of witnesses saw it by {utc(policy.met_at(proof.checkpoint.times) or 0)}: {times}")
    return True


def check_origin(manifest: Manifest, proof: Proof, where: str) -> None:
    if not proof.checkpoint.origin.startswith(manifest.register + "/ledger/"):
        raise Wrong("the proof is of another register's ledger", manifest.register, proof.checkpoint.origin, where)


def check_only_manifest(report: Report, draw: Draw, ledgers: list[Ledger], proof: Proof | None) -> None:
    """No second manifest for this draw stands in the ledger: nobody prepared several and honoured one."""
    manifest, digest = draw.manifest, draw.manifest.digest.hex()
    if not ledgers:
        report.not_shown("that no other manifest was logged for this draw: the ledger is not here; give `published`")
        return
    if proof is not None and proof.checkpoint.origin not in [ledger.checkpoint.origin for ledger in ledgers]:
        raise CannotLook(f"the ledger {plain(proof.checkpoint.origin)}, which holds the manifest, is not here")
    found = [(ledger, i, p) for ledger in ledgers for i, p in ledger.public("draw.manifest", manifest.draw)]
    superseded = set()
    live = manifest.supersedes
    while live is not None and live not in superseded:  # attempt 3 names 2, whose entry names 1
        superseded.add(live)
        live = next((p.get("supersedes") for _, _, p in found if p.get("sha256") == live), None)
    if digest not in [p.get("sha256") for _, _, p in found]:
        raise Wrong("the ledger does not hold this manifest", digest, [p.get("sha256") for _, _, p in found])
    for ledger, i, p in found:
        if p.get("supersedes") == digest:
            report.not_shown(f"that this attempt still counts: entry {i} of {ledger.folder} supersedes it")
            return
        if p.get("sha256") != digest and p.get("sha256") not in superseded:
            raise Wrong("the ledger holds another manifest for this draw", digest, p, f"{ledger.folder}, entry {i}")
    report.holds(f"the ledger holds no other live manifest for {manifest.draw}")
    if superseded:
        report.not_checked(f"whether the law allowed attempt {manifest.attempt}; earlier ones: {len(superseded)}")
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
    length = os.path.getsize(where) if os.path.isfile(where) else -1
    if length < 0:
        raise CannotLook("the file is missing: " + where)
    if length != manifest.leaf * manifest.size:
        raise Wrong("cohort.bin has another length", manifest.leaf * manifest.size, length, where)
    with open(where, "rb") as file:
        draw.listed = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    tree = Tree(draw.path("cohort") if os.path.isdir(draw.path("cohort")) else "")
    last = b""
    while tree.size < manifest.size:
        report.step("cohort.bin", tree.size, manifest.size)
        leaves = draw.leaves(tree.size, tree.size + TILE)
        if last >= leaves[0] or not all(map(operator.lt, leaves, leaves[1:])):
            draw.listed = None
            raise Wrong(
                "the list is not in strictly ascending order: an entry stands twice or at a false place", where=where
            )
        last = leaves[-1]
        tree.add(leaves, report)
    listed, draw.listed = draw.listed, None
    for i, (first, stop) in enumerate(manifest.spans):
        for at in (first, stop - 1):  # the list ascends, so the first and the last of a stratum are enough
            if listed[at * manifest.leaf : at * manifest.leaf + 2] != i.to_bytes(2, "big"):
                raise Wrong("a stratum has another size", (manifest.ids[i], stop - first), "another's entries", where)
    root = tree.root().hex()
    if root != manifest.root:
        raise Wrong("the list is not the one that the manifest commits to", manifest.root, root, where)
    draw.listed = listed
    report.holds(f"cohort.bin: {manifest.size} entries, each once, lead to the manifest's root {root}")
    if tree.folder:
        report.run(tree.check_tiles, report)
    return True


def check_round(report: Report, draw: Draw, name: str) -> bytes:
    """The value of a round of the beacon, after its signature."""
    number, where = draw.manifest.round_of(name), draw.path(name)
    value = parse_json(read_file(where), where)
    if not isinstance(value, dict) or not is_hex(value.get("signature"), 48) or not is_hex(value.get("randomness")):
        raise Wrong("this is no round of the beacon as drand serves it", where=where)
    if value.get("round") != number or type(value["round"]) is not int:
        raise Wrong("this is another round than the manifest names", number, value.get("round"), where)
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
    report: Report,
    draw: Draw,
    item: dict[str, Any],
    policy: Policy | None,
    ledgers: list[Ledger],
    earlier: Proof | None,
) -> bytes:
    manifest, where, name = draw.manifest, draw.path("ceremony.txt"), "ceremony.tlog-proof"
    symbols = read_file(where).decode("latin-1")
    if len(symbols) != item["length"] or not set(symbols) <= set(item["alphabet"]):
        raise Wrong(
            "the ceremony's symbols are not those of its terms", f"{item['length']} of {item['alphabet']}", symbols
        )
    report.holds(f"ceremony.txt: {len(symbols)} symbols of the alphabet in the manifest")
    logged = [(ledger, i, p) for ledger in ledgers for i, p in ledger.public("draw.ceremony", manifest.draw)]
    for ledger, i, p in logged:
        if p.get("manifest") == manifest.digest.hex() and p.get("symbols") != symbols:
            raise Wrong("the ledger holds another ceremony of this draw", symbols, p, f"{ledger.folder}, entry {i}")
    shown = "that the ceremony was over before the round"
    if not draw.has(name):
        report.not_shown(f"{shown}: there is no {name}")
        return symbols.encode("ascii")
    proof = Proof(read_file(draw.path(name)), policy, draw.path(name))
    expected = {"draw": manifest.draw, "manifest": manifest.digest.hex(), "symbols": symbols}
    if proof.kind != "draw.ceremony" or {member: proof.payload.get(member) for member in expected} != expected:
        raise Wrong("the proof is of another entry", expected, proof.payload, draw.path(name))
    check_origin(manifest, proof, draw.path(name))
    if earlier is not None and (proof.checkpoint.origin, proof.index) <= (earlier.checkpoint.origin, earlier.index):
        raise Wrong("the ceremony was logged before the manifest", f"after entry {earlier.index}", proof.index)
    deadline = manifest.round_time - 1
    if "not_after" in item:
        deadline = min(deadline, instant(item["not_after"], manifest.where))
    check_seen(report, proof, policy, deadline, shown)
    if ledgers:
        report.run(check_same_ledger, report, proof, ledgers, "the ceremony's proof")
    return symbols.encode("ascii")


def check_order(report: Report, draw: Draw, values: list[bytes], ledgers: list[Ledger]) -> None:
    manifest = draw.manifest
    message = tag("seed") + manifest.digest + len(values).to_bytes(2, "big")
    for value in values:
        message += len(value).to_bytes(2, "big") + value
    draw.seed = sha256(message)
    report.holds(f"seed: {draw.seed.hex()}")
    digest, differs = hashlib.sha256(), False
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
    report.holds(f"order: {manifest.size} places computed anew; SHA-256 {expected['order_sha256']}")
    where = draw.path("result.json")
    found = parse_json(read_file(where), where)
    if found != expected or type(found["v"]) is not int:
        raise Wrong("the published result is another", expected, found, where)
    if differs:
        found = sha256_of_file(draw.path("order.bin"))
        raise Wrong("order.bin is another order", expected["order_sha256"], found, draw.path("order.bin"))
    report.holds("result.json and order.bin are that order" if draw.has("order.bin") else "result.json is that order")
    for ledger in ledgers:
        for i, p in ledger.public("draw.result", manifest.draw):
            mine = {
                "manifest": expected["manifest_sha256"],
                "order": expected["order_sha256"],
                "seed": expected["seed"],
            }
            if p.get("manifest") == mine["manifest"] and {name: p.get(name) for name in mine} != mine:
                raise Wrong("the ledger holds another result", mine, p, f"{ledger.folder}, entry {i}")
    if draw.has("fairness.json"):
        report.not_checked("fairness.json: its tests look for slips; what proves the order is computing it, as above")
    report.not_checked("who was called, and on which grounds places were skipped: auditors check that, with the people")


PREFIX = 8  # bytes of a key that are sorted; where they are equal, whole keys are compared


def rank(report: Report, draw: Draw, stratum: int) -> Iterator[bytes]:
    """The stratum's C in ascending order of (K, C), in pieces: a 256th of the keys is sorted at a time."""
    manifest, parts = draw.manifest, [bytearray() for _ in range(256)]
    row, place = PREFIX + 4, 0
    key, listed = key_of(draw.seed), draw.listed
    assert listed is not None
    for index, c in draw.commitments(stratum):
        if index % BLOCK == 0:
            report.step("order", index, manifest.size)
        k = key(c)
        parts[k[0]] += k[:PREFIX] + index.to_bytes(4, "big")
    for number in range(256):
        part, parts[number] = bytes(parts[number]), bytearray()
        rows = sorted([part[i : i + row] for i in range(0, len(part), row)])
        indices = [int.from_bytes(r[PREFIX:], "big") for r in rows]
        ranked = [listed[(i + 1) * manifest.leaf - 32 : (i + 1) * manifest.leaf] for i in indices]
        prefixes = [r[:PREFIX] for r in rows]
        if any(map(operator.eq, prefixes, prefixes[1:])):
            pairs = sorted(zip([(key(c), c) for c in ranked], indices, strict=True))
            ranked, indices = [c for (_, c), _ in pairs], [i for _, i in pairs]
        for index in draw.wanted.intersection(indices):
            draw.places[index] = place + indices.index(index) + 1
        place += len(rows)
        yield b"".join(ranked)


def key_of(seed: bytes) -> Callable[[bytes], bytes]:
    """K of each C. Tag and seed fill one block of SHA-256, so its state is made once and copied."""
    block = hashlib.sha256(tag("key") + seed)

    def key(c: bytes) -> bytes:
        state = block.copy()
        state.update(c)
        return state.digest()

    return key


def check_audit(report: Report, draw: Draw) -> None:
    """The entries that an auditor has to open are picked by a later round, by nobody."""
    manifest, where = draw.manifest, draw.path("audit.json")
    if "audit" not in manifest.value:
        return
    if not draw.has("audit.json"):
        report.not_checked(f"the audit's sample: its round {manifest.value['audit']['round']} is not in the bundle yet")
        return
    value = check_round(report, draw, "audit.json")
    seed = sha256(tag("audit") + manifest.digest + value)
    expected = []
    for stratum, count in enumerate(manifest.value["audit"]["samples"]):
        scored = ((sha256(tag("audit") + seed + c), i) for i, c in draw.commitments(stratum))
        expected.append(sorted(i for _, i in heapq.nsmallest(count, scored)))
    found = parse_json(read_file(where), where).get("sample")
    if found != expected:
        raise Wrong("these are not the entries that the audit's round picks", expected, found, where)
    report.holds(f"audit.json: the {sum(map(len, expected))} entries to open are those that round picks")
    report.not_checked("that an auditor opened them and found them true")


# ---------------------------------------------------------------------------------------------------------------------
# 10  The receipt
# ---------------------------------------------------------------------------------------------------------------------


def index_named(path: str) -> set[int]:
    """Where in the list the receipt says it stands, so that its place is noted as the order is computed."""
    try:
        index = parse_json(read_file(path), path)["index"]
    except (Wrong, CannotLook, OSError, KeyError, TypeError, IndexError):  # told when the receipt itself is checked
        return set()
    return {index} if is_whole(index) else set()


def check_receipt(report: Report, path: str, draws: list[Draw]) -> None:
    """One person's own entry and place. Nothing is learnt about anybody else."""
    receipt = parse_json(read_file(path), path)
    names = {"draw", "salt", "record", "index"}
    if not isinstance(receipt, dict) or not names <= set(receipt) <= names | {"place"}:
        raise Wrong("a receipt has draw, salt, record, index and, after the draw, place", where=path)
    record_bytes = receipt["record"].encode("utf-8", "replace") if isinstance(receipt["record"], str) else b""
    record = parse_json(record_bytes, path + ", record")
    if not isinstance(record, dict) or not is_hex(receipt["salt"]) or not is_whole(receipt["index"]):
        raise Wrong("the receipt is not well formed", where=path)
    draw = next((draw for draw in draws if draw.manifest.draw == receipt["draw"]), None)
    if draw is None:
        raise CannotLook(f"the draw {plain(receipt['draw'])} of the receipt is not here")
    if draw.listed is None:
        raise CannotLook("the list of the receipt's draw could not be checked")
    index, salt = receipt["index"], bytes.fromhex(receipt["salt"])
    c = sha256(tag("entry") + salt + record_bytes)
    found = (draw.leaves(index, index + 1) or [b""])[0]
    if found[-32:] != c:
        raise Wrong("your entry does not stand where the receipt says", c.hex(), found[-32:].hex(), f"index {index}")
    stratum = draw.manifest.ids[int.from_bytes(found[:2], "big")]
    if (record.get("draw"), record.get("stratum")) != (draw.manifest.draw, stratum):
        raise Wrong("your record names another draw or stratum", (draw.manifest.draw, stratum), record)
    if draw.manifest.partition is not None:
        span, unknown = birth_years(stratum, path)
        born = record.get("born")
        year = int(born[:4]) if isinstance(born, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", born, re.ASCII) else None
        if not (unknown if year is None else span is not None and span[0] <= year <= span[1]):
            raise Wrong("your birth date does not belong to that stratum", stratum, born)
    report.holds(f"your entry is in the list at index {index}, in stratum {stratum}")
    if not draw.places:
        report.cannot_look("your place: there is no checked order yet")
        return
    place, quota = draw.places[index], draw.manifest.strata[int.from_bytes(found[:2], "big")]["quota"]
    value = (int.from_bytes(sha256(tag("key") + draw.seed + c)[:8], "big") * 10**9) >> 64
    if "place" in receipt and (receipt["place"] != place or type(receipt["place"]) is not int):
        raise Wrong("your place is another", place, receipt["place"], path)
    report.holds(
        f"your draw value is 0.{value:09}, your place {place} in {stratum}; the first {quota} are called first"
    )


# ---------------------------------------------------------------------------------------------------------------------
# 11  The command
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


def verify_folder(report: Report, folder: str, policy_path: str | None, receipt: str | None) -> None:
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
    ledgers = []
    for path in folders_in(os.path.join(published, "ledger")) if published else []:
        report.title(f"Ledger {path}")
        ledger = report.run(check_ledger, report, path, policy)
        if ledger is None:
            continue
        ledgers.append(ledger)
    report.run(check_years, report, ledgers)
    draws = []
    folders = folders_in(os.path.join(folder, "draws")) if whole else [folder]
    wanted = index_named(receipt) if receipt is not None else set()
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
                    report.wrong(
                        Wrong("a draw in the ledger is not published", p, "no bundle", f"{ledger.folder}, entry {i}")
                    )
        report.holds(f"looked at: ledgers {len(ledgers)}, draws {len(folders)}")
        for name in sorted(os.listdir(folder)):
            if name not in ("ledger", "draws"):
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
        import resource
    except ImportError:  # not on Windows
        return ""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f", {most / (2**20 if sys.platform == 'darwin' else 2**10):.0f} MiB of memory at most"


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
