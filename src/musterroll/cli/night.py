"""`muster receive` and `muster nightly`: deliveries at the door, and the night that takes them in."""

import contextlib
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
from rich.console import Console

from musterroll import dates
from musterroll.cli.home import HOME
from musterroll.cli.steps import Steps
from musterroll.demo import founding, witnesses
from musterroll.errors import MusterRollError
from musterroll.extract.manifest import Manifest
from musterroll.register import arrivals, home, intake, log, night, policies, sequencer, uploads, waiting
from musterroll.register.actor import Actor
from musterroll.register.arrivals import Arrival
from musterroll.register.home import Home

BY = Actor.program("nightly")
EVENING = 20 * 3600


@click.command()
@HOME
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--folder",
    "drop",
    type=click.Path(path_type=Path, file_okay=False),
    help="Take in every file of this folder whose manifest is there too, in the right order (an SFTP drop).",
)
@click.option("--every", type=int, default=0, help="With --folder: look again every so many seconds, until stopped.")
@click.option("--uploaded", is_flag=True, help="Take in what agencies have uploaded (`muster serve` does it too).")
def receive(folder: Path, files: tuple[Path, ...], drop: Path | None, every: int, uploaded: bool) -> int:
    """Take in deliveries: each FILE is NAME.csv (.ndjson, .parquet, .xlsx) with NAME.manifest.json beside it.

    The same file again changes nothing. A delivery that looks wrong waits in quarantine for two people. An agency that
    uploads into --folder puts the file there first and its manifest last: without one a file is not looked at.
    """
    if not files and drop is None and not uploaded:
        raise MusterRollError(
            "receive.nothing",
            "There is nothing to take in.",
            where="muster receive",
            remedy="Name files, or a folder with --folder, or say --uploaded.",
            exit_code=2,
        )
    wrong = False
    while drop is not None:
        with home.open(folder) as opened:
            report = Report()
            found = [arrival for _, several in arrivals.found(drop).days for arrival in several]
            with Steps(_console(), time.perf_counter()) as steps:
                for number, arrival in enumerate(found):
                    steps.show(arrival.file.name, number, len(found))
                    _receive(opened, arrival, report)
        for line in report.lines:
            click.echo(line)
        wrong = report.wrong > 0
        if not every:
            break
        time.sleep(every)
    with home.open(folder) as opened:
        for file in files:
            taken = intake.receive(file, by=BY, at=opened.clock.now())
            for line in told(taken):
                click.echo(line)
        report = Report()
        if uploaded:
            take_in_uploads(opened, report)
        for line in report.lines:
            click.echo(line)
    return int(wrong or report.wrong > 0)


def told(taken: intake.Taken) -> list[str]:
    """What became of a delivery, in lines."""
    if taken.again:
        return [
            f"{taken.source}: this very file and manifest came before, as delivery {taken.number} "
            f"({taken.outcome.value}). Nothing has changed. [delivery.twice]"
        ]
    line = (
        f"{taken.source}: delivery {taken.number} {taken.outcome.value}, {taken.rows} rows kept, "
        f"{taken.refused} set aside; reply in replies/"
    )
    lines = [line, *(f"    {finding}" for finding in taken.findings)]
    if taken.waits:
        lines.append(
            "    It goes on from a delivery that has not come, and enters no night before. Ask the agency for that "
            "one, or for its whole register. [delivery.base-missing]"
        )
    return lines


@dataclass(slots=True)
class Report:
    """What a run did with a folder of deliveries: a line a file, and how many were not taken in."""

    lines: list[str] = field(default_factory=list)
    wrong: int = 0
    nights: int = 0


@click.command()
@HOME
@click.option(
    "--deliveries",
    type=click.Path(path_type=Path, file_okay=False),
    help="First receive everything in this folder, in the right order; several days: a night a day.",
)
@click.option("--on", default="", help="Fictional homes only: the legal day of the last night, YYYY-MM-DD.")
@click.option(
    "--weekly",
    is_flag=True,
    help="Do the night once more for everybody anew, with an alarm where they differ; then fold the roll.",
)
def nightly(folder: Path, deliveries: Path | None, on: str, weekly: bool) -> int:
    """Run a night: link, decide everybody, commit the roll, withdraw calls that have ended, publish a checkpoint.

    Killed at any moment and started again, it ends in the same roll. With --deliveries a bad file never stops the
    others: it ends with 1 where something was refused, waits (in quarantine, or for the delivery
    that it goes on from) or lacks its manifest, else with 0.
    """
    begun = time.perf_counter()
    console = _console()
    report = Report()
    day = dates.parse_day(on, where="--on") if on else None
    with home.open(folder) as opened:
        if day is not None and not founding.stands(opened):
            raise MusterRollError(
                "nightly.on",
                "The legal day is today; only a fictional home with a clock of its own can be put on another day.",
                where="--on",
                remedy="Leave it out, or create the home with `muster init --fictional --pack`.",
            )
        with _cosigned(opened), Steps(console, begun) as steps:
            take_in_uploads(opened, report)
            if deliveries is None:
                at = opened.clock.now() if day is None else founding.move(opened, day, EVENING)
                _night(at, steps, weekly=weekly)
            else:
                if weekly:
                    raise MusterRollError(
                        "nightly.weekly",
                        "A weekly night is one night; a folder of deliveries may be several.",
                        where="--weekly",
                        remedy="Take the deliveries in first, then run `muster nightly --weekly` without --deliveries.",
                        exit_code=2,
                    )
                _all(opened, deliveries, day, report, steps)
    for line in report.lines:
        console.print(line)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    console.print(f"Done in {time.perf_counter() - begun:.1f} s, {memory} MB at most.")
    return int(report.wrong > 0)


