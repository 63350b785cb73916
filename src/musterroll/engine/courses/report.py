"""What `muster pack coverage`, `mutate` and `walk` tell of the proceedings of a folder, without a terminal.

1. Coverage and mutation are told together with those of the rules: one list, one figure, one exit code.
2. A pack without proceedings is told as before; one with proceedings and no course shows nothing of them.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from musterroll.engine.courses import coverage as covering
from musterroll.engine.courses import noticed as noticing
from musterroll.engine.courses import propose
from musterroll.engine.courses.mutants import Error
from musterroll.law.pack import load
from musterroll.law.prove import report as proving
from musterroll.law.report import Report

MOST_PROPOSED = 30
"""So many courses are proposed at once; the next ones when these have been read."""


def coverage(folder: Path) -> Report:
    """What the cases show of the rules, and the courses of the proceedings."""
    rules = proving.coverage(folder)
    if rules.exit_code > 1 or "to show" not in dict(rules.figures):
        return rules
    found = covering.covered(load(folder))
    missing = [demand for demand, by in found if not by]
    return _with(
        rules,
        {"to show": len(found), "shown": len(found) - len(missing), "missing": len(missing)},
        [f"NOT SHOWN  {one.where}  {one.cite}: {one.what}" for one in missing],
        {
            "missing": [
                {"proceeding": one.key[0], "where": one.where, "cite": one.cite, "what": one.what} for one in missing
            ]
        },
    )


def mutants(folder: Path, progress: Callable[[int, int], None] = lambda _done, _of: None) -> Report:
    """Which small errors in the rules the cases would not notice, and in the proceedings the courses."""
    rules = proving.mutants(folder)
    if rules.exit_code > 1 or "counted" not in dict(rules.figures):
        return rules
    pack = load(folder)
    found = noticing.noticed(pack, os.cpu_count() or 1, progress)
    left = [error for error, line in found if line is None]
    same = [error for error in left if propose.equivalent(pack, error)]
    survive = [error for error in left if error not in same]
    proposals = {id(error): propose.proposed(pack, error) for error in survive[:MOST_PROPOSED]}
    lines = [f"SURVIVES  {one.where}  {one.cite}: {one.proceeding}: {one.what}" for one in survive]
    for one in survive:
        made = proposals.get(id(one))
        if made:
            lines += ["", f"missing course, beside {made.where}, {made.cite}:", *made.text.splitlines()]
    return _with(
        rules,
        {
            "mutants": len(found),
            "equivalent to the law": len(same),
            "counted": len(found) - len(same),
            "killed": len(found) - len(left),
            "survive": len(survive),
            "of them not proved": sum(proposals.get(id(one)) is None for one in survive),
        },
        lines,
        {
            "survivors": [_member(one) for one in survive],
            "proposed": [
                {"where": made.where, "cite": made.cite, "course": made.text, "shows": [made.what]}
                for made in proposals.values()
                if made
            ],
            "killed_by": [
                {**_member(error), "course": line.case, "line": line.where} for error, line in found if line is not None
            ],
        },
    )


def _with(
    rules: Report, figures: dict[str, int], lines: Sequence[str], data: dict[str, list[dict[str, object]]]
) -> Report:
    """A report of the rules with the proceedings' figures, lines and data added."""
    added = tuple((name, number + figures.get(name, 0)) for name, number in rules.figures)
    together = {**rules.data, **{name: [*rules.data.get(name, []), *more] for name, more in data.items()}}
    exit_code = max(rules.exit_code, int(bool(figures.get("missing", 0) or figures.get("survive", 0))))
    return replace(rules, figures=added, exit_code=exit_code, lines=(*rules.lines, *lines), data=together)


def _member(error: Error) -> dict[str, object]:
    return {name: getattr(error, name) for name in ("kind", "proceeding", "part", "where", "cite", "what")}
