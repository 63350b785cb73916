"""S2 and X5: what no article asks for cannot be read, and a source of another kind cannot come into force."""

import subprocess

import pytest
from tests.conftest import MUSTER, ROOT
from tests.registerhome import LAWYER, PACK, PACK_AT, SOURCES, SUPERVISOR

from musterroll.errors import MusterRollError

CIVIL = SOURCES["civil"]


def published(sources):
    from musterroll.register.acts import pack
    from musterroll.register.acts.approve import two_people
    from musterroll.register.models import Approved

    approval = two_people(
        act=Approved.PUBLISH_PACK,
        subject=PACK.name,
        digest=pack.publication_digest(PACK, sources),
        first=LAWYER,
        second=SUPERVISOR,
        at=PACK_AT,
    )
    return pack.publish_pack(pack=PACK, sources=sources, approval=approval, by=LAWYER, at=PACK_AT)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("kind: civil register", "kind: police", "source.kind"),
        ("purpose: administration", "purpose: statistics", "source.purpose"),
        ("attribute: enrolled", "attribute: religion", "source.attribute-uncited"),
    ],
)
def test_two_people_cannot_put_into_force_what_the_charter_leaves_out(empty, old, new, code):
    from musterroll.register.models import Pack

    with pytest.raises(MusterRollError) as refusal:
        published({**SOURCES, "civil": CIVIL.replace(old, new)})
    assert refusal.value.code == code
    assert not Pack.objects.exists()


def test_the_lawful_sources_come_into_force(empty):
    assert published(SOURCES) == PACK.digest


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: civil register", "kind: telecom", "`telecom` is not a kind of source that may send."),
        ("attribute: enrolled", "attribute: wealth", "No article of the pack asks for `wealth`"),
        ("cut:", "cut:", ""),
    ],
)
def test_the_command_says_the_same_to_whoever_writes_a_declaration(tmp_path, old, new, told):
    path = tmp_path / "civil.yaml"
    path.write_text(CIVIL.replace(old, new), encoding="utf-8")
    command = [MUSTER, "source", "check", path, "--pack", ROOT / "packs" / "example"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == (1 if told else 0)
    assert told in done.stderr
    assert "Traceback" not in done.stderr
