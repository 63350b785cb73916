"""Electronic mail, handed to the mail server of this machine (RFC 5321).

1. This channel is *blind*, since nobody can ask a mail server later whether it took a message: a lost answer is
   `uncertain`, and the pack says whether such an attempt is repeated, with the same Message-ID. Where the server's own
   store can be asked (`kept`), the channel is *reconcilable*: an attempt that was never closed is looked up, and sent
   only if it is certainly not there.
2. "Accepted" means that the mail server took the message over for relay. It is not delivery and not receipt.
3. The server is on this machine (Postfix or the like): it queues, retries, signs and encrypts, as a mail server can and
   a register should not. So no password and no certificate are here, and another host is refused.
4. What the server answered is the evidence; the address is cut out of its words, since evidence is read by people.
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import formatdate

from musterroll.errors import MusterRollError
from musterroll.notice.channel import Answer, Capability, Message, Outcome, Passed

NAME = "e-mail"
LOCAL_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
_MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server at `host`:`port` on this machine; `timeout` seconds for each answer.

    `kept` gives the answer that the server gave, or would have given, to a message id that it has, and None for one
    that it certainly has not. Without it nobody can be asked.
    """

    host: str
    port: int
    timeout: float = 20.0
    kept: Callable[[str], Answer | None] | None = None

    def __post_init__(self) -> None:
        if self.host not in LOCAL_HOSTS:
            raise MusterRollError(
                "smtp.not-local",
                "Mail is handed to a mail server on this machine only.",
                where=self.host,
                remedy="Run a mail server here (Postfix, for one) and let it relay to the other host.",
                exit_code=2,
            )

    @property
    def capability(self) -> Capability:
        """What this channel promises about a second copy."""
        return Capability.BLIND if self.kept is None else Capability.RECONCILABLE

    def send(self, message: Message, *, passed: Passed, at: int, attempt: str) -> Answer:
        """Hand `message` over at second `at`; `attempt` comes back in delivery status notifications (RFC 3461 ENVID).

        Never raises for what the server does: every way it can go is an `Answer`. Raises MusterRollError
        `gate.not-passed` for a notice that the gate did not let through.
        """
        message.check(passed)
        try:
            server = smtplib.SMTP(self.host, self.port, local_hostname="localhost", timeout=self.timeout)
        except smtplib.SMTPResponseException as problem:
            return _answer(problem.smtp_code, problem.smtp_error, message)
        except (OSError, smtplib.SMTPException) as problem:
            return Answer(Outcome.POSTPONED, "no connection", type(problem).__name__)
        try:
            return _hand_over(server, message, at, attempt)
        finally:
            server.close()


def encode(message: Message, *, at: int) -> bytes:
    """The message as it goes over the wire: the same bytes for the same message and instant."""
    mail = EmailMessage()
    mail["From"] = message.sender
    mail["To"] = message.recipient
    mail["Subject"] = message.subject
    mail["Date"] = formatdate(at)
    mail["Message-ID"] = f"<{message.message_id}>"
    mail["Content-Language"] = message.language
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text, cte="quoted-printable")
    return mail.as_bytes(policy=policy.SMTP)


def _hand_over(server: smtplib.SMTP, message: Message, at: int, attempt: str) -> Answer:
    try:
        code, words = server.ehlo("localhost")
        if not 200 <= code < 300:
            return _answer(code, words, message)
        notifies = server.has_extn("dsn")
        code, words = server.mail(message.sender, ["RET=HDRS", f"ENVID={attempt}"] if notifies else [])
        if code != 250:
            return _answer(code, words, message)
        code, words = server.rcpt(message.recipient, ["NOTIFY=SUCCESS,FAILURE,DELAY"] if notifies else [])
        if code not in (250, 251):
            return _answer(code, words, message)
    except (OSError, smtplib.SMTPException) as problem:
        # Not one byte of the message has left us: it was certainly not taken over.
        return Answer(Outcome.POSTPONED, "broken off", type(problem).__name__)
    try:
        code, words = server.data(encode(message, at=at))
    except smtplib.SMTPDataError as problem:
        return _answer(problem.smtp_code, problem.smtp_error, message)
    except (OSError, smtplib.SMTPException) as problem:
        return Answer(Outcome.UNCERTAIN, "no answer", type(problem).__name__)
    return _answer(code, words, message)


def _answer(code: int, words: bytes | str, message: Message) -> Answer:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    text = " ".join(text.replace(message.recipient, "(recipient)").split())[:_MOST_WORDS]
    if code == 250:
        outcome = Outcome.ACCEPTED
    elif 500 <= code < 600:
        outcome = Outcome.REFUSED
    elif 400 <= code < 500:
        outcome = Outcome.POSTPONED
    else:
        outcome = Outcome.UNCERTAIN
    return Answer(outcome, str(code), text)
