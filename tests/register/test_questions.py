"""What goes out to an agency, what comes back, and that it sticks (docs/flow/questions.md)."""

import json

import polars as pl
import pytest
from tests.register.attempts import first_call
from tests.registerhome import HOMELESS, LETTERS_AT, PROGRAM, SOURCES, TODAY

from musterroll import canonical
from musterroll.errors import MusterRollError
from musterroll.extract.manifest import Manifest
from musterroll.ledger import note
from musterroll.register.actor import Actor


def say(person: int, attribute: str, answer: str) -> None:
    from musterroll.register.acts.declare import declare

    declare(person=person, attribute=attribute, answer=answer, by=Actor.person(person), at=LETTERS_AT)


def ask(at: int = LETTERS_AT) -> dict[str, int]:
    from musterroll.register.asking import ask as put

    return put(at=at)


def file(source: str) -> dict:
    from musterroll.register import asking

    (path,) = (asking.out() / source).glob("*.json")
    return json.loads(path.read_bytes())


def back(source: str, rows: list[tuple[str, str, str]], *, as_of: int = TODAY + 5, heading: str = "") -> tuple:
    from musterroll.register.models import QuestionBatch

    lines = [heading or "question,answer,since", *(",".join(row) for row in rows)]
    data = "\r\n".join([*lines, ""]).encode()
    batch = QuestionBatch.objects.filter(source=source).latest("id").sha256
    told = Manifest(source, as_of, len(rows), canonical.sha256_hex(data), full=False, answers=batch)
    return told, data


def answer(source: str, rows: list[tuple[str, str, str]], **more):
    from musterroll.register import answers

    told, data = back(source, rows, **more)
    return answers.receive(told, data, by=PROGRAM, at=LETTERS_AT)


def logged() -> int:
    from musterroll.register import log

    log.sequence()
    return log.head().size


def question_about(person: int, source: str = "dwelling") -> str:
    from musterroll.register import asking
    from musterroll.register.models import QuestionBatch

    rows = asking.index(QuestionBatch.objects.get(source=source)).filter(pl.col("person") == person)
    return rows["question"].item()


def test_what_nobody_has_established_is_asked_of_the_agency_that_is_declared_to_answer(rolled):
    assert ask() == {"dwelling": 1}
    told = file("dwelling")
    (row,) = told["questions"]
    assert row == {"attribute": "lives_in_dwelling", "key": row["key"], "question": question_about(HOMELESS)}
    assert row["key"].startswith("dwelling-")  # the agency's own key, and nothing else by which it would know somebody
    assert set(told) == {"asked_on", "batch", "demonstration", "questions", "register", "source", "v"}


def test_done_again_it_changes_nothing_and_an_open_question_is_not_put_twice(rolled):
    from tests.register.attempts import second_night

    from musterroll.register.acts.snapshot import commit_snapshot
    from musterroll.register.models import QuestionBatch

    assert ask() == ask() == {"dwelling": 1}
    commit_snapshot(**second_night(rolled), by=PROGRAM)
    assert ask() == {}  # the same fact is still open: it was asked for less than thirty days ago
    assert QuestionBatch.objects.count() == 1


def test_a_word_of_the_person_goes_out_the_same_night_and_the_agency_cannot_tell_it_from_another_question(called):
    person = first_call().person
    say(person, "full_time_student", "yes")
    assert ask() == {"dwelling": 2}
    rows = file("dwelling")["questions"]
    assert [set(row) for row in rows] == [{"attribute", "key", "question"}] * 2
    assert question_about(person) in {row["question"] for row in rows}
    assert [row["question"] for row in rows] == sorted(row["question"] for row in rows)  # keyed: the order says nothing


def test_a_word_that_agrees_and_a_fact_that_no_agency_is_declared_to_answer_are_not_asked(called):
    person = first_call().person
    say(person, "has_served", "no")
    say(person, "third_child_born", "2020-01-01")
    assert ask() == {"dwelling": 1}  # the one whose dwelling nobody knows


def test_the_file_is_signed_by_the_register_and_holds_no_name_standing_or_reason(called):
    from musterroll.register import asking, log

    say(first_call().person, "serving", "yes")
    ask()
    (folder,) = [path for path in asking.out().iterdir() if path.name == "dwelling"]
    data = next(folder.glob("*.json")).read_bytes()
    signed = note.decode(next(folder.glob("*.note")).read_bytes())
    assert note.verify(signed, [log.log_key().public_key])
    assert canonical.sha256_hex(data) in signed.text
    everything = b"".join(path.read_bytes() for path in folder.iterdir())
    for forbidden in (b"Given", b"Family", b"liable", b"exempt", b"called", b"wrong", b"Road"):
        assert forbidden not in everything


def test_the_person_is_told_the_same_day_on_the_page_and_a_letter_is_queued(called):
    from musterroll.register import campaign
    from musterroll.register.models import Campaign
    from musterroll.register.queries.person import my_record

    person = first_call().person
    say(person, "full_time_student", "yes")
    ask()
    asked = my_record(person, LETTERS_AT).asked
    assert [(one.agency, one.label, one.own_word) for one in asked] == [
        ("Dwelling Register of Anytown", "full-time studies", True)
    ]
    (row,) = Campaign.objects.filter(telling="asked")
    assert campaign.Letter(person, "full_time_student", 0) in campaign.opened(row.sha256)


def test_an_answer_is_a_fact_of_the_entry_that_was_asked_about(rolled):
    from musterroll.register import answers

    ask()
    done = answer("dwelling", [(question_about(HOMELESS), "yes", "2020-06-01")])
    assert (done.rows, done.refused) == (1, 0)
    size = logged()
    (fact,) = answers.entered(0, size).iter_rows(named=True)
    assert (fact["person"], fact["lo"], fact["hi"], fact["delivery"], fact["row"]) == (HOMELESS, 1, 1, done.number, 1)
    assert answers.deliveries(0, size).select("source", "full").rows() == [("dwelling#answers", False)]
    assert answers.entered(size, size).is_empty()  # it enters one night, once


