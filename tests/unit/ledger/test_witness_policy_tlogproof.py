"""Witnesses, what a reader trusts, and proofs that travel alone."""

import pytest

from musterroll.errors import MusterRollError
from musterroll.ledger import checkpoint, cosignature, policy, tlogproof, witness
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.log import grow
from musterroll.ledger.note import COSIGNATURE, ED25519, Note, PrivateKey, Signature
from musterroll.ledger.policy import Group, Log, Policy, Witness
from musterroll.ledger.proof import consistency, inclusion
from musterroll.ledger.tile import TileReader
from musterroll.ledger.tlogproof import TlogProof
from musterroll.ledger.tree import EMPTY_ROOT
from musterroll.ledger.witness import Request, add_checkpoint

LOG = PrivateKey("demo.register.example/ledger/2026", ED25519, b"L" * 32)
OTHER = PrivateKey("other.example", ED25519, b"O" * 32)
KEYS = {
    name: PrivateKey(f"{name}.example/w", COSIGNATURE, name.encode().ljust(32, b"!"))
    for name in ["court", "dpa", "uni", "paper"]
}
COURT = KEYS["court"]
LOGS = {LOG.name: (LOG.public_key,)}


def code_of(action, *arguments) -> str:
    with pytest.raises(MusterRollError) as caught:
        action(*arguments)
    return caught.value.code


def missing(path: str) -> bytes:
    raise FileNotFoundError(path)


def tree(size: int, prefix: bytes = b"entry ") -> TileReader:
    files = dict(grow(0, [prefix + b"%d" % i for i in range(size)], missing).files)
    return TileReader(size, lambda path: files.get(path) or missing(path))


def signed(size: int, prefix: bytes = b"entry ", key: PrivateKey = LOG) -> Note:
    return checkpoint.sign(Checkpoint(key.name, size, tree(size, prefix).root()), key)


def seen(size: int) -> dict[str, Checkpoint]:
    return {LOG.name: Checkpoint(LOG.name, size, tree(size).root())}


def asked(old: int, note: Note, path=None, before=None):
    size = checkpoint.parse(note.text).size
    steps = consistency(old, size, tree(size).subtree) if path is None else path
    return add_checkpoint(COURT, LOGS, before or {}, Request(old, tuple(steps), note).encode(), at=100)


# -- the witness ------------------------------------------------------------------------------------------------


def test_a_witness_cosigns_what_grew_and_remembers_it():
    answer = asked(0, signed(3))
    assert (answer.status, answer.content_type) == (200, "text/plain; charset=utf-8")
    line = answer.body.decode()
    assert line == cosignature.cosign(signed(3).text, COURT, 100).line
    assert answer.seen == seen(3)[LOG.name]
    later = asked(3, signed(7), before=seen(3))
    assert (later.status, later.seen) == (200, seen(7)[LOG.name])
    again = asked(7, signed(7), before=seen(7))
    assert (again.status, again.seen) == (200, seen(7)[LOG.name])


def test_a_request_reads_as_it_was_written():
    request = Request(3, consistency(3, 7, tree(7).subtree), signed(7))
    assert witness.decode(request.encode()) == request


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda: add_checkpoint(COURT, LOGS, {}, b"nonsense", at=1), 400),
        (lambda: add_checkpoint(COURT, LOGS, {}, b"old 03\n\n" + signed(3).encode(), at=1), 400),
        (lambda: add_checkpoint(COURT, LOGS, {}, b"old 0\n\nno note", at=1), 400),
        (lambda: add_checkpoint(COURT, LOGS, {}, b"old 0\nAAAA\n\n" + signed(3).encode(), at=1), 400),
        (lambda: add_checkpoint(COURT, LOGS, {}, b"old 0\n\xff\n\n" + signed(3).encode(), at=1), 400),
        (lambda: asked(9, signed(3), path=()), 400),  # the old size is above the new one
        (lambda: asked(0, signed(3, key=OTHER)), 404),  # a log that it does not know
        (
            lambda: add_checkpoint(COURT, {LOG.name: (OTHER.public_key,)}, {}, Request(0, (), signed(3)).encode(), 1),
            403,
        ),
        (lambda: asked(0, Note(signed(3).text, (Signature(LOG.name, LOG.public_key.id, bytes(64)),))), 403),
        (lambda: asked(0, signed(3), path=(bytes(32),)), 422),  # nothing needs no proof
        (lambda: asked(3, signed(7), path=(bytes(32),), before=seen(3)), 422),
        (lambda: asked(3, signed(7, b"another "), before=seen(3)), 422),  # another history
        (lambda: asked(7, signed(7, b"another "), path=(), before=seen(7)), 422),  # two roots for one size
    ],
)
def test_a_witness_refuses_with_the_status_of_the_specification(answer, status):
    assert answer().status == status
    assert answer().seen is None


