"""Chapter: time limits are budgets: a length, a start, a convention, pauses (docs/flow/proceeding.md, rule 2)."""

import pytest
from tests import lawtext, proceedingtext
from tests.lawtext import day
from tests.proceedingtext import CALLED, DENIED, FILED, LAW, changed, events_of, ran, told

from musterroll.claim.position import position, stand
from musterroll.dates import format_day
from musterroll.law.pack import Pack

UNTIL_APPEAL = (CALLED, FILED, DENIED)


def limit(spelled: str) -> Pack:
    """The law in which an appeal is due as `spelled`; the denial of 20 March 2021 was told two days later."""
    return changed(("appeal: 15 days from denied, counts: day after", f"appeal: {spelled}"))


def last_day(spelled: str, given: str = "", on: str = "2021-03-23", *more: str) -> str:
    """The last day of the appeal, or why there is none."""
    pack = limit(spelled)
    held, events = events_of(pack, *UNTIL_APPEAL, *more, given=given)
    found = stand(pack, "claim", held, events, day(on)).limits["appeal"]
    return format_day(found.last_day) if found.last_day is not None else found.why


@pytest.mark.parametrize(
    ("spelled", "expected"),
    [
        ("15 days from denied, counts: day after", "2021-04-04"),  # the 21st of March is the first day
        ("15 days from denied, counts: day of", "2021-04-03"),  # the 20th is
        ("2 days from denied, counts: day after", "2021-03-22"),
        ("2 weeks from denied, counts: day after", "2021-04-03"),
        ("1 month from denied, counts: day after", "2021-04-20"),
        ("1 month from denied, counts: day of", "2021-04-19"),
        ("3 months from order_issued, counts: day of", "2021-05-31"),  # from the first of a month to its last day
        ("2 years from denied, counts: day after", "2023-03-20"),
        ("5 working days town from denied, counts: day after", "2021-03-26"),  # the 20th is a Saturday
        ("1 working day town from denied, counts: day of", "2021-03-22"),
        ("1 working day town from denied_told, counts: day of", "2021-03-22"),
        ("parameter long from denied, counts: day after", "2021-04-09"),
        ("parameter long working days town from denied, counts: day after", "2021-04-19"),  # 5 April is free
        ("20 days before order_report_on", "2021-05-12"),
        ("20 days before order_report_on, counts: clear", "2021-05-11"),
        ("until order_report_on", "2021-06-01"),
        ("until order_report_on, counts: day before", "2021-05-31"),
        ("until the earlier of order_report_on, granted_on", "2021-05-10"),
        ("until the later of order_report_on, granted_on", "2021-06-01"),
        ("until granted_on + months(1) - days(2)", "2021-06-08"),
        ("until granted_on + years(1) + days(2)", "2022-05-12"),
        ("16 days from denied, counts: day after, last day: next working town", "2021-04-06"),  # Easter Monday
        ("15 days from denied, counts: day after, last day: previous working town", "2021-04-02"),
        ("13 days from denied, counts: day after, last day: next working town", "2021-04-02"),
        ("13 days from denied, counts: day after, last day: as it falls", "2021-04-02"),
        ("15 days from final, counts: day after", "it has not begun"),
        ("9 years from denied, counts: day after, last day: next working town", "it turns on a day that is not known"),
    ],
)
def test_a_last_day(spelled: str, expected: str) -> None:
    assert last_day(spelled, "granted_on: 2021-05-10") == expected


def test_a_parameter_is_the_one_in_force_where_counting_begins() -> None:
    pack = changed(("appeal: 15 days from denied", "appeal: parameter long from denied"))
    late = (CALLED.replace("06-01", "07-01"), FILED)
    for year, expected in (("2021", "2021-12-31"), ("2022", "2022-01-26")):
        denied = "2021-12-11" if year == "2021" else "2022-01-01"
        event = f"{denied} denied by office: {{told: {denied}}}"
        assert not told(pack, (*late, event), f"{denied}: last day of appeal {expected}")
    early = limit("parameter long from granted_on, counts: day after")
    events = (CALLED, FILED, DENIED)
    assert not told(early, events, "2021-03-23: last day of appeal 1990-01-21", given="granted_on: 1990-01-01")
    assert not told(early, events, "2021-03-23: last day of appeal none", given="granted_on: never")


