"""Muster Roll: the register of the people whom a published law makes liable to military service.

The stages (`extract` to `verify`) are a plain library; `engine` gives the same answers over millions; `register`
keeps what happened; `portal` shows it. Who may import whom is in `.importlinter`.
"""
