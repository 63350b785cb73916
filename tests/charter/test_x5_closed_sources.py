"""X5: the list of sources is closed, in code, in every shipped declaration, and for whoever would add to it."""

from pathlib import Path

import pytest

from musterroll.errors import MusterRollError
from musterroll.extract.declaration import load_source
from musterroll.extract.schema import SourceKind

PACKS = Path(__file__).resolve().parents[2] / "packs"
DECLARATIONS = sorted(PACKS.glob("*/sources/*.yaml"))

CHARTER = {
    "civil register",
    "dwelling register",
    "education",
    "health body's findings",
    "armed forces",
    "family benefit",
    "tax office, dependants only",
    "courts' findings",
    "list of office-holders",
    "the register itself",
}


def test_the_kinds_of_sources_are_those_of_the_charter_and_no_others():
    assert {kind.value for kind in SourceKind} == CHARTER


@pytest.mark.parametrize(
    "kind",
    ["police", "border", "telecom", "bank", "employer", "electoral", "statistical", "movements", "phones", "cameras"],
)
def test_no_declaration_of_another_kind_can_be_read(kind):
    text = DECLARATIONS[0].read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("kind:"))
    with pytest.raises(MusterRollError) as refusal:
        load_source(text.replace(line, f"kind: {kind}"))
    assert refusal.value.code == "source.kind"


def test_an_enumeration_with_members_cannot_be_extended():
    with pytest.raises(TypeError, match="cannot extend"):

        class Wider(SourceKind):
            POLICE = "police"


@pytest.mark.parametrize("path", DECLARATIONS, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_every_shipped_source_names_its_article_and_its_purpose(path):
    source = load_source(path)
    assert source.kind in SourceKind
    assert source.purpose == "administration"
    assert source.legal_basis


@pytest.mark.parametrize("path", DECLARATIONS, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_no_shipped_source_reads_what_the_charter_leaves_out(path):
    names = " ".join(load_source(path).columns).casefold()
    for word in ("race", "ethnic", "religio", "party", "wage", "income", "employer", "convict", "diagnos", "phone"):
        assert word not in names
