"""`muster notify`: letters to everybody whose call is open or was withdrawn, announced by mail (charter S6, S11)."""

from pathlib import Path

import click

from musterroll.cli.home import HOME
from musterroll.notice.letter import Office
from musterroll.register import correspondence, home, letter, log
from musterroll.register.actor import Actor
from musterroll.register.channels.smtp import Smtp
from musterroll.register.models import Telling


@click.command()
@HOME
@click.option("--letters", required=True, type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--language", default="en", show_default=True)
@click.option("--office", required=True, help="Who writes, e.g. 'Registry of Service'.")
@click.option("--line", "lines", multiple=True, help="A line of the office's address; several times.")
@click.option("--sender", required=True, help="The mail's sender, e.g. registry@register.example.")
@click.option("--smtp", default="127.0.0.1:25", show_default=True, help="HOST:PORT of the mail server on this machine.")
def notify(
    folder: Path, letters: Path, language: str, office: str, lines: tuple[str, ...], sender: str, smtp: str
) -> None:
    """Compose the letter of every open call and what the nights queued; tell each person by mail that there is one.

    Each person is decided again first: whoever is no longer callable gets no letter, and the call is withdrawn. Whose
    call was withdrawn after its letter gets a letter that says so.

    The gate stands before the channel: order and law are public under the quorum's cosignatures for 72 hours, or
    nobody is told of a call. Started again it sends nothing twice.
    """
    channel = _channel(smtp)
    with home.open(folder) as opened:
        at = opened.clock.now()
        paper = letter.stationery(letters, office=Office(office, lines), sender=sender, language=language)
        composed = correspondence.compose(paper=paper, at=at, tellings_of=tuple(Telling))
        sent = correspondence.send(paper=paper, channel=channel, at=at)
        log.publish(by=Actor.program("publish"), at=at)
        there = f"{len(composed.calls)} letters of open calls, {len(composed.withdrawals)} of withdrawn ones"
        if composed.tellings:
            there += f", {len(composed.tellings)} that no call is about"
        click.echo(f"{there}, {sent.handed} mails handed to the mail server. Not a delivery.")
        if sent.unreachable:
            click.echo(f"{sent.unreachable} people have no mailbox, or a protected contact: send paper.")


def _channel(smtp: str) -> Smtp:
    host, _, port = smtp.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise click.BadParameter("HOST:PORT, e.g. 127.0.0.1:25", param_hint="--smtp")
    return Smtp(host, int(port))
