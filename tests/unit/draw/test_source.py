"""The source's own list of who should be there, without a name."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from tests.published import DRAW, REGISTER, people, terms

from musterroll import canonical
from musterroll.draw import source, transcript
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Candidate
from musterroll.draw.source import SourceList
from musterroll.errors import MusterRollError

KS = hashlib.sha256(b"ks").digest()
EVERYBODY = [source.nullifier(KS, DRAW, f"XX{i}") for i in range(80)]
LISTED, NULLIFIERS, EXCLUDED = source.files(EVERYBODY[:60], EVERYBODY)
STATED = SourceList(
    authority="Population Register",
    key="11" * 32,
    size=80,
    root=source.root(LISTED).hex(),
    signature="22" * 64,
    nullifiers=canonical.sha256_hex(NULLIFIERS),
    excluded=20,
    key_holder="Data Protection Authority",
    excluded_sha256=canonical.sha256_hex(EXCLUDED),
)
COHORT = Cohort.of(people(60))
MANIFEST = replace(terms(COHORT, software="22" * 32), source=STATED)


def test_list_and_left_out_are_together_the_sources_list() -> None:
    STATED.check(LISTED, NULLIFIERS, EXCLUDED)
    assert STATED.agrees_with(60)
    assert not STATED.agrees_with(61)
    assert (STATED.left_out, MANIFEST.source) == (20, STATED)
    assert transcript.decode(MANIFEST.encode()) == MANIFEST
    assert MANIFEST.missing == ()


def test_where_nobody_outside_holds_the_key_those_left_out_are_not_published() -> None:
    quiet = replace(STATED, key_holder=None, excluded_sha256=None)
    quiet.check(LISTED, NULLIFIERS, None)
    assert transcript.decode(replace(MANIFEST, source=quiet).encode()).source == quiet
    with pytest.raises(ValueError, match="only where a named authority"):
        replace(STATED, key_holder=None)


def test_another_draw_or_key_gives_another_nullifier() -> None:
    assert (
        len(
            {
                source.nullifier(KS, DRAW, "XX1"),
                source.nullifier(KS, "b" * 5, "XX1"),
                source.nullifier(b"", DRAW, "XX1"),
            }
        )
        == 3
    )
    root = source.root(LISTED)
    assert (
        source.signed_message(DRAW, 80, root)
        == canonical.tag("source") + root + (80).to_bytes(8, "big") + DRAW.encode()
    )


def test_an_opened_record_carries_its_nullifier() -> None:
    made = Candidate("XX1", None, bytes(32), nullifier=EVERYBODY[1]).entrant(DRAW, "born-unknown")
    assert f'"n":"{EVERYBODY[1].hex()}","person":"XX1"'.encode() in made.record


def with_files(listed: bytes, nullifiers: bytes, excluded: bytes | None, **more: Any) -> tuple[SourceList, Any]:
    """The same claim over other files, with hashes that fit them."""
    made = replace(
        STATED,
        root=source.root(listed).hex(),
        nullifiers=canonical.sha256_hex(nullifiers),
        excluded_sha256=None if excluded is None else canonical.sha256_hex(excluded),
        **more,
    )
    return made, (listed, nullifiers, excluded)


def pack(values: list[bytes]) -> bytes:
    return b"".join(values)


STRANGER = hashlib.sha256(b"somebody the source does not know").digest()


@pytest.mark.parametrize(
    ("stated", "files", "says"),
    [
        (STATED, (LISTED[:-1], NULLIFIERS, EXCLUDED), "no multiple of 32"),
        (STATED, (LISTED[32:], NULLIFIERS, EXCLUDED), "not the list that the manifest names"),
        (STATED, (LISTED[32:] + LISTED[:32], NULLIFIERS, EXCLUDED), "do not ascend"),
        (STATED, (LISTED, NULLIFIERS[32:], EXCLUDED), "not the file that the manifest names"),
        (STATED, (LISTED, NULLIFIERS, None), "not the file that the manifest names"),
        (STATED, (LISTED, NULLIFIERS, EXCLUDED[32:]), "not the file that the manifest names"),
        (*with_files(LISTED, pack([EVERYBODY[0], *EVERYBODY[:59]]), EXCLUDED), "stands in it twice"),
        (*with_files(LISTED, pack(EVERYBODY[:59]), EXCLUDED), "not as long"),
        (*with_files(LISTED, pack([STRANGER, *EVERYBODY[:59]]), EXCLUDED), "whom the source does not know"),
        (*with_files(LISTED, pack(EVERYBODY[:60]), pack(sorted(EVERYBODY[59:79]))), "not together the source's list"),
    ],
)
def test_a_list_that_is_not_the_sources_is_refused(stated: SourceList, files: Any, says: str) -> None:
    with pytest.raises(MusterRollError, match=says) as refused:
        stated.check(*files)
    assert refused.value.code == "source.wrong"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"level": 2}, "level 1"),
        ({"authority": ""}, "names the source"),
        ({"key_holder": ""}, "holder of its key by name"),
        ({"key": "zz"}, "64 hexadecimal digits"),
        ({"signature": "22"}, "64 hexadecimal digits, a signature 128"),
    ],
)
def test_a_claim_that_does_not_hold_together_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        replace(STATED, **change)


def test_the_register_does_not_hold_the_key() -> None:
    with pytest.raises(ValueError, match="the register does not hold the key"):
        replace(MANIFEST, source=replace(STATED, key_holder=REGISTER))


def test_counts_say_how_many_were_left_out_at_least() -> None:
    assert transcript.SourceCounts(160, 100, 1).left_out == 100
    assert transcript.SourceCounts(160, 100, 5).left_out == 95
    assert transcript.SourceCounts(60, 0, 5).left_out == 0
