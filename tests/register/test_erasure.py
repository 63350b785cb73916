"""After an erasure nothing of the person is in any byte of the home but a number, the ground and keyed numbers."""

import re

import polars as pl
import pytest
from tests.register.attempts import PAID, approved, composed, disowning, first_call, ref, second_night
from tests.registerhome import (
    KEEPER,
    LETTERS_AT,
    NIGHT_AT,
    PROGRAM,
    SUPERVISOR,
    TODAY,
    WORKER,
    Stage,
)

from musterroll.engine.roll.table import CONFIRMED, POSSIBLE
from musterroll.errors import MusterRollError
from musterroll.register.actor import Actor

ERASED = 23
THEIRS = re.compile(rb"Given23|Family23|XX000000023|\b23 Former Road")
FEMALE = {"sex": 1}
"""Outside of the law's scope: the law does not register her."""


def code_of(action, *args, **kwargs) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


def outside(stage: Stage, *, records: tuple = ()) -> None:
    """A night after which the law does not register the person any more."""
    from musterroll.register.acts.snapshot import commit_snapshot

    commit_snapshot(**second_night(stage, {ERASED: FEMALE}, records=records), by=PROGRAM)


def case_about(person: int = ERASED) -> str:
    from musterroll.register.acts.access import allocate_case
    from musterroll.register.models import Purpose

    return allocate_case(ref=ref(person), officer=WORKER.name, purpose=Purpose.ERASE, by=SUPERVISOR, at=LETTERS_AT)


def erasing(person: int = ERASED, ground: str = "the law does not register this person", named: str = "") -> dict:
    from musterroll.register.acts.erase import erasure_digest
    from musterroll.register.models import ErasureGround

    case, why = case_about(person), ErasureGround(ground)
    approval = approved("erase_person", case, erasure_digest(case, why, named), WORKER, LETTERS_AT)
    return {"case": case, "ground": why, "named": named, "approval": approval, "by": WORKER, "at": LETTERS_AT}


def refused(person: int = ERASED, **more) -> str:
    from musterroll.register.acts.erase import erase_person

    return code_of(erase_person, **erasing(person, **more))


def everything(stage: Stage) -> list[tuple[str, bytes]]:
    """Every file of the home, each object of the roll opened and without compression, and every row of the database."""
    from django.apps import apps

    from musterroll.register import roll

    found = [(str(path), path.read_bytes()) for path in stage.home.path.rglob("*") if path.is_file()]
    store = roll.store()
    for path in store.folder.glob("snapshots/*.json"):
        for refs in store.get_snapshot(path.stem).tables.values():
            for one in refs:
                found.append((one.table, store.get(one).write_csv().encode()))
    for model in apps.get_app_config("register").get_models():
        for row in model.objects.values():
            said = {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}
            found.append((model.__name__, repr(said).encode()))
    return found


def named(stage: Stage) -> set[str]:
    return {where.rsplit("/", 1)[-1] for where, data in everything(stage) if THEIRS.search(data)}


def numbered(person: int) -> dict[str, int]:
    """Rows of the tables that have a person, by table."""
    from django.apps import apps

    counts = {}
    for model in apps.get_app_config("register").get_models():
        if any(field.name == "person" for field in model._meta.fields):
            counts[model.__name__] = model.objects.filter(person=person).count()
    return {name: count for name, count in counts.items() if count}


def test_nothing_of_the_person_is_left_in_any_byte_of_the_home(rolled):
    from musterroll.register import erasure, roll
    from musterroll.register.acts.declare import declare
    from musterroll.register.acts.erase import erase_person

    outside(rolled, records=((ERASED, PAID, "pay", CONFIRMED, {"has_served": 1}),))
    declare(person=ERASED, attribute="born", answer="2000-03-24", by=Actor.person(ERASED), at=LETTERS_AT)
    assert named(rolled) >= {"particular"}
    done = erase_person(**erasing())
    erasure.finish()
    assert named(rolled) == set()
    assert numbered(ERASED) == {"Erasure": 1}
    assert done.records == 3
    assert done.objects >= 6
    current = roll.current()
    for refs in current.snapshot.tables.values():
        for one in refs:
            frame = roll.store().get(one)
            for column in {"person", "record"} & set(frame.columns):
                gone = [ERASED] if column == "person" else [ERASED * 10 + 2, ERASED * 10 + 3, PAID]
                assert frame.filter(pl.col(column).is_in(gone)).is_empty(), (one.table, column)


