"""Chapter: what is proved of a law, for everybody and every day (law-engine 6.9).

Each finding names the rules with their file, line and paragraphs, and shows the smallest person who meets it. For each
kind there is a law that has the defect and one that has not.
"""

import dataclasses
from pathlib import Path

import pytest
from tests.lawtext import ATTRIBUTES, BASE, CALENDAR, HEAD, QUESTION, RULES, day, held, rule, small

from musterroll.errors import MusterRollError
from musterroll.law import pack as packs
from musterroll.law import prove
from musterroll.law.evaluate import decide
from musterroll.law.lint import Finding, keys
from musterroll.law.model import All, Known, Not
from musterroll.law.pack import Pack
from musterroll.law.prove.ground import stretches
from musterroll.law.prove.solver import EFFORT
from musterroll.law.prove.stable import Learning

CHILD = rule("not (age(born) >= 18)", name="child", gives="free")
ORDER = "order: [{(1): [exempt, free, bound]}]"


def found(pack: Pack) -> dict[str, Finding]:
    return {one.code: one for one in prove.check(pack).findings}


def test_the_small_law_has_every_proof_and_no_finding() -> None:
    proofs = prove.check(small(RULES + CHILD))
    assert proofs.findings == ()
    assert {one.code for one in proofs.proved} == {
        *("adverse-by-unknown", "burden", "unordered-overlap", "reach", "gap", "date-dependent", "kleene-gap"),
    }
    assert all(one.question == "duty" and one.what and one.steps >= 0 for one in proofs.proved)


def test_the_same_law_gives_the_same_findings_in_the_same_order_every_time() -> None:
    text = RULES + rule("serving and district == south", name="x", gives="exempt") + rule("serving", name="y")
    first, second = (prove.check(small(text)) for _ in range(2))
    assert first == second
    assert len(first.findings) >= 3


def test_gap_somebody_whom_no_rule_reaches() -> None:
    finding = found(small(RULES))["gap"]
    assert not finding.forbids
    assert (finding.rules, finding.question, finding.where) == ((), "duty", "question duty, art. 1 (1)")
    assert "No rule of `duty` reaches this person, who is `free` because nothing else is left" in finding.what
    assert (finding.person["serving"], finding.on) == ("no", day("2000-01-01"))
    assert "gap" not in found(small(RULES + CHILD))


def test_dead_a_rule_whose_conditions_exclude_one_another() -> None:
    finding = found(small(RULES + CHILD + rule("serving and not serving", name="never", gives="exempt")))["dead"]
    assert not finding.forbids
    assert finding.rules == ("never",)
    assert finding.where.startswith("small.md:")
    assert finding.where.endswith("rule never, art. 1 (1)")
    assert "art. 1 (1) `serving and not serving` holds of nobody" in finding.what


def test_dead_names_the_lines_that_contradict_and_leaves_out_the_others() -> None:
    text = "\n```rule torn\ngives: class exempt\nwhen:\n  - (2): district == south\n"
    text += "  - (2): age(born) < 18\n  - (3): age(born) >= 26\n```\n"
    finding = found(small(RULES + CHILD + text))["dead"]
    assert "art. 1 (2) `age(born) < 18` and art. 1 (3) `age(born) >= 26` exclude one another" in finding.what


def test_dead_names_the_rule_that_always_goes_before() -> None:
    more = rule("serving and district == south", name="late", gives="free", more="yields to: exempt\n")
    finding = found(small(RULES + CHILD + more))["dead"]
    assert finding.rules == ("late", "exempt")
    assert "what goes before it (`exempt`)" in finding.what


def test_shadowed_a_rule_of_which_an_earlier_class_always_wins() -> None:
    finding = found(small(RULES + CHILD + rule("serving and age(born) >= 30", name="late")))["shadowed"]
    assert not finding.forbids
    assert finding.rules == ("late", "exempt")
    assert finding.where.count("small.md:") == 2
    assert finding.person == {"born": "1970-01-01", "serving": "yes"}
    assert "`late` (art. 1 (1))" in finding.what
    assert "shadowed" not in found(small(RULES + CHILD + rule("age(born) >= 30", name="late")))


