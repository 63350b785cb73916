"""S2: no attribute without an article, and only of closed kinds; a protected fact never makes it worse."""

import random
from pathlib import Path

import pytest
from tests.lawtext import BASE, RULES, anybody, day, rule

from musterroll.errors import MusterRollError
from musterroll.fact.attribute import PROTECTED_KINDS, Held, Kind, State
from musterroll.law import lint, prove
from musterroll.law import pack as packs
from musterroll.law.declare import value_of
from musterroll.law.evaluate import decide
from musterroll.law.pack import Pack

PACKS = {name: packs.load(Path(__file__).parents[2] / "packs" / name) for name in ("example", "us", "ee", "lv")}
ASKED = [("example", "service", "2021-02-28"), ("us", "registration", "2026-03-01"), ("us", "window", "2026-11-20")]
BURDENS: dict[str, set[str]] = {
    "example": set(),
    "us": {"32 CFR 1630.13 (e)", "32 CFR 1630.40 (a)", "32 CFR 1633.6"},
    "ee": {"KVTS 44 (4)"},
    "lv": {"VADL 2 (2)"},
}
"""The articles that let a protected fact weigh against somebody, published with the pack (charter S2)."""
WRONG_KINDS = (
    *("income", "property", "conviction", "religion", "politics", "diagnosis", "reliability", "score", "message"),
    *("movement", "device", "face", "contact", "non-response", "sign-in", "appearance", "wanted", "travel", ""),
)


def refusal(text: str) -> MusterRollError:
    with pytest.raises(MusterRollError) as problem:
        packs.from_text({"p.md": text})
    return problem.value


@pytest.mark.parametrize("kind", WRONG_KINDS)
def test_an_attribute_of_no_closed_kind_does_not_load(kind: str) -> None:
    problem = refusal((BASE + RULES).replace("kind: residence area", f"kind: {kind}"))
    assert problem.code in ("law.attribute-kind", "law.block")


def test_the_kinds_are_these_twelve_and_no_others() -> None:
    assert {kind.value for kind in Kind} == {
        "birth",
        "legal sex",
        "citizenship",
        "residence area",
        "registration",
        "service",
        "education",
        "care duty",
        "office held",
        "finding",
        "own declaration",
        "own earlier order",
    }
    assert {kind.value for kind in PROTECTED_KINDS} == {"service", "education", "care duty", "office held", "finding"}


@pytest.mark.parametrize("basis", ["", "basis: ''\n", "basis: (9)\n", "basis: art. 99\n", "basis: everybody knows\n"])
def test_an_attribute_without_a_quoted_article_does_not_load(basis: str) -> None:
    problem = refusal((BASE + RULES).replace("basis: (1)\nlabel: district", f"{basis}label: district"))
    assert problem.code in ("law.uncited", "law.block")


def test_a_rule_that_cites_nothing_does_not_load() -> None:
    assert refusal(BASE + RULES.replace("  - (2): serving", "  - serving")).code == "law.uncited"


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_every_attribute_names_its_article_its_proof_and_who_can_answer(pack: Pack) -> None:
    for attribute in pack.attributes.values():
        assert attribute.basis
        assert attribute.proof
        assert attribute.unknown
        assert attribute.answers
        assert bool(attribute.neutral) or attribute.kind not in PROTECTED_KINDS


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_no_shipped_pack_lets_a_protected_fact_weigh_against_anybody_but_by_a_published_entry(pack: Pack) -> None:
    """Proved for everybody and every day; each exception names its article, and none is idle."""
    codes = [one.code for one in prove.check(pack).findings]
    assert not {"burden", "unused-burden", "not-proved"}.intersection(codes)
    assert [one for one in lint.check(pack) if one.forbids] == []
    assert all(one.basis and one.allows and name in pack.attributes for name, one in pack.burdens.items())
    assert {one.basis for one in pack.burdens.values()} == BURDENS[pack.name]


@pytest.mark.parametrize(("name", "question", "on"), ASKED)
def test_giving_a_person_the_neutral_value_never_makes_it_better(name: str, question: str, on: str) -> None:
    """The same promise, tried on made-up people instead of enumerated."""
    pack, chance = PACKS[name], random.Random(name)
    protected = [one for one in pack.attributes.values() if one.kind in PROTECTED_KINDS]
    weight = {one.name: (one.effect.burden, one.callable) for one in pack.questions[question].classes}
    for _ in range(200):
        person = anybody(pack, chance, hidden=0, vague=0)
        standing = decide(pack, question, person, day(on))
        if standing.cls is None:
            continue
        for attribute in protected:
            neutral = value_of(attribute, attribute.neutral, attribute.name)
            plain = decide(pack, question, {**person, attribute.name: Held(neutral, neutral, State.SINGLE)}, day(on))
            assert plain.cls is None or weight[standing.cls] <= weight[plain.cls]


def test_a_law_that_calls_students_first_is_refused_with_a_person_as_example() -> None:
    pages = {
        page.name: page.read_text("utf-8") for page in (Path(__file__).parents[2] / "packs" / "example").glob("*.md")
    }
    pages = {name: pages[name] for name in ("pack.md", "liability.md", "selection.md", "words.md")}
    pages["liability.md"] = (
        pages["liability.md"]
        .replace("  - (1): enrolled\n", "  - (1): enrolled\n  - (1): serving\n")
        .replace("```rule serving\ngives: class exempt", "```rule serving\ngives: class ended\nyields to: liable")
    )
    with pytest.raises(MusterRollError, match="`serving` is a service fact; `yes` gives `liable`") as refused:
        prove.refuse(packs.from_text(pages))
    assert refused.value.code == "law.burden"


def test_an_attribute_that_no_rule_needs_may_not_be_held() -> None:
    pack = packs.from_text({"p": BASE + rule("age(born) >= 18")})
    assert {one.what.split("`")[1] for one in lint.check(pack) if one.code == "unused-attribute"} == {
        "serving",
        "district",
        "months_served",
        "granted_on",
    }
