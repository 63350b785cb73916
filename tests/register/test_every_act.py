"""What holds for every act: done once, refused to those who may not, nothing changed when the ledger refuses."""

import inspect

import pytest
from tests.register.attempts import attempts
from tests.registerhome import rows_of_every_table

from musterroll.errors import MusterRollError

# Names only: the acts themselves load when a home is open.
NAMES = [
    "appoint", "dismiss", "propose", "approve", "publish_pack", "record_delivery", "release_delivery",
    "reject_delivery", "commit_snapshot", "judge_link", "disown_record", "merge_persons", "unmerge_persons",
    "split_person", "erase_person", "prepare_draw", "take_source_list", "check_pot", "commit_draw", "declare_silent",
    "hold_ceremony", "publish_result", "publish_fairness", "order_call",
    "prepare_part", "commit_part", "record_table", "commit_spared", "pick_spared", "open_to_auditor", "record_audit",
    "withdraw_call", "grant_finding", "compose_notice", "begin_attempt", "record_attempt", "confirm_receipt", "declare",
    "allocate_case", "close_case", "give_code", "open_record", "recall", "queue_campaign", "compose_telling",
    "take_work", "record_questions", "record_answers", "enter_fact", "decide_filing", "confirm_decision",
    "record_hand_over", "appeal_decision", "withdraw_filing", "apply_time",
]  # fmt: skip
WITHOUT_ENTRY = {"propose", "approve", "prepare_draw", "take_source_list", "prepare_part", "pick_spared"}
"""They only prepare, or keep what the beacon or the source said: what they lead to names the digest and is logged."""
EACH_TIME_ANEW = {"give_code", "open_record", "begin_attempt", "take_work"}
"""Every code, opening, attempt and matter of a worklist is one of its own."""


def done(open_stage, name):
    attempt = attempts()[name]
    stage = open_stage(attempt.stage)
    return attempt, attempt.ready(stage)


@pytest.mark.parametrize("name", NAMES)
def test_an_act_is_done_and_done_again_it_changes_nothing(open_stage, name):
    attempt, ready = done(open_stage, name)
    before = rows_of_every_table()
    first = attempt.act(**{"by": attempt.by, **ready})
    after = rows_of_every_table()
    assert after != before
    if name not in WITHOUT_ENTRY:
        assert after["Entry"] > before["Entry"]
    if name not in EACH_TIME_ANEW:
        again = attempt.act(**{"by": attempt.by, **ready})
        assert rows_of_every_table() == after
        # what counted before is told again as it counts now
        telling = (
            "erase_person",
            "declare",
            "declare_silent",
            "pick_spared",
            "record_audit",
            "withdraw_call",
            "grant_finding",
            "enter_fact",
            "judge_link",
            "disown_record",
            "recall",
        )
        assert again == first or name in telling


@pytest.mark.parametrize("name", NAMES)
def test_an_act_is_refused_to_those_who_may_not_and_nothing_has_changed(open_stage, name):
    attempt, ready = done(open_stage, name)
    before = rows_of_every_table()
    with pytest.raises(MusterRollError) as refused:
        attempt.act(**{**ready, "by": attempt.not_by})
    assert refused.value.code in ("permission.refused", "notice.unknown")
    assert rows_of_every_table() == before


@pytest.mark.parametrize("name", [name for name in NAMES if name not in WITHOUT_ENTRY])
def test_if_the_ledger_refuses_nothing_has_changed(open_stage, ledger_refuses, name):
    attempt, ready = done(open_stage, name)
    before = rows_of_every_table()
    ledger_refuses()
    with pytest.raises(Exception, match="the ledger refuses"):
        attempt.act(**{"by": attempt.by, **ready})
    assert rows_of_every_table() == before


@pytest.mark.parametrize("name", [name for name in NAMES if name not in WITHOUT_ENTRY])
def test_an_act_done_again_after_a_crash_writes_the_same_bytes(open_stage, name):
    """A transaction that was rolled back has used up numbers of rows: no entry may depend on them."""
    from django.db import connection, transaction

    from musterroll.register.models import Entry

    def written() -> list[bytes]:
        attempt = attempts()[name]
        ready = attempt.ready(stage)
        attempt.act(**{"by": attempt.by, **ready})
        rows = Entry.objects.order_by("id")
        return [bytes(row.entry) + bytes(row.payload or b"") for row in rows]

    stage = open_stage(attempts()[name].stage)
    with transaction.atomic():
        first = written()
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(oid, 1000) FROM pg_class WHERE relkind = 'S' AND relname LIKE 'register%'")
    assert written() == first


@pytest.mark.parametrize("name", NAMES)
def test_an_act_takes_keywords_only_and_is_told_the_time(open_stage, name):
    parameters = inspect.signature(attempts()[name].act).parameters.values()
    assert all(one.kind is inspect.Parameter.KEYWORD_ONLY for one in parameters)
    assert {"by", "at"} <= {one.name for one in parameters}
