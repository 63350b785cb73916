"""Chapter: why a person stands where he does.

Every standing can be put into words: the true conditions with article, fact and source; why nothing lighter applies;
what is missing and who can answer; and what time alone does next.
"""

import random
from itertools import product

import pytest
from tests.generatedlaw import law
from tests.lawtext import BASE, RULES, anybody, day, held, rule, small

from musterroll.dates import format_day
from musterroll.fact.attribute import UNKNOWN, Evidence, Held, State
from musterroll.law import pack as packs
from musterroll.law.cells import cells
from musterroll.law.evaluate import decide
from musterroll.law.explain import Explanation, explain
from musterroll.law.pack import Pack
from musterroll.law.trace import trace
from musterroll.law.wording import Wording

ON = day("2020-06-01")
WORDS = """
```words en
class.duty.bound: You are bound.
rule.bound: You are of age.
attribute.born.value: You were born on {value}.
attribute.born.range: You were born between {first} and {last}.
attribute.serving.no: You do not serve.
attribute.serving.unknown: We do not know whether you serve.
answers.person: you yourself
value.serving.yes: indeed
```

```words et
class.duty.bound: Oled kohustatud.
attribute.born.value: Oled sündinud {value}.
```
"""


def told(pack: Pack, facts: dict[str, Held], on: int = ON, language: str = "en") -> Explanation:
    return explain(pack, decide(pack, "duty", facts, on), facts, on, language)


def test_why_gives_each_true_condition_its_article_its_words_and_its_evidence() -> None:
    pack = small(RULES + WORDS)
    seen = Evidence(1, 1, "registry", 7, 12, 0, 1, 5, True)
    born = Held(day("2000-05-05"), day("2000-05-05"), State.SINGLE, (seen,))
    found = told(pack, {**held(pack, serving="no"), "born": born})
    assert (found.headline, found.reasons) == ("You are bound.", ("You are of age.",))
    (condition,) = found.because
    assert (condition.article, condition.paragraph, condition.quote) == ("art. 1", "(1)", "(1) first")
    assert (condition.words, condition.value) == ("You were born on 5 May 2000.", "5 May 2000")
    assert condition.held.evidence == (seen,)
    assert condition.turns_on is None


def test_why_not_better_shows_for_each_lighter_class_the_smallest_set_of_conditions_that_fails() -> None:
    more = """
```rule long
gives: class exempt
when:
  - (2): months_served >= 12
  - any:
    - (3): district == south
    - (3): granted_on <= on
```
"""
    pack = small(RULES + more + WORDS)
    facts = held(pack, born="2000-05-05", serving="no", months_served="3", district="north", granted_on="never")
    found = {one.rule: one for one in told(pack, facts).why_not_better}
    assert set(found) == {"exempt", "long"}
    assert [one.words for one in found["exempt"].conditions] == ["You do not serve."]
    assert [one.attribute for one in found["long"].conditions] == ["months_served"]  # one fails rather than two
    both = told(pack, {**facts, **held(pack, months_served="13")}).why_not_better
    assert [one.attribute for one in both[1].conditions] == ["district", "granted_on"]


def test_of_two_conditions_that_fail_the_one_that_no_board_judges_is_shown() -> None:
    more = """
```rule grant
gives: class exempt
when:
  - (2): granted_on <= on
  - (3): district == south
judgement: granted_on
```
"""
    pack = small(RULES + more)
    facts = held(pack, born="2000-05-05", serving="no", district="north", granted_on="never")
    assert [one.attribute for one in told(pack, facts).why_not_better[1].conditions] == ["district"]


def test_exceptions_and_negations_are_explained_through_their_conditions() -> None:
    pack = small(
        rule("not (serving or months_served > 5)")
        + rule("district == south and not (age(born) < 18)", name="south", gives="free", more="exception to: bound\n")
    )
    facts = held(pack, born="2000-05-05", serving="no", months_served="3", district="north")
    found = told(pack, facts)
    assert [one.attribute for one in found.because] == ["serving", "months_served"]
    assert [one.attribute for one in found.why_not_better[0].conditions] == ["district"]
    excepted = told(pack, {**facts, **held(pack, district="south")})
    assert [(one.attribute, one.value) for one in excepted.because] == [("district", "south"), ("born", "5 May 2000")]


