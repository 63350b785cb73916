"""What a judgement does: at once where it is no worse, with the night where it is; and what one may not do alone."""

import pytest
from tests.register.attempts import (
    LODGER,
    PAID,
    approved,
    disowning,
    doubts,
    first_call,
    judging,
    merging,
    second_night,
    splitting,
    unmerging,
)
from tests.registerhome import HOMELESS, LETTERS_AT, PROGRAM, WORKER, Stage

from musterroll.dates import parse_day
from musterroll.engine.roll.table import CONFIRMED, POSSIBLE, REFUTED
from musterroll.errors import MusterRollError
from musterroll.register.actor import Actor


def code_of(action, *args, **kwargs) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


def cls(person: int, *, own_word: bool = True) -> str | None:
    from musterroll.register import overlay

    return overlay.now(person, LETTERS_AT, own_word=own_word).standings["service"].cls


def judge(person: int, record: int, judgement: str, **more):
    from musterroll.register.acts.judge import judge_link
    from musterroll.register.models import Judgement
    from musterroll.register.refs import link_ref

    return judge_link(
        case=judging(person),
        link=link_ref(person, record),
        judgement=Judgement(judgement),
        by=WORKER,
        at=LETTERS_AT,
        **more,
    )


def two(person: int, record: int, judgement: str) -> int:
    from musterroll.register.acts.judge import judgement_digest
    from musterroll.register.models import Judgement
    from musterroll.register.refs import link_ref

    reference = link_ref(person, record)
    return approved("judge_link", reference, judgement_digest(reference, Judgement(judgement)), WORKER, LETTERS_AT)


def confirmed_lodger(stage: Stage) -> None:
    """The man with no dwelling has a dwelling row for certain, and is callable by it."""
    from musterroll.register.acts.snapshot import commit_snapshot

    records = [(HOMELESS, LODGER, "dwelling", CONFIRMED, {"lives_in_dwelling": 1})]
    commit_snapshot(**second_night(stage, records=records), by=PROGRAM)


# what one officer may do, and what counts at once


def test_a_confirmed_link_that_exempts_counts_at_once(rolled):
    doubts(rolled)
    assert cls(5) is None  # the possible pay row holds him back already
    done = judge(5, PAID, "confirmed")
    assert cls(5) == "exempt"
    assert not done.waits


def test_a_confirmed_link_that_makes_somebody_callable_changes_nothing_at_once_and_waits(rolled):
    doubts(rolled)
    before = cls(HOMELESS)
    assert before is None
    done = judge(HOMELESS, LODGER, "confirmed")
    assert cls(HOMELESS) is None
    assert done.waits
    assert (done.before, done.withdrawn) == (done.after, 0)


def test_a_link_that_only_weighs_against_somebody_is_refuted_by_one_and_the_person_is_free_at_once(rolled):
    confirmed_lodger(rolled)
    assert cls(HOMELESS) == "liable"
    judge(HOMELESS, LODGER, "refuted")
    assert cls(HOMELESS) is None


def test_a_link_that_protects_is_refuted_by_two_and_made_possible_by_one(rolled):
    doubts(rolled)
    assert code_of(judge, 5, PAID, "refuted") == "approval.missing"
    assert code_of(judge, 5, PAID, "refuted", approval=two(5, PAID, "confirmed")) == "approval.missing"
    done = judge(5, PAID, "refuted", approval=two(5, PAID, "refuted"))
    assert done.waits  # he is callable without it: not before the night, and its wait
    assert cls(5) is None


def test_a_record_that_may_be_somebody_else_s_too_is_confirmed_by_two(rolled):
    from musterroll.register.acts.snapshot import commit_snapshot

    both = [(person, PAID, "pay", POSSIBLE, {"has_served": 1}) for person in (5, 6)]
    commit_snapshot(**second_night(rolled, records=both), by=PROGRAM)
    assert code_of(judge, 5, PAID, "confirmed") == "approval.missing"
    judge(5, PAID, "confirmed", approval=two(5, PAID, "confirmed"))
    assert cls(5) == "exempt"
    assert cls(6) is None  # what protects him does not end before the night


def test_what_is_somebody_else_s_for_certain_is_not_confirmed_here(rolled):
    from musterroll.register.acts.snapshot import commit_snapshot

    records = [(6, PAID, "pay", CONFIRMED, {"has_served": 1}), (5, PAID, "pay", POSSIBLE, {})]
    commit_snapshot(**second_night(rolled, records=records), by=PROGRAM)
    assert code_of(judge, 5, PAID, "confirmed") == "judge.anothers"


