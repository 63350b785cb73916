"""The outsider's verifier knows every public kind of entry that the register writes, and no other."""

from musterroll.entry.kind import Kind
from musterroll.verify import muster_verify


def test_the_verifier_knows_every_public_kind():
    assert set(muster_verify.KINDS) == {kind.value for kind in Kind if not kind.opaque}
