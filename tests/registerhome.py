"""Homes for tests: one PostgreSQL a session, a small invented town, and stages of a register built once and copied.

Thirty men of one year of birth. Those from NOT_CALLABLE on are so for the reason beside them.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import polars as pl
import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from musterroll import dates, ids
from musterroll.dates import FIRST_DAY, NEVER
from musterroll.draw import fairness, fairness_table, potcheck, transcript
from musterroll.draw import source as sources
from musterroll.draw import table as tables
from musterroll.draw.because import PotcheckTerms
from musterroll.draw.commitment import Cohort
from musterroll.engine import bundle, fact_polars, standings
from musterroll.engine.fact_polars import FactTables
from musterroll.engine.roll import Snapshot, Through, archive
from musterroll.engine.roll.table import CONFIRMED, TABLES
from musterroll.law import pack as law_pack
from musterroll.ledger.note import COSIGNATURE, PrivateKey
from musterroll.ledger.policy import Group, Log, Policy, Witness
from musterroll.ledger.witness import add_checkpoint
from musterroll.register import home as homes
from musterroll.register import postgres
from musterroll.register.actor import Actor
from musterroll.register.clock import SetClock

PACK = law_pack.load(Path(__file__).parents[1] / "packs" / "example")
SOURCES = {
    path.stem: path.read_text("utf-8")
    for path in sorted((Path(__file__).parents[1] / "packs" / "example" / "sources").glob("*.yaml"))
}
ORIGIN = "demo.register.example/ledger/2026"
DRAW = "example-2021-a"
SYMBOLS = "3141592653589793238462643383279502884197"
DRAND = Path(__file__).parent / "conformance" / "drand" / "quicknet.json"
ROUND = 32398885
SIGNATURE = {one["round"]: bytes.fromhex(one["signature"]) for one in json.loads(DRAND.read_bytes())["rounds"]}[ROUND]
TODAY = dates.parse_day("2020-12-31")
OFFSET = dates.day_of_instant(dates.parse_instant("2026-06-24T02:00:00Z")) - TODAY

PACK_AT = dates.parse_instant("2026-06-01T08:00:00Z")
NIGHT_AT = dates.parse_instant("2026-06-24T02:00:00Z")
FREEZE_AT = dates.parse_instant("2026-09-10T08:00:00Z")
CEREMONY_AT = dates.parse_instant("2026-09-21T12:00:00Z")
RESULT_AT = dates.parse_instant("2026-09-21T14:20:00Z")
LETTERS_AT = dates.parse_instant("2026-09-25T08:00:00Z")
REPORT_ON = dates.parse_day("2021-06-01")

PEOPLE = range(30)
STUDENT, INMATE, DEAD, SERVING, HOMELESS = 25, 26, 27, 28, 29
NOT_CALLABLE = {
    STUDENT: {"full_time_student": 1},
    INMATE: {"in_institution": 1},
    DEAD: {"died_on": dates.parse_day("2020-11-02")},
    SERVING: {"serving": 1},
    HOMELESS: {"lives_in_dwelling": None},
}
"""A fact that differs from everybody else's; None: nobody says it."""

LAWYER, DRAWER, KEEPER, WORKER, CLERK = (
    Actor.officer(name) for name in ("law-1", "draw-1", "keep-1", "case-1", "post-1")
)
SUPERVISOR, OTHER_SUPERVISOR = Actor.officer("watch-1"), Actor.officer("registry-chief")
PROGRAM = Actor.program("nightly")


