"""What follows from the law for everybody at once: the folded conditions as one Polars plan (law-engine 6.4).

`law/evaluate.py` says what is right; this must agree with it on generated people (tests/agreement) and is checked
against it on every nightly run (`law_guard`).

1. The day of evaluation is folded first: only comparisons with constants, `and`, `or`, `when` and whole numbers are
   emitted. No `is_in`, no date types, no function called back row by row: the plan streams, in constant memory.
2. The class is the first class tried that is not false; where it is not true either, the standing is undetermined.
3. `plan` is lazy and reads files as well as frames; `evaluate` is the same in memory. Without `reasons` only the class
   is found.
4. The plan of a law, question and day is made once a process: a nation's night lays it over many small frames.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from musterroll.dates import NEVER
from musterroll.engine.law_bits import BYTE, Bit, Column, but_not, byte, latest, mask, neither, some, where
from musterroll.engine.law_conditions import Conditions, Judged, plain
from musterroll.engine.law_due import NEVER_DUE, Clock, days
from musterroll.engine.law_words import WORD, words_of
from musterroll.law.evaluate import HORIZON
from musterroll.law.fold import Fixed, Folded, fold
from musterroll.law.model import Period, Question
from musterroll.law.pack import Pack

AMONG = "_among"
_TOGETHER = 4
_PLANS = 32
"""How many plans a process keeps."""
_NO_RULE = Fixed(value=False, changes=NEVER)


def evaluate(pack: Pack, question: str, flat: pl.DataFrame, on: int, *, reasons: bool = True) -> pl.DataFrame:
    """The standing of every row of `flat` on the day `on`, in the order of `flat` (columns: `law_words`).

    `flat` has `person`, and for each attribute `a` (yes-or-no, enumerated) or `a_lo` and `a_hi` (days, numbers); null
    is unknown. `a_among`, where there is one, has a bit for each code that an enumerated fact without one value may
    have. A column `changes_on`, where there is one, is the first later day on which a held fact begins or ends: no next
    change is later. Raises KeyError for no question of the pack, MusterRollError `law.coverage`.
    """
    return plan(pack, question, on, flat.lazy(), reasons=reasons).collect()


def plan(pack: Pack, question: str, on: int, flat: pl.LazyFrame, *, reasons: bool = True) -> pl.LazyFrame:
    """What `evaluate` does, not yet done: for files, and for Polars' streaming engine."""
    return Folding.of(pack, question, on, flat.collect_schema().names(), reasons=reasons).over(flat)


@dataclass(frozen=True, slots=True)
class Folding:
    """The law of one day as expressions: made once for a question, and laid over as many frames as there are."""

    steps: tuple[list[pl.Expr], ...]
    answer: tuple[pl.Expr, ...]

    @classmethod
    def of(cls, pack: Pack, question: str, on: int, held: Collection[str], *, reasons: bool = True) -> "Folding":
        """For frames with the columns `held`."""
        return _folding(_Same(pack), question, on, _sets(held), changing="changes_on" in held, reasons=reasons)

    def over(self, flat: pl.LazyFrame) -> pl.LazyFrame:
        """The standings of the people in a frame."""
        for exprs in self.steps:
            flat = flat.with_columns(exprs)
        return flat.select(self.answer)


