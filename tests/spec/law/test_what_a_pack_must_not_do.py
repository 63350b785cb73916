"""Chapter: what a pack must not do (charter S1, S2), and how its cases speak.

What loads may still not be published: this is what is found without a solver; the proofs are the next chapter.
"""

import pytest
from tests.lawtext import ATTRIBUTES, BASE, CALENDAR, HEAD, QUESTION, RULES, rule, small

from musterroll.errors import MusterRollError
from musterroll.law import cases, lint
from musterroll.law import pack as packs
from musterroll.law.pack import Pack

ALL_READ = rule("district == south and months_served > 3 and granted_on <= on", name="read", gives="exempt")


def worded(text: str) -> Pack:
    """The pack with every sentence it needs."""
    pack = packs.from_text({"p.md": text})
    lines = "".join(f"{key}: sentence\n" for key in lint.keys(pack))
    return packs.from_text({"p.md": f"{text}\n```words en\n{lines}```\n"})


def found(text: str) -> dict[str, lint.Finding]:
    return {one.code: one for one in lint.check(worded(text))}


def test_a_pack_in_order_has_no_findings() -> None:
    pack = worded(BASE + RULES + ALL_READ)
    assert lint.check(pack) == ()
    lint.refuse(pack)


@pytest.mark.parametrize("condition", ["on >= 2000-01-01", "on >= 2024-03-01", "serving or on >= 2010-01-01"])
def test_nobody_is_bound_when_nothing_is_known_of_him(condition: str) -> None:
    bad = worded(HEAD + CALENDAR + ATTRIBUTES + QUESTION + rule(condition) + rule("serving and born <= on", name="x"))
    codes = {one.code for one in lint.check(bad)}
    assert "liable-by-unknown" in codes
    with pytest.raises(MusterRollError) as refused:
        lint.refuse(bad)
    assert refused.value.code == "law.liable-by-unknown"


def test_an_attribute_that_no_rule_reads_is_not_held() -> None:
    finding = found(BASE + RULES)["unused-attribute"]
    assert finding.forbids
    assert "would be held although no rule reads it" in finding.what


def test_scope_and_strata_read_their_attributes_too() -> None:
    more = """
```scope
registers:
  - (1): granted_on <= on
```

```parameter intake
unit: number
basis: (1)
values: {2000-01-01: 10}
```

```selection draw
- (1): {cohort: duty is bound}
- (1): {strata: year of born and first level of district}
- law silent: {total: parameter intake}
- (1): {share: stratum size}
- (1): {rounding: largest remainder}
- (1): {least: 1}
- (1): {merge under: 20}
- (1): {order: place}
```
"""
    text = BASE + RULES + more
    assert "`months_served`" in found(text)["unused-attribute"].what


def test_days_where_the_text_says_years_are_told() -> None:
    text = BASE.replace("> (3) third", "> (3) for one year") + RULES
    line = ALL_READ.replace("granted_on <= on", "on in [granted_on, granted_on + days(365))").replace("(1):", "(3):")
    finding = found(text + line)["days-for-years"]
    assert (finding.forbids, finding.where) == (False, "art. 1 (3)")


def test_every_language_has_every_sentence() -> None:
    pack = packs.from_text({"p": BASE + RULES + ALL_READ + "\n```words et\nrule.bound: Oled kohustatud.\n```\n"})
    (finding,) = lint.check(pack)
    assert (finding.code, finding.where) == ("words", "words et")
    (finding,) = lint.check(small(RULES + ALL_READ))
    assert finding.code == "no-words"


def test_a_calendar_that_leaves_a_day_open_is_looked_at_on_that_day_too() -> None:
    text = BASE.replace("leap_day: {is: 1 March", "leap_day: {is: either") + RULES + ALL_READ
    assert found(text) == {}


CASES = """
```person a man
given: {born: 2000-05-05, serving: no, district: north}
```

```case he is bound
given: {like: a man}
on 2020-01-01: bound, because art. 1 (1), next 2100-01-01
on 2010-01-01: not bound
on 2100-01-01: not covered
```

```case service not known
note: a remark
question: duty
given: {like: a man, serving: unknown}
on 2020-01-01: undetermined, needs serving, possible exempt bound
```

```case nothing known
given: {}
on 2020-01-01: undetermined, needs serving, and more
```
"""


def test_cases_run_as_they_are_written() -> None:
    outcomes = cases.run(small(RULES + CASES))
    assert [one.agrees for one in outcomes] == [True] * 5
    assert [(one.case, one.article, one.found) for one in outcomes][3:] == [
        ("service not known", "art. 1", "undetermined, needs serving"),
        ("nothing known", "art. 1", "undetermined, needs born, serving"),
    ]


@pytest.mark.parametrize(
    ("line", "differs"),
    [
        ("on 2020-01-01: exempt", "expected exempt, found bound"),
        ("on 2020-01-01: not bound", "expected not bound, found bound"),
        ("on 2020-01-01: undetermined", "expected undetermined, found bound"),
        ("on 2020-01-01: not covered", "expected not covered, found bound"),
        ("on 2020-01-01: bound, because art. 1 (2)", "art. 1 (2) is no reason"),
        ("on 2020-01-01: bound, needs serving", "serving is not needed"),
        ("on 2020-01-01: bound, possible free", "possible are bound"),
        ("on 2020-01-01: bound, next 2021-01-01", "the next change is 2100-01-01"),
        (
            "on 2200-01-01: bound",
            "The pack small does not hold the law in force on 2200-01-01: "
            "it covers 2000-01-01 to the day before 2100-01-01.",
        ),
    ],
)
def test_a_case_that_the_law_answers_otherwise_says_what_differs(line: str, differs: str) -> None:
    text = f"\n```case x\ngiven: {{born: 2000-05-05, serving: no}}\n{line}\n```\n"
    (outcome,) = cases.run(small(RULES + text))
    assert outcome.differs == differs


