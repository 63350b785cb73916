"""Chapter: what the courses of a law show of its orders, claims and appeals (docs/flow/law-tests.md).

Everything that the moves, limits and holds demand is listed; a course takes off what it shows, and a course of the same
words that shows something else does not.
"""

import pytest
from tests.objectiontext import COURSE, LAPSED, law, spoiled

from musterroll.engine.courses.coverage import REFUSED, covered, demands
from musterroll.law.pack import Pack

START = """
```course {name}
of: objection
given: {{born: 1990-01-01, serving: no}}
events:
  - 2021-03-01 order issued by harbour_office: {{report_on: 2021-03-25, told: 2021-03-02}}
"""
FILED = "  - 2021-03-10 filed by person: {about: leave}\n"
REFUSAL = "  - 2021-03-20 refused by harbour_office: {told: 2021-03-22}\n"
APPEAL = "  - 2021-03-30 appealed by person\n"


def course(events: str, expect: str, name: str = "another one") -> str:
    """A course with these events after the order."""
    lines = "".join(f"  - {line}\n" for line in expect.split("; "))
    return COURSE + START.format(name=name) + events + "expect:\n" + lines + "```\n"


def missing(pack: Pack) -> set[str]:
    """What is not shown, in words."""
    return {demand.what for demand, by in covered(pack) if not by}


def test_what_the_law_s_own_course_shows_and_does_not() -> None:
    found = {demand.what: by for demand, by in covered(law(more=COURSE))}
    name = "appeal on the last day, and a day late"
    assert found["objection `filed`: it is made by person"] == name
    assert found["objection `lapsed`: it is made by time"] == name
    assert found["the day of `appeal` of objection"] == found["the day after `appeal` of objection"] == name
    assert found["objection has held and no longer holds `order`"] == name
    assert found["objection `appealed`: it is refused in another state"] == name  # `may not appealed`
    assert not found["the day before `appeal` of objection"]
    assert not found["objection `appealed`: it is made by person"]


def test_each_demand_has_its_line_and_its_paragraph() -> None:
    for demand in demands(law(more=COURSE)):
        assert demand.where.startswith("small.md:")
        assert demand.cite.startswith("art. 1 (")


def test_a_law_without_courses_shows_nothing() -> None:
    pack = law()
    assert missing(pack) == {demand.what for demand in demands(pack)}


@pytest.mark.parametrize(
    ("events", "expect", "what"),
    [
        (FILED, "2021-04-05: not held order, filed", "nothing"),
        (FILED + REFUSAL, "2021-04-05: refused", "the day before `appeal` of objection"),
        (FILED + REFUSAL, "2021-03-21: filed", "objection `refused`: it has been made and does not count yet"),
        (FILED + REFUSAL + APPEAL, "2021-03-30: appealed", "objection `appealed`: it is made by person"),
        ("", "2021-03-24: objection none, may filed by person", "the day of `filing` of objection"),
        ("", "2021-03-25: may not filed by person", "objection `filed`: it is refused as too late"),
        ("", "2021-03-24: may not order reported by person", "order `reported`: it is refused as too early"),
        (FILED, "2021-03-25: may not order reported by person", "order `reported`: it is refused because it is held"),
        ("", "2021-02-28: may not order issued by person", f"order `issued`: {REFUSED['role']}"),
        (
            "  - 2021-03-02 order cancelled by harbour_office\n"
            "  - 2021-03-03 order issued by harbour_office: {report_on: 2021-03-05}\n",
            "2021-03-03: order cancelled",
            f"order `issued`: {REFUSED['condition']}",
        ),
        (
            FILED
            + REFUSAL
            + APPEAL
            + "  - 2021-04-10 dismissed by ferry_board: {members: 5, present: 2, for: 2, against: 0}\n",
            "2021-04-10: appealed",
            f"objection `dismissed`: {REFUSED['quorum']}",
        ),
        (
            FILED
            + REFUSAL
            + APPEAL
            + "  - 2021-04-10 dismissed by ferry_board: {members: 5, present: 3, for: 1, against: 2}\n",
            "2021-04-10: appealed",
            f"objection `dismissed`: {REFUSED['votes']}",
        ),
        (
            FILED
            + REFUSAL
            + APPEAL
            + "  - 2021-04-10 dismissed by ferry_board: {members: 5, present: 4, for: 2, against: 2}\n",
            "2021-04-10: appealed",
            f"objection `dismissed`: {REFUSED['tie']}",
        ),
        (
            FILED
            + REFUSAL
            + APPEAL
            + "  - 2021-04-10 granted by ferry_board: {members: 5, present: 4, for: 4, against: 0, barred: parent}\n",
            "2021-04-10: appealed",
            f"objection `granted`: {REFUSED['barred']}",
        ),
        (
            FILED
            + REFUSAL
            + APPEAL
            + "  - 2021-04-10 granted by ferry_board: {members: 5, present: 4, for: 4, against: 0}\n",
            "2021-04-10: granted, order cancelled",
            "objection `granted`: it is made from `appealed`",
        ),
    ],
)
def test_a_course_takes_off_what_it_shows(events: str, expect: str, what: str) -> None:
    before, after = missing(law(more=COURSE)), missing(law(more=course(events, expect)))
    assert after <= before
    if what == "nothing":
        assert before - after <= {"the day before `filing` of objection"}
    else:
        assert what in before - after


def test_a_pause_is_shown_by_a_limit_that_ends_later() -> None:
    what = "`appeal` of objection ends later because it pauses while `filed`"
    pause = ("pauses: while order_cancelled", "pauses: while filed")
    assert what in missing(spoiled(pause, more=COURSE))
    back = ("  - (3): {lapsed", "  - (2): {reopened: refused -> filed, by: person}\n  - (3): {lapsed")
    again = FILED + REFUSAL + "  - 2021-03-25 reopened by person\n"
    shown = missing(spoiled(pause, back, more=course(again, "2021-03-28: filed")))
    assert what in shown  # the pause lasts: no last day can be named


def test_a_move_by_time_with_a_condition_is_shown_where_its_time_has_come_and_it_does_not_happen() -> None:
    what = "objection `lapsed`: its time has come and its condition is not met"
    condition = (LAPSED, LAPSED.replace("after: appeal", "after: appeal, if: serving"))
    assert what in missing(spoiled(condition))
    assert what not in missing(spoiled(condition, more=course(FILED + REFUSAL, "2021-04-20: refused")))


def test_what_nobody_can_show_is_not_demanded() -> None:
    asked = {demand.what for demand in demands(law())}
    assert "objection `appealed`: it is refused as too late" not in asked  # time has moved on then
    assert "objection `filed`: it is refused as too late" in asked
    assert "order `issued`: it is refused because it is held" not in asked  # it binds nobody
    assert not any("`none`" in what for what in asked)
    anybody = spoiled(
        (
            "{cancelled: issued -> cancelled, by: harbour_office}",
            "{cancelled: issued -> cancelled, by: harbour_office or person}",
        )
    )
    assert f"order `cancelled`: {REFUSED['role']}" not in {demand.what for demand in demands(anybody)}
    several = spoiled(("within: order", "within: order\nmany: yes"))
    assert f"objection `filed`: {REFUSED['state']}" not in {demand.what for demand in demands(several)}
