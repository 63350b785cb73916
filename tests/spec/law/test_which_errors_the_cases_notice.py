"""Chapter: one small error after the other is put into a law; good cases notice each (law-engine 6.8).

An error that no case notices is either shown to change nothing, or becomes the missing case.
"""

import random

import pytest
from tests.lawtext import BASE, RULES, anybody, day, held, rule, small

from musterroll.fact.attribute import UNKNOWN, State, one_of
from musterroll.law import mutants
from musterroll.law.evaluate import View
from musterroll.law.expression import Names, read
from musterroll.law.model import Known, Line, lines_of
from musterroll.law.noticed import noticed
from musterroll.law.pack import Pack
from musterroll.law.prove.equivalent import survey
from musterroll.law.prove.proposal import value
from musterroll.law.prove.witness import Search
from musterroll.law.written import written

PERSON = "\n```person somebody\ngiven: {born: 2000-05-17, serving: no, district: north, granted_on: never}\n```\n"


ORDER = "order: [{(1): [exempt, free, bound]}]"


def case(given: str, *lines: str) -> str:
    """A case about `somebody`."""
    return f"\n```case one\ngiven: {{like: somebody{given}}}\n" + "\n".join(lines) + "\n```\n"


def errors(pack: Pack) -> set[tuple[str, str]]:
    """Every mutant's kind and words."""
    return {(one.kind, one.what) for one in mutants.of(pack)}


def unnoticed(pack: Pack) -> set[str]:
    """The words of every mutant that no case notices."""
    every = mutants.of(pack)
    return {one.what for one, line in zip(every, noticed(pack, every), strict=True) if line is None}


# What counts as an error


@pytest.mark.parametrize(
    ("condition", "kind", "what"),
    [
        ("born <= on", "boundary", "`born <= on` becomes `born + days(1) <= on`"),
        ("born <= on", "boundary", "`born <= on` becomes `born - days(1) <= on`"),
        ("born <= on", "negation", "`born <= on` becomes `born > on`"),
        ("born + years(18) <= on", "period", "`born + years(18) <= on` becomes `born + years(19) <= on`"),
        ("born + months(6) <= on", "period", "`born + months(6) <= on` becomes `born + months(5) <= on`"),
        ("born <= 2000-01-31", "boundary", "`born <= 2000-01-31` becomes `born + days(1) <= 2000-01-31`"),
        ("months_served <= 3", "boundary", "`months_served <= 3` becomes `months_served <= 4`"),
        ("on >= 2010-01-01", "boundary", "`on >= 2010-01-01` becomes `on >= 2010-01-02`"),
        (
            "granted_on <= born",
            "boundary",
            "`granted_on <= born` becomes `granted_on + days(1) <= born`",
        ),
        ("serving", "negation", "`serving` becomes `not serving`"),
        ("district == north", "value", "`district == north` becomes `district == south`"),
        ("district == north", "value", "`district == north` becomes `district in (north, south)`"),
        ("district in (north, south)", "value", "`district in (north, south)` becomes `district == north`"),
        (
            "turning(born) >= 20",
            "period",
            "`turning(born) >= 20` becomes `turning(born) >= 21`",
        ),
        (
            "serving and born <= on",
            "dropped",
            "`serving` is left out",
        ),
        ("serving and born <= on", "joined", "one of the conditions is enough"),
        ("serving or born <= on", "joined", "all of the conditions are asked for"),
        (
            "not (serving or born <= on)",
            "negation",
            "`not (serving or born <= on)` becomes `serving or born <= on`",
        ),
        (
            "not (serving and born <= on)",
            "dropped",
            "in `not (serving and born <= on)`: `born <= on` is left out",
        ),
    ],
)
def test_the_errors_are_those_that_authors_make(condition: str, kind: str, what: str) -> None:
    assert (kind, what) in errors(small(rule(condition)))


def test_an_age_attained_in_the_calendar_year_has_no_day_to_move() -> None:
    assert not {what for kind, what in errors(small(rule("turning(born) >= 20"))) if kind == "boundary"}


