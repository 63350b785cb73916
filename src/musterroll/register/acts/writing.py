"""How acts write their entries into the outbox. Always called inside the act's own transaction.

1. The id of an entry follows from the natural key of its act (`label`), never from a row's number: a transaction that
   was rolled back has used up numbers, and the act done again writes the same bytes all the same.
2. The acts of one person are numbered under a lock on that person's key: two acts about one person wait for each other.
   An act that locks it earlier, before it reads what it decides on, hands `key_of`'s answer on to `personal`.
3. The person's key is made with the person's first entry (docs/flow/register.md).
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from psycopg.types.numeric import Int4, Int8

from musterroll import ids
from musterroll.canonical import Json
from musterroll.entry import chain, codec, grammar, seal
from musterroll.entry.kind import Act, Kind
from musterroll.register import database, home
from musterroll.register.actor import Actor
from musterroll.register.actor import Kind as Who
from musterroll.register.models import Entry, Officer, PersonKey

_COLUMNS = ("uuid", "kind", "at", "entry", "person", "n", "act", "commitment", "payload")
_INSERT = f"INSERT INTO register_entry ({', '.join(_COLUMNS)}) VALUES (%b, %s, %b, %b, %b, %b, %s, %b, %b) RETURNING id"  # noqa: S608 - its own column names
LOCKED_KEY = "SELECT kp FROM register_personkey WHERE person = %s FOR UPDATE;"
_LAST_ACT = "SELECT n, commitment FROM register_entry WHERE person = %s ORDER BY n DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Key:
    """The `Kp` of `person`, its row locked until the act ends, and where their acts end: good for one entry."""

    person: int
    kp: bytes
    head: chain.Head


def public(kind: Kind, payload: Mapping[str, Json], *, label: str, at: int) -> Entry:
    """Write an entry in clear. It never concerns one person, and has the members that its kind has."""
    grammar.check(kind, payload)
    entry = codec.public(kind, payload, at)
    return Entry.objects.create(uuid=_uuid(label), kind=kind, at=at, entry=entry)


def personal(
    act: Act, *, person: int | Key, by: Actor, label: str, at: int, ground: str = "", **details: Json
) -> Entry:
    """Write the opaque entry of an act about one person, next in that person's chain.

    `person` is what `key_of` gave this act, if it has asked already and written nothing about the person since.
    """
    key = person if isinstance(person, Key) else key_of(person)
    payload = chain.Payload(act, at, actor_text(by), ref_of(key.person), key.head, ground, details).encode()
    number = _uuid(label)
    salt = seal.salt(key.kp, number)
    entry, n, commitment = codec.act(payload, salt, at), key.head.n + 1, seal.commitment(salt, payload)
    row = [number, Kind.ACT.value, Int8(at), entry, Int8(key.person), Int4(n), act.value, commitment, payload]
    values = [*database.prepared(_INSERT, row), number, Kind.ACT, at, entry, key.person, n, act, commitment, payload]
    return Entry.from_db(connection.alias, ("id", *_COLUMNS), values)


def key_of(person: int) -> Key:
    """The person's key, made now if this is the first act, and where their acts end; in one journey to the database.

    The second statement sees what others committed while the first one waited for the lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCKED_KEY + _LAST_ACT, [person, person])
        found = cursor.fetchone()
        cursor.nextset()
        last = cursor.fetchone()
    if found is None:
        keys_of([person])  # made now, by us or by somebody whom we waited for: their act may be the first
        return key_of(person)
    return Key(person, bytes(found[0]), chain.Head() if last is None else chain.Head(last[0], bytes(last[1])))


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
