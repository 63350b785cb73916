"""Attack 10: the draw is held again until it pleases."""

from dataclasses import replace

import pytest
from tests.bundles.forged import REDRAWN, WHOLE, Forged

from musterroll.draw import potcheck, transcript
from musterroll.entry.kind import Kind


class Again(Forged):
    """A second attempt, for no reason that anybody can compute."""

    def attempts(self, at):
        terms = super().attempts(at)
        self.files["before/manifest.json"] = terms.encode()
        because = transcript.Because("potcheck", "44" * 32)
        again = replace(terms, attempt=2, supersedes=terms.digest, because=because)
        for name in ("potcheck.json", "count.json", "count.sig"):
            self.files[f"before/{name}"] = self.files[name]
        self.publish(Kind.DRAW_MANIFEST, again, at + 120, "")
        return again


def test_a_redraw_without_a_failed_pot_check_is_refused(forge, look) -> None:
    assert look(forge(WHOLE, Again)).refused("potcheck.json is another file than the one named")


class OwnCount(Forged):
    """The register counts for itself, and signs in the office's place."""

    def put_count(self, folder, check, count) -> None:
        super().put_count(folder, check, count)
        if folder:
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

            own = Ed25519PrivateKey.from_private_bytes(b"r" * 32)
            self.files[f"{folder}count.sig"] = own.sign(potcheck.signed_message(count)).hex().encode()


def test_the_register_cannot_make_the_count_that_voids_a_draw(forge, look) -> None:
    assert look(forge(REDRAWN, OwnCount)).refused("the office named beforehand did not sign the count")


class Kept(Forged):
    """The office once found the list wrong; the register kept that count in store until it had seen an order."""

    def failed(self, folder, stratum, at, manifest):
        return super().failed(folder, stratum, at, "55" * 32)


def test_a_count_from_before_the_manifest_voids_nothing(forge, look) -> None:
    said = look(forge(REDRAWN, Kept))
    assert said.refused("the count was not made after the manifest whose list it voids")


class Unlogged(Forged):
    """The count that voids the first list was not in the log between the two manifests."""

    def attempts(self, at):
        terms = super().attempts(at)
        self.log.entries = [entry for entry in self.log.entries if b'"verdict":"locks"' not in entry]
        index = len(self.log.entries) - 1
        self.files["manifest.tlog-proof"] = self.log.prove(index, self.seen)
        return terms


def test_the_failed_count_was_public_before_the_second_manifest(forge, look) -> None:
    assert look(forge(REDRAWN, Unlogged)).refused("the failed pot check between the two manifests")


def test_nobody_draws_twice_on_one_ground(forge) -> None:
    manifest = forge(REDRAWN).manifest
    from musterroll.draw import attempt
    from musterroll.errors import MusterRollError

    third = replace(manifest, attempt=3, supersedes=manifest.digest)
    with pytest.raises(MusterRollError, match="once for each ground"):
        attempt.check_follows(third, manifest.encode())
