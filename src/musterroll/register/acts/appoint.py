"""Appointing officers: an office, a handle, roles."""

from collections.abc import Iterable

from musterroll.entry.kind import Kind
from musterroll.errors import MusterRollError
from musterroll.register import permissions, policies
from musterroll.register.actor import Actor
from musterroll.register.acts import writing
from musterroll.register.acts.act import act
from musterroll.register.models import Grant, GrantEnd, Office, Officer, Role


@act
def appoint(*, office: str, title: str, officer: str, roles: Iterable[Role], by: Actor, at: int) -> int:
    """Let `officer` (a handle) of `office` act in `roles` from now on; give the officer's number.

    The program appoints the first officers of a home, before its first pack; afterwards supervisors do.
    """
    permissions.check_may("appoint", by)
    policies.check_may_appoint_now(by)
    body, new = Office.objects.get_or_create(code=office, defaults={"title": title, "at": at})
    row, _ = Officer.objects.get_or_create(handle=officer, defaults={"office": body, "at": at})
    if row.office_id != body.pk:
        raise MusterRollError(
            "officer.other-office",
            "An officer acts for one office.",
            where=officer,
            remedy="Give the officer another handle for the other office.",
        )
    fresh = sorted(set(roles) - permissions.roles_of(row))
    for role in fresh:
        Grant.objects.create(officer=row, role=role, at=at)
    if fresh or new:
        number = Grant.objects.filter(officer=row).count()
        writing.public(
            Kind.CONFIG,
            {"granted": [role.value for role in fresh], "office": office},
            label=f"appoint/{officer}/{number}",
            at=at,
        )
    return int(row.pk)


@act
def dismiss(*, officer: str, by: Actor, at: int) -> None:
    """End all roles of `officer`, at once."""
    permissions.check_may("appoint", by)
    policies.check_may_appoint_now(by)
    row = Officer.objects.select_related("office").filter(handle=officer).first()
    open_grants = list(row.grant_set.filter(grantend__isnull=True)) if row else []
    if row is None or not open_grants:
        return
    for grant in open_grants:
        GrantEnd.objects.create(grant=grant, at=at)
    writing.public(
        Kind.CONFIG,
        {"ended": sorted(grant.role for grant in open_grants), "office": row.office.code},
        label=f"dismiss/{officer}/{Grant.objects.filter(officer=row).count()}",
        at=at,
    )