def test_redundant_a_rule_that_another_of_its_class_covers() -> None:
    finding = found(small(RULES + CHILD + rule("serving and district == south", name="more", gives="exempt")))[
        "redundant"
    ]
    assert not finding.forbids
    assert finding.rules == ("more", "exempt")
    assert finding.person == {"serving": "yes", "district": "south"}


def test_a_rule_that_decides_for_people_known_partly_is_not_redundant() -> None:
    """Each age falls under one of the first two rules; of somebody whose age is not known only the third decides."""
    text = rule("age(born) < 30", name="young", gives="exempt") + rule("age(born) >= 30", name="old", gives="exempt")
    assert "redundant" not in found(small(text + rule("serving", name="third", gives="exempt")))
    vague = rule("20 <= age(born) < 40", name="third", gives="exempt")
    assert "redundant" not in found(small(text + vague))


def unsettled(text: str) -> Pack:
    return small(text, BASE.replace(ORDER, "order: [{(1): [exempt, bound]}, {(2): [free, bound]}]"))


def test_unordered_overlap_two_rules_meet_and_no_paragraph_says_which_is_first() -> None:
    pack = unsettled(RULES + rule("district == south", name="away", gives="free"))
    finding = found(pack)["unordered-overlap"]
    assert finding.forbids
    assert finding.rules == ("exempt", "away")
    assert finding.person == {"serving": "yes", "district": "south"}
    assert "give `exempt` and `free`, and no cited order says which is tried first" in finding.what
    with pytest.raises(MusterRollError) as refused:
        prove.refuse(worded(pack))
    assert refused.value.code == "law.unordered-overlap"


def test_what_the_order_settles_or_a_rule_yields_to_is_no_overlap() -> None:
    away = rule("district == south", name="away", gives="free")
    assert "unordered-overlap" not in found(small(RULES + away))
    yielding = rule("district == south", name="away", gives="free", more="yields to: exempt\n")
    assert "unordered-overlap" not in found(unsettled(RULES + yielding))
    apart = rule("district == south and not serving", name="away", gives="free")
    assert "unordered-overlap" not in found(unsettled(RULES + apart))


def test_an_overlap_counts_only_where_it_decides() -> None:
    """Where both give way to a third rule that is ordered before them, nobody has to ask which of the two is first."""
    classes = QUESTION.replace(
        "classes:\n", "classes:\n  - gone: {effect: not liable, callable: no, label: Gone, basis: (1)}\n"
    ).replace(ORDER, "order: [{(1): [gone, exempt, bound]}, {(2): [gone, free, bound]}]")
    base = HEAD + CALENDAR + ATTRIBUTES + classes
    meeting = rule("serving", name="a", gives="exempt") + rule("serving and months_served > 3", name="b", gives="free")
    assert "unordered-overlap" in found(small(meeting, base))
    first = rule("months_served > 3", name="c", gives="gone")
    assert "unordered-overlap" not in found(small(meeting + first, base))


def test_burden_a_protected_fact_that_makes_it_worse() -> None:
    pack = small(rule("serving and age(born) >= 18"))
    finding = found(pack)["burden"]
    assert finding.forbids
    assert finding.what.startswith("`serving` is a service fact; `yes` gives `bound` where `no` gives `free`.")
    assert (finding.rules, finding.person) == (("bound",), {"born": "1982-01-01", "serving": "yes"})
    assert finding.where.startswith("art. 1 (1); small.md:")
    assert "burden" not in found(small(rule("serving and age(born) >= 18") + allowing("duty: bound instead of free")))


def allowing(*lines: str) -> str:
    return f"\n```burden serving\nbasis: (2)\nwhy: the law says so\nallows: [{', '.join(lines)}]\n```\n"


def test_a_burden_entry_allows_what_it_says_and_nothing_else_by_the_same_fact() -> None:
    """One class of the law may weigh; "who serves is bound" is refused all the same."""
    deferring = QUESTION.replace("free: {effect: not liable", "free: {effect: deferred")
    base = HEAD + CALENDAR + ATTRIBUTES + deferring.replace("otherwise: free", "otherwise: exempt")
    resting = rule("serving and age(born) < 30", name="rests", gives="free")
    entry = allowing("duty: free instead of exempt")
    assert not {"burden", "unused-burden"}.intersection(found(small(resting + entry, base)))
    bad = prove.check(small(resting + rule("serving", name="every") + entry, base)).findings
    (finding,) = [one for one in bad if one.code == "burden"]
    assert (finding.forbids, finding.fact, finding.rules) == (True, "serving", ("every",))
    assert "gives `bound` where `no` gives `exempt`" in finding.what
    assert "`allows: [duty: bound instead of exempt]`" in finding.remedy
    both = [one for one in prove.check(small(resting + rule("serving", name="every"), base)).findings if one.forbids]
    assert [one.code for one in both] == ["burden", "burden"]


