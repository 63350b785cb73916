"""How long the browser's verifier takes beside the one in Python, on the same bundle, in the same run (P9).

`python -m benchmarks.verify_page [--small]` prints the ratios and writes benchmarks/results/verify_page.json. CPU
seconds of whole processes, Python's and Node's start included. The bundle is a list with its tiles, order and sums.

| ratio | both sides |
|---|---|
| page | `node run.mjs DIR` (the script inside verify.html) / `python3 muster_verify.py DIR`, at most 4 |
"""

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.ratio import row, tell

from musterroll import canonical, verify
from musterroll.draw import seed
from musterroll.engine import draw_numpy
from musterroll.ledger.log import grow

HERE = Path(verify.__file__).parent
ROUNDS = Path(__file__).parent.parent / "tests" / "conformance" / "drand" / "quicknet.json"
QUICKNET = json.loads(ROUNDS.read_bytes())
STRATA = 40
SYMBOLS = "3141592653589793238462643383279502884197"
SIZES = (100_000, 1_000_000)


def missing(path: str) -> bytes:
    raise FileNotFoundError(path)


def bundle(folder: Path, size: int) -> None:
    """A draw of `size` invented entries in strata of one size, with tiles, and without a ledger."""
    each = size // STRATA
    leaves = [
        stratum.to_bytes(2, "big") + c
        for stratum in range(STRATA)
        for c in sorted(hashlib.sha256(b"%d" % i).digest() for i in range(stratum * each, stratum * each + each))
    ]
    grown = grow(0, leaves, missing)
    for path, data in grown.files:
        (folder / "cohort" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "cohort" / path).write_bytes(data)
    chain, one = QUICKNET["chain"], QUICKNET["rounds"][-1]
    drand = {
        "type": "drand",
        "chain": chain["hash"],
        "group_key": chain["public_key"],
        "scheme": chain["schemeID"],
        "genesis": chain["genesis_time"],
        "period": chain["period"],
        "round": one["round"],
    }
    strata = [{"id": f"born-{1980 + i}", "size": each, "quota": 1} for i in range(STRATA)]
    manifest = canonical.encode(
        {
            "v": 1,
            "kind": "muster-roll/draw",
            "algorithm": "muster-roll/rank-sha256/v1",
            "draw": "xx-2027-a",
            "register": "register.example",
            "attempt": 1,
            "supersedes": None,
            "cohort": {"size": each * STRATA, "root": grown.root.hex(), "strata": strata},
            "randomness": [drand, {"type": "ceremony", "alphabet": "0123456789", "length": 40}],
        }
    )
    values = [seed.drand_value(bytes.fromhex(one["signature"])), SYMBOLS.encode()]
    cohort = b"".join(leaves)
    drawn = draw_numpy.result(manifest, cohort, values)
    files = {
        "manifest.json": manifest,
        "cohort.bin": cohort,
        "beacon.json": canonical.encode({name: one[name] for name in ("round", "signature", "randomness")}),
        "ceremony.txt": SYMBOLS.encode(),
        "order.bin": bytes(drawn.data),
        "result.json": drawn.result(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = [f"{canonical.sha256_hex(p.read_bytes())}  {p.relative_to(folder).as_posix()}\n" for p in paths]
    (folder / "SHA256SUMS").write_text("".join(sums))


def seconds(command: list[str | Path]) -> float:
    """CPU seconds of a process that ends with 3, as a bundle without its ledger must."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, check=False, env={"PATH": os.environ["PATH"]})
    assert done.returncode == 3, done.stdout.decode() + done.stderr.decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main(small: bool = False) -> None:
    """Measure, print and write."""
    rows = []
    for size in SIZES[:1] if small else SIZES:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            bundle(folder, size)
            python = seconds([sys.executable, "-I", HERE / "muster_verify.py", folder])
            page = seconds(["node", HERE / "page" / "run.mjs", folder])
            what = f"milliseconds for {size:,} people"
            rows.append(row("page", what, page * 1000, "the verifier in Python", python * 1000))
    tell("verify_page", {"people": max(SIZES[:1] if small else SIZES)}, rows)


if __name__ == "__main__":
    main("--small" in sys.argv[1:])
