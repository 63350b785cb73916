"""A list whose program forgot its quotation marks: a row with a cell too many or too few concerns its person alone.
So does a broken line of JSON.

Whoever is not on such a list is not concerned; a row of which nobody knew whose it is had everybody asked.
"""

import json

import pytest
from tests.newcountry.small import Country, act

PACK = act(
    "quay",
    """
```attribute pilot
number: 2
kind: office held
type: bool
basis: (2)
label: pilot of the harbour
proof: the harbour office
unknown: the person is asked
answers: [harbour]
neutral: no
```

## art. 2: The quay

> (1) Whoever is of age keeps the quay,
> (2) but not a pilot.

```question quay
number: 1
basis: (1)
undetermined: It is not established. You owe nothing.
otherwise: young
classes:
  - young: {effect: not liable, callable: no, label: young, basis: (1)}
  - pilot: {effect: exempt, callable: no, label: pilot, basis: (2)}
  - keeps: {effect: liable, callable: yes, label: keeps the quay, basis: (1)}
order:
  - (1): [young, pilot, keeps]
```

```rule under_age
gives: class young
when:
  - (1): not (age(born) >= 18)
```

```rule steers
gives: class pilot
when:
  - (2): pilot
```

```rule owes
gives: class keeps
when:
  - (1): age(born) >= 18
```
""",
)
WORDS = {
    "class.quay.young": "Young.",
    "class.quay.pilot": "A pilot.",
    "class.quay.keeps": "You keep the quay.",
    "undetermined.quay": "Not established.",
    "rule.under_age": "Young.",
    "rule.steers": "A pilot.",
    "rule.owes": "Of age.",
    "answers.registry": "the registry",
    "answers.harbour": "the harbour office",
    "attribute.born.value": "born {value}.",
    "attribute.born.range": "born {first} {last}.",
    "attribute.born.unknown": "unknown.",
    "attribute.pilot.yes": "A pilot.",
    "attribute.pilot.no": "No pilot.",
    "attribute.pilot.unknown": "unknown.",
}
SOURCE = """
source: {name}
kind: {kind}
agency: {name}
legal_basis: art. 1 (2)
purpose: administration
format: csv
founds: {founds}
rows_per_record: one
records_per_person: one
freshness_days: 60
silence: {silence}
limits: {{rows: [1, 1000], rows_change: 90, refused: 60}}
"""
CIVIL = (
    SOURCE.format(name="civil", kind="civil register", founds="persons", silence="everybody")
    + """
schema:
  primaryKey: No
  fields:
    - {name: No, type: string, role: number, constraints: {required: yes}}
    - {name: Family, type: string, role: family}
    - {name: Given, type: string, role: given}
    - {name: Born, type: date, role: born}
facts:
  - {attribute: born, column: Born}
"""
)
HARBOUR = (
    SOURCE.format(name="harbour", kind="list of office-holders", founds="nothing", silence="those concerned")
    + """
schema:
  primaryKey: Licence
  fields:
    - {name: Licence, type: string, constraints: {required: yes}}
    - {name: No, type: string, role: number}
    - {name: Family, type: string, role: family}
    - {name: Given, type: string, role: given}
    - {name: Born, type: date, role: born}
    - {name: Berth, type: string, role: street}
    - {name: State, type: string, constraints: {enum: [A, B]}}
facts:
  - {attribute: pilot, value: yes, when: {State: A}}
  - {attribute: pilot, value: no, when: {State: B}}
"""
)
PEOPLE = [
    ("1001", "Low", "Ben", "1990-01-01"),
    ("1002", "Mill", "Otto", "1991-02-03"),
    ("1003", "Reed", "Max", "1988-05-06"),
    ("1004", "Hill", "Leo", "1985-07-08"),
]
HEADING = ("Licence", "No", "Family", "Given", "Born", "Berth", "State")
BEN, OTTO = (("L1", *PEOPLE[0], "Pier 1", "A"), ("L2", *PEOPLE[1], "Pier 2", "A"))


def night(quay, day, pilots):
    sent = {"civil": (("No", "Family", "Given", "Born"), PEOPLE), "harbour": (HEADING, pilots)}
    return {key: standing for key, (standing, _) in quay.night(day, sent).items()}


WIDE = ("L2", *PEOPLE[1], "Pier 2", "east", "A")
CUT_OFF = ("L2", *PEOPLE[1], "Pier 2")
RUN_INTO_ONE = ("L2", "1002Mill", *PEOPLE[1][2:], "Pier 2", "A")


@pytest.mark.timeout(900)
def test_of_a_row_with_a_cell_too_many_or_too_few_its_person_is_asked_and_nobody_else(tmp_path):
    quay = Country(tmp_path, PACK, WORDS, {"civil": CIVIL, "harbour": HARBOUR})
    others = {"1001": "pilot", "1003": "keeps", "1004": "keeps"}
    for day, row in enumerate((WIDE, CUT_OFF, RUN_INTO_ONE), start=2):
        assert night(quay, f"2026-03-0{day}", [BEN, row]) == {**others, "1002": "undetermined"}
    assert night(quay, "2026-03-06", [BEN, (*OTTO[:-1], "B")]) == {**others, "1002": "keeps"}
    # What yesterday's row says may have changed with the one that came, and its last cell is the one that was lost.
    assert night(quay, "2026-03-07", [BEN, CUT_OFF]) == {**others, "1002": "undetermined"}
    assert night(quay, "2026-03-08", [BEN]) == {**others, "1002": "keeps"}


def line_of(pilot):
    return json.dumps(dict(zip(HEADING, pilot, strict=True)))


@pytest.mark.timeout(900)
def test_of_a_broken_line_of_json_its_person_is_asked_and_nobody_else(tmp_path):
    harbour = HARBOUR.replace("format: csv", "format: ndjson")
    quay = Country(tmp_path, PACK, WORDS, {"civil": CIVIL, "harbour": harbour})
    others = {"1001": "pilot", "1003": "keeps", "1004": "keeps"}
    otto = line_of(OTTO)
    broken = (otto[: otto.index("Berth")], otto.replace('"Otto"', "Otto"), otto.replace('"1002"', '["1002"]'))
    for day, line in enumerate(broken, start=2):
        sent = {"civil": (("No", "Family", "Given", "Born"), PEOPLE), "harbour": [line_of(BEN), line]}
        assert {key: told[0] for key, told in quay.night(f"2026-03-0{day}", sent).items()} == {
            **others,
            "1002": "undetermined",
        }
