"""Calling people by place in a published draw, and taking a call back (charter S3).

1. Places are gone through over the draw's own list and every later one: people found missing have places between the
   others, a stratum drawn anew takes the place of the one that was wrong. Nobody is renumbered.
2. Who is passed over, and why, is decided on the day of the order for everybody whom it reaches, from the committed
   roll and what they declared since; no officer names anybody.
3. The dispositions are kept; the log holds their digest, salted: few people are passed over, and a bare digest of
   places and grounds could be guessed open.
4. A call ends when the person is no longer callable by what agencies and findings say. The person's own word alone
   holds it (charter S5) until somebody decides.
"""

from collections.abc import Mapping, Sequence

from musterroll import canonical, dates
from musterroll.claim.progress import CallState, Happening, moved
from musterroll.draw import supplement, transcript
from musterroll.draw.call import Disposition, Ground, order_by_value, order_over_all
from musterroll.draw.supplement import Label, Part
from musterroll.entry.kind import Act, Kind
from musterroll.errors import MusterRollError
from musterroll.ids import keyed
from musterroll.law import calling
from musterroll.law.model import Class
from musterroll.law.pack import Pack
from musterroll.law.selection import BY_VALUE
from musterroll.register import draw_policies, home, overlay, permissions, places, policies, roll
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.models import Approved, Because, Call, CallEvent, Draw, DrawResult, Entrant, Order


def approval_digest(order_sha256: str, report_on: int) -> str:
    """What two people approve: the draw's order (digest of order.bin) and the day to report on."""
    return canonical.sha256_hex(canonical.encode({"order": order_sha256, "report_on": dates.format_day(report_on)}))


@act
def order_call(*, draw: str, report_on: int, approval: int, by: Actor, at: int, number: int = 1) -> int:
    """Issue the order of call of a draw and one call a place called; give the order's number.

    `report_on` is the legal day to report on, no earlier than the law allows. Two people have approved (draw id,
    `approval_digest`). Everybody reached is decided on the day of the order, by the roll and what they declared since.
    A later `number` extends the order after calls were withdrawn: places already reached keep what they have.
    """
    permissions.check_may("order_call", by)
    result = _result(draw)
    there = Order.objects.filter(result=result, number=number).first()
    if there is not None:
        return int(there.pk)
    agreed = permissions.approved(
        Approved.ORDER_CALL,
        approval,
        subject=_subject(draw, number),
        digest=approval_digest(result.order_sha256, report_on),
    )
    draw_policies.check_fairness_published(result)
    draw_policies.check_not_locked(transcript.decode(bytes(result.draw.manifest)))
    policies.check_no_recall_waits()
    current = roll.current()
    policies.check_law_stands(current.pack.digest)
    policies.check_report_on(current.pack, report_on, home.current().legal_day(at))
    dispositions = _dispositions(result, at)
    data = _encode(dispositions, draw, number)
    payload: dict[str, canonical.Json] = {
        "draw": draw,
        "manifest": result.draw.manifest_sha256,
        "number": number,
        "order": result.order_sha256,
        "pack": current.pack.digest,
        "report_on": dates.format_day(report_on),
        "sha256": canonical.sha256_hex(data),
        "snapshot": current.digest,
    }
    entry = writing.public(Kind.ORDER, payload, label=f"order/{result.draw.manifest_sha256}/{number}", at=at)
    order = Order.objects.create(
        result=result,
        number=number,
        dispositions=data,
        digest=canonical.sha256_hex(data),
        report_on=report_on,
        pack=policies.in_force(current.pack.digest),
        snapshot_id=_required_snapshot(),
        approval=agreed,
        entry=entry,
        at=at,
    )
    standing = Entrant.objects.filter(draw__in=lists_of(result.draw), call__isnull=True)
    uncalled = {bytes(one.commitment): one for one in standing}
    for one in dispositions:
        if one.called and one.commitment in uncalled:
            _call(order, uncalled[one.commitment], one, by, at)
    return int(order.pk)


