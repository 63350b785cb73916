"""`muster pack`: what lawyers and developers ask of a law pack.

1. Each command is loaded when it is asked for; one that needs a part that is not installed says which, and how.
2. What a pack is asked goes to standard output, findings that forbid publication to standard error; the last line is
   the figure. With `--json` standard output holds one object and nothing else.
3. Exit codes: 0 all is well, 1 something forbids, differs or is missing, 2 there was no pack.
"""

import importlib

import click

from musterroll.errors import MusterRollError

COMMANDS = {
    "cases": "look:cases",
    "check": "prove:check",
    "compare": "compare:compare",
    "coverage": "prove:coverage",
    "diff": "diff:diff",
    "letter": "letter:letter",
    "lock": "write:lock",
    "prove": "prove:prove",
    "render": "page:render",
    "mutate": "prove:mutate",
    "walk": "walk:walk",
    "new": "write:new",
}
PARTS = {"z3": "prove", "django": "register", "jinja2": "portal", "markupsafe": "portal"}
"""Which extra of the package brings a module that a command needs."""


class Loaded(click.Group):
    """A group whose commands are imported one at a time, by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        try:
            command = getattr(importlib.import_module(f"{__name__}.{module}"), name)
        except ModuleNotFoundError as missing:
            if missing.name not in PARTS:
                raise
            raise MusterRollError(
                "install.part",
                f"`muster pack {cmd_name}` needs `{missing.name}`, which is not installed.",
                where="this installation",
                remedy=f"Install the part that brings it: pip install 'musterroll[{PARTS[missing.name]}]'.",
                exit_code=2,
            ) from None
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Loaded)
def pack() -> None:
    """Look at a law pack, e.g. packs/us."""
