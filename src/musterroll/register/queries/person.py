"""One person's own page: everything held about them, what follows, who looked, and what was sent.

The person's own look is no act and leaves no trace (charter S6). Officers read through `queries.officer`, and get less.
"""

from collections.abc import Sequence

from musterroll import dates
from musterroll.dates import FIRST_DAY, format_day, format_instant
from musterroll.engine.roll import person as rolled
from musterroll.engine.roll.person import Particular as RolledParticular
from musterroll.entry import chain
from musterroll.entry.codec import encode_commitment
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import Attribute, Held, ValueType
from musterroll.fact.timeline import Fact, Judgement
from musterroll.law.explain import Condition, explain
from musterroll.law.model import Effect
from musterroll.law.prove.nearest import changes
from musterroll.law.wording import Wording
from musterroll.notice.delivery import Event, Evidence, Grade, grade_of
from musterroll.register import asking, home, overlay, policies
from musterroll.register.acts.notice import letter_path
from musterroll.register.acts.writing import ref_of
from musterroll.register.models import (
    Access,
    Call,
    CallEvent,
    Declaration,
    DrawResult,
    Notice,
    Office,
)
from musterroll.register.models import Grade as Declared
from musterroll.register.overlay import Now
from musterroll.register.queries import entries, filing, tickets
from musterroll.register.queries.record import (
    Answer,
    AskedView,
    CallView,
    Disputable,
    Doubt,
    FactHeld,
    Look,
    MyRecord,
    Need,
    NoticeView,
    OwnWord,
    Particular,
    Reason,
    StandingView,
)
from musterroll.register.queries.value import hull_text
from musterroll.register.refs import link_ref, person_of
from musterroll.register.roll import Roll

GRADES = {
    Grade.NOTHING: "Nothing has gone out yet.",
    Grade.FAILED: "It was sent and did not arrive. Nothing follows from that for you.",
    Grade.SUBMITTED: "A carrier took it over. That is not delivery.",
    Grade.AT_MAILBOX: "It lies in your mailbox. That is not receipt.",
    Grade.HANDED_OVER: "The carrier handed it to you.",
    Grade.RECEIVED: "You said that you received it.",
}
OWN_DECISIONS = "this register"
"""Who says what only the register itself decides, also by its silence."""
NAME_PARTS = ("given", "middle", "family")


def by_ref(ref: str) -> int:
    """The person behind a ref. Raises MusterRollError `person.ref-unknown`."""
    return person_of(ref)


def my_record(person: int, at: int) -> MyRecord:
    """Everything held about `person` at the instant `at`, for that person alone."""
    seen = overlay.now(person, at)
    now_held, before = _particulars(seen)
    return MyRecord(
        ref=ref_of(person),
        fictional=home.current().fictional,
        on=format_day(seen.on),
        known_at=format_instant(at),
        name=name_of(seen),
        standings=tuple(standing_view(seen, question) for question in seen.standings),
        facts=facts_held(seen),
        particulars=now_held,
        superseded=before,
        own_words=_own_words(seen),
        looks=(*_looks(person), *tickets.opened(person)),
        notices=tuple(_notice(one) for one in Notice.objects.filter(person=person).order_by("id")),
        calls=tuple(_call(one) for one in Call.objects.filter(person=person).order_by("id")),
        receipts=tickets.inside(person),
        spared=tickets.outside(person),
        disputable=_disputable(seen),
        asked=_asked(seen),
        entries=entries.held(seen),
        filings=filing.of_person(person, at),
    )


def letter(person: int, number: str) -> bytes:
    """The PDF of one of this person's own notices. Raises MusterRollError `notice.unknown`."""
    row = Notice.objects.filter(person=person, number=number).first()
    if row is None:
        raise MusterRollError(
            "notice.unknown", "You have no notice with this number.", remedy="Compare it with your letter."
        )
    return letter_path(row.letter_sha256).read_bytes()


def name_of(seen: Now) -> str:
    """The person's present name parts, joined; the ref where no agency gave a name."""
    return names_of(seen.roll, [seen.person], seen.on)[seen.person]


def names_of(current: Roll, persons: Sequence[int], on: int) -> dict[int, str]:
    """The present names of a few people, read in one go."""
    rows = rolled.held(current.store, current.snapshot, "particular", "person", persons, current.snapshot.known_at)
    parts: dict[int, dict[str, str]] = {person: {} for person in persons}
    for row in sorted(rows, key=lambda one: (one["valid_from"], one["delivery"], one["row"])):
        if not row["protected"] and row["valid_from"] <= on < row["valid_to"]:
            parts[row["person"]][row["kind"]] = row["text"]
    return {
        person: " ".join(named[kind] for kind in NAME_PARTS if named.get(kind)) or ref_of(person)
        for person, named in parts.items()
    }


