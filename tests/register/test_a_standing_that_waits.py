"""What a page says of a worsening that does not count yet (charter S9)."""

from types import SimpleNamespace

import pytest

from musterroll.dates import parse_day
from musterroll.register import overlay
from musterroll.register.queries import person

ON = parse_day("2021-03-31")
TODAY, EARLIER, LONG_AGO = "2021-03-31", "2021-02-15", "2020-12-31"
LIABLE, EXEMPT = 0, 1


def change(on: str, counts: str, cls: int = LIABLE, question: int = 0) -> tuple[int, str, str, int]:
    return question, on, counts, cls


@pytest.mark.parametrize(
    ("effect", "changes", "told", "shown"),
    [
        ("liable", [change(TODAY, "2021-04-30")], TODAY, "2021-04-30"),  # told tonight: thirty days
        ("liable", [change(LONG_AGO, LONG_AGO), change(TODAY, "2021-04-30")], TODAY, "2021-04-30"),
        ("liable", [change(EARLIER, "2021-03-17")], EARLIER, ""),  # told then, the thirty days are over
        ("liable", [change(EARLIER, "2021-03-17")], "2021-03-20", "2021-04-19"),  # told late: thirty days from then
        ("liable", [change(EARLIER, "2021-03-17")], None, "never"),  # nobody told them: it does not count
        ("liable", [change(EARLIER, "2021-03-17"), change(TODAY, TODAY)], None, "never"),  # other reasons, still new
        # An exemption in between takes the worsening away; what time alone does afterwards counts at once.
        ("liable", [change(LONG_AGO, "2021-01-30"), change(EARLIER, EARLIER, EXEMPT), change(TODAY, TODAY)], None, ""),
        ("liable", [change(LONG_AGO, LONG_AGO)], None, ""),  # counted from the first night
        ("liable", [change(TODAY, "2021-04-30", question=1)], None, ""),  # another question
        ("liable", [], None, ""),
        ("exempt", [change(TODAY, "2021-04-30")], TODAY, ""),  # better again by the person's own word: nothing waits
    ],
)
def test_the_day_from_which_a_worse_standing_counts(monkeypatch, effect, changes, told, shown) -> None:
    rows = [
        {
            "question": question,
            "on": parse_day(on),
            "effective_from": parse_day(day),
            "class": cls,
            "known": place,
            "pack": "law",
        }
        for place, (question, on, day, cls) in enumerate(changes)
    ]
    classes = (SimpleNamespace(adverse=True), SimpleNamespace(adverse=False))
    law = SimpleNamespace(questions={"service": SimpleNamespace(number=0, classes=classes)})
    monkeypatch.setattr(overlay.rolled, "rows", lambda *_: rows)
    monkeypatch.setattr(overlay.roll, "law_under", lambda _: law)
    monkeypatch.setattr(overlay, "told_on", lambda *_: None if told is None else parse_day(told))
    seen = SimpleNamespace(
        person=17,
        numbers=frozenset([17]),
        on=ON,
        roll=SimpleNamespace(
            store=None,
            snapshot=SimpleNamespace(known_at=0),
            pack=SimpleNamespace(questions={"service": SimpleNamespace(number=0)}),
        ),
        standings={"service": SimpleNamespace(effect=effect)},
    )
    assert person._waits_until(seen, "service") == shown
