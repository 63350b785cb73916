"""The program names no country, no office of a law and no class of a law: all of that is pack data.

Every name that some pack gives, in `packs/`, among the tests' invented countries and in the authors' guide, is looked
for in every module as a whole piece of text; offices and boards as identifiers too. Words of one part (`born`,
`filed`) are words of the program too and are not looked for, save offices; what else is the same is listed here with
its reason.
"""

import ast
import re
from collections.abc import Iterator

import pytest
from tests import guidelaw
from tests.conftest import ROOT

from musterroll.law.pack import Pack, load

SOURCE = ROOT / "src" / "musterroll"
OWN = {
    "report_on": "the day that an order of call names; `issued` tells it (docs/flow/claim.md)",
    "ordered_on": "a place in a letter: the day of the order of call",
    "worsening_notice": "the number of days that a pack may set for a worsening (charter S9; docs/flow/pack.md)",
    "registry": "the name under which a pack's `answers` leave a finding to the register itself",
    "court": "a ground for erasing somebody is a court's order (charter S13)",
    "agency": "a member of a source's declaration",
}
"""Names of packs that are also the program's, and why."""

COUNTRIES = {
    "us": "United States|Selective Service",
    "ee": "Estonia|Eesti",
    "lv": "Latvia|Latvija",
    "example": "Republic",
    "halm": "Halm|Dyke",
    "mueang": "Mueang",
    "dalmere": "Dalmere",
    "nisos": "Nisos",
    "sever": "Sever",
}


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> list[Pack]:
    halm = guidelaw.written(tmp_path_factory.mktemp("guide"))
    pages = sorted([*ROOT.glob("packs/*/pack.md"), *ROOT.glob("tests/newcountry/*/pack.md")])
    return [load(page.parent) for page in pages] + [load(halm)]


def names(pack: Pack) -> Iterator[str]:
    """The names that only this law has a reason to give."""
    several = [*pack.questions, *pack.attributes, *pack.parameters, *pack.proceedings]
    several += [one.name for asked in pack.questions.values() for one in asked.classes]
    several += [value for one in pack.attributes.values() for value in one.values]
    for one in pack.proceedings.values():
        several += [*one.states, *one.events, *one.limits, *one.waits, *one.facts]
        yield from one.roles
    yield from (name for name in several if re.search(r"[_0-9-]", name))


def offices(pack: Pack) -> set[str]:
    """Who may act under this law."""
    return {role for one in pack.proceedings.values() for role in one.roles}


def said(tree: ast.Module) -> Iterator[tuple[str, int, bool]]:
    """Every text of a module that is no docstring, and every identifier (the last is true), with its line."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None
        if isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in docs:
                yield text, node.lineno, False
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield name, node.lineno, True


@pytest.fixture(scope="module")
def program() -> list[tuple[str, str, bool]]:
    """What the program says, where, and whether it is an identifier.

    The demonstration is about the example's republic, and is left out.
    """
    found = []
    for file in sorted(SOURCE.rglob("*.py")):
        place = file.relative_to(SOURCE)
        if place.parts[0] != "demo" and "node_modules" not in place.parts:
            tree = ast.parse(file.read_text("utf-8"))
            found += [(text, f"{place}:{line}", called) for text, line, called in said(tree)]
    return found


def test_no_name_of_a_law_stands_in_the_program(packs: list[Pack], program: list[tuple[str, str, bool]]) -> None:
    given = {name: pack.name for pack in packs for name in names(pack)}
    assert len(given) > 300
    acting = {name for pack in packs for name in offices(pack)}
    found = {
        text: f"{where} ({given[text]})"
        for text, where, called in program
        if text in (acting if called else given) and text not in OWN
    }
    assert found == {}


def test_no_country_is_named_in_the_program(packs: list[Pack], program: list[tuple[str, str, bool]]) -> None:
    assert {pack.name for pack in packs} <= set(COUNTRIES), "say here how the new law's country is called"
    known = re.compile(rf"\b({'|'.join(text for name, text in COUNTRIES.items() if name != 'example')})\b")
    assert [(text[:80], where) for text, where, _ in program if known.search(text)] == []


def test_what_is_excepted_is_there_and_needed(packs: list[Pack], program: list[tuple[str, str, bool]]) -> None:
    given = {name for pack in packs for name in names(pack)}
    there = {text for text, _, _ in program}
    assert [name for name in OWN if name not in there or name not in given] == []


def test_a_name_would_be_found() -> None:
    """The search sees texts, identifiers and keyword arguments, and passes over docstrings."""
    tree = ast.parse('"""harbour_office"""\nx = "dyke_court"\ny.dyke_court(dyke_court=1)\ndyke_court = 2\n')
    assert [text for text, _, _ in said(tree) if text in ("dyke_court", "harbour_office")] == ["dyke_court"] * 4
