"""Attack 9: several manifests are prepared, and the one is honoured whose order pleases."""

from tests.bundles.files import DRAW, FIRST, LEAD, time_of
from tests.bundles.forged import LISTED, Forged

from musterroll.entry.kind import Kind


class Several(Forged):
    """Before the round a second manifest for the same draw is logged, as sound as the first."""

    def attempts(self, at):
        terms = super().attempts(at)
        said = {"attempt": 1, "draw": DRAW, "sha256": "33" * 32, "supersedes": None}
        self.log.add(Kind.DRAW_MANIFEST, said, time_of(FIRST) - LEAD)
        return terms


def test_a_second_manifest_for_the_draw_is_found_in_the_log(forge, look) -> None:
    assert look(forge(LISTED, Several)).refused("the ledger holds another manifest for this draw")


def test_a_bundle_that_hides_its_ledger_cannot_show_that_there_was_one_only(forge, look) -> None:
    forged = forge(LISTED, Several)
    alone = forged.home / "alone"
    forged.bundle.rename(alone)
    said = look(forged, folder=alone)
    assert said.code == 3
    assert "NOT SHOWN    that no other manifest was logged for this draw" in said.text