def test_a_letter_that_was_written_goes_with_its_person(called):
    from musterroll.register import erasure, home
    from musterroll.register.acts.call import withdraw_call
    from musterroll.register.acts.erase import erase_person
    from musterroll.register.acts.snapshot import commit_snapshot
    from musterroll.register.models import Call, Entrant, Notice

    composed(called)
    call = first_call()
    person = call.person
    letters = list((home.current().path / "letters").glob("*.pdf"))
    assert len(letters) == 1
    commit_snapshot(**second_night(called, {person: FEMALE}), by=PROGRAM)
    withdraw_call(call=call.pk, by=PROGRAM, at=LETTERS_AT)
    erase_person(**erasing(person))
    erasure.finish()
    assert not Notice.objects.filter(person=person).exists()
    assert not Call.objects.filter(person=person).exists()
    assert not letters[0].exists()
    # the published list has its commitment still, and it is nobody's
    assert Entrant.objects.filter(person__isnull=True, record=b"").count() == 1


def test_a_further_order_of_the_draw_passes_the_erased_place_over(called):
    from musterroll.draw.call import Ground
    from musterroll.register.acts.call import _ground

    assert _ground(None, None, LETTERS_AT) is Ground.NOT_LIABLE


def test_the_log_says_which_objects_were_written_again_and_opens_nothing_of_them(rolled):
    from musterroll import canonical
    from musterroll.register import log
    from musterroll.register.acts.erase import erase_person
    from musterroll.register.models import Entry, PersonKey

    outside(rolled)
    mine = Entry.objects.filter(person=ERASED)
    before = set(mine.values_list("pk", flat=True))
    erase_person(**erasing())
    assert not PersonKey.objects.filter(person=ERASED).exists()
    left = Entry.objects.filter(pk__in=before).values_list("payload", "person", "n", "act")
    assert set(left) <= {(None, None, None, None)}
    public = canonical.decode(bytes(Entry.objects.filter(kind="erasure.stat").get().entry), where="entry")["p"]
    listed = (rolled.home.path / "published" / "erasures" / f"{public['sha256']}.json").read_bytes()
    assert canonical.sha256_hex(listed) == public["sha256"]
    objects = canonical.decode(listed, where="list")["objects"]
    assert (public["keys"], public["objects"]) == (1, len(objects))
    assert all({"from", "to"} == set(one) for one in objects)
    log.publish(by=PROGRAM, at=LETTERS_AT)


def test_whoever_asks_by_the_reference_is_told_that_they_were_erased_and_when(rolled):
    from musterroll.register.acts.erase import erase_person
    from musterroll.register.refs import person_of

    outside(rolled)
    reference = ref(ERASED)
    erase_person(**erasing())
    assert code_of(person_of, reference) == "person.erased"


def test_others_are_as_they_were_and_their_decisions_replay(rolled):
    from musterroll.register import overlay, replay
    from musterroll.register.acts.erase import erase_person

    outside(rolled)
    before = overlay.now(24, LETTERS_AT)
    erase_person(**erasing())
    after = overlay.now(24, LETTERS_AT)
    assert (after.facts, after.standings) == (before.facts, before.standings)
    (one,) = replay.replayed(24, LETTERS_AT * 1_000_000)
    assert one.equal


def test_tomorrow_s_extract_is_told_whose_records_to_pass_over(rolled):
    from musterroll.register import judgements
    from musterroll.register.acts.erase import erase_person

    outside(rolled, records=((ERASED, PAID, "pay", POSSIBLE, {"has_served": 1}),))
    erase_person(**erasing())
    erased = judgements.erased()
    # what was only possibly theirs is passed over for nobody
    assert erased.records == frozenset({ERASED * 10 + 2, ERASED * 10 + 3})
    assert erased.highest == ERASED


