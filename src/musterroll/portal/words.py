"""Codes of the register in the reader's words. A code without words here is shown as it stands, never hidden."""

from django.utils.translation import gettext as _


def grade(code: str, otherwise: str) -> str:
    """How well the delivery of a notice is evidenced (notice.delivery.Grade, charter S6)."""
    return {
        "nothing": _("Nothing has been sent yet."),
        "failed": _("It was sent and did not arrive. Nothing follows from that for you."),
        "submitted": _("It was sent. Nobody knows whether you have it, so it does not count as received."),
        "at_mailbox": _("It lies in your mailbox. That does not count as received."),
        "handed_over": _("The carrier handed it over to you. That counts as received."),
        "received": _("You said that you received it."),
    }.get(code, otherwise)


def call_reason(code: str) -> str:
    """Why a call is held or was withdrawn (the register's closed list)."""
    return {
        "this is wrong": _("You said that a fact behind it is wrong."),
        "ended": _("Every duty has ended."),
        "exempt": _("You are exempt."),
        "deferred": _("Your service is deferred."),
        "not liable": _("You are not liable."),
        "not processed": _("The law does not call you now."),
        "not established": _("It is not established that you are liable."),
        "not my record": _("You said that a record is not yours."),
        "recalled": _("What it rested on was wrong and has been taken back."),
        "decided": _("What you said was decided on, and nothing holds the call any more."),
    }.get(code, code)


def ground(code: str) -> str:
    """Why somebody was not in a draw, or was passed over (the register's closed list)."""
    return {
        "ended": _("Every duty has ended."),
        "exempt": _("You are exempt."),
        "deferred": _("Your service is deferred."),
        "not liable": _("You are not liable."),
        "liable": _("You are liable, in another way than the one that this draw is for."),
        "not processed": _("The law does not call you now."),
        "not established": _("It is not established that you are liable."),
        "held by an open claim": _("You said that something is wrong, and that was not decided yet."),
        "a worsening that does not count yet": _("A change for the worse did not count yet."),
        "an earlier call of this draw was withdrawn": _("An earlier call was withdrawn."),
    }.get(code, code)


def particular(code: str) -> str:
    """What a name part, number or address is called."""
    return {
        "given": _("Given name"),
        "middle": _("Middle name"),
        "family": _("Family name"),
        "number": _("Personal number"),
        "address": _("Address"),
        "contact": _("Contact"),
        "language": _("Language"),
    }.get(code, code)


def particular_text(text: str) -> str:
    """A name part, number or address itself, or that it is protected (charter S12)."""
    return _("protected: shown to nobody") if text == "(protected)" else text


def step(code: str, otherwise: str) -> str:
    """What was done in one step of a draw."""
    return {
        "terms fixed": _(
            "The list of sealed entries, the number of places and the coming random number were fixed and published."
        ),
        "pot check": _(
            "An office outside this register counted who should be in the list, and the two counts were compared."
        ),
        "silent": _("The public random beacon stayed silent, so that the source counts that was named beforehand."),
        "table": _("The drums gave each date of birth its number, in public."),
        "fairness": _("The fairness figures were published, before anybody was told of a call."),
        "spared": _(
            "Whoever was left out or passed over was sealed into a second list, before chance picks whom an auditor "
            "sees."
        ),
        "audit": _("An auditor from outside looked at those whom chance had picked."),
        "ceremony": _("Symbols were drawn by hand, in public."),
        "round": _("The public random beacon gave its number."),
        "result": _("Everybody’s place was worked out from the random number. Anybody can work it out again."),
        "order of call": _("The order of call was written into the ledger. Nothing is sent before it is public."),
    }.get(code, otherwise)


def stratum(code: str) -> str:
    """One group of a draw (draw.strata): `born-2001`, `born-1997-1999`, `born-2002-or-unknown`, `born-unknown`."""
    years = code.removeprefix("born-")
    known = years.removesuffix("-or-unknown")
    if code == "born-unknown":
        return _("not known")
    if years == code or not known.replace("-", "").isdecimal():
        return code
    known = known.replace("-", "–")
    return _("%(years)s, or not known") % {"years": known} if years.endswith("-or-unknown") else known


def counted_by(code: str) -> str:
    """By what an office outside counts (draw.potcheck)."""
    return {
        "birth-year": _("Year of birth"),
        "district": _("District"),
        "source": _("Known to the agency"),
        "stratum": _("Group"),
    }.get(code, code)


def fairness(code: str) -> str:
    """What the fairness figures say."""
    return {
        "unremarkable": _("unremarkable."),
        "note": _("slightly unusual, as happens now and then."),
        "flag": _("unusual: an auditor has been asked to look. It changes nobody’s place."),
    }.get(code, code)


def entry_kind(code: str) -> str:
    """What a kind of ledger entry is about (entry.kind.Kind)."""
    return {
        "act": _("act about one person (sealed)"),
        "import": _("list received from an agency"),
        "roll": _("new state of the register"),
        "pack": _("law in force"),
        "config": _("rules, offices or software"),
        "key": _("key of the ledger"),
        "year": _("first entry of a year"),
        "stat": _("how many acts a day held"),
        "order": _("order of call"),
        "draw.potcheck": _("draw: counted by an office outside"),
        "draw.manifest": _("draw: terms fixed"),
        "draw.fallback": _("draw: the beacon is silent"),
        "draw.table": _("draw: numbers of the dates"),
        "draw.fairness": _("draw: fairness figures"),
        "draw.review": _("draw: an auditor is asked to look"),
        "draw.stratum": _("draw: one group drawn anew"),
        "draw.spared": _("draw: who was spared, sealed"),
        "draw.ceremony": _("draw: ceremony"),
        "draw.result": _("draw: result"),
        "supplement": _("draw: people found missing"),
        "audit": _("check of a draw by an auditor"),
        "questions": _("questions to an agency"),
        "recall": _("something wrong was taken back"),
        "campaign": _("letters are queued"),
        "erasure.stat": _("how many records were erased"),
    }.get(code, code)


def event(code: str) -> str:
    """What happened to one sending of a notice (notice.delivery.Event)."""
    return {
        "accepted for relay": _("the mail server accepted it"),
        "not taken yet": _("the mail server did not take it yet; it is tried again"),
        "refused": _("the mail server refused it"),
        "relayed": _("passed on to another mail server"),
        "delayed": _("delayed on its way"),
        "expanded": _("passed on to several addresses"),
        "delivered": _("put into the mailbox"),
        "failed": _("did not arrive"),
        "handed over": _("the carrier handed it to you"),
        "not handed over": _("the carrier could not hand it over"),
        "the person received it": _("you said that you received it"),
    }.get(code, code)
