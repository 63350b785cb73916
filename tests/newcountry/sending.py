"""How an invented agency sends: a file of some format, and its manifest beside it."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from musterroll import dates
from musterroll.extract.manifest import Manifest


def send(
    folder: Path,
    file: str,
    data: bytes,
    *,
    source: str,
    as_of: str,
    rows: int,
    base: str = "",
    full: bool = True,
) -> str:
    """Write FILE and its manifest; the digest of the file, which a delta continues."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    told = Manifest(
        source=source,
        sender=f"the agency of {source}",
        as_of=dates.parse_day(as_of),
        rows=rows,
        sha256=digest,
        sent=(dates.parse_day(as_of) + 1) * 86_400,
        full=full and not base,
        base=base,
        file=file,
    )
    (folder / f"{file.rpartition('.')[0]}.manifest.json").write_bytes(told.encode())
    return digest


def table(heading: Sequence[str], rows: Iterable[Sequence[str]], *, delimiter: str = ",", head: bool = True) -> str:
    """A table with separators, as an office's program writes it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    if head:
        writer.writerow(heading)
    writer.writerows(rows)
    return out.getvalue()
