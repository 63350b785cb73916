"""The page docs/reference/columns.md, made from the tables: `python -m musterroll.register.reference`."""

import sys

from django.apps import apps

from musterroll.register import settings

HEAD = """# Columns: what the register's tables keep, for whom, how long

Made by `python -m musterroll.register.reference` from the comments that stand in the database itself; a test compares
them.
What the roll's files keep is in [fact](../flow/fact.md) and [roll](../flow/roll.md).
"""


def page() -> str:
    """The page's text."""
    settings.prepare()
    parts = [HEAD]
    for model in sorted(apps.get_app_config("register").get_models(), key=lambda one: one.__name__):
        told = " ".join((model.__doc__ or "").split("\n\n")[0].split())
        parts.append(f"\n## {model.__name__}\n\n{told}\n\n| column | shown to | kept | form |\n|---|---|---|---|\n")
        for field in model._meta.fields:
            said = (part.split(": ", 1)[1] for part in field.db_comment.split("; "))
            parts.append(f"| `{field.column}` | {' | '.join(said)} |\n")
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
