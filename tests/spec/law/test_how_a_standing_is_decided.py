"""Chapter: how a standing is decided.

The classes are tried in their order. The answer is the first class with a true rule before which no rule is unknown;
otherwise the standing is undetermined, which binds nobody, and says between what and for want of which fact.
"""

import pytest
from tests.lawtext import BASE, RULES, day, held, rule, small

from musterroll.dates import NEVER, format_day
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Held, State
from musterroll.law import pack as packs
from musterroll.law.evaluate import decide
from musterroll.law.pack import Pack
from musterroll.law.standing import Standing

ON = day("2020-06-01")


def asked(pack: Pack, on: int = ON, **facts: str) -> Standing:
    return decide(pack, "duty", held(pack, **facts), on)


@pytest.mark.parametrize(
    ("facts", "cls", "possible", "needs"),
    [
        ({"born": "2000-01-01", "serving": "no"}, "bound", ("bound",), ()),
        ({"born": "2000-01-01", "serving": "yes"}, "exempt", ("exempt",), ()),
        ({"born": "2010-01-01", "serving": "no"}, "free", ("free",), ()),  # no rule reaches a child: the residual class
        ({"serving": "yes"}, "exempt", ("exempt",), ()),  # the age does not matter any more
        ({"born": "2000-01-01"}, None, ("exempt", "bound"), ("serving",)),
        ({"serving": "no"}, None, ("free", "bound"), ("born",)),
        ({}, None, ("exempt", "free", "bound"), ("born", "serving")),
        ({"born": "2002-01-01 .. 2002-12-31", "serving": "no"}, None, ("free", "bound"), ("born",)),
        ({"born": "2001-01-01 .. 2001-12-31", "serving": "no"}, "bound", ("bound",), ()),
    ],
)
def test_the_first_class_with_a_true_rule_answers_unless_something_before_it_is_unknown(
    facts: dict[str, str], cls: str | None, possible: tuple[str, ...], needs: tuple[str, ...]
) -> None:
    standing = asked(small(), **facts)
    assert (standing.cls, standing.possible, standing.needs) == (cls, possible, needs)
    assert standing.callable == (cls == "bound")
    assert standing.effect == {"bound": "liable", "exempt": "exempt", "free": "not liable", None: None}[cls]


def test_within_one_class_a_known_ground_is_enough_although_another_is_unknown() -> None:
    pack = small(RULES + rule("months_served >= 12", name="done", gives="exempt"))
    standing = asked(pack, born="2000-01-01", serving="yes")
    assert standing.cls == "exempt"
    assert (standing.true, standing.unknown) == (0b101, 0b010)  # one bit a rule: exempt, done, bound


def test_a_yes_or_no_or_a_code_that_is_not_exact_is_not_known() -> None:
    pack = small()
    vague = {**held(pack, born="2000-01-01"), "serving": Held(0, 1, State.CONFLICT)}
    assert decide(pack, "duty", vague, ON).needs == ("serving",)


@pytest.mark.parametrize(
    ("district", "cls", "needs"),
    [
        ("south | east", "bound", ()),  # whichever it is, the rule names it
        ("north | south", None, ("district",)),
        ("north", "free", ()),
    ],
)
def test_a_code_that_is_one_of_several_decides_where_all_of_them_agree(
    district: str, cls: str | None, needs: tuple[str, ...]
) -> None:
    standing = asked(small(rule("district in (south, east)")), district=district)
    assert (standing.cls, standing.needs) == (cls, needs)


def test_none_of_the_codes_it_may_be_is_as_good_as_another_code() -> None:
    assert asked(small(rule("district == north")), district="south | east").cls == "free"


ORDER = """order:
  - (1): [exempt, bound]
  - (2): [bound, free]
"""


def ordered(order: str, rules: str) -> Pack:
    text = BASE.replace("order: [{(1): [exempt, free, bound]}]\n", order) + rules
    return packs.from_text({"small.md": text})


ALL_THREE = RULES + rule("born <= on", name="child", gives="free")


def test_the_order_is_declared_once_with_its_paragraphs_and_is_not_the_numbering() -> None:
    assert asked(small(ALL_THREE), born="2000-01-01", serving="no").cls == "free"
    pack = ordered(ORDER, ALL_THREE)
    standing = asked(pack, born="2000-01-01", serving="no")
    assert (standing.cls, standing.true) == ("bound", 0b110)  # bits by class as listed: exempt, child, bound
    assert pack.at(ON).tried["duty"] == (0, 2, 1)
    assert pack.questions["duty"].order == (("art. 1 (1)", ("exempt", "bound")), ("art. 1 (2)", ("bound", "free")))
    assert asked(pack, born="2000-01-01").possible == ("exempt", "bound")


