"""The report of a night: what was taken in and what became of it, what moved, what waits. In counts.

1. One file for people (`.txt`) and one for programs (`.json`), in HOME/report, named by day and snapshot.
2. Every count of people has passed the disclosure function (charter S14); counts of rows, deliveries and questions are
   as they are.
3. The same night gives the same bytes: what differs from run to run (time, memory) is told at the terminal.
4. Where the law publishes counts (its parameter `publish_counts` is 1), the counts by effect stand in HOME/published
   as well, as the log has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll import canonical
from musterroll.dates import format_day, format_instant
from musterroll.register import home
from musterroll.register.disclosure import published
from musterroll.register.files import write_whole
from musterroll.register.models import Delivery, Recall, Snapshot
from musterroll.register.roll import Roll

PUBLISHES = "publish_counts"


@dataclass(frozen=True, slots=True)
class Run:
    """What a night tells of itself: causes of changes and links by way (people), calls withdrawn."""

    causes: Mapping[str, int] = field(default_factory=dict)
    links: Mapping[str, int] = field(default_factory=dict)
    withdrawn: int = 0


def write(
    current: Roll,
    run: Run | None,
    *,
    waiting: int,
    questions: Mapping[str, int],
    matters: Mapping[str, int],
) -> None:
    """Write the report of the night that made the committed roll."""
    told = report(current, run, waiting=waiting, questions=questions, matters=matters)
    name = f"{told['on']}-{current.digest[:16]}"
    folder = home.current().path / "report"
    if run is not None or not (folder / f"{name}.json").exists():
        write_whole(folder / f"{name}.json", canonical.encode(told))
        write_whole(folder / f"{name}.txt", _text(told).encode())
    parameter = current.pack.parameters.get(PUBLISHES)
    if parameter is not None and parameter.at(current.snapshot.on) == 1:
        counts = {"counts": told["people"], "on": told["on"], "snapshot": told["snapshot"]}
        write_whole(home.current().path / "published" / "counts" / f"{told['on']}.json", canonical.encode(counts))


def report(
    current: Roll,
    run: Run | None,
    *,
    waiting: int,
    questions: Mapping[str, int],
    matters: Mapping[str, int],
) -> dict[str, Any]:
    """The report as it is written."""
    snapshot = current.snapshot
    row = Snapshot.objects.get(digest=current.digest)
    tonight = run or Run()
    return {
        "v": 1,
        "on": format_day(snapshot.on),
        "known_at": format_instant(snapshot.known_at // 1_000_000),
        "snapshot": current.digest,
        "demonstration": home.current().fictional,
        "deliveries": [_delivery(one, current) for one in Delivery.objects.filter(at__gt=_since(row), at__lte=row.at)],
        "recalled": [f"{one.what}/{one.subject}" for one in Recall.objects.order_by("id")],
        "people": published(row.counts),
        "changes": published(tonight.causes),
        "links": published(tonight.links),
        "worsenings that wait": published({"people": waiting})["people"],
        "questions": dict(sorted(questions.items())),
        "worklists": published(matters),
        "calls withdrawn": published({"calls": tonight.withdrawn})["calls"],
    }


def _since(row: Snapshot) -> int:
    before = Snapshot.objects.filter(pk__lt=row.pk).order_by("-id").first()
    return 0 if before is None else int(before.at)


def _delivery(row: Delivery, current: Roll) -> dict[str, Any]:
    became = "taken in" if row.number in current.as_of else row.outcome
    return {
        "number": row.number,
        "source": row.source,
        "as_of": format_day(row.as_of),
        "became": became,
        "rows": row.rows,
        "set_aside": row.refused,
        "because": list(row.reasons),
    }


def _text(told: Mapping[str, Any]) -> str:
    mark = ["DEMONSTRATION: invented people.", ""] if told["demonstration"] else []
    lines = [*mark, f"Night of {told['on']}, committed {told['known_at']}, snapshot {told['snapshot'][:16]}", ""]
    lines.append("Deliveries")
    lines += [
        f"  {one['number']:6} {one['source']:16} as of {one['as_of']}  {one['became']:12} {one['rows']:>12,} rows, "
        f"{one['set_aside']:,} set aside{'; ' + ', '.join(one['because']) if one['because'] else ''}"
        for one in told["deliveries"]
    ] or ["  none"]
    for title, name in (
        ("People by standing", "people"),
        ("Standings changed by", "changes"),
        ("Links", "links"),
        ("Questions to agencies", "questions"),
        ("Worklists", "worklists"),
    ):
        lines += ["", title, *(f"  {key:32} {count}" for key, count in told[name].items())]
    lines += [
        "",
        f"Worsenings that wait and are told: {told['worsenings that wait']}",
        f"Calls withdrawn: {told['calls withdrawn']}",
        f"Recalled so far: {', '.join(told['recalled']) or 'nothing'}",
    ]
    return "\n".join(lines) + "\n"
