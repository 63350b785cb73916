# ruff: noqa: E501 (each comparison stands on one line beside its sentence)
"""Chapter: a rule in plain words: what a lawyer reads beside the paragraph is what is evaluated, no more and no less."""

import pytest
from tests.lawtext import BASE, small

from musterroll.law.model import Line, Rule
from musterroll.law.plain import Phrase, Plain
from musterroll.law.wording import Wording

HOLIDAYS = """
```holidays offices
covers: 1998-01-01 .. 2040-01-01
weekend: {is: [Saturday, Sunday], basis: (1)}
closed:
  - (1): [2020-01-01]
```
"""


def said(condition: str, more: str = "") -> str:
    pack = small(f"{more}\n```rule bound\ngives: class bound\nwhen:\n  - (1): {condition}\n```\n")
    return Plain(Wording(pack)).flat(_phrase(pack))


def _phrase(pack: object) -> Phrase:
    rule = next(one for one in pack.law.periods[0].rules["duty"] if one)  # type: ignore[attr-defined]
    assert isinstance(rule, Rule)
    return Plain(Wording(pack)).phrase(rule.bare)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("serving", "“service” is yes"),
        ("not serving", "“service” is no"),
        ("district == north", "“district” is north"),
        ("district != north", "“district” is not north"),
        ("district in (north, east)", "“district” is one of: north, east"),
        ("district not in (north, east)", "“district” is none of: north, east"),
        ("months_served >= 3", "“months served” is at least 3"),
        ("months_served < 3", "“months served” is at most 2"),
        ("months_served == 3", "“months served” is 3"),
        ("3 <= months_served < 9", "“months served” is 3 to 8"),
        ("age(born) >= 18", "“day of birth” is at least 18 years ago"),
        ("not (age(born) >= 18)", "“day of birth” is less than 18 years ago, or has not come"),
        ("age(born) < 18", "“day of birth” has come and is less than 18 years ago"),
        ("17 <= age(born) <= 59", "“day of birth” is at least 17 years ago and less than 60 years ago"),
        ("on >= born + years(18) + months(6)", "“day of birth” is at least 18 years and 6 months ago"),
        ("on >= born + years(1) - days(1)", "“day of birth” is at least 1 year less 1 day ago"),
        ("granted_on <= on", "“day of the grant” is the day judged or earlier"),
        ("granted_on > on", "“day of the grant” is after the day judged, or never"),
        ("granted_on < on", "“day of the grant” is before the day judged"),
        ("on <= granted_on", "“day of the grant” is the day judged or later, or never"),
        ("on == granted_on", "“day of the grant” is the day judged"),
        ("granted_on <= on < granted_on + days(365)", "“day of the grant” has come and is less than 365 days ago"),
        ("granted_on < on <= granted_on + days(30)", "“day of the grant” is before the day judged and at most 30 days ago"),
        ("on in [granted_on, granted_on + days(30)]", "“day of the grant” has come and is at most 30 days ago"),
        ("on <= granted_on + months(6)", "“day of the grant” is at most 6 months ago, or has not come"),
        ("on <= granted_on - days(14)", "the day judged is 14 days before “day of the grant”, or earlier"),
        ("on >= granted_on - days(14)", "the day judged is 14 days before “day of the grant”, or later"),
        ("on < granted_on - days(14)", "the day judged is before 14 days before “day of the grant”"),
        ("turning(born) >= 20", "the day judged is 1 January of the year of 20 years after “day of birth”, or later"),
        ("that_year(born + years(20), 7, 1) <= on", "the day judged is 1 July of the year of 20 years after “day of birth”, or later"),
        ("on <= that_year(granted_on, 9, 15)", "the day judged is before 1 day after 15 September of the year of “day of the grant”"),
        ("granted_on <= 2020-05-01", "“day of the grant” is 1 May 2020 or earlier"),
        ("granted_on > 2020-05-01", "“day of the grant” is after 1 May 2020, or never comes"),
        ("granted_on == 2020-05-01", "“day of the grant” is 1 May 2020"),
        ("2020-05-01 <= granted_on <= 2020-05-31", "“day of the grant” is from 1 May 2020 to 31 May 2020"),
        ("granted_on == never", "“day of the grant” is known never to come"),
        ("granted_on < never", "“day of the grant” is a day, not never"),
        ("granted_on != never", "at least one of these holds: (“day of the grant” is after never, which no day is; “day of the grant” is a day, not never)"),
        ("granted_on <= never", "“day of the grant” is known"),
        ("on >= 2020-05-01", "the day judged is 1 May 2020 or later"),
        ("on < 2020-05-01", "the day judged is before 1 May 2020"),
        ("granted_on <= born", "“day of the grant” is “day of birth”, or earlier"),
        ("granted_on > born", "“day of the grant” is after “day of birth”"),
        ("granted_on + days(7) <= born", "7 days after “day of the grant” is “day of birth”, or earlier"),
        ("serving and not serving", "all of these hold: (“service” is yes; “service” is no)"),
        ("serving or district == north", "at least one of these holds: (“service” is yes; “district” is north)"),
        ("not (serving and district == north)", "at least one of these holds: (“service” is no; “district” is not north)"),
        ("not (serving or district == north)", "all of these hold: (“service” is no; “district” is not north)"),
        ("months_served > 1 and months_served > 2", "all of these hold: (“months served” is at least 2; “months served” is at least 3)"),
        ("age(born) >= 18 and born <= 2020-01-01", "all of these hold: (“day of birth” is at least 18 years ago; “day of birth” is 1 January 2020 or earlier)"),
        ("granted_on + days(1) <= on < granted_on + days(2)", "“day of the grant” is before the day judged and at most 1 day ago"),
        ("granted_on <= on < granted_on - days(3)", "all of these hold: (“day of the grant” is the day judged or earlier; the day judged is before 3 days before “day of the grant”)"),
        ("born - days(9) <= on < born + days(5)", "all of these hold: (the day judged is 9 days before “day of birth”, or later; “day of birth” is less than 5 days ago, or has not come)"),
    ],
)  # fmt: skip
def test_each_comparison_has_its_sentence(condition: str, words: str) -> None:
    assert said(condition) == words


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("on > next_working(granted_on + days(15), offices)", "the day judged is after"),
        ("on >= granted_on + working_days(5, offices)", "5 working days (offices) after “day of the grant”"),
        ("on >= granted_on + working_days(1, offices) + days(3)", "3 days after 1 working day (offices) after"),
        (
            "on >= next_working(granted_on, offices) - days(3)",
            "3 days before the first working day (offices) from “day",
        ),
    ],
)
def test_working_days_are_named_with_their_calendar(condition: str, words: str) -> None:
    text = said(condition, HOLIDAYS)
    assert words.removeprefix("the day judged is after") in text


