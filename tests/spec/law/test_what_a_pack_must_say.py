"""Chapter: what a pack must say, or it does not load.

Each row changes one thing in a small law and shows the refusal: what is wrong, where, and what to do.
"""

import re
from pathlib import Path

import pytest
from tests.lawtext import ATTRIBUTES, BASE, CALENDAR, HEAD, QUESTION, RULES, day, rule, small

from musterroll.errors import MusterRollError
from musterroll.law import pack as packs
from musterroll.law.pack import Pack

BORN = "kind: birth\ntype: date"


def loaded(text: str) -> Pack:
    return packs.from_text({"small.md": text})


SERVING = """kind: service
type: bool
basis: (1)
label: service
proof: registry
unknown: not assumed
answers: [registry, person]
neutral: no"""


def refused(text: str) -> MusterRollError:
    with pytest.raises(MusterRollError) as problem:
        loaded(text)
    assert problem.value.remedy
    return problem.value


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        # every condition cites its paragraph
        ("  - (2): serving", "  - serving", "law.uncited", "a condition cites nothing"),
        ("  - (2): serving", "  (2): serving", "law.uncited", "a condition cites nothing"),
        ("  - (2): serving", "  - (4): serving", "law.uncited", "`(4)` is no paragraph quoted"),
        ("  - (2): serving", "  - art. 9 (1): serving", "law.uncited", "`art. 9 (1)` is no paragraph quoted"),
        ("  - (2): serving", "  - interpretation x: serving", "law.uncited", "`interpretation x` is no paragraph"),
        ("  - (2): serving", "  - (2): [serving]", "law.block", "`(2)` holds no condition"),
        # attributes are of closed kinds, cited, and neutral where they are protected
        ("kind: service", "kind: credit", "law.attribute-kind", "`credit` is not one of the closed kinds"),
        ("type: bool", "type: text", "law.attribute", "`text` is no type"),
        ("neutral: no", "", "law.attribute", "a service attribute says which value is the neutral one"),
        ("neutral: no", "neutral: yes", "law.attribute", "the neutral value of a service attribute is `no`"),
        (
            SERVING,
            SERVING.replace("service\ntype: bool", "care duty\ntype: date").replace(": no", ": 2018-06-01"),
            "law.attribute",
            "the neutral value of a care duty attribute is `none` or `never`",
        ),
        ("neutral: no", "neutral: maybe", "law.value", "`maybe` is no value of `serving`"),
        (
            "neutral: no",
            "neutral: no\ndisagreement: vote",
            "law.attribute",
            "`disagreement` is `ask` or `favour VALUE`",
        ),
        ("neutral: no", "neutral: no\ndisagreement: favour x", "law.value", "`x` is no value of `serving`"),
        ("values: [north, south, east]\n", "", "law.attribute", "1 to 250 values"),
        ("```attribute serving", "```attribute unknown", "law.attribute", "one word that can stand in a rule"),
        ("number: 2", "number: 1", "law.number", "its number is taken"),
        ("```attribute serving", "```attribute class", "law.attribute", "one word that can stand in a rule"),
        ("[north, south, east]", "[north, south, north]", "law.attribute", "its value `north` stands twice"),
        ("[north, south, east]", "[north, 1-A]", "law.attribute", "its value `1-A` stands twice, or is not one word"),
        ("number: 2", "number: two", "law.block", "`number` is not a whole number"),
        ("number: 2", "number: --2", "law.block", "`number` is not a whole number"),
        ("number: 2", f"number: {'9' * 5000}", "law.block", "`number` is not a whole number"),
        ("number: 2", "number: ٢", "law.block", "`number` is not a whole number"),
        ("number: 2", "number: 32768", "law.number", "not one of 1 to 32767"),
        ("number: 9", "number: 256", "law.number", "not one of 1 to 255"),
        ("range: 0 .. 600\n", "", "law.attribute", "a whole number, and nothing else, has a range"),
        ("label: service\n", "label: service\nrange: 0 .. 5\n", "law.attribute", "a whole number, and nothing else"),
        ("range: 0 .. 600", "range: 600", "law.attribute", "its range is not LEAST .. MOST"),
        ("range: 0 .. 600", "range: 6 .. 6", "law.attribute", "its range is not LEAST .. MOST"),
        ("label: service\n", "", "law.block", "`label` is missing"),
        ("label: service\n", "label: service\ncolour: red\n", "law.block", "`colour` is not known here"),
        ("label: service\n", "label: [service]\n", "law.block", "`label` is not plain text"),
        ("answers: [registry, person]", "answers: {a: b}", "law.block", "`answers` is not a list of names"),
        # a class has a known effect, and only who is liable can be called
        ("effect: liable", "effect: guilty", "law.class", "has no known effect"),
        ("callable: yes", "callable: maybe", "law.class", "`callable` is not yes or no"),
        ("effect: liable", "effect: exempt", "law.class", "callable but not liable"),
        ("  - free:", "  - exempt:", "law.class", "stands twice"),
        ("  - free:", "  - not free:", "law.class", "`not free` is not a name that a case can use"),
        ("otherwise: free", "otherwise: bound", "law.class", "`otherwise` is not one of the classes that bind nobody"),
        (
            "otherwise: free",
            "otherwise: nothing",
            "law.class",
            "`otherwise` is not one of the classes that bind nobody",
        ),
        ("{effect: exempt, callable: no, label: Exempt, basis: (1)}", "x", "law.block", "not `name: value` lines"),
        (
            "  - exempt: {effect: exempt, callable: no, label: Exempt, basis: (1)}",
            "  - exempt",
            "law.block",
            "not `name",
        ),
        ("label: Exempt, basis: (1)", "label: Exempt", "law.block", "`basis` is missing"),
        # rules name what exists
        ("gives: class bound", "gives: class ruined", "law.rule", "is not the one class of this rule"),
        ("gives: class bound", "gives: class bound\nquestion: other", "law.rule", "there is no question `other`"),
        ("gives: class bound", "gives: class bound\nyields to: nobody", "law.rule", "there is no rule `nobody`"),
        ("gives: class bound", "gives: class bound\nreading: [a]", "law.block", "`reading` is not `{name: text}`"),
        ("gives: class bound", "gives: class bound\njudgement: luck", "law.rule", "`luck` is not declared"),
        ("```rule bound", "```rule exempt", "law.versions", "two versions of this name overlap"),
        ("```rule bound", "```rule", "law.block", "it has no name"),
        # time
        ("gives: class bound", "gives: class bound\nin force: 2001-01-01", "law.in-force", "not FROM .. TO"),
        (
            "gives: class bound",
            "gives: class bound\nin force: 1999-01-01 ..",
            "law.in-force",
            "outside the pack's own time",
        ),
        (
            "gives: class bound",
            "gives: class bound\nin force: 2001-13-01 ..",
            "date.malformed",
            "exists in the calendar",
        ),
        ("in force: 2000-01-01 .. 2100-01-01", "in force: 2000-01-01 .. 1999-01-01", "law.in-force", "never in force"),
        (
            "leap_day: {is: 1 March, basis: (1)}",
            "leap_day: {is: 2 March, basis: (1)}",
            "law.calendar",
            "`leap_day` is one of",
        ),
        (
            "leap_day: {is: 1 March, basis: (1)}",
            "leap_day: {is: 1 March}",
            "law.uncited",
            "`leap_day` names no paragraph",
        ),
        (
            "leap_day: {is: 1 March, basis: (1)}",
            "leap_day: [1 March]",
            "law.block",
            "calendar line leap_day: its content is not `name",
        ),
        # pages
        ("```rule bound", "```decree bound", "law.block", "there is no such declaration"),
        ("```rule bound", "```Rule bound", "law.page", "does not say what it declares"),
        ("# art. 1: The law\n", "", "law.page", "quoted before any article is named"),
        ("gives: class bound", "gives: class bound\ngives: class free", "law.yaml", "name stands twice"),
        ("gives: class bound", "gives: !!str class bound", "law.yaml", "anchors and tags are not read"),
        ("gives: class bound", "gives: &a class bound", "law.yaml", "anchors and tags are not read"),
        ("gives: class bound", "gives: [class", "law.yaml", "this is not `name: value` lines"),
        ("gives: class bound", "gïves: class bound", "law.yaml", "not a name in ASCII letters"),
        ("gives: class bound", "gives: class \x00 bound", "law.page", "a character that nobody sees"),
        ("gives: class bound", "gives: " + "[" * 700 + "]" * 700, "law.yaml", "more than 50 lists or members"),
        ("```pack small", "```words small", "law.block", "No block `pack` is declared"),
    ],
)
def test_one_thing_wrong_is_refused_with_its_place_and_a_remedy(old: str, new: str, code: str, says: str) -> None:
    text = BASE + RULES
    assert text.count(old) >= 1
    problem = refused(text.replace(old, new, 1))
    assert (problem.code, says in problem.what) == (code, True), str(problem)
    assert code == "law.block" or re.match(r"small\.md:\d+", problem.where)


