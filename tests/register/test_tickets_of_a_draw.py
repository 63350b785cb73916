"""What a person takes away of a draw, and what the outsider's verifier says to it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.register.attempts import LATER, sparing
from tests.registerhome import DEAD, DRAW, DRAWER, LETTERS_AT, PROGRAM, Stage

from musterroll import canonical
from musterroll.draw import ticket as tickets
from musterroll.errors import MusterRollError

VERIFIER = Path("src/musterroll/verify/muster_verify.py")


def published(stage: Stage, at: int = LETTERS_AT) -> Path:
    from musterroll.register import draws, log

    stage.clock.at = at
    log.publish(by=PROGRAM, at=at)
    draws.publish(DRAW)
    return stage.home.path / "published"


def verified(stage: Stage, ticket: bytes, folder: Path) -> subprocess.CompletedProcess[str]:
    path = folder.parent / "my-ticket.json"
    path.write_bytes(ticket)
    policy = folder.parent / "trust" / "policy.txt"
    return subprocess.run(
        [sys.executable, VERIFIER, folder, "--policy", policy, "--receipt", path],
        capture_output=True,
        text=True,
        check=False,
    )


def own(person: int, part: str = "") -> bytes:
    from musterroll.register.queries.tickets import ticket

    return ticket(person, DRAW, part)


def wrong_lines(said: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in said.stdout.splitlines() if line.strip().startswith("WRONG")]


def test_a_ticket_shows_that_its_person_stands_in_the_list_once_and_where(called):
    folder = published(called)
    mine = own(3)
    made = tickets.decode(mine)
    assert (made.folder, made.size, made.label.place) == ("", 26, made.label.place)
    said = verified(called, mine, folder)
    assert wrong_lines(said) == [], said.stdout
    assert said.returncode in (0, 3), said.stdout
    assert any("ticket" in line.lower() or "entry" in line.lower() for line in said.stdout.splitlines())


def test_a_ticket_with_another_place_or_record_is_refused(called):
    folder = published(called)
    value = json.loads(own(3))
    other = {**value, "in": {**value["in"], "place": value["in"]["place"] % 26 + 1}}
    assert verified(called, canonical.encode(other), folder).returncode == 1
    record = value["in"]["record"].replace("XX000000003", "XX000000004")
    assert (
        verified(called, canonical.encode({**value, "in": {**value["in"], "record": record}}), folder).returncode == 1
    )


def test_whoever_was_left_out_can_prove_on_what_ground_and_that_it_was_written_down_before(called):
    from musterroll.register.acts.audit import commit_spared
    from musterroll.register.queries.tickets import inside, outside

    with pytest.raises(MusterRollError, match=r"\[ticket.none\]"):
        own(DEAD, "out")  # nothing is committed to yet
    commit_spared(**sparing(called), by=DRAWER)
    folder = published(called)
    assert inside(DEAD) == ()
    (view,) = outside(DEAD)
    assert (view.draw, view.place) == (DRAW, "")
    assert view.ground in ("ended", "not liable")
    mine = own(DEAD, "out")
    assert json.loads(json.loads(mine)["out"]["record"])["ground"] == view.ground
    said = verified(called, mine, folder)
    assert wrong_lines(said) == [], said.stdout
    assert said.returncode in (0, 3), said.stdout
    value = json.loads(mine)
    milder = value["out"]["record"].replace(view.ground, "deferred")
    assert (
        verified(called, canonical.encode({**value, "out": {**value["out"], "record": milder}}), folder).returncode == 1
    )


def test_a_ticket_is_its_person_s_alone(called):
    for person, part in ((DEAD, ""), (3, "out"), (3, "supplement-01")):
        with pytest.raises(MusterRollError, match=r"\[ticket.none\]"):
            own(person, part)


def test_the_path_of_a_ticket_is_the_same_from_the_tiles_and_from_the_list(called):
    before = own(5)  # nothing is published yet: from the list
    published(called)
    assert own(5) == before


def test_who_is_passed_over_sees_the_place_and_the_ground(rolled):
    """The man without a dwelling is in the draw, not established as liable: his place is passed over if it comes."""
    from tests.register.attempts import order

    from musterroll.register.acts.audit import commit_spared
    from musterroll.register.acts.call import order_call
    from musterroll.register.models import Order
    from musterroll.register.queries.tickets import outside

    order_call(**order(rolled), by=DRAWER)
    commit_spared(**sparing(rolled), by=DRAWER)
    rows = canonical.decode(bytes(Order.objects.get().dispositions))["dispositions"]
    skipped = {row[1]: row[3] for row in rows if row[3] is not None}
    from musterroll.register.models import SparedEntry

    found = [json.loads(bytes(one.record)) for one in SparedEntry.objects.filter(list="spared")]
    assert {one["place"]: one["ground"] for one in found if one["kind"] == "skipped"} == {
        str(place): ground for place, ground in skipped.items()
    }
    assert sum(one["kind"] == "excluded" for one in found) == 4  # student, inmate, dead, serving
    assert outside(0) == () or outside(0)[0].place


def test_the_list_of_the_spared_is_in_the_log_before_the_round_that_picks(called):
    from musterroll.draw.randomness import Drand
    from musterroll.register.acts.audit import commit_spared

    for late in (32398885, 1):
        with pytest.raises(MusterRollError, match=r"\[spared.round\]"):
            commit_spared(**{**sparing(called), "round_number": late}, by=DRAWER)
    soon = (LETTERS_AT + 3_600 - 1692803367) // 3
    with pytest.raises(MusterRollError, match=r"\[spared.round\]"):
        commit_spared(**{**sparing(called), "round_number": soon}, by=DRAWER)
    assert Drand.quicknet(LATER).time > LETTERS_AT + 24 * 3_600
    assert commit_spared(**sparing(called), by=DRAWER) >= 4


def test_what_chance_picked_is_sealed_to_the_auditor_and_shown_to_each_person(called):
    from tests.register.attempts import AUDITOR_KEY, handing

    from musterroll.draw import opening
    from musterroll.register import openings
    from musterroll.register.acts.audit import open_to_auditor
    from musterroll.register.models import Entry, Opened, Opening
    from musterroll.register.queries.person import my_record

    digest = open_to_auditor(**handing(called), by=DRAWER)
    sealed = openings.path_of(digest).read_bytes()
    assert b"XX0000" not in sealed
    data = openings.unseal(sealed, AUDITOR_KEY.private_bytes_raw())
    assert canonical.sha256_hex(data) == digest
    made = opening.decode(data)
    assert made.counts() == {"cohort": 1, "hand": 0, "spared": 3}
    with pytest.raises(MusterRollError, match=r"\[audit.sealed\]"):
        openings.unseal(sealed, b"somebody else".ljust(32, b"."))
    for row in Opened.objects.all():
        looks = my_record(row.person, LETTERS_AT).looks
        assert [(look.office, look.purpose, look.case) for look in looks] == [
            ("Audit Court", "audit of the draw", DRAW)
        ]
    assert Entry.objects.filter(act="record.opened").count() == Opened.objects.count() == 4
    assert Opening.objects.get().auditor == "Audit Court"
    assert my_record(19, LETTERS_AT).looks == () or Opened.objects.filter(person=19).exists()


def test_the_openings_are_exactly_those_that_chance_picked(called):
    from tests.register.attempts import AUDITOR_KEY, LATE_SIGNATURE, handing

    from musterroll.draw import audit, opening, seed, spared
    from musterroll.register import openings, places
    from musterroll.register import spared as lists
    from musterroll.register.acts.audit import open_to_auditor
    from musterroll.register.models import Draw, Spared

    digest = open_to_auditor(**handing(called), by=DRAWER)
    made = opening.decode(openings.unseal(openings.path_of(digest).read_bytes(), AUDITOR_KEY.private_bytes_raw()))
    draw, row = Draw.objects.get(), Spared.objects.get()
    value, manifest = seed.drand_value(LATE_SIGNATURE), bytes(draw.manifest)
    cohort, left = places.cohort_of(draw), lists.listed(row, "spared")
    asked = {
        "cohort": [index for stratum in audit.sample(manifest, value, cohort, (1,)) for index in stratum],
        "spared": spared.sample(manifest, value, left, 3),
        "hand": [],
    }
    commitments = [c for stratum in cohort.commitments() for c in stratum]
    made.check(asked, {"cohort": commitments, "spared": left.commitments, "hand": ()})


def test_an_audit_cannot_find_more_wrong_than_was_opened(called):
    from tests.register.attempts import audited

    from musterroll.register.acts.audit import record_audit
    from musterroll.register.models import Entry

    ready = audited(called)
    from tests.registerhome import SUPERVISOR

    with pytest.raises(MusterRollError, match=r"\[audit.wrong\]"):
        record_audit(**{**ready, "wrong": 5}, by=SUPERVISOR)
    record_audit(**ready, by=SUPERVISOR)
    said = canonical.decode(bytes(Entry.objects.get(kind="audit").entry))["p"]
    assert (said["cohort"], said["spared"], said["hand"], said["wrong"]) == (1, 3, 0, 1)


def test_facts_entered_by_hand_in_the_sixty_days_before_are_all_opened(rolled):
    from tests.register.attempts import entering, order
    from tests.registerhome import NIGHT_AT, WORKER

    from musterroll.register.acts.audit import commit_spared
    from musterroll.register.acts.call import order_call
    from musterroll.register.acts.enter import enter_fact
    from musterroll.register.models import Spared, SparedEntry

    enter_fact(**{**entering(rolled), "at": NIGHT_AT}, by=WORKER)  # the reference day itself
    order_call(**order(rolled), by=DRAWER)
    commit_spared(**sparing(rolled), by=DRAWER)
    assert Spared.objects.get().hand_size == 1
    record = json.loads(bytes(SparedEntry.objects.get(list="hand").record))
    assert (record["kind"], record["entered"]) == ("hand", "2020-12-31")
    assert "died_on" not in json.dumps(record)  # which fact it is stands in the log's own payload, not here
