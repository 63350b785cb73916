"""Why one attribute of one person is held as it is, now and as it was known before; and the decision found again."""

import pytest
from tests.register.attempts import PAID, doubts, judging, ref, second_night
from tests.registerhome import (
    FREEZE_AT,
    HOMELESS,
    LETTERS_AT,
    NIGHT_AT,
    PROGRAM,
    STUDENT,
    TODAY,
    WORKER,
)

from musterroll.dates import format_day, parse_day
from musterroll.errors import MusterRollError
from musterroll.register.actor import Actor


def code_of(action, *args, **kwargs) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


def opening(person: int, at: int = LETTERS_AT) -> int:
    from musterroll.register.acts.access import open_record
    from musterroll.register.models import Purpose

    case = judging(person)
    return open_record(purpose=Purpose.JUDGE_LINK, by=WORKER, at=at, case=case, ref=ref(person))


def why(person: int, attribute: str, *, as_at: int | None = None, known_at: int | None = None, at: int = LETTERS_AT):
    from musterroll.register.queries.why import why

    return why(opening(person, at), attribute, by=WORKER, at=at, as_at=as_at, known_at=known_at)


def test_every_fact_comes_with_its_times_its_row_its_link_and_who_judged_it(rolled):
    found = why(STUDENT, "full_time_student")
    (one,) = found.statements
    assert (found.value, found.state, one.value) == ("yes", "single", "yes")
    assert (one.agency, one.row, one.link) == ("Dwelling Register of Anytown", STUDENT + 1, "confirmed")
    assert (one.valid_from, one.learnt, one.superseded) == (format_day(TODAY), "2026-06-24T02:00:00Z", "")
    assert one.judged == "rule: full name and birth date, of one person only"
    assert one.counts
    assert any(article.startswith("art. 9 (1)") for article in found.articles)


def test_what_was_superseded_is_shown_with_the_time_until_which_it_was_held():
    from musterroll.register.queries.why import _known

    name = {"person": 3, "delivery": 1, "row": 4, "attribute": 9, "n": 0}
    said = [
        {**name, "lo": 0, "op": 1, "known": 10},  # learnt
        {**name, "lo": 0, "op": 0, "known": 20},  # corrected in one act: an end and an addition
        {**name, "lo": 1, "op": 1, "known": 20},
        {**name, "delivery": 2, "lo": 1, "op": 1, "known": 30},  # learnt later than asked
    ]
    forever = 2**63 - 1
    held = [(one["lo"], one["known_from"], one["known_to"]) for one in _known(said, 25)]
    assert held == [(0, 10, 20), (1, 20, forever)]
    assert [(one["lo"], one["known_to"]) for one in _known(said, 19)] == [(0, forever)]
    # a folded base says the same
    base = [
        {**name, "lo": 0, "known_from": 10, "known_to": 20},
        {**name, "lo": 1, "known_from": 20, "known_to": forever},
    ]
    assert [(one["lo"], one["known_to"]) for one in _known(base, 25)] == [(0, 20), (1, forever)]


def test_a_possible_link_a_silence_and_an_unknown_each_have_their_word(rolled):
    doubts(rolled)
    paid = why(5, "has_served")
    assert (paid.state, [one.link for one in paid.statements]) == ("possible", ["possible"])
    assert paid.statements[0].judged == "weight of evidence 9.0 bits (model 1)"
    assert why(HOMELESS, "lives_in_dwelling").state == "unknown"
    quiet = why(4, "has_served")
    assert (quiet.state, quiet.statements) == ("silence", ())
    assert [one.means for one in quiet.silent] == ["its silence says: no"]


def test_a_word_and_a_finding_are_shown_as_what_they_are(rolled):
    from musterroll.register.acts.declare import declare

    declare(person=4, attribute="full_time_student", answer="yes", by=Actor.person(4), at=LETTERS_AT)
    found = why(4, "full_time_student")
    assert found.state == "conflict"
    assert [(one.value, one.agency) for one in found.statements] == [
        ("no", "Dwelling Register of Anytown"),
        ("yes", "the person's own word"),
    ]
    before = why(4, "full_time_student", known_at=LETTERS_AT - 1)
    assert (before.state, len(before.statements)) == ("single", 1)


