"""What a pack says of its law beside other laws: one sentence a topic, cited (docs/law/README.md).

    ```compare
    - art. 4 (1): {who: citizens_of_18}
    - law silent: {appeal: none}
    ```

1. The comparison of laws derives what it can from the rules, the calendar, the selection and the proceedings. A line of
   this block says the rest: of one of the topics below, in the sentence `compare.WORD` of each language.
2. Like everything in a pack a line cites its paragraph, or says that the law is silent. Nothing is decided by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from musterroll.law.article import Block
from musterroll.law.declare import Citations, is_word

TOPICS = ("who", "age", "without_application", "on_application", "decides", "selection", "notice", "stay", "appeal")
SILENT = "law silent"
_FORM = f"Write `- (P): {{TOPIC: word}}`, where TOPIC is one of: {', '.join(TOPICS)}."


@dataclass(frozen=True, slots=True)
class Remark:
    """One line: the paragraph it rests on (or `law silent`), its topic, and the word of its sentence."""

    cite: str
    topic: str
    word: str

    @property
    def key(self) -> str:
        """The key of its sentence."""
        return f"compare.{self.word}"


def remarks(block: Block, citations: Citations) -> Iterator[Remark]:
    """The lines of one block. Raises `law.uncited` for a line without its paragraph, `law.block` for no topic."""
    lines = block.content if isinstance(block.content, list) else []
    if not lines:
        raise block.wrong("law.block", "it has no lines.", _FORM)
    for index, line in enumerate(lines):
        ((key, said),) = line.items() if isinstance(line, dict) and len(line) == 1 else (("", ""),)
        if not isinstance(said, dict):
            raise block.wrong("law.uncited", "a line cites nothing.", _FORM, index)
        ((topic, word),) = said.items() if len(said) == 1 else (("", ""),)
        if topic not in TOPICS or not isinstance(word, str) or not is_word(word):
            raise block.wrong("law.block", "a line names no topic and one word.", _FORM, index)
        cite = SILENT if key == SILENT else " ".join(citations.resolve(key, block, index)).strip()
        if key == SILENT or citations.counts(key):
            yield Remark(cite, topic, word)
