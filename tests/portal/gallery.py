"""The portal over invented records: `python -m tests.portal.gallery PORT`. Acts change the records in memory.

The register's queries and acts are stood in for at their interface, so that every state of a page can be looked at
without a database. `tests/portal/test_demo.py` runs the same pages over the real demonstration home.
"""

import os
import sys
import tempfile
from dataclasses import dataclass, replace
from http.server import ThreadingHTTPServer
from pathlib import Path
from socketserver import ThreadingMixIn
from types import ModuleType, SimpleNamespace
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from musterroll.dates import parse_instant
from musterroll.errors import MusterRollError
from musterroll.portal.settings import WEB
from musterroll.register import settings

settings.prepare(WEB)

from django.conf import settings as django_settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from tests.portal import example  # noqa: E402

NOW = parse_instant("2026-11-22T00:10:00Z")
BROKEN = 999
"""A person whose page fails, as if the register had a fault."""
records: dict[int, Any] = dict(example.RECORDS)


@dataclass(frozen=True)
class Actor:
    kind: str

    @staticmethod
    def person(person: int) -> "Actor":
        return Actor("person")


def sign_ins(at: int) -> Any:
    """Opening the start page puts every record back: each test begins there."""
    records.update(example.RECORDS)
    return example.PEOPLE


def my_record(person: int, at: int) -> Any:
    if person == BROKEN:
        raise RuntimeError("something is broken")
    return records[person]


def by_ref(ref: str) -> int:
    if ref == example.BROKEN_REF:
        return BROKEN
    for person, record in records.items():
        if record.ref == ref:
            return person
    raise MusterRollError("person.ref-unknown", "Nobody is known by this ref.")


def letter(person: int, number: str) -> bytes:
    return b"%PDF-1.7 invented"


def ticket(person: int, draw: str, part: str) -> bytes:
    record = records[person]
    own = {(one.draw, one.part) for one in record.receipts} | {(one.draw, "out") for one in record.spared}
    if (draw, part) in own:
        return b'{"kind":"muster-roll/ticket"}'
    raise MusterRollError("ticket.none", "There is no such ticket of yours.")


def declare(*, person: int, attribute: str, answer: str, by: Any, at: int, since: str = "") -> Any:
    record = records[person]
    if answer == "1893-01-01":
        raise MusterRollError(
            "declare.value", "This is not a value that the law knows for this fact.", remedy="Give a later date."
        )
    held = tuple(call for call in record.calls if call.state == "open")
    label = next(d.label for d in record.disputable if d.attribute == attribute)
    records[person] = replace(
        record,
        calls=tuple(
            replace(call, state="held", since="2026-11-22T00:10:00Z", why="this is wrong") for call in record.calls
        ),
        own_words=(*record.own_words, example.OwnWord(attribute, label, answer, "2026-11-22T00:10:00Z", "5a" * 32)),
    )
    return SimpleNamespace(
        before=example.LIABLE.headline,
        after="Your service is deferred. You cannot be called now.",
        held=tuple(call.draw for call in held),
        receipt="5a" * 32,
        filing="",
    )


def disown_record(*, person: int, link: str, by: Any, at: int, mine: bool = False) -> Any:
    record = records[person]
    entry = next(one for one in record.entries if one.link == link)
    if entry.agency == example.REFUSING:
        raise MusterRollError("judge.decided", "An officer has judged since you said so.", remedy="Ask the office.")
    said = "" if mine else "2026-11-22T00:10:00Z"
    calls = record.calls
    if not mine:
        calls = tuple(replace(one, state="held", since=said, why="not my record") for one in calls)
    changed = replace(entry, disowned=said, judgement="confirmed" if mine else "possible")
    entries = tuple(changed if one.link == link else one for one in record.entries)
    records[person] = replace(record, calls=calls, entries=entries)
    after = example.LIABLE.headline if mine else "Whether you are liable is not established."
    return SimpleNamespace(before=example.LIABLE.headline, after=after)


