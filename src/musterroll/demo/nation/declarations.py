"""How the agencies' files are written, and the declarations that say how to read them.

A nation can be written in one form throughout (`parquet`, `csv`, `ndjson`), or each agency in its `own`: other formats,
encodings and separators, as agencies do. The declaration's line `form: own` is replaced by what was chosen.
"""

from dataclasses import dataclass
from pathlib import Path

from musterroll.extract.manifest import Manifest

HERE = Path(__file__).parent
PACK = HERE / "pack"
CHANGE = "change"
"""The column of a day's changes that says what to do with the row."""
SENDER = "A nation that does not exist"


@dataclass(frozen=True, slots=True)
class Form:
    """How one file is written: its format, encoding and, for CSV, what stands between the cells."""

    format: str
    encoding: str = "utf-8"
    delimiter: str = ","

    @property
    def ending(self) -> str:
        """The end of the file's name."""
        return self.format

    @property
    def options(self) -> str:
        """What DuckDB's COPY is told."""
        if self.format == "parquet":
            return "FORMAT parquet, COMPRESSION zstd"
        if self.format == "ndjson":
            return "FORMAT json"
        return f"FORMAT csv, HEADER, DELIMITER '{self.delimiter}', QUOTE '\"', NULLSTR ''"

    @property
    def declared(self) -> str:
        """The lines of a declaration."""
        lines = [f"format: {self.format}"]
        if self.format == "csv":
            lines += [f"encoding: {self.encoding}", f'dialect: {{delimiter: "{self.delimiter}"}}']
        return "\n".join(lines)


OWN = {
    "civil": Form("csv"),
    "residence": Form("parquet"),
    "education": Form("ndjson"),
    "service": Form("csv", "iso-8859-1", "|"),
    "benefit": Form("csv", "windows-1257", ";"),
    "findings": Form("csv", "utf-8", ";"),
    "tax": Form("parquet"),
    "courts": Form("ndjson"),
}


def form_of(agency: str, form: str) -> Form:
    """The form of an agency's file where the nation is written in `form`."""
    return OWN[agency] if form == "own" else Form(form)


def declaration(agency: str, form: Form) -> str:
    """The agency's declaration in YAML."""
    return (HERE / "sources" / f"{agency}.yaml").read_text(encoding="utf-8").replace("form: own", form.declared, 1)


def manifest(agency: str, form: Form, file: str, digest: str, day: int, base: str, rows: int) -> bytes:
    """The manifest of a file: whole where there is no `base`."""
    return Manifest(
        source=agency,
        sender=SENDER,
        as_of=day,
        rows=rows,
        sha256=digest,
        full=not base,
        demonstration=True,
        file=file,
        format=form.format,
        base=base,
    ).encode()
