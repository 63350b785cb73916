"""Who follows the published log from outside sees everything that is done to it, and has the files that show it.

Each test is one thing that a register may do to what it publishes; `muster ledger monitor` is what runs.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from musterroll import dates
from musterroll.cli.monitor import monitor
from musterroll.entry import codec
from musterroll.entry.kind import Kind
from musterroll.ledger import checkpoint, cosignature, tlogproof, year
from musterroll.ledger.checkpoint import Checkpoint
from musterroll.ledger.log import grow
from musterroll.ledger.note import COSIGNATURE, ED25519, Note, PrivateKey
from musterroll.ledger.policy import Group, Log, Policy, Witness
from musterroll.ledger.rotation import rotate

DOMAIN = "register.example"
KEYS = {
    number: PrivateKey(f"{DOMAIN}/ledger/{number}", ED25519, bytes([number % 100]) * 32)
    for number in (2025, 2026, 2027)
}
SECOND = PrivateKey(f"{DOMAIN}/ledger/2026", ED25519, b"2" * 32)
WITNESSES = [PrivateKey(f"{name}.example", COSIGNATURE, name.encode().ljust(32)) for name in ("court", "dpa", "paper")]
POLICY = Policy(
    (Log(KEYS[2026].public_key),),
    tuple(Witness(key.name.split(".")[0], key.public_key) for key in WITNESSES),
    (Group("outside", 3, ("court", "dpa", "paper")),),
    "outside",
)
NINE = dates.parse_instant("2026-09-25T09:00:00Z")
DAY = 86_400
MANIFEST = {"attempt": 1, "draw": "xx-2027-a", "sha256": "1" * 64, "supersedes": None}


def public(kind: Kind, said: dict, at: int = NINE) -> bytes:
    return codec.public(kind, said, at)


def act(number: int, at: int = NINE) -> bytes:
    return codec.act(b"{}", number.to_bytes(32, "big"), at)


class Register:
    """What a register publishes, whatever it is; the witnesses here cosign all of it, so that only following helps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.logs: dict[int, list[bytes]] = {}
        (folder / "policy.txt").write_bytes(POLICY.encode())

    def publish(
        self, *entries: bytes, at: int, number: int = 2026, keys: tuple[PrivateKey, ...] = (), witnesses: int = 3
    ) -> Checkpoint:
        log = self.logs.setdefault(number, [])
        log += entries
        folder = self.folder / "published" / "ledger" / str(number)
        grown = grow(0, log, lambda path: (folder / path).read_bytes())
        current = Checkpoint(KEYS[number].name, len(log), grown.root)
        signed = Note(current.text, ())
        for key in keys or (KEYS[number],):
            signed = signed.plus(*checkpoint.sign(current, key).signatures)
        signed = signed.plus(*(cosignature.cosign(signed.text, key, at) for key in WITNESSES[:witnesses]))
        for path, data in [*grown.files, ("checkpoint", signed.encode())]:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        return current

    def look(self, *more: str) -> tuple[int, str]:
        """What the monitor says."""
        where = ["--published", str(self.folder / "published"), "--policy", str(self.folder / "policy.txt")]
        done = CliRunner().invoke(
            monitor, [*where, "--state", str(self.folder / "state"), *more], catch_exceptions=False
        )
        return done.exit_code, done.output

    def evidence(self) -> dict[str, set[str]]:
        folders = sorted((self.folder / "state" / "evidence").glob("*"))
        return {one.name: {path.name for path in one.iterdir()} for one in folders}


@pytest.fixture
def register(tmp_path) -> Register:
    made = Register(tmp_path)
    made.publish(act(0), act(1), public(Kind.DRAW_MANIFEST, MANIFEST), at=NINE + 60)
    assert made.look() == (0, "register.example/ledger/2026: 3 entries, 3 of them new\n")
    return made


def test_a_log_that_only_grows_is_followed_without_a_word(register):
    register.publish(act(2, NINE + DAY), at=NINE + DAY + 60)
    assert register.look() == (0, "register.example/ledger/2026: 4 entries, 1 of them new\n")
    assert register.look() == (0, "register.example/ledger/2026: 4 entries, 0 of them new\n")


def drop(register: Register) -> None:
    del register.logs[2026][1]
    register.publish(act(7), act(8), at=NINE + 120)


def shorten(register: Register) -> None:
    del register.logs[2026][1]
    register.publish(at=NINE + 120)


def change_a_tile(register: Register) -> None:
    path = register.folder / "published" / "ledger" / "2026" / "tile" / "0" / "000.p" / "3"
    path.write_bytes(bytes(96))


