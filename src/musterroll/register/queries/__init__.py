"""What pages may read: frozen values, never rows of the database."""

from musterroll.register import settings

settings.prepare()
