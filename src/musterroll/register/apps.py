"""The one Django app: every table of the register."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Named `register`, so that tables are `register_...` whatever the package is called."""

    name = "musterroll.register"
    label = "register"
