"""Who was left out of a draw or passed over at the call, and what was entered by hand (docs/spec/draw.md, 10).

1. Left out: everybody whom the register was searched for and who is not in the list, by the roll from which it was
   taken, with the class in which the law put them. Passed over: by the orders of call, with the ground logged then.
2. By hand: every fact that an officer entered on the reference day and the 60 days before it.
3. Nobody chooses who is in these lists. Of somebody erased since nothing is left that could be listed.
"""

from dataclasses import dataclass

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical, dates
from musterroll.draw import spared, transcript
from musterroll.draw.spared import DAYS_BY_HAND, Entry, SparedList
from musterroll.draw.supplement import Label
from musterroll.errors import MusterRollError
from musterroll.register import cohort, home, roll
from musterroll.register.models import Declaration, Draw, Entrant, Grade, Order, PersonKey, SparedEntry
from musterroll.register.models import Spared as SparedRow

type Theirs = list[tuple[int, Entry]]
"""Entries with the number of the person each is about."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The two lists of one draw."""

    spared: tuple[tuple[int, Entry], ...]
    hand: tuple[tuple[int, Entry], ...]


def people(draw: Draw) -> list[int]:
    """Everybody who may stand in one of the lists. For the making of their keys."""
    out = [person for person, _ in _left_out(draw)]
    return sorted({*out, *(person for person, _, _ in _passed_over(draw)), *(one.person for one in _by_hand(draw))})


def lists(draw: Draw) -> Lists:
    """The two lists of `draw`, in order of commitment."""
    keys = dict(PersonKey.objects.filter(person__in=people(draw)).values_list("person", "kp"))
    numbers = cohort.numbers_of(roll.current())
    name = draw.draw
    out: Theirs = [
        (person, spared.excluded(draw=name, person=_number(numbers, person), ground=ground, kp=bytes(keys[person])))
        for person, ground in _left_out(draw)
        if person in keys
    ]
    for person, stratum, (place, ground) in _passed_over(draw):
        if person in keys:
            number, kp = _number(numbers, person), bytes(keys[person])
            out.append(
                (
                    person,
                    spared.skipped(draw=name, person=number, ground=ground, stratum=stratum, place=place, kp=kp),
                )
            )
    hand: Theirs = [
        (
            one.person,
            spared.by_hand(
                draw=name,
                person=_number(numbers, one.person),
                fact=str(one.entry.uuid),
                entered=home.current().legal_day(one.at),
                kp=bytes(keys[one.person]),
            ),
        )
        for one in _by_hand(draw)
        if one.person in keys
    ]
    return Lists(_ordered(out), _ordered(hand))


def listed(row: SparedRow, name: str) -> SparedList:
    """One committed list, from its rows."""
    rows = SparedEntry.objects.filter(spared=row, list=name).order_by("index").values_list("commitment", flat=True)
    return SparedList(b"".join(bytes(one) for one in rows))


def salt_of(entry: SparedEntry, draw: str) -> bytes:
    """The salt of one committed entry, from the person's own key."""
    return sealed(entry, draw).salt


def sealed(entry: SparedEntry, draw: str) -> Entry:
    """One committed entry as it was made: record and salt."""
    kp = bytes(PersonKey.objects.get(person=entry.person).kp)
    record = canonical.decode(bytes(entry.record))
    person = record["person"]
    match record["kind"]:
        case "excluded":
            return spared.excluded(draw=draw, person=person, ground=record["ground"], kp=kp)
        case "skipped":
            place, stratum = Label.parse(record["place"]), record["stratum"]
            return spared.skipped(
                draw=draw, person=person, ground=record["ground"], stratum=stratum, place=place, kp=kp
            )
        case _:
            day = dates.parse_day(record["entered"], where="entered")
            return spared.by_hand(draw=draw, person=person, fact=record["fact"], entered=day, kp=kp)


def _left_out(draw: Draw) -> tuple[tuple[int, str], ...]:
    """Person and ground, by the roll from which the list was taken."""
    current = roll.current()
    try:
        snapshot = current.store.get_snapshot(draw.snapshot.digest)
        standing = current.store.get_table(snapshot, "standing")
        flat = current.store.get_table(snapshot, "flat")
    except MusterRollError as problem:
        raise MusterRollError(
            "spared.roll-gone",
            "The state of the roll from which the list was taken is not kept any more.",
            where=f"snapshot {draw.snapshot.digest[:16]}: {problem.code}",
            remedy="Commit to the spared soon after the draw, before the roll is swept.",
        ) from None
    assert standing is not None
    assert flat is not None
    return cohort.drawn(roll.law_of(draw.pack), standing, flat).spared


def _passed_over(draw: Draw) -> list[tuple[int, str, tuple[Label, str]]]:
    """Person, stratum, and place with ground, of every place that an order of call passed over."""
    lists = [draw.pk, *Draw.objects.filter(parent=draw).values_list("pk", flat=True)]
    rows = Entrant.objects.filter(draw__in=lists, person__isnull=False).values_list("commitment", "person")
    persons = {bytes(commitment): int(person) for commitment, person in rows}
    found: dict[str, tuple[int, str, tuple[Label, str]]] = {}
    for order in Order.objects.filter(result__draw=draw).order_by("number"):
        for stratum, place, commitment, ground in canonical.decode(bytes(order.dispositions))["dispositions"]:
            person = persons.get(bytes.fromhex(commitment))
            if ground is not None and person is not None:
                found[commitment] = (person, stratum, (Label.parse(str(place)), ground))
    return list(found.values())


def _by_hand(draw: Draw) -> list[Declaration]:
    day = transcript.decode(bytes(draw.manifest)).reference_day
    last = dates.parse_day(day, where="reference_day") if day else home.current().legal_day(draw.at)
    rows = Declaration.objects.filter(grade__in=[Grade.PROVED, Grade.FOUND]).select_related("entry").order_by("id")
    return [one for one in rows if last - DAYS_BY_HAND <= home.current().legal_day(one.at) <= last]


def _number(numbers: dict[int, str], person: int) -> str:
    """The personal number; of somebody who has none, that they have none: the salt still makes the entry theirs."""
    return numbers.get(person, "none")


def _ordered(entries: Theirs) -> tuple[tuple[int, Entry], ...]:
    return tuple(sorted(entries, key=lambda row: row[1].commitment))
