"""Chapter: courses, the worked cases of proceedings: what they may say, and how they say what differs."""

import pytest
from tests import lawtext, proceedingtext
from tests.proceedingtext import CALLED, CLAIM, DENIED, FILED, LAW, ORDER, course, law, told, with_course

from musterroll.claim import worked
from musterroll.errors import MusterRollError
from musterroll.law import report

READ = "2021-03-20: filed"


@pytest.mark.parametrize(
    ("expect", "differs"),
    [
        ("2021-03-10: filed", ""),
        ("2021-03-10: not filed", "expected not filed, found filed"),
        ("2021-03-10: denied", "expected denied, found filed"),
        ("2021-03-10: filed because art. 1 (2)", ""),
        ("2021-03-10: filed because art. 1 (3)", "art. 1 (3) is no reason for `filed`"),
        ("2021-03-20: filed, formally denied because art. 1 (2)", ""),
        ("2021-03-20: formally filed", "expected formally filed, found denied"),
        ("2021-03-10: not held order", "expected not held order, found held"),
        ("2021-03-09: held order", "expected held order, found not held"),
        ("2021-03-10: held claim", "expected held claim, found not held"),
        ("2021-03-22: last day of appeal 2021-04-04, last day of claim filing 2021-05-31", ""),
        ("2021-03-22: last day of appeal none", "expected last day of appeal none, found 2021-04-04"),
        ("2021-03-10: last day of appeal none, first day of again none", ""),
        ("2021-03-10: may granted by office, may claim denied by office, may order cancelled by office", ""),
        ("2021-03-10: may not granted by office", "expected may not granted by office, found may by office"),
        ("2021-03-10: may not granted", "expected may not granted, found may by office or board"),
        ("2021-03-10: may not appealed, may not order reported by person because art. 1 (1)", ""),
        ("2021-03-10: refused filed", "expected refused filed, found it happened, or nobody tried"),
        ("2021-03-10: order issued, claim#1 filed, order none", "expected order none, found issued"),
    ],
)
def test_what_a_line_expects(expect: str, differs: str) -> None:
    assert told(LAW, (CALLED, FILED, DENIED), expect) == differs


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("of: claim", "of: war"), "there is no proceeding `war`"),
        (("of: claim", "of: claim\ncolor: red"), "`color` is not known here"),
        (("given: {}", "given: {like: nobody}"), "there is no person `nobody`"),
        (("given: {}", "given: {height: 2}"), "`height` is not an attribute"),
        (("given: {}", "given: {}\nreading: {width: wide}"), "`width` has no reading `wide`"),
        (("- 2021-03-10 filed", "- on the tenth filed"), "an event is not `DAY EVENT by ROLE`"),
        (("- 2021-03-10 filed", "- 2021-13-10 filed"), "A date is written YYYY-MM-DD"),
        (("- 2021-03-10 filed by person: {ground: illness}", "- [x]"), "an event is not `DAY EVENT by ROLE`"),
        (("filed by person: {ground: illness}", "filed by person: soon"), "an event is not `DAY EVENT by ROLE`"),
        (("filed by person", "lost by person"), "there is no event `lost` of `claim`"),
        (("filed by person", "war filed by person"), "there is no event `filed` of `war`"),
        (("filed by person", "filed by anybody"), "`anybody` is no role of `claim`"),
        (("filed by person", "filed by time"), "`time` is no role of `claim`"),
        (("{ground: illness}", "{ground: boredom}"), "`boredom` is no value of `ground`"),
        (("{ground: illness}", "{ground: [illness]}"), "`ground` holds no value"),
        (("{ground: illness}", "{weather: fine}"), "`weather: fine` does not come with `filed`"),
        (("{ground: illness}", "{present: many}"), "`present: many` does not come with `filed`"),
        (("{ground: illness}", "{waived by: nobody}"), "`waived by: nobody` does not come with `filed`"),
        (("{ground: illness}", "{told: soon}"), "A date is written YYYY-MM-DD"),
        (("2021-03-20: filed", "2021-03-20: lost"), "`lost` is not understood, or names something that does not exist"),
        (("2021-03-20: filed", "2021-03-20: may granted"), "`may granted` is not understood"),
        (("2021-03-20: filed", "2021-03-20: may lost by office"), "`may lost by office` is not understood"),
        (("2021-03-20: filed", "2021-03-20: held war"), "`held war` is not understood"),
        (("2021-03-20: filed", "2021-03-20: war filed"), "`war filed` is not understood"),
        (("2021-03-20: filed", "2021-03-20: first day of appeal none"), "`first day of appeal none` is not understood"),
        (("2021-03-20: filed", "2021-03-20: last day of again none"), "is not understood"),
        (("2021-03-20: filed", "2021-03-20: the end, at last"), "`the end` is not understood"),
        (("2021-03-20: filed", "2021-03-20: what now?"), "`what now?` is not understood"),
        (("2021-03-20: filed", "soon: filed"), "A date is written YYYY-MM-DD"),
        (("- 2021-03-20: filed", "- filed"), "an expected line is not `DAY: ...`"),
        (("2021-03-20: filed", "2021-03-20: [filed]"), "an expected line holds no text"),
        (("expect:\n  - 2021-03-20: filed", "expect: filed"), "`expect` is no list"),
        (("events:\n  - 2021", "events: nothing\nnote:\n  - 2021"), "`events` is no list"),
    ],
)
def test_a_course_that_cannot_be_read_says_where_and_what_to_do(change: tuple[str, str], says: str) -> None:
    text = course((FILED,), (READ,))
    assert change[0] in text
    with pytest.raises(MusterRollError) as wrong:
        worked.run(with_course(LAW, text.replace(*change, 1)))
    assert says in wrong.value.what
    assert "t.md:" in wrong.value.where


