"""Reading is an act (charter S8): who opens a record has an allocated case or the person present, and a purpose.

1. The access stands in the outbox, committed, before anything of the record is read: `open_record` gives a number, and
   `queries.officer.opened` reads only under such a number, for that officer, within the hour.
2. The person sees every opening, with office, purpose and case.
3. Nobody is found by name, address or number: a case is allocated by ref, which is on the person's own papers.
"""

import hashlib
import hmac
from itertools import count

from musterroll import ids
from musterroll.entry.kind import Act
from musterroll.errors import MusterRollError
from musterroll.ids import keyed
from musterroll.register import home, permissions, policies
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.models import Access, Case, CaseEnd, Officer, PresenceCode, Purpose
from musterroll.register.refs import person_of


@act
def allocate_case(*, ref: str, officer: str, purpose: Purpose, by: Actor, at: int) -> str:
    """Allocate a matter about the person with this `ref` to an officer; give the case's code."""
    permissions.check_may("allocate_case", by)
    allocator, worker = permissions.officer_of(by), Officer.objects.filter(handle=officer).first()
    assert allocator is not None  # only officers may allocate
    if worker is None:
        raise MusterRollError("officer.unknown", "There is no such officer.", where=officer)
    if worker.pk == allocator.pk:
        raise MusterRollError(
            "access.own-case",
            "Nobody allocates a case to themselves.",
            remedy="Ask another supervisor.",
        )
    person = person_of(ref)
    key = writing.key_of(person)
    label = f"case/{person}/{worker.handle}/{purpose.value}/{at}"
    code = ids.code(home.current().keys.secret("entry"), "C", "case", label)
    if Case.objects.filter(code=code).exists():
        return code
    entry = writing.personal(
        Act.ACCESS_GRANTED, person=key, by=by, label=label, at=at, case=code, purpose=purpose.value
    )
    Case.objects.create(
        code=code, person=person, officer=worker, allocated_by=allocator, purpose=purpose, entry=entry, at=at
    )
    return code


@act
def close_case(*, case: str, by: Actor, at: int) -> None:
    """Close a case: the record can no longer be opened through it."""
    permissions.check_may("close_case", by)
    row = Case.objects.filter(code=case).first()
    if row is None:
        raise MusterRollError("access.case-unknown", "There is no such case.", where=f"case {case}")
    if CaseEnd.objects.filter(case=row).exists():
        return
    entry = writing.personal(
        Act.ACCESS_GRANTED, person=row.person, by=by, label=f"case.end/{case}", at=at, case=case, ended=True
    )
    CaseEnd.objects.create(case=row, entry=entry, at=at)


@act
def give_code(*, by: Actor, at: int) -> str:
    """Give the person a one-time code of ten digits that shows, for ten minutes, that they are present."""
    permissions.check_may("give_code", by, person=by.number)
    assert by.number is not None  # only a person may ask for a code
    key = writing.key_of(by.number)
    given = PresenceCode.objects.filter(person=by.number).count() + 1
    secret = home.current().keys.secret("code")
    codes = (_ten_digits(secret, f"{by.number}/{given}/{at}{'+' * tried}") for tried in count())
    code = next(one for one in codes if not PresenceCode.objects.filter(code=_hidden(secret, one)).exists())
    entry = writing.personal(Act.ACCESS_GRANTED, person=key, by=by, label=f"code/{by.number}/{given}", at=at)
    PresenceCode.objects.create(person=by.number, code=_hidden(secret, code), entry=entry, at=at)
    return code


@act
def open_record(*, purpose: Purpose, by: Actor, at: int, case: str = "", code: str = "", ref: str = "") -> int:
    """Write down that `by` opens a record, and give the number of this opening.

    Either `case`, allocated to this officer for this purpose and open, or `code`, from the person present. With `ref`
    it has to be that person's. Raises MusterRollError `access.no-case`, `access.no-code`, `access.other-purpose`,
    `access.other-person`.
    """
    permissions.check_may("open_record", by)
    officer = permissions.officer_of(by)
    assert officer is not None  # only officers may open records
    allocated = presence = None
    if case:
        allocated = Case.objects.filter(code=case, officer=officer).first()
        policies.check_allocated(allocated)
        assert allocated is not None  # check_allocated has refused None
        if allocated.purpose != purpose:
            raise MusterRollError(
                "access.other-purpose",
                "This case was allocated for another purpose.",
                where=f"case {case}",
                remedy="Open the record for the purpose of the case.",
            )
        person = allocated.person
    else:
        presence = PresenceCode.objects.filter(code=_hidden(home.current().keys.secret("code"), code)).first()
        policies.check_code_valid(presence, at)
        assert presence is not None  # check_code_valid has refused None
        person = presence.person
    if ref and writing.ref_of(person) != ref:
        raise MusterRollError(
            "access.other-person",
            "This case, or this code, is about somebody else.",
            remedy="Name the reference of the case's person, or have a case allocated. Nothing was read.",
        )
    key = writing.key_of(person)
    times = Access.objects.filter(person=person).count() + 1
    entry = writing.personal(
        Act.RECORD_OPENED,
        person=key,
        by=by,
        label=f"open/{person}/{times}",
        at=at,
        purpose=purpose.value,
        through=case or "code",
    )
    row = Access.objects.create(
        person=person, officer=officer, purpose=purpose, case=allocated, presence=presence, entry=entry, at=at
    )
    return int(row.pk)


def _ten_digits(secret: bytes, label: str) -> str:
    """Few enough to be read out: of a hundred thousand codes two are likely the same, so a code is tried."""
    return f"{int.from_bytes(keyed(secret, b'code', label.encode())[:8], 'big') % 10**10:010}"


def _hidden(secret: bytes, code: str) -> str:
    return hmac.new(secret, b"presence\x00" + code.encode(), hashlib.sha256).hexdigest()