COURT = """
```holidays court
covers: 1990-01-01 .. 2021-01-01
weekend: {is: [Saturday, Sunday], basis: (1)}
closed:
  - (2): [2020-12-25]
```
"""


def test_a_working_day_more_or_fewer_is_an_error_too() -> None:
    found = errors(small(rule("granted_on + working_days(3, court) < on"), BASE + COURT))
    began = (
        "in `granted_on + working_days(3, court) < on`: `granted_on + working_days(3, court) + days(1) <= on` becomes "
    )
    began += "`granted_on"
    assert ("period", f"{began} + working_days(4, court) + days(1) <= on`") in found
    assert ("boundary", f"{began} + working_days(3, court) <= on`") in found
    rolled = errors(small(rule("next_working(granted_on + days(5), court) <= on"), BASE + COURT))
    assert (
        "boundary",
        "`next_working(granted_on + days(5), court) <= on` becomes "
        "`next_working(granted_on + days(5), court) - days(1) <= on`",
    ) in rolled


def test_never_has_no_day_before_it() -> None:
    assert not {what for kind, what in errors(small(rule("born < never"))) if kind == "boundary"}


def test_an_exception_may_be_forgotten() -> None:
    pack = small(RULES + rule("district == north", name="spared", gives="free", more="exception to: bound\n"))
    assert ("exception", "rule `bound` holds even where rule `spared` does") in errors(pack)


def test_neighbouring_classes_may_be_tried_the_other_way_round() -> None:
    assert ("order", "class `free` is tried before `exempt`") in errors(small())


def test_an_order_that_the_law_does_not_settle_is_no_error() -> None:
    loose = BASE.replace(ORDER, "order: [{(1): [exempt, bound]}, {(1): [free, bound]}]")
    assert not {what for kind, what in errors(small(RULES, loose)) if kind == "order" and "exempt" in what}


CHANGED = """
```rule bound
gives: class bound
in force: 2000-01-01 .. 2010-01-01
when:
  - (1): age(born) >= 18
```

```rule bound
gives: class bound
in force: 2010-01-01 ..
when:
  - (1): age(born) >= 20
```

```rule spared
gives: class free
in force: 2010-01-01 .. 2020-01-01
exception to: bound
when:
  - (2): serving
```
"""


def test_a_change_of_the_law_may_come_a_day_too_early_or_too_late() -> None:
    found = {what for kind, what in errors(small(CHANGED)) if kind == "in force"}
    assert found == {
        "what rule `bound` says from 2010-01-01 on holds a day too early",
        "what rule `bound` says from 2010-01-01 on holds a day too late",
        "what rule `spared` says from 2010-01-01 on holds a day too early",
        "what rule `spared` says from 2010-01-01 on holds a day too late",
        "what rule `spared` says from 2020-01-01 on holds a day too early",
        "what rule `spared` says from 2020-01-01 on holds a day too late",
        "the pack begins a day too early",
        "the pack begins a day too late",
        "the pack ends a day too early",
        "the pack ends a day too late",
    }


def test_an_exception_comes_and_goes_with_its_rule() -> None:
    serving = case(
        ", serving: yes, born: 1980-01-01",
        "on 2009-12-31: bound",
        "on 2010-01-01: free, because art. 1 (2)",
        "on 2019-12-31: free, because art. 1 (2)",
        "on 2020-01-01: bound",
    )
    assert not {what for what in unnoticed(small(CHANGED + PERSON + serving)) if "`spared` says" in what}


def test_a_change_of_one_day_may_come_early_or_late_too() -> None:
    short = CHANGED.replace("in force: 2010-01-01 .. 2020-01-01", "in force: 2010-01-01 .. 2010-01-02")
    assert survey(small(short + PERSON)).mutants


def test_an_order_that_changes_may_change_a_day_too_early() -> None:
    dated = """order:
  - (1): {tried: [exempt, free, bound], in force: 2000-01-01 .. 2010-01-01}
  - (1): {tried: [exempt, bound, free], in force: 2010-01-01 ..}"""
    pack = small(RULES + rule("serving", name="free", gives="free"), BASE.replace(ORDER, dated))
    assert ("in force", "the order of the classes from 2010-01-01 on holds a day too early") in errors(pack)
    assert survey(pack).equivalent


