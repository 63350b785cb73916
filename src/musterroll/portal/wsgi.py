"""What the web server runs: Django over the home named in MUSTER_HOME, which the server's parent has open."""

import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from musterroll.portal.settings import WEB
from musterroll.register import home

home.attach(Path(os.environ["MUSTER_HOME"]), settings=WEB)
application = get_wsgi_application()
# Everything is imported now, not when the first person opens a page.
get_resolver().url_patterns  # noqa: B018 - reading it imports the views
