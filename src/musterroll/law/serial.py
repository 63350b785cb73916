"""A pack as canonical data: what is published, put under a digest, and loaded by the register and by verifiers.

1. The canonical form holds the quoted articles and every declaration as plain text, in the order of the pages, and
   nothing else: no file, no line, no case (cases test the law, they are not the law), nobody's code.
2. Pages and canonical form are read by the same builder, so both give the same pack.
3. The digest is SHA-256 of exactly these bytes.
"""

from typing import Any

from musterroll import canonical
from musterroll.errors import MusterRollError
from musterroll.law.article import Block, Pages, Value
from musterroll.law.model import Article

FORMAT = "muster-pack/1"
NOT_LAW = frozenset({"case", "person", "course"})


def encode(pages: Pages) -> bytes:
    """The canonical bytes. Inverse of `decode` (which has no cases)."""
    return canonical.encode(
        {
            "articles": [
                {"cite": article.cite, "text": list(article.text), "title": article.title} for article in pages.articles
            ],
            "blocks": [
                {"article": block.article, "content": block.content, "kind": block.kind, "name": block.name}
                for block in pages.blocks
                if block.kind not in NOT_LAW
            ],
            "format": FORMAT,
        }
    )


def decode(data: bytes) -> Pages:
    """The articles and declarations in canonical bytes. Raises `law.canonical`."""
    value = canonical.decode(data, where="law pack")
    try:
        if value["format"] != FORMAT or set(value) != {"articles", "blocks", "format"}:
            raise KeyError
        articles = tuple(
            Article(_text(one["cite"]), _text(one["title"]), tuple(_text(line) for line in one["text"]))
            for one in value["articles"]
        )
        blocks = tuple(
            Block(_text(one["kind"]), _text(one["name"]), _text(one["article"]), _content(one["content"]))
            for one in value["blocks"]
        )
    except (KeyError, TypeError):
        raise MusterRollError(
            "law.canonical",
            "These bytes are not a published law pack.",
            where="law pack",
            remedy=f"Take the published file again; its format is {FORMAT}.",
        ) from None
    pages = Pages(articles, blocks)
    if encode(pages) != data:
        raise MusterRollError(
            "law.canonical",
            "The pack is not in its one canonical form.",
            where="law pack",
            remedy="Take the published file again.",
        )
    return pages


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _content(value: Any) -> Value:
    match value:
        case str():
            return value
        case list():
            return [_content(item) for item in value]
        case dict():
            return {name: _content(item) for name, item in value.items()}
        case _:
            raise TypeError
