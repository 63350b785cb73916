"""What follows from the law for everybody, as SQL: an independent check of the bulk engine (law-engine 6.4).

`law/evaluate.py` says what is right; the bulk engine is `law_polars`. This shares nothing with it but the folding of
the day, so that a fault of one engine (a wrong null, a wrong bracket) shows as a difference. It is written to be
audited, not to be fast.

1. Everything is emitted as text, every operation in brackets: `1 | 2 & 4` means different things to different engines.
2. Only `= < <= > >= AND OR NOT`, `IS NULL`, CASE and integer bits are emitted: no IN, no LEAST over nulls, no dates.
3. A date plus a period is looked up in a table made by the pack's own calendar for the days that occur.
4. Each condition becomes columns of one subquery: its truth, the day before which time cannot change it, and what is
   missing; then classes and standing in the words of the reference.
"""

from collections.abc import Mapping, Sequence

import duckdb
import polars as pl

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.engine.law_words import UNDETERMINED, WORD, words_of
from musterroll.fact.attribute import ValueType
from musterroll.law.calendar import Shift
from musterroll.law.evaluate import HORIZON
from musterroll.law.fold import Fixed, Folded, Joined, Negated, Within, fold
from musterroll.law.model import Is, OneOf, Ordered
from musterroll.law.pack import Pack

_NO_BITS: Mapping[int, str] = {}
_ROW = "_row"


class _Columns:
    """One condition: names of its truth and bound (None: time changes nothing), and of what is missing by word."""

    def __init__(self, truth: str, bound: str | None, needs: Mapping[int, str]) -> None:
        self.truth = truth
        self.bound = bound
        self.needs = needs


def evaluate(pack: Pack, question: str, flat: pl.DataFrame, on: int, *, threads: int = 2) -> pl.DataFrame:
    """The standing of every row of `flat`, in its order, with the columns of `law_polars.evaluate`.

    Raises KeyError for no question of the pack, MusterRollError `law.coverage` for a day it does not cover.
    """
    query = _Query(pack, question, on, flat.columns)
    with duckdb.connect(config={"threads": threads}) as database:
        database.register("flat", flat.with_row_index(_ROW).to_arrow())
        for name, (column, shift, late) in query.tables.items():
            days = [day for (day,) in database.execute(f"SELECT DISTINCT ({column}) FROM flat").fetchall()]  # noqa: S608
            add = query.calendar.latest if late else query.calendar.earliest
            held = [day for day in days if day is not None]
            sums = pl.DataFrame(
                {"day": held, "later": [add(day, shift) for day in held]}, schema={"day": pl.Int32, "later": pl.Int32}
            )
            database.register(name, sums.to_arrow())
        return database.execute(query.text).pl().drop(_ROW)


