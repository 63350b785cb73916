"""Chapter: what a pack's cases show of its rules, and what is missing (law-engine 6.8).

A rule that no case turns on is a rule that nobody has read with a person in mind.
"""

import pytest
from tests.lawtext import RULES, rule, small

from musterroll.law import coverage
from musterroll.law.pack import Pack
from musterroll.law.prove.showable import showable

PERSON = "\n```person somebody\ngiven: {born: 2000-05-17, serving: no, granted_on: never}\n```\n"


def case(name: str, given: str, *lines: str) -> str:
    """A case about `somebody`."""
    return f"\n```case {name}\ngiven: {{like: somebody{given}}}\n" + "\n".join(lines) + "\n```\n"


def missing(pack: Pack) -> set[str]:
    """What is demanded and not shown."""
    return {demand.what for demand in coverage.covered(pack).missing}


def test_every_line_is_shown_true_false_and_unknown() -> None:
    shown = missing(small(RULES + PERSON + case("plain", "", "on 2010-01-01: free", "on 2020-01-01: bound")))
    assert "`serving` is true" in shown
    assert "`serving` is unknown" in shown
    assert "`serving` is false" not in shown


def test_a_comparison_is_shown_where_its_rule_turns_on_it_alone() -> None:
    both = "\n```rule bound\ngives: class bound\nwhen:\n  - (1): age(born) >= 18 and not serving\n```\n"
    young_and_serving = case("young", ", serving: yes", "on 2010-01-01: free")
    assert "`born + years(18) <= on` is false, and the rule turns on it alone" in missing(
        small(both + PERSON + young_and_serving)
    )
    young = case("young", "", "on 2010-01-01: free")
    assert "`born + years(18) <= on` is false, and the rule turns on it alone" not in missing(
        small(both + PERSON + young)
    )


def test_either_of_two_grounds_is_shown_without_the_other() -> None:
    rule = "\n```rule exempt\ngives: class exempt\nwhen:\n  - (2): serving or granted_on <= on\n```\n"
    both = case("both", ", serving: yes, granted_on: 2010-01-01", "on 2020-01-01: exempt")
    assert "`serving` is true, and the rule turns on it alone" in missing(small(rule + PERSON + both))
    one = case("one", ", serving: yes", "on 2020-01-01: exempt")
    assert "`serving` is true, and the rule turns on it alone" not in missing(small(rule + PERSON + one))


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2018-05-16", "the day before"),
        ("2018-05-17", "the day of"),
        ("2018-05-18", "the day after"),
    ],
)
def test_a_date_is_shown_on_the_day_before_the_day_and_the_day_after(day: str, shown: str) -> None:
    answer = "free" if shown == "the day before" else "bound"
    days = {"the day before", "the day of", "the day after"}
    found = missing(small(RULES + PERSON + case("birthday", "", f"on {day}: {answer}")))
    assert {one for one in days if f"{one} `born + years(18) <= on`" in found} == days - {shown}


@pytest.mark.parametrize(
    ("condition", "given", "on", "what"),
    [
        ("born <= 1999-12-31", "born: 1999-12-31", "2020-01-01", "the day of `born <= 1999-12-31`"),
        ("born <= 1999-12-31", "born: 2000-01-01", "2020-01-01", "the day before `born <= 1999-12-31`"),
        ("born <= 1999-12-31", "born: 1999-12-30", "2020-01-01", "the day after `born <= 1999-12-31`"),
        ("on >= 2020-01-01", "born: 2000-01-01", "2019-12-31", "the day before `on >= 2020-01-01`"),
        ("on >= 2020-01-01", "born: 2000-01-01", "2020-01-01", "the day of `on >= 2020-01-01`"),
        ("on >= 2020-01-01", "born: 2000-01-01", "2020-01-02", "the day after `on >= 2020-01-01`"),
        (
            "granted_on <= born + days(3)",
            "born: 2000-01-01, granted_on: 2000-01-04",
            "2020-01-01",
            "the day of `granted_on - days(3) <= born`",
        ),
        (
            "granted_on <= born + days(3)",
            "born: 2000-01-01, granted_on: 2000-01-05",
            "2020-01-01",
            "the day before `granted_on - days(3) <= born`",
        ),
        (
            "granted_on <= born + days(3)",
            "born: 2000-01-01, granted_on: 2000-01-03",
            "2020-01-01",
            "the day after `granted_on - days(3) <= born`",
        ),
    ],
)
def test_every_comparison_of_dates_has_its_three_days(condition: str, given: str, on: str, what: str) -> None:
    rule = f"\n```rule bound\ngives: class bound\nwhen:\n  - (1): {condition}\n```\n"
    asked = f"\n```case one\ngiven: {{{given}}}\non {on}: not exempt\n```\n"
    assert what in {demand.what for demand in coverage.demands(small(rule))}
    assert what not in missing(small(rule + asked))


def test_a_rule_is_shown_to_give_the_answer_and_to_stand_back() -> None:
    wins = "rule `bound` gives the answer `bound`"
    loses = "rule `bound` would hold, and another class than `bound` is the answer"
    only = small(RULES + PERSON + case("grown up", "", "on 2020-01-01: bound"))
    assert (wins in missing(only), loses in missing(only)) == (False, True)
    serving = small(RULES + PERSON + case("serving", ", serving: yes", "on 2020-01-01: exempt"))
    assert (wins in missing(serving), loses in missing(serving)) == (True, False)


def test_what_a_definition_says_is_demanded_once() -> None:
    text = """
```definition of_age
means:
  - (1): age(born) >= 18
```

```rule bound
gives: class bound
when:
  - (1): of_age
  - (2): not serving
```

```rule exempt
gives: class exempt
when:
  - (2): of_age and granted_on <= on
```
"""
    demanded = [demand.what for demand in coverage.demands(small(text))]
    assert demanded.count("the day of `born + years(18) <= on`") == 1
    assert "`of_age` is true" not in demanded
    assert "`age(born) >= 18` is true" in demanded


