"""What changed overnight, why, and from when it counts (charter S9)."""

from pathlib import Path

import polars as pl
import pytest

from musterroll.engine import standings
from musterroll.engine.law_words import UNDETERMINED, words_of
from musterroll.law import pack as packs

PACKS = Path(__file__).parents[3] / "packs"
EXAMPLE, US = packs.load(PACKS / "example"), packs.load(PACKS / "us")
ON = 18_000
WAIT = ON + EXAMPLE.parameters["worsening_notice"].at(ON)


def view(pack: packs.Pack, question: str, *answers: str) -> pl.DataFrame:
    """One row a person; an empty answer is undetermined."""
    asked = pack.questions[question]
    words = words_of(pack)
    places = [asked.index(one) if one else UNDETERMINED for one in answers]
    columns: dict[str, object] = {name: [0] * len(places) for name in words.columns}
    columns |= {"person": range(len(places)), "question": [asked.number] * len(places), "class": places}
    return pl.DataFrame(columns, schema=words.schema)


def moved(pack: packs.Pack, question: str, was: list[str], now: list[str], **more: object) -> list[tuple[str, int]]:
    """Cause and first day of each change."""
    options = {"by_time": None, "relinked": pl.Series([], dtype=pl.Int64), "on": ON} | more
    found = standings.moves(pack, view(pack, question, *was), view(pack, question, *now), **options)
    return list(found.changes.select("because", "effective_from").rows())


def test_a_worse_standing_by_a_changed_fact_waits_and_a_better_one_does_not() -> None:
    assert moved(EXAMPLE, "service", ["exempt", "liable", "deferred"], ["liable", "exempt", ""]) == [
        ("fact", WAIT),
        ("fact", ON),
        ("fact", ON),
    ]


def test_a_worse_standing_out_of_an_open_question_waits_too() -> None:
    assert moved(EXAMPLE, "service", [""], ["liable"]) == [("fact", WAIT)]


def test_time_alone_counts_at_once() -> None:
    alone = view(EXAMPLE, "service", "liable")
    assert moved(EXAMPLE, "service", ["deferred"], ["liable"], by_time=alone) == [("time", ON)]


def test_under_a_new_law_every_worsening_waits_even_one_that_time_explains() -> None:
    """Charter S9: a change of the law on a live register is no way round the notice."""
    alone = view(EXAMPLE, "service", "liable", "exempt")
    changes = moved(EXAMPLE, "service", ["deferred", "liable"], ["liable", "exempt"], by_time=alone, new_law=True)
    assert changes == [("law", WAIT), ("law", ON)]


@pytest.mark.parametrize(("was", "waits"), [("in_time", False), ("registered", True), ("", True)])
def test_a_duty_from_which_nobody_is_called_is_a_worsening_as_well(was: str, waits: bool) -> None:
    ((because, first),) = moved(US, "window", [was], ["late"])
    assert because == "fact"
    assert (first > ON) is waits
