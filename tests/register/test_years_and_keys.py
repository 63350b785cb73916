"""A year ends, a key is replaced, a quorum is missing: what the register does by itself, and what it refuses."""

import json
from dataclasses import replace

import pytest
from tests.registerhome import LETTERS_AT, ORIGIN, PROGRAM, SUPERVISOR

from musterroll import dates
from musterroll.entry import codec
from musterroll.errors import MusterRollError
from musterroll.ledger import checkpoint, note, policy, tile, tlogproof, year
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.note import ED25519, PrivateKey
from musterroll.ledger.rotation import check_signed, keys_of, parse

DAY = 86_400
NEXT = "demo.register.example/ledger/2027"
LAST_EVENING = dates.parse_instant("2026-12-31T23:50:00Z")
NEW_YEAR = dates.parse_instant("2027-01-01T00:00:30Z")


@pytest.fixture
def log():
    from musterroll.register import log

    return log


def act(n: int, at: int = LETTERS_AT) -> None:
    from musterroll.register.acts.appoint import appoint
    from musterroll.register.models import Role

    appoint(office="board", title="Board", officer=f"new-{n}", roles=[Role.CASES], by=SUPERVISOR, at=at)


def personal(at: int) -> None:
    from musterroll.entry.kind import Act
    from musterroll.register.acts import writing

    writing.personal(Act.RECORD_OPENED, person=3, by=PROGRAM, label=f"opened/{at}", at=at)


def code_of(action, *args, **kwargs):
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


def read(stage, number: int) -> tuple[Checkpoint, list]:
    """The published log of a year: its checkpoint as the policy accepts it, and its entries."""
    folder = stage.home.path / "published" / "ledger" / str(number)
    accepted = policy.decode(stage.home.policy.read_bytes()).accept((folder / "checkpoint").read_bytes())
    reader = tile.TileReader(accepted.checkpoint.size, tile.read_from(folder))
    reader.check_root(accepted.checkpoint.root)
    return accepted.checkpoint, [codec.decode(reader.entry(at)) for at in range(accepted.checkpoint.size)]


def test_at_the_first_publication_of_a_new_year_the_old_log_ends_and_the_new_one_says_where(rolled, log):
    act(1, LAST_EVENING), act(2, NEW_YEAR), personal(LAST_EVENING)
    at = log.publish(by=PROGRAM, at=NEW_YEAR)
    old, entries = read(rolled, 2026)
    assert [one.kind.value for one in entries[-3:] if isinstance(one, codec.PublicEntry)][-2:] == ["stat", "key"]
    new, begun = read(rolled, 2027)
    assert at == new
    assert [begun[0].kind.value, begun[0].at] == ["year", NEW_YEAR]
    assert year.parse_link(begun[0].payload, new.origin) == old
    year.check_link(year.parse_link(begun[0].payload, new.origin), old)
    assert [one.at for one in begun[1:]] == [NEW_YEAR]  # what was done after midnight


def test_a_turn_of_the_year_that_is_done_again_changes_nothing(rolled, log):
    act(1, LAST_EVENING)
    log.publish(by=PROGRAM, at=NEW_YEAR)
    folder = rolled.home.path / "published" / "ledger"
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    log.publish(by=PROGRAM, at=NEW_YEAR)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == files


def test_without_the_witnesses_no_new_year_begins_and_nothing_is_lost(rolled, log):
    act(1, LAST_EVENING)
    rolled.witnesses.down = {"court"}
    assert code_of(log.publish, by=PROGRAM, at=NEW_YEAR) == "log.quorum"
    assert log.head().origin == ORIGIN
    rolled.witnesses.down = set()
    assert log.publish(by=PROGRAM, at=NEW_YEAR + DAY).origin == NEXT


def test_proofs_of_the_old_year_hold_on_in_the_new_one(rolled, log):
    from musterroll.register.models import Entry
    from musterroll.register.queries.ledger import public_ledger

    log.publish(by=PROGRAM, at=NEW_YEAR)
    act(1, NEW_YEAR)
    log.publish(by=PROGRAM, at=NEW_YEAR + DAY)
    origins = set()
    for entry in Entry.objects.order_by("id"):
        proof = tlogproof.decode(log.proof_of(entry))
        origin, index = log.place_of(entry)
        assert (proof.index, tlogproof.check(proof, bytes(entry.entry), log.pinned()).checkpoint.origin) == (
            index,
            origin,
        )
        origins.add(origin)
    assert origins == {ORIGIN, NEXT}
    shown = public_ledger()
    assert (shown.origin, shown.size, shown.entries[-1].index) == (NEXT, 2, 0)
    assert shown.entries[-1].kind == "year"


def test_a_reader_who_pinned_only_the_first_key_follows_into_the_next_year(rolled, log):
    log.publish(by=PROGRAM, at=NEW_YEAR)
    old, entries = read(rolled, 2026)
    named = parse(entries[-1].payload, old.size - 1)
    first = next(one.key for one in log.pinned().logs if one.key.name == ORIGIN)
    assert named.old == first
    folder = rolled.home.path / "published" / "ledger" / "2027"
    signed = note.decode((folder / "checkpoint").read_bytes())
    current = checkpoint.parse(signed.text)
    check_signed(signed, current, keys_of(NEXT, [named.new], ()))
    assert code_of(check_signed, signed, current, keys_of(NEXT, [first], ())) == "note.unsigned"


def test_a_backup_of_last_year_does_not_go_on_when_this_year_s_log_is_public(open_stage, log):
    rolled = open_stage("rolled")
    ahead = rolled.home.path / "published" / "ledger" / "2027"
    ahead.mkdir(parents=True)
    (ahead / "checkpoint").write_bytes(b"whatever it says")
    assert code_of(log.publish, by=PROGRAM, at=LETTERS_AT) == "log.behind"


