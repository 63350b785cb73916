"""Chapter: which sources may be declared, and how. What is not known is refused: no mistyped word goes unnoticed."""

import re
from pathlib import Path

import pytest
from tests.spec.extract.test_plausibility import DECLARED

from musterroll.dates import parse_day
from musterroll.errors import MusterRollError
from musterroll.extract import declaration, declared_maps, declared_sender, fields
from musterroll.extract.declaration import findings, load_source
from musterroll.extract.schema import PARTICULARS, ROLES, Silence, SourceKind, check_cited


def refused(text, code="source.malformed"):
    with pytest.raises(MusterRollError) as refusal:
        load_source(text)
    assert refusal.value.code == code
    return str(refusal.value)


def changed(old, new, text=DECLARED):
    assert old in text
    return text.replace(old, new)


def test_a_declaration_is_read_whole():
    source = load_source(DECLARED)
    assert source.kind is SourceKind.CIVIL_REGISTER
    assert source.silence is Silence.EVERYBODY
    assert source.founds
    assert source.roles == (("sex", "sex"), ("born", "born"))
    assert source.limits.shares["sex"] == {"M": (40, 60), "": (0, 5)}


def test_a_declaration_is_read_from_its_file(tmp_path):
    path = tmp_path / "civil.yaml"
    path.write_text(DECLARED, encoding="utf-8")
    assert load_source(path).name == "civil"
    path.write_text(changed("silence: everybody", "silence: perhaps"), encoding="utf-8")
    with pytest.raises(MusterRollError) as refusal:
        load_source(path)
    assert refusal.value.where == "civil.yaml:14: silence"


@pytest.mark.parametrize(
    "kind",
    ["police", "border crossings", "telecom", "bank", "employer", "electoral roll", "statistics", "Civil register"],
)
def test_a_source_of_a_forbidden_kind_cannot_be_declared(kind):
    assert refused(changed("kind: civil register", f"kind: {kind}"), "source.kind") == (
        f"`{kind}` is not a kind of source that may send. The list is closed: civil register; dwelling register; "
        "education; health body's findings; armed forces; family benefit; tax office, dependants only; courts' "
        "findings; list of office-holders; the register itself. Where: declaration:3: kind. What to do: Do not declare "
        "this source. No setting, pack or plug-in adds a kind (charter, X5). [source.kind]"
    )


@pytest.mark.parametrize("purpose", ["statistics", "Statistics", "research", "enforcement", ""])
def test_what_was_collected_for_another_purpose_may_not_decide_about_a_person(purpose):
    assert refused(changed("purpose: administration", f"purpose: {purpose}"), "source.purpose") == (
        "A source serves `purpose: administration`; what was collected for statistics, research or other ends may not "
        "decide about a person. Where: declaration:6: purpose. What to do: Do not declare this source. Ask the agency "
        "that keeps the administrative register. [source.purpose]"
    )


def test_a_source_without_an_article_cannot_be_declared():
    assert refused(changed("legal_basis: art. 20 (1)", 'legal_basis: ""'), "source.no-basis") == (
        "No article lets the agency send this file. Where: declaration:5: legal_basis. What to do: Name the article "
        "under `legal_basis`, or do not declare the source. [source.no-basis]"
    )


def test_a_column_that_serves_nothing_is_refused():
    text = changed("    - {name: sex,", "    - {name: pets}\n    - {name: sex,")
    assert refused(text, "source.column-unused") == (
        "The column `pets` serves no fact, roster, particular or comparison: no article asks for it. Where: "
        "declaration:19: schema.fields 2. What to do: List it under `cut` so that it is dropped at reading, or ask the "
        "agency not to send it. [source.column-unused]"
    )


