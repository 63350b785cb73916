"""Whose matter is open, so that nothing of theirs is forgotten: called, drawn, in a case, or with a word unanswered."""

from tests.register.attempts import allocated, ended, manifest, word
from tests.registerhome import DRAWER, LETTERS_AT, PROGRAM

from musterroll.register.actor import Actor


def test_nobody_has_a_matter_at_first_and_everybody_drawn_has_one_until_somebody_is_called(rolled):
    from musterroll.register import matters
    from musterroll.register.acts.draw import commit_draw
    from musterroll.register.models import Entrant

    assert matters.open_matters() == frozenset()
    commit_draw(**manifest(rolled), by=DRAWER)
    assert matters.open_matters() == frozenset(Entrant.objects.values_list("person", flat=True))


def test_whoever_is_called_has_one_until_the_call_is_withdrawn(called):
    from musterroll.register import matters
    from musterroll.register.acts.call import withdraw_call
    from musterroll.register.models import Call

    people = frozenset(Call.objects.values_list("person", flat=True))
    assert matters.open_matters() == people
    ready = ended(called)
    person = Call.objects.get(pk=ready["call"]).person
    withdraw_call(**ready, by=PROGRAM)
    assert matters.open_matters() == people - {person}


def test_a_case_a_word_and_a_disowned_record_are_matters(rolled):
    from musterroll.register import matters, roll
    from musterroll.register.acts.declare import declare
    from musterroll.register.acts.judge import disown_record
    from musterroll.register.refs import link_ref

    allocated(rolled)
    declare(**{**word(rolled), "person": 1}, by=Actor.person(1))
    disown_record(person=2, link=link_ref(2, 23), by=Actor.person(2), at=LETTERS_AT)
    assert matters.open_matters() == {0, 1, 2}
    assert matters.records_of(frozenset({1, 2}), roll.current()) == {12, 13, 22, 23}


def test_the_weekly_fold_is_told_whose_matter_is_open_and_not_asked_twice(called, monkeypatch, tmp_path):
    from musterroll.engine import night as nights
    from musterroll.engine import night_weekly
    from musterroll.engine.crew import Crew
    from musterroll.engine.night_work import Work
    from musterroll.register import matters, night, roll

    kept = []

    def folded(store, made, terms, crew, *, keep, keep_rows):
        kept.append((keep, keep_rows))
        return made

    monkeypatch.setattr(night_weekly, "differing", lambda *_: ())
    monkeypatch.setattr(night_weekly, "folded", folded)
    snapshot = roll.current().snapshot
    made = nights.Night(snapshot, {}, {}, None, {}, 0, None)
    for _ in range(2):  # killed after it was folded, and started again
        done = night._weekly(snapshot, [], None, made, Work(tmp_path / "work"), Crew(), lambda _: None)
        assert done.snapshot == snapshot
    people = matters.open_matters()
    assert people
    assert kept == [(people, matters.records_of(people, roll.current()))]
