"""Reads the parts of a declaration and collects what is wrong with them: every finding at once, each with its line.

A part that is wrong is told and replaced by something harmless, so that the rest is read too. Nothing that is made
while a finding stands is ever used: `declaration.load_source` raises the first of them.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from musterroll import dates
from musterroll.errors import MusterRollError
from musterroll.extract.given import Given

YES_NO = {"yes": True, "true": True, "no": False, "false": False}


class Reader:
    """One declaration being read: its name, and what was found wrong so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[MusterRollError] = []

    def tell(self, code: str, what: str, remedy: str, at: Given) -> None:
        """Keep a finding about a part."""
        where = f"{self.name}:{at.line}: {at.path}" if at.path else f"{self.name}:{at.line}"
        self.found.append(MusterRollError(code, what, where=where, remedy=remedy))

    def wrong(self, at: Given, rule: str) -> None:
        """Keep a finding: a part is not of its form."""
        self.tell(
            "source.malformed",
            f"{f'`{at.path}`' if at.path else 'The declaration'} {rule}.",
            "Correct the declaration.",
            at,
        )

    def members(self, at: Given, allowed: tuple[str, ...], needed: tuple[str, ...] = ()) -> Mapping[str, Given]:
        """The members of a part that are known; tells unknown and missing ones."""
        if not isinstance(at.value, Mapping):
            self.wrong(at, "holds members with names")
            return MappingProxyType({})
        for key, each in at.members.items():
            if key not in allowed:
                self.wrong(each, f"is not known; known are {', '.join(allowed)}")
        for key in needed:
            if key not in at.members:
                path = f"{at.path}.{key}" if at.path else key
                self.wrong(Given("", at.line, path), "is missing")
        return at.members

    def text(self, at: Given | None, default: str = "") -> str:
        """One text."""
        if at is None:
            return default
        if not isinstance(at.value, str):
            self.wrong(at, "is one text")
            return default
        return at.value

    def texts(self, at: Given | None) -> tuple[str, ...]:
        """One text or a list of texts."""
        if at is None:
            return ()
        if isinstance(at.value, Mapping):
            self.wrong(at, "is a list")
        return tuple(self.text(each) for each in at.items)

    def items(self, at: Given | None) -> tuple[Given, ...]:
        """The items of a list."""
        if at is None:
            return ()
        if not isinstance(at.value, tuple):
            self.wrong(at, "is a list")
            return ()
        return at.value

    def number(self, at: Given | None, default: int = 0) -> int:
        """A whole number."""
        if at is None:
            return default
        value = at.value
        if not (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12):
            self.wrong(at, "is a whole number")
            return default
        return int(value)

    def answer(self, at: Given | None, *, default: bool = False) -> bool:
        """Yes or no."""
        if at is None:
            return default
        if not isinstance(at.value, str) or at.value not in YES_NO:
            self.wrong(at, "is yes or no")
            return default
        return YES_NO[at.value]

    def choice(self, at: Given | None, allowed: tuple[str, ...], default: str = "") -> str:
        """One of a closed list."""
        if at is None:
            return default or allowed[0]
        if at.value not in allowed:
            self.wrong(at, f"is one of {', '.join(allowed)}")
            return default or allowed[0]
        return str(at.value)

    def span(self, at: Given | None, default: tuple[int, int] = (0, 0)) -> tuple[int, int]:
        """`[least, most]`."""
        if at is None:
            return default
        ends = [self.number(each) for each in self.items(at)]
        if len(ends) != 2 or ends[0] > ends[1]:
            self.wrong(at, "is [least, most]")
            return default
        return ends[0], ends[1]

    def mapping[T](self, at: Given | None, read: Callable[[Given], T]) -> Mapping[str, T]:
        """Members with any names, each read the same way."""
        if at is None:
            return MappingProxyType({})
        if not isinstance(at.value, Mapping):
            self.wrong(at, "holds members with names")
        return MappingProxyType({key: read(each) for key, each in at.members.items()})

    def day(self, at: Given | None, default: int) -> int:
        """A day `YYYY-MM-DD`."""
        text = self.text(at)
        if at is None or not text:
            return default
        try:
            return dates.parse_day(text)
        except MusterRollError as problem:
            self.tell(problem.code, problem.what, problem.remedy, at)
            return default
