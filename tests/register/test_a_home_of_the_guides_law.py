"""A law of which the program knows nothing, lived: the people of Halm come in, are drawn quarter by quarter and year by
year, called, and one of them says that something is wrong, is refused, appeals, and is right.

The law and the files are those of docs/guide/write-a-pack.md, word for word. Nothing here is code for Halm.
"""

import csv
import io
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests import guidelaw, registerhome
from tests.newcountry.sending import send
from tests.registerhome import (
    CEREMONY_AT,
    DRAWER,
    FREEZE_AT,
    KEEPER,
    LAWYER,
    LETTERS_AT,
    NIGHT_AT,
    ORIGIN,
    PACK_AT,
    PROGRAM,
    RESULT_AT,
    ROUND,
    SIGNATURE,
    SUPERVISOR,
    SYMBOLS,
    Stage,
)

from musterroll import canonical, dates
from musterroll.claim.body import Votes
from musterroll.draw import potcheck, transcript
from musterroll.errors import MusterRollError
from musterroll.law import pack as packs
from musterroll.register import home as homes
from musterroll.register.actor import Actor

DRAW = "halm-2026-winter"
REPORT_ON = dates.parse_day("2026-12-20")
OFFICE_KEY = Ed25519PrivateKey.from_private_bytes(b"island".ljust(32, b"."))
HARBOUR = Actor.officer("harbour-1")
COURT = Actor.officer("court-1")
PUPIL = "103"
DAY = 86_400


