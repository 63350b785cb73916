"""Chapter: truth has three values.

What is not known is not false. A fact that no source gives leaves every comparison unknown, and a rule with an unknown
condition is unknown unless another condition already decides it.
"""

import pytest

from musterroll.law.truth import Truth, both, either, negate, of

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE


@pytest.mark.parametrize(
    ("one", "other", "all_of_them", "some_of_them"),
    [
        (T, T, T, T),
        (T, U, U, T),  # one ground that is known is enough
        (T, F, F, T),
        (U, U, U, U),
        (U, F, F, U),  # one condition that fails is enough to refuse
        (F, F, F, F),
    ],
)
def test_an_unknown_part_counts_only_where_it_could_turn_the_whole(
    one: Truth, other: Truth, all_of_them: Truth, some_of_them: Truth
) -> None:
    assert both([one, other]) == both([other, one]) == all_of_them
    assert either([one, other]) == either([other, one]) == some_of_them


def test_the_opposite_of_unknown_is_unknown() -> None:
    assert [negate(one) for one in (F, U, T)] == [T, U, F]
    assert (of(True), of(False)) == (T, F)


def test_no_condition_at_all_holds_and_no_ground_at_all_does_not() -> None:
    assert both([]) is T
    assert either([]) is F
