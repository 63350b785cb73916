"""The five agencies' deliveries of the demonstration, made once for a home and found again afterwards.

The town is the sample population inside the PyPI package `pseudopeople` (BSD-3): simulated people, with the package's
own errors. Nobody in it exists. What is made:

- `deliveries/night-1/` and, for the year 2020, `deliveries/night-2/`: a CSV and a manifest an agency. The tax office
  files once a year, so it sends nothing for the second night.
- `truth/`: whose row each row is, and the facts without errors. Only the truth report reads it.

The simulation itself runs in a process of its own (`musterroll.demo.population`), because the package is slow to load
and noisy; a home that has its deliveries does not start it again. Files are written whole and the stamp last, so a run
stopped anywhere makes the same bytes when it is started again.
"""

import os
import subprocess
import sys
from pathlib import Path

from musterroll import canonical, dates
from musterroll.errors import MusterRollError

SOURCES = ("civil", "dwelling", "pay", "tax", "benefit")
"""The five agencies, in the order in which their files are read."""

YEARS = (2020, 2030, 2040)
"""The years of which the sample has a dwelling register."""

NIGHT_1 = "night-1"
NIGHT_2 = "night-2"

_FORM = 1  # raised when the same seed would give other bytes, so that a home's old deliveries are made again


def write(folder: Path, seed: int, year: int = 2020, noise: int = 1) -> Path:
    """Make the deliveries and the truth under `folder`, unless they are there; gives `folder/"deliveries"`.

    `year` is one of YEARS, `noise` 0 (no errors) or a multiple of the package's own. Raises MusterRollError
    `demo.year`, or `demo.population` when the sample cannot be made.
    """
    if year not in YEARS:
        raise MusterRollError(
            "demo.year",
            f"The sample population has no dwelling register of {year}.",
            remedy="Choose 2020, 2030 or 2040.",
        )
    stamp = folder / "truth" / "made.json"
    wanted = {"form": _FORM, "seed": seed, "year": year, "noise": noise}
    if stamp.is_file() and canonical.decode(stamp.read_bytes(), where=str(stamp)) == wanted:
        return folder / "deliveries"
    folder.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "musterroll.demo.population",
            str(folder),
            str(seed),
            str(year),
            str(noise),
        ],
        env={**os.environ, "TQDM_DISABLE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise MusterRollError(
            "demo.population",
            "The sample population could not be made: " + (made.stderr.strip().splitlines() or ["no reason given"])[-1],
            where=str(folder),
            remedy="Check that the disk has room and that the `demo` extra is installed (`make setup`).",
            exit_code=2,
        )
    whole(stamp, canonical.encode(wanted))
    return folder / "deliveries"


def whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)


def nights(deliveries: Path) -> tuple[str, ...]:
    """The nights for which there are deliveries, in order."""
    return tuple(night for night in (NIGHT_1, NIGHT_2) if (deliveries / night).is_dir())


def as_of(night: str, year: int = 2020) -> int:
    """The day as of which a night's registers were copied: the year's last, then the first quarter's end."""
    return dates.parse_day(f"{year}-12-31" if night == NIGHT_1 else f"{year + 1}-03-31")
