"""A condition written back in the language of conditions: for mutants, findings, and whoever reads them.

1. What is written reads back (`expression.read`) to a condition that holds of the same people on the same days.
2. The writing is that of the typed form: `age(born) >= 18` comes back as `born + years(18) <= on`.
3. A line is written as its author wrote it; only what stands inside a line, or was changed, is written back.
"""

from collections.abc import Mapping

from musterroll.dates import NEVER, format_day
from musterroll.fact.attribute import Attribute
from musterroll.law.calendar import Shift, fixed_day
from musterroll.law.model import All, AtMost, Begun, Condition, Is, Line, Not, OneOf, Ordered, Reached, Some


def written(condition: Condition, attributes: Mapping[str, Attribute]) -> str:
    """The condition as an author could have written it."""
    match condition:
        case Line(text=text):
            return text
        case Not(All() | Some() | Not() as part):
            return f"not ({written(part, attributes)})"
        case Not(Line(text=text)):
            return f"not ({text})" if " " in text else f"not {text}"
        case All(parts):
            return " and ".join(_inside(part, attributes) for part in parts)
        case Some(parts):
            return " or ".join(_inside(part, attributes) for part in parts)
        case Not(part):
            return _comparison(part, attributes, holds=False)
        case _:
            return _comparison(condition, attributes, holds=True)


def _inside(part: Condition, attributes: Mapping[str, Attribute]) -> str:
    text = written(part, attributes)
    joined = isinstance(part, All | Some) or (isinstance(part, Line) and " " in text)
    return f"({text})" if joined else text


def _comparison(leaf: Condition, attributes: Mapping[str, Attribute], *, holds: bool) -> str:
    match leaf:
        case Is(name):
            return name if holds else f"not {name}"
        case OneOf(name, (code,)):
            return f"{name} {'==' if holds else '!='} {attributes[name].values[code]}"
        case OneOf(name, codes):
            values = ", ".join(attributes[name].values[code] for code in codes)
            return f"{name} {'in' if holds else 'not in'} ({values})"
        case AtMost(name, limit):
            return f"{name} {'<=' if holds else '>'} {limit}"
        case Reached(name, Shift(years, 0, 0, "year"), None):
            reached = f"turning({name}) >= {years}"
            return reached if holds else f"not ({reached})"
        case Reached(name, shift, by):
            sign = "<=" if holds else ">"
            if by is None:
                return f"{moved(name, shift)} {sign} on"
            if by == NEVER - 1:
                return f"{moved(name, shift)} {'!=' if holds else '=='} never"
            return f"{moved(name, shift)} {sign} {format_day(by)}"
        case Ordered(first, days, second):
            return f"{moved(first, Shift(days=days))} {'<=' if holds else '>'} {second}"
        case Begun(day):
            return f"on {'>=' if holds else '<'} {format_day(day)}"
        case _:
            raise AssertionError(f"{leaf} is no comparison")


def moved(name: str, shift: Shift) -> str:
    """A date and the period added to it: `born + years(18)`."""
    days = f" {'-' if shift.days < 0 else '+'} days({abs(shift.days)})" if shift.days else ""
    years = f" + years({shift.years})" if shift.years else ""
    months = f" + months({shift.months})" if shift.months else ""
    text = f"{name}{years}{months}{days}"
    if not shift.roll:
        return text
    then = f" {'-' if shift.then < 0 else '+'} days({abs(shift.then)})" if shift.then else ""
    if annual := fixed_day(shift.roll):
        return f"that_year({text}, {annual[0]}, {annual[1]}){then}"
    if shift.working:
        return f"{text} + working_days({shift.working}, {shift.roll}){then}"
    return f"next_working({text}, {shift.roll}){then}"
