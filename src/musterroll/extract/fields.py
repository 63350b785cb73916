"""The fields of a declaration's table schema (Frictionless Table Schema, with members of ours) and their columns.

1. Types are `string`, `date`, `datetime`, `integer`, `year` and `boolean`. A string with `enum` or `means` is a code,
   one with a `mask` or the role `number` a personal number, any other free text (names and addresses).
2. Members of ours say what the table alone cannot: `role`, `order` (of a whole name or address), `means` (codes to the
   pack's words), `mask`, `check` and `reads` (what a personal number tells), `months` (names that a date may have for
   them), `future`, `measured`, `partly_known`. `decimalChar` is the table schema's own, of its type `number`.
3. A cell that says several things makes columns: `NAME.given`, `NUMBER.born`. Several fields of one role are joined:
   `(family)`. Year, month and day of birth in fields of their own make `(born)`.
4. A field whose name the register uses itself, or that differs from another only in its case, gets an inner name.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from musterroll import dates
from musterroll.extract import cell_parts, dating
from musterroll.extract import pattern as patterns
from musterroll.extract.given import Given
from musterroll.extract.made import APART, BirthParts, Entry, Joined, Made
from musterroll.extract.reading import Reader
from musterroll.extract.schema import RELATIVES, ROLES, Column, ColumnType, time_read

TYPES = ("string", "date", "datetime", "integer", "year", "boolean")
MEMBERS = (
    *("name", "type", "format", "title", "description", "example", "constraints", "missingValues"),
    *("trueValues", "falseValues", "role", "order", "means", "mask", "reads", "future", "measured", "partly_known"),
    *("months", "check", "decimalChar"),
)
CONSTRAINTS = ("required", "unique", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength")
RESERVED = frozenset(
    [
        *(
            "record",
            "delivery",
            "row",
            "digest",
            "nth",
            "known",
            "op",
            "key",
            "as_of",
            "person",
            "link",
            "n",
            "lo",
            "hi",
        ),
        *("group", "role", "roster", "attribute", "valid_from", "valid_to", "born_lo", "born_hi", "judgement", "kind"),
        *("text", "protected", "part", "source", "founder", "reasons", "columns", "index"),
    ]
)
"""Names that the register's own columns have; a field so named is kept under another one."""

WHOLE = ("name", "address", "born_year", "born_month", "born_day")
JOINED = frozenset({"given", "middle", "family", "former", "street", "house", "unit", "po_box", "town", "postcode"})
KEY = "(key)"


