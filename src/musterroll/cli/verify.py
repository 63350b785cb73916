"""`muster verify`: runs the outsider's verifier as it is, in a Python that sees nothing of this package."""

import subprocess
import sys
from pathlib import Path

import click

VERIFIER = Path(__file__).parents[1] / "verify" / "muster_verify.py"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--policy", type=click.Path(path_type=Path), help="Log key, witnesses and quorum to trust.")
@click.option("--receipt", type=click.Path(path_type=Path), help="A person's own receipt, to be found in the draw.")
def verify(folder: Path, policy: Path | None, receipt: Path | None) -> int:
    """Check what is published in FOLDER, trusting nobody here.

    Ends with 0 when all holds, 1 when something is wrong, 2 when it could not look, 3 when the order is correct but
    its time is not shown. The policy is taken from --policy, else from trust/policy.txt beside FOLDER, never inside.
    """
    options = [
        word for name, value in (("--policy", policy), ("--receipt", receipt)) if value for word in (name, value)
    ]
    return subprocess.run([sys.executable, "-I", VERIFIER, folder, *options], check=False).returncode
