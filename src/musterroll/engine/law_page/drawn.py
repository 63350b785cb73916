"""A selection in plain words, line by line, each with its paragraph (law/selection.py says what a line may hold).

A line that has no words here is told as it is written: nothing that a pack says of a draw is left out.
"""

from collections.abc import Iterator

from musterroll.engine.law_page.speech import Speech
from musterroll.law import calling
from musterroll.law.selection import BY_VALUE, NEVER_MERGED, Amount, Selection, Term


def drawn(selection: Selection, speech: Speech) -> Iterator[tuple[Term, str]]:
    """Each line of the selection with its sentence; a line that another one's sentence holds has none of its own."""
    for term in selection.terms:
        sentence = _sentence(selection, term, speech)
        if sentence:
            yield term, sentence


def categories(speech: Speech) -> Iterator[tuple[str, str]]:
    """The categories in which people are called, where the law names some: paragraph and words, in order."""
    _ = speech.translations.gettext
    for number, one in enumerate(calling.categories(speech.pack), 1):
        name = one.name.replace("_", " ")
        if one.earliest is None:
            yield one.cite, _("Called {number}.: {name}, by the number drawn").format(number=number, name=name)
        else:
            fact = speech.wording.label(one.earliest)
            words = _("Called {number}.: {name}, by the earliest “{fact}”")
            yield one.cite, words.format(number=number, name=name, fact=fact)


def _sentence(selection: Selection, term: Term, speech: Speech) -> str:
    _ = speech.translations.gettext
    match term.name:
        case "cohort":
            labels = (speech.wording.class_label(selection.question, name) for name in selection.classes)
            return _("Drawn from: {classes}").format(classes=", ".join(labels))
        case "strata":
            return _strata(selection, speech)
        case "total":
            words = _("How many are drawn is a number set beforehand; in this pack {number} from {day} on")
            return words.format(**_amount(selection.total, speech))
        case "share":
            return _("Each part gives its share of all entrants") if selection.strata else ""
        case "rounding":
            return _("Shares are rounded by the largest remainder") if selection.strata else ""
        case "least":
            return _("Each part gives at least {number}").format(number=term.value) if selection.strata else ""
        case "merge under":
            if not selection.strata:
                return ""
            if term.value == NEVER_MERGED:
                return _("Small parts are not merged")
            return _("Parts of fewer than {number} people are merged").format(number=term.value)
        case "called":
            words = _("Of those drawn as many are called as are needed; in this pack {number} from {day} on")
            return words.format(**_amount(selection.called or selection.total, speech))
        case "not held if":
            return _("No draw is held where everybody is called")
        case "order":
            if term.value == "place":
                return _("People are called by the place drawn")
            if term.value == BY_VALUE:
                return _("All who are picked are called in one order, by the draw value, whatever their part")
            return _("People are called by the number drawn for their date of birth")
        case _:
            return _("{name}: {value}").format(name=term.name, value=term.value)


def _amount(amount: Amount, speech: Speech) -> dict[str, object]:
    """The number of people that an amount comes to by its last values, and from when."""
    since = max(speech.pack.parameters[name].values[-1][0] for name in amount.names)
    return {"number": amount.at(speech.pack.parameters, since), "day": speech.day(since)}


def _strata(selection: Selection, speech: Speech) -> str:
    _ = speech.translations.gettext
    if not selection.strata:
        return _("One draw for everybody together")
    words = {
        "birth-year": _("year of “{fact}”"),
        "sex": _("“{fact}”"),
        "territory-1": _("first level of “{fact}”"),
        "territory-2": _("second level of “{fact}”"),
    }
    parts = [words[by].format(fact=speech.wording.label(name)) for by, name in selection.strata]
    return _("The draw is made apart within each: {parts}").format(parts="; ".join(parts))
