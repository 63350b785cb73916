"""On the sample population too, what is held of everybody is what the slow reference holds of each one."""

import pytest
from tests.conftest import Demo
from tests.rolled import Rolled

from musterroll.engine.roll import person
from musterroll.fact.attribute import ValueType
from musterroll.fact.derive import held_of

pytestmark = pytest.mark.demo


@pytest.mark.parametrize("night", [0, 1], ids=["first night", "second night"])
def test_the_flat_facts_of_the_sample_are_what_the_reference_holds(demo: Demo, night: int):
    rolled = Rolled(demo.folder)
    snapshot = rolled.snapshots[night]
    covered = rolled.covered(snapshot)
    names = {one.delivery: one.source for one in person.deliveries(rolled.store, snapshot)}
    compared = 0
    for view, wide, every in (("flat", False, 40), ("flat_wide", True, 5)):
        with rolled.store.kept_open():
            for row in rolled.view(snapshot, view).gather_every(every).iter_rows(named=True):
                read = person.read(rolled.store, snapshot, row["person"])
                held = held_of(read, rolled.pack, covered, snapshot.on, sources=names, wide=wide)
                for name, attribute in rolled.pack.attributes.items():
                    hull = attribute.type in (ValueType.DATE, ValueType.INT)
                    ends = (row[f"{name}_lo"], row[f"{name}_hi"]) if hull else (row[name], row[name])
                    found = held[name]
                    one = (found.lo, found.hi) if found.among is None else (None, None)
                    assert (*one, int(found.state)) == (*ends, row[f"{name}_state"]), (name, wide)
                    assert found.among == row.get(f"{name}_among"), (name, wide)
                compared += 1
    assert compared > 100
