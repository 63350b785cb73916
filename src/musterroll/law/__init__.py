"""The law as data: language, packs, evaluation in three truth values, standings, explanation. Plain library."""