def test_what_the_chains_do_not_settle_is_told_apart_from_what_they_do() -> None:
    question = ordered("order:\n  - (1): [exempt, bound]\n", ALL_THREE).questions["duty"]
    assert question.settled("exempt", "bound")
    assert question.settled("bound", "exempt")
    assert not question.settled("free", "bound")
    assert ordered(ORDER, ALL_THREE).questions["duty"].settled("free", "exempt")  # through bound


def test_an_order_may_hold_for_a_time() -> None:
    order = (
        "order:\n  - (1): {tried: [free, bound], in force: .. 2020-06-01}\n"
        "  - (2): {tried: [bound, free], in force: 2020-06-01 ..}\n"
    )
    pack = ordered(order, ALL_THREE)
    before = asked(pack, ON - 1, born="2000-01-01", serving="no")
    assert (before.cls, format_day(before.next_change)) == ("free", "2020-06-01")
    assert asked(pack, ON, born="2000-01-01", serving="no").cls == "bound"
    assert pack.at(ON).settled("duty", "free", "bound")
    assert not pack.at(ON).settled("duty", "free", "exempt")


@pytest.mark.parametrize(
    ("order", "code", "says"),
    [
        ("", "law.order", "nothing says in which order its classes are tried"),
        ("order: bound\n", "law.uncited", "a line of the order cites nothing"),
        ("order:\n  - bound\n", "law.uncited", "a line of the order cites nothing"),
        ("order:\n  - (9): [exempt, bound]\n", "law.uncited", "`(9)` is no paragraph"),
        ("order:\n  - (1): [exempt]\n", "law.order", "not two or more different classes"),
        ("order:\n  - (1): [exempt, exempt]\n", "law.order", "not two or more different classes"),
        ("order:\n  - (1): [exempt, ruined]\n", "law.order", "`exempt, ruined` are not"),
        ("order:\n  - (1): {tried: [exempt, bound], until: 2020-01-01}\n", "law.block", "`until` is not known here"),
        (
            "order:\n  - (1): [exempt, bound]\n  - (2): [bound, free, exempt]\n",
            "law.order",
            "circle among exempt, free, bound (art. 1 (1); art. 1 (2))",
        ),
    ],
)
def test_an_order_that_says_nothing_or_contradicts_itself_does_not_load(order: str, code: str, says: str) -> None:
    with pytest.raises(MusterRollError) as refused:
        ordered(order, ALL_THREE)
    assert refused.value.code == code
    assert says in refused.value.what
    assert refused.value.where.startswith("small.md:")


def test_a_question_may_have_more_than_62_rules() -> None:
    many = "".join(rule(f"months_served == {n}", name=f"r{n}", gives="exempt") for n in range(100))
    standing = asked(small(many + rule("serving", name="last")), months_served="99", serving="yes")
    assert (standing.cls, standing.true) == ("exempt", 1 << 99 | 1 << 100)


def test_an_exception_takes_a_rule_away_and_an_unknown_exception_makes_it_unknown() -> None:
    pack = small(
        rule("age(born) >= 18") + rule("district == south", name="south", gives="free", more="exception to: bound\n")
    )
    facts = {"born": "2000-01-01"}
    assert asked(pack, **facts, district="south").cls == "free"
    assert asked(pack, **facts, district="north").cls == "bound"
    assert asked(pack, **facts).needs == ("district",)


def test_yielding_is_the_same_said_by_the_other_rule() -> None:
    extra = rule("district == south", name="south", gives="free", more="yields to: bound\n")
    pack = small(rule("age(born) >= 18") + extra)
    assert asked(pack, born="2000-01-01", district="south").cls == "bound"
    assert asked(pack, born="2010-01-01", district="south").cls == "free"


def test_exceptions_may_not_run_in_a_circle() -> None:
    one = rule("age(born) >= 18", more="yields to: south\n")
    other = rule("district == south", name="south", gives="free", more="yields to: bound\n")
    with pytest.raises(MusterRollError, match="exceptions run in a circle: south -> bound -> south"):
        small(one + other)


