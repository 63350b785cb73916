"""Chapter: what a bill would change, for whom: every move between classes, with a person and a day (6.7).

That nobody else moves is proved, not tried.
"""

from pathlib import Path

import pytest
from tests.lawtext import BASE, RULES, day, rule, small
from tests.proceedingtext import changed

from musterroll.errors import MusterRollError
from musterroll.law import pack as packs
from musterroll.law.evaluate import decide
from musterroll.law.pack import Pack
from musterroll.law.prove import amendment
from musterroll.law.prove.amendment import (
    NOT_ASKED,
    NOT_REGISTERED,
    REGISTERED,
    SCOPE,
    UNDETERMINED,
    Move,
    compared,
    moves,
)

EXAMPLE = Path(__file__).parents[3] / "packs" / "example"
PERSON = "\n```person somebody\ngiven: {born: 2000-05-17, serving: no, district: north, granted_on: never}\n```\n"


def told(a: Pack, b: Pack) -> set[tuple[str, str, bool]]:
    """Old class, new class, and whether it is worse."""
    return {(one.was, one.becomes, one.worse) for one in moves(a, b)}


def test_the_same_law_moves_nobody() -> None:
    assert moves(small(), small()) == ()


def test_every_move_is_told_with_whether_it_is_worse() -> None:
    older = small(RULES.replace(">= 18", ">= 20"))
    assert told(small(), older) == {("bound", "free", False)}
    assert told(older, small()) == {("free", "bound", True)}


def test_a_move_has_somebody_who_moves_on_that_day() -> None:
    a, b = small(RULES + PERSON), small(RULES.replace(">= 18", ">= 20") + PERSON)
    (move,) = moves(a, b)
    assert decide(a, "duty", move.person, move.on).cls == "bound"
    assert decide(b, "duty", move.person, move.on).cls == "free"
    assert {name for name, _ in move.differs} <= {"born"}
    assert move.told.startswith("duty: bound -> free, on 20")


def test_what_sets_a_person_apart_is_written_as_in_a_case() -> None:
    (move,) = moves(
        small(RULES + PERSON), small(RULES.replace("serving\n", "serving and born <= 1990-01-01\n") + PERSON)
    )[:1]
    assert ("serving", "yes") in move.differs
    assert move.told.startswith(("duty: exempt ->", "WORSE  duty: exempt ->"))


def test_a_fact_that_only_the_new_law_asks_for_is_not_known_yet() -> None:
    attribute = """
```attribute studies
number: 77
kind: education
type: bool
basis: (1)
label: studies
proof: college
unknown: asked
answers: [college]
neutral: no
```
"""
    after = small(RULES + rule("studies", name="student", gives="exempt"), BASE + attribute)
    found = told(small(), after)
    assert {("bound", "exempt", False), ("free", "exempt", False), ("bound", UNDETERMINED, False)} <= found
    assert told(after, small()) >= {("exempt", "bound", True), ("exempt", "free", False)}


def test_whom_the_earlier_law_left_undetermined_may_be_bound_by_the_later_one() -> None:
    silent = BASE.replace("leap_day: {is: 1 March,", "leap_day: {is: either,")
    assert told(small(RULES, silent), small()) == {(UNDETERMINED, "free", False)}
    early = BASE.replace("leap_day: {is: 1 March,", "leap_day: {is: 28 February,")
    assert told(small(RULES, silent), small(RULES, early)) == {(UNDETERMINED, "bound", True)}


def test_a_value_that_only_one_law_has_is_not_known_to_the_other() -> None:
    wider = BASE.replace("values: [north, south, east]", "values: [west, north, south, east]")
    text = rule("district == north", name="spared", gives="exempt") + RULES.replace("exempt\n", "serving\n", 1)
    assert told(small(text + PERSON), small(text + PERSON, wider)) == {
        (UNDETERMINED, "free", False),
        (UNDETERMINED, "bound", True),
    }
    assert ("bound", UNDETERMINED, False) in told(small(text, wider), small(text))