@pytest.mark.parametrize("article", ["\N{SECTION SIGN} 1", "\u0441\u0442. 1"])
def test_an_article_of_any_name_is_cited_by_the_mark_of_its_paragraph(article: str) -> None:
    text = (BASE + RULES).replace("art. 1", article)
    assert list(loaded(text).articles) == [article]
    problem = refused(text.replace("- (1):", f"- {article} (1):"))
    assert "by the paragraph's mark alone, `(1)`, in a block below its heading" in problem.remedy


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        ("\n```rule left\ngives: class free\n", "law.page", "A fence is not closed"),
        ("\n# art. 1: Again\n\n> (1) other\n", "law.page", "art. 1 is quoted twice"),
        (CALENDAR, "law.block", "this stands once in a pack"),
        (QUESTION, "law.block", "the name is declared twice"),
        ("\n```rule\n- a\n```\n", "law.block", "it has no name"),
        ("\n```rule x\n- a\n```\n", "law.block", "its content is not `name: value` lines"),
        (
            "\n```parameter serving\nunit: days\nbasis: (1)\nvalues: {2000-01-01: 3}\n```\n",
            "law.block",
            "its name is taken by attribute serving (small.md:",
        ),
        ("\n```parameter a-b\nunit: days\nbasis: (1)\nvalues: {2000-01-01: 3}\n```\n", "law.parameter", "not one word"),
        ("\n```definition a-b\nmeans:\n  - (1): serving\n```\n", "law.block", "or is not one word"),
        ("\n```parameter p\nunit: metres\nbasis: (1)\nvalues: {2000-01-01: 3}\n```\n", "law.parameter", "its unit is"),
        (
            "\n```parameter p\nunit: days\nbasis: (1)\nvalues: {2000-01-01: x}\n```\n",
            "law.parameter",
            "`x` is not a whole",
        ),
        (
            "\n```parameter p\nunit: days\nbasis: (1)\nvalues: {2001-01-01: 3}\n```\n",
            "law.parameter",
            "no value when the pack",
        ),
        (
            "\n```parameter p\nunit: days\nbasis: (9)\nvalues: {2000-01-01: 3}\n```\n",
            "law.uncited",
            "`(9)` is no paragraph",
        ),
        ("\n```parameter p\nunit: days\nbasis: ''\nvalues: {2000-01-01: 3}\n```\n", "law.block", "`basis` is missing"),
        ("\n```burden wealth\nbasis: (1)\nwhy: so\nallows: [x]\n```\n", "law.burden", "there is no such attribute"),
        ("\n```words en\na: b\n```\n\n```words en\na: c\n```\n", "law.words", "`a` is worded twice"),
        (
            "\n```derive x\ngives: date\nfrom: family\ntake: latest born\nfewer: none\nbasis: (1)\n```\n",
            "law.derive",
            "no attrib",
        ),
        (
            "\n```derive born\ngives: date\nfrom: family\ntake: latest born\nfewer: none\nbasis: (1)\n```\n",
            "law.derive",
            "no rost",
        ),
        (
            "\n```derive born\ngives: date\nfrom: family\ntake: best born\nfewer: none\nbasis: (1)\n```\n",
            "derive.malformed",
            "take",
        ),
        ("\n```interpretation x\ndoubt: d\n```\n", "law.block", "`chosen` is missing"),
        ("\n```rule x\n{a: b}: c\n```\n", "law.yaml", "is no name, or is not a name"),
    ],
)
def test_more_on_a_page_is_refused_where_it_contradicts(more: str, code: str, says: str) -> None:
    problem = refused(BASE + RULES + more)
    assert problem.code == code
    assert says in problem.what.replace("or is not a name", "is no name, or is not a name")


