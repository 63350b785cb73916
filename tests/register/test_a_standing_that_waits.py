"""What a page says of a worsening that does not count yet (charter S9)."""

from types import SimpleNamespace

import pytest

from musterroll.dates import parse_day
from musterroll.register.queries import person

ON = parse_day("2021-03-31")


@pytest.mark.parametrize(
    ("effect", "changes", "shown"),
    [
        ("liable", [(0, "2021-04-30")], "2021-04-30"),  # worse since tonight: thirty days
        ("liable", [(0, "2020-12-31"), (0, "2021-04-30")], "2021-04-30"),
        ("liable", [(0, "2020-12-31")], ""),  # counts already
        ("liable", [(1, "2021-04-30")], ""),  # another question
        ("liable", [], ""),
        ("exempt", [(0, "2021-04-30")], ""),  # better again by the person's own word: nothing waits
    ],
)
def test_the_day_from_which_a_worse_standing_counts(monkeypatch, effect, changes, shown) -> None:
    rows = [{"question": question, "effective_from": parse_day(day)} for question, day in changes]
    monkeypatch.setattr(person.rolled, "held", lambda *_: rows)
    seen = SimpleNamespace(
        person=17,
        on=ON,
        roll=SimpleNamespace(
            store=None,
            snapshot=SimpleNamespace(known_at=0),
            pack=SimpleNamespace(questions={"service": SimpleNamespace(number=0)}),
        ),
        standings={"service": SimpleNamespace(effect=effect)},
    )
    assert person._waits_until(seen, "service") == shown
