"""The time-stamping authority of the tests is one: openssl and rfc3161-client accept what it says, and so do we."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
import rfc3161_client
from tests.simulators.tsa import Authority

from musterroll.ledger import stamp

AT = 1_803_967_200
VECTORS = Path(__file__).parents[1] / "conformance" / "rfc3161"


def openssl(folder: Path, data: bytes, token: bytes, root: bytes) -> bool:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here")
    for name, content in (("data", data), ("token", token), ("root.pem", root)):
        (folder / name).write_bytes(content)
    command = ["openssl", "ts", "-verify", "-data", "data", "-in", "token", "-CAfile", "root.pem"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


def test_openssl_accepts_a_stamp_and_refuses_it_for_other_bytes(tmp_path):
    authority = Authority("court-stamp", lambda: AT)
    token = authority.stamp(b"a checkpoint", AT)
    assert openssl(tmp_path, b"a checkpoint", token, authority.pem)
    assert not openssl(tmp_path, b"a checkpoinT", token, authority.pem)
    assert not openssl(tmp_path, b"a checkpoint", token, Authority("court-stamp", lambda: AT).pem)


@pytest.mark.parametrize("name", ["court-stamp", "post-stamp"])
def test_the_stored_stamps_are_over_the_checkpoint_of_the_page(tmp_path, name):
    data, token = (VECTORS / "checkpoint").read_bytes(), (VECTORS / f"{name}.tsr").read_bytes()
    assert stamp.check(token, data).at in (AT, AT + 2)
    assert openssl(tmp_path, data, token, (VECTORS / f"{name}.pem").read_bytes())


def test_a_library_that_others_wrote_reads_the_same_in_it():
    authority = Authority("court-stamp", lambda: AT)
    asked = (
        rfc3161_client.TimestampRequestBuilder()
        .data(b"a checkpoint")
        .hash_algorithm(rfc3161_client.HashAlgorithm.SHA256)
        .build()
    )
    answer = authority.answer(asked.as_bytes())
    theirs, ours = rfc3161_client.decode_timestamp_response(answer).tst_info, stamp.read(answer)
    assert (theirs.message_imprint.message, theirs.gen_time.timestamp(), theirs.serial_number) == (
        ours.imprint,
        ours.at,
        ours.serial,
    )
    assert ours.imprint == hashlib.sha256(b"a checkpoint").digest()
    assert theirs.nonce == asked.nonce