def test_a_question_has_at_most_1000_rules_and_62_classes() -> None:
    many = "".join(rule("serving", name=f"r{number}", gives="free") for number in range(1001))
    assert "more than 1,000 rules or 62 classes" in refused(BASE + many).what
    line = "  - free: {effect: not liable, callable: no, label: Free, basis: (1)}\n"
    classes = "".join(line.replace("free", f"free-{number}") for number in range(60))
    assert "more than 1,000 rules or 62 classes" in refused(BASE.replace(line, line + classes)).what


def test_two_versions_of_a_rule_may_not_leave_a_gap() -> None:
    first = rule("serving", gives="exempt", name="x", more="in force: 2000-01-01 .. 2010-01-01\n")
    second = rule("not serving", gives="exempt", name="x", more="in force: 2010-01-02 ..\n")
    assert "leave a gap" in refused(BASE + first + second).what
    whole = loaded(BASE + first + second.replace("2010-01-02", "2010-01-01"))
    assert [format_period(one) for one in whole.law.periods] == [("exempt", "exempt")[:1]] * 2


def format_period(period: object) -> tuple[str, ...]:
    rules = period.rules["duty"]  # type: ignore[attr-defined]
    return tuple(one.gives for one in rules if one)


def test_an_interpretation_is_cited_where_the_text_does_not_carry_the_condition() -> None:
    pack = small(
        RULES.replace("(2): serving", "interpretation doubt: serving")
        + """
```interpretation doubt
doubt: the text does not say
chosen: serving counts
by: the authors
```
"""
    )
    assert pack.readings["doubt"].chosen == "serving counts"