def test_that_a_namesake_s_record_is_not_his_is_said_by_two(rolled):
    """What hangs on it is more than the one record: with a founding record all that is the other's goes."""
    from musterroll.register.acts.snapshot import commit_snapshot

    records = [(6, LODGER, "dwelling", CONFIRMED, {}), (HOMELESS, LODGER, "dwelling", POSSIBLE, {})]
    commit_snapshot(**second_night(rolled, records=records), by=PROGRAM)
    assert code_of(judge, HOMELESS, LODGER, "refuted") == "approval.missing"
    judge(HOMELESS, LODGER, "refuted", approval=two(HOMELESS, LODGER, "refuted"))


def test_the_record_that_founded_somebody_is_judged_by_nobody(rolled):
    doubts(rolled)
    assert code_of(judge, 5, 52, "refuted") == "judge.founding"
    assert code_of(judge, 5, 52, "possible") == "judge.founding"


def test_a_link_is_found_only_beside_its_own_person_and_case(rolled):
    from tests.register.attempts import ref
    from tests.registerhome import SUPERVISOR

    from musterroll.register.acts.access import allocate_case
    from musterroll.register.acts.judge import judge_link
    from musterroll.register.models import Judgement, Purpose
    from musterroll.register.refs import link_ref

    doubts(rolled)
    ready = {"judgement": Judgement.CONFIRMED, "by": WORKER, "at": LETTERS_AT}
    assert code_of(judge_link, case=judging(6), link=link_ref(5, PAID), **ready) == "judge.link-unknown"
    assert code_of(judge_link, case="C-none", link=link_ref(5, PAID), **ready) == "access.no-case"
    case = allocate_case(ref=ref(5), officer=WORKER.name, purpose=Purpose.AUDIT, by=SUPERVISOR, at=LETTERS_AT)
    assert code_of(judge_link, case=case, link=link_ref(5, PAID), **ready) == "access.other-purpose"


def test_a_call_ends_by_a_judgement_in_the_same_transaction(called):
    from musterroll.register import policies
    from musterroll.register.acts.snapshot import commit_snapshot

    call = first_call()
    records = [(call.person, 9_999, "pay", POSSIBLE, {"has_served": 1})]
    commit_snapshot(**second_night(called, records=records), by=PROGRAM)
    done = judge(call.person, 9_999, "confirmed")
    assert done.withdrawn == 1
    assert policies.state_of(call).value == "withdrawn"


def test_the_last_judgement_counts_and_all_of_them_stay(rolled):
    from musterroll.register import judgements
    from musterroll.register.models import LinkJudgement

    doubts(rolled)
    judge(5, PAID, "confirmed")
    judge(5, PAID, "possible")
    rows = list(LinkJudgement.objects.order_by("id"))
    assert [(one.judgement, one.was) for one in rows] == [("confirmed", "possible"), ("possible", "confirmed")]
    assert [one.pk for one in judgements.standing(rows)] == [rows[1].pk]


# two records side by side


def with_rows(stage: Stage, *, protected: bool = False) -> None:
    """The rows of person 5 as delivered: his civil record, and the pay row that is possibly his."""
    from dataclasses import replace

    import polars as pl

    from musterroll.engine.roll import archive
    from musterroll.engine.roll.table import TABLES
    from musterroll.engine.row_tables import table_for
    from musterroll.register import roll
    from musterroll.register.acts.snapshot import commit_snapshot

    doubts(stage)
    current = roll.current()
    known = current.snapshot.known_at
    said = {
        "civil": (52, {"ssn": "111-22-3333", "first_name": "Derick", "last_name": "Castillo", "middle_name": "Wayne"}),
        "pay": (
            PAID,
            {
                "ssn": "111-22-3334", "first_name": "Derick", "last_name": "Castilo", "middle_initial": "W",
                "mailing_address_street_number": "7", "mailing_address_street_name": "Hidden Lane",
                "mailing_address_city": "Anytown",
            },
        ),
    }  # fmt: skip
    tables = dict(current.snapshot.tables)
    number = {name: one for one, name in current.source_of.items()}
    for name, (record, cells) in said.items():
        table = table_for(current.sources[name])
        row = {**dict.fromkeys(table.plain_schema), "record": record, "delivery": number[name], "row": 1, "digest": 0}
        frame = pl.DataFrame([row | cells], schema=table.plain_schema)
        tables[table.name] = archive.append(current.store, (), table.name, archive.adds(table, frame, known), known)
    if protected:
        told = (5, "address", "token", True, 0, 2**31 - 1, 52, number["civil"], 9, 9)
        parts = pl.DataFrame([told], schema=TABLES["particular"].plain_schema, orient="row")
        more = archive.append(current.store, (), "particular", archive.adds(TABLES["particular"], parts, known), known)
        tables["particular"] = (*tables["particular"], *more)
    snapshot = replace(current.snapshot, parent=current.digest, tables=tables)
    current.store.put_snapshot(snapshot)
    commit_snapshot(snapshot=snapshot, counts={}, by=PROGRAM, at=LETTERS_AT)