def test_only_the_grounds_that_hold_are_given_where_one_of_several_is_enough() -> None:
    pack = small(rule("serving or district == south", name="either", gives="exempt"))
    found = told(pack, held(pack, serving="no", district="south"))
    assert [one.attribute for one in found.because] == ["district"]


def test_a_condition_on_the_day_alone_is_explained_without_a_fact() -> None:
    pack = small(rule("on >= 2020-05-01 and on < 2020-07-01 and not serving"))
    first, _ = told(pack, held(pack, serving="no")).because
    assert (first.attribute, first.words, format_day(first.turns_on or 0)) == ("", "", "2020-07-01")
    late = told(pack, held(pack, serving="no"), day("2020-08-01"))
    assert (late.because, late.reasons) == ((), ())  # the residual class: no rule gives it


def test_needs_say_who_can_answer_and_what_could_follow_and_the_most_telling_comes_first() -> None:
    more = rule("district == south and serving", name="guard", gives="free")
    pack = small(RULES + more + WORDS)
    found = told(pack, held(pack, born="2000-05-05"))
    assert found.headline == "not bound"  # the question's own words, where the language has none
    assert found.needs[0].attribute == "serving"
    need = found.needs[0]
    assert (need.words, need.answers) == ("We do not know whether you serve.", ("registry", "you yourself"))
    assert (need.article, need.possible) == ("art. 1 (1)", ("Exempt", "Bound"))
    assert (found.because, found.why_not_better) == ((), ())


def test_one_of_several_codes_is_said_and_asked_for_as_such() -> None:
    pack = small(rule("district == south") + WORDS)
    (need,) = told(pack, held(pack, district="south | east")).needs
    assert need.words == "district: south or east."
    assert need.possible == ("Free", "Bound")


def test_a_vague_fact_is_asked_for_within_what_is_known_of_it() -> None:
    pack = small(RULES + WORDS)
    found = told(pack, held(pack, born="2002-01-01 .. 2002-12-31", serving="no"))
    (need,) = found.needs
    assert need.words == "You were born between 1 January 2002 and 31 December 2002."
    assert need.possible == ("Free", "Bound")


def test_two_dates_that_are_compared_are_asked_for_on_both_sides_of_each_other() -> None:
    pack = small(rule("granted_on < born + days(3)"))
    assert told(pack, held(pack, born="2000-01-01")).needs[0].possible == ("Free", "Bound")
    assert told(pack, held(pack, granted_on="2000-01-01")).needs[0].possible == ("Free", "Bound")


def test_what_time_alone_does_next_is_evaluated_on_its_day() -> None:
    pack = small(RULES + WORDS)
    found = told(pack, held(pack, born="2002-06-10", serving="no"))
    assert found.by_time is not None
    assert (format_day(found.next_change), found.by_time.cls, found.by_time.label) == ("2020-06-10", "bound", "Bound")
    vague = told(pack, held(pack, born="2002-06-10 .. 2002-06-20", serving="no"))
    assert vague.by_time is not None
    assert (vague.by_time.cls, vague.by_time.label, vague.by_time.covered) == (None, "", True)


def test_where_the_pack_ends_it_says_that_it_does_not_know_what_follows() -> None:
    found = told(small(), held(small(), serving="yes"))
    assert found.by_time is not None
    assert (format_day(found.by_time.day), found.by_time.covered) == ("2100-01-01", False)


def test_where_time_changes_nothing_nothing_is_said() -> None:
    pack = packs.from_text({"p": (BASE + RULES).replace("2000-01-01 .. 2100-01-01", "2000-01-01 ..")})
    assert told(pack, held(pack, serving="yes")).by_time is None


def test_a_reading_of_a_doubtful_place_is_quoted_as_such() -> None:
    pack = small(
        RULES.replace("(2): serving", "interpretation doubt: serving")
        + """
```interpretation doubt
doubt: the text does not say
chosen: serving counts
by: the authors
```
"""
    )
    (condition,) = told(pack, held(pack, serving="yes")).because
    assert (condition.article, condition.paragraph, condition.quote) == ("interpretation", "doubt", "serving counts")