def test_what_the_agency_s_rows_said_otherwise_is_struck_out(called):
    from musterroll.register import answers

    person = first_call().person
    say(person, "full_time_student", "yes")
    ask()
    answer("dwelling", [(question_about(person), "yes", "")])
    struck = answers.struck(logged())
    assert struck.select("attribute", "lo", "hi").rows() == [(13, 0, 0)]
    assert struck["record"].to_list() == [person * 10 + 1 + sorted(SOURCES).index("dwelling")]


def test_an_old_extract_that_repeats_it_brings_nothing_back_and_a_newer_statement_ends_the_answer(called, monkeypatch):
    from tests.register.attempts import second_night

    from musterroll.register import answers, roll
    from musterroll.register.acts.snapshot import commit_snapshot

    person = first_call().person
    say(person, "full_time_student", "yes")
    ask()
    done = answer("dwelling", [(question_about(person), "yes", "")], as_of=TODAY + 5)
    size = logged()
    # The town's next night: every agency repeats its rows, word for word, as of a later day.
    commit_snapshot(**second_night(called), by=PROGRAM)
    repeated = roll.current()
    monkeypatch.setattr(answers.roll, "current", lambda: with_answers(repeated, done.number))
    assert answers.lift(repeated.snapshot) == 0
    assert answers.struck(size).height == 1
    # The agency says something else of its own accord: born a student of nothing, in an institution's list.
    monkeypatch.setattr(answers.archive, "held_bucket", lambda *_, **__: newer(repeated, person))
    assert answers.lift(repeated.snapshot) == 1
    assert answers.struck(size).is_empty()
    assert answers.over(repeated.snapshot)["person"].to_list() == [person]


def with_answers(current, number: int):
    import dataclasses

    return dataclasses.replace(current, as_of={**current.as_of, number: TODAY + 5})


def newer(current, person: int) -> pl.DataFrame:
    from musterroll.engine.roll import archive

    held = archive.held(current.store, current.snapshot, "fact")
    student = held.filter((pl.col("person") == person) & (pl.col("attribute") == 13))
    return student.with_columns(pl.lit(1, pl.Int32).alias("lo"), pl.lit(1, pl.Int32).alias("hi"))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("Q-0000000000000000", "yes", ""), "question.unknown"),
        (("{q}", "perhaps", ""), "answer.value"),
        (("{q}", "yes", "yesterday"), "since.day"),
        (("{q}", "yes", "2099-01-01"), "since.day"),
        (("{q}", "yes"), "cells"),
    ],
)
def test_what_is_no_answer_is_set_aside_with_its_reason(rolled, row, reason):
    from musterroll.register import home

    ask()
    about = question_about(HOMELESS)
    done = answer("dwelling", [tuple(cell.replace("{q}", about) for cell in row)])
    assert (done.rows, done.refused) == (0, 1)
    (reply,) = (home.current().path / "replies").glob("dwelling-*.json")
    assert [(one["row"], one["reason"]) for one in json.loads(reply.read_bytes())["set_aside"]] == [(1, reason)]


def test_an_answer_given_twice_is_set_aside_and_unknown_says_nothing(rolled):
    from musterroll.register import answers

    ask()
    about = question_about(HOMELESS)
    twice = answer("dwelling", [(about, "yes", ""), (about, "no", "")])
    assert (twice.rows, twice.refused) == (0, 2)
    nothing = answer("dwelling", [(about, "unknown", "")])
    assert (nothing.rows, nothing.refused) == (1, 0)
    assert answers.entered(0, logged()).is_empty()


def test_answers_to_no_questions_and_other_columns_are_refused(rolled):
    ask()
    about = question_about(HOMELESS)
    with pytest.raises(MusterRollError) as problem:
        answer("dwelling", [(about, "yes", "")], heading="question,answer,why")
    assert problem.value.code == "answers.columns"
    from musterroll.register import answers

    told, data = back("dwelling", [(about, "yes", "")])
    other = Manifest("civil", told.as_of, 1, told.sha256, full=False, answers=told.answers)
    with pytest.raises(MusterRollError) as problem:
        answers.receive(other, data, by=PROGRAM, at=LETTERS_AT)
    assert problem.value.code == "answers.batch"


def test_a_letter_that_an_agency_was_asked_is_composed_the_same_day_and_never_long_after(called, tmp_path):
    from tests.register.test_letters import Desk

    from musterroll.demo.mail import MailServer
    from musterroll.register import correspondence
    from musterroll.register.models import Notice, Telling

    person = first_call().person
    say(person, "full_time_student", "yes")
    ask()
    with MailServer(tmp_path / "mail") as server:
        desk = Desk(tmp_path / "mail", server.port)
        late = LETTERS_AT + 2 * 86_400
        assert correspondence.compose(paper=desk.paper, at=late, tellings_of=(Telling.ASKED,)).tellings == ()
        told = correspondence.compose(paper=desk.paper, at=LETTERS_AT + 60, tellings_of=(Telling.ASKED,)).tellings
        row = Notice.objects.get(person=person, kind="asked")
        assert row.number in told
        assert row.about == "full_time_student"
        again = correspondence.compose(paper=desk.paper, at=LETTERS_AT + 90, tellings_of=(Telling.ASKED,))
        assert again.tellings == told  # told once
        desk.send(LETTERS_AT + 90)
        assert not row.attempts.exists()  # it goes out once the questions have been public for as long as S11 asks