class Witnesses:
    """Three witnesses in one process: the logic of `ledger.witness`, each with its own memory, on one set clock."""

    def __init__(self, clock: SetClock) -> None:
        self.clock = clock
        self.keys = {
            name: PrivateKey(f"{name}.example", COSIGNATURE, name.encode().ljust(32, b"."))
            for name in ("court", "authority", "university")
        }
        self.seen: dict[str, dict] = {name: {} for name in self.keys}
        self.down: set[str] = set()
        self.logs: dict = {}
        outer = self

        class Pages(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                name = self.path.split("/")[1]
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if name in outer.down:
                    self.send_error(503)
                    return
                answer = add_checkpoint(outer.keys[name], outer.logs, outer.seen[name], body, outer.clock.at)
                if answer.seen is not None:
                    outer.seen[name][answer.seen.origin] = answer.seen
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Pages)
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def policy(self, *log_keys) -> Policy:
        url = f"http://127.0.0.1:{self.server.server_port}"
        self.logs = {key.name: tuple(one for one in log_keys if one.name == key.name) for key in log_keys}
        return Policy(
            tuple(map(Log, log_keys)),
            tuple(Witness(name, key.public_key, f"{url}/{name}") for name, key in self.keys.items()),
            (Group("outside", 3, tuple(self.keys)),),
            "outside",
        )

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@dataclass
class Built:
    """A stage of a register as it was built: its database, its folder, what its witnesses have seen."""

    database: str
    folder: Path
    seen: dict = field(default_factory=dict)
    made: dict = field(default_factory=dict)