def test_a_duty_that_is_tried_later_weighs_more() -> None:
    two = BASE.replace(
        "  - bound: {", "  - lighter: {effect: liable, callable: yes, label: Lighter, basis: (1)}\n  - bound: {"
    ).replace("[exempt, free, bound]", "[exempt, free, lighter, bound]")
    light, heavy = rule("serving", gives="lighter"), rule("serving", gives="bound")
    assert told(small(light, two), small(heavy, two)) == {("lighter", "bound", True)}
    assert told(small(heavy, two), small(light, two)) == {("bound", "lighter", False)}
    assert told(small(light, two), small(heavy)) == {("lighter", "bound", False)}


def test_where_two_laws_share_no_day_the_earlier_one_is_asked_as_though_it_had_gone_on() -> None:
    before = BASE.replace("in force: 2000-01-01 .. 2100-01-01", "in force: 2000-01-01 .. 2030-01-01")
    after = BASE.replace("in force: 2000-01-01 .. 2100-01-01", "in force: 2030-01-01 .. 2100-01-01")
    (move,) = moves(small(RULES, before), small(RULES.replace(">= 18", ">= 20"), after))
    assert (move.was, move.becomes) == ("bound", "free")
    assert move.on >= day("2030-01-01")


def test_of_a_law_of_another_century_nothing_is_claimed() -> None:
    later = BASE.replace("in force: 2000-01-01 .. 2100-01-01", "in force: 2110-01-01 .. 2120-01-01")
    with pytest.raises(MusterRollError, match="only outside the years 1901 to 2099"):
        moves(small(RULES, later), small(rule("serving"), later))


def test_each_time_of_a_law_is_compared_with_the_same_time_of_the_other() -> None:
    def changed(on: str) -> str:
        before = rule("age(born) >= 18", more=f"in force: 2000-01-01 .. {on}\n")
        return before + rule("age(born) >= 20", more=f"in force: {on} ..\n")

    (move,) = moves(small(changed("2010-01-01")), small(changed("2015-01-01")))
    assert (move.was, move.becomes, move.worse) == ("free", "bound", True)
    assert day("2010-01-01") <= move.on < day("2015-01-01")
    both = moves(small(changed("2010-01-01")), small(rule("serving")))
    assert {(one.was, one.becomes) for one in both} == {("bound", "free"), ("free", "bound")}


def test_a_move_that_the_evaluator_does_not_confirm_is_a_programming_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(amendment, "answer", lambda view, period, asked: "free")
    with pytest.raises(RuntimeError, match="does not confirm"):
        moves(small(), small(RULES.replace(">= 18", ">= 20")))


def test_each_question_is_compared_by_itself() -> None:
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
    a, b = small(RULES + second), small((RULES + second).replace(">= 18", ">= 20").replace("_on <= on", "_on < on"))
    assert {(one.question, one.was, one.becomes) for one in moves(a, b)} == {
        ("duty", "bound", "free"),
        ("other", "yes", "no"),
    }


def test_a_question_that_only_one_law_asks_moves_everybody() -> None:
    renamed = BASE.replace("```question duty", "```question burden")
    found = moves(small(), small(RULES, renamed))
    assert {
        (one.question, one.was, one.becomes, one.worse) for one in found if UNDETERMINED not in (one.was, one.becomes)
    } == {
        ("duty", "bound", NOT_ASKED, False),
        ("duty", "exempt", NOT_ASKED, False),
        ("duty", "free", NOT_ASKED, False),
        ("burden", NOT_ASKED, "bound", True),
        ("burden", NOT_ASKED, "exempt", False),
        ("burden", NOT_ASKED, "free", False),
    }


def test_a_class_that_now_does_something_else_is_a_move() -> None:
    called = BASE.replace("exempt: {effect: exempt, callable: no", "exempt: {effect: liable, callable: yes")
    (move,) = moves(small(), small(RULES, called))
    assert (move.was, move.becomes, move.worse, move.now) == ("exempt", "exempt", True, "liable, may be called")
    assert move.told.startswith("WORSE  duty: exempt -> exempt (now liable, may be called), on ")
    (back,) = moves(small(RULES, called), small())
    assert (back.worse, back.now) == (False, "exempt, may not be called")


def test_whom_the_law_registers_is_compared_too() -> None:
    def scope(age: int) -> str:
        return f"\n```scope\nregisters:\n  - (1): age(born) >= {age}\n```\n"

    (move,) = moves(small(RULES + scope(17)), small(RULES + scope(14)))
    assert (move.question, move.was, move.becomes, move.worse) == (SCOPE, NOT_REGISTERED, REGISTERED, True)
    (fewer,) = moves(small(), small(RULES + scope(17)))
    assert (fewer.was, fewer.becomes, fewer.worse) == (REGISTERED, NOT_REGISTERED, False)


