"""Chapter: which small errors in orders, claims and appeals the courses of a law notice (docs/flow/law-tests.md)."""

import pytest
from tests.conftest import ROOT
from tests.objectiontext import COURSE, LAPSED, law, spoiled, text

from musterroll.claim import worked
from musterroll.engine.courses.mutants import Error, of
from musterroll.engine.courses.noticed import noticed
from musterroll.engine.courses.propose import equivalent, proposed
from musterroll.law import pack as packs
from musterroll.law.pack import Pack

KINDS = {"length", "counting", "move", "guard", "condition", "effect", "hold", "body"}


def error(pack: Pack, what: str) -> Error:
    """The one error of these words."""
    found = [one for one in of(pack) if one.what == what]
    assert len(found) == 1, [one.what for one in of(pack)]
    return found[0]


def test_every_kind_of_error_is_made_and_each_makes_another_law() -> None:
    pack = law(more=COURSE)
    every = of(pack)
    assert {one.kind for one in every} == KINDS
    for one in every:
        changed = one.change(pack)
        periods = [period.guards for period in changed.law.periods]
        assert changed.proceedings != pack.proceedings or periods != [period.guards for period in pack.law.periods]
        assert one.where.startswith("small.md:")
        assert one.cite.startswith("art. 1")


@pytest.mark.parametrize(
    "what",
    [
        "`refused`: it is left out",
        "`granted`: not by ferry_board",
        "`issued`: also by person",
        "`granted`: not from `appealed`",
        "`filed`: also from `filed`",
        "`refused`: it stays in its state",
        "`filed`: `not after: filing` is left out",
        "`reported`: `not before: report_on` is left out",
        "`filed`: also when `order` has ended",
        "`issued`: its condition is left out",
        "`issued`: `report_on - days(19) <= on` becomes `report_on - days(20) <= on`",
        "`reported`: `binds` is left out",
        "`refused`: `worsens` is left out",
        "`refused`: it counts 1 days after it was told, not 0",
        "`granted`: it does not bring about order `cancelled`",
        "`appeal`: 14 days, not 15",
        "`appeal`: 15 working days, not 15 days",
        "`appeal`: `counts: day of`",
        "`appeal`: the last day as it falls",
        "`appeal`: from `refused_told`, not `refused`",
        "`appeal`: no pause while `order_cancelled`",
        "`filing`: `counts: as it falls`",
        "the hold on `order`: not while `refused`",
        "the hold on `order`: `then: report_again` is left out",
        "the hold on `order`: it is left out",
        "`ferry_board`: a quorum of all",
        "`ferry_board`: it decides unanimous",
        "`ferry_board`: it decides majority of votes",
        "`ferry_board`: parent is not barred",
    ],
)
def test_an_author_s_slip_is_among_them(what: str) -> None:
    error(law(more=COURSE), what)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("counts: day after, last day", "counts: day of, last day", "`appeal`: `counts: day after`"),
        ("15 days from refused,", "15 working days shore from refused,", "`appeal`: 15 days, not 15 working days"),
        ("15 days from refused,", "1 month from refused,", "`appeal`: 30 days, not 1 months"),
        ("15 days from refused,", "2 years from refused,", "`appeal`: 730 days, not 2 years"),
        ("15 days from refused,", "15 days from refused_told,", "`appeal`: from `refused`, not `refused_told`"),
        ("15 days from refused,", "15 days from the later of refused, filed,", "`appeal`: the earlier of its days"),
        ("within: order", "within: order\nmany: yes", "only one is open at a time"),
        ("quorum majority of members", "quorum 3", "`ferry_board`: a quorum of 2"),
        ("quorum majority of members", "quorum all", "`ferry_board`: a quorum of majority of members"),
        ("decides majority of present", "decides unanimous", "`ferry_board`: it decides majority of present"),
        ("decides majority of present", "decides majority of members", "`ferry_board`: it decides majority of present"),
        ("tie next_meeting", "tie dismissed", "`ferry_board`: a tie is `next_meeting`"),
        ("not after: filing", "not after: filing, waiver: ferry_board", "`filed`: its waiver is left out"),
        ("not after: filing", "not after: filing, outer ended: yes", "`filed`: not when `order` has ended"),
        ("not after: filing", "counts as: postmark or received", "`filed`: it does not count as of `postmark`"),
        (
            "by: harbour_office, worsens: told",
            "by: harbour_office, worsens: 9 days after told",
            "`refused`: it counts 8 days after it was told, not 9",
        ),
        (
            "not before: report_on",
            "needs 10 days notice from issued",
            "`reported`: the notice that it needs is left out",
        ),
        ("not before: report_on", "needs 10 days notice from issued", "`notice`: 9 days, not 10"),
    ],
)
def test_what_the_law_could_say_instead_is_among_them(old: str, new: str, what: str) -> None:
    error(spoiled((old, new)), what)


