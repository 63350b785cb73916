"""The mail server of a demonstration: real SMTP on loopback, into a Maildir; nothing leaves the machine.

1. It takes mail for addresses under `example.invalid` only (RFC 2606: that domain never exists), and relays nothing.
2. A message lies in `new/` under a name made of its Message-ID, whole or not at all. A second copy of the same message
   lies beside the first as `-2`, so that doubling shows.
3. It can be asked whether it has a message (`MailServer.kept`), so that a demonstration that was stopped between
   sending and writing down goes on without sending twice.
"""

import asyncio
import threading
from email import message_from_bytes
from pathlib import Path
from types import TracebackType

from aiosmtpd.smtp import SMTP, Envelope, Session

from musterroll import canonical
from musterroll.errors import MusterRollError
from musterroll.notice.channel import Answer, Outcome

DOMAIN = "example.invalid"
_ANSWER = "2.0.0 kept as"


class Maildir:
    """aiosmtpd's handler: each message a file in `folder`/new."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd's signature
        session: Session,  # noqa: ARG002 - aiosmtpd's signature
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],  # noqa: ARG002 - aiosmtpd's signature
    ) -> str:
        """Take invented addresses, refuse all others."""
        domain = address.rpartition("@")[2].lower()
        if domain != DOMAIN and not domain.endswith(f".{DOMAIN}"):
            return "550 5.1.2 a demonstration sends mail to invented addresses only"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd's signature
        session: Session,  # noqa: ARG002 - aiosmtpd's signature
        envelope: Envelope,
    ) -> str:
        """Keep the message, and answer with the name it is kept under."""
        assert isinstance(envelope.content, bytes)
        stem = _stem(str(message_from_bytes(envelope.content)["Message-ID"]).strip("<>"))
        copy = 1
        while (path := self._folder / "new" / (stem if copy == 1 else f"{stem}-{copy}")).exists():
            copy += 1
        part = self._folder / "tmp" / path.name
        part.write_bytes(envelope.content)
        part.replace(path)
        return f"250 {_ANSWER} {path.name}"

    def kept(self, message_id: str) -> Answer | None:
        """What was answered when the message was taken, or None if it is not here."""
        stem = _stem(message_id)
        return Answer(Outcome.ACCEPTED, "250", f"{_ANSWER} {stem}") if (self._folder / "new" / stem).exists() else None


class MailServer:
    """A context in which the mail server listens on 127.0.0.1:`port` (0 takes a free one, which is then in `port`)."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.port = port
        self._handler = Maildir(folder)
        self.kept = self._handler.kept
        self._loop = asyncio.new_event_loop()
        self._sessions: list[SMTP] = []
        self._thread = threading.Thread(target=self._loop.run_forever, name="demonstration mail", daemon=True)

    def __enter__(self) -> "MailServer":
        try:
            self._server = self._loop.run_until_complete(
                self._loop.create_server(self._session, "127.0.0.1", self.port)
            )
        except OSError:
            self._loop.close()
            raise MusterRollError(
                "port.taken",
                "Another program listens on the port of the demonstration's mail server.",
                where=f"127.0.0.1:{self.port}",
                remedy="Stop it, or choose another port.",
                exit_code=2,
            ) from None
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _session(self) -> SMTP:
        session = SMTP(self._handler, hostname="demonstration", loop=self._loop)
        self._sessions.append(session)
        return session

    async def _stop(self) -> None:
        self._server.close()
        for session in self._sessions:
            if session.transport:
                session.transport.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _stem(message_id: str) -> str:
    return canonical.sha256_hex(message_id.encode())[:24]
