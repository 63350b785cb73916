"""Everything in the log about one person, for that person: each act with what opens it and the proof that it is there.

1. One archive, the same bytes for the same state: of every act `act.json` (what the register wrote, the salt),
   `entry.json` (the public entry, byte for byte) and, once a checkpoint covers it, `entry.tlog-proof`, which anybody
   can check without the log (docs/spec/ledger.md); and the policy whose digest stands on every letter.
2. `head.note` is signed by the log: so many acts there were, and this was the last. Whoever keeps it can show later
   that one of them was removed or changed (`entry.statement`).
3. Nothing is written because somebody looked (charter S6).
"""

import io
import zipfile
from collections.abc import Iterator

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical
from musterroll.entry import seal, statement
from musterroll.entry.chain import Head
from musterroll.entry.statement import Statement
from musterroll.errors import MusterRollError
from musterroll.ledger import checkpoint, note
from musterroll.register import log, shards, trust
from musterroll.register.acts.writing import ref_of
from musterroll.register.models import Entry, PersonKey, PublishedCheckpoint


def there_are(person: int) -> bool:
    """Whether the log holds an act about the person, under a published checkpoint or soon."""
    return _acts(person).exists() and PublishedCheckpoint.objects.exists()


def archive(person: int, at: int) -> bytes:
    """The archive, as at second `at`. Raises MusterRollError `acts.none` where there is no act about the person."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        for name, data in _files(person, at):
            member = zipfile.ZipInfo(name)
            member.external_attr = 0o644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            files.writestr(member, data)
    return packed.getvalue()


def head(person: int, at: int) -> bytes:
    """What the log signs about where the person's acts end. Raises MusterRollError `acts.none` or `log.waiting`."""
    last = _acts(person).order_by("-n").first()
    if last is None:
        raise _none()
    published = PublishedCheckpoint.objects.order_by("-size").first()
    if published is None:
        raise MusterRollError(
            "log.waiting", "No checkpoint is published yet.", remedy="Wait for the next checkpoint.", exit_code=2
        )
    current = checkpoint.parse(note.decode(bytes(published.note)).text)
    said = Statement(ref_of(person), Head(last.n, bytes(last.commitment)), current, at)
    return statement.sign(said, shards.own_keys(current.origin)[-1])


def _files(person: int, at: int) -> Iterator[tuple[str, bytes]]:
    kp = PersonKey.objects.filter(person=person).values_list("kp", flat=True).first()
    if kp is None:
        raise _none()
    yield "head.note", head(person, at)
    yield "policy.txt", trust.policy()
    for row in _acts(person).order_by("n"):
        folder = f"{row.n:04}-{row.act}"
        salt = seal.salt(bytes(kp), row.uuid).hex()
        yield f"{folder}/act.json", canonical.encode({"payload": bytes(row.payload).decode(), "salt": salt, "v": 1})
        yield f"{folder}/entry.json", bytes(row.entry)
        if log.covering(row) is not None:
            yield f"{folder}/entry.tlog-proof", log.proof_of(row)


def _acts(person: int):  # type: ignore[no-untyped-def]  # a query of Django's
    return Entry.objects.filter(person=person, payload__isnull=False)


def _none() -> MusterRollError:
    return MusterRollError("acts.none", "The log holds no act about you.", remedy="Look again when something was done.")