def test_a_course_names_person_reading_and_note() -> None:
    doubt = (
        "\n```interpretation length\ndoubt: how long an appeal may take\n"
        "readings: {short: fifteen days, long: thirty}\nchosen: short\nby: nobody\n```\n"
    )
    lines = (
        "interpretation length short: {appeal: 15 days from denied, counts: day after}\n"
        "  - interpretation length long: {appeal: 30 days from denied, counts: day after}"
    )
    person = "\n```person somebody\ngiven: {serving: no}\n```\n"
    claim = CLAIM.replace("(3): {appeal: 15 days from denied, counts: day after}", lines)
    pack = law(doubt + person + ORDER + claim)
    steps, given = (CALLED, FILED, DENIED), "like: somebody, months_served: 3"
    assert not told(pack, steps, "2021-04-05: final", given=given)
    more = "reading: {length: long}\nnote: read so, he has thirty days\n"
    assert not told(pack, steps, "2021-04-05: denied, last day of appeal 2021-04-19", given=given, more=more)
    with pytest.raises(MusterRollError, match="has no reading `endless`"):
        told(pack, steps, "2021-04-05: denied", more="reading: {length: endless}\n")


def test_a_course_without_events_shows_the_beginning() -> None:
    assert not told(LAW, (), "2021-03-01: none, order none, may order issued by office, may not filed by person")


def test_lines_say_what_was_found() -> None:
    pack = with_course(LAW, course((CALLED, FILED), ("2021-03-09: none", "2021-03-10: denied")))
    first, second = worked.run(pack)
    assert (first.agrees, first.found, first.expected) == (True, "none", "none")
    assert (second.agrees, second.case, second.article) == (False, "tried", "")
    assert second.differs == "expected denied, found filed"
    line = worked.lines(pack)[1]
    assert (line.of, len(line.events), line.where) == ("claim", 2, "t.md:10")


def test_courses_are_no_part_of_the_published_form() -> None:
    pack = with_course(LAW, course((CALLED,), ("2021-03-09: none",)))
    assert pack.digest == LAW.digest
    assert [block.kind for block in pack.cases if block.kind == "course"] == ["course"]


def test_check_and_cases_count_both(tmp_path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "small"
    folder.mkdir()
    case = "\n```case one\ngiven: {serving: yes}\non 2021-01-01: exempt\n```\n"
    text = lawtext.BASE + proceedingtext.HOLIDAYS + lawtext.RULES + proceedingtext.ORDER + proceedingtext.CLAIM
    (folder / "pack.md").write_text(text + case + course((CALLED, FILED), ("2021-03-09: none", "2021-03-10: denied")))
    seen = report.case_lines(folder, worked.run)
    assert seen.figures == (("lines", 3), ("differ", 1))
    assert "DIFFERS" in seen.lines[-1]
    assert report.case_lines(folder).figures == (("lines", 1), ("differ", 0))
    found = [one for one in report.check(folder, courses=worked.run).findings if one.code == "case"]
    assert [one.what for one in found] == ["tried: expected denied, found filed."]
    assert ("case lines", 3) in report.check(folder, courses=worked.run).figures