@act
def withdraw_call(*, call: int, by: Actor, at: int) -> bool:
    """Take back the call of somebody who is no longer callable; whether it was open or held until now.

    Raises MusterRollError `call.still-callable` while the person is callable by what agencies and findings say.
    """
    permissions.check_may("withdraw_call", by)
    row = Call.objects.select_related("order__result__draw", "entrant").filter(pk=call).first()
    if row is None:
        raise MusterRollError("call.unknown", "There is no such call.", where=f"call {call}")
    key = writing.key_of(row.person)
    state = policies.state_of(row)
    if state is CallState.WITHDRAWN:
        return False
    because = no_longer_callable(row.person, at)
    if because is None:
        raise MusterRollError(
            "call.still-callable",
            "This call is not withdrawn: by what agencies and findings say the person is callable.",
            where=f"call {call}",
            remedy="A call rests while the person's own word is open; decide on it.",
        )
    entry = writing.personal(
        Act.CALL_WITHDRAWN,
        person=key,
        by=by,
        label=f"call.withdrawn/{row.order.digest}/{row.entrant.index}",
        at=at,
        because=because.value,
        draw=row.order.result.draw.draw,
    )
    after = moved(state, Happening.NOT_CALLABLE)
    CallEvent.objects.create(call=row, state=after.value, because=because, entry=entry, at=at)
    return True


def _result(draw: str) -> DrawResult:
    row = DrawResult.objects.select_related("draw").filter(draw=draw_policies.newest_draw(draw)).first()
    if row is None:
        raise MusterRollError(
            "draw.no-result", "This draw has no result yet.", where=draw, remedy="Publish the result first."
        )
    return row


def _subject(draw: str, number: int) -> str:
    return draw if number == 1 else f"{draw}/{number}"


def _required_snapshot() -> int:
    newest = policies.newest_snapshot()
    assert newest is not None  # roll.current() has just read it
    return int(newest.pk)


def lists_of(draw: Draw) -> list[int]:
    """The lists over which the order of call goes, by key: the draw's own and the later ones that have their result."""
    return [draw.pk, *(one.draw_id for one in places.parts_of(draw))]


def _dispositions(result: DrawResult, at: int) -> tuple[Disposition, ...]:
    """What becomes of each place, by place, until the quotas are full.

    Who is reached is decided then and there, under the lock of that person's acts: a word said before is seen, one said
    after finds the call and holds it.
    """
    main = places.part_of(result)
    others = [places.part_of(one) for one in places.parts_of(result.draw)]
    lists = lists_of(result.draw)
    entrants = {bytes(one.commitment): one for one in Entrant.objects.filter(draw__in=lists)}
    called = {one.entrant_id: one for one in Call.objects.filter(entrant__draw__in=lists)}
    before = _reached(result)
    found: dict[bytes, Ground | None] = {}
    with roll.store().kept_open():
        law = roll.law_of(result.draw.pack)
        if calling.categories(law):
            return _by_category(main, others, entrants, called, at)
        to_call = _number_to_call(law, main)
        while True:
            grounds = {commitment: ground for commitment, ground in found.items() if ground is not None}
            if to_call is None:
                dispositions = order_over_all(main, others, grounds, before)
            else:
                dispositions = order_by_value(main, others, grounds, to_call, _gone_through(result))
            reached = [one.commitment for one in dispositions if one.commitment not in found]
            if not reached:
                return dispositions
            for commitment in reached:
                entrant = entrants[commitment]
                found[commitment] = _ground(entrant.person, called.get(entrant.pk), at)


def _number_to_call(law: Pack, main: Part) -> int | None:
    """How many are called of one line over all strata; None where each stratum is called up to its quota."""
    selection = law.selection
    if selection is None or selection.order != BY_VALUE:
        return None
    picked = sum(stratum.quota for stratum in main.manifest.cohort.strata)
    if selection.called is None or main.manifest.reference_day is None:
        return picked
    return min(picked, selection.called.at(law.parameters, dates.parse_day(main.manifest.reference_day)))


def _gone_through(result: DrawResult) -> set[bytes]:
    """The commitments that earlier orders reached."""
    orders = Order.objects.filter(result=result)
    rows = (row for order in orders for row in canonical.decode(bytes(order.dispositions))["dispositions"])
    return {bytes.fromhex(str(row[2])) for row in rows}