def test_a_fact_that_the_pack_does_not_cite_is_refused_with_the_article_that_would_be_needed():
    source = load_source(changed("  - {attribute: born, column: born}", "  - {attribute: wealth, column: born}"))
    with pytest.raises(MusterRollError) as refusal:
        check_cited(source, {"born": "art. 3 (1)", "sex": "art. 3 (1)"}, set())
    assert str(refusal.value) == (
        "No article of the pack asks for `wealth`, so `born` of source civil may not become a fact. Where: civil: "
        "facts, item 1. What to do: Strike the mapping; or, where the law does ask, add `wealth` to the pack with "
        "the article under which it decides something (`basis: art. ...`). [source.attribute-uncited]"
    )


def test_a_roster_that_no_derivation_reads_is_refused():
    source = load_source(DECLARED.replace("limits:", "rosters:\n  - {roster: household, group: entry}\nlimits:"))
    cited = {"born": "art. 3 (1)", "sex": "art. 3 (1)"}
    with pytest.raises(MusterRollError) as refusal:
        check_cited(source, cited, set())
    assert str(refusal.value) == (
        "No derivation of the pack reads the roster `household`: source civil may not keep it. Where: civil: rosters, "
        "item 1. What to do: Strike the roster; or, where the law does ask, add a derivation from `household` to the "
        "pack with its article (`basis: art. ...`). [source.roster-uncited]"
    )
    check_cited(source, cited, {"household"})


def test_who_has_not_said_the_kind_yet_is_told_the_kinds():
    told = refused(changed("kind: civil register", 'kind: ""'), "source.kind")
    assert told.startswith("It is not said what kind of source sends. The list is closed: civil register; ")
    assert told.endswith("What to do: Write the kind as the list has it. [source.kind]")


def test_a_constant_fact_that_is_not_cited_names_the_row():
    source = load_source(changed("{attribute: born, column: born}", "{attribute: wealth, value: yes, when: {sex: M}}"))
    with pytest.raises(MusterRollError) as refusal:
        check_cited(source, {}, set())
    assert "so `a row` of source civil may not become a fact" in str(refusal.value)