@pytest.fixture(scope="module")
def halm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a reader has followed the guide."""
    folder = tmp_path_factory.mktemp("guide")
    guidelaw.written(folder)
    return folder


@pytest.fixture
def island(cluster, halm: Path, monkeypatch: pytest.MonkeyPatch):
    """A home under the law of Halm, on the day before its draw."""
    database, folder = cluster.fresh(None)
    homes.create(folder, homes.Founding(fictional=True, origin=ORIGIN, calendar_offset_days=0, seed="halm"))
    stage = registerhome._open(cluster, database, folder, monkeypatch, fresh=True)
    try:
        _founded(stage, halm)
        yield stage
    finally:
        stage.home.close()
        stage.witnesses.close()
        cluster.drop(database, folder)


def _founded(stage: Stage, halm: Path) -> None:
    from musterroll.register import intake, log, night
    from musterroll.register.acts.appoint import appoint
    from musterroll.register.acts.pack import publication_digest, publish_pack
    from musterroll.register.models import Approved, Role

    registerhome._appoint(stage)
    for office, title, officer in (
        ("harbour_office", "Harbour Office", HARBOUR),
        ("dyke_court", "Dyke Court", COURT),
    ):
        appoint(office=office, title=title, officer=officer.name, roles=[Role.CASES], by=PROGRAM, at=PACK_AT)
    pack = packs.load(halm / "halm")
    sources = {path.stem: path.read_text("utf-8") for path in sorted((halm / "halm" / "sources").glob("*.yaml"))}
    agreed = approved(Approved.PUBLISH_PACK, pack.name, publication_digest(pack, sources), LAWYER, PACK_AT)
    publish_pack(pack=pack, sources=sources, approval=agreed, by=LAWYER, at=PACK_AT)
    log.publish(by=PROGRAM, at=PACK_AT)
    stage.clock.at = NIGHT_AT
    as_of = dates.format_day(dates.day_of_instant(NIGHT_AT) - 1)
    for name, rows in (("islanders", 24), ("school", 1)):
        data = (halm / "sent" / f"{name}.csv").read_bytes()
        send(stage.home.path / "in", f"{name}.csv", data, source=name, as_of=as_of, rows=rows)
        taken = intake.receive(stage.home.path / "in" / f"{name}.csv", by=KEEPER, at=NIGHT_AT)
        assert (taken.rows, taken.refused) == (rows, 0)
    night.run(at=NIGHT_AT)
    log.publish(by=PROGRAM, at=NIGHT_AT)


def approved(act, subject: str, digest: str, first: Actor, at: int) -> int:
    from musterroll.register.acts.approve import two_people
    from musterroll.register.models import Approved

    return two_people(act=Approved(act), subject=subject, digest=digest, first=first, second=SUPERVISOR, at=at)


def drawn(stage: Stage, halm: Path) -> transcript.Manifest:
    """The draw held and twelve people called; its terms."""
    from musterroll.register import log, roll, terms
    from musterroll.register.acts import draw
    from musterroll.register.acts.call import approval_digest, order_call
    from musterroll.register.acts.fairness import publish_fairness
    from musterroll.register.acts.potcheck import check_pot
    from musterroll.register.models import Approved

    stage.clock.at = FREEZE_AT
    counted = potcheck.Count(
        DRAW, "Parish", dates.format_day(roll.current().snapshot.on), 1, parish(halm), None
    ).encode()
    signature = OFFICE_KEY.sign(potcheck.signed_message(counted)).hex()
    key = OFFICE_KEY.public_key().public_bytes_raw().hex()
    told = check_pot(
        draw=DRAW, count=counted, signature=signature, office="Parish", key=key, per_mille=50, by=DRAWER, at=FREEZE_AT
    )
    assert told == "holds"
    plan = terms.Plan(DRAW, ROUND, canonical.sha256_hex(b"dice"), "2026-09-21T13:00:00Z")
    frozen = draw.prepare_draw(draw=DRAW, by=DRAWER, at=FREEZE_AT)
    made = terms.manifest(plan, roll.current(), frozen, ORIGIN.split("/")[0])
    agreed = approved(Approved.COMMIT_DRAW, DRAW, made.digest, DRAWER, FREEZE_AT)
    draw.commit_draw(manifest=made.encode(), approval=agreed, by=DRAWER, at=FREEZE_AT)
    log.publish(by=PROGRAM, at=FREEZE_AT)
    stage.clock.at = CEREMONY_AT
    draw.hold_ceremony(draw=DRAW, symbols=SYMBOLS, minutes=b"minutes", by=DRAWER, at=CEREMONY_AT)
    log.publish(by=PROGRAM, at=CEREMONY_AT)
    stage.clock.at = RESULT_AT
    digest = draw.publish_result(draw=DRAW, signature=SIGNATURE, by=DRAWER, at=RESULT_AT)
    publish_fairness(draw=DRAW, by=DRAWER, at=RESULT_AT)
    agreed = approved(Approved.ORDER_CALL, DRAW, approval_digest(digest, REPORT_ON), DRAWER, RESULT_AT)
    order_call(draw=DRAW, report_on=REPORT_ON, approval=agreed, by=DRAWER, at=RESULT_AT)
    log.publish(by=PROGRAM, at=RESULT_AT)
    return made


def islanders(halm: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((halm / "sent" / "islanders.csv").read_text("utf-8")), delimiter=";"))


def parish(halm: Path) -> dict[tuple[str, str], int]:
    """What somebody outside counts: everybody who may be called, by year of birth."""
    cells: dict[tuple[str, str], int] = {}
    for row in islanders(halm):
        if row["No."] != PUPIL:
            cell = ("birth-year", row["Born"][:4])
            cells[cell] = cells.get(cell, 0) + 1
    return cells


@pytest.mark.timeout(900)
def test_a_law_that_nobody_has_thought_of_is_lived(island: Stage, halm: Path) -> None:
    twelve_are_called_part_by_part(drawn(island, halm), halm)
    one_of_them_is_right_before_the_court(island)


def twelve_are_called_part_by_part(made: transcript.Manifest, halm: Path) -> None:
    """Three quarters and three years of birth; no part is joined to another, and each gives its share of twelve."""
    from musterroll.register.models import Call

    sizes: dict[str, int] = {}
    for row in islanders(halm):
        if row["No."] != PUPIL:
            part = f"{row['Quarter'].lower()}.born-{row['Born'][:4]}"
            sizes[part] = sizes.get(part, 0) + 1
    parts = {one.id: one for one in made.cohort.strata}
    assert {part: one.size for part, one in parts.items()} == sizes
    assert sum(one.quota for one in parts.values()) == 12
    assert all(abs(one.quota - 12 * one.size / sum(sizes.values())) < 1 for one in parts.values())
    assert Call.objects.count() == 12


def one_of_them_is_right_before_the_court(island: Stage) -> None:
    """A word holds the call at once; refused, it goes on holding; the court needs three, and then nobody is called."""
    from musterroll.register import policies
    from musterroll.register.acts.appeal import appeal_decision
    from musterroll.register.acts.declare import declare
    from musterroll.register.acts.told import confirm_decision
    from musterroll.register.models import Call, Filing

    call = Call.objects.order_by("id").first()
    person = Actor.person(call.person)

    def state() -> str:
        call.refresh_from_db()
        return policies.state_of(call).value

    island.clock.at = LETTERS_AT
    declare(person=call.person, attribute="pupil_until", answer="2026-12-31", by=person, at=LETTERS_AT)
    filing = Filing.objects.get(person=call.person).code
    assert state() == "held"
    step = decide(call, filing, "refused", ["sec. 4 (1)"], HARBOUR, LETTERS_AT)
    assert state() == "held"
    confirm_decision(filing=filing, step=step, by=person, at=LETTERS_AT + DAY)
    appeal_decision(filing=filing, event="appealed", by=person, at=LETTERS_AT + 2 * DAY)
    two = Votes(members=5, present=2, favour=2, against=0)
    with pytest.raises(MusterRollError) as problem:
        decide(call, filing, "granted", ["sec. 8 (4)"], COURT, LETTERS_AT + 3 * DAY, two)
    assert problem.value.code == "filing.refused"
    three = Votes(members=5, present=3, favour=3, against=0)
    decide(call, filing, "granted", ["sec. 8 (4)"], COURT, LETTERS_AT + 3 * DAY, three)
    assert state() == "withdrawn"


def decide(call, filing: str, event: str, because: list[str], by: Actor, at: int, votes: Votes | None = None) -> int:
    """A decision on the case of this person, by two people; its step."""
    from musterroll.register.acts.access import allocate_case
    from musterroll.register.acts.decide import decide_filing, decision_digest
    from musterroll.register.acts.writing import ref_of
    from musterroll.register.models import Filing, Purpose

    case = allocate_case(ref=ref_of(call.person), officer=by.name, purpose=Purpose.DECIDE_CLAIM, by=SUPERVISOR, at=at)
    agreed = approved("decide_filing", filing, decision_digest(filing, event, because, votes), by, at)
    decide_filing(case=case, filing=filing, event=event, because=because, votes=votes, approval=agreed, by=by, at=at)
    return int(Filing.objects.get(code=filing).steps.order_by("-n").first().n)
