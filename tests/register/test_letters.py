"""Letters about a call: nobody is told who is no longer callable, and whoever was told learns that it is over."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from tests.register.attempts import composed, first_call, notice, second_night
from tests.registerhome import CLERK, FREEZE_AT, LETTERS_AT, PROGRAM, RESULT_AT, TODAY, Stage

from musterroll import dates
from musterroll.dates import FIRST_DAY, NEVER
from musterroll.demo.mail import MailServer
from musterroll.errors import MusterRollError
from musterroll.notice.letter import Office

LETTERS = Path("packs/example/letters")
SERVES, STUDIES, DIED = {"serving": 1}, {"full_time_student": 1}, {"died_on": dates.parse_day("2021-02-01")}
NOBODY_SAYS_WHERE = {"lives_in_dwelling": None}
HOURS = 3_600


def code_of(action, *args, **kwargs) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


class Desk:
    """Who writes letters, and the mail server of this machine."""

    def __init__(self, folder: Path, port: int) -> None:
        from musterroll.register.channels.smtp import Smtp
        from musterroll.register.letter import stationery

        self.mailboxes = folder / "new"
        self.paper = stationery(LETTERS, office=Office("The Registry", ()), sender="registry@registry.example.invalid")
        self.channel = Smtp("127.0.0.1", port)

    def compose(self, at: int = LETTERS_AT):
        from musterroll.register import correspondence

        return correspondence.compose(paper=self.paper, at=at)

    def send(self, at: int = LETTERS_AT):
        from musterroll.register import correspondence

        return correspondence.send(paper=self.paper, channel=self.channel, at=at)

    def mails(self) -> int:
        return len(list(self.mailboxes.iterdir()))


@pytest.fixture
def desk(called, tmp_path) -> Iterator[Desk]:
    with MailServer(tmp_path / "mail") as server:
        yield Desk(tmp_path / "mail", server.port)


def becomes(stage: Stage, person: int, fact: dict) -> None:
    """Another night, in which an agency says this of the person."""
    from musterroll.register.acts.snapshot import commit_snapshot

    commit_snapshot(**second_night(stage, {person: fact}), by=PROGRAM)


def gives_contact(person: int, text: str, *, protected: bool = False) -> None:
    from musterroll.engine.roll import archive
    from musterroll.engine.roll.table import TABLES
    from musterroll.register import roll
    from musterroll.register.acts.snapshot import commit_snapshot

    current, table, known = roll.current(), TABLES["particular"], FREEZE_AT * 1_000_000
    row = (person, "contact", text, protected, FIRST_DAY, NEVER, person * 10 + 2, 2, person + 1, 9)
    added = archive.adds(table, pl.DataFrame([row], schema=table.plain_schema, orient="row"), known)
    refs = archive.append(current.store, current.snapshot.refs("particular"), "particular", added, known)
    snapshot = dataclasses.replace(
        current.snapshot,
        parent=current.snapshot.digest,
        known_at=known,
        tables={**current.snapshot.tables, "particular": refs},
    )
    current.store.put_snapshot(snapshot)
    commit_snapshot(snapshot=snapshot, counts={"service/liable": 25}, by=PROGRAM, at=LETTERS_AT)


def calls() -> list:
    from musterroll.register.models import Call

    return list(Call.objects.order_by("id"))


def state(call) -> str:
    from musterroll.register import policies

    return policies.state_of(call).value


def withdrawal_of(call):
    from musterroll.register.models import Notice

    return Notice.objects.filter(call=call, kind="withdrawal").first()


def test_everybody_whose_call_is_open_is_told_once(called, desk):
    everybody = len(calls())
    there = desk.compose()
    assert (len(there.calls), there.withdrawals) == (everybody, ())
    assert (desk.send().handed, desk.mails()) == (everybody, everybody)
    assert desk.compose() == there
    assert (desk.send().handed, desk.mails()) == (0, everybody)


def test_the_letter_says_who_was_in_the_draw(called, desk):
    from musterroll.register.models import Entrant, Notice

    desk.compose()
    words = " ".join(Notice.objects.first().words)
    assert (
        f"{Entrant.objects.count()} people are in the draw: everybody found liable, and everybody of whom it" in words
    )
    assert "not established as liable, when the place comes up is passed over (art. 12 (5))" in words


@pytest.mark.parametrize("fact", [SERVES, STUDIES, DIED, NOBODY_SAYS_WHERE])
def test_whoever_is_no_longer_callable_gets_no_letter_and_the_call_is_withdrawn_at_once(called, desk, fact):
    from musterroll.register.models import Notice

    call = first_call()
    becomes(called, call.person, fact)
    there = desk.compose()
    assert state(call) == "withdrawn"
    assert (len(there.calls), there.withdrawals) == (len(calls()) - 1, ())
    assert not Notice.objects.filter(call=call).exists()  # no letter that called, hence none that takes it back


def test_time_alone_is_enough_nobody_past_the_age_gets_a_letter(called, desk):
    from musterroll.register import overlay

    late = LETTERS_AT + 5 * 366 * 86_400
    assert not overlay.now(first_call().person, late).standings["service"].callable
    assert desk.compose(late).calls == ()
    assert {state(call) for call in calls()} == {"withdrawn"}


def test_who_is_no_longer_callable_between_letter_and_mail_is_told_only_that_it_is_over(called, desk):
    from musterroll.register.models import Attempt

    desk.compose()
    call = first_call()
    becomes(called, call.person, SERVES)
    sent = desk.send()
    assert state(call) == "withdrawn"
    assert sent.handed == desk.mails() == len(calls())
    told = withdrawal_of(call)
    assert told.title == "Your call to service is withdrawn"
    assert "Your standing on that day: Exempt" in told.words
    assert any(words.startswith("art. 6 (1): ") for words in told.words)
    assert Attempt.objects.filter(notice__call=call).get().notice == told


def test_whose_call_ends_after_the_letter_went_out_gets_a_letter_that_says_so_once(called, desk):
    desk.compose()
    desk.send()
    call = first_call()
    becomes(called, call.person, STUDIES)
    there = desk.compose()
    assert there.withdrawals == (withdrawal_of(call).number,)
    assert (desk.send().handed, desk.mails()) == (1, len(calls()) + 1)
    assert desk.compose() == there
    assert (desk.send().handed, desk.mails()) == (0, len(calls()) + 1)


def test_a_call_that_rests_and_whose_person_an_agency_then_finds_exempt_is_over_and_they_are_told(called, desk):
    from musterroll.register.actor import Actor
    from musterroll.register.acts.declare import declare

    desk.compose()
    call = first_call()
    by = Actor.person(call.person)
    declare(person=call.person, attribute="full_time_student", answer="yes", by=by, at=LETTERS_AT)
    becomes(called, call.person, SERVES)
    desk.compose()
    assert state(call) == "withdrawn"
    # The reasons are the agency's; the person's own word took nothing back.
    words = withdrawal_of(call).words
    assert "Your standing on that day: Exempt" in words
    assert not any("your own word" in one for one in words)


def test_nothing_is_sent_to_the_dead(called, desk):
    desk.compose()
    desk.send()
    call = first_call()
    becomes(called, call.person, DIED)
    assert desk.compose().withdrawals == ()
    assert desk.send().handed == 0
    assert state(call) == "withdrawn"


def test_who_dies_before_the_letter_that_it_is_over_goes_out_is_not_written_to(called, desk):
    desk.compose()
    desk.send()
    call = first_call()
    becomes(called, call.person, SERVES)
    assert len(desk.compose().withdrawals) == 1
    becomes_again(called, call.person, DIED)
    assert desk.send().handed == 0


def becomes_again(stage: Stage, person: int, fact: dict) -> None:
    from tests.registerhome import town

    from musterroll.register import roll
    from musterroll.register.acts.snapshot import commit_snapshot

    snapshot = town(stage.home, parent=roll.current().snapshot, on=TODAY + 91, changed={person: fact})
    commit_snapshot(snapshot=snapshot, counts={"service/liable": 25}, by=PROGRAM, at=LETTERS_AT)


def test_a_letter_that_it_is_over_gives_no_reasons_that_are_no_longer_so(called, desk):
    desk.compose()
    call = first_call()
    becomes(called, call.person, SERVES)
    from musterroll.register.acts.call import withdraw_call

    withdraw_call(call=call.pk, by=PROGRAM, at=LETTERS_AT)
    becomes_again(called, call.person, {})
    desk.compose()
    words = withdrawal_of(call).words
    assert "Your standing on that day: Exempt" in words
    assert not any(one.startswith("art. ") for one in words)


def test_a_person_not_established_as_liable_is_told_so_without_reasons(called, desk):
    desk.compose()
    call = first_call()
    becomes(called, call.person, NOBODY_SAYS_WHERE)
    desk.compose()
    assert "Your standing on that day: Not established" in withdrawal_of(call).words


def test_good_news_waits_for_nothing_where_the_call_went_through_the_gate(called, desk):
    """The witnesses' list is changed afterwards, so that no checkpoint of before counts."""
    from musterroll.register import gate

    desk.compose()
    desk.send()
    call = first_call()
    becomes(called, call.person, SERVES)
    called.home.founding = dataclasses.replace(called.home.founding, wait_hours=10_000)
    assert not gate.is_open(called.made["order"], LETTERS_AT)
    desk.compose()
    assert desk.send().handed == 1


