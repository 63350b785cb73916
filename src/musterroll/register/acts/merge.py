"""Two numbers of one human become one person, and two again; a record taken for a person's founds a person (S9).

1. Each takes two people from two offices, and an allocated case for each person looked at (S8).
2. A merge moves nothing: facts and acts stay under the number they came to, and one number goes under the other
   (data-model 3). So ending it leaves both as they would have been without it.
3. Whoever goes under another number has no standing of their own: their calls are withdrawn, their other number's stay.
   What a merge makes worse comes with the night and waits (`register.overlay`).
4. What was done for the person while the merge stood stays where it was done; when it is ended, all of it goes on a
   worklist (`queries.judgement.after_unmerge`, kind `ended merge`), with the next night.
5. A split founds a person, by judgement, on a record of a source that founds nobody by itself: the night gives a number
   where the law registers that person.
"""

from dataclasses import dataclass

from musterroll import canonical, ids
from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError
from musterroll.register import home, judgements, overlay, permissions, protection, roll
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.acts.judge import (
    check_may_be_judged,
    headline,
    holder_of,
    person_of_case,
    record_judgement,
    withdraw_ended,
    worse_to_come,
)
from musterroll.register.models import (
    Approved,
    JudgedBy,
    Judgement,
    Merge,
    MergeEnd,
    Split,
)
from musterroll.register.refs import link_ref, record_of


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it: the merge's code, the headline now, the calls withdrawn, and whether something worse waits."""

    merge: str
    after: str
    withdrawn: int
    waits: bool


def merge_digest(case: str, into: str) -> str:
    """What two people approve: who goes under whom, by the codes of their cases."""
    return canonical.sha256_hex(canonical.encode({"case": case, "into": into}))


def unmerge_digest(merge: str) -> str:
    """What two people approve: which merge is ended."""
    return canonical.sha256_hex(canonical.encode({"unmerge": merge}))


def split_digest(link: str) -> str:
    """What two people approve: on which link's record a person is founded."""
    return canonical.sha256_hex(canonical.encode({"split": link}))


def code_of(merge: Merge) -> str:
    """The name of a merge: it says nothing of whom it concerns."""
    label = f"{merge.person}/{merge.into}/{merge.at}"
    return ids.code(home.current().keys.secret("entry"), "M", "merge", label)


@act
def merge_persons(*, case: str, into: str, approval: int, by: Actor, at: int) -> Merged:
    """Let the person of `case` go under the number of the person of the case `into`.

    Two people approve (the two cases joined by a slash, `merge_digest`). Raises MusterRollError `access.no-case`,
    `merge.one-person`, `merge.folded`, `approval.missing`.
    """
    permissions.check_may("merge_persons", by)
    person, other = person_of_case(case, by), person_of_case(into, by)
    for number in sorted({person, other}):
        writing.key_of(number)
    aliased = judgements.aliases_now(roll.current())
    there = Merge.objects.filter(person=person, into=other, mergeend__isnull=True).first()
    if there is None:
        _check_mergeable(person, other, aliased)
        agreed = permissions.approved(
            Approved.MERGE_PERSONS, approval, subject=f"{case}/{into}", digest=merge_digest(case, into)
        )
        count = Merge.objects.filter(person=person).count() + 1
        entries = [
            writing.personal(
                Act.JUDGEMENT_MADE,
                person=number,
                by=by,
                label=f"merge/{person}/{other}/{count}/{number}",
                at=at,
                judgement="merged",
                other=writing.ref_of(person if number == other else other),
            )
            for number in (person, other)
        ]
        there = Merge.objects.create(
            person=person, into=other, approval=agreed, entry=entries[0], told=entries[1], at=at
        )
    return _result(there, at, by)


