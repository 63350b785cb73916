"""Chapter: findings that a pack accepts.

Law that repeats itself or reaches nobody is still law. A finding about it may be accepted in public, with a reason;
what makes somebody worse off may not.
"""

import pytest
from tests.lawtext import BASE, RULES, small

from musterroll.errors import MusterRollError
from musterroll.law import pack as packs

ACCEPTED = """
```accepted redundant exempt bound
basis: (2)
because: the law says it twice
by: the authors
```
"""


def test_an_accepted_finding_names_its_rules_in_any_order_and_its_reason() -> None:
    pack = small(RULES + ACCEPTED)
    one = pack.accepted["redundant", frozenset({"bound", "exempt"}), ""]
    assert (one.because, one.by, one.basis, one.where[:9]) == (
        "the law says it twice",
        "the authors",
        "art. 1 (2)",
        "small.md:",
    )
    assert packs.from_canonical(pack.canonical()).accepted == pack.accepted
    assert pack.digest != small(RULES).digest


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("redundant exempt bound", "burden serving", "law.accepted", "a finding `burden` cannot be accepted"),
        (
            "redundant exempt bound",
            "redundant exempt nobody",
            "law.accepted",
            "`nobody` is no rule",
        ),
        ("redundant exempt bound", "redundant", "law.accepted", "it names no rule"),
        ("redundant exempt bound", "gap duty", "law.accepted", "a finding `gap` cannot be accepted"),
        ("redundant exempt bound", "kleene-gap exempt", "law.block", "`facts` is missing"),
        ("redundant exempt bound\n", "kleene-gap exempt\nfacts: [nothing]\n", "law.accepted", "is no attribute"),
        ("redundant exempt bound", "", "law.block", "it has no name"),
        ("because: the law says it twice\n", "", "law.block", "`because` is missing"),
        ("basis: (2)", "basis: (9)", "law.uncited", "`(9)` is no paragraph"),
    ],
)
def test_what_cannot_be_accepted_is_refused(old: str, new: str, code: str, says: str) -> None:
    with pytest.raises(MusterRollError) as refused:
        packs.from_text({"small.md": BASE + RULES + ACCEPTED.replace(old, new)})
    assert (refused.value.code, says in refused.value.what) == (code, True), str(refused.value)
    assert refused.value.where.startswith("small.md:")


def test_a_finding_is_accepted_once() -> None:
    with pytest.raises(MusterRollError, match="this is accepted twice"):
        small(RULES + ACCEPTED + ACCEPTED.replace("exempt bound", "bound exempt"))
