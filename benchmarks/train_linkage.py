"""Train the linkage model again on the sample population: `python -m benchmarks.train_linkage OUT.json [NUMBER]`.

The forms of given names and the words that are no names are taken over from the built-in model: people wrote them. A
new model is reviewed, gets the next number and a file of its own; old files stay, because links name their model.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.linkage import records

from musterroll.engine.linkage_model import load
from musterroll.engine.linkage_training import train

SEED = 7
COVERAGE = 0.9
"""Nine of ten rows of the sample's agencies concern somebody in the civil register."""


def main() -> None:
    target, number = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    words = load()
    with tempfile.TemporaryDirectory() as folder:
        frame, founders, _ = records(Path(folder), 2020, 11, 1)
    model = train(
        frame,
        number=number,
        trained_on="the sample population: year 2020, seed 11, the package's own noise",
        coverage=COVERAGE,
        forms=words.forms,
        not_names=words.not_names,
        seed=SEED,
        founders=founders.height,
    )
    target.write_text(model.encode(), encoding="utf-8")
    print(f"{target}: model {model.number}")


if __name__ == "__main__":
    main()