class Fields:
    """The fields being read. Afterwards `columns` are all columns by inner name and `inner` the names in use."""

    def __init__(self, reader: Reader, *, typed: bool, worded: bool) -> None:
        """`typed`: the file's format has dates of its own, which the door writes as ISO 8601 does.

        `worded`: it has a yes and no of its own, which the door writes `true` and `false`, whatever a workbook shows.
        """
        self.reader = reader
        self.typed = typed
        self.worded = worded
        self.columns: dict[str, Column] = {}
        self.inner: dict[str, str] = {}
        self.given: dict[str, Given] = {}
        self.optional: set[str] = set()

    def read(self, schema: Given) -> None:
        """Read `schema:` and make the columns of its fields."""
        parts = self.reader.members(schema, ("fields", "primaryKey", "missingValues"), ("fields",))
        missing = self.reader.texts(parts.get("missingValues"))
        fields = self.reader.items(parts["fields"]) if "fields" in parts else ()
        if "fields" in parts and not fields:
            self.reader.wrong(parts["fields"], "lists the columns of the file")
        births: dict[str, str] = {}
        made: list[tuple[Column, bool]] = []
        for field in fields:
            members = self.reader.members(field, MEMBERS, ("name",))
            name = self._named(field, members)
            column = self._column(name, members, missing)
            role = column.role.rpartition(".")[2]
            if role == "name":
                made += cell_parts.name(self.reader, column, members.get("order"), field)
            elif role == "address" and "order" in members:
                made += cell_parts.address(self.reader, column, members["order"])
            elif role.startswith("born_"):
                births[role] = column.name
            elif "order" in members:
                self.reader.wrong(members["order"], "is of a whole name or address (`role: name`, `role: address`)")
            if "reads" in members:
                made += cell_parts.number(self.reader, column, members["reads"])
            if role in WHOLE and not (role == "address" and "order" not in members):
                column = replace(column, role="")
            self.columns[column.name] = column
        self._born(births, made)
        for column, optional in made:
            self._add(column, optional=optional)
        self._join()

    def key(self, schema: Given, identity: Given | None, *, many: bool) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """The key column, the declared key columns and the identity columns."""
        primary = schema.members.get("primaryKey")
        at = primary or identity
        if at is None or (primary and identity):
            self.reader.wrong(
                Given("", schema.line, "schema.primaryKey"),
                "names the columns of the entry's key; an agency whose entries have none declares `identity` instead",
            )
            return "", (), ()
        names = tuple(self.known(name, at) for name in self.reader.texts(at))
        if not names:
            self.reader.wrong(at, "names the columns by which the agency finds the entry again")
        if not all(names) or not names:
            return "", (), ()
        if primary:
            for name in names:
                if not self.columns[name].required:
                    self.reader.wrong(self.given[name], "is part of the key: `constraints: {required: yes}`")
            if len(names) == 1:
                return names[0], names, ()
        made: Made = Joined(names, APART, whole=True) if primary or many else Entry(names)
        self._add(Column(KEY, ColumnType.TEXT, required=True, longest=10_000, made=made))
        return KEY, names if primary else (), () if primary else names

    def known(self, name: str, at: Given) -> str:
        """The inner name of a declared or made column; tells when there is none."""
        if name and name not in self.inner:
            self.reader.wrong(at, f"names the column `{name}`, which is not declared")
            return ""
        return self.inner.get(name, "")

    def _named(self, field: Given, members: Mapping[str, Given]) -> str:
        heading = self.reader.text(members.get("name")) or f"field {len(self.inner) + 1}"
        if heading in self.inner:
            self.reader.wrong(members["name"], f"names `{heading}` a second time")
        folded = {name.casefold() for name in self.columns}
        name = heading
        if (
            name.casefold() in RESERVED
            or name[0] in "$_ ("
            or time_read(name)[0]
            or name != name.strip()
            or name.casefold() in folded
        ):
            name = f"column {heading.strip()}"
        while name.casefold() in folded:
            name += "'"
        self.inner[heading], self.given[name] = name, field
        return name

    def _column(self, name: str, members: Mapping[str, Given], missing: tuple[str, ...]) -> Column:
        reader = self.reader
        limits = members["constraints"].members if "constraints" in members else {}
        if "constraints" in members:
            reader.members(members["constraints"], CONSTRAINTS)
        told = reader.choice(members.get("type"), TYPES, "string")
        blanks = (text.strip() for text in reader.texts(members.get("missingValues")) or missing)
        column = Column(
            name=name,
            type=ColumnType.TEXT,
            role=self._role(members.get("role")),
            required=reader.answer(limits.get("required")),
            missing=tuple(dict.fromkeys(text for text in blanks if text)),
            means=reader.mapping(members.get("means"), reader.text),
            pattern=self._pattern(limits.get("pattern")),
            heading=reader.text(members.get("name")),
            measured=self._measured(members.get("measured")),
        )
        if "decimalChar" in members and told != "integer":
            reader.wrong(members["decimalChar"], "is of a whole number (`type: integer`)")
        if "check" in members and not (column.role.rpartition(".")[2] == "number" or "mask" in members):
            reader.wrong(members["check"], "is of a personal number (`role: number` or a `mask`)")
        match told:
            case "date" | "datetime":
                return self._date(column, told, members, limits)
            case "integer" | "year":
                least, most = (0, 1_000_000) if told == "integer" else (1, 9_999)
                return replace(
                    column,
                    type=ColumnType.INT,
                    decimal=reader.choice(members.get("decimalChar"), (".", ","), "."),
                    least=reader.number(limits.get("minimum"), least),
                    most=reader.number(limits.get("maximum"), most),
                )
            case "boolean":
                return self._boolean(column, members)
        if column.role.rpartition(".")[2] == "number" or "mask" in members:
            masks = reader.texts(members.get("mask"))
            checks = cell_parts.check_digits(reader, members.get("check"))
            return replace(column, type=ColumnType.NUMBER, forms=masks, checks=checks)
        values = reader.texts(limits.get("enum")) or tuple(column.means)
        if values:
            for text in column.means:
                if text not in values:
                    reader.wrong(
                        members["means"], f"gives a meaning to `{text}`, which is not among the codes (`enum`)"
                    )
            return replace(column, type=ColumnType.CODE, values=values)
        return replace(
            column,
            shortest=reader.number(limits.get("minLength")),
            longest=reader.number(limits.get("maxLength"), 1_000),
        )

    def _role(self, at: Given | None) -> str:
        role = self.reader.text(at)
        relative, _, bare = role.rpartition(".")
        allowed = ROLES | set(WHOLE)
        alone = role == "also_born" or bare != "also_born"  # a relative's row states one birth date
        if at is not None and (bare not in allowed or relative not in ("", *RELATIVES) or not alone):
            self.reader.wrong(
                at,
                f"is one of {', '.join(sorted(allowed))}, or a relative's (mother.given, dependant_1.born)",
            )
            return ""
        return role

    def _measured(self, at: Given | None) -> str:
        text = self.reader.text(at)
        if at is not None:
            self.reader.day(Given(f"2001-{text}", at.line, at.path), 0)
        return text

    def _pattern(self, at: Given | None) -> str:
        pattern = self.reader.text(at)
        fault = patterns.fault(pattern)
        if at is not None and fault:
            self.reader.wrong(at, fault)
            return ""
        return pattern

    def _date(self, column: Column, told: str, members: Mapping[str, Given], limits: Mapping[str, Given]) -> Column:
        at = members.get("format")
        plain = "YYYY-MM-DD" if told == "date" else "ISO"
        forms = [plain if form == "default" else dating.from_strptime(form) for form in self.reader.texts(at)] or [
            plain
        ]
        if self.typed and not {"ISO", "YYYY-MM-DD"} & set(forms):
            forms.append("ISO")
        months = self._months(members.get("months"), at or self.given[column.name], forms)
        named, others = dating.parted(tuple(forms))
        for form in (*named, *others):
            fault = dating.fault(form)
            if fault:
                self.reader.wrong(at or self.given[column.name], fault)
                return replace(column, type=ColumnType.DATE, forms=(plain,))
        both = dating.ambiguous(named) or dating.ambiguous(others)
        if both:
            self.reader.wrong(
                at or self.given[column.name],
                f"has two forms in which the same text is another day ({both[0]} and {both[1]}): one has to go",
            )
        return replace(
            column,
            type=ColumnType.DATE,
            forms=tuple(forms),
            months=months,
            earliest=self.reader.day(limits.get("minimum"), dates.FIRST_DAY),
            latest=self.reader.day(limits.get("maximum"), dates.NEVER),
            future=self.reader.answer(members.get("future")),
            partly=self.reader.answer(members.get("partly_known")),
        )

    def _months(self, at: Given | None, form: Given, forms: list[str]) -> tuple[tuple[str, ...], ...]:
        """The names of the twelve months, where a form has a month's name."""
        months = tuple(self.reader.texts(each) for each in self.reader.items(at))
        if at is not None and (fault := dating.months_fault(months)):
            self.reader.wrong(at, fault)
            return ()
        if bool(months) != any(dating.NAMED in each for each in forms):
            self.reader.wrong(
                at or form, "goes with a form that has a month's name: `format: D. month YYYY`, `months: [...]`"
            )
        return months

    def _boolean(self, column: Column, members: Mapping[str, Given]) -> Column:
        true = self.reader.texts(members.get("trueValues")) or ("true", "True", "TRUE", "1")
        false = self.reader.texts(members.get("falseValues")) or ("false", "False", "FALSE", "0")
        both = sorted(set(true) & set(false))
        if both:
            self.reader.wrong(members["trueValues"], f"and falseValues both hold `{both[0]}`")
        own = {"true": "yes", "false": "no"} if self.worded else {}
        means = {**own, **dict.fromkeys(true, "yes"), **dict.fromkeys(false, "no")}
        return replace(column, type=ColumnType.CODE, values=tuple(means), means=MappingProxyType(means))

    def _born(self, births: Mapping[str, str], made: list[tuple[Column, bool]]) -> None:
        if not births:
            return
        of = tuple(births[role] for role in ("born_year", "born_month", "born_day") if role in births)
        if "born_year" not in births or ("born_day" in births and "born_month" not in births):
            self.reader.wrong(self.given[next(iter(births.values()))], "is part of a birth date that has no year")
            return
        column = Column("(born)", ColumnType.DATE, "born", forms=("YYYY-MM-DD",), partly=True, made=BirthParts(of))
        made.append((column, False))

    def _add(self, column: Column, *, optional: bool = False) -> None:
        if column.name in self.columns:
            self.reader.wrong(self.given[column.name], "has a name that a column made of another one needs")
            return
        self.columns[column.name] = column
        self.inner.setdefault(column.name, column.name)
        if optional:
            self.optional.add(column.name)

    def _join(self) -> None:
        """One column for each role that several have."""
        by_role: dict[str, list[str]] = {}
        for column in self.columns.values():
            if column.role:
                by_role.setdefault(column.role, []).append(column.name)
        for role, names in by_role.items():
            if len(names) == 1:
                continue
            if role.rpartition(".")[2] not in JOINED:
                at = self.given.get(names[1]) or self.given[names[0]]
                self.reader.wrong(at, f"has the role `{role}`, which another column has already")
                continue
            for name in names:
                self.columns[name] = replace(self.columns[name], role="")
            self._add(Column(f"({role})", ColumnType.TEXT, role, longest=5_000, made=Joined(tuple(names))))