CASES = [
    ("source: civil\n", "", "`source` is missing."),
    ("source: civil\n", "source: civil\nowner: me\n", "`owner` is not known; known are source, kind"),
    ("source: civil\n", "source: [civil]\n", "`source` is one text."),
    ("source: civil\n", "source: civil/../x\n", "`source` is a short name of letters, digits, - and _"),
    ("format: csv", "format: pdf", "`format` is one of csv, parquet, ndjson, xlsx."),
    ("encoding: utf-8", "encoding: ebcdic", "`encoding` is one of big5,"),
    ('delimiter: ";"', "delimiter: x", "`dialect.delimiter` is one of , ; | or tab."),
    ('delimiter: ";"', "quoteChar: x", "`dialect.quoteChar` is"),
    ('delimiter: ";"', "commentChar: ab", "`dialect.commentChar` is one sign"),
    ('delimiter: ";"', "sheet: People", "`dialect.sheet` is a workbook's, and the files are csv: write `format: xlsx`"),
    ('delimiter: ";"', "escapeChar: x", "`dialect.escapeChar` is not known; known are delimiter,"),
    ("primaryKey: entry", "primaryKey: nowhere", "names the column `nowhere`, which is not declared."),
    ("primaryKey: entry", "missingValues: [-]", "`schema.primaryKey` names the columns of the entry's key;"),
    ("required: yes", "required: no", "is part of the key: `constraints: {required: yes}`."),
    ("required: yes", "required: maybe", "`schema.fields 1.constraints.required` is yes or no."),
    ("founds: persons", "founds: families", "`founds` is one of persons, nothing."),
    ("freshness_days: 30", "freshness_days: soon", "`freshness_days` is a whole number."),
    (
        "type: string, constraints: {req",
        "type: prose, constraints: {req",
        "`schema.fields 1.type` is one of string, date,",
    ),
    (
        "type: string, constraints: {req",
        "kind: string, constraints: {req",
        "`schema.fields 1.kind` is not known; known are",
    ),
    (
        "- {name: entry, type: string, constraints: {required: yes}}",
        "- entry",
        "`schema.fields 1` holds members with names.",
    ),
    ("role: sex", "role: gender", "`schema.fields 2.role` is one of address, age, also_born, born"),
    ("role: sex", "role: spouse.also_born", "`schema.fields 2.role` is one of address, age, also_born, born"),
    ("role: sex", "role: uncle.sex", "`schema.fields 2.role` is one of address, age, also_born, born"),
    ("  - {attribute: sex, column: sex, values: {M: male, F: female}}", "", "is a sex: say which code means which"),
    ("role: sex,", "role: sex, means: {X: male},", "gives a meaning to `X`, which is not among the codes (`enum`)."),
    ("{enum: [M, F]}", "{enum: [M, F], longest: 3}", "`schema.fields 2.constraints.longest` is not known; known are"),
    ("format: YYYY-MM-DD", "format: YY-MM-DD", "`schema.fields 3.format` is a date's: YYYY, MM and DD in any order"),
    ("format: YYYY-MM-DD", "format: DD Mon YYYY", "`schema.fields 3.format` is a date's: YYYY, MM and DD"),
    ("format: YYYY-MM-DD", "format: YYYY-MM-DD, decimalChar: ','", "is of a whole number (`type: integer`)"),
    ("format: YYYY-MM-DD", "format: DMYYYY", "has something between its parts where one of them may have one digit."),
    ("format: YYYY-MM-DD", "format: [DD/MM/YYYY, MM/DD/YYYY]", "has two forms in which the same text is another day"),
    ("role: born,", "role: born, measured: 02-30,", "A date is written YYYY-MM-DD and exists in the calendar."),
    ("minimum: 1905-01-01", "minimum: then", "A date is written YYYY-MM-DD and exists in the calendar."),
    (
        "{attribute: born, column: born}",
        "{attribute: born}",
        "`facts 1` takes its value from a `column` or is a constant",
    ),
    ("{attribute: born, column: born}", "{attribute: born, value: x, column: born}", "`facts 1` takes its value"),
    ("{attribute: born, column: born}", "{column: born}", "`facts 1.attribute` is missing."),
    ("{attribute: born, column: born}", "{attribute: born, column: bron}", "`facts 1` names the column `bron`"),
    ("{attribute: born, column: born}", "{attribute: born, column: entry}", "says which text of `entry` is which word"),
    ("{attribute: born, column: born}", "{attribute: born, column: born, values: {a: b}}", "are of a column of codes"),
    ("values: {M: male", "values: {X: male", "gives a word to `X`, which is not among the codes of the column"),
    ("values: {M: male", "values: {X: male", "not among the codes of the column. They are: `M`, "),
    ("column: born}", "column: born, valid_from: year entree}", "`facts 1.valid_from` names the column `entree`"),
    ("column: born}", "column: born, valid_from: year born}", "`facts 1.valid_from` reads a year, and `born` is none."),
    ("column: born}", "column: born, valid_to: through sex}", "`facts 1.valid_to` reads a date, and `sex` is none."),
    ("column: born}", "column: born, valid_to: entree}", "`facts 1.valid_to` names the column `entree`"),
    ("column: born}", "column: born, certainty: likely}", "`facts 1.certainty` is one of sure, possible."),
    ("column: born}", "column: born, when: [x]}", "`facts 1.when` holds members with names."),
    ("column: born}", "column: born, when: {sex: {a: b}}}", "`facts 1.when.sex` is a list."),
    ("column: born}", "column: born, unless: {sex: X}}", "asks for `X`, which is not among the codes of the column."),
    ("column: born}", "column: born, unless: {pets: X}}", "names the column `pets`, which is not declared."),
    ("limits:", "rosters: [{group: entry}]\nlimits:", "`rosters 1.roster` is missing."),
    ("limits:", "rosters: household\nlimits:", "`rosters` is a list."),
    ("limits:", "particulars: [{kind: income, columns: sex}]\nlimits:", "`particulars 1.kind` is one of address"),
    ("limits:", "particulars: [{kind: given, columns: [name]}]\nlimits:", "`particulars 1` names the column `name`"),
    ("limits:", "cut: [born]\nlimits:", "`cut` holds `born`, which is declared as a column too."),
    ("limits:", "delta: {column: sex, put: I, drop: D}\nlimits:", "names a column that stands under `schema` too"),
    ("limits:", "delta: {column: op, put: I, drop: I}\nlimits:", "`delta.drop` and put both hold `I`."),
    ("limits:", "delta: {column: op}\nlimits:", "`delta.put` is missing."),
    ("limits:", "signing_keys: [{id: a, ed25519: abc}]\nlimits:", "is a public Ed25519 key: 32 bytes in base64"),
    ("rows: [10, 100]", "rows: [100, 10]", "`limits.rows` is [least, most]."),
    ("rows: [10, 100]", "rows: [10]", "`limits.rows` is [least, most]."),
    ("shares: {sex:", "shares: {seks:", "names the column `seks`, which is not declared."),
    ("one_day: 5", "districts: {column: town}", "`limits.districts` names the column `town`, which is not declared."),
]


