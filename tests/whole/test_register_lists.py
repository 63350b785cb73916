"""Lists of everything in the register: what nobody decided fails here, with the line to write."""

import re
from pathlib import Path

from musterroll.register import settings

settings.prepare()

from django.apps import apps  # noqa: E402 - the tables load once Django is prepared
from django.core import checks  # noqa: E402
from django.db.migrations.autodetector import MigrationAutodetector  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402
from django.db.migrations.state import ProjectState  # noqa: E402
from tests.register.test_every_act import NAMES  # noqa: E402

from musterroll.entry.kind import Act, Kind  # noqa: E402
from musterroll.register import erasure, permissions, reference  # noqa: E402
from musterroll.register.models.column import classification  # noqa: E402

ROOT = Path(__file__).parents[2]
REGISTER = ROOT / "src" / "musterroll" / "register"
MODELS = list(apps.get_app_config("register").get_models())


def test_every_column_says_who_is_shown_it_how_long_it_is_kept_and_in_which_form():
    missing = []
    for model in MODELS:
        for field in model._meta.fields:
            try:
                classification(field.db_comment)
            except ValueError:
                missing.append(f"{model.__name__}.{field.name}: db_comment=PERSONAL  # or PUBLIC, OFFICES, INTERNAL")
    assert not missing, "\n".join(missing)


def test_the_page_of_columns_is_made_from_the_tables():
    made = reference.page()
    assert (ROOT / "docs" / "reference" / "columns.md").read_text("utf-8") == made, (
        "run: python -m musterroll.register.reference > docs/reference/columns.md"
    )


def test_every_table_is_append_only_but_for_keys_and_payloads_which_can_be_dropped():
    for model in MODELS:
        names = {trigger.name for trigger in model._meta.triggers}
        assert "no_truncate" in names, model.__name__
        assert names & {"no_update", "no_change", "fixed"}, model.__name__
        assert names & {"no_delete", "no_change"} or model.__name__ == "PersonKey", model.__name__


def test_every_table_that_names_a_person_is_emptied_by_an_erasure():
    """What is kept until the person is erased is then removed, emptied, or is the erasure itself."""
    reached = " ".join(erasure.STATEMENTS)
    kept = {"Erasure": "the number that is never given again", "PersonKey": "dropped by the act itself"}
    named = [one for one in MODELS if any(field.name in ("person", "into") for field in one._meta.fields)]
    assert len(named) > 10
    missing = [one.__name__ for one in named if one._meta.db_table not in reached and one.__name__ not in kept]
    assert missing == [], "write into register/erasure.STATEMENTS how its rows go"
    stay = {"Entry", "Entrant", *kept}  # emptied, not removed
    children = [
        one
        for one in MODELS
        for field in one._meta.fields
        if field.is_relation
        and field.related_model in named
        and field.related_model.__name__ not in stay
        and one not in named
    ]
    missing = [one.__name__ for one in children if one._meta.db_table not in reached]
    assert missing == [], "rows that hang on a person's row go before it"


def test_every_act_is_tried_and_has_its_permission():
    found = set()
    for path in (REGISTER / "acts").glob("*.py"):
        found |= set(re.findall(r"^@act\ndef (\w+)\(", path.read_text("utf-8"), re.MULTILINE))
    assert found == set(NAMES)
    asked = set()
    for path in REGISTER.rglob("*.py"):
        asked |= set(re.findall(r'check_may\(\s*"(\w+)"', path.read_text("utf-8")))
    assert asked == set(permissions.MAY)


def test_every_act_of_the_register_is_in_its_page():
    page = (ROOT / "docs" / "flow" / "register.md").read_text("utf-8")
    assert [name for name in NAMES if f"`{name}`" not in page] == []


def test_every_table_is_in_the_page():
    page = (ROOT / "docs" / "flow" / "register.md").read_text("utf-8")
    assert [model.__name__ for model in MODELS if f"`{model.__name__}`" not in page] == []


def test_every_setting_and_environment_variable_is_in_the_page():
    page = (ROOT / "docs" / "flow" / "register.md").read_text("utf-8")
    variables = set()
    for path in REGISTER.rglob("*.py"):
        variables |= set(re.findall(r'environ(?:\.get)?[\[(]"(\w+)"', path.read_text("utf-8")))
    wanted = [*settings.REGISTER, *sorted(variables)]
    assert [name for name in wanted if f"`{name}`" not in page] == []


def test_every_kind_of_entry_and_of_act_is_documented():
    page = (ROOT / "docs" / "spec" / "ledger.md").read_text("utf-8")
    assert [kind.value for kind in Kind if f"`{kind.value}`" not in page] == []
    assert [one.value for one in Act if f"`{one.value}`" not in page] == []


def test_the_migrations_say_what_the_models_say():
    loader = MigrationLoader(None)
    now = ProjectState.from_apps(apps)
    changes = MigrationAutodetector(loader.project_state(), now).changes(graph=loader.graph, trim_to_apps={"register"})
    assert changes == {}


def test_django_finds_nothing_wrong_with_the_tables():
    assert checks.run_checks(app_configs=[apps.get_app_config("register")]) == []
