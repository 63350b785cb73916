"""Django's settings, made in code when they are first needed: there is no settings module.

1. `prepare` is called by `register.home` and by the packages `acts` and `queries` when they are first imported, so that
   their models can load. A front that needs more settings of Django's opens its home before it imports either.
2. The database is named later, by `connect`, when a home is opened; until then every use of it fails.
3. What a front needs (middleware, templates, sessions) comes from that front as `more`; the register knows no front.
"""

from collections.abc import Mapping
from typing import Any

import django
from django.conf import settings
from django.db import connections
from psycopg.conninfo import conninfo_to_dict

REGISTER: dict[str, Any] = {
    "INSTALLED_APPS": ["pgtrigger", "musterroll.register"],
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "DEBUG": False,
    "LOGGING_CONFIG": None,
    "PGTRIGGER_INSTALL_ON_MIGRATE": False,
    "PGTRIGGER_MIGRATIONS": True,
    "TIME_ZONE": "UTC",
    "USE_I18N": True,
    "USE_TZ": True,
}
"""What the register itself needs. Documented in docs/flow/register.md."""

NOWHERE = "postgresql://nobody@/none?host=/nonexistent/no-home-is-open"
"""The database before a home is opened."""


def prepare(more: Mapping[str, Any] | None = None) -> None:
    """Set Django up with the register's settings and those of the front that runs (`more`). Once a process.

    INSTALLED_APPS of `more` are added to the register's own. Raises RuntimeError when a front comes too late.
    """
    if settings.configured:
        late = [name for name in more or {} if not hasattr(settings, name)]
        if late or any(app not in settings.INSTALLED_APPS for app in (more or {}).get("INSTALLED_APPS", [])):
            raise RuntimeError("open the home with the front's settings before importing acts or queries")
        return
    chosen = {**REGISTER, **(more or {})}
    chosen["INSTALLED_APPS"] = [*REGISTER["INSTALLED_APPS"], *(more or {}).get("INSTALLED_APPS", [])]
    settings.configure(**chosen, DATABASES={"default": _database(NOWHERE)})
    django.setup()


def connect(url: str, secret_key: str) -> None:
    """Point Django at the database `url` of the home just opened. Call it in the thread that uses the database."""
    connections.close_all()
    settings.SECRET_KEY = secret_key
    settings.DATABASES = {"default": _database(url)}
    connections.settings = connections.configure_settings(settings.DATABASES)
    for alias in connections:
        if hasattr(connections._connections, alias):
            delattr(connections._connections, alias)


def disconnect() -> None:
    """Close this thread's connection and name no database any more."""
    connect(NOWHERE, "no home is open")


def _database(url: str) -> dict[str, Any]:
    parts = {name: value for name, value in conninfo_to_dict(url).items() if value is not None}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "postgres"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": None,
        # Django's own statements are never prepared; with a threshold `database.prepared` may.
        "OPTIONS": {"connect_timeout": 10, "application_name": "musterroll", "prepare_threshold": 0, **parts},
    }
