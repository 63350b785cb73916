"""Breaks real packs at random and reads them: anything but a pack or an error told to its author is a fault of ours.

    python -m tests.hostile.fuzz --minutes 10 [--seed N]

1. A round is made from its number alone: `--seed N --rounds 1` makes a round again that was reported.
2. Bytes, lines, blocks, words and expressions of the packs that are shipped, and of the scaffold, are changed, swapped,
   doubled, taken out, or replaced by what is known to hurt readers of YAML, Python, dates and numbers.
3. What loads is asked further: its cases are run, one person is decided, its canonical form is read again and gives the
   same digest. What takes longer than a few seconds, or more than the memory allowed, is a fault too.
"""

import argparse
import random
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from musterroll.engine import law_page
from musterroll.errors import MusterRollError
from musterroll.law import cases, scaffold
from musterroll.law import lock as locks
from musterroll.law import pack as packs
from musterroll.law.coverage import covered
from musterroll.law.evaluate import decide
from musterroll.law.prove import checking

ROOT = Path(__file__).parents[2]
SLOW = 20.0
"""Seconds of processor time after which one round is a fault."""

MEMORY = 4_000_000_000

HURTFUL = (
    *(
        "no",
        "on",
        "~",
        "null",
        "!!python/name:os.system",
        "&a",
        "*a",
        "<<: *a",
        "? x",
        "---",
        "...",
        "%YAML 1.1",
        "\t",
        "\x00",
    ),
    *("[", "]", "{", "}", ":", ": ", "- ", "#", "|", ">-", "'", '"', "\\", "`", "```", "> ", "﻿", "‮", "\u2028", "\r"),
    *(
        "never",
        "none",
        "unknown",
        "2021-02-29",
        "0001-01-01",
        "9999-12-31",
        "10000-01-01",
        "99999999999999999999",
        "-1",
        "1.5",
    ),
    *("1e309", "０", "²", "born", "bоrn", "on", "_day(1)", "_until(1, 2)", "known(born)", "age(age(born))", "days(-1)"),
    *(
        "years(1000000)",
        "months(999999)",
        "days(1000000)",
        "turning(born) >= 1000000",
        "born + years(999) <= on",
        "on - on",
    ),
    *(
        "not not not",
        "()",
        "(,)",
        "lambda: 0",
        "a.b",
        "a[b]",
        "f(*x)",
        "x if y else z",
        "await x",
        "{x}",
        "f'{x}'",
        "b''",
        "...",
    ),
    *("in force: .. ..", "in force: 1800-01-01 ..", "in force: 9999-12-31 ..", "next_working(on, x)", "range: 0 .. 1"),
)


def originals(folder: Path) -> list[dict[str, str]]:
    """The pages of each law that is broken; the small ones more often, because a round with them takes less."""
    scaffold.write(folder / "nowhere")
    small, example, large = (
        {page.name: page.read_text("utf-8") for page in sorted(law.glob("*.md"))}
        for law in (folder / "nowhere", ROOT / "packs" / "example", ROOT / "packs" / "us")
    )
    return [small] * 12 + [example] * 4 + [large]


def broken(pages: dict[str, str], chance: random.Random) -> dict[str, bytes]:
    """The pages with one to four things changed."""
    changed = {name: text.encode("utf-8") for name, text in pages.items()}
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        name = chance.choice(sorted(changed))
        how = chance.choice((_bytes, _line, _lines, _block, _word, _word, _expression, _expression, _grown))
        changed[name] = how(changed[name], chance)
    return changed


