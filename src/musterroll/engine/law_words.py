"""The columns of a standing in bulk: masks of more than 62 rules or facts go on in further words.

1. Word w holds bits 62w to 62w + 61, as int64; the first has no suffix, word 1 is `true_1`, `unknown_1` ...
2. All questions of a pack have the same columns, so that their frames can be put under one another.
3. `possible` has a bit a class (at most 62), `true` and `unknown` a bit a rule, `needs` a bit an attribute.
"""

from dataclasses import dataclass

import polars as pl

from musterroll.law.pack import Pack

UNDETERMINED = 255
"""The class of somebody whose standing is undetermined."""

WORD = 62
"""Bits in a word."""


@dataclass(frozen=True, slots=True)
class Words:
    """How many words the masks of one pack need."""

    number: int

    @property
    def suffixes(self) -> tuple[str, ...]:
        """What the columns of each word end with."""
        return tuple(f"_{word}" if word else "" for word in range(self.number))

    @property
    def masks(self) -> tuple[str, ...]:
        """The mask columns, in order."""
        return tuple(f"{name}{suffix}" for name in ("true", "unknown", "needs") for suffix in self.suffixes)

    @property
    def schema(self) -> dict[str, type[pl.DataType]]:
        """Names and types of all columns, in order."""
        return {
            "person": pl.Int64,
            "question": pl.UInt8,
            "class": pl.UInt8,
            "possible": pl.Int64,
            **dict.fromkeys(self.masks, pl.Int64),
            "next_change": pl.Int32,
        }

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(self.schema)


def words_of(pack: Pack) -> Words:
    """The words that the largest question of a pack, or its attributes, need."""
    bits = max(len(pack.attributes), *(len(question.rules) for question in pack.questions.values()))
    return Words(max(1, -(-bits // WORD)))
