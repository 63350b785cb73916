"""How a pack says that one column is made of several rows: the six forms, and no others (data-model 5).

    ```derive third_child_born
    gives: date
    from: household where role = child and mine.role in (head, spouse, partner)
    take: 3rd latest born
    fewer: none
    basis: art. 12 (2)
    ```

1. `from` names a roster and, after `where`, which members count (`role`) in which of the person's own groups
   (`mine.role`). The person himself never counts as a member of his own group.
2. `take` is one of: `latest X`, `earliest X`, `nth latest X` (2nd latest born), `covering X`, `total days`, `any`,
   where X is `born` (members) or `from`, `to` (spells: enrolments, service, stays, grants).
3. `fewer` is the value when there are not so many: `none` (a day earlier than every date: it is known that there is no
   such member), `never`, `no`, `0` or `unknown`. Prefer `none` to `never` for births: adding a member then only ever
   moves the value later, and a hull stays as narrow as the rows allow.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.errors import MusterRollError
from musterroll.fact.attribute import ValueType


class Form(Enum):
    """The closed list of forms."""

    LATEST = "latest"
    EARLIEST = "earliest"
    NTH_LATEST = "nth latest"
    COVERING = "covering"
    TOTAL_DAYS = "total days"
    ANY = "any"


_GIVES = {
    Form.LATEST: ValueType.DATE,
    Form.EARLIEST: ValueType.DATE,
    Form.NTH_LATEST: ValueType.DATE,
    Form.COVERING: ValueType.DATE,
    Form.TOTAL_DAYS: ValueType.INT,
    Form.ANY: ValueType.BOOL,
}
_FEWER: dict[ValueType, dict[str, int | None]] = {
    ValueType.DATE: {"none": FIRST_DAY, "never": NEVER, "unknown": None},
    ValueType.INT: {"0": 0, "unknown": None},
    ValueType.BOOL: {"no": 0, "unknown": None},
}
_TAKE = re.compile(
    r"(?:(?P<nth>[1-9][0-9]?)(?:st|nd|rd|th) )?(?P<form>latest|earliest|covering) (?P<column>born|from|to)"
)
_FROM = re.compile(r"(?P<roster>[a-z][a-z_]*)(?: where (?P<where>.+))?")
_WHERE = re.compile(r"(?P<name>role|mine\.role|kind) (?:= (?P<one>[a-z_]+)|in \((?P<many>[a-z_]+(?:, *[a-z_]+)*)\))")


@dataclass(frozen=True, slots=True)
class Derivation:
    """One derived column. `roles` and `mine` are the accepted roles (empty = any), `kinds` the accepted spell kinds.

    `fewer` is the value when there are fewer than `nth`, None for unknown.
    """

    name: str
    gives: ValueType
    roster: str
    form: Form
    basis: str
    column: str = ""
    nth: int = 1
    roles: tuple[str, ...] = ()
    mine: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    fewer: int | None = None

    def __post_init__(self) -> None:
        if self.gives is not _GIVES[self.form]:
            raise ValueError(f"{self.form.value} gives {_GIVES[self.form].value}")
        if self.over_spells and (self.roles or self.mine or self.column == "born"):
            raise ValueError("spells have kinds and no birth, members have roles")
        if not self.over_spells and (self.kinds or self.form is Form.COVERING):
            raise ValueError("members have roles, only spells have kinds and cover days")
        if self.nth < 1 or (self.nth > 1 and self.form is not Form.NTH_LATEST):
            raise ValueError("only the nth latest has a number, counted from 1")

    @property
    def over_spells(self) -> bool:
        """Whether the rows are spells of the person, not members of his groups."""
        return self.column in ("from", "to") or self.form is Form.TOTAL_DAYS or bool(self.kinds)


def parse(name: str, fields: Mapping[str, str], *, where: str = "derivation") -> Derivation:
    """The derivation called `name` written in `fields`. Raises MusterRollError `derive.malformed` naming the field."""
    missing = [field for field in ("gives", "from", "take", "fewer", "basis") if not fields.get(field, "").strip()]
    if missing:
        raise _malformed(where, missing[0], "is missing")
    form, nth, column = _taken(fields["take"].strip(), where)
    roster, conditions = _source(fields["from"].strip(), where)
    gives = _GIVES[form]
    if fields["gives"].strip() != gives.value:
        raise _malformed(where, "gives", f"is {gives.value} for this form")
    fewer = fields["fewer"].strip()
    if fewer not in _FEWER[gives]:
        raise _malformed(where, "fewer", f"is one of {', '.join(_FEWER[gives])}")
    try:
        return Derivation(
            name=name,
            gives=gives,
            roster=roster,
            form=form,
            basis=fields["basis"].strip(),
            column=column,
            nth=nth,
            roles=conditions.get("role", ()),
            mine=conditions.get("mine.role", ()),
            kinds=conditions.get("kind", ()),
            fewer=_FEWER[gives][fewer],
        )
    except ValueError as problem:
        raise _malformed(where, "from", f"does not fit the form: {problem}") from None


def _taken(text: str, where: str) -> tuple[Form, int, str]:
    if text in ("any", "total days"):
        return Form(text), 1, ""
    found = _TAKE.fullmatch(text)
    if not found or (found["nth"] and found["form"] != "latest"):
        raise _malformed(
            where, "take", "is `latest X`, `earliest X`, `nth latest X`, `covering X`, `total days` or `any`"
        )
    form = Form.NTH_LATEST if found["nth"] else Form(found["form"])
    return form, int(found["nth"] or 1), found["column"]


def _source(text: str, where: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    found = _FROM.fullmatch(text)
    if not found:
        raise _malformed(where, "from", "is a roster and `where` conditions")
    conditions: dict[str, tuple[str, ...]] = {}
    for part in found["where"].split(" and ") if found["where"] else ():
        condition = _WHERE.fullmatch(part.strip())
        if not condition or condition["name"] in conditions:
            raise _malformed(where, "from", "has conditions `role = R`, `mine.role in (R, S)` or `kind = K`, each once")
        conditions[condition["name"]] = tuple(
            role.strip() for role in (condition["one"] or condition["many"]).split(",")
        )
    return found["roster"], conditions


def _malformed(where: str, field: str, problem: str) -> MusterRollError:
    return MusterRollError(
        "derive.malformed",
        f"A derivation cannot be read: `{field}` {problem}.",
        where=where,
        remedy="Write the block as docs/flow/fact.md shows it.",
    )