# Which are noticed


def test_an_error_is_noticed_by_a_line_that_no_longer_holds() -> None:
    days = case("", "on 2018-05-16: free", "on 2018-05-17: bound, because art. 1 (1)")
    left = unnoticed(small(rule("age(born) >= 18") + PERSON + days))
    assert left == {
        "class `free` is tried before `exempt`",
        "class `bound` is tried before `free`",
        "the pack begins a day too early",
        "the pack begins a day too late",
        "the pack ends a day too early",
        "the pack ends a day too late",
    }


def test_a_law_without_end_has_no_last_day_to_miss() -> None:
    endless = BASE.replace("in force: 2000-01-01 .. 2100-01-01", "in force: 2000-01-01 ..")
    assert not {what for _, what in errors(small(RULES, endless)) if "the pack ends" in what}


def test_the_only_one_of_several_conditions_is_not_left_out() -> None:
    alone = "\n```rule bound\ngives: class bound\nwhen:\n  - any:\n    - (1): serving\n```\n"
    assert not {kind for kind, _ in errors(small(alone))} & {"dropped", "joined"}


def test_the_first_and_the_last_day_are_noticed_by_cases_on_both_sides() -> None:
    ends = case(
        "", "on 1999-12-31: not covered", "on 2000-01-01: free", "on 2099-12-31: bound", "on 2100-01-01: not covered"
    )
    assert not {what for what in unnoticed(small(RULES + PERSON + ends)) if "the pack" in what}


def test_what_is_needed_and_when_it_changes_is_part_of_what_a_line_states() -> None:
    vague = case(", serving: unknown", "on 2010-01-01: undetermined, needs serving, possible exempt free")
    assert "`serving` becomes `not serving`" in unnoticed(small(RULES + PERSON + vague))
    sooner = case("", "on 2010-01-01: free, next 2018-05-17")
    assert "`born + years(18) <= on` becomes `born + years(18) + days(1) <= on`" not in unnoticed(
        small(RULES + PERSON + sooner)
    )


def test_a_line_that_says_only_what_somebody_is_not_notices_what_makes_him_so() -> None:
    refused = case("", "on 2018-05-16: not bound")
    assert "`born + years(18) <= on` becomes `born + years(18) - days(1) <= on`" not in unnoticed(
        small(rule("born + years(18) <= on") + PERSON + refused)
    )


def test_a_reason_that_is_lost_is_noticed() -> None:
    twice = rule("serving", name="one", gives="exempt") + rule("serving", name="two", gives="exempt").replace(
        "(1)", "(2)"
    )
    only_class = case(", serving: yes", "on 2010-01-01: exempt")
    reason = case(", serving: yes", "on 2010-01-01: exempt, because art. 1 (2)")
    assert "`serving` becomes `not serving`" in unnoticed(small(twice + PERSON + only_class))
    pack = small(twice + PERSON + reason)
    every = mutants.of(pack)
    found = noticed(pack, every)
    assert {one.rule for one, line in zip(every, found, strict=True) if line} == {"two"}


def test_a_line_that_the_law_does_not_answer_so_notices_nothing() -> None:
    wrong = case("", "on 2018-05-17: exempt")
    assert "`serving` becomes `not serving`" in unnoticed(small(RULES + PERSON + wrong))


# What becomes of the others


def test_an_error_that_changes_nothing_is_proved_and_not_counted() -> None:
    pack = small(RULES.replace("serving\n", "serving or serving\n") + PERSON)
    found = {one.what for one in survey(pack).equivalent}
    assert "in `serving or serving`: all of the conditions are asked for" in found or (
        "all of the conditions are asked for" in "".join(found)
    )


def test_the_missing_cases_notice_every_error_and_agree_with_the_law() -> None:
    before = survey(small(CHANGED + PERSON))
    assert not before.complete
    after = survey(small(CHANGED + PERSON + "".join(one.text for one in before.proposed)))
    assert (after.complete, after.survivors, after.proposed) == (True, (), ())
    assert len(after.killed) == after.counted


