"""A linkage model: the figures behind the match weights, a reviewed and versioned JSON file.

1. The file holds, for each comparison and level, how often it occurs among pairs of one person (m) and of two (u), and
   the groups of forms of one given name, and the words that stand for a missing name. Conditions are in
   `linkage_levels`: a model brings figures, never code.
2. The prior is not a figure of the file: it is rescaled to the number of founding records of the run, because a model
   of one town used on a country would otherwise find too much (intake 2).
3. Only listed models are used: `models/reviews.json` names each by number and digest, with who reviewed it, when, what
   it was trained on and what it was measured at. A file that is not named there, or was altered, is refused. The list
   may name no reviewer (a model of invented people): that is enough for invented people only (`reviewers`).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from musterroll.engine.linkage_levels import DIFFERS, LEVEL_SETS, PAIRS_TO_SCORE
from musterroll.errors import MusterRollError

BUILT_IN = Path(__file__).parent / "models" / "model-1.json"
REVIEWS = Path(__file__).parent / "models" / "reviews.json"


@dataclass(frozen=True, slots=True)
class Model:
    """`figures` gives (m, u) by (comparison, level). `coverage` is the share of records whose person is founded."""

    number: int
    trained_on: str
    coverage: float
    figures: Mapping[tuple[str, str], tuple[float, float]]
    forms: tuple[tuple[str, ...], ...]
    not_names: frozenset[str]

    def __post_init__(self) -> None:
        wanted = {
            (comparison.name, level)
            for comparison in LEVEL_SETS
            for level in [*(one.name for one in comparison.levels), DIFFERS]
        }
        if set(self.figures) != wanted:
            raise ValueError(f"figures missing or too many: {sorted(wanted ^ set(self.figures))}")
        if not all(0 < value < 1 for pair in self.figures.values() for value in pair) or not 0 < self.coverage <= 1:
            raise ValueError("every figure is a share between 0 and 1")

    @property
    def digest(self) -> str:
        """The SHA-256 of the model file's text, by which a run names the model it went by."""
        return hashlib.sha256(self.encode().encode()).hexdigest()

    @property
    def form_groups(self) -> dict[str, list[int]]:
        """For each given name the numbers of the groups of forms that hold it."""
        found: dict[str, list[int]] = {}
        for number, names in enumerate(self.forms):
            for name in names:
                found.setdefault(name, []).append(number)
        return found

    def settings(self, founders: int) -> dict[str, Any]:
        """Splink's settings for a run with that many founding records."""
        return {
            "link_type": "dedupe_only",
            "unique_id_column_name": "row",
            "probability_two_random_records_match": min(self.coverage / max(founders, 1), 0.5),
            "retain_intermediate_calculation_columns": False,
            "retain_matching_columns": False,
            "blocking_rules_to_generate_predictions": [{"blocking_rule": rule} for rule in PAIRS_TO_SCORE],
            "comparisons": settings_of(self.figures),
        }

    def encode(self) -> str:
        """The model file's text. Inverse of `decode`."""
        comparisons = [
            {
                "comparison": comparison.name,
                "levels": [
                    {
                        "level": level,
                        "m": self.figures[comparison.name, level][0],
                        "u": self.figures[comparison.name, level][1],
                    }
                    for level in [*(one.name for one in comparison.levels), DIFFERS]
                ],
            }
            for comparison in LEVEL_SETS
        ]
        written = {
            "v": 1,
            "model": self.number,
            "trained_on": self.trained_on,
            "coverage": self.coverage,
            "comparisons": comparisons,
        }
        words = {"forms": [" ".join(names) for names in self.forms], "not_names": sorted(self.not_names)}
        return json.dumps(written | words, indent=1, ensure_ascii=False) + "\n"


def decode(text: str, *, where: str = "model file") -> Model:
    """The model written in `text`. Raises MusterRollError `model.malformed`."""
    try:
        read = json.loads(text)
        if read["v"] != 1:
            raise ValueError("another version of the format")
        figures = {
            (comparison["comparison"], level["level"]): (float(level["m"]), float(level["u"]))
            for comparison in read["comparisons"]
            for level in comparison["levels"]
        }
        return Model(
            int(read["model"]),
            str(read["trained_on"]),
            float(read["coverage"]),
            figures,
            tuple(tuple(str(names).split()) for names in read["forms"]),
            frozenset(str(word) for word in read["not_names"]),
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise MusterRollError(
            "model.malformed",
            f"This linkage model cannot be used: {problem}.",
            where=where,
            remedy="Take the model file again from its review, or train it anew (docs/flow/linkage.md).",
        ) from None


def load(path: Path = BUILT_IN, *, reviewers: int = 0) -> Model:
    """The listed model in the file `path`, reviewed by that many people at least.

    Raises MusterRollError `model.unreadable`, `model.malformed` or `model.not-reviewed`.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise MusterRollError(
            "model.unreadable",
            f"The linkage model cannot be read: {problem.strerror}.",
            where=str(path),
            remedy="Name a model file that exists.",
            exit_code=2,
        ) from None
    model = decode(text, where=str(path))
    by = reviewed().get((model.number, model.digest), -1)
    if 0 <= by < reviewers:
        raise MusterRollError(
            "model.not-reviewed",
            f"Model {model.number} was reviewed by {by} people; {reviewers} are needed before it links real people.",
            where=f"linkage model {model.number}",
            remedy="Nobody is linked until then. Have it reviewed, or train one of your own and have that reviewed "
            "(docs/flow/linkage.md, A new model).",
            exit_code=2,
        )
    if by < reviewers:
        raise MusterRollError(
            "model.not-reviewed",
            f"No review by {reviewers} or more people names model {model.number} with the figures in this file.",
            where=str(path),
            remedy="Take the file as it was reviewed; or have the new one reviewed, under a number of its own "
            "(docs/flow/linkage.md, A new model).",
            exit_code=2,
        )
    return model


def reviewed(path: Path = REVIEWS) -> dict[tuple[int, str], int]:
    """How many people reviewed each listed model, by number and digest."""
    lines = json.loads(path.read_text(encoding="utf-8"))["reviews"]
    return {(int(line["model"]), str(line["digest"])): len(set(line["reviewed_by"])) for line in lines}


def settings_of(
    figures: Mapping[tuple[str, str], tuple[float, float]], fixed: frozenset[tuple[str, str]] = frozenset()
) -> list[dict[str, Any]]:
    """Splink's comparisons with the figures known so far; the m of those in `fixed` is not trained."""
    found = []
    for comparison in LEVEL_SETS:
        levels: list[dict[str, Any]] = [
            {"sql_condition": comparison.silent, "label_for_charts": "silent", "is_null_level": True}
        ]
        for name, sql, rarity in [
            *((one.name, one.sql, one.rarity) for one in comparison.levels),
            (DIFFERS, "ELSE", ""),
        ]:
            level: dict[str, Any] = {"sql_condition": sql, "label_for_charts": name}
            if (comparison.name, name) in figures:
                level["m_probability"], level["u_probability"] = figures[comparison.name, name]
            if (comparison.name, name) in fixed:
                level["fix_m_probability"] = True
            if rarity:
                level |= {"tf_adjustment_column": rarity, "tf_adjustment_weight": 1.0}
            levels.append(level)
        found.append({"output_column_name": comparison.name, "comparison_levels": levels})
    return found
