"""Composing a notice: its letter is fixed, numbered and logged before anything can be sent.

A call is told while it is open. Its withdrawal is told to whoever has the letter of the call, and to nobody else.
"""

from collections.abc import Iterable
from pathlib import Path

from musterroll import canonical
from musterroll.claim.progress import CallState
from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError
from musterroll.ids import keyed
from musterroll.notice import check_code
from musterroll.register import files, home, permissions, policies
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act, same
from musterroll.register.models import Call, Notice, NoticeKind

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def number_of(*, call: int, kind: NoticeKind) -> str:
    """The number printed in the notice of `kind` for a call: twelve letters from which nothing can be read."""
    return number_from(f"{kind.value}/{_call(call).entry.uuid}")


def number_from(label: str) -> str:
    """The number of the notice with this natural key."""
    value = int.from_bytes(keyed(home.current().keys.secret("notice"), b"number", label.encode())[:8], "big")
    letters = "".join(_LETTERS[value >> (5 * place) & 31] for place in reversed(range(12)))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def code_of(number: str) -> str:
    """The check code printed beside a notice's number."""
    return check_code.make(home.current().keys.secret("notice"), number)


@act
def compose_notice(
    *, call: int, kind: NoticeKind, channel: str, title: str, words: Iterable[str], letter: bytes, by: Actor, at: int
) -> str:
    """Fix the notice of `kind` for a call; give its number.

    `letter` is the finished letter (PDF), kept under its digest; `words` its text, a paragraph each.
    """
    permissions.check_may("compose_notice", by)
    row = _call(call)
    number = number_of(call=call, kind=kind)
    there = Notice.objects.filter(call=row, kind=kind, channel=channel).first()
    if there is not None:
        return number_again(there, letter)
    _check_there_is_something_to_tell(row, kind)
    composed = Notice(
        number=number,
        person=row.person,
        call=row,
        kind=kind,
        channel=channel,
        title=title,
        words=list(words),
        at=at,
    )
    return fixed(composed, letter, by)


def number_again(there: Notice, letter: bytes) -> str:
    """The number of a notice that is composed already; another letter than its own is refused (`same`)."""
    same("notice", letter=(there.letter_sha256, canonical.sha256_hex(letter)))
    return str(there.number)


def fixed(composed: Notice, letter: bytes, by: Actor) -> str:
    """Keep the letter of a notice that is not stored yet, log it and store it; give its number."""
    composed.letter_sha256 = canonical.sha256_hex(letter)
    path = letter_path(composed.letter_sha256)
    if not path.exists():
        files.write_whole(path, letter)
    composed.entry = writing.personal(
        Act.NOTICE_COMPOSED,
        person=composed.person,
        by=by,
        label=f"notice/{composed.number}/{composed.channel}",
        at=composed.at,
        channel=composed.channel,
        kind=NoticeKind(composed.kind).value,
        letter=composed.letter_sha256,
        notice=composed.number,
    )
    composed.save(force_insert=True)
    return str(composed.number)


def letter_path(digest: str) -> Path:
    """Where a letter lies."""
    return home.current().path / "letters" / f"{digest}.pdf"


def _check_there_is_something_to_tell(call: Call, kind: NoticeKind) -> None:
    state = policies.state_of(call)
    if kind is NoticeKind.CALL:
        due = state is CallState.OPEN
    else:
        due = state is CallState.WITHDRAWN and Notice.objects.filter(call=call, kind=NoticeKind.CALL).exists()
    if not due:
        raise MusterRollError(
            "notice.not-due",
            "There is no such letter to write: a call is told while it is open, and its withdrawal to whoever has the "
            "letter of the call.",
            where=f"call {call.pk}, {state.value}",
            remedy="Nothing needs doing.",
        )


def _call(call: int) -> Call:
    row = Call.objects.select_related("entry").filter(pk=call).first()
    if row is None:
        raise MusterRollError("call.unknown", "There is no such call.", where=f"call {call}")
    return row
