"""A civil register whose rows name father and mother by number: a row set aside is perhaps of a child of theirs.

A key that stood twice had the whole country asked whether it is alive, because the row may be of anybody's child. It
says whose it is: these two are asked until the register is mended, and it founds nobody. So with one that has a cell
too many.
"""

import pytest
from tests.newcountry.small import Country, act

PACK = act(
    "ford",
    """
```attribute died_on
number: 2
kind: registration
type: date
basis: (2)
label: day of death
proof: the registry
unknown: the person is asked
answers: [registry]
neutral: never
```

```attribute youngest_born
number: 3
kind: care duty
type: date
basis: (2)
label: day of birth of the youngest child
proof: the registry
unknown: the person is asked
answers: [registry]
neutral: none
```

```roster family
number: 1
columns: [role, born]
roles: [parent, child]
basis: (2)
```

```derive youngest_born
gives: date
from: family where role = child and mine.role = parent
take: latest born
fewer: none
basis: (2)
```

## art. 2: The ford

> (1) Whoever is alive and of age keeps the ford,
> (2) but not a parent of a child under seven.

```question ford
number: 1
basis: (1)
undetermined: It is not established. You owe nothing.
otherwise: free
classes:
  - free: {effect: not liable, callable: no, label: free, basis: (1)}
  - parent: {effect: exempt, callable: no, label: parent, basis: (2)}
  - keeps: {effect: liable, callable: yes, label: keeps the ford, basis: (1)}
order:
  - (1): [free, parent, keeps]
```

```rule outside
gives: class free
when:
  - any:
      - (1): not (age(born) >= 18)
      - (1): on >= died_on
```

```rule cares
gives: class parent
when:
  - (2): age(youngest_born) < 7
```

```rule owes
gives: class keeps
when:
  - (1): age(born) >= 18
  - (1): not (on >= died_on)
```
""",
)
WORDS = {
    "class.ford.free": "Free.",
    "class.ford.parent": "A parent.",
    "class.ford.keeps": "You keep the ford.",
    "undetermined.ford": "Not established.",
    "rule.outside": "Outside.",
    "rule.cares": "A small child.",
    "rule.owes": "Of age.",
    "answers.registry": "the registry",
    **{
        f"attribute.{name}.{form}": f"{name} {sentence}."
        for name, last in (("born", ""), ("died_on", "never"), ("youngest_born", "none"))
        for form, sentence in (
            ("value", "{value}"), ("range", "{first} {last}"), ("unknown", "unknown"), *([(last, "")] if last else ()),
        )
    },
}  # fmt: skip
CIVIL = """
source: civil
kind: civil register
agency: Registry
legal_basis: art. 1 (2)
purpose: administration
format: csv
schema:
  primaryKey: No
  fields:
    - {name: No, type: string, role: number, constraints: {required: yes}}
    - {name: Family, type: string, role: family}
    - {name: Given, type: string, role: given}
    - {name: Born, type: date, role: born}
    - {name: Died, type: date}
    - {name: Father, type: string}
    - {name: Mother, type: string}
founds: persons
rows_per_record: one
records_per_person: one
freshness_days: 60
silence: everybody
facts:
  - {attribute: born, column: Born}
  - {attribute: died_on, column: Died}
rosters:
  - {roster: family, group: No, as_role: parent}
  - {roster: family, group: Father, as_role: child, born: Born}
  - {roster: family, group: Mother, as_role: child, born: Born}
limits: {rows: [1, 1000], rows_change: 90, refused: 60}
"""
FUND = """
source: fund
kind: family benefit
agency: Family Fund
legal_basis: art. 1 (2)
purpose: administration
format: csv
schema:
  primaryKey: Entry
  fields:
    - {name: Entry, type: string, constraints: {required: yes}}
    - {name: Parent, type: string, role: number}
    - {name: Family, type: string, role: family}
    - {name: Given, type: string, role: given}
    - {name: Child, type: string, role: dependant_1.given}
    - {name: Child born, type: date, role: dependant_1.born}
founds: nothing
rows_per_record: one
records_per_person: many
freshness_days: 60
silence: those concerned
rosters:
  - {roster: family, group: Parent, as_role: parent}
  - {roster: family, group: Parent, as_role: child, part: dependant_1, born: Child born}
limits: {rows: [0, 1000], rows_change: 90, refused: 60}
"""
CHILDREN = ("Entry", "Parent", "Family", "Given", "Child", "Child born")
HEADING = ("No", "Family", "Given", "Born", "Died", "Father", "Mother")
MOTHER = ("2", "Low", "Ida", "1992-01-01", "", "", "")
GROWN = [
    ("1", "Low", "Ben", "1990-01-01", "", "", ""),
    MOTHER,
    ("3", "Mill", "Otto", "1991-01-01", "", "", ""),
    ("4", "Mill", "Karl", "1985-01-01", "2025-01-01", "", ""),
    ("5", "Reed", "Max", "1988-01-01", "", "", ""),
    ("20", "Reed", "Eva", "2022-02-02", "", "5", ""),
]
CHILD = ("10", "Low", "Anna", "2023-03-03", "", "1", "2")
OTHERWISE = ("10", "Low", "Ann", "2023-03-03", "", "1", "2")
TWICE = [("12", "Hill", "Leo", "1990-05-05", "", "", ""), ("12", "Hill", "Leon", "1990-05-05", "", "", "")]