def test_days_that_only_the_later_law_speaks_of_are_compared_with_the_earlier_law_gone_on() -> None:
    until = BASE.replace("in force: 2000-01-01 .. 2100-01-01", "in force: 2000-01-01 .. 2027-01-01")
    later = rule("serving", name="spared", gives="exempt") + rule("age(born) >= 18", more="in force: .. 2030-01-01\n")
    later += rule("age(born) >= 20", more="in force: 2030-01-01 ..\n")
    found = compared(
        small(rule("serving", name="spared", gives="exempt") + rule("age(born) >= 18"), until), small(later)
    )
    assert {(one.was, one.becomes) for one in found.moves} == {("bound", "free")}
    assert found.moves[0].on >= day("2030-01-01")
    assert found.notes == ("From 2027-01-01 on, the earlier law is asked as though it had gone on.",)


def test_days_that_cannot_be_compared_are_told() -> None:
    def between(first: str, end: str) -> Pack:
        return small(RULES, BASE.replace("in force: 2000-01-01 .. 2100-01-01", f"in force: {first} .. {end}"))

    assert compared(between("2005-01-01", "2030-01-01"), between("2000-01-01", "2030-01-01")).notes == (
        "Not compared: the days before 2005-01-01, of which only the later law speaks.",
    )
    assert compared(between("2000-01-01", "2030-01-01"), between("2005-01-01", "2020-01-01")).notes == (
        "Not compared: the days before 2005-01-01, of which only the earlier law speaks.",
        "Not compared: the days from 2020-01-01 on, of which only the earlier law speaks.",
    )


def test_what_changes_beside_the_rules_is_told() -> None:
    pages = {
        page.name: page.read_text("utf-8")
        for page in sorted(EXAMPLE.glob("*.md"), key=lambda one: one.name != "pack.md")
    }
    before = packs.from_text(pages)
    pages["selection.md"] = (
        pages["selection.md"]
        .replace("values: {2019-01-01: 30}", "values: {2019-01-01: 5}")
        .replace("- (3): {least: 1}\n", "- (3): {least: 2}\n")
    )
    kept = pages["proceedings.md"]
    pages["proceedings.md"] = kept.replace("{appeal: 30 days from", "{appeal: 31 days from")
    pages["selection.md"] = pages["selection.md"].replace("days(worsening_notice)", "days(report_after)")
    assert pages["proceedings.md"] != kept
    found = compared(before, packs.from_text(pages))
    assert found.moves == ()
    assert found.notes == (
        "Changed beside the rules: parameter worsening_notice.",
        "Changed beside the rules: procedure worsening.",
        "Changed beside the rules: proceeding correction.",
        "Changed beside the rules: the selection.",
    )


def test_a_condition_of_a_move_that_changes_is_told() -> None:
    asks = ("not after: filing}", "when: [{(2): serving}]}")
    one, other = (changed((asks[0], asks[1].replace("serving", text))) for text in ("serving", "not serving"))
    assert compared(one, other).notes == ("Changed beside the rules: proceeding claim.",)
    assert compared(one, changed(asks)).notes == ()


def test_an_attribute_of_another_type_is_refused() -> None:
    other = BASE.replace("type: date\nbasis: (1)\nlabel: day of the grant", "type: bool\nbasis: (1)\nlabel: granted")
    with pytest.raises(MusterRollError, match=r"`granted_on` is of type date in one pack and bool in the other\."):
        moves(small(), small(RULES, other))


def test_where_the_solver_gives_up_nothing_is_claimed() -> None:
    with pytest.raises(MusterRollError, match="could not be proved"):
        moves(small(), small(RULES.replace(">= 18", ">= 20")), effort=1)


def test_a_move_is_a_value() -> None:
    one = Move("duty", "free", "bound", {}, day("2020-01-01"), worse=True, differs=(("serving", "no"),))
    assert one.told == "WORSE  duty: free -> bound, on 2020-01-01: serving: no"
    anybody = Move("duty", "bound", "free", {}, day("2020-01-01"), worse=False, differs=())
    assert anybody.told == "duty: bound -> free, on 2020-01-01: anybody"
