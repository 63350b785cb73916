"""Files that are whole or not there: written aside, then renamed into place."""

import os
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` at `path`, making its folder; a reader sees the old bytes or the new ones, never some of each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        aside.write_bytes(data)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
