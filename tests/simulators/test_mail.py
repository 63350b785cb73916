"""The mail channel against real SMTP servers: the demonstration's own, and scripted ones that fail at each step."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from threading import Thread

import pytest

from musterroll.demo.mail import MailServer
from musterroll.errors import MusterRollError
from musterroll.notice.channel import Capability, Message, Outcome, Passed, message_id
from musterroll.register.channels.smtp import Smtp, encode

AT = 1_790_294_400  # 2026-09-25T00:00:00Z
PASSED = Passed("2026-000017", AT)
TEXT = "DEMONSTRATION\n\nYou have a notice. Größe, 通知, إشعار.\n"


def message(recipient: str = "ada@example.invalid", number: str = "2026-000017") -> Message:
    return Message(
        notice=number,
        message_id=message_id(number, "registry.example.invalid"),
        sender="registry@registry.example.invalid",
        recipient=recipient,
        subject="You have a notice (2026-000017)",
        text=TEXT,
    )


@contextmanager
def scripted(*answers: bytes | None, delay_close: bool = False) -> Iterator[tuple[int, list[bytes]]]:
    """A server that greets with the first answer and gives one more a line; None hangs up. After 354 it reads to `.`"""
    heard: list[bytes] = []

    def talk(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as wire:
            for number, answer in enumerate(answers):
                if number:
                    line = wire.readline()
                    heard.append(line)
                    if number > 1 and answers[number - 1] and answers[number - 1].startswith(b"354"):
                        while line != b".\r\n":
                            line = wire.readline()
                if answer is None:
                    return
                wire.write(answer + b"\r\n")
                wire.flush()
            wire.readline()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=talk, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1], heard
        thread.join(5)


def test_a_notice_lies_in_the_mailbox_as_it_was_sent(tmp_path: Path):
    with MailServer(tmp_path) as server:
        answer = Smtp("127.0.0.1", server.port).send(message(), passed=PASSED, at=AT, attempt="a-1")
    assert answer.outcome is Outcome.ACCEPTED
    assert answer.code == "250"
    (kept,) = (tmp_path / "new").iterdir()
    assert answer.words.endswith(kept.name)
    mail = message_from_bytes(kept.read_bytes(), policy=policy.default)
    assert mail["Message-ID"] == "<notice.2026-000017@registry.example.invalid>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Fri, 25 Sep 2026 00:00:00 -0000"
    assert mail.get_content().replace("\r\n", "\n") == TEXT
    assert kept.read_bytes() == encode(message(), at=AT)


def test_a_mail_server_that_can_be_asked_gives_the_answer_it_gave(tmp_path: Path):
    with MailServer(tmp_path) as server:
        channel = Smtp("127.0.0.1", server.port, kept=server.kept)
        assert channel.capability is Capability.RECONCILABLE
        assert server.kept(message().message_id) is None
        answer = channel.send(message(), passed=PASSED, at=AT, attempt="a-1")
        # The process died before it wrote this down: asked later, the server says the very same.
        assert server.kept(message().message_id) == answer
    assert Smtp("127.0.0.1", 25).capability is Capability.BLIND


def test_a_second_copy_of_one_notice_shows(tmp_path: Path):
    with MailServer(tmp_path) as server:
        for _ in range(2):
            Smtp("127.0.0.1", server.port).send(message(), passed=PASSED, at=AT, attempt="a-1")
        Smtp("127.0.0.1", server.port).send(
            message(number="2026-000018"), passed=Passed("2026-000018", AT), at=AT, attempt="a-2"
        )
    names = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert len(names) == 3
    assert len([name for name in names if name.endswith("-2")]) == 1
    assert not list((tmp_path / "tmp").iterdir())


def test_the_demonstration_writes_to_invented_addresses_only(tmp_path: Path):
    with MailServer(tmp_path) as server:
        answer = Smtp("127.0.0.1", server.port).send(
            message("somebody@example.org"), passed=PASSED, at=AT, attempt="a-1"
        )
        assert (
            Smtp("127.0.0.1", server.port)
            .send(message("a@town.example.invalid"), passed=PASSED, at=AT, attempt="a-2")
            .outcome
            is Outcome.ACCEPTED
        )
    assert answer.outcome is Outcome.REFUSED
    assert answer.words == "5.1.2 a demonstration sends mail to invented addresses only"


def test_a_taken_port_is_named(tmp_path: Path):
    with MailServer(tmp_path) as server, pytest.raises(MusterRollError) as caught:
        MailServer(tmp_path, server.port).__enter__()
    assert caught.value.code == "port.taken"


def test_mail_is_handed_to_this_machine_only():
    with pytest.raises(MusterRollError) as caught:
        Smtp("mail.example.org", 25)
    assert caught.value.code == "smtp.not-local"


@pytest.mark.parametrize(
    ("answers", "outcome", "code"),
    [
        # A server that is not ready, at each step before the message: certainly not taken over.
        ([b"421 busy"], Outcome.POSTPONED, "421"),
        ([b"554 go away"], Outcome.REFUSED, "554"),
        ([None], Outcome.POSTPONED, "no connection"),
        ([b"220 hello", b"421 busy"], Outcome.POSTPONED, "421"),
        ([b"220 hello", None], Outcome.POSTPONED, "broken off"),
        ([b"220 hello", b"250 hello", b"451 later"], Outcome.POSTPONED, "451"),
        ([b"220 hello", b"250 hello", b"250 ok", b"450 greylisted"], Outcome.POSTPONED, "450"),
        ([b"220 hello", b"250 hello", b"250 ok", b"550 ada@example.invalid is unknown"], Outcome.REFUSED, "550"),
        ([b"220 hello", b"250 hello", b"250 ok", b"250 ok", b"452 full"], Outcome.POSTPONED, "452"),
        # From here on the message is out of our hands.
        ([b"220 hello", b"250 hello", b"250 ok", b"250 ok", b"354 go on", None], Outcome.UNCERTAIN, "no answer"),
        ([b"220 hello", b"250 hello", b"250 ok", b"250 ok", b"354 go on", b"554 spam"], Outcome.REFUSED, "554"),
        ([b"220 hello", b"250 hello", b"250 ok", b"250 ok", b"354 go on", b"299 what"], Outcome.UNCERTAIN, "299"),
        ([b"220 hello", b"250 hello", b"250 ok", b"251 relayed", b"354 go on", b"250 q 1"], Outcome.ACCEPTED, "250"),
    ],
)
def test_every_way_a_server_can_go_is_an_answer(answers, outcome, code):
    with scripted(*answers) as (port, _):
        answer = Smtp("127.0.0.1", port, timeout=3).send(message(), passed=PASSED, at=AT, attempt="a-1")
    assert (answer.outcome, answer.code) == (outcome, code)
    assert "ada@example.invalid" not in answer.words


def test_a_server_that_does_not_answer_in_time_leaves_the_attempt_uncertain():
    answers = [b"220 hello", b"250 hello", b"250 ok", b"250 ok", b"354 go on"]
    with scripted(*answers) as (port, _):
        answer = Smtp("127.0.0.1", port, timeout=0.3).send(message(), passed=PASSED, at=AT, attempt="a-1")
    assert answer.outcome is Outcome.UNCERTAIN


def test_no_server_at_all_is_no_delivery():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert (
        Smtp("127.0.0.1", port, timeout=1).send(message(), passed=PASSED, at=AT, attempt="a-1").outcome
        is Outcome.POSTPONED
    )


def test_a_server_that_can_is_asked_to_say_what_became_of_the_mail():
    # RFC 3461: ENVID is our attempt, so that a status notification finds its way back.
    answers = [b"220 hello", b"250-hello\r\n250 DSN", b"250 ok", b"250 ok", b"354 go on", b"250 ok"]
    with scripted(*answers) as (port, heard):
        Smtp("127.0.0.1", port, timeout=3).send(message(), passed=PASSED, at=AT, attempt="a-1")
    assert heard[1] == b"mail FROM:<registry@registry.example.invalid> RET=HDRS ENVID=a-1\r\n"
    assert heard[2] == b"rcpt TO:<ada@example.invalid> NOTIFY=SUCCESS,FAILURE,DELAY\r\n"
