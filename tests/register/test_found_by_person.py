"""What is held of a person is found without reading what is held of everybody else (docs/flow/register.md)."""

from django.apps import apps
from django.db.models import Index, Model, UniqueConstraint

HELD = ("person",)


def led_by_person(model: type[Model]) -> bool:
    """Whether the database has an index of all rows of a table that begins with the person."""
    field = model._meta.get_field("person")
    if field.primary_key or field.unique or field.db_index:
        return True
    meta = [*model._meta.indexes, *model._meta.constraints]
    named = [one for one in meta if isinstance(one, Index | UniqueConstraint) and one.condition is None]
    return any(tuple(one.fields[:1]) == HELD for one in named)


def test_every_table_about_persons_has_an_index_that_begins_with_the_person(empty) -> None:
    models = [model for model in apps.get_models() if any(field.name == "person" for field in model._meta.fields)]
    assert len(models) > 12
    assert [model.__name__ for model in models if not led_by_person(model)] == []