def beside(person: int, record: int):
    from musterroll.register.acts.access import open_record
    from musterroll.register.models import Purpose
    from musterroll.register.queries.judgement import side_by_side
    from musterroll.register.refs import link_ref

    access = open_record(purpose=Purpose.JUDGE_LINK, by=WORKER, at=LETTERS_AT, case=judging(person))
    return side_by_side(access, link_ref(person, record), by=WORKER, at=LETTERS_AT)


def test_two_records_are_shown_comparison_by_comparison_with_what_each_weighs(rolled):
    from musterroll.cli.judge import lines_of

    with_rows(rolled)
    found = beside(5, PAID)
    said = {one.name: one for one in found.comparisons}
    assert (said["given"].theirs, said["given"].record, said["given"].verdict) == ("derick", "derick", "agree")
    assert (said["family"].record, said["family"].level) == ("castilo", "spelling")
    assert said["given"].bits.startswith("+")
    # the personal number is compared, and shown to nobody
    assert (said["number"].verdict, said["number"].theirs, said["number"].record) == ("a slip apart", "", "")
    assert said["address"].record == "7 hiddenlane"
    assert (found.weight, found.contradiction) == ("9.0", "")
    told = sum(float(one.bits) for one in found.comparisons if one.bits) + float(found.rest)
    assert abs(told - 9.0) < 0.5  # each is rounded to a tenth of a bit
    lines = "\n".join(lines_of(found))
    assert "11122" not in lines
    assert "how rare the names" in lines


def test_where_an_address_is_protected_no_address_is_shown_on_either_side(rolled):
    with_rows(rolled, protected=True)
    found = beside(5, PAID)
    hidden = [one for one in found.comparisons if one.name in ("address", "postcode", "town")]
    assert [(one.theirs, one.record) for one in hidden] == [("", "")] * 3
    assert "hiddenlane" not in repr(found)


def test_each_choice_says_what_it_would_change_and_who_has_to_agree(rolled):
    with_rows(rolled)
    choices = {one.judgement: one for one in beside(5, PAID).choices}
    assert {name: (one.worse, one.two) for name, one in choices.items()} == {
        "confirmed": (False, False),
        "possible": (False, False),
        "refuted": (True, True),
    }


def test_what_was_done_for_two_as_one_is_on_a_worklist_when_they_are_parted(rolled):
    from musterroll.register.acts.declare import declare
    from musterroll.register.acts.merge import merge_persons, unmerge_digest, unmerge_persons
    from musterroll.register.queries.judgement import after_unmerge

    ready = merging(rolled)
    merge = merge_persons(**ready, by=WORKER).merge
    declare(person=7, attribute="full_time_student", answer="yes", by=Actor.person(7), at=LETTERS_AT + 1)
    assert after_unmerge() == ()
    approval = approved("unmerge_persons", merge, unmerge_digest(merge), WORKER, LETTERS_AT + 2)
    unmerge_persons(case=ready["into"], merge=merge, approval=approval, by=WORKER, at=LETTERS_AT + 2)
    (one,) = after_unmerge()
    assert (one.merge, one.acts) == (merge, {"calls": 0, "declarations": 1, "notices": 0})


# what a night takes in


def test_a_night_takes_in_what_the_log_holds(rolled):
    from musterroll.register import judgements, log

    doubts(rolled)
    judge(5, PAID, "confirmed")
    assert judgements.judged(log.head().size).is_empty()
    log.publish(by=PROGRAM, at=LETTERS_AT)
    size = log.head().size
    (row,) = judgements.judged(size).to_dicts()
    assert (row["person"], row["record"], row["judgement"], row["by"]) == (5, PAID, CONFIRMED, "officer")
    assert judgements.judged(size - 1).is_empty()


