"""Whether places in a draw go with anything the register knows of the people (docs/spec/fairness.md, private suite).

1. Everybody in the committed list is looked at, nobody is singled out: what leaves this module is one p a test.
2. The figures decide nothing; a flag opens a review by an auditor, who runs the same again.
3. Of somebody erased nothing is left to look at; their entry is left out.
"""

import polars as pl

import musterroll.register.ready  # noqa: F401 - Django is set up before the tables load
from musterroll.draw import fairness_private, order, transcript
from musterroll.draw.fairness import Report
from musterroll.engine.roll import archive
from musterroll.fact.attribute import PROTECTED_KINDS, Attribute, Kind, ValueType
from musterroll.register.models import DrawResult, Entrant
from musterroll.register.roll import Roll

ALPHA = "0.001"
"""The level where a manifest states none."""


def examine(result: DrawResult, roll: Roll) -> Report:
    """The private suite over the draw of `result`, with what `roll` holds of its people now."""
    seed = bytes.fromhex(result.seed)
    terms = transcript.decode(bytes(result.draw.manifest))
    rows = Entrant.objects.filter(draw=result.draw, person__isnull=False).order_by("person")
    entrants = pl.DataFrame(
        [
            (person, int.from_bytes(order.key(seed, bytes(c))[:8]))
            for person, c in rows.values_list("person", "commitment")
        ],
        schema={"person": pl.Int64, "value": pl.UInt64},
        orient="row",
    )
    flat = roll.store.get_table(roll.snapshot, "flat")
    assert flat is not None
    known = entrants.join(flat, on="person", how="left").join(_initials(roll), on="person", how="left").sort("person")
    orders = {
        "B5": known.select(pl.when(pl.col("born_lo") == pl.col("born_hi")).then("born_lo")).to_series().to_list(),
        # Numbers of people are given out in the order in which they come into the register.
        "B6": known["person"].to_list(),
    }
    groups = {"B8": known["initial"].to_list()}
    for attribute in roll.pack.attributes.values():
        if attribute.kind is Kind.RESIDENCE_AREA and attribute.type is ValueType.ENUM:
            groups[f"B7-{attribute.name}"] = known[attribute.name].cast(pl.String).to_list()
        if attribute.kind in PROTECTED_KINDS and attribute.neutral:
            groups[f"B9-{attribute.name}"] = known.select(_held(attribute)).to_series().to_list()
    alpha = terms.fairness.alpha if terms.fairness else ALPHA
    return fairness_private.examine(known["value"].to_list(), orders=orders, groups=groups, alpha=alpha)


def _held(attribute: Attribute) -> pl.Expr:
    """`held` where the attribute is known to have another value than the neutral one, else `not held`."""
    neutral = attribute.value_of(attribute.neutral)
    if attribute.type in (ValueType.BOOL, ValueType.ENUM):
        held = pl.col(attribute.name).cast(pl.Int64) != neutral
    else:
        held = (pl.col(f"{attribute.name}_lo") > neutral) | (pl.col(f"{attribute.name}_hi") < neutral)
    return pl.when(held.fill_null(value=False)).then(pl.lit("held")).otherwise(pl.lit("not held"))


def _initials(roll: Roll) -> pl.DataFrame:
    """The first letter of each person's family name, from the record that founded them."""
    particulars = archive.held(roll.store, roll.snapshot, "particular")
    links = archive.held(roll.store, roll.snapshot, "link")
    assert particulars is not None
    assert links is not None
    founding = links.filter(pl.col("by") == "founding").select("person", "record")
    return (
        particulars.filter(pl.col("kind") == "family")
        .join(founding, on=["person", "record"])
        .sort("person", "delivery", "row")
        .group_by("person", maintain_order=True)
        .agg(pl.col("text").last().str.slice(0, 1).str.to_uppercase().alias("initial"))
    )