@pytest.mark.parametrize(
    ("fact", "words", "value"),
    [
        ({"born": "2000-05-05"}, "You were born on 5 May 2000.", "5 May 2000"),
        (
            {"born": "2000-05-05 .. 2001-06-06"},
            "You were born between 5 May 2000 and 6 June 2001.",
            "5 May 2000 to 6 June 2001",
        ),
        ({"granted_on": "never"}, "day of the grant: never.", "never"),
        ({"granted_on": "none"}, "day of the grant: none.", "none"),
        ({"serving": "no"}, "You do not serve.", "no"),
        ({"serving": "yes"}, "service: indeed.", "indeed"),
        ({"district": "north"}, "district: north.", "north"),
        ({"months_served": "3"}, "months served: 3.", "3"),
    ],
)
def test_values_are_written_as_people_write_them(fact: dict[str, str], words: str, value: str) -> None:
    wording = Wording(small(RULES + WORDS))
    ((name, one),) = held(wording.pack, **fact).items()
    assert (wording.about(name, one), wording.value(name, one)) == (words, value)


def test_what_is_not_held_is_said_not_to_be_known() -> None:
    wording = Wording(small(RULES + WORDS))
    assert wording.about("serving", UNKNOWN) == "We do not know whether you serve."
    assert wording.value("serving", UNKNOWN) == "not known"


def test_another_language_falls_back_to_the_labels_beside_the_law() -> None:
    pack = small(RULES + WORDS)
    found = told(pack, held(pack, born="2000-05-05", serving="no"), language="et")
    assert found.headline == "Oled kohustatud."
    assert found.because[0].words == "Oled sündinud 2000-05-05."
    assert found.why_not_better[0].conditions[0].words == "service: no."
    assert told(pack, held(pack, serving="yes"), language="et").headline == "Exempt."


def test_only_facts_on_which_the_answer_really_turns_are_asked_for() -> None:
    either = rule("serving or not serving and district == south", name="kept", gives="exempt")
    pack = small(either + rule("serving and district == north", name="lost", gives="exempt"))
    # whoever serves is exempt by the first rule, so the second asks nothing of its own
    facts = held(pack, district="south")
    standing = decide(pack, "duty", facts, ON)
    assert standing.needs == ("serving",)  # Kleene's logic cannot know that `serving or not serving` holds
    found = told(pack, facts)
    assert found.possible == ("Exempt",)
    assert found.at_worst == (
        "Whatever it turns out to be, the answer is: Exempt. Until it is established, nothing follows."
    )
    assert [one.attribute for one in found.needs] == ["serving"]  # the answer still waits for it
    assert [one.attribute for one in told(pack, {}).needs] == ["serving", "district"]


def test_what_follows_at_worst_is_said_and_never_more_than_can_follow() -> None:
    pack = small(RULES + WORDS)
    assert told(pack, held(pack, born="2000-05-05")).at_worst == (
        "At worst the answer is: Bound. As long as it is not established, you cannot be called."
    )
    assert told(pack, held(pack, born="2010-05-05")).at_worst == "Whichever it is, you cannot be called."
    assert told(pack, held(pack, serving="yes")).at_worst == ""  # it is established
    silent = packs.from_text({"p": (BASE + RULES).replace("callable: yes", "callable: no")})
    assert told(silent, held(silent, born="2000-05-05")).at_worst == "At worst the answer is: Bound."
    assert told(silent, held(silent, born="2010-05-05")).at_worst == "Whichever it is, it binds you to nothing."