def _by_category(
    main: Part, others: Sequence[Part], entrants: Mapping[bytes, Entrant], called: Mapping[int, Call], at: int
) -> tuple[Disposition, ...]:
    """As `_dispositions`, where the law calls people category by category: everybody's is read from the law's lines.

    Who is surely in none is not reached. Each stratum is called up to its quota.
    """
    dispositions: list[Disposition] = []
    for stratum in main.manifest.cohort.strata:
        places_of = {one.commitment: one for one in supplement.run(main, others, stratum.id)}
        part_of = {part.folder: part for part in (main, *others)}
        queue = []
        for commitment, place in places_of.items():
            person = entrants[commitment].person
            seen = None if person is None else overlay.now(person, at)
            turn = seen and calling.place_of(seen.roll.pack, seen.held, seen.on)
            if turn:
                key = part_of[place.folder].key(commitment)
                queue.append(calling.Queued(turn[0], turn[1], key, commitment))
        taken, quota = 0, supplement.quota(main, others, stratum.id)
        for one in calling.in_turn(queue):
            if taken >= quota:
                break
            entrant, place = entrants[one.commitment], places_of[one.commitment]
            ground = _ground(entrant.person, called.get(entrant.pk), at)
            taken += ground is None
            label = place.label
            dispositions.append(Disposition(stratum.id, label.place, one.commitment, ground, str(label), place.folder))
    return tuple(dispositions)


def _reached(result: DrawResult) -> dict[str, int]:
    """The last place that an earlier order reached in each stratum."""
    last: dict[str, int] = {}
    for order in Order.objects.filter(result=result):
        for stratum, label, _, _ in canonical.decode(bytes(order.dispositions))["dispositions"]:
            place = Label.parse(str(label)).place
            last[stratum] = max(place, last.get(stratum, 0))
    return last


def _ground(person: int | None, call: Call | None, at: int) -> Ground | None:
    """Why a person is passed over on the day of the order; None for somebody who is called."""
    if person is None:  # erased: the place is nobody's any more
        return Ground.NOT_LIABLE
    writing.key_of(person)
    if call is not None:
        return Ground.WITHDRAWN if policies.state_of(call) is CallState.WITHDRAWN else None
    if overlay.has_open_word(person, at):
        return Ground.HELD
    seen = overlay.now(person, at)
    selection = seen.roll.pack.selection
    assert selection is not None  # a draw exists only under a pack with a selection
    question = seen.roll.pack.questions[selection.question]
    standing = seen.standings[question.name]
    if standing.callable:
        return Ground.NOT_YET if overlay.waits_until(seen, question.name) is not None else None
    return ground_of(question.classes[question.index(standing.cls)] if standing.cls else None)


def ground_of(cls: Class | None) -> Ground:
    """The ground that a class which is not callable gives; none established is a ground of its own."""
    if cls is None:
        return Ground.UNDETERMINED
    return Ground.NOT_PROCESSED if cls.adverse else Ground(cls.effect.value)


def no_longer_callable(person: int, at: int) -> Because | None:
    """Why the person is not callable by what agencies and findings say; None while they are."""
    seen = overlay.now(person, at, own_word=False)
    selection = seen.roll.pack.selection
    assert selection is not None  # a call exists only under a pack with a selection
    standing = seen.standings[selection.question]
    if standing.callable:
        return None
    if standing.effect is None:
        return Because.NOT_ESTABLISHED
    return Because(standing.effect)


def _call(order: Order, entrant: Entrant, place: Disposition, by: Actor, at: int) -> None:
    draw: Draw = order.result.draw
    entry = writing.personal(
        Act.CALL_ISSUED,
        person=entrant.person,
        by=by,
        label=f"call/{order.digest}/{entrant.index}",
        at=at,
        draw=draw.draw,
        order=order.digest,
        place=place.label if "+" in place.label else place.place,
        report_on=dates.format_day(order.report_on),
        stratum=place.stratum,
    )
    Call.objects.create(
        order=order,
        entrant=entrant,
        person=entrant.person,
        stratum=place.stratum,
        place=place.place,
        label=place.label if "+" in place.label else "",
        entry=entry,
        at=at,
    )


def _encode(dispositions: tuple[Disposition, ...], draw: str, number: int) -> bytes:
    salt = keyed(home.current().keys.secret("entry"), b"order", f"{draw}/{number}".encode())
    rows = [
        [one.stratum, one.label if "+" in one.label else one.place, one.commitment.hex(), one.ground]
        for one in dispositions
    ]
    return canonical.encode({"dispositions": rows, "salt": salt.hex(), "v": 1})
