"""Corners of the law that no chapter needs to tell."""

import pytest
from tests.lawtext import BASE, CALENDAR, HEAD, RULES, day, held, rule, small

from musterroll.dates import NEVER
from musterroll.errors import MusterRollError
from musterroll.law import lint
from musterroll.law import pack as packs
from musterroll.law.evaluate import decide, in_scope
from musterroll.law.model import Article, Period, lines_of
from musterroll.law.rules import Definitions
from musterroll.law.truth import Truth
from musterroll.law.written import written

ARTICLE = Article("sec. 1", "Words", ("(a) one", "still one", "(1) two", "(b)(2) three", "1-108. four", "1-109. five"))


@pytest.mark.parametrize(
    ("paragraph", "line", "words"),
    [
        ("(a)", 0, "(a) one still one"),
        ("(a)(1)", 2, "(1) two"),
        ("(b)(2)", 3, "(b)(2) three"),
        ("1-108", 4, "1-108. four"),
        ("1-109", 5, "1-109. five"),
        ("(a)(9)", None, " ".join(ARTICLE.text)),
        ("(a", 0, "(a) one still one"),
        ("later", None, " ".join(ARTICLE.text)),
        ("", 0, " ".join(ARTICLE.text)),
    ],
)
def test_a_paragraph_is_found_by_its_marks_and_quoted_to_the_next(paragraph: str, line: int | None, words: str) -> None:
    assert ARTICLE.place_of(paragraph) == line
    assert ARTICLE.quoted(paragraph) == words


def test_an_article_may_be_taken_up_again_without_quoting_it_twice() -> None:
    pack = small("\n# art. 1: The law, continued\n" + RULES + "\n# art. 2: Empty\n\n# art. 2: Filled\n\n> (1) text\n")
    assert pack.articles["art. 1"].title == "The law"
    assert pack.articles["art. 2"].text == ("(1) text",)


def test_a_class_that_does_not_exist_has_no_place() -> None:
    with pytest.raises(KeyError):
        small().questions["duty"].index("ruined")


def test_a_period_ends_after_it_begins() -> None:
    with pytest.raises(ValueError, match="ends after it begins"):
        Period(5, 5, {}, None)


def test_definitions_are_those_in_force() -> None:
    pack = small(RULES)
    reader = Definitions(None, {}, day("2020-01-01"))  # type: ignore[arg-type]
    assert (len(reader), list(reader)) == (0, [])
    assert (pack.rosters, pack.version, pack.title) == ({}, "1", "A small law")


def test_a_roster_is_declared_for_derivations() -> None:
    pack = packs.from_text(
        {
            "p": BASE
            + RULES
            + """
```roster family
number: 3
columns: [role, born]
roles: [child]
basis: (1)
```

```derive born
gives: date
from: family where role = child
take: latest born
fewer: none
basis: (1)
```
"""
        }
    )
    assert pack.rosters["family"].columns == ("role", "born")
    assert [one.name for one in pack.derivations] == ["born"]


def test_scope_says_whom_the_law_registers() -> None:
    pack = small(RULES + "\n```scope\nregisters:\n  - (1): district != south\n```\n")
    on = day("2020-01-01")
    assert in_scope(pack, held(pack, district="north"), on) is Truth.TRUE
    assert in_scope(pack, held(pack, district="south"), on) is Truth.FALSE
    assert in_scope(pack, {}, on) is Truth.UNKNOWN
    assert in_scope(small(), {}, on) is Truth.TRUE


def test_findings_that_do_not_forbid_do_not_refuse() -> None:
    line = "on in [granted_on, granted_on + days(365)) and district == south and months_served > 3"
    text = BASE.replace("> (1) first", "> (1) for one year") + RULES + rule(line, name="read", gives="exempt")
    lines = "".join(f"{key}: sentence\n" for key in lint.keys(packs.from_text({"p": text})))
    worded = packs.from_text({"p": f"{text}\n```words en\n{lines}```\n"})
    assert [one.code for one in lint.check(worded)] == ["days-for-years"]
    lint.refuse(worded)


def test_a_pack_without_a_question_or_rules_holds_nothing() -> None:
    pack = packs.from_text({"p": HEAD + CALENDAR})
    assert (pack.questions, pack.attributes) == ({}, {})


def test_a_question_without_rules_gives_its_residual_class() -> None:
    pack = packs.from_text({"p": BASE})
    standing = decide(pack, "duty", {}, day("2020-01-01"))
    assert (standing.cls, standing.next_change) == ("free", day("2100-01-01"))


def test_a_rule_that_belongs_to_another_question_names_it() -> None:
    other = BASE[BASE.index("```question duty") :].replace(
        "```question duty\nnumber: 9", "```question other\nnumber: 8"
    )
    pack = packs.from_text({"p": BASE + other + RULES + rule("not serving", name="o", more="question: other\n")})
    facts = held(pack, serving="no", born="2010-01-01")
    assert decide(pack, "other", facts, day("2020-01-01")).cls == "bound"
    assert decide(pack, "duty", facts, day("2020-01-01")).cls == "free"


def test_a_date_literal_with_days_added_is_the_date_meant() -> None:
    pack = small(rule("born < 2000-01-01 + days(31)"))
    assert decide(pack, "duty", held(pack, born="2000-01-31"), day("2020-01-01")).cls == "bound"
    assert decide(pack, "duty", held(pack, born="2000-02-01"), day("2020-01-01")).cls == "free"


def test_never_plus_days_is_refused_as_a_fixed_date() -> None:
    with pytest.raises(MusterRollError, match="fixed date"):
        small(rule("born < never + days(3)"))


def test_a_change_that_never_comes_is_never() -> None:
    endless = packs.from_text({"p": (BASE + RULES).replace(".. 2100-01-01", "..")})
    assert decide(endless, "duty", held(endless, serving="yes"), day("2020-01-01")).next_change == NEVER


@pytest.mark.parametrize("text", ["that_year(born + years(21), 7, 1) + days(14) <= on", "that_year(born, 9, 15) > on"])
def test_a_fixed_day_of_a_year_is_written_back_as_it_was(text: str) -> None:
    pack = small(rule(text))
    line = lines_of(pack.law.periods[0].rules["duty"][0].when)[0]  # type: ignore[union-attr]
    assert written(line.part, pack.attributes) == text


def test_pages_that_were_read_are_a_pack_elsewhere() -> None:
    pack = small()
    assert packs.of_pages(pack.pages) == pack
