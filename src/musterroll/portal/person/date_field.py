"""A date asked in three boxes, with an error that says which box to mend.

1. An empty date is no error here: whether it must be given is for the form to say.
2. Days and months are numbers; the year has four digits, because `03` has been read as 1903 before.
"""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class DateTyped:
    """What stood in the three boxes. `name` is the field's name in the form."""

    name: str
    day: str = ""
    month: str = ""
    year: str = ""

    @classmethod
    def of(cls, form: QueryDict, name: str) -> "DateTyped":
        """The three boxes as the browser sent them."""
        return cls(name, *(form.get(f"{name}-{box}", "").strip()[:10] for box in ("day", "month", "year")))

    @classmethod
    def written(cls, name: str, text: str) -> "DateTyped":
        """The boxes that hold the date `YYYY-MM-DD`, empty for other texts."""
        try:
            there = date.fromisoformat(text)
        except ValueError:
            return cls(name)
        return cls(name, str(there.day), str(there.month), str(there.year))

    @property
    def empty(self) -> bool:
        """Whether nothing was typed at all."""
        return not (self.day or self.month or self.year)

    def text(self) -> str:
        """`YYYY-MM-DD`. Raises ValueError when the boxes hold no date of the calendar; see `problem`."""
        return date(int(self.year), int(self.month), int(self.day)).isoformat()

    def problem(self) -> tuple[str, str]:
        """The id of the box to mend and what to do there; two empty texts when the date is a date."""
        for box, typed, message in (
            ("day", self.day, _("The date must include a day")),
            ("month", self.month, _("The date must include a month")),
            ("year", self.year, _("The date must include a year")),
        ):
            if not typed:
                return f"{self.name}-{box}", message
        if not (self.year.isdecimal() and len(self.year) == 4):
            return f"{self.name}-year", _("The year must have 4 numbers, like 2003")
        try:
            self.text()
        except ValueError:
            return f"{self.name}-day", _("The date must be a day in the calendar, like 27 3 2003")
        return "", ""
