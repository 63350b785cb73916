"""What a night leaves to be established: conflicts, doubtful links, lapses, and questions an agency can answer."""

from pathlib import Path

import polars as pl
import pytest
from tests.nights import law, store

from musterroll.dates import parse_day
from musterroll.engine import night_needs
from musterroll.engine.law_words import UNDETERMINED, words_of
from musterroll.engine.roll import Snapshot, Through, archive
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE, TABLES
from musterroll.fact.attribute import State

ON = parse_day("2021-03-31")
BORN, POSTPONED = (law().attributes[name].number for name in ("born", "postponed_until"))
QUESTION = law().questions["service"]
DEFERRED = next(place for place, one in enumerate(QUESTION.classes) if one.effect.value == "deferred")
LIABLE = next(place for place, one in enumerate(QUESTION.classes) if one.callable)
NEEDS_BORN = 1 << list(law().attributes).index("born")
CONFLICT, DOUBT, SETTLED, ENDING, LONG = range(1, 6)
"""Who: a conflict, a doubtful link, a conflict that matters to nobody, a deferral that ends soon, one that does not."""


def standing(person: int, cls: int, needs: int = 0, change: int = ON + 400) -> dict:
    blank = dict.fromkeys(words_of(law()).columns, 0)
    return {**blank, "person": person, "question": QUESTION.number, "class": cls, "needs": needs, "next_change": change}


def fact(person: int, state: State = State.AGREED, postponed: int | None = None) -> dict:
    return {
        "person": person, "born_lo": ON - 8_000, "born_hi": ON - 7_000, "born_state": int(state),
        "postponed_until_lo": postponed, "postponed_until_hi": postponed, "postponed_until_state": int(State.SINGLE),
    }  # fmt: skip


FLAT = dict.fromkeys(fact(0), pl.Int32) | {
    "person": pl.Int64,
    "born_state": pl.UInt8,
    "postponed_until_state": pl.UInt8,
}


@pytest.fixture
def roll(tmp_path: Path):
    kept = store(tmp_path)
    standings = [
        standing(CONFLICT, UNDETERMINED, NEEDS_BORN),
        standing(DOUBT, UNDETERMINED, NEEDS_BORN),
        standing(SETTLED, LIABLE),
        standing(ENDING, DEFERRED, change=ON + 10),
        standing(LONG, DEFERRED, change=ON + 100),
    ]
    sure = [fact(CONFLICT, State.CONFLICT), fact(DOUBT), fact(SETTLED, State.CONFLICT), fact(ENDING, postponed=ON + 10)]
    frames = {
        "standing": pl.DataFrame(standings, schema=words_of(law()).schema),
        "flat": pl.DataFrame([*sure, fact(LONG, postponed=ON + 100)], schema=FLAT),
        "flat_wide": pl.DataFrame([fact(DOUBT, State.POSSIBLE)], schema=FLAT),
    }
    blank = dict.fromkeys(TABLES["link"].plain_schema, 0) | {"by": "number"}
    links = [
        {**blank, "person": person, "record": person * 10, "judgement": CONFIRMED, "source": "civil"}
        for person in (CONFLICT, SETTLED, ENDING)
    ]
    links.append({**blank, "person": DOUBT, "record": 20, "judgement": POSSIBLE, "source": "civil"})
    table = pl.DataFrame(links, schema=TABLES["link"].plain_schema)
    objects = {name: kept.put_buckets(name, frame, 2) for name, frame in frames.items()}
    objects["link"] = archive.append(kept, (), "link", archive.adds(TABLES["link"], table, 1), 1, buckets=2)
    return kept, Snapshot("", 2, Through("", 0), (), ON, 1, objects)


def test_matters_are_what_the_law_asks_for_and_nothing_else(roll):
    assert sorted(night_needs.matters(*roll, law()).rows()) == [
        (CONFLICT, "conflict", BORN, None),
        (DOUBT, "doubtful link", 0, None),
        (ENDING, "lapse", 0, ON + 10),
    ]


def test_an_agency_is_asked_about_people_whom_it_has_for_certain(roll):
    asked = pl.concat(night_needs.questions(*roll, law(), {"civil": ("born",)}))
    assert asked.rows() == [(CONFLICT, CONFLICT * 10, "civil", BORN)]


def test_what_protects_somebody_is_asked_about_before_it_ends(roll):
    asked = pl.concat(night_needs.questions(*roll, law(), {"civil": ("postponed_until",)}))
    assert asked.rows() == [(ENDING, ENDING * 10, "civil", POSTPONED)]


def test_an_agency_that_is_not_declared_to_answer_is_asked_nothing(roll):
    assert list(night_needs.questions(*roll, law(), {})) == []
    assert sum(one.height for one in night_needs.questions(*roll, law(), {"pay": ("born",)})) == 0
