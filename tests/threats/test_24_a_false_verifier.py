"""Attack 24: people are given a false verifier that always says "all holds"."""

import subprocess
import sys

from tests.bundles.forged import LISTED

from musterroll import canonical
from musterroll.engine import bundle


def test_another_verifier_in_the_bundle_is_not_the_one_that_the_manifest_names(forge, look) -> None:
    forged = forge(LISTED)
    forged.files["verify.py"] = b"print('Result 0: ALL HOLDS.')\n"
    forged.write_again()
    assert look(forged).refused("verify.py is not the verifier that the manifest names")


def test_whoever_brings_their_own_copy_needs_nothing_of_the_registers(forge, tmp_path) -> None:
    """One file of a known digest, alone in an empty folder, without the package and without the network."""
    forged = forge(LISTED)
    assert forged.manifest.software == canonical.sha256_hex(bundle.VERIFIER.read_bytes())
    own = tmp_path / "own"
    own.mkdir()
    (own / "mine.py").write_bytes(bundle.VERIFIER.read_bytes())
    for name in ("verify.py", "verify.html"):
        (forged.bundle / name).unlink(missing_ok=True)
    forged.files = {name: data for name, data in forged.files.items() if not name.startswith("verify.")}
    forged.write_again()
    command = [sys.executable, "-I", "mine.py", forged.bundle, "--policy", forged.home / "trust" / "policy.txt"]
    done = subprocess.run(command, cwd=own, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_people_who_only_open_the_operators_own_copy_are_said_to_remain(trust) -> None:
    assert "people who only ever open the operator's own copy" in trust[24]
