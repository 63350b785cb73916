"""S11: a channel opens only when order and pack have stood under cosigned checkpoints for 72 hours. No off switch."""

import ast
import dataclasses
import inspect
import io
import re
from pathlib import Path

import pypdf
import pytest
from tests.register.attempts import composed
from tests.registerhome import CLERK, LETTERS_AT, PROGRAM, RESULT_AT, Stage

from musterroll.errors import MusterRollError
from musterroll.notice.letter import Office
from musterroll.register.actor import Actor

HOURS = 3_600
LETTERS = Path("packs/example/letters")


def code_of(action, *args, **kwargs) -> str:
    with pytest.raises(MusterRollError) as problem:
        action(*args, **kwargs)
    return problem.value.code


def test_a_channel_opens_after_72_hours_and_not_a_second_before(called):
    from musterroll.register import gate
    from musterroll.register.acts.attempt import begin_attempt

    order, opens = called.made["order"], RESULT_AT + 72 * HOURS
    assert not gate.is_open(order, opens - 1)
    assert gate.is_open(order, opens)
    ready = composed(called)
    early = {**ready, "at": opens - 1}
    assert code_of(begin_attempt, **early, by=CLERK) == "gate.closed"
    assert begin_attempt(**{**ready, "at": opens}, by=CLERK).startswith("notice.")


def test_an_order_that_no_checkpoint_covers_opens_nothing_however_long_one_waits(rolled):
    from tests.register.attempts import order
    from tests.registerhome import DRAWER

    from musterroll.register import gate
    from musterroll.register.acts.call import order_call

    number = order_call(**order(rolled), by=DRAWER)
    with pytest.raises(MusterRollError) as problem:
        gate.open_channel(number, RESULT_AT + 10_000 * HOURS)
    assert problem.value.code == "gate.closed"
    assert "once the witnesses have cosigned" in problem.value.where


def test_the_witnesses_time_counts_not_ours(rolled):
    """The register publishes with a clock of its own choice; the witnesses' clocks run on."""
    from tests.register.attempts import order
    from tests.registerhome import DRAWER

    from musterroll.register import gate, log
    from musterroll.register.acts.call import order_call

    number = order_call(**order(rolled), by=DRAWER)
    rolled.clock.at = RESULT_AT + 50 * HOURS  # when the witnesses saw it
    log.publish(by=PROGRAM, at=RESULT_AT)  # when we say that it was
    assert not gate.is_open(number, RESULT_AT + 121 * HOURS)
    assert gate.is_open(number, RESULT_AT + 122 * HOURS)


def test_a_policy_with_fewer_than_three_witnesses_opens_nothing(called):
    from musterroll.ledger.policy import Group
    from musterroll.register import gate, log

    terms = log.pinned()
    two = dataclasses.replace(
        terms, witnesses=terms.witnesses[:2], groups=(Group("outside", 2, ("court", "authority")),)
    )
    called.home.policy.write_bytes(two.encode())
    assert not gate.is_open(called.made["order"], RESULT_AT + 1_000 * HOURS)


def test_a_checkpoint_whose_cosignature_is_false_opens_nothing(called):
    from musterroll.ledger.note import COSIGNATURE, PrivateKey
    from musterroll.register import gate, log

    terms = log.pinned()
    strangers = tuple(
        dataclasses.replace(
            one, key=PrivateKey(one.key.name, COSIGNATURE, one.name.encode().ljust(32, b"?")).public_key
        )
        for one in terms.witnesses
    )
    called.home.policy.write_bytes(dataclasses.replace(terms, witnesses=strangers).encode())
    assert code_of(gate.is_open, called.made["order"], RESULT_AT + 1_000 * HOURS) in ("policy.quorum", "note.signature")


def test_no_setting_and_no_argument_shortens_the_time_in_a_real_home():
    from musterroll.register import gate, home

    assert code_of(home.Founding, fictional=False, origin="x", wait_hours=0) == "home.fictional-only"
    assert home.Founding(fictional=False, origin="x").wait_hours == 72
    assert set(gate.open_channel.__annotations__) == {"order", "at", "return"}


def test_a_demonstration_may_shorten_the_time_and_its_home_says_so(called: Stage):
    from musterroll.register import gate

    called.home.founding = dataclasses.replace(called.home.founding, wait_hours=1)
    assert gate.is_open(called.made["order"], RESULT_AT + HOURS)
    assert b'"wait_hours":1' in called.home.founding.encode()


def test_an_attempt_is_written_down_before_the_channel_is_called_and_never_repeated_blindly(called):
    from musterroll.notice.channel import Answer, Capability, Next, Outcome
    from musterroll.register.acts.attempt import begin_attempt, next_step, record_attempt
    from musterroll.register.models import Attempt

    ready = composed(called)
    step = {"notice": ready["notice"], "capability": Capability.BLIND}
    assert code_of(record_attempt, notice=ready["notice"], answer=Answer(Outcome.ACCEPTED, "", ""), by=CLERK, at=0) == (
        "attempt.none"
    )
    assert next_step(**step) is Next.SEND
    begin_attempt(**ready, by=CLERK)
    assert Attempt.objects.count() == 1
    assert next_step(**step) is Next.ASK_A_HUMAN  # the process died: nobody knows
    assert code_of(begin_attempt, **ready, by=CLERK) == "attempt.not-now"
    record_attempt(notice=ready["notice"], answer=Answer(Outcome.POSTPONED, "450", "later"), by=CLERK, at=ready["at"])
    assert next_step(**step) is Next.SEND


