"""Chapter: which sources may be declared, and how. What is not known is refused: no mistyped word goes unnoticed."""

import pytest
from tests.spec.extract.test_plausibility import DECLARED

from musterroll.dates import parse_day
from musterroll.errors import MusterRollError
from musterroll.extract.declaration import load_source
from musterroll.extract.schema import Silence, SourceKind, check_cited


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
    assert refusal.value.where == "civil.yaml: silence"


@pytest.mark.parametrize(
    "kind",
    ["police", "border crossings", "telecom", "bank", "employer", "electoral roll", "statistics", "Civil register"],
)
def test_a_source_of_a_forbidden_kind_cannot_be_declared(kind):
    assert refused(changed("kind: civil register", f"kind: {kind}"), "source.kind") == (
        f"`{kind}` is not a kind of source that may send. The list is closed: civil register; dwelling register; "
        "education; health body's findings; armed forces; family benefit; tax office, dependants only; courts' "
        "findings; list of office-holders; the register itself. Where: declaration: kind. What to do: Do not declare "
        "this source. No setting, pack or plug-in adds a kind (charter, X5). [source.kind]"
    )


@pytest.mark.parametrize("purpose", ["statistics", "Statistics", "research", "enforcement", ""])
def test_what_was_collected_for_another_purpose_may_not_decide_about_a_person(purpose):
    assert refused(changed("purpose: administration", f"purpose: {purpose}"), "source.purpose") == (
        "A source serves `purpose: administration`; what was collected for statistics, research or other ends may not "
        "decide about a person. Where: declaration: purpose. What to do: Do not declare this source. Ask the agency "
        "that keeps the administrative register. [source.purpose]"
    )


def test_a_source_without_an_article_cannot_be_declared():
    assert refused(changed("legal_basis: art. 20 (1)", 'legal_basis: ""'), "source.no-basis") == (
        "No article lets the agency send this file. Where: declaration: legal_basis. What to do: Name the article "
        "under `legal_basis`, or do not declare the source. [source.no-basis]"
    )