def test_lines_keep_their_paragraphs_and_definitions_their_names() -> None:
    pack = small(
        "\n```definition young\nmeans:\n  - (2): age(born) < 30\n  - (3): district == north\n```\n"
        "\n```definition serves\nmeans:\n  - (2): serving\n```\n"
        "\n```rule bound\ngives: class bound\nwhen:\n  - (1): young\n  - (2): not young\n  - (3): serves\n"
        "  - none:\n      - (1): serving\n      - (2): young\n  - any:\n      - (3): not serving\n```\n"
    )
    phrase = _phrase(pack)
    assert (phrase.how, phrase.cite) == ("all", "")
    young, not_young, serves, none, last = phrase.parts
    assert (young.name, young.holds, young.how, young.cite) == ("young", True, "all", "art. 1 (1)")
    assert [part.cite for part in young.parts] == ["art. 1 (2)", "art. 1 (3)"]
    assert (not_young.name, not_young.holds, not_young.how) == ("young", False, "not all")
    assert (serves.name, serves.how, [part.text for part in serves.parts]) == ("serves", "all", ["“service” is yes"])
    assert (none.how, [part.cite for part in none.parts]) == ("none", ["art. 1 (1)", "art. 1 (2)"])
    assert (last.text, last.cite) == ("“service” is no", "art. 1 (3)")
    flat = Plain(Wording(pack)).flat(phrase)
    assert "none of these holds: (“service” is yes; " in flat
    assert "at least one of these does not hold: (" in flat


def test_nothing_but_comparisons_has_a_sentence() -> None:
    with pytest.raises(AssertionError, match="is no comparison"):
        Plain(Wording(small(base=BASE)))._sentence(Line("a", "b", "c", "d"), holds=True, text="")  # type: ignore[arg-type]