@pytest.mark.parametrize(
    ("allows", "says"),
    [
        ("allows: bound", "`allows` is not a list"),
        ("allows: [bound]", "names no question and two of its classes"),
        ("allows: [duty: [bound]]", "names no question and two of its classes"),
        ("allows: [other: bound instead of free]", "names no question and two of its classes"),
        ("allows: [duty: bound instead of nothing]", "names no question and two of its classes"),
        ("allows: [duty: bound instead of free, duty: bound instead of free]", "is allowed twice"),
        ("", "`allows` is missing"),
    ],
)
def test_a_burden_entry_says_which_class_instead_of_which(allows: str, says: str) -> None:
    with pytest.raises(MusterRollError) as refused:
        small(RULES + f"\n```burden serving\nbasis: (2)\nwhy: so\n{allows}\n```\n")
    assert says in refused.value.what


def test_a_burden_entry_without_a_burden_is_told() -> None:
    finding = found(small(RULES + allowing("duty: bound instead of free")))["unused-burden"]
    assert (finding.forbids, finding.where.endswith(", art. 1 (2)")) == (False, True)
    assert "allows `duty: bound instead of free`, which does not happen" in finding.what
    assert "unused-burden" in found(small(RULES + allowing("duty: free instead of bound")))


def test_burden_counts_a_deferment_as_heavier_than_an_exemption_and_a_call_as_heavier_than_a_duty() -> None:
    deferring = QUESTION.replace("effect: not liable", "effect: deferred").replace(
        "otherwise: free", "otherwise: exempt"
    )
    base = HEAD + CALENDAR + ATTRIBUTES + deferring
    heavier = small(rule("serving", gives="free") + rule("age(born) >= 18", name="b"), base)
    assert "`yes` gives `free` where `no` gives `exempt`" in found(heavier)["burden"].what
    lighter = small(rule("serving", gives="exempt") + rule("age(born) >= 18", name="b"), base)
    assert "burden" not in found(lighter)


def test_a_day_that_the_law_leaves_open_is_nobodys_burden() -> None:
    """Whether the other was born too late is open on one day: the serving man's class is no worse than either."""
    calendar = CALENDAR.replace("leap_day: {is: 1 March", "leap_day: {is: either")
    text = rule("age(born) >= 18") + rule("serving and age(born) >= 18", name="x")
    base = HEAD + calendar + ATTRIBUTES + QUESTION.replace("free: {effect: not liable", "free: {effect: liable")
    assert "burden" not in found(small(text, base.replace("otherwise: free", "otherwise: exempt")))


def test_adverse_by_unknown_a_rule_that_holds_because_a_fact_is_not_known() -> None:
    """The language has no such condition in rules; a pack that had one would be found out."""
    pack = small(RULES + CHILD)
    period = pack.law.periods[0]
    exempt, child, bound = period.rules["duty"]
    assert bound is not None
    because_unknown = All((Not(Known("granted_on")), bound.when))
    rules = (exempt, child, dataclasses.replace(bound, when=because_unknown, bare=because_unknown))
    law = dataclasses.replace(pack.law, periods=(dataclasses.replace(period, rules={"duty": rules}),))
    bad = dataclasses.replace(pack, law=law)
    (finding,) = Learning(bad, "duty", stretches(bad, "duty")[0], EFFORT).findings()
    assert (finding.code, finding.forbids) == ("adverse-by-unknown", True)
    assert "Somebody found `bound` would be free if more were known" in finding.what
    assert finding.rules == ("bound",)


