"""What lies in a folder of deliveries: which files belong together, and in which order they are taken in.

1. A delivery is NAME.csv (.ndjson, .parquet, .xlsx) with NAME.manifest.json beside it. A file without its manifest, and
   a manifest without its file, are told and stop nothing.
2. By the day of the copy; on one day whole registers first, then changes in the order of their chain (`base`), then
   corrections; all else by source and name. The order never depends on the folder's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from musterroll.errors import MusterRollError
from musterroll.extract import manifest
from musterroll.extract.manifest import Manifest
from musterroll.extract.schema import Format

ENDINGS = tuple(each.value for each in Format)
MANIFEST = ".manifest.json"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file with its manifest as far as it can be read."""

    file: Path
    told: Manifest


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What may be taken in, day by day in order, and what is wrong with the rest (file name and problem)."""

    days: tuple[tuple[int, tuple[Arrival, ...]], ...]
    problems: tuple[tuple[str, MusterRollError], ...]


def found(folder: Path) -> Arrivals:
    """Everything in a folder, in order. Raises MusterRollError `deliveries.none` where there is no such folder."""
    if not folder.is_dir():
        raise MusterRollError(
            "deliveries.none",
            "There is no such folder of deliveries.",
            where=str(folder),
            remedy="Name the folder in which the agencies' files and their manifests lie.",
            exit_code=2,
        )
    names = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    arrivals: list[Arrival] = []
    problems: list[tuple[str, MusterRollError]] = []
    for path in names:
        if path.name.endswith(MANIFEST):
            if not any(path.with_name(f"{path.name.removesuffix(MANIFEST)}.{end}").exists() for end in ENDINGS):
                problems.append((path.name, _problem("manifest.alone", "Its file is not here.", path)))
        elif path.suffix.removeprefix(".").lower() in ENDINGS:
            try:
                arrivals.append(Arrival(path, _manifest(path)))
            except MusterRollError as problem:
                problems.append((path.name, problem))
        else:
            problems.append((path.name, _problem("delivery.kind", "Files of this kind are not taken in.", path)))
    return Arrivals(by_day(arrivals), tuple(problems))


def by_day(several: Iterable[Arrival]) -> tuple[tuple[int, tuple[Arrival, ...]], ...]:
    """Deliveries day by day, each day's in order."""
    days: dict[int, list[Arrival]] = {}
    for each in several:
        days.setdefault(each.told.as_of, []).append(each)
    return tuple((day, ordered(those)) for day, those in sorted(days.items()))


def ordered(several: Iterable[Arrival]) -> tuple[Arrival, ...]:
    """The deliveries of one day in order: whole registers, changes along their chain, corrections."""
    each = list(several)
    by_digest = {one.told.sha256: one for one in each}
    return tuple(
        sorted(each, key=lambda one: (bool(one.told.corrects), _place(one, by_digest), one.told.source, one.file.name))
    )


def _place(one: Arrival, by_digest: Mapping[str, Arrival]) -> int:
    """How many deliveries of the same day this one goes on from; 0 for a whole register."""
    place, seen = 0 if one.told.full else 1, {one.told.sha256}
    while one.told.base in by_digest and one.told.base not in seen:
        seen.add(one.told.base)
        one, place = by_digest[one.told.base], place + 1
    return place


def _manifest(file: Path) -> Manifest:
    path = file.with_name(f"{file.stem}{MANIFEST}")
    if not path.exists():
        raise _problem("manifest.missing", f"{path.name} is not beside it.", file)
    return manifest.decode(path.read_bytes())


def _problem(code: str, what: str, path: Path) -> MusterRollError:
    remedy = {
        "manifest.alone": "Put the file beside its manifest, or remove the manifest.",
        "manifest.missing": "Ask the agency for the manifest; `muster source manifest` writes one.",
    }
    return MusterRollError(code, what, where=path.name, remedy=remedy.get(code, f"Send one of: {', '.join(ENDINGS)}."))