class _Query:
    """The text that asks one question of everybody on one day, and the tables of sums it joins."""

    def __init__(self, pack: Pack, question: str, on: int, columns: Sequence[str]) -> None:
        self.on = on
        period = pack.at(on)
        self.calendar = period.calendar
        self.types = {name: one.type for name, one in pack.attributes.items()}
        self.place = {name: place for place, name in enumerate(pack.attributes)}
        self.given = frozenset(columns)
        self.tables: dict[str, tuple[str, Shift, bool]] = {}
        self._table_of: dict[tuple[str, Shift, bool], str] = {}
        self._steps: list[list[tuple[str, str]]] = []
        self._depth: dict[str, int] = {}
        self._made: dict[Folded, _Columns] = {}
        rules = period.rules[question]
        of_rule = [
            self._columns(fold(rule.when, on, self.calendar) if rule else Fixed(value=False, changes=NEVER))
            for rule in rules
        ]
        asked = pack.questions[question]
        tried = period.tried[question]
        of_class = {
            index: self._joined(
                [of_rule[bit] for bit, rule in enumerate(rules) if rule and rule.gives == asked.classes[index].name],
                every=False,
            )
            for index in tried
        }
        before: list[str] = []
        undecided: dict[int, str] = {}
        answer, bounds, needs = str(asked.index(asked.otherwise)), [str(period.end)], []
        for index in tried:
            one = of_class[index]
            passed = f"({' OR '.join(f'({held} IS TRUE)' for held in before)})" if before else "(FALSE)"
            undecided[index] = f"(({one.truth} IS NULL) AND (NOT {passed}))"
            if one.bound:
                bounds.append(f"(CASE WHEN {passed} THEN {NEVER} ELSE {one.bound} END)")
            needs.append((undecided[index], one.needs))
            before.append(one.truth)
        for index in reversed(tried):
            answer = f"(CASE WHEN ({of_class[index].truth} IS TRUE) THEN {index} ELSE {answer} END)"
        changes = "changes_on" if "changes_on" in self.given else str(NEVER)
        nearest = _least([*bounds, f"({changes})"])
        some = f"({' OR '.join(undecided.values())})"
        width = words_of(pack)
        last = [
            (_ROW, _ROW),
            ("person", "(person)::BIGINT"),
            ("question", f"({asked.number})::UTINYINT"),
            ("class", f"(CASE WHEN {some} THEN {UNDETERMINED} ELSE {answer} END)::UTINYINT"),
            ("possible", f"({_bits([(one, i) for i, one in undecided.items()])} | (1::BIGINT << {answer}))"),
        ]
        for word, suffix in enumerate(width.suffixes):
            inside = list(enumerate(of_rule))[word * WORD : (word + 1) * WORD]
            last.append((f"true{suffix}", _bits([(f"({one.truth} IS TRUE)", bit % WORD) for bit, one in inside])))
            last.append((f"unknown{suffix}", _bits([(f"({one.truth} IS NULL)", bit % WORD) for bit, one in inside])))
            missing = [f"(CASE WHEN {open_} THEN {by[word]} ELSE 0 END)" for open_, by in needs if word in by]
            last.append((f"needs{suffix}", f"({' | '.join(missing)})" if missing else "0::BIGINT"))
        last.append(("next_change", f"(CASE WHEN {nearest} < {HORIZON} THEN {nearest} ELSE {NEVER} END)::INTEGER"))
        order = {name: place for place, name in enumerate((_ROW, *width.columns))}
        last.sort(key=lambda one: order[one[0]])
        self.text = self._text(last)

    def _text(self, last: Sequence[tuple[str, str]]) -> str:
        joins = "".join(
            f" LEFT JOIN {name} ON (({column}) = {name}.day)" for name, (column, _, _) in self.tables.items()
        )
        sums = "".join(f", {name}.later AS _{name}" for name in self.tables)
        found = f"SELECT flat.*{sums} FROM flat{joins}"  # noqa: S608 (all names are the pack's, checked as identifiers)
        for step in self._steps:
            columns = ", ".join(f"{one} AS {name}" for name, one in step)
            found = f"SELECT *, {columns} FROM ({found})"  # noqa: S608
        columns = ", ".join(f'{one} AS "{name}"' for name, one in last)
        return f"SELECT {columns} FROM ({found}) ORDER BY {_ROW}"  # noqa: S608

    def _columns(self, node: Folded) -> _Columns:
        if node not in self._made:
            self._made[node] = self._of(node)
        return self._made[node]

    def _of(self, node: Folded) -> _Columns:
        match node:
            case Fixed(value, changes):
                bound = None if changes == NEVER else str(changes)
                return self._staged("TRUE" if value else "FALSE", bound, _NO_BITS, 0)
            case Is(name):
                return self._leaf(f"({_named(name)} = 1)", None, name)
            case OneOf(name, codes):
                return self._leaf(self._one_of(name, codes), None, name)
            case Within(name, certain, possible, moving):
                truth = _three(f"({_hi(name)} <= {certain})", f"({_lo(name)} > {possible})")
                return self._leaf(truth, None if moving is None else self._due(name, moving), name)
            case Ordered(first, days, second):
                lo, hi = _later(_lo(first), days), _later(_hi(first), days)
                return self._leaf(_three(f"({hi} <= {_lo(second)})", f"({lo} > {_hi(second)})"), None, first, second)
            case Negated(part):
                made = self._columns(part)
                return self._staged(f"(NOT {made.truth})", made.bound, made.needs, self._depth[made.truth] + 1)
            case Joined(every, parts):
                return self._joined([self._columns(part) for part in parts], every=every)

    def _one_of(self, name: str, codes: tuple[int, ...]) -> str:
        exact = f"({' OR '.join(f'({_named(name)} = {code})' for code in codes)})" if codes else "(FALSE)"
        if f"{name}_among" not in self.given:
            return f"(CASE WHEN ({_named(name)} IS NULL) THEN NULL ELSE {exact} END)"
        among = _named(f"{name}_among")
        chosen = f"({among} & {sum(1 << code for code in codes if code < WORD)}::BIGINT)"
        return (
            f"(CASE WHEN ({_named(name)} IS NOT NULL) THEN {exact} WHEN ({among} IS NULL) THEN NULL "
            f"WHEN ({chosen} = {among}) THEN TRUE WHEN ({chosen} = 0) THEN FALSE ELSE NULL END)"
        )

    def _leaf(self, truth: str, bound: str | None, *names: str) -> _Columns:
        missing: dict[int, list[str]] = {}
        for name in names:
            word, bit = divmod(self.place[name], WORD)
            exact_only = self.types[name] in (ValueType.BOOL, ValueType.ENUM)
            inexact = f"({_named(name)} IS NULL)" if exact_only else f"(({_lo(name)} = {_hi(name)}) IS NOT TRUE)"
            missing.setdefault(word, []).append(f"(CASE WHEN {inexact} THEN {1 << bit}::BIGINT ELSE 0 END)")
        joined = {word: " | ".join(bits) for word, bits in missing.items()}
        needs = {word: f"(CASE WHEN ({truth} IS NULL) THEN ({bits}) ELSE 0 END)" for word, bits in joined.items()}
        return self._staged(truth, bound, needs, 0)

    def _joined(self, parts: Sequence[_Columns], *, every: bool) -> _Columns:
        if not parts:
            return self._staged("TRUE" if every else "FALSE", None, _NO_BITS, 0)
        truth = f"({(' AND ' if every else ' OR ').join(part.truth for part in parts)})"
        deciding = "IS FALSE" if every else "IS TRUE"
        bound = None
        if any(part.bound for part in parts):
            held = [(f"({part.truth} {deciding})", part.bound or str(NEVER)) for part in parts]
            latest = _greatest([f"(CASE WHEN {one} THEN {due} ELSE {FIRST_DAY} END)" for one, due in held])
            earliest = _least([due for _, due in held])
            some = " OR ".join(one for one, _ in held)
            bound = f"(CASE WHEN ({some}) THEN {latest} ELSE {earliest} END)"
        words = sorted({word for part in parts for word in part.needs})
        needs = {
            word: f"(CASE WHEN ({truth} IS NULL) THEN "
            f"({' | '.join(part.needs[word] for part in parts if word in part.needs)}) ELSE 0 END)"
            for word in words
        }
        return self._staged(truth, bound, needs, 1 + max(self._depth[part.truth] for part in parts))

    def _staged(self, truth: str, bound: str | None, needs: Mapping[int, str], depth: int) -> _Columns:
        while len(self._steps) <= depth:
            self._steps.append([])
        number = len(self._depth)
        name = f"t{number}"
        self._depth[name] = depth
        self._steps[depth].append((name, truth))
        if bound is not None:
            self._steps[depth].append((f"b{number}", bound))
        self._steps[depth].extend((f"n{number}_{word}", one) for word, one in needs.items())
        return _Columns(name, None if bound is None else f"b{number}", {word: f"n{number}_{word}" for word in needs})

    def _due(self, name: str, shift: Shift) -> str:
        first, last = self._later(_lo(name), shift, late=False), self._later(_hi(name), shift, late=True)
        return f"(CASE WHEN ({first} > {self.on}) THEN {first} WHEN ({last} > {self.on}) THEN {last} ELSE {NEVER} END)"

    def _later(self, column: str, shift: Shift, *, late: bool) -> str:
        key = (column, shift, late)
        if key not in self._table_of:
            self._table_of[key] = f"later{len(self.tables)}"
            self.tables[self._table_of[key]] = key
        return f"_{self._table_of[key]}"


