import pytest
from tests.unit.fact.people import BORN, SERVING, SEX, STUDENT, attribute

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import UNKNOWN, Evidence, Held, State, ValueType
from musterroll.fact.conflict import doubted, settled, stale, widened

PLACE = attribute("place", 15, ValueType.ENUM, values=("north", "south", "east", "west"))
TOWN = attribute("town", 17, ValueType.ENUM, values=tuple(f"t{n}" for n in range(70)))


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
        (SEX, [("civil", 0), ("dwelling", 1)], (0, 1, State.CONFLICT)),
        (TOWN, [("civil", 0), ("dwelling", 65)], (None, None, State.CONFLICT)),  # too many values for a set
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


@pytest.mark.parametrize(
    ("statements", "among"),
    [
        ([("civil", 0), ("dwelling", 2)], 0b101),
        ([("civil", 0), ("civil", 2), ("dwelling", 3)], 0b1101),
        ([("civil", 0, 2), ("dwelling", 2, 3)], None),  # both can be true of the third value alone
        ([("civil", 0, 2), ("dwelling", 1, 3)], 0b110),
        ([("civil", 0, 1), ("dwelling", 3)], 0b1011),
    ],
)
def test_sources_that_name_different_values_leave_the_set_of_them(statements, among):
    found = settled(PLACE, [says(*one) for one in statements])
    assert found.among == among
    assert found.exact == (2 if among is None else None)


def test_old_and_possible_word_widens_a_set_and_nothing_narrows_it():
    held = settled(PLACE, [says("civil", 1)])
    wide = widened(PLACE, held, [says("dwelling", 3, confirmed=False)])
    assert (wide.among, wide.state, len(wide.evidence)) == (0b1010, State.POSSIBLE, 2)
    assert widened(PLACE, wide, [says("dwelling", 1, confirmed=False)]) is wide
    assert doubted(PLACE, wide, [says("tax", 0)]).among == 0b1011


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