# the person's own word


def test_not_my_record_holds_the_call_at_once_and_can_only_protect(called):
    from musterroll.register import judgements, log, overlay, policies
    from musterroll.register.acts.judge import disown_record
    from musterroll.register.refs import link_ref

    call = first_call()
    person = call.person
    assert cls(person) == "liable"
    disown_record(person=person, link=link_ref(person, person * 10 + 3), by=Actor.person(person), at=LETTERS_AT)
    assert policies.state_of(call).value == "held"
    assert cls(person) is None  # nobody but that record says that he lives in a dwelling
    assert overlay.has_open_word(person, LETTERS_AT)
    # the own word holds the call, and does not end it
    assert cls(person, own_word=False) == "liable"
    log.publish(by=PROGRAM, at=LETTERS_AT)
    (row,) = judgements.judged(log.head().size).to_dicts()
    assert (row["judgement"], row["by"]) == (POSSIBLE, "person")


def test_not_my_record_of_a_record_that_protects_does_not_make_anybody_callable(rolled):
    from musterroll.register.acts.judge import disown_record
    from musterroll.register.refs import link_ref

    doubts(rolled)
    disown_record(person=5, link=link_ref(5, PAID), by=Actor.person(5), at=LETTERS_AT)
    assert cls(5) is None


def test_the_word_is_taken_back_and_an_officer_s_judgement_closes_it(rolled):
    from musterroll.register import judgements, overlay
    from musterroll.register.acts.judge import disown_record
    from musterroll.register.models import LinkJudgement

    ready = {**disowning(rolled), "by": Actor.person(0)}
    disown_record(**ready)
    disown_record(**ready, mine=True)
    assert judgements.standing(LinkJudgement.objects.all()) == []
    assert not overlay.has_open_word(0, LETTERS_AT)
    disown_record(**ready)
    judge(0, 3, "confirmed")
    assert not overlay.has_open_word(0, LETTERS_AT)
    assert code_of(disown_record, **ready) == "judge.decided"


def test_what_was_never_said_is_not_taken_back(rolled):
    from musterroll.register.acts.judge import disown_record
    from musterroll.register.models import LinkJudgement

    assert disown_record(**disowning(rolled), by=Actor.person(0), mine=True).number == 0
    assert not LinkJudgement.objects.exists()


# two numbers, one human


def test_of_two_merged_one_has_the_standing_and_both_refs_lead_there(rolled):
    from tests.register.attempts import ref

    from musterroll.register import judgements, log, overlay
    from musterroll.register.acts.merge import merge_persons
    from musterroll.register.refs import person_of

    done = merge_persons(**merging(rolled), by=WORKER)
    assert not done.waits
    assert (cls(6), cls(7)) == (None, "liable")
    assert not overlay.now(6, LETTERS_AT).standings["service"].callable
    assert [person_of(ref(one)) for one in (6, 7)] == [7, 7]
    log.publish(by=PROGRAM, at=LETTERS_AT)
    assert judgements.aliases(log.head().size).rows() == [(6, 7)]


def test_a_merge_that_protects_counts_at_once_and_one_that_harms_waits(rolled):
    from tests.registerhome import STUDENT

    from musterroll.register.acts.merge import merge_digest, merge_persons
    from musterroll.register.acts.snapshot import commit_snapshot

    commit_snapshot(**second_night(rolled, {8: {"died_on": parse_day("2020-11-02")}}), by=PROGRAM)

    def merge(person: int, into: int):
        case, other = judging(person), judging(into)
        approval = approved("merge_persons", f"{case}/{other}", merge_digest(case, other), WORKER, LETTERS_AT)
        return merge_persons(case=case, into=other, approval=approval, by=WORKER, at=LETTERS_AT)

    assert cls(9) == "liable"
    merge(8, 9)  # one of the two has died
    assert cls(9) != "liable"
    assert cls(HOMELESS) is None
    done = merge(10, HOMELESS)  # the other one lives in a dwelling
    assert done.waits
    assert cls(HOMELESS) is None
    merge(STUDENT, 11)
    assert cls(11) != "liable"