def standing_view(seen: Now, question: str) -> StandingView:
    """The answer to one question in words."""
    standing = seen.standings[question]
    told = explain(seen.roll.pack, standing, seen.held, seen.on)
    wording = Wording(seen.roll.pack)
    return StandingView(
        question=question,
        headline=told.headline,
        label=wording.class_label(question, standing.cls) if standing.cls else "",
        effect=standing.effect or "",
        callable=standing.callable,
        because=tuple(_reason(one, seen) for one in told.because),
        why_not_better=tuple(one.words for one in told.why_not_better),
        needs=tuple(Need(one.attribute, one.label, one.answers, one.article) for one in told.needs),
        next_change=format_day(standing.next_change),
        by_time=told.by_time.label if told.by_time else "",
        on=format_day(seen.on),
        own_word=any(one.delivery == overlay.OWN_WORD for one in seen.facts.facts),
        effective_from=_waits_until(seen, question),
        possible=told.possible,
        at_worst=told.at_worst,
        ways=tuple(one.words for one in changes(seen.roll.pack, question, seen.held, seen.on).ways),
        doubts=tuple(Doubt(one.doubt, one.chosen, one.other, one.label) for one in told.read_otherwise),
    )


def _waits_until(seen: Now, question: str) -> str:
    """The day from which a worsening counts (charter S9); empty where nothing binds the person, or where it counts."""
    bound = seen.standings[question].effect == Effect.LIABLE.value
    day = overlay.waits_until(seen, question) if bound else None
    return "" if day is None else format_day(day)


def facts_held(seen: Now) -> tuple[FactHeld, ...]:
    """Every fact in the roll about this person, agency by agency."""
    named = {one.number: one for one in seen.roll.pack.attributes.values()}
    facts = [one for one in seen.facts.facts if one.attribute in named and one.delivery in seen.roll.source_of]
    facts.sort(key=lambda one: (one.attribute, one.delivery, one.row, one.n))
    return (*(_fact(one, named[one.attribute], seen) for one in facts), *_findings(seen))


def _findings(seen: Now) -> tuple[FactHeld, ...]:
    """What officers of the register found or entered from a document: as firm as an agency's fact, by act."""
    by_hand = (Declared.FOUND, Declared.PROVED)
    rows = Declaration.objects.filter(person=seen.person, grade__in=by_hand).select_related("entry").order_by("id")
    attributes = seen.roll.pack.attributes
    found = []
    for one in overlay.last_words(rows):
        office = chain.decode(bytes(one.entry.payload)).actor.split("/")[0]
        found.append(
            FactHeld(
                attribute=one.attribute,
                label=attributes[one.attribute].label,
                value=hull_text(attributes[one.attribute], one.lo, one.hi),
                source="register",
                agency=Office.objects.get(code=office).title,
                delivered_on=format_day(home.current().legal_day(one.at)),
                row=0,
                valid_from="" if one.valid_from == FIRST_DAY else format_day(one.valid_from),
                valid_to="",
                learnt=format_instant(one.at),
                link="confirmed",
            )
        )
    return tuple(found)


