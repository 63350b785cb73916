"""Offices, their officers, and what each officer may do.

An officer acts for one office. What they may do is granted and ended by rows; the last word counts at once.
"""

from enum import StrEnum

from django.db import models

from musterroll.register.models.column import OFFICES, PUBLIC, HappenedInOffice, HappenedInPublic, one_of


class Role(StrEnum):
    """What an officer may be entrusted with (register/permissions.py says which acts)."""

    KEEPER = "keeper"
    LAW = "law"
    DRAW = "draw"
    NOTICES = "notices"
    CASES = "cases"
    SUPERVISION = "supervision"


class Office(HappenedInPublic):
    """A body that acts: the register's own desk, a court, a supervising authority."""

    code = models.CharField(max_length=32, unique=True, db_comment=PUBLIC)
    title = models.CharField(max_length=120, db_comment=PUBLIC)


class Officer(HappenedInOffice):
    """One person in office. `handle` is what acts and entries name; it is not a name."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, db_comment=OFFICES)
    handle = models.CharField(max_length=32, unique=True, db_comment=OFFICES)


class Grant(HappenedInOffice):
    """An officer may act in a role from now on."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, db_comment=OFFICES)
    role = models.CharField(max_length=16, db_comment=OFFICES)

    class Meta(HappenedInOffice.Meta):
        constraints = [one_of("grant_role", "role", Role)]


class GrantEnd(HappenedInOffice):
    """A grant ends."""

    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, db_comment=OFFICES)
