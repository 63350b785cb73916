"""How codes and values of the register are written for a reader."""

import pytest

from musterroll.claim.progress import CallState
from musterroll.entry.kind import Kind
from musterroll.notice.delivery import Event, Grade
from musterroll.portal import jinja, words
from musterroll.register import settings

settings.prepare()

from musterroll.register.models import Because  # noqa: E402


@pytest.mark.parametrize(
    ("held", "read"),
    [
        ("", "not known"),
        ("yes", "yes"),
        ("never", "none"),
        ("2001-05-04", "4 May 2001"),
        ("2001-05-04 to 2001-06-01", "between 4 May 2001 and 1 June 2001"),
        ("1981-12-02 to never", "2 December 1981 or later, or never"),
        ("before any date to 2010-01-01", "1 January 2010 or earlier, or none"),
        ("before any date to never", "not known"),
        ("male", "<bdi>male</bdi>"),
        ("<i>", "<bdi>&lt;i&gt;</bdi>"),
    ],
)
def test_a_held_value_is_written_for_a_reader(held: str, read: str) -> None:
    assert str(jinja.held_value(held)) == read


@pytest.mark.parametrize(
    ("code", "read"),
    [
        ("born-1999", "1999"),
        ("born-1997-1999", "1997–1999"),
        ("born-2002-or-unknown", "2002, or not known"),
        ("born-1997-1999-or-unknown", "1997–1999, or not known"),
        ("born-unknown", "not known"),
        ("district-4", "district-4"),
    ],
)
def test_a_group_of_a_draw_is_written_for_a_reader(code: str, read: str) -> None:
    assert words.stratum(code) == read


def test_every_code_of_the_register_has_words() -> None:
    assert [grade for grade in Grade if words.grade(grade.name.lower(), "") == ""] == []
    assert [event for event in Event if words.event(event.value) == event.value] == []
    assert [because for because in Because if words.call_reason(because.value) == because.value] == []
    assert [kind for kind in Kind if words.entry_kind(kind.value) == kind.value] == []
    assert {state.value for state in CallState} == {"open", "held", "withdrawn"}, "parts/followed.html knows these"


def test_days_and_times_are_written_out() -> None:
    assert jinja.day("2021-03-31") == "31 March 2021"
    assert jinja.day("2026-09-21T14:13:39Z") == "21 September 2026"
    assert str(jinja.instant("2026-09-21T14:13:39Z")) == (
        '<time datetime="2026-09-21T14:13:39Z">21 September 2026 at 14:13 UTC</time>'
    )
    assert jinja.instant("") == "not yet"
    assert jinja.grouped(32398885) == "32,398,885"