def confirm_decision(*, filing: str, step: int, by: Any, at: int) -> None:
    change_filing(filing, lambda _: example.TOLD)


def appeal_decision(*, filing: str, event: str, by: Any, at: int) -> int:
    change_filing(filing, lambda _: example.APPEALED)
    return 3


def withdraw_filing(*, filing: str, by: Any, at: int) -> int:
    if any(one.code == filing and one.formal == "appealed" for kept in records.values() for one in kept.filings):
        raise MusterRollError("filing.refused", "The law does not let this happen now.", remedy="See your record.")
    change_filing(filing, lambda _: replace(example.CLOSED, code=filing))
    return 3


def change_filing(code: str, change: Any) -> None:
    for person, record in records.items():
        filings = tuple(change(one) if one.code == code else one for one in record.filings)
        records[person] = replace(record, filings=filings)


def confirm_receipt(*, notice: str, by: Any, at: int) -> None:
    for person, record in records.items():
        records[person] = replace(
            record,
            notices=tuple(
                replace(
                    n,
                    grade="received",
                    received=True,
                    grade_words="You said on 22 November 2026 that you received it.",
                )
                for n in record.notices
            ),
        )


def module(name: str, **members: Any) -> None:
    stand_in = ModuleType(name)
    vars(stand_in).update(members)
    sys.modules[name] = stand_in
    parent, _, last = name.rpartition(".")
    setattr(__import__(parent, fromlist=["_"]), last, stand_in)


def stand_in(home_folder: Path) -> None:
    """Put the stand-ins where the portal looks for the register."""
    at_home = SimpleNamespace(
        fictional="GALLERY_REAL" not in os.environ,
        founding=SimpleNamespace(wait_hours=72),
        clock=SimpleNamespace(now=lambda: NOW),
        path=home_folder,
    )
    module("musterroll.register.home", current=lambda: at_home, PUBLIC_FOR_HOURS=72)
    module("musterroll.register.queries.person", my_record=my_record, by_ref=by_ref, letter=letter)
    module("musterroll.register.acts.declare", declare=declare)
    module("musterroll.register.acts.judge", disown_record=disown_record)
    module("musterroll.register.acts.told", confirm_decision=confirm_decision)
    module("musterroll.register.acts.appeal", appeal_decision=appeal_decision, withdraw_filing=withdraw_filing)
    module("musterroll.register.acts.receipt", confirm_receipt=confirm_receipt)
    module("musterroll.register.own_acts", there_are=lambda person: True, archive=lambda person, at: b"PK")
    module("musterroll.register.actor", Actor=Actor)
    import musterroll.register.queries.demo as demo
    import musterroll.register.queries.draw as draw
    import musterroll.register.queries.ledger as ledger
    import musterroll.register.queries.tickets as tickets

    demo.sign_ins = sign_ins
    tickets.ticket = ticket
    draw.public_draws = lambda at: (example.DRAW,)
    ledger.public_ledger = lambda: example.LEDGER

    def public_draw(number: str, at: int) -> Any:
        if number != example.DRAW.draw:
            raise MusterRollError("draw.unknown", "There is no such draw.")
        return example.DRAW

    draw.public_draw = public_draw


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    allow_reuse_address = ThreadingHTTPServer.allow_reuse_address


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


def main(port: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="gallery-"))
    (folder / "published" / "draws" / "2026-1").mkdir(parents=True)
    (folder / "published" / "draws" / "2026-1" / "manifest.json").write_bytes(b"{}")
    (folder / "published" / "draws" / "2026-1" / "linked").symlink_to(folder / "keys" / "secret")
    (folder / "keys").mkdir()
    (folder / "keys" / "secret").write_bytes(b"no")
    django_settings.SECRET_KEY = "invented" * 8
    stand_in(folder)
    server = Server(("127.0.0.1", port), Quiet)
    server.set_app(get_wsgi_application())
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
