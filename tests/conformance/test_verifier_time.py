"""The order may be correct and still prove nothing: when was everything fixed, who saw it, and was there another?"""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.published import (
    DRAW,
    LOG_KEY,
    ORIGIN,
    POLICY,
    REGISTER,
    ROUND_TIME,
    ROUNDS,
    SYMBOLS,
    WEEK,
    Ledger,
    Published,
    people,
    publish,
    sums,
    terms,
)

from musterroll import canonical
from musterroll.draw import order, seed
from musterroll.draw.commitment import Cohort
from musterroll.engine import bundle
from musterroll.entry.kind import Kind
from musterroll.ledger import checkpoint, tree
from musterroll.ledger import policy as policies


def test_a_whole_published_folder_holds(published: Published, look: Callable) -> None:
    shown = look(published.folder)
    assert shown.code == 0, shown.text
    assert "the quorum of witnesses saw it by 2025-08-10 12:14:45 UTC" in shown.text
    assert "the ledger holds no other live manifest for xx-2027-a" in shown.text
    assert "quotas: 7 in 2 strata follow from the sizes" in shown.text


def test_one_bundle_inside_a_published_folder_holds(published: Published, look: Callable) -> None:
    assert look(published.bundle).code == 0


def test_without_a_policy_nothing_is_known_about_time(published: Published, look: Callable) -> None:
    published.policy.unlink()
    shown = look(published.folder)
    assert shown.code == 3
    assert "NOT SHOWN    who signed the checkpoint: no policy is given" in shown.text


def test_a_policy_inside_the_folder_is_never_used(published: Published, look: Callable) -> None:
    for place in (published.folder / "trust", published.bundle / "trust"):
        place.mkdir()
        shutil.copy(published.policy, place / "policy.txt")
    published.policy.unlink()
    assert look(published.folder).code == 3
    assert look(published.bundle).code == 3


def test_a_lone_bundle_cannot_show_that_there_was_no_other_manifest(
    published: Published, look: Callable, tmp_path: Path
) -> None:
    shutil.copytree(published.bundle, tmp_path / "lone")
    shown = look(tmp_path / "lone", policy=published.policy)
    assert shown.code == 3
    assert "that no other manifest was logged for this draw" in shown.text
    assert "the quorum of witnesses saw it by" in shown.text
    assert look(tmp_path / "lone").code == 3


def test_cosignatures_that_came_too_late_show_nothing(tmp_path: Path, look: Callable) -> None:
    late = publish(tmp_path, seen=ROUND_TIME - WEEK + 1, ceremony_at=ROUND_TIME - WEEK + 2)
    shown = look(late.folder)
    assert shown.code == 3
    assert "NOT SHOWN    that the manifest was fixed before the round: needed a quorum of witnesses by" in shown.text
    late = publish(tmp_path / "ceremony", ceremony_at=ROUND_TIME - 3599)
    shown = look(late.folder)
    assert shown.code == 3
    assert "NOT SHOWN    that the ceremony was over before the round" in shown.text


@pytest.mark.parametrize("name", ["manifest.tlog-proof", "ceremony.tlog-proof"])
def test_without_a_proof_time_is_not_shown(published: Published, look: Callable, name: str) -> None:
    (published.bundle / name).unlink()
    sums(published.bundle)
    shown = look(published.folder)
    assert shown.code == 3
    assert f"there is no {name}" in shown.text


