"""The stages run from the base install: every module of theirs imports where nothing else can be imported.

Only the proofs about packs need more (the solver); whoever loads a pack and decides by it needs no proofs.
"""

import subprocess
import sys

STAGES = ["extract", "linkage", "fact", "law", "draw", "notice", "claim", "entry", "ledger"]

PROGRAM = """
import importlib, pkgutil, sys

ALLOWED = {"musterroll", "cryptography", "yaml", "_yaml", "_cffi_backend", "cffi"}


class Bare:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in ALLOWED and top not in sys.stdlib_module_names:
            raise ImportError(f"{top} is not in the base install")


sys.meta_path.insert(0, Bare())
count = 0
for stage in sys.argv[1:]:
    package = importlib.import_module(f"musterroll.{stage}")
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if module.name.startswith("musterroll.law.prove"):
            continue
        importlib.import_module(module.name)
        count += 1
for top in ("django", "polars", "duckdb", "numpy", "z3"):
    assert top not in sys.modules
print(count)
"""


def test_every_stage_imports_from_the_base_install_alone():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *STAGES], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20
