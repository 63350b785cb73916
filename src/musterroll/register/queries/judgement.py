"""What an officer needs to judge a link: the two records side by side, and what each choice would change.

1. Only under an opening in the log, for judging (S8). Links have references of their own; there is no list of people,
   and no way here from a name, a number or a record to anybody.
2. A personal number is compared and not shown. Where an address of the person is protected, no part of an address of
   either record is shown, only whether they agree (S12).
3. What each choice would change is what the law says of each question, and whether it takes two people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from musterroll.dates import format_day, format_instant
from musterroll.engine import linkage_explain, linkage_rows
from musterroll.engine.linkage_explain import Step
from musterroll.engine.linkage_model import load as load_model
from musterroll.engine.record_numbers import record_numbers
from musterroll.engine.roll import archive
from musterroll.engine.roll import person as rolled
from musterroll.engine.roll.table import row_table
from musterroll.extract.schema import Source
from musterroll.fact.timeline import Judgement as Link
from musterroll.law.wording import Wording
from musterroll.linkage.comparison import ADDRESS_ROLES, COLUMNS, COMPARISONS, SEXES, Compared
from musterroll.linkage.judgement import names
from musterroll.linkage.pair import compare
from musterroll.linkage.veto import contradiction
from musterroll.register import home, overlay, protection
from musterroll.register.actor import Actor
from musterroll.register.acts.judge import needs_two
from musterroll.register.acts.merge import code_of
from musterroll.register.models import (
    Call,
    Declaration,
    Judgement,
    Merge,
    MergeEnd,
    Notice,
)
from musterroll.register.overlay import Now
from musterroll.register.queries.officer import person_opened
from musterroll.register.refs import link_ref, record_of
from musterroll.register.roll import Roll

WORDS = {Link.CONFIRMED: "confirmed", Link.POSSIBLE: "possible", Link.REFUTED: "refuted"}
SHOWN = {
    "given": ("given",),
    "middle": ("middle",),
    "family": ("family",),
    "born": ("born",),
    "sex": ("sex",),
    "age": ("age",),
    "address": ("house", "street", "unit", "po_box"),
    "postcode": ("postcode",),
    "town": ("town",),
}
"""Which columns of a row a comparison looks at, where they may be shown; the number never is."""


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One link of the person: its reference, the agency, how it is judged, by whom, with which weight in bits."""

    link: str
    agency: str
    judgement: str
    by: str
    weight: str


@dataclass(frozen=True, slots=True)
class MergeLine:
    """One merge into the person: its code, since when, and whether it was ended."""

    merge: str
    since: str
    ended: str


