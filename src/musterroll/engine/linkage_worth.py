"""Whether two rows can come to the least weight that matters: what the model gives them at most, without weighing them.

1. The same levels as the model's (`linkage_levels`), looked at in one pass while pairs are sought; Splink then weighs
   the pairs that are left. Where a level cannot be told from the columns at hand it is taken to hold: a pair is left
   out only where Splink would give it less than `weight.POSSIBLE`.
2. Of records with several rows the best pair of rows counts: their pairs are never left out here.
"""

import math

from musterroll.engine.linkage_frame import Database
from musterroll.engine.linkage_levels import DIFFERS
from musterroll.engine.linkage_model import Model
from musterroll.linkage.weight import POSSIBLE, THOUSANDTHS

YEAR = "coalesce(year(DATE '1970-01-01' + {0}.born), year(DATE '1970-01-01' + {0}.as_of) - {0}.age)"
PLACE = "coalesce('box ' || {0}.po_box, {0}.dwelling)"
_SLACK = 0.02
"""Bits by which a pair may be below and is weighed nevertheless: sums of floats differ in their last digits."""

_RARE = {"given": "s.given", "family": "s.family", "place": PLACE.format("s")}
_DAY = "(DATE '1970-01-01' + {0}.born)"


def seekers(connection: Database, seeking: str, founders: int, model: Model) -> None:
    """Make the table `seeker`: the rows of `seeking` (SQL) with what they bring to a weight. Reads the tables of terms.

    `same_given`, `same_family` and `same_place` are the bits that an equal value gives: more for a rare one.
    """
    prior = min(model.coverage / max(founders, 1), 0.5)
    bits, joins = [], []
    for name, value in _RARE.items():
        comparison = "address" if name == "place" else name
        same = math.log2(model.figures[comparison, "same"][0])
        bits.append(f"{same!r} - log2(coalesce(f_{name}.n, 1) / m_{name}.n::DOUBLE) AS same_{name}")
        joins.append(
            f"LEFT JOIN (SELECT * FROM frequency WHERE kind = '{name}') f_{name} ON f_{name}.value = hash({value}) "
            f"JOIN frequency_of m_{name} ON m_{name}.kind = '{name}'"
        )
    connection.execute(f"""
        CREATE OR REPLACE TABLE seeker AS
        SELECT s.*, {", ".join(bits)},
            {math.log2(prior / (1 - prior))!r} AS prior
        FROM {seeking} s {" ".join(joins)}
    """)


def worth_sql(model: Model, o: str = "o", x: str = "x") -> str:
    """SQL: whether the row `x` of the view `row` may be worth weighing with the row `o` of `seeker`."""
    least = POSSIBLE / THOUSANDTHS - _SLACK
    bits = " + ".join([f"{o}.prior", *(f"({sql})" for sql in _parts(model, o, x))])
    return f"(NOT {o}.alone OR NOT {x}.alone OR {bits} >= {least!r})"


def _parts(model: Model, o: str, x: str) -> list[str]:
    """The most bits that each comparison gives."""

    def bits(comparison: str, level: str = DIFFERS) -> str:
        m, u = model.figures[comparison, level]
        return repr(math.log2(m / u))

    def most(comparison: str, *levels: str) -> str:
        return max((bits(comparison, level) for level in levels), key=float)

    def like(comparison: str, left: str, right: str, *levels: tuple[float, str]) -> str:
        told = " ".join(
            f"WHEN jaro_winkler_similarity({left}, {right}) >= {least} THEN {bits(comparison, level)}"
            for least, level in levels
        )
        return f"CASE {told} ELSE {bits(comparison)} END"

    place, year = PLACE.format(x), YEAR.format(x)

    def spelt_alike(which: str) -> str:
        keys = f"{o}.{which}_keys = {x}.{which}_keys"
        likeness = like(which, f"{o}.{which}", f"{x}.{which}", (0.92, "spelling"), (0.8, "similar"))
        return f"CASE WHEN {keys} THEN {bits(which, 'spelling')} ELSE {likeness} END"

    swapped = f"{o}.given = {x}.family AND {o}.family = {x}.given"
    short = f"length({o}.given) = 1 OR length({x}.given) = 1"
    part = " OR ".join(
        f"{how}({a}.family, {b}.family)" for how in ("starts_with", "suffix") for a, b in ((o, x), (x, o))
    )
    born = f"year({_DAY.format(o)}) = year({_DAY.format(x)})"
    turned = f"month({_DAY.format(o)}) = day({_DAY.format(x)}) AND day({_DAY.format(o)}) = month({_DAY.format(x)})"
    apart = f"abs({o}.told_year - {year})"

    def case(left: str, right: str, equal: str, otherwise: str) -> str:
        silent = f"{left} IS NULL OR {right} IS NULL"
        return f"CASE WHEN {left} = {right} THEN {equal} WHEN {silent} THEN 0 ELSE {otherwise} END"

    def in_letters(left: str, right: str, equal: str, otherwise: str) -> str:
        return f"CASE WHEN {o}.latin <> {x}.latin THEN 0 ELSE {case(left, right, equal, otherwise)} END"

    def either(*levels: tuple[str, str], otherwise: str) -> str:
        told = ", ".join(f"CASE WHEN {condition} THEN {value} END" for condition, value in levels)
        return f"greatest({told}, {otherwise})"

    ends = " OR ".join(f"{end}({o}.number, 3) = {end}({x}.number, 3)" for end in ("left", "right"))
    slip = f"least(length({o}.number), length({x}.number)) < 8 OR {ends}"  # one slip leaves one end of it as it is
    given = either(
        (swapped, bits("given", "exchanged")),
        (f"len({o}.forms) > 0", bits("given", "form")),
        (short, bits("given", "initial")),
        otherwise=spelt_alike("given"),
    )
    family = either(
        (swapped, bits("family", "exchanged")),
        (part, bits("family", "part")),
        otherwise=spelt_alike("family"),
    )
    day = (
        f"CASE WHEN {born} THEN CASE WHEN {turned} THEN {most('born', 'day and month exchanged', 'slip', 'same year')} "
        f"ELSE {most('born', 'slip', 'same year')} END "
        f"WHEN day({_DAY.format(o)}) = day({_DAY.format(x)}) THEN {most('born', 'slip', DIFFERS)} "
        f"ELSE {bits('born')} END"
    )  # one slip leaves the year or the day as it is
    age = either((f"{apart} <= 1", bits("age", "same")), (f"{apart} <= 3", bits("age", "near")), otherwise=bits("age"))
    told = f"({o}.born IS NULL OR {x}.born IS NULL) AND {apart} IS NOT NULL"
    spelt = like("address", f"{o}.place", place, (0.95, "spelling"))
    return [
        case(
            f"{o}.number",
            f"{x}.number",
            bits("number", "same"),
            either((slip, bits("number", "slip")), otherwise=bits("number")),
        ),
        in_letters(f"{o}.given", f"{x}.given", f"{o}.same_given", given),
        in_letters(f"left({o}.middle, 1)", f"left({x}.middle, 1)", bits("middle", "same"), bits("middle")),
        in_letters(f"{o}.family", f"{x}.family", f"{o}.same_family", family),
        case(f"{o}.born", f"{x}.born", bits("born", "same"), day),
        f"CASE WHEN {told} THEN {age} ELSE 0 END",
        case(f"{o}.sex", f"{x}.sex", bits("sex", "same"), bits("sex")),
        in_letters(f"{o}.place", place, f"{o}.same_place", spelt),
    ]