def test_kleene_gap_somebody_asked_for_a_fact_that_does_not_matter() -> None:
    text = rule("district == south", name="a", gives="exempt") + rule("district != south", name="b", gives="exempt")
    finding = found(small(text))["kleene-gap"]
    assert not finding.forbids
    assert finding.rules == ("a", "b")
    assert "`district` is asked for although this person is `exempt` whatever it is" in finding.what
    assert finding.person == {}
    whole = rule("district in (north, south, east)", name="a", gives="exempt")
    assert "kleene-gap" in found(small(whole))


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (rule("months_served <= 6 or months_served >= 5", gives="exempt"), "months_served"),
        (rule("granted_on <= on or granted_on > on - days(3)", gives="exempt"), "granted_on"),
        (rule("granted_on <= born or granted_on > born", gives="exempt"), "born"),
        (rule("granted_on + days(9) <= born or born < granted_on + days(20)", gives="exempt"), "granted_on"),
        (rule("serving or not serving", gives="exempt"), "serving"),
        (
            rule("granted_on == never", gives="exempt") + rule("granted_on != never", name="b", gives="exempt"),
            "granted_on",
        ),
        (rule("age(born) < 18", gives="exempt") + rule("age(born) >= 18", name="b", gives="exempt"), "born"),
    ],
)
def test_kleene_gaps_of_every_kind_of_fact(text: str, fact: str) -> None:
    whats = [one.what for one in prove.check(small(text)).findings if one.code == "kleene-gap"]
    assert any(what.startswith(f"`{fact}` is asked for") for what in whats)


def test_what_the_law_can_tell_apart_is_no_kleene_gap() -> None:
    text = rule("district in (north, south)", gives="exempt") + rule("months_served <= 6", name="b")
    more = rule("granted_on <= on or granted_on > on + days(3)", name="c", gives="exempt")
    assert "kleene-gap" not in found(small(text + more))


def test_kleene_gap_of_a_fact_known_partly() -> None:
    """Not known at all it matters; known to be one of two, it does not, and yet no single rule is sure."""
    text = rule("district == south", name="a", gives="exempt") + rule("district == east", name="b", gives="exempt")
    pack = small(text)
    finding = found(pack)["kleene-gap"]
    assert finding.person == {"district": "south | east"}
    assert decide(pack, "duty", held(pack, district="south | east"), finding.on or 0).cls is None
    ages = rule("18 <= age(born) < 20", name="a", gives="exempt") + rule(
        "20 <= age(born) < 22", name="b", gives="exempt"
    )
    assert " .. " in found(small(ages))["kleene-gap"].person["born"]


def test_date_dependent_a_rule_that_reaches_people_in_some_years_only() -> None:
    old = rule("born < 2003-07-01 and age(born) < 26", name="old", gives="exempt")
    finding = found(small(RULES + CHILD + old))["date-dependent"]
    assert not finding.forbids
    assert "reaches somebody in 2000 to 2029 and nobody in 2030 to 2099" in finding.what
    assert finding.rules == ("old",)
    ends = (
        RULES + CHILD + rule("granted_on <= on", name="x", gives="exempt", more="in force: 2010-01-01 .. 2020-01-01\n")
    )
    assert "date-dependent" not in found(small(ends))


def test_a_rule_that_begins_with_a_day_named_in_it_is_dead_before() -> None:
    late = rule("on >= 2050-06-01 and serving and district == south", name="late", gives="exempt", more="")
    text = rule("on < 2060-01-01 and serving and district != south", name="b", gives="exempt")
    whats = [one.what for one in prove.check(small(text + late + CHILD)).findings if one.code == "date-dependent"]
    assert any("reaches somebody in 2050 to 2099 and nobody in 2000 to 2049" in what for what in whats)
    assert any("reaches somebody in 2000 to 2059 and nobody in 2060 to 2099" in what for what in whats)


def accepted(name: str) -> str:
    return f"\n```accepted {name}\nbecause: the law says it twice\nby: the authors\nbasis: (2)\n```\n"


def test_an_accepted_finding_is_told_apart_with_its_reason() -> None:
    text = RULES + CHILD + rule("serving and district == south", name="more", gives="exempt")
    proofs = prove.check(small(text + accepted("redundant exempt more")))
    assert proofs.findings == ()
    ((finding, reason),) = proofs.accepted
    assert (finding.code, reason.because) == ("redundant", "the law says it twice")