def test_what_is_needed_besides_is_told() -> None:
    (outcome,) = cases.run(small(RULES + "\n```case x\ngiven: {}\non 2020-01-01: undetermined, needs born\n```\n"))
    assert outcome.differs == "serving is needed too"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("given: {like: nobody}\non 2020-01-01: bound", "there is no person `nobody`"),
        ("given: {wealth: 5}\non 2020-01-01: bound", "`wealth` is not an attribute"),
        ("given: {born: yesterday}\non 2020-01-01: bound", "written YYYY-MM-DD"),
        ("given: {born: 2001-01-01 .. 2000-01-01}\non 2020-01-01: bound", "`born` runs backwards"),
        ("given: {}\nquestion: other\non 2020-01-01: bound", "there is no question `other`"),
        ("given: {}\nhint: x\non 2020-01-01: bound", "`hint` is not known here"),
        ("given: {}", "it expects nothing"),
        ("given: {}\non 2020-01-01: ruined", "`ruined` is no class"),
        ("given: {}\non 2020-01-01: bound, surely", "`surely` is not understood"),
        ("given: {}\non 2020-01-01: bound, needs wealth", "`wealth` is not an attribute"),
        ("- a", "it expects nothing"),
    ],
)
def test_a_case_that_cannot_be_read_is_refused(text: str, says: str) -> None:
    with pytest.raises(MusterRollError, match=says):
        cases.run(small(RULES + f"\n```case x\n{text}\n```\n"))


@pytest.mark.parametrize(
    ("line", "strata", "unmerged"),
    [
        ("year of born", (("birth-year", "born"),), ""),
        ("first level of district and year of born", (("territory-1", "district"), ("birth-year", "born")), ""),
        ("second level of district", (("territory-2", "district"),), ""),
        ("district", (("territory-1", "district"),), "art. 1 (3)"),
        ("everybody together", (), ""),
    ],
)
def test_strata_are_made_by_what_the_charter_allows_in_the_order_written(line, strata, unmerged) -> None:
    merge = "- (3): {merge under: never}" if unmerged else "- (1): {merge under: 20}"
    text = f"""
```parameter intake
unit: number
basis: (1)
values: {{2000-01-01: 10}}
```

```selection draw
- (1): {{cohort: duty is bound}}
- (1): {{strata: {line}}}
- (1): {{total: parameter intake}}
- (1): {{share: stratum size}}
- (1): {{rounding: largest remainder}}
- (1): {{least: 1}}
{merge}
- (1): {{order: number of born}}
```
"""
    selection = small(RULES + text).selection
    assert selection is not None
    assert (selection.strata, selection.unmerged_by, selection.order) == (strata, unmerged, "number of born")


def test_a_selection_reads_only_what_the_charter_allows() -> None:
    text = """
```parameter intake
unit: number
basis: (1)
values: {2000-01-01: 10}
```

```selection draw
- (1): {cohort: duty is bound}
- (1): {strata: year of born}
- law silent: {total: parameter intake}
- (1): {share: stratum size}
- (1): {rounding: largest remainder}
- (1): {least: 1}
- (1): {merge under: 20}
- (1): {order: place}
```

```procedure call
- (2): {report: order + days(45)}
```
"""
    pack = small(RULES + text)
    assert pack.selection is not None
    assert (pack.selection.classes, pack.selection.total.names, pack.selection.least) == (("bound",), ("intake",), 1)
    assert (pack.selection.strata, pack.selection.birth) == ((("birth-year", "born"),), "born")
    assert [one.name for one in pack.selection.terms if one.silent] == ["total"]
    assert pack.procedures["call"].term("report").cite == "art. 1 (2)"
    with pytest.raises(KeyError):
        pack.procedures["call"].term("fee")
    for old, new, says in (
        ("duty is bound", "duty is exempt", "not made of callable classes"),
        ("duty is bound", "everybody", "not made of callable classes"),
        ("year of born", "serving", "strata may not be made by `serving`"),
        ("year of born", "year of granted_on", "strata may not be made by `year of granted_on`"),
        ("year of born", "born", "strata may not be made by `born`"),
        ("year of born", "year of born and year of born", "strata may not be made by `year of born`"),
        ("year of born", "first level of district and district", "strata may not be made by `district`"),
        ("merge under: 20", "merge under: few", "`merge under` is not a whole number"),
        ("- (1): {merge under: 20}", "- law silent: {merge under: never}", "only an article forbids merging"),
        ("{order: place}", "{order: number of granted_on}", "no date of birth is held for it"),
        ("{order: place}", "{order: alphabet}", "`order` is always `place` or `number of born`"),
        ("total: parameter intake", "total: 100", "`total` is no sum of parameters"),
        ("total: parameter intake", "total: parameter take", "there is no parameter `take`"),
        ("largest remainder", "by hand", "`rounding` is always `largest remainder`"),
        ("least: 1", "least: some", "`least` is not a whole number"),
        ("- (1): {order: place}\n", "", "missing or unknown: order"),
        ("- (1): {order: place}", "- {order: place}", "a line cites nothing"),
        ("- (1): {order: place}", "- order", "a line cites nothing"),
        ("- (1): {order: place}", "- (1): {least: 2}", "`least` stands twice"),
        ("- (2): {report: order + days(45)}", "x: y", "it has no lines"),
        ("{report: order + days(45)}", "later", "a line cites nothing"),
    ):
        with pytest.raises(MusterRollError, match=says):
            small(RULES + text.replace(old, new))
