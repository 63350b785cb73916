"""Questions went to an agency, and its answers came back: each one act a file, with its public entry."""

from collections.abc import Iterable

from musterroll import canonical
from musterroll.entry.kind import Kind
from musterroll.register import permissions
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act, same
from musterroll.register.acts.campaign import queue_campaign
from musterroll.register.acts.delivery import record_delivery
from musterroll.register.campaign import Letter
from musterroll.register.models import AnswerBatch, Delivery, Outcome, QuestionBatch, Snapshot, Telling

ANSWERS = "#answers"
"""Answers stand in the roll as a source of their own beside the agency's extracts: `civil#answers`."""


@act
def record_questions(
    *,
    source: str,
    number: int,
    snapshot: str,
    rows: int,
    sha256: str,
    asked_sha256: str,
    letters: Iterable[Letter],
    by: Actor,
    at: int,
) -> int:
    """Record that questions went to a source, and queue the letters that say so; give the batch's row number.

    `snapshot` is the digest of the night they follow from. One batch a source and night.
    """
    permissions.check_may("record_questions", by)
    committed = Snapshot.objects.get(digest=snapshot)
    there = QuestionBatch.objects.filter(source=source, snapshot=committed).first()
    if there is not None:
        same("batch of questions", file=(there.sha256, sha256))
        return int(there.pk)
    payload: dict[str, canonical.Json] = {"batch": number, "rows": rows, "sha256": sha256, "source": source}
    entry = writing.public(Kind.QUESTIONS, payload, label=f"questions/{source}/{snapshot}", at=at)
    row = QuestionBatch.objects.create(
        source=source,
        number=number,
        snapshot=committed,
        rows=rows,
        sha256=sha256,
        asked_sha256=asked_sha256,
        entry=entry,
        at=at,
    )
    queue_campaign(telling=Telling.ASKED, subject=f"{source}/{number}", letters=letters, by=by, at=at)
    return int(row.pk)


@act
def record_answers(
    *,
    batch: int,
    as_of: int,
    sha256: str,
    manifest_sha256: str,
    rows: int,
    refused: int,
    answered_sha256: str,
    by: Actor,
    at: int,
) -> int:
    """Record the answers to a batch as a delivery of their own; give the delivery's number."""
    permissions.check_may("record_answers", by)
    asked = QuestionBatch.objects.get(pk=batch)
    number = record_delivery(
        source=f"{asked.source}{ANSWERS}",
        as_of=as_of,
        sha256=sha256,
        manifest_sha256=manifest_sha256,
        rows=rows,
        refused=refused,
        content="",
        outcome=Outcome.RECEIVED,
        full=False,
        profile=b"",
        reasons=[],
        by=by,
        at=at,
    )
    delivery = Delivery.objects.get(number=number)
    there = AnswerBatch.objects.filter(delivery=delivery).first()
    if there is not None:
        same("delivery of answers", answers=(there.answered_sha256, answered_sha256))
        return number
    AnswerBatch.objects.create(delivery=delivery, batch=asked, answered_sha256=answered_sha256, at=at)
    return number
