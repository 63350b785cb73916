import pytest
from tests.unit.fact.people import BORN, SERVING, SEX, attribute

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Held, State, ValueType, one_of

CHILDREN = attribute("children", 20, ValueType.INT)


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (SERVING, "yes", 1),
        (SERVING, "no", 0),
        (SEX, "female", 1),
        (CHILDREN, "3", 3),
        (BORN, "1970-01-02", 1),
        (BORN, "never", NEVER),
        (BORN, "none", FIRST_DAY),  # earlier than every date: it is known that there is no such day
    ],
)
def test_a_value_is_written_as_packs_write_it(of, text, value):
    assert of.value_of(text) == value


@pytest.mark.parametrize(
    ("of", "text", "code"),
    [
        (SERVING, "maybe", "attribute.value"),
        (SEX, "other", "attribute.value"),
        (CHILDREN, "-1", "attribute.value"),
        (CHILDREN, "1000001", "attribute.value"),
        (BORN, "2021-02-30", "date.malformed"),
    ],
)
def test_a_word_that_is_no_value_is_refused(of, text, code):
    with pytest.raises(MusterRollError) as refused:
        of.value_of(text)
    assert refused.value.code == code


def test_the_span_of_a_kind_of_value_is_closed():
    spans = [one.span for one in (SERVING, SEX, BORN, CHILDREN)]
    assert spans == [(0, 1), (0, 1), (FIRST_DAY, NEVER), (0, 1_000_000)]


def test_a_source_that_is_favoured_is_named_by_its_value():
    assert SERVING.favoured == 1
    assert SEX.favoured is None


def test_a_value_is_exact_when_both_ends_are_the_same():
    assert Held(4, 4, State.SINGLE).exact == 4
    assert Held(4, 5, State.SINGLE).exact is None


@pytest.mark.parametrize("ends", [(None, 1), (1, None), (2, 1)])
def test_half_a_hull_cannot_be_held(ends):
    with pytest.raises(ValueError, match=r"ends|hull"):
        Held(*ends, State.SINGLE)


def test_a_set_of_values_runs_from_its_smallest_to_its_largest_and_one_value_is_that_value():
    assert one_of(0b1010, State.CONFLICT) == Held(1, 3, State.CONFLICT, (), 0b1010)
    assert one_of(0b100, State.SINGLE) == Held(2, 2, State.SINGLE)
    for among, ends in ((0b1010, (0, 3)), (0b10, (1, 1)), (0, (0, 0)), (1 << 62 | 1, (0, 62))):
        with pytest.raises(ValueError, match="a set of values"):
            Held(*ends, State.CONFLICT, (), among)
