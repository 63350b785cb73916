"""The sequencer: one order, one history, nothing published unwitnessed, nothing signed from an old copy."""

import shutil

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests.registerhome import LETTERS_AT, PROGRAM, SUPERVISOR

from musterroll.errors import MusterRollError
from musterroll.ledger import tlogproof
from musterroll.ledger.checkpoint import Checkpoint

DAY = 86_400


@pytest.fixture
def log():
    from musterroll.register import log

    return log


def code_of(action, *args, **kwargs):
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


def act(n: int) -> None:
    from musterroll.register.acts.appoint import appoint
    from musterroll.register.models import Role

    appoint(office="board", title="Board", officer=f"new-{n}", roles=[Role.CASES], by=SUPERVISOR, at=LETTERS_AT)


def published(stage) -> dict[str, bytes]:
    folder = stage.home.ledger
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_acts_wait_in_the_outbox_until_they_are_sequenced_in_their_order(rolled, log):
    from musterroll.register.models import Entry, Leaf

    before = log.head().size
    act(1), act(2)
    assert Entry.objects.filter(leaf__isnull=True).count() == 2
    assert log.sequence().size == before + 2
    entries = Leaf.objects.filter(index__gte=before).order_by("index").values_list("entry__id", flat=True)
    assert list(entries) == sorted(entries)


def test_what_was_long_in_committing_is_found_by_the_next_search_of_the_whole_outbox(rolled, log, monkeypatch):
    from musterroll.register import sequencer
    from musterroll.register.models import Entry, Leaf

    before = log.head().size
    act(1), act(2)
    late, usual = Entry.objects.filter(leaf__isnull=True).order_by("id").values_list("id", flat=True)
    newest = Leaf.objects.order_by("-entry_id").values_list("entry_id", flat=True).first()
    monkeypatch.setattr(sequencer, "LOOK_BACK", newest - late)

    def placed():
        return list(Leaf.objects.filter(index__gte=before).order_by("index").values_list("entry__id", flat=True))

    log.publish(by=PROGRAM, at=LETTERS_AT, whole=False)
    assert placed() == [usual]
    log.publish(by=PROGRAM, at=LETTERS_AT + DAY)
    assert placed() == [usual, late]


def test_publishing_at_a_time_that_was_published_changes_nothing_even_when_more_acts_wait(rolled, log):
    act(1)
    first = log.publish(by=PROGRAM, at=LETTERS_AT)
    files = published(rolled)
    act(2)
    assert log.publish(by=PROGRAM, at=LETTERS_AT) == first
    assert published(rolled) == files
    assert log.publish(by=PROGRAM, at=LETTERS_AT + DAY).size == first.size + 1


def test_tiles_that_were_lost_are_made_again_byte_for_byte(called, log):
    files = published(called)
    shutil.rmtree(called.home.ledger / "tile")
    act(1)
    log.publish(by=PROGRAM, at=LETTERS_AT)
    kept = {path: data for path, data in files.items() if path in published(called) and path != "checkpoint"}
    assert kept
    assert all(published(called)[path] == data for path, data in kept.items())


def test_nothing_is_published_before_the_quorum_has_cosigned(rolled, log):
    from musterroll.register.models import PublishedCheckpoint

    before, files = PublishedCheckpoint.objects.count(), (rolled.home.ledger / "checkpoint").read_bytes()
    act(1)
    rolled.witnesses.down = {"court"}
    assert code_of(log.publish, by=PROGRAM, at=LETTERS_AT) == "log.quorum"
    assert (PublishedCheckpoint.objects.count(), (rolled.home.ledger / "checkpoint").read_bytes()) == (before, files)
    rolled.witnesses.down = set()
    log.publish(by=PROGRAM, at=LETTERS_AT)
    assert PublishedCheckpoint.objects.count() == before + 1


def test_a_register_restored_from_an_old_backup_refuses_to_sign(open_stage, log):
    newer = open_stage("called", own=True)
    checkpoint = (newer.home.ledger / "checkpoint").read_bytes()
    older = open_stage("rolled")
    (older.home.ledger / "checkpoint").write_bytes(checkpoint)
    act(1)
    assert code_of(log.publish, by=PROGRAM, at=LETTERS_AT) == "log.behind"


def test_a_register_whose_witnesses_have_seen_more_refuses_to_sign(rolled, log):
    ahead = Checkpoint(rolled.home.origin, 1_000, b"x" * 32)
    for seen in rolled.witnesses.seen.values():
        seen[rolled.home.origin] = ahead
    act(1)
    assert code_of(log.publish, by=PROGRAM, at=LETTERS_AT) == "witness.ahead"


def test_a_published_log_that_differs_from_the_database_stops_the_register(rolled, log):
    from musterroll.ledger import checkpoint

    forged = checkpoint.sign(Checkpoint(rolled.home.origin, log.head().size, b"y" * 32), log.log_key())
    (rolled.home.ledger / "checkpoint").write_bytes(forged.encode())
    assert code_of(log.publish, by=PROGRAM, at=LETTERS_AT) == "log.forked"


