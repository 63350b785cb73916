"""The electronic mail that goes out for a notice: "you have a notice, sign in", and nothing more.

1. A mail says that there is a notice and its number. What it is about, what to do and by when stand in the record and
   in the letter only: mailboxes are shared, searched and forwarded.
2. It holds no link: who wants to cheat people sends links. People know the register's address from elsewhere.
3. A demonstration says so in the subject and in the first line.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from musterroll.notice import place
from musterroll.notice.channel import Message
from musterroll.notice.place import malformed, members, text_of

_ALLOWED = frozenset({"number", "office"})


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """The words in one language; the places are `{number}` and `{office}` and no others."""

    language: str
    subject: str
    paragraphs: tuple[str, ...]

    def __post_init__(self) -> None:
        text = " ".join((self.subject, *self.paragraphs))
        if not _ALLOWED.issuperset(place.names(text)) or "://" in text or "www." in text:
            raise ValueError("a mail names the notice and the office, and holds no link and nothing about the person")

    def fill(
        self, *, number: str, message_id: str, office: str, sender: str, recipient: str, demonstration: str = ""
    ) -> Message:
        """The message about notice `number` under the `message_id` that every copy of it has.

        `demonstration` is the mark of a fictional home, or empty.
        """
        fields: Mapping[str, str] = {"number": number, "office": office}
        paragraphs = [place.fill(text, fields) for text in self.paragraphs]
        return Message(
            notice=number,
            message_id=message_id,
            sender=sender,
            recipient=recipient,
            subject=("DEMONSTRATION: " if demonstration else "") + place.fill(self.subject, fields),
            text="".join(f"{text}\n\n" for text in ([demonstration] if demonstration else []) + paragraphs).rstrip("\n")
            + "\n",
            language=self.language,
        )


def parse(text: str, *, where: str) -> MailTemplate:
    """The template in a YAML file with `language`, `subject` and `text`. Raises MusterRollError `letter.malformed`."""
    fields = members(text, where, {"language", "subject", "text"})
    try:
        paragraphs = tuple(map(text_of, fields["text"]))
        return MailTemplate(text_of(fields["language"]), text_of(fields["subject"]), paragraphs)
    except (TypeError, ValueError):
        raise malformed(where) from None
