"""What the database says when it is gone, in words an operator can act on; and the statements that every act sends."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from psycopg import Cursor

from musterroll.errors import MusterRollError


@contextmanager
def told() -> Iterator[None]:
    """Turn a lost or refused connection into MusterRollError `database.gone` (exit 2)."""
    try:
        yield
    except (OperationalError, InterfaceError) as problem:
        state = getattr(problem.__cause__, "sqlstate", None) or ""
        if state == "53100":  # disk_full
            raise MusterRollError(
                "disk.full",
                "The database has no space left on its disk. What was finished is kept and nothing is half done.",
                remedy="Free some space and start the same command again.",
                exit_code=2,
            ) from None
        raise MusterRollError(
            "database.gone",
            "The database cannot be reached, or went away in the middle. The act under way was not done; "
            "everything before it is kept.",
            where=f"PostgreSQL, SQLSTATE {state or 'none: the connection itself failed'}",
            remedy="See that the server runs (HOME/pg/log for the built-in one), then start the same command again.",
            exit_code=2,
        ) from None


def prepared(statement: str, values: Sequence[Any]) -> tuple[Any, ...]:
    """The row that `statement`, an INSERT with RETURNING, gives; the database reads and plans it once a connection.

    Not for a statement that searches: a plan made while a table was small reads the whole of it, also after it has
    grown. Of a number the width is said (`Int8`), as each type of value makes another statement.
    """
    connection.validate_no_broken_transaction()
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        (row,) = cursor.execute(statement, values, prepare=True).fetchall()
    return row
