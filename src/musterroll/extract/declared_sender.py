"""Who sends, under which article, and how the file is written: the members of a declaration about the source itself.

What may not be declared at all is told with its own code: another kind of source, another purpose, no legal basis.
"""

import base64
import binascii
import codecs

from musterroll import dates
from musterroll.extract.given import Given
from musterroll.extract.reading import Reader
from musterroll.extract.schema import Delta, Dialect, Format, SigningKey, SourceKind

DIALECT = ("delimiter", "quoteChar", "header", "skipRows", "commentChar", "sheet")
ENCODINGS = frozenset(
    [
        *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "koi8-r", "koi8-u"),
        *(f"iso-8859-{part}" for part in range(1, 17) if part != 12),
        *(f"windows-{page}" for page in range(1250, 1259)),
        *(f"cp{page}" for page in (437, 737, 775, 850, 852, 855, 857, 858, *range(860, 867), 869, 874)),
        *("mac-roman", "mac-cyrillic", "mac-greek", "mac-latin2", "mac-turkish", "kz1048", "ptcp154", "tis-620"),
        *("shift_jis", "cp932", "euc-jp", "gb18030", "gbk", "big5", "cp950", "euc-kr", "cp949"),
    ]
)
"""The encodings a declaration may name: those that give every byte one meaning, as Python's codecs know them."""


def named(reader: Reader, at: Given | None) -> str:
    """The short name after which files and tables are named."""
    name = reader.text(at)
    if at is not None and not (name.replace("_", "a").replace("-", "a").isalnum() and name.isascii()):
        reader.wrong(at, "is a short name of letters, digits, - and _: files and tables are named after it")
    return name


def agency(reader: Reader, at: Given | None) -> str:
    """The agency, as people know it."""
    name = reader.text(at)
    if at is not None and not name.strip():
        reader.wrong(at, "is the name of the agency, as people know it")
    return name


def kind(reader: Reader, at: Given | None) -> SourceKind:
    """One of the closed kinds of source (charter X5)."""
    text = reader.text(at, SourceKind.REGISTER.value)
    try:
        return SourceKind(text)
    except ValueError:
        assert at is not None
        what = (
            f"`{text}` is not a kind of source that may send." if text else "It is not said what kind of source sends."
        )
        remedy = (
            "Do not declare this source. No setting, pack or plug-in adds a kind (charter, X5)."
            if text
            else "Write the kind as the list has it."
        )
        kinds = "; ".join(each.value for each in SourceKind)
        reader.tell("source.kind", f"{what} The list is closed: {kinds}.", remedy, at)
        return SourceKind.REGISTER


def purpose(reader: Reader, at: Given | None) -> str:
    """`administration`: what was collected for other ends may not decide about a person."""
    purpose = reader.text(at)
    if at is not None and purpose.strip().casefold() != "administration":
        reader.tell(
            "source.purpose",
            "A source serves `purpose: administration`; what was collected for statistics, research or other ends "
            "may not decide about a person.",
            "Do not declare this source. Ask the agency that keeps the administrative register.",
            at,
        )
    return purpose


def legal_basis(reader: Reader, at: Given | None) -> str:
    """The article that lets the agency send it."""
    basis = reader.text(at)
    if at is not None and not basis.strip():
        reader.tell(
            "source.no-basis",
            "No article lets the agency send this file.",
            "Name the article under `legal_basis`, or do not declare the source.",
            at,
        )
    return basis


def encoding(reader: Reader, at: Given | None) -> str:
    """How the file is written; one of `ENCODINGS`."""
    text = reader.text(at, "utf-8").lower()
    if text not in ENCODINGS:
        assert at is not None
        reader.wrong(at, f"is one of {', '.join(sorted(ENCODINGS))}")
        return "utf-8"
    assert codecs.lookup(text)
    return text


def dialect(reader: Reader, at: Given | None, form: Format) -> Dialect:
    """How a table is laid out, in a text file or a workbook."""
    if at is None:
        return Dialect()
    parts = reader.members(at, DIALECT)
    plain = Dialect()
    delimiter = reader.text(parts.get("delimiter"), plain.delimiter)
    if delimiter not in (",", ";", "\t", "|", "\\t", "tab"):
        reader.wrong(parts["delimiter"], "is one of , ; | or tab")
    quote = reader.text(parts.get("quoteChar"), plain.quote)
    if quote not in ('"', "'", ""):
        reader.wrong(parts["quoteChar"], "is \" or ', or empty where nothing is quoted")
    comment = reader.text(parts.get("commentChar"), plain.comment)
    if "sheet" in parts and form is not Format.XLSX:
        told = f"is a workbook's, and the files are {form.value}: write `format: xlsx`, or strike it"
        reader.wrong(parts["sheet"], told)
    if len(comment) > 1 or comment == delimiter or (comment and comment == quote) or comment.isalnum():
        reader.wrong(parts["commentChar"], "is one sign that begins no row of data")
    return Dialect(
        delimiter="\t" if delimiter in ("\\t", "tab") else delimiter,
        quote=quote,
        header=reader.answer(parts.get("header"), default=True),
        skip_rows=reader.number(parts.get("skipRows")),
        comment=comment,
        sheet=reader.text(parts.get("sheet")),
    )


def delta(reader: Reader, at: Given | None, identity: Given | None) -> Delta | None:
    """How changes say what to do with an entry; None for an agency that sends whole registers only."""
    if at is None or at.value in ("no", "false"):
        return None
    if identity is not None:
        reader.wrong(at, "needs keys: an agency whose entries have none sends its whole register each time")
    if at.value in ("yes", "true"):
        return Delta()
    parts = reader.members(at, ("column", "put", "drop"), ("column", "put", "drop"))
    put, drop = reader.texts(parts.get("put")), reader.texts(parts.get("drop"))
    both = sorted(set(put) & set(drop))
    if both:
        reader.wrong(parts["drop"], f"and put both hold `{both[0]}`")
    return Delta(reader.text(parts.get("column")), put, drop)


def signing_key(reader: Reader, at: Given) -> SigningKey:
    """One public key, with the days on which it signs."""
    parts = reader.members(at, ("id", "ed25519", "from", "until"), ("id", "ed25519"))
    public = b""
    if "ed25519" in parts:
        text = reader.text(parts["ed25519"]).strip()
        try:
            public = bytes.fromhex(text) if len(text) == 64 else base64.b64decode(text, validate=True)
        except (ValueError, binascii.Error):
            public = b""
        if len(public) != 32:
            reader.wrong(parts["ed25519"], "is a public Ed25519 key: 32 bytes in base64, or 64 digits 0-9a-f")
    return SigningKey(
        reader.text(parts.get("id")),
        public,
        reader.day(parts.get("from"), dates.FIRST_DAY),
        reader.day(parts.get("until"), dates.NEVER),
    )