def night(ford, day, rows, children=()):
    return ford.night(day, {"civil": (HEADING, rows)} | ({"fund": (CHILDREN, children)} if children else {}))


@pytest.mark.timeout(900)
def test_of_a_child_s_row_set_aside_its_parents_are_asked_and_nobody_else(tmp_path):
    ford = Country(tmp_path, PACK, WORDS, {"civil": CIVIL})
    asked, keeps = ("undetermined", "youngest_born"), ("keeps", "")
    others = {"3": keeps, "4": ("free", ""), "5": ("parent", "")}
    found = night(ford, "2026-03-02", [*GROWN, CHILD, OTHERWISE, *TWICE])
    assert found == {"1": asked, "2": asked, **others}  # whose key stood twice is nobody yet
    # The same again: what was kept apart stays one entry, and nobody is founded by it.
    assert night(ford, "2026-03-03", [*GROWN, CHILD, OTHERWISE, *TWICE]) == found
    # One row of the two is without its key now: it may say that she has died who is in no other row.
    nameless = ("", *CHILD[1:])
    gone = [row for row in GROWN if row != MOTHER]
    absent = night(ford, "2026-03-04", [*gone, nameless])
    assert absent["2"][0] == "undetermined"
    assert absent == {"1": asked, "2": absent["2"], **others}
    # A sign that parts cells stands inside a name, and every cell after it is one column too far: they are its parents.
    wide = ("10", "Low", "An", "na", "2023-03-03", "", "1", "2")
    assert night(ford, "2026-03-05", [*GROWN, wide]) == {"1": asked, "2": asked, **others}
    # Two cells ran into one: the parents' stand behind them.
    short = ("10", "LowAnna", "2023-03-03", "", "1", "2")
    assert night(ford, "2026-03-06", [*GROWN, short]) == {"1": asked, "2": asked, **others}
    mended = night(ford, "2026-03-07", [*GROWN, CHILD, TWICE[0]])
    assert mended == {"1": ("parent", ""), "2": ("parent", ""), **others, "12": keeps}


NO_PARENTS = CIVIL[: CIVIL.index("rosters:")] + CIVIL[CIVIL.index("limits:") :]
OF_BEN = ("F1", "1", "Low", "Ben", "Anna", "2023-03-03")
OF_MAX = ("F2", "5", "Reed", "Max", "Eva", "2022-02-02")


@pytest.mark.timeout(900)
def test_of_a_fund_s_row_set_aside_the_parent_it_names_is_asked_and_nobody_else(tmp_path):
    civil = NO_PARENTS.replace("    - {name: Father, type: string}\n    - {name: Mother, type: string}\n", "")
    civil = civil.replace("schema:", "cut: [Father, Mother]\nschema:")
    ford = Country(tmp_path, PACK, WORDS, {"civil": civil, "fund": FUND})
    asked, keeps = ("undetermined", "youngest_born"), ("keeps", "")
    others = {"2": keeps, "3": keeps, "4": ("free", ""), "5": ("parent", "")}
    rows = [*GROWN, CHILD]
    slip = ("", "7", *OF_BEN[2:])  # a slip in the number, and no key: his name says that it is he
    twice = [OF_BEN, (*OF_BEN[:5], "2024-03-03")]
    nameless, numberless = ("", "", "", "", *OF_BEN[4:]), ("", "", *OF_BEN[2:])  # families are told by that number
    for number, damaged in enumerate(([("", *OF_BEN[1:])], twice, [slip], [numberless]), start=2):
        assert night(ford, f"2026-03-0{number}", rows, [OF_MAX, *damaged]) == {"1": asked, **others}
    # The child is held now; a second row without a key takes nothing from its father, and gives nobody a child.
    found = night(ford, "2026-03-06", rows, [OF_MAX, OF_BEN, ("", *OF_BEN[1:])])
    assert found == {"1": ("parent", ""), **others}
    # One that does not say whose the child is may be of anybody's.
    found = night(ford, "2026-03-07", rows, [OF_MAX, OF_BEN, nameless])
    assert (found["3"], found["5"]) == (asked, ("parent", ""))