def test_where_nothing_has_gone_out_nothing_goes_out_before_the_order_is_public(called, desk):
    early = RESULT_AT + HOURS
    desk.compose(early)
    assert code_of(desk.send, early) == "gate.closed"
    for call in calls():
        becomes_again(called, call.person, SERVES)
        desk.compose(early)
        break
    assert withdrawal_of(first_call()) is not None  # it stands in the record
    assert code_of(desk.send, early) == "gate.closed"
    assert desk.mails() == 0
    assert desk.send().handed == len(calls())


def test_the_act_itself_refuses_to_tell_somebody_who_is_no_longer_callable(called):
    from musterroll.register.acts.attempt import begin_attempt
    from musterroll.register.models import Attempt

    ready = composed(called)
    becomes(called, first_call().person, SERVES)
    assert code_of(begin_attempt, **ready, by=CLERK) == "notice.not-callable"
    assert not Attempt.objects.exists()


def test_no_letter_takes_back_what_nobody_was_told_or_what_still_stands(called):
    from musterroll.register.acts.call import withdraw_call
    from musterroll.register.acts.notice import compose_notice
    from musterroll.register.models import NoticeKind

    ready = notice(called)
    over = {**ready, "kind": NoticeKind.WITHDRAWAL}
    assert code_of(compose_notice, **over, by=CLERK) == "notice.not-due"  # the call is open
    becomes(called, first_call().person, SERVES)
    withdraw_call(call=first_call().pk, by=PROGRAM, at=LETTERS_AT)
    assert code_of(compose_notice, **over, by=CLERK) == "notice.not-due"  # there was no letter
    assert code_of(compose_notice, **ready, by=CLERK) == "notice.not-due"  # there is no call


