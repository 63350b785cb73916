"""What is told of lawful declarations: a paragraph that is not there, a home without a founder."""

from dataclasses import replace

import pytest
from tests.conftest import ROOT

from musterroll.cli.source_check import FOUNDERLESS, UNQUOTED, founderless, looks, twice
from musterroll.extract.declaration import load_source
from musterroll.law import pack

EXAMPLE = ROOT / "packs" / "example"
CIVIL = load_source(EXAMPLE / "sources" / "civil.yaml")
LAW = pack.load(EXAMPLE)


@pytest.mark.parametrize(
    ("basis", "told"),
    [
        ("art. 1 (1)", False),
        ("art. 1", False),
        ("art. 1 (55)", True),
        ("art. 1 (1) 9)", True),
        ("art. 77 (1)", False),  # an article that the pack does not quote
        ("art. 1 (1) and (55)", False),  # more than one: nobody takes it apart
        ("Registration Act 5 (2)", False),  # another law
    ],
)
def test_a_legal_basis_that_the_pack_does_not_quote_is_told(basis: str, told: bool) -> None:
    found = list(looks(EXAMPLE / "sources" / "civil.yaml", replace(CIVIL, legal_basis=basis), LAW))
    assert (UNQUOTED.format(file="civil.yaml", basis=basis) in found) is told


def test_without_a_pack_no_paragraph_is_looked_for() -> None:
    assert not list(looks(EXAMPLE / "sources" / "civil.yaml", replace(CIVIL, legal_basis="art. 1 (55)"), None))


def test_sources_of_which_none_says_who_exists_are_told() -> None:
    assert list(founderless([replace(CIVIL, founds=False)])) == [FOUNDERLESS]
    assert list(founderless([replace(CIVIL, founds=False), CIVIL])) == []


def test_two_declarations_of_one_name_are_told_by_the_second() -> None:
    before: dict[str, str] = {}
    first, other = EXAMPLE / "sources" / "civil.yaml", EXAMPLE / "sources" / "other.yaml"
    assert list(twice(first, CIVIL, before)) == []
    assert list(twice(first, CIVIL, before)) == []  # the same file, named twice
    [told] = twice(other, CIVIL, before)
    assert (told.code, told.where) == ("source.twice", "other.yaml")
    assert "called civil: this one and civil.yaml" in told.what
    assert list(twice(other, replace(CIVIL, name="another"), before)) == []