class Cluster:
    """One PostgreSQL for all tests, and the stages built in it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mr-"))
        kept = os.environ.pop("DATABASE_URL", None)
        self.server = postgres.start(self.folder / "pg", fictional=True)
        if kept is not None:
            os.environ["DATABASE_URL"] = kept
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            # Nothing here outlives the session: no waiting for the disk.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        self.stages: dict[str, Built] = {}
        self.number = 0

    def url(self, name: str) -> str:
        return self.server.url.replace("@/postgres?", f"@/{name}?")

    def fresh(self, stage: Built | None) -> tuple[str, Path]:
        """A database and a folder of its own, copies of `stage`."""
        self.number += 1
        name = f"home_{self.number}"
        folder = self.folder / name
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            template = f" TEMPLATE {stage.database}" if stage else ""
            connection.execute(
                f"CREATE DATABASE {name}{template} STRATEGY FILE_COPY" if stage else f"CREATE DATABASE {name}"
            )
        if stage:
            shutil.copytree(stage.folder, folder)
        return name, folder

    def drop(self, name: str, folder: Path) -> None:
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        shutil.rmtree(folder)


_CLUSTER: list[Cluster] = []


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    first = not _CLUSTER
    if first:
        _CLUSTER.append(Cluster())
    yield _CLUSTER[0]
    if first:
        _CLUSTER[0].server.stop()
        shutil.rmtree(_CLUSTER.pop().folder)


@dataclass
class Stage:
    """An open home at one stage, its clock and witnesses, and the numbers made on the way."""

    home: homes.Home
    clock: SetClock
    witnesses: Witnesses
    made: dict


@pytest.fixture
def open_stage(cluster, monkeypatch, tmp_path) -> Iterator[Callable[[str], Stage]]:
    """Open a home at a stage. Everything done in the test is one transaction, rolled back at its end.

    Constraints are checked at once, as they would be at a commit. `own` gives a database of its own instead, for tests
    in which several connections see each other's commits.
    """
    with ExitStack() as after:

        def at(name: str, *, own: bool = False) -> Stage:
            built = _built(cluster, name, monkeypatch)
            if own:
                database, folder = cluster.fresh(built)
                after.callback(cluster.drop, database, folder)
            else:
                database, folder = built.database, tmp_path / f"home-{name}"
                shutil.copytree(built.folder, folder)
            stage = _open(cluster, database, folder, monkeypatch, fresh=False)
            after.callback(stage.home.close)
            after.callback(stage.witnesses.close)
            stage.witnesses.seen = {one: dict(seen) for one, seen in built.seen.items()}
            stage.made = dict(built.made)
            if not own:
                after.enter_context(_rolled_back())
            return stage

        yield at


@contextmanager
def _rolled_back() -> Iterator[None]:
    from django.db import connection, transaction

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield
        if not connection.closed_in_transaction:
            transaction.set_rollback(True)


@pytest.fixture
def empty(open_stage) -> Stage:
    """A home with its officers and its witnesses, and nothing else."""
    return open_stage("empty")


@pytest.fixture
def rolled(open_stage) -> Stage:
    """A home with a law in force and a roll."""
    return open_stage("rolled")


@pytest.fixture
def called(open_stage) -> Stage:
    """A home in which a draw was held and people are called, all of it public."""
    return open_stage("called")


@pytest.fixture
def ledger_refuses() -> Callable[[], None]:
    """From now on the outbox takes no entry: what the act does then must be as if it had not been tried."""

    def refuse() -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'the ledger refuses'; END $$"
            )
            cursor.execute("CREATE TRIGGER refuse BEFORE INSERT ON register_entry EXECUTE FUNCTION refuse()")

    return refuse


def rows_of_every_table() -> dict[str, int]:
    """How many rows each table of the register has: what an act that failed may not have changed."""
    from django.apps import apps

    return {model.__name__: model.objects.count() for model in apps.get_app_config("register").get_models()}


def _open(cluster: Cluster, database: str, folder: Path, monkeypatch, *, fresh: bool) -> Stage:
    clock = SetClock(PACK_AT)
    monkeypatch.setenv("DATABASE_URL", cluster.url(database))
    opened = homes.open(folder, clock=clock) if fresh else homes.attach(folder, clock=clock)
    witnesses = Witnesses(clock)
    from musterroll.register import log

    (folder / "trust" / "policy.txt").write_bytes(witnesses.policy(*log.public_keys()).encode())
    return Stage(opened, clock, witnesses, {})


def _built(cluster: Cluster, name: str, monkeypatch) -> Built:
    if name in cluster.stages:
        return cluster.stages[name]
    before = {"empty": None, "rolled": "empty", "called": "rolled"}[name]
    built = _built(cluster, before, monkeypatch) if before else None
    database, folder = cluster.fresh(built)
    if built is None:
        founding = homes.Founding(fictional=True, origin=ORIGIN, calendar_offset_days=OFFSET, seed="test")
        homes.create(folder, founding)
    stage = _open(cluster, database, folder, monkeypatch, fresh=built is None)
    if built is not None:
        stage.witnesses.seen = {one: dict(seen) for one, seen in built.seen.items()}
        stage.made = dict(built.made)
    {"empty": _appoint, "rolled": _roll, "called": _call}[name](stage)
    stage.home.close()
    stage.witnesses.close()
    cluster.stages[name] = Built(database, folder, stage.witnesses.seen, stage.made)
    return cluster.stages[name]


def _appoint(_: Stage) -> None:
    from musterroll.register.acts.appoint import appoint
    from musterroll.register.models import Role

    for office, title, officer, roles in (
        ("registry", "Registry", "law-1", [Role.LAW]),
        ("registry", "Registry", "draw-1", [Role.DRAW]),
        ("registry", "Registry", "keep-1", [Role.KEEPER]),
        ("registry", "Registry", "case-1", [Role.CASES]),
        ("registry", "Registry", "post-1", [Role.NOTICES]),
        ("registry", "Registry", "registry-chief", [Role.SUPERVISION]),
        ("board", "Supervisory Board", "watch-1", [Role.SUPERVISION]),
    ):
        appoint(office=office, title=title, officer=officer, roles=roles, by=PROGRAM, at=PACK_AT)


def _roll(stage: Stage) -> None:
    from musterroll.register import log
    from musterroll.register.acts import pack
    from musterroll.register.acts.approve import two_people
    from musterroll.register.acts.snapshot import commit_snapshot
    from musterroll.register.models import Approved

    approval = two_people(
        act=Approved.PUBLISH_PACK,
        subject=PACK.name,
        digest=pack.publication_digest(PACK, SOURCES),
        first=LAWYER,
        second=SUPERVISOR,
        at=PACK_AT,
    )
    pack.publish_pack(pack=PACK, sources=SOURCES, approval=approval, by=LAWYER, at=PACK_AT)
    log.publish(by=PROGRAM, at=PACK_AT)
    stage.clock.at = NIGHT_AT
    snapshot = town(stage.home)
    commit_snapshot(snapshot=snapshot, counts={"service/liable": 25, "service/exempt": 3}, by=PROGRAM, at=NIGHT_AT)
    log.publish(by=PROGRAM, at=NIGHT_AT)


def _call(stage: Stage) -> None:
    from musterroll.register import log
    from musterroll.register.acts import draw
    from musterroll.register.acts.approve import two_people
    from musterroll.register.acts.call import approval_digest, order_call
    from musterroll.register.acts.fairness import publish_fairness
    from musterroll.register.acts.potcheck import check_pot
    from musterroll.register.models import Approved

    stage.clock.at = FREEZE_AT
    check_pot(**count_of(), by=DRAWER, at=FREEZE_AT)
    manifest = manifest_of()
    approval = two_people(
        act=Approved.COMMIT_DRAW,
        subject=DRAW,
        digest=transcript.decode(manifest).digest,
        first=DRAWER,
        second=SUPERVISOR,
        at=FREEZE_AT,
    )
    draw.commit_draw(manifest=manifest, approval=approval, by=DRAWER, at=FREEZE_AT)
    log.publish(by=PROGRAM, at=FREEZE_AT)
    stage.clock.at = CEREMONY_AT
    draw.hold_ceremony(draw=DRAW, symbols=SYMBOLS, minutes=b"minutes", by=DRAWER, at=CEREMONY_AT)
    log.publish(by=PROGRAM, at=CEREMONY_AT)
    stage.clock.at = RESULT_AT
    digest = draw.publish_result(draw=DRAW, signature=SIGNATURE, by=DRAWER, at=RESULT_AT)
    publish_fairness(draw=DRAW, by=DRAWER, at=RESULT_AT)
    approval = two_people(
        act=Approved.ORDER_CALL,
        subject=DRAW,
        digest=approval_digest(digest, REPORT_ON),
        first=DRAWER,
        second=SUPERVISOR,
        at=RESULT_AT,
    )
    stage.made["order"] = order_call(draw=DRAW, report_on=REPORT_ON, approval=approval, by=DRAWER, at=RESULT_AT)
    log.publish(by=PROGRAM, at=RESULT_AT)


TABLE = tables.Table(tuple((day * 149) % 366 + 1 for day in range(366)))
"""An invented table: 149 and 366 share no factor, so every date has another number."""


def manifest_of(draw: str = DRAW, *, table: bool = False) -> bytes:
    """The manifest of the test draw over the committed roll: five people are wanted. `table`: by date of birth."""
    from musterroll.register import source_lists
    from musterroll.register.acts.draw import prepare_draw

    frozen = prepare_draw(draw=draw, by=DRAWER, at=FREEZE_AT)
    named = source_lists.files(frozen.source, frozen.listed, (entrant for _, entrant in frozen.entrants))
    counts = transcript.SourceCounts(considered=frozen.considered, excluded=frozen.excluded, rounded_to=1)
    terms = transcript.CohortTerms.of(
        Cohort.of([one for _, one in frozen.entrants], dated=table), total=5, floor=1, partition=frozen.partition
    )
    return transcript.Manifest(
        draw=draw,
        register=ORIGIN.split("/")[0],
        attempt=1,
        supersedes=None,
        cohort=terms,
        randomness=(
            transcript.Drand.quicknet(ROUND),
            transcript.Ceremony("0123456789", 40, "0" * 64, "2026-09-21T13:00:00Z"),
        ),
        min_lead=7 * 86_400,
        reference_day=dates.format_day(TODAY),
        source=source_lists.stated(frozen.source, named) or counts,
        audit=transcript.Audit(ROUND + 1000, (1,) * len(terms.strata)),
        fairness=transcript.Fairness(fairness_table.SUITE if table else fairness.SUITE, "0.001"),
        fallback=transcript.Fallback(86_400, transcript.Drand.quicknet(ROUND + 100_000)),
        legal="art. 12",
        pack=PACK.digest,
        software=bundle.software(),
        potcheck=potcheck_named(draw, terms.root),
        algorithm=transcript.BY_TABLE if table else transcript.ALGORITHM,
        table=tables.TableTerms(366, dates.format_day(TODAY + 1)) if table else None,
    ).encode()


def potcheck_named(draw: str, root: str) -> PotcheckTerms | None:
    """The pot check of this list that holds, as a manifest names it; None where nobody has counted it."""
    from musterroll.register import draw_policies

    row = draw_policies.pot_check_of(root, draw)
    return None if row is None else PotcheckTerms(row.sha256, row.office, row.key, PER_MILLE)


OFFICE = "Statistics Office"
OFFICE_KEY = Ed25519PrivateKey.from_private_bytes(b"office".ljust(32, b"."))
PER_MILLE = 50
COUNTED = {
    ("birth-year", "2000"): 26,
    ("stratum", "born-2000"): 26,
    ("source", "civil"): 26,
    ("source", "dwelling"): 26,
}
"""What the invented office counts: everybody whom the law may call."""


def count_of(draw: str = DRAW, cells: dict | None = None, manifest: str | None = None, **changed) -> dict:
    """The arguments of a pot check: the office's count of these cells, signed. `manifest`: of a list committed."""
    day = dates.format_day(TODAY)
    count = potcheck.Count(draw, OFFICE, day, 1, COUNTED if cells is None else cells, manifest).encode()
    key = OFFICE_KEY.public_key().public_bytes_raw().hex()
    signature = OFFICE_KEY.sign(potcheck.signed_message(count)).hex()
    given = {"draw": draw, "count": count, "signature": signature, "office": OFFICE, "key": key, "per_mille": PER_MILLE}
    return given | changed


