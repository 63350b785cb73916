"""Who acts: an officer, the person concerned, or the program at its scheduled work."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """The three who can act."""

    OFFICER = "officer"
    PERSON = "person"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts. `name` is an officer's handle, or the program's task; `number` is the person's number."""

    kind: Kind
    name: str = ""
    number: int | None = None

    @classmethod
    def officer(cls, handle: str) -> "Actor":
        """The officer with this handle."""
        return cls(Kind.OFFICER, handle)

    @classmethod
    def person(cls, number: int) -> "Actor":
        """The person concerned, signed in."""
        return cls(Kind.PERSON, "person", number)

    @classmethod
    def program(cls, task: str) -> "Actor":
        """The program at a scheduled task, e.g. `nightly`."""
        return cls(Kind.PROGRAM, task)
