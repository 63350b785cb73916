"""X2, X5: no worklist, question or report reads whether anybody answered or appeared; only agencies are asked."""

import ast
import inspect
from pathlib import Path

import pytest

import musterroll.register
from musterroll.engine import night_needs
from musterroll.errors import MusterRollError
from musterroll.extract import schema

REGISTER = Path(musterroll.register.__file__).parent
ENGINE = Path(night_needs.__file__)
READERS = [REGISTER / name for name in ("worklist.py", "asking.py", "night_report.py", "touched.py")] + [ENGINE]
NEVER_READ = {"Evidence", "Attempt", "Notice", "PresenceCode", "AnswerBatch", "Session"}


@pytest.mark.parametrize("path", READERS, ids=lambda path: path.stem)
def test_what_makes_worklists_and_questions_cannot_see_letters_answers_or_sign_ins(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert not (names | imported) & NEVER_READ


def test_the_kinds_of_work_are_closed_and_none_is_about_what_somebody_did_or_left_undone() -> None:
    from musterroll.register import worklist

    assert worklist.KINDS == ("conflict", "doubtful link", "lapse", "ended merge", "claim")
    assert set(night_needs.WORK.names()) == {"person", "kind", "about", "due"}


def test_no_worklist_can_be_searched_or_ordered_otherwise() -> None:
    from musterroll.register import worklist

    assert set(inspect.signature(worklist.waiting).parameters) == {"kind"}
    assert set(inspect.signature(worklist.first).parameters) == {"kind"}
    assert set(inspect.signature(worklist.first_filing).parameters) == {"office", "at"}  # whose turn by the law it is


def test_a_question_goes_to_a_declared_source_of_the_closed_list_only() -> None:
    asked = {kind.value for kind in schema.SourceKind}
    assert not asked & {"police", "border", "telecom", "bank", "employer", "electoral", "statistical"}
    text = (Path(__file__).parents[2] / "packs" / "example" / "sources" / "civil.yaml").read_text("utf-8")
    from musterroll.extract.declaration import load_source

    source = load_source(text.replace("answers: [born,", "answers: [property, born,"))
    with pytest.raises(MusterRollError) as problem:
        schema.check_cited(source, dict.fromkeys(["born", "sex", "died_on", "enrolled"], "art. 3"), frozenset())
    assert "property" in problem.value.what + problem.value.remedy


def test_what_goes_out_is_a_number_a_key_and_a_fact_s_name_and_nothing_else() -> None:
    from musterroll.register import asking

    written = inspect.getsource(asking._written)
    assert '{"attribute": names[attribute], "key": key, "question": question}' in written
