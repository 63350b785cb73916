"""Standings of everybody on one day, what changed since the last run, and from when a change counts.

1. Everybody is decided on the sure facts. Whom possible links or unattached records concern is decided a second time on
   the widened facts; that answer counts only where the first one was callable: it protects and never harms (S1).
2. A worsening by a changed fact, link or law takes effect only after the pack's period (S9); one by time alone, or one
   that betters somebody, at once.
3. Under a new law everybody is compared by the names of questions and classes, and every change is the law's.
4. The cause of a change is found by deciding yesterday's facts on today's day: if that already gives the new answer,
   time did it; else a link or a fact.
"""

from dataclasses import dataclass

import polars as pl

from musterroll.engine import law_polars
from musterroll.engine.fact_polars import Flat
from musterroll.engine.law_words import UNDETERMINED
from musterroll.engine.roll.table import table_of, with_words
from musterroll.law.model import Question
from musterroll.law.pack import Pack

SILENT_LAW = 30
"""Days that a worsening waits where the law says nothing (charter S9)."""

KEY = ("person", "question")


@dataclass(frozen=True, slots=True)
class Moves:
    """`changes` has one row a changed standing (with `effective_from` and `because`); `causes` counts them."""

    changes: pl.DataFrame
    causes: dict[str, int]


def decide(pack: Pack, flat: Flat, on: int) -> pl.DataFrame:
    """The standing view: one row a person and question."""
    answers = [_answer(pack, name, flat, on) for name in pack.questions]
    return pl.concat(answers).sort(KEY)


def _answer(pack: Pack, question: str, flat: Flat, on: int) -> pl.DataFrame:
    sure = law_polars.evaluate(pack, question, flat.sure, on)
    if flat.wide.is_empty():
        return sure
    wide = law_polars.evaluate(pack, question, flat.wide, on)
    protected = sure.filter(pl.col("class").is_in(callable_classes(pack, question))).select("person")
    return sure.update(wide.join(protected, on="person", how="semi"), on=list(KEY))


def callable_classes(pack: Pack, question: str) -> list[int]:
    """The numbers of the classes of a question from which people may be called."""
    return [number for number, each in enumerate(pack.questions[question].classes) if each.callable]


def by_effect(pack: Pack, standing: pl.DataFrame) -> dict[str, int]:
    """Persons by question and effect, `question/effect`; `undetermined` beside the effects."""
    found: dict[str, int] = {}
    for number, (name, question) in _numbered(pack).items():
        effects = {place: each.effect.value for place, each in enumerate(question.classes)}
        asked = standing.filter(pl.col("question") == number)
        for place, count in asked.group_by("class").len().sort("class").iter_rows():
            label = f"{name}/{effects.get(place, 'undetermined')}"
            found[label] = found.get(label, 0) + count
    return found


def told(pack: Pack, standing: pl.DataFrame) -> pl.DataFrame:
    """`person`, `question`, and in the words of the law: `asked`, `named` ("" undetermined) and `bound`.

    `bound` is 2 for callable, 1 for liable, 0 for all else, undetermined included.
    """
    classes = [
        (number, place, name, each.name, each.adverse + each.callable)
        for number, (name, question) in _numbered(pack).items()
        for place, each in enumerate(question.classes)
    ]
    classes += [(number, UNDETERMINED, name, "", 0) for number, (name, _) in _numbered(pack).items()]
    schema = {"question": pl.UInt8, "class": pl.UInt8, "asked": pl.String, "named": pl.String, "bound": pl.UInt8}
    words = pl.DataFrame(classes, schema=schema, orient="row")
    return standing.select(*KEY, "class").join(words, on=["question", "class"]).drop("class")


def moves(
    pack: Pack,
    before: pl.DataFrame | None,
    after: pl.DataFrame,
    *,
    by_time: pl.DataFrame | None,
    relinked: pl.Series,
    on: int,
    earlier: Pack | None = None,
    judged: pl.Series | None = None,
    early: pl.Series | None = None,
) -> Moves:
    """What changed since `before`. `by_time` are yesterday's facts decided today; `relinked` whose links changed.

    `judged` are people whom a judgement merged or parted: they did not enter the register tonight, whatever stood of
    them yesterday, and a worsening waits (charter S9). So it does for the `early`: whom a changed fact brought into the
    register before time would have.

    `earlier` is the law by which `before` was decided, where it is another one. Then everybody's reasons are new, and
    every change is put down to the law, so that no worsening comes without its wait. Two laws are compared by the names
    of questions and classes and by what each law itself lets follow from a class; numbers mean nothing across laws.
    """
    empty = after.clear()
    old = empty if before is None else with_words(table_of("standing", after.schema), before)
    answer = [name for name in after.columns if name not in KEY]
    alone = empty if by_time is None else by_time
    nobody = pl.Series([], dtype=pl.Int64)
    parted, corrected = (nobody if people is None else people for people in (judged, early))
    new = after if earlier else after.join(old, on=[*KEY, *answer], how="anti", nulls_equal=True)
    was = told(earlier or pack, old)
    changed = (
        new.join(told(pack, after), on=KEY)
        .join(was.drop("question"), on=["person", "asked"], how="left", suffix="_was")
        .join(alone.select(*KEY, pl.col("class").alias("alone")), on=KEY, how="left")
        .with_columns(
            pl.when(pl.col("person").is_in(parted.implode()))
            .then(pl.lit("link"))
            .when(pl.col("person").is_in(corrected.implode()) & (earlier is None))
            .then(pl.lit("fact"))
            .when(~pl.col("person").is_in(old["person"].unique().implode()))
            .then(pl.lit("entry"))
            .when(pl.lit(earlier is not None))
            .then(pl.lit("law"))
            .when(pl.col("alone") == pl.col("class"))
            .then(pl.lit("time"))
            .when(pl.col("person").is_in(relinked.implode()))
            .then(pl.lit("link"))
            .otherwise(pl.lit("fact"))
            .alias("because")
        )
    )
    worse = (pl.col("bound") > pl.col("bound_was").fill_null(0)) & pl.col("because").is_in(["fact", "link", "law"])
    first = pl.when(worse).then(on + worsening_days(pack, on)).otherwise(on).cast(pl.Int32)
    moved = (pl.col("because") == "entry") | pl.struct("named", "bound").ne_missing(
        pl.struct(pl.col("named_was").alias("named"), pl.col("bound_was").alias("bound"))
    )
    changed = changed.with_columns(first.alias("effective_from"), moved.alias("moved")).sort(KEY)
    causes = dict(changed.filter("moved").group_by("because").len().sort("because").iter_rows())
    return Moves(changed.select(*after.columns, "because", "effective_from", "moved"), causes)


def worsening_days(pack: Pack, on: int) -> int:
    """Days between notice and effect of a worsening: the pack's parameter, 30 where the law is silent (S9)."""
    stated = pack.parameters.get("worsening_notice")
    return SILENT_LAW if stated is None else stated.at(on)


def _numbered(pack: Pack) -> dict[int, tuple[str, Question]]:
    return {question.number: (name, question) for name, question in pack.questions.items()}
