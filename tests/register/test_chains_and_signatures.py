"""Deliveries that go on from others, that are signed, and that are killed on their way in."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import polars as pl
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.register.attempts import approved
from tests.register.test_deliveries_at_the_door import GOOD, HEADING, LINES, Door, manifest
from tests.registerhome import KEEPER, LETTERS_AT, SUPERVISOR, TODAY

from musterroll.engine.roll.table import TABLES
from musterroll.errors import MusterRollError
from musterroll.extract import manifest as manifests
from musterroll.extract.schema import SigningKey

SECRET = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(SECRET).public_key().public_bytes_raw()


@pytest.fixture
def door(rolled, tmp_path, monkeypatch):
    from musterroll.register import chain

    monkeypatch.setattr(chain, "held", set)  # the fixture's roll names deliveries that did not come through the door
    return Door(rolled, tmp_path / "sent")


def changes(*lines):
    return "\n".join([HEADING, *lines, ""])


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def told(text, rows, **more):
    return manifest(text.encode(), rows=rows, full=False, **more)


def next_of(door):
    """Digests of what the next night would take in, and how many deliveries wait for others."""
    from musterroll.register import waiting

    found = waiting.waiting(None)
    return [one.staged.manifest.sha256 for one in found.tonight if one.staged.source == "benefit"], found.later


def test_changes_that_go_on_from_the_register_wait_for_their_night(door):
    door.receive(GOOD, manifest(GOOD.encode(), as_of=TODAY - 2))
    one = changes(LINES[0])
    taken = door.receive(one, told(one, 1, base=digest(GOOD), as_of=TODAY - 1))
    assert (taken.outcome.value, taken.waits) == ("received", False)
    assert next_of(door) == ([digest(GOOD)], 1)


def test_changes_whose_base_has_not_come_wait_and_are_told_so(door):
    from musterroll.cli import night

    one, two = changes(LINES[0]), changes(LINES[1])
    door.receive(GOOD, manifest(GOOD.encode(), as_of=TODAY - 2))
    early = door.receive(two, told(two, 1, base=digest(one)))
    assert (early.outcome.value, early.waits, early.enters) == ("received", True, False)
    assert night.told(early)[1].endswith("or for its whole register. [delivery.base-missing]")
    assert [each["waits_for"] for each in door.replies() if "waits_for" in each] == [digest(one)]
    late = door.receive(one, told(one, 1, base=digest(GOOD), as_of=TODAY - 1))
    assert (late.outcome.value, late.waits, late.enters, late.findings) == ("received", False, True, ())
    assert len(night.told(late)) == 1


def test_changes_that_go_on_from_where_others_went_on_are_out_of_order(door):
    door.receive(GOOD, manifest(GOOD.encode(), as_of=TODAY - 2))
    one, two = changes(LINES[0]), changes(LINES[1])
    door.receive(one, told(one, 1, base=digest(GOOD), as_of=TODAY - 1))
    fork = door.receive(two, told(two, 1, base=digest(GOOD)))
    assert fork.outcome.value == "quarantined"
    assert fork.findings == (
        f"Another delivery went on already from the one that these changes go on from ({digest(GOOD)}).",
    )
    assert door.deliveries()[-1][3] == ["out-of-order"]


def test_a_correction_names_the_delivery_that_it_mends(door):
    bad = "\n".join([HEADING, LINES[0].replace("B0000001", ""), *LINES[1:], ""])
    door.receive(bad, manifest(bad.encode(), as_of=TODAY - 1))
    mended = changes(LINES[0])
    taken = door.receive(mended, told(mended, 1, corrects=digest(bad), as_of=TODAY - 1))
    assert (taken.outcome.value, taken.rows) == ("received", 1)
    with pytest.raises(MusterRollError) as refusal:
        door.receive(mended, told(mended, 1, corrects="0" * 64))
    assert refusal.value.code == "delivery.corrects"


def with_keys(monkeypatch, *keys):
    from musterroll.register import intake

    source = replace(intake.declared("benefit"), signing_keys=keys)
    monkeypatch.setattr(intake, "declared", lambda _name: source)


def test_a_source_with_keys_is_heard_by_its_signature_only(door, monkeypatch):
    with_keys(monkeypatch, SigningKey("2026-a", PUBLIC))
    with pytest.raises(MusterRollError) as refusal:
        door.receive(GOOD)
    assert str(refusal.value) == (
        "The manifest is not signed, and this source signs its deliveries. Where: manifest of benefit. What to do: Ask "
        "the agency to sign the manifest with one of its declared keys. [manifest.unsigned]"
    )
    assert door.deliveries() == [("benefit", "refused", 30, ["manifest.unsigned"])]
    signed = manifests.sign(manifest(GOOD.encode()), SECRET, "2026-a")
    assert door.receive(GOOD, signed).outcome.value == "received"
    assert door.receive(GOOD, signed).again  # replayed: nothing happens


def test_an_unknown_key_a_key_of_another_time_and_a_changed_manifest_are_refused(door, monkeypatch):
    with_keys(monkeypatch, SigningKey("old", PUBLIC, last=TODAY - 400), SigningKey("2026-a", PUBLIC))
    for key in ("stranger", "old"):
        with pytest.raises(MusterRollError) as refusal:
            door.receive(GOOD, manifests.sign(manifest(GOOD.encode()), SECRET, key))
        assert refusal.value.code == "manifest.key-unknown"
    signed = manifests.sign(manifest(GOOD.encode()), SECRET, "2026-a")
    with pytest.raises(MusterRollError) as refusal:
        door.receive(GOOD, replace(signed, rows=31))
    assert str(refusal.value) == (
        "The signature is not of this manifest: it was changed on its way, or somebody else signed it. Where: manifest "
        "of benefit. What to do: Use nothing of this delivery. Ask the agency, by another way than it came, what it "
        "sent. [manifest.signature]"
    )


def test_one_bit_flipped_anywhere_in_the_file_has_no_effect(door):
    door.receive(GOOD, manifest(GOOD.encode(), as_of=TODAY - 1))
    before = door.staged("inbox")
    data = bytearray(GOOD.encode())
    for place in range(0, len(data), len(data) // 7):
        flipped = bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(MusterRollError):
            door.receive(flipped, manifest(GOOD.encode()))
    assert door.staged("inbox") == before


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from musterroll.engine import delivery, extract_stage
from musterroll.extract import manifest
from musterroll.extract.declaration import load_source
steps = int(sys.argv[4])
def counted(name, *rest):
    global steps
    if name in ("open", "os.rename", "os.mkdir") and sys.argv[2] in str(rest):
        steps -= 1
        if steps < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(counted)
folder = Path(sys.argv[1])
told = manifest.decode((folder / "benefit.manifest.json").read_bytes())
extract_stage.stage(load_source(Path(sys.argv[3]) / "packs/example/sources/benefit.yaml"), told, folder / "benefit.csv",
                    Path(sys.argv[2]), previous=None, today=told.as_of)
"""


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 4])
def test_killed_while_it_is_read_a_delivery_is_nothing_and_read_again_the_same(tmp_path, steps):
    from musterroll.engine import delivery

    (tmp_path / "benefit.csv").write_text(GOOD)
    (tmp_path / "benefit.manifest.json").write_bytes(manifest(GOOD.encode()).encode())
    root = os.fspath(__import__("pathlib").Path(__file__).parents[2])

    def read(name, allowed):
        command = [sys.executable, "-c", KILLED, str(tmp_path), str(tmp_path / name), root, str(allowed)]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    whole = read("whole", 10_000)
    assert whole.returncode == 0, whole.stderr
    killed = read("again", steps)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not delivery.is_whole(tmp_path / "again")
    assert read("again", 10_000).returncode == 0
    files = {
        name: {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("whole", "again")
    }
    assert files["again"] == files["whole"]
    assert json.loads(files["again"]["receipt.json"])["kept"] == 30


def held_of(*deliveries):
    """The roll's deliveries of the source, as if nights had taken them in: number, and whether silence may be read."""
    rows = [(number, "benefit", TODAY - 3 + place, full, 30) for place, (number, full) in enumerate(deliveries)]
    return pl.DataFrame(rows, schema=TABLES["delivery"].plain_schema, orient="row")


def corrected_next(door, monkeypatch, *, lines, said, before):
    """What the next night is told of the correction of a file whose first row was set aside."""
    from musterroll.register import waiting

    first = door.receive(GOOD, manifest(GOOD.encode(), as_of=TODAY - 3))
    bad = changes(LINES[0].replace("B0000001", ""), *lines)
    last = door.receive(bad, manifest(bad.encode(), rows=1 + len(lines), as_of=TODAY - 2, **said))
    mended = changes(LINES[0])
    door.receive(mended, told(mended, 1, corrects=digest(bad), as_of=TODAY - 2))
    monkeypatch.setattr(waiting, "_held", lambda _parent: held_of((first.number, before), (last.number, False)))

    def found():
        (one,) = [each for each in waiting.waiting(None).tonight if each.staged.source == "benefit"]
        assert one.corrects == last.number
        return one.continues

    return last.number, found


CHANGES = {"full": False, "base": digest(GOOD)}


@pytest.mark.parametrize(
    ("lines", "said", "before", "whole"),
    [
        (LINES[1:], {}, False, True),
        (LINES[1:2], CHANGES, True, True),
        (LINES[1:2], CHANGES, False, False),
    ],
    ids=["the register", "changes of a whole one", "changes of one that was not whole"],
)
def test_a_correction_of_what_was_set_aside_lets_silence_be_read_again(door, monkeypatch, lines, said, before, whole):
    _, found = corrected_next(door, monkeypatch, lines=lines, said=said, before=before)
    assert found() == whole


def test_after_a_recall_of_the_source_no_correction_does(door, monkeypatch):
    from musterroll.register.acts import recall
    from musterroll.register.models import Recallable

    number, found = corrected_next(door, monkeypatch, lines=LINES[1:], said={}, before=True)
    assert found()
    thing, subject = Recallable.DELIVERY, str(number)
    names = (recall.subject_of(thing, subject), recall.digest_of(thing, subject))
    agreed = approved("recall", *names, KEEPER, LETTERS_AT)
    recall.recall(what=thing, subject=subject, approval=agreed, by=SUPERVISOR, at=LETTERS_AT)
    assert not found()
