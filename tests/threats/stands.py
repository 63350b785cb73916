"""Some attacks are performed where the part that stands against them is tested; this says that they still are."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]


def performed(path: str, *names: str) -> bool:
    """Whether tests (or their cases) of these names stand in a file and check something."""
    tree = ast.parse((ROOT / path).read_text())
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    missing = [name for name in names if name not in functions]
    assert not missing, f"{path} no longer performs {missing}"
    for name in names:
        checks = [n for n in ast.walk(functions[name]) if isinstance(n, ast.Assert | ast.With | ast.Call)]
        assert checks, f"{name} in {path} checks nothing"
    return True