def test_nested_paragraphs_and_other_articles_are_cited_by_their_marks() -> None:
    text = (
        BASE
        + "\n# sec. 7: More\n\n> (a) one\n> (1) two\n> (b)(2) three\n\n"
        + rule("serving").replace("(1):", "(a)(1):")
    )
    for cite in ("(b)(2)", "sec. 7 (a)", "sec. 7(b)(2)", "art. 1 (3)", "sec. 7"):
        loaded(text.replace("(a)(1):", f"{cite}:"))
    assert "no paragraph quoted" in refused(text.replace("(a)(1):", "(c)(1):")).what


def test_a_point_of_a_paragraph_is_a_paragraph_of_its_own() -> None:
    text = (
        BASE
        + "\n# sec. 38: Points\n\n> (1) who:\n> 1) is ill;\n> 1-1) is old and\n> so on;\n"
        + "> (1-2) no point\n> (2) or\n> 1) else.\n"
        + rule("serving").replace("(1):", "sec. 38 (1) 1-1):")
    )
    article = loaded(text).articles["sec. 38"]
    assert article.quoted("(1)") == "(1) who:"
    assert article.quoted("(1) 1)") == "1) is ill;"
    assert article.quoted("(1) 1-1)") == "1-1) is old and so on;"
    assert article.quoted("(1-2)") == "(1-2) no point"
    assert article.quoted("(2) 1)") == "1) else."
    for cite in ("sec. 38 (1) 2)", "sec. 38 (1-2) 1)", "sec. 38 (3) 1)"):
        assert "no paragraph quoted" in refused(text.replace("sec. 38 (1) 1-1):", f"{cite}:")).what


def test_what_the_law_does_not_hold_is_listed() -> None:
    pack = small(RULES + "\n```omitted penalties\nwhy: not a register's business\n```\n")
    assert [(one.name, one.why) for one in pack.omitted] == [("penalties", "not a register's business")]


def test_other_numbers_make_another_law() -> None:
    pack = small(
        rule("age(born) >= grown_at")
        + "\n```parameter grown_at\nunit: number\nbasis: (1)\nvalues: {2000-01-01: 18}\n```\n"
    )
    other = pack.with_parameters({"grown_at": 21})
    assert other.parameters["grown_at"].at(day("2020-01-01")) == 21
    assert other.digest != pack.digest
    assert pack.with_parameters({"grown_at": 18}).digest == pack.digest
    with pytest.raises(KeyError):
        pack.with_parameters({"height": 3})


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"muster-pack/1", b"muster-pack/9", "law.canonical"),
        (b'{"articles":', b'{"articles": ', "law.canonical"),  # the same pack, but not in its one form
        (b'"(1) first"', b"5", "law.canonical"),
        (b'"name":"serving"', b'"name":5', "law.canonical"),
        (b'{"(2)":"serving"}', b"5", "law.canonical"),
        (b'{"articles":', b"{", "json.malformed"),
    ],
)
def test_a_published_pack_is_read_from_its_exact_bytes_only(old: bytes, new: bytes, code: str) -> None:
    data = small().canonical()
    assert packs.from_canonical(data).canonical() == data
    assert old in data
    with pytest.raises(MusterRollError) as problem:
        packs.from_canonical(data.replace(old, new, 1))
    assert problem.value.code == code


