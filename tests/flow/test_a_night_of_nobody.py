"""A home in which nothing is held yet has its night like any other: nobody is in the register after it."""

from tests import nights

from musterroll.engine import night


def test_a_night_before_any_delivery_ends_and_the_next_goes_on_from_it(tmp_path):
    store = nights.store(tmp_path)
    first = night.run(store, None, [], nights.terms(nights.FIRST, 1))
    assert (first.founded, first.moved.height) == (0, 0)
    people = nights.Hamlet(0, tmp_path)
    tonight = next(people.days([]))
    second = night.run(store, first.snapshot, tonight, nights.terms(nights.FIRST, 2))
    assert second.founded > 0
