"""Chapter: how a doubtful place of the law is read.

A doubt is declared where it arises, with its possible readings and the one that was chosen. Lines that rest on a
reading count only under it. What would follow from another one can be asked of everybody, and is never hidden.
"""

import pytest
from tests.lawtext import ATTRIBUTES, BASE, HEAD, QUESTION, day, held, rule, small

from musterroll.dates import format_day
from musterroll.errors import MusterRollError
from musterroll.law import cases, readings
from musterroll.law import pack as packs
from musterroll.law.evaluate import decide
from musterroll.law.pack import Pack

ON = day("2020-06-01")
DOUBT = """
```interpretation AMB-1
doubt: whether a year counts from the grant or from service
readings: {grant: it counts from the grant, service: it counts six months of service}
chosen: grant
by: the authors
```
"""
RULE = """
```rule bound
gives: class bound
when:
  - any:
    - interpretation AMB-1 grant: granted_on <= on
    - interpretation AMB-1 service: months_served >= 6
```
"""


def cls(pack: Pack, **facts: str) -> str | None:
    return decide(pack, "duty", held(pack, **facts), ON).cls


def test_a_line_counts_only_under_its_reading() -> None:
    pack = small(DOUBT + RULE)
    other = pack.with_readings({"AMB-1": "service"})
    facts = {"granted_on": "2020-01-01", "months_served": "0"}
    assert (cls(pack, **facts), cls(other, **facts)) == ("bound", "free")
    assert other.digest != pack.digest
    assert other is pack.with_readings({"AMB-1": "service"})
    assert pack.with_readings({"AMB-1": "grant"}).digest == pack.digest
    assert other.with_readings({"AMB-1": "grant"}).digest == pack.digest


def test_where_another_reading_gives_another_standing_it_is_told() -> None:
    pack = small(DOUBT + RULE)
    facts = held(pack, granted_on="2020-01-01", months_served="0")
    (found,) = readings.compare(pack, "duty", facts, ON)
    assert (found.reading, found.other, found.chosen.cls, found.standing.cls) == ("AMB-1", "service", "bound", "free")
    assert readings.compare(pack, "duty", held(pack, granted_on="2020-01-01", months_served="6"), ON) == ()


def test_the_citation_of_a_reading_quotes_it() -> None:
    pack = small(DOUBT + RULE)
    assert pack.quoted("interpretation", "AMB-1 service") == "it counts six months of service"
    assert pack.quoted("interpretation", "AMB-1") == "it counts from the grant"
    assert pack.quoted("art. 1", "(2)") == "(2) second"
    assert cases.cited(pack, decide(pack, "duty", held(pack, granted_on="2020-01-01"), ON), ON) == {
        "interpretation AMB-1 grant"
    }


def test_a_whole_rule_may_belong_to_one_reading() -> None:
    pack = small(DOUBT + RULE + rule("serving", name="more", gives="exempt", more="reading: {AMB-1: service}\n"))
    assert cls(pack, serving="yes", granted_on="2020-01-01") == "bound"
    assert cls(pack.with_readings({"AMB-1": "service"}), serving="yes") == "exempt"


def test_a_rule_none_of_whose_lines_counts_is_not_in_force() -> None:
    only = rule("months_served >= 6", name="only", gives="exempt").replace("(1):", "interpretation AMB-1 service:")
    none = only.replace("rule only", "rule none").replace("  - inter", "  - none:\n    - inter")
    pack = small(DOUBT + RULE + only + none)
    assert cls(pack, months_served="9", granted_on="2020-01-01") == "bound"
    assert cls(pack.with_readings({"AMB-1": "service"}), months_served="9") == "exempt"


def test_the_order_and_the_calendar_may_rest_on_a_reading() -> None:
    calendar = """
```calendar
leap_day: [{is: 28 February, basis: interpretation AMB-1 grant}, {is: 1 March, basis: interpretation AMB-1 service}]
month_end: {is: last day, basis: (1)}
age_attained: {is: on anniversary, basis: (1)}
```
"""
    order = "order:\n  - interpretation AMB-1 service: [bound, exempt]\n"
    question = QUESTION.replace("order: [{(1): [exempt, free, bound]}]\n", f"{order}  - (1): [exempt, free]\n")
    both = rule("age(born) >= 18") + rule("age(born) >= 18", name="other", gives="exempt")
    pack = packs.from_text({"p": HEAD + DOUBT + calendar + ATTRIBUTES + question + both})
    other = pack.with_readings({"AMB-1": "service"})
    person = held(pack, born="2004-02-29")
    assert [decide(one, "duty", person, day("2022-02-28")).cls for one in (pack, other)] == ["exempt", "free"]
    assert decide(other, "duty", person, day("2022-03-01")).cls == "bound"
    assert format_day(decide(other, "duty", person, day("2022-02-28")).next_change) == "2022-03-01"


def test_a_case_may_ask_under_another_reading() -> None:
    case = """
```case read otherwise
given: {granted_on: 2020-01-01, months_served: 0}
reading: {AMB-1: service}
on 2020-06-01: free
```
"""
    assert [one.differs for one in cases.run(small(DOUBT + RULE + case))] == [""]
    with pytest.raises(MusterRollError, match="`AMB-1` has no reading `third`"):
        cases.run(small(DOUBT + RULE + case.replace("AMB-1: service", "AMB-1: third")))


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        (DOUBT.replace("chosen: grant", "chosen: third") + RULE, "law.reading", "`third` is not one of two or more"),
        (
            DOUBT.replace(", service: it counts six months of service", "") + RULE,
            "law.reading",
            "`grant` is not one of two or more",
        ),
        (DOUBT + RULE.replace("AMB-1 service", "AMB-1 third"), "law.uncited", "`interpretation AMB-1 third`"),
        (DOUBT + RULE.replace("AMB-1 service", "AMB-2 service"), "law.uncited", "`interpretation AMB-2 service`"),
        (DOUBT + rule("serving", more="reading: {AMB-1: third}\n"), "law.reading", "`AMB-1` has no reading `third`"),
        (DOUBT + rule("serving", more="reading: {AMB-2: third}\n"), "law.reading", "`AMB-2` has no reading `third`"),
        (
            DOUBT + RULE + "\n```definition d\nmeans:\n  - interpretation AMB-1 service: serving\n```\n",
            "law.reading",
            "under the readings chosen it says nothing",
        ),
    ],
)
def test_a_reading_that_does_not_exist_or_leaves_nothing_is_refused(text: str, code: str, says: str) -> None:
    with pytest.raises(MusterRollError) as refused:
        packs.from_text({"small.md": BASE + text})
    assert (refused.value.code, says in refused.value.what) == (code, True), str(refused.value)
    assert refused.value.where.startswith("small.md:")


def test_only_declared_readings_can_be_chosen() -> None:
    pack = small(DOUBT + RULE)
    for chosen in ({"AMB-9": "grant"}, {"AMB-1": "third"}):
        with pytest.raises(KeyError):
            pack.with_readings(chosen)