def _console() -> Console:
    return Console(highlight=False, markup=False, soft_wrap=True)


@contextlib.contextmanager
def _cosigned(opened: Home) -> Iterator[None]:
    """In a home of the command's own making, three demonstration witnesses at work."""
    if founding.stands(opened) and opened.origin == founding.ORIGIN:
        with witnesses.running(opened):
            yield
    else:
        yield


def _all(
    opened: Home,
    folder: Path,
    on: int | None,
    report: Report,
    steps: Steps,
) -> None:
    """Receive and run the nights of a folder, day by day."""
    there = arrivals.found(folder)
    for name, problem in there.problems:
        report.wrong += 1
        report.lines.append(f"NOT TAKEN IN  {name}: {problem}")
    for place, (day, several) in enumerate(there.days, start=1):
        fresh = 0
        for number, arrival in enumerate(several):
            steps.show(arrival.file.name, number, len(several))
            fresh += _receive(opened, arrival, report)
        last = place == len(there.days)
        newest = policies.newest_snapshot()
        evening = _evening(opened, max(day, on) if last and on is not None else day)
        if fresh or newest is None or newest.at < evening:
            if newest is not None and founding.stands(opened):
                evening = founding.later(opened, max(evening, newest.at + 1))
            steps.console.print(
                f"Night of {dates.format_day(opened.legal_day(evening))}, day {place} of {len(there.days)}"
            )
            _night(evening, steps)
            report.nights += 1
    while waiting.ready() and there.days:
        newest = policies.newest_snapshot()
        evening = opened.clock.now()
        if newest is not None and founding.stands(opened):
            evening = founding.later(opened, newest.at + 1)
        steps.console.print("A night for changes that go on from the last one")
        _night(evening, steps)
        report.nights += 1
    report.lines.append(
        f"{sum(len(several) for _, several in there.days) + len(there.problems)} files, {report.wrong} not taken in, "
        f"{report.nights} nights"
    )


def _evening(opened: Home, day: int) -> int:
    return founding.move(opened, day, EVENING) if founding.stands(opened) else opened.clock.now()


def _receive(opened: Home, arrival: Arrival, report: Report) -> bool:
    """Take in one file; whether it is new."""
    taken = _received(opened, arrival, report)
    return isinstance(taken, intake.Taken) and not taken.again


def _received(opened: Home, arrival: Arrival, report: Report) -> intake.Taken | MusterRollError:
    """Take in one file; what became of it, or why it was refused."""
    manifest: Manifest = arrival.told
    name = arrival.file.name
    at = founding.move(opened, manifest.as_of) if founding.stands(opened) else opened.clock.now()
    try:
        taken = intake.receive(arrival.file, by=BY, at=at)
    except MusterRollError as problem:
        report.wrong += 1
        report.lines.append(f"NOT TAKEN IN  {name}: {problem}")
        return problem
    good = taken.enters
    report.wrong += not good
    report.lines += [f"{'taken in' if good else 'WAITS'}  {name}: {told(taken)[0]}", *told(taken)[1:]]
    return taken


def take_in_uploads(opened: Home, report: Report) -> None:
    """Take in every delivery that an agency has uploaded whole; each is answered, and its upload forgotten."""
    for arrival in uploads.arrived():
        problem = _received(opened, arrival, report)
        uploads.answered(arrival, problem if isinstance(problem, MusterRollError) else None)


def _night(at: int, steps: Steps, *, weekly: bool = False) -> None:
    """One night, and what it did in a line or two.

    What was answered, said and judged until now gets its place in the log first, so that it enters tonight.
    """
    console = steps.console
    sequencer.sequence()
    done = night.run(at=at, progress=steps.step, weekly=weekly)
    log.publish(by=BY, at=at)
    if done.over or done.unreadable:
        console.print(f"Passed over by newer deliveries: {done.over}; left waiting, unreadable: {done.unreadable}")
    console.print(
        f"{done.deliveries} deliveries taken in; snapshot {done.digest[:16]}; calls withdrawn: {done.withdrawn}"
    )
