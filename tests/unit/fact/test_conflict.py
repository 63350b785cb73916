import pytest
from tests.unit.fact.people import BORN, SERVING, SEX, STUDENT

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import UNKNOWN, Evidence, Held, State
from musterroll.fact.conflict import doubted, settled, stale, widened


def says(source, lo, hi=None, *, confirmed=True):
    return Evidence(lo, lo if hi is None else hi, source, 1, 1, FIRST_DAY, NEVER, 0, confirmed)


@pytest.mark.parametrize(
    ("attribute", "statements", "held"),
    [
        (BORN, [], (None, None, State.UNKNOWN)),
        (BORN, [("civil", 5)], (5, 5, State.SINGLE)),
        (BORN, [("civil", 5), ("civil", 5)], (5, 5, State.SINGLE)),
        (BORN, [("civil", 5), ("dwelling", 5)], (5, 5, State.AGREED)),
        (BORN, [("civil", 5), ("dwelling", 9)], (5, 9, State.CONFLICT)),
        (BORN, [("civil", 5), ("dwelling", 1, 9)], (5, 5, State.AGREED)),  # the age allows the date
        (BORN, [("civil", 0, 5), ("dwelling", 3, 9)], (3, 5, State.AGREED)),
        (BORN, [("civil", 0, 2), ("dwelling", 3, 9)], (0, 9, State.CONFLICT)),
        (SEX, [("civil", 0), ("dwelling", 1)], (None, None, State.CONFLICT)),
        (STUDENT, [("dwelling", 0), ("school", 1)], (None, None, State.CONFLICT)),
        (SERVING, [("dwelling", 0), ("pay", 1)], (1, 1, State.CONFLICT)),  # one source is enough to exempt
        (SERVING, [("dwelling", 0), ("pay", 0)], (0, 0, State.AGREED)),
        (SERVING, [("dwelling", 1)], (1, 1, State.SINGLE)),
        (SERVING, [("dwelling", 1), ("pay", 1)], (1, 1, State.AGREED)),
    ],
)
def test_what_several_sources_say_together(attribute, statements, held):
    found = settled(attribute, [says(*one) for one in statements])
    assert (found.lo, found.hi, found.state) == held
    assert len(found.evidence) == len(statements)


def test_only_old_word_is_no_word_and_says_so():
    old = [says("civil", 5)]
    assert stale(old) == Held(None, None, State.STALE, tuple(old))


@pytest.mark.parametrize(
    ("attribute", "sure", "possible", "wide"),
    [
        (BORN, [("civil", 5)], [], (5, 5, State.SINGLE)),
        (BORN, [("civil", 5)], [("dwelling", 5)], (5, 5, State.SINGLE)),  # says nothing new
        (BORN, [("civil", 5)], [("dwelling", 9)], (5, 9, State.POSSIBLE)),
        (BORN, [], [("dwelling", 9)], (None, None, State.UNKNOWN)),  # a possible link establishes nothing
        (SERVING, [("dwelling", 0)], [("pay", 1)], (None, None, State.POSSIBLE)),
    ],
)
def test_possible_links_only_widen(attribute, sure, possible, wide):
    held = settled(attribute, [says(*one) for one in sure])
    found = widened(attribute, held, [says(*one, confirmed=False) for one in possible])
    assert (found.lo, found.hi, found.state) == wide


@pytest.mark.parametrize(
    ("attribute", "fresh", "old", "held"),
    [
        (SERVING, [("dwelling", 0)], [("pay", 1)], (None, None, State.STALE)),  # the pay office is late: he is asked
        (SERVING, [("dwelling", 1)], [("pay", 0)], (1, 1, State.SINGLE)),  # a favoured value stays
        (BORN, [("civil", 5)], [("dwelling", 5)], (5, 5, State.SINGLE)),
        (BORN, [("civil", 5)], [("dwelling", 9)], (5, 9, State.STALE)),
        (BORN, [("civil", 5)], [], (5, 5, State.SINGLE)),
        (BORN, [], [("dwelling", 9)], (None, None, State.UNKNOWN)),
    ],
)
def test_old_word_beside_fresh_word_only_widens(attribute, fresh, old, held):
    found = doubted(attribute, settled(attribute, [says(*one) for one in fresh]), [says(*one) for one in old])
    assert (found.lo, found.hi, found.state) == held


def test_nothing_said_is_unknown():
    assert settled(BORN, []) is UNKNOWN