def test_an_empty_log_has_one_root():
    note = checkpoint.sign(Checkpoint(LOG.name, 0, bytes(32)), LOG)
    assert add_checkpoint(COURT, LOGS, {}, Request(0, (), note).encode(), at=1).status == 422
    note = checkpoint.sign(Checkpoint(LOG.name, 0, EMPTY_ROOT), LOG)
    assert add_checkpoint(COURT, LOGS, {}, Request(0, (), note).encode(), at=1).status == 200


def test_a_log_that_says_another_old_size_is_told_the_right_one():
    for old in (0, 2):
        answer = asked(old, signed(7), before=seen(3))
        assert (answer.status, answer.content_type, answer.body) == (409, "text/x.tlog.size", b"3\n")
    answer = asked(2, signed(7))
    assert (answer.status, answer.body) == (409, b"0\n")


def test_a_request_has_at_most_63_hashes():
    with pytest.raises(ValueError):
        Request(1, (bytes(32),) * 64, signed(3))


# -- the policy -------------------------------------------------------------------------------------------------


def policy_of(
    quorum: str = "outside", groups: tuple[Group, ...] = (Group("outside", 3, ("court", "dpa", "uni", "paper")),)
) -> Policy:
    witnesses = tuple(Witness(name, key.public_key, f"http://127.0.0.1/{name}") for name, key in KEYS.items())
    return Policy((Log(LOG.public_key),), witnesses, groups, quorum)


def cosigned(size: int = 7, **at: int) -> Note:
    note = signed(size)
    return note.plus(*(cosignature.cosign(note.text, KEYS[name], second) for name, second in at.items()))


def test_a_checkpoint_is_accepted_when_the_quorum_cosigned_it():
    accepted = policy_of().accept(cosigned(court=300, dpa=100, uni=200).encode())
    assert accepted.checkpoint == seen(7)[LOG.name]
    assert accepted.times == {"court": 300, "dpa": 100, "uni": 200}
    assert accepted.met_at == 300


def test_the_quorum_is_complete_when_the_last_needed_witness_has_signed():
    times = {"court": 300, "dpa": 100, "uni": 200, "paper": 900}
    assert policy_of().met_at(times) == 300
    assert policy_of().met(times, by=300)
    assert not policy_of().met(times, by=299)
    assert policy_of().met_at({"court": 1}) is None


def test_too_few_witnesses_are_named():
    with pytest.raises(MusterRollError, match="2 of 4; missing: uni, paper") as caught:
        policy_of().accept(cosigned(court=1, dpa=1).encode())
    assert caught.value.code == "policy.quorum"


def test_another_log_or_another_key_is_not_accepted():
    assert code_of(policy_of().accept, signed(3, key=OTHER).encode()) == "policy.log"
    forged = checkpoint.sign(Checkpoint(LOG.name, 3, bytes(32)), PrivateKey(LOG.name, ED25519, b"F" * 32))
    assert code_of(policy_of().accept, forged.encode()) == "note.unsigned"


def test_groups_of_groups_and_no_witness_at_all():
    two_sides = (
        Group("state", 1, ("court", "dpa")),
        Group("society", 2, ("uni", "paper")),
        Group("both", 2, ("state", "society")),
    )
    both = policy_of("both", two_sides)
    assert both.met({"dpa": 1, "uni": 1, "paper": 1})
    assert not both.met({"court": 1, "dpa": 1, "uni": 1})
    assert both.met_at({"dpa": 5, "uni": 7, "paper": 6}) == 7
    assert policy_of("court").met({"court": 1})
    free = policy_of("none")
    assert free.met({})
    assert free.met_at({"court": 1}) is None
    assert free.accept(signed(3).encode()).met_at is None


def test_a_policy_reads_as_it_was_written():
    for one in (policy_of(), policy_of("none", ())):
        assert policy.decode(one.encode()) == one


def test_the_specification_s_example_is_understood():
    # C2SP tlog-policy, "Example policy", with keys put in; spaces, tabs, comments and empty lines as allowed there.
    keys = [PrivateKey(f"w{n}.example", COSIGNATURE, bytes([n]) * 32).public_key.vkey for n in range(6)]
    lines = [f"log {LOG.public_key.vkey}", "", "# X"]
    lines += [f"witness X{n + 1} {keys[n]}" for n in range(3)] + ["\tgroup X-witnesses 2 X1 X2  X3 "]
    lines += [f"witness Y{n + 1} {keys[n + 3]} https://y{n}.example" for n in range(3)] + [
        "group Y-witnesses any Y1 Y2 Y3"
    ]
    lines += ["group X-and-Y all X-witnesses Y-witnesses", "quorum X-and-Y", ""]
    read = policy.decode("\n".join(lines).encode())
    assert read.groups == (
        Group("X-witnesses", 2, ("X1", "X2", "X3")),
        Group("Y-witnesses", 1, ("Y1", "Y2", "Y3")),
        Group("X-and-Y", 2, ("X-witnesses", "Y-witnesses")),
    )
    assert read.met({"X1": 1, "X3": 1, "Y2": 1})
    assert not read.met({"X1": 1, "Y1": 1, "Y2": 1})


