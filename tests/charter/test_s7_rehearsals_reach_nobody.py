"""S7: what decides, links and draws can run where no channel exists; nothing in it can reach anybody."""

import subprocess
import sys

PROGRAM = """
import importlib, pkgutil, sys

WAYS_OUT = ("smtplib", "musterroll.register", "musterroll.portal", "musterroll.demo")


class Rehearsal:
    def find_spec(self, name, path=None, target=None):
        if name.startswith(WAYS_OUT):
            raise ImportError(f"{name} is a way out")


sys.meta_path.insert(0, Rehearsal())
count = 0
for stage in ("extract", "linkage", "fact", "law", "draw", "notice", "claim", "engine"):
    package = importlib.import_module(f"musterroll.{stage}")
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
        count += 1
assert not [name for name in sys.modules if name.startswith(WAYS_OUT)]
print(count)
"""


def test_a_whole_night_can_be_rehearsed_without_a_channel_being_importable():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 60


def test_the_engine_takes_no_argument_by_which_it_could_be_given_a_channel():
    source = "from musterroll.engine import night; print(sorted(night.Terms.__dataclass_fields__))"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True, timeout=60)
    fields = eval(done.stdout)
    assert "channel" not in " ".join(fields)
    # What judgements, answers, recalls and erasures change in a roll is numbers and days; nothing of it can send.
    assert fields == [
        "aliases",
        "buckets",
        "declared",
        "earlier",
        "erased",
        "everybody",
        "founded",
        "further",
        "highest_erased",
        "human",
        "known",
        "model",
        "on",
        "outspoken",
        "pack",
        "recalled",
        "recalled_models",
        "restruck",
        "secrets",
        "sources",
        "struck",
        "through",
    ]
