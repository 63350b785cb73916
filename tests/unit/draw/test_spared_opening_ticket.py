"""Who was spared is committed to; chance picks what an auditor opens; each person can show their own entry."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from tests.published import DRAW, people, terms

from musterroll import canonical, dates
from musterroll.draw import audit, opening, spared, ticket, transcript
from musterroll.draw.commitment import Cohort
from musterroll.draw.entrant import Entrant
from musterroll.draw.opening import Opening, Openings
from musterroll.draw.spared import SparedList
from musterroll.draw.supplement import Label
from musterroll.draw.table import TableTerms
from musterroll.draw.ticket import Ticket
from musterroll.errors import MusterRollError

PEOPLE = people(60)
COHORT = Cohort.of(PEOPLE)
MANIFEST = terms(COHORT, software="22" * 32)
VALUE = bytes(32)


def kp(person: str) -> bytes:
    return hashlib.sha256(person.encode()).digest()


LEFT_OUT = [spared.excluded(draw=DRAW, person=f"ZZ{i}", ground="ended", kp=kp(f"ZZ{i}")) for i in range(400)]
PASSED_OVER = spared.skipped(
    draw=DRAW, person="XX3", ground="held by an open claim", stratum="born-2000", place=Label(2), kp=kp("XX3")
)
SPARED = SparedList.of([*LEFT_OUT, PASSED_OVER])
DAY = dates.parse_day("2025-12-01")
BY_HAND = [spared.by_hand(draw=DRAW, person="XX3", fact=f"{i}", entered=DAY, kp=kp("XX3")) for i in range(5)]
HAND = SparedList.of(BY_HAND)


def test_the_list_of_the_spared_names_nobody() -> None:
    assert SPARED.size == 401
    assert all(entry.commitment in SPARED.commitments for entry in LEFT_OUT)
    assert SparedList.of([PASSED_OVER, *LEFT_OUT[::-1]]) == SPARED
    assert PASSED_OVER.record == (
        b'{"draw":"xx-2027-a","ground":"held by an open claim","kind":"skipped","person":"XX3","place":"2",'
        b'"stratum":"born-2000"}'
    )
    assert BY_HAND[0].record == b'{"draw":"xx-2027-a","entered":"2025-12-01","fact":"0","kind":"hand","person":"XX3"}'


def test_an_entry_by_hand_has_a_salt_of_its_own() -> None:
    assert len({entry.salt for entry in BY_HAND} | {PASSED_OVER.salt}) == 6


def test_chance_picks_as_many_as_announced() -> None:
    picked = spared.sample(MANIFEST.encode(), VALUE, SPARED)
    assert len(picked) == len(set(picked)) == 299
    assert list(picked) == sorted(picked)
    assert spared.sample(MANIFEST.encode(), b"1" * 32, SPARED) != picked
    assert spared.sample(MANIFEST.encode(), VALUE, HAND) == (0, 1, 2, 3, 4)


def test_the_log_names_both_lists_and_the_round() -> None:
    payload = spared.payload(draw=DRAW, manifest=MANIFEST.digest, spared=SPARED, hand=HAND, round_number=5)
    assert payload == {
        "draw": DRAW,
        "manifest": MANIFEST.digest,
        "spared": {"root": SPARED.root.hex(), "size": 401},
        "hand": {"root": HAND.root.hex(), "size": 5},
        "round": 5,
        "sample": 299,
    }
    assert SparedList(b"").root == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("data", [b"1" * 31, b"2" * 32 + b"1" * 32, b"1" * 64])
def test_bytes_that_are_no_list_are_refused(data: bytes) -> None:
    with pytest.raises(MusterRollError, match=r"\[spared.list\]"):
        SparedList(data)


def test_entries_check_themselves() -> None:
    with pytest.raises(MusterRollError, match=r"not in it.*\[spared.list\]"):
        HAND.index_of(PASSED_OVER)
    with pytest.raises(ValueError, match="a ground is a code"):
        spared.excluded(draw=DRAW, person="XX3", ground="Because I said so", kp=kp("XX3"))
    with pytest.raises(ValueError, match="32 bytes"):
        spared.excluded(draw=DRAW, person="XX3", ground="ended", kp=b"")
    with pytest.raises(ValueError, match="32 bytes"):
        spared.Entry("spared", b"{}", b"")
    with pytest.raises(ValueError, match="of the spared or of facts"):
        spared.Entry("secret", b"{}", bytes(32))


# The auditor's openings.
def opened() -> tuple[Openings, dict[str, Any], dict[str, Any]]:
    lists = {
        "cohort": [c for stratum in COHORT.commitments() for c in stratum],
        "spared": SPARED.commitments,
        "hand": HAND.commitments,
    }
    entries: dict[bytes, tuple[str, Any]] = {one.commitment: ("cohort", one) for one in PEOPLE}
    entries |= {one.commitment: (one.kind, one) for one in [*LEFT_OUT, PASSED_OVER, *BY_HAND]}
    picked = audit.sample(MANIFEST.encode(), VALUE, COHORT, (3, 3))
    asked = {
        "cohort": [index for stratum in picked for index in stratum],
        "spared": spared.sample(MANIFEST.encode(), VALUE, SPARED),
        "hand": range(HAND.size),
    }
    rows = [
        Opening(name, index, entries[lists[name][index]][1].salt, entries[lists[name][index]][1].record)
        for name, indices in asked.items()
        for index in indices
    ]
    return Openings.of(DRAW, MANIFEST.digest, rows), asked, lists


def test_the_auditor_opens_exactly_what_chance_picked() -> None:
    openings, asked, lists = opened()
    openings.check(asked, lists)
    assert openings.counts() == {"cohort": 6, "hand": 5, "spared": 299}
    assert opening.decode(openings.encode()) == openings
    assert openings.digest == canonical.sha256_hex(openings.encode())


def test_an_opening_that_is_missing_or_false_is_seen() -> None:
    openings, asked, lists = opened()
    for wrong in (
        replace(openings, entries=openings.entries[1:]),
        replace(openings, entries=(*openings.entries[:-1], replace(openings.entries[-1], index=400))),
        replace(openings, entries=(replace(openings.entries[0], record=b"{}"), *openings.entries[1:])),
    ):
        with pytest.raises(MusterRollError, match=r"\[openings.wrong\]"):
            wrong.check(asked, lists)
    beyond = Openings.of(DRAW, MANIFEST.digest, [Opening("hand", 9, bytes(32), b"{}")])
    with pytest.raises(MusterRollError, match=r"hand, index 9.*\[openings.wrong\]"):
        beyond.check({"hand": [9]}, lists)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "muster-roll/ticket"}, "manifest.version"),
        ({"more": 1}, "manifest.member"),
        ({"entries": [{"index": 0, "list": "everybody", "record": "{}", "salt": "00" * 32}]}, "manifest.member"),
        ({"entries": [{"index": 0, "list": "hand", "record": "{}", "salt": "00" * 31}]}, "manifest.member"),
        ({"entries": [{"index": 0, "list": "hand", "record": "{}", "salt": "00" * 32}] * 2}, "manifest.member"),
    ],
)
def test_openings_that_are_none_are_refused(change: dict[str, Any], code: str) -> None:
    whole = json.loads(opened()[0].encode()) | change
    with pytest.raises(MusterRollError) as refused:
        opening.decode(canonical.encode(whole))
    assert (refused.value.code, refused.value.where) == (code, "openings")


# Each person's ticket.
def test_everybody_in_the_list_has_a_ticket_that_holds() -> None:
    for one in PEOPLE:
        mine = ticket.inside(one, MANIFEST, COHORT, label=Label(3))
        ticket.check_inside(mine, MANIFEST)
        assert ticket.decode(mine.encode()) == mine


def test_whoever_was_spared_has_a_ticket_that_holds() -> None:
    for entry in [*LEFT_OUT[:20], PASSED_OVER]:
        mine = ticket.outside(entry, MANIFEST, SPARED)
        ticket.check_outside(mine, MANIFEST, SPARED.root, SPARED.size)
        assert ticket.decode(mine.encode()) == mine


def test_a_ticket_of_a_supplement_says_between_which_places() -> None:
    cohort = Cohort.of(people(30)[25:])
    late = transcript.Manifest(
        draw=DRAW,
        register=MANIFEST.register,
        attempt=1,
        supersedes=None,
        cohort=transcript.CohortTerms.unquoted(cohort),
        randomness=MANIFEST.randomness,
        kind=transcript.SUPPLEMENT,
        parent=MANIFEST.digest,
        number=1,
    )
    mine = ticket.inside(people(30)[27], late, cohort, label=Label(4, 1, 2))
    ticket.check_inside(mine, late)
    assert ticket.decode(mine.encode()) == mine
    assert json.loads(mine.encode())["in"]["label"] == "4+S1.2"
    with pytest.raises(MusterRollError, match=r"another list.*\[ticket.wrong\]"):
        ticket.check_inside(mine, MANIFEST)


def test_in_a_draw_by_table_the_ticket_carries_the_date() -> None:
    cohort = Cohort.of(PEOPLE, dated=True)
    by_table = replace(
        terms(cohort, software="22" * 32),
        algorithm=transcript.BY_TABLE,
        table=TableTerms(366, "2026-01-01"),
    )
    ticket.check_inside(ticket.inside(PEOPLE[5], by_table, cohort), by_table)


def false_tickets() -> list[tuple[Ticket, str]]:
    mine = ticket.inside(PEOPLE[7], MANIFEST, COHORT)
    record = json.loads(mine.record)
    return [
        (replace(mine, salt=bytes(32)), "does not lead"),
        (replace(mine, index=mine.index ^ 1), "does not lead"),
        (replace(mine, path=mine.path[1:]), "does not lead"),
        (replace(mine, size=61), "of another list"),
        (replace(mine, manifest="00" * 32), "belongs to another list"),
        (replace(mine, folder="stratum-01"), "belongs to another list"),
        (replace(mine, record=canonical.encode(record | {"draw": "xx-2027-b"})), "another draw or stratum"),
        (replace(mine, record=canonical.encode(record | {"stratum": "born-1900"})), "another draw or stratum"),
        (replace(mine, record=b"[]"), "its record is none"),
    ]


@pytest.mark.parametrize(("false", "says"), false_tickets())
def test_a_false_ticket_is_refused(false: Ticket, says: str) -> None:
    with pytest.raises(MusterRollError, match=says) as refused:
        ticket.check_inside(false, MANIFEST)
    assert refused.value.code == "ticket.wrong"


def test_a_false_ticket_of_somebody_spared_is_refused() -> None:
    mine = ticket.outside(PASSED_OVER, MANIFEST, SPARED)
    other = canonical.encode(json.loads(mine.record) | {"draw": "xx-2027-b"})
    for false, root, size in [
        (mine, HAND.root, SPARED.size),
        (mine, SPARED.root, 400),
        (replace(mine, record=other), SPARED.root, SPARED.size),
        (replace(mine, manifest="00" * 32), SPARED.root, SPARED.size),
        (ticket.inside(PEOPLE[7], MANIFEST, COHORT), SPARED.root, SPARED.size),
    ]:
        with pytest.raises(MusterRollError, match=r"\[ticket.wrong\]"):
            ticket.check_outside(false, MANIFEST, root, size)


@pytest.mark.parametrize(
    "change",
    [
        {"in": {"folder": ""}},
        {"kind": "receipt"},
        {"out": {}},
        {"more": 1},
    ],
)
def test_other_things_are_no_tickets(change: dict[str, Any]) -> None:
    whole = json.loads(ticket.inside(PEOPLE[7], MANIFEST, COHORT).encode()) | change
    with pytest.raises(MusterRollError) as refused:
        ticket.decode(canonical.encode(whole))
    assert refused.value.code in {"manifest.member", "manifest.version"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("path", "none"),
        ("path", ["00"]),
        ("path", [3]),
        ("place", 0),
        ("label", "3"),
        ("label", "3+S1.1"),
        ("label", "somewhere"),
        ("index", 60),
        ("colour", "red"),
    ],
)
def test_a_ticket_with_wrong_members_is_refused(name: str, value: Any) -> None:
    whole = json.loads(ticket.inside(PEOPLE[7], MANIFEST, COHORT).encode())
    whole["in"][name] = value
    with pytest.raises(MusterRollError, match=r"\[manifest.member\]"):
        ticket.decode(canonical.encode(whole))


def test_a_ticket_checks_itself() -> None:
    mine = ticket.outside(PASSED_OVER, MANIFEST, SPARED)
    with pytest.raises(ValueError, match="has no place"):
        replace(mine, label=Label(3))
    with pytest.raises(ValueError, match="salt of 32 bytes"):
        replace(mine, salt=b"")


def test_an_entrant_knows_its_birth_date() -> None:
    assert PEOPLE[0].born == "2000-03-01"
    assert Entrant(b'{"born":"unknown"}', bytes(32), "s").born == "unknown"
