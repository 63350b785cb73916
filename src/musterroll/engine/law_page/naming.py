"""What the names inside a proceeding are called in words: days of events, facts, where another proceeding stands.

An attribute of the person keeps the label that the pack gives it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from gettext import NullTranslations

from musterroll.dates import FIRST_DAY, NEVER
from musterroll.fact.attribute import Held, ValueType
from musterroll.law.declare import text_of
from musterroll.law.pack import Pack
from musterroll.law.proceeding_names import Named
from musterroll.law.wording import Wording


def spoken(name: str) -> str:
    """A name of a pack as words."""
    return name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Naming(Wording):
    """The wording of one pack in one language, inside the proceeding `own`."""

    own: str = ""
    names: Mapping[str, Named] = field(default_factory=dict)
    translations: NullTranslations = field(default_factory=NullTranslations)

    def label(self, attribute: str) -> str:
        """What a name is called: an attribute of the person, or what happens in a proceeding."""
        if attribute not in self.names:
            return Wording.label(self, attribute) if attribute in self.pack.attributes else spoken(attribute)
        _ = self.translations.gettext
        one = self.names[attribute]
        words = {
            "event": _("day of: {item}"),
            "told": _("day on which the person was told of: {item}"),
            "posted": _("day on which word was posted of: {item}"),
            "entered": _("day on which it came to stand at: {item}"),
            "for": _("votes for: {item}"),
            "against": _("votes against: {item}"),
            "present": _("members present at: {item}"),
            "standing": _("where it stands"),
        }.get(one.what, "{item}")
        said = words.format(item=spoken(one.item))
        if one.proceeding == self.own:
            return said
        other = self.pack.proceedings[one.proceeding].title
        return _("{proceeding}: {what}").format(proceeding=other, what=said)

    def value(self, name: str, held: Held) -> str:
        """A value by itself."""
        if name not in self.names or held.lo is None:
            return Wording.value(self, name, held)
        attribute = self.names[name].attribute
        if attribute.type is ValueType.DATE and held.lo == held.hi and held.lo not in (NEVER, FIRST_DAY):
            return self.day(held.lo)
        return spoken(text_of(attribute, held.lo))


def naming(pack: Pack, language: str, proceeding: str, translations: NullTranslations) -> Naming:
    """The wording inside one proceeding."""
    return Naming(pack, language, proceeding, pack.proceeding_names[proceeding], translations)