def test_what_another_reading_would_give_is_said_beside_it() -> None:
    doubt = """
```interpretation AMB-1
doubt: whether service outside counts
readings: {any: it counts, own: it does not}
chosen: any
by: the authors
```
"""
    pack = small(doubt + RULES.replace("(2): serving", "interpretation AMB-1 any: serving") + ALSO)
    (other,) = told(pack, held(pack, serving="yes", born="2000-05-05", district="north")).read_otherwise
    assert (other.reading, other.chosen, other.other) == ("AMB-1", "it counts", "it does not")
    assert (other.doubt, other.cls, other.label) == ("whether service outside counts", "bound", "Bound")
    (open_,) = told(pack, held(pack, serving="yes", born="2000-05-05")).read_otherwise
    assert (open_.cls, open_.label) == (None, "")
    assert told(pack, held(pack, serving="yes", born="2010-05-05", district="north")).read_otherwise[0].cls == "free"


ALSO = """
```rule own
gives: class exempt
when:
  - interpretation AMB-1 own: serving
  - (3): district == south
```
"""


def test_where_too_much_is_missing_what_is_listed_stands() -> None:
    odd = [f"months_served == {number}" for number in range(1, 600, 2)]
    lines = "".join(f"    - (1): {' or '.join(odd[first : first + 100])}\n" for first in range(0, 300, 100))
    more = "serving and district == south and granted_on < born and born < 2000-01-01"
    pack = small(rule(more).replace("when:\n", f"when:\n  - any:\n{lines}"))
    found = trace(pack, "duty", {}, ON)
    assert not found.exact
    assert {one.attribute for one in found.needed} == set(pack.attributes)
    partly = held(pack, born="1990-01-01 .. 2010-01-01", district="south | east", granted_on="1980-01-01")
    assert {one.attribute for one in trace(pack, "duty", partly, ON).needed} == {
        *("born", "district", "months_served", "serving"),
    }


def test_what_is_asked_for_is_what_trying_every_answer_shows() -> None:
    """Of 300 made-up people under generated laws: a fact is listed exactly where some answers to it differ."""
    chance = random.Random(4)
    seen = 0
    for leap in ("1 March", "28 February", "1 March"):
        pack = law(chance, leap)
        for _ in range(100):
            person = anybody(pack, chance, hidden=0.2, sets=0.3)
            found = trace(pack, "duty", person, ON)
            if found.standing.cls is not None or not found.exact or len(found.standing.needs) > 2:
                continue
            seen += 1
            answers, relevant = tried(pack, person, found.standing.needs)
            assert {one.attribute for one in found.needed} == (relevant or set(found.standing.needs))
            assert set(found.possible) == answers
    assert seen > 30


def tried(pack: Pack, person: dict[str, Held], names: tuple[str, ...]) -> tuple[set[str], set[str]]:
    """The classes that some answer gives, and the facts on which one turns, the others being answered."""
    period = pack.at(ON)
    conditions = [one.when for one in period.rules["duty"] if one]
    known = cells(conditions, pack.attributes, ON, period.calendar, person)
    values = []
    for name in names:
        fact = person.get(name, UNKNOWN)
        edges = {one + step for one in known[name] for step in (-1, 0, 1)}
        ends = (fact.lo, fact.hi) if fact.lo is not None and fact.hi is not None else pack.attributes[name].span
        inside = {*(one for one in edges if ends[0] <= one <= ends[1]), *ends}
        values.append(sorted(one for one in inside if fact.among is None or fact.among >> one & 1))
    given = {
        chosen: decide(
            pack,
            "duty",
            {**person, **{name: Held(one, one, State.SINGLE) for name, one in zip(names, chosen, strict=True)}},
            ON,
        ).possible
        for chosen in product(*values)
    }
    relevant = {
        names[place]
        for chosen, answer in given.items()
        for place in range(len(names))
        for other in values[place]
        if given[(*chosen[:place], other, *chosen[place + 1 :])] != answer
    }
    return {one for answer in given.values() for one in answer}, relevant


def test_a_definition_that_two_rules_of_a_class_use_gives_both_the_same_ground() -> None:
    grown = "\n```definition grown\nmeans:\n  - (1): age(born) >= 18\n```\n"
    pack = small(grown + rule("grown") + rule("grown and not serving", name="free_to_serve"))
    facts = held(pack, born="2000-05-05", serving="no")
    first, second = trace(pack, "duty", facts, ON).because
    assert first.grounds[0] == second.grounds[0]