def test_the_counts_of_the_roll_go_down_by_one(rolled):
    from musterroll.register.acts.erase import erase_person
    from musterroll.register.models import Snapshot

    outside(rolled)
    before = dict(Snapshot.objects.order_by("-id").first().counts)
    erase_person(**erasing())
    after = dict(Snapshot.objects.order_by("-id").first().counts)
    assert sum(before.values()) - sum(after.values()) in (0, 1)  # the town's own counts name two effects only


@pytest.mark.parametrize(
    ("ground", "named"),
    [
        ("the law does not register this person", ""),  # it does
        ("the law does not register this person", "scope"),
        ("a ground of the law", "died"),  # the pack has no procedure of that name
        ("a court's order", "because"),
        ("a court's order", ""),
    ],
)
def test_without_a_ground_that_holds_nobody_is_erased(rolled, ground, named):
    assert refused(ground=ground, named=named) == "erase.ground"


def test_a_court_s_order_is_a_ground_by_its_digest(rolled):
    from musterroll.register.acts.erase import erase_person
    from musterroll.register.models import Erasure

    erase_person(**erasing(ground="a court's order", named="a" * 64))
    assert Erasure.objects.get().named == "a" * 64


def test_a_line_of_the_law_is_a_ground_where_its_condition_holds(rolled, monkeypatch):
    from musterroll.law.selection import Procedure, Term
    from musterroll.law.truth import Truth
    from musterroll.register import erasure, overlay
    from musterroll.register.models import ErasureGround

    seen = overlay.now(ERASED, LETTERS_AT)
    lines = Procedure("erasure", (Term("art. 30 (1)", "died", "after ten years", "died_on"),))
    law = type("Law", (), {"procedures": {"erasure": lines}})
    asked = type("Seen", (), {"roll": type("Roll", (), {"pack": law}), "held": seen.held, "on": seen.on})
    for truth, holds in ((Truth.TRUE, True), (Truth.FALSE, False), (Truth.UNKNOWN, False)):
        monkeypatch.setattr(erasure, "lines_in_force", lambda *_, answer=truth: ((lines.terms[0], answer),))
        if holds:
            erasure.check_ground(asked, ErasureGround.PACK, "died")
        else:
            assert code_of(erasure.check_ground, asked, ErasureGround.PACK, "died") == "erase.ground"


def test_not_while_a_call_a_word_a_draw_or_another_case_is_open(called):
    from musterroll.register.acts.declare import declare
    from musterroll.register.models import Call

    court = {"ground": "a court's order", "named": "b" * 64}
    call = first_call()
    assert refused(call.person, **court) == "erase.open"
    free = next(one for one in range(25) if not Call.objects.filter(person=one).exists())
    from musterroll.register.acts.access import allocate_case
    from musterroll.register.models import Purpose

    other = allocate_case(ref=ref(free), officer=WORKER.name, purpose=Purpose.AUDIT, by=SUPERVISOR, at=LETTERS_AT)
    assert refused(free, **court) == "erase.open"
    from musterroll.register.acts.access import close_case

    close_case(case=other, by=SUPERVISOR, at=LETTERS_AT)
    declare(person=free, attribute="full_time_student", answer="yes", by=Actor.person(free), at=LETTERS_AT)
    assert refused(free, **court) == "erase.open"


def test_not_while_a_draw_has_called_nobody_yet(rolled):
    from tests.register.attempts import manifest
    from tests.registerhome import DRAWER

    from musterroll.register.acts.draw import commit_draw

    commit_draw(**manifest(rolled), by=DRAWER)
    assert refused(ground="a court's order", named="b" * 64) == "erase.draw-open"


@pytest.mark.parametrize("folder", ["inbox", "roll/work"])
def test_not_while_a_delivery_or_a_night_waits(rolled, folder):
    place = rolled.home.path / folder
    place.mkdir(parents=True, exist_ok=True)
    (place / "something").mkdir()
    code = {"inbox": "erase.delivery-waits", "roll/work": "erase.night-open"}[folder]
    assert refused(ground="a court's order", named="b" * 64) == code


