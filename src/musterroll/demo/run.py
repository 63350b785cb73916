"""The main job end to end on the sample population: deliveries, two nights, a draw, letters, proof.

1. Every step is acts with natural keys, at its own instant (`demo.calendar`): done again, a step finds itself done.
   Killed anywhere and started again, the demonstration ends in the same roll, draw and letters.
2. Entries are sequenced and published at the end of a step only, so that checkpoints have the same sizes in every run.
3. The acts are those of officers, two people from two offices where two are needed. Nothing here is a short cut.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from musterroll import canonical
from musterroll.dates import format_instant
from musterroll.demo import calendar, counting, terms, town, truth_report, witnesses
from musterroll.demo.mail import MailServer
from musterroll.engine import night as engine_night
from musterroll.engine.linkage_model import load as load_model
from musterroll.law import pack as law_pack
from musterroll.law import prove
from musterroll.notice.letter import Office
from musterroll.register import correspondence, draws, home, intake, letter, log, night, overlay, policies, roll
from musterroll.register import terms as draw_terms
from musterroll.register.actor import Actor
from musterroll.register.acts.access import allocate_case, open_record
from musterroll.register.acts.appoint import appoint
from musterroll.register.acts.approve import two_people
from musterroll.register.acts.audit import commit_spared
from musterroll.register.acts.call import approval_digest, order_call
from musterroll.register.acts.decide import decide_filing, decision_digest
from musterroll.register.acts.declare import declare
from musterroll.register.acts.draw import commit_draw, hold_ceremony, prepare_draw, publish_result
from musterroll.register.acts.fairness import publish_fairness
from musterroll.register.acts.pack import publication_digest, publish_pack
from musterroll.register.acts.potcheck import check_pot
from musterroll.register.acts.writing import ref_of
from musterroll.register.channels.smtp import Smtp
from musterroll.register.files import write_whole
from musterroll.register.models import (
    Access,
    Approved,
    Call,
    Draw,
    DrawResult,
    Entry,
    Filing,
    Pack,
    Purpose,
    Role,
    Snapshot,
)
from musterroll.register.queries.calls import live

ORIGIN = "demo.register.example/ledger/2026"
PACK = Path(__file__).parents[3] / "packs" / "example"
LETTERS = PACK / "letters"
OFFICE = Office("The Registry", ("1 Registry Square, Anytown", "Open on working days from 9 to 16"))
SENDER = "registry@registry.example.invalid"

REGISTRY = ("registry", "The Registry")
SUPERVISION = ("data-protection", "Data Protection Authority")
KEEPER = Actor.officer("registry-1")
LAWYER = Actor.officer("registry-2")
DRAWER = Actor.officer("registry-3")
CASEWORKER = Actor.officer("registry-4")
SUPERVISOR = Actor.officer("supervisor-1")
FOUNDER = Actor.program("founding")
DRIVER = Actor.program("demonstration")
SAID = "full_time_student"
"""What somebody who is called says of themselves against the record."""


@dataclass(frozen=True, slots=True)
class Told:
    """How the run speaks: `step` names what begins, `detail` says what came of it."""

    step: Callable[[str], None]
    detail: Callable[[str], None]


def run(opened: home.Home, *, seed: int, told: Told) -> str:
    """Do everything that is not done yet; give the truth report's lines for the terminal."""
    told.step("Five agencies write their extracts of the sample town")
    town.write(opened.path, seed)
    with witnesses.running(opened), MailServer(opened.path / "mail") as server:
        _publish_law(opened, told)
        _first_night(opened, told)
        _commit_draw(opened, told)
        _hold_draw(opened, told)
        _second_night(opened, told)
        _write_letters(opened, told, Smtp("127.0.0.1", server.port, kept=server.kept))
    told.step("The truth report: who was called, and who should have been")
    return _measure(opened, seed)


def start_clock(folder: Path) -> None:
    """Give a new home its clock, which it reads from then on."""
    if not (folder / "clock").exists():
        _put_clock(folder, calendar.PACK_PUBLISHED)


def _at(opened: home.Home, instant: int) -> int:
    """Put the demonstration's clock at `instant`."""
    _put_clock(opened.path, instant)
    return instant


def _put_clock(folder: Path, instant: int) -> None:
    write_whole(folder / "clock", f"{format_instant(instant)}\n".encode("ascii"))


def _publish(at: int) -> None:
    log.publish(by=DRIVER, at=at)


def _publish_draw() -> None:
    """The draw's bundle anew. Where a later step was killed before its checkpoint, that step publishes it again."""
    last = Entry.objects.order_by("id").last()
    if last is not None and log.covering(last) is not None:
        draws.publish(terms.DRAW)