@pytest.mark.parametrize("data", [b"{}", b"[]", b"null"])
def test_other_json_is_no_pack(data: bytes) -> None:
    with pytest.raises(MusterRollError, match="not a published law pack"):
        packs.from_canonical(data)


def test_errors_in_a_published_pack_name_the_declaration_instead_of_a_line() -> None:
    data = small().canonical().replace(b'"serving"}]', b'"wealth"}]')
    with pytest.raises(MusterRollError) as problem:
        packs.from_canonical(data)
    assert problem.value.where == "rule exempt (art. 1), art. 1 (2)"


def test_a_folder_without_pack_md_is_no_pack(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("nothing", "utf-8")
    with pytest.raises(MusterRollError) as problem:
        packs.load(tmp_path)
    assert (problem.value.code, problem.value.exit_code) == ("law.folder", 2)


def test_a_page_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pack.md").write_bytes(b"\xff\xfe")
    with pytest.raises(MusterRollError, match="not UTF-8 text"):
        packs.load(tmp_path)


def test_numbers_are_given_once_and_kept_in_a_register(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "pack.md").write_text(HEAD + CALENDAR + ATTRIBUTES + QUESTION + RULES, "utf-8")
    assert packs.load(folder).name == "small"
    (tmp_path / "attributes.json").write_text('{"v":1,"packs":{"small":{"attributes":{"born":1}}}}', "utf-8")
    with pytest.raises(MusterRollError, match="attributes `serving` of small has number 2") as problem:
        packs.load(folder)
    assert problem.value.code == "law.number"


def test_a_draw_holds_for_everybody() -> None:
    lines = ("cohort: duty is bound", "strata: district", "total: parameter many", "share: stratum size")
    lines = (*lines, "rounding: largest remainder", "least: 1", "merge under: 20", "order: place")
    draw = "".join(f"- (1): {{{line}}}\n" for line in lines)
    text = BASE + RULES + "\n```parameter many\nunit: number\nbasis: (1)\nvalues: {2000-01-01: 3}\n```\n"
    assert loaded(f"{text}\n```selection draw\n{draw}```\n").selection
    problem = refused(f"{text}\n```selection draw\n{draw.replace('place}', 'place, if: serving}')}```\n")
    assert (problem.code, "holds for everybody" in problem.what) == ("law.selection", True)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("  - (2): serving", "  - (2): [serving]", r"small\.md:\d+, art\. 1 \(2\)"),
        ("  - (2): serving", "  - any:\n    - (4): serving", r"small\.md:\d+, art\. 1 \(4\)"),
        ("  - (2): serving", "  - (2): wealth", r"small\.md:\d+, art\. 1 \(2\)"),
        ("gives: class bound", "gives: class ruined", r"small\.md:\d+, art\. 1"),
        ("kind: service", "kind: credit", r"small\.md:\d+, art\. 1"),
        ("[{(1): [exempt, free, bound]}]", "[{(1): [exempt]}]", r"small\.md:\d+, art\. 1"),
        ("version: 1\n", "", r"small\.md:\d+"),
    ],
)
def test_an_error_names_file_line_article_and_paragraph(old: str, new: str, where: str) -> None:
    text = BASE + RULES
    assert old in text
    problem = refused(text.replace(old, new, 1))
    assert re.fullmatch(where, problem.where), problem.where


def test_of_care_one_may_ask_whether_somebody_cares_or_whether_somebody_else_does() -> None:
    """Charter S2: a yes-or-no fact of care says which way round it asks; nothing else chooses its neutral value."""
    asked = loaded(BASE.replace(SERVING, SERVING.replace("kind: service", "kind: care duty").replace(": no", ": yes")))
    assert asked.attributes["serving"].neutral == "yes"
