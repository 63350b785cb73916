import pytest
from tests.unit.fact.people import THIRD_CHILD

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import ValueType
from musterroll.fact.derivation import Derivation, Form, parse

GIVEN = {"gives": "date", "from": "household", "take": "latest born", "fewer": "none", "basis": "art. 1"}


def test_a_block_is_read_into_its_form_roster_and_conditions():
    assert (
        Derivation(
            name="third_child_born",
            gives=ValueType.DATE,
            roster="household",
            form=Form.NTH_LATEST,
            basis="art. 12 (2)",
            column="born",
            nth=3,
            roles=("child",),
            mine=("head", "spouse", "partner"),
            fewer=FIRST_DAY,
        )
        == THIRD_CHILD
    )


@pytest.mark.parametrize(
    ("changes", "form", "fewer"),
    [
        ({"fewer": "never"}, Form.LATEST, NEVER),
        ({"take": "earliest born", "fewer": "unknown"}, Form.EARLIEST, None),
        ({"from": "service where kind = active", "take": "covering from", "fewer": "never"}, Form.COVERING, NEVER),
        ({"from": "service", "take": "total days", "gives": "int", "fewer": "0"}, Form.TOTAL_DAYS, 0),
        ({"take": "any", "gives": "bool", "fewer": "no"}, Form.ANY, 0),
        ({"from": "service where kind in (a, b)", "take": "any", "gives": "bool", "fewer": "no"}, Form.ANY, 0),
    ],
)
def test_the_six_forms_are_read(changes, form, fewer):
    found = parse("x", {**GIVEN, **changes})
    assert (found.form, found.fewer) == (form, fewer)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"basis": " "}, "basis"),
        ({"take": "tallest"}, "take"),
        ({"take": "2nd earliest born"}, "take"),
        ({"gives": "bool"}, "gives"),
        ({"fewer": "no"}, "fewer"),
        ({"from": "Household of mine"}, "from"),
        ({"from": "household where age = 3"}, "from"),
        ({"from": "household where role = a and role = b"}, "from"),
        ({"from": "service where role = a", "take": "latest from"}, "from"),
        ({"from": "household where kind = a", "take": "latest born"}, "from"),
    ],
)
def test_a_block_outside_the_six_forms_is_refused_with_its_field(changes, field):
    with pytest.raises(MusterRollError) as refused:
        parse("x", {**GIVEN, **changes}, where="pack.md, line 3")
    assert (refused.value.code, refused.value.where) == ("derive.malformed", "pack.md, line 3")
    assert f"`{field}`" in refused.value.what


@pytest.mark.parametrize(
    "wrong",
    [
        {"gives": ValueType.BOOL},
        {"column": "from", "roles": ("child",)},
        {"form": Form.COVERING},
        {"nth": 2},
        {"nth": 0, "form": Form.NTH_LATEST},
    ],
)
def test_a_derivation_that_makes_no_sense_cannot_be_made(wrong):
    parts = {"name": "x", "gives": ValueType.DATE, "roster": "r", "form": Form.LATEST, "basis": "b", "column": "born"}
    with pytest.raises(ValueError, match=r"gives|spells|members|number"):
        Derivation(**{**parts, **wrong})