def _publish_law(opened: home.Home, told: Told) -> None:
    told.step("The republic's Service Act comes into force: two people, two offices")
    at = _at(opened, calendar.PACK_PUBLISHED)
    pack = law_pack.load(PACK)
    prove.refuse(pack)
    sources = {path.stem: path.read_text(encoding="utf-8") for path in sorted((PACK / "sources").glob("*.yaml"))}
    if not Pack.objects.exists():
        for officer, role in (
            (KEEPER, Role.KEEPER),
            (LAWYER, Role.LAW),
            (DRAWER, Role.DRAW),
            (CASEWORKER, Role.CASES),
        ):
            appoint(office=REGISTRY[0], title=REGISTRY[1], officer=officer.name, roles=[role], by=FOUNDER, at=at)
        appoint(
            office=SUPERVISION[0],
            title=SUPERVISION[1],
            officer=SUPERVISOR.name,
            roles=[Role.SUPERVISION],
            by=FOUNDER,
            at=at,
        )
    agreed = _agree(Approved.PUBLISH_PACK, pack.name, publication_digest(pack, sources), LAWYER, at)
    publish_pack(pack=pack, sources=sources, approval=agreed, by=LAWYER, at=at)
    _publish(at)
    told.detail(f"{pack.title}, version {pack.version}, digest {pack.digest[:16]}")


def _first_night(opened: home.Home, told: Told) -> None:
    told.step("Night 1: deliveries in, whose row is it, what does the law say")
    _deliver(opened, told, town.NIGHT_1, calendar.FIRST_DELIVERIES)
    _night(opened, told, calendar.FIRST_NIGHT)


def _second_night(opened: home.Home, told: Told) -> None:
    told.step("Night 2: deaths, moves and enlistments of three months; calls that have ended are withdrawn")
    _deliver(opened, told, town.NIGHT_2, calendar.SECOND_DELIVERIES)
    _night(opened, told, calendar.SECOND_NIGHT)


def _deliver(opened: home.Home, told: Told, name: str, instant: int) -> None:
    at = _at(opened, instant)
    for file in sorted((opened.path / "deliveries" / name).glob("*.csv")):
        taken = intake.receive(file, by=KEEPER, at=at)
        told.detail(f"{taken.source}: {taken.rows} rows, {taken.refused} set aside, {taken.outcome.value}")


def _night(opened: home.Home, told: Told, instant: int) -> None:
    at = _at(opened, instant)
    row = Snapshot.objects.filter(at=at).first()
    if row is None:
        done = night.run(at=at, before_commit=lambda made: _keep_unsettled(opened, made))
        causes = ", ".join(f"{count} by {cause}" for cause, count in done.causes.items())
        told.detail(f"{done.links['records']} records linked; standings moved: {causes or 'none'}")
        told.detail(f"calls withdrawn: {done.withdrawn}")
    else:
        night.withdraw_ended(at=at)
    _publish(at)


def _keep_unsettled(opened: home.Home, made: engine_night.Night) -> None:
    """For the truth report: the records of whom it is not established whether the law registers them."""
    path = opened.path / "truth" / "unsettled.json"
    if not path.exists():
        write_whole(path, canonical.encode([str(record) for record in made.unsettled.to_list()]))


def _commit_draw(opened: home.Home, told: Told) -> None:
    told.step("The draw is committed, in the log and under three witnesses, eleven days before its round")
    at = _at(opened, calendar.MANIFEST_LOGGED)
    if not Draw.objects.exists():
        _count_the_pot(opened, told, at)
        frozen = prepare_draw(draw=terms.DRAW, by=DRAWER, at=at)
        manifest = draw_terms.manifest(terms.PLAN, roll.current(), frozen, opened.origin.split("/", 1)[0]).encode()
        agreed = _agree(Approved.COMMIT_DRAW, terms.DRAW, canonical.sha256_hex(manifest), DRAWER, at)
        commit_draw(manifest=manifest, approval=agreed, by=DRAWER, at=at)
    _publish(at)
    _publish_draw()
    told.detail(f"manifest {Draw.objects.get().manifest_sha256[:16]}")


def _count_the_pot(opened: home.Home, told: Told, at: int) -> None:
    """An office outside counts who should be in the list; a gap beyond the declared share would lock the draw."""
    secret, counted = opened.keys.secret("statistics"), counting.count(opened.path, terms.DRAW)
    verdict = check_pot(
        draw=terms.DRAW,
        count=counted,
        signature=counting.signature(secret, counted),
        office=counting.OFFICE,
        key=counting.public_key(secret),
        per_mille=counting.PER_MILLE,
        by=DRAWER,
        at=at,
    )
    told.detail(f"the Statistics Office has counted by year of birth: the pot check {verdict}")


