"""The guard on every bulk run: the scalar reference decides a sample and every changed standing again (law-engine 6.4).

1. What is compared is what is about to be published, as it stands there, not an answer found anew.
2. All columns are compared: class, what is possible, true and unknown rules, needs, next change.
3. The sample is another one on every day and under every law, and the same in every run of that night.
4. One mismatch stops publication: where the two differ, the engine is wrong. Who is concerned is not said.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import polars as pl

from musterroll.engine.fact_polars import Flat
from musterroll.engine.law_words import UNDETERMINED, WORD, words_of
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Held, State, ValueType, one_of
from musterroll.law.evaluate import decide
from musterroll.law.pack import Pack
from musterroll.law.standing import Standing

SAMPLE = 10_000
"""People drawn besides those whose standing changed."""


def check(pack: Pack, flat: Flat, standing: pl.DataFrame, on: int, *, also: pl.Series, sample: int = SAMPLE) -> int:
    """Decide again and compare with `standing`, column by column; the number compared. Raises `law.guard`.

    `also` are the people whose standing changed. A standing that is missing, or stands twice, is a mismatch too.
    """
    chosen = pl.concat([drawn(pack, on, flat.sure["person"], sample), also]).unique().implode()
    wider = {row["person"]: row for row in flat.wide.filter(pl.col("person").is_in(chosen)).iter_rows(named=True)}
    published: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for answer in standing.filter(pl.col("person").is_in(chosen)).iter_rows(named=True):
        published.setdefault((answer["person"], answer["question"]), []).append(answer)
    compared = 0
    for row in flat.sure.filter(pl.col("person").is_in(chosen)).iter_rows(named=True):
        for question, asked in pack.questions.items():
            expected = columns(pack, _decided(pack, question, row, wider.get(row["person"]), on))
            answers = published.get((row["person"], asked.number), [])
            wrong = [name for name, value in expected.items() if [one[name] for one in answers] != [value]]
            if wrong:
                raise MusterRollError(
                    "law.guard",
                    "The bulk engine and the reference decide one person differently. Nothing is published.",
                    where=f"question {question}: {', '.join(wrong)}",
                    remedy="Keep this home as it is and report the program's version; standings stay as they were.",
                )
            compared += 1
    return compared


def drawn(pack: Pack, on: int, people: pl.Series, sample: int) -> pl.Series:
    """As many of `people` as the sample is large, by a rule of chance that is another one each day and law."""
    seed = int.from_bytes(hashlib.sha256(f"{pack.digest} {on}".encode()).digest()[:8], "little")
    return people.to_frame("person").select(pl.col("person").sort_by(pl.col("person").hash(seed=seed)).head(sample))[
        "person"
    ]


def _decided(pack: Pack, question: str, sure: Mapping[str, Any], wide: Mapping[str, Any] | None, on: int) -> Standing:
    """As `standings.decide`: what is possible only counts where somebody would otherwise be callable (S1)."""
    found = decide(pack, question, held(pack, sure), on, **_ends(sure))
    return decide(pack, question, held(pack, wide), on, **_ends(wide)) if found.callable and wide else found


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
