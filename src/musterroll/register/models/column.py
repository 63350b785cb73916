"""How each column is classified: who is shown it, how long it is kept, in which form it lies. A test finds the gaps.

The words stand in the database itself, as the comment of the column, and in docs/reference/columns.md, made from them.
"""

from enum import Enum, StrEnum
from typing import Any

import pgtrigger
from django.db import models


class Shown(StrEnum):
    """Who may be shown the value."""

    ANYBODY = "anybody"
    CONCERNED = "the person concerned, and an officer with an open case of theirs"
    OFFICES = "officers"
    PROGRAM = "nobody, the program only"


class Kept(StrEnum):
    """How long the value is kept."""

    LOG = "as long as the log"
    HOME = "as long as the home"
    PERSON = "until the person is erased"
    DELIVERY = "until the decisions that used the delivery are final"


class Form(StrEnum):
    """In which form the value lies."""

    CLEAR = "in clear"
    DIGEST = "a digest or keyed number"
    ERASABLE_KEY = "an erasable key"


def column(shown: Shown, kept: Kept, form: Form = Form.CLEAR) -> str:
    """The classification as it stands in the column's comment. Inverse of `classification`."""
    return f"shown to: {shown}; kept: {kept}; form: {form}"


def classification(comment: str) -> tuple[Shown, Kept, Form]:
    """What a column's comment says. Raises ValueError where nobody classified it."""
    parts = dict(part.split(": ", 1) for part in (comment or "").split("; "))
    return Shown(parts.get("shown to", "")), Kept(parts.get("kept", "")), Form(parts.get("form", ""))


PUBLIC = column(Shown.ANYBODY, Kept.LOG)
PUBLIC_DIGEST = column(Shown.ANYBODY, Kept.LOG, Form.DIGEST)
INTERNAL = column(Shown.PROGRAM, Kept.HOME)
OFFICES = column(Shown.OFFICES, Kept.HOME)
DELIVERY = column(Shown.OFFICES, Kept.DELIVERY)
PERSONAL = column(Shown.CONCERNED, Kept.PERSON)
PERSONAL_DIGEST = column(Shown.CONCERNED, Kept.PERSON, Form.DIGEST)

NO_TRUNCATE = pgtrigger.Trigger(
    name="no_truncate",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Truncate,
    func="RAISE EXCEPTION 'what happened is never removed: TRUNCATE on % is refused', TG_TABLE_NAME;",
)
APPEND_ONLY: list[Any] = [
    pgtrigger.Protect(name="no_update", operation=pgtrigger.Update),
    pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
    NO_TRUNCATE,
]
"""What happened is never changed or removed: a correction is a new row. Held by the database, against psql as well."""


def erasable(person: str = "OLD.person") -> list[Any]:
    """As `APPEND_ONLY`, but the rows of a person go once their erasure, which two people approved, stands.

    `person` is the SQL that gives the person of the row OLD.
    """
    return [
        APPEND_ONLY[0],
        pgtrigger.Trigger(
            name="no_delete",
            when=pgtrigger.Before,
            operation=pgtrigger.Delete,
            func="IF EXISTS (SELECT 1 FROM register_erasure WHERE person = "  # noqa: S608 - `person` is a model's own
            + person
            + ") THEN RETURN OLD; END IF; RAISE EXCEPTION 'what happened is never removed but by the erasure of the "
            "person: DELETE on % is refused', TG_TABLE_NAME;",
        ),
        NO_TRUNCATE,
    ]


class Happened(models.Model):
    """A row about something that happened to a person: a number, the second, and nothing that may change."""

    id = models.BigAutoField(primary_key=True, db_comment=INTERNAL)
    at = models.BigIntegerField(db_comment=PERSONAL)

    class Meta:
        abstract = True
        triggers = erasable()


class HappenedInOffice(Happened):
    """As `Happened`, about what officers do among themselves."""

    at = models.BigIntegerField(db_comment=OFFICES)

    class Meta(Happened.Meta):
        abstract = True
        triggers = APPEND_ONLY


class HappenedInPublic(Happened):
    """As `Happened`, about what everybody may know."""

    at = models.BigIntegerField(db_comment=PUBLIC)

    class Meta(Happened.Meta):
        abstract = True
        triggers = APPEND_ONLY


def one_of(name: str, field: str, values: type[Enum]) -> models.CheckConstraint:
    """A closed list, held by the database."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": [v.value for v in values]}), name=name)


def digest_column(comment: str, **more: Any) -> Any:
    """A column of 64 hexadecimal digits."""
    return models.CharField(max_length=64, db_comment=comment, **more)
