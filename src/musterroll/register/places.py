"""The order of a draw as the register keeps it, over all lists of the draw."""

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.draw import order as orders
from musterroll.draw import table as tables
from musterroll.draw import transcript
from musterroll.draw.commitment import COMMITMENT_BYTES, Cohort, leaf
from musterroll.draw.order import Order
from musterroll.draw.packed import Packed
from musterroll.draw.supplement import Label, Part, placed
from musterroll.draw.table import Table
from musterroll.register.models import Draw, DrawnTable, DrawResult, Entrant


def order_of(result: DrawResult) -> Order:
    """The order of a draw from its stored bytes."""
    draw = result.draw
    data, strata, start = memoryview(bytes(result.order)), [], 0
    for stratum in transcript.decode(bytes(draw.manifest)).cohort.strata:
        end = start + COMMITMENT_BYTES * stratum.size
        strata.append(Packed(data[start:end], COMMITMENT_BYTES))
        start = end
    return Order(draw.manifest_sha256, bytes.fromhex(result.seed), tuple(strata))


def cohort_of(draw: Draw) -> Cohort:
    """The committed list of a draw, from its rows."""
    terms = transcript.decode(bytes(draw.manifest))
    ids = tuple(stratum.id for stratum in terms.cohort.strata)
    index = {name: i for i, name in enumerate(ids)}
    rows = Entrant.objects.filter(draw=draw).order_by("index").values_list("stratum", "commitment", "day")
    leaves = (leaf(index[stratum], bytes(commitment), day) for stratum, commitment, day in rows)
    return Cohort(b"".join(leaves), ids, terms.algorithm == transcript.BY_TABLE)


def table_of(draw: Draw) -> Table | None:
    """The table of a draw by table, its parent's for a supplement; None where none is drawn yet."""
    drawn = DrawnTable.objects.filter(draw=draw.parent or draw).first()
    if drawn is None:
        return None
    terms = transcript.decode(bytes((draw.parent or draw).manifest)).table
    assert terms is not None  # a table is drawn only where the manifest names one
    return tables.decode(bytes(drawn.table), terms.days)


def part_of(result: DrawResult) -> Part:
    """One list with its order, as the order of call goes through it."""
    terms, drawn = transcript.decode(bytes(result.draw.manifest)), table_of(result.draw)
    numbers = None if drawn is None else orders.numbers_of(cohort_of(result.draw), drawn)
    return Part(terms, order_of(result), numbers)


def parts_of(draw: Draw) -> tuple[DrawResult, ...]:
    """The results of the later lists of a draw: supplements, strata drawn anew."""
    rows = DrawResult.objects.select_related("draw", "draw__parent").filter(draw__parent=draw)
    return tuple(rows.order_by("draw__part", "draw__number"))


def label_of(entrant: Entrant) -> Label | None:
    """The place of somebody, in words `17` or `1234+S1.1`; None before the result of their list."""
    result = DrawResult.objects.select_related("draw", "draw__parent").filter(draw=entrant.draw).first()
    if result is None:
        return None
    commitment = bytes(entrant.commitment)
    parent = entrant.draw.parent
    if parent is None or entrant.draw.stratum:
        return Label(order_of(result).place_of(commitment)[1])
    main = DrawResult.objects.select_related("draw").filter(draw=parent).first()
    if main is None:
        return None
    others = [part_of(one) for one in parts_of(parent)]
    for place in placed(part_of(main), others, entrant.stratum):
        if place.commitment == commitment:
            return place.label
    return None