def cosign_too_little(register: Register) -> None:
    register.publish(act(2), at=NINE + 120, witnesses=2)


def backdate(register: Register) -> None:
    register.publish(act(2, NINE - 3 * DAY), at=NINE + DAY)


def postdate(register: Register) -> None:
    register.publish(public(Kind.PACK, {"name": "a", "sha256": "1" * 64, "version": 1}, NINE + 9 * DAY), at=NINE + DAY)


def two_manifests(register: Register) -> None:
    register.publish(public(Kind.DRAW_MANIFEST, {**MANIFEST, "sha256": "2" * 64}), at=NINE + 120)


def two_results(register: Register) -> None:
    said = {"draw": "xx-2027-a", "manifest": "1" * 64, "order": "3" * 64, "seed": "4" * 64}
    register.publish(
        public(Kind.DRAW_RESULT, said), public(Kind.DRAW_RESULT, {**said, "seed": "5" * 64}), at=NINE + 120
    )


def a_count_too_low(register: Register) -> None:
    register.publish(public(Kind.STAT, {"act": 1, "day": "2026-09-25"}, NINE + DAY), at=NINE + DAY)


def a_count_twice(register: Register) -> None:
    said = {"act": 2, "day": "2026-09-25"}
    register.publish(public(Kind.STAT, said, NINE + DAY), public(Kind.STAT, said, NINE + DAY + 1), at=NINE + DAY + 60)


def a_person_s_name(register: Register) -> None:
    register.publish(public(Kind.ERASURE_STAT, {"erased": "Ada Example"}), at=NINE + 120)


def a_year_in_the_middle(register: Register) -> None:
    said = {"origin": "register.example/ledger/2025", "root": "1" * 64, "size": 3}
    register.publish(public(Kind.YEAR, said), at=NINE + 120)


def no_entry_at_all(register: Register) -> None:
    register.publish(b"{}", at=NINE + 120)


def a_key_of_a_stranger(register: Register) -> None:
    stranger = PrivateKey(KEYS[2026].name, ED25519, b"S" * 32)
    said = {**rotate(KEYS[2026], SECOND.public_key, 4).fields, "new": stranger.public_key.vkey}
    register.publish(public(Kind.KEY, said), at=NINE + 120)


def a_key_that_another_log_names(register: Register) -> None:
    said = rotate(KEYS[2025], KEYS[2026].public_key, 0).fields
    register.publish(public(Kind.KEY, said), at=NINE + 120)


@pytest.mark.parametrize(
    ("cheat", "code", "shown"),
    [
        (drop, "ledger.consistency", {"checkpoint", "checkpoint.before", "consistency.txt"}),
        (shorten, "monitor.shrunk", {"checkpoint", "checkpoint.before"}),
        (change_a_tile, "ledger.root", {"checkpoint", "checkpoint.before"}),
        (cosign_too_little, "policy.quorum", {"checkpoint", "checkpoint.before"}),
        (backdate, "monitor.time", {"entry-3.tlog-proof"}),
        (postdate, "monitor.time", {"entry-3.tlog-proof"}),
        (two_manifests, "monitor.two-manifests", {"entry-3.tlog-proof"}),
        (two_results, "monitor.twice", {"entry-4.tlog-proof"}),
        (a_count_too_low, "monitor.count", {"entry-3.tlog-proof"}),
        (a_count_twice, "monitor.count", {"entry-4.tlog-proof"}),
        (a_person_s_name, "entry.members", {"entry-3.tlog-proof"}),
        (a_year_in_the_middle, "year.link", {"entry-3.tlog-proof"}),
        (no_entry_at_all, "entry.version", {"entry-3.tlog-proof"}),
        (a_key_of_a_stranger, "key.rotation", {"entry-3.tlog-proof"}),
        (a_key_that_another_log_names, "monitor.key", {"entry-3.tlog-proof"}),
    ],
)
def test_what_is_done_to_the_log_is_found_and_can_be_shown(
    register, cheat: Callable[[Register], None], code: str, shown: set[str]
):
    cheat(register)
    status, said = register.look()
    assert (status, f"[{code}]" in said) == (1, True)
    ((folder, files),) = register.evidence().items()
    assert folder.startswith(code)
    assert {*shown, "what.txt"} <= files
    for name in files:
        if name.endswith(".tlog-proof"):  # a third party needs nothing but the policy
            proof = tlogproof.decode((register.folder / "state" / "evidence" / folder / name).read_bytes())
            tlogproof.check(proof, proof.extra, POLICY)


def test_what_was_found_is_said_on_every_later_run_until_somebody_has_settled_it(register):
    two_manifests(register)
    register.look()
    status, said = register.look()
    assert status == 1
    assert "WRONG as found before: monitor.two-manifests-register-example-ledger-2026-entry-3" in said


