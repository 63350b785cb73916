"""The published folder, read-only, byte for byte: what a verifier downloads.

1. Only plain files below HOME/published are given; links, folders and names that climb out are not found.
2. Nothing is ever shown inside the page: a file is a download.
3. The archive holds the same files under `published/`, in order of name and without dates: the same bytes for the same
   folder.
"""

import tempfile
import zipfile
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from musterroll.register import home


@require_safe
def published(_request: HttpRequest, name: str) -> HttpResponseBase:
    """The published file `name` (a path relative to HOME/published)."""
    root = _root()
    file = root / name
    if not _is_published(root, file):
        raise Http404("no such published file")
    return FileResponse(
        file.open("rb"), as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """How to take a copy of all that is published, and how large it is."""
    sizes = [file.stat().st_size for file in _plain_files(_root())]
    return render(request, "portal/public/everything.html", {"number": len(sizes), "bytes": sum(sizes)})


@require_safe
def archive(_request: HttpRequest) -> HttpResponseBase:
    """All published files in one ZIP archive."""
    root = _root()
    kept = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it when it has been sent
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in _plain_files(root):
            member = zipfile.ZipInfo(f"published/{file.relative_to(root).as_posix()}")
            member.external_attr = 0o644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(member, file.read_bytes())
    kept.seek(0)
    return FileResponse(kept, as_attachment=True, filename="published.zip", content_type="application/zip")


def _root() -> Path:
    return (home.current().path / "published").resolve()


def _plain_files(root: Path) -> list[Path]:
    return sorted(file for file in root.rglob("*") if file.is_file() and not file.is_symlink())


def _is_published(root: Path, file: Path) -> bool:
    try:
        return file.resolve(strict=True).is_relative_to(root) and file.is_file() and not file.is_symlink()
    except (OSError, ValueError):
        return False
