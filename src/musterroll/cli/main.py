"""The one command, `muster`.

1. Each command is a file of its own, loaded when it is asked for: `muster verify` starts no database.
2. Bad input ends in one message (what, where, what to do) on standard error and the error's own exit code; a full disk
   and Ctrl-C are said plainly too. A traceback is always a fault of ours.
"""

import errno
import importlib
import sys
from typing import Any

import click

from musterroll.errors import MusterRollError

COMMANDS = {
    "approve": "musterroll.cli.propose:approve",
    "ask": "musterroll.cli.ask:ask",
    "case": "musterroll.cli.case:case",
    "demo": "musterroll.cli.demo:demo",
    "draw": "musterroll.cli.draw:draw",
    "init": "musterroll.cli.home:init",
    "erase": "musterroll.cli.erase:erase",
    "judge": "musterroll.cli.judge:judge",
    "law": "musterroll.cli.law:law",
    "ledger": "musterroll.cli.ledger:ledger",
    "nightly": "musterroll.cli.night:nightly",
    "notify": "musterroll.cli.notify:notify",
    "officer": "musterroll.cli.officer:officer",
    "pack": "musterroll.cli.pack:pack",
    "proposals": "musterroll.cli.propose:proposals",
    "propose": "musterroll.cli.propose:propose",
    "receive": "musterroll.cli.night:receive",
    "recall": "musterroll.cli.recall:recall",
    "reject": "musterroll.cli.release:reject",
    "release": "musterroll.cli.release:release",
    "serve": "musterroll.cli.serve:serve",
    "source": "musterroll.cli.source:source",
    "status": "musterroll.cli.home:status",
    "verify": "musterroll.cli.verify:verify",
    "why": "musterroll.cli.why:why",
    "work": "musterroll.cli.work:work",
    "witness": "musterroll.cli.witness:witness",
}


class Loaded(click.Group):
    """A group whose commands are imported one at a time, by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Loaded, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="musterroll", prog_name="muster")
def muster() -> None:
    """The register of the people whom a published law makes liable to military service."""


def main(arguments: list[str] | None = None) -> None:
    """Run `muster`."""
    run(muster, arguments)


def run(command: click.Command, arguments: list[str] | None = None) -> None:
    """Run a command, turning what is wrong outside this program into one message and an exit code."""
    try:
        result: Any = command.main(args=arguments, standalone_mode=False)
        sys.exit(result if isinstance(result, int) else 0)
    except MusterRollError as problem:
        tell(str(problem), problem.exit_code)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except (click.Abort, KeyboardInterrupt):
        tell("Stopped. Start the same command again and it goes on where it was. [stopped]", 130)
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        tell(
            "There is no space left on the disk. What was finished is kept and nothing is half done. "
            "What to do: Free some space and start the same command again. [disk.full]",
            2,
        )


def tell(message: str, exit_code: int) -> None:
    """End with one message for the person at the terminal."""
    click.echo(f"muster: {message}", err=True)
    sys.exit(exit_code)
