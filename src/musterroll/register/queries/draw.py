"""The public page of a draw: how it was made, its files, and how anybody checks it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StratumView:
    """One stratum: how many stood in it, how many places were to be called."""

    id: str
    size: int
    quota: int


@dataclass(frozen=True, slots=True)
class FileView:
    """One published file of the bundle."""

    name: str
    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the draw that is in the log. `index` is the leaf, -1 while it waits for its checkpoint."""

    step: str
    at: str
    what: str
    index: int


@dataclass(frozen=True, slots=True)
class DrawView:
    """One draw as everybody may see it."""

    draw: str
    title: str
    article: str
    pack: str
    pack_digest: str
    reference_day: str
    size: int
    strata: tuple[StratumView, ...]
    manifest_sha256: str
    chain: str
    round: int
    round_at: str
    ceremony: str
    seed: str
    order_sha256: str
    called: str
    """How many are called, through the disclosure function (charter S14): rounded, or `fewer than 10`."""
    steps: tuple[StepView, ...]
    files: tuple[FileView, ...]
    command: str
