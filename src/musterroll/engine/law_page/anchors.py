"""Where a citation stands on a page about a law: the anchor of its paragraph, its interpretation, or its article."""

import re
from collections.abc import Iterator

from musterroll.law.model import BEGINS, Article
from musterroll.law.pack import Pack

_DOUBT = "interpretation "


class Anchors:
    """The anchors of one pack's articles and paragraphs; with `prefix` before each, where a page holds several laws."""

    def __init__(self, pack: Pack, prefix: str = "") -> None:
        self._pack = pack
        self._prefix = prefix
        self.articles = {cite: f"{prefix}article-{number}" for number, cite in enumerate(pack.articles, 1)}

    def of(self, cite: str) -> str:
        """The anchor of a citation in full; empty where it stands nowhere."""
        if cite.startswith(_DOUBT):
            named = [name for name in self._pack.readings if f"{cite} ".startswith(f"{_DOUBT}{name} ")]
            return f"{self._prefix}interpretation-{anchored(max(named, key=len))}" if named else ""
        article, at = self._found(cite)
        if article is None:
            return ""
        return self.articles[article.cite] if at is None else f"{self.articles[article.cite]}-{at}"

    def words(self, cite: str) -> str:
        """The words of a citation: of a paragraph, an article, or the doubtful place and how it is read."""
        if cite.startswith(_DOUBT):
            name, _, reading = cite.removeprefix(_DOUBT).rpartition(" ")
            readings = self._pack.readings
            return readings[name].readings[reading] if name in readings else readings[cite.removeprefix(_DOUBT)].text
        article, at = self._found(cite)
        assert article is not None
        return " ".join(article.text) if at is None else dict(self.paragraphs(article))[f"{self.of(cite)}"]

    def paragraphs(self, article: Article) -> Iterator[tuple[str, str]]:
        """Each paragraph of an article: its anchor and its words."""
        starts = [at for at, line in enumerate(article.text) if at == 0 or BEGINS.match(line)]
        for at, end in zip(starts, [*starts[1:], len(article.text)], strict=False):
            yield f"{self.articles[article.cite]}-{at}", " ".join(article.text[at:end])

    def _found(self, cite: str) -> tuple[Article | None, int | None]:
        """The article of a citation, and the line on which its paragraph begins (None: the whole article)."""
        for name in sorted(self.articles, key=len, reverse=True):
            if cite == name or cite.startswith(f"{name} "):
                article = self._pack.articles[name]
                at = article.place_of(cite.removeprefix(name).strip()) if cite != name else None
                return article, None if at is None else _start(article, at)
        return None, None


def anchored(name: str) -> str:
    """A name as it can stand in an anchor."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name)


def _start(article: Article, at: int) -> int:
    """The line on which the paragraph of a line begins."""
    return max(line for line in range(at + 1) if line == 0 or BEGINS.match(article.text[line]))