def test_two_sequencers_cannot_both_go_on_from_one_size(rolled, log):
    from musterroll.register.models import Head

    last = log.head().size
    Head.objects.create(size=last + 1, root="a" * 64, previous=last)
    with pytest.raises(IntegrityError, match="previous"), transaction.atomic():
        Head.objects.create(size=last + 2, root="b" * 64, previous=last)


def test_only_the_keeper_and_the_program_publish(rolled, log):
    assert code_of(log.publish, by=SUPERVISOR, at=LETTERS_AT) == "permission.refused"


def test_without_a_policy_nothing_is_published(rolled, log):
    rolled.home.policy.unlink()
    problem = code_of(log.publish, by=PROGRAM, at=LETTERS_AT)
    assert problem == "policy.missing"


def test_each_entry_has_a_proof_that_outsiders_can_check(called, log):
    from musterroll.register.models import Entry

    for entry in Entry.objects.order_by("id"):
        proof = tlogproof.decode(log.proof_of(entry))
        accepted = tlogproof.check(proof, bytes(entry.entry), log.pinned())
        assert accepted.met_at is not None
    act(1)
    assert code_of(log.proof_of, Entry.objects.order_by("-id").first()) == "log.waiting"


def test_the_chain_of_one_person_s_acts_opens_with_their_key(called):
    from musterroll.entry import chain, seal
    from musterroll.register.actor import Actor
    from musterroll.register.acts.declare import declare
    from musterroll.register.acts.writing import ref_of
    from musterroll.register.models import Call, Entry, PersonKey

    person = Call.objects.first().person
    declare(person=person, attribute="serving", answer="yes", by=Actor.person(person), at=LETTERS_AT)
    rows = list(Entry.objects.filter(person=person).order_by("n"))
    assert [row.act for row in rows] == ["call.issued", "declaration.made", "claim.filed", "call.held"]
    head = chain.check(ref_of(person), [(bytes(row.payload), bytes(row.commitment)) for row in rows])
    assert head.n == 4
    kp = bytes(PersonKey.objects.get(person=person).kp)
    for row in rows:
        seal.check(bytes(row.commitment), seal.salt(kp, row.uuid), bytes(row.payload))


def test_where_a_person_s_acts_end_is_good_for_one_entry(called):
    from musterroll.entry import chain
    from musterroll.entry.kind import Act
    from musterroll.register.actor import Actor
    from musterroll.register.acts import writing
    from musterroll.register.models import Call, Entry

    person = Call.objects.first().person

    def write(whose, label):
        said = {"by": Actor.person(person), "label": label, "at": LETTERS_AT}
        return writing.personal(Act.ACCESS_GRANTED, person=whose, **said)

    key = writing.key_of(person)
    first = write(key, "one")
    with pytest.raises(IntegrityError), transaction.atomic():
        write(key, "two")  # there is an act of this number
    with pytest.raises(IntegrityError), transaction.atomic():
        write(person, "one")  # this act is in the outbox
    second = write(person, "two")
    assert (first.n, second.n) == (key.head.n + 1, key.head.n + 2)
    rows = list(Entry.objects.filter(person=person).order_by("n"))
    assert [(row.pk, row.n, row.uuid, bytes(row.entry)) for row in rows[-2:]] == [
        (made.pk, made.n, made.uuid, made.entry) for made in (first, second)
    ]
    chain.check(writing.ref_of(person), [(bytes(row.payload), bytes(row.commitment)) for row in rows])


# What happened stays


def test_no_table_of_what_happened_can_be_changed_or_emptied(called):
    from django.apps import apps

    filled = 0
    for model in apps.get_app_config("register").get_models():
        table = model._meta.db_table
        own = [field.column for field in model._meta.fields if not field.primary_key]
        column = own[0] if own else model._meta.pk.column
        orders = [f"UPDATE {table} SET {column} = {column}", f"TRUNCATE {table} CASCADE"]
        if model.__name__ != "PersonKey":  # the key of an erased person is dropped
            orders.append(f"DELETE FROM {table}")
        filled += model.objects.exists()
        for order in orders:
            if not model.objects.exists() and not order.startswith("TRUNCATE"):
                continue
            with (
                pytest.raises(DatabaseError, match=r"Cannot|refused|never changed"),
                transaction.atomic(),
                connection.cursor() as run,
            ):
                run.execute(order)
    assert filled >= 19


def test_an_entry_can_lose_its_payload_and_nothing_else(called):
    from musterroll.register.models import Entry

    row = Entry.objects.filter(kind="act").first()
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(pk=row.pk).update(payload=b"other")
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(pk=row.pk).update(payload=None, n=9)
    Entry.objects.filter(pk=row.pk).update(payload=None)
    assert Entry.objects.get(pk=row.pk).payload is None
