"""The public page of a draw: how it was made, its files, and how anybody checks it."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from musterroll import canonical
from musterroll.canonical import sha256_hex
from musterroll.dates import format_instant
from musterroll.draw import potcheck, transcript
from musterroll.draw.transcript import Drand, Manifest
from musterroll.register import draw_policies, home, log, roll
from musterroll.register.disclosure import published
from musterroll.register.models import (
    Audited,
    Call,
    Ceremony,
    Draw,
    DrawnTable,
    DrawResult,
    FairnessReport,
    Fallback,
    Opening,
    Order,
    Part,
    PotCheck,
    Spared,
)


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
class CellView:
    """One cell of the pot check: what an office outside expected, what was found; None where too few to be shown."""

    by: str
    value: str
    expected: int
    found: int | None
    off: bool


@dataclass(frozen=True, slots=True)
class CountView:
    """The newest pot check of the list: who counted, to which share, and what came of it."""

    office: str
    per_mille: int
    verdict: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class TestView:
    """One fairness test: its name and its figure after correction, empty where too few people stand in the list."""

    name: str
    p: str


@dataclass(frozen=True, slots=True)
class FairnessView:
    """The fairness figures: `unremarkable`, `note` or `flag`, and whether an auditor has been asked to look."""

    verdict: str
    review: bool
    tests: tuple[TestView, ...]


@dataclass(frozen=True, slots=True)
class PartView:
    """A later list of the draw: people found missing, or a stratum drawn anew."""

    part: str
    number: int
    stratum: str
    round: int
    round_at: str
    held: bool


@dataclass(frozen=True, slots=True)
class AuditView:
    """The audit of whom the draw spared: how many are picked by which round, what was opened, how many were wrong."""

    sample: int
    round: int
    round_at: str
    opened: int
    wrong: int


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
    attempt: int = 1
    because: str = ""
    """Why there was another attempt: `potcheck` or `fallback`; empty for the first."""
    count: CountView | None = None
    fairness: FairnessView | None = None
    parts: tuple[PartView, ...] = ()
    audit: AuditView | None = None


def public_draws(at: int) -> tuple[DrawView, ...]:
    """Every draw, newest first; of each the last attempt."""
    ids = list(dict.fromkeys(Draw.objects.filter(part=Part.DRAW).order_by("-id").values_list("draw", flat=True)))
    return tuple(public_draw(draw, at) for draw in ids)


def public_draw(draw: str, at: int) -> DrawView:
    """One draw as it stands at the instant `at`. Raises MusterRollError `draw.unknown`."""
    row = draw_policies.newest_draw(draw)
    terms = transcript.decode(bytes(row.manifest))
    law = roll.law_of(row.pack)
    ceremony = Ceremony.objects.filter(draw=row).first()
    result = DrawResult.objects.filter(draw=row).first()
    orders = list(Order.objects.filter(result__draw=row).order_by("number"))
    called = Call.objects.filter(entrant__draw=row).count()
    public_round = terms.has_round and terms.round.time <= at
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
        chain=terms.round.chain if terms.has_round else "",
        round=terms.round.round if terms.has_round else 0,
        round_at=format_instant(terms.round.time) if terms.has_round else "",
        ceremony=ceremony.symbols if ceremony else "",
        seed=result.seed if result else "",
        order_sha256=result.order_sha256 if result else "",
        called=str(published({"called": called})["called"]) if orders else "",
        steps=_steps(row, terms.round.time if public_round else None, ceremony, result, orders),
        files=_files(row.draw),
        command=f"python3 verify.py published/draws/{row.draw} --policy trust/policy.txt",
        attempt=row.attempt,
        because=terms.because.ground if terms.because else "",
        count=_count(terms),
        fairness=_fairness(result),
        parts=_parts(row),
        audit=_audit(row),
    )


def _steps(
    draw: Draw, round_at: int | None, ceremony: Ceremony | None, result: DrawResult | None, orders: list[Order]
) -> tuple[StepView, ...]:
    steps = [_step("pot check", "An office outside counted the list.", one) for one in _checks(draw)]
    steps.append(_step("terms fixed", "The list, the quotas and the beacon's round were fixed and logged.", draw))
    silent = Fallback.objects.filter(draw=draw).first()
    if silent is not None:
        steps.append(_step("silent", "The beacon stayed silent for as long as the terms say.", silent))
    if ceremony is not None:
        steps.append(_step("ceremony", "Symbols were drawn in public and logged.", ceremony))
    if round_at is not None:
        steps.append(StepView("round", format_instant(round_at), "The beacon published its round.", -1))
    table = DrawnTable.objects.filter(draw=draw).first()
    if table is not None:
        steps.append(_step("table", "The drums gave each date its number.", table))
    if result is not None:
        steps.append(_step("result", "Seed and order were computed and logged; anybody can compute them.", result))
        report = FairnessReport.objects.filter(result=result).first()
        if report is not None:
            steps.append(_step("fairness", "The fairness figures were published.", report))
    for order in orders:
        steps.append(
            _step("order of call", "The order of call was logged. Nothing is sent before it is public.", order)
        )
    spared = Spared.objects.filter(draw=draw).first()
    if spared is not None:
        steps.append(_step("spared", "Whoever was left out or passed over was committed to.", spared))
    for audited in Audited.objects.filter(opening__draw=draw):
        steps.append(_step("audit", "An auditor looked at whom chance had picked.", audited))
    return tuple(sorted(steps, key=lambda step: step.at))


type Logged = (
    Draw | Ceremony | DrawResult | Order | PotCheck | Fallback | DrawnTable | FairnessReport | Spared | Audited
)


def _step(name: str, what: str, row: Logged) -> StepView:
    index = log.index_of(row.entry)
    return StepView(name, format_instant(row.at), what, -1 if index is None else index)


def _checks(draw: Draw) -> list[PotCheck]:
    root = transcript.decode(bytes(draw.manifest)).cohort.root
    return list(PotCheck.objects.filter(draw=draw.draw, root=root).order_by("id"))


def _count(terms: Manifest) -> CountView | None:
    row = PotCheck.objects.filter(draw=terms.draw, root=terms.cohort.root).order_by("-id").first()
    if row is None:
        return None
    check = potcheck.decode(bytes(row.potcheck), bytes(row.count))
    off = frozenset(check.off)
    cells = tuple(CellView(*one.cell, one.expected, one.found, one.cell in off) for one in check.cells)
    return CountView(row.office, check.per_mille, row.verdict, cells)


def _fairness(result: DrawResult | None) -> FairnessView | None:
    report = FairnessReport.objects.filter(result=result).first() if result else None
    if report is None:
        return None
    said = canonical.decode(bytes(report.report))
    return FairnessView(
        report.verdict,
        report.review_id is not None,
        tuple(TestView(one["test"], one["holm"] or "") for one in said["tests"]),
    )


def _parts(draw: Draw) -> tuple[PartView, ...]:
    found = []
    for row in Draw.objects.filter(parent=draw).order_by("part", "number"):
        drand = transcript.decode(bytes(row.manifest)).round
        held = DrawResult.objects.filter(draw=row).exists()
        found.append(PartView(row.part, row.number, row.stratum, drand.round, format_instant(drand.time), held))
    return tuple(found)


def _audit(draw: Draw) -> AuditView | None:
    row = Spared.objects.filter(draw=draw).first()
    if row is None:
        return None
    opening, found = Opening.objects.filter(draw=draw).first(), Audited.objects.filter(opening__draw=draw).first()
    return AuditView(
        sample=min(row.sample, row.spared_size),
        round=row.round,
        round_at=format_instant(Drand.quicknet(row.round).time),
        opened=opening.cohort + opening.spared + opening.hand if opening else 0,
        wrong=found.wrong if found else -1,
    )


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