@pytest.mark.parametrize(("old", "new", "told"), CASES, ids=[told[:60] for _, _, told in CASES])
def test_a_wrong_member_is_refused_with_its_name(old, new, told):
    found = findings(changed(old, new))
    assert told in " ".join(map(str, found))
    assert {one.code for one in found} <= {"source.malformed", "date.malformed", "source.column-unused"}
    assert all(re.match("declaration:[0-9]+", one.where) for one in found)
    with pytest.raises(MusterRollError) as refusal:
        load_source(changed(old, new))
    assert str(refusal.value) == str(found[0])


def test_columns_cannot_be_empty():
    head, _, tail = DECLARED.partition("schema:")
    bare = head + "schema: {primaryKey: entry, fields: []}\n" + tail[tail.index("facts:") :]
    assert "`schema.fields` lists the columns of the file." in refused(bare)


def test_a_text_that_is_no_declaration_is_refused():
    assert refused("- a\n- b\n").startswith("The declaration holds members with names.")


def test_a_member_that_stands_twice_is_refused():
    assert refused(DECLARED + "source: other\n", "source.yaml") == (
        "This is not YAML as declarations use it: `source` stands twice. Where: declaration:33. "
        "What to do: Correct the line. [source.yaml]"
    )


def test_a_text_that_is_no_yaml_is_refused_at_its_line():
    assert "Where: declaration:3" in refused("source: civil\nkind: [open\n  x: ]", "source.yaml")


def test_a_text_with_forbidden_characters_is_refused():
    assert "it cannot be read" in refused("source: \x00", "source.yaml")


def test_silence_no_is_the_word_no_and_not_a_truth_value():
    text = changed("facts:\n", "facts:\n  - {attribute: serving, column: sex, values: {M: no, F: yes}}\n")
    assert load_source(text).facts[0].values == {"M": "no", "F": "yes"}


def test_an_age_is_of_the_day_on_which_it_was_told():
    source = load_source(changed("facts:", "    - {name: age, type: integer, role: age, measured: 04-01}\nfacts:"))
    column = source.column_of("age")
    assert column is not None
    assert column.told_on(parse_day("2020-12-31")) == parse_day("2020-04-01")
    assert column.told_on(parse_day("2021-03-31")) == parse_day("2020-04-01")
    assert column.told_on(parse_day("2021-04-01")) == parse_day("2021-04-01")
    born = source.column_of("born")
    assert born is not None
    assert born.told_on(parse_day("2020-12-31")) == parse_day("2020-12-31")
    assert source.column_of("street") is None


def test_every_member_of_a_declaration_stands_on_its_page():
    page = (Path(__file__).parents[3] / "docs" / "flow" / "declaration.md").read_text("utf-8")
    members = {*declaration.TOP, *fields.MEMBERS, *fields.CONSTRAINTS, *fields.TYPES, *declared_sender.DIALECT}
    members |= {*declared_maps.FACT, *declared_maps.ROSTER, *declared_maps.PARTICULAR, *declared_maps.LIMITS}
    members |= {*ROLES, *PARTICULARS, *fields.WHOLE}
    assert sorted(each for each in members if f"`{each}`" not in page) == []
