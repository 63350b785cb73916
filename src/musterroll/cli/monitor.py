"""`muster ledger monitor`: follow what a register publishes, from outside, and keep the evidence.

It needs no home and no database: the published folder or its address, a policy file that the one who runs it trusts,
and a folder of its own. Run it as often as you like; each run looks at what is new.
"""

import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import click

from musterroll.entry import monitor as entries
from musterroll.entry import seen as kept
from musterroll.errors import MusterRollError
from musterroll.ledger import policy as policies
from musterroll.ledger import year
from musterroll.ledger.tile import Read

MOST_FILE_BYTES = 64 << 20
SECONDS = 30


@click.command()
@click.option("--published", required=True, help="The folder `published` of a register, or its address.")
@click.option("--policy", "policy_file", required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--state", required=True, type=click.Path(path_type=Path, file_okay=False), help="What was seen, and evidence."
)
@click.option("--tolerance", default=entries.TOLERANCE, show_default=True, type=click.IntRange(0), help="Seconds.")
def monitor(published: str, policy_file: Path, state: Path, tolerance: int) -> None:
    """Follow the logs of a register. Ends with 1, and files that show it, where something is wrong."""
    policy = policies.decode(policy_file.read_bytes(), where=str(policy_file))
    state.mkdir(parents=True, exist_ok=True)
    findings = follow(source(published), policy, state, tolerance, click.echo)
    for finding in findings:
        folder = keep(state, finding)
        click.echo(f"WRONG {finding.problem}\n      evidence: {folder}")
    old = sorted(path.name for path in (state / "evidence").glob("*"))
    if not findings and old:
        click.echo(f"WRONG as found before: {', '.join(old)}. Take the folders away once the register has answered.")
    if old:
        sys.exit(1)


def follow(
    read_of: Callable[[int], Read],
    policy: policies.Policy,
    state: Path,
    tolerance: int,
    say: Callable[[str], None],
) -> list[entries.Finding]:
    """Look at every year that is published; what is seen is kept in `state`, what is wrong is given back."""
    file = state / "seen.json"
    logs = kept.decode(file.read_bytes(), where=str(file)) if file.exists() else {}
    findings: list[entries.Finding] = []
    try:
        known = sorted({*(log.key.name for log in policy.logs), *logs}, key=year.split)
    except ValueError:
        known = []
    if not known:
        raise MusterRollError("monitor.policy", "The policy names no yearly log.", remedy="Use this register's policy.")
    domain, number = year.split(known[0])
    last = year.split(known[-1])[1]
    while number <= last:
        origin = year.origin(domain, number)
        before = logs.get(origin)
        try:
            done = entries.follow(read_of(number), policy, before, named=entries.named_keys(logs), tolerance=tolerance)
        except FileNotFoundError:
            if before is not None:
                raise MusterRollError(
                    "monitor.gone",
                    "A log that was published is not there any more.",
                    where=origin,
                    remedy="Look again; if it stays away, say so in public: you have its checkpoint.",
                ) from None
            number += 1
            continue
        findings += done.findings
        if done.seen is not None:
            logs[origin] = done.seen
            say(f"{origin}: {done.seen.checkpoint.size} entries, {done.new} of them new")
        number += 1
        last = max(last, number)
    findings += entries.check_years(logs)
    aside = state / "seen.json.part"
    aside.write_bytes(kept.encode(logs))
    aside.replace(file)
    return findings


def keep(state: Path, finding: entries.Finding) -> Path:
    """Write the files that show a finding to others; their folder."""
    place = re.sub("[^a-z0-9]+", "-", finding.problem.where.lower()).strip("-")[:80]
    folder = state / "evidence" / f"{finding.problem.code}-{place}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in {**finding.evidence, "what.txt": f"{finding.problem}\n".encode()}.items():
        (folder / name).write_bytes(data)
    return folder


def source(published: str) -> Callable[[int], Read]:
    """Readers of the years' logs in a folder or under an address."""
    if published.startswith(("http://", "https://")):
        return lambda number: lambda path: _fetch(f"{published.rstrip('/')}/ledger/{number:04}/{path}")
    folder = Path(published) / "ledger"
    return lambda number: lambda path: (folder / f"{number:04}" / path).read_bytes()


def _fetch(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 - the scheme is checked above
            return bytes(answer.read(MOST_FILE_BYTES))
    except urllib.error.HTTPError as answer:
        with answer:
            if answer.code == 404:
                raise FileNotFoundError(url) from None
            why = f"HTTP {answer.code}"
    except OSError as problem:
        why = str(getattr(problem, "reason", type(problem).__name__))
    raise MusterRollError(
        "monitor.fetch",
        f"A published file cannot be had: {why}.",
        where=url,
        remedy="Look again later. Nothing was forgotten.",
        exit_code=2,
    )
