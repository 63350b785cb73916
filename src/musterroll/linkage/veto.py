"""Contradictions: what keeps a record from being confirmed as a civil person's, however high its weight.

The list is closed. Each is a function of a pair; its name is the reason written into the log of refused edges. A vetoed
pair may still be a possible link, which can only protect.

A contradiction stands between a civil record and every row that is to join it, however it came. `nothing_of_his_own`
is no contradiction but too little: such a pair brings nobody together, though other rows may.
"""

from collections.abc import Callable

from musterroll.linkage.comparison import COMPARISONS
from musterroll.linkage.pair import Pair

OTHER_DIFFERENCES = ("given", "middle", "family", "born", "sex", "age")
"""What counts as a further difference beside a number. An address does not: people move."""


def given_name_differs(pair: Pair) -> bool:
    """Another given name, without an equal birth date: most often a relative at the same address."""
    return pair.differs("given") and not pair.agrees("born")


def twins(pair: Pair) -> bool:
    """One birth date, but another given name and another second initial, or another sex."""
    return pair.agrees("born") and pair.differs("given") and (pair.differs("middle") or pair.differs("sex"))


def number_differs(pair: Pair) -> bool:
    """Another personal number by more than one digit, and any other difference."""
    return pair.differs("number") and any(pair.differs(name) for name in OTHER_DIFFERENCES)


def birth_date_differs(pair: Pair) -> bool:
    """Another birth date by more than a slip of the pen, or, where none is told, another age; and no equal number.

    A row from years in which the person was a child is another age too.
    """
    other_age = pair.differs("age") and not (pair.agrees("born") or pair.slips("born"))
    return (pair.differs("born") or other_age) and not pair.agrees("number")


CONTRADICTIONS: tuple[Callable[[Pair], bool], ...] = (given_name_differs, twins, number_differs, birth_date_differs)


def nothing_of_his_own(pair: Pair) -> bool:
    """All that agrees is a family's (its name, its address, a number lent), nothing is this person's alone.

    His alone is a given name; else two of: birth date (where none is told, age), second initial, number, a slip in the
    given name.
    """
    if pair.agrees("given"):
        return False
    born = pair.agrees("born") or pair.slips("born") or pair.agrees("age")
    return sum((born, pair.agrees("middle"), pair.agrees("number"), pair.slips("given"))) < 2


def contradiction(pair: Pair) -> str | None:
    """The name of the first contradiction between a record and a civil record, or None."""
    for check in CONTRADICTIONS:
        if check(pair):
            return check.__name__
    return None


def with_his_number(pair: Pair) -> Pair:
    """The pair as if the numbers agreed: of a row with a number that may be an earlier one of his."""
    number = 1 << COMPARISONS.index("number")
    return Pair(pair.agreed | number, pair.near & ~number, pair.against & ~number)


def objection(pair: Pair) -> str | None:
    """Why this pair may not bring two records together: a contradiction, or nothing that is one person's alone."""
    return contradiction(pair) or (nothing_of_his_own.__name__ if nothing_of_his_own(pair) else None)


def verified(pair: Pair) -> bool:
    """Whether an equal personal number is shown to be this person's own: name or birth date agrees, nothing is amiss.

    A number alone is not identity: it is copied, lent and mistyped, most often inside one family. So the given name
    has to agree with another name part, or the birth date has to.
    """
    name = pair.agrees("given") and (pair.agrees("family") or pair.agrees("middle"))
    return pair.agrees("number") and (name or pair.agrees("born")) and objection(pair) is None


def exact(pair: Pair) -> bool:
    """Whether equal names and birth date may stand alone: second initial and sex do not say otherwise."""
    return not pair.differs("middle") and not pair.differs("sex") and objection(pair) is None
