"""The template environment: GOV.UK Frontend's macros, translation, and how days, digests and values are written.

1. Every sentence passes gettext whole (`{% trans %}` or `_()`), so that another language may order it as it must.
2. Values that people or agencies wrote stand in `<bdi>`: a name in another script does not disturb its sentence.
3. A name or member that does not exist is an error: a page never shows a hole. Only the options of upstream's macros,
   which are plain mappings, may be left out.
"""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils import dateformat, formats
from django.utils.translation import gettext, ngettext
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined, Undefined
from jinja2.exceptions import UndefinedError
from jinja2.utils import Namespace, missing
from markupsafe import Markup, escape

from musterroll import dates
from musterroll.portal import words

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RANGE = re.compile(r"([0-9-]{10}|before any date|never|none) to ([0-9-]{10}|before any date|never|none)")
_STATIC = Path(__file__).parent / "static" / "portal"


class Hole(Undefined):
    """Undefined that upstream's macros may ask about; for everything else it is strict."""

    __slots__ = ()

    def __new__(cls, hint: Any = None, obj: Any = missing, name: Any = None, exc: Any = UndefinedError) -> Any:
        option = isinstance(obj, dict | Namespace | Undefined | str)
        if option or (obj is missing and name in {"undefined", "null", "caller"}):
            return super().__new__(cls)
        return StrictUndefined(hint, obj, name, exc)


def environment(**options: Any) -> Environment:
    """The one environment; Django's Jinja2 backend calls it with the loader of our own templates."""
    own = options["loader"]
    upstream = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    env = Environment(
        autoescape=True,
        extensions=["jinja2.ext.do", "jinja2.ext.i18n"],
        loader=ChoiceLoader([own, upstream]),
        undefined=Hole,
        auto_reload=options["auto_reload"],
    )
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        url=_url,
        asset=asset,
        day=day,
        instant=instant,
        bdi=bdi,
        grouped=grouped,
        held_value=held_value,
        sentence=sentence,
        words=words,
    )
    return env


def _url(name: str, /, **parts: Any) -> str:
    return reverse(name, kwargs=parts)


@cache
def asset(name: str) -> str:
    """The address of one file under static/portal, with the start of its digest so that browsers may keep it."""
    digest = hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/portal/{name}?{digest}"


def bdi(value: object) -> Markup:
    """`value` isolated from the direction of the sentence around it."""
    return Markup("<bdi>{}</bdi>").format(value)


def day(text: str) -> str:
    """`2021-03-31` as `31 March 2021` in the page's language; `never` and empty texts in words."""
    if not text:
        return gettext("not known")
    if text == "never":
        return gettext("never")
    return dateformat.format(dates.date_of(dates.parse_day(text[:10], where="a date on a page")), "j F Y")


def instant(text: str) -> Markup:
    """`2026-09-21T14:13:39Z` as a `<time>` with day, hour and minute, and UTC said."""
    if not text:
        return escape(gettext("not yet"))
    words = gettext("%(day)s at %(clock)s UTC") % {"day": day(text), "clock": text[11:16]}
    return Markup('<time datetime="{}">{}</time>').format(text, words)


def grouped(number: int) -> str:
    """`12345` with its thousands kept apart as the page's language writes them."""
    return formats.number_format(number, force_grouping=True)


def held_value(text: str) -> Markup:
    """A value as the register writes it (`yes`, `never`, a day, `A to B`, an agency's own word), for a reader."""
    plain = {"": gettext("not known"), "yes": gettext("yes"), "no": gettext("no")}
    plain |= {"never": gettext("none"), "none": gettext("none")}
    if text in plain:
        return escape(plain[text])
    if _DAY.fullmatch(text):
        return escape(day(text))
    if found := _RANGE.fullmatch(text):
        return escape(_range(*found.groups()))
    return bdi(text)


def _range(first: str, last: str) -> str:
    """A date that is known only to lie between two ends; `never` and `before any date` say that it may not exist."""
    if _DAY.fullmatch(first) and _DAY.fullmatch(last):
        return gettext("between %(first)s and %(last)s") % {"first": day(first), "last": day(last)}
    if _DAY.fullmatch(first):
        return gettext("%(first)s or later, or never") % {"first": day(first)}
    if _DAY.fullmatch(last):
        return gettext("%(last)s or earlier, or none") % {"last": day(last)}
    return gettext("not known")


def sentence(label: str) -> str:
    """A label of the pack as the beginning of a line: its first letter large where the script has such letters."""
    return label[:1].upper() + label[1:]
