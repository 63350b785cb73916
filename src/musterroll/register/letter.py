"""The letters about a call, filled for one person: what they are called to, or that it is over.

1. A letter states the facts it rests on, each with its article and the agency that said it, so that the person can see
   what is wrong before anything follows.
2. A withdrawal rests on what agencies and findings say, as the withdrawal did; nothing in it is the person's own word.
3. Days in letters are legal days, as in the law; the ledger's are instants.
4. A protected address is on no letter, and a protected contact gets no mail (charter S12).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import dates
from musterroll.draw import transcript
from musterroll.engine.roll import person as rolled
from musterroll.engine.roll.person import Particular
from musterroll.errors import MusterRollError
from musterroll.law.wording import Wording
from musterroll.notice import mail, template
from musterroll.notice.letter import Letter, Office, Reason
from musterroll.notice.mail import MailTemplate
from musterroll.notice.template import Template, Words
from musterroll.register import home, policies, roll, trust
from musterroll.register.acts.call import no_longer_callable
from musterroll.register.acts.campaign import number_of as telling_number
from musterroll.register.acts.notice import code_of, number_of
from musterroll.register.acts.writing import ref_of
from musterroll.register.address import corroborated
from musterroll.register.campaign import Letter as Queued
from musterroll.register.models import Call, CallEvent, Campaign, Entrant, NoticeKind
from musterroll.register.overlay import Now
from musterroll.register.queries.person import name_of, standing_view

SHEETS = {NoticeKind.CALL: "call", NoticeKind.WITHDRAWAL: "withdrawn"}
"""The pack's file of words for each kind of notice about a call."""

TELLINGS = {NoticeKind.WORSENING: "worsening", NoticeKind.ASKED: "asked", NoticeKind.RECALLED: "recalled"}
"""And for each letter of a campaign; a pack without one sends no such letter, and nothing then counts by it."""


@dataclass(frozen=True, slots=True)
class Stationery:
    """The words of letters and mails in one language, and who writes them."""

    words: Words
    templates: tuple[Template, ...]
    mail: MailTemplate
    office: Office
    sender: str

    def sheet(self, kind: NoticeKind) -> Template:
        """The words of the letter of this kind."""
        return template.choose(self.templates, (SHEETS | TELLINGS)[kind], [self.words.language])

    def tells(self, kind: NoticeKind) -> bool:
        """Whether the pack has words for this letter of a campaign."""
        return any(one.kind == TELLINGS[kind] for one in self.templates)


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

    further = [name for name in TELLINGS.values() if (folder / f"{name}.{language}.yaml").exists()]
    sheets = (*SHEETS.values(), *further)
    return Stationery(
        words=template.parse_words(text("words"), where=f"words.{language}.yaml").of_demonstration(
            home.current().founding.wait_hours, home.PUBLIC_FOR_HOURS
        ),
        templates=tuple(template.parse(text(sheet), where=f"{sheet}.{language}.yaml") for sheet in sheets),
        mail=mail.parse(text("mail"), where=f"mail.{language}.yaml"),
        office=office,
        sender=sender,
    )


def call_letter(call: Call, seen: Now, paper: Stationery) -> Letter:
    """The letter that calls a person, with the reasons why the law reaches them."""
    draw = call.order.result.draw
    strata = transcript.decode(bytes(draw.manifest)).cohort.strata
    fields = {
        "called": str(sum(one.quota for one in strata)),
        "entrants": str(Entrant.objects.filter(draw=draw).count()),
        "decided_on": paper.words.written(seen.on),
    }
    return _filled(NoticeKind.CALL, call, seen, paper, fields, _reasons(seen, paper.words))


def withdrawal_letter(call: Call, event: CallEvent, seen: Now, paper: Stationery, *, at: int) -> Letter:
    """The letter that says that a call is over since `event`; `seen` is the person at `at` without their own word.

    The reasons are there while the person's standing is still the one that ended the call.
    """
    fields = {
        "withdrawn_on": paper.words.written(home.current().legal_day(event.at)),
        "because": Wording(seen.roll.pack, paper.words.language).sentence(
            f"withdrawn.{event.because}", str(event.because).capitalize()
        ),
    }
    reasons = _reasons(seen, paper.words) if no_longer_callable(call.person, at) == event.because else ()
    return _filled(NoticeKind.WITHDRAWAL, call, seen, paper, fields, reasons)