W = COURT.public_key.vkey


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "exactly one quorum"),
        ("quorum none\nquorum none\n", "exactly one quorum"),
        ("quorum court\n", "before it is given"),
        ("group g 1 a\nquorum g\n", "before it is given"),
        (f"witness a {W}\nwitness a {W}\nquorum a\n", "a key stands twice"),
        (f"witness a {W}\nwitness a {KEYS['dpa'].public_key.vkey}\nquorum a\n", "each name is given once"),
        (f"witness none {W}\nquorum none\n", "`none` to nobody"),
        (f"witness a {W}\ngroup g 2 a\nquorum g\n", "at least one and at most all"),
        (f"witness a {W}\ngroup g 01 a\nquorum g\n", "all, any or a number"),
        (f"witness a {W}\ngroup g any\nquorum g\n", "at least one and at most all"),
        (f"witness a {W}\ngroup g 1 none\nquorum g\n", "names somebody unknown"),
        (f"witness a {W}\ngroup g 1 a a\nquorum g\n", "names somebody unknown"),
        (f"witness a {W}\ngroup g 1 a\ngroup h 1 a\nquorum h\n", "is in a group already"),
        (f"witness a {LOG.public_key.vkey}\nquorum a\n", "type 4"),
        (f"log {W}\nquorum none\n", "type 1"),
        (f"log {LOG.public_key.vkey} http://a http://b\nquorum none\n", "no log, witness, group or quorum line"),
        ("nonsense\nquorum none\n", "no log, witness, group or quorum line"),
        ("quorum none\r\n", "control character"),
    ],
)
def test_a_policy_that_cannot_be_used_says_why(text, what):
    with pytest.raises(MusterRollError, match=what) as caught:
        policy.decode(text.encode())
    assert caught.value.code == "policy.malformed"


def test_a_wrong_key_in_a_policy_names_its_line():
    with pytest.raises(MusterRollError, match="trust, line 2") as caught:
        policy.decode(b"# mine\nwitness a nonsense\nquorum a\n", where="trust")
    assert caught.value.code == "key.malformed"


def test_a_policy_made_by_hand_checks_itself():
    with pytest.raises(ValueError, match="the quorum names"):
        policy_of("nobody")


# -- proofs that travel alone -----------------------------------------------------------------------------------


def proof_of(index: int, extra: bytes = b"") -> TlogProof:
    return TlogProof(index, inclusion(index, 7, tree(7).subtree), cosigned(court=1, dpa=2, uni=3).encode(), extra)


def test_a_proof_shows_an_entry_under_a_cosigned_checkpoint():
    proof = tlogproof.decode(proof_of(5).encode())
    assert proof == proof_of(5)
    assert tlogproof.check(proof, b"entry 5", policy_of()).met_at == 3
    assert code_of(tlogproof.check, proof, b"entry 4", policy_of()) == "ledger.inclusion"


def test_a_proof_of_the_only_entry_has_no_path():
    proof = TlogProof(0, (), signed(1).encode())
    assert proof.encode().startswith(b"c2sp.org/tlog-proof@v1\nindex 0\n\ndemo.register.example/ledger/2026\n1\n")
    assert tlogproof.check(tlogproof.decode(proof.encode()), b"entry 0", policy_of("none")).checkpoint.size == 1


def test_a_proof_that_carries_its_entry_protects_it():
    proof = tlogproof.decode(proof_of(5, b"entry 5").encode())
    assert proof.extra == b"entry 5"
    tlogproof.check(proof, proof.extra, policy_of())
    forged = TlogProof(5, proof.path, proof.checkpoint, b"entry 6")
    assert code_of(tlogproof.check, forged, forged.extra, policy_of()) == "ledger.inclusion"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"c2sp.org/tlog-proof@v2\nindex 0\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 0\n",
        b"c2sp.org/tlog-proof@v1\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 01\n\nx",
        b"c2sp.org/tlog-proof@v1\nextra AAAA\n\nx",
        b"c2sp.org/tlog-proof@v1\nextra ====\nindex 0\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 0\n\xff\n\nx",
        b"c2sp.org/tlog-proof@v1\nindex 9999999999999999999\n\nx",
    ],
)
def test_what_is_not_a_proof_is_refused(data):
    assert code_of(tlogproof.decode, data) == "tlogproof.malformed"
