"""The question of "this is wrong": what is read, and the sentence for each mistake."""

import pytest
from django.http import QueryDict

from musterroll.portal.person.date_field import DateTyped
from musterroll.portal.person.wrong_form import Typed, asks_since, read
from musterroll.register import settings

settings.prepare()

from musterroll.register.queries.record import Answer, Disputable  # noqa: E402

BORN = Disputable("born", "date of birth", "date", "2001-05-14", "art. 3 (1)", ())
CHILD = Disputable(
    "third_child_born", "birth of the third child", "date", "never", "art. 12 (1)", (Answer("never", "There is none"),)
)
STUDENT = Disputable(
    "full_time_student", "full-time student", "bool", "no", "art. 14 (1)", (Answer("yes", "Yes"), Answer("no", "No"))
)


def typed(text: str) -> Typed:
    return Typed.of(QueryDict(text))


@pytest.mark.parametrize(
    ("fact", "form", "answer", "since"),
    [
        (BORN, "right-day=4&right-month=5&right-year=2003", "2003-05-04", ""),
        (BORN, "right-day=04&right-month=05&right-year=2003", "2003-05-04", ""),
        (BORN, "right-day=29&right-month=2&right-year=2004", "2004-02-29", ""),  # a leap year
        (CHILD, "right=never", "never", ""),
        (CHILD, "right=never&right-day=4&right-month=5&right-year=2003", "never", ""),  # the button decides
        (CHILD, "right=date&right-day=4&right-month=5&right-year=2003", "2003-05-04", ""),
        (CHILD, "right-day=4&right-month=5&right-year=2003", "2003-05-04", ""),  # boxes filled, button forgotten
        (STUDENT, "right=yes", "yes", ""),
        (STUDENT, "right=no&since-day=1&since-month=9&since-year=2020", "no", "2020-09-01"),
    ],
)
def test_an_answer_is_read(fact: Disputable, form: str, answer: str, since: str) -> None:
    assert read(typed(form), fact) == (answer, since, {})


@pytest.mark.parametrize(
    ("fact", "form", "problems"),
    [
        (BORN, "", {"right-day": "Enter the date that is right"}),
        (BORN, "right-month=5&right-year=2003", {"right-day": "The date must include a day"}),
        (BORN, "right-day=4&right-year=2003", {"right-month": "The date must include a month"}),
        (BORN, "right-day=4&right-month=5", {"right-year": "The date must include a year"}),
        (BORN, "right-day=4&right-month=5&right-year=03", {"right-year": "The year must have 4 numbers, like 2003"}),
        (
            BORN,
            "right-day=30&right-month=2&right-year=2003",
            {"right-day": "The date must be a day in the calendar, like 27 3 2003"},
        ),
        (
            BORN,
            "right-day=x&right-month=2&right-year=2003",
            {"right-day": "The date must be a day in the calendar, like 27 3 2003"},
        ),
        (BORN, "right-day=1&right-month=2&right-year=٢٠٠x", {"right-year": "The year must have 4 numbers, like 2003"}),
        (BORN, "right=never", {"right-day": "Enter the date that is right"}),  # nobody has no birth date
        (CHILD, "", {"right": "Choose what is right"}),
        (CHILD, "right=date", {"right-day": "Enter the date that is right"}),
        (STUDENT, "", {"right": "Choose what is right"}),
        (STUDENT, "right=perhaps", {"right": "Choose what is right"}),
        (STUDENT, "right=yes&since-year=2020", {"since-day": "The date must include a day"}),
        (STUDENT, "since-day=1", {"right": "Choose what is right", "since-month": "The date must include a month"}),
    ],
)
def test_each_mistake_has_its_own_sentence_and_place(fact: Disputable, form: str, problems: dict[str, str]) -> None:
    assert read(typed(form), fact)[2] == problems


def test_what_was_answered_before_stands_in_the_form_again() -> None:
    assert Typed.kept("2003-05-04", "", CHILD) == Typed(
        "date", DateTyped("right", "4", "5", "2003"), DateTyped("since")
    )
    assert Typed.kept("never", "", CHILD) == Typed("never", DateTyped("right"), DateTyped("since"))
    assert Typed.kept("yes", "2020-09-01", STUDENT) == Typed(
        "yes", DateTyped("right"), DateTyped("since", "1", "9", "2020")
    )
    assert Typed.kept("", "", BORN) == Typed("", DateTyped("right"), DateTyped("since"))


def test_only_what_can_begin_is_asked_since_when() -> None:
    assert [asks_since(fact) for fact in (BORN, CHILD, STUDENT)] == [False, False, True]