def telling_letter(campaign: Campaign, of: Queued, seen: Now, paper: Stationery) -> Letter:
    """One letter of a campaign: a worsening that waits, a question that went to an agency, or that it is off."""
    kind = NoticeKind(campaign.telling)
    number = telling_number(campaign=campaign, person=of.person, about=of.about)
    question = of.about if of.about in seen.standings else next(iter(seen.standings))
    standing, words, sheet = seen.standings[question], paper.words, paper.sheet(kind)
    attributes = seen.roll.pack.attributes
    known = {
        "told_on": words.written(seen.on),
        "counts_from": words.written(of.day) if of.day else "",
        "standing": Wording(seen.roll.pack, words.language).headline(question, standing.cls),
        "asked": ", ".join(attributes[name].label for name in of.about.split() if name in attributes),
    }
    return sheet.fill(
        {name: known[name] for name in sheet.places if name in known},
        number=number,
        dated=words.written(seen.on),
        office=paper.office,
        recipient=_recipient(seen),
        reference=ref_of(of.person),
        reasons=_reasons_of(seen, question, words) if kind is NoticeKind.WORSENING else (),
        check_code=code_of(number),
        policy=trust.policy_digest(),
        fictional=home.current().fictional,
    )


def is_within_reach(seen: Now, at: int) -> bool:
    """Whether the person can be told at all: a mailbox of their own, or an address on which two sources agree."""
    parts = rolled.particulars(seen.roll.store, seen.roll.snapshot, seen.person)
    return mailbox_of(seen.person, at) is not None or corroborated(parts, seen.roll, seen.on) is not None


def is_silent(seen: Now, paper: Stationery) -> bool:
    """Whether the law sends this person no withdrawal: nothing is sent to the dead."""
    return seen.standings[_question(seen)].cls in paper.sheet(NoticeKind.WITHDRAWAL).nothing_to


def mailbox_of(person: int, at: int) -> str | None:
    """Where the person's mail goes, or None: they have given no mailbox, or their contact is protected.

    In a demonstration it is an invented address.
    """
    current, here = roll.current(), home.current()
    on = max(current.snapshot.on, here.legal_day(at))
    contacts = [
        one
        for one in _in_force(rolled.particulars(current.store, current.snapshot, person), on)
        if one.kind == "contact"
    ]
    if any(one.protected for one in contacts):
        return None
    if here.fictional:
        return f"{ref_of(person)}@people.example.invalid"
    newest = _newest(one for one in contacts if "@" in one.text)
    return newest.text if newest else None


def _filled(
    kind: NoticeKind, call: Call, seen: Now, paper: Stationery, fields: dict[str, str], reasons: tuple[Reason, ...]
) -> Letter:
    words, sheet, here = paper.words, paper.sheet(kind), home.current()
    number = number_of(call=call.pk, kind=kind)
    known = {
        "report_on": words.written(policies.report_on(call)),
        "draw": call.order.result.draw.draw,
        "stratum": call.stratum.removeprefix("born-"),
        "place": str(call.place),
        "ordered_on": words.written(here.legal_day(call.order.at)),
        **fields,
    }
    return sheet.fill(
        {name: known[name] for name in sheet.places if name in known},
        number=number,
        dated=words.written(seen.on),
        office=paper.office,
        recipient=_recipient(seen),
        reference=ref_of(call.person),
        reasons=reasons,
        check_code=code_of(number),
        policy=trust.policy_digest(),
        fictional=here.fictional,
    )


def _question(seen: Now) -> str:
    selection = seen.roll.pack.selection
    assert selection is not None  # a call exists only under a pack with a selection
    return selection.question


def _reasons(seen: Now, words: Words) -> tuple[Reason, ...]:
    return _reasons_of(seen, _question(seen), words)


def _reasons_of(seen: Now, question: str, words: Words) -> tuple[Reason, ...]:
    """The conditions that reached the person, each with the agency that said so and the day of its extract."""
    told = standing_view(seen, question).because
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
    """Name and newest address that is not protected."""
    parts = _in_force(rolled.particulars(seen.roll.store, seen.roll.snapshot, seen.person), seen.on)
    newest = _newest(one for one in parts if one.kind == "address" and not one.protected)
    return (name_of(seen), newest.text) if newest else (name_of(seen),)


def _in_force(parts: Iterable[Particular], on: int) -> list[Particular]:
    return [one for one in parts if one.valid_from <= on < one.valid_to]


def _newest(parts: Iterable[Particular]) -> Particular | None:
    return max(parts, key=lambda one: (one.valid_from, one.delivery, one.row), default=None)