def test_known_at_looks_back_and_before_the_first_night_there_is_nothing(rolled):
    assert why(3, "born", known_at=NIGHT_AT).value == "4 March 2000"
    assert code_of(why, 3, "born", known_at=NIGHT_AT - 1) == "why.too-early"


def test_as_at_another_day_asks_what_was_true_then(rolled):
    found = why(3, "lives_in_dwelling", as_at=TODAY - 1)
    assert found.as_at == format_day(TODAY - 1)
    assert found.state == "unknown"  # the extract stands for its own day


def test_what_is_sealed_to_the_person_is_not_looked_back_at(rolled):
    assert why(3, "sex").value == "male"
    assert code_of(why, 3, "sex", known_at=NIGHT_AT) == "why.sealed"
    assert code_of(why, 3, "sex", as_at=TODAY) == "why.sealed"


def test_the_law_asks_for_closed_attributes_only(rolled):
    assert code_of(why, 3, "religion") == "why.attribute"


def test_a_decision_is_found_again_bit_for_bit(rolled):
    from musterroll.register import replay

    for person in (0, STUDENT, HOMELESS):
        (one,) = replay.replayed(person, LETTERS_AT * 1_000_000)
        assert one.equal, one
    assert replay.replayed(0, (NIGHT_AT - 1) * 1_000_000) == ()


def test_a_decision_by_an_act_is_found_again_after_the_night_that_took_it_in(rolled):
    from musterroll.register import replay
    from musterroll.register.acts.declare import declare
    from musterroll.register.acts.snapshot import commit_snapshot

    declare(person=4, attribute="full_time_student", answer="yes", by=Actor.person(4), at=FREEZE_AT - 60)
    (then,) = replay.replayed(4, FREEZE_AT * 1_000_000 - 1)
    assert (then.then, then.equal) == ("deferred", True)
    commit_snapshot(**second_night(rolled, {4: {"died_on": parse_day("2021-01-02")}}), by=PROGRAM)
    (now,) = replay.replayed(4, LETTERS_AT * 1_000_000)
    assert (now.then, now.equal) == ("ended", True)


def test_a_judgement_s_decision_is_found_again(rolled):
    from musterroll.register import replay
    from musterroll.register.acts.judge import judge_link
    from musterroll.register.models import Judgement
    from musterroll.register.refs import link_ref

    doubts(rolled)
    judge_link(case=judging(5), link=link_ref(5, PAID), judgement=Judgement.CONFIRMED, by=WORKER, at=LETTERS_AT)
    (one,) = replay.replayed(5, LETTERS_AT * 1_000_000)
    assert (one.then, one.equal) == ("exempt", True)


def test_a_decision_that_is_not_found_again_says_where_it_differs(rolled, monkeypatch):
    from musterroll.register import replay

    real = replay.columns
    monkeypatch.setattr(replay, "columns", lambda law, one: {**real(law, one), "next_change": 1})
    (one,) = replay.replayed(0, LETTERS_AT * 1_000_000)
    assert (one.equal, one.differs) == (False, ("next_change",))


def test_without_the_law_of_then_it_says_what_is_missing(rolled, monkeypatch):
    from musterroll.register import replay

    monkeypatch.setattr(replay, "_law", lambda _: None)
    (one,) = replay.replayed(0, LETTERS_AT * 1_000_000)
    assert (one.equal, one.missing) == (False, "the law of that day, by its digest")


def test_the_command_tells_it_a_line_a_thing(rolled):
    from musterroll.cli.why import lines_of

    told = "\n".join(lines_of(why(STUDENT, "full_time_student")))
    assert "matters by art. 9 (1)" in told
    assert "decided again: equal, bit for bit" in told