def test_a_forked_log_is_not_followed_further_and_what_was_seen_is_kept(register):
    drop(register)
    assert register.look()[0] == 1
    register.publish(act(9), at=NINE + 180)
    assert "ledger.consistency" in register.look()[1]


def test_the_tolerance_for_times_can_be_made_smaller(register):
    register.publish(act(2, NINE - 3 * 3_600), at=NINE + 3_600)
    assert register.look("--tolerance", "3600")[0] == 1


def end_of_year(register: Register) -> Checkpoint:
    said = rotate(KEYS[2026], KEYS[2027].public_key, 0).fields
    last = register.publish(public(Kind.KEY, said, NINE + 98 * DAY), at=NINE + 98 * DAY)
    link = public(Kind.YEAR, year.link(last), NINE + 98 * DAY)
    register.publish(link, act(0, NINE + 98 * DAY), at=NINE + 98 * DAY + 60, number=2027)
    return last


def test_the_next_year_is_followed_with_the_key_that_the_old_log_named(register):
    end_of_year(register)
    assert register.look() == (
        0,
        "register.example/ledger/2026: 4 entries, 1 of them new\n"
        "register.example/ledger/2027: 2 entries, 2 of them new\n",
    )


def test_a_year_that_does_not_continue_the_one_before_is_found(register):
    last = end_of_year(register)
    register.logs[2027][0] = public(Kind.YEAR, {**year.link(last), "size": last.size - 1}, NINE + 98 * DAY)
    register.publish(at=NINE + 98 * DAY, number=2027)
    assert "[year.link]" in register.look()[1]


def test_a_year_without_its_link_is_found(register):
    register.publish(act(0, NINE + 98 * DAY), at=NINE + 98 * DAY, number=2027)
    (register.folder / "policy.txt").write_bytes(
        Policy((*POLICY.logs, Log(KEYS[2027].public_key)), POLICY.witnesses, POLICY.groups, POLICY.quorum).encode()
    )
    assert "its first entry is not `year`" in register.look()[1]


def test_going_on_with_a_log_that_had_ended_is_found(register):
    end_of_year(register)
    register.look()
    register.publish(act(9, NINE + 99 * DAY), at=NINE + 99 * DAY)
    assert "had ended with 4 entries and was gone on with" in register.look()[1]


def test_a_new_key_is_followed_and_the_old_one_counts_for_nothing_then(register):
    said = rotate(KEYS[2026], SECOND.public_key, 4).fields
    register.publish(public(Kind.KEY, said), at=NINE + 120, keys=(KEYS[2026], SECOND))
    assert register.look()[0] == 0
    register.publish(act(5), at=NINE + 180, keys=(SECOND,))
    assert register.look()[0] == 0
    register.publish(act(6), at=NINE + 240, keys=(KEYS[2026],))
    assert "[key.replaced]" in register.look()[1]


def test_a_key_that_nobody_named_signs_nothing(register):
    register.publish(act(5), at=NINE + 180, keys=(SECOND,))
    assert "[note.unsigned]" in register.look()[1]


def test_a_log_that_disappears_is_told(register):
    (register.folder / "published" / "ledger" / "2026" / "checkpoint").unlink()
    where = ["--published", str(register.folder / "published"), "--policy", str(register.folder / "policy.txt")]
    done = CliRunner().invoke(monitor, [*where, "--state", str(register.folder / "state")])
    assert done.exception.code == "monitor.gone"


@pytest.mark.parametrize("logs", [(), (Log(PrivateKey("invented.example/ledger/1", ED25519, b"I" * 32).public_key),)])
def test_a_policy_without_a_yearly_log_cannot_be_followed(register, logs):
    made = Policy(logs, POLICY.witnesses, POLICY.groups, POLICY.quorum)
    (register.folder / "policy.txt").write_bytes(made.encode())
    where = ["--published", str(register.folder / "published"), "--policy", str(register.folder / "policy.txt")]
    done = CliRunner().invoke(monitor, [*where, "--state", str(register.folder / "new")])
    assert done.exception.code == "monitor.policy"


def test_a_state_that_is_broken_is_not_taken_for_an_empty_one(register):
    (register.folder / "state" / "seen.json").write_bytes(b'{"logs":{"x":{}},"v":1}')
    where = ["--published", str(register.folder / "published"), "--policy", str(register.folder / "policy.txt")]
    done = CliRunner().invoke(monitor, [*where, "--state", str(register.folder / "state")])
    assert done.exception.code == "monitor.state"
