"""Bad input, in one family: what is wrong, where, and what to do about it.

1. `code` is stable and machine-readable (`delivery.digest`); wording may change and be translated.
2. No message holds personal data: say a row's place in its file, never its content.
3. A message is read by a person: no part of it is longer than 600 characters, whatever the file holds.
4. Programming errors stay `AssertionError`, `ValueError` and their like; the two families are never mixed.
"""


class MusterRollError(Exception):
    """Something outside this program is wrong: a file, a pack, a setting, a state that forbids the act.

    `what` is one sentence, `where` a place a reader can find (file, line, row number), `remedy` what to do next.
    `exit_code` is what the command line ends with: 1 something is wrong, 2 it could not look.
    """

    def __init__(self, code: str, what: str, *, where: str = "", remedy: str = "", exit_code: int = 1) -> None:
        self.code = code
        self.what = _short(what)
        self.where = _short(where)
        self.remedy = _short(remedy)
        self.exit_code = exit_code
        super().__init__(str(self))

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"Where: {self.where}.")
        if self.remedy:
            parts.append(f"What to do: {self.remedy}")
        parts.append(f"[{self.code}]")
        return " ".join(parts)


_LONGEST = 600


def _short(text: str) -> str:
    """A text as it can stand in a message: long ones keep their beginning and their end."""
    return text if len(text) <= _LONGEST else f"{text[:400]} ... {text[-190:]}"