def test_a_start_between_two_days_ends_for_the_person_on_the_later_one() -> None:
    given = "granted_on: 2021-03-25 .. 2021-03-30"
    assert last_day("5 days from granted_on, counts: day after", given) == "2021-04-04"
    pack = limit("5 days from granted_on, counts: day after")
    appealed = "{} appealed by person"
    for on, state in (("2021-04-04", "appealed"), ("2021-04-05", "final")):
        assert not told(pack, (*UNTIL_APPEAL, appealed.format(on)), f"{on}: {state}", given=given)


def test_an_unknown_start_never_runs_out() -> None:
    unknown = "it turns on a day that is not known"
    assert last_day("5 days from granted_on, counts: day after", "granted_on: unknown") == unknown
    assert last_day("until the later of granted_on, born", "granted_on: unknown, born: 2000-01-01") == unknown
    assert last_day("until granted_on + years(1)", "granted_on: unknown") == unknown
    assert last_day("until the earlier of granted_on, born", "granted_on: unknown, born: 2021-04-02") == "2021-04-02"
    pack = limit("5 days from granted_on, counts: day after")
    assert not told(pack, (*UNTIL_APPEAL, "2024-01-01 appealed by person"), "2024-01-01: appealed")
    assert not told(limit("5 days from granted_on, counts: day after"), UNTIL_APPEAL, "2024-01-01: denied")
    either = last_day("until granted_on", "granted_on: 2021-04-02 .. never")
    assert either == unknown


FIFTEEN = "appeal: 15 days from denied, counts: day after"
PAUSED = (
    (
        "limits:",
        "  - (3): {stopped: denied -> stopped, by: office}\n  - (3): {resumed: stopped -> denied, by: office}\nlimits:",
    ),
    ("  - (2): {granted: ended}", "  - (3): {stopped: pending}\n  - (2): {granted: ended}"),
)  # fmt: skip


def paused(spelled: str, *events: str) -> str:
    """The last day of the appeal on 23 April when the proceeding was stopped in between."""
    pack = changed(
        ("appeal: 15 days from denied, counts: day after", f"appeal: {spelled}, pauses: while stopped"), *PAUSED
    )
    held, happened = events_of(pack, *UNTIL_APPEAL, *events)
    found = stand(pack, "claim", held, happened, day("2021-04-23")).limits["appeal"]
    return format_day(found.last_day) if found.last_day is not None else f"{found.why}, {found.left} left"


STOP, GO = "{} stopped by office: {{told: {}}}", "{} resumed by office"


def at(spelled: str, on: str) -> str:
    """An event on a day, told on the same."""
    return spelled.format(*[on] * spelled.count("{}"))


@pytest.mark.parametrize(
    ("spelled", "stop", "go", "expected"),
    [
        ("15 days from denied, counts: day after", "2021-03-25", "2021-03-31", "2021-04-10"),  # six days not counted
        ("15 days from denied, counts: day after", "2021-03-25", "2021-03-25", "2021-04-04"),  # none
        ("15 days from denied, counts: day after", "2021-04-04", "2021-04-20", "2021-04-20"),  # the last day remains
        ("15 days from denied, counts: day after", "2021-03-25", "", "it pauses, 11 left"),
        ("1 month from denied, counts: day of", "2021-03-25", "2021-03-31", "2021-04-25"),
        (
            "10 working days town from denied, counts: day after",
            "2021-03-25",
            "2021-03-31",
            "2021-04-09",
        ),  # four lost
        ("10 working days town from denied, counts: day after", "2021-03-25", "", "it pauses, 7 left"),
        ("parameter long from denied, counts: day after", "2021-03-20", "2021-03-31", "2021-04-19"),
    ],
)
def test_a_paused_day_uses_nothing_up(spelled: str, stop: str, go: str, expected: str) -> None:
    events = (at(STOP, stop), *([at(GO, go)] if go else []))
    assert paused(spelled, *events) == expected