def test_a_missing_case_names_what_it_notices_and_stands_beside_its_rule() -> None:
    proposed = survey(small(rule("age(born) >= 18") + PERSON)).proposed
    assert proposed[0].where.startswith("small.md:")
    assert "like: somebody" in proposed[0].text
    assert any("becomes" in one for one in proposed[0].shows)


def test_an_error_that_shows_only_where_something_is_not_known_becomes_a_case_with_something_unknown() -> None:
    text = rule("district in (north, east)", name="spared", gives="free")
    text += rule("district == south or (serving and not serving)")
    found = survey(small(text + PERSON))
    assert any("unknown" in one.text for one in found.proposed)


def test_a_law_of_another_century_is_not_proved() -> None:
    later = BASE.replace("in force: 2000-01-01 .. 2100-01-01", "in force: 2110-01-01 .. 2120-01-01")
    found = survey(small(rule("serving"), later))
    assert found.equivalent == ()
    assert any(one.witness is None for one in found.survivors)


def test_what_is_partly_known_is_written_as_a_case_writes_it() -> None:
    pack = small()
    born, district = pack.attributes["born"], pack.attributes["district"]
    assert value(born, held(pack, born="2000-01-01 .. 2000-12-31")["born"]) == "2000-01-01 .. 2000-12-31"
    assert value(district, one_of(0b101, State.CONFLICT)) == "north | east"
    assert value(district, UNKNOWN) == "unknown"
    with pytest.raises(AssertionError):
        written(Known("born"), pack.attributes)


def test_a_witness_that_the_evaluator_does_not_confirm_is_a_programming_error() -> None:
    search = Search(small(RULES))
    with pytest.raises(RuntimeError, match="does not confirm"):
        search.find("duty", 0, lambda law: law.class_is(0), lambda held, on: False)


def test_where_the_solver_gives_up_the_error_counts_as_not_noticed() -> None:
    found = survey(small(RULES + PERSON), effort=1)
    assert not found.complete
    assert any(one.witness is None for one in found.survivors)


# Written back


@pytest.mark.parametrize(
    "text",
    [
        "serving",
        "not serving",
        "district == north",
        "district != north",
        "district in (north, south)",
        "district not in (north, south)",
        "months_served <= 3",
        "months_served > 3",
        "born + years(18) + months(6) - days(1) <= on",
        "born + years(18) > on",
        "turning(born) >= 20",
        "turning(born) < 20",
        "born < never",
        "born <= 2000-01-31",
        "granted_on != never",
        "granted_on + days(3) <= born",
        "on >= 2020-01-01",
        "on < 2020-01-01",
        "serving and (district == north or born <= on)",
        "not (serving and district == north)",
    ],
)
def test_a_condition_is_written_as_an_author_would(text: str) -> None:
    pack = small(rule(text))
    (line,) = lines_of(pack.law.periods[0].rules["duty"][-1].bare)
    assert isinstance(line, Line)
    assert written(line, pack.attributes) == text
    names = Names(pack.attributes, {}, {}, pack.law.periods[0].calendar)
    again = read(written(line.part, pack.attributes), names, "here")
    chance = random.Random(5)
    for _ in range(300):
        view = View(pack, anybody(pack, chance), day("2020-01-01") + chance.randrange(-4000, 4000))
        assert view.truth(again) is view.truth(line.part)


def test_lines_inside_others_keep_their_words() -> None:
    pack = small(
        "\n```definition grown\nmeans:\n  - (1): age(born) >= 18\n```\n"
        "\n```definition at_home\nmeans:\n  - (1): serving\n```\n"
        + rule("not grown")
        + rule("grown and not at_home", name="both", gives="exempt")
    )
    lines = {line.text: line for one in pack.law.periods[0].rules["duty"] if one for line in lines_of(one.bare)}
    assert written(lines["not grown"].part, pack.attributes) == "not (age(born) >= 18)"
    assert written(lines["grown and not at_home"].part, pack.attributes) == "(age(born) >= 18) and not serving"