def test_an_accepted_kleene_gap_hides_neither_another_fact_nor_another_rule() -> None:
    either = "(district == south or district != south)"
    months = "(months_served <= 6 or months_served >= 5)"
    text = rule(f"not serving and {either} and {months}", name="a", gives="exempt")
    text += rule(f"serving and {either}", name="b")
    proofs = prove.check(small(text + accepted("kleene-gap a").replace("basis", "facts: [district]\nbasis")))
    assert [(one.fact, one.rules) for one, _ in proofs.accepted] == [("district", ("a",))]
    left = {(one.fact, one.rules) for one in proofs.findings if one.code == "kleene-gap"}
    assert left == {("district", ("b",)), ("months_served", ("a",))}


def test_an_acceptance_that_nothing_needs_is_told() -> None:
    finding = found(small(RULES + CHILD + accepted("redundant exempt")))["unused-accepted"]
    assert (finding.forbids, finding.what) == (False, "The pack accepts `redundant exempt`, which is not found.")


def test_what_the_solver_gives_up_on_is_not_proved_and_forbids() -> None:
    proofs = prove.check(small(RULES + CHILD), effort=1)
    assert {(one.code, one.forbids) for one in proofs.findings} == {("not-proved", True)}
    assert any("it is not proved: `adverse-by-unknown`" in one.what for one in proofs.findings)
    assert {one.code for one in proofs.proved}.isdisjoint({"adverse-by-unknown", "reach", "kleene-gap"})


def test_law_in_force_outside_the_years_that_proofs_speak_of_is_not_proved() -> None:
    far = BASE.replace("2000-01-01 .. 2100-01-01", "2150-01-01 ..")
    finding = found(small(RULES, far))["not-proved"]
    assert finding.forbids
    assert "outside the years 1901 to 2099" in finding.what


def test_periods_with_the_same_law_of_a_question_are_proved_together() -> None:
    other = QUESTION.replace("question duty", "question other").replace("number: 9", "number: 10")
    text = RULES + rule("serving", name="x", more="question: other\nin force: 2010-01-01 ..\n", gives="exempt")
    pack = small(text, BASE + other)
    assert len(pack.law.periods) == 2
    assert len(stretches(pack, "duty")) == 1
    assert len(stretches(pack, "other")) == 2


def test_a_rule_that_is_right_in_one_period_is_not_told_for_another() -> None:
    more = rule("serving and district == south", name="more", gives="exempt")
    early = RULES.replace("gives: class exempt\n", "gives: class exempt\nin force: 2010-01-01 ..\n")
    assert "redundant" not in found(small(early + CHILD + more))
    gap = RULES + CHILD.replace("gives: class free\n", "gives: class free\nin force: 2010-01-01 ..\n")
    assert found(small(gap))["gap"].on == day("2000-01-01")


def worded(pack: Pack) -> Pack:
    lines = "".join(f"{key}: sentence\n" for key in keys(pack))
    pages = packs.Pages(pack.pages.articles, pack.pages.blocks)
    text = packs.article.read(f"```words en\n{lines}```\n", "words.md")
    read = rule("serving and months_served > 3 and granted_on <= on and age(born) >= 0", name="read", gives="exempt")
    more = packs.article.read(f"# art. 2: More\n> (1) more\n{read}", "more.md")
    blocks = (*pages.blocks, *more.blocks, *text.blocks)
    made = packs._made(packs.Pages((*pages.articles, *more.articles), blocks))
    missing = "".join(f"{key}: sentence\n" for key in keys(made) if key not in made.words["en"])
    extra = packs.article.read(f"```words en\n{missing}```\n", "extra.md").blocks
    return packs._made(packs.Pages((*pages.articles, *more.articles), (*blocks, *extra)))


def test_a_law_without_findings_that_forbid_is_not_refused() -> None:
    prove.refuse(worded(small(RULES + CHILD + rule("district == south and not serving", name="x", gives="exempt"))))


@pytest.mark.parametrize("name", ["example", "us", "ee", "lv"])
def test_the_packs_are_proved(name: str) -> None:
    pack = packs.load(Path(__file__).parents[3] / "packs" / name)
    proofs = prove.check(pack)
    assert [one for one in proofs.findings if one.forbids] == []
    proved = {(one.code, one.question) for one in proofs.proved}
    for question in pack.questions:
        for code in ("adverse-by-unknown", "burden", "unordered-overlap"):
            assert (code, question) in proved
