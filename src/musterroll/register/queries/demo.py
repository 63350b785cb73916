"""Sign-ins of the demonstration's start page. A home that is not fictional has none."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignIn:
    """One invented person to sign in as: their ref and, in a sentence, why they are worth a look."""

    ref: str
    name: str
    story: str