def test_what_lies_in_quarantine_is_decided_first_and_what_was_refused_goes(rolled):
    from musterroll.register import erasure
    from musterroll.register.acts.delivery import record_delivery
    from musterroll.register.acts.erase import erase_person
    from musterroll.register.models import Outcome

    place = rolled.home.path / "quarantine"
    shared = {
        "source": "civil", "as_of": TODAY, "manifest_sha256": "c" * 64, "rows": 1, "refused": 0, "content": "",
        "full": True, "profile": b"{}", "reasons": [], "by": KEEPER, "at": NIGHT_AT,
    }  # fmt: skip
    record_delivery(**shared, sha256="1" * 64, outcome=Outcome.QUARANTINED)
    record_delivery(**shared, sha256="2" * 64, outcome=Outcome.REFUSED)
    (place / f"{'2' * 64}-x.csv").write_text("Given23")
    (place / f"{'1' * 64}-x.csv").write_text("Given23")
    court = {"ground": "a court's order", "named": "b" * 64}
    assert refused(**court) == "erase.delivery-waits"
    (place / f"{'1' * 64}-x.csv").unlink()  # rejected
    erase_person(**erasing(**court))
    erasure.finish()
    assert list(place.iterdir()) == []


def test_a_question_that_went_to_an_agency_goes_with_its_file(rolled):
    from musterroll.entry.kind import Kind
    from musterroll.register import asking, erasure
    from musterroll.register.acts import writing
    from musterroll.register.acts.erase import erase_person
    from musterroll.register.models import QuestionBatch, Snapshot

    said = dict.fromkeys(asking.ASKED.names())
    rows = [{**said, "person": person, "question": f"Q-{person}"} for person in (ERASED, 24)]
    for n, person in enumerate((ERASED, 24), start=1):
        folder = asking.out() / "civil"
        folder.mkdir(parents=True, exist_ok=True)
        (asking.out() / "index").mkdir(exist_ok=True)
        (folder / f"00000{n}-{str(n) * 16}.csv").write_text(f"XX{person:09}")
        index = asking._put_index(pl.DataFrame(rows[n - 1 :], schema=asking.ASKED))
        QuestionBatch.objects.create(
            source="civil", number=n, snapshot=Snapshot.objects.first() if n == 1 else _another_snapshot(rolled),
            rows=1, sha256=str(n) * 64, asked_sha256=index, at=NIGHT_AT,
            entry=writing.public(
                Kind.QUESTIONS,
                {"batch": n, "rows": 1, "sha256": str(n) * 64, "source": "civil"},
                label=f"questions/{n}",
                at=NIGHT_AT,
            ),
        )  # fmt: skip
    erase_person(**erasing(ground="a court's order", named="b" * 64))
    erasure.finish()
    assert [path.name for path in (asking.out() / "civil").iterdir()] == [f"000002-{'2' * 16}.csv"]
    left = [asking.index(one)["person"].to_list() for one in QuestionBatch.objects.order_by("id")]
    assert left == [[24], [24]]


def _another_snapshot(stage: Stage):
    from musterroll.register.models import Snapshot

    outside(stage)
    return Snapshot.objects.order_by("-id").first()


def test_the_database_lets_go_of_nobody_who_was_not_erased(rolled):
    from django.db import DatabaseError, connection, transaction

    from musterroll.register.acts.judge import disown_record

    disown_record(**disowning(rolled), by=Actor.person(0))
    for statement in (
        "DELETE FROM register_linkjudgement WHERE person = 0",
        "UPDATE register_entry SET person = NULL, n = NULL, act = NULL, payload = NULL, at = at - at % 3600 "
        "WHERE person = 0",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_merged_numbers_are_erased_together(rolled):
    from tests.register.attempts import judging

    from musterroll.register.acts.erase import erase_person
    from musterroll.register.acts.merge import merge_digest, merge_persons
    from musterroll.register.models import Erasure, Merge

    case, into = judging(22), judging(ERASED)
    approval = approved("merge_persons", f"{case}/{into}", merge_digest(case, into), WORKER, LETTERS_AT)
    merge_persons(case=case, into=into, approval=approval, by=WORKER, at=LETTERS_AT)
    from musterroll.register.acts.access import close_case

    for one in (case, into):
        close_case(case=one, by=SUPERVISOR, at=LETTERS_AT)
    erase_person(**erasing(ground="a court's order", named="b" * 64))
    assert set(Erasure.objects.values_list("person", flat=True)) == {22, ERASED}
    assert not Merge.objects.exists()
