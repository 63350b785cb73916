"""How fast the ledger and the letters are, each beside what the machine could do at best, in one run.

`python -m benchmarks.ledger [--small]` prints the ratios and writes benchmarks/results/ledger.json. CPU seconds.

| ratio | both sides |
|---|---|
| tiles | two hashes an entry at the machine's rate of SHA-256 over 98 bytes / entries made into tiles |
| check (P8) | hashes of the path at that rate / inclusion proofs checked |
| checkpoint | bare Ed25519 signatures / signed checkpoints |
| outbox (P6) | acts committed by 16 clients without their entries / with them (`benchmarks.outbox`) |
| sequencer (P7) | acts durably committed a second / entries put into the log a second |
| letters | an accessible page with one line of text / whole letters, composed one by one |
"""

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import typst
from benchmarks import outbox
from benchmarks.ratio import row, tell
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from musterroll.engine import letter_typst
from musterroll.engine.letter_typst import compose
from musterroll.ledger import checkpoint
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.log import grow
from musterroll.ledger.note import ED25519, PrivateKey
from musterroll.ledger.proof import check_inclusion, inclusion
from musterroll.ledger.tile import TileReader
from musterroll.notice import check_code, template
from musterroll.notice.letter import Office, Reason

LETTERS = Path(__file__).parent.parent / "packs" / "example" / "letters"
FONTS = letter_typst.LETTERS / "fonts"
BARE_PAGE = '#set document(title: "x")\n#set text(font: "Noto Sans", lang: "en")\nPage #sys.inputs.n'
PLACES = {"report_on", "draw", "stratum", "place", "called", "entrants", "decided_on"}


def rate(action: Callable[[], object], times: int) -> float:
    """How often `action` is done in one CPU second."""
    start = time.process_time()
    for _ in range(times):
        action()
    return times / (time.process_time() - start)


def missing(path: str) -> bytes:
    raise FileNotFoundError(path)


def letter():
    sheet = template.parse((LETTERS / "call.en.yaml").read_text(), where="call")
    reasons = [Reason(f"art. 4 ({n})", "Lives in a dwelling.", "You do.", "Dwelling register") for n in range(1, 5)]
    return sheet.fill(
        dict.fromkeys(PLACES, "2001"),
        number="2026-000017",
        dated="25 September 2026",
        office=Office("Registry of Service", ("1 Registry Square",)),
        recipient=("Ada Example", "12 Cross Street"),
        reference="abcdefghijklmnop",
        reasons=reasons,
        check_code=check_code.make(b"k" * 32, "2026-000017"),
        policy="0" * 64,
        fictional=True,
    )


def main(small: bool) -> None:
    size = 20_000 if small else 200_000
    entries = [
        b'{"c":"NlBV8dLOnsKZsAatb5rs3IjWj4Rjq6czS1bcz%07d","k":"act","t":"2027-03-01T14Z","v":1}' % n
        for n in range(size)
    ]
    hashes = rate(lambda: hashlib.sha256(bytes(98)).digest(), size)
    tiles = size * rate(lambda: grow(0, entries, missing), 1)
    grown = grow(0, entries, missing)
    reader = TileReader(size, dict(grown.files).__getitem__)
    places = range(0, size, size // 500)
    proofs = [(at, reader.leaf_hash(at), inclusion(at, size, reader.subtree)) for at in places]

    def check() -> None:
        for at, leaf, path in proofs:
            check_inclusion(at, size, leaf, path, grown.root)

    checks = len(proofs) * rate(check, 4)
    length = sum(len(path) for _, _, path in proofs) / len(proofs)
    key = PrivateKey("register.example/ledger/2027", ED25519, b"k" * 32)
    bare = Ed25519PrivateKey.from_private_bytes(key.seed)
    signatures = rate(lambda: bare.sign(bytes(100)), 2_000)
    checkpoints = rate(lambda: checkpoint.sign(Checkpoint(key.name, size, grown.root), key), 2_000)
    words = template.parse_words((LETTERS / "words.en.yaml").read_text(), where="words")
    one = letter()
    compose(one, words, at=1)  # the first one loads fonts and template
    turns = iter(range(10**6))
    letters = rate(lambda: compose(one, words, at=next(turns)), 50 if small else 200)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.typ"
        page.write_text(BARE_PAGE)
        bare_page = typst.Compiler(input=page, root=folder, font_paths=fonts)
        pages = rate(
            lambda: bare_page.compile(
                format="pdf", sys_inputs={"n": str(next(turns))}, pdf_standards=["ua-1"], timestamp=1
            ),
            50 if small else 200,
        )
    found = outbox.measure(small)
    tell(
        "ledger",
        {"entries": size},
        [
            row("tiles", "entries a CPU second", tiles, "SHA-256 limit of two hashes an entry", hashes / 2),
            row("check", "inclusion proofs a CPU second", checks, "SHA-256 limit of the path", hashes / length),
            row("checkpoint", "signed checkpoints a CPU second", checkpoints, "bare signatures", signatures),
            row("outbox", "acts a second with their entries", found["with"], "acts without", found["without"]),
            row("sequencer", "entries a second into the log", found["sequenced"], "acts a second", found["with"]),
            row("letters", "letters a CPU second", letters, "a page with one line", pages),
        ],
    )


if __name__ == "__main__":
    main("--small" in sys.argv)
