"""What is written to people whose calls are open, and to those whose calls were taken back.

1. A letter states the facts it rests on, each with its article and the agency that said it, so that the person can see
   what is wrong before anything follows.
2. Letters are composed once and kept; sending is a second step, in which an attempt is written down before the channel
   is called (docs/flow/notice.md). Killed in between, the attempt is uncertain and is never repeated silently.
3. Days in letters are legal days, as in the law; the ledger's are instants.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from musterroll import dates
from musterroll.claim.progress import CallState
from musterroll.draw import transcript
from musterroll.engine import letter_typst
from musterroll.engine.roll import person as rolled
from musterroll.errors import MusterRollError
from musterroll.notice import mail, template
from musterroll.notice.channel import Next
from musterroll.notice.letter import Letter, Office, Reason
from musterroll.notice.mail import MailTemplate
from musterroll.notice.template import Template, Words
from musterroll.register import gate, home, overlay, policies, roll
from musterroll.register.actor import Actor
from musterroll.register.acts.attempt import begin_attempt, next_step, record_attempt
from musterroll.register.acts.notice import code_of, compose_notice, number_of
from musterroll.register.acts.writing import ref_of
from musterroll.register.channels import smtp
from musterroll.register.models import Call, Entrant, Notice, NoticeKind
from musterroll.register.overlay import Now
from musterroll.register.queries.person import name_of, standing_view

BY = Actor.program("notify")


@dataclass(frozen=True, slots=True)
class Stationery:
    """The words of letters and mails in one language, and who writes them."""

    words: Words
    templates: tuple[Template, ...]
    mail: MailTemplate
    office: Office
    sender: str


def stationery(folder: Path, *, office: Office, sender: str, language: str = "en") -> Stationery:
    """Read a pack's `letters/` folder. Raises MusterRollError `letter.malformed`, or `letter.none` without them."""

    def text(name: str) -> str:
        path = folder / f"{name}.{language}.yaml"
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise MusterRollError(
                "letter.none",
                "The pack has no such letter.",
                where=path.name,
                remedy="Add the file to the pack's letters folder.",
            ) from None

    kinds = ("call", "withdrawn")
    return Stationery(
        words=template.parse_words(text("words"), where=f"words.{language}.yaml"),
        templates=tuple(template.parse(text(kind), where=f"{kind}.{language}.yaml") for kind in kinds),
        mail=mail.parse(text("mail"), where=f"mail.{language}.yaml"),
        office=office,
        sender=sender,
    )


def compose_calls(*, paper: Stationery, at: int, progress: Callable[[], None] = lambda: None) -> list[str]:
    """Compose the letter of every open call; their notice numbers, in the order of calls."""
    numbers = []
    with roll.store().kept_open():
        for call in Call.objects.select_related("order__result__draw").order_by("pk"):
            if policies.state_of(call) is CallState.OPEN:
                there = Notice.objects.filter(call=call, kind=NoticeKind.CALL, channel=smtp.NAME).first()
                numbers.append(there.number if there else _compose(call, paper, at))
                progress()
    return numbers


def send(*, paper: Stationery, channel: smtp.Smtp, at: int, progress: Callable[[], None] = lambda: None) -> int:
    """Tell everybody by mail who has a composed notice that may be sent now; how many were handed over."""
    sent = 0
    for notice in Notice.objects.select_related("call").filter(channel=smtp.NAME).order_by("pk"):
        progress()
        if policies.state_of(notice.call) is not CallState.OPEN:
            continue
        step = next_step(notice=notice.number, capability=channel.capability)
        if step not in (Next.SEND, Next.LOOK_UP):
            continue
        mailbox = _mailbox(notice.person, at)
        if step is Next.SEND:
            message_id, answer = _begun(notice, channel, at), None
        else:
            # An attempt that was never closed: whoever sent it was stopped in between. The channel knows.
            gate.open_channel(notice.call.order_id, at)
            message_id = notice.attempts.latest("n").message_id
            answer = channel.kept(message_id) if channel.kept else None
        if answer is None:
            message = paper.mail.fill(
                number=notice.number,
                message_id=message_id,
                office=paper.office.name,
                sender=paper.sender,
                recipient=mailbox,
                demonstration=paper.words.demonstration if home.current().fictional else "",
            )
            answer = channel.send(message, at=at, attempt=message_id)
        record_attempt(notice=notice.number, answer=answer, by=BY, at=at)
        sent += 1
    return sent


