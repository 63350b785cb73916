"""The source's list: who should be in a draw, said by the source without a name (docs/spec/draw.md, 5, level 1).

1. The source computed each N with a key that the register never holds, and signed them all together.
2. What is kept is the signed list, and N of those whom the roll knows. A number that it does not know is not kept.
3. It is taken before the list is counted and committed, since each entry states its N. Nothing is decided by it: one
   officer may hand it in, and until the commitment another list takes its place.
4. No line of the file and no number is ever in a message.
"""

import re

from musterroll.draw import source, transcript
from musterroll.draw.entrant import check_draw_id
from musterroll.errors import MusterRollError
from musterroll.register import cohort, draw_policies, home, outside, permissions, roll, source_lists
from musterroll.register.actor import Actor
from musterroll.register.acts.act import act
from musterroll.register.models import Draw, Nullifier, Office, Part, SourceList

HEADING = b"person,n"
_N = re.compile(rb"[0-9a-f]{64}")
_BATCH = 5_000


@act
def take_source_list(
    *,
    draw: str,
    pairs: bytes,
    signature: str,
    authority: str,
    key: str,
    by: Actor,
    at: int,
    key_holder: str = "",
) -> int:
    """Take the source's list for `draw`; how many people stand in it.

    `pairs` has the line `person,n`, then a line each: the number that the person knows, N in hexadecimal. `key_holder`
    is who outside holds the key by which N are computed; without one those left out are listed nowhere.
    """
    permissions.check_may("take_source_list", by)
    check_draw_id(draw)
    _check_open(draw)
    _check_outside(authority, key_holder)
    given = _read(pairs)
    listed = b"".join(sorted(given.values()))
    root = source.root(listed)
    _check_signed(source.signed_message(draw, len(given), root), signature, key)
    current = roll.current()
    numbers = cohort.numbers_of(current)
    known = {person: given[number.encode()] for person, number in numbers.items() if number.encode() in given}
    row = SourceList(
        draw=draw,
        authority=authority,
        key=key,
        key_holder=key_holder,
        source=listed,
        root=root.hex(),
        signature=signature,
        at=at,
    )
    if not _there(row, known):
        row.save()
        rows = (Nullifier(source=row, person=person, n=n, at=at) for person, n in sorted(known.items()))
        Nullifier.objects.bulk_create(rows, batch_size=_BATCH)
        source_lists.nullifiers(row, cohort.people(current))
    return len(given)


def _check_open(draw: str) -> None:
    """Raise MusterRollError `source.late` once a list of this draw is committed that no pot check has locked."""
    row = Draw.objects.filter(draw=draw, part=Part.DRAW).order_by("-attempt").first()
    if row is not None and not draw_policies.locked(transcript.decode(bytes(row.manifest))):
        raise MusterRollError(
            "source.late",
            "The terms of this draw are committed: they say already what the source's list is.",
            where=draw,
            remedy="The source's list is handed in before the terms are written.",
        )


def _check_outside(authority: str, key_holder: str) -> None:
    """Raise MusterRollError `source.operator` unless the source, and the holder of its key, are others than we."""
    opened = home.current()
    ours = {opened.origin.split("/", 1)[0]}
    ours.update(text for pair in Office.objects.values_list("code", "title") for text in pair)
    own = {_plain(text) for text in ours}
    if not _plain(authority) or _plain(authority) in own or (key_holder and _plain(key_holder) in own | {""}):
        raise MusterRollError(
            "source.operator",
            "The source of the list, and whoever holds the key of its N, is a named authority outside this register.",
            where="authority, key holder",
            remedy="Name the authority. Where the register itself holds the key, it could list those who are exempt.",
        )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _read(pairs: bytes) -> dict[bytes, bytes]:
    """N by personal number. Raises MusterRollError `source.file`, `source.twice`."""
    heading, *lines = pairs.removesuffix(b"\n").split(b"\n")
    if heading.rstrip(b"\r") != HEADING or not lines:
        raise _malformed("1")
    given: dict[bytes, bytes] = {}
    seen: set[bytes] = set()
    for place, line in enumerate(lines, 2):
        number, _, n = line.rstrip(b"\r").partition(b",")
        if not number or not _N.fullmatch(n):
            raise _malformed(str(place))
        value = bytes.fromhex(n.decode("ascii"))
        if number in given or value in seen:
            raise MusterRollError(
                "source.twice",
                "A personal number, or an N, stands twice in the source's list.",
                where=f"line {place}",
                remedy="Ask the source for the list again: everybody stands in it once.",
            )
        given[number] = value
        seen.add(value)
    return given


def _malformed(place: str) -> MusterRollError:
    return MusterRollError(
        "source.file",
        "This is not the source's list: the line `person,n`, then a personal number and 64 hexadecimal digits a line.",
        where=f"line {place}",
        remedy="Ask the source for the list again.",
    )


def _check_signed(message: bytes, signature: str, key: str) -> None:
    if not outside.signed(message, signature=signature, key=key):
        raise MusterRollError(
            "source.signature",
            "The source's key did not sign this list for this draw.",
            where="signature",
            remedy="Ask the source for the list and its signature again, and for its key by another way.",
        )


def _there(row: SourceList, known: dict[int, bytes]) -> bool:
    """Whether exactly this list is the newest one already."""
    last = source_lists.newest(row.draw)
    names = ("authority", "key", "key_holder", "root", "signature")
    if last is None or any(getattr(last, name) != getattr(row, name) for name in names):
        return False
    held = Nullifier.objects.filter(source=last).values_list("person", "n")
    return {person: bytes(n) for person, n in held} == known