def test_a_course_that_differs_under_an_error_kills_it_and_is_named() -> None:
    pack = law(more=COURSE)
    found = {one.what: line for one, line in noticed(pack)}
    line = found["`appeal`: the last day as it falls"]
    assert line is not None
    assert line.case == "appeal on the last day, and a day late"
    assert found["`issued`: also by person"] is None


def test_a_course_that_does_not_agree_with_the_law_itself_kills_nothing() -> None:
    wrong = COURSE.replace("2021-04-06: refused", "2021-04-06: final").replace(
        "2021-03-10: filed, held", "2021-03-10: refused, held"
    )
    wrong = wrong.replace("2021-04-07: final because", "2021-04-07: filed because").replace(
        "2021-04-17: order issued", "2021-04-17: order served"
    )
    assert [line for _, line in noticed(law(more=wrong)) if line] == []


def test_several_processes_find_what_one_finds_and_say_how_far_they_are() -> None:
    pack = packs.load(ROOT / "packs" / "example")
    said: list[tuple[int, int]] = []
    one, two = noticed(pack), noticed(pack, 2, lambda done, of: said.append((done, of)))
    assert said == sorted(said)
    assert said[-1] == (len(two), len(two))
    assert [(error.what, line and line.where) for error, line in one] == [
        (error.what, line and line.where) for error, line in two
    ]


@pytest.mark.parametrize(
    "what",
    [
        "`issued`: also by person",
        "`refused`: `worsens` is left out",
        "`reported`: `binds` is left out",
        "`appeal`: 14 days, not 15",
        "`granted`: it does not bring about order `cancelled`",
        "the hold on `order`: `then: report_again` is left out",
        "the hold on `order`: not while `appealed`",
        "`appeal`: 16 days, not 15",
    ],
)
def test_a_proposed_course_agrees_with_the_law_and_kills_the_error(what: str) -> None:
    pack = law(more=COURSE)
    made = proposed(pack, error(pack, what))
    assert made is not None
    again = packs.from_text({"small.md": text(more=COURSE + "\n" + made.text)})
    assert all(one.agrees for one in worked.run(again))
    assert {one.what: line for one, line in noticed(again)}[what] is not None


def test_an_error_that_changes_nothing_is_equivalent_by_the_table_of_moves() -> None:
    pack = law(more=COURSE)
    assert equivalent(pack, error(pack, "`appealed`: `not after: appeal` is left out"))  # time moves on by itself then
    assert not equivalent(pack, error(pack, "`filed`: `not after: filing` is left out"))
    assert not equivalent(pack, error(pack, "`appeal`: 14 days, not 15"))
    assert not equivalent(pack, error(pack, "`issued`: its condition is left out"))
    assert equivalent(pack, error(pack, "`lapsed`: also from `filed`"))  # nothing has been refused that could run out
    lost = ("  - (3): {final: ended}", "  - (3): {final: ended}\n  - (3): {lost: open}")
    never = ("  - (3): {lapsed:", "  - (3): {found: lost -> final, by: person}\n  - (3): {lapsed:")
    pack = spoiled(lost, never, more=COURSE)
    assert equivalent(pack, error(pack, "`found`: also by harbour_office"))


def test_a_condition_that_holds_of_the_same_people_is_equivalent() -> None:
    pack = spoiled(
        ("by: ferry_board, worsens: told}", "by: ferry_board, worsens: told, if: serving or (serving and born <= on)}"),
        more=COURSE,
    )
    assert equivalent(pack, error(pack, "`dismissed`: `serving and born <= on` is left out"))
    assert not equivalent(pack, error(pack, "`dismissed`: its condition is left out"))


def test_the_inside_of_a_definition_belongs_to_the_rules_that_read_it() -> None:
    defined = "\n```definition grown\nmeans:\n  - (1): age(born) >= 18\n  - (1): not serving\n```\n"
    rule = "\n```rule bound_too\ngives: class bound\nwhen:\n  - (1): grown\n```\n"
    guard = ("by: ferry_board, worsens: told}", "by: ferry_board, worsens: told, if: grown}")
    alone = [
        one.what for one in of(spoiled(guard, more=defined)) if one.kind == "condition" and "`dismissed`" in one.what
    ]
    beside = [
        one.what
        for one in of(spoiled(guard, more=defined + rule))
        if one.kind == "condition" and "`dismissed`" in one.what
    ]
    assert len(beside) == 2
    assert "its condition is left out" in beside[0]
    assert len(alone) > 5


FILED = "{filed: none -> filed, by: person, tells: about, not after: filing}"
DISMISSED = "{dismissed: appealed -> final, by: ferry_board, worsens: told}"


