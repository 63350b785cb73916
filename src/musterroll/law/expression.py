"""The language of conditions: a small part of Python's syntax, read by an allow-list (law-engine 6.2).

1. `and`, `or`, `not`; `== != < <= > >=`, chained; `in (a, b)`, `not in`; `x in [a, b)` and `[a, b]` for intervals.
2. Types: yes-or-no, whole number, date, enumeration. Text, fractions and calls of one's own do not exist. `known(x)`
   stands in procedures only: in a rule, learning less could then change a class.
3. `on` is the day of evaluation; dates are written 2026-12-18 or `never`; `days(n)`, `months(n)`, `years(n)` may be
   added to a date, only `days(n)` taken away; `age(d) >= n` means that the age n is attained, as the calendar says.
4. `age(d) < n` holds of somebody born who is younger than n; an event that never happened has no age.
5. `turning(d) >= n` holds from 1 January of the calendar year in which the age n is attained, `turning(d) == n`
   through that year.
6. `next_working(d, NAME)` is d or the first working day after it, `d + working_days(n, NAME)` the n-th working day
   after d, both by the declared `holidays NAME`; only days may be added to what they give.
7. `that_year(d, 7, 1)` is 1 July of the calendar year in which d falls; only days may be added to it.
8. A name is an attribute, a parameter, a definition, or a value of the enumeration it is compared with.
9. What is wrong is told with its place, its paragraph and a remedy; nothing is guessed.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from musterroll.dates import FIRST_DAY, NEVER, format_day, parse_day
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import LARGEST, Attribute, ValueType
from musterroll.law.calendar import YEAR, Calendar, Shift, month_length
from musterroll.law.model import All, AtMost, Begun, Condition, Is, Known, Not, OneOf, Ordered, Reached, Some
from musterroll.law.workday import Workdays

_DATE = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")
LONGEST = 4_000
"""The most characters of one condition."""

DEEPEST = 50
"""How deep brackets and words of a condition may stand inside one another."""

_ONE_SIGN = re.compile(r"(?<![=<>!])=(?!=)")
_INSIDE = re.compile(r"\b_(day|until|through)\b")
_CALLS = "The calls are days, months, years, age, turning, that_year, next_working and working_days."
_DAY_CALL, _HALF_OPEN, _CLOSED = "_day", "_until", "_through"


_NOTHING = Shift()
_COMMON = 2001
"""A year without 29 February."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the names in an expression mean from `first`, the day for which the law is read."""

    attributes: Mapping[str, Attribute]
    parameters: Mapping[str, int]
    definitions: Mapping[str, Condition]
    calendar: Calendar | None
    workdays: tuple[Workdays, ...] = ()
    first: int = FIRST_DAY
    procedure: bool = False


@dataclass(frozen=True, slots=True)
class _Number:
    value: int


@dataclass(frozen=True, slots=True)
class _Days:
    shift: Shift


@dataclass(frozen=True, slots=True)
class _Date:
    """`base` is an attribute, `on`, or "" for the fixed day `day`."""

    base: str
    shift: Shift = _NOTHING
    day: int = 0


@dataclass(frozen=True, slots=True)
class _Age:
    """Years since a date; with `roll` those that are full at the end of the calendar year."""

    date: _Date
    roll: str = ""


@dataclass(frozen=True, slots=True)
class _Held:
    attribute: Attribute


@dataclass(frozen=True, slots=True)
class _Code:
    name: str


type _Term = _Number | _Days | _Date | _Age | _Held | _Code


def read(text: str, names: Names, where: str) -> Condition:
    """The condition written in `text`. Raises MusterRollError `law.expression` naming `where`."""
    return _Reader(text, names, where).condition()