SOURCE_KEY = Ed25519PrivateKey.from_private_bytes(b"source".ljust(32, b"."))
KS = b"example source key".ljust(32, b".")
BEYOND = "XX999999999"
"""Somebody whom the source knows and the register does not."""


def source_list(draw: str = DRAW, numbers: Sequence[str] = (), **changed) -> dict:
    """The arguments of a source's list: everybody of the town and `BEYOND`, or these numbers, signed for `draw`."""
    everybody = numbers or [*(f"XX{person:09}" for person in PEOPLE), BEYOND]
    given = {number: sources.nullifier(KS, draw, number) for number in everybody}
    pairs = "".join(["person,n\n", *(f"{number},{n.hex()}\n" for number, n in given.items())])
    listed = b"".join(sorted(given.values()))
    signed = SOURCE_KEY.sign(sources.signed_message(draw, len(given), sources.root(listed)))
    key = SOURCE_KEY.public_key().public_bytes_raw().hex()
    arguments = {"draw": draw, "pairs": pairs.encode(), "signature": signed.hex(), "authority": "Population Office"}
    return arguments | {"key": key, "key_holder": "Data Protection Court"} | changed


def town(
    home: homes.Home,
    *,
    parent: Snapshot | None = None,
    on: int = TODAY,
    changed: dict | None = None,
    records: Sequence[tuple] = (),
    aliases: Sequence[tuple[int, int]] = (),
) -> Snapshot:
    """Write the roll of the thirty men and give its snapshot. `changed` adds to NOT_CALLABLE, for a second night.

    `records` are further records: (person, record, source, link, {attribute: value}); `aliases` who goes under whom.
    """
    from musterroll.register import roll

    store = roll.store()
    known = (NIGHT_AT if parent is None else FREEZE_AT) * 1_000_000
    deliveries = [(n, name, on, True, 30) for n, name in enumerate(SOURCES, 1)]
    number = {name: n for n, name in enumerate(SOURCES, 1)}
    links, facts, parts, members, seen = [], [], [], [], []
    for person in PEOPLE:
        row = person + 1
        own = {**NOT_CALLABLE.get(person, {}), **(changed or {}).get(person, {})}
        for source, by in (("civil", "founding"), ("dwelling", "exact")):
            record = person * 10 + number[source]
            links.append((person, record, CONFIRMED, by, 0, 2**31 - 1, 0, 0, source))
            seen.append((record, source, number[source]))
        said = {
            "born": ("civil", dates.parse_day(f"2000-03-{1 + person % 28:02}"), FIRST_DAY),
            "sex": ("civil", 0, FIRST_DAY),
            "enrolled": ("civil", 1, FIRST_DAY),
            "died_on": ("civil", None, FIRST_DAY),
            "lives_in_dwelling": ("dwelling", 1, on),
            "serving": ("dwelling", 0, on),
            "in_institution": ("dwelling", 0, on),
            "full_time_student": ("dwelling", 0, on),
        }
        for name, (source, usual, valid) in said.items():
            value = own.get(name, usual)
            if value is not None:
                record = person * 10 + number[source]
                attribute = PACK.attributes[name].number
                facts.append((person, attribute, value, value, valid, NEVER, CONFIRMED, record, number[source], row, 0))
        for n, (kind, text) in enumerate(
            (("given", f"Given{person}"), ("family", f"Family{person}"), ("number", f"XX{person:09}"))
        ):
            parts.append(
                (person, kind, text, False, FIRST_DAY, NEVER, person * 10 + number["civil"], number["civil"], row, n)
            )
        parts.append(
            (
                person,
                "address",
                f"{person} Former Road",
                False,
                FIRST_DAY,
                on - 100,
                person * 10 + number["dwelling"],
                number["dwelling"],
                row,
                3,
            )
        )
        born = dates.parse_day(f"2000-03-{1 + person % 28:02}")
        members.append(
            (
                1000 + person,
                "household",
                "head",
                person,
                born,
                born,
                CONFIRMED,
                person * 10 + number["dwelling"],
                number["dwelling"],
                row,
                0,
            )
        )
    for person, record, source, link, said in records:
        links.append((person, record, link, "model", 1, 9_000, 0, 0, source))
        seen.append((record, source, number[source]))
        for name, value in said.items():
            attribute = PACK.attributes[name].number
            facts.append((person, attribute, value, value, FIRST_DAY, NEVER, link, record, number[source], record, 0))
    frames = {
        "delivery": deliveries,
        "link": [row[: len(TABLES["link"].plain_schema)] for row in links],
        "fact": facts,
        "particular": parts,
        "member": members,
        "alias": list(aliases),
        "spell": [],
        "standing_change": [],
    }
    tables = {name: pl.DataFrame(rows, schema=TABLES[name].plain_schema, orient="row") for name, rows in frames.items()}
    seen_frame = pl.DataFrame(seen, schema=TABLES["seen"].schema, orient="row")
    held = FactTables(
        tables["fact"],
        tables["spell"],
        tables["member"],
        tables["link"],
        seen_frame,
        tables["delivery"],
        tables["alias"],
    )
    sources = roll.sources_in_force()
    flat = fact_polars.flatten(held, PACK, on, known, sources)
    standing = standings.decide(PACK, flat, on)
    tables["standing_change"] = _changes(store, parent, standing, on)
    people = tables["link"].select("person").unique().sort("person")
    refs = [ids.person_ref(home.keys.secret("ref"), person) for person in people["person"]]
    views = {
        "seen": seen_frame,
        "by_key": seen_frame.select(
            "source", (pl.col("source") + "-" + pl.col("record").cast(pl.String)).alias("key"), "record"
        ),
        "by_ref": people.with_columns(pl.Series("ref", refs)),
        "group_of": tables["member"].select("person", "group").unique(),
        "link_by_record": tables["link"].select("record", "person", "judgement"),
        "flat": flat.sure,
        "flat_wide": flat.wide,
        "standing": standing,
    }
    refs_of = {
        name: archive.append(store, (), name, archive.adds(TABLES[name], frame, known), known)
        for name, frame in tables.items()
    }
    if parent is not None:
        refs_of["standing_change"] = (*parent.refs("standing_change"), *refs_of["standing_change"])
    refs_of |= {name: store.put_buckets(name, frame, 1) for name, frame in views.items()}
    snapshot = Snapshot(
        parent="" if parent is None else parent.digest,
        buckets=1,
        through=Through(ORIGIN, 0),
        packs=(PACK.digest,),
        on=on,
        known_at=known,
        tables=refs_of,
    )
    store.put_snapshot(snapshot)
    return snapshot


def _changes(store, parent: Snapshot | None, standing: pl.DataFrame, on: int) -> pl.DataFrame:
    """Rows of `standing_change`: everybody's on the first night, then whose answer differs. Nothing of it waits."""
    before = None if parent is None else store.get_table(parent, "standing")
    moved = standings.moves(PACK, before, standing, by_time=standing, relinked=pl.Series([], dtype=pl.Int64), on=on)
    told = moved.changes.with_columns(pl.lit(on, pl.Int32).alias("on"), pl.lit(PACK.digest).alias("pack"))
    return told.select(list(TABLES["standing_change"].plain_schema))
