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


def test_whom_a_changed_fact_brings_into_the_register_before_their_time_waits_whoever_enters_by_time_does_not() -> None:
    """Charter S9: a birth date corrected by two years is no way round the notice."""
    empty = view(EXAMPLE, "service")
    now = view(EXAMPLE, "service", "liable", "liable", "exempt")
    early = pl.Series([1, 2], dtype=pl.Int64)
    found = standings.moves(
        EXAMPLE, empty, now, by_time=now, relinked=pl.Series([], dtype=pl.Int64), on=ON, early=early
    )
    assert list(found.changes.select("because", "effective_from").rows()) == [
        ("entry", ON),
        ("fact", WAIT),
        ("fact", ON),
    ]


def test_time_alone_counts_at_once() -> None:
    alone = view(EXAMPLE, "service", "liable")
    assert moved(EXAMPLE, "service", ["deferred"], ["liable"], by_time=alone) == [("time", ON)]


def test_under_a_new_law_every_worsening_waits_even_one_that_time_explains() -> None:
    """Charter S9: a change of the law on a live register is no way round the notice."""
    alone = view(EXAMPLE, "service", "liable", "exempt")
    changes = moved(EXAMPLE, "service", ["deferred", "liable"], ["liable", "exempt"], by_time=alone, earlier=EXAMPLE)
    assert changes == [("law", WAIT), ("law", ON)]


def amended(old: str, new: str) -> packs.Pack:
    """The example republic with one piece of its text exchanged everywhere."""
    pages = {page.name: page.read_text("utf-8") for page in sorted((PACKS / "example").glob("*.md"), key=_first)}
    assert any(old in text for text in pages.values())
    return packs.from_text({name: text.replace(old, new) for name, text in pages.items()})


def _first(page: Path) -> tuple[bool, str]:
    return page.name != "pack.md", page.name


def under(law: packs.Pack, was: str, now: str) -> tuple[str, int, bool]:
    """Cause, first day, and whether it counts as moved, of somebody who was `was` under the example's law."""
    found = standings.moves(
        law,
        view(EXAMPLE, "service", was),
        view(law, "service", now),
        by_time=None,
        relinked=pl.Series([], dtype=pl.Int64),
        on=ON,
        earlier=EXAMPLE,
    )
    ((because, first, moved),) = found.changes.select("because", "effective_from", "moved").rows()
    return because, first, moved


def test_a_class_that_has_another_number_in_the_new_law_is_known_by_its_name() -> None:
    """With a class before all others, `exempt` has the number that `deferred` had."""
    first = next(line for line in _lines() if line.startswith("  - ended:"))
    law = amended(first, f"{first.replace('ended:', 'another:')}\n{first}")
    assert under(law, "deferred", "liable") == ("law", WAIT, True)
    assert under(law, "liable", "liable") == ("law", ON, False)


def test_a_class_from_which_the_new_law_calls_people_binds_more_under_the_same_name() -> None:
    line = next(line for line in _lines() if line.startswith("  - deferred:"))
    law = amended(line, line.replace("effect: deferred, callable: no", "effect: liable, callable: yes"))
    assert under(law, "deferred", "deferred") == ("law", WAIT, True)
    assert under(law, "liable", "deferred") == ("law", ON, True)


def _lines() -> list[str]:
    return [line for page in (PACKS / "example").glob("*.md") for line in page.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("was", "waits"), [("in_time", False), ("registered", True), ("", True)])
def test_a_duty_from_which_nobody_is_called_is_a_worsening_as_well(was: str, waits: bool) -> None:
    ((because, first),) = moved(US, "window", [was], ["late"])
    assert because == "fact"
    assert (first > ON) is waits
