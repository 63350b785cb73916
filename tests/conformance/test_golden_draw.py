"""The worked example of docs/spec/draw.md: every value, by the project's own stages and by the outsider's verifier."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from musterroll import canonical, dates
from musterroll.draw import entrant, order, receipt, seed, terms, transcript
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Entrant
from musterroll.engine import bundle, draw_numpy

DRAND = Path(__file__).parent / "drand"
BORN = [
    "2009-04-10",
    "2009-02-24",
    "2009-07-16",
    "2009-03-03",
    "2009-02-01",
    "2009-07-18",
    "2009-05-26",
    "2009-01-08",
    "2009-09-18",
]
SYMBOLS = "3141592653589793238462643383279502884197"
ROUND = 32398885
SIGNATURE = next(
    bytes.fromhex(r["signature"])
    for r in json.loads((DRAND / "quicknet.json").read_bytes())["rounds"]
    if r["round"] == ROUND
)
MANIFEST = (
    b'{"algorithm":"muster-roll/rank-sha256/v1","attempt":1,"cohort":{"root":"456b7a9dfc3197519eb79d0377999188b7e4ebf51'
    b'b41af1ae6e907819b4a4802","size":9,"strata":[{"id":"XX-01","quota":1,"size":3},{"id":"XX-02","quota":1,"size":3},{"'
    b'id":"XX-03","quota":1,"size":3}]},"draw":"xx-2027-a","kind":"muster-roll/draw","randomness":[{"chain":"52db9ba70e0'
    b'cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971","genesis":1692803367,"group_key":"83cf0f2896adee7eb8b5f01fc'
    b"ad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9"
    b'cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a","period":3,"round":32398885,"scheme":"bls-unchained-g1-rfc9'
    b'380","type":"drand"},{"alphabet":"0123456789","length":40,"type":"ceremony"}],"register":"register.example","super'
    b'sedes":null,"v":1}'
)


@pytest.fixture(scope="module")
def entrants() -> list[Entrant]:
    return [
        Entrant(
            entrant.record(
                born=dates.parse_day(born), draw="xx-2027-a", person=f"XX{i:09}", stratum=f"XX-0{i % 3 + 1}"
            ),
            hashlib.sha256(f"test salt {i}".encode()).digest(),
            f"XX-0{i % 3 + 1}",
        )
        for i, born in enumerate(BORN)
    ]


@pytest.fixture(scope="module")
def cohort(entrants: list[Entrant]) -> Cohort:
    return Cohort.of(entrants)


@pytest.fixture(scope="module")
def drawn(cohort: Cohort) -> order.Order:
    return order.result(MANIFEST, cohort.data, [seed.drand_value(SIGNATURE), SYMBOLS.encode()])


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("entry", "4fa85ebef9dc5ae9d4179c91cd03c0e195b0ff95291f07445a7ff95aef803a55"),
        ("seed", "d061e5a1494006abdeab0447240ebe45499ab7fe2b1087664ed85a49ed307204"),
        ("key", "52d36356313c1cbc9c072ebcbc69d13bbfd5b526180e2ff8029a7cddc305d5bb"),
        ("audit", "b438d337e6e7f3aa8b452d3eb778f4f59fa694fbd382e7e263e6c58f155477e9"),
        ("nullifier", "438c7ce546b5b051b12f65b0f21158e1a72c993daaed025a9bb091ff343ac92f"),
        ("act", "9201e5c4b395f8bf25d8d5f655fe7d7277e3afd0456d7bba45a3c692d6faaea5"),
        ("act-salt", "281fa104c9b1a0195e5b1ede81184ad6cf025016707982ca6a9e6836de0f501d"),
        ("draw-salt", hashlib.sha256(b"muster-roll/draw-salt/v1").hexdigest()),
    ],
)
def test_every_purpose_has_its_own_prefix(label: str, expected: str) -> None:
    assert canonical.tag(label).hex() == expected


def test_the_record_of_person_7_is_what_the_example_says(entrants: list[Entrant]) -> None:
    assert entrants[7].record == b'{"born":"2009-01-08","draw":"xx-2027-a","person":"XX000000007","stratum":"XX-02"}'


def test_person_7_stands_at_index_4_of_stratum_1(entrants: list[Entrant], cohort: Cohort) -> None:
    assert entrants[7].commitment.hex() == "b1748815fc3842f0d34475491e864b01c414afd46adbab53e0c5519a4c0a0f02"
    assert cohort.index_of(entrants[7]) == 4
    assert cohort.leaves[4][:2] == b"\x00\x01"


def test_the_manifest_has_815_bytes_and_its_hash(cohort: Cohort) -> None:
    strata = tuple(terms.Stratum(name, 3, 1) for name in cohort.strata)
    manifest = transcript.Manifest(
        draw="xx-2027-a",
        register="register.example",
        attempt=1,
        supersedes=None,
        cohort=transcript.CohortTerms(9, cohort.root.hex(), strata, None, None),
        randomness=(transcript.Drand.quicknet(ROUND), transcript.Ceremony("0123456789", 40, None, None)),
    )
    assert len(MANIFEST) == 815
    assert manifest.encode() == MANIFEST
    assert transcript.decode(MANIFEST) == manifest
    assert manifest.digest == "07d9c1299a5e8bd0128becd535258596e7f2a2cde726170c171939e407f9e3c3"


def test_seed_key_draw_value_place_and_order(entrants: list[Entrant], drawn: order.Order) -> None:
    commitment = entrants[7].commitment
    assert drawn.seed.hex() == "48afb397578ab7741efc2a1f760b44a86299e87c90f43acb6c6e1a46ae51f860"
    assert order.key(drawn.seed, commitment).hex() == "4cdb8a3b60d25f2107dc553363b5c2579d4ad7d4879a765dd456c71c985b2422"
    assert order.draw_value(drawn.seed, commitment) == "0.300224914"
    assert drawn.place_of(commitment) == (1, 2)
    assert [[c.hex()[:8] for c in stratum] for stratum in drawn.strata] == [
        ["8b562a8c", "bc290976", "2f6980ca"],
        ["fff47111", "b1748815", "4138e33d"],
        ["90c49b7d", "82746335", "d3d3d861"],
    ]
    assert drawn.digest == "deec6fcc29a0f499ea90b39188f1af00e6fcda63cd0f54080e534a33bd8ed75d"


def test_the_fast_ranking_gives_the_same_order(cohort: Cohort, drawn: order.Order) -> None:
    assert draw_numpy.result(MANIFEST, cohort.data, [seed.drand_value(SIGNATURE), SYMBOLS.encode()]) == drawn


def test_the_outsiders_verifier_finds_the_order_correct_and_says_what_is_not_stated(
    tmp_path: Path, entrants: list[Entrant], cohort: Cohort, drawn: order.Order
) -> None:
    whole = bundle.Bundle(MANIFEST, cohort.data, ceremony=SYMBOLS, beacon=SIGNATURE, order=drawn)
    bundle.write(tmp_path / "bundle", whole)
    (tmp_path / "receipt.json").write_bytes(receipt.of(entrants[7], cohort, drawn).encode())
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(bundle.VERIFIER, alone / "check.py")
    shown = subprocess.run(
        [sys.executable, "-I", "check.py", tmp_path / "bundle", "--receipt", tmp_path / "receipt.json"],
        cwd=alone,
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 3, shown.stdout + shown.stderr
    assert shown.stderr == ""
    assert "seed: 48afb397578ab7741efc2a1f760b44a86299e87c90f43acb6c6e1a46ae51f860" in shown.stdout
    assert "your draw value is 0.300224914, your place 2 in XX-02" in shown.stdout
    assert "NOT STATED   `min_lead`" in shown.stdout
    assert "THE ORDER IS CORRECT, TIME NOT SHOWN" in shown.stdout
