"""One thing changed in a published folder, as somebody would who also writes the sums anew, or does not."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bundles.build import Builder, Made
from tests.bundles.files import DAY, DRAW, LAST, put, put_bundle, time_of
from tests.bundles.yearlog import YearLog

from musterroll import canonical
from musterroll.ledger.note import ED25519, PrivateKey


def spoil(made: Made, builder: Builder, chance: random.Random) -> None:
    """Change one thing, as somebody would who also writes the sums anew, or does not."""
    change = chance.choice(SPOILERS)
    change(made, builder, chance)
    made.what.append(f"spoilt: {change.__name__}")


def _files(builder: Builder) -> tuple[Path, dict[str, bytes]]:
    return builder.home / "published" / "draws" / DRAW, builder.files


def a_byte(made: Made, builder: Builder, chance: random.Random) -> None:
    """One byte of one file, the sums left as they were."""
    paths = sorted(path for path in (builder.home / "published").rglob("*") if path.is_file() and path.stat().st_size)
    path = chance.choice(paths)
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(data))
    made.status = (
        frozenset({0, 1, 2, 3}) if "anchor" in path.parts or path.name == "checkpoint" else frozenset({1, 2, 3})
    )


def a_byte_summed(made: Made, builder: Builder, chance: random.Random) -> None:
    """One byte of one file, the sums written anew."""
    folder, files = _files(builder)
    name = chance.choice(sorted(name for name in files if files[name]))
    data = bytearray(files[name])
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    files[name] = bytes(data)
    put_bundle(folder, files)
    made.status = frozenset({0, 1, 2, 3} if name.endswith((".tsr", "fairness.json")) else {1, 2, 3})


def a_file_gone(made: Made, builder: Builder, chance: random.Random) -> None:
    """One file taken away, the sums written anew. Some may be absent."""
    folder, files = _files(builder)
    name = chance.choice(sorted(files))
    del files[name]
    (folder / name).unlink()
    put_bundle(folder, files)
    made.status = frozenset({0, 1, 2, 3})


def a_member(made: Made, builder: Builder, chance: random.Random) -> None:
    """One member of a JSON file changed or taken out, or one put in."""
    folder, files = _files(builder)
    name = chance.choice(sorted(name for name in files if name.endswith(".json")))
    value = json.loads(files[name])
    where: Any = value
    while True:
        key = chance.choice(sorted(where) if isinstance(where, dict) else range(len(where))) if where else None
        inner = where[key] if key is not None else None
        if isinstance(inner, dict | list) and inner and chance.random() < 0.8:
            where = inner
            continue
        break
    if isinstance(where, dict) and chance.random() < 0.2:
        where["another"] = 1
    elif key is None or chance.random() < 0.3:
        where.pop(key if key is not None else 0) if where else None
    else:
        where[key] = chance.choice([None, 0, 1, -1, "", "x", True, [], {}, "00" * 32, 2**52])
    files[name] = canonical.encode(value)
    put_bundle(folder, files)
    made.status = frozenset({0, 1, 2, 3})


def two_files_exchanged(made: Made, builder: Builder, chance: random.Random) -> None:
    """One file's bytes under another's name and the other way round."""
    folder, files = _files(builder)
    one, other = chance.sample(sorted(files), 2)
    files[one], files[other] = files[other], files[one]
    put_bundle(folder, files)
    made.status = frozenset({0, 1, 2, 3})


def an_entry_gone(made: Made, builder: Builder, chance: random.Random) -> None:
    """The last year's log without one of its entries, signed anew by the register."""
    one = builder.logs[-1]
    one.entries.pop(chance.randrange(len(one.entries)))
    _again(one)
    made.status = frozenset({0, 1, 2, 3})


def an_entry_twice(made: Made, builder: Builder, chance: random.Random) -> None:
    """One of the public entries of the log once more at its end, with something else in it."""
    one = builder.logs[-1]
    public = [e for e in one.entries if b'"k":"act"' not in e]
    entry = json.loads(chance.choice(public))
    text = [name for name, value in entry["p"].items() if isinstance(value, str) and len(value) == 64]
    if text:
        entry["p"][chance.choice(text)] = "77" * 32
    one.entries.append(canonical.encode(entry))
    _again(one)
    made.status = frozenset({0, 1, 2, 3})


def few_witnesses(made: Made, builder: Builder, chance: random.Random) -> None:
    """The log's last checkpoint with two cosignatures of the three."""
    one = builder.logs[-1]
    one.witnesses = one.witnesses[:2]
    (one.folder / "checkpoint").write_bytes(one.signed(time_of(LAST) + DAY))
    made.status = frozenset({3} | (made.status & {1, 2}))


def a_strangers_key(made: Made, builder: Builder, chance: random.Random) -> None:
    """The log's last checkpoint under another key of the same name."""
    one = builder.logs[-1]
    stranger = PrivateKey(one.origin, ED25519, b"s" * 32)
    (one.folder / "checkpoint").write_bytes(one.signed(time_of(LAST) + DAY, stranger))
    made.status = frozenset({1} if made.policy else {3})


def no_ledger(made: Made, builder: Builder, chance: random.Random) -> None:
    """The bundle alone."""
    made.look_at = builder.home / "alone"
    put_bundle(made.look_at, builder.files)
    made.status = frozenset({2, 3})


def _again(one: YearLog) -> None:
    for path in sorted(one.folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    put(one.folder, one.files(time_of(LAST) + DAY))


SPOILERS: tuple[Callable[[Made, Builder, random.Random], None], ...] = (
    a_byte, a_byte_summed, a_file_gone, a_member, a_member, two_files_exchanged, an_entry_gone, an_entry_twice,
    few_witnesses, a_strangers_key, no_ledger,
)  # fmt: skip
