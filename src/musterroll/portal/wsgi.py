"""What the web server runs: Django over the home named in MUSTER_HOME, which the server's parent has open."""

import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application

from musterroll.portal.settings import WEB
from musterroll.register import home

home.attach(Path(os.environ["MUSTER_HOME"]), settings=WEB)
application = get_wsgi_application()
