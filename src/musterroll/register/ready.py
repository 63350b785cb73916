"""Importing this sets Django up so that tables can load: modules of this folder that read tables import it first."""

from musterroll.register import settings

settings.prepare()