def _hold_draw(opened: home.Home, told: Told) -> None:
    told.step("The ceremony, the beacon's real round, and the order of call that follows from both by itself")
    at = _at(opened, calendar.CEREMONY_HELD)
    drawn = terms.symbols(opened.keys.secret("ceremony"))
    hold_ceremony(draw=terms.DRAW, symbols=drawn, minutes=terms.PROCEDURE, by=DRAWER, at=at)
    _publish(at)
    at = _at(opened, calendar.RESULT_PUBLISHED)
    publish_result(draw=terms.DRAW, signature=terms.signature(), by=DRAWER, at=at)
    told.detail(
        f"fairness figures, published before anybody is told: {publish_fairness(draw=terms.DRAW, by=DRAWER, at=at)}"
    )
    result = DrawResult.objects.get()
    report_on = policies.earliest_report(roll.current().pack, opened.legal_day(at))
    agreed = _agree(Approved.ORDER_CALL, terms.DRAW, approval_digest(result.order_sha256, report_on), DRAWER, at)
    order_call(draw=terms.DRAW, report_on=report_on, approval=agreed, by=DRAWER, at=at)
    _publish(at)
    _publish_draw()
    told.detail(f"seed {result.seed[:16]}, {Call.objects.count()} people called")


def _write_letters(opened: home.Home, told: Told, channel: Smtp) -> None:
    told.step("Letters, 72 hours after the order was public")
    at = _at(opened, calendar.LETTERS_SENT)
    paper = letter.stationery(LETTERS, office=OFFICE, sender=SENDER)
    composed = correspondence.compose(paper=paper, at=at)
    correspondence.send(paper=paper, channel=channel, at=at)
    _look_at_one(at)
    _decide_one(at, told)
    commit_spared(draw=terms.DRAW, round_number=terms.AUDIT_ROUND, by=DRAWER, at=at)
    _publish(at)
    _publish_draw()
    told.detail("everybody left out or passed over is sealed into a list; a later round picks whom an auditor sees")
    _at(opened, calendar.PORTAL_OPENED)
    told.detail(
        f"{len(composed.calls)} letters composed and announced by mail, {len(composed.withdrawals)} withdrawals"
    )


def _look_at_one(at: int) -> None:
    """An officer opens one record, for a case: it shows to that person."""
    call = Call.objects.order_by("pk").first()
    if call is None or Access.objects.exists():
        return
    case = allocate_case(ref=ref_of(call.person), officer=CASEWORKER.name, purpose=Purpose.AUDIT, by=SUPERVISOR, at=at)
    open_record(purpose=Purpose.AUDIT, case=case, by=CASEWORKER, at=at)


def _decide_one(at: int, told: Told) -> None:
    """Somebody who is called says that they study; the Registry refuses, by two people. They were not told of it."""
    there = Filing.objects.order_by("id").first()
    if there is not None and there.steps.filter(role=REGISTRY[0]).exists():
        return
    person = _who_is_no_student(at) if there is None else there.person
    if person is None:
        return
    said = declare(person=person, attribute=SAID, answer="yes", by=Actor.person(person), at=at)
    purpose = Purpose.DECIDE_CLAIM
    case = allocate_case(ref=ref_of(person), officer=CASEWORKER.name, purpose=purpose, by=SUPERVISOR, at=at)
    because = ["art. 14 (2)"]
    digest = decision_digest(said.filing, "refused", because)
    agreed = _agree(Approved.DECIDE_FILING, said.filing, digest, CASEWORKER, at)
    decide_filing(
        case=case, filing=said.filing, event="refused", because=because, approval=agreed, by=CASEWORKER, at=at
    )
    told.detail("somebody says that they study; refused by two people, and no time runs before they were told")


def _who_is_no_student(at: int) -> int | None:
    """The last one called of whom no studies are recorded."""
    for call in reversed(live()):
        if overlay.now(call.person, at).held[SAID].exact == 0:
            return call.person
    return None


def _agree(act: Approved, subject: str, digest: str, first: Actor, at: int) -> int:
    return two_people(act=act, subject=subject, digest=digest, first=first, second=SUPERVISOR, at=at)


def _measure(opened: home.Home, seed: int) -> str:
    first = Snapshot.objects.order_by("id").first()
    assert first is not None  # the first night has been committed
    unsettled = canonical.decode((opened.path / "truth" / "unsettled.json").read_bytes())
    return truth_report.report(
        truth_report.Home(
            folder=opened.path,
            store=roll.store(),
            snapshot=roll.store().get_snapshot(first.digest),
            pack=roll.law_of(roll.in_force()),
            sources=roll.sources_in_force(),
            model=load_model(),
            record_key=opened.keys.secret("record"),
            ref=ref_of,
            unsettled=frozenset(int(record) for record in unsettled),
        ),
        seed=seed,
    )
