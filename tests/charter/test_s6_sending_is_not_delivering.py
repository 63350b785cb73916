"""S6: sending is not delivering. Attempts to make time run, or anything follow, without a receipt.

X4: no notice is deemed served by being sent, and no names are published as service.
"""

import ast
import re
from pathlib import Path

import pytest

from musterroll.entry.kind import Act, Kind
from musterroll.errors import MusterRollError
from musterroll.notice import mail
from musterroll.notice.channel import Outcome
from musterroll.notice.delivery import MEANINGS, Event, Evidence, Grade, grade_of
from musterroll.notice.service import DAY_AFTER, SAME_DAY, Rule, starts_on

SOURCE = Path("src/musterroll")
RECEIPTS = {Event.HANDED_OVER, Event.CONFIRMED}


def test_only_the_persons_own_word_and_the_carriers_hand_over_are_receipts():
    assert {event for event, meaning in MEANINGS.items() if meaning.grade.receipt} == RECEIPTS


@pytest.mark.parametrize("grade", [grade for grade in Grade if grade < Grade.HANDED_OVER])
@pytest.mark.parametrize("counts", [DAY_AFTER, SAME_DAY])
def test_a_pack_cannot_let_time_run_from_less(grade, counts):
    with pytest.raises(MusterRollError) as caught:
        Rule("e-mail", grade, counts, "art. 1")
    assert caught.value.code == "service.deemed"


def test_however_often_something_is_sent_no_time_runs():
    rules = [Rule(channel, Grade.HANDED_OVER, SAME_DAY, "art. 1") for channel in ("e-mail", "post", "portal")]
    evidence = [
        Evidence(attempt, channel, event, attempt * 86_400)
        for attempt in range(50)
        for channel in ("e-mail", "post", "portal")
        for event in Event
        if event not in RECEIPTS
    ]
    assert starts_on(rules, evidence) is None
    assert not grade_of(evidence).receipt


def test_a_channels_answer_is_never_a_receipt():
    # What a channel can answer, and the best that each is evidence of.
    assert set(Outcome) == {"accepted", "postponed", "refused", "uncertain"}
    assert MEANINGS[Event.ACCEPTED].grade is Grade.SUBMITTED


def test_signing_in_looking_and_read_receipts_are_no_events_and_no_acts():
    words = re.compile("sign.?in|login|logged|opened by person|viewed|seen|read receipt|displayed|visit|click")
    assert not [event for event in Event if words.search(event.value)]
    assert not [kind for kind in (*Kind, *Act) if words.search(kind.value)]


def test_no_column_keeps_when_somebody_last_signed_in_or_looked():
    models = "\n".join(path.read_text() for path in sorted((SOURCE / "register" / "models").glob("*.py")))
    names = {
        target.id
        for node in ast.walk(ast.parse(models))
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    assert names
    assert not [
        name for name in names if re.search("last_login|signed_in|last_seen|last_visit|viewed|read_at|opened", name)
    ]


def test_a_mail_carries_no_link_picture_or_other_trap_that_would_tell_who_opened_it():
    for link in ("http://a.example", "https://a.example/?id={number}", "www.a.example"):
        with pytest.raises(MusterRollError):
            mail.parse(f"language: en\nsubject: x\ntext: ['{link}']\n", where="mail")
    channel = (SOURCE / "register/channels/smtp.py").read_text()
    assert "Disposition-Notification-To" not in channel
    assert "add_alternative" not in channel


def test_no_letter_of_any_pack_says_that_it_counts_as_served():
    letters = sorted(Path("packs").glob("*/letters/*.yaml"))
    assert letters
    deemed = re.compile(
        r"deemed|considered (as )?(served|delivered|received)|counts as (served|delivered|received)", re.I
    )
    assert not [path.name for path in letters if deemed.search(path.read_text())]
