"""The verifier that runs in a browser, asked without one: the script inside the committed verify.html, in Node.

Users need no Node. Where it is missing the tests that use this are skipped, and say so.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from musterroll import verify

FOLDER = Path(verify.__file__).parent
PAGE = FOLDER / "verify.html"
SOURCES = FOLDER / "page"
RUN = SOURCES / "run.mjs"


def node() -> str:
    """Node's path; a test that asks for it is skipped where there is none."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("NODE IS MISSING: THE SECOND VERIFIER WAS NOT TRIED. Install it (Debian: apt-get install nodejs).")
    return found


def asked(script: str, value: object = None) -> Any:
    """What `script`, a function body that returns, makes of `value`; `page` is what the built page offers."""
    body = f"""
      import {{ offered }} from {json.dumps(RUN.as_uri())};
      const page = offered();
      const chunks = [];
      for await (const chunk of process.stdin) chunks.push(chunk);
      const value = JSON.parse(Buffer.concat(chunks).toString());
      const unhex = (text) => Uint8Array.from(Buffer.from(text, "hex"));
      const hex = (bytes) => Buffer.from(bytes).toString("hex");
      const answer = await (async () => {{ {script} }})();
      process.stdout.write(JSON.stringify(answer));
    """
    done = subprocess.run(
        [node(), "--input-type=module", "-e", body],
        input=json.dumps(value).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@dataclass(frozen=True)
class Shown:
    """What the page said of a folder."""

    code: int
    text: str


class Verifier:
    """One Node for many folders."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def look(
        self, folder: Path, *, policy: Path | None = None, receipt: Path | None = None, alone: bool = False
    ) -> Shown:
        """As `muster_verify.py FOLDER`; without `policy` the one beside `published` is taken, as there."""
        paths = {"folder": folder, "policy": policy, "receipt": receipt}
        question = {name: None if path is None else str(path) for name, path in paths.items()} | {"alone": alone}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the page's script ended"
        shown = json.loads(answer)
        return Shown(shown["status"], shown["text"])


@contextmanager
def verifier() -> Iterator[Verifier]:
    """A verifier that answers until the block ends."""
    command = [node(), str(RUN), "--serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Verifier(process)
        assert process.stdin is not None
        process.stdin.close()