def _bytes(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    cut = chance.choice((0, 0, 1, 3, 40))
    return data[:at] + chance.randbytes(chance.choice((0, 1, 4))) + data[at + cut :]


def _line(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    line = lines[at].decode("utf-8", "replace")
    put = chance.choice(HURTFUL)
    lines[at] = chance.choice(
        (put, line + put, put + line, line.replace(": ", f": {put}", 1), " " * 2 + line, line.strip())
    ).encode("utf-8", "replace")
    return b"\n".join(lines)


def _lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(3):
        case 0:
            lines[at], lines[other] = lines[other], lines[at]
        case 1:
            del lines[at : at + chance.randrange(1, 4)]
        case _:
            lines.insert(at, lines[other])
    return b"\n".join(lines)


def _block(data: bytes, chance: random.Random) -> bytes:
    blocks = data.split(b"\n\n")
    at, other = chance.randrange(len(blocks)), chance.randrange(len(blocks))
    match chance.randrange(3):
        case 0:
            blocks[at], blocks[other] = blocks[other], blocks[at]
        case 1:
            del blocks[at]
        case _:
            blocks.insert(at, blocks[other])
    return b"\n\n".join(blocks)


def _word(data: bytes, chance: random.Random) -> bytes:
    """One word in place of another, of the same page or a hurtful one."""
    words = data.split(b" ")
    at = chance.randrange(len(words))
    words[at] = chance.choice((chance.choice(words), chance.choice(HURTFUL).encode("utf-8")))
    return b" ".join(words)


def _expression(data: bytes, chance: random.Random) -> bytes:
    """One condition made of pieces of others."""
    lines = data.split(b"\n")
    conditions = [at for at, line in enumerate(lines) if line.lstrip().startswith(b"- ") and b"): " in line]
    if not conditions:
        return _word(data, chance)
    at = chance.choice(conditions)
    head, _, text = lines[at].decode("utf-8", "replace").partition("): ")
    other = lines[chance.choice(conditions)].decode("utf-8", "replace").partition("): ")[2]
    pieces = (text, other, chance.choice(HURTFUL), f"not ({other})", f"({text})")
    joint = chance.choice((" and ", " or ", " < ", " == ", " <= ", " in ", " + ", " - ", ", ", " "))
    made = joint.join(chance.choice(pieces) for _ in range(chance.choice((1, 2, 2, 3, 60))))
    lines[at] = f"{head}): {made}".encode("utf-8", "replace")
    return b"\n".join(lines)


def _grown(data: bytes, chance: random.Random) -> bytes:
    """Something much larger or much deeper than it was."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    much = chance.choice((50, 500, 5_000))
    line = lines[at]
    lines[at] = chance.choice(
        (
            line * min(much, 500),
            line + b"[" * much,
            line + b"(" * much,
            line + b" not" * much,
            line + b"\n" + b"- " * much,
            b"9" * much,
        )
    )
    return b"\n".join(lines)


def read(folder: Path, pages: dict[str, bytes], *, thorough: bool = False) -> str:
    """What reading the broken pages gives: "loads", or the code of the error. Whatever else is raised is a fault.

    `thorough`: the proofs are tried too, and the lawyer's page is written.
    """
    for old in folder.glob("*.md"):
        old.unlink()
    for name, data in pages.items():
        (folder / name).write_bytes(data)
    try:
        pack = packs.load(folder)
    except MusterRollError as problem:
        told(problem)
        return problem.code
    try:
        cases.run(pack)
    except MusterRollError as problem:
        told(problem)
    again = packs.from_canonical(pack.canonical())
    assert again.digest == pack.digest, "the canonical form gives another law"
    for question in pack.questions:
        decide(pack, question, {}, pack.law.periods[0].first)
    lock = locks.locked(pack, None, None)
    for reader, data in ((packs.from_canonical, pack.canonical()), (_locked, locks.encode(lock))):
        mangled = _bytes(data, random.Random(len(data)))
        try:
            reader(mangled)
        except MusterRollError as problem:
            told(problem)
    assert locks.decode(locks.encode(lock), "fuzz/pack.lock") == lock, "the lock does not say what it holds"
    locks.refuse(pack, lock)
    if thorough:
        try:
            found = checking.check(pack).findings
            law_page.html(pack, findings=found, figures=(), coverage=covered(pack), lock=lock)
        except MusterRollError as problem:
            told(problem)
    return "loads"


def _locked(data: bytes) -> object:
    return locks.decode(data, "fuzz/pack.lock")


def told(problem: MusterRollError) -> None:
    """Every error says what, where and what to do, and is short enough to be read."""
    assert problem.code, "no code"
    assert problem.what, "it does not say what"
    assert problem.where, f"it does not say where: {problem.code}"
    assert problem.remedy, f"it does not say what to do: {problem.code}"
    assert len(str(problem)) < 2_000, "too long to be read"


def round_of(number: int, laws: list[dict[str, str]], folder: Path) -> str:
    """One round, made from its number alone."""
    chance = random.Random(number)
    pages = chance.choice(laws)
    return read(folder, broken(pages, chance), thorough=number % 4 == 0 and len(pages) == len(scaffold.PAGES))


def rounds(
    first: int, until: Callable[[int], bool], folder: Path, say: Callable[[str], None]
) -> tuple[Counter[str], list[int]]:
    """Rounds from a number on until told to end; what came of them, and the numbers of those that are faults."""
    laws = originals(folder)
    place = folder / "broken"
    place.mkdir(exist_ok=True)
    came: Counter[str] = Counter()
    faults = []
    number = first
    while not until(number):
        began = time.process_time()
        try:
            came[round_of(number, laws, place)] += 1
        except Exception:
            faults.append(number)
            say(f"round {number}:\n{traceback.format_exc(limit=-6)[-3_000:]}")
        if time.process_time() - began > SLOW:
            faults.append(number)
            say(f"round {number}: took {time.process_time() - began:.1f} s")
        number += 1
    return came, faults


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Break packs at random and read them.")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--folder", type=Path, required=True, help="An empty folder to work in.")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    end = time.monotonic() + chosen.minutes * 60

    def until(number: int) -> bool:
        if chosen.rounds:
            return number >= chosen.seed + chosen.rounds
        return time.monotonic() > end

    came, faults = rounds(chosen.seed, until, chosen.folder, lambda text: print(text, file=sys.stderr, flush=True))
    for code, count in came.most_common():
        print(f"{count:8}  {code}")
    print(f"{sum(came.values()) + len(faults)} rounds, {len(faults)} faults{': ' if faults else ''}{faults or ''}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
