"""From what the sources say to the one value that is held (data-model 5, steps 1 to 4; charter S1).

1. Only statements that are valid on the day, on confirmed links, from fresh sources decide. If there are only stale
   ones, the value is unknown and its state says `stale`. Beside fresh ones, stale ones that say otherwise widen the
   value (`doubted`): a protection does not end because the source that gave it is late. A favoured value stays.
2. Statements that can all be true together give what they have in common: `agreed` from several sources, `single` from
   one. Statements that cannot are a `conflict`: the hull of all of them for days and numbers (two birth dates that both
   make a person 18 decide), the set of all of them for enumerations (two districts that are both called decide), no
   value for yes or no and for enumerations of more than 62 values. No source outranks another.
3. `disagreement: favour VALUE` (exempting facts): one confirmed source that says VALUE is enough; the state still says
   `conflict` when another says otherwise.
4. No statement at all: the neutral value where a source's silence says it (`coverage`), else unknown.
5. Possible links only widen: `widened` is the value of the second evaluation, whose answer counts only where the first
   one was callable. Nothing possible ever narrows a value or makes an unknown one known.
"""

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_

from musterroll.fact.attribute import UNKNOWN, Attribute, Evidence, Held, State, ValueType, one_of


def settled(attribute: Attribute, said: Sequence[Evidence]) -> Held:
    """The value that confirmed, fresh, valid statements give together: rules 2 and 3. None of them: unknown."""
    if not said:
        return UNKNOWN
    evidence = tuple(said)
    favoured = attribute.favoured
    if favoured is not None and any(one.lo == one.hi == favoured for one in said):
        contrary = any(not one.lo <= favoured <= one.hi for one in said)
        return Held(favoured, favoured, State.CONFLICT if contrary else _firm(said), evidence)
    if attribute.sets:
        common = reduce(and_, map(_codes, said))
        return one_of(common, _firm(said), evidence) if common else one_of(_any(said), State.CONFLICT, evidence)
    lo, hi = max(one.lo for one in said), min(one.hi for one in said)
    if lo <= hi:
        return _held(attribute, lo, hi, _firm(said), evidence)
    lo, hi = min(one.lo for one in said), max(one.hi for one in said)
    return _held(attribute, lo, hi, State.CONFLICT, evidence)


def stale(said: Sequence[Evidence]) -> Held:
    """Unknown because every source that says something is older than its limit: rule 1."""
    return Held(None, None, State.STALE, tuple(said))


def doubted(attribute: Attribute, held: Held, old: Sequence[Evidence]) -> Held:
    """`held` with what stale confirmed statements say beside it: rule 1."""
    if held.exact is not None and held.exact == attribute.favoured:
        return held
    return _wider(attribute, held, old, State.STALE)


def widened(attribute: Attribute, held: Held, possible: Sequence[Evidence]) -> Held:
    """`held` with what possible links say beside it, fresh or not: rule 5."""
    return _wider(attribute, held, possible, State.POSSIBLE)


def _wider(attribute: Attribute, held: Held, more: Sequence[Evidence], state: State) -> Held:
    if held.lo is None or held.hi is None or not more:
        return held
    if attribute.sets:
        before = held.among or 1 << held.lo
        wide = before | _any(more)
        return held if wide == before else one_of(wide, state, (*held.evidence, *more))
    lo, hi = min(held.lo, *(one.lo for one in more)), max(held.hi, *(one.hi for one in more))
    if (lo, hi) == (held.lo, held.hi):
        return held
    return _held(attribute, lo, hi, state, (*held.evidence, *more))


def _firm(said: Sequence[Evidence]) -> State:
    return State.AGREED if len({one.source for one in said}) > 1 else State.SINGLE


def _codes(one: Evidence) -> int:
    """The codes that a statement allows, a bit each."""
    return (1 << one.hi + 1) - (1 << one.lo)


def _any(said: Sequence[Evidence]) -> int:
    return reduce(or_, map(_codes, said))


def _held(attribute: Attribute, lo: int, hi: int, state: State, evidence: tuple[Evidence, ...]) -> Held:
    """Days and numbers may be partly known; yes or no and long enumerations are known exactly or not at all."""
    if lo != hi and attribute.type in (ValueType.BOOL, ValueType.ENUM):
        return Held(None, None, state, evidence)
    return Held(lo, hi, state, evidence)