def test_a_column_that_serves_nothing_is_refused():
    text = changed("  sex: {type: code, role", "  pets: {type: text}\n  sex: {type: code, role")
    assert refused(text, "source.column-unused") == (
        "The column `pets` serves no fact, roster, particular or comparison: no article asks for it. Where: "
        "declaration: columns.pets. What to do: List it under `cut` so that it is dropped at reading, or ask the "
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


def test_a_constant_fact_that_is_not_cited_names_the_row():
    source = load_source(changed("{attribute: born, column: born}", "{attribute: wealth, value: yes, when: {sex: M}}"))
    with pytest.raises(MusterRollError) as refusal:
        check_cited(source, {}, set())
    assert "so `a row` of source civil may not become a fact" in str(refusal.value)


CASES = [
    ("source: civil\n", "", "`source` is missing."),
    ("source: civil\n", "source: civil\nowner: me\n", "`owner` is not known; known are source, kind"),
    ("source: civil\n", "source: [civil]\n", "`source` is one text."),
    ("encoding: utf-8", "encoding: ebcdic", "`encoding` is one of utf-8, iso-8859-1, windows-1252."),
    ('delimiter: ";"', "delimiter: x", "`delimiter` is one of"),
    ("key: entry", "key: nowhere", "`key` names the column `nowhere`, which is not declared."),
    ("required: yes", "required: no", "`columns.entry.required` is yes for the key."),
    ("required: yes", "required: maybe", "`columns.entry.required` is yes or no."),
    ("founds: persons", "founds: families", "`founds` is one of persons, nothing."),
    ("freshness_days: 30", "freshness_days: soon", "`freshness_days` is a whole number."),
    (
        "{type: text, required",
        "{type: prose, required",
        "`columns.entry.type` is one of text, date, code, int, number.",
    ),
    ("{type: text, required", "{kind: text, required", "`columns.entry.kind` is not known; known are type"),
    ("  entry: {type: text, required: yes}", "  entry: text", "`columns.entry` holds members with names."),
    ("role: sex", "role: gender", "`columns.sex.role` is one of age, born"),
    ("role: sex", "role: uncle.sex", "`columns.sex.role` is one of age, born"),
    (", values: [M, F]", "", "`columns.sex.values` lists the codes of a code column, and of no other."),
    ("{type: text, required", "{type: text, values: [A], required", "`columns.entry.values` lists the codes"),
    ("format: YYYY-MM-DD", "format: YY-MM-DD", "`columns.born.format` is a date's: YYYY, MM and DD in any order"),
    ("role: born,", "role: born, measured: 02-30,", "A date is written YYYY-MM-DD and exists in the calendar."),
    ("earliest: 1905-01-01", "earliest: then", "A date is written YYYY-MM-DD and exists in the calendar."),
    (
        "{attribute: born, column: born}",
        "{attribute: born}",
        "`facts 1` takes its value from a `column` or is a constant",
    ),
    ("{attribute: born, column: born}", "{attribute: born, value: x, column: born}", "`facts 1` takes its value"),
    ("{attribute: born, column: born}", "{column: born}", "`facts 1.attribute` is one text."),
    ("{attribute: born, column: born}", "{attribute: born, column: bron}", "`facts 1` names the column `bron`"),
    ("column: born}", "column: born, valid_from: year entree}", "`facts 1` names the column `entree`"),
    ("column: born}", "column: born, valid_to: entree}", "`facts 1` names the column `entree`"),
    ("column: born}", "column: born, certainty: likely}", "`facts 1.certainty` is one of sure, possible."),
    ("column: born}", "column: born, when: [x]}", "`facts 1.when` holds members with names."),
    ("column: born}", "column: born, when: {sex: {a: b}}}", "`facts 1.when.sex` is a list."),
    ("limits:", "rosters: [{group: entry}]\nlimits:", "`rosters 1.roster` is missing."),
    ("limits:", "rosters: household\nlimits:", "`rosters` is a list."),
    ("limits:", "particulars: [{kind: income, columns: sex}]\nlimits:", "`particulars 1.kind` is one of address"),
    ("limits:", "particulars: [{kind: given, columns: [name]}]\nlimits:", "`particulars 1` names the column `name`"),
    ("limits:", "cut: [born]\nlimits:", "`cut.born` is declared as a column too; it is one or the other."),
    ("rows: [10, 100]", "rows: [100, 10]", "`limits.rows` is [least, most]."),
    ("rows: [10, 100]", "rows: [10]", "`limits.rows` is [least, most]."),
    ("shares: {sex:", "shares: {seks:", "`limits.shares` names the column `seks`, which is not declared."),
]


@pytest.mark.parametrize(("old", "new", "told"), CASES, ids=[told[:60] for _, _, told in CASES])
def test_a_wrong_member_is_refused_with_its_name(old, new, told):
    with pytest.raises(MusterRollError) as refusal:
        load_source(changed(old, new))
    assert told in str(refusal.value)
    assert refusal.value.code in ("source.malformed", "date.malformed")
    assert refusal.value.where.startswith("declaration")


def test_columns_cannot_be_empty():
    head, _, tail = DECLARED.partition("columns:")
    assert "`columns` holds members with names." in refused(head + "columns: {}\n" + tail[tail.index("facts:") :])


def test_a_text_that_is_no_declaration_is_refused():
    assert refused("- a\n- b\n").startswith("`` holds members with names.")


def test_a_member_that_stands_twice_is_refused():
    assert refused(DECLARED + "source: other\n", "source.yaml") == (
        "This is not YAML as declarations use it: `source` stands twice. Where: declaration, line 2. "
        "What to do: Correct the line. [source.yaml]"
    )


def test_a_text_that_is_no_yaml_is_refused_at_its_line():
    assert "Where: declaration, line 3." in refused("source: civil\nkind: [open\n  x: ]", "source.yaml")


def test_a_text_with_forbidden_characters_is_refused():
    assert "it cannot be read" in refused("source: \x00", "source.yaml")


def test_silence_no_is_the_word_no_and_not_a_truth_value():
    text = changed("{attribute: born, column: born}", "{attribute: serving, column: sex, values: {M: no, F: yes}}")
    assert load_source(
        text.replace("  - {attribute: sex", "  - {attribute: born, column: born}\n  - {attribute: sex")
    ).facts[0].values == {"M": "no", "F": "yes"}


def test_an_age_is_of_the_day_on_which_it_was_told():
    source = load_source(changed("facts:", "  age: {type: int, role: age, measured: 04-01}\nfacts:"))
    column = source.column_of("age")
    assert column is not None
    assert column.told_on(parse_day("2020-12-31")) == parse_day("2020-04-01")
    assert column.told_on(parse_day("2021-03-31")) == parse_day("2020-04-01")
    assert column.told_on(parse_day("2021-04-01")) == parse_day("2021-04-01")
    born = source.column_of("born")
    assert born is not None
    assert born.told_on(parse_day("2020-12-31")) == parse_day("2020-12-31")
    assert source.column_of("street") is None
