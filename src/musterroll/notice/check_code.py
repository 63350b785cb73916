"""The check code on a letter: eleven letters that only the register could have put beside that notice number.

1. The code is the first 55 bits of `HMAC-SHA256(key, T(check-code) || notice number)`, in the 32 letters of Crockford's
   base32 (no I, L, O, U), written `XXXX-XXXX-XXX`.
2. What is printed as a picture is `MUSTER <number> <code>` and nothing else: no name, no date, no address, no web
   address that somebody could replace.
3. The code shows that the number is genuine, not that the paper is: the person reads the notice again after signing in,
   and that text counts.
4. What a person types is read kindly: small letters, spaces, O for 0, I and L for 1.
"""

import hashlib
import hmac
import re

from musterroll.canonical import tag

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS = 11
_NUMBER = re.compile("[A-Z0-9][A-Z0-9-]{2,30}[A-Z0-9]")
_KINDLY = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_TAG = tag("check-code")


def make(key: bytes, number: str) -> str:
    """The code of notice `number` (4 to 32 capital letters, digits and hyphens), e.g. `7K2M-9QXB-0DA`."""
    if not _NUMBER.fullmatch(number):
        raise ValueError("a notice number is 4 to 32 capital letters, digits and hyphens")
    value = int.from_bytes(hmac.new(key, _TAG + number.encode(), hashlib.sha256).digest()[:7], "big") >> 1
    letters = "".join(_ALPHABET[value >> (5 * place) & 31] for place in reversed(range(_LETTERS)))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def check(key: bytes, number: str, code: str) -> bool:
    """Whether `code`, as a person typed or scanned it, belongs to notice `number`."""
    if not _NUMBER.fullmatch(number) or not code.isascii():
        return False
    given = code.upper().translate(_KINDLY)
    return hmac.compare_digest(given, make(key, number).translate({ord("-"): None}))


def printed(number: str, code: str) -> str:
    """What the square picture on the letter says."""
    return f"MUSTER {number} {code}"
