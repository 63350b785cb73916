"""The folder that outsiders get: same bytes each time, whole after any interruption."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.published import ROUNDS, SYMBOLS, people, publish, terms

from musterroll.draw.commitment import Cohort
from musterroll.engine import bundle
from musterroll.errors import MusterRollError


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_same_draw_gives_the_same_bytes_of_every_file(tmp_path: Path) -> None:
    one, other = publish(tmp_path / "one"), publish(tmp_path / "other")
    assert content(one.folder) == content(other.folder)


def test_it_grows_with_the_draw_and_ends_the_same(tmp_path: Path) -> None:
    """Committed, then drawn: what stood is not touched, and the sums list what there is."""
    made = publish(tmp_path / "made")
    manifest, cohort = made.manifest.encode(), made.cohort.data
    proofs = [(made.bundle / name).read_bytes() for name in ("manifest.tlog-proof", "ceremony.tlog-proof")]
    folder = tmp_path / "draw"
    bundle.write(folder, bundle.Bundle(manifest, cohort))
    assert set(content(folder)) == {
        "SHA256SUMS",
        "cohort.bin",
        "cohort/tile/0/000.p/60",
        "cohort/tile/entries/000.p/60",
        "manifest.json",
        "verify.py",
    }
    before = (folder / "cohort.bin").stat().st_mtime_ns
    whole = bundle.Bundle(
        manifest,
        cohort,
        proofs[0],
        SYMBOLS,
        proofs[1],
        ROUNDS[made.manifest.round.round],
        made.order,
        ROUNDS[max(ROUNDS)],
    )
    bundle.write(folder, whole)
    assert (folder / "cohort.bin").stat().st_mtime_ns == before
    assert content(folder) == content(made.bundle)


def test_what_a_killed_run_left_behind_is_cleared_by_the_next(tmp_path: Path) -> None:
    cohort = Cohort.of(people(60))
    whole = bundle.Bundle(terms(cohort).encode(), cohort.data)
    bundle.write(tmp_path / "once", whole)
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / ".cohort.bin.unfinished").write_bytes(b"half a li")
    (tmp_path / "again" / "manifest.json").write_bytes(b"{")
    bundle.write(tmp_path / "again", whole)
    assert content(tmp_path / "again") == content(tmp_path / "once")


def test_a_list_that_is_not_the_manifests_is_not_published(tmp_path: Path) -> None:
    cohort, other = Cohort.of(people(60)), Cohort.of(people(61))
    with pytest.raises(MusterRollError, match=r"\[cohort.manifest\]"):
        bundle.write(tmp_path, bundle.Bundle(terms(cohort).encode(), other.data))
    assert not list(tmp_path.iterdir())


def test_a_published_verifier_stays_the_one_that_the_manifest_names(tmp_path: Path) -> None:
    cohort = Cohort.of(people(60))
    old = b"print('the verifier of that day')\n"
    software = bundle.canonical.sha256_hex(old)
    stated = terms(cohort, software=software)
    (tmp_path / "verify.py").write_bytes(old)
    bundle.write(tmp_path, bundle.Bundle(stated.encode(), cohort.data))
    assert (tmp_path / "verify.py").read_bytes() == old
    bundle.write(tmp_path, bundle.Bundle(replace(stated, software=None).encode(), cohort.data))
    assert (tmp_path / "verify.py").read_bytes() == bundle.VERIFIER.read_bytes()