def test_an_operator_who_rewrites_everything_after_the_round_is_found(published: Published, look: Callable) -> None:
    """The manifest, list, order, result and sums all agree; only the witnessed entry gives it away."""
    cohort = Cohort.of(people(61))
    rewritten = terms(cohort)
    values = [seed.drand_value(ROUNDS[rewritten.round.round]), SYMBOLS.encode()]
    result = order.result(rewritten.encode(), cohort.data, values)
    shutil.rmtree(published.bundle / "cohort")
    whole = bundle.Bundle(
        rewritten.encode(), cohort.data, None, SYMBOLS, None, ROUNDS[rewritten.round.round], result, None
    )
    kept = (published.bundle / "manifest.tlog-proof").read_bytes()
    for path in published.bundle.glob("*.*"):
        path.unlink()
    bundle.write(published.bundle, whole)
    shown = look(published.folder)
    assert shown.code == 1
    assert "the ledger does not hold this manifest" in shown.text
    assert "a draw in the ledger is not published here" in shown.text
    (published.bundle / "manifest.tlog-proof").write_bytes(kept)
    sums(published.bundle)
    assert "the proof is of another entry" in look(published.bundle).text
    # without ledger and proof the same bundle is a correct order of unknown age, and the verifier says no more
    (published.bundle / "manifest.tlog-proof").unlink()
    sums(published.bundle)
    shutil.rmtree(published.folder / "ledger")
    assert look(published.bundle).code == 3


def test_a_second_manifest_in_the_ledger_is_wrong(tmp_path: Path, look: Callable) -> None:
    other = {"draw": DRAW, "sha256": "33" * 32, "attempt": 1, "supersedes": None}
    shown = look(publish(tmp_path, more=[(Kind.DRAW_MANIFEST, other)]).folder)
    assert shown.code == 1
    assert "the ledger holds another manifest for this draw" in shown.text


def test_an_attempt_that_was_superseded_openly_is_told_and_holds(tmp_path: Path, look: Callable) -> None:
    first = "33" * 32
    again = replace(terms(Cohort.of(people(60))), attempt=2, supersedes=first)
    before = {"draw": DRAW, "sha256": first, "attempt": 1, "supersedes": None}
    shown = look(publish(tmp_path, manifest=again, more=[(Kind.DRAW_MANIFEST, before)]).folder)
    assert shown.code == 3, shown.text
    assert "NOT STATED   `because`" in shown.text
    assert "whether the law allowed attempt 2" in shown.text


def test_an_attempt_that_was_replaced_no_longer_counts(tmp_path: Path, look: Callable) -> None:
    digest = terms(Cohort.of(people(60))).digest
    later = {"draw": DRAW, "sha256": "33" * 32, "attempt": 2, "supersedes": digest}
    shown = look(publish(tmp_path, more=[(Kind.DRAW_MANIFEST, later)]).bundle)
    assert shown.code == 3
    assert "NOT SHOWN    that this attempt still counts" in shown.text


def test_a_folder_cannot_be_a_draw_and_a_whole_register_at_once(published: Published, look: Callable) -> None:
    """Else a false draw could shelter behind a true one put inside it."""
    (published.bundle / "draws").mkdir()
    shown = look(published.bundle)
    assert shown.code == 2
    assert "looks both like a draw and like a `published` folder" in shown.text


@pytest.mark.parametrize(
    ("kind", "payload", "says"),
    [
        (Kind.DRAW_CEREMONY, {"symbols": SYMBOLS[::-1]}, "the ledger holds another ceremony of this draw"),
        (Kind.DRAW_RESULT, {"order": "00" * 32, "seed": "00" * 32}, "the ledger holds another result"),
    ],
)
def test_a_second_ceremony_or_result_in_the_ledger_is_wrong(
    tmp_path: Path, look: Callable, kind, payload, says
) -> None:
    manifest = terms(Cohort.of(people(60)))
    shown = look(publish(tmp_path, more=[(kind, {"draw": DRAW, "manifest": manifest.digest} | payload)]).folder)
    assert shown.code == 1
    assert says in shown.text


def test_a_ceremony_logged_before_the_manifest_is_wrong(published: Published, look: Callable) -> None:
    """The symbols were known when the list was fixed: the list could have been chosen for them."""
    at = ROUND_TIME - WEEK - 86_400
    ledger = Ledger(published.folder / "ledger" / "2026")
    drawn = {"draw": DRAW, "manifest": published.manifest.digest, "symbols": SYMBOLS}
    first = ledger.add(Kind.DRAW_CEREMONY, drawn, at)
    fixed = {"draw": DRAW, "sha256": published.manifest.digest, "attempt": 1, "supersedes": None}
    second = ledger.add(Kind.DRAW_MANIFEST, fixed, at)
    (published.bundle / "ceremony.tlog-proof").write_bytes(ledger.prove(first, at))
    (published.bundle / "manifest.tlog-proof").write_bytes(ledger.prove(second, at))
    sums(published.bundle)
    shown = look(published.bundle)
    assert shown.code == 1
    assert "the ceremony was logged before the manifest" in shown.text


