"""What the register looks at after a draw: one p a test, about everybody in the list, and nothing about anybody."""

import json


def report(seed: str = ""):
    from musterroll.register import fairness, roll
    from musterroll.register.models import DrawResult

    result = DrawResult.objects.select_related("draw").get()
    result.seed = seed or result.seed
    return fairness.examine(result, roll.current())


def test_births_arrival_names_and_what_the_law_protects_are_looked_at(called) -> None:
    found = {outcome.name: outcome.p for outcome in report().outcomes}
    assert list(found)[:3] == ["B5", "B6", "B8"]
    assert {"B9-serving", "B9-full_time_student"} <= set(found)
    assert all(p is None or 0 < p <= 1 for p in found.values())
    assert found["B5"] is not None
    # Everybody is called Family..: one group cannot differ from itself.
    assert found["B8"] == 1.0
    assert report("00" * 32).outcomes != report().outcomes


def test_an_order_that_goes_with_the_arrival_in_the_register_is_flagged(called, monkeypatch) -> None:
    from musterroll.draw import order
    from musterroll.register.models import Entrant

    place = {bytes(c): n for n, c in enumerate(Entrant.objects.order_by("person").values_list("commitment", flat=True))}
    monkeypatch.setattr(order, "key", lambda _, c: (place[c] << 56).to_bytes(8) + bytes(24))
    found = {outcome.name: outcome.p for outcome in report().outcomes}
    assert found["B6"] < 1e-6
    assert report().verdict == "flag"


def test_an_order_that_goes_with_protection_is_flagged(called, monkeypatch) -> None:
    import polars as pl

    from musterroll.draw import order
    from musterroll.register import roll
    from musterroll.register.models import Entrant

    current = roll.current()
    flat = current.store.get_table(current.snapshot, "flat")
    entrants = dict(Entrant.objects.values_list("commitment", "person"))
    late = {person for person in entrants.values() if person % 2}
    changed = flat.with_columns(serving=pl.col("person").is_in(late))
    monkeypatch.setattr(type(current.store), "get_table", lambda *_: changed)
    values = {bytes(c): (person in late, person) for c, person in entrants.items()}
    monkeypatch.setattr(
        order, "key", lambda _, c: (((values[c][0] << 20) + values[c][1]) << 40).to_bytes(8) + bytes(24)
    )
    found = {outcome.name: outcome.p for outcome in report().outcomes}
    # Groups under 20 people are not looked at alone: of some thirty people nothing is told.
    assert found["B9-serving"] == 1.0
    monkeypatch.setattr("musterroll.draw.fairness.SMALLEST", 5)
    assert {outcome.name: outcome.p for outcome in report().outcomes}["B9-serving"] < 1e-4


def test_the_report_holds_figures_and_no_people(called) -> None:
    told = json.loads(report().encode())
    assert set(told) == {"v", "suite", "alpha", "tests", "verdict", "meaning"}
    assert all(set(row) == {"test", "p", "holm"} for row in told["tests"])
