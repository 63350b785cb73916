"""A list whose program forgot its quotation marks: a row with a cell too many or too few concerns its person alone.

Whoever is not on such a list is not concerned; a row of which nobody knew whose it is had everybody asked.
"""

import csv
import io

import pytest
from tests.conftest import bench, muster
from tests.newcountry.sending import send, table

PACK = """# The Quay Act (invented)

```pack quay
title: The Quay Act (invented)
version: 1
in force: 2020-01-01 ..
```

## art. 1: Time and record

> (1) An age is reached on the birthday, of 29 February on the 28th; months end on their last day.
> (2) The register holds what this Act needs.

```calendar
leap_day: {is: 28 February, basis: (1)}
month_end: {is: last day, basis: (1)}
age_attained: {is: on anniversary, basis: (1)}
```

```scope
registers:
  - (2): age(born) >= 17
```

```attribute born
number: 1
kind: birth
type: date
basis: (2)
label: day of birth
proof: the registry
unknown: the person is asked
answers: [registry]
```

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
"""
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


class Quay:
    def __init__(self, place):
        self.home, self.place, self.count = place / "home", place, 0
        pack = place / "quay"
        (pack / "sources").mkdir(parents=True)
        (pack / "pack.md").write_text(PACK, "utf-8")
        sentences = "".join(f'{key}: "{said}"\n' for key, said in WORDS.items())
        (pack / "words.md").write_text(f"# Words\n\n```words en\n{sentences}```\n", "utf-8")
        (pack / "sources" / "civil.yaml").write_text(CIVIL, "utf-8")
        (pack / "sources" / "harbour.yaml").write_text(HARBOUR, "utf-8")
        made = muster("init", "--fictional", "--home", self.home, "--pack", pack)
        assert made.returncode == 0, made.stderr

    def night(self, day, pilots):
        self.count += 1
        sent = self.place / f"sent-{self.count}"
        civil = table(("No", "Family", "Given", "Born"), PEOPLE).encode()
        send(sent, "civil.csv", civil, source="civil", as_of=day, rows=len(PEOPLE))
        send(sent, "harbour.csv", table(HEADING, pilots).encode(), source="harbour", as_of=day, rows=len(pilots))
        night = muster("nightly", "--home", self.home, "--deliveries", sent, "--on", day, timeout=500)
        assert "taken in  harbour.csv" in night.stdout, night.stdout + night.stderr
        lines = csv.DictReader(io.StringIO(bench("standings", "--home", self.home).stdout))
        return {line["key"]: line["standing"] for line in lines}


WIDE = ("L2", *PEOPLE[1], "Pier 2", "east", "A")
CUT_OFF = ("L2", *PEOPLE[1], "Pier 2")
RUN_INTO_ONE = ("L2", "1002Mill", *PEOPLE[1][2:], "Pier 2", "A")


@pytest.mark.timeout(900)
def test_of_a_row_with_a_cell_too_many_or_too_few_its_person_is_asked_and_nobody_else(tmp_path):
    quay = Quay(tmp_path)
    others = {"1001": "pilot", "1003": "keeps", "1004": "keeps"}
    for day, row in enumerate((WIDE, CUT_OFF, RUN_INTO_ONE), start=2):
        assert quay.night(f"2026-03-0{day}", [BEN, row]) == {**others, "1002": "undetermined"}
    assert quay.night("2026-03-06", [BEN, (*OTTO[:-1], "B")]) == {**others, "1002": "keeps"}
    # What yesterday's row says may have changed with the one that came, and its last cell is the one that was lost.
    assert quay.night("2026-03-07", [BEN, CUT_OFF]) == {**others, "1002": "undetermined"}
    assert quay.night("2026-03-08", [BEN]) == {**others, "1002": "keeps"}