def test_a_merge_is_of_two_persons_who_go_under_their_own_numbers(rolled):
    from musterroll.register.acts.merge import merge_digest, merge_persons

    ready = merging(rolled)
    merge_persons(**ready, by=WORKER)

    def merge(case: str, other: str) -> str:
        approval = approved("merge_persons", f"{case}/{other}", merge_digest(case, other), WORKER, LETTERS_AT)
        return code_of(merge_persons, case=case, into=other, approval=approval, by=WORKER, at=LETTERS_AT)

    assert merge(ready["into"], ready["into"]) == "merge.one-person"
    assert merge(judging(8), ready["case"]) == "merge.folded"
    assert merge(ready["case"], judging(8)) == "merge.folded"


def test_a_merge_ended_leaves_both_as_they_would_have_been(rolled):
    from tests.register.attempts import ref

    from musterroll.register import judgements, log, overlay
    from musterroll.register.acts.merge import unmerge_persons
    from musterroll.register.refs import person_of

    before = [overlay.now(one, LETTERS_AT) for one in (6, 7)]
    unmerge_persons(**unmerging(rolled), by=WORKER)
    after = [overlay.now(one, LETTERS_AT) for one in (6, 7)]
    assert [(one.facts, one.standings) for one in after] == [(one.facts, one.standings) for one in before]
    assert [person_of(ref(one)) for one in (6, 7)] == [6, 7]
    log.publish(by=PROGRAM, at=LETTERS_AT)
    assert judgements.aliases(log.head().size).is_empty()


def test_after_a_night_with_the_merge_its_end_makes_nobody_callable_before_the_next(rolled):
    from musterroll.register.acts.merge import code_of as name_of
    from musterroll.register.acts.merge import merge_persons, unmerge_digest, unmerge_persons
    from musterroll.register.acts.snapshot import commit_snapshot
    from musterroll.register.models import Merge

    ready = merging(rolled)
    merge_persons(**ready, by=WORKER)
    commit_snapshot(**second_night(rolled, aliases=[(6, 7)]), by=PROGRAM)
    assert (cls(6), cls(7)) == (None, "liable")
    merge = name_of(Merge.objects.get())
    approval = approved("unmerge_persons", merge, unmerge_digest(merge), WORKER, LETTERS_AT)
    done = unmerge_persons(case=ready["into"], merge=merge, approval=approval, by=WORKER, at=LETTERS_AT)
    assert (cls(6), cls(7)) == (None, "liable")
    assert not done.waits  # of the one that stays; the other's worsening comes with the night


def test_a_call_under_the_number_that_is_given_up_is_withdrawn_and_the_other_stays(called):
    from musterroll.register import policies
    from musterroll.register.acts.merge import merge_digest, merge_persons
    from musterroll.register.models import Call

    first, second = Call.objects.order_by("id")[:2]
    case, into = judging(first.person), judging(second.person)
    approval = approved("merge_persons", f"{case}/{into}", merge_digest(case, into), WORKER, LETTERS_AT)
    assert merge_persons(case=case, into=into, approval=approval, by=WORKER, at=LETTERS_AT).withdrawn == 1
    assert [policies.state_of(one).value for one in (first, second)] == ["withdrawn", "open"]


# one number, two humans


def test_a_split_refutes_the_link_and_founds_a_person_with_the_night(rolled):
    from musterroll.register import judgements, log
    from musterroll.register.acts.merge import split_person

    split_person(**splitting(rolled), by=WORKER)
    assert cls(5) is None  # he was held back by that record, and is until the night
    log.publish(by=PROGRAM, at=LETTERS_AT)
    size = log.head().size
    assert judgements.founded(size)["record"].to_list() == [PAID]
    (row,) = judgements.judged(size).to_dicts()
    assert row["judgement"] == REFUTED


def test_a_record_that_founds_persons_by_itself_is_not_split_off(rolled):
    from musterroll.register.acts.merge import split_digest, split_person
    from musterroll.register.acts.snapshot import commit_snapshot
    from musterroll.register.refs import link_ref

    commit_snapshot(**second_night(rolled, records=[(5, 990, "civil", POSSIBLE, {})]), by=PROGRAM)
    link_of = link_ref(5, 990)
    approval = approved("split_person", link_of, split_digest(link_of), WORKER, LETTERS_AT)
    ready = {"case": judging(5), "approval": approval, "by": WORKER, "at": LETTERS_AT}
    assert code_of(split_person, link=link_of, **ready) == "split.founds"
    assert code_of(split_person, link=link_ref(5, 52), **ready) == "judge.founding"
