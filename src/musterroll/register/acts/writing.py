"""How acts write their entries into the outbox. Always called inside the act's own transaction.

1. The id of an entry follows from the natural key of its act (`label`), never from a row's number: a transaction that
   was rolled back has used up numbers, and the act done again writes the same bytes all the same.
2. The acts of one person are numbered under a lock on that person's key: two acts about one person wait for each other.
3. The person's key is made with the person's first entry (docs/flow/register.md).
"""

import uuid
from collections.abc import Iterable, Mapping

from django.db import connection

from musterroll import ids
from musterroll.canonical import Json
from musterroll.entry import chain, codec, grammar, seal
from musterroll.entry.kind import Act, Kind
from musterroll.register import home
from musterroll.register.actor import Actor
from musterroll.register.actor import Kind as Who
from musterroll.register.models import Entry, Officer, PersonKey

_COLUMNS = ("uuid", "kind", "at", "entry", "person", "n", "act", "commitment", "payload")
_INSERT = (
    f"INSERT INTO register_entry ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))}) RETURNING id"  # noqa: S608 - its own column names
)
_LOCKED_KEY = "SELECT kp FROM register_personkey WHERE person = %s FOR UPDATE;"
_LAST_ACT = "SELECT n, commitment FROM register_entry WHERE person = %s ORDER BY n DESC LIMIT 1"


def public(kind: Kind, payload: Mapping[str, Json], *, label: str, at: int) -> Entry:
    """Write an entry in clear. It never concerns one person, and has the members that its kind has."""
    grammar.check(kind, payload)
    entry = codec.public(kind, payload, at)
    return Entry.objects.create(uuid=_uuid(label), kind=kind, at=at, entry=entry)


def personal(act: Act, *, person: int, by: Actor, label: str, at: int, ground: str = "", **details: Json) -> Entry:
    """Write the opaque entry of an act about one person, next in that person's chain."""
    kp, head = _chain(person)
    payload = chain.Payload(act, at, actor_text(by), ref_of(person), head, ground, details).encode()
    number = _uuid(label)
    salt = seal.salt(kp, number)
    made = Entry(
        uuid=number,
        kind=Kind.ACT,
        at=at,
        entry=codec.act(payload, salt, at),
        person=person,
        n=head.n + 1,
        act=act,
        commitment=seal.commitment(salt, payload),
        payload=payload,
    )
    with connection.cursor() as cursor:
        # The statement that Django would make; made once, as every act writes one.
        cursor.execute(_INSERT, [getattr(made, name) for name in _COLUMNS])
        made.pk = cursor.fetchone()[0]
    made._state.adding, made._state.db = False, connection.alias
    return made


def _chain(person: int) -> tuple[bytes, chain.Head]:
    """The person's key, its row locked, and where their acts end; in one journey to the database.

    The second statement sees what others committed while the first one waited for the lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCKED_KEY + _LAST_ACT, [person, person])
        found = cursor.fetchone()
        cursor.nextset()
        last = cursor.fetchone()
    if found is None:
        key_of(person)  # made now, by us or by somebody whom we waited for: their act may be the first
        return _chain(person)
    return bytes(found[0]), chain.Head() if last is None else chain.Head(last[0], bytes(last[1]))


def key_of(person: int) -> bytes:
    """The person's `Kp`, made now if this is the first act; its row stays locked until the act ends."""
    locked = PersonKey.objects.select_for_update().filter(person=person).values_list("kp", flat=True)
    kp = locked.first()
    if kp is None:
        keys_of([person])
        kp = locked.get()
    return bytes(kp)


def keys_of(persons: Iterable[int]) -> dict[int, bytes]:
    """`Kp` of each of `persons`, made where missing."""
    asked = sorted(set(persons))
    keys = home.current().keys
    there = dict(PersonKey.objects.filter(person__in=asked).values_list("person", "kp"))
    missing = [PersonKey(person=one, kp=keys.fresh_person_key(one)) for one in asked if one not in there]
    if missing:
        # Another transaction may make the same key at once: the first one wins, and everybody reads that one.
        PersonKey.objects.bulk_create(missing, ignore_conflicts=True, batch_size=5_000)
        there = dict(PersonKey.objects.filter(person__in=asked).values_list("person", "kp"))
    return {person: bytes(kp) for person, kp in there.items()}


def ref_of(person: int) -> str:
    """The person's `ref`."""
    return ids.person_ref(home.current().keys.secret("ref"), person)


def actor_text(by: Actor) -> str:
    """Who acted, as payloads say it: `office/officer`, `person`, or `register/task`."""
    match by.kind:
        case Who.OFFICER:
            office = Officer.objects.filter(handle=by.name).values_list("office__code", flat=True).get()
            return f"{office}/{by.name}"
        case Who.PERSON:
            return by.name
        case Who.PROGRAM:
            return f"register/{by.name}"


def _uuid(label: str) -> uuid.UUID:
    return ids.entry_uuid(home.current().keys.secret("entry"), label)
