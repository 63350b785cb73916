"""Whatever byte of a published folder is changed, the verifier refuses it or says what is no longer shown.

`python -m tests.hostile.changed_bytes --changes 10000` changes as many as one likes.
"""

from pathlib import Path

from tests.hostile import changed_bytes


def test_no_single_changed_byte_of_a_whole_folder_is_accepted(tmp_path: Path) -> None:
    found, wrong = changed_bytes.run(400, 7, tmp_path)
    assert not wrong, wrong[0]
    assert found.total() == 400
    assert found["refused"] > 350


def test_a_reader_that_looks_away_is_found_out(tmp_path: Path, monkeypatch) -> None:
    """The run is worth something only if it notices a verifier that does not compare the order."""
    monkeypatch.setattr(changed_bytes, "FOLDERS", (188,))
    for step in ("check_order", "check_fairness", "check_sums"):
        monkeypatch.setattr(changed_bytes.muster_verify, step, lambda *_: None)
    _, wrong = changed_bytes.run(200, 7, tmp_path)
    assert any("order.bin" in change or "result.json" in change for change in wrong)
