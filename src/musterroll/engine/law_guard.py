"""The guard on every bulk run: the scalar reference decides a sample and every changed standing again (law-engine 6.4).

1. All columns are compared: class, what is possible, true and unknown rules, needs, next change.
2. One mismatch stops publication: where the two differ, the engine is wrong. Who is concerned is not said.
"""

from collections.abc import Mapping

import polars as pl

from musterroll.engine import law_polars
from musterroll.engine.law_words import UNDETERMINED, WORD, words_of
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Held, State, ValueType, one_of
from musterroll.law.evaluate import decide
from musterroll.law.pack import Pack
from musterroll.law.standing import Standing

SAMPLE = 10_000
"""People drawn besides those whose standing changed."""


def check(pack: Pack, flat: pl.DataFrame, on: int, *, also: pl.Series, sample: int = SAMPLE) -> int:
    """Decide again and compare column by column; the number of standings compared. Raises MusterRollError `law.guard`.

    The sample is the people whose hashed number comes first: the same in every run, spread over all.
    """
    drawn = flat.select(pl.col("person").sort_by(pl.col("person").hash(seed=0)).head(sample))["person"]
    people = flat.filter(pl.col("person").is_in(pl.concat([drawn, also]).unique().implode())).sort("person")
    for question in pack.questions:
        fast = law_polars.evaluate(pack, question, people, on)
        for row, answer in zip(people.iter_rows(named=True), fast.iter_rows(named=True), strict=True):
            slow = decide(pack, question, held(pack, row), on, **_ends(row))
            wrong = [name for name, value in columns(pack, slow).items() if answer[name] != value]
            if wrong:
                raise MusterRollError(
                    "law.guard",
                    "The bulk engine and the reference decide one person differently. Nothing is published.",
                    where=f"question {question}: {', '.join(wrong)}",
                    remedy="Keep this home as it is and report the program's version; standings stay as they were.",
                )
    return people.height * len(pack.questions)


def columns(pack: Pack, standing: Standing) -> dict[str, int]:
    """A standing of the reference as the bulk engine writes it, without person and question."""
    asked, names = pack.questions[standing.question], list(pack.attributes)
    masks = {
        "true": standing.true,
        "unknown": standing.unknown,
        "needs": sum(1 << names.index(name) for name in standing.needs),
    }
    word = (1 << WORD) - 1
    return {
        "class": UNDETERMINED if standing.cls is None else asked.index(standing.cls),
        "possible": sum(1 << asked.index(name) for name in standing.possible),
        **{
            f"{name}{suffix}": mask >> WORD * at & word
            for name, mask in masks.items()
            for at, suffix in enumerate(words_of(pack).suffixes)
        },
        "next_change": standing.next_change,
    }


def held(pack: Pack, row: Mapping[str, int | None]) -> dict[str, Held]:
    """One row of `flat` as the reference takes it."""
    facts = {}
    for name, attribute in pack.attributes.items():
        exact = attribute.type in (ValueType.BOOL, ValueType.ENUM)
        lo, hi = (row[name], row[name]) if exact else (row[f"{name}_lo"], row[f"{name}_hi"])
        state, among = State(row[f"{name}_state"] or 0), row.get(f"{name}_among")
        facts[name] = Held(lo, hi, state) if among is None else one_of(among, state)
    return facts


def _ends(row: Mapping[str, int | None]) -> dict[str, int]:
    day = row.get("changes_on")
    return {} if day is None else {"changes_on": day}
