"""What can be done: each act one function, one transaction, one entry in the log (docs/flow/register.md)."""

from musterroll.register import settings

settings.prepare()
