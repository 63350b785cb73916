"""Digits as other scripts write them (Arabic, Persian, Devanagari, Thai, and all others up to Khmer and Mongolian)."""

OTHER_DIGITS = {code: str(int(chr(code))) for code in range(0x100, 0x1B00) if chr(code).isdecimal()}
"""For `str.translate`: each such digit is the one that everybody's programs count with."""