def _begun(notice: Notice, channel: smtp.Smtp, at: int) -> str:
    return begin_attempt(notice=notice.number, capability=channel.capability, by=BY, at=at)


def _compose(call: Call, paper: Stationery, at: int) -> str:
    seen = overlay.now(call.person, at)
    letter = _call_letter(call, seen, paper)
    return compose_notice(
        call=call.pk,
        kind=NoticeKind.CALL,
        channel=smtp.NAME,
        title=letter.heading,
        words=letter.paragraphs,
        letter=letter_typst.compose(letter, paper.words, at=at),
        by=BY,
        at=at,
    )


def _call_letter(call: Call, seen: Now, paper: Stationery) -> Letter:
    draw = call.order.result.draw
    words = paper.words
    number = number_of(call=call.pk, kind=NoticeKind.CALL)
    strata = transcript.decode(bytes(draw.manifest)).cohort.strata
    fields = {
        "report_on": words.written(call.order.report_on),
        "draw": draw.draw,
        "stratum": call.stratum.removeprefix("born-"),
        "place": str(call.place),
        "called": str(sum(one.quota for one in strata)),
        "entrants": str(Entrant.objects.filter(draw=draw).count()),
        "decided_on": words.written(seen.on),
        "ordered_on": words.written(home.current().legal_day(call.order.at)),
    }
    sheet = template.choose(paper.templates, "call", [words.language])
    return sheet.fill(
        {name: fields[name] for name in sheet.places if name in fields},
        number=number,
        dated=words.written(seen.on),
        office=paper.office,
        recipient=_recipient(seen),
        reference=ref_of(call.person),
        reasons=_reasons(seen, words),
        check_code=code_of(number),
        fictional=home.current().fictional,
    )


def _reasons(seen: Now, words: Words) -> tuple[Reason, ...]:
    """The conditions that reached the person, each with the agency that said so and the day of its extract."""
    selection = seen.roll.pack.selection
    assert selection is not None  # a call exists only under a pack with a selection
    told = standing_view(seen, selection.question).because
    return tuple(
        Reason(
            article=f"{one.article} {one.paragraph}".strip(),
            words=one.words.removeprefix(one.paragraph).strip(" ,;"),
            fact=one.said,
            source=f"{one.source}, {words.written(dates.parse_day(one.delivered_on))}"
            if one.delivered_on
            else one.source,
        )
        for one in told
        if one.source
    )


def _recipient(seen: Now) -> tuple[str, ...]:
    """Name and newest address; a protected address is on no letter (charter S12)."""
    addresses = [
        one
        for one in rolled.particulars(seen.roll.store, seen.roll.snapshot, seen.person)
        if one.kind == "address" and not one.protected and one.valid_from <= seen.on < one.valid_to
    ]
    newest = max(addresses, key=lambda one: (one.valid_from, one.delivery, one.row), default=None)
    return (name_of(seen), newest.text) if newest else (name_of(seen),)


def _mailbox(person: int, at: int) -> str:
    """Where a mail goes: the person's contact, or an invented address in a demonstration."""
    if home.current().fictional:
        return f"{ref_of(person)}@people.example.invalid"
    seen = overlay.now(person, at)
    contacts = [
        one
        for one in rolled.particulars(seen.roll.store, seen.roll.snapshot, person)
        if one.kind == "contact" and not one.protected and "@" in one.text and one.valid_from <= seen.on < one.valid_to
    ]
    if not contacts:
        raise MusterRollError(
            "notice.no-contact",
            "This person has given no mailbox.",
            remedy="Send the letter by another channel.",
        )
    return max(contacts, key=lambda one: (one.valid_from, one.delivery, one.row)).text
