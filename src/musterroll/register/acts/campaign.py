"""Queueing letters that no call is about, and composing one of them (charter S9, S10)."""

from collections.abc import Iterable

from musterroll import canonical
from musterroll.entry.kind import Kind
from musterroll.register import campaign as lists
from musterroll.register import permissions
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act, same
from musterroll.register.acts.notice import fixed, number_again, number_from
from musterroll.register.campaign import Letter
from musterroll.register.models import Campaign, Notice, NoticeKind, Telling


@act
def queue_campaign(*, telling: Telling, subject: str, letters: Iterable[Letter], by: Actor, at: int) -> int | None:
    """Queue letters; give the campaign's number, None where there is nobody to tell.

    `subject` is the snapshot, or what was recalled: of one subject there is one campaign of each telling.
    """
    permissions.check_may("queue_campaign", by)
    rows = list(letters)
    there = Campaign.objects.filter(telling=telling, subject=subject).first()
    if not rows:
        return None if there is None else int(there.pk)
    digest, _ = lists.put(rows)
    if there is not None:
        same("campaign", letters=(there.sha256, digest))
        return int(there.pk)
    payload: dict[str, canonical.Json] = {"sha256": digest, "subject": subject, "telling": telling.value}
    entry = writing.public(Kind.CAMPAIGN, payload, label=f"campaign/{telling.value}/{subject}", at=at)
    row = Campaign.objects.create(telling=telling, subject=subject, sha256=digest, entry=entry, at=at)
    return int(row.pk)


def number_of(*, campaign: Campaign, person: int, about: str) -> str:
    """The number printed in one letter of a campaign: twelve letters from which nothing can be read."""
    return number_from(f"{campaign.entry.uuid}/{person}/{about}")


@act
def compose_telling(
    *, campaign: int, of: Letter, channel: str, title: str, words: Iterable[str], letter: bytes, by: Actor, at: int
) -> str:
    """Fix one letter of a campaign; give its number. `letter` is the finished sheet (PDF), `words` its text."""
    permissions.check_may("compose_telling", by)
    row = Campaign.objects.select_related("entry").get(pk=campaign)
    number = number_of(campaign=row, person=of.person, about=of.about)
    there = Notice.objects.filter(campaign=row, person=of.person, about=of.about, channel=channel).first()
    if there is not None:
        return number_again(there, letter)
    composed = Notice(
        number=number,
        person=of.person,
        campaign=row,
        about=of.about,
        counts_from=of.day or None,
        kind=NoticeKind(row.telling),
        channel=channel,
        title=title,
        words=list(words),
        at=at,
    )
    return fixed(composed, letter, by)
