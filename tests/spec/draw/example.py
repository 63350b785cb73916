"""The nine people of docs/spec/draw.md and what the page computes from them, by the project's own stage."""

import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from musterroll import canonical, dates
from musterroll.draw import order, potcheck, seed, source, spared, supplement, table, ticket, transcript
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Candidate, Entrant
from musterroll.draw.order import Order
from musterroll.draw.potcheck import Count
from musterroll.draw.spared import SparedList
from musterroll.draw.supplement import Label, Part
from musterroll.draw.table import Table
from musterroll.draw.terms import CohortTerms

PAGE = (Path(__file__).parents[3] / "docs" / "spec" / "draw.md").read_text("utf-8")
DRAW = "xx-2027-a"
BORN = [f"2009-{day}" for day in ["04-10", "02-24", "07-16", "03-03", "02-01", "07-18", "05-26", "01-08", "09-18"]]
SYMBOLS = "3141592653589793238462643383279502884197"
ROUNDS = json.loads((Path(__file__).parents[2] / "conformance" / "drand" / "quicknet.json").read_bytes())["rounds"]
SIGNATURE = next(bytes.fromhex(each["signature"]) for each in ROUNDS if each["round"] == 32398885)


def sha(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def person(i: int) -> str:
    return f"XX{i:09}"


def entry(i: int, born: str, salt: bytes, stratum: str) -> Entrant:
    return Candidate(person(i), dates.parse_day(born), salt).entrant(DRAW, stratum)


ENTRANTS = [entry(i, born, sha(f"test salt {i}"), f"XX-0{i % 3 + 1}") for i, born in enumerate(BORN)]
COHORT = Cohort.of(ENTRANTS)
MANIFEST_BYTES = next(line for line in PAGE.split("\n") if line.startswith('{"algorithm"')).encode()
MANIFEST = transcript.decode(MANIFEST_BYTES)
VALUES = [seed.drand_value(SIGNATURE), SYMBOLS.encode()]
ORDER = order.result(MANIFEST_BYTES, COHORT.data, VALUES)


class Signer:
    """Somebody with an Ed25519 key made from a text, as on the page."""

    def __init__(self, name: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(sha(name))
        raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        self.key = self._key.public_key().public_bytes(*raw).hex()

    def sign(self, message: bytes) -> str:
        return self._key.sign(message).hex()


def source_values() -> dict[str, str]:
    ks = sha("example source key")
    everybody = [source.nullifier(ks, DRAW, person(i)) for i in range(11)]
    by_commitment = {one.commitment: everybody[i] for i, one in enumerate(ENTRANTS)}
    listed, nullifiers, excluded = source.files([by_commitment[leaf[2:]] for leaf in COHORT.leaves], everybody)
    authority = Signer("example source")
    root = source.root(listed)
    stated = source.SourceList(
        authority="Population Register",
        key=authority.key,
        size=11,
        root=root.hex(),
        signature=authority.sign(source.signed_message(DRAW, 11, root)),
        nullifiers=canonical.sha256_hex(nullifiers),
        excluded=2,
        key_holder="Data Protection Authority",
        excluded_sha256=canonical.sha256_hex(excluded),
    )
    stated.check(listed, nullifiers, excluded)
    return {
        "N of person 7": everybody[7].hex(),
        "SHA-256(source.bin)": canonical.sha256_hex(listed),
        "source": canonical.encode(stated.json()).decode(),
    }


COUNT = Count(
    DRAW,
    "Statistics Office",
    "2026-12-31",
    5,
    {("birth-year", "2009"): 1200, ("district", "XX-0101"): 700, ("district", "XX-0102"): 500},
)
FOUND = {("birth-year", "2009"): 1187, ("district", "XX-0101"): 694, ("district", "XX-0102"): 493}


def potcheck_values() -> dict[str, str]:
    office = Signer("example office")
    check = potcheck.examine(COUNT, FOUND, root=sha("the list").hex(), size=1187, per_mille=20)
    lost = potcheck.examine(
        COUNT,
        {("birth-year", "2009"): 694, ("district", "XX-0101"): 694},
        root=sha("the list").hex(),
        size=694,
        per_mille=20,
    )
    return {
        "count.json": COUNT.encode().decode(),
        "key": office.key,
        "count.sig": office.sign(potcheck.signed_message(COUNT.encode())),
        "potcheck.json": check.encode().decode(),
        "and of a list without XX-0102": lost.encode().decode(),
    }


LATE = [entry(20 + i, "2009-06-01", sha(f"late salt {i}"), "XX-02") for i in range(3)]


def supplement_values() -> dict[str, str]:
    cohort = Cohort.of(LATE)
    late = transcript.Manifest(
        draw=DRAW,
        register="register.example",
        attempt=1,
        supersedes=None,
        cohort=CohortTerms.unquoted(cohort),
        randomness=(transcript.Drand.quicknet(32398886),),
        kind=transcript.SUPPLEMENT,
        parent=MANIFEST.digest,
        number=1,
    )
    supplement.check(late, MANIFEST)
    own = seed.derive(late.encode(), [sha("example value")])
    part = Part(late, Order(late.digest, own, order.rank(cohort, own)))
    places = supplement.placed(Part(MANIFEST, ORDER), [part], "XX-02")
    values = {"manifest.json": late.encode().decode(), "seed": own.hex()}
    for place in places:
        i = [one.commitment for one in LATE].index(place.commitment)
        values[f"person {20 + i}"] = f"{place.commitment.hex()} K {part.key(place.commitment).hex()} {place.label}"
    return values


def table_values() -> dict[str, str]:
    drawn = Table(tuple(5 * day % 367 for day in range(1, 367)))
    assert table.decode(drawn.encode(), 366) == drawn
    cohort = Cohort.of(ENTRANTS, dated=True)
    ranked = order.rank_by_table(cohort, ORDER.seed, drawn)
    seven = ENTRANTS[7].commitment
    loaded = table.loading(ORDER.seed, 366)
    return {
        "SHA-256(table.csv)": canonical.sha256_hex(drawn.encode()),
        "leaf of person 7": cohort.leaves[cohort.index_of(ENTRANTS[7])].hex(),
        "root": cohort.root.hex(),
        "K of person 7": table.key(ORDER.seed, seven, drawn.number(8)).hex(),
        "order": " | ".join(" ".join(c.hex()[:8] for c in stratum) for stratum in ranked),
        "SHA-256(order.bin)": Order("", ORDER.seed, ranked).digest,
        "dates loaded first": " ".join(map(str, loaded[0][:6])),
        "numbers loaded first": " ".join(map(str, loaded[1][:6])),
        "SHA-256(loading.json)": canonical.sha256_hex(table.loading_json(MANIFEST.digest, ORDER.seed, 366)),
    }


def key_of(i: int) -> bytes:
    return sha(f"key {person(i)}")


SPARED = [
    spared.excluded(draw=DRAW, person=person(9), ground="ended", kp=key_of(9)),
    spared.excluded(draw=DRAW, person=person(10), ground="not liable", kp=key_of(10)),
    spared.skipped(draw=DRAW, person=person(7), ground="exempt", stratum="XX-02", place=Label(2), kp=key_of(7)),
]
HAND = [
    spared.by_hand(draw=DRAW, person=person(7), fact="17", entered=dates.parse_day("2026-12-20"), kp=key_of(7)),
]


def spared_values() -> dict[str, str]:
    listed, hand = SparedList.of(SPARED), SparedList.of(HAND)
    picked = spared.sample(MANIFEST_BYTES, VALUES[0], listed, 2)
    return {
        "record of person 7": SPARED[2].record.decode(),
        "salt": SPARED[2].salt.hex(),
        "S of person 7": SPARED[2].commitment.hex(),
        "root of spared.bin": listed.root.hex(),
        "record by hand": HAND[0].record.decode(),
        "salt by hand": HAND[0].salt.hex(),
        "H": HAND[0].commitment.hex(),
        "root of hand.bin": hand.root.hex(),
        "sample of 2": " ".join(map(str, picked)),
    }


def ticket_values() -> dict[str, str]:
    return {
        "in": ticket.inside(ENTRANTS[7], MANIFEST, COHORT, label=Label(2)).encode().decode(),
        "out": ticket.outside(SPARED[1], MANIFEST, SparedList.of(SPARED)).encode().decode(),
    }


BLOCKS = {
    "example-source": source_values,
    "example-potcheck": potcheck_values,
    "example-supplement": supplement_values,
    "example-table": table_values,
    "example-spared": spared_values,
    "example-ticket": ticket_values,
}


def written(values: dict[str, str]) -> str:
    """The lines of a block: long values on a line of their own."""
    lines = []
    for name, value in values.items():
        lines.append(f"{name}\n{value}" if len(value) > 90 else f"{name:<22} {value}")
    return "\n".join(lines)