def test_the_register_signs_nothing_while_a_witness_is_ahead(rolled, log, monkeypatch):
    rolled.witnesses.seen["court"][ORIGIN] = Checkpoint(ORIGIN, 1_000, b"x" * 32)
    signed = []
    sign = checkpoint.sign
    monkeypatch.setattr(checkpoint, "sign", lambda what, key: signed.append(what.size) or sign(what, key))
    act(1)
    assert code_of(log.publish, by=PROGRAM, at=LETTERS_AT) == "witness.ahead"
    assert set(signed) == {0}  # of the empty tree only


def test_the_log_of_a_home_whose_origin_names_no_year_is_one_for_ever(rolled, monkeypatch):
    from musterroll.register import shards, turn

    assert not shards.is_yearly("fictional.register.example/ledger/1")
    shard = shards.Shard("fictional.register.example/ledger/1", 0)
    assert shard.year > shards.year_of(NEW_YEAR + 1_000 * DAY)
    assert shards.first_second(shard.year + 1) > NEW_YEAR
    monkeypatch.setattr(shards, "newest", lambda: shard)
    assert code_of(turn.replace_key, stolen=False, by=PROGRAM, at=LETTERS_AT) == "log.not-yearly"


def test_a_new_key_signs_and_the_old_one_beside_it_until_the_policy_drops_it(rolled, log):
    from musterroll.register import turn

    old = log.log_key().public_key
    new = turn.replace_key(stolen=False, by=PROGRAM, at=LETTERS_AT)
    log.publish(by=PROGRAM, at=LETTERS_AT)
    current, entries = read(rolled, 2026)
    said = parse(entries[-1].payload, current.size - 1)
    assert (said.old, said.new, said.start) == (old, new, current.size)
    signed = note.decode((rolled.home.ledger / "checkpoint").read_bytes())
    assert note.verify(signed, [old, new]) == (old, new)
    check_signed(signed, current, keys_of(ORIGIN, [old], [said]))
    without = [one for one in log.pinned().logs if one.key != old]
    rolled.home.policy.write_bytes(replace(log.pinned(), logs=tuple(without)).encode())
    rolled.witnesses.logs = {ORIGIN: (new,)}
    act(1)
    log.publish(by=PROGRAM, at=LETTERS_AT + DAY)
    signed = note.decode((rolled.home.ledger / "checkpoint").read_bytes())
    assert note.verify(signed, [old, new]) == (new,)


def test_with_a_stolen_key_nobody_goes_on_unnoticed(rolled, log):
    from musterroll.register import turn

    thief = log.log_key()
    new = turn.replace_key(stolen=True, by=PROGRAM, at=LETTERS_AT)
    assert code_of(log.publish, by=PROGRAM, at=LETTERS_AT) == "log.quorum"  # the witnesses were not told yet
    rolled.witnesses.logs = {ORIGIN: (new,)}
    log.publish(by=PROGRAM, at=LETTERS_AT)
    current, entries = read(rolled, 2026)
    said = parse(entries[-1].payload, current.size - 1)
    keys = keys_of(ORIGIN, [thief.public_key], [said])
    forged = checkpoint.sign(Checkpoint(ORIGIN, current.size + 1, b"f" * 32), thief)
    assert code_of(check_signed, forged, checkpoint.parse(forged.text), keys) == "key.replaced"
    own = PrivateKey(ORIGIN, ED25519, b"t" * 32)
    assert code_of(parse, {**said.fields, "new": own.public_key.vkey}, current.size - 1) == "key.rotation"


def test_a_missing_quorum_is_told_unsigned_and_after_a_day_it_is_an_alarm(rolled, log):
    folder = rolled.home.ledger
    act(1)
    rolled.witnesses.down = {"court"}
    assert code_of(log.publish, by=PROGRAM, at=LETTERS_AT) == "log.quorum"
    assert json.loads((folder / "status.json").read_bytes()) == {
        "alarm": False,
        "at": "2026-09-25T08:00:00Z",
        "missing": ["court"],
        "origin": ORIGIN,
        "since": "2026-09-25T08:00:00Z",
        "size": log.head().size,
        "v": 1,
    }
    with pytest.raises(MusterRollError, match="for 25 hours: this is an alarm"):
        log.publish(by=PROGRAM, at=LETTERS_AT + DAY + 3_600)
    told = json.loads((folder / "status.json").read_bytes())
    assert (told["alarm"], told["since"]) == (True, "2026-09-25T08:00:00Z")
    rolled.witnesses.down = set()
    log.publish(by=PROGRAM, at=LETTERS_AT + 2 * DAY)
    assert not (folder / "status.json").exists()


def test_each_finished_day_s_acts_are_counted_once_in_clear(rolled, log):
    from musterroll.register import counts

    personal(LETTERS_AT), personal(LETTERS_AT + 60), personal(LETTERS_AT + DAY)
    assert counts.write(at=LETTERS_AT + DAY) == 1
    assert counts.write(at=LETTERS_AT + DAY) == 0
    personal(LETTERS_AT + 120)  # late: counted by nobody, as it stands behind the count
    assert counts.write(at=LETTERS_AT + 2 * DAY) == 1
    log.publish(by=PROGRAM, at=LETTERS_AT + 2 * DAY)
    entries = read(rolled, 2026)[1]
    stats = [one.payload for one in entries if isinstance(one, codec.PublicEntry) and one.kind.value == "stat"]
    assert stats == [{"act": 2, "day": "2026-09-25"}, {"act": 1, "day": "2026-09-26"}]
