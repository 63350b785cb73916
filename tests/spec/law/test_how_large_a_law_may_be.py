"""Chapter: how large and how deep a law may be, so that nobody can stop the register with a small file."""

from pathlib import Path

import pytest
from tests.lawtext import BASE, RULES, small

from musterroll.errors import MusterRollError
from musterroll.law import cases
from musterroll.law import pack as packs


def definitions(*pairs: tuple[str, str]) -> str:
    return "\n".join(f"```definition {name}\nmeans:\n  - (1): {text}\n```\n" for name, text in pairs)


def rules(*pairs: tuple[str, str]) -> str:
    return "\n".join(
        f"```rule {name}\ngives: class exempt\n{more}when:\n  - (1): serving\n```\n" for name, more in pairs
    )


def refused(text: str) -> MusterRollError:
    with pytest.raises(MusterRollError) as found:
        small(RULES + text)
    assert found.value.where.startswith("small.md:")
    assert found.value.remedy
    return found.value


def test_definitions_that_double_are_refused_before_anybody_evaluates_them() -> None:
    doubling = definitions(("d0", "serving"), *((f"d{n}", f"d{n - 1} and d{n - 1}") for n in range(1, 41)))
    problem = refused(doubling)
    assert problem.code == "law.too-large"
    assert "more than 20000 parts" in problem.what


def test_definitions_and_exceptions_in_long_chains_are_refused() -> None:
    chain = definitions(*((f"c{n}", f"not c{n + 1}") for n in range(200)), ("c200", "serving"))
    assert refused(chain).code == "law.too-large"
    exceptions = rules(("e0", ""), *((f"e{n}", f"exception to: e{n - 1}\n") for n in range(1, 200)))
    assert refused(exceptions).code == "law.too-large"


def test_rules_that_all_yield_to_all_before_them_are_refused() -> None:
    before = [f"y{n}" for n in range(30)]
    yields = (f"yields to: [{', '.join(before[:n])}]\n" if n else "" for n in range(30))
    assert refused(rules(*zip(before, yields, strict=True))).code == "law.too-large"


def test_what_is_used_often_without_doubling_is_fine() -> None:
    pack = small(RULES + definitions(("d0", "serving"), *((f"d{n}", "d0 or born <= on") for n in range(1, 50))))
    assert pack.digest


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("serving" + " or serving" * 1_000, "longer than 4000 characters"),
        ("not (" * 60 + "serving" + ")" * 60, "more than 50 things stand inside one another"),
        ("(" * 1_500 + "serving" + ")" * 1_500, "this is not a condition"),
    ],
)
def test_one_condition_is_neither_long_nor_deep(condition: str, says: str) -> None:
    problem = refused(f"\n```rule x\ngives: class exempt\nwhen:\n  - (1): {condition}\n```\n")
    assert problem.code == "law.expression"
    assert says in problem.what
    assert len(str(problem)) < 2_000


def test_brackets_and_lists_are_not_deep() -> None:
    assert "more than 50 lists or members" in refused("\n```words en\na: " + "[" * 60 + "]" * 60 + "\n```\n").what


def folder(tmp_path: Path, text: str = BASE + RULES) -> Path:
    made = tmp_path / "small"
    made.mkdir()
    (made / "pack.md").write_text(text, "utf-8")
    return made


def refused_folder(made: Path) -> MusterRollError:
    with pytest.raises(MusterRollError) as found:
        packs.load(made)
    assert found.value.remedy
    return found.value


def test_a_page_is_a_plain_file_of_its_folder_and_not_huge(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "other.md").symlink_to("/etc/passwd")
    assert refused_folder(made).what == "This page is not a plain file."
    (made / "other.md").unlink()
    (made / "other.md").mkdir()
    assert refused_folder(made).where == "small/other.md"
    (made / "other.md").rmdir()
    (made / "other.md").write_text("x" * 2_000_001)
    assert refused_folder(made).what == "This page is larger than 2 MB."


def test_an_article_quoted_twice_is_named_with_its_line(tmp_path: Path) -> None:
    problem = refused_folder(folder(tmp_path, BASE + RULES + "\n# art. 1: Again\n\n> (1) twice\n"))
    assert problem.what == "art. 1 is quoted twice."
    assert problem.where.startswith("small/pack.md:")


def test_pages_without_the_block_pack_are_named(tmp_path: Path) -> None:
    assert refused_folder(folder(tmp_path, "```omitted x\nwhy: y\n```\n")).where == "small/pack.md:2"
    other = tmp_path / "other"
    other.mkdir()
    (other / "pack.md").write_text("nothing")
    assert refused_folder(other).where == "the pages of the pack"


def test_a_register_of_numbers_of_another_shape_is_refused(tmp_path: Path) -> None:
    made = folder(tmp_path)
    for data in (b'{"packs":[]}', b"{}", b'{"packs":{"small":{"attributes":5}}}'):
        (tmp_path / "attributes.json").write_bytes(data)
        assert refused_folder(made).what.startswith("The register of numbers is not")


@pytest.mark.parametrize("unseen", ["\u202e", "\u200b", "\x1b", "\x85", "\ufeff", "\u2066", "a\u200d"])
def test_what_nobody_sees_does_not_stand_in_a_law(unseen: str) -> None:
    problem = refused(f"\nThis looks empty: {unseen}.\n")
    assert problem.code == "law.page"
    assert f"(U+{ord(unseen[-1]):04X})" in problem.what


def test_joiners_that_a_script_needs_may_stand_between_its_letters() -> None:
    assert small(RULES + "\nمی\u200cخواهم\n").digest


def test_names_are_written_in_ascii_and_sentences_in_all_letters() -> None:
    assert (
        "letters beyond ASCII"
        in refused("\n```rule b\u043eund\ngives: class bound\nwhen:\n  - (1): serving\n```\n").what
    )
    assert small(RULES + "\n```omitted Übergang\nwhy: später\n```\n").omitted[0].name == "Übergang"


def test_a_case_of_a_law_that_asks_nothing_is_refused(tmp_path: Path) -> None:
    head = "```pack small\ntitle: t\nversion: 1\nin force: 2000-01-01 ..\n```\n\n"
    text = head + "```case x\ngiven: {}\non 2020-01-01: a\n```\n"
    with pytest.raises(MusterRollError, match="there is no question ``"):
        cases.run(packs.from_text({"p.md": text}))