@act
def unmerge_persons(*, case: str, merge: str, approval: int, by: Actor, at: int) -> Merged:
    """End a merge into the person of `case`: both are as they would have been.

    Two people approve (the merge's code, `unmerge_digest`). Raises MusterRollError `merge.unknown`, `approval.missing`.
    """
    permissions.check_may("unmerge_persons", by)
    into = person_of_case(case, by)
    row = next((one for one in Merge.objects.filter(into=into).order_by("id") if code_of(one) == merge), None)
    if row is None:
        raise MusterRollError(
            "merge.unknown",
            "Nobody was merged into this person under this code.",
            where=f"case {case}",
            remedy="See the person's merges: muster judge show CASE.",
        )
    for number in sorted({row.person, into}):
        writing.key_of(number)
    if not MergeEnd.objects.filter(merge=row).exists():
        agreed = permissions.approved(Approved.UNMERGE_PERSONS, approval, subject=merge, digest=unmerge_digest(merge))
        entries = [
            writing.personal(
                Act.JUDGEMENT_MADE,
                person=number,
                by=by,
                label=f"unmerge/{merge}/{number}",
                at=at,
                judgement="unmerged",
                merge=merge,
            )
            for number in (row.person, into)
        ]
        MergeEnd.objects.create(merge=row, approval=agreed, entry=entries[0], told=entries[1], at=at)
    return _result(row, at, by)


@act
def split_person(*, case: str, link: str, approval: int, by: Actor, at: int) -> int:
    """Let the record of `link`, which was taken for the person's of `case`, found a person of its own; its number.

    Two people approve (the link's reference, `split_digest`). Raises MusterRollError `judge.link-unknown`,
    `judge.founding`, `split.founds`, `judge.anothers`, `approval.missing`.
    """
    permissions.check_may("split_person", by)
    person = person_of_case(case, by)
    writing.key_of(person)
    seen = overlay.now(person, at)
    record = record_of(link, person, [one.record for one in seen.facts.links])
    owner = holder_of(seen, record)
    there = Split.objects.filter(record=record).first()
    if there is not None:
        return int(there.pk)
    check_may_be_judged(seen, record, Judgement.REFUTED)
    check_may_be_judged(seen, record, Judgement.CONFIRMED)  # nobody else's for certain
    source = next(one.source for one in seen.facts.links if one.record == record)
    if "#" in source or seen.roll.sources[source].founds:
        raise MusterRollError(
            "split.founds",
            "This record founds nobody by judgement: its source founds persons itself, or it is of a relative named "
            "in a row.",
            where="link",
            remedy="Have a merge ended, or the link refuted.",
        )
    agreed = permissions.approved(Approved.SPLIT_PERSON, approval, subject=link, digest=split_digest(link))
    judged = record_judgement(
        owner,
        record,
        Judgement.REFUTED,
        JudgedBy.OFFICER,
        seen,
        by,
        at,
        approval=agreed,
        protecting=protection.protects(seen, record),
        case=case,
    )
    entry = writing.personal(
        Act.JUDGEMENT_MADE,
        person=owner,
        by=by,
        label=f"split/{owner}/{record}",
        at=at,
        judgement="split",
        link=link_ref(owner, record),
    )
    row = Split.objects.create(person=owner, record=record, judgement=judged, approval=agreed, entry=entry, at=at)
    withdraw_ended(seen.numbers, by, at)
    return int(row.pk)


def _result(row: Merge, at: int, by: Actor) -> Merged:
    after = overlay.now(row.into, at)
    withdrawn = withdraw_ended(frozenset({row.person, row.into}) | after.numbers, by, at)
    return Merged(code_of(row), headline(after), withdrawn, worse_to_come(after))


def _check_mergeable(person: int, other: int, aliased: dict[int, int]) -> None:
    if person == other:
        raise MusterRollError("merge.one-person", "Both cases are about one person.", remedy="Nothing needs doing.")
    if person in aliased or other in aliased:
        raise MusterRollError(
            "merge.folded",
            "One of the two goes under another number already.",
            remedy="Have a case allocated about that other number, or the earlier merge ended first.",
        )