def test_sending_is_not_delivering_and_only_the_person_s_own_word_is_receipt(called):
    from tests.register.attempts import first_call

    from musterroll.notice.channel import Answer, Outcome
    from musterroll.register.acts.attempt import begin_attempt, record_attempt
    from musterroll.register.acts.receipt import confirm_receipt
    from musterroll.register.queries.person import letter, my_record

    person, ready = first_call().person, composed(called)
    shown = lambda: my_record(person, ready["at"]).notices[0]  # noqa: E731
    assert shown().grade == "nothing"
    begin_attempt(**ready, by=CLERK)
    record_attempt(notice=ready["notice"], answer=Answer(Outcome.ACCEPTED, "250", "ok"), by=CLERK, at=ready["at"])
    assert (shown().grade, shown().received) == ("submitted", False)
    confirm_receipt(notice=ready["notice"], by=Actor.person(person), at=ready["at"])
    assert (shown().grade, shown().received) == ("received", True)
    assert letter(person, ready["notice"]) == b"%PDF-letter"
    assert code_of(letter, person + 1, ready["notice"]) == "notice.unknown"


SOURCE = Path("src/musterroll")
CHANNELS = {
    "e-mail": "register/channels/smtp.py",
}
"""Every way by which something reaches a person from here, and its module. Add a channel here and to the test below."""


def test_every_channel_is_in_the_list():
    """A new module beside them, or a socket to a mail server or a printing house elsewhere, fails here."""
    there = {path.relative_to(SOURCE).as_posix() for path in (SOURCE / "register" / "channels").glob("*.py")}
    assert there - {"register/channels/__init__.py"} == set(CHANNELS.values())
    outgoing = re.compile(r"^\s*(import|from) (smtplib|ftplib|telnetlib|poplib|imaplib|paramiko)", re.MULTILINE)
    found = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if outgoing.search(path.read_text())}
    assert found == set(CHANNELS.values())


def test_every_channel_asks_for_the_gate_s_word_for_exactly_this_notice(called):
    """No default, no None: a channel cannot be called without it."""
    from musterroll.notice.channel import Message, Passed
    from musterroll.register.channels import smtp

    channels = {"e-mail": smtp.Smtp("127.0.0.1", 1)}
    assert channels.keys() == CHANNELS.keys()
    other = Passed("AAAA-BBBB-CCCC", RESULT_AT)
    message = Message("DDDD-EEEE-FFFF", "notice.x@y.example", "a@y.example", "b@z.example", "You have a notice", "Text")
    for channel in channels.values():
        asked = inspect.signature(channel.send).parameters["passed"]
        assert asked.default is inspect.Parameter.empty
        assert asked.annotation is Passed
        assert code_of(channel.send, message, passed=other, at=RESULT_AT, attempt="x") == "gate.not-passed"


def test_only_the_gate_gives_its_word():
    made = [
        path.relative_to(SOURCE).as_posix()
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Passed"
    ]
    assert made == ["register/gate.py"]


def test_the_gate_gives_its_word_only_when_it_is_open(called):
    from musterroll.register import gate
    from musterroll.register.models import Notice

    row = Notice.objects.get(number=composed(called)["notice"])
    opens = RESULT_AT + 72 * HOURS
    assert code_of(gate.open_channel_for, row, opens - 1) == "gate.closed"
    assert gate.open_channel_for(row, opens).notice == row.number


def test_a_letter_bears_the_digest_of_the_witnesses_list_as_it_is_published(called):
    """Rendered: the digest stands in the PDF's own text, and anybody can compute it from published/policy.txt."""
    from musterroll import canonical
    from musterroll.engine import letter_typst
    from musterroll.register import overlay, trust
    from musterroll.register.letter import call_letter, stationery
    from musterroll.register.models import Call

    call = Call.objects.order_by("id").first()
    paper = stationery(LETTERS, office=Office("The Registry", ()), sender="registry@registry.example.invalid")
    letter = call_letter(call, overlay.now(call.person, LETTERS_AT), paper)
    pdf = pypdf.PdfReader(io.BytesIO(letter_typst.compose(letter, paper.words, at=LETTERS_AT)))
    text = "".join(page.extract_text() for page in pdf.pages)
    digest = canonical.sha256_hex(trust.publish().read_bytes())
    assert digest in "".join(text.split())
    assert "Witnesses' list" in text.replace("’", "'")
    assert b"http" not in trust.policy()  # where a witness listens changes; whom one trusts does not


def test_a_demonstration_that_sends_sooner_says_so_on_its_letters_mails_pages_and_terminal(called):
    from musterroll.register.letter import stationery
    from musterroll.register.queries.state import state

    office = Office("The Registry", ())
    usual = stationery(LETTERS, office=office, sender="registry@registry.example.invalid").words.demonstration
    assert "hours" not in usual
    called.home.founding = dataclasses.replace(called.home.founding, wait_hours=1)
    words = stationery(LETTERS, office=office, sender="registry@registry.example.invalid").words
    said = "Letters go out 1 hours after the order is public, not 72."
    assert words.demonstration == f"{usual} {said}"  # the mark of the sheet, and the first line of each mail
    assert any("1 hours after the order is public" in value for _, value in state())
    assert "{% if wait_hours < usual_hours %}" in (SOURCE / "portal/templates/portal/layout.html").read_text()
