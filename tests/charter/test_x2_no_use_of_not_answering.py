"""X2: no column, act, entry, query or order by whether somebody answered, appeared, signed in or had post returned."""

import ast
import re
from pathlib import Path

import musterroll.register
from musterroll.claim.progress import Happening
from musterroll.entry.kind import Act
from musterroll.fact.attribute import Kind

FORBIDDEN = re.compile(
    r"no_?show|absent|absen[ct]|non_?respon|unanswered|no_?answer|evad|desert|wanted|truant|defaulter|"
    r"last_?(login|seen|sign)|signed_?in_at|login|returned_?(post|mail)|undeliver|days_late|overdue|penalt|punish|"
    r"exit_ban|score|risk|reliab",
    re.IGNORECASE,
)
SOURCES = sorted(Path(musterroll.register.__file__).parent.rglob("*.py"))


def names(path: Path) -> set[str]:
    """Every name, attribute, keyword and word in code of one file; comments and docstrings say what is not done."""
    tree = ast.parse(path.read_text("utf-8"))
    found = set()
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                found.add(value)
    return found


def test_no_name_in_the_register_speaks_of_it():
    for path in SOURCES:
        bad = {name for name in names(path) if FORBIDDEN.search(name)}
        assert not bad, f"{path}: {bad}"


def test_no_column_holds_it():
    from django.apps import apps

    from musterroll.register import settings

    settings.prepare()
    for model in apps.get_app_config("register").get_models():
        for field in model._meta.fields:
            assert not FORBIDDEN.search(field.name), f"{model.__name__}.{field.name}"


def test_no_act_happening_or_kind_of_fact_says_it():
    for value in [*Act, *(one.value for one in Happening), *(one.value for one in Kind)]:
        assert not FORBIDDEN.search(value)


def test_no_query_reads_people_by_the_grade_of_their_notices():
    """Evidence is read where one notice is shown to its person or closed by its channel.

    And where a worsening waits until its person was told (`told.py`): its absence leaves everybody as they were.
    `queries/why.py` reads what a fact rests on, which is called evidence too.
    """
    readers = {
        str(path.relative_to(Path(musterroll.register.__file__).parent))
        for path in SOURCES
        if re.search(r"\bEvidence\.objects|\.evidence\b", path.read_text("utf-8"))
    }
    assert readers <= {"acts/attempt.py", "acts/receipt.py", "queries/person.py", "queries/why.py", "told.py"}
    text = (Path(musterroll.register.__file__).parent / "queries" / "person.py").read_text("utf-8")
    assert "filter(event" not in text
