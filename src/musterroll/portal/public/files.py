"""The published folder, read-only, byte for byte: what a verifier downloads.

1. Only plain files below HOME/published are given; links, folders and names that climb out are not found.
2. Nothing is ever shown inside the page: a file is a download, as text or bytes.
"""

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from musterroll.register import home


@require_safe
def published(_request: HttpRequest, name: str) -> HttpResponseBase:
    """The published file `name` (a path relative to HOME/published)."""
    root = (home.current().path / "published").resolve()
    file = root / name
    if not _is_published(root, file):
        raise Http404("no such published file")
    return FileResponse(
        file.open("rb"), as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )


def _is_published(root: Path, file: Path) -> bool:
    try:
        return file.resolve(strict=True).is_relative_to(root) and file.is_file() and not file.is_symlink()
    except (OSError, ValueError):
        return False
