"""A declaration to begin with: every member with a word of explanation, the fields proposed from a file's heading.

1. What is proposed is how cells are written: a date's form, whole numbers, codes. What a column is for is never
   guessed: roles, facts and particulars are the author's to write, with the law beside them.
2. Codes are proposed only where few short texts stand in many rows: nothing that could name somebody is copied.
3. As it is written it does not pass `muster source check`; filled in, it does.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from musterroll.extract import dating
from musterroll.extract.schema import ROLES, Silence, SourceKind

FORMS = (
    "YYYY-MM-DD",
    "DD.MM.YYYY",
    "D.M.YYYY",
    "YYYYMMDD",
    "DD/MM/YYYY",
    "MM/DD/YYYY",
    "DD-MM-YYYY",
    "YYYY/MM/DD",
    "ISO",
)
"""The forms of dates that are looked for; where two of them fit, both are named and none is chosen."""
BLANKS = ("", "-", "NULL", "null", "N/A", "n/a", "0000-00-00", "00.00.0000", "99.99.9999", "0")
MANY, FEW, SHORT = 20, 8, 20
ABOVE = 20
"""Among so many first lines the heading is looked for."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """How the cells of a column seem to be written: members of a field, and a word about what is open."""

    name: str
    members: str
    note: str = ""


def heading_at(rows: Sequence[Sequence[str]]) -> int:
    """How many lines stand above the heading: titles, of which few cells are filled, and blank ones.

    The heading is the first line that fills more than half of the cells that the widest line of the sample has.
    """
    width = max((len(row) for row in rows), default=0)
    filled = (2 * sum(bool(cell.strip()) for cell in row) > width for row in rows[:ABOVE])
    return next((place for place, many in enumerate(filled) if many), 0)


def proposed(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[Proposed, ...]:
    """What the cells of a sample look like, column by column."""
    columns = [[row[place].strip() for row in rows if place < len(row)] for place in range(len(heading))]
    return tuple(_proposed(name, cells) for name, cells in zip(heading, columns, strict=True))


def _proposed(name: str, cells: Sequence[str]) -> Proposed:
    filled = [cell for cell in cells if cell not in BLANKS]
    if not filled:
        return Proposed(name, "type: string", "no cell of the sample is filled")
    fitting = {form: sum(bool(dating.days_of((form,), cell, partly=True)[0]) for cell in filled) for form in FORMS}
    most = max(fitting.values())
    if most * 10 >= len(filled) * 9:
        return _dated(name, [form for form in FORMS if fitting[form] == most], len(filled) - most)
    counted = Counter(filled)
    codes = len(filled) >= MANY and len(counted) <= FEW and min(counted.values()) > 1
    if codes and all(len(text) <= SHORT for text in counted):
        return Proposed(
            name, f"type: string, constraints: {{enum: [{', '.join(quoted(each) for each in sorted(counted))}]}}"
        )
    if all(cell.isascii() and cell.isdigit() and (cell == "0" or cell[0] != "0") for cell in filled):
        if max(map(len, filled)) <= 6:
            return Proposed(name, "type: integer")
        return Proposed(name, "type: string", "digits only: perhaps a number of a person or an entry")
    return Proposed(name, "type: string")


def missing_in(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The texts of a sample that may stand for an empty cell."""
    seen = {cell.strip() for row in rows for cell in row}
    return tuple(text for text in BLANKS if text in seen and text not in ("", "0"))


def _dated(name: str, forms: list[str], otherwise: int) -> Proposed:
    if forms[0] == "ISO":
        return Proposed(name, "type: datetime")
    forms = [form for form in forms if form != "ISO"]
    note = f"or {' or '.join(forms[1:])}: ask the agency" if forms[1:] else ""
    if otherwise:
        note = f"written otherwise in the sample: {otherwise}"
    return Proposed(name, f"type: date, format: {forms[0]}", note)