def test_before_the_draw_is_held_there_is_no_order_to_check(tmp_path: Path, look: Callable) -> None:
    published = publish(tmp_path)
    for name in ("beacon.json", "result.json", "order.bin", "fairness.json", "audit.json", "ceremony.txt"):
        (published.bundle / name).unlink()
    (published.bundle / "ceremony.tlog-proof").unlink()
    sums(published.bundle)
    shown = look(published.folder)
    assert shown.code == 2
    assert "the draw is not held yet" in shown.text
    assert "WRONG" not in shown.text


def test_a_later_audit_is_named_as_still_to_come(tmp_path: Path, look: Callable) -> None:
    shown = look(publish(tmp_path, audited=False).folder)
    assert shown.code == 0
    assert "the audit's sample: its round 32398885 is not in the bundle yet" in shown.text


@pytest.mark.parametrize(
    ("member", "value"),
    [("min_lead", None), ("audit", None), ("fallback", None), ("legal", None), ("software", None), ("source", None)],
)
def test_what_a_manifest_leaves_unstated_is_said(tmp_path: Path, look: Callable, member: str, value: None) -> None:
    stated = replace(terms(Cohort.of(people(60))), **{member: value})
    shown = look(publish(tmp_path, manifest=stated).folder)
    assert shown.code == 3
    assert f"NOT STATED   `{member}`" in shown.text


def test_a_policy_of_another_register_condemns_the_ledger(published: Published, look: Callable, tmp_path: Path) -> None:
    other = POLICY.encode().replace(ORIGIN.encode(), b"other.example/ledger/2026")
    (tmp_path / "policy.txt").write_bytes(other)
    shown = look(published.folder, policy=tmp_path / "policy.txt")
    assert shown.code == 2  # the key's id no longer follows from its name, so the policy cannot be used
    own = policies.decode(POLICY.encode())
    key = replace(own.logs[0].key, name="other.example/ledger/2026")
    (tmp_path / "policy.txt").write_bytes(replace(own, logs=(policies.Log(key),)).encode())
    shown = look(published.folder, policy=tmp_path / "policy.txt")
    assert shown.code == 1
    assert "a log that your policy does not name" in shown.text


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"quorum none\nquorum none\n",
        b"quorum nobody\n",
        b"log x\nquorum none\n",
        b"witness none x\nquorum none\n",
        b"group g 2 a\nquorum g\n",
        b"\x01quorum none\n",
        b"frobnicate\n",
        b"log " + b"a+00000000+AAAA" + b"\nquorum none\n",
    ],
)
def test_a_policy_that_cannot_be_read_lets_nobody_look(published: Published, look: Callable, tmp_path, text) -> None:
    (tmp_path / "policy.txt").write_bytes(text)
    shown = look(published.folder, policy=tmp_path / "policy.txt")
    assert shown.code == 2
    assert "cannot be used" in shown.text


def test_a_quorum_of_nobody_shows_nothing(published: Published, look: Callable, tmp_path: Path) -> None:
    (tmp_path / "policy.txt").write_bytes(replace(POLICY, groups=(), witnesses=(), quorum="none").encode())
    assert look(published.folder, policy=tmp_path / "policy.txt").code == 3


def test_the_published_ledger_is_the_one_that_the_witnesses_saw(tmp_path: Path, look: Callable) -> None:
    """Same key, same size, another history: the proof's checkpoint betrays it."""
    published = publish(tmp_path)
    entry = published.ledger.entries[0]
    published.ledger.entries[0] = entry.replace(b'"pack":"11', b'"pack":"12')
    published.ledger.write(ROUND_TIME + 86_400)
    shown = look(published.folder)
    assert shown.code == 1
    assert "the manifest's proof is of another ledger" in shown.text


