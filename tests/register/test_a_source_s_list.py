"""The source says who should be in a draw, without a name: nobody is left out or put in without it."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests import secondverifier
from tests.register.attempts import approved, counting, manifest
from tests.registerhome import (
    BEYOND,
    CEREMONY_AT,
    DRAW,
    DRAWER,
    FREEZE_AT,
    KS,
    ORIGIN,
    PEOPLE,
    PROGRAM,
    RESULT_AT,
    ROUND,
    SIGNATURE,
    SOURCE_KEY,
    STUDENT,
    SYMBOLS,
    Stage,
    rows_of_every_table,
    source_list,
)

from musterroll import canonical
from musterroll.draw import source, transcript
from musterroll.errors import MusterRollError

VERIFIER = Path("src/musterroll/verify/muster_verify.py")
NUMBERS = [f"XX{person:09}" for person in PEOPLE]


def take(**changed):
    from musterroll.register.acts.source_list import take_source_list

    return take_source_list(**source_list(**changed), by=DRAWER, at=FREEZE_AT)


def refusal(**changed) -> MusterRollError:
    before = rows_of_every_table()
    with pytest.raises(MusterRollError) as refused:
        take(**changed)
    assert rows_of_every_table() == before
    assert "XX0000" not in str(refused.value)
    return refused.value


def drawn(stage: Stage) -> Path:
    from musterroll.register import draws, log
    from musterroll.register.acts.draw import commit_draw, hold_ceremony, publish_result

    def public(at: int) -> None:
        stage.clock.at = at
        log.publish(by=PROGRAM, at=at)

    commit_draw(**manifest(stage), by=DRAWER)
    public(FREEZE_AT)
    hold_ceremony(draw=DRAW, symbols=SYMBOLS, minutes=b"minutes", by=DRAWER, at=CEREMONY_AT)
    public(CEREMONY_AT)
    publish_result(draw=DRAW, signature=SIGNATURE, by=DRAWER, at=RESULT_AT)
    public(RESULT_AT)
    return draws.publish(DRAW)


def verified(stage: Stage) -> subprocess.CompletedProcess[str]:
    folder = stage.home.path / "published"
    policy = stage.home.path / "trust" / "policy.txt"
    return subprocess.run(
        [sys.executable, VERIFIER, folder, "--policy", policy], capture_output=True, text=True, check=False
    )


def page_of(stage: Stage) -> tuple[int, str]:
    with secondverifier.verifier() as asked:
        shown = asked.look(stage.home.path / "published", policy=stage.home.path / "trust" / "policy.txt")
    return shown.code, shown.text


def test_each_entry_states_the_n_that_the_source_gave_that_person(rolled):
    from musterroll.register.models import Entrant

    assert take() == len(PEOPLE) + 1
    drawn(rolled)
    for row in Entrant.objects.all():
        record = canonical.decode(bytes(row.record))
        assert record["n"] == source.nullifier(KS, DRAW, record["person"]).hex()


def test_the_published_folder_divides_the_source_s_list_and_both_verifiers_accept_it(rolled):
    take()
    folder = drawn(rolled)
    stated = transcript.decode((folder / "manifest.json").read_bytes()).source
    assert isinstance(stated, source.SourceList)
    assert (stated.size, stated.excluded, stated.key_holder) == (31, 5, "Data Protection Court")
    stated.check(*((folder / name).read_bytes() for name in ("source.bin", "nullifiers.bin", "excluded.bin")))
    beyond = source.nullifier(KS, DRAW, BEYOND)
    assert beyond in source.split((folder / "excluded.bin").read_bytes(), "excluded.bin")
    said = verified(rolled)
    assert "disjoint, and together the source's list" in said.stdout
    assert "WRONG" not in said.stdout
    assert said.returncode in (0, 3), said.stdout
    code, text = page_of(rolled)
    assert (code, "WRONG" in text) == (said.returncode, False), text


@pytest.mark.parametrize("listed", [False, True])
def test_the_status_is_the_same_with_the_source_s_list_and_without(rolled, listed):
    if listed:
        take()
    drawn(rolled)
    said = verified(rolled)
    assert said.returncode == 0, said.stdout


def test_without_a_named_holder_of_the_key_those_left_out_are_listed_nowhere(rolled):
    take(key_holder="")
    folder = drawn(rolled)
    assert (folder / "nullifiers.bin").is_file()
    assert not (folder / "excluded.bin").exists()
    said = verified(rolled)
    assert "WRONG" not in said.stdout
    assert said.returncode in (0, 3), said.stdout


def test_a_byte_of_the_list_changed_afterwards_is_found(rolled):
    take()
    path = drawn(rolled) / "nullifiers.bin"
    data = bytearray(path.read_bytes())
    data[5] ^= 1
    path.write_bytes(bytes(data))
    assert verified(rolled).returncode == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"signature": "0" * 128}, "source.signature"),
        ({"signature": "no signature"}, "source.signature"),
        ({"key": "1" * 64}, "source.signature"),
        ({"pairs": source_list(numbers=NUMBERS)["pairs"]}, "source.signature"),
        ({"signature": source_list("example-2021-b")["signature"]}, "source.signature"),
        ({"key_holder": ORIGIN.split("/", maxsplit=1)[0]}, "source.operator"),
        ({"key_holder": " REGISTRY "}, "source.operator"),
        ({"key_holder": " "}, "source.operator"),
        ({"authority": "Registry"}, "source.operator"),
        ({"authority": ""}, "source.operator"),
        ({"pairs": b"person,n\n"}, "source.file"),
        ({"pairs": b""}, "source.file"),
        ({"pairs": b"person,n\nXX000000001;00\n"}, "source.file"),
        ({"pairs": b"person,n\n" + b"XX000000001," + b"a" * 64 + b"\nXX000000002," + b"a" * 64}, "source.twice"),
        ({"pairs": b"person,n\n" + b"XX000000001," + b"a" * 64 + b"\nXX000000001," + b"b" * 64}, "source.twice"),
        ({"numbers": NUMBERS[2:]}, "source.missing"),
    ],
)
def test_a_list_that_is_not_the_source_s_is_refused(rolled, changed, code):
    assert refusal(**changed).code == code


def test_how_many_the_source_does_not_know_is_told_and_not_who(rolled):
    assert " no N for 2 of " in str(refusal(numbers=NUMBERS[2:]))


def test_whoever_the_law_leaves_out_may_be_missing_from_the_source_s_list(rolled):
    assert take(numbers=[one for one in NUMBERS if one != f"XX{STUDENT:09}"]) == len(PEOPLE) - 1


def test_after_the_commitment_no_list_is_taken(rolled):
    from musterroll.register.acts.draw import commit_draw

    commit_draw(**manifest(rolled), by=DRAWER)
    assert refusal().code == "source.late"


def test_before_the_commitment_another_list_takes_its_place_and_the_count_is_made_anew(rolled):
    from musterroll.register.acts.draw import commit_draw
    from musterroll.register.models import DrawSource, SourceList

    ready = manifest(rolled)
    take()
    with pytest.raises(MusterRollError, match=r"\[cohort\.|\[draw\.|\[source\."):
        commit_draw(**ready, by=DRAWER)  # its terms were written without the source's list
    take(key_holder="")
    commit_draw(**manifest(rolled), by=DRAWER)
    assert DrawSource.objects.get().source == SourceList.objects.order_by("id").last()


def test_a_manifest_that_says_otherwise_of_the_list_is_not_committed(rolled):
    from musterroll.register.acts.draw import commit_draw

    take()
    ready = manifest(rolled)
    terms = transcript.decode(ready["manifest"])
    counts = transcript.SourceCounts(considered=30, excluded=4, rounded_to=1)
    for other in (counts, replace(terms.source, authority="Another Office")):
        data = replace(terms, source=other).encode()
        approval = approved("commit_draw", DRAW, canonical.sha256_hex(data), DRAWER, FREEZE_AT)
        with pytest.raises(MusterRollError, match=r"\[source\.terms\]"):
            commit_draw(manifest=data, approval=approval, by=DRAWER, at=FREEZE_AT)


def test_the_register_keeps_no_number_of_whom_it_does_not_know(rolled):
    from musterroll.register.models import Nullifier, SourceList

    take()
    assert sorted(Nullifier.objects.values_list("person", flat=True)) == list(PEOPLE)
    assert BEYOND.encode() not in bytes(SourceList.objects.get().source)


def test_the_terms_as_the_command_writes_them_name_the_list(rolled):
    from musterroll.register import roll, terms
    from musterroll.register.acts.draw import prepare_draw
    from musterroll.register.acts.potcheck import check_pot

    take()
    check_pot(**counting(rolled), by=DRAWER)
    frozen = prepare_draw(draw=DRAW, by=PROGRAM, at=FREEZE_AT)
    plan = terms.Plan(DRAW, 32398885, "0" * 64, "2026-09-21T13:00:00Z")
    made = terms.manifest(plan, roll.current(), frozen, ORIGIN.split("/", maxsplit=1)[0]).source
    assert isinstance(made, source.SourceList)
    assert made.key == SOURCE_KEY.public_key().public_bytes_raw().hex()


def test_when_the_beacon_stays_silent_the_next_attempt_keeps_the_source_s_list(rolled):
    from musterroll.register import draw_policies, draws, log, terms
    from musterroll.register.acts.draw import commit_draw, declare_silent

    take()
    later = transcript.Fallback(86_400, transcript.Drand.quicknet(ROUND + 1_000_000))
    first = replace(transcript.decode(manifest(rolled)["manifest"]), fallback=later)
    approval = approved("commit_draw", DRAW, first.digest, DRAWER, FREEZE_AT)
    commit_draw(manifest=first.encode(), approval=approval, by=DRAWER, at=FREEZE_AT)
    rolled.clock.at = at = RESULT_AT + 2 * 86_400
    declare_silent(draw=DRAW, by=DRAWER, at=at)
    made = terms.fallback(draw_policies.newest_draw(DRAW))
    approval = approved("commit_draw", DRAW, made.digest, DRAWER, at)
    commit_draw(manifest=made.encode(), approval=approval, by=DRAWER, at=at)
    log.publish(by=PROGRAM, at=at)
    folder = draws.publish(DRAW)
    again = transcript.decode((folder / "manifest.json").read_bytes())
    assert again.attempt == 2
    assert isinstance(again.source, source.SourceList)
    again.source.check(*((folder / name).read_bytes() for name in ("source.bin", "nullifiers.bin", "excluded.bin")))


def test_who_is_erased_has_no_n_any_more(rolled):
    from tests.register.attempts import erasing
    from tests.registerhome import WORKER

    from musterroll.register.acts.erase import erase_person
    from musterroll.register.models import Nullifier

    take()
    erase_person(**erasing(rolled), by=WORKER)
    assert sorted(Nullifier.objects.values_list("person", flat=True)) == [one for one in PEOPLE if one != 8]
