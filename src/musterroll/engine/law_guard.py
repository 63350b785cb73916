"""The guard on every bulk run: the scalar reference decides a sample and every changed standing again (law-engine 6.4).

One mismatch stops publication: where the two differ, the engine is wrong.
"""

import polars as pl

from musterroll.engine import law_polars
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Held, State, ValueType, one_of
from musterroll.law.evaluate import decide
from musterroll.law.pack import Pack

SAMPLE = 10_000
"""People drawn besides those whose standing changed."""


def check(pack: Pack, flat: pl.DataFrame, on: int, *, also: pl.Series, sample: int = SAMPLE) -> int:
    """Decide again and compare class by class; the number compared. Raises MusterRollError `law.guard`.

    The sample is the people whose hashed number comes first: the same in every run, spread over all.
    """
    drawn = flat.select(pl.col("person").sort_by(pl.col("person").hash(seed=0)).head(sample))["person"]
    people = flat.filter(pl.col("person").is_in(pl.concat([drawn, also]).unique().implode())).sort("person")
    for question in pack.questions:
        fast = law_polars.evaluate(pack, question, people, on)
        names = [each.name for each in pack.questions[question].classes]
        for row, number in zip(people.iter_rows(named=True), fast["class"].to_list(), strict=True):
            slow = decide(pack, question, held(pack, row), on)
            if slow.cls != (None if number == law_polars.UNDETERMINED else names[number]):
                raise MusterRollError(
                    "law.guard",
                    "The bulk engine and the reference give one person different classes. Nothing is published.",
                    where=f"question {question}",
                    remedy="Keep this home as it is and report the program's version; standings stay as they were.",
                )
    return people.height * len(pack.questions)


def held(pack: Pack, row: dict[str, int | None]) -> dict[str, Held]:
    """One row of `flat` as the reference takes it."""
    facts = {}
    for name, attribute in pack.attributes.items():
        state, among = State(row[f"{name}_state"] or 0), row.get(f"{name}_among")
        if among is not None:
            facts[name] = one_of(among, state)
            continue
        exact = attribute.type in (ValueType.BOOL, ValueType.ENUM)
        lo, hi = (row[name], row[name]) if exact else (row[f"{name}_lo"], row[f"{name}_hi"])
        facts[name] = Held(lo, hi, state)
    return facts