def lines(move: str, *more: str) -> tuple[str, str]:
    """One move on several lines, each with more."""
    return move, "\n  - (3): ".join(move.replace("}", f", {each}}}") for each in more)


def errors(pack: Pack, what: str) -> list[bool]:
    """Whether each error of these words, in the order of the lines, is equivalent."""
    return [equivalent(pack, one) for one in of(pack) if one.what == what]


def test_a_way_of_arrival_that_another_line_names_is_not_missed() -> None:
    pack = spoiled(
        lines(FILED, *[f"counts as: postmark or received, if: about == {one}" for one in ("leave", "lifeboat")])
    )
    assert errors(pack, "`filed`: it does not count as of `received`") == [True, True]
    assert errors(pack, "`filed`: it does not count as of `postmark`") == [False, True]  # the receipt would come first


def test_whom_an_earlier_line_lets_in_a_later_one_is_not_asked_about() -> None:
    fewer, more = (f"`dismissed`: `months_served <= 5` becomes `months_served <= {n}`" for n in (4, 6))
    pack = spoiled(lines(DISMISSED, "if: months_served <= 5", "if: months_served > 5"))
    assert errors(pack, fewer) == [False, True]  # of the second line: more than 4, and he of 5 has been let in
    assert errors(pack, more) == [False, False]
    assert errors(pack, "`dismissed`: its condition is left out") == [False, False]  # of whom it is not known
    for other in ("binds: yes, if: months_served <= 5", "not before: report_again, if: months_served <= 5"):
        pack = spoiled(lines(DISMISSED, other, "if: months_served > 5"))
        assert errors(pack, fewer) == [False, False]


def test_the_person_is_let_in_by_what_is_not_known_to_fail() -> None:
    pack = spoiled(lines(FILED, "if: serving", "if: not serving"))
    assert errors(pack, "`filed`: its condition is left out") == [False, True]


def test_what_comes_with_an_office_s_event_is_asked_about_before_it_is_known() -> None:
    votes = ("if: dismissed_against >= 1", "if: dismissed_against < 1")
    pack = spoiled(lines(DISMISSED, *votes))
    assert errors(pack, "`dismissed`: its condition is left out") == [False, True]
    both = [f"{vote} and months_served <= 5" for vote in votes]
    assert errors(spoiled(lines(DISMISSED, *both)), "`dismissed`: its condition is left out") == [False, False]


WHEN_CANCELLED = (
    "granted, by: harbour_office or ferry_board,",
    "granted, by: harbour_office, if: order_state == cancelled,",
)
SAID = (
    "  - (2): {refused: filed",
    "  - (2): {said: filed -> same, by: person, tells: long, if: about == leave}\n  - (2): {refused: filed",
)
STUDY = ("leave | lifeboat}", "leave | lifeboat | study}\n  - (2): {long: bool}")


def test_what_the_one_around_cannot_be_is_no_error() -> None:
    begun = spoiled(("not after: filing}", "not after: filing, if: order_state == issued}"))
    assert equivalent(begun, error(begun, "`filed`: also when `order` has ended"))
    assert equivalent(begun, error(begun, "`filed`: `order_state == issued` becomes `order_state in (none, issued)`"))
    assert not equivalent(law(), error(law(), "`filed`: also when `order` has ended"))


def test_what_is_held_is_not_done_meanwhile() -> None:
    served = "`granted`: `order_state == cancelled` becomes `order_state in (cancelled, served)`"
    at_once = ("refused, by: harbour_office, worsens: told}", "refused, by: harbour_office}")
    held = spoiled(WHEN_CANCELLED, at_once)
    assert equivalent(held, error(held, served))
    assert not equivalent(
        held, error(held, "`granted`: `order_state == cancelled` becomes `order_state in (issued, cancelled)`")
    )
    free = spoiled(WHEN_CANCELLED, at_once, ("not before: report_on, binds: yes}", "not before: report_on}"))
    assert not equivalent(free, error(free, served))


def test_what_can_be_known_of_some_only_is_asked_of_them_only() -> None:
    guard = ("granted, by: harbour_office or ferry_board,", "granted, by: harbour_office, if: about == leave and long,")
    let_in = "`granted`: `about == leave` becomes `about in (leave, lifeboat)`"
    asked = spoiled(STUDY, SAID, guard)
    assert equivalent(asked, error(asked, let_in))
    assert not equivalent(asked, error(asked, "`granted`: `about == leave` is left out"))
    of_all = spoiled(STUDY, (SAID[0], SAID[1].replace(", if: about == leave", "")), guard)
    assert not equivalent(of_all, error(of_all, let_in))