@dataclass(frozen=True, slots=True)
class Links:
    """The links and merges of one person."""

    links: tuple[LinkLine, ...]
    merges: tuple[MergeLine, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of two records: what each says ("" not shown or silent), and whether they agree.

    `level` is the model's, `bits` what it weighs; both empty where the model does not look at it.
    """

    name: str
    theirs: str
    record: str
    verdict: str
    level: str = ""
    bits: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a judgement would change: the standings after it in words, whether they are worse, whether it takes two."""

    judgement: str
    after: str
    worse: bool
    two: bool


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The person's founding record and one other, comparison by comparison; and what each judgement would change.

    `rest` is what of the weight is not in the two rows: the number of people, how rare names are, and who else is near.
    """

    link: str
    agency: str
    judgement: str
    weight: str
    contradiction: str
    comparisons: tuple[Comparison, ...]
    rest: str
    now: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Acts done for two people while they were taken for one: by the merge's code, counted by kind.

    `persons` are those of the two under whose numbers they stand. The worklists need them; they are shown to nobody.
    """

    merge: str
    ended: str
    acts: Mapping[str, int]
    persons: tuple[int, ...]


def links(access: int, *, by: Actor, at: int) -> Links:
    """The links of the person behind an opening. Raises MusterRollError `access.not-opened`."""
    seen = overlay.now(person_opened(access, by=by, at=at), at)
    held = {row["record"]: row for row in _held_links(seen)}
    lines = [
        LinkLine(
            link_ref(seen.person, one.record),
            seen.roll.agency(one.source.split("#")[0]),
            WORDS[one.judgement],
            held[one.record]["by"] if one.record in held else "officer",
            _bits(held.get(one.record)),
        )
        for one in seen.facts.links
    ]
    return Links(tuple(sorted(lines, key=lambda one: (one.judgement, one.agency, one.link))), _merges(seen))


def side_by_side(access: int, link: str, *, by: Actor, at: int) -> SideBySide:
    """One link of the person behind an opening. Raises `access.not-opened`, `judge.link-unknown`."""
    seen = overlay.now(person_opened(access, by=by, at=at), at)
    record = record_of(link, seen.person, [one.record for one in seen.facts.links])
    of = next(one for one in seen.facts.links if one.record == record)
    held = _held_links(seen)
    founding = [row["record"] for row in held if row["by"] == "founding"]
    best = _best(_rows(founding, seen.roll), _rows([record], seen.roll))
    told = linkage_explain.steps(best[0], best[1], load_model()) if best else ()
    row = next((one for one in held if one["record"] == record and one["by"] == "model"), None)
    return SideBySide(
        link=link,
        agency=seen.roll.agency(of.source.split("#")[0]),
        judgement=WORDS[of.judgement],
        weight=_bits(next((row for row in held if row["record"] == record), None)),
        contradiction=best[3] if best else "",
        comparisons=_comparisons(best, told, hidden=_hidden(seen)) if best else (),
        rest="" if row is None or not told else _signed(linkage_explain.rest(row["weight"], told)),
        now=_headline(seen, seen.standings),
        choices=tuple(_choice(seen, record, one) for one in Judgement),
    )


def after_unmerge() -> tuple[Meanwhile, ...]:
    """The merges that were ended, with what was done while they stood: each needs somebody to look (data-model 3).

    A letter counts as made; whether it arrived or was answered is not read (charter X2).
    """
    found = []
    for end in MergeEnd.objects.select_related("merge").order_by("id"):
        merge = end.merge
        span = {"person__in": [merge.person, merge.into], "at__gte": merge.at, "at__lt": end.at}
        done = {
            name: list(acts.filter(**span).values_list("person", flat=True))
            for name, acts in (
                ("calls", Call.objects),
                ("declarations", Declaration.objects),
                ("notices", Notice.objects),
            )
        }
        persons = sorted({person for each in done.values() for person in each})
        if persons:
            acts = {name: len(each) for name, each in done.items()}
            found.append(Meanwhile(code_of(merge), format_instant(end.at), acts, tuple(persons)))
    return tuple(found)


def _held_links(seen: Now) -> list[dict[str, Any]]:
    snapshot = seen.roll.snapshot
    return rolled.held(seen.roll.store, snapshot, "link", "person", seen.numbers, snapshot.known_at)


def _merges(seen: Now) -> tuple[MergeLine, ...]:
    found = []
    for merge in Merge.objects.filter(into__in=seen.numbers).order_by("id"):
        end = MergeEnd.objects.filter(merge=merge).first()
        found.append(MergeLine(code_of(merge), format_instant(merge.at), format_instant(end.at) if end else ""))
    return tuple(found)


def _bits(row: Mapping[str, Any] | None) -> str:
    return f"{row['weight'] / 1000:.1f}" if row is not None and row["by"] == "model" else ""


def _rows(records: Sequence[int], current: Roll) -> list[Compared]:
    """The rows of records as linkage compares them, read from the buckets that hold them."""
    return [row for record in records for row in _rows_of(record, current)]


def _rows_of(record: int, current: Roll) -> list[Compared]:
    seen = rolled.rows(current.store, current.snapshot, "seen", "record", [record])
    name = str(seen[0]["source"]) if seen else ""
    source = current.sources.get(name.split("#")[0])
    if source is None:
        return []
    named_in = rolled.rows(current.store, current.snapshot, "relative", "record", [record]) if "#" in name else []
    held = [_delivered(source, one, current) for one in ([row["of"] for row in named_in] or [record])]
    days = pl.DataFrame(list(current.as_of.items()), schema={"delivery": pl.Int64, "as_of": pl.Int32}, orient="row")
    rows = pl.concat(held).join(days, on="delivery", how="left")
    if rows.is_empty():
        return []
    key = home.current().keys.secret("record")

    def numbers(keys: pl.Series) -> pl.Series:
        return record_numbers(key, source.name, keys)

    frame = linkage_rows.compared(source, rows, numbers).filter(pl.col("record") == record)
    return [Compared(*row) for row in frame.select(COLUMNS).iter_rows()]


def _delivered(source: Source, record: int, current: Roll) -> pl.DataFrame:
    """The rows of one record as delivered and held now."""
    return archive.held_bucket(
        current.store,
        current.snapshot,
        f"row.{source.name}",
        record % current.snapshot.buckets,
        table=row_table(source.name, list(source.columns)),
        only=pl.col("record") == record,
    )


type _Best = tuple[Compared, Compared, dict[str, str], str]


def _best(theirs: Sequence[Compared], others: Sequence[Compared]) -> _Best | None:
    """The pair of rows that speaks most for one person, with the verdict of each comparison."""
    forms = {name: frozenset(groups) for name, groups in load_model().form_groups.items()}
    pairs = []
    for left in theirs:
        for right in others:
            pair = compare(left, right, forms)
            verdicts = {
                **dict.fromkeys(names(pair.agreed), "agree"),
                **dict.fromkeys(names(pair.near), "a slip apart"),
                **dict.fromkeys(names(pair.against), "differ"),
            }
            reason = contradiction(pair)
            rank = (reason is None, pair.agreed.bit_count(), -pair.against.bit_count(), pair.agreed)
            pairs.append((rank, (left, right, verdicts, reason or "")))
    return max(pairs, key=lambda one: one[0])[1] if pairs else None


def _comparisons(best: _Best, told: Sequence[Step], *, hidden: frozenset[str]) -> tuple[Comparison, ...]:
    left, right, verdicts, _ = best
    figures = {one.comparison: one for one in told if one.level}
    found = []
    for name in COMPARISONS:
        shown = [] if name in hidden else SHOWN.get(name, ())
        texts = [" ".join(text for column in shown if (text := _text(row, column))) for row in (left, right)]
        figure = figures.get(name)
        weighed = (figure.level, _signed(figure.weight)) if figure else ("", "")
        found.append(Comparison(name, texts[0], texts[1], verdicts.get(name, "says nothing"), *weighed))
    return tuple(found)


def _signed(weight: int) -> str:
    return f"{weight / 1000:+.1f}"


def _text(row: Compared, column: str) -> str:
    value = getattr(row, column)
    if value is None:
        return ""
    match column:
        case "born":
            return format_day(value)
        case "sex":
            return SEXES[value]
        case _:
            return str(value)


def _hidden(seen: Now) -> frozenset[str]:
    """The comparisons of which nothing is shown: of a protected kind, the whole of it on both sides (S12)."""
    parts = rolled.particulars(seen.roll.store, seen.roll.snapshot, seen.person)
    protected = {one.kind for one in parts if one.protected}
    if protected & ({"address", "contact"} | ADDRESS_ROLES):
        return frozenset({"address", "postcode", "town"})
    return frozenset()


def _choice(seen: Now, record: int, judgement: Judgement) -> Choice:
    link = {Judgement.CONFIRMED: Link.CONFIRMED, Judgement.POSSIBLE: Link.POSSIBLE, Judgement.REFUTED: Link.REFUTED}
    after = protection.standings_with(seen, record, link[judgement])
    questions = seen.roll.pack.questions
    worse = any(
        overlay.burden(questions[name], one) > overlay.burden(questions[name], seen.standings[name])
        for name, one in after.standings.items()
    )
    return Choice(judgement.value, _headline(seen, after.standings), worse, needs_two(seen, record, judgement))


def _headline(seen: Now, standings: Mapping[str, Any]) -> str:
    wording = Wording(seen.roll.pack)
    return " ".join(wording.headline(question, one.cls) for question, one in standings.items())
