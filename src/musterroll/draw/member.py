"""Strict reading of a manifest or another published file: what is there, of which type, and nothing else.

1. A member of another type, or a name this version does not know, is refused: it could change the meaning.
2. A member that is absent and need not be there reads as None, and the manifest says so in `missing`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from musterroll.errors import MusterRollError

_HASH = re.compile(r"[0-9a-f]{64}")


class Members:
    """The members of one JSON object at `where`, taken one by one; `make` refuses what was not taken."""

    def __init__(self, value: Any, where: str, file: str = "manifest.json") -> None:
        self.where, self._file = where, file
        if not isinstance(value, dict):
            raise self.wrong("", "is an object with members")
        self._value: Mapping[str, Any] = value
        self._taken: set[str] = set()

    def wrong(self, name: str, why: str) -> MusterRollError:
        """The error for member `name`."""
        place = f"{self.where}.{name}" if name else self.where
        return MusterRollError(
            "manifest.member",
            f"The member {place} {why}.",
            where=self._file,
            remedy="Compare with docs/spec/draw.md. A published manifest stays as it is: a new attempt supersedes it."
            if self._file == "manifest.json"
            else "Compare with docs/spec/draw.md, and fetch the file again.",
        )

    def holds(self, name: str) -> bool:
        """Whether a member is there."""
        self._taken.add(name)
        return name in self._value

    def text(self, name: str) -> str:
        """A text."""
        value = self._take(name)
        if not isinstance(value, str):
            raise self.wrong(name, "is a text")
        return value

    def text_or_absent(self, name: str) -> str | None:
        """A text, or None where the member is not there."""
        return self.text(name) if self.holds(name) else None

    def text_or_texts(self, name: str) -> str | tuple[str, ...]:
        """A text, or a list of texts."""
        value = self._take(name)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        return self.text(name)

    def hex(self, name: str) -> str:
        """64 lower-case hexadecimal digits."""
        value = self.text(name)
        if not _HASH.fullmatch(value):
            raise self.wrong(name, "is 64 small hexadecimal digits")
        return value

    def hashes(self, name: str) -> tuple[str, ...]:
        """A list of 64 hexadecimal digits each."""
        value = self._take(name)
        if not isinstance(value, list) or not all(isinstance(item, str) and _HASH.fullmatch(item) for item in value):
            raise self.wrong(name, "is a list of 64 small hexadecimal digits each")
        return tuple(value)

    def hex_or_absent(self, name: str) -> str | None:
        """64 hexadecimal digits, or None where the member is not there."""
        return self.hex(name) if self.holds(name) else None

    def hex_or_null(self, name: str) -> str | None:
        """64 hexadecimal digits, or None where the member is null."""
        return None if self._take(name) is None else self.hex(name)

    def number(self, name: str) -> int:
        """A whole number that is not negative."""
        value = self._take(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.wrong(name, "is a whole number, not negative")
        return value

    def number_or_absent(self, name: str) -> int | None:
        """A whole number, or None where the member is not there."""
        return self.number(name) if self.holds(name) else None

    def number_or_null(self, name: str) -> int | None:
        """A whole number, or None where the member is null."""
        return None if self._take(name) is None else self.number(name)

    def fixed(self, **expected: int | str) -> None:
        """Raise MusterRollError `manifest.version` unless these members are there with exactly these values."""
        for name, value in expected.items():
            found = self._take(name)
            if found != value or isinstance(found, bool):
                raise self._other_version(name, str(value), found)

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        """A text that is one of `known`. Raises MusterRollError `manifest.version` for another one."""
        found = self.text(name)
        if found not in known:
            raise self._other_version(name, " or ".join(known), found)
        return found

    def _other_version(self, name: str, expected: str, found: object) -> MusterRollError:
        return MusterRollError(
            "manifest.version",
            f"This file is of another kind or version: expected {name} {expected}, found {found}.",
            where=self._file,
            remedy="Read it with the software of its version.",
            exit_code=2,
        )

    def objects(self, name: str) -> list["Members"]:
        """A list of objects."""
        value = self._take(name)
        if not isinstance(value, list):
            raise self.wrong(name, "is a list")
        return [Members(item, f"{self.where}.{name}[{i}]", self._file) for i, item in enumerate(value)]

    def numbers(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        value = self._take(name)
        if not isinstance(value, list):
            raise self.wrong(name, "is a list")
        items = Members({str(i): item for i, item in enumerate(value)}, f"{self.where}.{name}", self._file)
        return tuple(items.number(str(i)) for i in range(len(value)))

    def inner(self, name: str) -> "Members":
        """An object."""
        return Members(self._take(name), f"{self.where}.{name}", self._file)

    def inner_or_absent(self, name: str) -> "Members | None":
        """An object, or None where the member is not there."""
        return self.inner(name) if self.holds(name) else None

    def done(self) -> None:
        """Raise MusterRollError `manifest.member` unless every member here was taken."""
        for name in self._value:
            if name not in self._taken:
                raise self.wrong(name, "is not known to this version")

    def make[T](self, kind: Callable[..., T], /, **values: Any) -> T:
        """`kind(**values)`, once every member here was taken. ValueError becomes MusterRollError `manifest.member`."""
        self.done()
        try:
            return kind(**values)
        except ValueError as problem:
            raise self.wrong("", f"is not acceptable: {problem}") from None

    def _take(self, name: str) -> Any:
        if not self.holds(name):
            raise self.wrong(name, "is missing")
        return self._value[name]
