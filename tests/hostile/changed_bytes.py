"""Single bytes changed in whole published folders: `python -m tests.hostile.changed_bytes --changes 10000`.

Each change is of one byte of one file of a folder with its ledger, and is taken back afterwards. In every second one
that falls into a draw, SHA256SUMS is written anew, as somebody would who tampers on purpose. What the outsider's
verifier then says must be one of these, and each is decided by a rule, none by a list of known cases:

1. `refused`: it ends with 1 or 2.
2. `told`: it ends with 3 although the folder as published ends with 0, and says what is no longer shown. Only a byte
   among the signature lines of a signed note can do that: readers pass over lines of names that they do not know.
3. `harmless`: it ends as before, and either the byte is one of those signature lines, or the report says itself that
   it did not check something of that very file (the signature inside a time stamp, a figure that needs the roll).

Anything else was accepted wrongly, is printed, and ends the run with 1.
"""

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.bundles import make
from tests.published import sums

from musterroll.verify import muster_verify

FOLDERS = (135, 188, 279, 20, 37)
"""Numbers of tests.bundles: redraw, supplement, stratum anew, source list, new key, second year, table, fallback."""


@dataclass
class Folder:
    """A published folder that nobody has changed yet, and what the verifier says of it."""

    published: Path
    policy: Path
    code: int
    files: list[Path]


def look(folder: Path, policy: Path) -> tuple[int, str]:
    """Status and report."""
    lines: list[str] = []
    code = muster_verify.verify(str(folder), str(policy), None, lines.append)
    return code, "\n".join(lines)


def made(number: int, home: Path) -> Folder:
    """One folder of `tests.bundles`, sound, with all its files."""
    home.mkdir()
    one = make(number, home, spoilt=False)
    published, policy = home / "published", home / "trust" / "policy.txt"
    if one.policy is None:
        raise AssertionError("this folder has no policy, so nothing would be refused for its time")
    code, said = look(published, policy)
    if code not in (muster_verify.ALL_HOLDS, muster_verify.TIME_NOT_SHOWN):
        raise AssertionError(said)
    return Folder(
        published, policy, code, sorted(path for path in published.rglob("*") if path.is_file() and path.stat().st_size)
    )


def judged(one: Folder, path: Path, data: bytes, at: int, code: int, said: str) -> str:
    """Which of the three it is, or `accepted`."""
    signatures = b"\n\xe2\x80\x94 " in data[:at] or data[at - 1 : at + 3].startswith(b"\n\xe2\x80\x94")
    noted = path.name == "checkpoint" or path.suffix == ".tlog-proof"
    if code in (muster_verify.WRONG, muster_verify.COULD_NOT_LOOK):
        return "refused"
    if code == muster_verify.TIME_NOT_SHOWN and one.code == 0:
        return "told" if noted and signatures and "NOT SHOWN" in said else "accepted"
    unchecked = [line for line in said.splitlines() if "NOT CHECKED" in line and str(path) in line]
    return "harmless" if (noted and signatures) or unchecked else "accepted"


def changes(folders: list[Folder], count: int, seed: int) -> Iterator[tuple[str, str]]:
    """What became of each change, and which it was."""
    chance = random.Random(f"changed bytes {seed}")
    for n in range(count):
        one = folders[n % len(folders)]
        path = chance.choice(one.files)
        data = path.read_bytes()
        at = chance.randrange(len(data))
        byte = data[at] ^ (1 + chance.randrange(255))
        bundle = one.published / "draws" / path.relative_to(one.published).parts[1]
        anew = n // len(folders) % 2 == 1 and "draws" in path.parts and path.name != "SHA256SUMS"
        listed = (bundle / "SHA256SUMS").read_bytes() if anew else b""
        path.write_bytes(data[:at] + bytes([byte]) + data[at + 1 :])
        if anew:
            sums(bundle)
        code, said = look(one.published, one.policy)
        path.write_bytes(data)
        if anew:
            (bundle / "SHA256SUMS").write_bytes(listed)
        verdict = judged(one, path, data, at, code, said)
        if "this program failed" in said:
            verdict = "failed"
        yield (
            verdict,
            f"{path.relative_to(one.published)}, byte {at}: {data[at]} became {byte}; sums anew: {anew}\n{said}",
        )


def run(count: int, seed: int, home: Path) -> tuple[Counter[str], list[str]]:
    """How many changes were refused, told, harmless or wrongly accepted, and the reports of the last kind."""
    kept = {name: getattr(muster_verify, name) for name in ("ed25519_signed", "quicknet_signed", "suite_a")}
    for name, function in kept.items():  # functions of their arguments alone: computed once for the same arguments
        setattr(muster_verify, name, cache(function))
    try:
        folders = [made(number, home / str(number)) for number in FOLDERS]
        found: Counter[str] = Counter()
        wrong = []
        for verdict, change in changes(folders, count, seed):
            found[verdict] += 1
            if verdict in ("accepted", "failed"):
                wrong.append(change)
        for one in folders:
            code, said = look(one.published, one.policy)
            if code != one.code:
                raise AssertionError(said)
    finally:
        for name, function in kept.items():
            setattr(muster_verify, name, function)
    return found, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        found, wrong = run(options.changes, options.seed, Path(home))
    for change in wrong:
        print(change, end="\n\n")
    told = ", ".join(f"{found[name]} {name}" for name in ("refused", "told", "harmless", "accepted", "failed"))
    print(f"{options.changes} changed bytes in {len(FOLDERS)} published folders: {told}")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
