"""The law as data: language, packs, evaluation in three truth values, standings and their explanation. Plain library."""