class _Same:
    """A law, equal to itself alone: the name under which its plans are kept."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.pack is other.pack

    def __hash__(self) -> int:
        return id(self.pack)


@lru_cache(maxsize=_PLANS)
def _folding(law: _Same, question: str, on: int, sets: tuple[str, ...], *, changing: bool, reasons: bool) -> Folding:
    pack, period = law.pack, law.pack.at(on)
    clock = Clock(on, min(period.end, HORIZON), period.calendar)
    conditions = Conditions(pack.attributes, clock, sets, timed=reasons)
    answer = _Answer(pack, pack.questions[question], period, conditions)
    columns = answer.full(changing=changing) if reasons else answer.short()
    steps = conditions.steps.made[: latest(list(columns.values()))]
    return Folding(tuple(steps), tuple(column.expr.alias(name) for name, column in columns.items()))


def in_scope(pack: Pack, flat: pl.DataFrame, on: int) -> pl.Series:
    """Whether each row of `flat` is among those whom the law registers (charter S13), in the order of `flat`.

    Null where that is not established. True for everybody where the pack declares no scope.
    """
    if pack.at(on).scope is None:
        return pl.repeat(value=True, n=flat.height, dtype=pl.Boolean, eager=True).alias("in_scope")
    return _within(_Same(pack), on, _sets(flat.columns)).over(flat.lazy()).collect()["in_scope"]


@lru_cache(maxsize=_PLANS)
def _within(law: _Same, on: int, sets: tuple[str, ...]) -> Folding:
    """Whether the scope holds (`in_scope`)."""
    pack, period = law.pack, law.pack.at(on)
    assert period.scope is not None
    conditions = Conditions(pack.attributes, Clock(on, period.end, period.calendar), sets, timed=False)
    scope = conditions.judge(plain(fold(period.scope, on, period.calendar)))
    true, false = (_expr(bit) for bit in (scope.true, scope.false))
    truth = pl.when(true).then(statement=True).when(false).then(statement=False).otherwise(None)
    return Folding(tuple(conditions.steps.made), (truth.alias("in_scope"),))


def scope_of(pack: Pack, flat: pl.DataFrame, on: int) -> pl.DataFrame:
    """`person`, `within` as `in_scope`, and `due`: the first day on which that can change (NEVER where it cannot)."""
    within = in_scope(pack, flat, on).alias("within")
    turns = _turning(_Same(pack), on, _sets(flat.columns)).over(flat.lazy()).collect()
    first = turns.select(pl.min_horizontal("due", "changes_on").alias("due"))["due"]
    return flat.select("person").with_columns(within, first)


@lru_cache(maxsize=_PLANS)
def _turning(law: _Same, on: int, sets: tuple[str, ...]) -> Folding:
    """The first day on which the scope can turn with what is held (`due`), and on which what is held does."""
    pack, period = law.pack, law.pack.at(on)
    clock = Clock(on, min(period.end, HORIZON), period.calendar)
    due: pl.Expr = pl.lit(NEVER, dtype=pl.Int32)
    conditions = Conditions(pack.attributes, clock, sets, timed=True)
    end = pl.lit(period.end if period.end < HORIZON else NEVER, dtype=pl.Int32)
    if period.scope is not None:
        scope = conditions.judge(plain(fold(period.scope, on, period.calendar)))
        nearest = conditions.steps.keep(scope.due.days if scope.due else Column(NEVER_DUE)).expr
        due = (
            pl.when(nearest < days(clock.limit)).then((nearest + days(on + 1)).reinterpret(signed=True)).otherwise(end)
        )
    return Folding(tuple(conditions.steps.made), (due.cast(pl.Int32).alias("due"), pl.col("changes_on")))


def _sets(held: Collection[str]) -> tuple[str, ...]:
    return tuple(column.removesuffix(AMONG) for column in held if column.endswith(AMONG))


@dataclass(frozen=True, slots=True)
class _Class:
    """One class as tried: its number, its rules with their bits, and what they come to together."""

    number: int
    rules: tuple[tuple[int, Folded, Judged], ...]
    judged: Judged


class _Answer:
    """The columns of a standing, from the conditions of the rules."""

    def __init__(self, pack: Pack, asked: Question, period: Period, conditions: Conditions) -> None:
        self.pack, self.asked, self.conditions = pack, asked, conditions
        self.steps, self.clock = conditions.steps, conditions.clock
        self.end = period.end
        written = period.rules[asked.name]
        folded = [plain(fold(rule.when, self.clock.on, period.calendar)) if rule else _NO_RULE for rule in written]
        self.rules = [conditions.judge(node) for node in folded]
        self.tried = []
        for number in period.tried[asked.name]:
            name = asked.classes[number].name
            bits = [bit for bit, rule in enumerate(written) if rule and rule.gives == name]
            mine = tuple((bit, folded[bit], self.rules[bit]) for bit in bits)
            together = conditions.joined([judged for _, _, judged in mine], whole=False)
            self.tried.append(_Class(number, mine, together))

    def short(self) -> dict[str, Column]:
        """Person, question and class."""
        alone = self._before([but_not(True, one.judged.false) for one in self.tried])
        found = [but_not(one.judged.true, before) for one, before in zip(self.tried, alone, strict=False)]
        found = [self.steps.keep_bit(bit) for bit in found]
        decided = [*found, but_not(True, alone[-1])]
        return {**self._who(), "class": self._class(decided, but_not(True, some(decided)))}

    def full(self, *, changing: bool) -> dict[str, Column]:
        """All columns."""
        answered = self._before([one.judged.true for one in self.tried])
        possible: list[Bit] = [False] * len(self.asked.classes)
        found: list[Bit] = []
        undecided: list[Bit] = []
        wanted: dict[str, list[Bit]] = {}
        for one, before in zip(self.tried, answered, strict=False):
            found.append(self.steps.keep_bit(but_not(one.judged.true, before)))
            undecided.append(self.steps.keep_bit(but_not(neither(one.judged.true, one.judged.false), before)))
            possible[one.number] = some([found[-1], undecided[-1]])
            for _, node, judged in one.rules:
                self.conditions.wants(node, but_not(undecided[-1], judged.false), wanted)
        rest = self.steps.keep_bit(but_not(True, answered[-1]))
        residual = self.asked.index(self.asked.otherwise)
        possible[residual] = some([possible[residual], rest])
        needs = [self.steps.keep_bit(some(wanted.get(name, []))) for name in self.pack.attributes]
        return {
            **self._who(),
            "class": self._class([*found, rest], some(undecided)),
            "possible": mask(possible),
            **self._words("true", [one.true for one in self.rules]),
            **self._words("unknown", [neither(one.true, one.false) for one in self.rules]),
            **self._words("needs", needs),
            "next_change": self._next_change(answered, changing=changing),
        }

    def _class(self, found: Sequence[Bit], undetermined: Bit) -> Column:
        """The number of the class that is found (of `found` the last is the residual one), 255 if undetermined."""
        numbers = [*(one.number for one in self.tried), self.asked.index(self.asked.otherwise)]
        open_ = self.steps.keep_bit(undetermined)
        bits = [
            some([open_, *(bit for bit, number in zip(found, numbers, strict=True) if number >> place & 1)])
            for place in range(BYTE)
        ]
        return byte(bits)

    def _who(self) -> dict[str, Column]:
        number = pl.lit(self.asked.number, dtype=pl.UInt8)
        return {"person": Column(pl.col("person").cast(pl.Int64)), "question": Column(number)}

    def _before(self, bits: Sequence[Bit]) -> list[Bit]:
        """For each place and for the end, whether a bit before it is set. Every fourth is made once."""
        found: list[Bit] = []
        since: list[Bit] = []
        for place in range(len(bits) + 1):
            if len(since) == _TOGETHER:
                since = [self.steps.keep_bit(some(since))]
            found.append(some(since))
            since.extend(bits[place : place + 1])
        return found

    def _words(self, name: str, bits: Sequence[Bit]) -> dict[str, Column]:
        suffixes = words_of(self.pack).suffixes
        return {f"{name}{suffix}": mask(bits[WORD * at : WORD * (at + 1)]) for at, suffix in enumerate(suffixes)}

    def _next_change(self, answered: Sequence[Bit], *, changing: bool) -> Column:
        """The first change of all classes that are tried: those up to the first that is true."""
        dues = [
            self.steps.keep(where(before, Column(NEVER_DUE), one.judged.due.days))
            for one, before in zip(self.tried, answered, strict=False)
            if one.judged.due
        ]
        nearest = self.conditions.soonest(dues or [Column(NEVER_DUE)])
        day = (nearest.expr + days(self.clock.on + 1)).reinterpret(signed=True)
        end = pl.lit(self.end if self.end < HORIZON else NEVER, dtype=pl.Int32)
        change = pl.when(nearest.expr < days(self.clock.limit)).then(day).otherwise(end)
        if changing:
            change = pl.min_horizontal(change, pl.col("changes_on").cast(pl.Int32))
            change = pl.when(change < HORIZON).then(change).otherwise(pl.lit(NEVER, dtype=pl.Int32))
        return Column(change, nearest.step)


def _expr(bit: Bit) -> pl.Expr:
    return pl.lit(bit) if isinstance(bit, bool) else bit.expr
