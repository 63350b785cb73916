"""The outbox: what each act writes down, in the act's own transaction (docs/spec/ledger.md, section Write path).

1. `entry` holds the exact bytes of the leaf. `payload` holds the exact bytes that an opaque entry commits to. The
   erasure of a person empties it, and whose entry it is; the leaf stays, and the hour that stands in it.
2. The salt is not kept: it follows from the person's key and `uuid`.
3. `n` counts one person's acts without gaps.
"""

import pgtrigger
from django.db import models

from musterroll.entry.kind import Act, Kind
from musterroll.register.models.column import (
    APPEND_ONLY,
    INTERNAL,
    PERSONAL,
    PERSONAL_DIGEST,
    PUBLIC,
    one_of,
)

FIXED = pgtrigger.Trigger(
    name="fixed",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func="""
    IF NEW.payload IS NULL
      AND ROW(NEW.id, NEW.uuid, NEW.kind, NEW.entry, NEW.commitment)
        IS NOT DISTINCT FROM ROW(OLD.id, OLD.uuid, OLD.kind, OLD.entry, OLD.commitment)
      AND (ROW(NEW.at, NEW.person, NEW.n, NEW.act) IS NOT DISTINCT FROM ROW(OLD.at, OLD.person, OLD.n, OLD.act)
        OR (NEW.person IS NULL AND NEW.n IS NULL AND NEW.act IS NULL AND NEW.at = OLD.at - OLD.at % 3600
          AND EXISTS (SELECT 1 FROM register_erasure WHERE person = OLD.person)))
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'an entry is never changed: its payload is emptied, and by the erasure of a person whose it was';
    """,
)


class Entry(models.Model):
    """One entry, in the log or on its way there."""

    id = models.BigAutoField(primary_key=True, db_comment=INTERNAL)
    uuid = models.UUIDField(unique=True, db_comment=PERSONAL_DIGEST)
    kind = models.CharField(max_length=32, db_comment=PUBLIC)
    at = models.BigIntegerField(db_comment=PERSONAL)
    entry = models.BinaryField(db_comment=PUBLIC)
    person = models.BigIntegerField(null=True, db_comment=PERSONAL)
    n = models.IntegerField(null=True, db_comment=PERSONAL)
    act = models.CharField(max_length=32, null=True, db_comment=PERSONAL)
    commitment = models.BinaryField(null=True, db_comment=PERSONAL_DIGEST)
    payload = models.BinaryField(null=True, db_comment=PERSONAL)

    class Meta:
        constraints = [
            one_of("entry_kind", "kind", Kind),
            one_of("entry_act", "act", Act),
            models.UniqueConstraint(fields=["person", "n"], name="entry_person_n"),
            models.CheckConstraint(
                name="entry_opaque_or_public",
                condition=models.Q(
                    kind="act", person__isnull=False, n__gte=1, act__isnull=False, commitment__isnull=False
                )
                | models.Q(
                    kind="act",
                    person__isnull=True,
                    n__isnull=True,
                    act__isnull=True,
                    commitment__isnull=False,
                    payload__isnull=True,
                )
                | (
                    ~models.Q(kind="act")
                    & models.Q(person__isnull=True, n__isnull=True, act__isnull=True, payload__isnull=True)
                ),
            ),
        ]
        triggers = [
            FIXED,
            *APPEND_ONLY[1:],
        ]
