"""Every sentence of the pages, for translators: `python -m musterroll.portal.catalog > locale/portal.pot`.

With `law_page` behind it: those of the page on which a lawyer reviews a pack (engine/law_page/locale/law_page.pot).

Templates are read by Jinja's own extractor and modules by their syntax tree, so no tool has to be installed. A sentence
with a number comes as a pair, singular and plural.
"""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment

_HERE = Path(__file__).parent
_PACKAGE = _HERE.parent
LAW_PAGE = (_PACKAGE / "engine" / "law_page", _PACKAGE / "law" / "plain.py")
_CALLS = {"_": 1, "gettext": 1, "ngettext": 2}

type Message = tuple[str, str]
"""Singular and plural; the plural is empty for a sentence without a number."""


def messages(*places: Path) -> dict[Message, list[str]]:
    """Each sentence of some folders or modules (the portal's own) with the files in which it stands, in their order."""
    found: dict[Message, list[str]] = {}
    for place in places or (_HERE,):
        files = [place] if place.is_file() else sorted([*place.rglob("*.html"), *place.rglob("*.py")])
        for file in files:
            name = file.name if place.is_file() else file.relative_to(place).as_posix()
            if name.startswith("assets/"):
                continue
            text = file.read_text(encoding="utf-8")
            for message in _of_template(text) if file.suffix == ".html" else _of_module(text):
                named = found.setdefault(message, [])
                if name not in named:
                    named.append(name)
    return found


def template(found: dict[Message, list[str]]) -> str:
    """The catalog template (gettext PO syntax) of `found`."""
    lines = ['msgid ""', 'msgstr ""', '"Content-Type: text/plain; charset=UTF-8\\n"', ""]
    for (singular, plural), places in found.items():
        lines.append(f"#: {' '.join(places)}")
        if "%(" in singular:
            lines.append("#, python-format")
        lines.append(f"msgid {_quoted(singular)}")
        if plural:
            lines += [f"msgid_plural {_quoted(plural)}", 'msgstr[0] ""', 'msgstr[1] ""', ""]
        else:
            lines += ['msgstr ""', ""]
    return "\n".join(lines)


def _of_template(text: str) -> Iterator[Message]:
    environment = Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.i18n"])
    environment.policies["ext.i18n.trimmed"] = True
    for _line, _function, message in environment.extract_translations(text):  # type: ignore[attr-defined]
        parts = (message,) if isinstance(message, str) else tuple(part for part in message if part is not None)
        yield parts[0], parts[1] if len(parts) > 1 else ""


def _of_module(text: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
            said = [arg.value for arg in node.args[: _CALLS[node.func.id]] if isinstance(arg, ast.Constant)]
            if said:
                yield str(said[0]), str(said[1]) if len(said) > 1 else ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    sys.stdout.write(template(messages(*(LAW_PAGE if "law_page" in sys.argv[1:] else ()))))
