"""How many a draw picks, how many of them are called, and when the law holds none: lines of a selection, each cited."""

import pytest
from tests.lawtext import BASE, RULES, day

from musterroll.errors import MusterRollError
from musterroll.law import pack as packs
from musterroll.law.pack import Pack
from musterroll.law.selection import Amount

NUMBERS = """
```parameter ordered
unit: number
basis: (1)
values: {2000-01-01: 50, 2010-01-01: 20}
```

```parameter volunteers
unit: number
basis: (1)
values: {2000-01-01: 30}
```

```parameter beyond
unit: number
basis: (1)
values: {2000-01-01: 15}
```
"""
LINES = {
    "cohort": "duty is bound",
    "strata": "district",
    "total": "parameter ordered less parameter volunteers plus parameter beyond",
    "called": "parameter ordered less parameter volunteers",
    "not held if": "everybody is called",
    "share": "stratum size",
    "rounding": "largest remainder",
    "least": "1",
    "merge under": "never",
    "order": "draw value",
}


def text(cites: dict[str, str] | None = None, **changed: str) -> str:
    lines = {**LINES, **{name.replace("_", " "): value for name, value in changed.items()}}
    found = (f"- {(cites or {}).get(name, '(1)')}: {{{name}: {value}}}\n" for name, value in lines.items() if value)
    return f"{BASE}{RULES}{NUMBERS}\n```selection draw\n{''.join(found)}```\n"


def loaded(law: str) -> Pack:
    return packs.from_text({"small.md": law})


def refused(law: str) -> MusterRollError:
    with pytest.raises(MusterRollError) as problem:
        loaded(law)
    assert problem.value.remedy
    return problem.value


def test_volunteers_come_first_and_more_are_picked_than_are_called() -> None:
    pack = loaded(text())
    selection = pack.selection
    assert selection is not None
    assert selection.total.at(pack.parameters, day("2005-01-01")) == 35  # 50 less 30 plus 15
    assert selection.called is not None
    assert selection.called.at(pack.parameters, day("2005-01-01")) == 20
    assert (selection.not_held_by, selection.unmerged_by, selection.least) == ("art. 1 (1)", "art. 1 (1)", 1)
    assert selection.total.names == ("ordered", "beyond", "volunteers")


def test_where_volunteers_are_enough_nobody_is_wanted() -> None:
    pack = loaded(text())
    assert pack.selection is not None
    assert pack.selection.called is not None
    assert pack.selection.called.at(pack.parameters, day("2011-01-01")) == 0  # 20 less 30


def test_one_number_is_picked_and_called_where_the_law_names_no_other() -> None:
    selection = loaded(text(total="parameter ordered", called="", not_held_if="")).selection
    assert selection is not None
    assert (selection.total, selection.called, selection.not_held_by) == (Amount(("ordered",)), None, "")


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"total": "50"}, "`total` is no sum of parameters"),
        ({"total": "parameter ordered times parameter beyond"}, "`total` is no sum of parameters"),
        ({"called": "parameter wanted"}, "there is no parameter `wanted`"),
        ({"order": "place"}, "no line says in which order over all parts"),
        ({"order": "value"}, "`order` is always"),
        ({"not_held_if": "nobody is called"}, "`not held if` is always"),
        ({"least": ""}, "missing or unknown: least"),
    ],
)
def test_what_is_no_number_of_people_is_refused(changed: dict[str, str], what: str) -> None:
    problem = refused(text(**changed))
    assert problem.code == "law.selection"
    assert what in problem.what


def test_only_an_article_forbids_a_draw() -> None:
    problem = refused(text({"not held if": "law silent"}))
    assert (problem.code, "only an article forbids a draw" in problem.what) == ("law.selection", True)
