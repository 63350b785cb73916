"""S9: a worsening that waits is told by letter, and counts for nobody who was not told."""

import pytest
from tests.registerhome import CLERK, LETTERS_AT, PEOPLE, PROGRAM, TODAY, Stage

from musterroll.errors import MusterRollError
from musterroll.notice.channel import Answer, Capability, Outcome

HOURS = 3_600
PERSON, COUNTS = 3, TODAY + 130


def queued(stage: Stage) -> str:
    """The letter of one waiting worsening, composed; its campaign is public from LETTERS_AT on."""
    from musterroll.register import log
    from musterroll.register.acts.campaign import compose_telling, queue_campaign
    from musterroll.register.campaign import Letter
    from musterroll.register.models import Telling

    stage.clock.at = LETTERS_AT
    letters = [Letter(person, "service", COUNTS) for person in (PERSON, 4)]
    number = queue_campaign(telling=Telling.WORSENING, subject="s" * 64, letters=letters, by=PROGRAM, at=LETTERS_AT)
    log.publish(by=PROGRAM, at=LETTERS_AT)
    return compose_telling(
        campaign=number,
        of=letters[0],
        channel="email",
        title="Something changes",
        words=["It does not count yet."],
        letter=b"%PDF",
        by=CLERK,
        at=LETTERS_AT,
    )


def hand_over(number: str, at: int, outcome: Outcome = Outcome.ACCEPTED) -> None:
    from musterroll.register.acts.attempt import begin_attempt, record_attempt

    begin_attempt(notice=number, capability=Capability.BLIND, by=CLERK, at=at)
    record_attempt(notice=number, answer=Answer(outcome, "250", "words"), by=CLERK, at=at)


def told() -> int | None:
    from musterroll.register.told import told_on

    return told_on([PERSON], "service", COUNTS)


def test_nothing_of_it_goes_out_before_it_is_public(called):
    number = queued(called)
    with pytest.raises(MusterRollError) as problem:
        hand_over(number, LETTERS_AT + HOURS)
    assert problem.value.code == "gate.closed"
    assert told() is None


def test_it_is_told_on_the_day_on_which_a_carrier_took_it_over(called):
    from musterroll.register import home

    number = queued(called)
    hand_over(number, LETTERS_AT + 100 * HOURS)
    assert told() == home.current().legal_day(LETTERS_AT + 100 * HOURS)


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.POSTPONED, Outcome.UNCERTAIN])
def test_a_letter_that_no_carrier_took_told_nobody(called, outcome):
    number = queued(called)
    hand_over(number, LETTERS_AT + 100 * HOURS, outcome)
    assert told() is None


def test_the_letter_of_another_question_or_another_worsening_does_not_count_for_this_one(called):
    from musterroll.register.told import told_on

    hand_over(queued(called), LETTERS_AT + 100 * HOURS)
    assert told_on([PERSON], "another", COUNTS) is None
    assert told_on([PERSON], "service", COUNTS + 1) is None
    assert told_on([4], "service", COUNTS) is None


def test_the_list_of_a_campaign_lies_sealed_and_shows_nobody(called):
    from tests.register.attempts import ref

    from musterroll.register import home

    queued(called)
    (file,) = (home.current().path / "letters" / "campaigns").glob("*.sealed")
    data = file.read_bytes()
    assert b"service" not in data
    assert not any(ref(person).encode() in data for person in PEOPLE)
    assert file.parent.stat().st_mode & 0o077 == 0


def test_who_is_erased_is_struck_from_the_list(called):
    from musterroll.register import campaign
    from musterroll.register.models import Campaign

    queued(called)
    campaign.erase([PERSON])
    row = Campaign.objects.get(telling="worsening")
    assert [one.person for one in campaign.opened(row.sha256)] == [4]