class _Reader:
    def __init__(self, text: str, names: Names, where: str) -> None:
        self.text = text
        self.names = names
        self.where = where

    def wrong(self, what: str, remedy: str) -> MusterRollError:
        return MusterRollError("law.expression", f"`{self.text}`: {what}", where=self.where, remedy=remedy)

    def undeclared(self, name: str) -> MusterRollError:
        return self.wrong(f"`{name}` is not declared.", "Declare it, or correct its spelling.")

    def condition(self) -> Condition:
        if len(self.text) > LONGEST:
            raise self.wrong(f"a condition is longer than {LONGEST} characters.", "Divide it into several lines.")
        if _INSIDE.search(self.text):
            raise self.wrong("this name is used inside the language.", "Take another name.")
        try:
            plain = _spans(_DATE.sub(lambda found: f"{_DAY_CALL}({parse_day(found[1], where=self.where)})", self.text))
            tree = ast.parse(plain.strip(), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            remedy = "Write it with names, numbers, dates, comparisons, and, or, not."
            if _ONE_SIGN.search(self.text):
                remedy = "What is the same is compared by two signs: `==`."
            raise self.wrong("this is not a condition.", remedy) from None
        if _deep(tree.body) > DEEPEST:
            raise self.wrong(f"more than {DEEPEST} things stand inside one another.", "Use `definition` blocks.")
        return self.truth(tree.body)

    def truth(self, node: ast.expr) -> Condition:
        match node:
            case ast.BoolOp(op=ast.And(), values=parts):
                return All(tuple(self.truth(part) for part in parts))
            case ast.BoolOp(values=parts):
                return Some(tuple(self.truth(part) for part in parts))
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return Not(self.truth(part))
            case ast.Call(func=ast.Name(id="known"), args=[ast.Name(id=name)], keywords=[]):
                return self.known(name)
            case ast.Name(id=name) if name in self.names.definitions:
                return self.names.definitions[name]
            case ast.Name():
                term = self.term(node)
                if isinstance(term, _Held) and term.attribute.type is ValueType.BOOL:
                    return Is(term.attribute.name)
                if isinstance(term, _Code):
                    raise self.undeclared(term.name)
                raise self.wrong(f"`{node.id}` is not a yes-or-no attribute.", "Compare it with something.")
            case ast.Compare(left=left, ops=operators, comparators=rights):
                parts_made = []
                for operator, right in zip(operators, rights, strict=True):
                    parts_made.append(self.compared(left, operator, right))
                    left = right
                return parts_made[0] if len(parts_made) == 1 else All(tuple(parts_made))
            case _:
                raise self.wrong("a part of it is neither true nor false.", "Write a comparison or a yes-or-no name.")

    def known(self, name: str) -> Condition:
        if not self.names.procedure:
            raise self.wrong(
                "`known(...)` stands in procedures only: in a rule, learning less could change a class.",
                "Write the condition itself; where the fact is not known, the rule is unknown by itself.",
            )
        if name not in self.names.attributes:
            raise self.undeclared(name)
        return Known(name)

    def compared(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Condition:
        if isinstance(operator, ast.In | ast.NotIn):
            inside = self.inside(left, right)
            return inside if isinstance(operator, ast.In) else Not(inside)
        return self.comparison(self.term(left), operator, self.term(right))

    def inside(self, left: ast.expr, right: ast.expr) -> Condition:
        term = self.term(left)
        match right:
            case ast.Call(func=ast.Name(id=name), args=[first, last]) if name in (_HALF_OPEN, _CLOSED):
                after = self.comparison(term, ast.GtE(), self.term(first))
                upper: ast.cmpop = ast.Lt() if name == _HALF_OPEN else ast.LtE()
                return All((after, self.comparison(term, upper, self.term(last))))
            case ast.Tuple(elts=values) if isinstance(term, _Held) and term.attribute.type is ValueType.ENUM:
                return OneOf(term.attribute.name, tuple(sorted({self.code(term, self.term(one)) for one in values})))
            case _:
                raise self.wrong("`in` stands before an interval or values in brackets.", "Write `in (a, b)`.")

    def term(self, node: ast.expr) -> _Term:
        match node:
            case ast.Constant(value=int(number)) if not isinstance(number, bool):
                if number > LARGEST:
                    raise self.wrong("a number is too large.", f"No number is above {LARGEST}.")
                return _Number(number)
            case ast.Name(id="on"):
                return _Date("on")
            case ast.Name(id="never"):
                return _Date("", day=NEVER)
            case ast.Name(id=name) if name in self.names.attributes:
                attribute = self.names.attributes[name]
                return _Date(name) if attribute.type is ValueType.DATE else _Held(attribute)
            case ast.Name(id=name) if name in self.names.parameters:
                return _Number(self.names.parameters[name])
            case ast.Name(id=name):
                return _Code(name)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
                return _Number(-number)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=right):
                return self.sum(self.term(left), -1 if isinstance(operator, ast.Sub) else 1, self.term(right))
            case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
                return self.call(name, self.term(argument))
            case ast.Call(func=ast.Name(id=name), args=[argument, ast.Name(id=roll)], keywords=[]):
                return self.working(name, self.term(argument), roll)
            case ast.Call(func=ast.Name(id="that_year"), args=[argument, month, number], keywords=[]):
                return self.that_year(self.term(argument), self.term(month), self.term(number))
            case _:
                raise self.wrong("it holds something that the language does not have.", "See docs/flow/pack.md.")

    def call(self, name: str, argument: _Term) -> _Term:
        match name, argument:
            case "_day", _Number(day):
                return _Date("", day=day)
            case "days", _Number(count):
                return _Days(Shift(days=count))
            case "months", _Number(count) if count >= 0:
                return _Days(self.needs_calendar(Shift(months=count)))
            case "years", _Number(count) if count >= 0:
                return _Days(self.needs_calendar(Shift(years=count)))
            case "age", _Date(base) if base not in ("", "on"):
                return _Age(argument)
            case "turning", _Date(base) if base not in ("", "on"):
                return _Age(argument, YEAR)
            case (("days" | "months" | "years" | "age" | "turning"), _):
                raise self.wrong(
                    f"`{name}(...)` has the wrong content.", "Write `years(18)` or, with a date, `age(born)`."
                )
            case _:
                raise self.wrong(f"`{name}(...)` does not exist, or not so.", _CALLS)

    def working(self, name: str, argument: _Term, roll: str) -> _Term:
        match name, argument:
            case "next_working", _Date(base, shift) if base not in ("", "on") and not shift.roll:
                return replace(argument, shift=self.declared(replace(shift, roll=roll)))
            case "working_days", _Number(count) if count > 0:
                return _Days(self.declared(Shift(roll=roll, working=count)))
            case (("next_working" | "working_days"), _):
                raise self.wrong(
                    f"`{name}(...)` has the wrong content.",
                    "Write `next_working(granted_on + days(15), NAME)` or `granted_on + working_days(3, NAME)`.",
                )
            case _:
                raise self.wrong(f"`{name}(...)` does not exist, or not so.", _CALLS)

    def that_year(self, date: _Term, month: _Term, number: _Term) -> _Term:
        match date, month, number:
            case _Date(base, shift), _Number(of), _Number(day) if (
                base not in ("", "on") and not shift.roll and 1 <= of <= 12 and 1 <= day <= month_length(_COMMON, of)
            ):
                return replace(date, shift=replace(shift, roll=f"{of:02}-{day:02}"))
            case _:
                raise self.wrong(
                    "`that_year(...)` has the wrong content.",
                    "Write the date of a fact, the month and the day, of which every year has one: "
                    "`that_year(born + years(21), 7, 1)`.",
                )

    def declared(self, shift: Shift) -> Shift:
        """The same, where its working days are declared and known since before the law is read."""
        found = [one for one in self.names.workdays if one.name == shift.roll]
        if not found:
            raise self.wrong(f"no holidays `{shift.roll}` are declared.", "Declare ```holidays NAME.")
        if found[0].latest(FIRST_DAY, shift.working) > self.names.first:
            raise self.wrong(
                f"the holidays `{shift.roll}` do not reach back far enough.",
                f"Cover {shift.working + 1} working days before {format_day(self.names.first)}.",
            )
        return shift

    def needs_calendar(self, shift: Shift) -> Shift:
        if self.names.calendar is None:
            raise self.wrong(
                "months and years need a calendar.",
                "Declare `calendar` with leap_day, month_end and age_attained, each with its paragraph.",
            )
        return shift

    def sum(self, left: _Term, sign: int, right: _Term) -> _Term:
        match left, right:
            case _Number(first), _Number(second):
                return _Number(first + sign * second)
            case _Date(base), _Days(shift) if base:
                if sign < 0 and (shift.in_months or shift.roll):
                    raise self.wrong("only days can be taken away.", "Add the others on the other side.")
                if shift.roll and base == "on":
                    raise self.wrong("working days are counted from a fact's date.", "Add them on the other side.")
                return replace(left, shift=self.moved(left.shift, sign, shift))
            case _Date(day=day), _Days(Shift(0, 0, days, "")) if day != NEVER:
                return _Date("", day=day + sign * days)
            case _Date(), _Days():
                raise self.wrong("only days are added to a fixed date.", "Write the date that is meant.")
            case _:
                raise self.wrong("these two cannot be added.", "Add numbers to numbers and periods to dates.")

    def moved(self, held: Shift, sign: int, shift: Shift) -> Shift:
        """`held`, and then `shift` more."""
        if not held.roll:
            months, days = held.months + shift.months, held.days + sign * shift.days
            return Shift(held.years + shift.years, months, days, shift.roll, shift.working)
        if shift.in_months or shift.roll:
            raise self.wrong(
                "after a working day, or a fixed day of a year, only days are counted.",
                "Add months, years and working days before.",
            )
        return replace(held, then=held.then + sign * shift.days)

    def comparison(self, left: _Term, operator: ast.cmpop, right: _Term) -> Condition:
        match operator:
            case ast.LtE():
                return self.at_most(left, right)
            case ast.GtE():
                return self.at_most(right, left)
            case ast.Lt():
                return self.less(left, right)
            case ast.Gt():
                return self.less(right, left)
            case ast.Eq():
                return self.equal(left, right)
            case ast.NotEq():
                return Not(self.equal(left, right))
            case _:
                raise self.wrong("this comparison does not exist.", "Use == != < <= > >= or in.")

    def equal(self, left: _Term, right: _Term) -> Condition:
        if isinstance(left, _Held) and left.attribute.type is ValueType.ENUM:
            return OneOf(left.attribute.name, (self.code(left, right),))
        return All((self.at_most(left, right), self.at_most(right, left)))

    def code(self, left: _Held, right: _Term) -> int:
        values = left.attribute.values
        if not (isinstance(right, _Code) and right.name in values):
            raise self.wrong(
                f"`{left.attribute.name}` is compared with a value it does not have.", f"It has: {', '.join(values)}."
            )
        return values.index(right.name)

    def less(self, left: _Term, right: _Term) -> Condition:
        match left, right:
            case _Age(date), _Number(years):
                return All((self.at_most(date, _Date("on")), Not(self.attained(left, years))))
            case _Number(years), _Age():
                return self.attained(right, years + 1)
            case _:
                return Not(self.at_most(right, left))

    def at_most(self, left: _Term, right: _Term) -> Condition:
        match left, right:
            case _Number(years), _Age():
                return self.attained(right, years)
            case _Age(date), _Number(years):
                return All((self.at_most(date, _Date("on")), Not(self.attained(left, years + 1))))
            case _Held(Attribute(type=ValueType.INT) as attribute), _Number(limit):
                return AtMost(attribute.name, self.within(attribute, limit))
            case _Number(limit), _Held(Attribute(type=ValueType.INT) as attribute):
                return Not(AtMost(attribute.name, self.within(attribute, limit) - 1))
            case _Date(), _Date():
                return self.not_after(left, right)
            case _:
                unknown = [term.name for term in (left, right) if isinstance(term, _Code)]
                if unknown and not any(isinstance(term, _Held) and term.attribute.values for term in (left, right)):
                    raise self.undeclared(unknown[0])
                raise self.wrong("two things of different kinds are compared.", "Compare like with like.")

    def within(self, attribute: Attribute, limit: int) -> int:
        if not attribute.least <= limit <= attribute.most:
            raise self.wrong(
                f"`{attribute.name}` is compared with a number that it cannot have.",
                f"Its range is {attribute.least} to {attribute.most}.",
            )
        return limit

    def attained(self, age: _Age, years: int) -> Condition:
        date = age.date
        if years < 0:
            raise self.wrong("an age is not negative.", "Write the age the law names.")
        calendar = self.names.calendar
        self.needs_calendar(Shift(years=years))
        early = calendar.age_attained if calendar else 0
        held = date.shift
        if held.roll:
            raise self.wrong(
                "an age is not counted from a working day, nor from a fixed day of a year.",
                "Count it from the date itself.",
            )
        return Reached(date.base, Shift(held.years + years, held.months, held.days + early, age.roll))

    def not_after(self, left: _Date, right: _Date) -> Condition:
        """`left <= right`, with everything that moves brought to the left."""
        days = right.shift.days
        match left.base, right.base:
            case base, "on" if base not in ("", "on") and not right.shift.in_months:
                return Reached(base, self.moved(left.shift, -1, Shift(days=days)))
            case base, "" if base not in ("", "on"):
                return Reached(base, left.shift, right.day)
            case "on", base if base not in ("", "on") and not left.shift.in_months:
                return Not(Reached(base, self.moved(right.shift, 1, Shift(days=1 - left.shift.days))))
            case "", base if base not in ("", "on"):
                if left.day == NEVER:
                    return Not(Reached(base, right.shift, NEVER - 1))
                return Not(Reached(base, right.shift, left.day - 1))
            case "", "on" if not right.shift.in_months and left.day != NEVER:
                return Begun(left.day - days)
            case "on", "" if not left.shift.in_months and right.day != NEVER:
                return Not(Begun(right.day + 1 - left.shift.days))
            case first, second if first not in ("", "on") and second not in ("", "on"):
                if left.shift.in_months or right.shift.in_months or left.shift.roll or right.shift.roll:
                    raise self.wrong(
                        "two facts' dates are compared over months, years or working days.",
                        "Only days may be added here.",
                    )
                return Ordered(first, left.shift.days - days, second)
            case _:
                raise self.wrong("this comparison of dates says nothing about a person.", "Name an attribute in it.")


def _spans(text: str) -> str:
    """Rewrites `in [a, b)` and `in [a, b]`, which are not Python, into calls. ValueError where one does not close."""
    start = text.find(" in [")
    if start < 0:
        return text
    depth, comma = 0, 0
    for at in range(start + 5, len(text)):
        sign = text[at]
        if depth == 0 and sign in ")]" and comma:
            name = _HALF_OPEN if sign == ")" else _CLOSED
            inside = f"{name}({text[start + 5 : comma]}, {text[comma + 1 : at]})"
            return f"{text[: start + 4]}{inside}{_spans(text[at + 1 :])}"
        if depth == 0 and sign == ",":
            comma = at
        depth += (sign in "([") - (sign in ")]")
    raise ValueError("the interval is not closed")


def _deep(tree: ast.expr) -> int:
    """How deep the parts of an expression stand inside one another."""
    deepest, found = 0, [(tree, 1)]
    while found:
        node, deep = found.pop()
        deepest = max(deepest, deep)
        found.extend((inner, deep + 1) for inner in ast.iter_child_nodes(node) if isinstance(inner, ast.expr))
    return deepest
