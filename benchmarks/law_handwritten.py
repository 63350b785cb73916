"""Side H of the law engine's gates: one question as SQL for DuckDB, in the shape that a good hand would write.

The text is generated, the shape was chosen by trying variants: the rules once as three-valued expressions over the
columns, the masks from them, the class from the masks, and the next day from the thresholds of rules that are not
excluded. It takes what the standing needs and nothing more: missing facts are those of the unknown rules (not only
those that make them unknown), and the next day may come earlier than the engine's.
"""

import duckdb

from musterroll.dates import NEVER
from musterroll.engine.law_words import UNDETERMINED, WORD
from musterroll.law.calendar import Calendar, Overflow, Shift
from musterroll.law.fold import Fixed, Folded, Joined, Negated, Within, fold
from musterroll.law.model import Is, OneOf, Ordered, attributes_of
from musterroll.law.pack import Pack

_LEAP_POSITIONS = (None, 1095, 730, 365)


def query(pack: Pack, question: str, on: int, files: str) -> str:
    """The text. `files` is a path or pattern of Parquet files with the columns of `flat`."""
    asked, period = pack.questions[question], pack.at(on)
    rules = [(bit, rule) for bit, rule in enumerate(period.rules[question]) if rule]
    folded = {bit: fold(rule.when, on, period.calendar) for bit, rule in rules}
    truths = ", ".join(f"({_truth(node)}) AS r{bit}" for bit, node in folded.items())
    words = range(-(-max(bit for bit, _ in rules) // WORD))
    masks = [
        f"({' | '.join(f'(CASE WHEN r{b} {kind} THEN {1 << b % WORD} ELSE 0 END)' for b in folded if b // WORD == w)})"
        f"::BIGINT AS {letter}{w}"
        for letter, kind in (("t", "IS TRUE"), ("u", "IS NULL"))
        for w in words
    ]
    of_class = {
        index: [sum(1 << b % WORD for b, rule in rules if rule.gives == one.name and b // WORD == w) for w in words]
        for index, one in enumerate(asked.classes)
    }

    def any_of(letter: str, index: int) -> str:
        return "(" + " OR ".join(f"(({letter}{w} & {of_class[index][w]}) <> 0)" for w in words) + ")"

    tried = [index for index in period.tried[question] if any(of_class[index])]
    decided = " ".join(
        f"WHEN {any_of('t', index)} THEN {index} WHEN {any_of('u', index)} THEN {UNDETERMINED}" for index in tried
    )
    used = {name: [b for b, rule in rules if name in attributes_of(rule.when)] for name in pack.attributes}
    missing: dict[int, list[str]] = {}
    for place, (name, bits) in enumerate(used.items()):
        if bits:
            one = (
                f"(CASE WHEN ({_missing(pack, name)}) AND ({_some_bit('u', bits)}) THEN {1 << place % WORD} ELSE 0 END)"
            )
            missing.setdefault(place // WORD, []).append(one)
    needs = [f"({' | '.join(found)})::BIGINT AS n{word}" for word, found in missing.items()]
    taus = [tau for node in folded.values() for tau in _taus(node, on, period.calendar)]
    nearest = f"LEAST({period.end}, {', '.join(taus)})" if taus else str(period.end)
    return (
        f"SELECT person, (CASE {decided} ELSE {asked.index(asked.otherwise)} END)::UTINYINT AS class, "
        f"{', '.join(f't{w}, u{w}' for w in words)}, {', '.join(needs)}, {nearest} AS next_change "
        f"FROM (SELECT *, {', '.join(masks)} FROM (SELECT *, {truths} FROM read_parquet('{files}')))"
    )


def run(pack: Pack, question: str, on: int, files: str, *, threads: int = 2) -> dict[str, int]:
    """Ask it of everybody; the sum of each column."""
    text = query(pack, question, on, files)
    with duckdb.connect(config={"threads": threads, "preserve_insertion_order": False}) as database:
        names = [name for name, *_ in database.execute(f"DESCRIBE {text}").fetchall()]
        sums = ", ".join(f"sum({name}::HUGEINT)::VARCHAR" for name in names)
        found = database.execute(f"SELECT {sums} FROM ({text})").fetchone()
        return dict(zip(names, map(int, found or ()), strict=True))


def _truth(node: Folded) -> str:
    match node:
        case Fixed(value):
            return "TRUE" if value else "FALSE"
        case Is(name):
            return f"({name} = 1)"
        case OneOf(name, codes):
            return " OR ".join(f"({name} = {code})" for code in codes)
        case Within(name, certain, possible):
            return f"CASE WHEN {name}_hi <= {certain} THEN TRUE WHEN {name}_lo > {possible} THEN FALSE END"
        case Ordered(first, days, second):
            return (
                f"CASE WHEN {first}_hi::BIGINT + {days} <= {second}_lo THEN TRUE "
                f"WHEN {first}_lo::BIGINT + {days} > {second}_hi THEN FALSE END"
            )
        case Negated(part):
            return f"NOT ({_truth(part)})"
        case Joined(every, parts) if parts:
            return (" AND " if every else " OR ").join(f"({_truth(part)})" for part in parts)
        case _:
            return "TRUE" if node.every else "FALSE"


def _missing(pack: Pack, name: str) -> str:
    exact = pack.attributes[name].type.value in ("bool", "enum")
    return f"{name} IS NULL" if exact else f"({name}_lo = {name}_hi) IS NOT TRUE"


def _some_bit(letter: str, bits: list[int]) -> str:
    words: dict[int, int] = {}
    for bit in bits:
        words[bit // WORD] = words.get(bit // WORD, 0) | 1 << bit % WORD
    return " OR ".join(f"(({letter}{word} & {mask}) <> 0)" for word, mask in words.items())


def _taus(node: Folded, on: int, calendar: Calendar) -> list[str]:
    """One threshold a moving comparison, counted while its rule is not excluded by what does not move."""
    still = f"NOT coalesce(NOT ({_still(node)}), FALSE)"
    found = []
    for leaf in _moving(node):
        for end in ("lo", "hi"):
            due = _later(f"{leaf.attribute}_{end}", leaf.moving or Shift(), calendar)
            found.append(f"(CASE WHEN {due} > {on} AND ({still}) THEN {due} ELSE {NEVER} END)")
    return found


def _moving(node: Folded) -> list[Within]:
    match node:
        case Within(moving=Shift()):
            return [node]
        case Negated(part):
            return _moving(part)
        case Joined(_, parts):
            return [leaf for part in parts for leaf in _moving(part)]
        case _:
            return []


def _still(node: Folded) -> str:
    """The part of a rule that time does not change."""
    if not isinstance(node, Joined) or not node.every:
        return "TRUE" if _moving(node) else _truth(node)
    fixed = [part for part in node.parts if not _moving(part)]
    return " AND ".join(f"({_truth(part)})" for part in fixed) or "TRUE"


def _later(column: str, shift: Shift, calendar: Calendar) -> str:
    """Years by the closed form, months by whole numbers of 30.44 days rounded down (never late)."""
    years, months = divmod(shift.in_months, 12)
    day = f"{column}::BIGINT"
    if years:
        position = _LEAP_POSITIONS[years % 4]
        turn = f" + (CASE WHEN ({day} + 36890) % 1461 >= {position} THEN 1 ELSE 0 END)" if position else ""
        day = f"({day} + {365 * years + years // 4}{turn})"
        if calendar.leap_day is not Overflow.NEXT:
            day = f"({day} - 1)"
    if months:
        day = f"({day} + {months * 30 + months // 3})"
    return f"(CASE WHEN abs({column}) >= {NEVER} THEN {NEVER} ELSE {day} + {shift.days} END)"
