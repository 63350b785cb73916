"""`muster judge`: whose record is it, who is one person? Work comes as cases; there is no search of any kind.

1. Each command opens the record of a case that is allocated to you for judging: that is in the log first, and the
   person sees it (charter S8).
2. Where two people have to agree (S9) the command proposes, and says what somebody of another office approves; the
   same command with `--approval` then does it. A link that protects is at once made possible, so that nothing through
   it counts against the person in between.
"""

from pathlib import Path

import click

from musterroll.cli.acting import acting, at_work
from musterroll.register.actor import Actor
from musterroll.register.acts import judge as acts
from musterroll.register.acts import merge as merging
from musterroll.register.acts.access import open_record
from musterroll.register.acts.approve import propose
from musterroll.register.models import Approved, Judgement, Purpose
from musterroll.register.queries import judgement as queries
from musterroll.register.queries.judgement import Links, SideBySide
from musterroll.register.queries.officer import queue

APPROVAL = click.option("--approval", type=int, default=None, help="The number that `muster approve` gave.")
LINK = click.option("--link", required=True, help="The link's reference, from `muster judge show CASE`.")


@click.group()
def judge() -> None:
    """Judge whose a record is, and whether two numbers are one person."""


@judge.command("list")
@acting
def list_(folder: Path, officer: str) -> None:
    """List your open cases for judging, oldest first: opaque references."""
    with at_work(folder, officer) as (_, by, _at):
        cases = [one for one in queue(by) if one.purpose == Purpose.JUDGE_LINK]
        for one in cases:
            click.echo(f"{one.case}  since {one.since}")
        click.echo(f"{len(cases)} cases.")


@judge.command()
@acting
@click.argument("case")
@click.option("--link", default="", help="One link: the two records side by side.")
def show(folder: Path, officer: str, case: str, link: str) -> None:
    """Show the links of the person of CASE, or one of them comparison by comparison."""
    with at_work(folder, officer) as (_, by, at):
        access = _opened(case, by, at)
        if link:
            lines = lines_of(queries.side_by_side(access, link, by=by, at=at))
        else:
            lines = links_of(queries.links(access, by=by, at=at))
        for line in lines:
            click.echo(line)


@judge.command()
@acting
@click.argument("case")
@LINK
@APPROVAL
def confirm(folder: Path, officer: str, case: str, link: str, approval: int | None) -> None:
    """The record of a link is the person's. Two people, where it may be somebody else's too."""
    _judge(folder, officer, case, link, Judgement.CONFIRMED, approval)


@judge.command()
@acting
@click.argument("case")
@LINK
def possible(folder: Path, officer: str, case: str, link: str) -> None:
    """The record of a link may be the person's: what it says can only protect."""
    _judge(folder, officer, case, link, Judgement.POSSIBLE, None)


@judge.command()
@acting
@click.argument("case")
@LINK
@APPROVAL
def refute(folder: Path, officer: str, case: str, link: str, approval: int | None) -> None:
    """The record of a link is not the person's. Two people, where the link protects."""
    _judge(folder, officer, case, link, Judgement.REFUTED, approval)


@judge.command()
@acting
@click.argument("case")
@click.option("--into", required=True, help="The case of the person under whose number this one goes.")
@APPROVAL
def merge(folder: Path, officer: str, case: str, into: str, approval: int | None) -> None:
    """The persons of CASE and of the case --into are one (two people)."""
    with at_work(folder, officer) as (_, by, at):
        if approval is None:
            _propose(Approved.MERGE_PERSONS, f"{case}/{into}", merging.merge_digest(case, into), by, at)
            return
        done = merging.merge_persons(case=case, into=into, approval=approval, by=by, at=at)
        click.echo(f"Merged as {done.merge}. {_told(done.after, done.withdrawn, waits=done.waits)}")


