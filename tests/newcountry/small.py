"""An invented country small enough to be read at a glance: one Act, an agency or two, a handful of people."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.conftest import bench, muster
from tests.newcountry.sending import send, table

ART_1 = """
## art. 1: Time and record

> (1) An age is reached on the birthday, of 29 February on the 28th; months end on their last day.
> (2) The register holds what this Act needs.

```calendar
leap_day: {is: 28 February, basis: (1)}
month_end: {is: last day, basis: (1)}
age_attained: {is: on anniversary, basis: (1)}
```

```scope
registers:
  - (2): age(born) >= 17
```

```attribute born
number: 1
kind: birth
type: date
basis: (2)
label: day of birth
proof: the registry
unknown: the person is asked
answers: [registry]
```
"""


def act(name: str, rest: str) -> str:
    """The Act of a pack of that name: how time is reckoned, whom it registers, the day of birth, and the rest."""
    title = f"The {name.title()} Act (invented)"
    return f"# {title}\n\n```pack {name}\ntitle: {title}\nversion: 1\nin force: 2020-01-01 ..\n```\n{ART_1}{rest}"


class Country:
    """A fictional home under a pack of one page, and its nights."""

    def __init__(self, place: Path, pack: str, words: Mapping[str, str], sources: Mapping[str, str]) -> None:
        self.home, self.place, self.count = place / "home", place, 0
        folder = place / "pack"
        (folder / "sources").mkdir(parents=True)
        (folder / "pack.md").write_text(pack, "utf-8")
        sentences = "".join(f'{key}: "{said}"\n' for key, said in words.items())
        (folder / "words.md").write_text(f"# Words\n\n```words en\n{sentences}```\n", "utf-8")
        for name, text in sources.items():
            (folder / "sources" / f"{name}.yaml").write_text(text, "utf-8")
        made = muster("init", "--fictional", "--home", self.home, "--pack", folder)
        assert made.returncode == 0, made.stderr

    def night(
        self, day: str, sent: Mapping[str, tuple[Sequence[str], Iterable[Sequence[str]]] | list[str]]
    ) -> dict[str, tuple[str, str]]:
        """Where everybody stands after a night that takes in the whole files sent (by source: heading and rows of a
        table, or a list of JSON's lines).

        By the key in the founding register: the standing, and what is asked.
        """
        self.count += 1
        folder, files = self.place / f"sent-{self.count}", []
        for name, given in sent.items():
            lines = given if isinstance(given, list) else None
            rows = lines or list(given[1])
            file = "".join(f"{line}\n" for line in lines) if lines else table(given[0], rows)
            files.append(f"{name}.{'ndjson' if lines else 'csv'}")
            send(folder, files[-1], file.encode(), source=name, as_of=day, rows=len(rows))
        night = muster("nightly", "--home", self.home, "--deliveries", folder, "--on", day, timeout=500)
        for file in files:
            assert f"taken in  {file}" in night.stdout, night.stdout + night.stderr
        lines = csv.DictReader(io.StringIO(bench("standings", "--home", self.home).stdout))
        return {line["key"]: (line["standing"], line["needs"].split(" (")[0]) for line in lines}