def test_a_missing_demand_says_where_it_is_missing() -> None:
    demand = next(one for one in coverage.covered(small()).missing if one.what == "`serving` is true")
    assert (demand.kind, demand.rule, demand.cite) == ("line", "exempt", "art. 1 (2)")
    assert demand.where.startswith("small.md:")


def test_a_line_of_another_day_or_another_reading_shows_nothing() -> None:
    outside = PERSON + case("before the law", "", "on 1990-01-01: not covered")
    assert len(coverage.covered(small(RULES + outside)).missing) == len(coverage.covered(small()).missing)


def test_a_law_without_rules_has_nothing_to_show() -> None:
    found = coverage.covered(small(""))
    assert (found.showable, found.percent) == (0, 100.0)


# What is missing, as cases


def test_the_proposed_cases_show_what_is_missing_and_agree_with_the_law() -> None:
    text = RULES + PERSON + case("plain", "", "on 2010-01-01: free", "on 2020-01-01: bound")
    before = showable(small(text))
    assert not before.complete
    after = showable(small(text + "".join(one.text for one in before.proposed)))
    assert (after.complete, after.coverage.percent, after.proposed) == (True, 100.0, ())


def test_a_proposed_case_is_somebody_known_and_what_sets_him_apart() -> None:
    found = showable(small(RULES + PERSON + case("plain", "", "on 2010-01-01: free", "on 2020-01-01: bound")))
    texts = [one.text for one in found.proposed]
    assert any("given: {like: somebody, serving: unknown}" in text for text in texts)


def test_what_nobody_can_show_is_not_counted_and_is_told() -> None:
    rules = RULES.replace("age(born) >= 18", "age(born) >= 18 and born <= on")
    found = showable(small(rules + PERSON))
    impossible = {demand.what: why for demand, why in found.coverage.impossible.items()}
    assert impossible["`born <= on` is false, and the rule turns on it alone"] == (
        "There is nobody of whom this is so, on any day."
    )
    assert found.coverage.showable == len(found.coverage.shown) - len(impossible)


def test_the_day_alone_is_never_unknown() -> None:
    found = showable(small("\n```rule bound\ngives: class bound\nwhen:\n  - (1): on >= 2020-01-01\n```\n" + PERSON))
    assert {why for demand, why in found.coverage.impossible.items() if demand.what.endswith("is unknown")} == {
        "It looks at the day alone."
    }


def test_a_rule_of_the_class_tried_first_never_stands_back() -> None:
    found = showable(small(RULES + PERSON))
    assert {why for demand, why in found.coverage.impossible.items() if demand.kind == "rule"} == {
        "Nobody for whom it would hold is given another class, on any day."
    }


def test_a_rule_that_nobody_is_reached_by_cannot_win() -> None:
    never = RULES.replace("serving\n", "serving and not serving\n")
    found = showable(small(never + PERSON))
    assert "Nobody is given its class by it, on any day." in found.coverage.impossible.values()


def test_where_there_is_no_person_to_compare_with_everything_is_given() -> None:
    found = showable(small(RULES))
    assert found.proposed
    assert all("like:" not in one.text for one in found.proposed)
    assert showable(small(RULES + "".join(one.text for one in found.proposed))).complete


def test_where_the_solver_gives_up_the_demand_counts_as_not_shown() -> None:
    found = showable(small(RULES + PERSON), effort=1)
    assert not found.complete
    assert found.coverage.impossible == {}


def test_each_question_has_its_own_cases() -> None:
    second = """
```question other
number: 10
basis: (1)
undetermined: not bound
otherwise: no
classes:
  - no: {effect: not liable, callable: no, label: No, basis: (1)}
  - yes: {effect: liable, callable: no, label: Yes, basis: (1)}
```

```rule yes
question: other
gives: class yes
when:
  - (1): granted_on <= on
```
"""
    text = RULES + second + PERSON
    found = showable(small(text))
    assert any("question: other" in one.text for one in found.proposed)
    assert showable(small(text + "".join(one.text for one in found.proposed))).complete


def test_a_rule_that_holds_under_another_reading_only_is_not_asked_for() -> None:
    text = """
```interpretation doubt
doubt: whether service spares
readings: {yes: it does, no: it does not}
chosen: no
by: the authors
```

```rule spared
gives: class exempt
reading: {doubt: yes}
when:
  - (2): serving
```

```rule bound
gives: class bound
when:
  - (1): age(born) >= 18
```
"""
    asked = "\n```case read otherwise\ngiven: {like: somebody, serving: yes}\nreading: {doubt: yes}\n"
    pack = small(text + PERSON + asked + "on 2020-01-01: exempt\n```\n")
    assert {demand.rule for demand in coverage.demands(pack)} == {"bound"}


def test_a_change_of_the_law_is_shown_on_both_sides() -> None:
    text = """
```rule bound
gives: class bound
in force: 2000-01-01 .. 2010-01-01
when:
  - (1): serving
```

```rule bound
gives: class bound
in force: 2010-01-01 ..
when:
  - (1): age(born) >= 18
```
"""
    text += rule("granted_on <= on", name="spared", gives="free", more="in force: 2010-01-01 ..\nexception to: bound\n")
    demanded = {demand.what for demand in coverage.demands(small(text))}
    assert {"`serving` is true", "`age(born) >= 18` is true"} <= demanded
    found = showable(small(text + PERSON))
    assert showable(small(text + PERSON + "".join(one.text for one in found.proposed))).complete
