"""The same question in OpenFisca-core, beside the law engine's gates: class only, its own way.

Its way knows no unknown: what nobody has said is the default value (no, 0, the first code), and everybody is decided.
One variable an attribute, one a rule, one for the class; formulas over numpy columns. Only the class is computed, no
reasons and no next day, so this side does less work.
"""

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from musterroll.dates import date_of
from musterroll.fact.attribute import ValueType
from musterroll.law.fold import Fixed, Folded, Joined, Negated, Within, fold
from musterroll.law.model import Is, OneOf, Ordered, attributes_of
from musterroll.law.pack import Pack

type Column = np.ndarray[Any, Any]

PERSON = build_entity(key="person", plural="persons", label="a person", is_person=True)


def run(pack: Pack, question: str, on: int, files: list[Path]) -> int:
    """Read the files' columns that the question asks for, decide everybody; the sum of the classes' numbers."""
    asked, period = pack.questions[question], pack.at(on)
    rules = [rule for rule in period.rules[question] if rule]
    used = sorted(frozenset().union(*(attributes_of(rule.when) for rule in rules)))
    system = TaxBenefitSystem([PERSON])
    for name in used:
        system.add_variable(_variable(f"a_{name}", bool if _is_bool(pack, name) else int))
    for place, rule in enumerate(rules):
        node = fold(rule.when, on, period.calendar)
        system.add_variable(_variable(f"r_{place}", bool, _formula(node)))
    order = [
        (index, [place for place, rule in enumerate(rules) if rule.gives == asked.classes[index].name])
        for index in period.tried[question]
    ]
    system.add_variable(_variable("answer", int, _answer(order, asked.index(asked.otherwise))))
    frame = pl.read_parquet(files, columns=[_column(pack, name) for name in used])
    simulation = SimulationBuilder().build_default_simulation(system, frame.height)
    now = date_of(on).isoformat()
    for name in used:
        simulation.set_input(f"a_{name}", now, frame[_column(pack, name)].fill_null(0).to_numpy())
    return int(simulation.calculate("answer", now).sum())


def _is_bool(pack: Pack, name: str) -> bool:
    return pack.attributes[name].type is ValueType.BOOL


def _column(pack: Pack, name: str) -> str:
    return name if pack.attributes[name].type in (ValueType.BOOL, ValueType.ENUM) else f"{name}_lo"


def _variable(name: str, kind: type, formula: Callable[..., Column] | None = None) -> type[Variable]:
    members: dict[str, object] = {
        "value_type": kind,
        "entity": PERSON,
        "definition_period": DateUnit.DAY,
        "label": name,
    }
    if formula is not None:
        members["formula"] = formula
    return type(name, (Variable,), members)


def _formula(node: Folded) -> Callable[..., Column]:
    def formula(person: Any, period: Any) -> Column:
        return _truth(node, lambda name: person(f"a_{name}", period))

    return formula


def _answer(order: list[tuple[int, list[int]]], otherwise: int) -> Callable[..., Column]:
    def formula(person: Any, period: Any) -> Column:
        tried = [
            (index, np.logical_or.reduce([person(f"r_{place}", period) for place in places]))
            for index, places in order
            if places
        ]
        return np.select([held for _, held in tried], [index for index, _ in tried], otherwise)

    return formula


def _truth(node: Folded, value: Callable[[str], Column]) -> Column:
    match node:
        case Fixed(held):
            return np.bool_(held)  # type: ignore[return-value]
        case Is(name):
            return value(name) == 1
        case OneOf(name, codes):
            return np.logical_or.reduce([value(name) == code for code in codes])
        case Within(name, certain):
            return value(name) <= certain
        case Ordered(first, days, second):
            return value(first).astype(np.int64) + days <= value(second)
        case Negated(part):
            return ~_truth(part, value)
        case Joined(every, parts):
            return reduce(np.logical_and if every else np.logical_or, [_truth(part, value) for part in parts])