def quoted(text: str) -> str:
    """A text as it can stand in a list of YAML."""
    plain = (
        text
        and not set(text) & set("'\"\\#,[]{}:&*!|>%@`")
        and text == text.strip()
        and not text.startswith(("-", "?"))
    )
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def template(
    name: str,
    fields: Sequence[Proposed],
    *,
    form: str = "csv",
    encoding: str = "utf-8",
    delimiter: str = ",",
    skip_rows: int = 0,
    sheet: str = "",
    missing: Sequence[str] = (),
) -> str:
    """The text of a declaration to be filled in."""
    kinds = "; ".join(each.value for each in SourceKind)
    silences = "; ".join(each.value for each in Silence)
    given = fields or (
        Proposed("entry", "type: string", "the agency's own number for the entry"),
        Proposed("name", "type: string", "one line a column of the file, named as in its heading"),
    )
    listed = "\n".join(
        f"    - {{name: {quoted(each.name)}, {each.members}}}{f'    # {each.note}' if each.note else ''}"
        for each in given
    )
    dialect = [f"delimiter: {'tab' if delimiter == '\t' else f'"{delimiter}"'}"]
    dialect += [f"skipRows: {skip_rows}"] * bool(skip_rows) + [f"sheet: {quoted(sheet)}"] * bool(sheet)
    return f"""\
# What the agency sends, and what each column is for. Fill in what is empty, then: muster source check THIS --pack PACK
source: {name}
kind: ""                 # one of: {kinds}
agency: ""               # its name, as people know it
legal_basis: ""          # the article that lets it send this file, e.g. art. 20 (1)
purpose: administration  # nothing that was collected for statistics, research or other ends may decide about a person
format: {form}            # csv, ndjson, parquet, or xlsx from a small office
encoding: {encoding}        # as the agency writes it: utf-8, utf-16, windows-1251, iso-8859-7, koi8-r, cp866 ...
dialect: {{{", ".join(dialect)}}}   # also quoteChar, header: no, skipRows, commentChar, sheet
schema:                  # a Frictionless Table Schema, with members of ours
  primaryKey: []         # the columns by which the agency finds the entry again; none? then `identity: [columns]`
  missingValues: [{", ".join(f'"{each}"' for each in ("", *missing))}]    # texts that stand for an empty cell
  fields:
    # type: string, date, datetime, integer, year, boolean (trueValues, falseValues)
    # format of a date: DD.MM.YYYY, MM/DD/YYYY, [DD.MM.YYYY, YYYY] ...; a year alone is a partly known day
    # constraints: required, enum, pattern, minimum, maximum, minLength, maxLength
    # role (what linkage compares): {", ".join(sorted(ROLES - {"group", "grown_by"}))}
    #   name with order: family given middle; address with order: "street house, postcode town"
    #   born_year, born_month, born_day; mother.number, dependant_1.born ... for relatives named in the row
    # means: {{1: male, 2: female}} gives codes the pack's words; mask: 999-99-9999 is how a personal number is written
    # reads: {{born: {{year: 1-4, month: 5-6, day: 7-8}}, sex: {{at: 9, male: odd, female: even}}}} of such a number
{listed}
founds: nothing          # persons: this register alone says who exists (a civil register)
rows_per_record: one     # one, or many rows with the same key
records_per_person: one  # one, or many entries about the same person
freshness_days: 120      # for how many days its word may be believed
silence: nobody          # of whom its silence speaks: {silences}
# delta: yes             # daily changes; or {{column: change, put: [I, U], drop: [D]}}
# signing_keys: [{{id: key-1, ed25519: "..."}}]   # muster source key
cut: []                  # columns that no article asks for: dropped at reading
facts: []                # e.g. {{attribute: born, column: birthday}}
                         # or {{attribute: serving, value: yes, when: {{post: [A, B]}}}}, unless: ...
                         # valid_from, valid_to: a date column, through COLUMN, year COLUMN, after COLUMN, as_of
particulars: []          # e.g. {{kind: given, columns: first}}, {{kind: address, columns: [street, house, town]}}
limits: {{rows: [1, 100000000], rows_change: 10, refused: 2}}   # outside them a delivery waits for two people
"""