@judge.command()
@acting
@click.argument("case")
@click.option("--merge", "code", required=True, help="The merge's code, from `muster judge show CASE`.")
@APPROVAL
def unmerge(folder: Path, officer: str, case: str, code: str, approval: int | None) -> None:
    """End a merge into the person of CASE: both are as they would have been (two people)."""
    with at_work(folder, officer) as (_, by, at):
        if approval is None:
            _propose(Approved.UNMERGE_PERSONS, code, merging.unmerge_digest(code), by, at)
            return
        done = merging.unmerge_persons(case=case, merge=code, approval=approval, by=by, at=at)
        click.echo(f"Ended {done.merge}. {_told(done.after, done.withdrawn, waits=done.waits)}")


@judge.command()
@acting
@click.argument("case")
@LINK
@APPROVAL
def split(folder: Path, officer: str, case: str, link: str, approval: int | None) -> None:
    """The record of a link is another human's, who is in no register yet: it founds a person (two people)."""
    with at_work(folder, officer) as (_, by, at):
        if approval is None:
            _propose(Approved.SPLIT_PERSON, link, merging.split_digest(link), by, at)
            return
        merging.split_person(case=case, link=link, approval=approval, by=by, at=at)
        click.echo("Split. The next night gives a number, where the law registers that person.")


def _judge(folder: Path, officer: str, case: str, link: str, judgement: Judgement, approval: int | None) -> None:
    with at_work(folder, officer) as (_, by, at):
        if approval is None and judgement is not Judgement.POSSIBLE:
            shown = queries.side_by_side(_opened(case, by, at), link, by=by, at=at)
            if next(one.two for one in shown.choices if one.judgement == judgement):
                if judgement is Judgement.REFUTED:
                    acts.judge_link(case=case, link=link, judgement=Judgement.POSSIBLE, by=by, at=at)
                    click.echo("Possible from now on: what it says can only protect.")
                _propose(Approved.JUDGE_LINK, link, acts.judgement_digest(link, judgement), by, at)
                return
        done = acts.judge_link(case=case, link=link, judgement=judgement, by=by, at=at, approval=approval)
        click.echo(_told(done.after, done.withdrawn, waits=done.waits))


def _opened(case: str, by: Actor, at: int) -> int:
    return open_record(purpose=Purpose.JUDGE_LINK, by=by, at=at, case=case)


def _propose(act: Approved, subject: str, digest: str, by: Actor, at: int) -> None:
    number = propose(act=act, subject=subject, digest=digest, by=by, at=at)
    click.echo(f"Proposal {number}: {act} {subject}, digest {digest}")
    click.echo(f"Somebody of another office: muster approve {number} --officer ...; then again with --approval")


def _told(after: str, withdrawn: int, *, waits: bool) -> str:
    later = " What is worse comes with the night and waits for the law's period; the person is told." if waits else ""
    return f"{after} Calls withdrawn: {withdrawn}.{later}"


def links_of(found: Links) -> list[str]:
    """The links and merges of one person in lines."""
    lines = [
        f"{one.link}  {one.judgement:9}  {one.agency}  ({one.by}{f', {one.weight} bits' if one.weight else ''})"
        for one in found.links
    ]
    lines += [
        f"{one.merge}  merged since {one.since}{f', ended {one.ended}' if one.ended else ''}" for one in found.merges
    ]
    return lines


def lines_of(found: SideBySide) -> list[str]:
    """Two records side by side in lines, then what each judgement would change."""
    lines = [
        f"{found.link}  {found.agency}: {found.judgement}{f', {found.weight} bits' if found.weight else ''}",
        f"  {'':10} {'the person':26} {'this record':26}",
    ]
    lines += [
        f"  {one.name:10} {one.theirs:26} {one.record:26} {one.verdict:14} {one.bits:>6}  {one.level}".rstrip()
        for one in found.comparisons
    ]
    if found.rest:
        lines.append(f"  {'how many people there are, how rare the names, who else is near':79} {found.rest:>6}")
    if not found.comparisons:
        lines.append("  The rows as they were delivered are no longer kept.")
    if found.contradiction:
        lines.append(f"  contradiction: {found.contradiction.replace('_', ' ')}")
    lines.append(f"  now: {found.now}")
    for one in found.choices:
        how = "  (two people)" if one.two else ""
        when = "  waits for the law's period" if one.worse else ""
        lines.append(f"  {one.judgement}: {one.after}{when}{how}")
    return lines