def _fact(fact: Fact, attribute: Attribute, seen: Now) -> FactHeld:
    source = seen.roll.source_of[fact.delivery]
    return FactHeld(
        attribute=attribute.name,
        label=attribute.label,
        value=hull_text(attribute, fact.lo, fact.hi),
        source=source,
        agency=seen.roll.agency(source),
        delivered_on=format_day(seen.roll.as_of[fact.delivery]),
        row=fact.row,
        valid_from="" if fact.valid_from == FIRST_DAY else format_day(fact.valid_from),
        valid_to="" if fact.valid_to == dates.NEVER else format_day(fact.valid_to),
        learnt=format_instant(fact.known_from // 1_000_000),
        link="confirmed" if fact.link is Judgement.CONFIRMED else "possible",
        entry=link_ref(seen.person, fact.record),
    )


def _reason(condition: Condition, seen: Now) -> Reason:
    source, delivered = _said_by(condition.held, seen)
    return Reason(
        article=condition.article,
        paragraph=condition.paragraph,
        words=condition.quote,
        attribute=condition.attribute,
        label=condition.label,
        value=condition.value,
        source=source,
        delivered_on=delivered,
        said=condition.words,
    )


def _said_by(held: Held, seen: Now) -> tuple[str, str]:
    """Who says the value that is held, and the day of the newest extract; those who say otherwise are left out."""
    agencies, days = [], []
    for one in held.evidence:
        if (one.lo, one.hi) != (held.lo, held.hi) and held.exact is not None:
            continue
        if one.delivery == overlay.OWN_WORD:
            agencies.append("your own word")
        elif one.delivery == overlay.FINDING:
            agencies.append(OWN_DECISIONS)
        elif one.delivery in seen.roll.as_of:
            agencies.append(seen.roll.agency(one.source))
            days.append(seen.roll.as_of[one.delivery])
        else:
            agencies.append(OWN_DECISIONS)
    return ", ".join(dict.fromkeys(agencies)), format_day(max(days)) if days else ""


def _particulars(seen: Now) -> tuple[tuple[Particular, ...], tuple[Particular, ...]]:
    """What is held now, and what was: the second part is sealed to the person (charter S12)."""
    now_held: list[Particular] = []
    before: list[Particular] = []
    for one in rolled.particulars(seen.roll.store, seen.roll.snapshot, seen.person):
        shown = _particular(one, seen)
        (now_held if one.valid_from <= seen.on < one.valid_to else before).append(shown)
    return tuple(now_held), tuple(before)


def _particular(part: RolledParticular, seen: Now) -> Particular:
    source = seen.roll.source_of.get(part.delivery, "register")
    return Particular(
        kind=part.kind,
        text="(protected)" if part.protected else part.text,
        valid_from="" if part.valid_from == FIRST_DAY else format_day(part.valid_from),
        valid_to="" if part.valid_to == dates.NEVER else format_day(part.valid_to),
        source=seen.roll.agency(source),
    )


def _own_words(seen: Now) -> tuple[OwnWord, ...]:
    said = Declaration.objects.filter(person=seen.person, grade=Declared.DECLARED)
    rows = said.select_related("entry").order_by("id")
    attributes = seen.roll.pack.attributes
    return tuple(
        OwnWord(
            attribute=one.attribute,
            label=attributes[one.attribute].label,
            value=hull_text(attributes[one.attribute], one.lo, one.hi),
            at=format_instant(one.at),
            receipt=encode_commitment(bytes(one.entry.commitment)),
        )
        for one in rows
        if one.attribute in attributes
    )


def _asked(seen: Now) -> tuple[AskedView, ...]:
    """Every question about the person that went to an agency, oldest first."""
    named = {one.number: one for one in seen.roll.pack.attributes.values()}
    return tuple(
        AskedView(
            attribute=named[one["attribute"]].name,
            label=named[one["attribute"]].label,
            agency=seen.roll.agency(one["source"]),
            at=format_instant(one["at"]),
            own_word=one["own_word"],
        )
        for one in asking.of_person({seen.person, *seen.numbers})
        if one["attribute"] in named
    )


def _looks(person: int) -> tuple[Look, ...]:
    rows = Access.objects.filter(person=person).select_related("officer__office", "case").order_by("-id")
    return tuple(
        Look(
            at=format_instant(one.at),
            office=one.officer.office.title,
            officer=one.officer.handle,
            purpose=one.purpose,
            case=one.case.code if one.case else "you were present",
        )
        for one in rows
    )


def _notice(row: Notice) -> NoticeView:
    evidence = [
        Evidence(one.attempt_id or 0, one.channel, Event(one.event), one.at, one.raw_sha256)
        for one in row.evidence.order_by("id")
    ]
    grade = grade_of(evidence)
    path = letter_path(row.letter_sha256)
    return NoticeView(
        number=row.number,
        kind=row.kind,
        title=row.title,
        composed_at=format_instant(row.at),
        channel=row.channel,
        grade=grade.name.lower(),
        grade_words=GRADES[grade],
        received=grade is Grade.RECEIVED,
        attempts=tuple(f"{format_instant(one.at)}: {one.event.value} ({one.channel})" for one in evidence),
        words=tuple(row.words),
        letter=str(path.relative_to(home.current().path)) if path.exists() else "",
    )


def _call(row: Call) -> CallView:
    last = CallEvent.objects.filter(call=row).order_by("-id").first()
    result: DrawResult = row.order.result
    return CallView(
        draw=result.draw.draw,
        stratum=row.stratum,
        place=row.place,
        label=row.label,
        draw_value=tickets.value_of(row.entrant),
        ordered_at=format_instant(row.order.at),
        report_on=format_day(policies.report_on(row)),
        state=policies.state_of(row).value,
        since=format_instant(last.at if last else row.at),
        why=last.because if last else "the order of call reached your place",
    )


def _disputable(seen: Now) -> tuple[Disputable, ...]:
    wording = Wording(seen.roll.pack)
    return tuple(
        Disputable(
            attribute=name,
            label=attribute.label,
            type=attribute.type.value,
            now=wording.value(name, seen.held[name]),
            article=attribute.basis,
            answers=_answers(attribute),
        )
        for name, attribute in seen.roll.pack.attributes.items()
        if not seen.roll.decides(name)
    )


def _answers(attribute: Attribute) -> tuple[Answer, ...]:
    match attribute.type:
        case ValueType.BOOL:
            return Answer("yes", "Yes"), Answer("no", "No")
        case ValueType.ENUM:
            return tuple(Answer(code, code.replace("_", " ").capitalize()) for code in attribute.values)
        case ValueType.DATE if attribute.neutral:
            return (Answer(attribute.neutral, "There is none"),)
        case _:
            return ()
