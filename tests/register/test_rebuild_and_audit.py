"""A lost database is taken back from what is published; an auditor inside finds what was dropped without an erasure."""

import shutil

import pytest
from django.db import transaction
from tests.registerhome import FREEZE_AT, LETTERS_AT, NIGHT_AT, PROGRAM, SUPERVISOR, Stage

from musterroll import dates
from musterroll.errors import MusterRollError
from musterroll.ledger import tlogproof

DAY = 86_400
NEW_YEAR = dates.parse_instant("2027-01-01T00:00:30Z")


def officer(n: int, at: int = LETTERS_AT) -> None:
    from musterroll.register.acts.appoint import appoint
    from musterroll.register.models import Role

    appoint(office="board", title="Board", officer=f"new-{n}", roles=[Role.CASES], by=SUPERVISOR, at=at)


def personal(person: int, at: int = LETTERS_AT) -> None:
    from musterroll.entry.kind import Act
    from musterroll.register.acts import writing

    with transaction.atomic():
        writing.personal(Act.RECORD_OPENED, person=person, by=PROGRAM, label=f"opened/{person}/{at}", at=at)


def publish(at: int):
    from musterroll.register import log

    return log.publish(by=PROGRAM, at=at)


def lost(open_stage, years: bool = False) -> tuple[Stage, dict]:
    """A register whose database is that of yesterday, its public folder and its witnesses those of today."""
    today = open_stage("rolled", own=True)
    personal(3), officer(1), personal(4), publish(LETTERS_AT)
    if years:
        publish(NEW_YEAR), personal(5, NEW_YEAR), publish(NEW_YEAR + DAY)
    ahead = today.home.path / "published" / "ledger"
    kept, seen = ahead.parent.parent / "kept", {name: dict(one) for name, one in today.witnesses.seen.items()}
    shutil.copytree(ahead, kept)
    yesterday = open_stage("rolled")
    shutil.rmtree(yesterday.home.path / "published" / "ledger")
    shutil.copytree(kept, yesterday.home.path / "published" / "ledger")
    yesterday.witnesses.seen = seen
    return yesterday, seen


@pytest.mark.parametrize("years", [False, True])
def test_a_lost_database_goes_on_from_what_is_published(open_stage, years):
    from musterroll.register import log, rebuild
    from musterroll.register.models import Entry

    lost(open_stage, years)
    at = NEW_YEAR + 2 * DAY if years else LETTERS_AT + DAY
    with pytest.raises(MusterRollError, match=r"log\.behind"):
        log.publish(by=PROGRAM, at=at)
    done = rebuild.rebuild(by=PROGRAM, at=at)
    assert [one.origin[-4:] for one in done] == (["2026", "2027"] if years else ["2026"])
    assert done[0].lost == done[0].size - done[0].start > 2
    assert rebuild.rebuild(by=PROGRAM, at=at) == ()
    officer(9, at)
    log.publish(by=PROGRAM, at=at)
    for entry in Entry.objects.filter(leaf__isnull=False).order_by("id"):
        tlogproof.check(tlogproof.decode(log.proof_of(entry)), bytes(entry.entry), log.pinned())
    entries = Entry.objects.filter(kind="config").values_list("entry", flat=True)
    assert sum(b'"rebuilt"' in bytes(one) for one in entries) == len(done)


def test_what_waited_in_the_old_database_is_the_published_entry_when_it_is_the_same(open_stage):
    from musterroll.register import rebuild
    from musterroll.register.models import Entry

    lost(open_stage)
    personal(3)  # the act is done again: the same bytes
    (one,) = rebuild.rebuild(by=PROGRAM, at=LETTERS_AT + DAY)
    assert one.lost == one.size - one.start - 1
    assert Entry.objects.get(person=3).leaf.index == one.start


def test_a_database_that_is_no_earlier_state_is_not_rebuilt(open_stage):
    from musterroll.register import log, rebuild

    lost(open_stage)
    officer(5, NIGHT_AT)
    log.sequence()
    with pytest.raises(MusterRollError, match=r"no earlier state.*log.forked"):
        rebuild.rebuild(by=PROGRAM, at=LETTERS_AT + DAY)


def test_nothing_is_taken_back_that_the_witnesses_did_not_cosign(open_stage):
    from musterroll.register import rebuild

    stage, _ = lost(open_stage)
    path = stage.home.ledger / "checkpoint"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-1]))
    with pytest.raises(MusterRollError, match=r"policy\.quorum"):
        rebuild.rebuild(by=PROGRAM, at=LETTERS_AT + DAY)


# The auditor inside


def look(seed: bytes = b"named by the auditor", sample: int = 1_000):
    from musterroll.register.ledger_audit import audit

    return audit(seed=seed, sample=sample)


def test_an_honest_register_holds(rolled):
    personal(3), personal(3, LETTERS_AT + 60), personal(4), publish(LETTERS_AT)
    seen = look()
    assert (seen.acts, seen.people, seen.without_payload, seen.findings) == (3, 2, 0, ())


def test_a_payload_dropped_without_an_erasure_is_found_even_outside_the_sample(rolled):
    from musterroll.register.models import Entry

    personal(3), personal(4), publish(LETTERS_AT)
    Entry.objects.filter(person=3).update(payload=None)
    assert [one.code for one in look(sample=1).findings] == ["audit.payload-missing"]


def test_a_payload_that_does_not_open_its_leaf_is_found(rolled):
    from musterroll.register.models import PersonKey

    personal(3), publish(LETTERS_AT)
    PersonKey.objects.filter(person=3).delete()
    assert [one.code for one in look().findings] == ["audit.key-missing"]
    PersonKey.objects.create(person=3, kp=b"k" * 32)
    assert [one.code for one in look().findings] == ["entry.commitment"]


def test_a_published_entry_that_was_changed_is_found(rolled):
    personal(3), publish(FREEZE_AT)
    from musterroll.register.models import Leaf

    (path,) = [
        one
        for one in (rolled.home.ledger / "tile" / "entries").rglob("*")
        if one.is_file() and one.name == str(Leaf.objects.count())
    ]
    path.write_bytes(path.read_bytes().replace(b'"k":"act"', b'"k":"acT"'))
    assert "ledger.bundle" in [one.code for one in look().findings]


def test_the_sample_follows_from_the_auditor_s_seed_and_nothing_else():
    from musterroll.register.ledger_audit import chosen

    assert chosen(b"seed", 3, 1_000) == chosen(b"seed", 3, 1_000) != chosen(b"need", 3, 1_000)
    assert len(set(chosen(b"seed", 299, 1_000))) == 299
    assert chosen(b"seed", 5, 4) == (0, 1, 2, 3)
