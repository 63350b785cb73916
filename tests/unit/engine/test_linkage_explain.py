"""Two rows in figures, as an officer is shown them: the example pair of docs/flow/linkage.md."""

import math

from musterroll.dates import parse_day
from musterroll.engine import linkage_model
from musterroll.engine.linkage_explain import rest, steps
from musterroll.engine.linkage_levels import LEVEL_SETS
from musterroll.linkage.comparison import Compared

CIVIL = Compared(
    1, "civil", single=True, given="derick", middle="wayne", family="castillo", born=parse_day("1994-05-06"), sex=0,
    number="111223333",
)  # fmt: skip
DWELLING = Compared(
    2, "dwelling", single=True, given="derick", middle="w", family="castillo", born=parse_day("1994-05-16"), sex=1
)


def test_each_comparison_has_its_level_and_weight_and_silence_weighs_nothing():
    model = linkage_model.load()
    told = {one.comparison: one for one in steps(CIVIL, DWELLING, model)}
    assert list(told) == [one.name for one in LEVEL_SETS]
    levels = {name: one.level for name, one in told.items()}
    expected = {"number": "", "given": "same", "middle": "same", "family": "same", "born": "slip", "sex": "differs"}
    assert {name: levels[name] for name in expected} == expected
    assert (told["number"].weight, told["address"].weight) == (0, 0)
    assert told["given"].weight > 0 > told["sex"].weight
    m, u = model.figures["born", "slip"]
    assert told["born"].weight == round(1000 * math.log2(m / u))


def test_the_order_of_the_two_rows_does_not_matter():
    model = linkage_model.load()
    assert steps(CIVIL, DWELLING, model) == steps(DWELLING, CIVIL, model)


def test_what_is_not_in_the_two_rows_is_the_rest_of_the_weight():
    told = steps(CIVIL, DWELLING, linkage_model.load())
    assert rest(12_345, told) + sum(one.weight for one in told) == 12_345