def test_what_was_over_before_a_pause_stays_over() -> None:
    pack = changed(
        ("appeal: 15 days from denied", "appeal: 3 days from denied"),
        ("counts: day after}\nwaits", "counts: day after, pauses: while stopped}\nwaits"),
        ("  - (3): {lapsed: denied -> final, by: time, after: appeal}\n", ""),
        *PAUSED,
    )
    events = (*UNTIL_APPEAL, at(STOP, "2021-03-25"), at(GO, "2021-04-10"))
    assert not told(
        pack, events, "2021-04-01: last day of appeal 2021-03-23", "2021-04-23: last day of appeal 2021-03-23"
    )


def test_several_pauses_and_those_of_another_proceeding() -> None:
    two = (at(STOP, "2021-03-23"), at(GO, "2021-03-25"), at(STOP, "2021-03-28"), at(GO, "2021-04-02"))
    assert paused("15 days from denied, counts: day after", *two) == "2021-04-11"
    pack = changed(
        (
            "15 days from denied, counts: day after",
            "15 days from denied, counts: day after, pauses: while order_cancelled or stopped",
        ),
        *PAUSED,
    )
    cancelled = "2021-03-24 order cancelled by office"
    assert not told(
        pack,
        (*UNTIL_APPEAL, cancelled),
        "2021-03-23: last day of appeal 2021-04-04",
        "2021-06-01: denied, last day of appeal none",
    )
    overlapping = (*UNTIL_APPEAL, at(STOP, "2021-03-23"), cancelled, at(GO, "2021-03-30"))
    assert not told(pack, overlapping, "2021-05-01: denied, last day of appeal none")


def test_nothing_lapses_in_a_pause_and_the_rest_runs_after_it() -> None:
    stopped = changed(
        ("15 days from denied, counts: day after", "15 days from denied, counts: day after, pauses: while stopped"),
        *PAUSED,
    )
    events = (*UNTIL_APPEAL, at(STOP, "2021-04-01"), at(GO, "2021-06-01"))
    assert not told(
        stopped, events, "2021-05-31: stopped", "2021-06-04: denied, last day of appeal 2021-06-04", "2021-06-05: final"
    )


def test_a_limit_that_may_end_on_two_days_ends_on_the_later_for_the_person() -> None:
    either = lawtext.BASE.replace("month_end: {is: last day", "month_end: {is: either")
    denied = "2021-01-31 denied by office: {told: 2021-01-31}"
    body = proceedingtext.HOLIDAYS + lawtext.RULES + proceedingtext.ORDER + proceedingtext.CLAIM
    pack = proceedingtext.packs.from_text(
        {"small.md": either + body.replace("appeal: 15 days from", "appeal: 1 month from")}
    )
    events = (CALLED.replace("2021-03", "2021-01"), FILED.replace("2021-03", "2021-01"), denied)
    assert not told(
        pack, events, "2021-02-28: denied", "2021-03-01: denied, last day of appeal 2021-03-01", "2021-03-02: final"
    )


def test_a_position_tells_limits_waits_and_what_remains() -> None:
    here = position(ran(LAW, "2021-04-06", *UNTIL_APPEAL), "claim")
    assert here.state == here.formal_state == "final"
    assert here.waits["again"].first_day == day("2021-04-15")
    assert here.limits["filing"].counts
    assert position(ran(LAW, "2021-04-01", *UNTIL_APPEAL), "claim").waits["again"].why == "it has not begun"
