"""What a process costs with all that it starts: for a side that hands its work to others, such as a cluster."""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

LOOKS = 20
"""A second. What a process used after it was last seen is not counted."""


def cpu_of(command: Sequence[str]) -> float:
    """CPU seconds of a command and its descendants. Raises CalledProcessError where it fails."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        seen: dict[int, float] = {}
        looking = threading.Thread(target=_look, args=(process, seen), daemon=True)
        looking.start()
        process.wait()
        looking.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return sum(seen.values())


def _look(process: "subprocess.Popen[bytes]", seen: dict[int, float]) -> None:
    while process.poll() is None:
        parents: dict[int, int] = {}
        used: dict[int, float] = {}
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            number = int(entry.parent.name)
            parents[number] = int(fields[1])
            used[number] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        seen.update({number: seconds for number, seconds in used.items() if _within(process.pid, number, parents)})
        time.sleep(1 / LOOKS)


def _within(root: int, number: int, parents: dict[int, int]) -> bool:
    while number in parents:
        if number == root:
            return True
        number = parents[number]
    return False