def test_one_person_whom_mail_may_not_reach_does_not_stop_the_others(called, desk):
    from musterroll.register.queries.person import my_record

    hidden = calls()[1].person
    gives_contact(hidden, "forwarding-token", protected=True)
    desk.compose()
    sent = desk.send()
    assert (sent.handed, sent.unreachable) == (len(calls()) - 1, 1)
    assert desk.mails() == len(calls()) - 1
    record = my_record(hidden, LETTERS_AT)
    assert [(one.kind, one.grade) for one in record.notices] == [("call", "nothing")]  # the letter is in the record


def test_in_a_real_home_mail_goes_to_the_newest_mailbox_that_somebody_gave(called):
    from musterroll.register.letter import mailbox_of

    person = first_call().person
    called.home.founding = dataclasses.replace(
        called.home.founding, fictional=False, seed="", calendar_offset_days=0, wait_hours=72
    )
    assert mailbox_of(person, LETTERS_AT) is None
    gives_contact(person, "+00 1 234")
    assert mailbox_of(person, LETTERS_AT) is None  # a telephone is no mailbox


def test_terms_of_a_draw_say_demonstration_in_a_demonstration_and_nowhere_else(rolled):
    from tests.registerhome import DRAWER, ROUND, count_of

    from musterroll.register import roll, terms
    from musterroll.register.acts.draw import prepare_draw
    from musterroll.register.acts.potcheck import check_pot

    plan = terms.Plan("example-2021-c", ROUND, "0" * 64, "2026-09-21T13:00:00Z")
    check_pot(**count_of(plan.draw), by=DRAWER, at=LETTERS_AT)
    frozen = prepare_draw(draw=plan.draw, by=PROGRAM, at=LETTERS_AT)

    def legal() -> str:
        current = roll.current()
        return terms.manifest(plan, current, frozen, "register.example").legal

    assert legal().startswith("DEMONSTRATION: ")
    rolled.home.founding = dataclasses.replace(
        rolled.home.founding, fictional=False, seed="", calendar_offset_days=0, wait_hours=72
    )
    assert not legal().startswith("DEMONSTRATION")