def _named(name: str) -> str:
    return f'"{name}"'


def _lo(name: str) -> str:
    return _named(f"{name}_lo")


def _hi(name: str) -> str:
    return _named(f"{name}_hi")


def _three(true: str, false: str) -> str:
    return f"(CASE WHEN {true} THEN TRUE WHEN {false} THEN FALSE ELSE NULL END)"


def _later(day: str, days: int) -> str:
    moved = _greatest([str(FIRST_DAY + 1), _least([str(NEVER - 1), f"(({day})::BIGINT + ({days}))"])])
    stays = f"(({day} = {NEVER}) OR ({day} = {FIRST_DAY}))"
    return f"(CASE WHEN {stays} THEN {day} WHEN ({day} IS NULL) THEN NULL ELSE {moved} END)"


def _least(parts: Sequence[str]) -> str:
    """Of values none of which is null."""
    return parts[0] if len(parts) == 1 else f"LEAST({', '.join(parts)})"


def _greatest(parts: Sequence[str]) -> str:
    """Of values none of which is null."""
    return parts[0] if len(parts) == 1 else f"GREATEST({', '.join(parts)})"


def _bits(parts: Sequence[tuple[str, int]]) -> str:
    bits = [f"(CASE WHEN {one} THEN {1 << bit}::BIGINT ELSE 0 END)" for one, bit in parts]
    return f"({' | '.join(bits)})" if bits else "0::BIGINT"
