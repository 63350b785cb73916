"""A person takes away everything in the log about them, with proofs that hold without the register."""

import io
import json
import zipfile

import pytest
from tests.registerhome import LETTERS_AT, PROGRAM

from musterroll.entry import chain, codec, seal, statement
from musterroll.errors import MusterRollError
from musterroll.ledger import policy, tlogproof

ADA = 3


def personal(n: int) -> None:
    from musterroll.entry.kind import Act
    from musterroll.register.acts import writing

    writing.personal(Act.CALL_HELD, person=ADA, by=PROGRAM, label=f"held/{n}", at=LETTERS_AT + n)


def archive() -> dict[str, bytes]:
    from musterroll.register import own_acts

    with zipfile.ZipFile(io.BytesIO(own_acts.archive(ADA, LETTERS_AT))) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_each_act_opens_its_entry_and_is_proved_and_all_hang_together(rolled):
    from musterroll.register import log
    from musterroll.register.acts.writing import ref_of

    personal(1), personal(2)
    log.publish(by=PROGRAM, at=LETTERS_AT)
    personal(3)  # not published yet
    files = archive()
    trusted = policy.decode(files["policy.txt"])
    folders = sorted({name.split("/")[0] for name in files if "/" in name})
    assert folders == ["0001-call.held", "0002-call.held", "0003-call.held"]
    acts = []
    for folder in folders:
        act, entry = json.loads(files[f"{folder}/act.json"]), files[f"{folder}/entry.json"]
        said = codec.decode(entry)
        seal.check(said.commitment, bytes.fromhex(act["salt"]), act["payload"].encode())
        acts.append((act["payload"].encode(), said.commitment))
        if folder != folders[-1]:
            proof = tlogproof.decode(files[f"{folder}/entry.tlog-proof"])
            assert tlogproof.check(proof, entry, trusted).met_at is not None
    assert "0003-call.held/entry.tlog-proof" not in files
    head = chain.check(ref_of(ADA), acts)
    signed = statement.open(files["head.note"], [one.key for one in trusted.logs])
    assert (signed.subject, signed.head) == (ref_of(ADA), head)


def test_an_act_removed_later_is_shown_by_what_the_person_kept(rolled):
    from musterroll.register import log

    personal(1), personal(2)
    log.publish(by=PROGRAM, at=LETTERS_AT)
    files = archive()
    kept = statement.open(files["head.note"], [one.key for one in log.pinned().logs])
    shown = [codec.decode(files[name]).commitment for name in sorted(files) if name.endswith("entry.json")]
    statement.check(kept, shown)
    with pytest.raises(MusterRollError, match=r"act 2 was another one, or is missing"):
        statement.check(kept, shown[:1])


def test_whoever_nothing_was_done_about_gets_nothing(rolled):
    from musterroll.register import own_acts

    with pytest.raises(MusterRollError, match=r"acts\.none"):
        own_acts.archive(ADA, LETTERS_AT)


def test_the_same_state_gives_the_same_bytes_and_looking_writes_nothing(rolled):
    from musterroll.register import log, own_acts
    from musterroll.register.models import Entry

    personal(1)
    log.publish(by=PROGRAM, at=LETTERS_AT)
    before = Entry.objects.count()
    assert own_acts.archive(ADA, LETTERS_AT) == own_acts.archive(ADA, LETTERS_AT)
    assert Entry.objects.count() == before