def test_all_any_and_none_nest() -> None:
    pack = small("""
```rule bound
gives: class bound
when:
  - any:
    - (1): district == north
    - all:
      - (2): district == south
      - (2): months_served >= 3
  - none:
    - (3): serving
    - (3): months_served > 12
```
""")
    for facts, cls in (
        ({"district": "north", "serving": "no", "months_served": "0"}, "bound"),
        ({"district": "south", "serving": "no", "months_served": "2"}, "free"),
        ({"district": "south", "serving": "no", "months_served": "3"}, "bound"),
        ({"district": "north", "serving": "no", "months_served": "13"}, "free"),
        ({"district": "north", "serving": "yes"}, "free"),
    ):
        assert asked(pack, **facts).cls == cls


@pytest.mark.parametrize(
    ("facts", "on", "changes"),
    [
        ({"born": "2002-06-10", "serving": "no"}, "2020-06-01", "2020-06-10"),  # comes of age
        ({"born": "2002-06-10", "serving": "no"}, "2020-06-10", "never"),  # bound for good by this small law
        ({"born": "2002-06-10", "serving": "yes"}, "2020-06-01", "never"),  # exempt whatever his age
        ({"born": "2002-06-05 .. 2002-06-20", "serving": "no"}, "2020-06-01", "2020-06-05"),  # from then on it may be
        ({"born": "2002-06-05 .. 2002-06-20", "serving": "no"}, "2020-06-07", "2020-06-20"),  # from then on it is
        ({"serving": "no"}, "2020-06-01", "never"),  # time does not tell us when he was born
    ],
)
def test_the_next_day_on_which_time_alone_can_change_the_class(facts: dict[str, str], on: str, changes: str) -> None:
    endless = packs.from_text({"p": (BASE + RULES).replace("2000-01-01 .. 2100-01-01", "2000-01-01 ..")})
    assert format_day(asked(endless, day(on), **facts).next_change) == changes


def test_a_change_of_the_text_or_of_a_fact_bounds_the_next_change() -> None:
    pack = small(RULES.replace("gives: class bound\n", "gives: class bound\nin force: 2000-01-01 .. 2020-09-01\n"))
    facts = held(pack, born="2000-01-01", serving="no")
    assert format_day(decide(pack, "duty", facts, ON).next_change) == "2020-09-01"
    assert format_day(decide(pack, "duty", facts, ON, changes_on=ON + 3).next_change) == "2020-06-04"
    assert decide(pack, "duty", facts, day("2020-09-01")).cls == "free"


def test_a_fixed_day_in_the_text_bounds_it_too() -> None:
    pack = small(rule("on >= 2020-07-01 and not serving"))
    assert format_day(asked(pack, serving="no").next_change) == "2020-07-01"
    assert asked(pack, day("2020-07-01"), serving="no").cls == "bound"


def test_a_change_after_the_year_2200_is_not_in_sight() -> None:
    endless = packs.from_text({"p": (BASE + rule("age(born) >= 100")).replace(".. 2100-01-01", "..")})
    assert decide(endless, "duty", held(endless, born="2120-01-01"), day("2119-01-01")).next_change == NEVER


def test_a_law_without_an_end_is_said_to_have_none() -> None:
    endless = packs.from_text({"p": (BASE + RULES).replace(".. 2100-01-01", "..")})
    assert small(RULES).coverage == "2000-01-01 to the day before 2100-01-01"
    assert endless.coverage == "from 2000-01-01, with no end"


def test_outside_the_time_it_covers_a_pack_refuses_to_answer() -> None:
    with pytest.raises(MusterRollError, match="covers 2000-01-01 to the day before 2100-01-01") as refused:
        asked(small(), day("1999-12-31"), serving="yes")
    assert refused.value.code == "law.coverage"


def test_a_standing_cannot_be_made_that_calls_somebody_not_liable() -> None:
    with pytest.raises(ValueError, match="only somebody found liable can be called"):
        Standing("duty", None, None, True, ("exempt", "bound"), 0, 0, (), NEVER)
    with pytest.raises(ValueError, match="only possible one"):
        Standing("duty", "bound", "liable", True, ("exempt", "bound"), 0, 0, (), NEVER)


def test_the_answers_are_the_same_from_the_published_form() -> None:
    pack = small()
    published = packs.from_canonical(pack.canonical())
    assert (published.digest, published.law) == (pack.digest, pack.law)
    assert published.cases == ()
    assert asked(published, serving="yes") == asked(pack, serving="yes")
