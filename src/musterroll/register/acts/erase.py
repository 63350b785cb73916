"""Erasing a person: nothing of them is left but their number, the ground, and what keeps tomorrow's extract out.

1. Two people from two offices (S9), on a ground that the law gives or a court ordered; the law's is checked by the law.
2. Not while something is open: a call, a draw, a word of theirs, another case, a delivery or a night that waits.
3. In one transaction: the objects of the roll that hold them are written again without them and the new snapshot is
   committed; what the tables hold of them is removed; their key and payloads are dropped, so that their entries in the
   log say nothing to anybody; the log gets the digest of the list of old and new digests, which is published.
4. Their records are remembered as keyed numbers only, and passed over in every extract from now on.
5. `register.erasure.finish` then removes the files that nobody names any more; stopped in between, it is done again.
"""

from dataclasses import dataclass

from django.db import connection

from musterroll import canonical
from musterroll.canonical import Json
from musterroll.engine.roll import erase as roll_erase
from musterroll.entry.kind import Act, Kind
from musterroll.register import erasure, overlay, permissions, roll
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.acts.judge import person_of_case
from musterroll.register.acts.snapshot import commit_snapshot
from musterroll.register.models import Approved, Entry, ErasedRecord, Erasure, ErasureGround, PersonKey, Purpose

BY = Actor.program("erasure")


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done, in counts: objects written again, records that will be passed over, rows removed."""

    objects: int
    records: int
    rows: int


def erasure_digest(case: str, ground: ErasureGround, named: str) -> str:
    """What two people approve: whose case, on which ground, by which line of the law or which order."""
    return canonical.sha256_hex(canonical.encode({"case": case, "ground": ground.value, "named": named}))


@act
def erase_person(*, case: str, ground: ErasureGround, named: str, approval: int, by: Actor, at: int) -> Erased:
    """Erase the person of `case`. `named` is the law's line, or the SHA-256 of the court's order; "" for the scope.

    Two people approve (the case, `erasure_digest`). Done again it changes nothing. Raises MusterRollError
    `access.no-case`, `approval.missing`, `erase.ground` and those of `erasure.check_nothing_open`.
    """
    permissions.check_may("erase_person", by)
    agreed = permissions.approved(
        Approved.ERASE_PERSON, approval, subject=case, digest=erasure_digest(case, ground, named)
    )
    done = Erasure.objects.filter(approval=agreed)
    if done.exists():
        return Erased(0, 0, 0)
    person = person_of_case(case, by, Purpose.ERASE)
    writing.key_of(person)
    seen = overlay.now(person, at)
    persons = sorted(seen.numbers or {person})
    erasure.check_ground(seen, ground, named)
    erasure.check_nothing_open(seen, case, at)
    records = erasure.records_of(seen)
    current = roll.current()
    without = roll_erase.erase(
        current.store, current.snapshot, persons=persons, records=records, relatives=erasure.relatives_of(current)
    )
    for number in persons:
        writing.personal(
            Act.PERSON_ERASED, person=number, by=by, label=f"erase/{number}", at=at, ground=ground.value, case=case
        )
    payload: dict[str, Json] = {
        "acts": Entry.objects.filter(person__in=persons).count(),
        "keys": len(persons),
        "objects": len(without.replaced),
        "sha256": erasure.published(without.replaced),
        "snapshot": without.snapshot.digest,
    }
    entry = writing.public(Kind.ERASURE_STAT, payload, label=f"erasure/{without.snapshot.digest}", at=at)
    for number in persons:
        Erasure.objects.create(person=number, ground=ground, named=named, approval=agreed, entry=entry, at=at)
    ErasedRecord.objects.bulk_create([ErasedRecord(record=one) for one in records], ignore_conflicts=True)
    commit_snapshot(snapshot=without.snapshot, counts=erasure.counts_without(seen, current.digest), by=BY, at=at)
    removed = _removed(persons)
    PersonKey.objects.filter(person__in=persons).delete()
    return Erased(len(without.replaced), len(records), removed)


def _removed(persons: list[int]) -> int:
    """Remove, or empty, every row of these people; how many."""
    count = 0
    with connection.cursor() as cursor:
        for statement in erasure.STATEMENTS:
            cursor.execute(statement, {"persons": persons})
            count += cursor.rowcount
    return count