def test_a_years_ledger_continues_the_year_before(tmp_path: Path, look: Callable) -> None:
    published = publish(tmp_path)
    before = tmp_path / "published" / "ledger" / "2025"
    shutil.copytree(published.folder / "ledger" / "2026", before)
    shown = look(published.folder)
    assert shown.code == 1
    assert "the folder of a ledger bears the year of its origin" in shown.text


def test_a_ledger_of_another_year_is_not_the_one_to_look_at(
    published: Published, look: Callable, tmp_path: Path
) -> None:
    """Somebody fetched only next year's ledger: that is no evidence against the draw."""
    key = replace(LOG_KEY, name=f"{REGISTER}/ledger/2027")
    ledger = published.folder / "ledger" / "2027"
    ledger.mkdir()
    empty = checkpoint.sign(checkpoint.Checkpoint(key.name, 0, tree.EMPTY_ROOT), key)
    (ledger / "checkpoint").write_bytes(empty.encode())
    shutil.rmtree(published.folder / "ledger" / "2026")
    own = policies.decode(POLICY.encode())
    logs = (*own.logs, policies.Log(replace(key, seed=hashlib.sha256(b"next").digest()).public_key))
    (tmp_path / "policy.txt").write_bytes(replace(own, logs=logs).encode())
    assert look(published.folder, policy=tmp_path / "policy.txt").code == 1  # signed with last year's key
    key = replace(key, seed=hashlib.sha256(b"next").digest())
    empty = checkpoint.sign(checkpoint.Checkpoint(key.name, 0, tree.EMPTY_ROOT), key)
    (ledger / "checkpoint").write_bytes(empty.encode())
    shown = look(published.folder, policy=tmp_path / "policy.txt")
    assert shown.code == 2
    assert "the ledger register.example/ledger/2026, which holds the manifest, is not here" in shown.text


def test_a_folder_of_something_else_cannot_be_looked_at(tmp_path: Path, look: Callable) -> None:
    assert look(tmp_path).code == 2
    assert look(tmp_path / "nothing").code == 2
    (tmp_path / "draws").mkdir()
    shown = look(tmp_path)
    assert shown.code == 2
    assert "there is neither a ledger nor a draw" in shown.text


def test_a_receipt_of_another_draw_cannot_be_looked_at(published: Published, look: Callable, tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(canonical.encode(json.loads(published.receipt(3)) | {"draw": "xx-2028-a"}))
    assert look(published.folder, receipt=path).code == 2
    assert look(published.folder, receipt=tmp_path / "missing").code == 2


def test_it_runs_alone_on_every_python_that_is_here(published: Published, tmp_path: Path) -> None:
    """One file in an empty folder, in isolated mode: no package, no environment, nothing but the standard library."""
    (tmp_path / "alone").mkdir()
    shutil.copy(bundle.VERIFIER, tmp_path / "alone" / "muster_verify.py")
    named = filter(None, (shutil.which(f"python3.{minor}") for minor in range(10, 20)))
    kept = (Path.home() / ".pyenv" / "versions").glob("3.1[0-9].*/bin/python")  # those that nobody has activated
    for python in [sys.executable, *named, *sorted(map(str, kept))]:
        if subprocess.run([python, "-c", ""], cwd=tmp_path, capture_output=True, check=False).returncode:
            continue  # a name without a Python behind it
        command = [python, "-I", "-W", "error", "muster_verify.py", published.folder]
        done = subprocess.run(command, cwd=tmp_path / "alone", capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), (python, done.stdout + done.stderr)


def test_the_command_says_how_it_is_used(published: Published, tmp_path: Path) -> None:
    for options in (["--help"], []):
        command = [sys.executable, "-I", bundle.VERIFIER, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == (0 if options else 2)
        assert "DIR" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