def test_the_line_that_comes_first_lets_them_in_already() -> None:
    two = spoiled(
        STUDY,
        (
            "{granted: filed or appealed -> granted, by: harbour_office or ferry_board,",
            "{granted: filed -> granted, by: harbour_office, if: about == leave, ends: order cancelled}\n"
            "  - (2): {granted: filed -> granted, by: harbour_office, if: about == lifeboat,",
        ),
    )
    widened = "becomes `about in (leave, lifeboat)`"
    first, second = (one for one in of(two) if "`granted`" in one.what and one.what.endswith(widened))
    assert not equivalent(two, first)
    assert equivalent(two, second)


REFUSED = "{refused: filed -> refused, by: harbour_office, worsens: told}"
APPEALED = "{appealed: refused -> appealed, by: person, not after: appeal}"
NO_LEAVE = (REFUSED, REFUSED.replace("}", ", if: about == lifeboat}"))
ASKED_AGAIN = (APPEALED, APPEALED.replace("}", ", if: about == lifeboat}"))
LEFT_OUT = "`appealed`: its condition is left out"


def test_what_every_way_to_a_state_asked_for_holds_there() -> None:
    asked = spoiled(NO_LEAVE, ASKED_AGAIN)
    assert equivalent(asked, error(asked, LEFT_OUT))
    assert not equivalent(spoiled(ASKED_AGAIN), error(spoiled(ASKED_AGAIN), LEFT_OUT))
    begins_again = spoiled(
        NO_LEAVE, ASKED_AGAIN, (LAPSED, "  - (3): {anew: appealed -> none, by: harbour_office}\n" + LAPSED)
    )
    assert not equivalent(begins_again, error(begins_again, LEFT_OUT))  # he may say something else the next time


def test_whom_a_definition_lets_in_besides_may_still_be_asked() -> None:
    grown = "\n```definition grown\nmeans:\n  - (1): age(born) >= 18\n```\n"
    besides = (REFUSED, REFUSED.replace("}", ", if: grown or about == lifeboat}"))
    pack = spoiled(besides, ASKED_AGAIN, more=grown)
    assert not equivalent(pack, error(pack, LEFT_OUT))


def test_what_was_never_told_lets_nobody_in() -> None:
    for asked, changes_nothing in (("long", True), ("long or serving", False)):
        noted = (LAPSED, f"  - (3): {{noted: appealed -> same, by: harbour_office, if: {asked}}}\n" + LAPSED)
        pack = spoiled(STUDY, SAID, noted)
        assert equivalent(pack, error(pack, "`noted`: also from `none`")) is changes_nothing


SHORT = ("{report_on: date}", "{report_on: date}\n  - (1): {short: bool}")
ISSUED = ("tells: report_on, if: report_on >= on + days(20)}", "tells: [report_on, short], if: short or not serving}")
ONLY_SHORT = (ISSUED[0], ISSUED[1].replace("short or not serving", "short"))
OF_SHORT = ("not after: filing}", "not after: filing, if: order_short}")


def test_what_the_one_around_was_asked_for_holds_in_it() -> None:
    pack = spoiled(SHORT, ONLY_SHORT, OF_SHORT)
    assert equivalent(pack, error(pack, "`filed`: its condition is left out"))
    either = spoiled(SHORT, ISSUED, OF_SHORT)
    assert not equivalent(either, error(either, "`filed`: its condition is left out"))


def test_what_of_the_one_around_does_not_count_yet_may_still_be_asked_about() -> None:
    ended = "`filed`: `order_state == issued` becomes `order_state in (issued, cancelled)`"
    asks = ("not after: filing}", "not after: filing, if: order_state == issued}")
    late = ("issued -> cancelled, by: harbour_office}", "issued -> cancelled, by: harbour_office, worsens: told}")
    for pack in (spoiled(asks), spoiled(asks, late)):
        assert equivalent(pack, error(pack, ended))
    over = (
        "  - (1): {reported:",
        "  - (1): {forgotten: cancelled -> served, by: time, after: resting}\n  - (1): {reported:",
    )
    waits = (
        "binds: yes}\n```",
        "binds: yes}\nwaits:\n  - (1): {resting: 5 days from cancelled, counts: day after}\n```",
    )
    ends = ("{cancelled: ended}", "{cancelled: pending}")
    goes_on = spoiled(asks, late, over, waits, ends)
    assert not equivalent(goes_on, error(goes_on, ended))


def test_what_comes_with_the_event_may_stand_in_one_comparison_with_what_is_held() -> None:
    asked = "not (long and serving) and not (long and serving and born <= on)"
    decided = (
        "granted, by: harbour_office or ferry_board,",
        f"granted, by: harbour_office, tells: long, if: {asked},",
    )
    pack = spoiled(STUDY, decided)
    assert equivalent(pack, error(pack, "`granted`: `not (long and serving and born <= on)` is left out"))
    assert not equivalent(pack, error(pack, "`granted`: `not (long and serving)` is left out"))
