"""The public page of a draw: how it was made, its files, and how anybody checks it."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from musterroll.canonical import sha256_hex
from musterroll.dates import format_instant
from musterroll.draw import transcript
from musterroll.register import home, log, policies, roll
from musterroll.register.disclosure import published
from musterroll.register.models import Call, Ceremony, Draw, DrawResult, Order


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
    """How many are called, through the disclosure function (S14); empty before an order."""
    steps: tuple[StepView, ...]
    files: tuple[FileView, ...]
    command: str


def public_draws(at: int) -> tuple[DrawView, ...]:
    """Every draw, newest first; of each the last attempt."""
    ids = list(dict.fromkeys(Draw.objects.order_by("-id").values_list("draw", flat=True)))
    return tuple(public_draw(draw, at) for draw in ids)


def public_draw(draw: str, at: int) -> DrawView:
    """One draw as it stands at the instant `at`. Raises MusterRollError `draw.unknown`."""
    row = policies.newest_draw(draw)
    terms = transcript.decode(bytes(row.manifest))
    law = roll.law_of(row.pack)
    ceremony = Ceremony.objects.filter(draw=row).first()
    result = DrawResult.objects.filter(draw=row).first()
    orders = list(Order.objects.filter(result__draw=row).order_by("number"))
    called = Call.objects.filter(entrant__draw=row).count()
    public_round = terms.round.time <= at
    return DrawView(
        draw=row.draw,
        title=law.title,
        article=terms.legal or "",
        pack=f"{row.pack.name} {row.pack.version}",
        pack_digest=row.pack.digest,
        reference_day=terms.reference_day or "",
        size=terms.cohort.size,
        strata=tuple(StratumView(one.id, one.size, one.quota) for one in terms.cohort.strata),
        manifest_sha256=row.manifest_sha256,
        chain=terms.round.chain,
        round=terms.round.round,
        round_at=format_instant(terms.round.time),
        ceremony=ceremony.symbols if ceremony else "",
        seed=result.seed if result else "",
        order_sha256=result.order_sha256 if result else "",
        called=str(published({"called": called})["called"]) if orders else "",
        steps=_steps(row, terms.round.time if public_round else None, ceremony, result, orders),
        files=_files(row.draw),
        command=f"python3 verify.py published/draws/{row.draw} --policy trust/policy.txt",
    )


def _steps(
    draw: Draw, round_at: int | None, ceremony: Ceremony | None, result: DrawResult | None, orders: list[Order]
) -> tuple[StepView, ...]:
    steps = [_step("terms fixed", "The list, the quotas and the beacon's round were fixed and logged.", draw)]
    if ceremony is not None:
        steps.append(_step("ceremony", "Symbols were drawn in public and logged.", ceremony))
    if round_at is not None:
        steps.append(StepView("round", format_instant(round_at), "The beacon published its round.", -1))
    if result is not None:
        steps.append(_step("result", "Seed and order were computed and logged; anybody can compute them.", result))
    for order in orders:
        steps.append(
            _step("order of call", "The order of call was logged. Nothing is sent before it is public.", order)
        )
    return tuple(steps)


def _step(name: str, what: str, row: Draw | Ceremony | DrawResult | Order) -> StepView:
    index = log.index_of(row.entry)
    return StepView(name, format_instant(row.at), what, -1 if index is None else index)


def _files(draw: str) -> tuple[FileView, ...]:
    folder = home.current().draws / draw
    found = sorted(path for path in folder.glob("*") if path.is_file() and not path.name.startswith("."))
    return tuple(
        FileView(path.name, f"draws/{draw}/{path.name}", path.stat().st_size, _digest(path, path.stat().st_mtime_ns))
        for path in found
    )


@lru_cache(maxsize=256)
def _digest(path: Path, _changed: int) -> str:
    return sha256_hex(path.read_bytes())
