"""One figure beside its limit, and the file and lines in which a part's figures are told."""

import json
import os
import platform
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def row(name: str, what: str, ours: float, beside: str, limit: float) -> dict[str, object]:
    """`ours` and the `limit` measured in the same run, and their ratio."""
    return {
        "name": name,
        "what": what,
        "ours": round(ours, 1),
        "beside": beside,
        "limit": round(limit, 1),
        "ratio": round(ours / limit, 4),
    }


def tell(part: str, sizes: dict[str, int], rows: list[dict[str, object]]) -> None:
    """Write `results/PART.json` with the machine, and print a line a figure."""
    machine = {"processor": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{part}.json").write_text(json.dumps({"machine": machine, **sizes, "rows": rows}, indent=1) + "\n")
    for line in rows:
        print(f"{line['name']:<11}{line['ours']:>14,.1f} {line['what']}; {line['ratio']:.3f} of {line['beside']}")
