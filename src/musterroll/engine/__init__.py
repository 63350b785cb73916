"""The same answers as the plain stages, over millions; and what needs a fast library or a device."""
