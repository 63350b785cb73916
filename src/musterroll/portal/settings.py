"""What the web needs of Django, handed to `register.home.open` or `attach` as `settings`.

1. Content Security Policy: everything from this server, no inline script or style, no frames, forms to it only.
2. Sessions live in the memory of the one web process: a random key in the cookie, nothing on disk, nothing in the
   database (charter S6). They end after thirty minutes without a page, with the browser, or with the server.
3. Access logs are off (`server`), and Django's own log lines hold addresses only, which hold no personal values.
"""

from pathlib import Path
from typing import Any

from django.utils.csp import CSP

_HERE = Path(__file__).parent

SESSION_SECONDS = 30 * 60
"""How long a sign-in lasts without a page being opened."""

CONTENT_POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}

WEB: dict[str, Any] = {
    "INSTALLED_APPS": ["musterroll.portal"],
    "ROOT_URLCONF": "musterroll.portal.urls",
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.csp.ContentSecurityPolicyMiddleware",
        "musterroll.portal.fetch_metadata.FetchMetadata",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "DIRS": [_HERE / "templates"],
            "APP_DIRS": False,
            "OPTIONS": {
                "environment": "musterroll.portal.jinja.environment",
                "context_processors": ["musterroll.portal.context.page"],
            },
        }
    ],
    "CACHES": {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "sessions",
            "OPTIONS": {"MAX_ENTRIES": 50_000},
        }
    },
    "SESSION_ENGINE": "django.contrib.sessions.backends.cache",
    "SESSION_COOKIE_NAME": "muster",
    "SESSION_COOKIE_AGE": SESSION_SECONDS,
    "SESSION_SAVE_EVERY_REQUEST": True,
    "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_NAME": "form",
    "CSRF_COOKIE_HTTPONLY": True,
    "CSRF_COOKIE_SAMESITE": "Strict",
    "CSRF_COOKIE_AGE": None,
    "CSRF_FAILURE_VIEW": "musterroll.portal.errors.form_refused",
    "SECURE_CSP": CONTENT_POLICY,
    "SECURE_REFERRER_POLICY": "same-origin",
    "SECURE_CONTENT_TYPE_NOSNIFF": True,
    "X_FRAME_OPTIONS": "DENY",
    "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]"],
    "STATIC_URL": "/static/",
    "STATIC_ROOT": _HERE / "static",
    "WHITENOISE_MAX_AGE": 30 * 24 * 3600,
    "WHITENOISE_AUTOREFRESH": False,
    "LANGUAGE_CODE": "en",
    "LANGUAGES": [("en", "English")],
    "LOCALE_PATHS": [_HERE / "locale"],
    "USE_I18N": True,
    "USE_TZ": True,
    "TIME_ZONE": "UTC",
    "DEBUG": False,
    "APPEND_SLASH": True,
}
